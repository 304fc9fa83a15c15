"""What crises have left, as the exact solver carries it from one to the next."""

import itertools
from typing import Any

import numpy as np

from mcescalate.engine.backend_python import light_past, light_world
from mcescalate.model.chain.past import (
    Past,
    begin_chain_of_crises,
    credibility_of,
    leave_behind,
    note_moved,
    note_pair,
    own_world,
    pass_time,
    set_credibility,
    weigh_incidents,
)
from mcescalate.model.codes import NOBODY
from mcescalate.model.state import State, clear
from mcescalate.model.world import World

MERGED = 12
"""Decimals beyond which two carried-over values count as equal."""

Left = tuple[Any, ...]
"""What crises have left: credibility by tie, memory and records by pair, arms, and outcome and pair
of the crisis before."""


class Carried:
    """A world whose carried values can be put in place, and read.

    Parameters
    ----------
    world : the file's
    state : in which its crises end
    """

    def __init__(self, world: World, state: State):
        self.file = world
        self.light = light_world(world)
        self.past: Past = light_past(world)
        self.state = state
        self.pairs = list(itertools.combinations(range(world.n_actors), 2))

    def nothing_left(self) -> Left:
        """What the first crisis finds."""
        begin_chain_of_crises(self.light, self.past, self.state)
        return self.left((NOBODY, NOBODY, NOBODY))

    def left(self, last: tuple[int, ...]) -> Left:
        """What there is now; `last` is the crisis before."""
        own = self.past.world
        credibility = tuple(
            round(float(credibility_of(own, tie)), MERGED) for tie in range(len(own.ties))
        )
        memory = tuple(round(float(own.memory[pair]), MERGED) for pair in self.pairs)
        record = tuple(
            round(float(own.record[pair[::way]]), MERGED) for pair in self.pairs for way in (1, -1)
        )
        arms = tuple(int(actor.arms) for actor in own.actors)
        return (credibility, memory, record, arms, *last)

    def put(self, left: Left) -> World:
        """Put what was left in place; returns the world that the next crisis finds."""
        credibility, memory, record, arms, *_ = left
        past, state = self.past, self.state
        clear(state)
        begin_chain_of_crises(self.light, past, state)
        own = past.world
        for tie, value in enumerate(credibility):
            if value != round(float(credibility_of(self.light, tie)), MERGED):
                set_credibility(own, tie, value)
                note_moved(past, tie)
        for n, (i, j) in enumerate(self.pairs):
            if memory[n] != 0.0 or record[2 * n] != 0.0 or record[2 * n + 1] != 0.0:
                note_pair(past, i, j)
            own.memory[i, j] = own.memory[j, i] = memory[n]
            own.record[i, j], own.record[j, i] = record[2 * n], record[2 * n + 1]
        for actor, level in zip(own.actors, arms, strict=True):
            actor.arms = level
        self._weigh()
        return own

    def _weigh(self) -> None:
        if self.light.coefficients.sequence_recur != 0.0 and self.past.chain.n_pairs > 0:
            weigh_incidents(self.light, self.past)

    def pass_time(self) -> None:
        """Let what is carried fade."""
        pass_time(self.light, self.past)

    def world_of(self, left: Left) -> World:
        """The world that the next crisis finds, of chains of one crisis, as arrays."""
        own = self.put(left)
        world = own_world(self.file)
        for tie in range(len(world.ties)):
            set_credibility(world, tie, credibility_of(own, tie))
        world.memory[...] = own.memory
        world.record[...] = own.record
        world.actors["arms"] = [actor.arms for actor in own.actors]
        world.incidents["share"] = [incident.share for incident in own.incidents]
        world.incidents["cumulative"] = np.cumsum(world.incidents["share"])
        return world._replace(crises=1, quiet=0.0)

    def leave(self) -> None:
        """Let the crisis that has ended in the state leave what it does."""
        leave_behind(self.past, self.state)
