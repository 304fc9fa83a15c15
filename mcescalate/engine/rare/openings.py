"""How a crisis may begin: pair, domain and state blamed, each with its exact weight."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.model.codes import NOBODY
from mcescalate.model.rules.challenge import blame_weight
from mcescalate.model.world import World

OPENING = np.dtype(
    [
        ("initiator", np.int64),
        ("target", np.int64),
        ("domain", np.int64),
        ("blamed", np.int64),  # by mistake, or NOBODY
    ]
)


class Openings(NamedTuple):
    """All openings that there are, and their shares of all incidents."""

    rows: np.ndarray
    """Of OPENING."""
    shares: NDArray[np.float64]

    def drop(self, actors: set[int]) -> "Openings":
        """Those in which none of these is an originator."""
        kept = [not actors & set(originators(row)) for row in self.rows]
        return Openings(self.rows[kept], self.shares[kept])


def originators(row: Any) -> tuple[int, int]:
    """The two who face each other, after any mistake."""
    if row.blamed != NOBODY:
        return int(row.target), int(row.blamed)
    return int(row.initiator), int(row.target)


def find_openings(world: World) -> Openings:
    """List the openings of `world`, with the shares that docs/model.md 3 gives them."""
    rows, shares = [], []
    for incident in world.incidents:
        for number, domain in enumerate(world.domains):
            share = float(incident.share * domain.share)
            if share == 0.0:
                continue
            pair = int(incident.initiator), int(incident.target)
            weights = {}
            if domain.misattribution > 0.0:
                found = {x: float(blame_weight(world, *pair, x)) for x in range(world.n_actors)}
                weights = {x: weight for x, weight in found.items() if weight > 0.0}
            wrong = float(domain.misattribution) if weights else 0.0
            if wrong < 1.0:
                rows.append((*pair, number, NOBODY))
                shares.append(share * (1.0 - wrong))
            for x, weight in weights.items():
                rows.append((*pair, number, x))
                shares.append(share * wrong * weight / sum(weights.values()))
    return Openings(np.array(rows, OPENING).view(np.recarray), np.array(shares))


def allot(openings: Openings, n: int, u: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Openings of `n` chains, and the weight of each chain.

    Where they are few, each opening has its part of the chains: half of them by its share, half
    alike. Where they are many, chains are drawn systematically by their shares, from `u`.
    """
    shares = openings.shares
    total = shares.sum()
    if len(shares) * 4 <= n:
        wanted = n * (0.5 * shares / total + 0.5 / len(shares))
        count = np.maximum(1, np.floor(wanted).astype(np.intp))
        count[np.argsort(wanted - count)[::-1][: n - count.sum()]] += 1
        place = np.repeat(np.arange(len(shares)), count)
        return place, shares[place] / count[place]
    return systematic(shares, n, u), np.full(n, total / n)


def systematic(weights: NDArray[np.float64], n: int, u: float) -> NDArray[np.intp]:
    """`n` places drawn by their weights, evenly spread from one random number."""
    edges = np.cumsum(weights)
    places = np.searchsorted(edges, (np.arange(n) + u) / n * edges[-1], side="right")
    return np.minimum(places, np.flatnonzero(weights > 0.0)[-1]).astype(np.intp)
