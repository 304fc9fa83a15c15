"""The overlay that turns one scenario into another one with the same rows.

The other scenario has new values at addresses (`addresses.assign`): no actor, promise, pair or
domain of its own.
"""

from collections.abc import Iterator
from typing import Any

from mcescalate.scenario.change.values import SINGLE_TABLES
from mcescalate.scenario.form.tables import DyadRow
from mcescalate.scenario.merged_rows import Dyad, dyad_directions, merge_dyads
from mcescalate.scenario.schema import Scenario

TRIGGER_VALUES = ("accident", "blame")


def overlay_between(base: Scenario, changed: Scenario) -> dict[str, Any]:
    """The tables of an overlay that makes `changed` of `base`: values, and rows as they now are.

    An actor, promise or pair with a new value stands there as a whole row, since a row of an
    overlay replaces all rows of its key.
    """
    tables: dict[str, Any] = {
        table: new
        for table, names in SINGLE_TABLES.items()
        if (new := _new_values(getattr(base, table), getattr(changed, table), names))
    }
    rows: dict[str, list[Any]] = {
        "actors": _new_rows(base.actors, changed.actors),
        "ties": _new_rows(base.ties, changed.ties),
        "dyads": list(_new_dyads(base, changed)),
    }
    tables |= {name: found for name, found in rows.items() if found}
    trigger: dict[str, Any] = _new_values(base.trigger, changed.trigger, TRIGGER_VALUES)
    for name in ("dyads", "domains"):
        if found := _new_rows(getattr(base.trigger, name), getattr(changed.trigger, name)):
            trigger[name] = found
    return {**tables, "trigger": trigger} if trigger else tables


def _new_values(base: Any, changed: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: getattr(changed, name)
        for name in names
        if getattr(changed, name) != getattr(base, name)
    }


def _new_rows(before: tuple[Any, ...], after: tuple[Any, ...]) -> list[Any]:
    """Rows of `after` that are new; most are the same objects, of which there may be thousands."""
    same = set(map(id, before))
    return [row for row in after if id(row) not in same and row not in before]


def _new_dyads(base: Scenario, changed: Scenario) -> Iterator[DyadRow]:
    """A row with every value for each ordered pair that a new row names."""
    _, dyads = merge_dyads(changed)
    touched = [
        pair for row in _new_rows(base.dyads, changed.dyads) for pair in dyad_directions(row)
    ]
    last = {pair: row for row in changed.dyads for pair in dyad_directions(row)}
    before = {pair: row for row in base.dyads for pair in dyad_directions(row)}
    for pair in dict.fromkeys(touched):
        origin = before.get(pair, last[pair])
        values = {name: getattr(dyads[pair], name) for name in Dyad._fields}
        yield DyadRow(
            a=pair[0],
            b=pair[1],
            directed=True,
            note=origin.note,
            source=origin.source,
            **values,
        )
