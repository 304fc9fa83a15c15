"""The variables that records of chains add to a result, and what dims are called."""

from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES
from mcescalate.model.counts import DIMS, SWEEP_COUNTS

_LAYOUT = 1
"""Version of how a result is laid out."""

SCHEMA_VERSION = max(_LAYOUT, *(count.since for count in SWEEP_COUNTS))
"""Version of the format, of layout and variables; files of a later one are refused."""

RECORD_MEANINGS = {
    "outcome": "outcome of the chain, a place on the dim outcome",
    "peak_rung": "highest rung that anybody reached",
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
    "reciprocated": "whether the target rose above rung 0",
    "side": "side of the actor: -1 neutral, 0 initiator's, 1 target's",
    "actor_peak": "highest rung of the actor",
    "entry_turn": "turn of entry of the actor, -1 without",
    "cause": "cause of entry, a place on the dim cause, -1 without",
    "through": "ally through whom it came in, a place on the dim actor, -1 without",
}
RECORD_FLAGS = {
    "outcome": (range(len(OUTCOMES)), OUTCOMES),
    "accident": (range(2), ("no", "yes")),
    "misattributed": (range(2), ("no", "yes")),
    "war_began_misread": (range(2), ("no", "yes")),
    "reciprocated": (range(2), ("no", "yes")),
    "side": (range(-1, len(SIDES)), ("neutral", *SIDES)),
    "cause": (range(-1, len(CAUSES)), ("none", *CAUSES)),
}
"""Codes of a record and their names."""

ACTOR_RECORDS = ("side", "actor_peak", "entry_turn", "cause", "through")
PLACES_OF_ACTORS = ("initiator", "target", "drawn_initiator", "drawn_target", "through")

_SCALAR_BYTES = 48  # its number among them
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
