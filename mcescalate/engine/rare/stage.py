"""Chains carried from one threshold to the next: the compiled loop."""

import numpy as np

from mcescalate.engine.rare.drawing import CROSSING, FREELY, STAYING, draw_turn, share_of
from mcescalate.engine.rare.laws import holds, is_reached, weigh_turn
from mcescalate.model import words
from mcescalate.model.chain.plain import form_governments, race
from mcescalate.model.chain.state_rows import copy_state
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.codes import NOBODY
from mcescalate.model.jit import jitable
from mcescalate.model.rules.challenge import challenge_probability
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.state import clear
from mcescalate.model.words import draw_slot, fork_seed

# Columns of `found`.
WEIGHT = 0
"""Chance to cross the threshold, or 1 if it had been reached."""
OCCURRED = 1
"""1 if the event had occurred before, else 0."""
STARTED = 2
"""In the first stage, the chance that the crisis begins at all, given the drawn background."""
TYPICAL = 3
"""Sum of the chances to cross in a turn, weighted by how likely that turn decided."""


@jitable
def run_stage(
    world,
    openings,
    parents,
    parent_of,
    was_pending,
    rows,
    state,
    laws,
    chances,
    children,
    pending,
    found,
    thresholds,
    before,
    at,
    terms,
    at_end,
    seed,
    repetition,
    stage,
):
    """Carry a chain from each parent to threshold number `at`, and keep where it may cross.

    Parameters
    ----------
    openings : of OPENING for each chain; chains begin with them in stage 0
    parents : states from the stage before, and `parent_of` which of them each chain has
    was_pending : whether a parent has yet to cross threshold number `before`
    rows, state : one row for the present chain, and the state in it
    children, pending : what this stage keeps, likewise
    found : (chain, 4), see the names of its columns
    at : at the last one, which is none, only whether the event has occurred is found out
    at_end : whether that is known only at the end: then the last stage goes on to it
    """
    nobody = np.uint64(words.NO_ACTOR)
    last = thresholds.shape[0] - 1
    for p in range(found.shape[0]):
        key = fork_seed(seed, repetition, stage, p)
        found[p, WEIGHT] = 0.0
        found[p, OCCURRED] = 0.0
        found[p, STARTED] = 1.0
        found[p, TYPICAL] = 0.0
        pending[p] = 0
        if stage == 0:
            found[p, STARTED] = begin(world, state, openings[p], key, repetition)
        else:
            copy_state(parents, parent_of[p], rows, 0)
            if was_pending[parent_of[p]] == 1:
                weigh_turn(world, state, laws, thresholds[before], chances)
                draw_turn(
                    world, state, laws, thresholds[before], chances, CROSSING, key, repetition
                )
        if holds(world, state, terms):
            found[p, OCCURRED] = 1.0
            continue
        if at == last:
            if at_end:
                while state.now.over == 0:
                    weigh_turn(world, state, laws, thresholds[at], chances)
                    draw_turn(world, state, laws, thresholds[at], chances, FREELY, key, repetition)
                if holds(world, state, terms):
                    found[p, OCCURRED] = 1.0
            continue
        if is_reached(world, state, thresholds[at]):
            found[p, WEIGHT] = 1.0
            copy_state(rows, 0, children, p)
            continue
        alive, total, typical = 1.0, 0.0, 0.0
        while state.now.over == 0 and alive > 0.0:
            cross, stay = weigh_turn(world, state, laws, thresholds[at], chances)
            if cross > 0.0:
                total += alive * cross
                typical += alive * cross * cross
                turn = state.now.turn
                u = share_of(key, repetition, turn, words.RETENTION, nobody)
                if u * total < alive * cross:
                    state.now.turn -= 1
                    copy_state(rows, 0, children, p)
                    state.now.turn += 1
                    pending[p] = 1
            alive *= stay
            if alive > 0.0:
                draw_turn(world, state, laws, thresholds[at], chances, STAYING, key, repetition)
        found[p, WEIGHT] = total
        found[p, TYPICAL] = typical


@jitable
def begin(world, state, opening, seed, chain):
    """Begin a crisis by `opening`; the chance that it does, given the background drawn."""
    now = state.now
    clear(state)
    race(world, state, seed, chain)
    form_governments(world, state, seed, chain)
    now.domain = opening.domain
    now.drawn_initiator = opening.initiator
    now.drawn_target = opening.target
    now.misattributed = 0
    open_crisis(world, state, opening.initiator, opening.target)
    goes_ahead = challenge_probability(world, state, balance_of_power(world, state))
    chance = world.accident + (1.0 - world.accident) * goes_ahead
    _, _, word, _ = draw_slot(seed, chain, 0, words.INCIDENT, np.uint64(words.NO_ACTOR))
    is_accident = (np.float64(word) + 0.5) / words.WORDS * chance < world.accident
    now.accident = 1 if is_accident else 0
    if opening.blamed != NOBODY:
        clear(state)
        now.misattributed = 1
        open_crisis(world, state, opening.target, opening.blamed)
    return chance
