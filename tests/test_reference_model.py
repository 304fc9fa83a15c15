"""The reference model against numbers worked by hand, and against itself.

Statistical tests: fixed seeds; each states the chance that it would fail for a right sampler.
"""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
import reference_model as ref
from reference_model import Actor, Domain, Dyad, Entry, Ladder, Promise, Step, Table
from scipy.stats import binomtest

from mcescalate.scenario.reading import parse_scenario

NO_RESPONSE = dict.fromkeys(ref.DEFAULTS["response"], 0.0)
NO_ALLIANCE = dict.fromkeys(ref.DEFAULTS["alliance"], 0.0)
SMALL = Ladder(rungs=("calm", "threat", "force", "war"), mobilised=2, casus=2)


def crisis(actors="AB", **parts):
    """A model of actors with one-letter ids, capability 1, and an incident from A to B."""
    rows = [actor if isinstance(actor, Actor) else Actor(actor, 1.0) for actor in actors]
    return ref.make_model(rows, **({"incidents": [("A", "B", 1.0)]} | parts))


def at(model, rungs, *, sides=None, **changes):
    """A state of a crisis between A and B with the given rungs; others neutral unless given."""
    state = ref.opening_state(model, "A", "B")
    state = replace(state, side=state.side.but(sides or {}), rung=state.rung.but(rungs))
    return replace(state, **changes)


def step(moves, entries=None, mediation=0, model=None):
    """What happens in a turn; nobody's government is divided."""
    calm = Table(dict.fromkeys(model.actors, 0)) if model else Table(A=0, B=0)
    return Step(mediation, Table(moves), Table(entries or {}), calm)


# ---- sections 2 to 4 ----


def test_arms_follow_the_strongest_rival():
    # r_A = max(2 (1 + 0.5 (1 - 0.5)), 1 (3 + 0.5)) = max(2.5, 3.5) = 3.5; a_A = 2:
    # drawn up 1/(1+e^-(0.5+1*1.5)) = 1/(1+e^-2); else down 1/(1+e^-(0.25+0.5*(-1.5))).
    model = crisis(
        [Actor("A", 1.0, bias=0.3), "B", "C"],
        dyads={
            ("A", "B"): Dyad(rivalry=2, channel=0.5, mistrust=0.2),
            ("A", "C"): Dyad(rivalry=1, mistrust=0.2),
        },
        arms={"base": 0.5, "pull": 1, "decay": 0.25, "fatigue": 0.5, "levels": 5},
    )
    arms = {"A": 2, "B": 1, "C": 3}
    assert ref.arms_pull(model, arms, "A") == pytest.approx(3.5)
    up = 1 / (1 + math.exp(-2))
    down = (1 - up) / (1 + math.exp(0.5))
    assert ref.arms_law(model, arms, "A") == pytest.approx({3: up, 1: down, 2: 1 - up - down})


def test_arms_strengthen_and_quicken():
    # 2 (1 + 0.05*4) = 2.4; 0.5 (1 + 0.1*4) = 0.7, and 0.9 * 1.4 is cut to 1.
    model = crisis([Actor("A", 2.0, tempo=0.5), Actor("B", 1.0, tempo=0.9)], arms={"tempo": 0.1})
    arms = {"A": 4, "B": 4}
    assert ref.effective_capability(model, arms, "A") == pytest.approx(2.4)
    assert ref.effective_tempo(model, arms, "A") == pytest.approx(0.7)
    assert ref.effective_tempo(model, arms, "B") == 1


def test_arms_hold_when_drawn_through_ceiling_or_floor():
    # No rivals: r = 0. All weights 0: up 1/2, else down 1/2, so 1/2, 1/4, 1/4.
    model = crisis(arms=dict.fromkeys(("base", "pull", "decay", "fatigue"), 0) | {"levels": 3})
    assert ref.arms_law(model, {"A": 3, "B": 0}, "A") == {3: 0.75, 2: 0.25}
    assert ref.arms_law(model, {"A": 3, "B": 0}, "B") == {1: 0.5, 0: 0.5}


def test_credit_of_a_doubtful_promise():
    # 0.8 (1-0.25) 0.5 = 0.3; B_k = (1 - 0.5)(1 + 0.5*0.4) = 0.6; 0.3 * 0.6 = 0.18.
    model = crisis(
        ["A", "B", Actor("C", 1.0, exercise=0.4)],
        promises={("C", "B", "defence"): Promise(0.8, ambiguity=0.25, credibility=0.5)},
    )
    state = at(model, {}, divided=Table(A=0, B=0, C=1))
    assert ref.credit_B(model, state, "C") == pytest.approx(0.18)


