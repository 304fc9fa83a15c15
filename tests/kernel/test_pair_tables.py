"""Crises between two, simulated in lockstep over tables: as each chain alone, word by word."""

import numpy as np
import pytest
from duels import CASES, duel
from model.states import Moment

from mcescalate.engine.backend_numba import new_room
from mcescalate.kernel import lockstep, pair_tables
from mcescalate.kernel.lanes.words import LANES, fill_lockstep
from mcescalate.kernel.pair_tables import CUTS, GOVERNMENTS, NOWHERE, TARGET_CUTS
from mcescalate.model import words
from mcescalate.model.chain import plain
from mcescalate.model.codes import DETERRED, TURN
from mcescalate.model.rules.response import response_law
from mcescalate.model.state import new_state
from mcescalate.model.words import BLOCK, WORDS, threshold
from mcescalate.scenario.build import build_world

SEED = np.uint64(1914)


# ---------------------------------------------------------------- which crises


@pytest.mark.parametrize(
    ("tables", "openings"),
    [
        ({}, [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ({"arms": {"periods": 1}}, []),
        ({"about": {"D": {"turnover": 0.1}}}, [(0, 0), (0, 1)]),
        ({"promises": {("E", "A", "defence"): {}}}, [(1, 0), (1, 1)]),
        ({"promises": {("E", "C", "support"): {}}}, [(0, 0), (0, 1)]),
        ({"dyads": {("F", "D"): {"rivalry": 0.1}}}, [(0, 0), (0, 1)]),
        ({"promises": {("B", "A", "defence"): {}}}, [(0, 0), (0, 1), (1, 0), (1, 1)]),
    ],
)
def test_crises_that_concern_no_other_state(tables, openings):
    world = build_world(duel(**tables))
    assert list(pair_tables.pairs_alone(world)) == openings


def test_blame_can_be_laid_on_a_third():
    domains = [{"name": "land"}, {"name": "cyber", "misattribution": 0.1}]
    trigger = {"initiator": "A", "target": "B", "domains": domains}
    assert list(pair_tables.pairs_alone(build_world(duel(trigger=trigger)))) == [(0, 0)]


def test_no_tables_where_rules_rest_on_more_than_a_pair_state_says():
    world = build_world(duel())
    resting = world.rests_on.copy()
    resting.anything |= TURN
    assert list(pair_tables.pairs_alone(world._replace(rests_on=resting))) == []


def test_without_room_the_rest_is_simulated_alone():
    world = build_world(duel())
    states = GOVERNMENTS * 6**2
    assert len(pair_tables.new_pair_tables(world).openings) == 4 * GOVERNMENTS
    tables = pair_tables.new_pair_tables(world, room=2 * states + 1)
    assert tables.opening_of.tolist() == [[0, GOVERNMENTS], [NOWHERE, NOWHERE]]
    assert len(pair_tables.new_pair_tables(world, room=0).openings) == 0


# ------------------------------------------------------------------ the tables


@pytest.fixture(scope="module")
def tabulated():
    """A world and its tables."""
    world = build_world(duel())
    return world, new_room(world)[2].tables


def at_pair_state(tables, opening, pair_state) -> Moment:
    """A moment of the same crisis: its governments, rungs and domain."""
    at = Moment(duel())
    initiator, target = at.ids[opening.initiator], at.ids[opening.target]
    at.open(initiator, target, int(opening.domain))
    at.set_rung(initiator, int(pair_state.rung_initiator))
    at.set_rung(target, int(pair_state.rung_target))
    return at


def test_cuts_are_the_rules_thresholds(tabulated):
    world, tables = tabulated
    checked = 0
    for s, opening in enumerate(tables.openings):
        governments = s % GOVERNMENTS
        starts = [*tables.openings.start, tables.n_pair_states[0]]
        for n in range(opening.start, starts[s + 1], 5):
            pair_state = tables.pair_states[n]
            at = at_pair_state(tables, opening, pair_state)
            at.state.actors[opening.initiator].divided = governments & 1
            at.state.actors[opening.target].divided = governments >> 1
            balance = at.balance_of_power()
            if n == opening.start:
                assert opening.challenge_below == threshold(at.challenge_probability(balance))
            if not pair_state.goes_on:
                continue
            for mediated in range(2):
                for i, place in ((opening.initiator, 0), (opening.target, TARGET_CUTS)):
                    cuts = tables.cuts[(2 * n + mediated) * CUTS + place :][:3].tolist()
                    if at.state.actors[i].rung == world.top:
                        assert cuts == [0, 0, WORDS]
                        continue
                    anyway, misread, down = response_law(at.world, at.state, i, balance, mediated)
                    up = threshold(anyway + misread)
                    assert cuts == [threshold(anyway), up, max(up, WORDS - threshold(down))]
                    checked += 1
    assert checked > 200


def test_nodes_are_the_states_that_can_be_reached(tabulated):
    # War comes to both: the two are at war together or not at all, and calm together only at the
    # end. Of 36 pairs of rungs, that leaves 24 and one.
    _, tables = tabulated
    first, second = tables.openings.start[:2]
    pair_states = tables.pair_states[first:second]
    pairs = set(
        zip(pair_states.rung_initiator.tolist(), pair_states.rung_target.tolist(), strict=True)
    )
    assert pairs == {(a, b) for a in range(5) for b in range(5) if a + b > 0} | {(5, 5)}
    assert len(pair_states) == len(pairs)
    assert (pair_states.goes_on == 0).sum() == 1


# ------------------------------------------------------------------ the chains


def reported(state) -> tuple:
    """All that a finished chain leaves to be counted."""
    now = state.now
    scalars = ["outcome", "turn", "misreads", "drawn_initiator", "drawn_target", "domain"]
    scalars += ["accident", "misattributed"]
    if now.outcome != DETERRED:
        scalars += ["war_turn", "highest_initiator", "highest_target"]
        if now.war_turn > 0:
            scalars.append("war_began_misread")
    fields = ["side", "rung", "peak", "entry_turn", "cause", "through"]
    engaged = state.engaged[: now.n_engaged]
    return (
        tuple(int(now[name]) for name in scalars),
        tuple((int(i), *(int(state.actors[i][name]) for name in fields)) for i in engaged),
    )


@pytest.mark.parametrize("case", CASES)
def test_in_lockstep_as_plain(case):
    # Uncompiled, chain by chain: all of a batch that is not full, and some of the next one.
    world = build_world(CASES[case]())
    state, alone = new_state(world), new_state(world)
    *_, chains, _ = new_room(world)
    outcomes = set()
    for first, count, step in ((0, 40, 1), (40, 128, 5)):
        lockstep.simulate_in_lockstep(world, chains, SEED, np.uint64(first), count)
        for k in range(0, count, step):
            assert lockstep.has_been_simulated(chains, k)
            lockstep.recall_chain(world, state, chains, k, SEED, np.uint64(first + k))
            plain.simulate_chain(world, alone, SEED, np.uint64(first + k))
            assert reported(state) == reported(alone)
            outcomes.add(int(alone.now.outcome))
    assert len(outcomes) > 1


def test_a_chain_alone_between_two_that_are_recalled():
    # C owes D something now: of the two incidents, only A's with B has tables.
    world = build_world(duel(promises={("E", "D", "defence"): {}}))
    state, alone = new_state(world), new_state(world)
    *_, chains, _ = new_room(world)
    lockstep.simulate_in_lockstep(world, chains, SEED, np.uint64(0), 60)
    simulated = [lockstep.has_been_simulated(chains, k) for k in range(60)]
    assert 0 < sum(simulated) < 60
    for k in range(60):
        if simulated[k]:
            lockstep.recall_chain(world, state, chains, k, SEED, np.uint64(k))
        else:
            lockstep.forget_opening(state, chains)
            plain.simulate_chain(world, state, SEED, np.uint64(k))
        plain.simulate_chain(world, alone, SEED, np.uint64(k))
        assert reported(state) == reported(alone)


# ------------------------------------------------------------------- the words


def test_words_of_many_chains_are_those_of_each():
    rows = np.random.default_rng(1).integers(0, 2**63, (2, 32), np.uint64)
    numbers, keys = rows[0], rows[1] >> np.uint64(32)
    drawn = np.zeros(BLOCK * 32, np.uint32)
    fill_lockstep(drawn, numbers, keys, 20, SEED, 3, words.RESPONSE)
    for k in range(20):
        expected = [
            words.draw_word(SEED, numbers[k], 3 * BLOCK + row, words.RESPONSE, keys[k])
            for row in range(BLOCK)
        ]
        group, lane = divmod(k, LANES)
        places = [(group * BLOCK + row) * LANES + lane for row in range(BLOCK)]
        assert drawn[places].tolist() == [int(word) for word in expected]
