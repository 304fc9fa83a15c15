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
    assert moment(scenario).credited("C", 0.5) == pytest.approx(0.55)


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
    assert at.own_power(INITIATOR) == pytest.approx(2.4 + 0.75)
    assert at.own_power(TARGET) == pytest.approx(0.6)
    assert at.lent_power("E", INITIATOR, 0.5, 0.9) == pytest.approx(0.475)
    assert at.lent_power("C", TARGET, 0.4, 0.8) == pytest.approx(0.4 * 3.0)
    assert at.lent_power("C", TARGET, 0.0, 0.0) == 0.0


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
    assert weighed().balance_between(1.0, 3.0) == -0.5


def test_balance_of_those_who_cannot_reach_each_other():
    assert moment(crisis(dyad_defaults={"reach": 0.0})).balance_of_power() == 0.0


def test_balance_seen():
    # A 0.3 + 0.2; B -0.3 - 0.8 = -1.1 is cut to -1, and for the other side 0.3 - 0.8 = -0.5.
    at = moment(crisis(about={"A": {"optimism": 0.2}, "B": {"optimism": -0.8}}))
    assert at.balance_seen("A", INITIATOR, 0.3) == pytest.approx(0.5)
    assert at.balance_seen("B", TARGET, 0.3) == -1.0
    assert at.balance_seen("B", INITIATOR, 0.3) == pytest.approx(-0.5)
    assert at.balance_seen("A", INITIATOR, 0.9) == 1.0


# ------------------------------------------------- how it threatens and restrains


def test_guarantee_is_credit_without_doubts_about_the_government():
    # Defence 0.8 (1 - 0.5)(1 - 0.25) 0.9 = 0.27, offence 0.7 (1 - 0.5) 0.4 = 0.14, sum 0.41;
    # to the target 0.6 (1 - 0.5) = 0.3. That C is divided and exercises changes nothing.
    scenario = crisis(
        "ABC",
        about={"C": {"exercise": 0.5}},
        promises={
            ("C", "A", "defence"): {
                "strength": 0.8, "conditional": 0.5, "ambiguity": 0.25, "credibility": 0.9,
            },
            ("C", "A", "offence"): {"strength": 0.7, "ambiguity": 0.5, "credibility": 0.4},
            ("C", "B", "defence"): {"strength": 0.6, "ambiguity": 0.5, "conditional": 1.0},
            ("C", "B", "offence"): {},
        },
    )  # fmt: skip
    at = moment(scenario, divided="C")
    assert at.guarantee("C", INITIATOR) == pytest.approx(0.41)
    assert at.guarantee("C", TARGET) == pytest.approx(0.3)
    # Seen by B from beside it: A's backer C, as strong as B, by 0.41 / 2, times 1.5 for exercises.
    assert at.encirclement("B") == pytest.approx(0.41 * 0.5 * 1.5)


def surrounded(**about):
    """B, whom A challenges, has C and D behind it."""
    return moment(
        crisis(
            "ABCDE",
            about={"A": {"capability": 3.0}, "C": {"capability": 5.0, "exercise": 0.25}} | about,
            promises={
                ("C", "B", "defence"): {"strength": 0.8, "ambiguity": 0.25, "credibility": 0.5},
                ("C", "B", "support"): {"strength": 0.2},
                ("D", "B", "defence"): {},
                ("D", "B", "support"): {"strength": 0.5},
                ("E", "C", "support"): {"strength": 0.6},
            },
            dyads={
                ("A", "C"): {"reach": 0.8, "channel": 0.5},
                ("C", "A"): {"reach": 0.1, "channel": 0.9},
                ("A", "D"): {"reach": 0.4},
            },
            arms={"effect": 0.1},
        ),
        arms={"C": 2},
        divided="C",
    )


