"""Workers that die or fail at will; in a module of their own, so that processes find them."""

import os
import signal
import sys

from mcescalate.sweep.run.worker import simulate_pieces

FLAG = "SWEEP_TEST_FLAG"
"""Environment variable with a file: the worker that takes it away dies."""
FATAL_GAP = 0.5
"""Points with this `response.gap`, those in the middle, are fatal."""


def dies_once(pieces, backend, stop=None):
    """Kill this process at a fatal point if nobody did before."""
    if any(_is_fatal(piece) for piece in pieces):
        try:
            os.unlink(os.environ[FLAG])
        except FileNotFoundError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return simulate_pieces(pieces, backend, stop)


def dies_always(pieces, backend, stop=None):
    """Kill this process at a fatal point."""
    if any(_is_fatal(piece) for piece in pieces):
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate_pieces(pieces, backend, stop)


def raises(pieces, backend, stop=None):
    """Fail at a fatal point."""
    if any(_is_fatal(piece) for piece in pieces):
        raise ZeroDivisionError("the bottom fell out")
    return simulate_pieces(pieces, backend, stop)


def imports_no_scenarios(pieces, backend, stop=None):
    """Fail if a worker needed more than arrays, or was handed more."""
    if "pydantic" in sys.modules or any("scenario" in type(p.world).__module__ for p in pieces):
        raise TypeError("a worker was sent a scenario")
    return simulate_pieces(pieces, backend, stop)


def _is_fatal(piece) -> bool:
    return abs(float(piece.world.coefficients.response_gap) - FATAL_GAP) < 1e-9
