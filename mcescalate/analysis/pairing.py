"""Runs of several scenarios on the same chains: what each chain did here and there.

Chain for chain, the same random numbers meet the same decisions, so a chain differs between
two scenarios only from where their difference matters. Chains are played block by block and
only counted, so memory does not grow with their number.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.batches import run_chains
from mcescalate.errors import UsageError
from mcescalate.limits import CHAIN_END, SEED_END, whole_number
from mcescalate.model.codes import DETERRED, NEUTRAL, OUTCOMES
from mcescalate.model.rng import RNG_LAYOUT
from mcescalate.results.provenance import describe, scenario_digest
from mcescalate.scenario.build import actor_order, build_world
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

BLOCK_CHAINS = 65_536
"""Chains that are held at once."""

DETERRED_REACH, NO_WAR_REACH = -1, 0
"""Places on the scale `reach`: deterred, a crisis without war; above, how many are at war."""


class Seen(NamedTuple):
    """What is compared of each chain of one block.

    Parameters
    ----------
    outcome : (chain) code
    peak : (chain) highest rung
    reach : (chain) -1 if deterred, else how many are at war at the end
    size : (chain) how many took a side
    engaged, at_war : (chain, actor) whether the actor took a side, is at war at the end
    misread_war : (chain) whether its war began by misreading alone
    """

    outcome: NDArray[np.integer]
    peak: NDArray[np.integer]
    reach: NDArray[np.integer]
    size: NDArray[np.integer]
    engaged: NDArray[np.bool_]
    at_war: NDArray[np.bool_]
    misread_war: NDArray[np.integer]


def play_paired(
    first: Scenario,
    seconds: Mapping[str, Scenario],
    *,
    n_chains: int,
    seed: int,
    first_chain: int = 0,
    workers: int | None = None,
    backend: str = "numba",
    block_chains: int = BLOCK_CHAINS,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Play `first` and each of `seconds` on the same chains, and count what they did in each.

    Parameters
    ----------
    first : what the others are set against
    seconds : by the label that they get on the dim `change`
    n_chains, seed, first_chain, workers, backend : as for `mcescalate.simulate`
    block_chains : chains that are held at once; changes no count
    progress : is called with the number of chains done so far, of all scenarios together
    stop : the work ends early once this is set

    Returns
    -------
    Counts of chains by what they did in the first and in the second run: `outcome_pair_count`
    (change, first_outcome, second_outcome), likewise `peak_`, `reach_` (-1 deterred, else
    the number at war) and `size_pair_count` (the number engaged), and by actor
    `engaged_pair_count` and `at_war_pair_count` (change, actor, first_did, second_did); and
    `misread_war_count`, the first run's wars that began by misreading alone.

    Raises
    ------
    UsageError
        A number is out of range, nothing is to be compared, or rungs differ.
    BackendUnavailable
        There is no such backend.
    Interrupted
        `stop` was set before the last chain.
    """
    first_chain = whole_number("first_chain", first_chain, 0, CHAIN_END - 1)
    n_chains = whole_number("n_chains", n_chains, 1, CHAIN_END - first_chain)
    seed = whole_number("seed", seed, 0, SEED_END - 1)
    if not seconds:
        raise UsageError("compare: expected at least one scenario to set against the first")
    actors = _all_actors([first, *seconds.values()])
    for label, second in seconds.items():
        if len(second.ladder.rungs) != len(first.ladder.rungs):
            raise UsageError(f"compare: {label}: its ladder has another number of rungs")
    sides = [_Side.of(scenario, actors) for scenario in (first, *seconds.values())]
    tallies = [_PairTally(sides[0], len(actors)) for _ in seconds]
    done = n_misread_wars = 0

    def play(side: "_Side", start: int, count: int) -> Seen:
        nonlocal done
        seen = side.play(
            seed=seed,
            first_chain=first_chain + start,
            n_chains=count,
            workers=workers,
            backend=backend,
            stop=stop,
            progress=progress and (lambda within: progress(done + within)),
        )
        done += count
        return seen

    for start in range(0, n_chains, block_chains):
        count = min(block_chains, n_chains - start)
        seen = play(sides[0], start, count)
        n_misread_wars += int(seen.misread_war.sum())
        for side, tally in zip(sides[1:], tallies, strict=True):
            tally.add(seen, play(side, start, count))
    story = describe(
        first, seed=seed, ranges=[[first_chain, n_chains]], rng_layout=RNG_LAYOUT, elapsed=0.0
    )
    counted = _dataset(first, seconds, actors, tallies)
    return counted.assign(n_chains=n_chains, misread_war_count=n_misread_wars).assign_attrs(
        seed=str(seed),
        first_chain=str(first_chain),
        n_chains=n_chains,
        rng_layout=RNG_LAYOUT,
        title=first.title or "untitled scenario",
        second_sha256=json.dumps({label: scenario_digest(s) for label, s in seconds.items()}),
        provenance=json.dumps(story, sort_keys=True, ensure_ascii=False),
    )


