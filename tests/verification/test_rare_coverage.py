"""Intervals of rare events cover the exact probability as often as they should.

Of 1,500 intervals of a right method, between 93 and 97 in a hundred cover the true value except
with a probability of about 0.0005.
"""

import pytest
from small_crisis import crisis

import mcescalate as mc

REPEATS = 500
SCENARIOS = {
    1e-3: ("war", {"response": {"up": -0.5, "war_cost": 5.0}}),
    1e-5: ("general_war", {"response": {"up": -0.8, "war_cost": 5.5}}),
    1e-7: ("war:RUS", {"response": {"up": -2.5, "war_cost": 6.0}, "alliance": {"base": -8.0}}),
}


@pytest.mark.slow
def test_intervals_of_rare_events_cover_as_they_should():
    covering = 0
    for size, (event, tables) in SCENARIOS.items():
        scenario = crisis(**tables, run={"horizon": 4, "turn_days": 2.0})
        exact = mc.solve(scenario)
        if event == "war:RUS":
            true = float(exact["actor_war_probability"].sel(actor="RUS").sum())
        else:
            wars = ["general_war"] if event == "general_war" else ["limited_war", "general_war"]
            true = float(exact["outcome_probability"].sel(outcome=wars).sum())
        assert size / 10 < true < 10 * size
        for seed in range(REPEATS):
            found = mc.estimate_rare(scenario, event=event, rel=0.2, seed=seed)
            covering += bool(found["lower"] <= true <= found["upper"])
    assert 0.93 <= covering / (REPEATS * len(SCENARIOS)) <= 0.97
