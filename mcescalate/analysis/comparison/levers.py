"""Levers: toggle each tie, hotline, posture and the like of a scenario, and rank the effects."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mcescalate.analysis.comparison.compare import event_difference
from mcescalate.analysis.comparison.paired_runs import simulate_paired
from mcescalate.analysis.estimation.estimate import LEVEL
from mcescalate.errors import UsageError
from mcescalate.model.coefficients import NEVER
from mcescalate.scenario.change.edits import edited
from mcescalate.scenario.merged_rows import MergedRows, Pair, merge_rows
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Lever", "find_levers", "ranking", "simulate_levers"]

LEVER_KINDS = (
    "tie",
    "hotline",
    "mediator",
    "posture",
    "exercise",
    "stake",
    "opacity",
    "policy",
    "bystanders",
    "memory",
)
"""What is toggled."""

_MEMORIES = ("gain", "loss", "caution", "recur", "bitter", "firm", "general")
"""Weights by which one crisis bears on later ones."""

_OF_SEQUENCES = "sequence."


class Lever(NamedTuple):
    """One change of a scenario: what is added or removed.

    Parameters
    ----------
    is_on
        Whether the change adds something ("with") or removes it ("without").
    edit
        What, as the command line takes it: "tie:GMY-AUH", "hotline:USA-RUS", "mediator".

    Examples
    --------
    >>> import mcescalate as mc
    >>> lever = mc.analysis.levers.Lever(False, "tie:GMY-AUH")
    >>> lever.label, lever.kind
    ('without tie:GMY-AUH', 'tie')
    """

    is_on: bool
    edit: str

    @property
    def kind(self) -> str:
        """One of `LEVER_KINDS`."""
        return "memory" if self.edit.startswith(_OF_SEQUENCES) else self.edit.partition(":")[0]

    @property
    def label(self) -> str:
        """In words that the command line takes."""
        return f"{'with' if self.is_on else 'without'} {self.edit}"

    def pull(self, scenario: Scenario) -> Scenario:
        """The scenario with the change made."""
        return edited(scenario, **{"on" if self.is_on else "off": [self.edit]})


def find_levers(scenario: Scenario, kinds: Collection[str] = LEVER_KINDS) -> list[Lever]:
    """List all levers that a scenario has, in the order of its file.

    Ties in force, rigid postures and exercises are removed; every pair of rivals gets a
    perfect hotline; and the mediator is made certain, and removed. Stakes that have a
    weight, opacity, a policy for a hot crisis and bystanders are removed where there are any; and
    where chains are several crises each, every weight by which one bears on later ones.

    Parameters
    ----------
    scenario
        The scenario to change.
    kinds
        Some of "tie", "hotline", "mediator", "posture", "exercise", "stake", "opacity",
        "policy", "bystanders" and "memory"; all by default.

    Returns
    -------
    list of Lever
        Each lever's `label` is its name in tables, `pull(scenario)` makes the change.

    Raises
    ------
    UsageError
        A kind is unknown.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_scenario("docs/examples/triad.toml")
    >>> [lever.label for lever in mc.analysis.levers.find_levers(scenario)]
    ['without tie:C-B', 'with hotline:A-B', 'with hotline:A-C', 'without mediator', 'with mediator']
    """
    expect_scenario(scenario, "find_levers")
    if unknown := [kind for kind in kinds if kind not in LEVER_KINDS]:
        raise UsageError(f"kind: expected {', '.join(LEVER_KINDS)}; found {', '.join(unknown)}")
    merged = merge_rows(scenario)
    ties = [key[:2] for key in merged.in_force]
    ids = merged.actor_ids
    rivals = [
        (a, b)
        for k, a in enumerate(ids)
        for b in ids[k + 1 :]
        if _are_rivals(merged, a, b) and min(_channels(merged, a, b)) < 1
    ]
    rate = scenario.mediation.rate
    found = [
        *(Lever(False, f"tie:{a}-{b}") for a, b in _unordered(ties)),
        *(Lever(True, f"hotline:{a}-{b}") for a, b in rivals),
        *([Lever(False, "mediator")] if rate > 0 else []),
        *([Lever(True, "mediator")] if rate < 1 else []),
        *(Lever(False, f"posture:{a.id}") for a in scenario.actors if a.rigidity > 0),
        *(Lever(False, f"exercise:{a.id}") for a in scenario.actors if a.exercise > 0),
        *(Lever(False, f"stake:{a}-{b}") for a, b in _staked(scenario, merged)),
        *(Lever(False, f"opacity:{a.id}") for a in scenario.actors if a.opacity > 0),
        *([Lever(False, "policy")] if _has_policy(scenario) else []),
        *([Lever(False, "bystanders")] if scenario.bystander.base > NEVER else []),
        *(Lever(False, f"{_OF_SEQUENCES}{name}") for name in _active_memories(scenario)),
    ]
    return [lever for lever in found if lever.kind in kinds]


def simulate_levers(
    scenario: Scenario, levers: list[Lever] | None = None, **how: Any
) -> "xr.Dataset":
    """Simulate a scenario, and again with each lever applied, on the same chains.

    Parameters
    ----------
    scenario
        The baseline.
    levers
        Those to apply, one at a time; all that `find_levers` finds by default.
    **how
        `n_chains`, `seed`, `events` and other arguments of `paired_runs.simulate_paired`.

    Returns
    -------
    xarray.Dataset
        Counts as `paired_runs.simulate_paired` returns them, with `lever` for `change` and the
        coordinate `kind` on it; for `ranking` and for `compare.differences`.

    Raises
    ------
    UsageError
        `scenario` is of the wrong kind, a number is out of range, or there is no lever.
    BackendUnavailable
        There is no such backend.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_scenario("docs/examples/triad.toml")
    >>> counts = mc.analysis.levers.simulate_levers(scenario, n_chains=1000, seed=7)
    >>> counts.sizes["lever"]
    5
    """
    expect_scenario(scenario, "simulate_levers")
    chosen = find_levers(scenario) if levers is None else levers
    seconds = {lever.label: lever.pull(scenario) for lever in chosen}
    counts = simulate_paired(scenario, seconds, **how).rename(change="lever")
    kinds = np.array([lever.kind for lever in chosen], object)
    return counts.assign_coords(kind=("lever", kinds))


def ranking(
    counts: "xr.Dataset", of: str = "war", *, level: float = LEVEL, together: bool = False
) -> "xr.Dataset":
    """Rank levers by how much they change the probability of one event.

    A chain of several crises counts by its worst one: "war" is a war in any of its periods.

    Parameters
    ----------
    counts
        From `simulate_levers`.
    of
        An event, see `analysis.compare.event_difference`.
    level
        Level of the intervals, above 0 and below 1.
    together
        Whether to widen the intervals so that all hold jointly at `level` (Bonferroni);
        otherwise one in twenty of the 95 % intervals misses the true value.

    Returns
    -------
    xarray.Dataset
        By `lever`, the greatest change first: what `analysis.difference.difference` returns.

    Raises
    ------
    UsageError
        There is no such event, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_scenario("docs/examples/triad.toml")
    >>> counts = mc.analysis.levers.simulate_levers(scenario, n_chains=1000, seed=7)
    >>> ranked = mc.analysis.levers.ranking(counts)
    >>> ranked["lever"].values[0], round(ranked["difference"].values[0].item(), 3)
    ('with mediator', -0.097)
    """
    each = 1 - (1 - level) / counts.sizes["lever"] if together else level
    found = event_difference(counts, of, each)
    order = np.argsort(-np.abs(found["difference"].values), kind="stable")
    return found.isel(lever=order)


def _unordered(pairs: list[Pair]) -> list[Pair]:
    """Pairs as they first come, without those that come again the other way round."""
    first: dict[frozenset[str], Pair] = {}
    for pair in pairs:
        first.setdefault(frozenset(pair), pair)
    return list(first.values())


def _are_rivals(merged: MergedRows, a: str, b: str) -> bool:
    dyads = merged.dyad(a, b), merged.dyad(b, a)
    return any(dyad.rivalry > 0 and dyad.reach > 0 for dyad in dyads)


def _staked(scenario: Scenario, merged: MergedRows) -> list[Pair]:
    """Unordered pairs with a stake, if a stake has any weight."""
    weights = scenario.deterrence.stake, scenario.response.stake, scenario.response.stake_war
    if not any(weights):
        return []
    ids = merged.actor_ids
    pairs = [(a, b) for a in ids for b in ids if a != b and merged.dyad(a, b).stake > 0]
    return _unordered(pairs)


def _has_policy(scenario: Scenario) -> bool:
    """Whether a policy begins on a rung of the ladder."""
    policy = scenario.policy
    is_within = policy.from_rung < len(scenario.ladder.rungs)
    return is_within and any((policy.restraint, policy.calm, policy.mediation))


def _active_memories(scenario: Scenario) -> list[str]:
    """Weights above 0 by which one crisis of a chain bears on later ones."""
    if scenario.sequence.crises == 1:
        return []
    return [name for name in _MEMORIES if getattr(scenario.sequence, name) > 0.0]


def _channels(merged: MergedRows, a: str, b: str) -> tuple[float, float]:
    return merged.dyad(a, b).channel, merged.dyad(b, a).channel
