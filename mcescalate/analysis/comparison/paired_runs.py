"""Runs of several scenarios with common random numbers, chain by chain.

The same decisions use the same random numbers, so a chain differs between two scenarios only
from the point at which their difference matters. Chains are simulated in blocks and only
counted, so memory does not grow with their number.
"""

import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimation.events import occurs_in
from mcescalate.engine.batches import run_chains
from mcescalate.engine.events import Event, parse_event
from mcescalate.errors import ResourceError, UsageError
from mcescalate.limits import CHAIN_END, SEED_END, whole_number
from mcescalate.machine import available_memory
from mcescalate.model.chain.scoring import Records
from mcescalate.model.codes import DETERRED, NEUTRAL, NO_OUTCOME, OUTCOMES
from mcescalate.model.counts import Tally
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.model.world import World
from mcescalate.quantities import in_bytes
from mcescalate.results.labels import n_periods
from mcescalate.results.provenance.describe import describe, provenance_json, scenario_digest
from mcescalate.results.variables import record_bytes
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["simulate_paired"]

BLOCK_BYTES = 64_000_000
"""Approximate size of the records held at once."""

FEWEST_BLOCK_CHAINS = 1024
"""Smaller blocks cost more time than they save memory."""

DETERRED_REACH, NO_WAR_REACH = -1, 0
"""Places on the scale `reach`: deterred, a crisis without war; above, how many are at war."""


class Seen(NamedTuple):
    """What is compared, for each chain of one block.

    Of a chain of several crises that is the worst outcome (in the order of `OUTCOMES`), and the
    most of everything else; a quiet period counts as deterred.

    Parameters
    ----------
    outcome : (chain) code
    peak : (chain) highest rung
    reach : (chain) -1 if deterred, else how many are at war at the end
    size : (chain) how many took a side
    engaged, at_war : (chain, actor) whether the actor took a side, is at war at the end
    misread_war : (chain) whether its war began by misreading alone
    outcomes : (chain, period) code of the outcome of each period, `QUIET` if it had no crisis
    occurred : (chain, event) whether each of the events asked for occurred in a crisis of the chain
    """

    outcome: NDArray[np.integer]
    peak: NDArray[np.integer]
    reach: NDArray[np.integer]
    size: NDArray[np.integer]
    engaged: NDArray[np.bool_]
    at_war: NDArray[np.bool_]
    misread_war: NDArray[np.integer]
    outcomes: NDArray[np.integer]
    occurred: NDArray[np.bool_]


QUIET = len(OUTCOMES)
PERIOD_OUTCOMES = (*OUTCOMES, "quiet")
"""What a period of a chain of several crises may come to."""


