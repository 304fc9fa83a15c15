"""Several crises in a chain (section 11): what each leaves behind, and what the next one finds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from .chain import Record
from .power import in_force
from .state import OTHER, Table
from .tally import OUTCOMES, tie_class
from .world import Model

RECURRENCES = ("other_pair", "same_initiator", "roles_reversed")
CREDIBILITY_CLASSES = 10


@dataclass(frozen=True)
class Past:
    """What is carried from crisis to crisis."""

    credibility: Table  # (k, j) with a defence promise: gamma
    memory: Table  # (i, j), i before j in the file: Mem_ij = Mem_ji
    record: Table  # (i, j): Rec_ij
    arms: Table  # actor: level at which its race starts


@dataclass(frozen=True)
class Crisis:
    """One crisis that has ended."""

    record: Record
    arms: Table  # levels in it
    held: Table  # originator: its peak at ends of turns; empty if deterred


@dataclass(frozen=True)
class Period:
    """One period of a chain."""

    crisis: Crisis | None  # None: it was quiet
    credibility: Table  # after it, before time passes


def nothing_left(model: Model) -> Past:
    """What the first crisis finds."""
    return Past(
        credibility=Table({tie: credibility_of(model, *tie) for tie in model.tie_labels}),
        memory=Table(dict.fromkeys(combinations(model.actors, 2), 0.0)),
        record=Table({(i, j): 0.0 for i in model.actors for j in model.others(i)}),
        arms=Table({i: actor.arms for i, actor in model.actors.items()}),
    )


def credibility_of(model: Model, k: str, j: str) -> float:
    """Gamma of k's defence promise to j."""
    return model.promise(k, j, "defence").credibility


def next_model(model: Model, past: Past) -> Model:
    """The model that the next crisis finds; `model` is the file's."""
    grown = model.sequence.recur
    promises = {
        (k, j, kind): replace(promise, credibility=past.credibility[k, j])
        if kind == "defence" and (k, j) in past.credibility
        else promise
        for (k, j, kind), promise in model.promises.items()
    }
    memory = past.memory | {(j, i): value for (i, j), value in past.memory.items()}
    return replace(
        model,
        promises=promises,
        actors={i: replace(actor, arms=past.arms[i]) for i, actor in model.actors.items()},
        incidents=tuple((i, j, w * (1 + grown * memory[i, j])) for i, j, w in model.incidents),
        memory=memory,
        record=past.record,
    )


def quiet_probability(model: Model) -> float:
    """Chance that the period for which this is the model has no crisis."""
    q, weight = model.sequence.quiet, sum(w for _, _, w in model.incidents)
    return q / (q + weight) if q > 0 else 0.0


# ---- what a crisis leaves ----


def left_by(model: Model, past: Past, crisis: Crisis) -> Past:
    """What there is after a crisis, before time passes; `model` is what the crisis found."""
    arms = crisis.arms if model.sequence.carry_arms else past.arms
    if crisis.record.state is None:
        return replace(past, arms=arms)
    return Past(
        credibility_left(model, past, crisis.record),
        memory_left(model, past, crisis.record),
        record_left(model, past, crisis),
        arms,
    )


def credibility_left(model: Model, past: Past, record: Record) -> Table:
    """Credibility after each promise was kept, broken or half kept."""
    c = model.sequence
    fates = {(k, j): tie_class(model, record, k, j) for k, j in past.credibility}
    after = {}
    for (k, j), gamma in past.credibility.items():
        fate = fates[k, j]
        if fate == "fought":
            gamma += c.gain * (1 - gamma)
        if fate in ("abandoned", "betrayed"):
            others = [f for (x, _), f in fates.items() if x != k and f is not None]
            failed = sum(f in ("abandoned", "betrayed") for f in others)
            share = failed / len(others) if others else 0.0
            gamma *= 1 - c.loss * (1 - c.hard_times * share)
        if is_half_hearted(model, record, k, j):
            gamma *= 1 - c.caution
        after[k, j] = gamma
    return Table(after)


def is_half_hearted(model: Model, record: Record, k: str, j: str) -> bool:
    """Whether k stood at j's side for `casus` turns, below it, while the enemy reached it."""
    state, casus = record.state, model.ladder.casus
    side, promise = state.side[k], model.promise(k, j, "defence")
    if side is None or state.side[j] != side or k in state.originator.values():
        return False
    if in_force(state, promise, side) <= 0 or (side == "A" and promise.conditional >= 1):
        return False
    been_in = record.last_turn - record.entries[k].turn
    return been_in >= casus and record.peaks[k] < casus <= state.highest[OTHER[side]]