def test_credit_of_the_initiator_counts_offence_and_voids_conditional_defence():
    # 0.8 (1-0.5) + 0.7 (1-0.5) 0.4 = 0.4 + 0.14; nobody divided, no exercises.
    promises = {
        ("C", "A", "defence"): Promise(0.8, conditional=0.5),
        ("C", "A", "offence"): Promise(0.7, ambiguity=0.5, credibility=0.4),
    }
    model = crisis("ABC", promises=promises)
    assert ref.credit_A(model, at(model, {}), "C") == pytest.approx(0.54)


def test_a_promise_against_another_state_counts_for_nothing_until_it_is_engaged():
    model = crisis("ABCD", promises={("C", "B", "defence"): Promise(against=("D",))})
    assert ref.credit_B(model, at(model, {}), "C") == 0
    assert ref.obligation(model, at(model, {}), "C", "B") == 0
    joined = at(model, {"D": 1}, sides={"D": "A"})
    assert ref.credit_B(model, joined, "C") == 1
    assert ref.obligation(model, joined, "C", "B") == 1


def test_balance_counts_members_latent_allies_and_aid():
    # Against B: w_AB = 3. Against A: w_BA = 2*0.5 = 1, neutral C: w_CA = 4,
    # min(1, 0.5*0.4 + 0.25*0.8) = 0.4 of it, 1.6. So P_A = 3, P_B = 2.6.
    model = crisis(
        [Actor("A", 3.0), Actor("B", 2.0, optimism=0.5), Actor("C", 4.0, optimism=-1)],
        dyads={("B", "A"): Dyad(reach=0.5)},
        promises={("C", "B", "defence"): Promise(0.4), ("C", "B", "support"): Promise(0.8)},
        deterrence={"latent": 0.5},
        alliance={"aid": 0.25},
    )
    state = at(model, {})
    assert ref.power(model, state, "A") == pytest.approx(3)
    assert ref.power(model, state, "B") == pytest.approx(2.6)
    assert ref.balance(model, state, "A") == pytest.approx(0.4 / 5.6)
    assert ref.seen_balance(model, state, "B", "B") == pytest.approx(0.5 - 0.4 / 5.6)
    assert ref.seen_balance(model, state, "C", "B") == -1


def test_deterrence():
    # Equal power: -1 + 1*0.5 + 2*0.25 (optimism) + 0.2 + 0.3 + 0.4 - 1*0.6 = 0.3.
    model = crisis(
        [Actor("A", 1.0, resolve=0.2, optimism=0.25), "B"],
        dyads={("A", "B"): Dyad(rivalry=0.5)},
        promises={
            ("A", "B", "neutrality"): Promise(0.4),
            ("A", "B", "nonaggression"): Promise(0.6),
        },
        deterrence={"opportunity": 0.4},
    )
    go = ref.deterrence_go_probability(model, "A", "B", {"A": 1, "B": 1}, {"A": 0, "B": 0})
    assert go == pytest.approx(1 / (1 + math.exp(-0.3)))


def test_blame_goes_by_the_targets_rivalries():
    model = crisis(
        "ABCD",
        dyads={("B", "C"): Dyad(1), ("B", "D"): Dyad(3), ("B", "A"): Dyad(9)},
        domains=[Domain(misattribution=0.4)],
    )
    law = ref.strike_back_law(model, "A", "B", "conventional")
    assert law == pytest.approx({None: 0.6, "C": 0.1, "D": 0.3})
    assert ref.strike_back_law(model, "A", "D", "conventional") == {None: 1.0}


# ---- section 5: perception and response ----


def test_mediation():
    # 0.1 (1 + 1*2/5)(1 - 0.5*4/8) = 0.105, from turn delay + 1, not in war.
    model = crisis(mediation={"rate": 0.1, "tension": 1, "arms": 0.5, "delay": 3})
    state = at(model, {"A": 2}, arms=Table(A=1, B=4), turn=4)
    assert ref.mediation_probability(model, state) == pytest.approx(0.105)
    assert ref.mediation_probability(model, replace(state, turn=3)) == 0
    assert ref.mediation_probability(model, at(model, {"B": 5}, turn=4)) == 0


