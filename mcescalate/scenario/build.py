"""Scenario → `World`: names become places in flat arrays, actors in the order of their ids."""

import math
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from mcescalate.model.coefficients import COEFFICIENTS as ROWS
from mcescalate.model.dependences import GOALS, SEEN, SEER, rests_on
from mcescalate.model.world import (
    ACTOR,
    COEFFICIENTS,
    DOMAIN,
    DYAD,
    INCIDENT,
    TIE,
    World,
)
from mcescalate.scenario.first_acts import domain_shares
from mcescalate.scenario.form.tables import Actor
from mcescalate.scenario.merged_rows import (
    CACHE_SIZE,
    ByIdentity,
    Dyad,
    MergedRows,
    Pair,
    Promise,
    PromiseKey,
    actor_order,
    merge_rows,
    tie_labels,
)
from mcescalate.scenario.schema import Scenario

_OF_ACTORS = tuple(name for name in ACTOR.names or () if name in Actor.model_fields)
"""Fields of an actor that are taken over as the file gives them."""

_LEAST_SHARE = 1e-9
_HUNDREDTH = 0.01

_PROMISE = np.dtype(
    [
        ("from_", np.intp),
        ("to", np.intp),
        *((term, np.float64) for term in ("strength", "ambiguity", "conditional", "credibility")),
        ("against", np.int64),
        ("against_end", np.int64),
    ]
)


def actor_key(actor_id: str) -> int:
    """The actor's 32-bit name in the random numbers: CRC-32 of its id."""
    return zlib.crc32(actor_id.encode())


class _Relations(NamedTuple):
    """Relations between the actors, independent of their own attributes."""

    dyads: np.ndarray
    """(kinds) of DYAD, each different."""
    dyad_of: np.ndarray
    """(N, N) places in `dyads`."""
    ties: np.ndarray
    """Of TIE."""
    links: np.ndarray
    """What `dyads` and `of_actors` name spans of."""
    of_actors: dict[str, np.ndarray]
    """(N) by name of a field of ACTOR: what it has promised to all, and the spans in `links`."""


def build_world(scenario: Scenario) -> World:
    """Compile a checked scenario into the arrays that the kernels read."""
    merged = merge_rows(scenario)
    order = tuple(actor_order(scenario))
    place = {actor_id: k for k, actor_id in enumerate(order)}
    relations = _relations(
        order, merged.dyad_defaults, ByIdentity(merged.dyads), ByIdentity(merged.promises)
    )
    actors = _actors(merged, order, relations)
    view_of = _views(actors, relations)
    _, goals = _kinds(_fields(actors, GOALS))
    actors["goals"] = goals
    system = max(float(scenario.outcome.system_capability), float(np.sum(actors["capability"])))
    shares = np.maximum(actors["capability"] / system, _LEAST_SHARE)
    actors["log_share"] = np.log(shares / _HUNDREDTH)
    ladder = scenario.ladder
    coefficients = _coefficients(scenario)
    return World(
        n_actors=len(order),
        top=len(ladder.rungs) - 1,
        mobilised=int(ladder.mobilised),
        casus=int(ladder.casus),
        horizon=int(scenario.run.horizon),
        arms_levels=int(scenario.arms.levels),
        arms_periods=int(scenario.arms.periods),
        crises=int(scenario.sequence.crises),
        carries_arms=int(scenario.sequence.carry_arms),
        quiet=float(scenario.sequence.quiet),
        trigger_weight=math.fsum(weight for *_, weight in merged.incidents),
        accident=float(scenario.trigger.accident),
        blame=float(scenario.trigger.blame),
        system_capability=system,
        coefficients=coefficients,
        rests_on=rests_on(coefficients),
        actors=actors.view(np.recarray),
        # Copies, since the relations are cached: changing one world must not change others.
        dyads=relations.dyads.copy().view(np.recarray),
        dyad_of=relations.dyad_of.copy(),
        view_of=view_of,
        n_views=int(view_of.max()) + 1,
        n_goals=int(goals.max()) + 1,
        links=relations.links.copy(),
        incidents=_incidents(merged, place).view(np.recarray),
        domains=_domains(merged).view(np.recarray),
        ties=relations.ties.copy().view(np.recarray),
        memory=np.zeros((len(order), len(order))),
        record=np.zeros((len(order), len(order))),
    )


def _coefficients(scenario: Scenario) -> np.record:
    values = tuple(float(getattr(getattr(scenario, row.table), row.name)) for row in ROWS)
    return np.array([values], COEFFICIENTS).view(np.recarray)[0]


@lru_cache(CACHE_SIZE)
def _relations(
    order: tuple[str, ...],
    defaults: Dyad,
    dyads: ByIdentity[Mapping[Pair, Dyad]],
    promises: ByIdentity[Mapping[PromiseKey, Promise]],
) -> _Relations:
    place = {actor_id: k for k, actor_id in enumerate(order)}
    rows = _dyads(place, defaults, dyads.value)
    against = _promise(rows, place, promises.value)
    kinds, dyad_of = _kinds(rows)
    ties = np.array([(place[k], place[j]) for k, j in tie_labels(promises.value)], TIE)
    spans, links = _link(rows, ties, against)
    # One after the other: other orders of the sum may end in another last bit.
    consultation = np.cumsum(rows["consultation"], axis=1)[:, -1]
    strongest = {kind: rows[kind].max(axis=1) for kind in ("defence", "support")}
    of_actors = {**spans, "consultation": consultation, **strongest}
    return _Relations(kinds, dyad_of, ties, links, of_actors)


