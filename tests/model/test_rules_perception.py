"""Mediation, and what is seen of the other side (docs/model.md 5), by hand."""

from math import erf, sqrt

import pytest
from model.states import crisis, moment

from mcescalate.model.codes import INITIATOR, TARGET


def phi(x: float) -> float:
    """The normal distribution function by another formula than the package's."""
    return (1.0 + erf(x / sqrt(2.0))) / 2.0


def mediated(**changes):
    return crisis(mediation={"rate": 0.1, "tension": 1.5, "arms": 0.5, "delay": 3} | changes)


def test_mediation_probability():
    # Highest rung 2 of 5, arms 4 of 8: 0.1 (1 + 1.5*0.4)(1 - 0.5*0.5) = 0.12.
    at = moment(mediated(), {"A": 1, "B": 2}, arms={"A": 4, "B": 1}, turn=4)
    assert at.mediation_probability() == pytest.approx(0.12)


def test_the_better_armed_originator_counts():
    # 0.1 (1 + 1.5*0.2)(1 - 0.5*6/8) = 0.08125.
    at = moment(mediated(), arms={"A": 2, "B": 6}, turn=4)
    assert at.mediation_probability() == pytest.approx(0.08125)


def test_no_state_mediates_before_the_delay_is_over_or_in_war():
    at = moment(mediated(), turn=3)
    assert at.mediation_probability() == 0.0
    assert [at.may_mediate(turn) for turn in (1, 3, 4, 60)] == [False, False, True, True]
    assert moment(mediated(), {"B": 5}, turn=4).mediation_probability() == 0.0
    assert moment(mediated(delay=0), turn=1).mediation_probability() > 0.0


def test_mediation_is_a_chance():
    # 1 (1 + 5*0.4) = 3 is cut to 1; 1 - 2*1 = -1 to 0; without arms that term is left out.
    assert moment(mediated(rate=1.0, tension=5.0), {"B": 2}, turn=4).mediation_probability() == 1.0
    unarmed = crisis(
        mediation={"rate": 0.3, "tension": 0.0, "arms": 1.0, "delay": 0}, arms={"levels": 0}
    )
    assert moment(unarmed, turn=1).mediation_probability() == pytest.approx(0.3)
    armed = moment(mediated(arms=1.0), arms={"B": 8}, turn=4)
    assert armed.mediation_probability() == 0.0


def test_highest_rung_now():
    at = moment(crisis("ABC"), {"A": 3, "B": 1, "C": 2}, joined={"C": "target"})
    assert at.highest_rung(INITIATOR) == 3
    assert at.highest_rung(TARGET) == 2


def watched(**about):
    """A looks at B: noise 0.56, shift 0.21, and B shows 0.2 of exercises; see below."""
    return crisis(
        "ABC",
        about={"A": {"noise": 0.8, "bias": 0.2} | about, "B": {"exercise": 0.4}},
        dyads={("A", "B"): {"channel": 0.5, "mistrust": 0.1, "reach": 0.9}},
        promises={
            ("A", "B", "consultation"): {"strength": 0.7},
            ("A", "C", "consultation"): {"strength": 0.6},
        },
        perception={"channel_noise": 0.6, "channel_bias": 0.6, "sharing": 0.5},
        trigger={
            "initiator": "A",
            "target": "B",
            "domains": [{"name": "land"}, {"name": "cyber", "noise": 1.5}],
        },
    )


def test_perception_noise():
    # 0.8 * 1.5 (1 - 0.6*0.5) / (1 + 0.5 min(1, 0.7 + 0.6)) = 0.84 / 1.5 = 0.56 in "cyber";
    # a third less in the other domain.
    at = moment(watched())
    assert at.perception_noise("A", "B", 1) == pytest.approx(0.56)
    assert at.perception_noise("A", "B", 0) == pytest.approx(0.56 / 1.5)


def test_an_opaque_actor_is_read_with_more_noise():
    # 0.56 (1 + 0.8 (1 - 0.5)) = 0.784: B's own opacity, as far as no channel opens it. No noise
    # stays none.
    scenario = watched()
    opaque = [
        actor.model_copy(update={"opacity": {"A": 9.0, "B": 0.8, "C": 0.0}[actor.id]})
        for actor in scenario.actors
    ]
    at = moment(scenario.model_copy(update={"actors": tuple(opaque)}))
    assert at.perception_noise("A", "B", 1) == pytest.approx(0.784)
    exact = crisis(about={"A": {"noise": 0.0}, "B": {"opacity": 5.0}})
    assert moment(exact).plain_sighting("A", "B", 0, 0, 0) == 1.0
    assert moment(exact).plain_sighting("A", "B", 0, 0, 1) == 0.0


def test_plain_sighting():
    # Shift (0.2 + 0.1)(1 - 0.6*0.5) = 0.21: at rung 2 or below, when B is on 1, with
    # chance Phi((2 + 0.5 - 1 - 0.21) / 0.56) = Phi(1.29 / 0.56).
    at = moment(watched())
    assert at.plain_sighting("A", "B", 1, 2, 1) == pytest.approx(phi(1.29 / 0.56), abs=1e-15)
    assert at.plain_sighting("A", "B", 1, 0, 3) == pytest.approx(phi(-2.71 / 0.56), abs=1e-15)
    assert at.plain_sighting("A", "B", 1, 5, 1) == 1.0


