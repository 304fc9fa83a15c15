"""A sample of a posterior that need not be normal: adaptive importance sampling around its mode.

Where disputes say little, posteriors are skewed and bent, and the normal distribution at the mode
covers the truth too rarely. Draws come from Student distributions, the first around the mode with
the covariance there, each further one around what is known of the posterior so far; all draws are
weighted against the mixture of these (Cornuet, Marin, Mira and Robert 2012).
"""

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from mcescalate.calibration.likelihoods.free_values import Layout

_A_ROUND = 200
"""Draws from one distribution."""
_MOST_ROUNDS = 5
MANY = 500
"""Disputes above which a posterior is taken as normal: it is nearly so, and draws take long."""
_ENOUGH = 400.0
"""Effective draws at which sampling ends."""
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
    mean, spread = mode, _WIDER * covariance
    points = np.zeros((0, layout.size))
    heights = np.zeros(0)
    sources: list[stats.multivariate_t] = []
    weights = np.zeros(0)
    for _ in range(_MOST_ROUNDS):
        sources.append(stats.multivariate_t(mean, spread, df=_FREEDOM))
        drawn = sources[-1].rvs(_A_ROUND, random_state=rng).reshape(_A_ROUND, layout.size)
        points = np.concatenate([points, drawn])
        heights = np.concatenate([heights, _log_posterior(values_of, layout, drawn)])
        of_sources = np.array([source.logpdf(points) for source in sources])
        weights = _weights(heights - logsumexp(of_sources, axis=0))
        known = effective_draws(weights)
        if known >= _ENOUGH:
            break
        mean = weights @ points
        own = np.einsum("d,dp,dq->pq", weights, points - mean, points - mean)
        # As if the covariance at the mode came from as many draws as there are twice parameters.
        trust = known / (known + 2.0 * layout.size)
        spread = trust * own + (1.0 - trust) * covariance
    return points, weights


def _log_posterior(
    values_of: Callable[[np.ndarray], np.ndarray], layout: Layout, points: np.ndarray
) -> np.ndarray:
    """(point) but for a constant; -inf beyond the bounds of the values."""
    inside = layout.is_within(layout.effective(points))
    heights = np.full(len(points), -np.inf)
    if inside.any():
        prior = -0.5 * ((points[inside] / layout.sd) ** 2).sum(axis=1)
        heights[inside] = values_of(points[inside]) + prior
    return heights


def _weights(logs: np.ndarray) -> np.ndarray:
    """Weights that sum to 1, none far above the others (Ionides 2008)."""
    weights = np.exp(logs - logsumexp(logs))
    weights = np.minimum(weights, len(weights) ** -0.5)
    return weights / weights.sum()
