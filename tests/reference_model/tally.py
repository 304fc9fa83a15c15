"""Records into the counts of sections 8 and 10. Axes with actors stand in the file's order."""

from collections.abc import Iterable

import numpy as np

from .chain import Record
from .power import in_force
from .world import Model

OUTCOMES = ("deterred", "settled", "mediated", "stalemate", "limited_war", "general_war")
SIDES = ("A", "B")  # initiator, target
CAUSES = ("initiator", "target", "treaty", "opportunism", "bystander")
WAR_ENDS = ("ended", "horizon")
WINNERS = {"A": "initiator", "B": "target", None: "undecided"}
MISREADS = 16  # the last one means "or more"
TIE_CLASSES = ("fought", "stood_by", "abandoned", "betrayed")

COUNTS: dict[str, tuple[str, ...]] = {
    "n_chains": (),
    "outcome_count": ("outcome",),
    "peak_count": ("rung",),
    "war_turn_count": ("turn",),
    "last_turn_count": ("outcome", "turn"),
    "engaged_size_count": ("n_actors",),
    "war_size_count": ("n_actors",),
    "actor_engaged_count": ("actor", "side"),
    "actor_war_count": ("actor", "side"),
    "actor_peak_count": ("actor", "rung"),
    "entry_count": ("actor", "cause"),
    "entry_turn_count": ("actor", "turn"),
    "drawn_in_count": ("partner", "actor"),
    "tie_fought_count": ("tie",),
    "tie_stood_by_count": ("tie",),
    "tie_abandoned_count": ("tie",),
    "tie_betrayed_count": ("tie",),
    "misread_count": ("misreads",),
    "misread_war_count": (),
    "misattributed_count": (),
    "reciprocated_count": (),
    "chain_gang_count": ("actor",),
    "incident_count": ("actor", "partner"),
    "accident_count": ("outcome",),
    "domain_count": ("domain", "outcome"),
    "war_length_count": ("turn", "war_end"),
    "winner_count": ("winner",),
}


def tally(
    model: Model, records: Iterable[Record], weights: Iterable[float] | None = None
) -> dict[str, np.ndarray]:
    """Counts of every variable over the records, int64; floats if weights are given."""
    lengths = {
        "outcome": len(OUTCOMES),
        "rung": model.ladder.R + 1,
        "turn": model.run.horizon + 1,
        "actor": len(model.actors),
        "partner": len(model.actors),
        "side": len(SIDES),
        "cause": len(CAUSES),
        "tie": len(model.tie_labels),
        "misreads": MISREADS,
        "n_actors": len(model.actors) + 1,
        "domain": len(model.domains),
        "war_end": len(WAR_ENDS),
        "winner": len(WINNERS),
    }
    dtype = np.int64 if weights is None else np.float64
    counts = {
        name: np.zeros([lengths[dim] for dim in dims], dtype) for name, dims in COUNTS.items()
    }
    pairs = ((r, 1) for r in records) if weights is None else zip(records, weights, strict=True)
    for record, weight in pairs:
        _add(counts, model, record, weight)
    return counts


def _add(counts: dict[str, np.ndarray], model: Model, record: Record, weight) -> None:
    """Count one record."""
    actor = {i: position for position, i in enumerate(model.actors)}
    domain = list(model.domains).index(record.domain)
    outcome = OUTCOMES.index(record.outcome)
    i, j = record.incident

    counts["n_chains"][()] += weight
    counts["outcome_count"][outcome] += weight
    counts["domain_count"][domain, outcome] += weight
    counts["incident_count"][actor[i], actor[j]] += weight
    counts["accident_count"][outcome] += weight * record.accident
    counts["peak_count"][record.peak] += weight
    counts["last_turn_count"][outcome, record.last_turn] += weight
    counts["misread_count"][min(record.misreads, MISREADS - 1)] += weight
    counts["misread_war_count"][()] += weight * record.war_misread
    counts["misattributed_count"][()] += weight * record.misattributed
    counts["reciprocated_count"][()] += weight * record.reciprocated
    if record.war_turn:
        counts["war_turn_count"][record.war_turn] += weight
        winner = record.state.winner
        end = WAR_ENDS.index("horizon" if winner is None else "ended")
        counts["war_length_count"][record.last_turn - record.war_turn, end] += weight
        counts["winner_count"][list(WINNERS).index(winner)] += weight
    for k, peak in record.peaks.items():
        counts["actor_peak_count"][actor[k], peak] += weight

    at_war = []
    for k, entry in record.entries.items():
        side, cause = SIDES.index(entry.side), CAUSES.index(entry.cause)
        counts["actor_engaged_count"][actor[k], side] += weight
        counts["entry_count"][actor[k], cause] += weight
        counts["entry_turn_count"][actor[k], entry.turn] += weight
        if record.state.rung[k] == model.ladder.R:
            at_war.append(k)
            counts["actor_war_count"][actor[k], side] += weight
        if entry.cause == "treaty":
            counts["drawn_in_count"][actor[entry.via], actor[k]] += weight
            if record.entries[entry.via].cause == "treaty":
                counts["chain_gang_count"][actor[k]] += weight
    counts["engaged_size_count"][len(record.entries)] += weight
    counts["war_size_count"][len(at_war)] += weight

    for position, (k, ally) in enumerate(model.tie_labels):
        name = tie_class(model, record, k, ally)
        if name is not None:
            counts[f"tie_{name}_count"][position] += weight


def tie_class(model: Model, record: Record, k: str, j: str) -> str | None:
    """What became of k's defence promise to j (section 6); None if it was not invoked."""
    state, R = record.state, model.ladder.R
    if state is None or state.side[j] is None or state.rung[j] < R:
        return None
    promise, side = model.promise(k, j, "defence"), state.side[j]
    if in_force(state, promise, side) <= 0 or k in state.originator.values():
        return None
    if side == "A" and promise.conditional >= 1:
        return None
    if state.side[k] is None:
        return "abandoned"
    if state.side[k] != side:
        return "betrayed"
    return "fought" if state.rung[k] == R else "stood_by"
