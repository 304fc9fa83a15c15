"""What is counted of a finished chain (docs/model.md 6 and 8), by hand."""

import numpy as np
from model.states import crisis, moment

from mcescalate.model.chain.scoring import new_records
from mcescalate.model.codes import (
    ABANDONED,
    AT_HORIZON,
    BETRAYED,
    DETERRED,
    ENDED,
    FOUGHT,
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    NEUTRAL,
    NO_OUTCOME,
    NO_WAR,
    SETTLED,
    STALEMATE,
    STOOD_BY,
    TARGET,
    UNDECIDED,
)
from mcescalate.model.counts import new_tally

PROMISES = {
    ("C", "B", "defence"): {},
    ("D", "C", "defence"): {},
    ("D", "B", "defence"): {},
    ("E", "B", "defence"): {},
    ("F", "B", "defence"): {},
}
DOMAINS = [{"name": "land"}, {"name": "sea"}]


def war():
    """Three turns of war: C and D come in beside B, by treaty, E for A by opportunism; F does not.

    Rungs, 3 being war, at the start A 1, B 0; then A 2, B 1, C 1, E 1; then A 3, B 3, C 2, D 1,
    E 1; then C 3, D 1, E 0.
    """
    scenario = crisis(
        "ABCDEF",
        promises=PROMISES,
        dyads={("E", "B"): {"rivalry": 1.0}},
        ladder={"rungs": list("abcd"), "mobilised": 2, "casus": 2, "mid": [1, 2, 4, 5]},
        run={"horizon": 3},
        outcome={"general_share": 0.9},
        trigger={"initiator": "A", "target": "B", "domains": DOMAINS},
    )  # fmt: skip
    at = moment(scenario, domain=1)
    at.now.accident = 1
    entries = {"C": ("target", "treaty", "B"), "E": ("initiator", "opportunism")}
    at.take_turn({"A": "up", "B": "misread"}, entries)
    at.take_turn({"A": "misread", "C": "misread"}, {"D": ("target", "treaty", "C")})
    at.take_turn({"C": "up", "E": "down"})
    assert (at.now.over, at.now.outcome) == (1, LIMITED_WAR)
    assert at.rungs() == {"A": 3, "B": 3, "C": 3, "D": 1, "E": 0}
    return at


def scored(at):
    tally = new_tally(at.world)
    at.score(tally, np.uint64(0))
    return tally


def nonzero(counts):
    """{place: count} of what is counted."""
    return {tuple(map(int, place)): int(counts[tuple(place)]) for place in np.argwhere(counts)}


def test_crisis_peak():
    # A has been on 3 and stands on 1, B is on 2; a deterred incident never rose.
    at = moment(crisis(), {"A": 3, "B": 2})
    at.set_rung("A", 1)
    at.now.outcome = SETTLED
    assert at.crisis_peak() == 3
    at.now.outcome = DETERRED
    assert at.crisis_peak() == 0


def test_n_at_war():
    at = moment(crisis("ABC"), {"A": 5, "B": 4, "C": 5}, joined={"C": "target"})
    assert at.n_at_war() == 2


def test_tie_fate():
    at = war()
    assert at.tie_fate("C", "B") == FOUGHT
    assert at.tie_fate("D", "B") == STOOD_BY
    assert at.tie_fate("E", "B") == BETRAYED
    assert at.tie_fate("F", "B") == ABANDONED


def test_score_of_the_chain():
    tally = scored(war())
    assert nonzero(tally.outcome) == {(LIMITED_WAR,): 1}
    assert nonzero(tally.accident) == {(LIMITED_WAR,): 1}
    assert nonzero(tally.domain) == {(1, LIMITED_WAR): 1}
    assert nonzero(tally.last_turn) == {(LIMITED_WAR, 3): 1}
    assert nonzero(tally.incident) == {(0, 1): 1}
    assert nonzero(tally.peak) == {(3,): 1}
    assert nonzero(tally.war_turn) == {(2,): 1}
    assert nonzero(tally.engaged_size) == {(5,): 1}
    assert nonzero(tally.war_size) == {(3,): 1}
    # B in turn 1, A and C in turn 2; the only move to war in turn 2, A's, was misread.
    assert nonzero(tally.misread) == {(3,): 1}
    assert nonzero(tally.misread_war) == {(0,): 1}
    assert nonzero(tally.reciprocated) == {(0,): 1}
    assert nonzero(tally.misattributed) == {}


