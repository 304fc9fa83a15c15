"""Lengths and winners of wars against SciPy's estimates, by hand, and against an exact chance."""

import doctest

import numpy as np
import pytest
import xarray as xr
from scipy.stats import CensoredData, ecdf
from small_crisis import crisis

from mcescalate.analysis import wars
from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.analysis.estimation.survival import kaplan_meier, survival_interval
from mcescalate.api import simulate, solve
from mcescalate.errors import UsageError
from mcescalate.model.codes import WAR_ENDS, WINNERS

WAR_PRONE = {"up": 3.0, "war_cost": 0.0}
RATE = 0.3


@pytest.fixture(scope="module")
def result():
    """Wars of a constant hazard, with the record of each chain; many begin late."""
    scenario = crisis(
        response=WAR_PRONE,
        war={"rate": RATE, "decisive": 1.0},
        run={"horizon": 12, "turn_days": 2.0},
    )
    return simulate(scenario, n_chains=4_000, seed=11, keep_chains=True)


def counted(ended, censored, *, day=2.0):
    """A result with wars of these lengths only."""
    turn = np.arange(len(ended))
    lengths = xr.DataArray(
        np.array([ended, censored]),
        {"war_end": list(WAR_ENDS), "turn": turn},
        ("war_end", "turn"),
    )
    winner = xr.DataArray([sum(ended), 0, sum(censored)], {"winner": list(WINNERS)}, ("winner",))
    return xr.Dataset(
        {"war_length_count": lengths, "winner_count": winner}, {"day": ("turn", day * turn)}
    )


def test_lengths_are_those_of_the_chains(result):
    """What the file counts is what the record of each chain says."""
    war_turn, last = (result[f"chain_{name}"].values for name in ("war_turn", "last_turn"))
    lengths = (last - war_turn)[war_turn > 0]
    by_turn = result["war_length_count"].sum("war_end").values
    assert np.bincount(lengths, minlength=13).tolist() == by_turn.tolist()


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_survival_and_intervals_are_scipys(result, level):
    count = result["war_length_count"]
    samples = {
        end: np.repeat(count["turn"].values, count.sel(war_end=end).values) for end in WAR_ENDS
    }
    theirs = ecdf(CensoredData(samples["ended"], right=samples["horizon"])).sf
    band = theirs.confidence_interval(level, method="log-log")
    found = wars.survival(result, level)
    seen = found["at_risk"].values > 0
    turns = result["turn"].values[seen]
    assert turns.tolist() == list(range(11))  # no war begins before turn 2
    assert found["probability"].values[seen] == pytest.approx(theirs.evaluate(turns), abs=1e-12)
    inside = seen & (found["probability"].values < 1)
    for name, end in (("lower", band.low), ("upper", band.high)):
        expected = end.evaluate(result["turn"].values[inside])
        assert found[name].values[inside] == pytest.approx(expected, abs=1e-12)


def test_survival_is_the_chance_of_the_model(result):
    """A hazard of 0.3 a turn; the largest of 8 misses is below 4.5 errors but once in 10,000."""
    found = wars.survival(result).isel(turn=slice(1, 9))
    misses = (found["probability"] - (1 - RATE) ** found["turn"]) / found["error"]
    assert float(abs(misses).max()) < 4.5
    median = wars.median_length(result)
    assert (float(median["turns"]), float(median["days"])) == (2.0, 4.0)
    assert float(median["turns_lower"]) <= 2.0 <= float(median["turns_upper"])


def test_intervals_cover_under_censoring():
    """Of 1,000 samples of 60 wars followed for 1 to 9 turns; 3 errors of the share are 2 %."""
    rng = np.random.default_rng(5)
    length = rng.geometric(0.2, (1_000, 60))
    followed = rng.integers(1, 10, length.shape)
    is_end = length <= followed
    seen = np.minimum(length, followed)
    ended, censored = (
        np.stack([((seen == t) & which).sum(1) for t in range(11)], -1)
        for which in (is_end, ~is_end)
    )
    lower, upper = survival_interval(kaplan_meier(ended, censored))
    for turn in (2, 5):
        truth = 0.8**turn
        covered = ((lower <= truth) & (truth <= upper))[:, turn].mean()
        assert 0.93 <= covered <= 0.98


