"""The mode of a posterior by Fisher scoring, the covariance there, and draws from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mcescalate.calibration.fitting.sampling import sample_posterior
from mcescalate.calibration.likelihoods.free_values import Layout
from mcescalate.calibration.likelihoods.likelihood import Slope
from mcescalate.errors import UsageError

_MOST_STEPS = 60
_MOST_HALVINGS = 12
_LONGEST = 2.0
"""Longest step, in standard deviations of the prior."""
_CLOSE = 1e-3
"""Gain of log posterior below which the mode is reached, to some hundredths of its deviation."""
_REMEMBERED = 4
"""Steps whose slopes correct the curvature."""
_MOST_ROUNDS = 200
_TRIALS = 48
"""Draws from the prior among which a second climb finds its start."""


class Likelihood(Protocol):
    """What is fitted."""

    layout: Layout

    def value(self, parameters: np.ndarray) -> float:
        """The log-likelihood."""

    def values(self, parameters: np.ndarray) -> np.ndarray:
        """(point) the log-likelihood at each setting (point, parameter)."""

    def slope(self, parameters: np.ndarray) -> Slope:
        """The log-likelihood with its score and expected information."""


@dataclass(frozen=True)
class Fit:
    """A posterior: its mode, the covariance there, and a sample where it is not taken as normal.

    Parameters
    ----------
    layout : the values
    mode : (parameter)
    covariance : (parameter, parameter)
    log_likelihood : at the mode
    steps : of Fisher scoring
    converged : whether the mode was reached
    sample : draws (draw, parameter) and their weights; None for the normal distribution
    """

    layout: Layout
    mode: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    steps: int
    converged: bool
    sample: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def effective(self) -> np.ndarray:
        """(era, value) at the mode."""
        return self.layout.effective(self.mode)

    @property
    def sd(self) -> np.ndarray:
        """(era, value) posterior standard deviations."""
        return self.layout.effective_sd(self.covariance)

    @property
    def shrinkage(self) -> np.ndarray:
        """(era, value) posterior over prior standard deviation: 1 where data say nothing."""
        return self.sd / self.layout.prior_sd()

    def draws(self, n: int, seed: int) -> np.ndarray:
        """(draw, era, value) from the posterior, cut off at the bounds of the values.

        From a sample, draws are repeated by their weights.
        """
        rng = np.random.default_rng(seed)
        if self.sample is not None:
            points, weights = self.sample
            # Evenly spaced, so that each draw comes up as often as its weight says.
            places = np.searchsorted(np.cumsum(weights), (np.arange(n) + rng.random()) / n)
            places = rng.permutation(np.minimum(places, len(points) - 1))
            return self.layout.effective(points[places])
        root = np.linalg.cholesky(self.covariance)
        kept = np.zeros((0, *self.layout.sums.shape[:2]))
        for _ in range(_MOST_ROUNDS):
            parameters = self.mode + rng.standard_normal((n, len(self.mode))) @ root.T
            found = self.layout.effective(parameters)
            kept = np.concatenate([kept, found[self.layout.is_within(found)]])
            if len(kept) >= n:
                return kept[:n]
        raise UsageError(
            "the posterior lies outside the bounds of its values; fix those that are at a bound: "
            + ", ".join(self._at_bounds())
        )

    def _at_bounds(self) -> list[str]:
        found = self.effective
        near = (found <= self.layout.lower + 1e-9) | (found >= self.layout.upper - 1e-9)
        places = np.flatnonzero(near.any(axis=0))
        return [self.layout.values[place].address for place in places]


def find_mode(
    likelihood: Likelihood,
    start: np.ndarray | None = None,
    progress: Callable[[int], None] = lambda step: None,
) -> Fit:
    """The mode of the posterior: the one near `start`, or else the higher of two.

    A posterior may have several modes: where a balance of power that emboldens the stronger fits,
    one that emboldens the weaker may fit, too, less well. So without a start one climb begins at
    the prior means, and one at the best of some draws from the prior.
    """
    if start is not None:
        return _climb(likelihood, start, progress)
    layout = likelihood.layout
    fit = _climb(likelihood, np.zeros(layout.size), progress)
    draws = np.random.default_rng(0).standard_normal((_TRIALS, layout.size)) * layout.sd
    draws = np.array([layout.within_bounds(draw) for draw in draws])
    found = likelihood.values(draws) - 0.5 * ((draws / layout.sd) ** 2).sum(axis=1)
    other = _climb(likelihood, draws[int(np.argmax(found))], progress)
    return max(fit, other, key=log_posterior)


def log_posterior(fit: Fit) -> float:
    """At the mode, but for a constant."""
    return fit.log_likelihood - 0.5 * float(((fit.mode / fit.layout.sd) ** 2).sum())


def with_sample(fit: Fit, likelihood: Likelihood) -> Fit:
    """A fit with a sample of its posterior."""
    return replace(
        fit, sample=sample_posterior(likelihood.values, fit.layout, fit.mode, fit.covariance)
    )


def _climb(likelihood: Likelihood, start: np.ndarray, progress: Callable[[int], None]) -> Fit:
    """Climb to a mode from `start`.

    The expected information stands in for the curvature, with what the last steps showed of it, so
    that every step goes uphill; steps are halved until they do.
    """
    layout = likelihood.layout
    precision = 1.0 / layout.sd**2
    at = layout.within_bounds(start)
    found = likelihood.slope(at)
    here = found.value - 0.5 * float(precision @ at**2)
    converged, steps = False, 0
    seen: list[tuple[np.ndarray, np.ndarray]] = []
    while not converged and steps < _MOST_STEPS:
        steps += 1
        curvature = _as_seen(found.information + np.diag(precision), seen)
        slope = found.score - precision * at
        free = ~layout.held(at, slope)
        step = np.zeros(layout.size)
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
        step /= max(1.0, float(np.abs(step / layout.sd).max()) / _LONGEST)
        for _ in range(_MOST_HALVINGS):
            to = layout.within_bounds(at + step)
            tried = likelihood.slope(to)
            gain = tried.value - 0.5 * float(precision @ to**2) - here
            if gain >= 0.0:
                break
            step = step / 2.0
        else:
            converged = True
            break
        seen = [*seen[1 - _REMEMBERED :], (to - at, slope - tried.score + precision * to)]
        at, found, here, converged = to, tried, here + gain, gain < _CLOSE
        progress(steps)
    covariance = np.linalg.inv(found.information + np.diag(precision))
    return Fit(layout, at, (covariance + covariance.T) / 2.0, found.value, steps, converged)


def _as_seen(curvature: np.ndarray, seen: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """A curvature that agrees with how slopes fell over the steps seen (BFGS)."""
    for step, fall in seen:
        if step @ fall > 0.0:
            flat = curvature @ step
            curvature = (
                curvature
                + np.outer(fall, fall) / (step @ fall)
                - np.outer(flat, flat) / (step @ flat)
            )
    return curvature
