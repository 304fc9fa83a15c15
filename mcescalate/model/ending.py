"""How a war ends: the draws of docs/model.md 5, End, from words that belong to the whole crisis."""

import numpy as np

from mcescalate.model import words
from mcescalate.model.codes import INITIATOR, TARGET
from mcescalate.model.jit import inlined
from mcescalate.model.rules.outcome import initiator_prevails_chance, war_end_chance
from mcescalate.model.words import draw_word, happens


@inlined
def draw_war_end(world, state, seed, chain, balance):
    """Draw whether a war, begun before the present turn, ends with it, and which side prevails.

    `balance` is side A's as the turn begins.
    """
    now = state.now
    chance = war_end_chance(world, state, balance)
    nobody = np.uint64(words.NO_ACTOR)
    if chance == 0.0 or not happens(
        draw_word(seed, chain, now.turn - 1, words.WAR_END, nobody), chance
    ):
        return
    word = draw_word(seed, chain, now.turn - 1, words.WINNER, nobody)
    now.war_over = 1
    now.winner = INITIATOR if happens(word, initiator_prevails_chance(world, balance)) else TARGET
