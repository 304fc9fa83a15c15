"""Draws from words that belong to the whole chain: how a crisis begins, and how a war ends.

docs/model.md 3, Incident and deterrence, and 5, End.
"""

import numpy as np

from mcescalate.model import words
from mcescalate.model.codes import INITIATOR, NOBODY, TARGET
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.challenge import (
    blame_weight,
    challenge_probability,
    n_suspects,
    nth_suspect,
)
from mcescalate.model.rules.outcome import initiator_prevails_chance, war_end_chance
from mcescalate.model.state import clock, first_block
from mcescalate.model.words import choose, draw_slot, draw_word, happens


@inlined
def draw_incident(world, state, seed, chain):
    """Draw incident, domain and accident; returns the word that decides on the challenge."""
    now = state.now
    dyad_word, domain_word, accident_word, challenge_word = draw_slot(
        seed, chain, first_block(state), words.INCIDENT, np.uint64(words.NO_ACTOR)
    )
    incident, now.domain, now.accident = pick_incident(world, dyad_word, domain_word, accident_word)
    now.drawn_initiator = world.incidents[incident].initiator
    now.drawn_target = world.incidents[incident].target
    now.misattributed = 0
    return challenge_word


@inlined
def pick_incident(world, dyad_word, domain_word, accident_word):
    """(incident, domain, whether it is an accident) that the words mean."""
    return (
        choose(dyad_word, world.incidents.cumulative),
        choose(domain_word, world.domains.cumulative),
        1 if happens(accident_word, world.accident) else 0,
    )


@inlined
def is_deterred(world, state, challenge_word, balance):
    """Whether the initiator shrinks from a crisis just opened; `balance` is side A's."""
    return state.now.accident == 0 and not happens(
        challenge_word, challenge_probability(world, state, balance)
    )


@jitable
def draw_blamed(world, state, seed, chain):
    """The actor that the target blames by mistake; NOBODY if it makes none."""
    now = state.now
    if world.domains[now.domain].misattribution == 0.0:
        return NOBODY
    blame_word, scapegoat_word, _, _ = draw_slot(
        seed, chain, first_block(state), words.ATTRIBUTION, np.uint64(words.NO_ACTOR)
    )
    if not happens(blame_word, world.domains[now.domain].misattribution):
        return NOBODY
    victim = now.target
    total = 0.0
    for n in range(n_suspects(world, victim)):
        total += blame_weight(world, now.initiator, victim, nth_suspect(world, victim, n))
    blamed = NOBODY
    reached = 0.0
    for n in range(n_suspects(world, victim)):
        x = nth_suspect(world, victim, n)
        weight = blame_weight(world, now.initiator, victim, x)
        if weight > 0.0:
            reached += weight
            blamed = x
            if happens(scapegoat_word, reached / total):
                break
    return blamed


@inlined
def draw_war_end(world, state, seed, chain, balance):
    """Draw whether a war, begun before the present turn, ends with it, and which side prevails.

    `balance` is side A's as the turn begins.
    """
    chance = war_end_chance(world, state, balance)
    nobody = np.uint64(words.NO_ACTOR)
    if chance > 0.0 and happens(
        draw_word(seed, chain, clock(state, state.now.turn - 1), words.WAR_END, nobody), chance
    ):
        end_war(world, state, seed, chain, balance)


@inlined
def end_war(world, state, seed, chain, balance):
    """Let the war end with the present turn, and draw which side prevails."""
    now = state.now
    turn = clock(state, now.turn - 1)
    word = draw_word(seed, chain, turn, words.WINNER, np.uint64(words.NO_ACTOR))
    now.war_over = 1
    now.winner = INITIATOR if happens(word, initiator_prevails_chance(world, balance)) else TARGET
