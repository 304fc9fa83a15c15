"""The plain model run by Python itself, over plain objects instead of records of numpy.

Fields of numpy's records take Python microseconds each. Objects with the same fields run the
same source twenty times as fast.
"""

import functools
import threading
from types import SimpleNamespace
from typing import Any

import numpy as np

from mcescalate.model import dependences
from mcescalate.model.chain import plain
from mcescalate.model.chain.past import Past, new_past
from mcescalate.model.state import State, new_state
from mcescalate.model.world import World


class Rows(list[SimpleNamespace]):
    """Objects with the fields of an array's records; its columns are attributes, as of records."""

    def __init__(self, array: np.ndarray):
        names = array.dtype.names or ()
        super().__init__(
            SimpleNamespace(**dict(zip(names, row, strict=True))) for row in array.tolist()
        )
        for name in names:
            setattr(self, name, array[name])


def light_world(world: World) -> World:
    """A world whose records are objects."""
    actors = _rows(world.actors)
    for actor, key in zip(actors, world.actors["key"], strict=True):
        actor.key = key  # words are made of numpy's unsigned integers
    return world._replace(
        coefficients=_object(world.coefficients),
        rests_on=_object(world.rests_on),
        actors=actors,
        dyads=_rows(world.dyads),
        incidents=_rows(world.incidents),
        domains=_rows(world.domains),
    )


def light_state(world: World) -> State:
    """A state whose records are objects, without a crisis."""
    state = new_state(world)
    return state._replace(now=_object(state.now), actors=_rows(state.actors))


def light_past(world: World) -> Past:
    """The past of no chain yet, of objects."""
    past = new_past(world)
    return past._replace(world=light_world(past.world), chain=_object(past.chain))


def _rows(array: np.ndarray) -> Any:
    """`Rows`, which stand in for an array."""
    return Rows(array)


def _object(record: np.record) -> Any:
    return SimpleNamespace(**dict(zip(record.dtype.names or (), record.tolist(), strict=True)))


_CHECKING = threading.Lock()
"""Python 3.11 fails where two threads parse at the same time: it adds up how deep both are."""


def kernels() -> tuple[Any, ...]:
    """(new_room, count_batch, record_batch), once the rules have been checked."""
    with _CHECKING:
        _check()
    return new_room, count_batch, record_batch


@functools.cache
def _check() -> None:
    dependences.check()


def new_room(world: World) -> tuple[Any, ...]:
    """The world, the state and the past that a worker needs."""
    return light_world(world), light_state(world), light_past(world)


def count_batch(world: World, light: World, *batch: Any) -> None:
    """`plain.count_batch` over objects."""
    plain.count_batch(light, *batch)


def record_batch(world: World, light: World, *batch: Any) -> None:
    """`plain.record_batch` over objects."""
    plain.record_batch(light, *batch)
