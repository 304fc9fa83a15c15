"""Responses of those engaged (docs/model.md 5), by hand."""

from math import exp, log

import pytest
from model.states import NOTHING, crisis, moment

# Distinct weights, so that no two terms can be taken for each other.
RESPONSE = {
    "up": -0.65, "gap": 0.5, "balance": 0.6, "rivalry": 0.35, "diversion": 0.2, "preempt": 0.8,
    "reassure": 1.9, "cost": 0.11, "war_cost": 2.8, "nuclear": 2.1, "restraint": 0.45,
    "protocol": 0.55, "down": 0.13, "audience": 0.07, "channel": 0.4,
}  # fmt: skip


def test_consultation_on_ones_own_side():
    # C promises A 0.4 and D 0.5, both with it: 0.9. With E too, 0.9 + 0.3 is cut to 1.
    # B, on the other side, does not count; nor does what A promises C.
    promises = {
        ("C", "A", "consultation"): {"strength": 0.4},
        ("C", "D", "consultation"): {"strength": 0.5},
        ("C", "E", "consultation"): {"strength": 0.3},
        ("C", "B", "consultation"): {"strength": 0.9},
        ("A", "C", "consultation"): {"strength": 0.2},
    }
    at = moment(crisis("ABCDE", promises=promises), joined={"C": "initiator", "D": "initiator"})
    assert at.consultation("C") == pytest.approx(0.9)
    assert at.consultation("A") == pytest.approx(0.2)
    at.join("E", "initiator")
    assert at.consultation("C") == 1.0


def test_reassurance_by_partners_who_stand_higher():
    # Of those above C (rung 2) on its side, A (3) and E (4): max(0.3, 0.6). D stands level.
    promises = {
        ("C", "A", "defence"): {"strength": 0.3, "ambiguity": 0.9},
        ("C", "E", "defence"): {"strength": 0.6, "against": ["D"], "conditional": 1.0},
        ("C", "D", "defence"): {"strength": 0.8},
        ("C", "B", "defence"): {"strength": 1.0},
    }
    at = moment(
        crisis("ABCDE", promises=promises),
        {"A": 3, "B": 4, "C": 2, "D": 2, "E": 4},
        joined=dict.fromkeys("CDE", "initiator"),
    )
    assert at.reassurance("C") == 0.6
    at.set_rung("C", 4)
    assert at.reassurance("C") == 0.0
    # Wherever they stand, it has promised D most of all; B is on the other side.
    assert at.pledge("C") == 0.8
    assert at.pledge("B") == 0.0


def test_nuclear_threat():
    # Opposite A, C has nuclear arms and reaches it by 0.4; B has none; E, as near, is on A's side.
    scenario = crisis(
        "ABCE",
        about={"C": {"nuclear": True}, "E": {"nuclear": True}},
        dyads={("A", "C"): {"reach": 0.4}, ("B", "A"): {"reach": 0.9}},
    )
    at = moment(scenario, joined={"C": "target", "E": "initiator"})
    assert at.nuclear_threat("A") == 0.4
    assert at.nuclear_threat("B") == 1.0
    assert at.nuclear_threat("C") == 1.0


def responder(rungs: dict[str, int], **kwargs):
    """C beside A against B: every term of its response counts."""
    scenario = crisis(
        "ABC",
        about={"B": {"nuclear": True}, "C": {"resolve": 0.3, "optimism": 0.1}},
        promises={
            ("C", "A", "defence"): {"strength": 0.5},
            ("C", "A", "consultation"): {"strength": 0.8},
        },
        dyads={("C", "B"): {"rivalry": 1.2, "reach": 0.25, "channel": 0.6}},
        response=RESPONSE,
        mediation={"pull": 1.7},
    )
    return moment(scenario, rungs, joined={"C": "initiator"}, **kwargs)


def up_logit(at, actor: str) -> float:
    """The whole of it, on reading the actor's own rung, without pre-emption."""
    h = at.rung(actor)
    fixed = at.fixed_terms(actor, 0.2)
    return (
        at.up_logit(actor, fixed, at.reassurance_felt(actor, fixed.pledge))
        + at.up_pull(actor, h, 0)
        + RESPONSE["gap"] * h
    )


def down_logit(at, actor: str, mediated: int) -> float:
    h = at.rung(actor)
    return at.down_logit(actor, at.fixed_terms(actor, 0.2), mediated) + at.down_pull(actor, h, h)


def test_up_logit():
    # At rung 1 below A on 2: -0.65 + 0.6 (0.2 + 0.1) + 0.3 + 0.35*1.2 + 1.9*0.5 - 0.11*1
    # - 0.45*0.8 = 0.73; divided +0.2.
    assert up_logit(responder({"A": 2, "C": 1}), "C") == pytest.approx(0.73)
    assert up_logit(responder({"A": 2, "C": 1}, divided="C"), "C") == pytest.approx(0.93)


