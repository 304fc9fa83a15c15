"""What one crisis leaves behind (docs/model.md 7), by hand."""

import math

import pytest
from model.states import crisis, moment

from mcescalate.model.chain.past import (
    begin_chain_of_crises,
    credibility_class,
    credibility_of,
    leave_behind,
    new_past,
    pass_time,
)
from mcescalate.model.chain.scoring import (
    score_chain_of_crises,
    score_credibility,
    score_credibility_of_file,
    score_crisis_of_chain,
    score_recurrence,
)
from mcescalate.model.codes import (
    DETERRED,
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    MEDIATED,
    NEUTRAL,
    SETTLED,
    STALEMATE,
    TARGET,
    UNDECIDED,
)
from mcescalate.model.counts import new_tally

LADDER = {"rungs": list("abcd"), "mobilised": 2, "casus": 2, "mid": [1, 2, 4, 5]}
WEIGHTS = {
    "crises": 3,
    "gain": 0.25,
    "loss": 0.5,
    "caution": 0.2,
    "hard_times": 0.5,
    "settled_memory": 0.6,
    "war_memory": 0.4,
    "recur": 2.0,
    "firm_step": 0.8,
    "half_life": 2.0,
    "memory_half_life": 4.0,
    "years": 2.0,
}


def coalition(**tables):
    """C and D have promised to defend B, E to defend C; A begins."""
    promises = {
        ("C", "B", "defence"): {"credibility": 0.8},
        ("D", "B", "defence"): {"credibility": 0.6},
        ("E", "C", "defence"): {"credibility": 0.4},
    }
    return crisis(
        "ABCDE",
        promises=promises,
        ladder=LADDER,
        run={"horizon": 9},
        **{"sequence": WEIGHTS} | tables,
    )


def after(at):
    """The past of a chain after the crisis of a moment, and its world."""
    past = new_past(at.world)
    begin_chain_of_crises(at.world, past, at.state)
    leave_behind(past, at.state)
    return past


def credibilities(past):
    return [float(credibility_of(past.world, tie)) for tie in range(len(past.world.ties))]


def at_war(fates):
    """A war in which D and C are as given: abandoned, stood by, fought."""
    at = moment(coalition())
    at.take_turn({"A": "up", "B": "up"})
    at.take_turn({"A": "up"})
    assert at.rungs() == {"A": 3, "B": 3}
    for actor, rung in fates.items():
        at.join(actor, "target", "treaty", "B", turn=2)
        at.set_rung(actor, rung)
    at.now.turn, at.now.outcome = 9, GENERAL_WAR
    return at


def test_honouring_gains_and_failing_costs_credibility():
    # C fights: .8 + .25 x .2 = .85. D stays out. Of the other promisers' invoked promises, C's
    # to B and E's to C (C is at war), E's has failed: half, so half of hard_times excuses:
    # .6 (1 - .5 (1 - .5 x .5)) = .375. E's, for C's and D's: half failed: .4 x .625 = .25.
    past = after(at_war({"C": 3}))
    assert credibilities(past) == pytest.approx([0.85, 0.375, 0.25])


def test_failing_alone_is_not_excused():
    # C and D fight, nobody but E fails: .4 (1 - .5) = .2; D: .6 + .25 x .4 = .7.
    past = after(at_war({"C": 3, "D": 3}))
    assert credibilities(past) == pytest.approx([0.85, 0.7, 0.2])


def test_betrayal_costs_as_much_as_abandonment():
    at = at_war({"D": 3})
    at.join("C", "initiator", "opportunism", turn=3)
    # C betrays B; D fights; C is not at war, so nothing is owed to it: no other has failed.
    assert credibilities(after(at)) == pytest.approx([0.4, 0.7, 0.4])


def test_half_measures_cost_credibility_too():
    # D stays below the casus for nine turns of a war: .6 (1 - .2) = .48, and it only stood by.
    past = after(at_war({"C": 3, "D": 1}))
    assert credibilities(past) == pytest.approx([0.85, 0.48, 0.2])


