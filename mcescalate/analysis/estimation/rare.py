"""Probabilities of rare events, with intervals from repetitions.

Counting needs a hundred chains for each chain with the event to know its probability to a tenth.
`estimate_rare` carries chains over the thresholds on the way to the event instead, see
`engine.rare`; its relative error hardly depends on how rare the event is.
"""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, normal_quantile
from mcescalate.engine.backends import kernels_of
from mcescalate.engine.events import AT_LEAST_KINDS, OUTCOME, Event, Term, parse_event
from mcescalate.engine.rare.estimate import FEWEST_ANCESTORS, Rare, estimate_event, plan_for
from mcescalate.engine.rare.impossible import why_impossible
from mcescalate.engine.rare.path import find_path
from mcescalate.engine.rare.thresholds import threshold_names
from mcescalate.errors import ResourceError, UsageError
from mcescalate.model.codes import OUTCOMES
from mcescalate.model.words import RNG_LAYOUT, fork_seed
from mcescalate.results.provenance.describe import describe, provenance_json
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order, merge_rows
from mcescalate.scenario.schema import Scenario, expect_one_crisis

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["path_to", "rare_changes", "rare_event", "ratio_of_rare"]

ROUNDED = 1e-7
"""Chances below this are rounded noticeably by a run, to multiples of 2^-32."""

_CRISIS = Term(OUTCOME, outcomes=OUTCOMES[1:])


