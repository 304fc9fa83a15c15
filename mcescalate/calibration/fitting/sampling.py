"""A sample of a posterior that need not be normal: adaptive importance sampling.

Where disputes say little, posteriors are skewed and bent, have a second hill or long slopes, and
the normal distribution at the mode covers the truth too rarely. Draws come from the prior, from a
Student distribution around the mode, and then, round by round, from one around what is known of the
posterior so far. All are weighted against the mixture of these (Cornuet, Marin, Mira and Robert
2012). While few draws count, the likelihood is flattened: so the sample closes in on the posterior
from the prior, and loses no part of it that the mode does not see.
"""

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from mcescalate.calibration.likelihoods.free_values import Layout

_A_ROUND = 200
"""Draws from one distribution."""
_MOST_ROUNDS = 12
MANY = 500
"""Disputes above which a posterior is taken as normal: it is nearly so, and draws take long."""
_ENOUGH = 400.0
"""Effective draws at which sampling ends."""
_LEAST = 50.0
"""Effective draws below which the likelihood is flattened."""
_HALVINGS = 30
_WIDER = 1.6
"""Factor on the covariance at the mode, since tails may be longer than those of a normal."""
_FREEDOM = 6.0
"""Degrees of freedom: tails heavier than those of any posterior with normal priors."""


def effective_draws(weights: np.ndarray) -> float:
    """How many draws of equal weight say as much as these (Kish)."""
    return float(1.0 / (weights**2).sum())


def sample_posterior(
    values_of: Callable[[np.ndarray], np.ndarray],
    layout: Layout,
    mode: np.ndarray,
    covariance: np.ndarray,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Draws (draw, parameter) from a posterior, and their weights, which sum to 1.

    Parameters
    ----------
    values_of : the log-likelihood at settings (point, parameter)
    mode, covariance : of the posterior, as far as it is normal
    """
    rng = np.random.default_rng(seed)
    prior = stats.multivariate_normal(np.zeros(layout.size), np.diag(layout.sd**2))
    sources = [prior, stats.multivariate_t(mode, _WIDER * covariance, df=_FREEDOM)]
    points, found = np.zeros((0, layout.size)), np.zeros(0)
    while True:
        for source in sources[len(points) // _A_ROUND :]:
            drawn = source.rvs(_A_ROUND, random_state=rng).reshape(_A_ROUND, layout.size)
            points = np.concatenate([points, drawn])
            found = np.concatenate([found, _log_likelihood(values_of, layout, drawn)])
        # Of the prior against the distribution that the draws come from.
        of_prior = prior.logpdf(points) - logsumexp([s.logpdf(points) for s in sources], axis=0)
        weights = _flattened(of_prior, found)
        known = effective_draws(weights)
        if known >= _ENOUGH or len(sources) > _MOST_ROUNDS:
            return points, weights
        mean = weights @ points
        own = np.einsum("d,dp,dq->pq", weights, points - mean, points - mean)
        # As if the covariance at the mode came from as many draws as there are twice parameters.
        trust = known / (known + 2.0 * layout.size)
        spread = trust * own + (1.0 - trust) * covariance
        sources.append(stats.multivariate_t(mean, spread, df=_FREEDOM))


def _log_likelihood(
    values_of: Callable[[np.ndarray], np.ndarray], layout: Layout, points: np.ndarray
) -> np.ndarray:
    """(point) -inf beyond the bounds of the values."""
    inside = layout.is_within(layout.effective(points))
    found = np.full(len(points), -np.inf)
    if inside.any():
        found[inside] = values_of(points[inside])
    return found


def _weights(of_prior: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Weights that sum to 1, from logarithms of prior and likelihood."""
    logs = of_prior + found
    return np.exp(logs - logsumexp(logs))


def _flattened(of_prior: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Weights by the highest power of the likelihood, at most 1, that lets enough draws count."""
    weights, low, high = _weights(of_prior, found), 0.0, 1.0
    if effective_draws(weights) >= _LEAST:
        return weights
    for _ in range(_HALVINGS):
        power = (low + high) / 2.0
        weights = _weights(of_prior, power * found)
        low, high = (power, high) if effective_draws(weights) >= _LEAST else (low, power)
    return weights
