"""Entries without a promise, of rivals and of bystanders (docs/model.md 5), by hand."""

from math import exp, log

import pytest
from model.states import Moment, crisis, moment

from mcescalate.model.codes import BYSTANDER, INITIATOR, OPPORTUNISM, TARGET

# Distinct weights, so that no two terms can be taken for each other.
CONTAGION = {
    "base": -3.0, "rivalry": 1.05, "balance": 0.9, "major": 0.8, "reach": 1.9, "pact": 1.4,
}  # fmt: skip
BYSTANDING = {
    "base": -3.0, "balance": 0.9, "major": 0.8, "reach": 1.9, "pact": 1.4, "capability": 0.5,
}  # fmt: skip


def opportunist(**kwargs):
    """C, a great power, is a rival of A."""
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 0.6, "major": True, "optimism": 0.15}},
        promises={("C", "A", "nonaggression"): {"strength": 0.5}},
        dyads={("C", "A"): {"rivalry": 0.4, "reach": 0.5}},
        contagion=CONTAGION,
        alliance={"review": 0.1},
    )
    return moment(scenario, **kwargs)


def test_opportunist_hazard():
    # Against A, balance -0.25 + 0.15 = -0.1: -3 + 1.05*0.4 - 0.9*0.1 + 0.8 + 1.9*0.5 - 1.4*0.5
    # = -1.62; tempo 0.6; a tenth of it without news.
    hazard = 0.6 / (1 + exp(1.62))
    assert opportunist().onlooker_hazard("C", TARGET, 4, 0.25) == pytest.approx(hazard)
    later = opportunist(news=False).onlooker_hazard("C", TARGET, 4, 0.25)
    assert later == pytest.approx(0.1 * hazard)
    assert opportunist().opportunist_logit("C", "A", 5, -0.1) == pytest.approx(-1.62)


def test_opportunists_wait_for_the_rung_before_war_and_need_a_rival():
    at = opportunist()
    assert at.onlooker_hazard("C", TARGET, 3, 0.25) == 0.0
    assert at.onlooker_hazard("C", INITIATOR, 4, 0.25) == 0.0


def test_opportunists_hold_back_short_of_war_and_come_by_their_weight():
    # C's share is 1/3 of all: 0.2 ln(33.3) more; 1.1 less while A is on 4, not on 5.
    weights = CONTAGION | {"short_of_war": 1.1, "capability": 0.2}
    at = moment(opportunist().scenario.model_copy(update={"contagion": contagion(weights)}))
    weight = 0.2 * log(100 / 3)
    assert at.opportunist_logit("C", "A", 5, -0.1) == pytest.approx(-1.62 + weight)
    assert at.opportunist_logit("C", "A", 4, -0.1) == pytest.approx(-2.72 + weight)
    hazard = at.onlooker_hazard("C", TARGET, 4, 0.25)
    assert hazard == pytest.approx(0.6 / (1 + exp(2.72 - weight)))


def contagion(weights):
    return crisis(contagion=weights).contagion


def test_share_of_the_systems_capability():
    # C has 3 of 5; of a system of 300 a hundredth; of one of 100 three of them; next to nothing
    # counts as a billionth. A system is never less than its actors.
    def log_share(**outcome) -> float:
        at = Moment(crisis("ABC", about={"C": {"capability": 3.0}}, outcome=outcome))
        return float(at.world.actors[at.place("C")].log_share)

    assert log_share() == pytest.approx(log(60.0))
    assert log_share(system_capability=4.0) == pytest.approx(log(60.0))
    assert log_share(system_capability=300.0) == pytest.approx(0.0, abs=1e-15)
    assert log_share(system_capability=100.0) == pytest.approx(log(3.0))
    assert log_share(system_capability=1e300) == pytest.approx(log(1e-7))


def bystander(rivalry: float = 0.0, **weights: float):
    """C, a great power with three hundredths of all capability, is bound to nobody."""
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 0.6, "major": True, "optimism": 0.15, "capability": 3.0}},
        promises={("C", "A", "neutrality"): {"strength": 0.5}},
        dyads={("C", "A"): {"rivalry": rivalry, "reach": 0.5}},
        bystander=BYSTANDING | weights,
        contagion=CONTAGION,
        alliance={"review": 0.1},
        outcome={"system_capability": 100.0},
    )
    return moment(scenario)


