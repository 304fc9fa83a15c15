"""One repetition: chains carried over all thresholds, and the estimate that this gives."""

import functools
import threading
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.backend_numba import compiled
from mcescalate.engine.rare import stage
from mcescalate.engine.rare.laws import new_laws
from mcescalate.engine.rare.openings import Openings, allot, systematic
from mcescalate.engine.rare.thresholds import Goal
from mcescalate.model import words
from mcescalate.model.aligned import zeros
from mcescalate.model.chain.state_rows import new_state_rows, state_at
from mcescalate.model.world import World

_SPREAD = 2**32 - 1
"""The number, beyond that of any clone, whose words spread clones over a stage."""


class Plan(NamedTuple):
    """What every repetition does."""

    world: World
    openings: Openings
    goal: Goal
    backend: str


class Kept(NamedTuple):
    """What is remembered of one stage, to find the way of one chain again.

    Parameters
    ----------
    parent_of : (chains) number in the stage before
    turn : (chains) turns simulated where each chain was kept
    is_pending : (chains) whether it had yet to cross the threshold then
    opening : (chains) of the first stage, number of the opening
    weight : (chains) part of the estimate that ends with it in this stage
    """

    parent_of: NDArray[np.intp]
    turn: NDArray[np.int64]
    is_pending: NDArray[np.int64]
    opening: NDArray[np.intp]
    weight: NDArray[np.float64]


class Repetition(NamedTuple):
    """What one repetition found.

    Parameters
    ----------
    estimate : of the probability of the event
    by_ancestor : (chains) parts of it, by the chain of the first stage from which they descend
    started : estimated probability that a crisis begins
    reached : (thresholds) estimated probability to cross each one
    typical : chance of a turn to cross, on average over the turns that did, by threshold
    n_chains : how many chains were carried, in all stages
    """

    estimate: float
    by_ancestor: NDArray[np.float64]
    started: float
    reached: NDArray[np.float64]
    typical: NDArray[np.float64]
    n_chains: int


def bytes_a_chain(world: World) -> int:
    """Memory that each chain of a repetition takes: its state, and one kept."""
    rows = new_state_rows(world, 1)
    return 2 * sum(array.nbytes for array in rows) + 64 * world.top


def run_repetition(
    plan: Plan,
    n: int,
    *,
    seed: int,
    number: int,
    stop: threading.Event | None = None,
    kept: list[Kept] | None = None,
) -> Repetition:
    """Carry `n` chains over the thresholds; `number` gives them words of their own.

    Parameters
    ----------
    kept : if given, what is remembered of each stage is added to it
    """
    world, goal = plan.world, plan.goal
    n_thresholds = len(goal.thresholds) - 1
    key, chain = np.uint64(seed), np.uint64(number)
    work, pools = new_state_rows(world, 1, zeros), [new_state_rows(world, n, zeros) for _ in "ab"]
    laws, chances, found = new_laws(world.n_actors), np.zeros((2, 2)), np.zeros((n, 4))
    pending = [np.zeros(n, np.int64) for _ in "ab"]
    parent_of, ancestor = np.arange(n), np.arange(n)
    place, weight = allot(plan.openings, n, _uniform(key, chain, 0))
    openings = plan.openings.rows[place]
    kernel = stage.run_stage if plan.backend == "python" else _kernel()
    by_ancestor, reached, typical = np.zeros(n), np.zeros(n_thresholds), np.zeros(n_thresholds)
    estimate, started, carried = 0.0, 0.0, 0
    last = n_thresholds - 1 if goal.is_last_crossing else n_thresholds
    for at in range(last + 1):
        if stop is not None and stop.is_set():
            break
        kernel(
            world,
            openings,
            pools[0],
            parent_of,
            pending[0],
            work,
            state_at(work, 0),
            laws,
            chances,
            pools[1],
            pending[1],
            found,
            goal.thresholds,
            max(at - 1, 0),
            at,
            goal.terms,
            goal.at_end,
            key,
            chain,
            at,
        )
        carried += n
        weight = weight * found[:, stage.STARTED]
        started = started if at > 0 else float(weight.sum())
        occurred = weight * found[:, stage.OCCURRED]
        crossing = weight * found[:, stage.WEIGHT]
        total = float(crossing.sum())
        if at < n_thresholds:
            reached[at] = estimate + float(occurred.sum()) + total
        if at == last and goal.is_last_crossing:
            occurred = occurred + crossing
        if kept is not None:
            turn = pools[1].now["turn"].astype(np.int64)
            kept.append(Kept(parent_of.copy(), turn, pending[1].copy(), place, occurred))
        estimate += float(occurred.sum())
        by_ancestor += np.bincount(ancestor, occurred, n)
        if at == n_thresholds:
            break
        if total > 0.0:
            typical[at] = float((weight * found[:, stage.TYPICAL]).sum()) / total
        if at == last or total == 0.0:
            break
        parent_of = systematic(crossing, n, _uniform(key, chain, at + 1))
        ancestor = ancestor[parent_of]
        weight = np.full(n, total / n)
        pools.reverse()
        pending.reverse()
    return Repetition(estimate, by_ancestor, started, reached, typical, carried)


def _uniform(seed: np.uint64, repetition: np.uint64, at: int) -> float:
    """A number from 0 to 1 for the choice of the chains of a stage."""
    drawn = int(words.fork_seed(seed, repetition, at, _SPREAD))
    return (drawn + 0.5) / 2.0**64


@functools.cache
def _kernel() -> Any:
    return compiled(stage.run_stage)