def rare_event(
    scenario: Scenario,
    event: str,
    *,
    rel: float = 0.1,
    seed: int,
    level: float = LEVEL,
    most_chains: int = 20_000_000,
    workers: int | None = None,
    backend: str = "numba",
    progress: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> "xr.Dataset":
    """Estimate the probability of an event, however rare, per incident.

    Parameters
    ----------
    scenario
        The scenario.
    event
        Its name, e.g. "war", "war:GMY", "misread_war&war_size>=3".
    rel
        Relative standard error asked for.
    seed
        0 to 2**63 - 1; it determines the estimate, whatever the number of workers.
    level
        Level of the interval, above 0 and below 1.
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
        As `mcescalate.estimate_rare` returns it.

    Raises
    ------
    UsageError
        There is no such event.
    ResourceError
        More chains would be needed.
    Interrupted
        `stop` was set before the end.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml")
    >>> mc.analysis.rare.rare_event(triad, "war_size>=9", seed=7).attrs["reason"]
    'the scenario has 3 actors'
    """
    kernels_of(backend)
    normal_quantile(level)  # refuses an invalid level
    actors = tuple(actor_order(scenario))
    read = parse_event(event, scenario.ladder.rungs, actors)
    wanted = read._replace(
        terms=tuple(
            term for term in read.terms if term.number > 0 or term.kind not in AT_LEAST_KINDS
        )
    )
    expect_one_crisis(scenario, "rare")
    world = build_world(scenario)
    attrs: dict[str, Any] = {
        "event": read.text,
        "title": scenario.title or "untitled scenario",
        "seed": str(seed),
        "level": level,
        "rel": rel,
        "rng_layout": RNG_LAYOUT,
    }
    story = describe(scenario, seed=seed, ranges=[[0, 0]], rng_layout=RNG_LAYOUT, elapsed=0.0)
    attrs["provenance"] = provenance_json(story, scenario)
    if not wanted.terms:
        return _known(1.0, "every chain has it", attrs)
    if (reason := why_impossible(world, wanted, actors)) is not None:
        return _known(0.0, reason, attrs)
    is_deterred = wanted.terms == (Term(OUTCOME, outcomes=OUTCOMES[:1]),)
    asked = Event("crisis", (_CRISIS,)) if is_deterred else wanted
    found = estimate_event(
        world,
        asked,
        rel=rel,
        seed=seed,
        most_chains=most_chains,
        workers=workers,
        backend=backend,
        progress=progress,
        stop=stop,
    )
    if is_deterred:
        found = found._replace(estimate=1.0 - found.estimate, estimates=1.0 - found.estimates)
    names = threshold_names(found.goal, scenario.ladder.rungs, actors)
    return as_dataset(found, names, level, attrs)


def _known(probability: float, reason: str, attrs: dict[str, Any]) -> "xr.Dataset":
    """A probability that needs no chain."""
    import xarray as xr

    names = ("probability", "lower", "upper")
    return xr.Dataset(
        {**dict.fromkeys(names, probability), "error": 0.0, "n_simulated": 0},
        attrs={**attrs, "reason": reason, "interval": "known"},
    )


def as_dataset(
    found: Rare, names: Sequence[str], level: float, attrs: dict[str, Any]
) -> "xr.Dataset":
    """The estimate with its interval, or the reason why there is none."""
    import xarray as xr
    from scipy.stats import t as student

    n, p = len(found.estimates), found.estimate
    half = float(student.ppf(0.5 + level / 2, n - 1)) * found.error
    lower, upper = max(p - half, 0.0), min(p + half, 1.0)
    interval = "student"
    if found.n_ancestors < FEWEST_ANCESTORS:
        lower = upper = math.nan
        interval = (
            f"none: the estimate descends from {found.n_ancestors:.3g} effective chains, and an "
            f"interval takes {FEWEST_ANCESTORS}; ask for a smaller relative error"
        )
    counting = p * (1 - p) / found.error**2 if found.error > 0.0 else math.inf
    attrs = {**attrs, "reason": "", "interval": interval, "rounding": _rounding(found, names)}
    return xr.Dataset(
        {
            "probability": p,
            "lower": lower,
            "upper": upper,
            "error": found.error,
            "n_ancestors": found.n_ancestors,
            "n_chains": found.n_chains,
            "n_simulated": found.n_simulated,
            "n_tried": found.n_tried,
            "n_counting": counting,
            "gain": counting / found.n_simulated,
            "estimate": ("repetition", found.estimates),
            "reached": ("threshold", found.reached),
            "chance": ("threshold", found.typical),
        },
        {"threshold": np.array(names, object), "repetition": np.arange(n)},
        attrs=attrs,
    )


def _rounding(found: Rare, names: Sequence[str]) -> str:
    """What a run would make of the rarest decision on the way."""
    chances = [(chance, name) for chance, name in zip(found.typical, names, strict=True) if chance]
    if not chances or min(chances)[0] >= ROUNDED:
        return ""
    chance, name = min(chances)
    return (
        f'a turn crosses "{name}" with a probability of {chance:.1e}; a run rounds the '
        f"probability of each decision to a multiple of 2^-32 (2.3e-10), this estimate and the "
        "exact solution do not"
    )


def rare_changes(
    scenarios: Mapping[str, Scenario], event: str, *, seed: int, **how: Any
) -> "xr.Dataset":
    """Estimate the probability of a rare event in several scenarios, and compare with the first.

    Each has words of its own, so that the estimates are independent: pairing chains, as
    `compare` does, is no gain where hardly any chain has the event.

    Parameters
    ----------
    scenarios
        Scenarios by their labels; all are compared with the first one.
    event
        Name of the event.
    seed
        0 to 2**63 - 1; that of each scenario is derived from it.
    **how
        `rel`, `level`, `most_chains` and other arguments of `rare_event`.

    Returns
    -------
    xarray.Dataset
        By `change`: `probability`, `lower`, `upper`, `error`, `n_ancestors`, and `ratio` to the
        first with `ratio_lower` and `ratio_upper`; unknown (NaN) where a probability is 0.

    Raises
    ------
    McEscalateError
        As `rare_event` does, for any of the scenarios.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml")
    >>> found = mc.analysis.rare.rare_changes({"triad": triad}, "war_size>=9", seed=7)
    >>> found["probability"].values.tolist()
    [0.0]
    """
    import xarray as xr

    level = how.get("level", LEVEL)
    progress = _progress_of_several(how.pop("progress", None), len(scenarios))
    columns = ("probability", "lower", "upper", "error", "n_ancestors")
    rows: list[list[float]] = []
    first: xr.Dataset | None = None
    for place, scenario in enumerate(scenarios.values()):
        derived = int(fork_seed(np.uint64(seed), np.uint64(0), place, 0)) >> 1
        found = rare_event(scenario, event, seed=derived, progress=progress(place), **how)
        first = found if first is None else first
        row = [float(found[name]) if name in found else math.nan for name in columns]
        ratio = [1.0] * 3
        if place > 0:
            ratio = [math.nan] * 3
            if row[0] > 0.0 and first["probability"] > 0.0:
                compared = ratio_of_rare(found, first, level)
                ratio = [float(compared[name]) for name in ("ratio", "lower", "upper")]
        rows.append([*row, *ratio])
    names = (*columns, "ratio", "ratio_lower", "ratio_upper")
    return xr.Dataset(
        {name: ("change", values) for name, values in zip(names, np.array(rows).T, strict=True)},
        {"change": np.array(list(scenarios), object)},
        attrs={"event": event, "seed": str(seed), "level": level},
    )


def _progress_of_several(
    progress: Callable[[int, int], None] | None, n: int
) -> Callable[[int], Callable[[int, int], None]]:
    """For each of `n` estimates, by its number, what tells the progress of all of them."""
    done_by = [0] * n

    def of_one(place: int) -> Callable[[int, int], None]:
        def tell(done: int, planned: int) -> None:
            done_by[place] = done
            before = sum(done_by[:place])
            each = (before + planned) / (place + 1)
            if progress is not None:
                progress(before + done, round(before + planned + (n - place - 1) * each))

        return tell

    return of_one


def path_to(scenario: Scenario, event: str, *, seed: int, backend: str = "numba") -> str:
    """Describe one chain with a rare event, turn by turn.

    The chain is drawn from those that have the event, by their probability. It is no chain of a
    run: a run would hardly ever meet one.

    Parameters
    ----------
    scenario
        The scenario.
    event
        Its name, as for `rare_event`.
    seed
        0 to 2**63 - 1.
    backend
        "numba", or "python" for the same source uncompiled.

    Returns
    -------
    str
        What changed in each turn, and the thresholds that it crossed.

    Raises
    ------
    UsageError
        There is no such event, or it is impossible.
    ResourceError
        No chain with the event was found.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml", settings=["response.war_cost=16"])
    >>> print(mc.analysis.rare.path_to(triad, "war", seed=1).splitlines()[0])
    Two rivals and a friend: one way to war
    """
    kernels_of(backend)
    actors, rungs = tuple(actor_order(scenario)), tuple(scenario.ladder.rungs)
    expect_one_crisis(scenario, "rare")
    world = build_world(scenario)
    read = parse_event(event, rungs, actors)
    if (reason := why_impossible(world, read, actors)) is not None:
        raise UsageError(f"event: {event}: is impossible: {reason}")
    plan = plan_for(world, read, backend)
    found = find_path(plan, actors, rungs, seed=seed)
    if found is None:
        raise ResourceError(f"{event}: no simulated chain reached it; it may be impossible")
    names = threshold_names(plan.goal, rungs, actors)
    domain = merge_rows(scenario).domains[found.domain].name
    accident = ", by accident" if found.is_accident else ""
    wrong = ", after blaming the wrong actor" if found.is_misattributed else ""
    lines = [
        f"{scenario.title or 'untitled scenario'}: one way to {read.text}",
        f"{found.initiator} against {found.target}, {domain}{accident}{wrong}",
    ]
    for turn in found.turns:
        if turn.crosses is None and not turn.changes:
            continue
        crossed = ""
        if turn.crosses is not None and turn.chance is not None:
            crossed = f" [{names[turn.crosses]}: probability in this turn {turn.chance:.2g}]"
        lines.append(f"Turn {turn.number}: {'; '.join(turn.changes) or 'no change'}{crossed}")
    return "\n".join([*lines, f"Outcome: {found.outcome.replace('_', ' ')}"])


def ratio_of_rare(second: "xr.Dataset", first: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """How many times more probable an event is in one scenario than in another.

    Parameters
    ----------
    second
        As `mcescalate.estimate_rare` returns it, of the changed scenario.
    first
        The same of the scenario to compare with; with another seed, since the interval takes the
        two for independent.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `ratio`, `lower` and `upper`, by the normal law of the logarithm.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml")
    >>> known = mc.analysis.rare.rare_event(triad, "peak>=calm", seed=7)
    >>> float(mc.analysis.rare.ratio_of_rare(known, known)["ratio"])
    1.0
    """
    import xarray as xr

    ratio = float(second["probability"]) / float(first["probability"])
    spread = math.hypot(*(float(one["error"] / one["probability"]) for one in (first, second)))
    reach = math.exp(normal_quantile(level) * spread)
    return xr.Dataset(
        {"ratio": ratio, "lower": ratio / reach, "upper": ratio * reach},
        attrs={"event": second.attrs["event"], "level": level},
    )
