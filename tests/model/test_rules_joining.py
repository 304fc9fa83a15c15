"""Entries of neutrals (docs/model.md 5), by hand."""

from math import exp, log

import pytest
from model.states import NO_ALLIANCE, NO_CONTAGION, crisis, moment

from mcescalate.model.codes import INITIATOR, TARGET
from mcescalate.model.world import relation

# Distinct weights, so that no two terms can be taken for each other.
ALLIANCE = {
    "base": -3.7, "obligation": 2.9, "threat": 0.7, "balance": 0.52, "rivalry": 0.45,
    "resolve": 1.1, "reach": 0.95, "pact": 1.5, "divided": 0.85, "burden": 0.65,
    "slack": 0.5, "review": 0.1,
}  # fmt: skip


def test_obligation_to_the_target_side():
    # 0.8 (1 - 0.5*0.4) = 0.64, whether or not conditional; attacks are not owed to B.
    promises = {
        ("C", "B", "defence"): {"strength": 0.8, "ambiguity": 0.4, "conditional": 1.0},
        ("C", "B", "offence"): {},
    }
    at = moment(crisis("ABC", promises=promises, alliance={"slack": 0.5}))
    assert at.obligation("C", "B", TARGET) == pytest.approx(0.64)


def test_obligation_to_the_initiator_side():
    # 0.8 (1 - 0.5*0.4)(1 - 0.75) + 0.5 (1 - 0.5*0.2) = 0.16 + 0.45; more is cut to 1.
    defence = {"strength": 0.8, "ambiguity": 0.4, "conditional": 0.75}
    promises = {
        ("C", "A", "defence"): defence,
        ("C", "A", "offence"): {"strength": 0.5, "ambiguity": 0.2},
        ("D", "A", "defence"): {"strength": 0.7},
        ("D", "A", "offence"): {"strength": 0.6},
    }
    at = moment(crisis("ABCD", promises=promises, alliance={"slack": 0.5}))
    assert at.obligation("C", "A", INITIATOR) == pytest.approx(0.61)
    assert at.obligation("D", "A", INITIATOR) == 1.0


def test_obligation_only_against_those_named():
    promises = {("C", "B", "defence"): {"strength": 0.8, "against": ["D"]}}
    at = moment(crisis("ABCD", promises=promises))
    assert at.obligation("C", "B", TARGET) == 0.0
    at.join("D", "initiator")
    assert at.obligation("C", "B", TARGET) == 0.8


def test_review_share():
    scenario = crisis(alliance={"review": 0.1})
    assert moment(scenario, news=True).review_share() == 1.0
    assert moment(scenario, news=False).review_share() == 0.1


def partner(**kwargs):
    """C owes B defence, against A."""
    scenario = crisis(
        "ABC",
        about={
            "B": {"capability": 1.0},
            "C": {"capability": 3.0, "tempo": 0.6, "resolve": 0.2, "optimism": 0.15},
        },
        promises={
            ("C", "B", "defence"): {"strength": 0.8, "ambiguity": 0.5},
            ("C", "A", "neutrality"): {"strength": 0.3},
        },
        dyads={("C", "A"): {"rivalry": 0.4, "reach": 0.9}},
        alliance=ALLIANCE,
    )
    return moment(scenario, **kwargs)


def test_tie_hazard():
    # Owed 0.8 (1 - 0.5*0.5) = 0.6; A at 4, casus 3; the balance for B is -0.25 + 0.15 = -0.1;
    # burden (3 - 1)/(3 + 1) = 0.5: -3.7 + 2.9*0.6 + 0.7*1 - 0.52*0.1 + 0.45*0.4 + 1.1*0.2
    # + 0.95*0.9 - 1.5*0.3 - 0.65*0.5 = -0.832; divided 0.85 less: -1.682; tempo 0.6.
    assert partner().tie_hazard("C", "B", TARGET, 4, 0.25) == pytest.approx(0.6 / (1 + exp(0.832)))
    divided = partner(divided="C").tie_hazard("C", "B", TARGET, 4, 0.25)
    assert divided == pytest.approx(0.6 / (1 + exp(1.682)))


def test_log_odds_of_a_partner():
    # As above, at its parts: 0.6 due, A at 4, -0.1 seen, and the burden 0.5; divided 0.85 less.
    assert partner().tie_logit("C", "A", 0.6, 4, -0.1, 0, 0.5, 0.0) == pytest.approx(-0.832)
    assert partner().tie_logit("C", "A", 0.6, 4, -0.1, 1, 0.5, 0.0) == pytest.approx(-1.682)