def test_noise_and_distribution_of_a_reading():
    # sigma = 0.8 * 1.5 (1 - 0.6*0.5) / (1 + 0.5 * min(1, 0.7 + 0.6)) = 0.84 / 1.5 = 0.56.
    # Shift (0.2 + 0.1)(1 - 0.6*0.5) = 0.21. F(2|1) = Phi((2.5 - 1 - 0.21) / 0.56).
    # B exercises: x = 0.4 * 0.5 = 0.2.
    model = crisis(
        [Actor("A", 1.0, noise=0.8, bias=0.2), Actor("B", 1.0, exercise=0.4), "C"],
        dyads={("A", "B"): Dyad(channel=0.5, mistrust=0.1, reach=0.9)},
        promises={("A", k, "consultation"): Promise(s) for k, s in (("B", 0.7), ("C", 0.6))},
        perception={"sharing": 0.5},
        domains=[Domain(noise=1.5)],
    )
    state = at(model, {"B": 1})
    assert ref.noise(model, state, "A", "B") == pytest.approx(0.56)
    plain, inflated = ref.normal_cdf(1.29 / 0.56), ref.normal_cdf(0.29 / 0.56)
    assert ref.F(model, state, "A", "B", 2, 1) == pytest.approx(plain)
    assert ref.F(model, state, "A", "B", 5, 1) == 1
    mixed = 0.8 * plain + 0.2 * inflated
    assert ref.G(model, state, "A", "B", 2) == pytest.approx(mixed)
    assert ref.reading_cdf(model, state, "A")[2] == pytest.approx(1 - 0.9 * (1 - mixed))
    assert ref.normal_cdf(1.96) == pytest.approx(0.975, abs=1e-4)


def test_war_is_unmistakable():
    model = crisis([Actor("A", 1.0, bias=-3), "B"])
    assert ref.reading_law(model, at(model, {"B": 5}), "A") == [0, 0, 0, 0, 0, 1]


def test_readings_are_coupled_at_one_uniform():
    # A sees B (rung 1, half in reach) one too high without noise: 0 or 2, truly 0 or 1.
    model = crisis([Actor("A", 1.0, bias=1, noise=0), "B"], dyads={("A", "B"): Dyad(reach=0.5)})
    assert ref.coupled_readings(model, at(model, {"B": 1}), "A") == [(0, 0, 0.5), (2, 1, 0.5)]


def test_couplings_have_the_two_reading_laws_as_margins():
    model = crisis(
        [Actor("A", 1.0, bias=0.5), "B", "C"],
        dyads={("A", "B"): Dyad(reach=0.8), ("A", "C"): Dyad(reach=0.3)},
    )
    state = at(model, {"B": 2, "C": 3}, sides={"C": "B"})
    seen, true = np.zeros(6), np.zeros(6)
    for reading, accurate, p in ref.coupled_readings(model, state, "A"):
        seen[reading] += p
        true[accurate] += p
    assert seen == pytest.approx(np.array(ref.reading_law(model, state, "A")))
    assert true == pytest.approx(np.array(ref.reading_law(model, state, "A", accurate=True)))


def test_moves_with_and_without_misreading():
    # As above with A on rung 1, tempo 1, only gap = ln 2: e^up = 2^gap, e^down = 2^-gap.
    # Reading 2: up 2/3.5 = 4/7, down 1/7; truth 1: up 1/3. Reading 0 = truth: up 1/7, down 4/7.
    # clear = (1/3 + 1/7)/2, misread = (4/7 - 1/3)/2, down = (1/7 + 4/7)/2, hold 2/7 at both.
    model = crisis(
        [Actor("A", 1.0, bias=1, noise=0, tempo=1), "B"],
        dyads={("A", "B"): Dyad(reach=0.5)},
        response=NO_RESPONSE | {"gap": math.log(2)},
    )
    law = ref.move_law(model, at(model, {"A": 1, "B": 1}), "A", 0)
    assert law == pytest.approx({"clear": 5 / 21, "misread": 5 / 42, "down": 5 / 14, "hold": 2 / 7})


