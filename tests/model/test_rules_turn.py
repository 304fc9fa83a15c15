"""How a turn ends and how a crisis comes out (docs/model.md 5 and 6), by hand.

The ladder has six rungs: 5 is war, treaties look at 3.
"""

import pytest
from model.states import crisis, moment

from mcescalate.model.chain import transition
from mcescalate.model.codes import (
    GENERAL_WAR,
    LIMITED_WAR,
    MEDIATED,
    SETTLED,
    STALEMATE,
)


def test_moves_change_rungs_by_one_and_peaks_remember():
    at = moment(crisis("ABC"), {"A": 2, "B": 1, "C": 2}, joined={"C": "target"})
    at.take_turn({"A": "up", "B": "down", "C": "hold"})
    assert at.rungs() == {"A": 3, "B": 0, "C": 2}
    assert [at.peak(i) for i in "ABC"] == [3, 1, 2]
    assert at.now.over == 0


def test_misread_moves_are_counted():
    at = moment(crisis("ABC"), joined={"C": "target"})
    at.take_turn({"A": "misread", "B": "clear", "C": "misread"})
    at.take_turn({"A": "misread", "B": "down", "C": "hold"})
    assert at.now.misreads == 3


def test_news_is_a_new_high_that_reaches_the_casus():
    at = moment(crisis(), {"A": 1, "B": 0})
    seen = []
    for moves in (
        {"A": "up"},  # A to 2, a new high below the casus: no news
        {"A": "up"},  # to 3: news
        {"A": "down"},  # no news
        {"A": "up", "B": "up"},  # back to 3, no new high; B to 1
        {"B": "up"},  # to 2
        {"B": "up"},  # to 3, new for B: news
        {"A": "up"},  # to 4, a new high: news
    ):
        at.take_turn(moves)
        seen.append(int(at.now.news))
    assert seen == [0, 1, 0, 0, 0, 1, 1]


def test_news_of_the_other_side_counts_apart():
    # A has been at 4; that B's side reaches 3 for the first time is still news.
    at = moment(crisis("ABC"), {"A": 4, "B": 0, "C": 2}, joined={"C": "target"})
    at.take_turn({"C": "up"})
    assert at.now.news == 1
    at.take_turn({"B": "up"})
    assert at.now.news == 0


def test_an_entry_is_news():
    promises = {("C", "B", "defence"): {}, ("D", "C", "defence"): {}, ("E", "A", "support"): {}}
    at = moment(crisis("ABCDE", promises=promises))
    assert at.watching == ["C", "E"]
    at.take_turn({"A": "hold"}, {"C": ("target", "treaty", "B")})
    assert at.now.news == 1
    assert at.rungs() == {"A": 1, "B": 0, "C": 1}
    assert at.entry("C") == ("target", "treaty", "B", 1)
    assert at.watching == ["D", "E"]
    assert at.now.highest_target == 1
    at.take_turn()
    assert at.now.news == 0


def test_several_come_in_at_once():
    promises = {("C", "B", "defence"): {}, ("D", "B", "defence"): {}, ("E", "A", "offence"): {}}
    dyads = {("F", "A"): {"rivalry": 1.0}}
    at = moment(crisis("ABCDEF", promises=promises, dyads=dyads), turn=4)
    at.take_turn({}, {"C": ("target", "treaty", "B"), "F": ("target", "opportunism")})
    assert at.engaged == ["A", "B", "C", "F"]
    assert at.watching == ["D", "E"]
    assert at.entry("F") == ("target", "opportunism", None, 5)
    at.take_turn({}, {"E": ("initiator", "treaty", "A")})
    assert at.engaged == ["A", "B", "C", "E", "F"]
    assert at.entry("E") == ("initiator", "treaty", "A", 6)
    assert at.entry("C") == ("target", "treaty", "B", 5)


def test_enter_the_drawn():
    at = moment(crisis("ABCD", promises={(k, "B", "defence"): {} for k in "CD"}))
    assert at.enter_the_drawn() is False
    at.set_entry("C", "target", "treaty", "B")
    at.set_entry("D", "target", "treaty", "B")
    assert at.enter_the_drawn() is True
    assert (at.engaged, at.watching) == (["A", "B", "C", "D"], [])
    assert at.enter_the_drawn() is False


def test_a_turn_without_moves_and_entries():
    at = moment(crisis("ABC", promises={("C", "B", "defence"): {}}), {"A": 1}, turn=2)
    at.apply_turn()
    assert (at.rungs(), at.now.news) == ({"A": 1, "B": 0}, 0)
    at.set_entry("C", "target", "treaty", "B")
    at.set_move("A", "up")
    at.apply_turn()
    assert (at.rungs(), at.now.news) == ({"A": 2, "B": 0, "C": 1}, 1)
    assert at.now.n_drawn == 0


def test_an_actor_drawn_to_both_sides_stays_out():
    at = moment(crisis("ABC", promises={("C", "B", "defence"): {}}), {"A": 1}, turn=2)
    at.set_entry("C", "target", "treaty", "B")
    at.set_entry("C", "initiator", "opportunism")
    at.apply_turn()
    assert (at.rungs(), at.now.news) == ({"A": 1, "B": 0}, 0)