@pytest.mark.parametrize(
    ("turn", "rung", "height"), [(8, 1, 2), (2, 2, 2), (2, 1, 1)], ids=["late", "high", "no casus"]
)
def test_who_came_late_or_rose_or_faced_no_casus_was_not_half_hearted(turn, rung, height):
    at = moment(coalition())
    at.set_rung("A", height)
    at.join("D", "target", "treaty", "B", turn=turn)
    at.set_rung("D", rung)
    at.now.turn, at.now.outcome = 9, STALEMATE
    assert credibilities(after(at)) == pytest.approx([0.8, 0.6, 0.4])


def test_half_measures_short_of_war_count_at_the_casus():
    at = moment(coalition())
    at.set_rung("A", 2)
    at.join("D", "target", "treaty", "B", turn=7)
    at.now.turn, at.now.outcome = 9, STALEMATE
    assert credibilities(after(at)) == pytest.approx([0.8, 0.48, 0.4])


@pytest.mark.parametrize(("conditional", "is_bound"), [(0.9, True), (1.0, False)])
def test_a_promise_that_lapses_for_the_initiator_leaves_no_half_measures(conditional, is_bound):
    # C joins A, which began the crisis, and stays below the casus that B has reached.
    promises = {("C", "A", "defence"): {"conditional": conditional}}
    at = moment(crisis("ABC", promises=promises, ladder=LADDER))
    at.set_rung("B", 2)
    at.join("C", "initiator", "treaty", "A", turn=1)
    at.now.turn = 9
    assert at.did_little("C", "A") == is_bound


@pytest.mark.parametrize(
    ("originator", "ally", "side", "enemy"),
    [("A", "C", "initiator", "B"), ("B", "D", "target", "A")],
    ids=["initiator", "target"],
)
def test_originators_owe_their_joiners_no_more_than_they_do(originator, ally, side, enemy):
    # Both stay below the casus that the enemy has reached. Promises go either way.
    pair, back = (originator, ally, "defence"), (ally, originator, "defence")
    at = moment(crisis("ABCD", promises={pair: {}, back: {}}, ladder=LADDER))
    at.set_rung(enemy, 2)
    at.join(ally, side, "treaty", originator, turn=1)
    at.now.turn = 9
    assert at.did_little(ally, originator)
    assert not at.did_little(originator, ally)


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (DETERRED, 0.0),
        (SETTLED, 0.6),
        (MEDIATED, 0.6),
        (STALEMATE, 1.0),
        (LIMITED_WAR, 0.4),
        (GENERAL_WAR, 0.4),
    ],
)
def test_memory_is_shared_by_both_and_left_by_all_but_deterred_crises(outcome, left):
    at = moment(coalition())
    at.now.turn, at.now.outcome = 3, outcome
    memory = after(at).world.memory
    assert memory[0, 1] == memory[1, 0] == left
    assert memory.sum() == 2 * left


def settled(moves):
    at = moment(coalition())
    for turn in moves:
        at.take_turn(turn)
    at.now.outcome = SETTLED
    return at


@pytest.mark.parametrize(
    ("moves", "yielded"),
    [
        # The initiator begins on 1, but is on 0 at the end of every turn: nobody yields.
        ([{"A": "down", "B": "up"}, {"B": "down"}], NEUTRAL),
        ([{"B": "up"}, {"B": "up"}, {"A": "down", "B": "down"}, {"B": "down"}], INITIATOR),
        ([{"A": "up", "B": "up"}, {"A": "down", "B": "down"}, {"A": "down"}], TARGET),
        ([{"B": "up"}, {"A": "down", "B": "down"}], NEUTRAL),
        ([{"A": "up"}, {"A": "down"}, {"A": "down"}], NEUTRAL),
        ([{"A": "down", "B": "up"}, {"A": "up", "B": "up"}, {"A": "down"}], INITIATOR),
    ],
)
def test_who_stayed_lower_at_ends_of_turns_yielded(moves, yielded):
    assert settled(moves).side_that_yielded() == yielded


