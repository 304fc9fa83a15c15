"""Intervals cover the exact probabilities as often as they should, over 1,000 small runs.

The number of runs whose interval covers is binomial with the interval's exact coverage, which
for a probability p and n chains is the chance of the counts whose interval holds p. A test
fails a right interval with a chance of at most 1e-6 for all cells together. It catches an
interval that covers 5 percentage points too little or too much.
"""

import numpy as np
import pytest
from scipy.stats import binom
from verification.agreement import FAMILY_RATE
from verification.small_worlds import SMALL_WORLDS

import mcescalate as mc
from mcescalate.analysis.estimation.estimate import clopper_pearson, wilson

RUNS = 1000
CHAINS = 150
INTERVALS = {"wilson": wilson, "clopper-pearson": clopper_pearson}
WORLDS = ("pair", "defence", "burden, resolve and neutrality", "torn between both")
OUTCOMES = 6
CELLS = len(INTERVALS) * len(WORLDS) * OUTCOMES


def exact_coverage(interval, probability, n, level=0.95):
    """Chance that the interval of a binomial count holds its probability."""
    counts = np.arange(n + 1)
    lower, upper = interval(counts, n, level)
    holds = (lower <= probability) & (probability <= upper)
    return float(binom.pmf(counts[holds], n, probability).sum())


@pytest.fixture(scope="module")
def runs_of():
    """Counts of outcomes in each of the small runs of a world, (run, outcome)."""

    def runs(name):
        kept = mc.simulate(SMALL_WORLDS[name], n_chains=RUNS * CHAINS, seed=41, keep_chains=True)
        outcomes = kept["chain_outcome"].values.reshape(RUNS, CHAINS)
        return np.stack([(outcomes == k).sum(axis=1) for k in range(OUTCOMES)], axis=1)

    return {name: runs(name) for name in WORLDS}


@pytest.mark.parametrize("kind", INTERVALS)
@pytest.mark.parametrize("name", WORLDS)
def test_intervals_cover_as_they_should(kind, name, runs_of, exact_of):
    interval = INTERVALS[kind]
    for k, probability in enumerate(exact_of(name)["outcome_probability"].values):
        lower, upper = interval(runs_of[name][:, k], CHAINS)
        covering = int(((lower <= probability) & (probability <= upper)).sum())
        coverage = min(exact_coverage(interval, probability, CHAINS), 1.0)
        low, high = binom.cdf(covering, RUNS, coverage), binom.sf(covering - 1, RUNS, coverage)
        assert min(low, high) > FAMILY_RATE / CELLS / 2, (kind, name, k, covering, coverage)


@pytest.mark.parametrize("n", [1, 7, CHAINS])
def test_clopper_pearson_never_covers_too_little(n):
    for probability in np.linspace(0.001, 0.999, 333):
        assert exact_coverage(clopper_pearson, probability, n) >= 0.95 - 1e-12


def test_wilson_covers_as_promised_on_average():
    coverage = [exact_coverage(wilson, p, CHAINS) for p in np.linspace(0.02, 0.98, 481)]
    assert np.mean(coverage) == pytest.approx(0.95, abs=0.005)
    assert min(coverage) > 0.90
