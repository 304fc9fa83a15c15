"""Tables of crises that stay between two: every state once, with all that may come of it.

Where nobody looks on, a crisis has few states: the two rungs. Each is worked out once, by the
same rules and the same turn as everywhere: words are then compared and looked up (`abreast`),
and no rule is asked again.

A *scene* is what holds all along: who is set against whom in what domain, and how the two are
governed. A *node* is a state of it.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model import apart
from mcescalate.model.bits import highest_bit
from mcescalate.model.codes import DOWN, HOLD, INITIATOR, MEDIATED, MOST_RUNGS, SETTLED, UP
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rng import WORDS, threshold
from mcescalate.model.rules import (
    apply_turn,
    balance_of_power,
    challenge_probability,
    final_outcome,
    mediation_probability,
    move_law,
    open_crisis,
    sound_chance,
    take_stance,
)
from mcescalate.model.state import clear, originator

SCENE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "initiator",
            "target",
            "domain",
            "challenge_below",  # words below this one mean that the initiator goes ahead
            "start",  # node
        )
    ]
    + [("initiator_key", np.uint64), ("target_key", np.uint64)]
)

NODE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "rung_initiator",
            "rung_target",
            "stands",  # the bits of these two rungs; the target's are `TARGET_BITS` further up
            "goes_on",  # 1 if something can still happen
            "is_settled",
            "outcome",  # if it lasts to the horizon, or is settled
        )
    ]
)

UNKNOWN = -1
NOT_BILATERAL = -2

GOVERNMENTS = 4
"""Scenes of an opening, by who is divided at home: the initiator counts 1, the target 2."""

NODES = 4096
"""Nodes for which there is room; once they are used up, crises are played without tables."""

_SETTLED_NODE = 0
_MEDIATED_NODE = 1
_FIRST_NODE = 2

# What an actor does in a turn: how many of its three cuts are not above its word.
STEPS = 4
_UP_ANYWAY = 0
_UP_MISREAD = 1
_HOLD = 2
_DOWN = 3

CUTS = 8
"""Places for the cuts of a node with or without a mediator: three of each actor, and one word
below which a mediator comes."""
TARGET_CUTS = 4
MEDIATOR_CUT = 3

PAIRS = STEPS * STEPS
"""Places for what comes of a turn: by the steps of the initiator and the target."""

TARGET_BITS = MOST_RUNGS

# An entry of `turns` is the node after the turn, and above it what is added to the ledger of the
# chain: turns played, turns until war, misread moves, and whether war began by them.
NODE_BITS = 16
_COUNT_BITS = 15
_UNTIL_WAR = _COUNT_BITS
_MISREADS = 2 * _COUNT_BITS
_BEGAN_MISREAD = 3 * _COUNT_BITS
_COUNT = (1 << _COUNT_BITS) - 1


class Bilateral(NamedTuple):
    """What is known of scenes and nodes."""

    used: np.ndarray
    """(2) scenes and nodes in use."""
    openings: np.ndarray
    """(incidents, domains) first of `GOVERNMENTS` scenes; UNKNOWN or NOT_BILATERAL."""
    scenes: np.ndarray
    """Of SCENE."""
    nodes: np.ndarray
    """Of NODE."""
    cuts: np.ndarray
    """(nodes 2 CUTS) without and with a mediator."""
    turns: np.ndarray
    """(nodes 2 PAIRS) likewise, what comes of a turn; 0 where a step is impossible."""
    node_at: np.ndarray
    """(MOST_RUNGS, MOST_RUNGS) scratch: nodes of the scene that is worked out, by rungs."""


def new_bilateral(world, room: int = NODES) -> Bilateral:
    """Empty tables for `world`, of at most `room` nodes."""
    openings = np.full((len(world.incidents), len(world.domains)), UNKNOWN, np.int32)
    states = GOVERNMENTS * (world.top + 1) ** 2
    n_openings = min(room // states, openings.size) if world.arms_periods == 0 else 0
    n_nodes = _FIRST_NODE + n_openings * states
    tables = Bilateral(
        used=apart.zeros(2, np.int64),
        openings=openings,
        scenes=apart.zeros(n_openings * GOVERNMENTS, SCENE).view(np.recarray),
        nodes=apart.zeros(n_nodes, NODE).view(np.recarray),
        cuts=apart.zeros(n_nodes * 2 * CUTS, np.int64),
        turns=apart.zeros(n_nodes * 2 * PAIRS, np.int64),
        node_at=apart.zeros((MOST_RUNGS, MOST_RUNGS), np.int64),
    )
    for node, outcome in ((_SETTLED_NODE, SETTLED), (_MEDIATED_NODE, MEDIATED)):
        tables.nodes[node].is_settled = 1
        tables.nodes[node].outcome = outcome
        tables.nodes[node].stands = _stands(0, 0)
        _end_at(tables, node)
    tables.used[1] = _FIRST_NODE
    return tables


@inlined
def first_scene(world, state, tables, incident, domain):
    """First scene of an opening, worked out on first use; NOT_BILATERAL if others are concerned."""
    scene = np.int64(tables.openings[incident, domain])
    return scene if scene != UNKNOWN else tabulate(world, state, tables, incident, domain)


@jitable
def tabulate(world, state, tables, incident, domain):
    """Work out all scenes of an opening. Leaves nobody in `state`."""
    initiator = world.incidents[incident].initiator
    target = world.incidents[incident].target
    first = tables.used[0]
    state.now.domain = domain
    for governments in range(GOVERNMENTS):
        clear(state)
        open_crisis(world, state, initiator, target)
        if not stays_between_two(world, state, tables):
            clear(state)
            tables.openings[incident, domain] = NOT_BILATERAL
            return NOT_BILATERAL
        state.actors[initiator].divided = governments & 1
        state.actors[target].divided = governments >> 1
        tables.used[0] = first + governments + 1
        scene = tables.scenes[first + governments]
        scene.initiator = initiator
        scene.target = target
        scene.domain = domain
        scene.initiator_key = world.actors[initiator].key
        scene.target_key = world.actors[target].key
        fill_scene(world, state, tables, scene)
    clear(state)
    tables.openings[incident, domain] = first
    return first


@inlined
def stays_between_two(world, state, tables):
    """Whether the crisis just opened has tables, and room in them: nobody looks on, and nothing
    but rungs can change."""
    if state.now.n_watching > 0 or len(tables.scenes) == tables.used[0]:
        return False
    if world.domains[state.now.domain].misattribution > 0.0:
        return False
    for e in range(2):
        if world.actors[state.engaged[e]].turnover > 0.0:
            return False
    return True


@inlined
def fill_scene(world, state, tables, scene):
    """Work out all nodes of the crisis just opened."""
    now = state.now
    balance = balance_of_power(world, state)
    scene.challenge_below = threshold(challenge_probability(world, state, balance))
    for e in range(2):
        take_stance(world, state, state.engaged[e], balance)
        state.actors[state.engaged[e]].stance_known = 1
    tables.node_at[:, :] = UNKNOWN
    node = tables.used[1]
    scene.start = here(world, state, tables)
    while node < tables.used[1]:
        if tables.nodes[node].goes_on == 1:
            fill_cuts(world, state, tables, node)
            fill_turns(world, state, tables, node)
        else:
            _end_at(tables, node)
        node += 1


@inlined
def stand(state, tables, node):
    """Put the two on the rungs of `node`."""
    now = state.now
    state.actors[now.initiator].rung = tables.nodes[node].rung_initiator
    state.actors[now.target].rung = tables.nodes[node].rung_target


@inlined
def here(world, state, tables):
    """The node of the rungs on which the two are."""
    now = state.now
    rung_initiator = state.actors[now.initiator].rung
    rung_target = state.actors[now.target].rung
    node = tables.node_at[rung_initiator, rung_target]
    if node == UNKNOWN:
        node = tables.used[1]
        tables.used[1] += 1
        tables.node_at[rung_initiator, rung_target] = node
        row = tables.nodes[node]
        row.rung_initiator = rung_initiator
        row.rung_target = rung_target
        row.stands = _stands(rung_initiator, rung_target)
        row.goes_on = 0 if min(rung_initiator, rung_target) == world.top else 1
        row.is_settled = 0
        row.outcome = final_outcome(world, state)
    return node


@inlined
def _stands(rung_initiator, rung_target):
    return 1 << rung_initiator | 1 << (TARGET_BITS + rung_target)


@inlined
def fill_cuts(world, state, tables, node):
    """Work out which words mean what in `node`."""
    now = state.now
    stand(state, tables, node)
    # Whether it is too early for a mediator is asked in each turn.
    now.turn = np.int64(world.coefficients.mediation_delay) + 1
    mediator = threshold(mediation_probability(world, state))
    for place in range(4):
        mediated = place >> 1
        i = now.initiator if place & 1 == 0 else now.target
        at = (2 * node + mediated) * CUTS + (place & 1) * TARGET_CUTS
        anyway_below = np.int64(0)
        up_below = np.int64(0)
        down_from = np.int64(WORDS)
        if state.actors[i].rung < world.top:
            up, down = move_law(world, state, i, mediated)
            up_below = threshold(up)
            down_from = max(up_below, WORDS - threshold(down))
            anyway_below = threshold(min(up, sound_chance(world, state, i)))
        tables.cuts[at] = anyway_below
        tables.cuts[at + 1] = up_below
        tables.cuts[at + 2] = down_from
        tables.cuts[at + MEDIATOR_CUT] = mediator


@inlined
def fill_turns(world, state, tables, node):
    """Work out what comes of each pair of steps in `node`."""
    now = state.now
    for place in range(2 * PAIRS):
        mediated = place // PAIRS
        step_initiator = place % PAIRS // STEPS
        step_target = place % STEPS
        at = (2 * node + mediated) * CUTS
        if not (
            is_possible(tables.cuts, at, step_initiator)
            and is_possible(tables.cuts, at + TARGET_CUTS, step_target)
        ):
            continue
        stand(state, tables, node)
        take_step(state.actors[now.initiator], step_initiator)
        take_step(state.actors[now.target], step_target)
        now.somebody_moved = 1
        now.mediated = mediated
        # No turn of a crisis, so that it is not the last one.
        now.turn = -1
        now.war_turn = 0
        now.misreads = 0
        now.war_began_misread = 0
        now.over = 0
        apply_turn(world, state)
        if now.over == 1:
            after = np.int64(_MEDIATED_NODE if now.outcome == MEDIATED else _SETTLED_NODE)
        else:
            after = here(world, state, tables)
        ledger = (
            1
            + (1 << _UNTIL_WAR)
            + (now.misreads << _MISREADS)
            + (now.war_began_misread << _BEGAN_MISREAD)
        )
        tables.turns[(2 * node + mediated) * PAIRS + place % PAIRS] = after + (ledger << NODE_BITS)
    now.over = 0


@inlined
def is_possible(cuts, at, step):
    """Whether there are words that mean this step by the cuts from `at` on."""
    first = cuts[at + step - 1] if step > 0 else 0
    end = cuts[at + step] if step < _DOWN else WORDS
    return first < end


@inlined
def take_step(me, step):
    """Write down the move that is meant by `step`."""
    me.move = UP if step <= _UP_MISREAD else DOWN if step == _DOWN else HOLD
    me.is_misread = 1 if step == _UP_MISREAD else 0


@inlined
def _end_at(tables, node):
    """Let nothing happen in `node` any more."""
    for mediated in range(2):
        at = (2 * node + mediated) * CUTS
        for cut in (0, TARGET_CUTS):
            tables.cuts[at + cut] = 0
            tables.cuts[at + cut + 1] = 0
            tables.cuts[at + cut + 2] = WORDS
            tables.cuts[at + cut + MEDIATOR_CUT] = 0
        for pair in range(PAIRS):
            tables.turns[(2 * node + mediated) * PAIRS + pair] = node


@inlined
def recall(world, state, tables, node, ledger, stood):
    """Leave in `state`, in which the two are engaged, the end of a chain of theirs.

    `ledger` is what its turns have added up, `stood` has the bits of all rungs it was on.
    """
    now = state.now
    end = tables.nodes[node]
    stand(state, tables, node)
    now.turn = ledger & _COUNT if end.is_settled == 1 else world.horizon
    now.outcome = end.outcome
    now.misreads = ledger >> _MISREADS & _COUNT
    now.war_turn = 0
    if max(end.rung_initiator, end.rung_target) == world.top:
        now.war_turn = ledger >> _UNTIL_WAR & _COUNT
    now.war_began_misread = ledger >> _BEGAN_MISREAD
    now.highest_initiator = highest_bit(stood & ((1 << TARGET_BITS) - 1))
    now.highest_target = highest_bit(stood >> TARGET_BITS)
    state.actors[now.initiator].peak = now.highest_initiator
    state.actors[now.target].peak = now.highest_target