def test_score_of_its_actors():
    tally = scored(war())
    a, b, c, d, e = range(5)
    initiator, target, treaty, opportunism = range(4)
    engaged = {(a, 0): 1, (b, 1): 1, (c, 1): 1, (d, 1): 1, (e, 0): 1}
    assert nonzero(tally.actor_engaged) == engaged
    assert nonzero(tally.actor_war) == {(a, 0): 1, (b, 1): 1, (c, 1): 1}
    assert nonzero(tally.actor_peak) == {(a, 3): 1, (b, 3): 1, (c, 3): 1, (d, 1): 1, (e, 1): 1}
    causes = {(a, initiator): 1, (b, target): 1, (c, treaty): 1, (d, treaty): 1}
    assert nonzero(tally.entry) == causes | {(e, opportunism): 1}
    assert nonzero(tally.entry_turn) == {(a, 0): 1, (b, 0): 1, (c, 1): 1, (d, 2): 1, (e, 1): 1}
    # [through whom, who came in]; D came in through C, who had come in by treaty itself.
    assert nonzero(tally.drawn_in) == {(b, c): 1, (c, d): 1}
    assert nonzero(tally.chain_gang) == {(d,): 1}
    # Ties in the file's order: C-B fought, D-C and D-B stood by, E-B betrayed, F-B abandoned.
    assert nonzero(tally.tie) == {
        (FOUGHT, 0): 1,
        (STOOD_BY, 1): 1,
        (STOOD_BY, 2): 1,
        (BETRAYED, 3): 1,
        (ABANDONED, 4): 1,
    }


def test_score_actor():
    # C alone: its entry, and D's promise to it.
    at = war()
    tally = new_tally(at.world)
    at.score_actor(tally, "C")
    assert nonzero(tally.actor_war) == {(2, 1): 1}
    assert nonzero(tally.tie) == {(STOOD_BY, 1): 1}
    assert tally.entry.sum() == tally.entry_turn.sum() == tally.actor_peak.sum() == 1


def test_scores_add_up():
    at = war()
    tally = new_tally(at.world)
    at.score(tally, np.uint64(0))
    at.score(tally, np.uint64(1))
    assert nonzero(tally.outcome) == {(LIMITED_WAR,): 2}
    assert nonzero(tally.chain_gang) == {(3,): 2}
    assert tally.block_outcome.sum() == 2


def test_chains_are_counted_by_blocks_of_their_numbers():
    at = war()
    tally = new_tally(at.world)
    blocks = len(tally.block_outcome)
    for chain in (3, 3 + blocks, 2**64 - 1):
        at.score(tally, np.uint64(chain))
    last = (2**64 - 1) % blocks
    assert nonzero(tally.block_outcome) == {(3, LIMITED_WAR): 2, (last, LIMITED_WAR): 1}


def test_wars_that_go_on_at_the_horizon_are_undecided():
    # War in turn 2, horizon 3.
    tally = scored(war())
    assert nonzero(tally.war_length) == {(1, AT_HORIZON): 1}
    assert nonzero(tally.winner) == {(UNDECIDED,): 1}
    # One of length 0 begins at the horizon.
    at = moment(crisis(run={"horizon": 1}), {"A": 4})
    at.take_turn({"A": "up"})
    assert nonzero(scored(at).war_length) == {(0, AT_HORIZON): 1}


def test_length_and_winner_of_a_war_that_has_ended():
    # From turn 1 to turn 4, the horizon, and to turn 3 of 4: ended in both.
    for quiet_turns, winner in ((2, INITIATOR), (1, TARGET)):
        at = moment(crisis(run={"horizon": 4}), {"A": 4})
        at.take_turn({"A": "up"})
        for _ in range(quiet_turns):
            at.take_turn()
        at.now.war_over, at.now.winner = 1, winner
        at.take_turn()
        tally = scored(at)
        assert nonzero(tally.war_length) == {(quiet_turns + 1, ENDED): 1}
        assert nonzero(tally.winner) == {(winner,): 1}
        assert nonzero(tally.war_turn) == {(1,): 1}
        assert nonzero(tally.last_turn) == {(GENERAL_WAR, quiet_turns + 2): 1}


