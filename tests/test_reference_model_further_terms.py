"""The further terms of the reference model (section 10) against numbers worked by hand."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
import reference_model as ref
from reference_model import Actor, Domain, Dyad, Entry, Promise, Table
from scipy.stats import binomtest
from test_reference_model import NO_ALLIANCE, NO_RESPONSE, SMALL, at, crisis, step

# ---- what stands between the two ----


def test_stake_drives_both_pulls_and_the_last_step():
    # Only stakes count: 0.5 * 0.8 = 0.4; at the last step + 0.25 * 0.8 = 0.2, upwards only.
    # A weighs influence twice.
    model = crisis(
        [Actor("A", 1.0, weight_influence=2.0), "B"],
        dyads={("A", "B"): Dyad(stake=0.8)},
        response=NO_RESPONSE | {"stake": 0.5, "stake_war": 0.25},
    )
    low, last = at(model, {"A": 3}), at(model, {"A": 4})
    assert ref.go_up_score(model, low, "A", 3) == pytest.approx(2 * 0.4)
    assert ref.go_up_score(model, last, "A", 4) == pytest.approx(2 * 0.6)
    assert ref.go_down_score(model, last, "A", 4, 0) == pytest.approx(-2 * 0.4)
    assert ref.go_up_score(model, low, "B", 0) == 0  # what is at stake for A alone


def encircled(**parts):
    """C, twice as strong and with exercises, backs B; A can see half of what it does."""
    return crisis(
        ["A", "B", Actor("C", 2.0, exercise=0.2)],
        dyads={("A", "C"): Dyad(reach=0.9, channel=0.5)},
        promises={
            ("C", "B", "defence"): Promise(0.8, ambiguity=0.25, credibility=0.5, conditional=1),
            ("C", "B", "support"): Promise(0.4),
        },
        **parts,
    )


def test_encirclement():
    # (0.8 * 0.75 * 0.5 + 0.4) * 0.9 * 0.5 * 1.2 * 2/3 = 0.7 * 0.54 * 2/3 = 0.252.
    model = encircled()
    assert ref.encirclement(model, at(model, {}), "A") == pytest.approx(0.252)
    assert ref.encirclement(model, at(model, {}), "B") == 0
    # Once C is in, its rung is what A reads.
    assert ref.encirclement(model, at(model, {"C": 1}, sides={"C": "B"}), "A") == 0


def test_encirclement_of_the_target_counts_offence_and_voids_conditional_defence():
    # 0.8 (1-0.5) + 0.7 (1-0.5) 0.4 = 0.54, at equal power: 0.27. Division at home is no matter.
    promises = {
        ("C", "A", "defence"): Promise(0.8, conditional=0.5),
        ("C", "A", "offence"): Promise(0.7, ambiguity=0.5, credibility=0.4),
    }
    model = crisis("ABC", promises=promises)
    state = at(model, {}, divided=Table(A=0, B=0, C=1))
    assert ref.encirclement(model, state, "B") == pytest.approx(0.27)
    assert ref.encirclement(model, state, "A") == 0


def test_support_of_a_joiner_encircles_too_and_backing_is_cut_at_one():
    promises = {("D", "B", "defence"): Promise(0.7), ("D", "C", "support"): Promise(0.9)}
    model = crisis("ABCD", promises=promises)
    state = at(model, {"C": 1}, sides={"C": "B"})
    assert ref.encirclement(model, state, "A") == pytest.approx(0.5)


def test_assurance_is_of_neutrals_and_ones_own_side():
    # 0.8 (1-0.5) 0.5 = 0.2 of C, though void for a challenger; D promised all, but stands opposite.
    promises = {
        ("C", "A", "defence"): Promise(0.8, ambiguity=0.5, credibility=0.5, conditional=1),
        ("D", "A", "defence"): Promise(),
    }
    model = crisis("ABCD", promises=promises)
    assert ref.assurance(model, at(model, {"D": 1}, sides={"D": "B"}), "A") == pytest.approx(0.2)
    assert ref.assurance(model, at(model, {}), "A") == 1
    assert ref.assurance(model, at(model, {}), "B") == 0


def test_challenge_with_stake_provocation_and_assurance():
    # Encirclement .252; stake .5; D has promised A .6; all other weights 0.
    weights = dict.fromkeys(ref.DEFAULTS["deterrence"], 0) | {
        "stake": 1.0, "provocation": 2.0, "assurance": 0.5,
    }  # fmt: skip
    model = crisis(
        ["A", "B", Actor("C", 2.0, exercise=0.2), "D"],
        dyads={("A", "C"): Dyad(reach=0.9, channel=0.5), ("A", "B"): Dyad(stake=0.5)},
        promises={
            ("C", "B", "defence"): Promise(0.8, ambiguity=0.25, credibility=0.5),
            ("C", "B", "support"): Promise(0.4),
            ("D", "A", "defence"): Promise(0.6),
        },
        deterrence=weights,
    )
    calm = dict.fromkeys("ABCD", 0)
    go = ref.deterrence_go_probability(model, "A", "B", calm, calm)
    assert go == pytest.approx(1 / (1 + math.exp(-(0.5 + 2 * 0.252 - 0.5 * 0.6))))


def test_encircle_and_display_below_casus():
    model = encircled(response=NO_RESPONSE | {"encircle": 1, "display": 2})
    assert ref.go_up_score(model, at(model, {"A": 2}), "A", 2) == pytest.approx(3 * 0.252)
    assert ref.go_up_score(model, at(model, {"A": 3}), "A", 3) == pytest.approx(0.252)
    assert ref.go_down_score(model, at(model, {"A": 3}), "A", 3, 0) == 0


def test_each_goal_weighs_its_own_terms():
    # A on rung 4 = R-1 reading 5, divided, with ally C above it; weights 2, 3, 5 and audience 7.
    # security: 0.5*1 (gap) + 0.6*bal + 0.8; stability: 0.1*4 + 2.8 + 2 (nuclear) + 0.5*0.6;
    # influence: 0.35*2 + 0.2 + 2*0.9; resolve 0.3 and up -0.65 under none.
    model = crisis(
        [
            Actor(
                "A", 1.0, resolve=0.3, weight_security=2.0, weight_stability=3.0,
                weight_influence=5.0, weight_audience=7.0,
            ),
            Actor("B", 1.0, nuclear=True),
            "C",
        ],
        dyads={("A", "B"): Dyad(rivalry=2)},
        promises={
            ("A", "C", "defence"): Promise(0.9),
            ("A", "C", "consultation"): Promise(0.6),
        },
    )  # fmt: skip
    state = at(model, {"A": 4, "B": 4, "C": 5}, sides={"C": "A"}, divided=Table(A=1, B=0, C=0))
    tilt = 0.6 / 3  # (2 - 1) / (2 + 1)
    up = -0.65 + 0.3 + 2 * (0.5 + tilt + 0.8) - 3 * (0.4 + 2.8 + 2 + 0.3) + 5 * (0.7 + 0.2 + 1.8)
    assert ref.go_up_score(model, state, "A", 5) == pytest.approx(up)
    down = 0.1 - 0.3 - 2 * (0.5 + tilt) - 5 * 7 * 0.1 * 4 + 2
    assert ref.go_down_score(model, state, "A", 5, 1) == pytest.approx(down)


def test_joiners_hesitate_at_the_last_step():
    model = crisis("ABC", response=NO_RESPONSE | {"limited": 1.5})
    state = at(model, {"A": 4, "C": 4}, sides={"C": "A"})
    assert ref.go_up_score(model, state, "A", 4) == 0
    assert ref.go_up_score(model, state, "C", 4) == -1.5
    assert ref.go_up_score(model, at(model, {"C": 3}, sides={"C": "A"}), "C", 3) == 0


def test_opacity_blurs_what_no_channel_shows():
    # 0.6 (1 - 0.6*0.5) (1 + 0.8*0.5).
    model = crisis(["A", Actor("B", 1.0, opacity=0.8)], dyads={("A", "B"): Dyad(channel=0.5)})
    assert ref.noise(model, at(model, {}), "A", "B") == pytest.approx(0.6 * 0.7 * 1.4)
    assert ref.noise(model, at(model, {}), "B", "A") == pytest.approx(0.6)


def test_blame_of_third_parties_within_reach_spares_allies():
    # C: rival 0.5, D: no tie, 0.5 * 0.4; E promised B, F is promised by B.
    model = crisis(
        "ABCDEF",
        blame=0.5,
        dyads={("B", "C"): Dyad(0.5, reach=0.8), ("B", "D"): Dyad(reach=0.4)},
        promises={
            ("E", "B", "defence"): Promise(0.1, against=("C",)),
            ("B", "F", "defence"): Promise(0.1),
        },
        domains=[Domain(misattribution=0.5)],
    )
    weights = ref.strike_back_weights(model, "A", "B")
    assert weights == pytest.approx({"C": 0.5 + 0.4, "D": 0.2, "E": 0, "F": 0})


# ---- policy in a crisis ----


def test_policy_from_a_rung_on():
    model = crisis(
        response=NO_RESPONSE,
        mediation={"rate": 0.1, "delay": 3},
        policy={"from_rung": 3, "restraint": 0.7, "calm": 0.4, "mediation": 0.25},
    )
    hot, cool = at(model, {"A": 1, "B": 3}, turn=4), at(model, {"A": 1, "B": 2}, turn=4)
    assert ref.go_up_score(model, hot, "A", 1) == -0.7
    assert ref.go_down_score(model, hot, "A", 1, 0) == 0.4
    assert ref.mediation_probability(model, hot) == pytest.approx(0.35)
    assert ref.go_up_score(model, cool, "A", 1) == ref.go_down_score(model, cool, "A", 1, 0) == 0
    assert ref.mediation_probability(model, cool) == pytest.approx(0.1)
    assert ref.mediation_probability(model, replace(hot, turn=3)) == 0
    assert ref.mediation_probability(model, at(model, {"B": 5}, turn=4)) == 0


# ---- joining ----


def called(actors="ABC", **alliance):
    """C has promised B its defence; all weights are 0 but those given."""
    return crisis(
        actors,
        promises={
            ("C", "B", "defence"): Promise(),
            ("C", "B", "consultation"): Promise(0.25),
            ("C", "D", "defence"): Promise(0.5),
            ("C", "E", "defence"): Promise(0.8, against=("Z",)),
        },
        alliance=NO_ALLIANCE | {"review": 1} | alliance,
    )


def chance(logit, tempo=0.5):
    return pytest.approx(tempo / (1 + math.exp(-logit)))


def test_short_of_war():
    model = called(short_of_war=1.5)
    assert ref.tie_hazard(model, at(model, {"A": 4}), "C", "B") == chance(-1.5)
    assert ref.tie_hazard(model, at(model, {"A": 5, "B": 5}), "C", "B") == chance(0)


def test_own_capability_in_hundredths_of_the_system():
    # C holds 3 of 5: ln 60; of a system of 100 ln 3.
    strong = ["A", "B", Actor("C", 3.0)]
    model = called(strong, capability=0.5)
    assert ref.relative_capability(model, "C") == pytest.approx(math.log(60))
    assert ref.tie_hazard(model, at(model, {"A": 4}), "C", "B") == chance(0.5 * math.log(60))
    large = crisis(strong, outcome={"system_capability": 100.0})
    assert ref.relative_capability(large, "C") == pytest.approx(math.log(3))
    vast = crisis(strong, outcome={"system_capability": 1e12})
    assert ref.relative_capability(vast, "C") == pytest.approx(math.log(1e-7))


def test_calls_are_lost_without_consultation():
    # 1 - 0.4 * 0.75 = 0.7 of the calls are heard.
    model = called(loss=0.4)
    assert ref.tie_hazard(model, at(model, {"A": 4}), "C", "B") == chance(0, tempo=0.35)


def test_allies_follow_those_who_have_joined():
    # D has joined (0.5); the promise to E, in too, counts against Z alone, who is on no side.
    model = called("ABCDE", follow=2.0)
    state = at(model, {"A": 4, "D": 1, "E": 1}, sides={"D": "B", "E": "B"})
    assert ref.tie_hazard(model, state, "C", "B") == chance(2 * 0.5)
    # Called by D itself, C follows nobody: B is an originator.
    assert ref.tie_hazard(model, state, "C", "D") == chance(0)
    assert ref.tie_hazard(model, at(model, {"A": 4}), "C", "B") == chance(0)


def test_divided_governments_answer_late():
    model = called(divided_delay=0.4)
    state = at(model, {"A": 4}, divided=Table(A=0, B=0, C=1))
    assert ref.tie_hazard(model, state, "C", "B") == chance(0, tempo=0.3)


def test_opportunists_weigh_war_and_their_own_capability():
    weights = dict.fromkeys(ref.DEFAULTS["contagion"], 0)
    model = crisis(
        "ABC",
        dyads={("C", "A"): Dyad(rivalry=0.5)},
        contagion=weights | {"short_of_war": 1.0, "capability": 0.2},
    )
    able = 0.2 * math.log(100 / 3)
    assert ref.opportunist_hazard(model, at(model, {"A": 4}), "C", "B") == chance(able - 1)
    assert ref.opportunist_hazard(model, at(model, {"A": 5}), "C", "B") == chance(able)


def bystander(**parts):
    weights = {
        "base": -1.0, "capability": 0.1, "major": 0.6, "reach": 0.5, "balance": 0.4, "pact": 0.3,
        "short_of_war": 0.7,
    }  # fmt: skip
    return crisis(
        ["A", "B", Actor("C", 1.0, major=True, optimism=0.25)],
        dyads={("C", "A"): Dyad(reach=0.8), ("C", "B"): Dyad(rivalry=0.1)},
        promises={("C", "A", "neutrality"): Promise(0.5)},
        alliance={"review": 0.2, "divided_delay": 0.5},
        bystander=weights | parts,
    )


def test_bystanders():
    # -1 + 0.1 ln(100/3) + 0.6 + 0.5*0.8 + 0.4*0.25 - 0.3*0.5 - 0.7 below war; tempo 0.5.
    model = bystander()
    logit = -1 + 0.1 * math.log(100 / 3) + 0.6 + 0.4 + 0.1 - 0.15
    before, war = at(model, {"A": 4, "B": 4}), at(model, {"A": 5, "B": 5})
    assert ref.bystander_hazard(model, before, "C", "B") == chance(logit - 0.7)
    assert ref.bystander_hazard(model, war, "C", "B") == chance(logit)
    assert ref.bystander_hazard(model, war, "C", "A") == 0  # B is its rival
    assert ref.bystander_hazard(model, at(model, {"A": 3}), "C", "B") == 0
    late = replace(war, news=False, divided=Table(A=0, B=0, C=1))
    assert ref.bystander_hazard(model, late, "C", "B") == chance(logit, tempo=0.5 * 0.2 * 0.5)
    law = ref.cause_law(model, war, "C", "B")
    assert law == {Entry("B", "bystander", None, 1): chance(logit)}


def test_no_bystanders_at_the_lowest_base():
    model = bystander(base=-100, major=100.0)
    assert ref.bystander_hazard(model, at(model, {"A": 5}), "C", "B") == 0


# ---- ends of wars ----


def ending(**war):
    """A is three times as strong as B: balance 0.5."""
    return crisis([Actor("A", 3.0), "B"], war={"rate": 0.1} | war, run={"horizon": 9})


def at_war(model, since, turn):
    return at(model, {"A": 5, "B": 5}, war_turn=since, turn=turn)


def test_a_war_ends_the_sooner_the_more_lopsided_and_the_longer():
    model = ending(balance=2.0, length=0.25)
    assert ref.war_end_probability(model, at_war(model, 3, 5)) == pytest.approx(
        0.1 * math.exp(2 * 0.5 + 0.25 * 2)
    )
    assert ref.war_end_probability(model, at_war(model, 5, 5)) == 0
    assert ref.war_end_probability(model, at(model, {"A": 4}, turn=5)) == 0
    assert ref.war_end_probability(ending(rate=0, length=100), at_war(model, 1, 9)) == 0
    assert ref.war_end_probability(ending(length=100), at_war(model, 1, 9)) == 1


def test_who_prevails():
    model = ending(decisive=3.0)
    law = ref.war_end_law(model, at_war(model, 3, 5))
    wins = 1 / (1 + math.exp(-1.5))
    assert law == pytest.approx({None: 0.9, "A": 0.1 * wins, "B": 0.1 * (1 - wins)})


def test_moves_of_the_last_turn_still_happen():
    model = crisis("ABC", war={"rate": 0.1}, run={"horizon": 9})
    state = at(model, {"A": 5, "B": 5, "C": 2}, sides={"C": "A"}, war_turn=3, turn=6)
    moves = step({"A": "hold", "B": "hold", "C": "clear"}, model=model)
    after = ref.end_of_turn(model, state, replace(moves, winner="B"))
    assert after.rung["C"] == 3
    assert (after.ended, after.turn, after.winner) == ("general_war", 6, "B")
    assert ref.end_of_turn(model, state, moves).ended is None


@pytest.mark.parametrize(
    ("turn", "winner", "length", "end", "who"),
    [(5, "A", 2, 0, 0), (5, "B", 2, 0, 1), (9, "A", 6, 0, 0), (9, None, 6, 1, 2)],
)
def test_lengths_and_winners_are_counted(turn, winner, length, end, who):
    model = ending()
    state = at_war(model, 3, turn)
    what = replace(step({"A": "hold", "B": "hold"}), winner=winner)
    before = ref.opening_record(model, ("A", "B"), state.domain, False, state)
    record = ref.note_turn(model, before, what, ref.end_of_turn(model, state, what))
    counts = ref.tally(model, [record])
    assert np.argwhere(counts["war_length_count"]).tolist() == [[length, end]]
    assert np.argwhere(counts["winner_count"]).tolist() == [[who]]


# ---- itself ----


def lively(horizon):
    """Two rivals over a claim, a guarantor and wars that end; every further term is on."""
    return crisis(
        [
            Actor("A", 1.0, tempo=0.8, bias=0.4, weight_audience=1.5, weight_security=1.2),
            Actor("C", 1.5, tempo=0.9, major=True, instability=0.4, turnover=0.3, exercise=0.3),
            Actor("B", 0.8, tempo=0.7, opacity=0.5, weight_stability=0.5),
        ],
        ladder=SMALL,
        dyads={
            ("A", "B"): Dyad(1, 1, 0.2, 0.1, stake=0.7),
            ("B", "A"): Dyad(0.7, 0.9, stake=0.3),
        },
        promises={("C", "B", "defence"): Promise(0.9, ambiguity=0.2)},
        blame=0.5,
        domains=[Domain(misattribution=0.3, rung=2)],
        run={"horizon": horizon},
        mediation={"delay": 1, "rate": 0.2},
        deterrence={"stake": 1, "provocation": 0.5, "assurance": 0.5},
        response={
            "war_cost": 0.5, "stake": 0.4, "stake_war": 0.3, "encircle": 0.4, "assurance": 0.3,
            "display": 0.3, "limited": 0.4,
        },
        alliance={"base": -2, "short_of_war": 0.5, "capability": 0.1, "loss": 0.3,
                  "divided_delay": 0.4},
        bystander={"base": -2, "reach": 0.5, "short_of_war": 0.4},
        policy={"from_rung": 2, "restraint": 0.3, "calm": 0.2, "mediation": 0.1},
        war={"rate": 0.3, "balance": 0.5, "length": 0.1, "decisive": 1},
    )  # fmt: skip


def test_every_count_agrees_with_enumeration():
    """Some 150 binomial tests at 1e-6: false alarm below 2e-4."""
    model = lively(horizon=3)
    n, rng = 1000, random.Random(15)
    counts = ref.tally(model, (ref.simulate_chain(model, rng) for _ in range(n)))
    expected = ref.expected_tally(model)
    assert expected["outcome_count"].sum() == pytest.approx(1)
    assert expected["winner_count"].sum() == pytest.approx(expected["outcome_count"][4:].sum())
    assert (expected["winner_count"] > 0.001).all()
    assert expected["entry_count"][:, 4].sum() > 0.001
    for name, values in expected.items():
        for position, p in np.ndenumerate(values):
            count = int(counts[name][position])
            assert binomtest(count, n, min(1.0, p)).pvalue > 1e-6, (name, position)
