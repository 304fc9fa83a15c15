"""`Past`: what the crises of a chain have left so far, and how the next period finds it.

docs/model.md 7, Sequences. Inside a crisis nothing of this changes. So it lies in a `World` of
the worker's own, from which rules read it as they read all else; between two crises it is brought
up to date here. Nothing is drawn but whether a period is quiet.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model import words
from mcescalate.model.codes import (
    ABANDONED,
    BETRAYED,
    CREDIBILITY_CLASSES,
    DETERRED,
    FOUGHT,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OUTCOMES,
)
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.outcome import is_invoked, tie_fate
from mcescalate.model.rules.sequence import (
    credibility_after_failing,
    credibility_after_half_measures,
    credibility_after_honouring,
    did_little,
    fading,
    memory_left,
    quiet_chance,
    record_after,
    side_that_yielded,
    trigger_growth,
)
from mcescalate.model.state import clock
from mcescalate.model.words import draw_word, happens
from mcescalate.model.world import World, is_sequence, relation

CHAIN_PAST = np.dtype(
    [
        (name, np.int64)
        for name in (
            "n_moved",  # ties whose credibility is not that of the file
            "n_pairs",  # pairs between which there has been a crisis
            "last_outcome",  # of the crisis before, NOBODY if there was none
            "last_initiator",  # who was drawn in it
            "last_target",
            "is_weighed",  # 1 if weights of incidents are not those of the file
        )
    ]
    + [("weight", np.float64)]  # of all incidents together
)

CLASS_SLACK = 1e-9
"""Keeps a credibility in its class where it is rounded."""


class Past(NamedTuple):
    """What one chain carries from crisis to crisis; N actors, K periods."""

    world: World
    """The world as the present crisis finds it; the file's own where chains are one crisis each."""
    chain: np.record
    """Of CHAIN_PAST."""
    moved: np.ndarray
    """(ties) the first `chain.n_moved` are ties whose credibility has moved."""
    is_moved: np.ndarray
    """(ties) whether it has."""
    pairs: np.ndarray
    """(2, K) the first `chain.n_pairs` are originators of crises, each pair once."""
    n_invoked: np.ndarray
    """(N) scratch: how many promises of each actor were invoked,"""
    n_failed: np.ndarray
    """(N) and how many of these it failed to honour."""
    outcomes: np.ndarray
    """(outcomes) how many crises of the chain have ended so."""


def new_past(world: World, zeros=np.zeros) -> Past:
    """The past of no chain yet; `zeros` makes its arrays."""
    n_ties = len(world.ties)
    return Past(
        world=own_world(world),
        chain=zeros(1, CHAIN_PAST).view(np.recarray)[0],
        moved=zeros(n_ties, np.uint32),
        is_moved=zeros(n_ties, np.uint8),
        pairs=zeros((2, world.crises), np.uint32),
        n_invoked=zeros(world.n_actors, np.int64),
        n_failed=zeros(world.n_actors, np.int64),
        outcomes=zeros(len(OUTCOMES), np.int64),
    )


def own_world(world: World) -> World:
    """A copy of `world` in which what is carried can change: each defence tie has its own dyad."""
    if not is_sequence(world):
        return world
    promiser, ally = world.ties["from_"], world.ties["to"]
    dyad_of = world.dyad_of.copy()
    promises = world.dyads[dyad_of[promiser, ally]]
    dyad_of[promiser, ally] = len(world.dyads) + np.arange(len(world.ties))
    return world._replace(
        actors=world.actors.copy(),
        dyads=np.concatenate([world.dyads, promises]).view(np.recarray),
        dyad_of=dyad_of,
        incidents=world.incidents.copy(),
        memory=np.zeros_like(world.memory),
        record=np.zeros_like(world.record),
    )


# ------------------------------------------------------------ a chain


