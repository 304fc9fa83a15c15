"""Chains of several crises: sampled against exact, neutral against independent, piece by piece."""

import functools

import numpy as np
import pytest
from sequences import coalition, rivals, triad

import mcescalate as mc
from mcescalate.engine.batches import add_tallies, run_chains
from mcescalate.engine.exact import solve_world
from mcescalate.errors import ResourceError
from mcescalate.scenario.build import build_world

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


@functools.cache
def directed(**weights: float) -> float:
    """Expected challenges in the second period, those weights set and all others neutral."""
    neutral = dict.fromkeys(
        ("gain", "loss", "caution", "hard_times", "recur", "bitter", "firm", "general", "quiet"),
        0.0,
    )
    sequence = neutral | {"carry_arms": False, "half_life": 9.0} | weights
    scenario = triad(crises=2, run={"horizon": 2}, sequence=sequence)
    exact = solve_world(build_world(scenario)).tally
    return float(exact.crisis_outcome[1, 1:].sum())


def test_an_abandoned_ally_is_challenged_more():
    """docs/model.md 7: C's promise is all that deters A; it is believed less once it was broken."""
    assert directed(loss=1.0) > directed() + 1e-6


def test_a_rival_that_yielded_is_challenged_otherwise():
    assert abs(directed(firm=2.0) - directed()) > 1e-4