def test_bystander_hazard():
    # Against A, balance -0.25 + 0.15 = -0.1: -3 + 0.5 ln 3 + 0.8 + 1.9*0.5 - 0.9*0.1 - 1.4*0.5
    # = -2.04 + 0.5 ln 3; tempo 0.6; a tenth of it without news; 1.1 less below war.
    at = bystander()
    logit = -2.04 + 0.5 * log(3.0)
    assert at.bystander_logit("C", "A", 5, -0.1) == pytest.approx(logit)
    assert at.bystander_readiness("C", "A") == pytest.approx(logit + 0.9 * 0.1)
    assert at.bystander_occasion(4, -0.1) == pytest.approx(-0.9 * 0.1)
    assert at.onlooker_hazard("C", TARGET, 4, 0.25) == pytest.approx(0.6 / (1 + exp(-logit)))
    at.now.news = 0
    assert at.onlooker_hazard("C", TARGET, 4, 0.25) == pytest.approx(0.06 / (1 + exp(-logit)))
    at = bystander(short_of_war=1.1)
    assert at.bystander_logit("C", "A", 5, -0.1) == pytest.approx(logit)
    assert at.bystander_logit("C", "A", 4, -0.1) == pytest.approx(logit - 1.1)


def test_bystanders_wait_for_the_rung_before_war_and_come_in_on_either_side():
    # For A, against B: reach 1, no pact, balance +0.25 + 0.15: -3 + 0.5 ln 3 + 0.8 + 1.9 + 0.36.
    at = bystander()
    assert at.onlooker_hazard("C", TARGET, 3, 0.25) == 0.0
    logit = 0.06 + 0.5 * log(3.0)
    assert at.onlooker_hazard("C", INITIATOR, 4, 0.25) == pytest.approx(0.6 / (1 + exp(-logit)))


def test_who_has_a_rival_is_no_bystander():
    # Against A, its rival, own rivalry alone counts: -3 + 1.05*0.4 - 0.09 + 0.8 + 0.95 - 0.7;
    # against B it is a bystander still.
    at = bystander(rivalry=0.4)
    assert at.onlooker_hazard("C", TARGET, 4, 0.25) == pytest.approx(0.6 / (1 + exp(1.62)))
    assert at.onlooker_hazard("C", INITIATOR, 4, 0.25) > 0.0
    assert at.onlooker_cause("C", TARGET) == OPPORTUNISM
    assert at.onlooker_cause("C", INITIATOR) == BYSTANDER
    assert bystander().onlooker_cause("C", TARGET) == BYSTANDER


def test_a_base_of_minus_a_hundred_means_no_bystanders():
    # Whatever is added: else -100 + 100 = 0 would be one half.
    off = bystander(base=-100.0, major=100.0)
    assert not off.may_stand_by()
    assert off.onlooker_hazard("C", TARGET, 5, 0.25) == 0.0
    assert off.listening == []
    on = bystander(base=-99.0, major=100.0)
    assert on.may_stand_by()
    assert on.onlooker_hazard("C", TARGET, 5, 0.25) > 0.3
    assert on.listening == ["C"]


def test_all_neutrals_may_stand_by():
    # E owes C something, D nothing to anybody: both may come in from the start.
    scenario = crisis("ABCDE", promises={("E", "C", "defence"): {}}, bystander={"base": -3.0})
    assert moment(scenario).listening == ["C", "D", "E"]
    assert moment(crisis("ABCDE", promises={("E", "C", "defence"): {}})).listening == []


def test_a_divided_government_is_slow_to_come_in():
    # 0.6 (1 - 0.75) = 0.15 in place of 0.6, for a bystander as for a rival.
    for rivalry in (0.0, 0.4):
        scenario = bystander(rivalry).scenario
        slow = scenario.model_copy(
            update={"alliance": crisis(alliance={"divided_delay": 0.75}).alliance}
        )
        united = moment(slow).onlooker_impulse("C", TARGET, 5, 0.25)
        divided = moment(slow, divided="C").onlooker_impulse("C", TARGET, 5, 0.25)
        assert united > 0.0
        assert divided == pytest.approx(united / 4)


def test_highest_bystander_occasion():
    # At war, with the balance for it. Where that speaks against it, it counts the other way.
    for weights, highest in (
        ({"major": 0.8, "balance": 1.2}, 1.2),
        ({"major": 0.8, "balance": -1.2}, 1.2),
        ({"short_of_war": 50.0}, 0.0),
    ):
        scenario = crisis("ABC", bystander={"base": -2.0} | weights)
        assert moment(scenario).highest_bystander_occasion() == pytest.approx(highest)