@dataclass(frozen=True)
class _Side:
    """One scenario, ready to be played.

    Parameters
    ----------
    places : for each actor of the comparison its place in the world, -1 if it is not in it
    """

    world: tuple
    places: NDArray[np.intp]
    top: int

    @classmethod
    def of(cls, scenario: Scenario, actors: tuple[str, ...]) -> "_Side":
        place = {actor: k for k, actor in enumerate(actor_order(scenario))}
        places = np.array([place.get(actor, -1) for actor in actors], np.intp)
        return cls(build_world(scenario), places, len(scenario.ladder.rungs) - 1)

    def play(self, **how) -> Seen:
        _, records = run_chains(self.world, keep_chains=True, **how)
        is_here = self.places >= 0
        return Seen(
            outcome=records.outcome,
            peak=records.peak_rung,
            reach=np.where(records.outcome == DETERRED, DETERRED_REACH, records.n_at_war),
            size=records.n_engaged,
            engaged=(records.side[:, self.places] != NEUTRAL) & is_here,
            at_war=(records.actor_peak[:, self.places] == self.top) & is_here,
            misread_war=records.war_began_misread,
        )


class _PairTally:
    """Counts of what chains did in one run and in the other."""

    def __init__(self, side: _Side, n_actors: int):
        self.shapes = {
            "outcome": len(OUTCOMES),
            "peak": side.top + 1,
            "reach": n_actors + 2,
            "size": n_actors + 1,
        }
        self.counts = {name: np.zeros((n, n), np.int64) for name, n in self.shapes.items()}
        for name in ("engaged", "at_war"):
            self.counts[name] = np.zeros((n_actors, 2, 2), np.int64)

    def add(self, first: Seen, second: Seen) -> None:
        """Count a block of chains."""
        for name, n in self.shapes.items():
            shift = -DETERRED_REACH if name == "reach" else 0
            a, b = (getattr(seen, name).astype(np.int64) + shift for seen in (first, second))
            self.counts[name] += np.bincount(a * n + b, minlength=n * n).reshape(n, n)
        for name in ("engaged", "at_war"):
            a, b = getattr(first, name), getattr(second, name)
            both, in_a, in_b = ((a & b).sum(0), a.sum(0), b.sum(0))
            counts = self.counts[name]
            counts[:, 1, 1] += both
            counts[:, 1, 0] += in_a - both
            counts[:, 0, 1] += in_b - both
            counts[:, 0, 0] += len(a) - in_a - in_b + both


def _all_actors(scenarios: list[Scenario]) -> tuple[str, ...]:
    """Ids of the actors of all scenarios, the first one's order first."""
    return tuple(dict.fromkeys(actor.id for s in scenarios for actor in s.actors))


def _dataset(
    first: Scenario,
    seconds: Mapping[str, Scenario],
    actors: tuple[str, ...],
    tallies: list[_PairTally],
) -> "xr.Dataset":
    import xarray as xr

    scales = {
        "outcome": np.array(OUTCOMES, object),
        "peak": np.array(first.ladder.rungs, object),
        "reach": np.arange(DETERRED_REACH, len(actors) + 1),
        "size": np.arange(len(actors) + 1),
    }
    coords: dict = {
        "change": np.array(list(seconds), object),
        "actor": np.array(actors, object),
        "first_did": [False, True],
        "second_did": [False, True],
    }
    variables: dict = {}
    for name, scale in scales.items():
        dims = (f"first_{name}", f"second_{name}")
        coords |= dict.fromkeys(dims, scale)
        counts = np.stack([tally.counts[name] for tally in tallies])
        variables[f"{name}_pair_count"] = (("change", *dims), counts)
    for name in ("engaged", "at_war"):
        counts = np.stack([tally.counts[name] for tally in tallies])
        dims = ("change", "actor", "first_did", "second_did")
        variables[f"{name}_pair_count"] = (dims, counts)
    return xr.Dataset(variables, coords)