@pytest.mark.parametrize(
    ("outcome", "winner", "yielded"),
    [
        (GENERAL_WAR, INITIATOR, TARGET),
        (LIMITED_WAR, TARGET, INITIATOR),
        (LIMITED_WAR, UNDECIDED, NEUTRAL),
        (STALEMATE, UNDECIDED, NEUTRAL),
    ],
)
def test_who_loses_a_war_has_yielded(outcome, winner, yielded):
    at = moment(coalition())
    at.set_rung("A", 2)
    at.now.outcome, at.now.winner = outcome, winner
    assert at.side_that_yielded() == yielded


def test_records_move_by_a_step_and_are_clipped():
    at = settled([{"A": "up", "B": "up"}, {"A": "down", "B": "down"}, {"A": "down"}])
    past = after(at)
    assert past.world.record[1, 0] == -0.8
    assert past.world.record[0, 1] == 0.8
    leave_behind(past, at.state)
    assert past.world.record[1, 0] == -1.0
    assert past.world.record[0, 1] == 1.0
    assert abs(past.world.record).sum() == 2.0


def test_what_is_left_fades_towards_the_file():
    past = after(at_war({"C": 3, "D": 3}))
    past.world.record[0, 1], past.world.record[1, 0] = 0.5, -0.5
    file = moment(coalition()).world
    pass_time(file, past)
    # Two years: credibility and records by half, memory by 2^(-1/2).
    assert credibilities(past) == pytest.approx([0.825, 0.65, 0.3])
    assert past.world.record[0, 1] == 0.25
    assert past.world.memory[1, 0] == pytest.approx(0.4 / math.sqrt(2.0))
    # The only incident there is: its weight grows by 2 x memory, its share stays 1.
    assert past.chain.weight == pytest.approx(1.0 + 2.0 * 0.4 / math.sqrt(2.0))
    assert past.world.incidents.share.tolist() == [1.0]


def test_a_new_chain_knows_nothing_of_the_one_before():
    at = at_war({"C": 3})
    past = after(at)
    pass_time(at.world, past)
    begin_chain_of_crises(at.world, past, at.state)
    assert credibilities(past) == pytest.approx([0.8, 0.6, 0.4])
    assert not past.world.memory.any() and not past.world.record.any()
    assert past.chain.weight == 1.0
    assert past.chain.n_moved == past.chain.n_pairs == 0


def test_memory_weighs_incidents():
    dyads = [{"initiator": "A", "target": "B"}, {"initiator": "C", "target": "D", "weight": 3.0}]
    at = moment(coalition(trigger={"dyads": dyads}))
    at.now.turn, at.now.outcome = 3, STALEMATE
    past = after(at)
    pass_time(at.world, past)
    # A-B weighs 1 + 2 / sqrt(2) = 2.4142, C-D 3.
    grown = 1.0 + math.sqrt(2.0)
    assert past.chain.weight == pytest.approx(grown + 3.0)
    assert past.world.incidents.cumulative.tolist() == pytest.approx([grown / (grown + 3), 1.0])
    assert at.world.incidents.share.tolist() == [0.25, 0.75]


def test_incidents_grow_from_their_weights_in_the_file_and_shrink_back_to_them():
    dyads = [{"initiator": "A", "target": "B"}, {"initiator": "C", "target": "D", "weight": 3.0}]
    at = moment(coalition(trigger={"dyads": dyads}))
    at.now.turn, at.now.outcome = 3, STALEMATE
    past = after(at)
    pass_time(at.world, past)
    leave_behind(past, at.state)
    pass_time(at.world, past)
    # A-B: memory (1 / sqrt(2) + 1) / sqrt(2) = 1.2071, so it weighs 1 + 2 x 1.2071; C-D 3.
    grown = 2.0 + math.sqrt(2.0)
    assert past.chain.weight == pytest.approx(grown + 3.0)
    assert past.world.incidents.share.tolist() == pytest.approx(
        [grown / (grown + 3), 3 / (grown + 3)]
    )
    begin_chain_of_crises(at.world, past, at.state)
    assert past.world.incidents.share.tolist() == [0.25, 0.75]
    assert past.world.incidents.cumulative.tolist() == [0.25, 1.0]


