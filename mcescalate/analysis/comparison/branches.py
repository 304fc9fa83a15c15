"""Branches of one chain: what a change from a given turn on does to this one crisis.

The chain is followed to the start of a turn. From there many branches go on with random
numbers of their own, each twice, with and without the change, so that their differences are
paired as those of `compare`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.comparison.paired_runs import PairCounts, seen_in
from mcescalate.engine.branches.orders import read_orders
from mcescalate.engine.branches.run import Branches, Path, follow, run_branches
from mcescalate.errors import ResourceError, UsageError
from mcescalate.machine import available_memory
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.model.world import World
from mcescalate.quantities import in_bytes
from mcescalate.results.provenance.describe import describe, provenance_json, scenario_digest
from mcescalate.results.variables import record_bytes
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order
from mcescalate.scenario.schema import Scenario, expect_one_crisis

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["branch_chain"]

ARMS = ("unchanged", "changed")


def branch_chain(
    scenario: Scenario,
    changed: Scenario,
    *,
    chain: int,
    seed: int,
    from_turn: int,
    moves: Sequence[str] = (),
    n_branches: int = 10_000,
    workers: int | None = None,
    backend: str = "numba",
) -> "xr.Dataset":
    """Follow a chain to a turn, and simulate branches from there with and without a change.

    Parameters
    ----------
    scenario
        The scenario of the chain.
    changed
        The same with other values, which hold from `from_turn` on.
    chain
        Number of the chain.
    seed
        Seed of the chain; the branches' are derived from it.
    from_turn
        Turn in which the change begins, from 1.
    moves
        Texts "ACTOR=MOVE" for that turn: up, hold, down, join:initiator or join:target.
    n_branches
        Branches with, and as many without the change.
    workers
        Threads; by default one per available core.
    backend
        "numba", "plain" or "python", as for `simulate`.

    Returns
    -------
    xarray.Dataset
        As `mcescalate.branch` returns it.

    Raises
    ------
    UsageError
        The chain ended before `from_turn`, a move is impossible, or the scenarios do not match.
    BackendUnavailable
        There is no such backend.
    ResourceError
        The records of so many branches need more memory than there is.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_scenario("docs/examples/triad.toml")
    >>> second = mc.load_scenario("docs/examples/triad.toml", settings=["mediation.rate=1"])
    >>> counts = mc.analysis.branches.branch_chain(
    ...     first, second, chain=3, seed=7, from_turn=4, n_branches=20
    ... )
    >>> int(counts["n_chains"])
    20
    """
    actors = tuple(actor_order(scenario))
    expect_one_crisis(scenario, "branch", "--set-start")
    expect_one_crisis(changed, "branch")
    worlds = build_world(scenario), build_world(changed)
    _check_match(scenario, changed)
    orders = read_orders(moves, actors)
    needed = 2 * n_branches * record_bytes(len(actors))
    if needed > (free := available_memory()):
        raise ResourceError(
            f"records of {n_branches} branches need {in_bytes(needed)} of memory, and "
            f"{in_bytes(free)} are available; simulate fewer"
        )
    at: dict[str, Any] = {"seed": seed, "chain": chain, "turn": from_turn}
    path = follow(worlds[0], actors, orders=orders, **at)
    if changed.run.horizon < from_turn:
        raise UsageError(
            f"from turn {from_turn}: the changed scenario ends with turn {changed.run.horizon}"
        )
    both = [
        run_branches(
            worlds[0],
            world,
            given,
            first_branch=0,
            n_branches=n_branches,
            workers=workers,
            backend=backend,
            **at,
        )
        for world, given in zip(worlds, ((), orders), strict=True)
    ]
    counts = _paired(scenario, changed, worlds[0], actors, both)
    story = describe(scenario, seed=seed, ranges=[[chain, 1]], rng_layout=RNG_LAYOUT, elapsed=0.0)
    return _with_course(counts, scenario, path, both).assign_attrs(
        seed=str(seed),
        chain=str(chain),
        from_turn=from_turn,
        moves=list(moves),
        outcome=path.outcome,
        n_chains=n_branches,
        rng_layout=RNG_LAYOUT,
        turn_days=scenario.run.turn_days,
        title=scenario.title or "untitled scenario",
        second_sha256=scenario_digest(changed),
        provenance=provenance_json(story, scenario),
    )


def _check_match(scenario: Scenario, changed: Scenario) -> None:
    """Raise UsageError unless a chain of `scenario` can go on in `changed`."""
    if actor_order(scenario) != actor_order(changed):
        raise UsageError("branch: expected the same actors before and after the change")
    if scenario.ladder != changed.ladder:
        raise UsageError("branch: expected the same ladder before and after the change")


def _paired(
    scenario: Scenario,
    changed: Scenario,
    world: World,
    actors: tuple[str, ...],
    both: Sequence[Branches],
) -> "xr.Dataset":
    """Counts of branches by how they end without and with the change."""
    counts = PairCounts(scenario, {"changed": changed})
    places = np.array([actors.index(actor) for actor in counts.actors], np.intp)
    first, second = (seen_in(branches.records, world.top, places) for branches in both)
    counts.add(0, first, second)
    found = counts.to_dataset().isel(change=0, drop=True)
    return found.assign(misread_war_count=int(first.misread_war.sum()))


def _with_course(
    counts: "xr.Dataset", scenario: Scenario, path: Path, both: Sequence[Branches]
) -> "xr.Dataset":
    """The counts, the chain's highest rung by turn, and how many branches stand on which."""
    n_turns = max(len(branches.course) for branches in both)
    course = np.zeros((len(ARMS), n_turns, len(scenario.ladder.rungs)), np.int64)
    for arm, branches in enumerate(both):
        last = len(branches.course)
        course[arm, :last] = branches.course
        course[arm, last:] = branches.course[-1]
    height = np.full(n_turns, -1, np.int64)
    height[: len(path.heights)] = path.heights[:n_turns]
    return counts.assign(
        course_count=(("arm", "turn", "rung"), course), path_rung=(("turn",), height)
    ).assign_coords(
        arm=np.array(ARMS, object),
        turn=np.arange(n_turns),
        rung=np.array(scenario.ladder.rungs, object),
    )
