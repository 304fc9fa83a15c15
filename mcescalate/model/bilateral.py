"""Tables of crises that stay between two: every state once, with all that may come of it.

Where nobody looks on, a crisis has few states: the two rungs. Each is worked out once, by the
same rules and the same turn as everywhere: words are then compared and looked up (`abreast`),
and no rule is asked again.

A *scene* is what holds all along: who is set against whom in what domain, and how the two are
governed. A *node* is a state of it.
"""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mcescalate.model import apart
from mcescalate.model.bits import highest_bit
from mcescalate.model.codes import DOWN, MEDIATED, MOST_RUNGS, SETTLED, UP
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
from mcescalate.model.state import clear, wipe_moves, write_move

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

NOWHERE = -1

GOVERNMENTS = 4
"""Scenes of an opening, by who is divided at home: the initiator counts 1, the target 2."""

NODES = 4096
"""Nodes for which there is room; crises beyond that are played without tables."""

_SETTLED_NODE = 0
_MEDIATED_NODE = 1
_FIRST_NODE = 2

# What an actor does in a turn: how many of its three cuts are not above its word. Up whatever it
# reads (0), up by misreading, hold (2), or down.
STEPS = 4
_UP_MISREAD = 1
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
    """All scenes and nodes of a world; S scenes."""

    openings: np.ndarray
    """(incidents, domains) first of its `GOVERNMENTS` scenes; NOWHERE if others are concerned."""
    scenes: np.ndarray
    """(S) of SCENE."""
    n_nodes: np.ndarray
    """(1) nodes in use."""
    nodes: np.ndarray
    """Of NODE."""
    cuts: np.ndarray
    """(nodes 2 CUTS) without and with a mediator."""
    turns: np.ndarray
    """(nodes 2 PAIRS) likewise, what comes of a turn; 0 where a step is impossible."""
    node_at: np.ndarray
    """(MOST_RUNGS, MOST_RUNGS) scratch: nodes of the scene that is worked out, by rungs."""


def new_bilateral(world, room: int = NODES) -> Bilateral:
    """Tables for `world` with at most `room` nodes; `tabulate` fills them."""
    states = GOVERNMENTS * (world.top + 1) ** 2
    found = list(itertools.islice(openings_between_two(world), room // states))
    openings = np.full((len(world.incidents), len(world.domains)), NOWHERE, np.int32)
    scenes = apart.zeros(len(found) * GOVERNMENTS, SCENE).view(np.recarray)
    for n, (incident, domain) in enumerate(found):
        openings[incident, domain] = n * GOVERNMENTS
        both = scenes[n * GOVERNMENTS : (n + 1) * GOVERNMENTS]
        both.domain = domain
        both.initiator = world.incidents[incident].initiator
        both.target = world.incidents[incident].target
        both.initiator_key = world.actors[both.initiator[0]].key
        both.target_key = world.actors[both.target[0]].key
    n_nodes = _FIRST_NODE + len(found) * states
    tables = Bilateral(
        openings=openings,
        scenes=scenes,
        n_nodes=apart.full(1, _FIRST_NODE, np.int64),
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
    return tables


def openings_between_two(world) -> Iterator[tuple[int, int]]:
    """Incidents and domains of crises in which nobody looks on, and only rungs can change."""
    if world.arms_periods > 0:
        return
    domains = np.flatnonzero(world.domains.misattribution == 0.0).tolist()
    links = world.links.tolist()
    spans = world.actors[["backers", "backers_end", "rivals", "rivals_end"]].tolist()
    concerned = [set(links[b:b_end] + links[r:r_end]) for b, b_end, r, r_end in spans]
    is_steady = (world.actors.turnover == 0.0).tolist()
    pairs = zip(world.incidents.initiator.tolist(), world.incidents.target.tolist(), strict=True)
    for incident, (i, j) in enumerate(pairs):
        if is_steady[i] and is_steady[j] and concerned[i] | concerned[j] <= {i, j}:
            yield from ((incident, domain) for domain in domains)


@jitable
def tabulate(world, state, tables):
    """Work out all scenes. Leaves nobody in `state`."""
    now = state.now
    for s in range(len(tables.scenes)):
        scene = tables.scenes[s]
        clear(state)
        now.domain = scene.domain
        open_crisis(world, state, scene.initiator, scene.target)
        state.actors[now.initiator].divided = s % GOVERNMENTS & 1
        state.actors[now.target].divided = s % GOVERNMENTS >> 1
        balance = balance_of_power(world, state)
        scene.challenge_below = threshold(challenge_probability(world, state, balance))
        for e in range(2):
            take_stance(world, state, state.engaged[e], balance)
        tables.node_at[:, :] = NOWHERE
        node = tables.n_nodes[0]
        scene.start = node
        add_node(world, state, tables)
        while node < tables.n_nodes[0]:
            if tables.nodes[node].goes_on == 1:
                fill_cuts(world, state, tables, node)
                fill_turns(world, state, tables, node)
            else:
                _end_at(tables, node)
            node += 1
    clear(state)


@inlined
def stand(state, tables, node):
    """Put the two on the rungs of `node`."""
    now = state.now
    state.actors[now.initiator].rung = tables.nodes[node].rung_initiator
    state.actors[now.target].rung = tables.nodes[node].rung_target


@jitable
def add_node(world, state, tables):
    """Add the node of the rungs on which the two are."""
    now = state.now
    rung_initiator = state.actors[now.initiator].rung
    rung_target = state.actors[now.target].rung
    node = tables.n_nodes[0]
    tables.n_nodes[0] += 1
    tables.node_at[rung_initiator, rung_target] = node
    row = tables.nodes[node]
    row.rung_initiator = rung_initiator
    row.rung_target = rung_target
    row.stands = _stands(rung_initiator, rung_target)
    row.goes_on = 0 if min(rung_initiator, rung_target) == world.top else 1
    row.is_settled = 0
    row.outcome = final_outcome(world, state)


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
        wipe_moves(state)
        take_step(state, now.initiator, step_initiator)
        take_step(state, now.target, step_target)
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
            rung_initiator = state.actors[now.initiator].rung
            rung_target = state.actors[now.target].rung
            if tables.node_at[rung_initiator, rung_target] == NOWHERE:
                add_node(world, state, tables)
            after = tables.node_at[rung_initiator, rung_target]
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
def take_step(state, i, step):
    """Write down what `i` does by `step`."""
    if step <= _UP_MISREAD:
        write_move(state, i, UP, 1 if step == _UP_MISREAD else 0)
    elif step == _DOWN:
        write_move(state, i, DOWN, 0)


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