def test_memory_is_of_the_two_who_met_not_of_those_first_drawn():
    at = moment(coalition())
    at.now.drawn_initiator, at.now.drawn_target = at.place("B"), at.place("C")
    at.now.turn, at.now.outcome = 3, STALEMATE
    past = after(at)
    assert past.world.memory[0, 1] == past.world.memory[1, 0] == 1.0
    assert past.world.memory.sum() == 2.0
    assert (past.chain.last_initiator, past.chain.last_target) == (1, 2)


def test_a_quiet_period_has_its_weight_beside_that_of_all_incidents():
    at = moment(coalition(sequence=WEIGHTS | {"quiet": 3.0}))
    assert at.quiet_chance(1.0) == 0.75
    assert at.quiet_chance(0.0) == 1.0
    assert moment(coalition()).quiet_chance(0.0) == 0.0


def test_arms_pass_on_if_they_are_carried():
    sequence = WEIGHTS | {"carry_arms": True}
    at = moment(coalition(sequence=sequence), arms={"A": 3, "C": 1})
    at.now.outcome = DETERRED
    past = after(at)
    assert past.world.actors.arms.tolist() == [3, 0, 1, 0, 0]
    begin_chain_of_crises(at.world, past, at.state)
    assert past.world.actors.arms.tolist() == [0, 0, 0, 0, 0]
    other = moment(coalition(), arms={"A": 3})
    other.now.outcome = DETERRED
    assert after(other).world.actors.arms.tolist() == [0, 0, 0, 0, 0]


def test_a_record_restrains_and_memory_embitters():
    table = WEIGHTS | {"firm": 1.5, "general": 0.5, "bitter": 2.0}
    dyads = {("B", "A"): {"rivalry": 1.0}, ("B", "C"): {"rivalry": 1.0}, ("B", "D"): {"rivalry": 1}}
    at = moment(coalition(sequence=table, dyads=dyads))
    a, b, c = at.place("A"), at.place("B"), at.place("C")
    at.world.record[b, a], at.world.record[b, c] = -0.4, 0.6
    at.world.record[a, b], at.world.memory[a, b] = 0.9, 0.7
    # B's own record against A: 1.5 x -.4; its mean against its rivals C and D: .5 x (.6 + 0) / 2.
    assert at.firmness_shown("A", "B") == pytest.approx(-0.6 + 0.15)
    with_record = at.challenge_probability(0.0)
    at.world.record[b, a] = at.world.record[b, c] = 0.0
    without = at.challenge_probability(0.0)
    assert math.log(with_record / (1 - with_record)) - math.log(
        without / (1 - without)
    ) == pytest.approx(0.45)
    at.world.memory[b, a] = 0.7
    bitter = at.fixed_terms("B", 0.0).up
    at.world.memory[b, a] = 0.0
    assert bitter - at.fixed_terms("B", 0.0).up == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("credibility", "place"), [(0.0, 0), (0.0999, 0), (0.3, 3), (0.6, 6), (0.7, 7), (1.0, 9)]
)
def test_classes_of_credibility_are_tenths(credibility, place):
    assert credibility_class(credibility) == place


