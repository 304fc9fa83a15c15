"""What a worker does: play chains of compiled scenarios and hand back their tallies.

Nothing but arrays and numbers comes in, and nothing but arrays goes out.
"""

import signal
import threading
from typing import NamedTuple

import numpy as np

from mcescalate.engine.batches import run_chains
from mcescalate.model.world import World
from mcescalate.sweep.rows import tally_row


class Piece(NamedTuple):
    """Chains of one point."""

    world: World
    seed: int
    first_chain: int
    n_chains: int


_stop = threading.Event()
"""Asks this worker to stop; a process gets its parent's."""


def play(pieces: list[Piece], backend: str, stop=None) -> list[np.ndarray]:
    """The tally of each piece as a row of numbers.

    Raises
    ------
    Interrupted
        `stop`, or this worker's own, was set before the last chain.
    """
    return [
        tally_row(
            run_chains(
                piece.world,
                seed=piece.seed,
                first_chain=piece.first_chain,
                n_chains=piece.n_chains,
                workers=1,
                backend=backend,
                stop=stop or _stop,
            )[0]
        )
        for piece in pieces
    ]


def prepare_process(stop) -> None:
    """Make this process a worker: it leaves signals to its parent, and ends when that ends."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    connection.wait([parent_process().sentinel])
    signal.raise_signal(signal.SIGTERM)
