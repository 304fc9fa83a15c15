"""Scenario → `World`: names become places in flat arrays, actors in the order of their ids."""

import zlib

import numpy as np

from mcescalate.model.coefficients import COEFFICIENTS as ROWS
from mcescalate.model.world import ACTOR, COEFFICIENTS, DYAD, World
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Scenario


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
    adversaries: list[int] = []
    dyads = _dyads(resolved, place, adversaries)
    actors = _actors(resolved, place, dyads)
    backs = (dyads["defence"] > 0) | (dyads["offence"] > 0) | (dyads["support"] > 0)
    regards = dyads["rivalry"] > 0
    backer_start, backers = _spans(backs.T)
    rival_start, rivals = _spans(regards.T)
    regard_start, regarded = _spans(regards)
    incidents = sorted((place[i], place[j], weight) for i, j, weight in resolved.incidents)
    incident_share = _shares([weight for _, _, weight in incidents])
    domain_share = _shares([domain.weight for domain in resolved.domains])
    tie_from = np.array([place[k] for k, _ in resolved.tie_labels], np.int64)
    tie_to = np.array([place[j] for _, j in resolved.tie_labels], np.int64)
    promised = np.arange(len(order))[:, None] == tie_to[None, :]
    tie_start, ties_to = _spans(promised)
    ladder = scenario.ladder
    return World(
        n_actors=len(order),
        top=len(ladder.rungs) - 1,
        mobilised=int(ladder.mobilised),
        casus=int(ladder.casus),
        horizon=int(scenario.run.horizon),
        arms_levels=int(scenario.arms.levels),
        arms_periods=int(scenario.arms.periods),
        accident=float(scenario.trigger.accident),
        coefficients=_coefficients(scenario),
        actors=actors.view(np.recarray),
        dyads=dyads.view(np.recarray),
        adversaries=np.array(adversaries, np.int64),
        backer_start=backer_start,
        backers=backers,
        rival_start=rival_start,
        rivals=rivals,
        regard_start=regard_start,
        regarded=regarded,
        incident_initiator=np.array([i for i, _, _ in incidents], np.int64),
        incident_target=np.array([j for _, j, _ in incidents], np.int64),
        incident_share=incident_share,
        incident_cumulative=np.cumsum(incident_share),
        domain_share=domain_share,
        domain_cumulative=np.cumsum(domain_share),
        domain_noise=np.array([float(d.noise) for d in resolved.domains]),
        domain_misattribution=np.array([float(d.misattribution) for d in resolved.domains]),
        domain_rung=np.array([int(d.rung) for d in resolved.domains], np.int64),
        tie_from=tie_from,
        tie_to=tie_to,
        tie_start=tie_start,
        ties_to=ties_to,
        capability_total=float(np.sum(actors["capability"])),
    )


def _coefficients(scenario: Scenario) -> np.record:
    record = np.zeros(1, COEFFICIENTS).view(np.recarray)[0]
    for row in ROWS:
        value = getattr(getattr(scenario, row.table), row.name)
        record[f"{row.table}_{row.name}"] = float(value)
    return record


def _actors(resolved, place: dict[str, int], dyads: np.ndarray) -> np.ndarray:
    actors = np.zeros(len(place), ACTOR)
    for actor in resolved.actors:
        row = actors[place[actor.id]]
        row["key"] = actor_key(actor.id)
        for name in ACTOR.names:
            if name not in ("key", "consultation"):
                row[name] = getattr(actor, name)
        row["consultation"] = sum(dyads["consultation"][place[actor.id]].tolist())
    return actors


def _dyads(resolved, place: dict[str, int], adversaries: list[int]) -> np.ndarray:
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
        row[f"{kind}_against"] = len(adversaries)
        adversaries.extend(sorted(place[x] for x in promise.against))
        row[f"{kind}_against_end"] = len(adversaries)
    return dyads


def _shares(weights: list[float]) -> np.ndarray:
    """Weights as shares of 1."""
    array = np.array(weights, np.float64)
    return array / np.sum(array)


def _spans(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(starts, columns) of the true cells of each row."""
    starts = np.zeros(len(matrix) + 1, np.int64)
    starts[1:] = np.cumsum(np.count_nonzero(matrix, axis=1))
    return starts, np.nonzero(matrix)[1].astype(np.int64)