def test_encirclement_is_that_by_the_strongest_backer():
    # C: 0.8 (1 - 0.25) 0.5 + 0.2 = 0.5; it reaches A by 0.8 (1 - 0.5)(1 + 0.25) = 0.5, with
    # 5 (1 + 0.1*2) = 6 against 3: 0.5 * 0.5 * 6/9 = 1/6. D: min(1, 1 + 0.5) * 0.4 * 1/4 = 0.1.
    # E has promised B nothing. Behind A stands nobody.
    at = surrounded()
    assert at.encirclement("A") == pytest.approx(1 / 6)
    assert at.encirclement("B") == 0.0
    assert at.menace("A", "C", 0.3, 0.2) == pytest.approx(1 / 6)
    assert at.menace("A", "D", 1.0, 0.5) == pytest.approx(0.1)
    assert at.menace("A", "E", 0.0, 0.0) == 0.0
    # Within a reach of 0.4, D needs 6 against 3 to press more: 0.4 * 6/9.
    stronger = surrounded(D={"capability": 6.0})
    assert stronger.encirclement("A") == pytest.approx(0.8 / 3)


def test_threats_and_promises_are_looked_at_only_where_moves_rest_on_them():
    promises = {("C", "B", "defence"): {}, ("D", "A", "defence"): {"strength": 0.7}}
    # C against A: 1 * 1 * 1/2. D's promise to A counts in full.
    for response, threat, assured in (
        ({}, 0.0, 0.0),
        ({"encircle": 0.1}, 0.5, 0.0),
        ({"display": 0.1}, 0.5, 0.0),
        ({"assurance": -0.1}, 0.0, 0.7),
    ):
        at = moment(crisis("ABCD", promises=promises, response=response))
        assert at.weighs_threats() == (threat > 0.0)
        assert at.threat_felt("A") == pytest.approx(threat)
        assert at.assurance_felt("A") == pytest.approx(assured)


def test_terms_among_given_threats_and_promises():
    # A care of 2 for security: 2 * (0.3 * 0.5 - 0.4 * 0.25) = 0.1.
    plain = {"up": 0.0, "balance": 0.0, "rivalry": 0.0, "diversion": 0.0}
    response = plain | {"encircle": 0.3, "assurance": 0.4, "display": 0.6}
    at = moment(crisis(about={"A": {"weight_security": 2.0}}, response=response))
    terms = at.fixed_terms_among("A", 0.0, 0.5, 0.25)
    assert terms.up == pytest.approx(0.1)
    assert terms.display == pytest.approx(0.3)


def test_who_has_come_in_is_read_and_encircles_no_more():
    # C is in, so D is left, 0.1; E, who gives C 0.6, now counts: 0.6 * 1/4 = 0.15.
    at = surrounded()
    at.join("C", "target")
    assert at.encirclement("A") == pytest.approx(0.15)
    at.join("E", "initiator")
    assert at.encirclement("A") == pytest.approx(0.1)


def test_a_promise_encircles_only_those_it_is_against():
    promises = {("C", "B", "defence"): {"against": ["D"]}}
    at = moment(crisis("ABCD", promises=promises))
    assert at.encirclement("A") == 0.0
    at.join("D", "initiator")
    assert at.encirclement("A") == at.encirclement("D") == 0.5


def test_assurance_is_the_strongest_promise_of_one_who_is_not_opposite():
    # C 0.8 (1 - 0.25) 0.5 = 0.3, although void for a challenger; D 0.2; E's counts only
    # against F; an offence promise does not protect.
    promises = {
        ("C", "A", "defence"): {
            "strength": 0.8, "ambiguity": 0.25, "credibility": 0.5, "conditional": 1.0,
        },
        ("D", "A", "defence"): {"strength": 0.2},
        ("D", "A", "offence"): {},
        ("E", "A", "defence"): {"strength": 0.9, "against": ["F"]},
        ("A", "C", "defence"): {"strength": 0.7},
    }  # fmt: skip
    at = moment(crisis("ABCDEF", promises=promises))
    assert at.assurance("A") == pytest.approx(0.3)
    assert at.assurance("B") == 0.0
    at.join("C", "initiator")
    assert at.assurance("A") == pytest.approx(0.3)
    assert at.assurance("C") == 0.7
    at = moment(crisis("ABCDEF", promises=promises), joined={"C": "target"})
    assert at.assurance("A") == 0.2
    at.join("F", "target")
    assert at.assurance("A") == 0.9
