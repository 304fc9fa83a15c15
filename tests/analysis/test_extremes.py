"""The extremes of a sweep: distinguished where they differ, and not where only noise does."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import ttest_1samp

from mcescalate.analysis.estimation.difference import newcombe
from mcescalate.analysis.sweeps.extremes import extremes
from mcescalate.errors import UsageError

OUTCOMES = ["deterred", "settled", "mediated", "stalemate", "limited_war", "general_war"]
BLOCKS = 32


def swept(wars, n=3200, *, shared=True):
    """A made-up sweep from counts of general wars by (point, block) of `n` chains a point."""
    wars = np.asarray(wars)
    blocks = np.zeros((*wars.shape, len(OUTCOMES)), np.int64)
    blocks[..., 5], blocks[..., 0] = wars, n // BLOCKS - wars
    return xr.Dataset(
        {
            "outcome_count": (("point", "outcome"), blocks.sum(1)),
            "block_outcome_count": (("point", "block", "outcome"), blocks),
            "n_chains": ("point", blocks.sum((1, 2))),
        },
        {"outcome": OUTCOMES, "rung": ["calm", "war"]},
        attrs={"common_random_numbers": int(shared)},
    )


def drawn(shares, n=3200, seed=1, *, shared=True):
    """The same with the chains drawn: a chain has a war where its own number is below a share."""
    rng = np.random.default_rng(seed)
    shape = (1 if shared else len(shares), BLOCKS, n // BLOCKS)
    numbers = rng.random(shape) + np.zeros((len(shares), 1, 1))
    return swept((numbers < np.reshape(shares, (-1, 1, 1))).sum(2), n, shared=shared)


def test_difference_of_the_extremes_block_by_block():
    sweep = drawn([0.3, 0.34, 0.2, 0.25])
    found = extremes(sweep, "war")
    assert (found.least, found.most) == (2, 1)
    shares = sweep["block_outcome_count"].sel(outcome="general_war").values / 100
    gaps = shares[1] - shares[2]
    joint = ttest_1samp(gaps, 0).confidence_interval(1 - 0.05 / 6)  # six pairs of four points
    assert (found.lower, found.upper) == pytest.approx(tuple(joint))
    assert found.difference == pytest.approx(gaps.mean())
    assert found.is_detected and found.chains_to_detect < 3200


def test_shared_random_numbers_detect_what_separate_ones_do_not():
    shares = [0.3, 0.31, 0.305]
    assert extremes(drawn(shares), "general_war").is_detected
    apart = drawn(shares, shared=False)
    found = extremes(apart, "general_war")
    assert not found.is_detected and found.chains_to_detect > 3200
    wars = apart["outcome_count"].sel(outcome="general_war").values
    joint = newcombe(wars[found.least], wars[found.most], 3200, 1 - 0.05 / 3)
    assert (found.lower, found.upper) == pytest.approx(joint)


@pytest.mark.parametrize("shared", [True, False])
def test_points_that_differ_by_noise_alone_are_hardly_ever_distinguished(shared):
    """Ten points of one probability, 200 sweeps: 5 % at most are taken to differ.

    Where points share random numbers, half of the chains have their own all the same.
    More than 19 of 200 at a rate of 5 % come once in 300 seeds.
    """
    reported = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        common = rng.binomial(50, 0.2, (1 if shared else 10, BLOCKS))
        found = extremes(swept(common + rng.binomial(50, 0.2, (10, BLOCKS)), shared=shared), "war")
        reported += found.is_detected
    assert reported <= 19


def test_alike_points_and_lone_points():
    same = swept(np.full((4, BLOCKS), 20))
    found = extremes(same, "war")
    assert found.difference == 0 and found.lower < 0 < found.upper and not found.is_detected
    assert np.isnan(found.chains_to_detect)
    assert extremes(same.isel(point=[0]), "war") is None
    unplayed = same.assign(n_chains=("point", [3200, 0, 0, 0]))
    assert extremes(unplayed, "war") is None
    with pytest.raises(UsageError, match="general_war"):
        extremes(same, "peace")


def test_events_without_blocks_have_the_interval_of_separate_chains():
    sweep = drawn([0.2, 0.4])
    wars = sweep["outcome_count"].sel(outcome="general_war").values
    peaks = np.stack([3200 - wars, wars], axis=1)
    found = extremes(sweep.assign(peak_count=(("point", "rung"), peaks)), "peak>=war")
    assert (found.lower, found.upper) == pytest.approx(newcombe(wars[0], wars[1], 3200))
