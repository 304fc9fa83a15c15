"""Intervals of paired and unpaired differences: published values, edges and coverage."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import multinomial

from mcescalate.analysis.estimation.difference import (
    POWER,
    chains_to_detect,
    difference,
    newcombe,
    ratio_interval,
    tango,
)

Z = 1.959963984540054


def test_published_example():
    """21 children: 1 first only, 7 second only (Fagerland, Lydersen and Laake 2014)."""
    assert tango(7, 1, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)
    assert tango(1, 7, 21) == pytest.approx((0.026, 0.517), abs=5e-4)


def test_ends_solve_the_score_equation():
    """At either end d, the discordant counts lie z away from what d leads one to expect."""
    first, second, n = 12, 30, 400
    for end in tango(first, second, n):
        # The likeliest share q of first-only pairs given d, from its quadratic equation.
        b = (2 * n - second + first) * end - first - second
        q = (np.sqrt(b * b + 8 * n * first * end * (1 - end)) - b) / (4 * n)
        score = (second - first - n * end) / np.sqrt(n * (2 * q + end * (1 - end)))
        assert abs(score) == pytest.approx(Z)


def test_no_discordant_pairs_leave_a_width():
    lower, upper = tango(0, 0, 50)
    assert upper == pytest.approx(Z**2 / (50 + Z**2))
    assert lower == pytest.approx(-upper)


def test_no_pairs_say_nothing():
    assert tango(0, 0, 0) == (-1.0, 1.0)
    assert ratio_interval(0, 0, 0) == (0.0, np.inf)


def test_all_discordant():
    lower, upper = tango([5, 0], [0, 5], 5)
    assert (lower[0], upper[1]) == (-1.0, 1.0)
    assert -1 < upper[0] < 0 < lower[1] < 1


def test_large_samples_are_normal():
    lower, upper = tango(20_000, 30_000, 10**6)
    half = Z * np.sqrt(0.05 - 0.01**2) / 1000
    assert (lower, upper) == pytest.approx((0.01 - half, 0.01 + half), abs=1e-6)


def test_chains_that_would_detect_a_change_by_hand():
    """d = 0.01 seen by 1,000 chains to within 0.02: twice the reach, four times the chains.

    Four in five runs leave out 0 if the change lies z + z_p = 1.960 + 0.842 standard errors
    from it, not z; so 4,000 times (2.802 / 1.960)^2 = 2.043.
    """
    assert chains_to_detect(0.01, -0.01, 0.03, 1000) == pytest.approx(4000 * 2.0430, rel=1e-4)
    assert chains_to_detect(-0.01, -0.03, 0.01, 1000) == chains_to_detect(0.01, -0.01, 0.03, 1000)
    assert np.isnan(chains_to_detect(0.0, -0.01, 0.01, 1000))


def test_as_many_chains_as_are_named_detect_the_change_four_times_in_five():
    """A change of a point, 500 chains: the number that they name, in 1,000 runs of so many.

    A rate of 0.8 is measured to within 0.05 but for one seed in 10,000.
    """
    first, second, n = 0.02, 0.03, 500
    a, b = round(first * n), round(second * n)
    needed = round(float(chains_to_detect(second - first, *tango(a, b, n), n)))
    assert needed > 2 * n
    rng = np.random.default_rng(5)
    only = rng.multinomial(needed, [first, second, 1 - first - second], 1000)
    lower, upper = tango(only[:, 0], only[:, 1], needed)
    assert np.mean((lower > 0) | (upper < 0)) == pytest.approx(POWER, abs=0.05)


def test_a_change_is_detected_if_its_interval_leaves_out_none():
    both, first, second = ([5] * 4, [0, 20, 5, 0], [0, 2, 6, 30])
    arrays = [xr.DataArray(values, dims="event") for values in (both, first, second)]
    found = difference(*arrays, xr.DataArray(1000))
    assert found["is_detected"].values.tolist() == [False, True, False, True]
    needed = found["chains_to_detect"].values
    assert np.isnan(needed[0]) and needed[1] < 1000 < needed[2]


def test_counts_out_of_different_numbers_of_chains():
    """Scaled up, the same shares leave less open."""
    lower, upper = newcombe(10, 200, 100, n_second=1000)
    assert lower < 0.1 < upper
    same = newcombe(10, 20, 100)
    assert same[0] < lower and upper < same[1]
    assert newcombe(10, 20, 100, n_second=100) == same


def every_table(n):
    """(first only, second only) of all possible samples of `n` pairs."""
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    possible = first + second <= n
    return first[possible], second[possible]


@pytest.mark.parametrize("shares", [(0.05, 0.05), (0.1, 0.3), (0.02, 0.1), (0.3, 0.3)])
def test_coverage_of_the_paired_interval(shares):
    """Summed exactly over all samples of 50 pairs."""
    n = 50
    first, second = every_table(n)
    lower, upper = tango(first, second, n)
    tables = np.stack([first, second, n - first - second], axis=-1)
    chance = multinomial.pmf(tables, n, [*shares, 1 - sum(shares)])
    truth = shares[1] - shares[0]
    assert chance[(lower <= truth) & (truth <= upper)].sum() == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("shares", [(0.3, 0.1, 0.05), (0.1, 0.2, 0.2), (0.05, 0.01, 0.1)])
def test_coverage_of_the_ratio(shares):
    """10,000 samples; the measured coverage has a standard error of 0.2 points."""
    counts = np.random.default_rng(1).multinomial(300, [*shares, 1 - sum(shares)], 10_000)
    lower, upper = ratio_interval(*counts.T[:3])
    both, first, second = shares
    truth = (both + second) / (both + first)
    assert np.mean((lower <= truth) & (truth <= upper)) == pytest.approx(0.95, abs=0.012)


def test_coverage_of_the_unpaired_interval():
    random = np.random.default_rng(1)
    a, b = random.binomial(200, 0.1, 10_000), random.binomial(200, 0.2, 10_000)
    lower, upper = newcombe(a, b, 200)
    assert np.mean((lower <= 0.1) & (upper >= 0.1)) == pytest.approx(0.95, abs=0.01)


def compared(both, first_only, second_only, n):
    return difference(*(xr.DataArray(value) for value in (both, first_only, second_only, n)))


def test_narrowing_reaches_its_limit_when_only_one_side_is_discordant():
    found = compared(50_000, 10_000, 0, 100_000)
    assert float(found["difference"]) == -0.1
    assert float(found["narrowing"]) == pytest.approx(float(found["narrowing_limit"]), rel=0.01)
    # By hand: variances 0.6*0.4 + 0.5*0.5 apart, 0.1*0.9 together.
    assert float(found["narrowing_limit"]) == pytest.approx(np.sqrt(0.49 / 0.09))
    assert float(found["saving"]) == pytest.approx(float(found["narrowing"]) ** 2)


def test_nothing_changed():
    found = compared(500, 0, 0, 1000)
    assert float(found["difference"]) == 0.0
    assert float(found["lower"]) == -float(found["upper"])
    assert np.isnan(found["narrowing_limit"])


def test_independent_twins_gain_nothing():
    """Discordant as chance would have it: the paired interval is as wide as the other."""
    found = compared(2_500, 2_500, 2_500, 10_000)
    assert float(found["narrowing"]) == pytest.approx(1.0, abs=0.01)
