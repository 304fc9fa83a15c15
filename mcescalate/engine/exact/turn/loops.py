"""The solver's loops, compiled or run by Python itself."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from mcescalate.engine.exact.turn import ends, laws, probabilities
from mcescalate.errors import BackendUnavailable

BACKENDS = ("numba", "python")


class Loops(NamedTuple):
    """The loops of `laws`, `probabilities` and `ends`, by name."""

    fill_challenges: Callable[..., Any]
    fill_mediation: Callable[..., Any]
    fill_war_ends: Callable[..., Any]
    fill_laws: Callable[..., Any]
    fill_branches: Callable[..., Any]
    push: Callable[..., Any]
    end_turn: Callable[..., Any]
    score_ends: Callable[..., Any]
    score_deterred: Callable[..., Any]
    find_past: Callable[..., Any]


@functools.cache
def loops_of(backend: str) -> Loops:
    """The loops on a backend: "numba", or "python" for the same source uncompiled.

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    """
    plain = Loops(
        laws.fill_challenges,
        laws.fill_mediation,
        laws.fill_war_ends,
        laws.fill_laws,
        laws.fill_branches,
        probabilities.push,
        probabilities.end_turn,
        ends.score_ends,
        ends.score_deterred,
        ends.find_past,
    )
    if backend == "python":
        return plain
    if backend != "numba":
        names = " or ".join(BACKENDS)
        raise BackendUnavailable(
            f'backend "{backend}" is not known to the exact solver; use {names}'
        )
    from mcescalate.engine.backend_numba import compiled

    return Loops(*map(compiled, plain))
