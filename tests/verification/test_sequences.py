"""Chains of several crises: sampled against exact, neutral against independent, piece by piece."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sequences import coalition, rivals, triad
from verification.small_worlds import SHORT, dyad, tie, world

import mcescalate as mc
from mcescalate.engine.batches import add_tallies, run_chains
from mcescalate.engine.exact import solve_world
from mcescalate.errors import ResourceError
from mcescalate.model.codes import RECURRENCES
from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario

CASES = {
    "rivals, arms carried": lambda: rivals(crises=2),
    "triad": lambda: triad(crises=2),
}
LONG = {
    "rivals": lambda: rivals(crises=3, arms={"periods": 0}),
    "triad": triad,
}
NEUTRAL = {
    **dict.fromkeys(("gain", "loss", "caution", "hard_times"), 0.0),
    **dict.fromkeys(("recur", "bitter", "firm", "general", "quiet"), 0.0),
    "carry_arms": False,
}
BY_PERIOD = ("quiet", "crisis_outcome", "crisis_incident", "credibility")
NOT_COMPARED = ("n_chains", "block_outcome", "actor_peak", "outcome_pair")


def compare(scenario, n_chains: int) -> None:
    """Every count, to four standard errors.

    A chain counts at most one crisis a period, so the variance of a count of all periods is at most
    that many times its mean.
    """
    world = build_world(scenario)
    exact = solve_world(world).tally
    given = {"seed": 5, "first_chain": 0, "workers": 1, "n_chains": n_chains}
    tally, _ = run_chains(world, **given)
    for field, counts in tally._asdict().items():
        if field in NOT_COMPARED or not counts.size:
            continue
        expected = getattr(exact, field)
        bound = expected * world.crises
        if field in BY_PERIOD:
            bound = expected * (1.0 - np.minimum(expected, 1.0))
        error = np.sqrt(np.maximum(bound, 1e-12) / n_chains) + 2.0 / n_chains
        off = np.abs(counts / n_chains - expected) / error
        assert off.max() < 4.0, (field, off.max())
    pairs = tally.outcome_pair / n_chains
    assert np.abs(pairs - exact.outcome_pair).max() < 4.0 * world.crises**2 / np.sqrt(n_chains)
    assert exact.outcome.sum() + exact.quiet.sum() == pytest.approx(world.crises, abs=1e-9)
    assert exact.credibility.sum(-1) == pytest.approx(1.0, abs=1e-9)


def test_samples_agree_with_the_exact_solution():
    compare(triad(crises=2, run={"horizon": 2}), 20_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_million_chains_agree_with_the_exact_solution(name):
    compare(CASES[name](), 1_000_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_a_million_longer_chains_agree_with_the_exact_solution(name):
    compare(LONG[name](), 1_000_000)


def test_crises_without_memory_are_independent():
    """Three crises at neutral values: the first is that of a run without [sequence], and each has
    the probabilities of one crisis; so have pairs of them, as products."""
    three = build_world(
        mc.load_scenario("docs/examples/triad.toml", settings=["sequence.crises=3"])
    )
    one = build_world(mc.load_scenario("docs/examples/triad.toml"))
    given = {"seed": 5, "first_chain": 0, "workers": 1, "keep_chains": True}
    tally, rows = run_chains(three, n_chains=20_000, **given)
    alone, own = run_chains(one, n_chains=300, **given)
    for field, values in own._asdict().items():
        if field != "yielded":  # which only sequences have
            np.testing.assert_array_equal(getattr(rows, field)[::3][:300], values, err_msg=field)
    assert alone.quiet.size == 0
    exact = solve_world(one).tally.outcome
    off = np.abs(tally.crisis_outcome / 20_000 - exact) / np.sqrt(exact * (1 - exact) / 20_000)
    assert off.max() < 4.5
    pairs = 3 * np.diag(exact) + 6 * np.outer(exact, exact)
    assert np.abs(tally.outcome_pair / 20_000 - pairs).max() < 0.1


@pytest.mark.slow
def test_pieces_workers_and_backends_count_the_same():
    world = build_world(coalition())
    whole, rows = run_chains(
        world, seed=5, first_chain=7, n_chains=3_000, workers=1, keep_chains=True
    )
    for how in ({"workers": 3, "batch_size": 11}, {"backend": "plain", "workers": 2}):
        other, own = run_chains(
            world, seed=5, first_chain=7, n_chains=3_000, keep_chains=True, **how
        )
        for field, counts in whole._asdict().items():
            np.testing.assert_array_equal(counts, getattr(other, field), err_msg=field)
        for field, values in rows._asdict().items():
            np.testing.assert_array_equal(values, getattr(own, field), err_msg=field)
    pieces = [
        run_chains(world, seed=5, first_chain=first, n_chains=n, workers=1)[0]
        for first, n in ((7, 1), (8, 1_499), (1_507, 1_500))
    ]
    for field, counts in add_tallies(pieces)._asdict().items():
        np.testing.assert_array_equal(counts, getattr(whole, field), err_msg=field)


def test_longer_chains_and_pruning_are_refused():
    with pytest.raises(ResourceError, match="up to 3 crises, found 4"):
        mc.solve(triad(crises=4))
    with pytest.raises(ResourceError, match="prune"):
        mc.solve(triad(crises=2), prune=1e-6)


def with_one(scenario: Callable[..., Scenario], weight: str, value: float) -> Any:
    """The exact counts of two crises, one weight of `[sequence]` set and all others neutral."""
    lasting = {"crises": 2, "half_life": 9.0, "memory_half_life": 9.0}
    sequence = NEUTRAL | lasting | {weight: value}
    return solve_world(build_world(scenario(sequence=sequence))).tally


def next_challenges(counts: Any) -> float:
    """Expected challenges in the second period."""
    return float(counts.crisis_outcome[1, 1:].sum())


def same_pair(counts: Any) -> float:
    """How often the same initiator meets the same target again."""
    return float(counts.recurrence[:, RECURRENCES.index("same_initiator")].sum())


def guarded(**tables: Any) -> Scenario:
    return triad(crises=2, run={"horizon": 2}, **tables)


def half_hearted(**tables: Any) -> Scenario:
    """C comes in for B early, and often goes no further than its first rung."""
    return world(
        "ABC",
        ties=(tie("C", "B"),),
        dyads=(dyad("A", "B", rivalry=1.0),),
        about={"C": {"resolve": -1.0}},
        run={"horizon": 4},
        alliance={"base": 0.0},
        trigger={"initiator": "A", "target": "B", "accident": 0.2},
        **tables,
    )


def yielding(**tables: Any) -> Scenario:
    """B steps back before A, and neither goes to war."""
    return world(
        "AB",
        dyads=(dyad("A", "B", rivalry=1.0),),
        about={"A": {"resolve": 1.0}, "B": {"resolve": -0.5}},
        run={"horizon": 4},
        response={"war_cost": 100.0, "down": 0.5},
        trigger={"initiator": "A", "target": "B", "accident": 0.0},
        **tables,
    )


def two_pairs(**tables: Any) -> Scenario:
    incidents = [{"initiator": "A", "target": "B"}, {"initiator": "A", "target": "C"}]
    trigger = {"dyads": incidents, "accident": 0.2}
    return world("ABC", ladder=SHORT, run={"horizon": 2}, trigger=trigger, **tables)


@pytest.mark.parametrize(
    ("weight", "scenario", "figure", "values"),
    [
        ("loss", guarded, next_challenges, (0.0, 1.0)),
        ("firm", yielding, next_challenges, (0.0, 1.0)),
        pytest.param(
            "loss", guarded, next_challenges, (0.0, 0.3, 0.6, 1.0), marks=pytest.mark.slow
        ),
        pytest.param(
            "caution", half_hearted, next_challenges, (0.0, 0.5, 1.0), marks=pytest.mark.slow
        ),
        pytest.param(
            "firm", yielding, next_challenges, (0.0, 0.5, 1.0, 2.0), marks=pytest.mark.slow
        ),
        pytest.param("recur", two_pairs, same_pair, (0.0, 0.5, 1.0, 2.0), marks=pytest.mark.slow),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_crisis_leaves_moves_the_next_one_way(weight, scenario, figure, values):
    """docs/model.md 7: a promise that was broken, or kept half-heartedly, deters less; the rival
    that yielded is challenged more; the same pair meets again.
    """
    figures = [figure(with_one(scenario, weight, value)) for value in values]
    assert min(b - a for a, b in pairwise(figures)) > 5e-5, figures
