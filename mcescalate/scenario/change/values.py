"""What addresses lead to in one scenario: which names there are, their values, new values.

A path is an address without `*`, in parts: ("actors", "GMY", "noise").
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from mcescalate.model.coefficients import TABLES, rows_of
from mcescalate.scenario.first_acts import TRAITS
from mcescalate.scenario.form.tables import Actor, Domain, DyadDefaults, DyadRow, Incident, Tie
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

Path = tuple[str, ...]
Number = bool | int | float
Values = dict[str, Number]
Key = tuple[Any, ...]
AnyRow = TypeVar("AnyRow")
AnyModel = TypeVar("AnyModel", bound=BaseModel)

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
DOMAIN_FIELDS = ("weight", "noise", "misattribution", "rung", *TRAITS)


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
                return ("accident", "blame", *dyads, "domains")
            case ("trigger", "dyads"):
                return self._incidents
            case ("trigger", "dyads", _):
                return INCIDENT_FIELDS
            case ("trigger", "domains"):
                return self._domains
            case ("trigger", "domains", _):
                return DOMAIN_FIELDS
        return ()

    def _holder(self, start: Path) -> Any:
        """The table, row, promise or dyad that has a whole path's last part as a field."""
        match start:
            case ("actors", actor):
                return self._actors[actor]
            case ("ties", pair, kind):
                return self._promises[(*split_pair(pair), kind)]
            case ("dyads", pair):
                defaults, dyads = self._dyads
                return dyads.get(split_pair(pair), defaults)
            case ("trigger", "dyads", pair):
                return self._incidents[pair]
            case ("trigger", "domains", name):
                return self._domains[name]
        return getattr(self.scenario, start[0])

    def value(self, path: Path) -> Number:
        """The value at a whole path."""
        return getattr(self._holder(path[:-1]), path[-1])

    def model(self, path: Path) -> type[BaseModel]:
        """The table or row whose last part of `path` is a field."""
        holder = self._holder(path[:-1])
        if isinstance(holder, Promise):
            return Tie
        return DyadDefaults if isinstance(holder, Dyad) else type(holder)

    def replaced(self, values: dict[Path, Number]) -> Scenario:
        """The scenario with valid new values at whole paths, not checked as a whole.

        Tuples of rows in which nothing changes stay the same objects.
        """
        changes: dict[Path, Values] = defaultdict(dict)
        for path, value in values.items():
            changes[path[:-1]][path[-1]] = value
        touched = {start[0] for start in changes}

        def updated(row: AnyModel, *start: str) -> AnyModel:
            return row.model_copy(update=changes[start]) if start in changes else row

        scenario = self.scenario
        update: dict[str, Any] = {
            table: updated(getattr(scenario, table), table)
            for table in SINGLE_TABLES
            if table in touched
        }
        if "actors" in touched:
            update["actors"] = tuple(updated(row, "actors", row.id) for row in scenario.actors)
        if "ties" in touched:
            promises = {
                (*split_pair(start[1]), start[2]): new
                for start, new in changes.items()
                if start[0] == "ties"
            }
            update["ties"] = _set_promises(scenario.ties, promises)
        if "dyads" in touched:
            dyads = {split_pair(s[1]): new for s, new in changes.items() if s[0] == "dyads"}
            update["dyads"] = _set_dyads(scenario.dyads, dyads)
        if "trigger" in touched:
            trigger = updated(scenario.trigger, "trigger")
            rows = {
                "dyads": tuple(
                    updated(row, "trigger", "dyads", join_pair(row.initiator, row.target))
                    for row in trigger.dyads
                ),
                "domains": tuple(
                    updated(row, "trigger", "domains", row.name) for row in trigger.domains
                ),
            }
            update["trigger"] = trigger.model_copy(update=rows)
        return scenario.model_copy(update=update)


def replace_rows(
    rows: Iterable[AnyRow],
    new: Sequence[AnyRow],
    keys: Callable[[AnyRow], list[Key]],
    narrowed: Callable[[AnyRow, Key], AnyRow],
) -> list[tuple[AnyRow, int | None]]:
    """`rows` with `new` ones in place of all that have the same key.

    A new row stands where the first row that it replaces stood, or comes last.

    Parameters
    ----------
    keys : the keys of a row, two where it holds for both directions of a pair
    narrowed : a row of two keys, cut down to the one that it keeps

    Returns
    -------
    The rows, each with its number among the new ones or None.
    """
    replacing: dict[Key, list[int]] = defaultdict(list)
    for i, row in enumerate(new):
        for key in keys(row):
            replacing[key].append(i)
    result: list[tuple[AnyRow, int | None]] = []
    for row in rows:
        own = keys(row)
        if replacing.keys().isdisjoint(own):
            result.append((row, None))
            continue
        for key in own:
            if key in replacing:
                result += [(new[i], i) for i in replacing[key]]
            else:
                result.append((narrowed(row, key), None))
    result += [(row, i) for i, row in enumerate(new)]
    first: dict[int | None, int] = {}
    for place, pair in enumerate(result):
        first.setdefault(pair[1], place)
    return [pair for place, pair in enumerate(result) if pair[1] is None or first[pair[1]] == place]


def _set_promises(ties: tuple[Tie, ...], changes: dict[PromiseKey, Values]) -> tuple[Tie, ...]:
    """`ties` with the promises in `changes`, all of which exist, given new values.

    Each of them ends up in one row, at the place of its first one. Two that one row made to each
    other, and that are still alike, stay one mutual row.
    """
    groups = ties_by_promise(ties)
    new: dict[PromiseKey, Tie] = {}
    for key, values in changes.items():
        strongest = max(groups[key], key=lambda tie: tie.strength)
        update = {"against": merge_promises(groups[key]).against, **values}
        new[key] = _one_way(strongest, key).model_copy(update=update)
    for key in list(new):
        first, back = groups[key][0], (key[1], key[0], key[2])
        if key[:2] != (first.from_, first.to) or back not in new or groups[back][0] is not first:
            continue
        if _one_way(new[back], key) == new[key]:
            new[key] = new[key].model_copy(update={"mutual": True})
            del new[back]
    return tuple(row for row, _ in replace_rows(ties, list(new.values()), _tie_keys, _one_way))


def _tie_keys(tie: Tie) -> list[Key]:
    return [(*pair, tie.kind) for pair in tie_directions(tie)]


def _one_way(tie: Tie, key: Key) -> Tie:
    return tie.model_copy(update={"from_": key[0], "to": key[1], "mutual": False})


def _set_dyads(dyads: tuple[DyadRow, ...], changes: dict[Pair, Values]) -> tuple[DyadRow, ...]:
    """`dyads` with the ordered pairs in `changes` given new values."""
    last = {pair: i for i, row in enumerate(dyads) for pair in dyad_directions(row)}
    rows = list(dyads)
    for pair, values in changes.items():
        i = last.get(pair)
        if i is not None and all(changes.get(way) == values for way in dyad_directions(rows[i])):
            rows[i] = rows[i].model_copy(update=values)
        else:
            given: dict[str, Any] = values
            rows.append(DyadRow(a=pair[0], b=pair[1], directed=True, **given))
    return tuple(rows)
