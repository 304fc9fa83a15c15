"""A chain followed to a turn, and its branches with and without a change."""

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.backend_numba import branch_kernel, compiled, new_branch_room
from mcescalate.engine.backend_python import light_state, light_world
from mcescalate.engine.backends import BACKENDS
from mcescalate.engine.branches import continuation
from mcescalate.engine.branches.orders import Order, check_orders, order_row
from mcescalate.errors import BackendUnavailable, UsageError
from mcescalate.machine import available_cores
from mcescalate.model.aligned import zeros
from mcescalate.model.chain.plain import begin_chain, take_turn
from mcescalate.model.chain.scoring import Records, new_records
from mcescalate.model.chain.state_rows import new_state_rows, state_at
from mcescalate.model.codes import DETERRED, OUTCOMES
from mcescalate.model.state import highest_of_all
from mcescalate.model.world import World

FEWEST_A_WORKER = 100


class Branches(NamedTuple):
    """Records of all branches, and how many stand on which highest rung after each turn."""

    records: Records
    course: NDArray[np.int64]
    """(turn, rung)"""


class Path(NamedTuple):
    """The chain as it was."""

    heights: tuple[int, ...]
    """Highest rung before the first turn, and after each one."""
    outcome: str


def follow(
    world: World,
    actors: tuple[str, ...],
    *,
    seed: int,
    chain: int,
    turn: int,
    orders: Sequence[Order] = (),
) -> Path:
    """The chain to its end, once it is clear that branches can leave it at `turn`.

    Raises
    ------
    UsageError
        It ended before, or an order cannot be carried out then.
    """
    light, state = light_world(world), light_state(world)
    key, number = np.uint64(seed), np.uint64(chain)
    begin_chain(light, state, key, number)
    now: Any = state.now
    if now.over == 1 and now.outcome == DETERRED:
        raise UsageError(f"from turn {turn}: chain {chain} was deterred: it has no turns")
    heights = [int(highest_of_all(state))]
    while now.over == 0:
        if now.turn == turn - 1:
            check_orders(light, state, orders, actors)
        take_turn(light, state, key, number)
        heights.append(int(highest_of_all(state)))
    if now.turn < turn:
        raise UsageError(
            f"from turn {turn}: chain {chain} ended in turn {now.turn} "
            f"({OUTCOMES[now.outcome].replace('_', ' ')}); expected a turn from 1 to {now.turn}"
        )
    return Path(tuple(heights), OUTCOMES[now.outcome])


def run_branches(
    origin: World,
    world: World,
    orders: Sequence[Order],
    *,
    seed: int,
    chain: int,
    turn: int,
    first_branch: int,
    n_branches: int,
    workers: int | None = None,
    backend: str = "numba",
) -> Branches:
    """Simulate branches from `turn` on in `world`; until then the chain is that of `origin`.

    Parameters
    ----------
    first_branch : number of the first one; `branching.OWN_WORDS` has the chain's own words
    """
    if backend not in BACKENDS:
        raise BackendUnavailable(f'backend "{backend}" is not known; use {" or ".join(BACKENDS)}')
    batch = _batches()[backend]()
    records = new_records(world, n_branches)
    shape = (world.horizon + 1, world.top + 1)
    row = order_row(world.n_actors, orders)

    def work(start: int, count: int) -> NDArray[np.int64]:
        course = zeros(shape, np.int64)
        rows = new_state_rows(world, 2, zeros)
        batch(
            origin,
            world,
            rows,
            state_at(rows, 0),
            state_at(rows, 1),
            *(new_branch_room(world) if backend == "numba" else ()),
            row,
            records,
            course,
            start,
            np.uint64(seed),
            np.uint64(chain),
            turn,
            first_branch + start,
            count,
        )
        return course

    n_workers = min(workers or available_cores(), math.ceil(n_branches / FEWEST_A_WORKER))
    work(0, 0)  # compiles
    edges = np.linspace(0, n_branches, n_workers + 1).astype(int).tolist()
    shares = [(start, end - start) for start, end in itertools.pairwise(edges)]
    with ThreadPoolExecutor(n_workers) as pool:
        courses = list(pool.map(lambda share: work(*share), shares))
    return Branches(records, np.sum(courses, axis=0))


@functools.cache
def _batches() -> dict[str, Callable[[], Any]]:
    """By backend, what gives the function that simulates a batch of branches."""
    return {
        "numba": branch_kernel,
        "plain": functools.cache(lambda: compiled(continuation.branch_batch)),
        "python": lambda: continuation.branch_batch,
    }