def test_score_of_going_up():
    # A on rung 4 = R-1 reading 3, as does everybody: mobilised.
    # up -0.65 + gap 0.5*(-1) + balance 0.6*(2-1)/3 + resolve 0.3 + rivalry 0.35*2
    # + diversion 0.2 + preempt 0.8 + reassure 2*0.9 (C is above; D itself) - cost 0.1*4
    # - war_cost 2.8 - nuclear 2*0.5 - restraint 0.5*0.6
    model = crisis(
        [Actor("A", 1.0, resolve=0.3), Actor("B", 1.0, nuclear=True), "C"],
        dyads={("A", "B"): Dyad(rivalry=2, reach=0.5), ("C", "B"): Dyad(reach=0.5)},
        promises={
            ("A", "C", "defence"): Promise(0.9, ambiguity=1, credibility=0, against=("A",)),
            ("A", "C", "consultation"): Promise(0.6),
        },
    )
    state = at(model, {"A": 4, "B": 3, "C": 5}, sides={"C": "A"}, divided=Table(A=1, B=0, C=0))
    # P_A = 0.5 + 0.5 against P_B = 1: balance 0; with C alone at full reach 1.5 against 1.
    assert ref.balance(model, state, "A") == 0
    expected = -0.65 - 0.5 + 0.3 + 0.7 + 0.2 + 0.8 + 1.8 - 0.4 - 2.8 - 1.0 - 0.3
    assert ref.go_up_score(model, state, "A", 3) == pytest.approx(expected)
    # On rung 2 = mobilised-1 reading 3: neither preemption nor the cost of war, but protocol.
    state = replace(state, rung=state.rung.but({"A": 2}))
    expected = -0.65 + 0.5 + 0.3 + 0.7 + 0.2 + 1.8 - 0.2 - (0.5 + 0.5) * 0.6
    assert ref.go_up_score(model, state, "A", 3) == pytest.approx(expected)


def test_score_of_going_down_and_rigidity():
    # 0.1 - 0.5*1 - 0.3 - 0.1*3 + 0.4*0.5 + 2 = 1.2, equal power.
    model = crisis(
        [Actor("A", 1.0, resolve=0.3, rigidity=0.75, tempo=0.8), "B"],
        dyads={("A", "B"): Dyad(channel=0.5)},
    )
    state = at(model, {"A": 3, "B": 4})
    assert ref.go_down_score(model, state, "A", 4, 1) == pytest.approx(1.2)
    up = ref.go_up_score(model, state, "A", 4)
    z = 1 + math.exp(up) + math.exp(1.2)
    expected = (0.8 * math.exp(up) / z, 0.8 * 0.25 * math.exp(1.2) / z)
    assert ref.move_probabilities(model, state, "A", 4, 1) == pytest.approx(expected)
    assert ref.move_probabilities(model, at(model, {"A": 0, "B": 4}), "A", 4, 1)[1] == 0


def test_an_actor_at_war_holds():
    model = crisis()
    assert ref.move_law(model, at(model, {"A": 5}), "A", 0)["hold"] == 1


# ---- section 5: joining ----


def joining(**parts):
    """C owes B 0.5 and A an offence promise; every weight 0 but these two."""
    return crisis(
        ["A", "B", Actor("C", 1.0, tempo=0.8, major=True)],
        promises={
            ("C", "A", "offence"): Promise(0.6, ambiguity=0.5),
            ("C", "B", "defence"): Promise(0.5, ambiguity=0.4, conditional=1, credibility=0),
        },
        alliance=NO_ALLIANCE | {"obligation": 1, "threat": 1, "slack": 0.5, "review": 0.1},
        contagion={"base": 0, "rivalry": 0, "balance": 0, "reach": 0, "major": 1},
        **parts,
    )


def test_tie_hazard():
    # To B: ob = 0.5 (1 - 0.5*0.4) = 0.4 whatever its condition and credibility; A on 4, casus 3:
    # 0.8 L(0.4 + 1). To A: ob = 0.6 (1 - 0.25) = 0.45, but B is below casus.
    model = joining()
    state = at(model, {"A": 4, "B": 2})
    assert ref.obligation(model, state, "C", "B") == pytest.approx(0.4)
    assert ref.obligation(model, state, "C", "A") == pytest.approx(0.45)
    assert ref.tie_hazard(model, state, "C", "B") == pytest.approx(0.8 / (1 + math.exp(-1.4)))
    assert ref.tie_hazard(model, state, "C", "A") == 0
    stale = replace(state, news=False)
    assert ref.tie_hazard(model, stale, "C", "B") == pytest.approx(0.08 / (1 + math.exp(-1.4)))