def test_close_turn():
    at = moment(crisis(run={"horizon": 5}), {"A": 1}, turn=4)
    at.close_turn(True, False)
    assert (at.now.news, at.now.over) == (1, 0)
    at.now.turn = 5
    at.close_turn(False, False)
    assert (at.now.news, at.now.over, at.now.outcome) == (0, 1, STALEMATE)
    at.close_turn(False, True)
    assert at.now.outcome == SETTLED


def test_war_comes_to_both():
    # C goes to war beside A: B is dragged in from 1. A, its own originator, is not.
    at = moment(crisis("ABC"), {"A": 2, "B": 1, "C": 4}, joined={"C": "initiator"}, turn=6)
    at.take_turn({"C": "up"})
    assert at.rungs() == {"A": 2, "B": 5, "C": 5}
    assert at.peak("B") == 5
    assert at.now.war_turn == 7
    assert at.now.news == 1


def test_the_initiator_is_dragged_too():
    at = moment(crisis("ABC"), {"A": 1, "B": 2, "C": 4}, joined={"C": "target"})
    at.take_turn({"C": "up"})
    assert at.rungs() == {"A": 5, "B": 2, "C": 5}


def test_a_misread_move_of_the_dragged_still_counts():
    # B's own move, misread, to 2 counts; the war itself, begun by A alone, was not misread.
    at = moment(crisis(), {"A": 4, "B": 1})
    at.take_turn({"A": "clear", "B": "misread"})
    assert at.rungs() == {"A": 5, "B": 5}
    assert at.now.misreads == 1
    assert at.now.war_began_misread == 0


@pytest.mark.parametrize(
    ("moves", "began_misread"),
    [
        ({"A": "misread"}, 1),
        ({"A": "misread", "B": "clear"}, 0),
        ({"A": "misread", "B": "misread"}, 1),
        ({"A": "clear"}, 0),
    ],
)
def test_a_war_begins_misread_if_every_move_to_war_was(moves, began_misread):
    at = moment(crisis(), {"A": 4, "B": 4})
    at.take_turn(moves)
    assert at.rungs() == {"A": 5, "B": 5}
    assert at.now.war_began_misread == began_misread


def test_only_the_first_turn_of_war_counts_for_how_it_began():
    at = moment(crisis("ABC"), {"A": 4, "B": 4, "C": 4}, joined={"C": "target"})
    at.take_turn({"A": "misread"})
    at.take_turn({"C": "clear"})
    assert (at.now.war_turn, at.now.war_began_misread) == (1, 1)


def test_settled_when_everybody_is_calm():
    at = moment(crisis("ABC"), {"A": 1, "B": 0, "C": 1}, joined={"C": "target"})
    at.take_turn({"A": "down"})
    assert at.now.over == 0
    at.take_turn({"C": "down"})
    assert (at.now.over, at.now.outcome, at.now.turn) == (1, SETTLED, 2)


def test_mediated_when_it_settles_in_a_turn_with_a_mediator():
    at = moment(crisis(), {"A": 2})
    at.take_turn({"A": "down"}, mediated=1)
    at.take_turn({"A": "down"}, mediated=1)
    assert (at.now.over, at.now.outcome) == (1, MEDIATED)
    at = moment(crisis(), {"A": 2})
    at.take_turn({"A": "down"}, mediated=1)
    at.take_turn({"A": "down"}, mediated=0)
    assert at.now.outcome == SETTLED


def test_an_entry_keeps_a_crisis_open():
    at = moment(crisis("ABC", promises={("C", "B", "defence"): {}}), {"A": 1})
    at.take_turn({"A": "down"}, {"C": ("target", "treaty", "B")})
    assert at.now.over == 0


def test_over_at_the_horizon_and_not_before():
    at = moment(crisis(run={"horizon": 2}), {"A": 2, "B": 2})
    at.take_turn()
    assert at.now.over == 0
    at.take_turn()
    assert (at.now.over, at.now.outcome, at.now.turn) == (1, STALEMATE, 2)


def test_settled_also_in_the_last_turn():
    at = moment(crisis(run={"horizon": 1}))
    at.take_turn({"A": "down"})
    assert at.now.outcome == SETTLED


def ended(**outcome):
    """A and B (0.1 and 0.2) at war, C (0.3) in, D (0.4) out: 0.3 of 1 at war."""
    capabilities = {"A": 0.1, "B": 0.2, "C": 0.3, "D": 0.4}
    about = {i: {"capability": c} for i, c in capabilities.items()}
    scenario = crisis("ABCD", about=about, outcome=outcome)
    return moment(scenario, {"A": 5, "B": 5, "C": 4}, joined={"C": "target"})


