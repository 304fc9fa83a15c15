"""One turn: mediator, responses, onlookers, governments."""

from typing import Any

import numpy as np

from mcescalate.engine.trace.opening import MOVES, governments
from mcescalate.engine.trace.parts import (
    STAYS_OUT,
    Draw,
    Facing,
    Hazard,
    Onlooker,
    Pull,
    Response,
    Turn,
    WarEnd,
)
from mcescalate.engine.trace.readings import ReadingLaw, draw_reading, reading_law
from mcescalate.engine.trace.watched import (
    Watched,
    drawn,
    drawn_whether,
    engaged,
    listening,
    on_side,
)
from mcescalate.model import words
from mcescalate.model.chain import plain
from mcescalate.model.codes import (
    CAUSES,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    SIDES,
    TARGET,
    TREATY,
)
from mcescalate.model.rules.joining import (
    n_hazards,
    next_hazard,
    nth_impulse,
    onlooker_cause,
    review_share,
)
from mcescalate.model.rules.outcome import initiator_prevails_chance, war_end_chance
from mcescalate.model.rules.perception import accurate_reading_cdf, reading_cdf
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import (
    fixed_terms,
    mediation_probability,
    move_law,
    response_law,
)
from mcescalate.model.state import highest_rung, other
from mcescalate.model.words import happens
from mcescalate.model.world import relation

JOINING = {INITIATOR: words.JOIN_INITIATOR, TARGET: words.JOIN_TARGET}


def follow_turn(it: Watched, known: dict[int, tuple[int, bool]]) -> Turn:
    """Simulate a turn, asking before it what the rules say of it.

    `known` is what is known of governments: see `opening.governments`.
    """
    world, state = it.world, it.state
    now: Any = state.now
    news = bool(now.news)
    balance = balance_of_power(world, state)
    sides = engaged(state)
    rungs = {i: int(state.actors[i].rung) for i in sides}
    facing = {i: _facing(it, i) for i in sides}
    now.turn += 1  # the rules speak of the present turn
    mediation = _mediation(it)
    mediated = int(mediation is not None and mediation.chosen == "mediator")
    laws = {i: _law(it, i, balance, mediated) for i in sides if rungs[i] < world.top}
    pulls = {k: _pulls(it, k, balance) for k in listening(world, state)}
    war_end = _war_end(it, balance)
    now.turn -= 1
    plain.take_turn(world, state, it.seed, it.chain)
    return Turn(
        number=int(now.turn),
        news=news,
        balance=float(balance),
        mediation=mediation,
        responses=tuple(_response(it, i, rungs[i], facing[i], laws.get(i)) for i in sides),
        war_end=war_end,
        onlookers=tuple(_onlooker(it, k, found) for k, found in pulls.items() if found),
        governments=() if now.over else governments(it, state, known),
    )


def _mediation(it: Watched) -> Draw | None:
    chance = mediation_probability(it.world, it.state)
    if chance == 0.0:
        return None
    word = it.word(it.state.now.turn - 1, words.MEDIATION)
    return drawn_whether(word, chance, happens(word, chance), "mediator", "no mediator")


def _war_end(it: Watched, balance: float) -> WarEnd | None:
    if it.state.now.war_turn == 0:
        return None
    chance = war_end_chance(it.world, it.state, balance)
    if chance == 0.0:
        return None
    turn = it.state.now.turn - 1
    word = it.word(turn, words.WAR_END)
    ends = happens(word, chance)
    draw = drawn_whether(word, chance, ends, "the war ends", "it goes on")
    if not ends:
        return WarEnd(draw, None)
    word = it.word(turn, words.WINNER)
    chance = initiator_prevails_chance(it.world, balance)
    return WarEnd(draw, drawn_whether(word, chance, happens(word, chance), *SIDES))


def _facing(it: Watched, i: int) -> tuple[Facing, ...]:
    actors = it.state.actors
    return tuple(
        Facing(it.name(j), int(actors[j].rung), float(relation(it.world, i, j).reach))
        for j in engaged(it.state)
        if actors[j].side != actors[i].side
    )


