"""The functions that a notebook calls; each combines parts of the layers below."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.comparison.compare import compare
from mcescalate.arguments import file_name, kind_of, several
from mcescalate.engine.exact import solve_world
from mcescalate.engine.trace import ChainTrace, Trace, trace_scenario
from mcescalate.errors import UsageError
from mcescalate.importing.importer import read_data, scenario_from_data
from mcescalate.limits import (
    CHAIN_END,
    LONGEST_HORIZON,
    MOST_BRANCHES,
    MOST_IDLE_MINUTES,
    MOST_WORKERS,
    SEED_END,
    draw_seed,
    whole_number,
)
from mcescalate.results.dataset import build_probabilities, import_xarray
from mcescalate.results.files.store import load as load_checked
from mcescalate.results.files.store import save
from mcescalate.results.merge import merge
from mcescalate.results.simulate import simulate_arrays
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import load_case, load_scenario
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.calibration.fitting.from_data import Calibrated
    from mcescalate.exploration.server import ExplorePage
    from mcescalate.sweep.design.points import PlannedSweep

__all__ = [
    "branch",
    "calibrate",
    "compare",
    "estimate_rare",
    "explore",
    "load",
    "load_case",
    "load_scenario",
    "merge",
    "read_data",
    "run_sweep",
    "save",
    "scenario_from_data",
    "simulate",
    "solve",
    "trace",
]


def simulate(
    scenario: Scenario,
    *,
    n_chains: int,
    seed: int,
    first_chain: int = 0,
    workers: int | None = None,
    backend: str = "numba",
    keep_chains: bool = False,
    coefficients: "str | os.PathLike[str] | xr.Dataset | Any" = None,
    draws: int | None = None,
    era: str | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Simulate chains `first_chain` to `first_chain + n_chains - 1` and count their outcomes.

    Seed, chain numbers and scenario alone determine the counts: neither workers nor backend
    change them. Later chains are added with `merge`.

    Parameters
    ----------
    scenario
        The scenario, from `load_case`, `load_scenario` or `scenario_from_data`.
    n_chains
        Number of chains, 1 or more.
    seed
        0 to 2**63 - 1.
    first_chain
        Number of the first chain; the last one's is at most 2**64 - 1.
    workers
        Threads; by default one per available core.
    backend
        "numba"; "plain", which evaluates every rule anew in each turn and checks the kernel;
        "python" for the same without compilation.
    keep_chains
        Whether to keep a record of each chain too, along the dim `chain`.
    coefficients
        A posterior, as a file or in memory: `n_chains` are divided evenly over
        `draws` of it, each of which is a point, on the same random numbers.
    draws
        Number of draws of the posterior; 200, or all of fewer, if left out.
    era
        Era whose values of the posterior hold; by default that of the scenario.
    progress
        Called with the number of chains done so far.
    stop
        The run ends early once this is set.

    Returns
    -------
    xarray.Dataset
        Counts by outcome, rung, turn, actor, tie and more; docs/model.md, section 8, lists them.
        With a posterior they have the dim `point`, as the result of a sweep, and
        `analysis.posterior` gives their probabilities with both kinds of interval.

    Raises
    ------
    UsageError
        A number is out of range, `scenario` is not a scenario, or the posterior does not fit it.
    DataError
        `coefficients` is not a posterior.
    BackendUnavailable
        There is no such backend, or its package or device is missing.
    Interrupted
        `stop` was set before the last chain.
    ResourceError
        The records that `keep_chains` asks for do not fit into memory.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> result["outcome_count"].sel(outcome=["limited_war", "general_war"]).values.tolist()
    [371, 355]
    """
    expect_scenario(scenario, "simulate")
    if coefficients is not None:
        if keep_chains:
            raise UsageError(
                "keep_chains: not available with draws from a posterior; simulate one setting"
            )
        from mcescalate.sweep.design.draws import plan_draws
        from mcescalate.sweep.design.posterior import read_posterior

        planned = plan_draws(
            scenario,
            read_posterior(coefficients),
            n_chains=whole_number("n_chains", n_chains, 1, CHAIN_END),
            seed=whole_number("seed", seed, 0, SEED_END - 1),
            draws=None if draws is None else whole_number("draws", draws, 2, CHAIN_END),
            era=era,
            first_chain=first_chain,
        )
        return simulate_draws(
            planned.sweep, workers=workers, backend=backend, progress=progress, stop=stop
        )
    if draws is not None or era is not None:
        raise UsageError("draws and era: need coefficients that are a posterior")
    arrays = simulate_arrays(
        scenario,
        n_chains=n_chains,
        seed=seed,
        first_chain=first_chain,
        workers=workers,
        backend=backend,
        keep_chains=keep_chains,
        progress=progress,
        stop=stop,
        meanwhile=import_xarray,
    )
    return arrays.to_dataset()