def test_every_term_of_the_tie_hazard():
    # -3.7 + 3*1 + 0.7*1 + 0.5*bal + 0.5*2 + 1*0.2 + 1*0.5 - 1.5*0.8 - 1*1 - 2*(3-1)/4;
    # bal = seen by C on side B: P_B = 1 + (credit 1/2) * 3 * 0.5 = 1.75, P_A = 1: 0.75/2.75.
    # C is divided: B_k = 0.5.
    model = crisis(
        ["A", "B", Actor("C", 3.0, tempo=1, resolve=0.2)],
        promises={
            ("C", "B", "defence"): Promise(),
            ("C", "A", "nonaggression"): Promise(0.8),
        },
        dyads={("C", "A"): Dyad(rivalry=2, reach=0.5)},
        alliance={"burden": 2},
    )
    state = at(model, {"A": 4}, divided=Table(A=0, B=0, C=1))
    logit = -3.7 + 3 + 0.7 + 0.5 * 0.75 / 2.75 + 1 + 0.2 + 0.5 - 1.2 - 1 - 1
    assert ref.tie_hazard(model, state, "C", "B") == pytest.approx(1 / (1 + math.exp(-logit)))


def test_opportunists_wait_for_the_last_rung_but_one():
    # L(0 + 1 major) at tempo 0.8, once the other side is on R-1 and if they are rivals.
    model = joining(dyads={("C", "A"): Dyad(rivalry=0.5)})
    hazard = 0.8 / (1 + math.exp(-1))
    assert ref.opportunist_hazard(model, at(model, {"A": 4}), "C", "B") == pytest.approx(hazard)
    assert ref.opportunist_hazard(model, at(model, {"A": 3}), "C", "B") == 0
    assert ref.opportunist_hazard(model, at(model, {"B": 4}), "C", "A") == 0


def test_causes_in_order_and_no_state_joins_both_sides():
    model = joining(dyads={("C", "A"): Dyad(rivalry=0.5)})
    state = at(model, {"A": 4, "B": 3})
    to_b = 0.8 / (1 + math.exp(-1.4))  # obligation 0.4, threat 1
    greed = 0.8 / (1 + math.exp(-1))
    to_a = 0.8 / (1 + math.exp(-0.45))  # obligation 0.45, threat 0
    drawn_b = 1 - (1 - to_b) * (1 - greed)
    assert ref.drawn_probability(model, state, "C", "B") == pytest.approx(drawn_b)
    law = ref.join_law(model, state, "C")
    assert law.pop(None) == pytest.approx(drawn_b * to_a + (1 - drawn_b) * (1 - to_a))
    assert law == pytest.approx(
        {
            Entry("A", "treaty", "A", 1): to_a * (1 - drawn_b),
            Entry("B", "treaty", "B", 1): to_b * (1 - to_a),
            Entry("B", "opportunism", None, 1): (1 - to_b) * greed * (1 - to_a),
        }
    )


def test_treaty_causes_go_by_id_not_by_file_order():
    promises = {("C", j, "defence"): Promise() for j in "BD"}
    model = crisis("DCBA", promises=promises)
    state = at(model, {"A": 3, "D": 1}, sides={"D": "B"})
    via = [entry.via for entry in ref.cause_law(model, state, "C", "B")]
    assert via == ["B", "D"]


# ---- section 5: the end of a turn ----


def test_war_comes_to_both_originators():
    # C, a friend of A, goes to war: B is dragged from a down-move, A is not.
    model = crisis("ABC")
    state = at(model, {"A": 2, "B": 2, "C": 4}, sides={"C": "A"})
    after = ref.end_of_turn(
        model, state, step({"A": "hold", "B": "down", "C": "clear"}, model=model)
    )
    assert after.rung == {"A": 2, "B": 5, "C": 5}
    assert after.highest == {"A": 5, "B": 5}
    assert after.news


def test_news_needs_a_new_high_from_casus_on_or_a_joiner():
    model = crisis("ABC")
    quiet = {"A": "hold", "B": "hold"}
    up = {"A": "clear", "B": "hold"}
    at_casus = at(model, {"A": 3}, highest=Table(A=3, B=0))
    below = at(model, {"A": 1}, highest=Table(A=1, B=0))
    joiner = {"C": Entry("B", "opportunism", None, 1)}
    assert not ref.end_of_turn(model, at_casus, step(quiet, model=model)).news
    assert ref.end_of_turn(model, at_casus, step(up, model=model)).news
    assert not ref.end_of_turn(model, below, step(up, model=model)).news
    after = ref.end_of_turn(model, below, step(quiet, joiner, model=model))
    assert after.news
    assert after.highest == {"A": 1, "B": 1}
    assert after.rung["C"] == 1
    # Back up to an old high is no news.
    again = at(model, {"A": 3}, highest=Table(A=4, B=0))
    assert not ref.end_of_turn(model, again, step(up, model=model)).news