def test_final_outcome():
    assert ended(general_share=0.25).final_outcome() == GENERAL_WAR
    assert ended(general_share=0.35).final_outcome() == LIMITED_WAR
    at = ended(general_share=0.5)
    at.set_rung("C", 5)  # 0.6 of 1
    assert at.final_outcome() == GENERAL_WAR
    assert moment(crisis(), {"A": 4, "B": 4}).final_outcome() == STALEMATE


def test_the_share_of_a_general_war_is_of_the_whole_system():
    # 0.3 at war: of a system of 1.5 a fifth, although the actors here are 1 in all. With C 0.6.
    assert ended(general_share=0.2, system_capability=1.5).final_outcome() == GENERAL_WAR
    assert ended(general_share=0.25, system_capability=1.5).final_outcome() == LIMITED_WAR
    at = ended(general_share=0.4, system_capability=1.5)
    at.set_rung("C", 5)
    assert at.final_outcome() == GENERAL_WAR
    # A system cannot be less than its actors: 0.3 of 1, as if nothing were said.
    assert ended(general_share=0.35, system_capability=0.5).final_outcome() == LIMITED_WAR
    assert ended(general_share=0.25, system_capability=0.5).final_outcome() == GENERAL_WAR
    assert ended(general_share=0.25, system_capability=1e308).final_outcome() == LIMITED_WAR


def test_the_share_of_a_general_war_has_a_tolerance():
    # 0.1 + 0.2 over 0.1 + 0.2 + 0.3 + 0.4, against 0.3 and a little more.
    assert ended(general_share=0.3).final_outcome() == GENERAL_WAR
    assert ended(general_share=0.3 + 0.9e-9).final_outcome() == GENERAL_WAR
    assert ended(general_share=0.3 + 1.2e-9).final_outcome() == LIMITED_WAR


def test_is_invoked():
    # B at war, on the target side; D, on the initiator's side, at war too; C is not.
    promises = {
        ("C", "B", "defence"): {"strength": 0.1, "conditional": 1.0},
        ("C", "D", "defence"): {"conditional": 1.0},
        ("E", "D", "defence"): {"conditional": 0.9},
        ("E", "C", "defence"): {},
        ("E", "B", "defence"): {"against": ["F"]},
        ("G", "B", "defence"): {"against": ["D", "F"]},
        ("A", "D", "defence"): {},
        ("C", "F", "defence"): {},
        ("G", "D", "defence"): {"strength": 0.0},
        ("G", "A", "offence"): {},
    }
    at = moment(
        crisis("ABCDEFG", promises=promises),
        {"A": 5, "B": 5, "C": 4, "D": 5},
        joined={"C": "target", "D": "initiator"},
    )
    assert at.is_invoked("C", "B")
    assert not at.is_invoked("C", "D")  # void for an ally that started it
    assert at.is_invoked("E", "D")
    assert not at.is_invoked("E", "C")  # the ally is not at war
    assert not at.is_invoked("E", "B")  # F is not on the other side
    assert at.is_invoked("G", "B")
    assert not at.is_invoked("A", "D")  # an originator's own promise
    assert not at.is_invoked("C", "F")  # the ally is neutral
    assert not at.is_invoked("G", "D")  # strength 0
    assert not at.is_invoked("G", "A")  # no defence


def test_an_originator_can_be_the_ally():
    at = moment(crisis("ABC", promises={("C", "A", "defence"): {}}), {"A": 5, "B": 5})
    assert at.is_invoked("C", "A")


def test_make_moves_and_drag():
    # A reaches war, so B is there too; C goes down. Nobody else moves.
    at = moment(crisis("ABC"), {"A": 4, "B": 1, "C": 2}, joined={"C": "target"})
    at.now.turn = 3
    for actor, move in {"A": "up", "B": "hold", "C": "down"}.items():
        at.set_move(actor, move)
    assert at.make_moves() == (True, True)
    assert at.rungs() == {"A": 5, "B": 5, "C": 1}
    assert (at.now.war_turn, at.now.misreads) == (3, 0)
    at.wipe_moves()
    assert at.make_moves() == (False, False)
    assert at.drag("C")
    assert at.rung("C") == 5
    assert not at.drag("C")


def test_set_rung_keeps_the_peak():
    at = moment(crisis("AB"), {"A": 2, "B": 3})
    me = at.state.actors[at.place("A")]
    at.set_rung("A", 1)
    transition.set_rung(me, 1)
    assert (at.rung("A"), at.peak("A")) == (1, 2)
    transition.set_rung(me, 4)
    assert (at.rung("A"), at.peak("A")) == (4, 4)


def test_a_turn_says_on_which_side_a_rung_has_changed():
    # A's ally C goes down; then nobody moves; then B goes to war, which comes to A.
    at = moment(crisis("ABC"), {"A": 1, "B": 4, "C": 2}, joined={"C": "initiator"})
    seen = []
    for moves in ({"C": "down"}, {}, {"B": "up"}):
        at.take_turn(moves)
        seen.append((at.now.moved_initiator, at.now.moved_target))
    assert seen == [(1, 0), (0, 0), (1, 1)]
    assert (at.now.height_initiator, at.now.height_target) == (5, 5)
