"""Rows changed so that a merged promise or dyad takes given values, and no other one does."""

from typing import Any

from mcescalate.scenario.resolve import (
    Pair,
    PromiseKey,
    dyad_directions,
    merge_promises,
    tie_directions,
    ties_by_promise,
)
from mcescalate.scenario.schema import DyadRow, Tie

Values = dict[str, Any]


def set_promises(ties: tuple[Tie, ...], changes: dict[PromiseKey, Values]) -> tuple[Tie, ...]:
    """`ties` with the promises in `changes`, all of which exist, given new values.

    Each of them ends up in one row, at the place of its first one. Rows that promise other
    things too go on promising them.
    """
    merged = {
        key: _merged_row(rows, key).model_copy(update=changes[key])
        for key, rows in ties_by_promise(ties).items()
        if key in changes
    }
    changed: list[Tie] = []
    for tie in ties:
        pairs = tie_directions(tie)
        if not any((*pair, tie.kind) in changes for pair in pairs):
            changed.append(tie)
            continue
        rows = []
        for pair in pairs:
            key = (*pair, tie.kind)
            if key not in changes:
                rows.append(_one_way(tie, pair))
            elif key in merged:
                rows.append(merged.pop(key))
        changed += _joined(rows)
    return tuple(changed)


def _one_way(tie: Tie, pair: Pair) -> Tie:
    return tie.model_copy(update={"from_": pair[0], "to": pair[1], "mutual": False})


def _merged_row(ties: list[Tie], key: PromiseKey) -> Tie:
    """The one row that says what `ties` promise."""
    strongest = max(ties, key=lambda tie: tie.strength)
    row = _one_way(strongest, key[:2])
    return row.model_copy(update={"against": merge_promises(ties).against})


def _joined(rows: list[Tie]) -> list[Tie]:
    """Two rows that promise the same to each other as one mutual row."""
    if len(rows) == 2 and _one_way(rows[1], (rows[0].from_, rows[0].to)) == rows[0]:
        return [rows[0].model_copy(update={"mutual": True})]
    return rows


def set_dyads(dyads: tuple[DyadRow, ...], changes: dict[Pair, Values]) -> tuple[DyadRow, ...]:
    """`dyads` with the ordered pairs in `changes` given new values."""
    last = {pair: i for i, row in enumerate(dyads) for pair in dyad_directions(row)}
    rows = list(dyads)
    for pair, values in changes.items():
        i = last.get(pair)
        if i is not None and all(changes.get(way) == values for way in dyad_directions(rows[i])):
            rows[i] = rows[i].model_copy(update=values)
        else:
            rows.append(DyadRow(a=pair[0], b=pair[1], directed=True, **values))
    return tuple(rows)
