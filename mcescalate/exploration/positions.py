"""The base and one position after the other, simulated on the same chains in growing numbers.

Chains 0 to n - 1 of the seed are simulated for n = 1,000, then 10,000, then 100,000. Counts are
sums over chains, so each stage adds its own chains to the stage before, and the counts are those
of `simulate` and `compare` with this seed and n. The chains of the base are simulated once.
"""

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mcescalate.analysis.comparison.paired_runs import PairCounts, Seen, blocks, simulate_seen
from mcescalate.engine.batches import Interrupted, add_tallies, run_chains
from mcescalate.errors import ScenarioError
from mcescalate.limits import SEED_END, whole_number
from mcescalate.machine import available_cores, available_memory
from mcescalate.model.counts import Tally
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.results.dataset import build_arrays, import_xarray
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.addresses import assign, parse_settings
from mcescalate.scenario.schema import Scenario, expect_scenario, several_crises_problem

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

STAGES = (1_000, 10_000, 100_000)
"""Chains of each stage, where the machine is fast enough."""

FIRST_SECONDS = 0.5
LAST_SECONDS = 20.0
"""Time that the first and the last stage may take; slower scenarios get fewer chains."""

FEWEST_CHAINS = 20
BATCH_SECONDS = 0.05
"""Time after which a newer position is taken up."""

PROBE_CHAINS = {"numba": 200, "plain": 100, "python": 5}
"""Chains whose time is taken before the first stage."""

SEEN_BYTES = 12
SEEN_BYTES_ACTOR = 2
"""Memory of what is kept of each chain of the base: of its own, and for each actor."""

MOST_MEMORY = 0.25
"""Share of the available memory that this may take."""

MOST_DIFFERING = 100
"""Chains with another outcome than in the base that are named."""


class Superseded(Exception):
    """A newer position was asked for, or the exploration ended."""


class Counted(NamedTuple):
    """One stage of one position.

    Parameters
    ----------
    stage : its number, from 0
    stages : chains of all stages
    now, base : counts of the position and of the base
    pairs : counts of pairs of chains, as `compare` returns them
    differing : numbers of chains of the first stage whose outcome is another one
    """

    stage: int
    stages: tuple[int, ...]
    now: "Arrays"
    base: "Arrays"
    pairs: "xr.Dataset"
    differing: tuple[int, ...]


