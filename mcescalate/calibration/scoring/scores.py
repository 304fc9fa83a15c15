"""How good probabilities are: log score, Brier score, AUC, skill and calibration slope.

Every score takes weights (resample, dispute), the number of times that a dispute is in a
resample, and gives a value for each; so that all scores of all predictors share the resamples,
and differences between them are paired.
"""

from collections.abc import Iterable

import numpy as np
from scipy.special import expit, logit

from mcescalate.calibration.scoring.regressions import log_loss

LEVEL = 0.9
"""Of all intervals."""
RESAMPLES = 1000


def resampled(n: int, seed: int, n_resamples: int | None = None) -> np.ndarray:
    """(1 + resample, dispute) counts; the first row has every dispute once.

    Disputes are drawn with replacement (the bootstrap).
    """
    times = RESAMPLES if n_resamples is None else n_resamples
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), times)
    return np.vstack([np.ones(n), drawn])


def total_of(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(resample) the sum of values, each as often as its dispute is in the resample."""
    # Not BLAS, whose threads would add up in an order that depends on their number.
    return np.einsum("rd,d->r", weights, values)


def log_score(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean of minus log probability of what happened; 0 is perfect."""
    return _mean(log_loss(p, y), weights)


def brier_score(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean squared distance of probability and outcome; 0 is perfect."""
    return _mean((p - y) ** 2, weights)


def auc(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Chance that an event was given more than a non-event, ties counting half.

    NaN in resamples without events, or without non-events.
    """
    won, pairs = _pairs(p, y, weights)
    return _ratio(won, pairs)


def auc_within(p: np.ndarray, y: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The same among pairs of the same group only."""
    won, pairs = np.zeros(len(weights)), np.zeros(len(weights))
    for group in np.unique(groups):
        own = groups == group
        more_won, more_pairs = _pairs(p[own], y[own], weights[:, own])
        won, pairs = won + more_won, pairs + more_pairs
    return _ratio(won, pairs)


def skill(score: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """1 - score / reference: 1 is perfect, 0 as good as the reference."""
    return 1.0 - _ratio(score, reference)


def calibration_slope(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Slope of a logistic regression of outcomes on the log-odds of predictions.

    Below 1 the predictions are too extreme, above 1 too timid. NaN where all outcomes are alike.
    """
    x = logit(np.clip(p, 1e-9, 1.0 - 1e-9))
    total = weights.sum(axis=1)
    mean = total_of(x, weights) / total
    spread = np.sqrt(np.maximum(total_of(x**2, weights) / total - mean**2, 0.0))
    events = total_of(y, weights)
    # Rounding leaves equal predictions a spread of about 1e-8.
    fit = (events > 0) & (events < total) & (spread > 1e-6 * (1.0 + np.abs(mean)))
    slopes = np.full(len(weights), np.nan)
    w, base = weights[fit], events[fit] / total[fit]
    a, b = logit(base), np.zeros(fit.sum())
    z = (x - mean[fit, None]) / spread[fit, None]
    for _ in range(25):
        q = expit(a[:, None] + b[:, None] * z)
        v = w * q * (1.0 - q) + 1e-12
        residual = w * (y - q)
        g0, g1 = residual.sum(1), (residual * z).sum(1)
        h00, h01, h11 = v.sum(1), (v * z).sum(1), (v * z * z).sum(1)
        det = h00 * h11 - h01**2
        step_a, step_b = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        size = np.maximum(1.0, np.hypot(step_a, step_b))
        a, b = a + step_a / size, b + step_b / size
        if np.all(np.hypot(step_a, step_b) < 1e-8):
            break
    slopes[fit] = b / spread[fit]
    return slopes


def interval(values: np.ndarray) -> dict[str, float | None]:
    """The first value with the interval of the others, the resamples."""
    value, *_ = values
    drawn = values[1:][np.isfinite(values[1:])]
    tail = (1.0 - LEVEL) / 2.0
    lower, upper = np.quantile(drawn, [tail, 1.0 - tail]) if len(drawn) else (np.nan, np.nan)
    return {"value": _plain(value), "lower": _plain(lower), "upper": _plain(upper)}


def plain(values: Iterable[float]) -> list[float | None]:
    """Numbers for JSON, rounded to what they are known to; None for NaN."""
    return [_plain(value) for value in values]


def _plain(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None


def _mean(losses: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return _ratio(total_of(losses, weights), weights.sum(axis=1))


def _pairs(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(pairs that the event won, all pairs) of an event and a non-event, by resample."""
    if not len(p):
        return np.zeros(len(weights)), np.zeros(len(weights))
    order = np.argsort(p, kind="stable")
    starts = np.flatnonzero(np.diff(p[order], prepend=np.nan) != 0.0)
    y = y[order]
    with_event = np.add.reduceat(weights[:, order] * y, starts, axis=1)
    without = np.add.reduceat(weights[:, order] * (1.0 - y), starts, axis=1)
    below = np.cumsum(without, axis=1) - without
    won = (with_event * (below + 0.5 * without)).sum(axis=1)
    return won, with_event.sum(axis=1) * without.sum(axis=1)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0)