def _law(it: Watched, i: int, balance: float, mediated: int) -> tuple[dict[str, float], ReadingLaw]:
    """Chances of the moves of `i` in the present turn, and of its readings with each."""
    world, state = it.world, it.state
    anyway, misread, down = response_law(world, state, i, balance, mediated)
    chances = {
        "up": anyway,
        "misread up": misread,
        "hold": max(0.0, 1.0 - anyway - misread - down),
        "down": down,
    }
    rungs = range(world.top + 1)
    fixed = fixed_terms(world, state, i, balance)
    perceived = np.array([reading_cdf(world, state, i, s) for s in rungs])
    accurate = np.array([accurate_reading_cdf(world, state, i, s, 1.0) for s in rungs])
    moves = np.array([move_law(world, state, i, fixed, mediated, s) for s in rungs])
    return chances, reading_law(perceived, accurate, moves[:, 0], moves[:, 1])


def _response(
    it: Watched,
    i: int,
    rung: int,
    facing: tuple[Facing, ...],
    law: tuple[dict[str, float], ReadingLaw] | None,
) -> Response:
    """What `i` did in the turn just simulated, under the `law` that it had; None at war."""
    actor = it.state.actors[i]
    move, is_misread = HOLD, False
    draw = reading = None
    if law is not None:
        move, is_misread = int(actor.move), bool(actor.is_misread)
        chances, readings = law
        chosen = "misread up" if is_misread else MOVES[move]
        index = it.state.now.turn - 1
        draw = drawn(it.word(index, words.RESPONSE, i), chances, chosen)
        reading = draw_reading(readings, chosen, it.word(index, words.READING, i))
    return Response(
        actor=it.name(i),
        side=SIDES[actor.side],
        rung=rung,
        rung_after=int(actor.rung),
        facing=facing,
        move=MOVES[move],
        misread=is_misread,
        dragged=int(actor.rung) == it.world.top and rung + move < it.world.top,
        draw=draw,
        reading=reading,
    )


def _pulls(it: Watched, k: int, balance: float) -> tuple[Pull, ...]:
    """What draws neutral `k` to each side in the present turn; a side without pull is left out."""
    found = (_pull(it, k, side, balance) for side in (INITIATOR, TARGET))
    return tuple(pull for pull in found if pull is not None)


def _pull(it: Watched, k: int, side: int, balance: float) -> Pull | None:
    world, state = it.world, it.state
    allies = on_side(state, side)
    highest, share = highest_rung(state, other(side)), review_share(world, state)
    word = it.word(state.now.turn - 1, JOINING[side], k)
    hazards, fired, out = [], None, 1.0
    for n in range(n_hazards(state, side)):
        cause, j = onlooker_cause(world, state, k, side), NOBODY
        if n < len(allies):
            cause, j = TREATY, allies[n]
        impulse = nth_impulse(world, state, k, side, n, highest, balance)
        first, out = next_hazard(out, share, impulse)
        if impulse * share == 0.0:
            continue
        hazards.append(
            Hazard(CAUSES[cause], it.name_of_any(j), float(share * impulse), float(first))
        )
        if fired is None and happens(word, 1.0 - out):
            fired = len(hazards) - 1
    if not hazards:
        return None
    chances = {hazard.reason: hazard.share for hazard in hazards} | {STAYS_OUT: out}
    chosen = STAYS_OUT if fired is None else hazards[fired].reason
    return Pull(SIDES[side], tuple(hazards), drawn(word, chances, chosen), fired)


def _onlooker(it: Watched, k: int, pulls: tuple[Pull, ...]) -> Onlooker:
    """What came of the pulls on `k`, as the state has it after the turn."""
    actor = it.state.actors[k]
    if actor.side == NEUTRAL:
        return Onlooker(it.name(k), pulls, None, None, None)
    through = it.name_of_any(actor.through)
    return Onlooker(it.name(k), pulls, SIDES[actor.side], CAUSES[actor.cause], through)
