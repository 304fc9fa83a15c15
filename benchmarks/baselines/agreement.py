"""Whether two samples of counts can be of one law, cell by cell.

Given how often something happened in both samples together, how often it did in one of them is
hypergeometric if they are of one law, so each cell has an exact tail. Samples of one law fail a
family of m cells with a chance of at most `rate`, if each is failed only by tails below
`rate` / m (Bonferroni).
"""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from scipy.stats import hypergeom

from baselines.counts import DIMS, Counts, in_file_order
from mcescalate.scenario.schema import Scenario

PER_CHAIN = frozenset(DIMS) - {"n_chains"}
"""Every cell of these counts chains: none can count one twice."""


def disagreements(
    result: xr.Dataset,
    counts: Counts,
    scenario: Scenario,
    rate: float,
) -> Iterator[str]:
    """Cells of a result and the baseline that are too far apart, in words."""
    ours = in_file_order(counts, scenario)
    wanted = [name for name in ours if name in PER_CHAIN]
    n_result, n_baseline = int(result["n_chains"]), int(ours["n_chains"])
    cells = sum(ours[name].size for name in wanted)
    for name in wanted:
        theirs = result[name].values
        chance = tails(theirs, n_result, ours[name], n_baseline)
        for place in map(tuple, np.argwhere(chance < rate / cells)):
            labels = [str(result[dim].values[k]) for dim, k in zip(DIMS[name], place, strict=True)]
            yield (
                f"{name}[{', '.join(labels)}]: engine {theirs[place]} of {n_result}, "
                f"baseline {ours[name][place]} of {n_baseline}; chance {chance[place]:.2g}"
            )


def tails(one: np.ndarray, n_one: int, other: np.ndarray, n_other: int) -> np.ndarray:
    """Chance of a count of the first sample as far out as this one, on either side."""
    both = one + other
    low = hypergeom.cdf(one, n_one + n_other, both, n_one)
    high = hypergeom.sf(one - 1, n_one + n_other, both, n_one)
    return np.minimum(1.0, 2.0 * np.minimum(low, high))