def _actors(merged: MergedRows, order: tuple[str, ...], relations: _Relations) -> np.ndarray:
    by_id = {actor.id: actor for actor in merged.actors}
    actors = np.zeros(len(order), ACTOR)
    actors["key"] = [actor_key(actor_id) for actor_id in order]
    for name in _OF_ACTORS:
        actors[name] = [getattr(by_id[actor_id], name) for actor_id in order]
    for name, values in relations.of_actors.items():
        actors[name] = values
    return actors


def _dyads(place: dict[str, int], defaults: Dyad, dyads: Mapping[Pair, Dyad]) -> np.ndarray:
    """(N, N) of DYAD, without promises."""
    n = len(place)
    rows = np.zeros((n, n), DYAD)
    firsts = [place[a] for a, _ in dyads]
    seconds = [place[b] for _, b in dyads]
    columns = np.array(list(dyads.values()), np.float64).reshape(-1, len(Dyad._fields)).T
    for name, value, column in zip(Dyad._fields, defaults, columns, strict=True):
        rows[name] = value
        np.fill_diagonal(rows[name], 0.0)
        rows[name][firsts, seconds] = column
    return rows


def _promise(
    rows: np.ndarray, place: dict[str, int], promises: Mapping[PromiseKey, Promise]
) -> list[int]:
    """Write promises into the rows; returns the adversaries of all, in whose spans they are."""
    against: list[int] = []
    of_kind: dict[str, list[tuple[Any, ...]]] = {}
    for (k, j, kind), promise in promises.items():
        begin = len(against)
        if kind in ("defence", "offence"):
            against.extend(sorted(place[x] for x in promise.against))
        terms = (promise.strength, promise.ambiguity, promise.conditional, promise.credibility)
        of_kind.setdefault(kind, []).append((place[k], place[j], *terms, begin, len(against)))
    for kind, found in of_kind.items():
        given = np.array(found, _PROMISE)
        pairs = given["from_"], given["to"]
        if kind in ("neutrality", "nonaggression"):
            rows["pact"][pairs] = np.maximum(rows["pact"][pairs], given["strength"])
            continue
        rows[kind][pairs] = given["strength"]
        if kind not in ("defence", "offence"):
            continue
        for term in ("ambiguity", "credibility", "against", "against_end"):
            rows[f"{kind}_{term}"][pairs] = given[term]
        if kind == "defence":
            rows["defence_conditional"][pairs] = given["conditional"]
    return against


def _kinds(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that differ, and for each row its place among them."""
    # As bytes, which sort much faster than rows of fields.
    _, first, kind_of = np.unique(
        rows.reshape(-1).view(f"V{rows.itemsize}"), return_index=True, return_inverse=True
    )
    return rows.reshape(-1)[first], kind_of.reshape(rows.shape).astype(np.uint32)


def _fields(rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Some fields of rows, without gaps between them."""
    return rows[list(names)].astype([(name, rows.dtype[name]) for name in names])


def _views(actors: np.ndarray, relations: _Relations) -> np.ndarray:
    """By [seer, seen], numbers that are the same where `perception.sighting_probability` is."""
    _, seer = _kinds(_fields(actors, SEER))
    _, seen = _kinds(_fields(actors, SEEN))
    n_dyads, n_seen = len(relations.dyads), int(seen.max()) + 1
    pairs = (seer.astype(np.int64)[:, None] * n_dyads + relations.dyad_of) * n_seen + seen
    return np.unique(pairs, return_inverse=True)[1].reshape(pairs.shape).astype(np.uint32)


def _incidents(merged: MergedRows, place: dict[str, int]) -> np.ndarray:
    drawn = sorted((place[i], place[j], weight) for i, j, weight in merged.incidents)
    incidents = np.zeros(len(drawn), INCIDENT)
    incidents["initiator"] = [i for i, _, _ in drawn]
    incidents["target"] = [j for _, j, _ in drawn]
    weights = [weight for _, _, weight in drawn]
    incidents["share"] = np.array(weights, np.float64) / np.sum(weights)
    incidents["cumulative"] = np.cumsum(incidents["share"])
    return incidents


def _domains(merged: MergedRows) -> np.ndarray:
    domains = np.zeros(len(merged.domains), DOMAIN)
    for row, domain in zip(domains, merged.domains, strict=True):
        for name in ("noise", "misattribution", "rung"):
            row[name] = getattr(domain, name)
    domains["share"] = domain_shares(merged)
    domains["cumulative"] = np.cumsum(domains["share"])
    return domains


def _link(
    dyads: np.ndarray, ties: np.ndarray, against: list[int]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """For each actor the spans of those whom it must watch and of the ties to it; all links."""
    backs = (dyads["defence"] > 0) | (dyads["offence"] > 0) | (dyads["support"] > 0)
    regards = dyads["rivalry"] > 0
    promised = np.arange(len(dyads))[:, None] == ties["to"][None, :]
    spans: dict[str, np.ndarray] = {}
    links = [np.array(against, np.uint32)]
    ends = np.full(len(dyads), len(against))
    chosen = (("backers", backs.T), ("rivals", regards.T), ("regarded", regards))
    for name, matrix in (*chosen, ("ties_to", promised)):
        counts = np.count_nonzero(matrix, axis=1)
        ends = ends[-1] + np.cumsum(counts)
        spans[name], spans[f"{name}_end"] = ends - counts, ends
        links.append(np.nonzero(matrix)[1].astype(np.uint32))
    return spans, np.concatenate(links)
