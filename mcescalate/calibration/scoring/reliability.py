"""Are events as frequent as predicted? Isotonic regression of outcomes on predictions (CORP).

Dimitriadis, Gneiting and Jordan 2021: the recalibrated predictions are the best that rise with the
given ones. The Brier score is then miscalibration - discrimination + uncertainty.
"""

from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression

from mcescalate.calibration.scoring.scores import LEVEL, brier_score, interval, plain

_POINTS = 60
_BAND_RESAMPLES = 300


def recalibrated(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Frequencies that rise with `p`, closest to the outcomes; equal predictions stay equal.

    Parameters
    ----------
    weights : (dispute)
    """
    levels, place = np.unique(p, return_inverse=True)
    weight = np.bincount(place, weights, len(levels))
    events = np.bincount(place, weights * y, len(levels))
    # A level that is not in a resample has no weight; SciPy needs some.
    mean = np.divide(events, weight, out=np.zeros(len(levels)), where=weight > 0.0)
    fitted = isotonic_regression(mean, weights=np.maximum(weight, 1e-9)).x
    return np.clip(fitted, 0.0, 1.0)[place]


def reliability(p: np.ndarray, y: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    """The decomposition of the Brier score, and the curve with its band.

    Parameters
    ----------
    weights : (1 + resample, dispute) of `scores.resampled`
    """
    few = weights[: 1 + _BAND_RESAMPLES]
    grid = np.quantile(p, np.linspace(0.0, 1.0, _POINTS))
    order = np.argsort(p, kind="stable")
    parts: dict[str, list[float]] = {"miscalibration": [], "discrimination": [], "uncertainty": []}
    curves = []
    for row in few:
        fitted = recalibrated(p, y, row)
        base = np.full(len(y), np.sum(row * y) / row.sum())
        score, best, constant = (brier_score(q, y, row[None])[0] for q in (p, fitted, base))
        parts["miscalibration"].append(score - best)
        parts["discrimination"].append(constant - best)
        parts["uncertainty"].append(constant)
        curves.append(np.interp(grid, p[order], fitted[order]))
    tail = (1.0 - LEVEL) / 2.0
    lower, upper = np.quantile(curves[1:], [tail, 1.0 - tail], axis=0)
    return {
        **{name: interval(np.array(values)) for name, values in parts.items()},
        "curve": {
            "predicted": plain(grid),
            "observed": plain(curves[0]),
            "lower": plain(lower),
            "upper": plain(upper),
        },
    }