def test_settled_mediated_and_stalemate():
    model = crisis(run={"horizon": 7})
    state = at(model, {"A": 1}, turn=7)
    down = {"A": "down", "B": "hold"}
    assert ref.end_of_turn(model, state, step(down)).ended == "settled"
    assert ref.end_of_turn(model, state, step(down, mediation=1)).ended == "mediated"
    stay = step({"A": "hold", "B": "hold"}, mediation=1)
    assert ref.end_of_turn(model, state, stay).ended == "stalemate"
    assert ref.end_of_turn(model, replace(state, turn=6), stay).ended is None


@pytest.mark.parametrize(
    ("share", "system", "outcome"),
    [
        (0.3, 0, "general_war"),
        (0.3 + 5e-10, 0, "general_war"),
        (0.3 + 2e-9, 0, "limited_war"),
        # 3 at war, of actors with 10 in all.
        (0.3, 9.0, "general_war"),
        (0.3, 12.0, "limited_war"),
        (0.25, 12.0, "general_war"),
    ],
)
def test_general_war_by_share_of_the_whole_systems_capability(share, system, outcome):
    model = crisis(
        [Actor("A", 1.0), Actor("B", 2.0), Actor("C", 7.0)],
        outcome={"general_share": share, "system_capability": system},
        run={"horizon": 1},
    )
    state = at(model, {"A": 5, "B": 5})
    after = ref.end_of_turn(model, state, step({"A": "hold", "B": "hold"}, model=model))
    assert after.ended == outcome


def opened(model, state):
    """The record of a chain that has come to `state`."""
    opening = ref.opening_state(model, "A", "B", state.domain)
    record = ref.opening_record(model, ("A", "B"), state.domain, False, opening)
    return replace(record, state=state)


def after_turn(model, state, what):
    """The record after one turn from `state`."""
    return ref.note_turn(model, opened(model, state), what, ref.end_of_turn(model, state, what))


@pytest.mark.parametrize(
    ("moves", "misreads", "misread_war"),
    [
        ({"A": "misread", "B": "clear"}, 1, True),  # B's move does not itself reach war
        ({"A": "misread", "B": "misread"}, 2, True),  # B's move counts though it is dragged
        ({"A": "clear", "B": "misread"}, 1, False),
    ],
)
def test_war_begun_misread(moves, misreads, misread_war):
    model = crisis()
    record = after_turn(model, at(model, {"A": 4, "B": 2}, turn=3), step(moves))
    assert record.state.rung == {"A": 5, "B": 5}
    assert (record.misreads, record.war_misread, record.war_turn) == (misreads, misread_war, 3)


def test_one_clear_move_to_war_and_the_war_is_not_misread():
    model = crisis()
    moves = step({"A": "misread", "B": "clear"})
    assert not after_turn(model, at(model, {"A": 4, "B": 4}), moves).war_misread


def test_a_government_may_change():
    # Divided now, drawn anew with chance 0.5: 0.5*0.2 + 0.5 stays divided.
    model = crisis([Actor("A", 1.0, instability=0.2, turnover=0.5), "B"])
    law = ref.turnover_law(model, at(model, {}, divided=Table(A=1, B=0)), "A")
    assert law == pytest.approx({1: 0.6, 0: 0.4})


# ---- section 6: ties at the end ----


@pytest.mark.parametrize(
    ("ally", "side", "rung", "expected"),
    [
        ("B", "B", 5, "fought"),
        ("B", "B", 4, "stood_by"),
        ("B", None, 0, "abandoned"),
        ("B", "A", 1, "betrayed"),
        ("A", "A", 5, "fought"),
        ("A", None, 0, "abandoned"),
    ],
)
def test_tie_classes(ally, side, rung, expected):
    model = crisis("ABC", promises={("C", ally, "defence"): Promise(0.5, conditional=0.9)})
    state = at(model, {"A": 5, "B": 5, "C": rung}, sides={"C": side})
    assert ref.tie_class(model, opened(model, state), "C", ally) == expected


