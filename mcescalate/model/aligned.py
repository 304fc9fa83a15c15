"""Arrays that share no line of the processor's cache with any other array.

Each worker writes to its own state and tally all the time. If a line held something of two
workers, each write of one would take it away from the other.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

_LINE = 64


def zeros(shape: int | tuple[int, ...], dtype: DTypeLike = np.float64) -> np.ndarray:
    """As `numpy.zeros`, on lines of its own."""
    size = (math.prod(shape) if isinstance(shape, tuple) else shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + 2 * _LINE, np.uint8)
    start = -room.ctypes.data % _LINE
    return room[start : start + size].view(dtype).reshape(shape)


def full(shape: int | tuple[int, ...], value: Any, dtype: DTypeLike) -> np.ndarray:
    """As `numpy.full`, on lines of its own."""
    array = zeros(shape, dtype)
    array[...] = value
    return array