def test_up_logit_before_mobilisation():
    # At rung 2, mobilised = 3, nobody above: -0.65 + 0.18 + 0.3 + 0.42 - 0.22
    # - (0.45 + 0.55)*0.8 = -0.77; one rung higher -0.65 + 0.18 + 0.3 + 0.42 - 0.33 - 0.36.
    assert up_logit(responder({"A": 2, "C": 2}), "C") == pytest.approx(-0.77)
    assert up_logit(responder({"A": 2, "C": 3}), "C") == pytest.approx(-0.44)


def test_up_logit_before_war():
    # At rung 4 of 5: -0.65 + 0.18 + 0.3 + 0.42 - 0.44 - 0.36 - (2.8 + 2.1*0.25) = -3.875.
    assert up_logit(responder({"A": 2, "C": 4}), "C") == pytest.approx(-3.875)


def test_up_logit_of_the_target_side():
    # B sees the balance from its side, -0.2: -0.65 - 0.12 = -0.77.
    assert up_logit(responder({}), "B") == pytest.approx(-0.77)


def test_down_logit():
    # At rung 2: 0.13 - 0.6 (0.2 + 0.1) - 0.3 - 0.07*2 + 0.4*0.6 = -0.25.
    assert down_logit(responder({"C": 2}), "C", 0) == pytest.approx(-0.25)
    assert down_logit(responder({"C": 2}), "C", 1) == pytest.approx(-0.25 + 1.7)


def test_what_a_reading_adds():
    # Up 0.5 (s - h) - 0.11 h, and 0.8 once both are at 3 or above, and -2.8 on 4; down
    # -0.5 (s - h) - 0.07 h.
    at = responder({})
    assert at.up_pull("C", 2, 4) == pytest.approx(1.0 - 0.22)
    assert at.up_pull("C", 3, 2) == pytest.approx(-0.5 - 0.33)
    assert at.up_pull("C", 3, 3) == pytest.approx(0.8 - 0.33)
    assert at.up_pull("C", 4, 3) == pytest.approx(-0.5 + 0.8 - 0.44 - 2.8)
    assert at.down_pull("C", 2, 4) == pytest.approx(-1.0 - 0.14)
    assert at.down_pull("C", 3, 2) == pytest.approx(0.5 - 0.21)


def test_move_chances():
    # Odds of 1, 2 and 4 to hold, go up and go down, at tempos 0.7 and 0.35: 0.7 * 2/7, 0.35 * 4/7.
    at = moment(crisis())
    assert at.move_chances(0.7, 0.35, 1.0, 2.0, 4.0) == pytest.approx((0.2, 0.2))


@pytest.mark.parametrize(
    ("up", "down", "chances"),
    [(90.0, 90.0, (0.5, 0.5)), (90.0, -90.0, (1.0, 0.0)), (-90.0, -90.0, (0.0, 0.0))],
)
def test_moves_with_the_largest_logits(up, down, chances):
    # Far beyond what an exponential can hold once resolve and readings are added.
    scenario = crisis(about={"A": {"tempo": 1.0}}, response=NOTHING | {"up": up, "down": down})
    at = moment(scenario, {"A": 1})
    found = at.move_law("A", at.fixed_terms("A", 0.0), 0, 1)
    assert found == pytest.approx(chances, abs=1e-30)


@pytest.mark.parametrize(
    ("rung", "down"),
    [(0, 0.0), (1, 0.4), (2, 0.4), (3, 0.1)],
)
def test_tempo_and_rigidity(rung, down):
    # Z = 1 + 2 + 4: 0.7 * 2/7 = 0.2, 0.7 * 4/7 = 0.4; at rung 0 there is no way down; from rung
    # 3 on, 0.75 of the way down is barred: 0.1.
    scenario = crisis(
        about={"A": {"tempo": 0.7, "rigidity": 0.75}},
        response=NOTHING | {"up": log(2.0), "down": log(4.0)},
    )
    at = moment(scenario, {"A": rung})
    fixed = at.fixed_terms("A", 0.0)
    assert at.down_tempo("A", fixed) == pytest.approx(down * 7 / 4)
    assert at.move_law("A", fixed, 0, 5) == pytest.approx((0.2, down))
    assert at.response_law("A", 0.0, 0) == pytest.approx((0.2, 0.0, down))


@pytest.mark.parametrize(
    ("gap", "ups", "sound"),
    [(log(2.0), (1 / 2, 2 / 3, 4 / 5), 7 / 12), (-log(2.0), (1 / 2, 1 / 3, 1 / 5), 7 / 20)],
)
def test_sound_chance(gap, ups, sound):
    # Half of the time A sees nothing, and there is nothing in its reach; else it reads 2 where
    # there is 1. It goes up on both if it does on the less provoking one: on the lower one, or
    # on the higher one where threats calm. 1/4 + 1/2 * 2/3, and 1/4 + 1/2 * 1/5.
    scenario = crisis(
        about={"A": {"tempo": 1.0, "noise": 0.0}},
        dyads={("A", "B"): {"reach": 0.5, "mistrust": 1.0}},
        response=NOTHING | {"gap": gap, "down": -90.0},
    )
    at = moment(scenario, {"A": 0, "B": 1})
    fixed = at.fixed_terms("A", 0.0)
    assert [at.move_law("A", fixed, 0, s)[0] for s in range(3)] == pytest.approx(ups)
    assert at.response_law("A", 0.0, 0)[0] == pytest.approx(sound)