def memory_left(model: Model, past: Past, record: Record) -> Table:
    """Memory after the crisis of two originators."""
    c = model.sequence
    added = {
        "stalemate": 1.0,
        "settled": c.settled_memory,
        "mediated": c.settled_memory,
        "limited_war": c.war_memory,
        "general_war": c.war_memory,
    }[record.outcome]
    both = set(record.state.originator.values())
    return past.memory.but(
        {pair: m + added for pair, m in past.memory.items() if set(pair) == both}
    )


def record_left(model: Model, past: Past, crisis: Crisis) -> Table:
    """Records after one of the originators has yielded, if one has."""
    state, step = crisis.record.state, model.sequence.firm_step
    a, b = state.originator["A"], state.originator["B"]
    yielded = None
    if crisis.record.outcome in ("settled", "mediated"):
        low, high = sorted((a, b), key=crisis.held.get)
        if 0 < crisis.held[low] < crisis.held[high]:
            yielded = low
    elif state.winner is not None:
        yielded = state.originator[OTHER[state.winner]]
    if yielded is None:
        return past.record
    firm = a if yielded == b else b
    return past.record.but(
        {
            (yielded, firm): max(-1.0, past.record[yielded, firm] - step),
            (firm, yielded): min(1.0, past.record[firm, yielded] + step),
        }
    )


def faded(model: Model, past: Past) -> Past:
    """What is left of it when the next period comes; `model` is the file's."""
    c = model.sequence
    kept, remembered = 2 ** (-c.years / c.half_life), 2 ** (-c.years / c.memory_half_life)
    return Past(
        credibility=Table(
            {
                (k, j): (rest := credibility_of(model, k, j)) + (gamma - rest) * kept
                for (k, j), gamma in past.credibility.items()
            }
        ),
        memory=Table({pair: value * remembered for pair, value in past.memory.items()}),
        record=Table({pair: value * kept for pair, value in past.record.items()}),
        arms=past.arms,
    )


# ---- counts ----


def tally_of_chains(model: Model, chains: Iterable[list[Period]]) -> dict[str, np.ndarray]:
    """The counts that chains of several crises have beside those of their crises."""
    n_periods, n_actors = model.sequence.crises, len(model.actors)
    place = {i: position for position, i in enumerate(model.actors)}
    classes = (n_periods, len(model.tie_labels), CREDIBILITY_CLASSES)
    shapes = {
        "quiet_count": (n_periods,),
        "crisis_outcome_count": (n_periods, len(OUTCOMES)),
        "crisis_incident_count": (n_periods, n_actors, n_actors),
        "recurrence_count": (len(OUTCOMES), len(RECURRENCES)),
        "credibility_count": classes,
        "outcome_pair_count": (len(OUTCOMES), len(OUTCOMES)),
    }
    counts = {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}
    for periods in chains:
        ends = np.zeros(len(OUTCOMES), np.int64)
        for n, period in enumerate(periods):
            for t, tie in enumerate(model.tie_labels):
                gamma = int(CREDIBILITY_CLASSES * period.credibility[tie] + 1e-9)
                counts["credibility_count"][n, t, min(CREDIBILITY_CLASSES - 1, gamma)] += 1
            if period.crisis is None:
                counts["quiet_count"][n] += 1
                continue
            record = period.crisis.record
            outcome, (i, j) = OUTCOMES.index(record.outcome), record.incident
            counts["crisis_outcome_count"][n, outcome] += 1
            counts["crisis_incident_count"][n, place[i], place[j]] += 1
            ends[outcome] += 1
        counts["outcome_pair_count"] += np.outer(ends, ends)
        records = [period.crisis.record for period in periods if period.crisis is not None]
        for before, after in pairwise(records):
            how = recurrence(before.incident, after.incident)
            place_of = OUTCOMES.index(before.outcome), RECURRENCES.index(how)
            counts["recurrence_count"][place_of] += 1
    return counts


def recurrence(before: tuple[str, str], after: tuple[str, str]) -> str:
    """How the next drawn incident stands to the one before."""
    if after == before:
        return "same_initiator"
    return "roles_reversed" if after == before[::-1] else "other_pair"