def test_the_rules_one_by_one():
    table = WEIGHTS | {"bitter": 2.0, "general": 0.5}
    dyads = {("B", "A"): {"rivalry": 1.0}, ("B", "C"): {"rivalry": 1.0}, ("B", "D"): {"rivalry": 1}}
    at = moment(coalition(sequence=table, dyads=dyads))
    assert at.credibility_after_honouring(0.6) == pytest.approx(0.7)
    assert at.credibility_after_failing(0.8, 0.0) == pytest.approx(0.4)
    assert at.credibility_after_failing(0.8, 1.0) == pytest.approx(0.6)
    assert at.credibility_after_half_measures(0.5) == pytest.approx(0.4)
    assert at.memory_left(STALEMATE) == 1.0
    assert at.memory_left(DETERRED) == 0.0
    assert at.record_after(0.5, True) == 1.0
    assert at.record_after(0.5, False) == pytest.approx(-0.3)
    assert at.fading(3.0, 1.5) == 0.25
    at.world.memory[0, 1] = 0.7
    assert at.trigger_growth("A", "B") == pytest.approx(2.4)
    assert at.bitterness("A", "B") == pytest.approx(1.4)
    at.world.record[1, 2], at.world.record[1, 3], at.world.record[1, 0] = 0.6, -0.2, 0.9
    assert at.general_record("A", "B") == pytest.approx(0.2)
    assert at.general_record("A", "C") == 0.0
    at.join("D", "target", "treaty", "B", turn=0)
    at.set_rung("A", 2)
    at.now.turn = 2
    assert at.did_little("D", "B")
    at.now.turn = 1
    assert not at.did_little("D", "B")


def test_periods_are_counted_by_what_they_come_to():
    at = moment(coalition())
    past, tally = new_past(at.world), new_tally(at.world)
    begin_chain_of_crises(at.world, past, at.state)
    at.now.turn, at.now.outcome = 3, STALEMATE
    score_recurrence(past, at.state, tally)
    score_crisis_of_chain(past, at.state, tally)
    leave_behind(past, at.state)
    assert not tally.recurrence.any()  # there was no crisis before
    assert tally.crisis_outcome[0, STALEMATE] == tally.crisis_incident[0, 0, 1] == 1
    for period, (initiator, target), place in ((1, (1, 0), 2), (2, (1, 0), 1), (2, (3, 4), 0)):
        at.now.crisis = period
        at.now.drawn_initiator, at.now.drawn_target = initiator, target
        score_recurrence(past, at.state, tally)
        leave_behind(past, at.state)
        assert tally.recurrence[STALEMATE, place] == 1
    past.outcomes[:] = 0
    past.outcomes[STALEMATE], past.outcomes[SETTLED] = 2, 1
    score_chain_of_crises(past, tally)
    pairs = tally.outcome_pair
    assert [pairs[STALEMATE, STALEMATE], pairs[SETTLED, STALEMATE], pairs[SETTLED, SETTLED]] == [
        4,
        2,
        1,
    ]
    assert pairs.sum() == 9


def test_credibility_is_counted_by_tenths_for_all_ties():
    # C fights and D fails (see above): C's promise stays in the ninth tenth, D's falls from the
    # seventh to the fourth, E's from the fifth to the third.
    at = at_war({"C": 3})
    past, tally = after(at), new_tally(at.world)
    score_credibility(at.world, past, at.state, tally)
    score_credibility_of_file(at.world, tally, 1)
    assert tally.credibility.sum(-1).tolist() == [[1, 1, 1]] * 3
    assert [int(row.argmax()) for row in tally.credibility[0]] == [8, 3, 2]
    assert [int(row.argmax()) for row in tally.credibility[1]] == [8, 6, 4]


def test_an_initiator_that_steps_down_at_once_was_never_on_its_first_rung():
    # A begins on rung 2 and is on 1 at the end of the first turn; B comes to 2.
    domains = [{"name": "land", "rung": 2}]
    at = moment(coalition(trigger={"initiator": "A", "target": "B", "domains": domains}))
    for moves in ({"A": "down", "B": "up"}, {"B": "up"}, {"A": "down", "B": "down"}, {"B": "down"}):
        at.take_turn(moves)
    at.now.outcome = SETTLED
    assert at.peak("A") == at.peak("B") == 2
    assert at.side_that_yielded() == INITIATOR
