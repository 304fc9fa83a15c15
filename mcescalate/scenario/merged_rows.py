"""Merged rows of a scenario: one promise of each kind, one dyad and one incident per pair.

Several rows may name one pair. The strongest promise of a kind overrides the others; a later
dyad row overrides the values that it sets.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from mcescalate.scenario.form.tables import (
    Actor,
    Domain,
    DyadDefaults,
    DyadRow,
    ScenarioTables,
    Tie,
)

Pair = tuple[str, str]
PromiseKey = tuple[str, str, str]
"""From, to and kind."""
Value = TypeVar("Value")

CACHE_SIZE = 8
"""So many merged values are kept, those used last."""


@dataclass(frozen=True, slots=True, eq=False)
class ByIdentity(Generic[Value]):
    """A frozen value as an argument of a function with `functools.lru_cache`, compared by identity.

    Scenarios that differ in a few coefficients share their rows, so a sweep or a calibration
    merges its treaties once. Comparing thousands of rows would take long, and equal rows may
    differ in how they are written (1 and 1.0).
    """

    value: Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@dataclass(frozen=True, slots=True)
class Promise:
    """The merged promise of one kind from one actor to another."""

    strength: float
    ambiguity: float
    conditional: float
    credibility: float
    against: tuple[str, ...]
    treaty: str
    since: datetime.date | None
    note: str
    source: str


class Dyad(NamedTuple):
    """The relations of an ordered pair of actors."""

    rivalry: float
    reach: float
    channel: float
    mistrust: float
    stake: float


@dataclass(frozen=True, slots=True)
class MergedRows:
    """A scenario with its rows merged; everything in the order of the file.

    Parameters
    ----------
    actor_ids, actors : the actors
    promises : by (from, to, kind), in the order of their first rows
    dyad_defaults : holds for every ordered pair that is not in `dyads`
    dyads : by ordered pair, for those that a row names
    incidents : (initiator, target, weight), weights above 0
    domains : domains of incidents
    tie_labels : (from, to) of every defence row, in the order of their first rows
    """

    actor_ids: tuple[str, ...]
    actors: tuple[Actor, ...]
    promises: Mapping[PromiseKey, Promise]
    dyad_defaults: Dyad
    dyads: Mapping[Pair, Dyad]
    incidents: list[tuple[str, str, float]]
    domains: tuple[Domain, ...]
    tie_labels: list[Pair]

    @property
    def in_force(self) -> dict[PromiseKey, Promise]:
        """The promises above strength 0, the only ones that have an effect."""
        return {key: promise for key, promise in self.promises.items() if promise.strength > 0}

    def dyad(self, a: str, b: str) -> Dyad:
        """The relations of the ordered pair (a, b)."""
        return self.dyads.get((a, b), self.dyad_defaults)


def actor_order(scenario: ScenarioTables) -> list[str]:
    """Ids of the actors in the order in which a `World` holds them."""
    return sorted(actor.id for actor in scenario.actors)


def merge_rows(scenario: ScenarioTables) -> MergedRows:
    """Merge the rows of `scenario`."""
    promises = all_promises(scenario.ties)
    defaults, dyads = merge_dyads(scenario)
    return MergedRows(
        actor_ids=tuple(actor.id for actor in scenario.actors),
        actors=scenario.actors,
        promises=promises,
        dyad_defaults=defaults,
        dyads=dyads,
        incidents=list(_incidents(scenario, defaults, dyads)),
        domains=scenario.trigger.domains,
        tie_labels=tie_labels(promises),
    )


def tie_labels(promises: Iterable[PromiseKey]) -> list[Pair]:
    """(From, to) of every defence promise, in their order."""
    return [(giver, to) for giver, to, kind in promises if kind == "defence"]


def tie_directions(tie: Tie) -> tuple[Pair, ...]:
    """The ordered pairs for which a tie holds."""
    forth = (tie.from_, tie.to)
    return (forth, forth[::-1]) if tie.mutual else (forth,)


def dyad_directions(row: DyadRow) -> tuple[Pair, ...]:
    """The ordered pairs for which a dyad's row holds."""
    forth = (row.a, row.b)
    return (forth,) if row.directed else (forth, forth[::-1])


def ties_by_promise(ties: Iterable[Tie]) -> dict[PromiseKey, list[Tie]]:
    """The ties that speak of each promise, in the order of their first rows."""
    groups: dict[PromiseKey, list[Tie]] = {}
    for tie in ties:
        for giver, to in tie_directions(tie):
            groups.setdefault((giver, to, tie.kind), []).append(tie)
    return groups


