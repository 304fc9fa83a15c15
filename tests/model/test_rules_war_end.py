"""How wars end and who prevails (docs/model.md 5, End), by hand."""

from math import exp

import pytest
from model.states import crisis, moment

from mcescalate.model.codes import INITIATOR, LIMITED_WAR, TARGET, UNDECIDED


def at_war(war_turn: int = 4, turn: int = 7, **war: float):
    """A and B at war since `war_turn`, in `turn`; C has joined B, and D may."""
    scenario = crisis(
        "ABCD",
        about={"A": {"optimism": 1.0}},
        promises={("D", "B", "defence"): {}},
        war=war,
        run={"horizon": 9},
        outcome={"general_share": 0.9},
    )
    at = moment(scenario, {"A": 5, "B": 5, "C": 3}, joined={"C": "target"}, turn=turn)
    at.now.war_turn = war_turn
    return at


def test_chance_that_a_war_ends():
    # In its fourth turn: 0.02 e^(1.2 |-0.5| + 0.1 (7 - 4)) = 0.02 e^0.9, for either side's lead.
    at = at_war(rate=0.02, balance=1.2, length=0.1)
    assert at.war_age_term() == pytest.approx(0.3)
    assert at.war_pace(-0.5) == pytest.approx(exp(0.9))
    for balance in (-0.5, 0.5):
        assert at.war_end_chance(balance) == pytest.approx(0.02 * exp(0.9))
    # The turn after the first: 0.02 e^(0.6 + 0.1).
    assert at_war(war_turn=6, rate=0.02, balance=1.2, length=0.1).war_end_chance(
        0.5
    ) == pytest.approx(0.02 * exp(0.7))
    assert at_war(rate=0.02).war_end_chance(-0.5) == 0.02


def test_without_a_rate_no_war_ends():
    # Not even where the exponent is 100 * 1 + 100 * 3.
    assert at_war(balance=100.0, length=100.0).war_end_chance(1.0) == 0.0


def test_chance_of_an_end_is_cut():
    # At 1; and its exponent at 700, of 100 + 100 * 9: e^700 = 1.01423205e304.
    assert at_war(rate=0.02, balance=5.0).war_end_chance(1.0) == 1.0
    at = at_war(war_turn=1, turn=10, rate=1e-305, balance=100.0, length=100.0)
    assert at.war_pace(1.0) == exp(700.0)
    assert at.war_end_chance(1.0) == pytest.approx(0.101423205, rel=1e-8)
    # Wars may slow down, here to e^(-50 * 9).
    slow = at_war(war_turn=1, turn=10, rate=1.0, length=-50.0)
    assert slow.war_end_chance(1.0) == pytest.approx(exp(-450.0), abs=0.0)


def test_who_prevails():
    # 1 / (1 + e^-(2*0.25)) for the initiator's side; one half without a weight.
    at = at_war(decisive=2.0)
    assert at.initiator_prevails_chance(0.25) == pytest.approx(1 / (1 + exp(-0.5)), abs=1e-15)
    assert at.initiator_prevails_chance(-0.25) == pytest.approx(1 / (1 + exp(0.5)), abs=1e-15)
    assert at_war().initiator_prevails_chance(0.9) == 0.5


def test_moves_and_entries_of_the_last_turn_still_happen():
    at = at_war(turn=6)
    at.now.war_over, at.now.winner = 1, TARGET
    at.take_turn({"C": "up"}, {"D": ("target", "treaty", "B")})
    assert at.rungs() == {"A": 5, "B": 5, "C": 4, "D": 1}
    assert at.entry("D") == ("target", "treaty", "B", 7)
    assert (at.now.over, at.now.outcome, at.now.turn) == (1, LIMITED_WAR, 7)


def test_a_war_that_does_not_end_goes_on_to_the_horizon():
    at = at_war(turn=7)
    at.take_turn()
    assert (at.now.over, at.now.turn) == (0, 8)
    at.take_turn()
    assert (at.now.over, at.now.outcome, at.now.winner) == (1, LIMITED_WAR, UNDECIDED)


def test_a_new_crisis_has_no_war_to_end():
    at = at_war()
    at.now.war_over, at.now.winner = 1, INITIATOR
    at.clear()
    at.open_crisis("A", "B")
    assert (at.now.war_turn, at.now.war_over, at.now.winner) == (0, 0, UNDECIDED)
