"""Sampled counts against exact probabilities, cell by cell.

The number of chains in a cell is binomial, so each cell has an exact tail probability. A
family of tests with false-alarm rate a is failed by a right sampler with a chance of at most
a, if each of its m cells is failed only by tails below a / m (Bonferroni). Cells of one
world depend on each other; that makes the true rate smaller, not larger.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr
from scipy.stats import binom, norm

from mcescalate.results.variables import PROBABILITIES, probability_name

FAMILY_RATE = 1e-6
"""Chance that a right sampler fails anywhere in a whole family of worlds."""

ROUNDING = 1e-9
"""A draw rounds its probability to 2^-32: over a chain that may move a cell by so much."""


class Cells(NamedTuple):
    """Every cell of every variable of a world, in one line."""

    labels: list[str]
    probability: np.ndarray
    count: np.ndarray
    n_chains: int


def cells(sampled: xr.Dataset, exact: xr.Dataset) -> Cells:
    """All cells of a sampled result beside their exact probabilities."""
    labels, probabilities, counts = [], [], []
    for variable in PROBABILITIES:
        if variable.in_sequences and probability_name(variable) not in exact:
            continue
        values = exact[probability_name(variable)]
        for place in np.ndindex(values.shape):
            where = ", ".join(
                f"{dim}={values[dim].values[k]}" for dim, k in zip(values.dims, place, strict=True)
            )
            labels.append(f"{variable.name}[{where}]")
        probabilities.append(values.values.ravel())
        counts.append(sampled[variable.name].values.ravel())
    return Cells(
        labels,
        np.concatenate(probabilities),
        np.concatenate(counts),
        int(sampled["n_chains"]),
    )


def tails(seen: Cells) -> np.ndarray:
    """Chance of a count as far out as each one, on either side."""
    low = binom.cdf(seen.count, seen.n_chains, np.minimum(seen.probability + ROUNDING, 1.0))
    high = binom.sf(seen.count - 1, seen.n_chains, np.maximum(seen.probability - ROUNDING, 0.0))
    return np.minimum(1.0, 2.0 * np.minimum(low, np.where(seen.count == 0, 1.0, high)))


def disagreements(seen: Cells, rate: float) -> Iterator[str]:
    """Cells whose tails are below the share that each has of a false-alarm rate of `rate`."""
    found = tails(seen)
    for k in np.flatnonzero(found < rate / len(found)):
        yield (
            f"{seen.labels[k]}: {seen.count[k]} of {seen.n_chains} chains, "
            f"exactly {seen.probability[k]:.9g}; chance {found[k]:.2g}"
        )


def smallest_bias(seen: Cells, rate: float) -> np.ndarray:
    """For each cell, the bias that is caught at `rate` in half of all runs, or oftener."""
    share = rate / len(seen.labels) / 2.0
    outermost = binom.isf(share, seen.n_chains, seen.probability)
    return np.maximum(outermost / seen.n_chains - seen.probability, 0.0)


def z_scores(seen: Cells, *, least: float = 10.0) -> np.ndarray:
    """Standard normal scores of cells that are expected to have, and to lack, `least` chains."""
    expected = seen.probability * seen.n_chains
    usual = (expected >= least) & (seen.n_chains - expected >= least)
    below = binom.cdf(seen.count[usual] - 1, seen.n_chains, seen.probability[usual])
    at = binom.pmf(seen.count[usual], seen.n_chains, seen.probability[usual])
    return norm.ppf(np.clip(below + 0.5 * at, 1e-300, 1.0 - 1e-16))