@jitable
def begin_chain_of_crises(world, past, state):
    """Forget the chain before; `world` is the file's."""
    chain = past.chain
    own = past.world
    for m in range(chain.n_moved):
        tie = past.moved[m]
        set_credibility(own, tie, credibility_of(world, tie))
        past.is_moved[tie] = 0
    for p in range(chain.n_pairs):
        i, j = past.pairs[0, p], past.pairs[1, p]
        for a, b in ((i, j), (j, i)):
            own.memory[a, b] = 0.0
            own.record[a, b] = 0.0
    if chain.is_weighed == 1:
        for n in range(len(own.incidents)):
            own.incidents[n].share = world.incidents[n].share
            own.incidents.cumulative[n] = world.incidents.cumulative[n]
    if world.carries_arms == 1:
        for i in range(world.n_actors):
            own.actors[i].arms = world.actors[i].arms
    for outcome in range(len(past.outcomes)):
        past.outcomes[outcome] = 0
    chain.n_moved = 0
    chain.n_pairs = 0
    chain.last_outcome = NOBODY
    chain.is_weighed = 0
    chain.weight = world.trigger_weight
    state.now.crisis = 0


@inlined
def is_quiet_period(past, state, seed, chain):
    """Draw whether the present period has no crisis."""
    chance = quiet_chance(past.world, past.chain.weight)
    if chance == 0.0:
        return False
    word = draw_word(seed, chain, clock(state, 0), words.QUIET, np.uint64(words.NO_ACTOR))
    return happens(word, chance)


# ------------------------------------------------------------ what a crisis leaves


@jitable
def leave_behind(past, state):
    """Bring credibility, memory, record and arms up to date after the crisis in `state`."""
    now = state.now
    chain = past.chain
    chain.last_outcome = now.outcome
    chain.last_initiator = now.drawn_initiator
    chain.last_target = now.drawn_target
    own = past.world
    if own.carries_arms == 1:
        for i in range(own.n_actors):
            own.actors[i].arms = state.actors[i].arms
    if now.outcome == DETERRED:
        return
    if moves_credibility(own):
        update_credibility(past, state)
    remember(past, state)


@inlined
def moves_credibility(world):
    """Whether crises change the credibility of promises."""
    c = world.coefficients
    return c.sequence_gain > 0.0 or c.sequence_loss > 0.0 or c.sequence_caution > 0.0


@jitable
def update_credibility(past, state):
    """Let what became of promises bear on their credibility."""
    own = past.world
    n_invoked, n_failed = count_invoked(past, state, 1)
    for e in range(state.now.n_engaged):
        j = state.engaged[e]
        for t in range(own.actors[j].ties_to, own.actors[j].ties_to_end):
            tie = own.links[t]
            k = own.ties[tie].from_
            before = credibility_of(own, tie)
            after = before
            if is_invoked(own, state, k, j):
                fate = tie_fate(own, state, k, j)
                if fate == FOUGHT:
                    after = credibility_after_honouring(own, after)
                elif fate == ABANDONED or fate == BETRAYED:
                    others = n_invoked - past.n_invoked[k]
                    failing = (n_failed - past.n_failed[k]) / others if others > 0 else 0.0
                    after = credibility_after_failing(own, after, failing)
            if did_little(own, state, k, j):
                after = credibility_after_half_measures(own, after)
            if after != before:
                set_credibility(own, tie, after)
                note_moved(past, tie)
    count_invoked(past, state, 0)


@jitable
def count_invoked(past, state, share):
    """Count invoked promises and those not honoured, in all and in `past` by promiser.

    `share` is 1; with 0 the counts of promisers are cleared.
    """
    own = past.world
    n_invoked = 0
    n_failed = 0
    for e in range(state.now.n_engaged):
        j = state.engaged[e]
        for t in range(own.actors[j].ties_to, own.actors[j].ties_to_end):
            k = own.ties[own.links[t]].from_
            if not is_invoked(own, state, k, j):
                continue
            fate = tie_fate(own, state, k, j)
            failed = 1 if fate == ABANDONED or fate == BETRAYED else 0
            n_invoked += 1
            n_failed += failed
            past.n_invoked[k] = share * (past.n_invoked[k] + 1)
            past.n_failed[k] = share * (past.n_failed[k] + failed)
    return n_invoked, n_failed


