"""Power and balance (docs/model.md 4), by hand."""

import pytest
from model.states import crisis, moment

from mcescalate.model.codes import INITIATOR, TARGET


def test_promises_against_named_enemies_count_only_against_them():
    # C defends B against D alone: nothing counts until D stands beside A.
    promises = {("C", "B", "defence"): {"strength": 0.8, "against": ["D"]}}
    at = moment(crisis("ABCD", promises=promises))
    assert at.defence_due("C", "B", TARGET) == 0.0
    at.join("D", "initiator")
    assert at.defence_due("C", "B", TARGET) == 0.8


def test_an_enemy_on_the_allys_own_side_is_no_enemy():
    promises = {("C", "B", "defence"): {"strength": 0.8, "against": ["D"]}}
    at = moment(crisis("ABCD", promises=promises), joined={"D": "target"})
    assert at.defence_due("C", "B", TARGET) == 0.0


def test_attacks_promised_against_named_enemies():
    promises = {("C", "A", "offence"): {"strength": 0.6, "against": ["D", "E"]}}
    at = moment(crisis("ABCDE", promises=promises))
    assert at.offence_due("C", "A", INITIATOR) == 0.0
    at.join("E", "target")
    assert at.offence_due("C", "A", INITIATOR) == 0.6


def test_promises_against_anybody_always_count():
    promises = {
        ("C", "B", "defence"): {"strength": 0.8},
        ("C", "A", "offence"): {"strength": 0.6},
    }
    at = moment(crisis("ABC", promises=promises))
    assert at.defence_due("C", "B", TARGET) == 0.8
    assert at.offence_due("C", "A", INITIATOR) == 0.6
    assert at.defence_due("B", "C", TARGET) == 0.0
    assert at.offence_due("C", "B", TARGET) == 0.0


def test_is_against():
    # An empty span means anybody; the list of D and E counts once one of them is there.
    promises = {("C", "B", "defence"): {"against": ["D", "E"]}}
    at = moment(crisis("ABCDE", promises=promises))
    assert at.is_against(0, 0, INITIATOR) is True
    assert at.is_against(0, 2, INITIATOR) is False
    at.join("E", "initiator")
    assert at.is_against(0, 2, INITIATOR) is True
    assert at.is_against(0, 1, INITIATOR) is False


def test_credit_of_a_defence_promise_to_the_target():
    # 0.8 (1 - 0.25) 0.5 = 0.3; divided and exercising (1 - 0.4)(1 + 0.5*0.2) = 0.66: 0.198.
    scenario = crisis(
        "ABC",
        about={"C": {"exercise": 0.2}},
        promises={
            ("C", "B", "defence"): {
                "strength": 0.8, "ambiguity": 0.25, "credibility": 0.5, "conditional": 1.0,
            }
        },
        deterrence={"divided": 0.4, "exercise": 0.5},
    )  # fmt: skip
    assert moment(scenario).credit("C", TARGET) == pytest.approx(0.33)
    assert moment(scenario, divided="C").credit("C", TARGET) == pytest.approx(0.198)


def test_credit_of_promises_to_the_initiator():
    # Defence 0.8 (1 - 0.5)(1 - 0.25) 0.9 = 0.27, offence 0.7 (1 - 0.5) 0.4 = 0.14; sum 0.41.
    promises = {
        ("C", "A", "defence"): {
            "strength": 0.8, "conditional": 0.5, "ambiguity": 0.25, "credibility": 0.9,
        },
        ("C", "A", "offence"): {"strength": 0.7, "ambiguity": 0.5, "credibility": 0.4},
    }  # fmt: skip
    assert moment(crisis("ABC", promises=promises)).credit("C", INITIATOR) == pytest.approx(0.41)


