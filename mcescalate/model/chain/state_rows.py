"""States of many chains of one world, in rows, so that a chain can be continued from a copy."""

from typing import NamedTuple

import numpy as np

from mcescalate.model.jit import jitable
from mcescalate.model.state import ACTOR_STATE, NOW, State, new_state


class StateRows(NamedTuple):
    """The fields of `State` with a dim more, (rows), in front."""

    now: np.ndarray
    actors: np.ndarray
    engaged: np.ndarray
    watching: np.ndarray
    moved: np.ndarray
    drawn: np.ndarray
    sides: np.ndarray


def new_state_rows(world, n_rows: int, zeros=np.zeros) -> StateRows:
    """Rows of states without a crisis; `zeros` makes the arrays."""
    blank, n = new_state(world), world.n_actors
    now = zeros(n_rows, NOW)
    actors = zeros((n_rows, n), ACTOR_STATE)
    actors[...] = blank.actors
    return StateRows(
        now=now.view(np.recarray),
        actors=actors.view(np.recarray),
        engaged=zeros((n_rows, n), np.uint32),
        watching=zeros((n_rows, n), np.uint32),
        moved=zeros((n_rows, n), np.uint32),
        drawn=zeros((n_rows, n), np.uint32),
        sides=zeros((n_rows, 2, n), np.uint32),
    )


def state_at(rows: StateRows, row: int) -> State:
    """The state in a row; what is done to it is done there."""
    return State(*(array[row] for array in rows))


@jitable
def copy_state(source, here, target, there):
    """Copy the state in row `here` of `source` into row `there` of `target`."""
    target.now[there] = source.now[here]
    for i in range(source.actors.shape[1]):
        target.actors[there, i] = source.actors[here, i]
        target.engaged[there, i] = source.engaged[here, i]
        target.watching[there, i] = source.watching[here, i]
        target.moved[there, i] = source.moved[here, i]
        target.drawn[there, i] = source.drawn[here, i]
        target.sides[there, 0, i] = source.sides[here, 0, i]
        target.sides[there, 1, i] = source.sides[here, 1, i]
