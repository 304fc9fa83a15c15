"""The model in Mesa: one `mesa.Model` a chain, one `mesa.Agent` an actor.

As a reader of Mesa's tutorials would write it who minds the time: all decide, then all advance;
only those whom a crisis concerns are asked; scenario values are plain Python numbers; sightings
and the balance of power are remembered. Left out: what accurate readings would have done (counts
of misread moves), through whom somebody came in, the turns of entries, and the fates of ties.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from baselines.counts import Counts, complete_peaks, new_counts
from baselines.mesa_facts import Facts
from mcescalate.model.codes import DETERRED, TARGET
from mcescalate.model.world import World

if TYPE_CHECKING:
    from baselines.mesa_crisis import Crisis

COUNTED = (
    "n_chains",
    "outcome_count",
    "peak_count",
    "last_turn_count",
    "engaged_size_count",
    "war_size_count",
    "actor_engaged_count",
    "actor_war_count",
    "actor_peak_count",
    "entry_count",
    "misattributed_count",
    "reciprocated_count",
    "incident_count",
    "accident_count",
    "domain_count",
)


def is_installed() -> bool:
    """Whether there is a Mesa to play with."""
    return find_spec("mesa") is not None


def play(world: World, n_chains: int, seed: int) -> Counts:
    """Play `n_chains` and count what `COUNTED` names."""
    from baselines.mesa_crisis import Crisis

    facts, counts = Facts(world), new_counts(world, COUNTED)
    for chain in range(n_chains):
        crisis = Crisis(facts, seed=seed * 1_000_003 + chain)
        while crisis.running:
            crisis.step()
        score(crisis, counts)
    complete_peaks(counts)
    return counts


def score(crisis: "Crisis", counts: Counts) -> None:
    """Add a finished crisis to `counts`."""
    outcome = crisis.outcome
    counts["n_chains"] += 1
    counts["outcome_count"][outcome] += 1
    counts["incident_count"][crisis.drawn] += 1
    counts["domain_count"][crisis.domain, outcome] += 1
    counts["accident_count"][outcome] += crisis.accident
    counts["last_turn_count"][outcome, crisis.steps] += 1
    counts["peak_count"][max(crisis.highest)] += 1
    counts["misattributed_count"] += crisis.misattributed
    if outcome != DETERRED:
        counts["reciprocated_count"] += crisis.originators[TARGET].peak > 0
    n_at_war = 0
    for side, members in enumerate(crisis.sides):
        for actor in members:
            counts["actor_engaged_count"][actor.place, side] += 1
            counts["entry_count"][actor.place, actor.cause] += 1
            counts["actor_peak_count"][actor.place, actor.peak] += 1
            if actor.rung == crisis.facts.top:
                n_at_war += 1
                counts["actor_war_count"][actor.place, side] += 1
    counts["engaged_size_count"][sum(map(len, crisis.sides))] += 1
    counts["war_size_count"][n_at_war] += 1