@inlined
def remember(past, state):
    """Add to the memory between the originators, and to their records."""
    now = state.now
    own = past.world
    i, j = now.initiator, now.target
    note_pair(past, i, j)
    added = memory_left(own, now.outcome)
    own.memory[i, j] += added
    own.memory[j, i] += added
    yielded = side_that_yielded(state)
    if yielded != NEUTRAL:
        x, y = (j, i) if yielded == INITIATOR else (i, j)
        own.record[y, x] = record_after(own, own.record[y, x], False)
        own.record[x, y] = record_after(own, own.record[x, y], True)


# ------------------------------------------------------------ time


@jitable
def pass_time(world, past):
    """Let all that is carried fade until the next period; `world` is the file's."""
    chain = past.chain
    own = past.world
    c = world.coefficients
    kept = fading(c.sequence_years, c.sequence_half_life)
    for m in range(chain.n_moved):
        tie = past.moved[m]
        rest = credibility_of(world, tie)
        set_credibility(own, tie, rest + (credibility_of(own, tie) - rest) * kept)
    remembered = fading(c.sequence_years, c.sequence_memory_half_life)
    for p in range(chain.n_pairs):
        i, j = past.pairs[0, p], past.pairs[1, p]
        for a, b in ((i, j), (j, i)):
            own.memory[a, b] *= remembered
            own.record[a, b] *= kept
    if c.sequence_recur != 0.0 and chain.n_pairs > 0:
        weigh_incidents(world, past)


@inlined
def weigh_incidents(world, past):
    """Weigh incidents afresh by the memory between their two."""
    own = past.world
    total = 0.0
    for n in range(len(own.incidents)):
        incident = world.incidents[n]
        total += incident.share * trigger_growth(own, incident.initiator, incident.target)
    reached = 0.0
    for n in range(len(own.incidents)):
        incident = world.incidents[n]
        grown = incident.share * trigger_growth(own, incident.initiator, incident.target)
        reached += grown
        own.incidents[n].share = grown / total
        own.incidents.cumulative[n] = reached / total
    past.chain.weight = world.trigger_weight * total
    past.chain.is_weighed = 1


# ------------------------------------------------------------ ties and pairs


@inlined
def credibility_of(world, tie):
    """How far others believe a defence tie."""
    k, j = world.ties[tie].from_, world.ties[tie].to
    return relation(world, k, j).defence_credibility


@inlined
def set_credibility(world, tie, credibility):
    """Let others believe a defence tie so far."""
    k, j = world.ties[tie].from_, world.ties[tie].to
    world.dyads[world.dyad_of[k, j]].defence_credibility = credibility


@inlined
def credibility_class(credibility):
    """The tenth in which a credibility lies, the last one with its upper end."""
    return min(CREDIBILITY_CLASSES - 1, int(CREDIBILITY_CLASSES * credibility + CLASS_SLACK))


@inlined
def note_moved(past, tie):
    """Write down that the credibility of a tie is not the file's any more."""
    if past.is_moved[tie] == 0:
        past.is_moved[tie] = 1
        past.moved[past.chain.n_moved] = tie
        past.chain.n_moved += 1


@inlined
def note_pair(past, i, j):
    """Write down that there has been a crisis between two actors."""
    a, b = min(i, j), max(i, j)
    for p in range(past.chain.n_pairs):
        if past.pairs[0, p] == a and past.pairs[1, p] == b:
            return
    past.pairs[0, past.chain.n_pairs] = a
    past.pairs[1, past.chain.n_pairs] = b
    past.chain.n_pairs += 1