def test_without_news_a_tenth_of_it():
    hazard = partner(news=False).tie_hazard("C", "B", TARGET, 4, 0.25)
    assert hazard == pytest.approx(0.06 / (1 + exp(0.832)))


def test_treaties_wait_for_the_casus():
    assert partner().tie_hazard("C", "B", TARGET, 2, 0.25) == 0.0
    # At the casus itself, the threat counts for 0: -0.832 - 0.7.
    at_casus = partner().tie_hazard("C", "B", TARGET, 3, 0.25)
    assert at_casus == pytest.approx(0.6 / (1 + exp(1.532)))


def test_no_burden_for_the_weaker_one():
    # B owes C nothing; A owes C, three times as strong, 1: only base and obligation, -0.8,
    # and the reach of B, 0.95; capability (1 - 3)/(1 + 3) < 0 does not count.
    scenario = crisis(
        "ABCD",
        about={"C": {"capability": 3.0}, "D": {"tempo": 1.0}},
        promises={("D", "C", "defence"): {}},
        alliance=ALLIANCE,
    )
    at = moment(scenario, joined={"C": "target"})
    assert at.tie_hazard("B", "C", TARGET, 3, 0.0) == 0.0
    assert at.tie_hazard("D", "C", TARGET, 3, 0.0) == pytest.approx(1 / (1 + exp(-0.15)))


def test_a_partner_looks_at_the_other_originator_and_at_its_own_side():
    # For A, whom C backs: balance +0.25; rivalry 0.5 with B: -3.7 + 2.9 + 0.52*0.25 + 0.45*0.5
    # + 0.95 = 0.505; nothing else counts; tempo 0.5.
    scenario = crisis(
        "ABC",
        promises={("C", "A", "offence"): {}},
        dyads={("C", "B"): {"rivalry": 0.5}},
        alliance=ALLIANCE,
    )
    hazard = moment(scenario).tie_hazard("C", "A", INITIATOR, 3, 0.25)
    assert hazard == pytest.approx(0.5 / (1 + exp(-0.505)))


def test_what_may_bring_neutrals_in():
    # Casus 3 of a ladder up to 5: promises count from 3 on, rivals come from 4 on.
    at = moment(crisis())
    assert [at.may_honour(h) for h in range(6)] == [False] * 3 + [True] * 3
    assert [at.may_exploit(h) for h in range(6)] == [False] * 4 + [True] * 2


def test_impulses_are_hazards_on_news():
    scenario = crisis(
        "ABC",
        promises={("C", "B", "defence"): {}},
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance={"review": 0.25},
    )
    at = moment(scenario, news=False)
    tie, rival = (
        at.tie_impulse("C", "B", TARGET, 4, 0.1),
        at.onlooker_impulse("C", TARGET, 4, 0.1),
    )
    assert at.tie_hazard("C", "B", TARGET, 4, 0.1) == tie / 4
    assert at.onlooker_hazard("C", TARGET, 4, 0.1) == rival / 4
    at.now.news = 1
    assert at.tie_hazard("C", "B", TARGET, 4, 0.1) == tie
    assert at.onlooker_hazard("C", TARGET, 4, 0.1) == rival


def test_of_two_pacts_the_stronger_counts():
    # In whatever order they stand in the file.
    pacts = [(("C", "A", "neutrality"), 0.9), (("C", "A", "nonaggression"), 0.4)]
    for order in (pacts, pacts[::-1]):
        promises = {tie: {"strength": strength} for tie, strength in order}
        at = moment(crisis("ABC", promises=promises))
        assert relation(at.world, at.place("C"), at.place("A")).pact == 0.9