def test_by_hand():
    """5 wars: one ends after 1 turn, one is cut off, two end after 3, one goes on after 4."""
    found = wars.survival(counted([0, 1, 0, 2, 0, 0], [0, 0, 1, 0, 1, 0]))
    assert found["at_risk"].values.tolist() == [5, 5, 4, 3, 1, 0]
    expected = [1, 4 / 5, 4 / 5, 4 / 15, 4 / 15, np.nan]
    assert found["probability"].values == pytest.approx(expected, nan_ok=True)
    greenwood = 4 / 15 * np.sqrt(1 / (5 * 4) + 2 / (3 * 1))
    assert float(found["error"][3]) == pytest.approx(greenwood)
    assert float(found["lower"][0]) == pytest.approx(wilson(5, 5)[0])
    assert float(found["upper"][0]) == 1.0


def test_all_have_ended():
    """The last one ends after 2 turns: how many may last longer has a bound, and it stays."""
    found = wars.survival(counted([0, 3, 2, 0], [0, 0, 0, 0]))
    assert found["probability"].values.tolist()[2:] == [0.0, 0.0]
    assert found["lower"].values.tolist()[2:] == [0.0, 0.0]
    bound = float(found["upper"][1]) * wilson(0, 2)[1]
    assert found["upper"].values[2:] == pytest.approx([bound, bound])


def test_median_that_is_not_reached():
    """One of four ends: half of them are not seen to end, nor is the upper end of the interval."""
    median = wars.median_length(counted([0, 1, 0, 0], [0, 0, 0, 3]))
    assert int(median["n"]) == 4
    assert np.isnan(median["days"]) and np.isnan(median["days_upper"])
    reached = wars.median_length(counted([0, 50, 30, 0], [0, 0, 20, 0]))
    assert (float(reached["turns"]), float(reached["days"])) == (1.0, 2.0)
    assert float(reached["turns_upper"]) == 2.0


def test_median_at_exactly_half():
    """A product of shares may come out above a half by rounding."""
    ended = [0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    median = wars.median_length(counted(ended, [0] * 10 + [5]))
    assert float(median["turns"]) == 5.0


def test_no_war_at_all():
    nothing = counted([0, 0], [0, 0])
    assert wars.survival(nothing)["probability"].isnull().all()
    assert wars.survival(nothing)["lower"].isnull().all()
    assert np.isnan(wars.median_length(nothing)["turns"])
    assert wars.ends(nothing)["probability"].isnull().all()


def test_ends_and_winners_are_shares_of_wars(result):
    n = int(result["war_turn_count"].sum())
    lengths, winner = result["war_length_count"], result["winner_count"]
    ended = int(lengths.sel(war_end="ended").sum())
    found = wars.ends(result).sel(war_end="ended")
    assert float(found["probability"]) == ended / n
    assert float(found["lower"]) == float(wilson(ended, n)[0])
    of_all, of_ended = wars.winners(result), wars.winners(result, of_ended=True)
    assert (of_all["n"] == n).all() and (of_ended["n"] == ended).all()
    assert of_all["count"].values.tolist() == winner.values.tolist()
    assert int(of_all["count"].sel(winner="undecided")) == n - ended
    assert float(of_ended["probability"].sum()) == pytest.approx(1.0)


def test_points_of_a_sweep(result):
    """Point by point as alone, each with its own days to a turn."""
    other = result.assign(war_length_count=result["war_length_count"] // 7)
    two = xr.concat([result[["war_length_count"]], other[["war_length_count"]]], "point")
    two = two.drop_vars("day").assign_coords(turn_days=("point", [1.0, 3.0]))
    found = wars.survival(two)
    for point, alone in enumerate((result, other)):
        expected = wars.survival(alone)["upper"].values
        of_point = found["upper"].isel(point=point).values
        assert of_point == pytest.approx(expected, nan_ok=True)
    assert wars.median_length(two)["days"].values.tolist() == [2.0, 6.0]


def test_what_has_no_lengths_is_refused(result):
    old = result.drop_vars(["war_length_count", "winner_count"]).assign_attrs(schema_version=1)
    for of in (wars.survival, wars.median_length, wars.ends, wars.winners):
        with pytest.raises(UsageError, match="found one of format 1, which does not; simulate"):
            of(old)
        with pytest.raises(UsageError, match="found an exact solution"):
            of(solve(crisis()))


def test_example_runs():
    tests = [test for test in doctest.DocTestFinder().find(wars) if test.examples]
    assert tests
    assert sum(doctest.DocTestRunner().run(test).failed for test in tests) == 0
