"""Repetitions until the estimate is precise enough, and an interval that says how precise it is.

Repetitions are independent and each is unbiased, so that their mean has Student's interval. It
holds its level if no single repetition is far off, that is, if their relative standard deviation
is small. So chains are added to each until it is below `WIDEST`; the repetitions that are reported
are simulated after that, with words of their own.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.batches import Interrupted
from mcescalate.engine.events import ENTERED, Event
from mcescalate.engine.rare.levels import keep_thresholds
from mcescalate.engine.rare.openings import find_openings
from mcescalate.engine.rare.repetition import (
    Plan,
    Repetition,
    bytes_a_chain,
    run_repetition,
)
from mcescalate.engine.rare.thresholds import Goal, goal_of
from mcescalate.errors import ResourceError
from mcescalate.machine import available_cores
from mcescalate.model.world import World

FEWEST_REPETITIONS = 24
MOST_REPETITIONS = 96
WIDEST = 0.5
"""Largest relative standard deviation of one repetition from which an interval is given."""

FEWEST_ANCESTORS = 30
"""Fewest effective ancestors from which an interval is given."""

_MOST_SMALL_REPETITIONS = 2**20
"""Where memory bounds the chains of a repetition."""

_MOST_BYTES = 100_000_000
"""Of the states of a repetition; the same on every machine, so that estimates are."""

_FEWEST_CHAINS = 200
_PILOT_CHAINS = 100
_PILOT_REPETITIONS = 8
_GROWTH = 6.0
"""Most by which the number of chains is multiplied at once."""

_AIM = 0.3
"""The relative standard deviation of one repetition that is aimed at."""

_ROOM = 1.1
"""Repetitions beyond those that the wanted precision should need."""


class Rare(NamedTuple):
    """An estimate of the probability of an event.

    Parameters
    ----------
    estimate, error : mean of the repetitions, and its standard error
    estimates : (repetitions)
    n_ancestors : effective number of first chains that the estimate descends from
    n_chains : chains in each repetition
    n_simulated : chains in all stages of the repetitions that are reported
    n_tried : chains simulated before, to find how many are needed
    goal, started : the thresholds kept, and the probability that a crisis begins
    reached : probability to reach each threshold
    typical : chance of a turn to cross, averaged over the crossings, by threshold
    """

    estimate: float
    error: float
    estimates: NDArray[np.float64]
    n_ancestors: float
    n_chains: int
    n_simulated: int
    n_tried: int
    goal: Goal
    started: float
    reached: NDArray[np.float64]
    typical: NDArray[np.float64]

    @property
    def spread(self) -> float:
        """Relative standard deviation of one repetition."""
        if self.estimate == 0.0:
            return math.inf
        return float(self.estimates.std(ddof=1)) / self.estimate


def plan_for(world: World, event: Event, backend: str) -> Plan:
    """What a repetition for `event` does, with all thresholds."""
    openings = find_openings(world)
    entrants = {term.number for term in event.terms if term.kind == ENTERED}
    return Plan(world, openings.drop(entrants), goal_of(world, event), backend)


def estimate_event(
    world: World,
    event: Event,
    *,
    rel: float,
    seed: int,
    most_chains: int,
    workers: int | None = None,
    backend: str = "numba",
    progress: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> Rare:
    """Estimate the probability of `event`, which is possible, to a relative standard error `rel`.

    Parameters
    ----------
    most_chains : chains of all stages, trials included, that may be simulated
    progress : called with the number of chains done so far, and of those planned so far

    Raises
    ------
    ResourceError
        The estimate would take more chains, or no chain found a way to the event.
    Interrupted
        `stop` was set before the end.
    """
    crew = _Crew(
        plan_for(world, event, backend), seed, most_chains, workers, progress, stop, event.text
    )
    n, trial, plan = _PILOT_CHAINS, 0, crew.plan
    found = crew.repeat(plan, n, _PILOT_REPETITIONS, trial)
    while True:
        if found.estimate > 0.0 and plan is crew.plan:
            plan = plan._replace(goal=keep_thresholds(plan.goal, found.reached, found.started))
        repetitions = math.ceil(_ROOM * (found.spread / rel) ** 2) if found.estimate > 0.0 else 0
        growth = max((found.spread / _AIM) ** 2, repetitions / MOST_REPETITIONS)
        most_repetitions = MOST_REPETITIONS
        is_trial = found.estimate == 0.0 or growth > _GROWTH
        if growth > 1.0:
            n = math.ceil(n * min(growth, _GROWTH if found.spread > WIDEST else growth))
        n = max(n, _FEWEST_CHAINS)
        if n > crew.most_at_once:
            # More repetitions instead of more chains in each.
            n, most_repetitions = crew.most_at_once, _MOST_SMALL_REPETITIONS
        repetitions = min(max(repetitions, FEWEST_REPETITIONS), most_repetitions)
        trial += 1
        found = crew.repeat(plan, n, FEWEST_REPETITIONS if is_trial else repetitions, trial)
        is_precise = found.estimate > 0.0 and found.error <= rel * found.estimate
        if is_precise and found.spread < WIDEST:
            return found._replace(n_tried=crew.done - found.n_simulated)


class _Crew:
    """Repetitions on threads, each with words of its own, whatever thread it runs on."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        most_chains: int,
        workers: int | None,
        progress: Callable[[int, int], None] | None,
        stop: threading.Event | None,
        name: str,
    ):
        self.plan = plan
        self.seed = seed
        self.most_chains = most_chains
        self.n_workers = workers or available_cores()
        self.most_at_once = max(_FEWEST_CHAINS, _MOST_BYTES // bytes_a_chain(plan.world))
        self.progress = progress
        self.stop = stop
        self.name = name
        self.done = 0
        self.has_found = False

    def repeat(self, plan: Plan, n: int, repetitions: int, trial: int) -> Rare:
        """So many repetitions of `n` chains; `trial` sets their words apart."""
        if self.done + n * repetitions > self.most_chains:
            why = (
                "did not give an estimate as precise as asked for"
                if self.has_found
                else "did not reach it, and it may be impossible"
            )
            raise ResourceError(
                f"{self.name}: {self.done} chains {why}; at least {n * repetitions} more are "
                f"needed, and {self.most_chains} in all are allowed: allow more, or a larger "
                "relative error"
            )
        first = trial << 20
        found: list[Repetition] = []
        with ThreadPoolExecutor(self.n_workers) as pool:
            for one in pool.map(
                lambda k: run_repetition(plan, n, seed=self.seed, number=first + k, stop=self.stop),
                range(repetitions),
            ):
                found.append(one)
                self.done += one.n_chains
                if self.progress is not None:
                    left = repetitions - len(found)
                    self.progress(self.done, self.done + left * one.n_chains)
        if self.stop is not None and self.stop.is_set():
            raise Interrupted
        self.has_found |= any(one.estimate > 0.0 for one in found)
        return summarise(plan, n, found)


def summarise(plan: Plan, n: int, found: list[Repetition]) -> Rare:
    """Mean of the repetitions, and what it rests on."""
    estimates = np.array([one.estimate for one in found])
    parts = np.concatenate([one.by_ancestor for one in found])
    square = float((parts**2).sum())
    reached = np.mean([one.reached for one in found], axis=0)
    weights = np.array([one.reached for one in found])
    typical = np.array([one.typical for one in found])
    return Rare(
        estimate=float(estimates.mean()),
        error=float(estimates.std(ddof=1)) / math.sqrt(len(found)),
        estimates=estimates,
        n_ancestors=float(parts.sum()) ** 2 / square if square > 0.0 else 0.0,
        n_chains=n,
        n_simulated=sum(one.n_chains for one in found),
        n_tried=0,
        goal=plan.goal,
        started=float(np.mean([one.started for one in found])),
        reached=reached,
        typical=(weights * typical).sum(0) / np.maximum(weights.sum(0), 1e-300),
    )
