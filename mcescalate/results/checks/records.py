"""Records of single chains: in range, and adding up to the counts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from mcescalate.errors import DataError
from mcescalate.model.codes import (
    AT_HORIZON,
    ENDED,
    MISREAD_CLASSES,
    NO_OUTCOME,
    NO_WAR,
    OUTCOMES,
    SIDES,
    TREATY,
    UNDECIDED,
    WAR_ENDS,
    WINNERS,
)
from mcescalate.results.checks.counts import SEQUENCE_DIM, has_sequences
from mcescalate.results.variables import (
    ACTOR_RECORDS,
    LATER_RECORDS,
    RECORD_KINDS,
    SEQUENCE_RECORDS,
    record_name,
)

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

_LARGEST = np.iinfo(np.int32).max


def ranges(sizes: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Least and greatest value of every record, from the sizes of the dims."""
    rung, turn, actor = sizes["rung"] - 1, sizes["turn"] - 1, sizes["actor"] - 1
    return {
        "outcome": (0, len(OUTCOMES) - 1),
        "yielded": (-1, len(SIDES) - 1),
        "peak_rung": (0, rung),
        "war_turn": (-1, turn),
        "last_turn": (0, turn),
        **dict.fromkeys(("initiator", "target", "drawn_initiator", "drawn_target"), (0, actor)),
        "domain": (0, sizes["domain"] - 1),
        **dict.fromkeys(("accident", "misattributed"), (0, 1)),
        **dict.fromkeys(("n_engaged", "n_at_war"), (0, actor + 1)),
        "misread_moves": (0, _LARGEST),
        **dict.fromkeys(("war_began_misread", "reciprocated"), (0, 1)),
        "winner": (NO_WAR, UNDECIDED),
        "side": (-1, len(SIDES) - 1),
        "actor_peak": (0, rung),
        "entry_turn": (-1, turn),
        "cause": (-1, sizes["cause"] - 1),
        "through": (-1, actor),
    }


def stored_records(dataset: "Arrays | xr.Dataset") -> list[str]:
    """Fields of the records that a result with records has to have."""
    return [
        field
        for field in RECORD_KINDS
        if record_name(field) in dataset.variables
        or field not in LATER_RECORDS
        or (field in SEQUENCE_RECORDS and has_sequences(dataset))
    ]


def check_records(dataset: "Arrays | xr.Dataset", name: str) -> None:
    """Check every record: its kind and range, and that together they make the counts.

    Raises
    ------
    DataError
        Names the first variable that does not fit, and the chain where that is one.
    """
    sizes = {str(dim): size for dim, size in dataset.sizes.items()}
    bounds = ranges(sizes)
    fields = {}
    own = ("chain", SEQUENCE_DIM) if has_sequences(dataset) else ("chain",)
    outcomes = dataset.variables.get(record_name("outcome"))
    # Of a quiet period there is no record, and everything in its place.
    quiet = None
    if has_sequences(dataset) and outcomes is not None and outcomes.dims == own:
        quiet = outcomes.values == NO_OUTCOME
        if not np.array_equal(quiet.sum(0), dataset.variables["quiet_count"].values):
            raise DataError(f"{name}: records of chains do not add up to quiet_count")
    for field in stored_records(dataset):
        kind, variable = RECORD_KINDS[field], record_name(field)
        dims = (*own, "actor") if field in ACTOR_RECORDS else own
        if variable not in dataset.variables or dataset.variables[variable].dims != dims:
            raise DataError(f"{name}: {variable} is missing or has other dims")
        values = dataset.variables[variable].values
        if values.dtype != kind:
            raise DataError(f"{name}: {variable}: expected {np.dtype(kind)}, found {values.dtype}")
        low, high = bounds[field]
        numbers = dataset.variables["chain"].values
        if quiet is not None:
            numbers = np.broadcast_to(numbers[:, None], quiet.shape)[~quiet]
            values = values[~quiet]
        wrong = np.argwhere((values < low) | (values > high))
        if len(wrong):
            raise DataError(
                f"{name}: {variable}: chain {numbers[wrong[0][0]]}: expected {low} to {high}, "
                f"found {values[tuple(wrong[0])]}"
            )
        fields[field] = values
    for count, counted in recounted(fields, sizes):
        if not np.array_equal(counted, dataset.variables[count].values):
            raise DataError(f"{name}: records of chains do not add up to {count}")


def recounted(
    fields: dict[str, np.ndarray], sizes: dict[str, int]
) -> Iterator[tuple[str, np.ndarray]]:
    """Counts by name, made from the records that they are counts of."""
    n_outcomes, n_actors, n_turns = len(OUTCOMES), sizes["actor"], sizes["turn"]
    outcome, war_turn = fields["outcome"], fields["war_turn"]
    yield "outcome_count", _count((n_outcomes,), outcome)
    yield "peak_count", _count((sizes["rung"],), fields["peak_rung"])
    yield "war_turn_count", _count((n_turns,), war_turn, among=war_turn >= 0)
    yield "last_turn_count", _count((n_outcomes, n_turns), outcome, fields["last_turn"])
    yield "engaged_size_count", _count((n_actors + 1,), fields["n_engaged"])
    yield "war_size_count", _count((n_actors + 1,), fields["n_at_war"])
    misread = np.minimum(fields["misread_moves"], MISREAD_CLASSES - 1)
    yield "misread_count", _count((MISREAD_CLASSES,), misread)
    drawn = fields["drawn_initiator"], fields["drawn_target"]
    yield "incident_count", _count((n_actors, n_actors), *drawn)
    yield "accident_count", _count((n_outcomes,), outcome, among=fields["accident"] == 1)
    yield "domain_count", _count((sizes["domain"], n_outcomes), fields["domain"], outcome)
    for flag, count in (
        ("war_began_misread", "misread_war_count"),
        ("misattributed", "misattributed_count"),
        ("reciprocated", "reciprocated_count"),
    ):
        yield count, fields[flag].sum(dtype=np.int64)
    actor = np.broadcast_to(np.arange(n_actors), fields["side"].shape)
    for field, count, size in (
        ("side", "actor_engaged_count", len(SIDES)),
        ("actor_peak", "actor_peak_count", sizes["rung"]),
        ("cause", "entry_count", sizes["cause"]),
        ("entry_turn", "entry_turn_count", n_turns),
    ):
        yield count, _count((n_actors, size), actor, fields[field], among=fields[field] >= 0)
    if "winner" in fields:
        winner = fields["winner"]
        yield "winner_count", _count((len(WINNERS),), winner, among=winner != NO_WAR)
        length = fields["last_turn"] - war_turn
        end = np.where(winner == UNDECIDED, AT_HORIZON, ENDED)
        is_war = (war_turn >= 0) & (length >= 0)
        yield "war_length_count", _count((n_turns, len(WAR_ENDS)), length, end, among=is_war)
    by_treaty = (fields["cause"] == TREATY) & (fields["through"] >= 0)
    yield (
        "drawn_in_count",
        _count((n_actors, n_actors), fields["through"], actor, among=by_treaty),
    )


def _count(
    shape: tuple[int, ...], *places: np.ndarray, among: np.ndarray | None = None
) -> np.ndarray:
    """How often each place occurs, of those `among` if given."""
    chosen = [place.ravel() if among is None else place[among] for place in places]
    flat = np.ravel_multi_index(tuple(place.astype(np.int64) for place in chosen), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