def test_bystanders_are_a_cause_of_their_own():
    at = moment(crisis("ABC", bystander={"base": 0.0}, run={"horizon": 1}), {"A": 4})
    at.take_turn({"A": "up"}, {"C": ("target", "bystander")})
    tally = scored(at)
    assert nonzero(tally.entry) == {(0, 0): 1, (1, 1): 1, (2, 4): 1}
    assert nonzero(tally.drawn_in) == nonzero(tally.chain_gang) == {}


def test_a_settled_crisis():
    # Neither at war nor reciprocated; the target never left rung 0.
    at = moment(crisis(promises={("A", "B", "defence"): {}}))
    at.now.misattributed = 1
    at.take_turn({"A": "down"})
    tally = scored(at)
    assert nonzero(tally.outcome) == {(SETTLED,): 1}
    assert nonzero(tally.war_turn) == nonzero(tally.reciprocated) == nonzero(tally.tie) == {}
    assert nonzero(tally.war_length) == nonzero(tally.winner) == {}
    assert nonzero(tally.peak) == {(1,): 1}
    assert nonzero(tally.actor_peak) == {(0, 1): 1, (1, 0): 1}
    assert nonzero(tally.misattributed) == {(0,): 1}
    assert nonzero(tally.war_size) == {(0,): 1}


def test_many_misread_moves_share_a_class():
    at = moment(crisis(run={"horizon": 1}), {"A": 1})
    at.now.misreads = 15
    at.take_turn({"B": "misread"})
    assert nonzero(scored(at).misread) == {(15,): 1}


def deterred():
    at = moment(crisis("ABC", run={"horizon": 4}))
    at.now.n_engaged = at.now.n_watching = 0
    at.now.outcome = DETERRED
    return at


def test_a_deterred_chain_touches_no_actor():
    tally = scored(deterred())
    assert nonzero(tally.outcome) == {(DETERRED,): 1}
    assert nonzero(tally.last_turn) == {(DETERRED, 0): 1}
    assert (
        nonzero(tally.peak) == nonzero(tally.engaged_size) == nonzero(tally.war_size) == {(0,): 1}
    )
    assert nonzero(tally.incident) == {(0, 1): 1}
    assert nonzero(tally.actor_engaged) == nonzero(tally.actor_peak) == nonzero(tally.entry) == {}
    assert nonzero(tally.war_length) == nonzero(tally.winner) == {}


def test_record_of_the_chain():
    at = war()
    records = new_records(at.world, 2)
    at.write_record(records, 1)
    scalars = {
        name: int(column[1]) for name, column in records._asdict().items() if column.ndim == 1
    }
    assert scalars == {
        "outcome": LIMITED_WAR, "peak_rung": 3, "war_turn": 2, "last_turn": 3, "initiator": 0,
        "target": 1, "drawn_initiator": 0, "drawn_target": 1, "domain": 1, "accident": 1,
        "misattributed": 0, "n_engaged": 5, "n_at_war": 3, "misread_moves": 3,
        "war_began_misread": 1, "yielded": NEUTRAL,
        "winner": UNDECIDED, "reciprocated": 1,
    }  # fmt: skip
    assert records.side[1].tolist() == [0, 1, 1, 1, 0, -1]
    assert records.actor_peak[1].tolist() == [3, 3, 3, 1, 1, 0]
    assert records.entry_turn[1].tolist() == [0, 0, 1, 2, 1, -1]
    assert records.cause[1].tolist() == [0, 1, 2, 2, 3, -1]
    assert records.through[1].tolist() == [-1, -1, 1, 2, -1, -1]
    assert records.outcome[0] == NO_OUTCOME
    assert (records.side[0] == -1).all()


def test_record_of_a_deterred_chain():
    at = deterred()
    records = new_records(at.world, 1)
    at.write_record(records, 0)
    assert (records.outcome[0], records.peak_rung[0], records.n_engaged[0]) == (DETERRED, 0, 0)
    assert (records.war_turn[0], records.last_turn[0], records.reciprocated[0]) == (-1, 0, 0)
    assert records.winner[0] == NO_WAR
    assert (records.side[0] == -1).all()


def test_record_of_a_stalemate():
    at = moment(crisis(run={"horizon": 1}), {"A": 2, "B": 0})
    at.take_turn()
    records = new_records(at.world, 1)
    at.write_record(records, 0)
    assert (records.outcome[0], records.peak_rung[0]) == (STALEMATE, 2)
    assert (records.war_turn[0], records.winner[0], records.reciprocated[0]) == (-1, NO_WAR, 0)