def simulate_draws(
    sweep: "PlannedSweep",
    *,
    workers: int | None = None,
    backend: str = "numba",
    force: bool = False,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Simulate a sweep whose shards need not outlast it: a run over draws.

    Parameters
    ----------
    progress : is called with the number of chains done so far

    Raises
    ------
    McEscalateError
        As `run_sweep` does.
    """
    with tempfile.TemporaryDirectory(prefix="mcescalate-") as folder:
        return run_sweep(
            sweep,
            Path(folder) / "draws",
            workers=workers,
            backend=backend,
            force=force,
            progress=lambda status: progress(status.chains_done) if progress else None,
            stop=stop,
        )


def solve(
    scenario: Scenario,
    *,
    prune: float = 0.0,
    rounded: bool = False,
    backend: str = "numba",
    progress: Callable[[int, int], None] | None = None,
) -> "xr.Dataset":
    """Solve a small scenario exactly: the probability of everything that `simulate` counts.

    Parameters
    ----------
    scenario
        A scenario of two to four actors on a short ladder.
    prune
        States with a smaller probability are dropped in each turn, and the result
        has lower and upper bounds; 0 keeps all states.
    rounded
        Whether the probability of each decision is rounded to a multiple of 2^-32, as `simulate`
        draws it. The difference matters for events that rest on a chance below about 1e-7.
    backend
        "numba", or "python" for the same source uncompiled.
    progress
        Called with the number of crises solved so far, and that of all; a crisis
        is one pair of originators with one domain and one setting of arms.

    Returns
    -------
    xarray.Dataset
        Variables named `…_probability`, or `…_probability_lower` and `…_probability_upper` if
        states may have been dropped; their dims are those of the counts.

    Raises
    ------
    UsageError
        `prune` is not a number from 0 to less than 1, or `scenario` is not a scenario.
    BackendUnavailable
        There is no such backend.
    ResourceError
        The scenario has too many states for the memory or time that it may take.
    Unsolvable
        The scenario counts something whose probability an exact solution cannot know.

    Examples
    --------
    >>> import mcescalate as mc
    >>> exact = mc.solve(mc.load_scenario("docs/examples/triad.toml"))
    >>> round(exact["outcome_probability"].sel(outcome="general_war").item(), 6)
    0.013613
    """
    expect_scenario(scenario, "solve")
    if not (isinstance(prune, int | float) and 0.0 <= prune < 1.0):
        raise UsageError(f"prune: expected a number from 0 to less than 1, found {prune!r}")
    begin = time.perf_counter()
    solution = solve_world(
        build_world(scenario), prune=prune, rounded=rounded, backend=backend, progress=progress
    )
    elapsed = time.perf_counter() - begin
    return build_probabilities(
        scenario, solution, prune=prune, rounded=rounded, elapsed=elapsed
    ).to_dataset()


def trace(scenario: Scenario, *, chain: int, seed: int) -> Trace | ChainTrace:
    """Follow one chain of a scenario turn by turn.

    `print` shows the chain; the fields of the result hold every probability, draw and decision.

    Parameters
    ----------
    scenario
        The scenario, as for `simulate`.
    chain
        Number of the chain, 0 to 2**64 - 1.
    seed
        0 to 2**63 - 1.

    Returns
    -------
    Trace
        `incident`, `arms`, `governments`, `turns`, `end` and more; `to_dict()` gives plain values
        for JSON. Where chains are several crises each, a `ChainTrace`, with `periods`, each of
        which has a `crisis` of this kind or was quiet.

    Raises
    ------
    UsageError
        A number is out of range, or `scenario` is not a scenario.

    Examples
    --------
    >>> import mcescalate as mc
    >>> chain = mc.trace(mc.load_case("july-1914"), chain=12, seed=7)
    >>> chain.end.outcome, chain.incident.domain
    ('limited_war', 'ultimatum')
    """
    expect_scenario(scenario, "trace")
    chain = whole_number("chain", chain, 0, CHAIN_END - 1)
    seed = whole_number("seed", seed, 0, SEED_END - 1)
    return trace_scenario(scenario, seed=seed, chain=chain)


def branch(
    scenario: Scenario,
    *,
    chain: int,
    seed: int,
    from_turn: int,
    settings: Iterable[str] = (),
    off: Iterable[str] = (),
    on: Iterable[str] = (),
    moves: Iterable[str] = (),
    n_branches: int = 10_000,
    workers: int | None = None,
    backend: str = "numba",
) -> "xr.Dataset":
    """Follow a chain to a turn, change something, and see how this very crisis could go on.

    From the start of that turn `n_branches` go on with random numbers of their own, each with
    and without the change, so that differences are paired, as those of `compare`. With nothing
    changed both go on alike.

    Parameters
    ----------
    scenario
        The scenario of the chain, as for `trace`.
    chain
        Number of the chain, 0 to 2**64 - 1.
    seed
        0 to 2**63 - 1.
    from_turn
        First turn with the change, from 1; the chain must have lasted so long.
    settings
        Texts "address=value": values from that turn on.
    off
        What is taken away from that turn on, as for `compare --without`, e.g. "tie:RUS-YUG".
    on
        What is put in place, as for `compare --with`, e.g. "hotline:RUS-GMY=0.5".
    moves
        Texts "ACTOR=MOVE" for that turn alone: up, hold, down, join:initiator, join:target.
    n_branches
        Branches with, and as many without the change.
    workers
        Threads; by default one per available core.
    backend
        "numba", "plain" or "python", as for `simulate`.

    Returns
    -------
    xarray.Dataset
        Counts of branches by how they end without and with the change, as from `compare`, for
        `analysis.compare.differences` and the like; `course_count` by arm, turn and highest
        rung; and `path_rung`, the chain's own highest rung by turn, -1 after its end.

    Raises
    ------
    UsageError
        The chain ended before that turn, a move is impossible in it, or a number is out of range.
    ScenarioError
        A setting or an edit is invalid.
    BackendUnavailable
        There is no such backend.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml")
    >>> counts = mc.branch(triad, chain=3, seed=7, from_turn=4, moves=["A=down"], n_branches=50)
    >>> change = mc.analysis.compare.differences(counts).sel(event="war")
    >>> bool(change["lower"] <= change["difference"] <= change["upper"])
    True
    """
    from mcescalate.analysis.comparison.branches import branch_chain
    from mcescalate.scenario.change.edits import edited
    from mcescalate.scenario.reading import change_scenario

    expect_scenario(scenario, "branch")
    changed = change_scenario(scenario, settings=settings, function="branch")
    if workers is not None:
        workers = whole_number("workers", workers, 1, MOST_WORKERS)
    return branch_chain(
        scenario,
        edited(changed, off=several(off, "branch: off"), on=several(on, "branch: on")),
        chain=whole_number("chain", chain, 0, CHAIN_END - 1),
        seed=whole_number("seed", seed, 0, SEED_END - 1),
        from_turn=whole_number("from_turn", from_turn, 1, LONGEST_HORIZON),
        moves=several(moves, "branch: moves"),
        n_branches=whole_number("n_branches", n_branches, 1, MOST_BRANCHES),
        workers=workers,
        backend=backend,
    )


def estimate_rare(
    scenario: Scenario,
    *,
    event: str,
    rel: float = 0.1,
    seed: int,
    most_chains: int = 20_000_000,
    workers: int | None = None,
    backend: str = "numba",
    progress: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Estimate the probability per incident of an event that is too rare to be counted.

    Chains are carried over one threshold after the other on the way to the event: rungs, entries,
    states at war. The chance to cross each one in a turn is known from the laws of that turn and
    added up, not waited for. Unbiased for any probability; the number of chains grows
    until the relative standard error is `rel`.

    Parameters
    ----------
    scenario
        The scenario, as for `simulate`.
    event
        "war", "crisis", an outcome, "peak>=RUNG", "war:ACTOR", "entered:ACTOR", "war_size>=N",
        "engaged_size>=N", "misread_war", or several of them, joined by "&".
    rel
        Relative standard error asked for, above 0 and below 1.
    seed
        0 to 2**63 - 1; it determines the estimate, whatever the number of workers.
    most_chains
        Chains that may be simulated in all, trials included.
    workers
        Threads; by default one per available core.
    backend
        "numba", or "python" for the same source uncompiled.
    progress
        Called with the number of chains done so far, and of those planned so far.
    stop
        The work ends early once this is set.

    Returns
    -------
    xarray.Dataset
        `probability` with `lower` and `upper` (NaN if the estimate descends from fewer than 30
        effective chains), `error`, `n_ancestors`, `gain` over counting, and by `threshold` how
        many chains reach it. Of an event that is impossible, 0, with the attribute `reason`.

    Raises
    ------
    UsageError
        There is no such event, or a number is out of range.
    ResourceError
        More chains would be needed.
    BackendUnavailable
        There is no such backend.
    Interrupted
        `stop` was set before the end.

    Examples
    --------
    >>> import mcescalate as mc
    >>> pair = mc.load_scenario("docs/examples/triad.toml", settings=["response.war_cost=16"])
    >>> found = mc.estimate_rare(pair, event="war", seed=7)
    >>> bool(found["lower"] < found["probability"] < found["upper"] < 1e-6)
    True
    """
    from mcescalate.analysis.estimation.rare import rare_event

    expect_scenario(scenario, "estimate_rare")
    if not isinstance(event, str):
        raise UsageError(f'event: expected a text such as "war", found {kind_of(event)}')
    if isinstance(rel, bool) or not isinstance(rel, int | float) or not 0.0 < rel < 1.0:
        raise UsageError(f"rel: expected a number above 0 and below 1, found {rel!r}")
    if workers is not None:
        workers = whole_number("workers", workers, 1, MOST_WORKERS)
    return rare_event(
        scenario,
        event,
        rel=float(rel),
        seed=whole_number("seed", seed, 0, SEED_END - 1),
        most_chains=whole_number("most_chains", most_chains, 1, CHAIN_END),
        workers=workers,
        backend=backend,
        progress=progress,
        stop=stop,
    )


def explore(
    scenario: Scenario,
    *,
    seed: int | None = None,
    port: int = 0,
    idle_minutes: float = 60.0,
    workers: int | None = None,
    backend: str = "numba",
    words: Sequence[str] = ("scenario.toml",),
    in_frame: bool = True,
) -> "ExplorePage":
    """Serve a page on this machine on which values can be changed and every figure follows.

    In a notebook the result shows the page in a frame; `.url` is its address, `.stop()` ends it.
    The browser has to run on the same machine. The figures are those of `simulate` and `compare`
    with the same seed and number of chains.

    Parameters
    ----------
    scenario
        The base, with which all changes are compared.
    seed
        0 to 2**63 - 1; drawn at random if omitted, and shown on the page.
    port
        Port to listen on, on 127.0.0.1 alone; 0 for any that is free.
    idle_minutes
        Minutes without a request after which the page stops.
    workers
        Threads; by default one per available core.
    backend
        "numba", "plain" or "python", as for `simulate`.
    words
        What names the scenario in commands that the page shows: its file, and options.
    in_frame
        Whether pages of this machine, such as a notebook, may show it in a frame.

    Returns
    -------
    ExplorePage
        The running page: `.url`, `.stop()`.

    Raises
    ------
    UsageError
        A number is out of range, or `scenario` is not a scenario.
    BackendUnavailable
        There is no such backend, or its package or device is missing.
    ResourceError
        The port is taken, or closed to this user.

    Examples
    --------
    >>> import mcescalate as mc
    >>> page = mc.explore(mc.load_case("july-1914"), seed=7)
    >>> page.url.startswith("http://127.0.0.1:")
    True
    >>> page.stop()
    """
    from mcescalate.engine.backends import kernels_of
    from mcescalate.exploration.positions import Exploration
    from mcescalate.exploration.server import LOCAL_FRAMES, ExplorePage
    from mcescalate.exploration.site import Site
    from mcescalate.report.make import make_report

    expect_scenario(scenario, "explore")
    port = whole_number("port", port, 0, 65_535)
    if workers is not None:
        workers = whole_number("workers", workers, 1, MOST_WORKERS)
    if not (isinstance(idle_minutes, int | float) and 0 < idle_minutes <= MOST_IDLE_MINUTES):
        raise UsageError(
            f"idle_minutes: expected a number above 0, up to {MOST_IDLE_MINUTES}, "
            f"found {idle_minutes!r}"
        )
    kernels_of(backend)
    exploration = Exploration(
        scenario,
        seed=draw_seed() if seed is None else seed,
        workers=workers,
        backend=backend,
    )
    site = Site(
        exploration,
        words=words,
        make_report=lambda result: make_report(result).html,
        idle_minutes=idle_minutes,
        frames=LOCAL_FRAMES if in_frame else "'none'",
    )
    return ExplorePage(site, port=port, idle_seconds=60.0 * idle_minutes)


def load(path: str | os.PathLike[str]) -> "xr.Dataset":
    """Read a result into memory, and close its file.

    The result is checked as a whole: its digest, every attribute and label, that counts add up, and
    that all of this agrees with its provenance. Another program may have stored it again,
    with notes as further attributes. A warning names additions; added variables are left out.

    Parameters
    ----------
    path
        File of a result: of a run, a sweep or an exact solution.

    Returns
    -------
    xarray.Dataset
        The counts or probabilities, as `simulate`, `run_sweep` or `solve` returned them.

    Raises
    ------
    DataError
        There is no such file, it is not a result, is damaged or contradicts itself, or is of a
        later version.
    ResourceError
        It is larger than the memory.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.save(mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7), "july.h5")
    >>> mc.load("july.h5")["n_chains"].item()
    1000
    """
    result = load_checked(path)
    if "point" in result.dims:
        from mcescalate.sweep.result.checks import check_points

        check_points(result, os.fspath(path))
    return result


def run_sweep(
    plan: "str | os.PathLike[str] | PlannedSweep",
    out: str | os.PathLike[str],
    *,
    options: Mapping[str, Any] | None = None,
    workers: int | None = None,
    executor: str = "threads",
    scheduler: str | None = None,
    insecure_cluster: bool = False,
    backend: str = "numba",
    force: bool = False,
    progress: Callable[[Any], None] = lambda status: None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Simulate a sweep into a folder, or continue one, and label its result.

    The result is also in the folder, as `result.h5`.

    Parameters
    ----------
    plan
        A `Sweep`, a plan file (TOML), or the name of a plan that comes with the package.
    out
        Folder for shards and result; if it holds part of this sweep, the rest is simulated.
    options
        Values in place of the plan's, such as {"seed": 7, "chains": 1000}.
    workers
        Threads or processes; by default one per available core. No count depends on it.
    executor
        "threads", "processes" or "dask".
    scheduler
        Address of a dask scheduler, such as "tcp://host:8786".
    insecure_cluster
        Whether to allow a scheduler on another host without encryption.
    backend
        "numba", "plain" or "python", as for `simulate`.
    force
        Whether to simulate even if the estimate exceeds the time, memory or disk available.
    progress
        Called about ten times a second with how far it has come.
    stop
        The sweep ends early once this is set, and can be continued.

    Returns
    -------
    xarray.Dataset
        Every count of a run with the additional first dim `point`, and the values of each point
        as coordinates.

    Raises
    ------
    ScenarioError
        The plan, or a point of it, is invalid.
    OutputError
        The folder cannot take the sweep, or belongs to another one.
    ResourceError
        The machine lacks memory or disk.
    FailedShards
        Some points could not be simulated; the others are on disk.
    Interrupted
        `stop` was set before the end.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> result = mc.run_sweep(sweep, "gap")
    >>> result["response.gap"].values.tolist(), result["n_chains"].values.tolist()
    ([0.2, 0.5], [320, 320])
    """
    from mcescalate.engine.batches import Interrupted
    from mcescalate.errors import FailedShards
    from mcescalate.sweep.design.points import PlannedSweep
    from mcescalate.sweep.result.assemble import assemble
    from mcescalate.sweep.store.shard_files import RESULT
    from mcescalate.sweep.workflow import check_memory, prepare, run_shards

    if not isinstance(plan, PlannedSweep):
        if not isinstance(plan, str | bytes | os.PathLike):
            raise UsageError(f"run_sweep: expected a Sweep or a plan file, found {kind_of(plan)}")
        plan = file_name(plan, "run_sweep")
    out = file_name(out, "run_sweep")
    prepared = prepare(
        plan,
        out,
        options=options,
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        force=force,
    )
    folder, status = run_shards(
        prepared,
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        insecure_cluster=insecure_cluster,
        backend=backend,
        should_stop=stop.is_set if stop else lambda: False,
        progress=progress,
    )
    if status.is_stopped:
        raise Interrupted
    if status.failures:
        raise FailedShards(status.failures)
    check_memory(folder, force=force)
    result = assemble(folder)
    save(result, Path(out) / RESULT, force=True)
    return result


def calibrate(
    paths: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]",
    *,
    free: Iterable[str] = (),
    by_era: Iterable[str] | None = None,
    coefficients: "str | os.PathLike[str] | None" = None,
    split: str = "",
    chains: int = 2000,
    actors: int = 16,
    lag_years: int = 0,
    first_event: bool = False,
    feedback: bool = True,
    mapping: Any = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    stop: threading.Event | None = None,
) -> "Calibrated":
    """Fit coefficients to the recorded disputes in published data files.

    Parameters
    ----------
    paths
        Data files, or folders that contain them.
    free
        Addresses of the values to fit; those that disputes were found to inform if left out.
    by_era
        Those of them that shift by era; the usual ones if left out.
    coefficients
        Overlay for every scenario; the values that it sets stay fixed.
    split
        How to split disputes for scoring the fit on unseen ones, as in a backtest.
    chains
        Number of chains for each dispute that is scored.
    actors
        Number of states in each scenario, 2 to 300.
    lag_years
        Years before the dispute whose data are used, 0 to 50.
    first_event
        Whether a dispute begins with its first recorded event.
    feedback
        Whether the fit of who joins is corrected, by simulation, for what joiners set off.
    mapping
        Numbers of the mapping that differ from the defaults, or a TOML file of them.
    seed
        Seed of the draws and of the simulation.
    workers
        Threads; by default one per available core.
    progress
        Called with the number of disputes whose scenario is made.
    stop
        No new scenario is begun once this is set.

    Returns
    -------
    Calibrated
        Estimates, draws and rows of a table; and a summary as plain values.

    Raises
    ------
    UsageError
        A value cannot be fitted, is fixed, or nothing is informed; an argument is out of range.
    DataError
        A file is damaged.
    ScenarioError
        The overlay does not fit the scenarios.
    Interrupted
        `stop` was set before the end.

    Examples
    --------
    `data` holds the published files, with disputes; a fit takes some minutes:

    >>> import mcescalate as mc
    >>> calibrated = mc.calibrate("data")  # doctest: +SKIP
    """
    from mcescalate.calibration.fitting.from_data import NONE, Request, calibrate_data
    from mcescalate.scenario.reading import read_coefficients

    name, tables = (
        read_coefficients(file_name(coefficients, "calibrate"))
        if coefficients is not None
        else ("", {})
    )
    request = Request.of(
        free=several(free, "calibrate: free"),
        by_period=() if by_era is None else several(by_era, "calibrate: by_era") or (NONE,),
        tables=tables,
        overlay=name,
        actors=whole_number("actors", actors, 2, 300),
        lag_years=whole_number("lag_years", lag_years, 0, 50),
        first_event=first_event,
        feedback=feedback,
        seed=whole_number("seed", seed, 0, SEED_END - 1),
    )
    data = read_data(paths, mapping=mapping)
    return calibrate_data(
        data,
        data.disputes(),
        request,
        split=split,
        chains=whole_number("chains", chains, 1, 10**7),
        workers=workers,
        progress=progress,
        stop=stop,
    )
