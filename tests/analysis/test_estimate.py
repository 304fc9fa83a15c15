"""Intervals other than Wilson's, estimates of labelled counts, and chains for a precision."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import binom, binomtest

from mcescalate.analysis.estimation.estimate import (
    INTERVALS,
    chains_needed,
    clopper_pearson,
    estimate,
    jeffreys,
    shares,
    wilson,
)
from mcescalate.errors import UsageError


@pytest.mark.parametrize(("count", "n"), [(0, 7), (1, 7), (7, 7), (40, 100), (3, 10**6)])
def test_exact_interval_is_scipys(count, n):
    lower, upper = clopper_pearson(count, n)
    theirs = binomtest(count, n).proportion_ci(0.95, "exact")
    assert (lower, upper) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


def test_zero_count():
    """The chance of no success in 100 trials: 2.5 % at the exact end; Jeffreys' is shorter."""
    assert 1 - clopper_pearson(0, 100)[1] == pytest.approx(0.025 ** (1 / 100))
    assert jeffreys(0, 100)[0] == 0.0
    assert jeffreys(0, 100)[1] == pytest.approx(0.0247453, abs=1e-6)  # Beta(0.5, 100.5) at 0.975
    assert jeffreys(100, 100)[1] == 1.0


@pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS)
def test_no_trials_say_nothing(interval):
    assert interval(0, 0, 0.95) == (0.0, 1.0)


def coverage(interval, n, shares):
    """Chance that the interval holds the truth, summed exactly, for each true share."""
    counts = np.arange(n + 1)
    lower, upper = interval(counts, n)
    return [binom.pmf(counts, n, p)[(lower <= p) & (p <= upper)].sum() for p in shares]


def test_exact_interval_never_covers_too_little():
    assert min(coverage(clopper_pearson, 60, np.linspace(0.001, 0.999, 333))) >= 0.95


def test_jeffreys_covers_on_average():
    assert np.mean(coverage(jeffreys, 60, np.linspace(0.02, 0.98, 333))) == pytest.approx(
        0.95, abs=0.005
    )


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_levels_are_shares(level):
    with pytest.raises(UsageError, match="above 0 and below 1"):
        wilson(1, 2, level)


def test_estimate_keeps_labels():
    count = xr.DataArray([[0, 5], [10, 3]], dims=("actor", "side"), coords={"actor": ["A", "B"]})
    found = estimate(count, 10)
    assert found["probability"].sel(actor="B").values.tolist() == [1.0, 0.3]
    assert float(found["error"][1, 1]) == pytest.approx(np.sqrt(0.3 * 0.7 / 10))
    assert (found["lower"] <= found["probability"]).all()
    assert (found["probability"] <= found["upper"]).all()


def test_estimate_without_trials_knows_nothing():
    found = estimate(xr.DataArray([0, 1], dims="x"), xr.DataArray([0, 2], dims="x"))
    assert np.isnan(found["probability"][0])
    assert (float(found["lower"][0]), float(found["upper"][0])) == (0.0, 1.0)


def test_estimate_over_points():
    """Each point of a sweep has its own number of chains."""
    count = xr.DataArray([[5, 0], [50, 20]], dims=("point", "outcome"))
    found = estimate(count, xr.DataArray([10, 100], dims="point"))
    assert found["probability"].values.tolist() == [[0.5, 0.0], [0.5, 0.2]]
    assert float(found["upper"][1, 0]) < float(found["upper"][0, 0])


def test_estimate_refuses_unknown_methods():
    with pytest.raises(UsageError, match="jeffreys"):
        estimate(xr.DataArray(1), 2, method="wald")


def test_shares_of_any_count(result):
    assert float(shares(result, "outcome_count")["probability"].sum()) == pytest.approx(1.0)
    with pytest.raises(UsageError, match="no count"):
        shares(result, "outcome")


@pytest.mark.parametrize(("probability", "half_width"), [(0.0435, 0.001), (0.5, 0.01), (0.0, 1e-3)])
def test_chains_needed_are_enough_and_no_more(probability, half_width):
    n = int(chains_needed(probability, half_width))

    def half(n):
        lower, upper = wilson(probability * n, n)
        return (upper - lower) / 2

    assert half(n) <= half_width * (1 + 1e-3)
    assert half(0.99 * n) > half_width


def test_chains_for_a_relative_precision():
    """10 % of a probability of 10^-4: about 1.96^2 / 0.01 / 10^-4."""
    assert int(chains_needed(1e-4, 0.1, relative=True)) == pytest.approx(3.84e6, rel=0.01)


@pytest.mark.parametrize(("probability", "half_width"), [(1.2, 0.1), (0.5, 0.0), (0.5, 0.7)])
def test_chains_needed_refuses_nonsense(probability, half_width):
    with pytest.raises(UsageError):
        chains_needed(probability, half_width)
