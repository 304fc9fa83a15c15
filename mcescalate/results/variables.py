"""The variables of a result beside its counts: records, probabilities, what only sweeps have."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES, WINNERS
from mcescalate.model.counts import DIMS, RUN_COUNTS, SWEEP_COUNTS, Count

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

_LAYOUT = 1
"""Version of how a result is laid out."""

SCHEMA_VERSION = max(_LAYOUT, *(count.since for count in SWEEP_COUNTS))
"""Version of the format, of layout and variables; files of a later one are refused."""

RECORD_MEANINGS = {
    "outcome": "outcome of the chain, a place on the dim outcome",
    "peak_rung": "highest rung that any actor reached",
    "war_turn": "first turn of war, -1 without war",
    "last_turn": "last turn",
    "initiator": "initiator as fought, a place on the dim actor",
    "target": "target as fought, a place on the dim actor",
    "drawn_initiator": "initiator as drawn, a place on the dim actor",
    "drawn_target": "target as drawn, a place on the dim actor",
    "domain": "domain of the incident, a place on the dim domain",
    "accident": "whether the incident was an accident",
    "misattributed": "whether the wrong actor was blamed",
    "n_engaged": "number engaged",
    "n_at_war": "number at war at the end",
    "misread_moves": "misread moves",
    "war_began_misread": "whether the war began by misreading alone",
    "winner": "side that prevailed in war, a place on the dim winner, -1 without war",
    "yielded": "side whose originator yielded, a place on the dim side, -1 without",
    "reciprocated": "whether the target rose above rung 0",
    "side": "side of the actor: -1 neutral, 0 initiator's, 1 target's",
    "actor_peak": "highest rung of the actor",
    "entry_turn": "turn of entry of the actor, -1 without",
    "cause": "cause of entry, a place on the dim cause, -1 without",
    "through": "ally through which it came in, a place on the dim actor, -1 without",
}
RECORD_FLAGS = {
    "outcome": (range(len(OUTCOMES)), OUTCOMES),
    "accident": (range(2), ("no", "yes")),
    "misattributed": (range(2), ("no", "yes")),
    "war_began_misread": (range(2), ("no", "yes")),
    "winner": (range(-1, len(WINNERS)), ("none", *WINNERS)),
    "yielded": (range(-1, len(SIDES)), ("none", *SIDES)),
    "reciprocated": (range(2), ("no", "yes")),
    "side": (range(-1, len(SIDES)), ("neutral", *SIDES)),
    "cause": (range(-1, len(CAUSES)), ("none", *CAUSES)),
}
"""Codes of a record and their names."""

RECORD_KINDS = {
    **dict.fromkeys(("outcome", "peak_rung", "accident", "misattributed"), np.uint8),
    **dict.fromkeys(("war_began_misread", "reciprocated", "actor_peak"), np.uint8),
    **dict.fromkeys(("war_turn", "last_turn", "domain", "entry_turn"), np.int16),
    **dict.fromkeys(("initiator", "target", "drawn_initiator", "drawn_target"), np.int32),
    **dict.fromkeys(("n_engaged", "n_at_war", "misread_moves", "through"), np.int32),
    **dict.fromkeys(("side", "cause", "winner", "yielded"), np.int8),
}
"""Kind of number of each record."""

LATER_RECORDS = ("winner", "yielded")
"""Those that results of the same format may lack, made before they were written."""

SEQUENCE_RECORDS = ("yielded",)
"""Those that only chains of several crises have."""

ACTOR_RECORDS = ("side", "actor_peak", "entry_turn", "cause", "through")
PLACES_OF_ACTORS = ("initiator", "target", "drawn_initiator", "drawn_target", "through")

_SCALAR_BYTES = 49  # its number among them
_ACTOR_BYTES = 9


def record_bytes(n_actors: int) -> int:
    """Bytes of the record of one chain, uncompressed."""
    return _SCALAR_BYTES + _ACTOR_BYTES * n_actors


DIM_MEANINGS = {
    **{name: dim.meaning for name, dim in DIMS.items()},
    "chain": "number of the chain",
}
"""What the labels along each dim are."""


def record_name(field: str) -> str:
    """Name in the dataset of a field of `Records`."""
    return f"chain_{field}"


def mask_name(dim: str) -> str:
    """Name in the result of a sweep of what says which labels of `dim` each point has."""
    return f"{dim}_present"


SWEEP_KINDS = {
    **dict.fromkeys(("precision_count", "point", "design_sample"), np.int64),
    **{mask_name(name): np.bool_ for name, dim in DIMS.items() if dim.is_masked},
    **dict.fromkeys(("precision_reached", "point_complete"), np.bool_),
    "turn_days": np.float64,
}
"""Kind of what only sweeps have, beside their axes."""

EXACT = "exact"
"""Kind of a result with exact probabilities."""

PROBABILITIES: tuple[Count, ...] = tuple(count for count in RUN_COUNTS if count.name != "n_chains")


def probability_name(count: Count) -> str:
    """Name of the variable with the probabilities of what `count` counts."""
    return count.name.removesuffix("_count") + "_probability"


def per_period(count: Count, periods: int) -> int:
    """By what the expected count of one chain is divided to be a probability.

    Where chains are several crises each, what is not counted by period is a mean over periods, or
    over pairs of them.
    """
    if not periods or "crisis" in count.dims:
        return 1
    return periods**2 if count.name == "outcome_pair_count" else periods


def is_exact(dataset: "Arrays | xr.Dataset") -> bool:
    """Whether a dataset has exact probabilities rather than counts."""
    return dataset.attrs.get("kind") == EXACT


def is_bounded(dataset: "Arrays | xr.Dataset") -> bool:
    """Whether an exact dataset has bounds only: states were dropped in solving it."""
    return float(dataset.attrs["prune"]) > 0.0


def probability_meaning(count: Count) -> str:
    return f"probability per chain; as a count: {count.meaning}"
