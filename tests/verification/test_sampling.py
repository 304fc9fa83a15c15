"""The sampler against the exact solver: every cell of every variable of every small world.

Fixed seeds, no retries. False-alarm rate: a right sampler fails any test of a family (all
everyday tests together, or all long ones) with a chance of at most 1e-6.
"""

import pytest
from duels import mixed_worlds
from hypothesis import Phase, given, settings
from verification.agreement import FAMILY_RATE, cells, disagreements, smallest_bias
from verification.small_worlds import ALONE, MAIN, SMALL_WORLDS

import mcescalate as mc

EVERYDAY_CHAINS = 100_000
EVERYDAY_BIAS = 0.011
"""Smallest bias that the everyday tests catch, in half of all runs or oftener, in any cell; in
rare cells it is far smaller."""

LONG_CHAINS = 10_000_000
LONG_BIAS = 0.0011
"""The same of the long tests of worlds with everything on."""

MIDDLE_CHAINS = 1_000_000
MIDDLE_BIAS = 0.0035
"""The same of the long tests of the other worlds."""


def agree(name, exact, n_chains, family, bias, note=None):
    """Compare a sample of `n_chains` chains with the exact solution of a world in `family`."""
    result = mc.simulate(family[name], n_chains=n_chains, seed=20_261_124)
    seen = cells(result, exact)
    rate = FAMILY_RATE / len(family)
    if note is not None:
        note(name, seen, rate)
    assert list(disagreements(seen, rate)) == []
    assert smallest_bias(seen, rate).max() < bias


@pytest.mark.parametrize("name", SMALL_WORLDS)
def test_samples_agree_with_the_exact_solution(name, exact_of):
    # Catches any bias of EVERYDAY_BIAS, which is 1.1 percentage points, or more.
    agree(name, exact_of(name), EVERYDAY_CHAINS, SMALL_WORLDS, EVERYDAY_BIAS)


MIXED = 40
"""Random worlds in which some crises stay between two, of the long test; of the everyday one
the first few."""


def compare_mixed(examples, n_chains):
    @given(mixed_worlds())
    @settings(max_examples=examples, deadline=None, derandomize=True, phases=[Phase.generate])
    def compare(scenario):
        result = mc.simulate(scenario, n_chains=n_chains, seed=20_261_130)
        assert list(disagreements(cells(result, mc.solve(scenario)), FAMILY_RATE / MIXED)) == []

    compare()


def test_samples_of_mixed_worlds_agree_with_the_exact_solution():
    compare_mixed(4, EVERYDAY_CHAINS)


@pytest.mark.slow
def test_a_million_chains_of_mixed_worlds_agree_with_the_exact_solution():
    compare_mixed(MIXED, MIDDLE_CHAINS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALONE)
def test_a_million_chains_agree_with_the_exact_solution(name, exact_of, note):
    # Catches any bias of MIDDLE_BIAS, which is 0.35 percentage points, or more.
    agree(name, exact_of(name), MIDDLE_CHAINS, SMALL_WORLDS, MIDDLE_BIAS, note)


@pytest.mark.slow
@pytest.mark.parametrize("name", MAIN)
def test_ten_million_chains_agree_with_the_exact_solution(name, exact_of_main, note):
    # Catches any bias of LONG_BIAS, which is 0.11 percentage points, or more.
    agree(name, exact_of_main(name), LONG_CHAINS, ALONE | MAIN, LONG_BIAS, note)


def test_a_bias_of_the_stated_size_is_caught(exact_of):
    """The other way round: the counts of one world moved by the smallest bias stand out."""
    exact = exact_of("pair")
    result = mc.simulate(SMALL_WORLDS["pair"], n_chains=EVERYDAY_CHAINS, seed=1)
    moved = result.copy(deep=True)
    shift = int(2 * EVERYDAY_BIAS * EVERYDAY_CHAINS)
    moved["outcome_count"].loc[{"outcome": "settled"}] += shift
    moved["outcome_count"].loc[{"outcome": "stalemate"}] -= shift
    rate = FAMILY_RATE / len(SMALL_WORLDS)
    assert list(disagreements(cells(result, exact), rate)) == []
    caught = list(disagreements(cells(moved, exact), rate))
    assert [line.split(":")[0] for line in caught] == [
        "outcome_count[outcome=settled]",
        "outcome_count[outcome=stalemate]",
    ]
