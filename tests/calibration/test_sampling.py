"""Samples of posteriors whose shape is known."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from mcescalate.calibration.fitting.sampling import effective_draws, sample_posterior
from mcescalate.calibration.likelihoods.free_values import Layout, find_free_values

SIX = ("up", "gap", "balance", "rivalry", "cost", "war_cost")


def test_a_broad_hill_beside_a_narrow_mode_is_found():
    """The likelihood of a sharp hill at the mode, and of a broad one at some distance.

    Both are normal, and so the share of each in the posterior is known. The seed is fixed; the
    standard error of the share is 0.03, and a false alarm at four of them 6e-5.
    """
    layout = Layout(find_free_values([f"response.{name}" for name in SIX], []))
    unit = np.ones(layout.size) / np.sqrt(layout.size)
    hills = [
        # share of the likelihood, centre and standard deviation, in those of the prior
        (0.15, -1.0 * unit, 0.15),
        (0.85, 1.0 * unit, 0.8),
    ]

    def log_hills(points):
        z = points / layout.sd
        return [
            np.log(share) + stats.multivariate_normal(at, sd**2).logpdf(z)
            for share, at, sd in hills
        ]

    def values_of(points):
        return logsumexp(log_hills(points), axis=0)

    _, at, sd = hills[0]
    shrunk = sd**2 / (1.0 + sd**2)
    mode, covariance = layout.sd * at / (1.0 + sd**2), np.diag(shrunk * layout.sd**2)
    points, weights = sample_posterior(values_of, layout, mode, covariance)
    evidence = [
        share * stats.multivariate_normal(at, 1.0 + sd**2).pdf(np.zeros(layout.size))
        for share, at, sd in hills
    ]
    expected = evidence[0] / sum(evidence)
    of_first = np.exp(log_hills(points)[0] - values_of(points))
    assert 0.1 < expected < 0.9
    assert float(weights @ of_first) == pytest.approx(expected, abs=0.12)
    assert effective_draws(weights) >= 400.0


def test_a_normal_posterior_is_found_again():
    """Means within 4 standard errors of 400 draws, a false alarm of 6 values: 4e-4."""
    layout = Layout(find_free_values([f"response.{name}" for name in SIX], []))
    sd = 0.3 * layout.sd

    def values_of(points):
        return -0.5 * (((points - sd) / sd) ** 2).sum(axis=1)

    share = 1.0 / (1.0 + 0.3**2)
    mode, spread = share * sd, np.sqrt(share) * sd
    points, weights = sample_posterior(values_of, layout, mode, np.diag(spread**2))
    mean = weights @ points
    assert np.abs((mean - mode) / spread).max() < 4.0 / np.sqrt(400.0)
    assert np.sqrt(weights @ (points - mean) ** 2) == pytest.approx(spread, rel=0.15)
