"""Every variable of a result, declared once: its dims, its tally and its meaning."""

from dataclasses import dataclass

from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES


@dataclass(frozen=True)
class Count:
    """A count: `name`, its dims, the field of the tally it comes from, what it says.

    `total` says what the counts add up to over the dims that are not the total's own (see
    `results.checks`); nothing where there is no such total.
    """

    name: str
    dims: tuple[str, ...]
    field: str
    meaning: str
    total: str = ""


def _count(name: str, dims: str, meaning: str, total: str = "", field: str = "") -> Count:
    return Count(name, tuple(dims.split()), field or name.removesuffix("_count"), meaning, total)


COUNTS: tuple[Count, ...] = (
    _count("n_chains", "", "chains played", field="n_chains"),
    _count("outcome_count", "outcome", "chains by outcome", "n_chains"),
    _count("peak_count", "rung", "chains by the highest rung that anybody reached", "n_chains"),
    _count("war_turn_count", "turn", "chains with war by its first turn", "chains with war"),
    _count("last_turn_count", "outcome turn", "chains by outcome and last turn", "outcome_count"),
    _count("engaged_size_count", "n_actors", "chains by the number engaged", "n_chains"),
    _count("war_size_count", "n_actors", "chains by the number at war at the end", "n_chains"),
    _count("actor_engaged_count", "actor side", "chains in which the actor took a side"),
    _count("actor_war_count", "actor side", "chains at whose end the actor is at war"),
    _count(
        "actor_peak_count",
        "actor rung",
        "chains by the actor's highest rung",
        "n_chains of each actor",
    ),
    _count("entry_count", "actor cause", "entries of the actor by cause", "actor_engaged_count"),
    _count(
        "entry_turn_count",
        "actor turn",
        "entries of the actor by turn, originators at 0",
        "actor_engaged_count",
    ),
    _count(
        "drawn_in_count",
        "partner actor",
        "entries of actor by its treaty with partner",
        "entries by treaty",
    ),
    *(
        _count(
            f"tie_{fate}_count", "tie", f"times the invoked defence tie was {words}", field="tie"
        )
        for fate, words in (
            ("fought", "honoured by fighting"),
            ("stood_by", "stood by below war"),
            ("abandoned", "abandoned"),
            ("betrayed", "betrayed: the ally's enemy was joined"),
        )
    ),
    _count("misread_count", "misreads", "chains by misread moves, 15 or more together", "n_chains"),
    _count("misread_war_count", "", "chains whose war began by misreading alone"),
    _count("misattributed_count", "", "chains in which the wrong actor was blamed"),
    _count("reciprocated_count", "", "chains in which the target rose above rung 0"),
    _count("chain_gang_count", "actor", "entries by treaty through one who had so come in"),
    _count("incident_count", "actor partner", "chains by drawn initiator and target", "n_chains"),
    _count("accident_count", "outcome", "accidents by outcome"),
    _count("domain_count", "domain outcome", "chains by domain and outcome", "outcome_count"),
)

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
    "outcome": "how a chain ends",
    "rung": "rung of the ladder, from the lowest",
    "turn": "turn, 0 for the incident",
    "actor": "id of the actor",
    "partner": "id of the other actor",
    "side": "side in the crisis",
    "cause": "cause of entry",
    "tie": "defence tie: who promised and to whom",
    "misreads": "misread moves, the last class for so many or more",
    "n_actors": "number of actors",
    "domain": "domain of the incident",
    "chain": "number of the chain",
}
"""What the labels along each dim are."""


def record_name(field: str) -> str:
    """Name in the dataset of a field of `Records`."""
    return f"chain_{field}"
