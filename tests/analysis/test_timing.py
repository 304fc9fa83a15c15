"""Survival with competing ends, and medians, against libraries and hand-worked samples."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import CensoredData, ecdf

from mcescalate.analysis import timing
from mcescalate.model.codes import OUTCOMES


def test_survival_is_kaplan_meiers(result):
    """All ends together are one event, and stalemates are censored at the horizon."""
    found = timing.incidence(result)
    outcome = result["chain_outcome"].values
    war = result["chain_war_turn"].values
    end = np.where(war > 0, war, result["chain_last_turn"].values)
    is_open = outcome == OUTCOMES.index("stalemate")
    # An end in the last turn comes before the horizon is reached.
    sample = CensoredData(uncensored=end[~is_open], right=end[is_open] + 1)
    theirs = ecdf(sample).sf
    assert found["surviving"].values == pytest.approx(theirs.evaluate(result["turn"].values))


def test_incidence_is_the_product_of_hazards(result):
    """Aalen and Johansen: the hazard of an end, times the chance to be there still, added up."""
    hazard = timing.hazards(result)["probability"]
    alive = (1 - hazard.sum("end")).cumprod("turn").shift(turn=1, fill_value=1.0)
    by_hand = (hazard * alive.assign_coords(turn=hazard["turn"])).cumsum("turn")
    found = timing.incidence(result)["probability"]
    assert found.values == pytest.approx(by_hand.transpose(*found.dims).values)


def with_turns(counts):
    """Wars by first turn, with two days to a turn."""
    turn = np.arange(len(counts))
    return xr.Dataset(
        {"war_turn_count": ("turn", np.array(counts))},
        {"turn": turn, "day": ("turn", 2.0 * turn)},
    )


def test_median_by_hand():
    """Of 9 sorted times the 5th is the median; 2nd and 8th enclose it at 96 %."""
    found = timing.time_to_war(with_turns([0, 1, 1, 3, 2, 0, 2]))
    assert (int(found["n"]), float(found["turns"])) == (9, 3.0)
    assert (float(found["turns_lower"]), float(found["turns_upper"])) == (2.0, 6.0)
    assert float(found["days"]) == 6.0


def test_no_war_has_no_median():
    found = timing.time_to_war(with_turns([0, 0, 0]))
    assert np.isnan(found["turns"]) and np.isnan(found["days_upper"])


def test_medians_by_outcome_and_actor(result):
    ends = timing.time_to_end(result)
    assert float(ends["turns"].sel(outcome="deterred")) == 0.0
    assert float(ends["turns"].sel(outcome="stalemate")) == 3.0
    entries = timing.entry_time(result)
    assert int(entries["n"].sel(actor="RUS")) == int(
        result["entry_count"].sel(actor="RUS", cause=["treaty", "opportunism"]).sum()
    )
    assert np.isnan(entries["turns"].sel(actor="AUH"))


def test_days_in_a_sweep():
    """Points may count a turn as different numbers of days."""
    two = xr.concat([with_turns([0, 3]).drop_vars("day")] * 2, "point")
    two = two.assign_coords(turn_days=("point", [1.0, 3.0]))
    assert timing.days(two).transpose("point", "turn").values.tolist() == [[0, 1], [0, 3]]
    assert timing.time_to_war(two)["days"].values.tolist() == [1.0, 3.0]
