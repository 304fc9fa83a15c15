"""What addresses lead to in one scenario: which names there are, their values, new values.

A path is an address without `*`, in parts: ("actors", "GMY", "noise").
"""

import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from mcescalate.model.coefficients import TABLES, rows_of
from mcescalate.scenario.merged_rows import (
    Dyad,
    Pair,
    Promise,
    PromiseKey,
    all_promises,
    dyad_directions,
    merge_dyads,
    merge_promises,
    tie_directions,
    ties_by_promise,
)
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.tables import Actor, Domain, DyadDefaults, DyadRow, Incident, Table, Tie

Path = tuple[str, ...]
Number = bool | int | float
Values = dict[str, Number]
AnyRow = TypeVar("AnyRow", bound=Table)

# Fields with a value that an option or a sweep may set, by table.
SINGLE_TABLES: dict[str, tuple[str, ...]] = {
    "ladder": ("mobilised", "casus"),
    "dyad_defaults": Dyad._fields,
    **{table: tuple(row.name for row in rows_of(table)) for table in TABLES},
}
ACTOR_FIELDS = tuple(
    name for name in Actor.model_fields if name not in ("id", "name", "note", "source")
)
PROMISE_FIELDS = ("strength", "ambiguity", "conditional", "credibility")
INCIDENT_FIELDS = ("weight",)
DOMAIN_FIELDS = ("weight", "noise", "misattribution", "rung")


def join_pair(a: str, b: str) -> str:
    """An ordered pair of actors as it stands in addresses; ids have no hyphen."""
    return f"{a}-{b}"


def split_pair(text: str) -> Pair:
    """The two ids of an ordered pair."""
    a, b = text.split("-")
    return a, b


class ScenarioValues:
    """The addressed values of `scenario`; each part of them is worked out when asked for."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        return {actor.id: actor for actor in self.scenario.actors}

    @cached_property
    def _promises(self) -> Mapping[PromiseKey, Promise]:
        return all_promises(self.scenario.ties)

    @cached_property
    def _promised_kinds(self) -> dict[str, dict[str, None]]:
        kinds: dict[str, dict[str, None]] = defaultdict(dict)
        for giver, to, kind in self._promises:
            kinds[join_pair(giver, to)][kind] = None
        return kinds

    @cached_property
    def _dyads(self) -> tuple[Dyad, Mapping[Pair, Dyad]]:
        return merge_dyads(self.scenario)

    @cached_property
    def _pairs(self) -> dict[str, None]:
        return {join_pair(a, b): None for a in self._actors for b in self._actors if a != b}

    @cached_property
    def _incidents(self) -> dict[str, Incident]:
        rows = self.scenario.trigger.dyads
        return {join_pair(row.initiator, row.target): row for row in rows}

    @cached_property
    def _domains(self) -> dict[str, Domain]:
        return {row.name: row for row in self.scenario.trigger.domains}

    def names(self, start: Path) -> Collection[str]:
        """The names that may come after `start`; none where `start` is a whole path."""
        match start:
            case ():
                ties = ("ties",) if self._promises else ()
                return (*SINGLE_TABLES, "actors", *ties, "dyads", "trigger")
            case (table,) if table in SINGLE_TABLES:
                return SINGLE_TABLES[table]
            case ("actors",):
                return self._actors
            case ("actors", _):
                return ACTOR_FIELDS
            case ("ties",):
                return self._promised_kinds
            case ("ties", pair):
                return self._promised_kinds[pair]
            case ("ties", _, _):
                return PROMISE_FIELDS
            case ("dyads",):
                return self._pairs
            case ("dyads", _):
                return Dyad._fields
            case ("trigger",):
                dyads = ("dyads",) if self._incidents else ()
                return ("accident", *dyads, "domains")
            case ("trigger", "dyads"):
                return self._incidents
            case ("trigger", "dyads", _):
                return INCIDENT_FIELDS
            case ("trigger", "domains"):
                return self._domains
            case ("trigger", "domains", _):
                return DOMAIN_FIELDS
        return ()

    def value(self, path: Path) -> Number:
        """The value at a whole path."""
        *start, field = path
        match start:
            case ["actors", actor]:
                holder: Any = self._actors[actor]
            case ["ties", pair, kind]:
                holder = self._promises[(*split_pair(pair), kind)]
            case ["dyads", pair]:
                defaults, dyads = self._dyads
                holder = dyads.get(split_pair(pair), defaults)
            case ["trigger", "dyads", pair]:
                holder = self._incidents[pair]
            case ["trigger", "domains", name]:
                holder = self._domains[name]
            case [table]:
                holder = getattr(self.scenario, table)
        return getattr(holder, field)

    def model(self, path: Path) -> type[BaseModel]:
        """The table or row whose last part of `path` is a field."""
        match path:
            case ("actors", *_):
                return Actor
            case ("ties", *_):
                return Tie
            case ("dyads", *_):
                return DyadDefaults
            case ("trigger", "dyads", *_):
                return Incident
            case ("trigger", "domains", *_):
                return Domain
        return type(getattr(self.scenario, path[0]))

    def replaced(self, values: dict[Path, Number]) -> Scenario:
        """The scenario with valid new values at whole paths, not checked as a whole."""
        changes: dict[Path, dict[str, Number]] = defaultdict(dict)
        for path, value in values.items():
            changes[path[:-1]][path[-1]] = value
        scenario = self.scenario
        of_ties = {
            (*split_pair(key[1]), key[2]): new for key, new in changes.items() if key[0] == "ties"
        }
        of_dyads = {split_pair(key[1]): new for key, new in changes.items() if key[0] == "dyads"}
        update: dict[str, Any] = {
            "actors": _rows(scenario.actors, lambda row: changes.get(("actors", row.id))),
            "trigger": scenario.trigger.model_copy(
                update={
                    **changes.get(("trigger",), {}),
                    "dyads": _rows(
                        scenario.trigger.dyads,
                        lambda row: changes.get(
                            ("trigger", "dyads", join_pair(row.initiator, row.target))
                        ),
                    ),
                    "domains": _rows(
                        scenario.trigger.domains,
                        lambda row: changes.get(("trigger", "domains", row.name)),
                    ),
                }
            ),
        }
        if of_ties:
            update["ties"] = set_promises(scenario.ties, of_ties)
        if of_dyads:
            update["dyads"] = set_dyads(scenario.dyads, of_dyads)
        for table in SINGLE_TABLES:
            if (table,) in changes:
                update[table] = getattr(scenario, table).model_copy(update=changes[(table,)])
        return scenario.model_copy(update=update)


def _rows(
    rows: tuple[AnyRow, ...], changes_of: Callable[[AnyRow], dict[str, Number] | None]
) -> tuple[AnyRow, ...]:
    """`rows`, those with changes having them applied; the same where there is none."""
    changed = tuple(
        row.model_copy(update=changes) if (changes := changes_of(row)) else row for row in rows
    )
    return rows if all(map(operator.is_, rows, changed)) else changed


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
