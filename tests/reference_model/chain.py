"""One chain, recorded step by step with real draws (sections 2 to 6 and 10)."""

import random
from dataclasses import dataclass, replace

from .joining import hazards
from .power import arms_change_law, deterrence_go_probability, domain_law, strike_back_law
from .state import OTHER, Entry, State, Step, Table, opening_state
from .turn import (
    mediation_probability,
    move_probabilities,
    reading_at,
    reading_cdf,
)
from .war import victory_probability, war_end_probability
from .world import Model


@dataclass(frozen=True)
class Record:
    """The record of a chain, so far or as a whole. `state` is None if it was deterred."""

    incident: tuple[str, str]  # initiator and target as drawn
    domain: str
    accident: bool
    misattributed: bool
    state: State | None
    entries: Table  # engaged actor: Entry
    peaks: Table  # actor: highest rung at the start and at the ends of turns
    misreads: int = 0
    war_misread: bool = False
    reciprocated: bool = False

    @property
    def outcome(self) -> str | None:
        """One of the six outcomes; None while the chain goes on."""
        return "deterred" if self.state is None else self.state.ended

    @property
    def war_turn(self) -> int:
        """First turn of war; 0 if there was none."""
        return 0 if self.state is None else self.state.war_turn

    @property
    def peak(self) -> int:
        """The highest rung of all."""
        return max(self.peaks.values())

    @property
    def last_turn(self) -> int:
        """Turns simulated; 0 if deterred."""
        return 0 if self.state is None else self.state.turn


def opening_record(
    model: Model,
    incident: tuple[str, str],
    domain: str,
    accident: bool,
    state: State | None,
) -> Record:
    """The record before turn 1, misattributed if `state` is of others than the incident's two."""
    if state is None:
        calm = Table(dict.fromkeys(model.actors, 0))
        return Record(incident, domain, accident, False, None, Table(), calm)
    a, b = state.originator["A"], state.originator["B"]
    entries = Table({a: Entry("A", "initiator", None, 0), b: Entry("B", "target", None, 0)})
    return Record(incident, domain, accident, (a, b) != incident, state, entries, state.rung)


def end_of_turn(model: Model, state: State, step: Step) -> State:
    """The state after a turn in which `step` happened."""
    R = model.ladder.R
    rung = dict(state.rung)
    for i, move in step.moves.items():
        rung[i] += {"clear": 1, "misread": 1, "down": -1, "hold": 0}[move]
    moved_to_war = {state.side[i] for i in reached_war(model, state, step)}
    for side in moved_to_war:
        rung[state.originator[OTHER[side]]] = R
    rung |= dict.fromkeys(step.entries, 1)
    sides = state.side.but({k: entry.side for k, entry in step.entries.items()})
    now = {s: max(rung[i] for i in sides if sides[i] == s) for s in OTHER}
    new_high = [s for s in OTHER if now[s] > state.highest[s] and now[s] >= model.ladder.casus]
    ended = outcome_at(model, sides, rung, state.turn, step.mediation, step.winner)
    began = not state.war_turn and R in rung.values()
    return replace(
        state,
        side=sides,
        rung=Table(rung),
        divided=step.divided,
        turn=state.turn if ended else state.turn + 1,
        news=bool(step.entries) or bool(new_high),
        highest=Table({s: max(state.highest[s], now[s]) for s in OTHER}),
        war_turn=state.turn if began else state.war_turn,
        ended=ended,
        winner=step.winner,
    )


def reached_war(model: Model, state: State, step: Step) -> list[str]:
    """Actors whose own move took them to war this turn (the dragged are not among them)."""
    return [
        i
        for i, move in step.moves.items()
        if move in ("clear", "misread") and state.rung[i] + 1 == model.ladder.R
    ]


def outcome_at(
    model: Model, side: dict, rung: dict, turn: int, mediation: int, winner: str | None = None
) -> str | None:
    """How the chain has come out after `turn`; None if it goes on (sections 5, 6 and 10)."""
    if all(rung[i] == 0 for i in side if side[i] is not None):
        return "mediated" if mediation else "settled"
    if turn < model.run.horizon and winner is None:
        return None
    at_war = [i for i in rung if rung[i] == model.ladder.R]
    if not at_war:
        return "stalemate"
    held = sum(model.actors[i].capability for i in at_war)
    share = held / model.system_capability
    return "general_war" if share >= model.outcome.general_share - 1e-9 else "limited_war"