@pytest.mark.parametrize(
    ("promise", "ally", "rungs"),
    [
        (Promise(), "B", {"A": 4, "B": 4}),  # the ally is not at war
        (Promise(conditional=1), "A", {"A": 5, "B": 5}),  # void: the ally began it
        (Promise(against=("D",)), "B", {"A": 5, "B": 5}),  # against somebody not there
        (Promise(strength=0), "B", {"A": 5, "B": 5}),
    ],
)
def test_ties_that_are_not_invoked(promise, ally, rungs):
    model = crisis("ABCD", promises={("C", ally, "defence"): promise})
    assert ref.tie_class(model, opened(model, at(model, rungs)), "C", ally) is None


def test_chain_gang_through_one_who_came_by_treaty():
    model = crisis("ABCDE", run={"horizon": 4})
    state = at(
        model,
        {"B": 5, "A": 5, "C": 2, "D": 1},
        sides=dict.fromkeys("CDE", "B"),
        ended="limited_war",
    )
    joined = {
        "C": Entry("B", "treaty", "B", 2),
        "D": Entry("B", "treaty", "C", 3),
        "E": Entry("B", "opportunism", None, 3),
    }
    record = opened(model, state)
    record = replace(record, entries=record.entries.but(joined))
    counts = ref.tally(model, [record])
    assert counts["chain_gang_count"].tolist() == [0, 0, 0, 1, 0]
    assert counts["drawn_in_count"][:, 3].tolist() == [0, 0, 1, 0, 0]
    assert counts["entry_count"].tolist()[2:] == [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]


def test_originators_do_not_betray():
    model = crisis(promises={("A", "B", "defence"): Promise()})
    state = at(model, {"A": 5, "B": 5})
    assert ref.tie_class(model, opened(model, state), "A", "B") is None


# ---- itself ----


def pair():
    """Two rivals, one quick and suspicious."""
    return crisis(
        [Actor("A", 1.0, tempo=0.8, bias=0.4), Actor("B", 0.8, tempo=0.7, resolve=0.3)],
        incidents=[("A", "B", 1.0), ("B", "A", 2.0)],
        ladder=SMALL,
        dyads={("A", "B"): Dyad(1, 1, 0.2, 0.1), ("B", "A"): Dyad(0.7, 0.9, 0.2, 0)},
        run={"horizon": 8},
        mediation={"delay": 1},
        response={"war_cost": 1},
    )


def trio(horizon=3):
    """Two rivals and a great power with promises to both, in two domains."""
    return crisis(
        [
            Actor("A", 1.0, tempo=0.8, bias=0.4, instability=0.3, turnover=0.2),
            Actor("C", 1.5, tempo=0.9, major=True),
            Actor("B", 0.8, tempo=0.7, resolve=0.3, exercise=0.3),
        ],
        ladder=SMALL,
        dyads={
            ("A", "B"): Dyad(1, 1, 0.2, 0.1),
            ("B", "A"): Dyad(0.7, 0.9, 0.2, 0),
            ("C", "A"): Dyad(0.7, 0.9, 0.2, 0),
            ("B", "C"): Dyad(0.5),
            ("C", "B"): Dyad(0.3),
        },
        promises={
            ("C", "B", "defence"): Promise(0.9, ambiguity=0.2),
            ("C", "A", "offence"): Promise(0.5, ambiguity=0.1),
            ("A", "C", "defence"): Promise(0.8, conditional=0.5),
        },
        domains=[Domain(misattribution=0.2), Domain("cyber", 0.5, 2, 0.5, 2)],
        run={"horizon": horizon},
        mediation={"delay": 1, "tension": 0.5},
        response={"war_cost": 1},
        alliance={"base": -2},
        contagion={"base": -4},
    )


@pytest.mark.parametrize("model", [pair(), trio()], ids=["pair", "trio"])
def test_laws_of_a_turn_add_up_to_one(model):
    states = [ref.opening_state(model, "A", "B")]
    for _ in range(2):
        laws = [ref.turn_distribution(model, state) for state in states]
        assert [sum(law.values()) for law in laws] == pytest.approx([1] * len(laws))
        assert all(p > 0 for law in laws for p in law.values())
        states = [state for state in laws[0] if not state.ended][::7]
    assert sum(ref.start_distribution(model).values()) == pytest.approx(1)