def test_sighting_without_noise_is_a_step():
    # Shift 0.5 to a half: 0 + 0.5 - 0 - 0.5 = 0 is still rung 0; one rung up it is not.
    scenario = crisis(about={"A": {"noise": 0.0, "bias": 0.5}, "B": {"noise": 0.0, "bias": 0.6}})
    at = moment(scenario)
    assert [at.plain_sighting("A", "B", 0, s, 0) for s in range(3)] == [1.0, 1.0, 1.0]
    assert [at.plain_sighting("A", "B", 0, s, 1) for s in range(3)] == [0.0, 1.0, 1.0]
    assert [at.plain_sighting("B", "A", 0, s, 0) for s in range(3)] == [0.0, 1.0, 1.0]


def test_exercises_look_one_rung_higher():
    # Shown 0.4 (1 - 0.5) = 0.2: 0.8 Phi(1.29 / 0.56) + 0.2 Phi(0.29 / 0.56).
    expected = 0.8 * phi(1.29 / 0.56) + 0.2 * phi(0.29 / 0.56)
    at = moment(watched())
    assert at.sighting_probability("A", "B", 1, 2, 1) == pytest.approx(expected, abs=1e-15)


def test_an_exercise_below_war_may_look_like_war():
    # B on 4 of 5: 0.8 Phi((4.5 - 4 - 0.21)/0.56) + 0.2 Phi((4.5 - 5 - 0.21)/0.56) see less.
    expected = 0.8 * phi(0.29 / 0.56) + 0.2 * phi(-0.71 / 0.56)
    at = moment(watched())
    assert at.sighting_probability("A", "B", 1, 4, 4) == pytest.approx(expected, abs=1e-15)


def test_war_is_unmistakable():
    at = moment(watched(bias=-3.0))
    assert [at.sighting_probability("A", "B", 1, s, 5) for s in range(6)] == [0, 0, 0, 0, 0, 1]


def test_readings_of_the_highest_threat():
    # A without noise sees B, on 1, as 2 with 0.5, and D, on 0, as 1 with 0.6. Nothing seen:
    # 0.5 * 0.4 = 0.2; at most 1: 0.5, B unseen; in truth nothing above 0 unless B is seen: 0.5.
    scenario = crisis(
        "ABD",
        about={"A": {"noise": 0.0}},
        dyads={
            ("A", "B"): {"reach": 0.5, "mistrust": 1.0},
            ("A", "D"): {"reach": 0.6, "mistrust": 1.0},
        },
    )
    at = moment(scenario, {"B": 1, "D": 0}, joined={"D": "target"})
    perceived, accurate = at.readings("A")
    assert perceived == pytest.approx([0.2, 0.5, 1.0, 1.0, 1.0, 1.0])
    assert accurate == pytest.approx([0.5, 1.0, 1.0, 1.0, 1.0, 1.0])


def test_out_of_reach_is_out_of_mind():
    at = moment(crisis(dyad_defaults={"reach": 0.0}), {"B": 4})
    assert at.readings("A") == ([1.0] * 6, [1.0] * 6)


def test_own_side_is_no_threat():
    scenario = crisis("ABC", about={"A": {"noise": 0.0}})
    at = moment(scenario, {"B": 1, "C": 4}, joined={"C": "initiator"})
    assert at.readings("A")[0] == [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def test_a_threat_goes_unnoticed_out_of_reach_or_unseen():
    # B on 1, taken for 2 or less in "cyber", as worked out above; of the rest 0.9 reaches A.
    at = moment(watched())
    seen = 0.8 * phi(1.29 / 0.56) + 0.2 * phi(0.29 / 0.56)
    assert at.unnoticed("A", "B", 1, 2, 1) == pytest.approx(1 - 0.9 * (1 - seen), abs=1e-15)
    # In truth it is on 1: 0.1 is out of reach.
    assert at.unnoticed_if_accurate("A", "B", 0, 1) == pytest.approx(0.1)
    assert at.unnoticed_if_accurate("A", "B", 1, 1) == 1.0
    assert at.both(0.5, 0.25) == 0.125


def test_mediation_chance_has_no_delay():
    assert moment(mediated(), turn=1).mediation_chance() == pytest.approx(0.1 * (1 + 1.5 * 0.2))


def calming(from_rung: int, **changes):
    """A policy of which mediation is a part, and a rate of 0.1 without it."""
    return crisis(
        "ABC",
        mediation={"rate": 0.1, "tension": 0.0, "arms": 0.0, "delay": 3} | changes,
        policy={"from_rung": from_rung, "mediation": 0.2},
    )


def test_a_policy_brings_mediators_in():
    # From rung 3 of anybody on: 0.1 + 0.2; 0.9 + 0.2 is cut to 1. Neither before the delay is
    # over nor in war; never above the ladder, whose highest rung is 5.
    at = moment(calming(3), {"A": 2, "B": 2}, turn=4)
    assert (at.mediation_policy(), at.mediation_probability()) == (0.0, 0.1)
    at.join("C", "target")
    at.set_rung("C", 3)
    assert at.mediation_policy() == 0.2
    assert at.mediation_probability() == pytest.approx(0.3)
    at.set_rung("C", 2)
    assert at.mediation_policy() == 0.0
    assert moment(calming(3, rate=0.9), {"A": 3}, turn=4).mediation_probability() == 1.0
    assert moment(calming(3), {"A": 3}, turn=3).mediation_probability() == 0.0
    assert moment(calming(3), {"A": 5}, turn=4).mediation_probability() == 0.0
    assert moment(calming(6), {"A": 4}, turn=4).mediation_probability() == 0.1
    assert moment(calming(0), turn=4).mediation_probability() == pytest.approx(0.3)