def test_hazards_in_the_order_of_the_allies_ids():
    # Hazards of 1/2 each: B's, D's, then own rivalry; to A's side there are A's and rivalry.
    promises = {("C", "B", "defence"): {}, ("C", "D", "defence"): {}}
    scenario = crisis(
        "ABCD",
        about={"C": {"tempo": 1.0}},
        promises=promises,
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance=dict.fromkeys(
            ("base", "obligation", "threat", "balance", "rivalry", "reach"), 0.0
        ),
        contagion=dict.fromkeys(("base", "rivalry", "balance", "major", "reach"), 0.0),
    )
    at = moment(scenario, joined={"D": "target"})
    assert (at.n_hazards(TARGET), at.n_hazards(INITIATOR)) == (3, 2)
    impulses = [at.nth_impulse("C", TARGET, n, 4, 0.0) for n in range(3)]
    assert impulses == pytest.approx([1 / 2, 1 / 2, 1 / 2])
    assert [at.nth_impulse("C", INITIATOR, n, 4, 0.0) for n in range(2)] == [0.0, 0.0]


def test_the_first_hazard_to_fire_counts():
    # A tenth of 1/2 counts: of 0.8 that is left, 0.04 goes to it, and 0.76 is left.
    at = moment(crisis(alliance={"review": 0.1}))
    assert at.next_hazard(0.8, at.quiet_share(), 0.5) == pytest.approx((0.04, 0.76))


def test_highest_logits():
    # A promise in full, on rung 5 of casus 3, with the balance of power for it: -2 + 1 + 2 * 0.25
    # + 0.5; a rivalry, with that balance: -0.75 + 0.75.
    scenario = crisis(
        "ABC",
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance=NO_ALLIANCE
        | {"base": -2.0, "obligation": 1.0, "threat": 0.25, "balance": 0.5, "review": 0.1},
        contagion=NO_CONTAGION | {"base": -0.75, "balance": 0.75},
    )
    at = moment(scenario)
    assert at.readiness("C", "A") + at.highest_occasion() == pytest.approx(0.0)
    assert at.highest_opportunist_logit("C", "A") == pytest.approx(0.0)


def test_highest_logits_where_weights_are_turned_round():
    # What mostly holds back brings in: no promise due, casus only, the balance against it, a
    # divided government and the heavier burden: -7.5 + 0.5 + 3 + 4 = 0; -1 + 1 = 0.
    turned = {"obligation": -1.0, "threat": -0.25, "balance": -0.5, "divided": -3.0, "burden": -4.0}
    scenario = crisis(
        "ABC",
        alliance=NO_ALLIANCE | {"base": -7.5} | turned,
        contagion=NO_CONTAGION | {"base": -1.0, "balance": -1.0},
    )
    at = moment(scenario)
    assert at.readiness("C", "A") + at.highest_occasion() == pytest.approx(0.0)
    assert at.highest_opportunist_logit("C", "A") == pytest.approx(0.0)


def test_a_logit_has_a_part_that_lasts_and_one_that_changes():
    # C is A's rival by 2, with a pact of 0.5 and a reach of 0.4: -1 + 0.3 * 2 + 0.1 + 0.5 * 0.4
    # - 0.6 * 0.5 = -0.4. Half a promise due, one rung beyond the casus, a balance of 0.2, divided,
    # and a burden of 0.5: 2 * 0.5 + 0.7 + 0.5 * 0.2 - 0.9 - 0.4 * 0.5 = 0.7.
    weights = {"base": -1.0, "rivalry": 0.3, "resolve": 1.0, "reach": 0.5, "pact": 0.6}
    changing = {"obligation": 2.0, "threat": 0.7, "balance": 0.5, "divided": 0.9, "burden": 0.4}
    scenario = crisis(
        "ABC",
        about={"C": {"resolve": 0.1}},
        promises={("C", "A", "neutrality"): {"strength": 0.5}},
        dyads={("C", "A"): {"rivalry": 2.0, "reach": 0.4}},
        alliance=NO_ALLIANCE | weights | changing,
    )
    at = moment(scenario)
    assert at.readiness("C", "A") == pytest.approx(-0.4)
    assert at.occasion(0.5, 4, 0.2, 1, 0.5, 0.0) == pytest.approx(0.7)
    assert at.tie_logit("C", "A", 0.5, 4, 0.2, 1, 0.5, 0.0) == pytest.approx(0.3)


# ------------------------------------------------------------ talk among allies, delay


def test_promises_hold_back_short_of_war_and_count_by_ones_weight():
    # C has 3 of 5: 0.2 ln 60 more; 1.2 less while A stands on 4, not on 5, where 0.7 is added.
    weights = ALLIANCE | {"short_of_war": 1.2, "capability": 0.2}
    at = moment(partner().scenario.model_copy(update={"alliance": alliance(weights)}))
    weight = 0.2 * log(60.0)
    below = at.tie_hazard("C", "B", TARGET, 4, 0.25)
    assert below == pytest.approx(0.6 / (1 + exp(2.032 - weight)))
    war = at.tie_hazard("C", "B", TARGET, 5, 0.25)
    assert war == pytest.approx(0.6 / (1 + exp(0.132 - weight)))


