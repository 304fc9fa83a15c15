"""Arrays on cache lines of their own."""

import numpy as np
import pytest
from small_crisis import crisis

from mcescalate.model.aligned import full, zeros
from mcescalate.model.counts import new_tally
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world


@pytest.mark.parametrize("shape", [1, 3, (2, 5), (4, 0)])
def test_same_as_of_numpy(shape):
    for dtype in (np.int64, np.uint32, np.float64):
        np.testing.assert_array_equal(zeros(shape, dtype), np.zeros(shape, dtype), strict=True)
        np.testing.assert_array_equal(full(shape, 7, dtype), np.full(shape, 7, dtype), strict=True)
        assert zeros(shape, dtype).flags.c_contiguous


def lines_of(arrays) -> set[int]:
    """The lines of 64 bytes in which some arrays lie."""
    return {
        line
        for array in arrays
        if array.nbytes > 0
        for line in range(array.ctypes.data // 64, (array.ctypes.data + array.nbytes - 1) // 64 + 1)
    }


def test_what_workers_write_shares_no_line():
    world = build_world(crisis())
    lines = []
    for _ in range(2):
        state, tally = new_state(world, zeros), new_tally(world)
        now = np.frombuffer(state.now, np.uint8)
        lines.append(lines_of([now, *state[1:], *tally]))
    assert lines[0].isdisjoint(lines[1])
