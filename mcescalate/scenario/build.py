"""Scenario → `World`: names become places in flat arrays, actors in the order of their ids."""

import zlib

import numpy as np
from numpy.lib.recfunctions import repack_fields

from mcescalate.model.coefficients import COEFFICIENTS as ROWS
from mcescalate.model.dependences import SEEN, SEER, rests_on
from mcescalate.model.world import (
    ACTOR,
    COEFFICIENTS,
    DOMAIN,
    DYAD,
    INCIDENT,
    TIE,
    World,
)
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Actor, Scenario

_OF_ACTORS = tuple(name for name in ACTOR.names if name in Actor.model_fields)
"""Fields of an actor that are taken over as the file gives them."""


def actor_key(actor_id: str) -> int:
    """The actor's 32-bit name in the random numbers: CRC-32 of its id."""
    return zlib.crc32(actor_id.encode())


def actor_order(scenario: Scenario) -> list[str]:
    """Ids of the actors in the order in which a `World` holds them."""
    return sorted(actor.id for actor in scenario.actors)


def build_world(scenario: Scenario) -> World:
    """Compile a checked scenario into the arrays that the kernels read."""
    resolved = resolve(scenario)
    order = actor_order(scenario)
    place = {actor_id: k for k, actor_id in enumerate(order)}
    links: list[int] = []
    dyads = _dyads(resolved, place, links)
    actors = _actors(resolved, place, dyads)
    ties = np.array([(place[k], place[j]) for k, j in resolved.tie_labels], TIE)
    _link(actors, dyads, ties, links)
    kinds, dyad_of = _kinds(dyads)
    view_of = _views(actors, dyad_of)
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
        accident=float(scenario.trigger.accident),
        system_capability=max(
            float(scenario.outcome.system_capability), float(np.sum(actors["capability"]))
        ),
        coefficients=coefficients,
        rests_on=rests_on(coefficients),
        actors=actors.view(np.recarray),
        dyads=kinds.view(np.recarray),
        dyad_of=dyad_of,
        view_of=view_of,
        n_views=int(view_of.max()) + 1,
        links=np.array(links, np.uint32),
        incidents=_incidents(resolved, place).view(np.recarray),
        domains=_domains(resolved).view(np.recarray),
        ties=ties.view(np.recarray),
    )


def _coefficients(scenario: Scenario) -> np.record:
    values = tuple(float(getattr(getattr(scenario, row.table), row.name)) for row in ROWS)
    return np.array([values], COEFFICIENTS).view(np.recarray)[0]


def _actors(resolved, place: dict[str, int], dyads: np.ndarray) -> np.ndarray:
    actors = np.zeros(len(place), ACTOR)
    for actor in resolved.actors:
        row = actors[place[actor.id]]
        row["key"] = actor_key(actor.id)
        for name in _OF_ACTORS:
            row[name] = getattr(actor, name)
        row["consultation"] = sum(dyads["consultation"][place[actor.id]].tolist())
    return actors


def _dyads(resolved, place: dict[str, int], links: list[int]) -> np.ndarray:
    n = len(place)
    dyads = np.zeros((n, n), DYAD)
    for name, value in resolved.dyad_defaults._asdict().items():
        dyads[name] = value
        np.fill_diagonal(dyads[name], 0.0)
    for (a, b), dyad in resolved.dyads.items():
        for name, value in dyad._asdict().items():
            dyads[name][place[a], place[b]] = value
    for (k, j, kind), promise in resolved.promises.items():
        row = dyads[place[k], place[j]]
        if kind in ("neutrality", "nonaggression"):
            row["pact"] = max(row["pact"], promise.strength)
            continue
        row[kind] = promise.strength
        if kind not in ("defence", "offence"):
            continue
        row[f"{kind}_ambiguity"] = promise.ambiguity
        row[f"{kind}_credibility"] = promise.credibility
        if kind == "defence":
            row["defence_conditional"] = promise.conditional
        row[f"{kind}_against"] = len(links)
        links.extend(sorted(place[x] for x in promise.against))
        row[f"{kind}_against_end"] = len(links)
    return dyads


def _kinds(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that differ, and for each row its place among them."""
    # As bytes, which sort much faster than rows of fields.
    _, first, kind_of = np.unique(
        rows.reshape(-1).view(f"V{rows.itemsize}"), return_index=True, return_inverse=True
    )
    return rows.reshape(-1)[first], kind_of.reshape(rows.shape).astype(np.uint32)


def _views(actors: np.ndarray, dyad_of: np.ndarray) -> np.ndarray:
    """By [seer, seen], numbers that are the same where `perception.sighting_probability` is."""
    _, seer = _kinds(repack_fields(actors[list(SEER)]))
    _, seen = _kinds(repack_fields(actors[list(SEEN)]))
    pairs = np.zeros(dyad_of.shape, [("seer", np.uint32), ("dyad", np.uint32), ("seen", np.uint32)])
    pairs["seer"], pairs["dyad"], pairs["seen"] = seer[:, None], dyad_of, seen[None, :]
    return _kinds(pairs)[1]


def _incidents(resolved, place: dict[str, int]) -> np.ndarray:
    drawn = sorted((place[i], place[j], weight) for i, j, weight in resolved.incidents)
    incidents = np.zeros(len(drawn), INCIDENT)
    incidents["initiator"] = [i for i, _, _ in drawn]
    incidents["target"] = [j for _, j, _ in drawn]
    _share_out(incidents, [weight for _, _, weight in drawn])
    return incidents


def _domains(resolved) -> np.ndarray:
    domains = np.zeros(len(resolved.domains), DOMAIN)
    for row, domain in zip(domains, resolved.domains, strict=True):
        for name in ("noise", "misattribution", "rung"):
            row[name] = getattr(domain, name)
    _share_out(domains, [domain.weight for domain in resolved.domains])
    return domains


def _share_out(rows: np.ndarray, weights: list[float]) -> None:
    """Fill `share` and `cumulative` from weights."""
    rows["share"] = np.array(weights, np.float64) / np.sum(weights)
    rows["cumulative"] = np.cumsum(rows["share"])


def _link(actors: np.ndarray, dyads: np.ndarray, ties: np.ndarray, links: list[int]) -> None:
    """Write down for each actor whom it must watch, and the ties to it."""
    backs = (dyads["defence"] > 0) | (dyads["offence"] > 0) | (dyads["support"] > 0)
    regards = dyads["rivalry"] > 0
    promised = np.arange(len(actors))[:, None] == ties["to"][None, :]
    for name, matrix in (
        ("backers", backs.T),
        ("rivals", regards.T),
        ("regarded", regards),
        ("ties_to", promised),
    ):
        for row, chosen in zip(actors, matrix, strict=True):
            row[name] = len(links)
            links.extend(np.flatnonzero(chosen).tolist())
            row[f"{name}_end"] = len(links)