def alliance(weights):
    return crisis(alliance=weights).alliance


def test_calls_are_lost_between_those_who_do_not_consult():
    # Of B's calls to C 0.4 (1 - 0.25) = 0.3 are lost: it is C's promise to consult that counts.
    promises = {
        ("C", "B", "defence"): {},
        ("C", "B", "consultation"): {"strength": 0.25},
        ("B", "C", "consultation"): {},
    }

    def calling(loss: float):
        weights = NO_ALLIANCE | {"review": 0.1, "loss": loss}
        return moment(crisis("ABC", promises=promises, alliance=weights))

    assert calling(0.4).heard_share("C", "B") == pytest.approx(0.7)
    assert calling(0.0).heard_share("C", "B") == 1.0
    # The logit is 0, the tempo 0.5: 0.25, of which 0.7 are heard.
    assert calling(0.4).tie_hazard("C", "B", TARGET, 3, 0.0) == pytest.approx(0.175)


def followed(**joined: str):
    """D has promised B, C, E and F something; it follows those that have come in."""
    scenario = crisis(
        "ABCDEFG",
        about={"D": {"tempo": 1.0}},
        promises={
            ("D", "B", "defence"): {"strength": 1.0},
            ("D", "C", "defence"): {"strength": 0.7, "ambiguity": 0.9, "credibility": 0.1},
            ("D", "E", "defence"): {"strength": 0.4},
            ("D", "F", "defence"): {"strength": 0.9, "against": ["G"]},
        },
        alliance=NO_ALLIANCE | {"follow": 2.0},
    )
    return moment(scenario, joined=joined)


def test_allies_in_are_joiners_other_than_the_one_who_calls():
    # For B's sake C's 0.7 counts, without its terms, or E's 0.4; for C's E's. B is an originator.
    at = followed(C="target", E="target", F="target")
    assert at.allies_in("D", "B", TARGET) == 0.7
    assert at.allies_in("D", "C", TARGET) == 0.4
    assert at.allies_in("D", "E", TARGET) == 0.7
    assert at.allies_in("D", "A", INITIATOR) == 0.0
    assert followed(C="target").allies_in("D", "C", TARGET) == 0.0
    # F's would count against G alone.
    at.join("G", "initiator")
    assert at.allies_in("D", "B", TARGET) == 0.9
    # On the other side they are no allies of one who calls from B's.
    assert followed(C="initiator").allies_in("D", "B", TARGET) == 0.0


def test_following_allies_who_came_in():
    # 2 * 0.7 = 1.4 in all, as C is in; nothing for B alone.
    at = followed(C="target")
    assert at.tie_hazard("D", "B", TARGET, 3, 0.0) == pytest.approx(1 / (1 + exp(-1.4)))
    assert at.occasion(0.0, 3, 0.0, 0, 0.0, 0.7) == pytest.approx(1.4)
    assert followed().tie_hazard("D", "B", TARGET, 3, 0.0) == 0.5


def test_a_divided_partner_is_slow():
    # 0.6 (1 - 0.75) = 0.15; what being divided takes off the logit comes on top of that.
    weights = ALLIANCE | {"divided_delay": 0.75}
    slow = partner().scenario.model_copy(update={"alliance": alliance(weights)})
    assert moment(slow).joining_tempo("C") == 0.6
    at = moment(slow, divided="C")
    assert at.joining_tempo("C") == pytest.approx(0.15)
    assert at.tie_hazard("C", "B", TARGET, 4, 0.25) == pytest.approx(0.15 / (1 + exp(1.682)))


def test_highest_occasion_with_all_that_may_be_added():
    # 2 for allies followed; 0.25 * 2 at war, where nothing is held back: -2.5 + 2 + 0.5 = 0.
    weights = {"base": -2.5, "follow": 2.0, "threat": 0.25, "short_of_war": 9.0}
    at = moment(crisis("ABC", alliance=NO_ALLIANCE | weights))
    assert at.readiness("C", "A") + at.highest_occasion() == pytest.approx(0.0)