class Exploration:
    """One scenario, the base, and positions: the base with other values.

    One simulation runs at a time. A newer position ends that of an older one.

    Parameters
    ----------
    scenario : the base
    seed, workers, backend : as for `mcescalate.simulate`

    Raises
    ------
    UsageError
        `scenario` is none, or the seed is out of range.
    ScenarioError
        Its chains are several crises each.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int, workers: int | None = None, backend: str = "numba"
    ):
        expect_scenario(scenario, "explore")
        _expect_one_crisis(scenario)
        self.scenario = scenario
        self.seed = whole_number("seed", seed, 0, SEED_END - 1)
        self.backend = backend
        self.workers = workers
        self.stages: tuple[int, ...] = ()
        """Chains of each stage, once they are planned."""
        self.rate = 0.0
        """Chains a second."""
        self._base = self._new_run(scenario)
        self._simulating = threading.Lock()
        self._choosing = threading.Lock()
        self._stop = threading.Event()
        self._closing = threading.Event()
        self._ready = threading.Event()
        self._failure: Exception | None = None

    def _new_run(self, scenario: Scenario) -> "_Run":
        how = {"seed": self.seed, "workers": self.workers, "backend": self.backend}
        return _Run(scenario, tuple(actor.id for actor in self.scenario.actors), how)

    # ---- before the first position

    def prepare(self) -> None:
        """Compile, import and take the time of some chains; on a thread of its own."""
        try:
            import_xarray()
            self.rate = self._base.measure_rate(PROBE_CHAINS.get(self.backend, 1))
        except Exception as error:
            self._failure = error
        self._ready.set()

    def wait_until_ready(self, timeout: float) -> bool:
        """Wait for `prepare`; whether it is done.

        Raises
        ------
        Exception
            The one that `prepare` met.
        """
        is_ready = self._ready.wait(timeout)
        if self._failure is not None:
            raise self._failure
        return is_ready

    def close(self) -> None:
        """End the simulation that runs, and let no other begin."""
        with self._choosing:
            self._closing.set()
            self._stop.set()

    # ---- positions

    def changed(self, settings: Iterable[str]) -> Scenario:
        """The base with settings "address=value", as `--set` takes them.

        Raises
        ------
        ScenarioError
            A setting is invalid; lists every problem.
        """
        parsed = parse_settings(settings)
        changed = assign(self.scenario, parsed) if parsed else self.scenario
        _expect_one_crisis(changed)
        return changed

    def positions(self, changed: Scenario) -> Generator[Counted, None, None]:
        """Simulate a position stage by stage; the counts after each.

        Raises
        ------
        Superseded
            A newer position was asked for, or the exploration has ended.
        """
        stop = self._supersede()
        with self._simulating:
            run = self._base if changed is self.scenario else self._new_run(changed)
            pairs = PairCounts(self.scenario, {"second": changed})
            differing: list[int] = []
            start = 0
            for stage, end in enumerate(self._planned(stop)):
                for first, count in self._blocks(start, end):
                    before = self._base.simulate(first, count, stop, self._batch_size)
                    after = run.simulate(first, count, stop, self._batch_size)
                    pairs.add(0, before, after)
                    if stage == 0:
                        other = np.flatnonzero(before.outcome != after.outcome)
                        differing += (first + other).tolist()
                yield Counted(
                    stage,
                    self.stages,
                    run.arrays(end),
                    self._base.arrays(end),
                    pairs.to_dataset().isel(change=0, drop=True),
                    tuple(differing[:MOST_DIFFERING]),
                )
                start = end

    def result(self, changed: Scenario, n_chains: int) -> "xr.Dataset":
        """What `simulate` returns for a position.

        Raises
        ------
        Superseded
            The exploration has ended.
        """
        with self._simulating:
            run = self._new_run(changed)
            for first, count in self._blocks(0, n_chains):
                run.simulate(first, count, self._closing, self._batch_size)
            return run.arrays(n_chains).to_dataset()

    def _supersede(self) -> threading.Event:
        """End the position before this one; the event that will end this one."""
        stop = threading.Event()
        with self._choosing:
            if self._closing.is_set():
                raise Superseded
            self._stop.set()
            self._stop = stop
        return stop

    def _blocks(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """(First chain, number) of blocks from `start` to `end`."""
        n_actors = len(self.scenario.actors)
        return ((start + place, count) for place, count in blocks(end - start, n_actors))

    def _planned(self, stop: threading.Event) -> tuple[int, ...]:
        """Chains of all stages: of the first one by the probe, of others by its time."""
        if not self.stages:
            first = min(STAGES[0], max(nice(FIRST_SECONDS * self.rate), FEWEST_CHAINS))
            begin = time.perf_counter()
            self._base.simulate(0, first, stop, self._batch_size)
            self.rate = max(first / max(time.perf_counter() - begin, 1e-6), self.rate)
            most = min(nice(LAST_SECONDS * self.rate), self._most_in_memory(), STAGES[-1])
            later = {n for n in STAGES if first < n < most} | {max(most, first)} - {first}
            self.stages = (first, *sorted(later))
        return self.stages

    def _most_in_memory(self) -> int:
        each = SEEN_BYTES + SEEN_BYTES_ACTOR * len(self.scenario.actors)
        return nice(MOST_MEMORY * available_memory() / each)

    @property
    def _batch_size(self) -> int:
        """Chains a kernel call, few enough that a newer position need not wait."""
        return max(int(BATCH_SECONDS * self.rate / (self.workers or available_cores())), 1)


class _Run:
    """Chains of one scenario, added block by block; each is simulated once."""

    def __init__(self, scenario: Scenario, actors: tuple[str, ...], how: dict[str, Any]):
        self.scenario = scenario
        self.actors = actors
        self.how = how
        self.world = build_world(scenario)
        self.tallies: dict[int, Tally] = {}
        """Counts of each block, by its first chain."""
        self.seen: dict[int, Seen] = {}
        """What is compared of each block, likewise."""

    def simulate(
        self, first_chain: int, n_chains: int, stop: threading.Event, batch_size: int
    ) -> Seen:
        """Simulate a block, unless that is done; what is compared of its chains.

        Raises
        ------
        Superseded
            `stop` was set before its end.
        """
        if stop.is_set():
            raise Superseded
        if first_chain not in self.seen:
            try:
                self.tallies[first_chain], self.seen[first_chain] = simulate_seen(
                    self.scenario,
                    self.actors,
                    world=self.world,
                    first_chain=first_chain,
                    n_chains=n_chains,
                    batch_size=batch_size,
                    stop=stop,
                    **self.how,
                )
            except Interrupted:
                raise Superseded from None
        return self.seen[first_chain]

    def arrays(self, n_chains: int) -> "Arrays":
        """The counts of chains 0 to `n_chains` - 1, as `simulate` labels them."""
        tallies = [tally for first, tally in self.tallies.items() if first < n_chains]
        return build_arrays(
            self.scenario,
            add_tallies(tallies),
            seed=self.how["seed"],
            first_chain=0,
            rng_layout=RNG_LAYOUT,
        )

    def measure_rate(self, n_chains: int) -> float:
        """Chains a second, measured once all is compiled."""
        for _ in range(2):
            begin = time.perf_counter()
            run_chains(self.world, first_chain=0, n_chains=n_chains, keep_chains=True, **self.how)
            elapsed = time.perf_counter() - begin
        return n_chains / max(elapsed, 1e-6)


def nice(number: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … up to `number`; 0 below 1."""
    if number < 1:
        return 0
    power = 10 ** (len(str(int(number))) - 1)
    return power * max(digit for digit in (1, 2, 5) if digit * power <= number)


def _expect_one_crisis(scenario: Scenario) -> None:
    if problem := several_crises_problem(scenario):
        raise ScenarioError("scenario", [f"explore: {problem}"])
