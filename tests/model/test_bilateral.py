"""Crises between two, played abreast over tables: as each chain alone, whatever its words."""

import numpy as np
import pytest
from model.duels import CASES, duel
from model.states import Moment

from mcescalate.model import abreast, bilateral, chain, rng, rules
from mcescalate.model.bilateral import CUTS, GOVERNMENTS, NOWHERE, TARGET_CUTS
from mcescalate.model.codes import DETERRED
from mcescalate.model.rng import WORDS, threshold
from mcescalate.model.state import new_state
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
def test_crises_in_which_nobody_else_is_concerned(tables, openings):
    world = build_world(duel(**tables))
    assert list(bilateral.openings_between_two(world)) == openings


def test_blame_can_be_laid_on_a_third():
    domains = [{"name": "land"}, {"name": "cyber", "misattribution": 0.1}]
    trigger = {"initiator": "A", "target": "B", "domains": domains}
    assert list(bilateral.openings_between_two(build_world(duel(trigger=trigger)))) == [(0, 0)]


def test_without_room_the_rest_is_played_alone():
    world = build_world(duel())
    states = GOVERNMENTS * 6**2
    assert len(bilateral.new_bilateral(world).scenes) == 4 * GOVERNMENTS
    tables = bilateral.new_bilateral(world, room=2 * states + 1)
    assert tables.openings.tolist() == [[0, GOVERNMENTS], [NOWHERE, NOWHERE]]
    assert len(bilateral.new_bilateral(world, room=0).scenes) == 0


# ------------------------------------------------------------------ the tables


@pytest.fixture(scope="module")
def tabulated():
    """A world and its tables."""
    world = build_world(duel())
    tables = bilateral.new_bilateral(world)
    bilateral.tabulate(world, new_state(world), tables)
    return world, tables


def at_node(tables, scene, node) -> Moment:
    """A moment of the same crisis: its governments, rungs and domain."""
    at = Moment(duel())
    initiator, target = at.ids[scene.initiator], at.ids[scene.target]
    at.open(initiator, target, int(scene.domain))
    at.set_rung(initiator, int(node.rung_initiator))
    at.set_rung(target, int(node.rung_target))
    return at


def test_cuts_are_the_rules_thresholds(tabulated):
    world, tables = tabulated
    checked = 0
    for s, scene in enumerate(tables.scenes):
        governments = s % GOVERNMENTS
        last = tables.scenes[s + 1].start if s + 1 < len(tables.scenes) else tables.n_nodes[0]
        for n in range(scene.start, last, 5):
            node = tables.nodes[n]
            at = at_node(tables, scene, node)
            at.state.actors[scene.initiator].divided = governments & 1
            at.state.actors[scene.target].divided = governments >> 1
            balance = at.balance_of_power()
            if n == scene.start:
                assert scene.challenge_below == threshold(at.challenge_probability(balance))
            if not node.goes_on:
                continue
            for mediated in range(2):
                for i, place in ((scene.initiator, 0), (scene.target, TARGET_CUTS)):
                    cuts = tables.cuts[(2 * n + mediated) * CUTS + place :][:3].tolist()
                    if at.state.actors[i].rung == world.top:
                        assert cuts == [0, 0, WORDS]
                        continue
                    anyway, misread, down = rules.response_law(
                        at.world, at.state, i, balance, mediated
                    )
                    up = threshold(anyway + misread)
                    assert cuts == [threshold(anyway), up, max(up, WORDS - threshold(down))]
                    checked += 1
    assert checked > 200


def test_nodes_are_the_states_that_can_be_reached(tabulated):
    # War comes to both: the two are at war together or not at all, and calm together only at the
    # end. Of 36 pairs of rungs, that leaves 24 and one.
    _, tables = tabulated
    first, second = tables.scenes.start[:2]
    nodes = tables.nodes[first:second]
    pairs = set(zip(nodes.rung_initiator.tolist(), nodes.rung_target.tolist(), strict=True))
    assert pairs == {(a, b) for a in range(5) for b in range(5) if a + b > 0} | {(5, 5)}
    assert len(nodes) == len(pairs)
    assert (nodes.goes_on == 0).sum() == 1


# ------------------------------------------------------------------ the chains


def told(state) -> tuple:
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
def test_abreast_as_alone(case):
    # Uncompiled, chain by chain; a rank that is not full, then the next one.
    world = build_world(CASES[case]())
    state, alone = new_state(world), new_state(world)
    rank = abreast.new_abreast(world)
    bilateral.tabulate(world, state, rank.tables)
    outcomes = set()
    for first, count in ((0, 70), (70, 128)):
        abreast.play_abreast(world, rank, SEED, np.uint64(first), count)
        for k in range(count):
            assert abreast.has_been_played(rank, k)
            abreast.recall_chain(world, state, rank, k)
            chain.run_chain(world, alone, SEED, np.uint64(first + k))
            assert told(state) == told(alone)
            outcomes.add(int(alone.now.outcome))
    assert len(outcomes) > 1


def test_a_chain_alone_between_two_that_are_recalled():
    # C owes D something now: of the two incidents, only A's with B has tables.
    world = build_world(duel(promises={("E", "D", "defence"): {}}))
    state, alone = new_state(world), new_state(world)
    rank = abreast.new_abreast(world)
    bilateral.tabulate(world, state, rank.tables)
    abreast.play_abreast(world, rank, SEED, np.uint64(0), 60)
    played = [abreast.has_been_played(rank, k) for k in range(60)]
    assert 0 < sum(played) < 60
    for k in range(60):
        if played[k]:
            abreast.recall_chain(world, state, rank, k)
        else:
            abreast.forget_scene(state, rank)
            chain.run_chain(world, state, SEED, np.uint64(k))
        chain.run_chain(world, alone, SEED, np.uint64(k))
        assert told(state) == told(alone)


# ------------------------------------------------------------------- the words


def test_words_of_many_chains_are_those_of_each():
    rows = np.random.default_rng(1).integers(0, 2**63, (2, 32), np.uint64)
    numbers, keys = rows[0], rows[1] >> np.uint64(32)
    words = np.zeros(rng.BLOCK * 32, np.uint32)
    rng.fill_abreast(words, numbers, keys, 20, SEED, 3, rng.RESPONSE)
    for k in range(20):
        expected = [
            rng.draw_word(SEED, numbers[k], 3 * rng.BLOCK + row, rng.RESPONSE, keys[k])
            for row in range(rng.BLOCK)
        ]
        group, lane = divmod(k, rng.LANES)
        places = [(group * rng.BLOCK + row) * rng.LANES + lane for row in range(rng.BLOCK)]
        assert words[places].tolist() == [int(word) for word in expected]