def test_credit_is_cut_before_and_after_doubts():
    # Towards A 0.9 + 0.8 is cut to 1, then halved: 0.5, not 0.85. Towards B 0.9 (1 + 1*0.5) = 1.35
    # is cut to 1; an offence promise counts for nothing there.
    scenario = crisis(
        "ABCD",
        about={"D": {"exercise": 0.5}},
        promises={
            ("C", "A", "defence"): {"strength": 0.9},
            ("C", "A", "offence"): {"strength": 0.8},
            ("D", "B", "defence"): {"strength": 0.9},
            ("C", "B", "offence"): {},
        },
        deterrence={"divided": 0.5, "exercise": 1.0},
    )
    at = moment(scenario, divided="C")
    assert at.credit("C", INITIATOR) == pytest.approx(0.5)
    assert at.credit("D", TARGET) == 1.0
    assert at.credit("C", TARGET) == 0.0


def test_aid_is_the_strongest_support_to_anybody_on_the_side():
    promises = {
        ("C", "A", "support"): {"strength": 0.3},
        ("C", "D", "support"): {"strength": 0.7},
        ("C", "B", "support"): {"strength": 0.2},
    }
    at = moment(crisis("ABCD", promises=promises), joined={"D": "initiator"})
    assert at.aid("C", INITIATOR) == 0.7
    assert at.aid("C", TARGET) == 0.2


def weighed():
    """A and its partner D against B; C leans to B, E to A."""
    scenario = crisis(
        "ABCDE",
        about={
            "A": {"capability": 2.0},
            "B": {"capability": 3.0},
            "C": {"capability": 4.0},
            "D": {"capability": 1.5},
            "E": {"capability": 5.0},
        },
        promises={
            ("C", "B", "defence"): {"strength": 0.4},
            ("C", "B", "support"): {"strength": 0.8},
            ("E", "A", "offence"): {"strength": 0.5},
            ("E", "D", "support"): {"strength": 0.9},
        },
        dyads={
            ("B", "A"): {"reach": 0.2},
            ("C", "A"): {"reach": 0.75},
            ("D", "B"): {"reach": 0.5},
            ("E", "B"): {"reach": 0.2},
        },
        deterrence={"latent": 0.5},
        alliance={"aid": 0.25},
        arms={"effect": 0.1},
    )
    return moment(scenario, joined={"D": "initiator"}, arms={"A": 2})


def test_power():
    # Against B: A 2 (1 + 0.1*2) = 2.4, D 1.5*0.5 = 0.75, and of E's 5*0.2 = 1 the share
    # 0.5*0.5 + 0.25*0.9 = 0.475: 3.625. Against A: B 3*0.2 = 0.6, and of C's 4*0.75 = 3 the
    # share 0.5*0.4 + 0.25*0.8 = 0.4: 1.8.
    at = weighed()
    assert at.power(INITIATOR) == pytest.approx(3.625)
    assert at.power(TARGET) == pytest.approx(1.8)


def test_what_a_neutral_lends_is_never_more_than_it_has():
    # 1*0.8 + 1*0.5 is cut to 1: 1 + 4.
    promises = {("C", "B", "defence"): {"strength": 0.8}, ("C", "B", "support"): {"strength": 0.5}}
    scenario = crisis(
        "ABC",
        about={"C": {"capability": 4.0}},
        promises=promises,
        deterrence={"latent": 1.0},
        alliance={"aid": 1.0},
    )
    assert moment(scenario).power(TARGET) == pytest.approx(5.0)


def test_balance_of_power():
    # (3.625 - 1.8) / (3.625 + 1.8).
    assert weighed().balance_of_power() == pytest.approx(1.825 / 5.425)


def test_balance_of_those_who_cannot_reach_each_other():
    assert moment(crisis(dyad_defaults={"reach": 0.0})).balance_of_power() == 0.0


def test_balance_seen():
    # A 0.3 + 0.2; B -0.3 - 0.8 = -1.1 is cut to -1, and for the other side 0.3 - 0.8 = -0.5.
    at = moment(crisis(about={"A": {"optimism": 0.2}, "B": {"optimism": -0.8}}))
    assert at.balance_seen("A", INITIATOR, 0.3) == pytest.approx(0.5)
    assert at.balance_seen("B", TARGET, 0.3) == -1.0
    assert at.balance_seen("B", INITIATOR, 0.3) == pytest.approx(-0.5)
    assert at.balance_seen("A", INITIATOR, 0.9) == 1.0
