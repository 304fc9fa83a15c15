"""No place in an array is negative: kernels are compiled on that understanding."""

import numpy as np
import pytest
from kernel.known import KnownMoment
from kernel.test_memory import KINDS, SEED, lively, simulate
from model.states import Moment

from mcescalate.model.chain import plain
from mcescalate.model.chain.scoring import score
from mcescalate.model.counts import new_tally


class Guarded(np.recarray):
    """An array that refuses places counted from its end."""

    def __getitem__(self, place):
        refuse(place)
        return super().__getitem__(place)

    def __setitem__(self, place, value):
        refuse(place)
        super().__setitem__(place, value)


def refuse(place) -> None:
    for one in place if isinstance(place, tuple) else (place,):
        if isinstance(one, int | np.integer):
            assert one >= 0


def guarded(fields):
    """The same named arrays, guarded."""
    arrays = {
        name: value.view(Guarded)
        for name, value in fields._asdict().items()
        if isinstance(value, np.ndarray)
    }
    return fields._replace(**arrays)


def test_the_guard_refuses_places_counted_from_the_end():
    array = np.zeros((2, 3)).view(Guarded)
    array[0, 1] = 1.0
    for place in (-1, (0, np.int64(-1))):
        with pytest.raises(AssertionError):
            array[place]
        with pytest.raises(AssertionError):
            array[place] = 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_no_place_is_counted_from_the_end(kind):
    known, afresh = KnownMoment(lively(*kind)), Moment(lively(*kind))
    tally = guarded(new_tally(known.world))
    for at in (known, afresh):
        at.world, at.state = guarded(at.world), guarded(at.state)
    known.memory = guarded(known.memory)
    for number in range(4):
        simulate(known, number)
        score(known.world, known.state, tally, np.uint64(number))
        plain.simulate_chain(afresh.world, afresh.state, SEED, np.uint64(number))