def all_promises(ties: tuple[Tie, ...]) -> Mapping[PromiseKey, Promise]:
    """The merged promises of `ties`, in the order of their first rows."""
    return _all_promises(ByIdentity(ties))


@lru_cache(CACHE_SIZE)
def _all_promises(ties: ByIdentity[tuple[Tie, ...]]) -> Mapping[PromiseKey, Promise]:
    alone: dict[int, Promise] = {}
    """Of ties that are the only row of a promise, by identity: most are, in both directions."""
    promises: dict[PromiseKey, Promise] = {}
    for key, rows in ties_by_promise(ties.value).items():
        if len(rows) > 1:
            promises[key] = merge_promises(rows)
            continue
        promise = alone.get(id(rows[0]))
        if promise is None:
            promise = alone[id(rows[0])] = merge_promises(rows)
        promises[key] = promise
    return MappingProxyType(promises)


def merge_promises(ties: list[Tie]) -> Promise:
    """The promise that several ties of one kind, from one actor to another, make together.

    The strongest one gives the terms, the first among equals. The adversaries are
    the union over all rows above strength 0: any actor, if one of them names none.
    """
    strongest = max(ties, key=lambda tie: tie.strength)
    in_force = [tie for tie in ties if tie.strength > 0.0] or [strongest]
    against: tuple[str, ...] = ()
    if all(tie.against for tie in in_force):
        against = tuple(dict.fromkeys(name for tie in in_force for name in tie.against))
    return Promise(
        strength=strongest.strength,
        ambiguity=strongest.ambiguity,
        conditional=strongest.conditional,
        credibility=strongest.credibility,
        against=against,
        treaty=strongest.treaty,
        since=strongest.since,
        note=strongest.note,
        source=strongest.source,
    )


def merge_dyads(scenario: ScenarioTables) -> tuple[Dyad, Mapping[Pair, Dyad]]:
    """The dyad of pairs that no row names, and those of the ordered pairs that rows name."""
    return _merge_dyads(ByIdentity(scenario.dyad_defaults), ByIdentity(scenario.dyads))


@lru_cache(CACHE_SIZE)
def _merge_dyads(
    table: ByIdentity[DyadDefaults], rows: ByIdentity[tuple[DyadRow, ...]]
) -> tuple[Dyad, Mapping[Pair, Dyad]]:
    defaults = Dyad(*(getattr(table.value, name) for name in Dyad._fields))
    dyads: dict[Pair, Dyad] = {}
    for row in rows.value:
        given = [getattr(row, name) for name in Dyad._fields]
        for pair in dyad_directions(row):
            before = dyads.get(pair, defaults)
            dyads[pair] = Dyad(
                *(old if new is None else new for old, new in zip(before, given, strict=True))
            )
    return defaults, MappingProxyType(dyads)


def _incidents(
    scenario: ScenarioTables, defaults: Dyad, dyads: Mapping[Pair, Dyad]
) -> Iterator[tuple[str, str, float]]:
    trigger = scenario.trigger
    if trigger.initiator is not None and trigger.target is not None:
        yield trigger.initiator, trigger.target, 1.0
    elif not trigger.from_rivalry:
        for row in trigger.dyads:
            if row.weight > 0.0:
                yield row.initiator, row.target, row.weight
    else:
        for a, b in _pairs(scenario, defaults, dyads):
            dyad = dyads.get((a, b), defaults)
            weight = dyad.rivalry * dyad.reach
            if a != b and weight > 0.0:
                yield a, b, weight


def _pairs(scenario: ScenarioTables, defaults: Dyad, dyads: Mapping[Pair, Dyad]) -> Iterable[Pair]:
    """The ordered pairs that may be rivals, in the order of the actors."""
    ids = [actor.id for actor in scenario.actors]
    if defaults.rivalry * defaults.reach > 0.0:
        return ((a, b) for a in ids for b in ids)
    place = {actor_id: k for k, actor_id in enumerate(ids)}
    return sorted(dyads, key=lambda pair: (place[pair[0]], place[pair[1]]))


def can_begin(scenario: ScenarioTables) -> bool:
    """Whether an incident of `scenario` has a weight above 0."""
    return next(_incidents(scenario, *merge_dyads(scenario)), None) is not None
