"""How functions of the model are compiled: without reference counts, for they never allocate.

Counting references to the arrays of `World` and `State` would cost more than the model, above
all when several threads share a world.
"""

import functools

import numba

njit = functools.partial(numba.njit, _nrt=False, error_model="numpy")
