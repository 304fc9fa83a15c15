"""Overlays: a file that holds some of a scenario's tables, laid over the whole.

Tables are merged key by key. Rows replace all rows of their key: the id of an actor, from, to
and kind of a tie, the pair of a dyad or incident, the name of a domain. A row with
`remove = true` only takes them out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcescalate.scenario.change.values import Key, replace_rows
from mcescalate.scenario.form.table import Table
from mcescalate.scenario.form.tables import Actor, Domain, DyadRow, Incident, Tie, plain
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import (
    Origin,
    Place,
    Problem,
    found,
    keys_of,
    place_text,
    suggestion,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class _RowTable:
    """How the rows of one table are identified.

    Parameters
    ----------
    place : where they stand
    model : what they are
    keys : the keys of a row, two where it speaks of both directions of a pair
    narrowed : a row that speaks of two keys, cut down to one of them
    """

    place: tuple[str, ...]
    model: type[Table]
    keys: Callable[[Row], list[Key]]
    narrowed: Callable[[Row, Key], Row] = lambda row, key: row

    def texts(self, row: Row) -> list[Key]:
        """The keys of a row that has them; a row without is for the schema to complain about."""
        return [key for key in self.keys(row) if all(isinstance(part, str) for part in key)]

    def label(self, row: Row) -> str:
        """The place of a row that is not in the overlay, by its key."""
        key = self.keys(row)[0]
        return ".".join([*self.place, "-".join(key[:2]), *key[2:]])


def _tie_keys(row: Row) -> list[Key]:
    giver, to, kind = row.get("from"), row.get("to"), row.get("kind")
    forth, back = (giver, to, kind), (to, giver, kind)
    return [forth, back] if row.get("mutual", True) else [forth]


def _dyad_keys(row: Row) -> list[Key]:
    forth, back = (row.get("a"), row.get("b")), (row.get("b"), row.get("a"))
    return [forth] if row.get("directed", False) else [forth, back]


_ROW_TABLES = (
    _RowTable(("actors",), Actor, lambda row: [(row.get("id"),)]),
    _RowTable(
        ("ties",),
        Tie,
        _tie_keys,
        lambda row, key: {**row, "from": key[0], "to": key[1], "mutual": False},
    ),
    _RowTable(
        ("dyads",),
        DyadRow,
        _dyad_keys,
        lambda row, key: {**row, "a": key[0], "b": key[1], "directed": True},
    ),
    _RowTable(
        ("trigger", "dyads"),
        Incident,
        lambda row: [(row.get("initiator"), row.get("target"))],
    ),
    _RowTable(("trigger", "domains"), Domain, lambda row: [(row.get("name"),)]),
)


def apply_overlay(scenario: Scenario, overlay: dict[str, Any], name: str) -> Scenario:
    """Lay the tables of an overlay over `scenario`.

    Parameters
    ----------
    overlay : plain tables, as they came from the file `name`

    Raises
    ------
    ScenarioError
        The overlay or the resulting scenario is invalid; lists every problem. Rows of the
        scenario are named by their keys, rows of the overlay by their numbers.
    """
    base = plain(scenario)
    _drop_other_triggers(base["trigger"], overlay.get("trigger"))
    merged = {**base, **{key: _merged(base.get(key), new) for key, new in overlay.items()}}
    problems: list[Problem] = []
    origins: dict[Place, str] = {}
    for table in _ROW_TABLES:
        new = _at(overlay, table.place, [])
        holder = _at(merged, table.place[:-1], None)
        if isinstance(holder, dict) and isinstance(new, list) and all(map(_is_row, new)):
            rows = _replaced(table, _at(base, table.place, []), new, problems)
            holder[table.place[-1]] = [row for row, _ in rows]
            origins |= {(*table.place, i): origin for i, (_, origin) in enumerate(rows)}

    def format_place(place: Place) -> str:
        for n in (2, 3):
            if (origin := origins.get(place[:n])) is not None:
                return ".".join([origin, place_text(place[n:])]) if place[n:] else origin
        return place_text(place)

    return Scenario.model_validate(merged, context=Origin(name, format_place, tuple(problems)))


def without_unknown_domains(
    overlay: dict[str, Any], scenario: Scenario
) -> tuple[dict[str, Any], list[str]]:
    """An overlay without rows of domains that `scenario` does not have, and their names."""
    rows = _at(overlay, ("trigger", "domains"), [])
    known = {domain.name for domain in scenario.trigger.domains}
    unknown = [
        row
        for row in (rows if isinstance(rows, list) else [])
        if _is_row(row) and isinstance(row.get("name"), str) and row["name"] not in known
    ]
    if not unknown:
        return overlay, []
    trigger = {**overlay["trigger"], "domains": [row for row in rows if row not in unknown]}
    if not trigger["domains"]:
        del trigger["domains"]
    return {**overlay, "trigger": trigger}, [row["name"] for row in unknown]


def _at(tables: Any, place: tuple[str, ...], default: Any) -> Any:
    for key in place:
        if not isinstance(tables, dict) or key not in tables:
            return default
        tables = tables[key]
    return tables


def _is_row(value: Any) -> bool:
    return isinstance(value, dict)


def _merged(base: Any, new: Any) -> Any:
    """A table merged key by key; anything else as it is in the overlay."""
    return {**base, **new} if isinstance(base, dict) and isinstance(new, dict) else new


def _drop_other_triggers(base: Row, new: Any) -> None:
    """Take out of the trigger `base` the ways to begin that the overlay's trigger replaces."""
    if not isinstance(new, dict):
        return
    ways = (("initiator", "target"), ("dyads",), ("from_rivalry",))
    if any(new.get(key) for way in ways for key in way):
        for way in ways:
            if not any(new.get(key) for key in way):
                for key in way:
                    base.pop(key, None)


def _replaced(
    table: _RowTable, base: list[Row], overlay: list[Row], problems: list[Problem]
) -> list[tuple[Row, str]]:
    """The rows of one table, each with the text of its place.

    What is wrong about `remove` is added to `problems`.
    """
    places = [place_text((*table.place, i)) for i in range(len(overlay))]
    known = {key for row in base for key in table.keys(row)}
    for row, place in zip(overlay, places, strict=True):
        remove = row.get("remove", False)
        if remove is True:
            matched = not known.isdisjoint(table.texts(row))
            problems += _removal_problems(table, row, place, matched=matched)
        elif not isinstance(remove, bool):
            text = f"{place}.remove: expected true or false, found {found(remove)}"
            problems.append(Problem((), text))
    return [
        (row, table.label(row))
        if i is None
        else ({key: value for key, value in row.items() if key != "remove"}, places[i])
        for row, i in replace_rows(base, overlay, table.texts, table.narrowed)
        if i is None or row.get("remove", False) is not True
    ]


def _removal_problems(table: _RowTable, row: Row, place: str, *, matched: bool) -> list[Problem]:
    known = [*keys_of(table.model), "remove"]
    texts = [f".{key}: unknown key{suggestion(key, known)}" for key in row if key not in known]
    if not matched:
        texts.append(": no row to remove: the scenario has none with this key")
    return [Problem((), place + text) for text in texts]
