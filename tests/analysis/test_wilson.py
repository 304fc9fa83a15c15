"""Wilson's interval against hand-worked numbers, at its edges, and in its coverage."""

import numpy as np
import pytest

from mcescalate.analysis.estimation.estimate import wilson

Z = 1.959963984540054  # two-sided 95 %


def test_hand_worked():
    # 15 of 50: p = 0.3, z^2/n = 3.841459/50 = 0.0768292.
    # middle = (0.3 + 0.0384146) / 1.0768292 = 0.3142695
    # half = 1.959964 * sqrt(0.3*0.7/50 + 0.0768292/(4*50)) / 1.0768292 = 0.1232340
    lower, upper = wilson(15, 50)
    assert lower == pytest.approx(0.3142695 - 0.1232340, abs=2e-6)
    assert upper == pytest.approx(0.3142695 + 0.1232340, abs=2e-6)


def test_solves_the_score_equation():
    """At either end the true share would lie z standard errors from the one seen."""
    for count, n in ((1, 7), (40, 100), (3, 10**6)):
        for end in wilson(count, n):
            assert abs(count / n - end) == pytest.approx(Z * np.sqrt(end * (1 - end) / n))


@pytest.mark.parametrize("n", [1, 10, 10**6, 10**15])
def test_none_and_all_have_bounds(n):
    lower, upper = wilson(0, n)
    assert lower == 0.0
    assert upper == pytest.approx(Z**2 / (n + Z**2))
    lower, upper = wilson(n, n)
    assert upper == 1.0
    assert 1 - lower == pytest.approx(Z**2 / (n + Z**2), rel=1e-3, abs=1e-15)


def test_no_trials_say_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


def test_level_widens():
    low, high = wilson(5, 20, 0.5), wilson(5, 20, 0.99)
    assert high[0] < low[0] < 0.25 < low[1] < high[1]


def test_arrays_keep_their_shape():
    lower, upper = wilson(np.array([[0, 5], [10, 3]]), 10)
    assert lower.shape == upper.shape == (2, 2)
    assert (lower <= upper).all()


def test_coverage():
    """The share of samples whose interval holds the truth, summed exactly, is near the level."""
    from scipy.stats import binom

    n = 400
    counts = np.arange(n + 1)
    lower, upper = wilson(counts, n)
    shares = np.linspace(0.02, 0.98, 97)
    covered = [binom.pmf(counts, n, p)[(lower <= p) & (p <= upper)].sum() for p in shares]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.003)
    assert min(covered) > 0.92