def note_turn(model: Model, record: Record, step: Step, after: State) -> Record:
    """The record after one more turn, in which `step` led to the state `after`."""
    before = record.state
    ups = reached_war(model, before, step)
    war_begins = before.war_turn == 0 and after.war_turn > 0
    return replace(
        record,
        state=after,
        entries=record.entries.but(step.entries),
        peaks=Table({i: max(record.peaks[i], after.rung[i]) for i in after.rung}),
        misreads=record.misreads + list(step.moves.values()).count("misread"),
        war_misread=record.war_misread
        or (war_begins and all(step.moves[i] == "misread" for i in ups)),
        reciprocated=record.reciprocated or after.rung[after.originator["B"]] > 0,
    )


# ---- with draws ----


def simulate_chain(model: Model, rng: random.Random) -> Record:
    """One chain from its background to its outcome; readings are drawn, not summed over."""
    record = _draw_opening(model, rng)
    while record.outcome is None:
        step = _draw_step(model, record.state, rng)
        record = note_turn(model, record, step, end_of_turn(model, record.state, step))
    return record


def _happens(p: float, rng: random.Random) -> bool:
    return rng.random() < p


def _pick(weights: dict, rng: random.Random):
    """A key, with chances proportional to the weights."""
    return rng.choices(list(weights), list(weights.values()))[0]


def _draw_opening(model: Model, rng: random.Random) -> Record:
    divided = {i: int(_happens(a.instability, rng)) for i, a in model.actors.items()}
    arms = {i: min(max(a.arms, 0), model.arms.levels) for i, a in model.actors.items()}
    for _ in range(model.arms.periods):
        change = {i: _pick(arms_change_law(model, arms, i), rng) for i in arms}
        arms = {i: arms[i] + change[i] for i in arms}
    i, j = incident = _pick({(i, j): w for i, j, w in model.incidents}, rng)
    domain = _pick(domain_law(model), rng)
    accident = _happens(model.accident, rng)
    if not accident and not _happens(deterrence_go_probability(model, i, j, divided, arms), rng):
        return opening_record(model, incident, domain, accident, None)
    blamed = _pick(strike_back_law(model, i, j, domain), rng)
    a, b = incident if blamed is None else (j, blamed)
    state = opening_state(model, a, b, domain, divided, arms)
    return opening_record(model, incident, domain, accident, state)


def _draw_step(model: Model, state: State, rng: random.Random) -> Step:
    mediation = int(_happens(mediation_probability(model, state), rng))
    moves = {i: _draw_move(model, state, i, mediation, rng) for i in state.engaged}
    entries = {k: _draw_entry(model, state, k, rng) for k in state.neutrals}
    divided = dict(state.divided)
    for i, actor in model.actors.items():
        if _happens(actor.turnover, rng):
            divided[i] = int(_happens(actor.instability, rng))
    joiners = Table({k: entry for k, entry in entries.items() if entry is not None})
    winner = None
    if _happens(war_end_probability(model, state), rng):
        winner = "A" if _happens(victory_probability(model, state), rng) else "B"
    return Step(mediation, Table(moves), joiners, Table(divided), winner)


def _draw_move(model: Model, state: State, i: str, mediation: int, rng: random.Random) -> str:
    if state.rung[i] == model.ladder.R:
        return "hold"
    u1, u2 = rng.random(), rng.random()
    reading = reading_at(reading_cdf(model, state, i), u1)
    accurate = reading_at(reading_cdf(model, state, i, accurate=True), u1)
    up, down = move_probabilities(model, state, i, reading, mediation)
    accurate_up, _ = move_probabilities(model, state, i, accurate, mediation)
    if u2 < up:
        return "clear" if u2 < accurate_up else "misread"
    return "down" if u2 >= 1 - down else "hold"


def _draw_entry(model: Model, state: State, k: str, rng: random.Random) -> Entry | None:
    """Every hazard is drawn; drawn to both sides at once, it stays out."""
    drawn = []
    for side in ("A", "B"):
        fired = [
            Entry(side, cause, via, state.turn)
            for cause, via, hazard in hazards(model, state, k, side)
            if _happens(hazard, rng)
        ]
        drawn += fired[:1]
    return drawn[0] if len(drawn) == 1 else None