def test_one_turn_by_hand():
    # Only gap counts and nobody errs; both at tempo 1. A on 1 reads 0: gap -1, e^up = 1/2,
    # e^down = 2, Z = 3.5: up 1/7, down 4/7, hold 2/7. B on 0 reads 1: e^up = 2, e^down = 1/2:
    # up 4/7, cannot go down, hold 3/7.
    model = crisis(
        [Actor(i, 1.0, noise=0, tempo=1) for i in "AB"],
        response=NO_RESPONSE | {"gap": math.log(2)},
    )
    law = ref.turn_distribution(model, ref.opening_state(model, "A", "B"))
    by_rungs = {(s.rung["A"], s.rung["B"]): p * 49 for s, p in law.items()}
    expected = {(2, 1): 4, (2, 0): 3, (0, 1): 16, (0, 0): 12, (1, 1): 8, (1, 0): 6}
    assert by_rungs == pytest.approx(expected)


@pytest.mark.parametrize(
    ("model", "seed"),
    [(pair(), 11), pytest.param(trio(), 12, marks=pytest.mark.slow)],
    ids=["pair", "trio"],
)
def test_samples_agree_with_enumeration(model, seed):
    """Six binomial tests each, 12 in all, at 1e-4: false alarm below 12e-4."""
    n, rng = 1500, random.Random(seed)
    counts = ref.tally(model, (ref.simulate_chain(model, rng) for _ in range(n)))
    exact = ref.solve_exact(model)
    assert sum(exact.values()) == pytest.approx(1)
    for outcome, count in zip(ref.OUTCOMES, counts["outcome_count"], strict=True):
        p = min(1.0, exact[outcome])
        assert binomtest(int(count), n, p).pvalue > 1e-4, outcome


def test_every_count_agrees_with_enumeration():
    """Some 150 binomial tests at 1e-6: false alarm below 2e-4."""
    model = trio(horizon=2)
    n, rng = 1500, random.Random(13)
    counts = ref.tally(model, (ref.simulate_chain(model, rng) for _ in range(n)))
    expected = ref.expected_tally(model)
    exact = ref.solve_exact(model)
    assert expected["outcome_count"] == pytest.approx([exact[name] for name in ref.OUTCOMES])
    for name, values in expected.items():
        for position, p in np.ndenumerate(values):
            count = int(counts[name][position])
            assert binomtest(count, n, min(1.0, p)).pvalue > 1e-6, (name, position)


def test_counts_add_up():
    model, rng = trio(), random.Random(14)
    counts = ref.tally(model, (ref.simulate_chain(model, rng) for _ in range(300)))
    n = counts["n_chains"]
    for name in (
        "outcome_count",
        "peak_count",
        "last_turn_count",
        "engaged_size_count",
        "war_size_count",
        "misread_count",
        "incident_count",
        "domain_count",
    ):
        assert counts[name].sum() == n == 300, name
    assert (counts["actor_peak_count"].sum(axis=1) == n).all()
    engaged = counts["actor_engaged_count"].sum(axis=1)
    assert (counts["entry_count"].sum(axis=1) == engaged).all()
    assert (counts["entry_turn_count"].sum(axis=1) == engaged).all()
    assert (counts["drawn_in_count"].sum(axis=0) == counts["entry_count"][:, 2]).all()
    assert counts["war_turn_count"].sum() == counts["outcome_count"][4:].sum()
    assert counts["peak_count"][-1] == counts["outcome_count"][4:].sum()


# ---- from a scenario file ----


def test_model_of_a_scenario():
    model = ref.model_of(
        parse_scenario(
            """
            schema_version = 1
            title = "Three"
            actors = [
                { id = "B", capability = 2.0, tempo = 0.25 },
                { id = "A", capability = 1.0, major = true },
                { id = "C", capability = 1.5 },
            ]
            ties = [
                { from = "A", to = "C", kind = "defence", strength = 0.5, against = ["B"] },
                { from = "A", to = "C", mutual = false, kind = "defence", ambiguity = 0.2 },
            ]
            dyads = [{ a = "A", b = "B", rivalry = 0.5, directed = true }]
            trigger = { initiator = "A", target = "B", accident = 0.1 }
            response = { gap = 0.75 }
            """
        )
    )
    parts = crisis(
        [Actor("B", 2.0, tempo=0.25), Actor("A", 1.0, major=True), Actor("C", 1.5)],
        promises={
            ("A", "C", "defence"): Promise(ambiguity=0.2),
            ("C", "A", "defence"): Promise(0.5, against=("B",)),
        },
        dyads={("A", "B"): Dyad(rivalry=0.5)},
        accident=0.1,
        response={"gap": 0.75},
    )
    assert list(model.actors) == list(parts.actors) == ["B", "A", "C"]
    assert vars(model) == vars(parts)
