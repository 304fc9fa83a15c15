"""Monte Carlo and parameter intervals over draws, on made-up sweeps and on simulated ones."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import beta

from mcescalate.analysis.sweeps.posterior import both_intervals, is_over_draws
from mcescalate.model.codes import OUTCOMES

BLOCKS = 32
LAW = beta(8, 8)


def draws(truth, chains_per_block, random, *, common):
    """Counts at draws whose P(war) is `truth`, and whose chains are shared by all or by none."""
    shape = (1 if common else len(truth), BLOCKS, chains_per_block)
    wars = (random.random(shape) < truth[:, None, None]).sum(axis=2)
    outcome = np.zeros((len(truth), BLOCKS, len(OUTCOMES)), np.int64)
    outcome[..., OUTCOMES.index("limited_war")] = wars
    outcome[..., OUTCOMES.index("settled")] = chains_per_block - wars
    peaks = np.stack([outcome[..., 1].sum(1), wars.sum(1)], axis=1)
    return xr.Dataset(
        {
            "block_outcome_count": (("point", "block", "outcome"), outcome),
            "outcome_count": (("point", "outcome"), outcome.sum(1)),
            "peak_count": (("point", "rung"), peaks),
            "n_chains": ("point", np.full(len(truth), BLOCKS * chains_per_block)),
        },
        {"outcome": np.array(OUTCOMES, object), "rung": np.array(["calm", "war"], object)},
    )


@pytest.mark.parametrize("common", [False, True])
def test_the_parameter_interval_is_that_of_the_law_without_noise(common):
    n = 128 if common else 16  # shared noise moves all draws alike
    made = draws(LAW.rvs(2000, random_state=3), n, np.random.default_rng(4), common=common)
    found = both_intervals(made, "war")
    ends = (found["parameter_lower"], found["parameter_upper"])
    assert ends == pytest.approx(LAW.interval(0.95), abs=0.03)
    assert found["lower"] < found["probability"] < found["upper"]
    raw = (made["outcome_count"].sel(outcome="limited_war") / made["n_chains"]).values
    assert found["probability"] == pytest.approx(raw.mean())
    if not common:
        noise = 1 - LAW.var() / raw.var()
        assert found["noise_share"] == pytest.approx(noise, abs=0.05)


@pytest.mark.parametrize("common", [False, True])
@pytest.mark.parametrize(
    ("n_sweeps", "least"), [(25, 18), pytest.param(100, 85, marks=pytest.mark.slow)]
)
def test_the_monte_carlo_interval_covers_the_mean_over_these_draws(n_sweeps, least, common):
    """In so many sweeps of 50 draws; at 95 % either fails less than four times in 100,000."""
    random = np.random.default_rng(8)
    hits, widths = 0, []
    for _ in range(n_sweeps):
        truth = LAW.rvs(50, random_state=random)
        made = draws(truth, 16, random, common=common)
        found = both_intervals(made, "war")
        hits += found["lower"] <= truth.mean() <= found["upper"]
        widths.append(found["upper"] - found["lower"])
    assert hits >= least
    # Chains that all draws share know the mean no better than those of one draw.
    trials = BLOCKS * 16 * (1 if common else 50)
    expected = 2 * 1.96 * np.sqrt(LAW.mean() * (1 - LAW.mean()) / trials)
    assert np.mean(widths) == pytest.approx(expected, rel=0.3)


def test_more_chains_narrow_one_interval_and_not_the_other():
    truth = LAW.rvs(400, random_state=5)
    few, many = (
        both_intervals(draws(truth, n, np.random.default_rng(6), common=True)) for n in (16, 256)
    )
    width = [each["upper"] - each["lower"] for each in (few, many)]
    assert width[0] / width[1] == pytest.approx(4, rel=0.4)
    spread = [each["parameter_upper"] - each["parameter_lower"] for each in (few, many)]
    assert spread[0] / spread[1] == pytest.approx(1, abs=0.1)


def test_equal_draws_leave_no_doubt_about_parameters():
    made = draws(np.full(100, 0.3), 16, np.random.default_rng(7), common=True)
    found = both_intervals(made)
    assert found["parameter_upper"] - found["parameter_lower"] < 1e-9
    assert found["upper"] - found["lower"] > 0.05


def test_an_event_that_never_happens_has_an_upper_end():
    found = both_intervals(draws(np.zeros(20), 16, np.random.default_rng(7), common=False))
    assert found["probability"] == 0 and found["lower"] == 0
    assert found["upper"] == pytest.approx(3.84 / (BLOCKS * 16 + 3.84), rel=0.01)


def test_events_that_are_not_counted_by_block_say_that_noise_is_in():
    made = draws(LAW.rvs(300, random_state=3), 16, np.random.default_rng(4), common=True)
    known, other = both_intervals(made, "war"), both_intervals(made, "peak>=war")
    assert other["probability"] == pytest.approx(known["probability"])
    assert other["noise_share"] is None and known["noise_share"] is not None
    for end, wider in (("lower", -1), ("upper", 1)):
        raw, free = other[f"parameter_{end}"], known[f"parameter_{end}"]
        assert wider * raw >= wider * free - 1e-12


def test_only_whole_results_of_draws_are_taken_for_that():
    made = draws(np.full(3, 0.5), 1, np.random.default_rng(1), common=False)
    assert not is_over_draws(made)
    made = made.assign_attrs(design="posterior", complete=1)
    assert is_over_draws(made)
    assert not is_over_draws(made.isel(point=[0]))
    assert not is_over_draws(made.assign_attrs(complete=0))
    assert not is_over_draws(made.assign_attrs(design="random"))