def simulate_paired(
    first: Scenario,
    seconds: Mapping[str, Scenario],
    *,
    n_chains: int,
    seed: int,
    first_chain: int = 0,
    workers: int | None = None,
    backend: str = "numba",
    events: Sequence[str] = (),
    block_chains: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Simulate a scenario and several others on the same chains, and count the results.

    Parameters
    ----------
    first
        The baseline.
    seconds
        Scenarios by their labels on the dim `change`.
    n_chains
        Number of chains of each scenario, 1 or more.
    seed
        0 to 2**63 - 1.
    first_chain
        Number of the first chain.
    workers
        Threads; by default one per available core.
    backend
        "numba", "plain" or "python", as for `mcescalate.simulate`.
    events
        Events to count pairs by beside those below, e.g. "entered:RUS", "misread_war&war:GMY".
    block_chains
        Chains held in memory at once, by default some 64 MB of them; changes no count.
    progress
        Called with the number of chains done so far, of all scenarios together.
    stop
        The work ends early once this is set.

    Returns
    -------
    xarray.Dataset
        Counts of chains by their result in the first and in the second run: `outcome_pair_count`
        (change, first_outcome, second_outcome), likewise `peak_`, `reach_` (-1 deterred, else
        the number at war) and `size_pair_count` (the number engaged), and by actor
        `engaged_pair_count` and `at_war_pair_count` (change, actor, first_did, second_did); and
        `misread_war_count`, the first run's wars that began by misreading alone; with `events` also
        `event_pair_count` (change, event, first_did, second_did). Where chains are
        several crises each these are of whole chains: the worst outcome, the highest peak, the
        most at war and engaged; if all scenarios have as many periods, there is also
        `crisis_outcome_pair_count` (change, crisis, first_period, second_period).

    Raises
    ------
    UsageError
        A number is out of range, there is nothing to compare, rungs differ, or there is no such
        event.
    BackendUnavailable
        There is no such backend.
    ResourceError
        The counts of so many scenarios need more memory than there is.
    Interrupted
        `stop` was set before the last chain.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> names = ("hotline", "mediator")
    >>> seconds = {name: mc.load_case("july-1914", overlays=[name]) for name in names}
    >>> counts = mc.analysis.paired_runs.simulate_paired(first, seconds, n_chains=1000, seed=7)
    >>> counts["change"].values.tolist()
    ['hotline', 'mediator']
    """
    for scenario in (first, *seconds.values()):
        expect_scenario(scenario, "simulate_paired")
    first_chain = whole_number("first_chain", first_chain, 0, CHAIN_END - 1)
    n_chains = whole_number("n_chains", n_chains, 1, CHAIN_END - first_chain)
    seed = whole_number("seed", seed, 0, SEED_END - 1)
    if not seconds:
        raise UsageError("compare: expected at least one scenario to compare with the first")
    counts = PairCounts(first, seconds, events)
    done = n_misread_wars = 0

    def simulate(scenario: Scenario, start: int, count: int) -> Seen:
        nonlocal done
        _, seen = simulate_seen(
            scenario,
            counts.actors,
            events=counts.events,
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

    most_crises = max(s.sequence.crises for s in (first, *seconds.values()))
    for start, count in blocks(n_chains, len(counts.actors) * most_crises, block_chains):
        seen = simulate(first, start, count)
        n_misread_wars += int(seen.misread_war.sum())
        for change, second in enumerate(seconds.values()):
            counts.add(change, seen, simulate(second, start, count))
    story = describe(
        first, seed=seed, ranges=[[first_chain, n_chains]], rng_layout=RNG_LAYOUT, elapsed=0.0
    )
    counted = counts.to_dataset().assign(misread_war_count=n_misread_wars)
    return counted.assign_attrs(
        seed=str(seed),
        first_chain=str(first_chain),
        n_chains=n_chains,
        rng_layout=RNG_LAYOUT,
        title=first.title or "untitled scenario",
        second_sha256=json.dumps({label: scenario_digest(s) for label, s in seconds.items()}),
        provenance=provenance_json(story, first),
    )


def blocks(
    n_chains: int, n_actors: int, block_chains: int | None = None
) -> Iterator[tuple[int, int]]:
    """(start, count) of stretches of chains small enough to hold their records at once."""
    size = block_chains or max(BLOCK_BYTES // record_bytes(n_actors), FEWEST_BLOCK_CHAINS)
    for start in range(0, n_chains, size):
        yield start, min(size, n_chains - start)


def simulate_seen(
    scenario: Scenario,
    actors: tuple[str, ...],
    *,
    world: World | None = None,
    events: Sequence[Event] = (),
    **how: Any,
) -> tuple[Tally, Seen]:
    """Simulate a block of chains of one scenario: what `simulate` counts, and what is compared.

    Parameters
    ----------
    actors : those of all scenarios that are compared, in the order of the result
    world : that of the scenario, if it is built already
    events : of which it is noted in which chains they occur; their actors are numbered as `actors`
    how : arguments of `engine.batches.run_chains`
    """
    place = {actor: k for k, actor in enumerate(actor_order(scenario))}
    places = np.array([place.get(actor, -1) for actor in actors], np.intp)
    world = build_world(scenario) if world is None else world
    tally, records = run_chains(world, keep_chains=True, **how)
    assert records is not None  # as asked for
    top = len(scenario.ladder.rungs) - 1
    return tally, seen_in(records, top, places, world.crises, events)


def seen_in(
    records: Records,
    top: int,
    places: NDArray[np.intp],
    n_periods: int = 1,
    events: Sequence[Event] = (),
) -> Seen:
    """What is compared of recorded chains.

    Parameters
    ----------
    top : the rung that means war
    places : (actor) where each one stands among those of the records; -1 where it does not
    n_periods : periods of a chain
    events : of which it is noted in which chains they occur
    """
    is_here = places >= 0

    def column(name: str) -> NDArray[Any]:
        values: NDArray[Any] = getattr(records, name)
        return values if values.ndim == 1 else np.where(is_here, values[:, places], -1)

    def most(values: NDArray[Any]) -> NDArray[Any]:
        """The most of each chain over its crises."""
        shape = (len(values) // n_periods, n_periods, *values.shape[1:])
        return values.reshape(shape).max(1)

    occurred = np.empty((len(records.outcome), len(events)), bool)
    for k, event in enumerate(events):
        occurred[:, k] = occurs_in(event, column, OUTCOMES, top)
    was_quiet = records.outcome == NO_OUTCOME
    outcome = np.where(was_quiet, DETERRED, records.outcome)
    return Seen(
        outcome=most(outcome),
        peak=most(records.peak_rung),
        reach=most(np.where(outcome == DETERRED, DETERRED_REACH, records.n_at_war)),
        size=most(records.n_engaged),
        engaged=most((records.side[:, places] != NEUTRAL) & is_here),
        at_war=most((records.actor_peak[:, places] == top) & is_here),
        misread_war=most(records.war_began_misread),
        outcomes=np.where(was_quiet, QUIET, records.outcome).reshape(-1, n_periods),
        occurred=most(occurred),
    )


class PairCounts:
    """Counts of chains by their result in the first run and in each other run: (change, ...).

    Parameters
    ----------
    first : the baseline
    seconds : by their labels on the dim `change`
    events : names of further events

    Raises
    ------
    UsageError
        Rungs differ, or there is no such event.
    ResourceError
        The counts need more memory than there is.
    """

    def __init__(
        self, first: Scenario, seconds: Mapping[str, Scenario], events: Sequence[str] = ()
    ):
        for label, second in seconds.items():
            if len(second.ladder.rungs) != len(first.ladder.rungs):
                raise UsageError(f"compare: {label}: its ladder has a different number of rungs")
        self.rungs = first.ladder.rungs
        self.labels = list(seconds)
        self.actors = _all_actors([first, *seconds.values()])
        self.events = [parse_event(name, self.rungs, self.actors) for name in dict.fromkeys(events)]
        n_changes, n_rungs, n_actors = len(self.labels), len(self.rungs), len(self.actors)
        self.lengths = {
            "outcome": len(OUTCOMES),
            "peak": n_rungs,
            "reach": n_actors + 2,
            "size": n_actors + 1,
        }
        shapes: dict[str, tuple[int, ...]] = {
            name: (n_changes, n, n) for name, n in self.lengths.items()
        }
        shapes |= dict.fromkeys(("engaged", "at_war"), (n_changes, n_actors, 2, 2))
        periods = {n_periods(scenario) for scenario in (first, *seconds.values())}
        self.periods = periods.pop() if len(periods) == 1 else 0
        n = len(PERIOD_OUTCOMES)
        shapes["event"] = (n_changes, len(self.events), 2, 2)
        shapes["crisis_outcome"] = (n_changes, self.periods, n, n)
        needed = 8 * sum(math.prod(shape) for shape in shapes.values())
        if needed > (free := available_memory()):
            raise ResourceError(
                f"counts of {n_changes} scenarios need {in_bytes(needed)} of memory, and "
                f"{in_bytes(free)} are available; compare fewer at once"
            )
        self.counts = {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}

    def add(self, change: int, first: Seen, second: Seen) -> None:
        """Count a block of chains of the change number `change`."""
        for name, n in self.lengths.items():
            shift = -DETERRED_REACH if name == "reach" else 0
            a, b = (getattr(seen, name).astype(np.int64) + shift for seen in (first, second))
            self.counts[name][change] += np.bincount(a * n + b, minlength=n * n).reshape(n, n)
        n = len(PERIOD_OUTCOMES)
        for period in range(self.periods):
            a, b = (seen.outcomes[:, period].astype(np.int64) for seen in (first, second))
            by_both = np.bincount(a * n + b, minlength=n * n).reshape(n, n)
            self.counts["crisis_outcome"][change, period] += by_both
        for name, field in (("engaged", "engaged"), ("at_war", "at_war"), ("event", "occurred")):
            a, b = getattr(first, field), getattr(second, field)
            both, in_a, in_b = ((a & b).sum(0), a.sum(0), b.sum(0))
            counts = self.counts[name][change]
            counts[:, 1, 1] += both
            counts[:, 1, 0] += in_a - both
            counts[:, 0, 1] += in_b - both
            counts[:, 0, 0] += len(a) - in_a - in_b + both

    def to_dataset(self) -> "xr.Dataset":
        """The counts so far, as `simulate_paired` returns them but without attributes."""
        import xarray as xr

        scales = {
            "outcome": np.array(OUTCOMES, object),
            "peak": np.array(self.rungs, object),
            "reach": np.arange(DETERRED_REACH, len(self.actors) + 1),
            "size": np.arange(len(self.actors) + 1),
        }
        coords: dict[str, Any] = {
            "change": np.array(self.labels, object),
            "actor": np.array(self.actors, object),
            "first_did": [False, True],
            "second_did": [False, True],
        }
        variables: dict[str, Any] = {}
        for name, scale in scales.items():
            dims = (f"first_{name}", f"second_{name}")
            coords |= dict.fromkeys(dims, scale)
            variables[f"{name}_pair_count"] = (("change", *dims), self.counts[name].copy())
        for name in ("engaged", "at_war"):
            by = ("change", "actor", "first_did", "second_did")
            variables[f"{name}_pair_count"] = (by, self.counts[name].copy())
        if self.events:
            coords["event"] = np.array([event.text for event in self.events], object)
            by = ("change", "event", "first_did", "second_did")
            variables["event_pair_count"] = (by, self.counts["event"].copy())
        if self.periods:
            coords["crisis"] = np.arange(self.periods)
            coords |= dict.fromkeys(
                ("first_period", "second_period"), np.array(PERIOD_OUTCOMES, object)
            )
            variables["crisis_outcome_pair_count"] = (
                ("change", "crisis", "first_period", "second_period"),
                self.counts["crisis_outcome"].copy(),
            )
        variables["n_chains"] = int(self.counts["outcome"][0].sum())
        return xr.Dataset(variables, coords)


def _all_actors(scenarios: list[Scenario]) -> tuple[str, ...]:
    """Ids of the actors of all scenarios, the first one's order first."""
    return tuple(dict.fromkeys(actor.id for s in scenarios for actor in s.actors))
