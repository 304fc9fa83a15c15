"""A chain being watched: its words, the names of things in it, and draws as they are described."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mcescalate.engine.trace.parts import Draw
from mcescalate.model import words
from mcescalate.model.codes import NEUTRAL, NOBODY
from mcescalate.model.rules.joining import n_listeners, nth_listener
from mcescalate.model.state import State, clock, first_block, n_on
from mcescalate.model.world import World

WORDS = 2.0**32


@dataclass(frozen=True)
class Names:
    """What the numbers of a `World` are called; `actors` in its order."""

    title: str
    turn_days: float
    rungs: tuple[str, ...]
    actors: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True)
class Watched:
    """One chain of one scenario; seed and chain are uint64, `state` is where it stands."""

    world: World
    state: State
    names: Names
    seed: np.uint64
    chain: np.uint64

    def name(self, i: int) -> str:
        """Id of an actor."""
        return self.names.actors[i]

    def name_of_any(self, i: int) -> str | None:
        """Id of an actor; None for NOBODY."""
        return None if i == NOBODY else self.name(i)

    def word(self, index: int, purpose: int, actor: int | None = None) -> int:
        """The word of a turn or period (from 0) and a purpose, for an actor or for all."""
        key = np.uint64(words.NO_ACTOR) if actor is None else self.world.actors[actor].key
        return words.draw_word(self.seed, self.chain, clock(self.state, index), purpose, key)

    def words_of_slot(self, purpose: int) -> tuple[int, int, int, int]:
        """The words of a purpose that is drawn once a crisis."""
        block = first_block(self.state)
        return words.draw_slot(self.seed, self.chain, block, purpose, np.uint64(words.NO_ACTOR))


def engaged(state: State) -> list[int]:
    """Actors on a side, in rising order."""
    return state.engaged[: state.now.n_engaged].tolist()


def on_side(state: State, side: int) -> list[int]:
    """Actors on `side`, in rising order."""
    return state.sides[side, : n_on(state, side)].tolist()


def listening(world: World, state: State) -> list[int]:
    """Neutrals that may be drawn in, in rising order."""
    found = (int(nth_listener(world, state, n)) for n in range(n_listeners(world, state)))
    return [k for k in found if state.actors[k].side == NEUTRAL]


def drawn(word: int, chances: Mapping[str, float], chosen: str) -> Draw:
    """A draw with plain numbers."""
    plain = {name: float(chance) for name, chance in chances.items()}
    return Draw(int(word), float(word) / WORDS, plain, chosen)


def drawn_whether(word: int, chance: float, happened: bool, yes: str, no: str) -> Draw:
    """A draw between two; `chance` is that of `yes`."""
    return drawn(word, {yes: chance, no: 1.0 - chance}, yes if happened else no)
