"""What comes before the first turn: arms, governments, incident, deterrence, blame."""

from mcescalate.engine.backend_python import light_state
from mcescalate.engine.trace.parts import ArmsRace, Draw, Government, Incident, Misattribution
from mcescalate.engine.trace.watched import Watched, drawn, drawn_whether, engaged, listening
from mcescalate.model import words
from mcescalate.model.chain.plain import form_governments
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.codes import DOWN, HOLD, UP
from mcescalate.model.rules.background import arms_law, turnover_law
from mcescalate.model.rules.challenge import blame_weight, challenge_probability
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.state import State
from mcescalate.model.words import decide, happens, threshold

MOVES = {UP: "up", HOLD: "hold", DOWN: "down"}


def arms_races(it: Watched) -> tuple[ArmsRace, ...]:
    """Arms of all actors, period by period; nothing without an arms race."""
    world = it.world
    if world.arms_periods == 0:
        return ()
    state = light_state(world)
    all_actors = range(world.n_actors)
    for i in all_actors:
        # Carried from the crisis before, perhaps.
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
    levels = [[int(state.actors[i].arms)] for i in all_actors]
    draws: list[list[Draw]] = [[] for _ in all_actors]
    for period in range(world.arms_periods):
        for i in all_actors:
            up, down = arms_law(world, state, i)
            word = it.word(period, words.ARMS, i)
            move = decide(word, threshold(up), threshold(down))
            chances = {"up": up, "hold": max(0.0, 1.0 - up - down), "down": down}
            draws[i].append(drawn(word, chances, MOVES[move]))
            levels[i].append(levels[i][-1] + move)
        for i in all_actors:
            state.actors[i].arms = levels[i][-1]
    return tuple(ArmsRace(it.name(i), tuple(levels[i]), tuple(draws[i])) for i in all_actors)


def opening_state(it: Watched) -> State:
    """The crisis as the drawn initiator faced it, before it decided and before any blame."""
    now = it.state.now
    opening = light_state(it.world)
    for before, after in zip(opening.actors, it.state.actors, strict=True):
        before.arms = after.arms
    opening.now.domain = now.domain
    opening.now.crisis = now.crisis
    form_governments(it.world, opening, it.seed, it.chain)
    open_crisis(it.world, opening, now.drawn_initiator, now.drawn_target)
    return opening


def governments(
    it: Watched, state: State, known: dict[int, tuple[int, bool]]
) -> tuple[Government, ...]:
    """Draws, up to the turns simulated in `state`, on the governments of those concerned.

    `known` has the turn up to which each is known already, and whether it is divided then; it
    is brought up to date.
    """
    changes = []
    for i in sorted(engaged(state) + listening(it.world, state)):
        actor = it.world.actors[i]
        turn, divided = known.get(i, (-1, False))
        while turn < state.now.turn:
            turn += 1
            if turn == 0:
                chance, drawn_at_all = actor.instability, actor.instability > 0.0
            else:
                chance = turnover_law(it.world, i, int(divided))
                drawn_at_all = actor.turnover > 0.0
            if drawn_at_all:
                changes.append(_government(it, i, turn, chance, divided))
                divided = changes[-1].divided
        known[i] = (turn, divided)
    return tuple(changes)


def _government(it: Watched, i: int, turn: int, chance: float, divided: bool) -> Government:
    """A draw with `chance` of a change; before the start every government counts as united."""
    word = it.word(turn, words.STABILITY, i)
    other, same = ("united", "divided") if divided else ("divided", "united")
    draw = drawn_whether(word, chance, happens(word, chance), other, same)
    return Government(it.name(i), turn, draw, draw.chosen == "divided")


def incident(it: Watched, opening: State) -> Incident:
    """The incident: originators and domain, and whether the initiator went through with it."""
    world, now = it.world, it.state.now
    pair_word, domain_word, accident_word, challenge_word = it.words_of_slot(words.INCIDENT)
    initiator, target = it.name(now.drawn_initiator), it.name(now.drawn_target)
    domain = it.names.domains[now.domain]
    pairs = {
        f"{it.name(row.initiator)} against {it.name(row.target)}": row.share
        for row in world.incidents
    }
    shares = [row.share for row in world.domains]
    balance = balance_of_power(world, opening)
    deterrence = None
    if now.accident == 0:
        chance = challenge_probability(world, opening, balance)
        goes_ahead = happens(challenge_word, chance)
        deterrence = drawn_whether(challenge_word, chance, goes_ahead, "going ahead", "deterred")
    return Incident(
        initiator=initiator,
        target=target,
        pair=drawn(pair_word, pairs, f"{initiator} against {target}"),
        domain=domain,
        rung=int(world.domains[now.domain].rung),
        domain_draw=drawn(domain_word, dict(zip(it.names.domains, shares, strict=True)), domain),
        balance=float(balance),
        accident=drawn_whether(
            accident_word, world.accident, now.accident == 1, "accident", "no accident"
        ),
        deterrence=deterrence,
    )


def misattribution(it: Watched, opening: State) -> Misattribution | None:
    """Whether the wrong one was blamed, and who; None where the domain rules it out."""
    world, now = it.world, it.state.now
    chance = world.domains[now.domain].misattribution
    if chance == 0.0:
        return None
    blame_word, scapegoat_word, _, _ = it.words_of_slot(words.ATTRIBUTION)
    is_wrong = happens(blame_word, chance)
    draw = drawn_whether(blame_word, chance, is_wrong, "error", "no error")
    if now.misattributed == 0:
        return Misattribution(draw, None)
    initiator, victim = opening.now.initiator, opening.now.target
    weights = {it.name(x): blame_weight(world, initiator, victim, x) for x in range(world.n_actors)}
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items() if weight > 0.0}
    return Misattribution(draw, drawn(scapegoat_word, shares, it.name(now.target)))