def test_logits_beyond_e_300():
    # Reading war from rung 0, A gains 5 * 90 = 450, past what is multiplied. Its resolve -100, its
    # rivalry -100 * 3 and its leaning of -50 take that off again: 1 in 1 + e^0 + e^-450 + ..., for
    # down it has 100 - 450: so 1/2. One rung less to fear, and it never moves.
    response = NOTHING | {"up": -50.0, "rivalry": -100.0, "gap": 90.0}
    scenario = crisis(
        about={"A": {"tempo": 1.0, "resolve": -100.0}},
        dyads={("A", "B"): {"rivalry": 3.0}},
        response=response,
    )
    ups, downs = moment(scenario, {"A": 0, "B": 5}).responses("A", 0.0, 0)
    assert ups == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.0, 1 / 2], abs=1e-30)
    assert downs == [0.0] * 6


def test_responses_to_each_reading():
    # C on 1, A on 2, tempo 0.5 (1 + 0.05*0); up logit 0.73 + 0.5 (s - 1), as above; down
    # 0.13 - 0.18 - 0.3 - 0.07 + 0.24 - 0.5 (s - 1), and 1.7 more with a mediator.
    at = responder({"A": 2, "C": 1})
    for mediated, down_logit in ((0, -0.18), (1, 1.52)):
        ups, downs = at.responses("C", 0.2, mediated)
        for s in range(6):
            up, down = exp(0.73 + 0.5 * (s - 1)), exp(down_logit - 0.5 * (s - 1))
            assert ups[s] == pytest.approx(0.5 * up / (1 + up + down), abs=1e-15)
            assert downs[s] == pytest.approx(0.5 * down / (1 + up + down), abs=1e-15)


def facing_two():
    """A, free of noise and weights, on 1; B on 1, seen on 2 at 0.5; D on 0, seen on 1 at 0.6."""
    scenario = crisis(
        "ABD",
        about={"A": {"noise": 0.0, "tempo": 1.0}},
        dyads={
            ("A", "B"): {"reach": 0.5, "mistrust": 1.0},
            ("A", "D"): {"reach": 0.6, "mistrust": 1.0},
        },
        response=NOTHING | {"gap": log(2.0)},
    )
    return moment(scenario, {"B": 1, "D": 0}, joined={"D": "target"})


def test_response_law_couples_reading_and_truth():
    # One uniform: up to 0.2 A reads 0, truly 0; up to 0.5 it reads 1, truly 0; beyond, 2, truly 1.
    # 2^(s - 1) for up and its inverse for down give up 1/7, 1/3, 4/7 and down 4/7, 1/3, 1/7 for
    # readings 0, 1, 2.
    at = facing_two()
    perceived, accurate = at.readings("A")
    assert perceived == pytest.approx([0.2, 0.5, 1.0, 1.0, 1.0, 1.0])
    assert accurate == pytest.approx([0.5, 1.0, 1.0, 1.0, 1.0, 1.0])
    anyway, misread, down = at.response_law("A", 0.0, 0)
    assert anyway == pytest.approx(0.2 / 7 + 0.3 / 7 + 0.5 / 3)
    assert misread == pytest.approx(0.3 * (1 / 3 - 1 / 7) + 0.5 * (4 / 7 - 1 / 3))
    assert down == pytest.approx(0.2 * 4 / 7 + 0.3 / 3 + 0.5 / 7)


def test_seeing_too_little_misreads_no_move():
    # B on 0 sees A on 1 as 0: one in three to go up, more if it saw: all of it is clear.
    scenario = crisis(
        about={"B": {"bias": -9.0, "noise": 0.0, "tempo": 1.0}},
        response=NOTHING | {"gap": 1.0},
    )
    assert moment(scenario).response_law("B", 0.0, 0) == pytest.approx((1 / 3, 0.0, 0.0))


def test_a_mediator_pulls_down():
    # 1, 1 and e^ln 4 = 4 of 6, at tempo 0.6.
    scenario = crisis(
        about={"A": {"tempo": 0.6}}, response=NOTHING, mediation={"pull": 2 * log(2.0)}
    )
    at = moment(scenario)
    assert at.response_law("A", 0.0, 1) == pytest.approx((0.1, 0.0, 0.4))
    assert at.response_law("A", 0.0, 0) == pytest.approx((0.2, 0.0, 0.2))
