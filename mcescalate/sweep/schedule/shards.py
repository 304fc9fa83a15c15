"""The work of a sweep divided into shards: which points, which chains.

The division depends on the plan alone, by a formula for the cost of a chain and never by a
measurement, so that every process that works on a sweep divides it alike.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from mcescalate.results.budget import ACTOR_SECONDS, CHAIN_SECONDS, MOST_ACTORS
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.tally_layouts import PointLayouts

SHARD_SECONDS = 30.0
"""Cost of a shard on one core, about."""
LEAST_SHARDS = 40
"""A small sweep is divided further, so that its parts are of even size."""
LEAST_SECONDS = 1.0
MOST_SHARDS = 8_000
"""A large sweep has larger shards: folders with very many files slow file systems down."""
MOST_COUNTS = 2_000_000
"""A shard holds no more counts than this: it is assembled in memory."""
POINT_SECONDS = 1e-3


class Costs(BaseModel):
    """Costs by which work is divided into shards; kept in the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    chain: float = CHAIN_SECONDS
    actor: float = ACTOR_SECONDS
    most_actors: int = MOST_ACTORS
    point: float = POINT_SECONDS
    shard: float = SHARD_SECONDS
    counts: int = MOST_COUNTS

    def of_chain(self, n_actors: int) -> float:
        """Seconds that a chain costs among so many actors."""
        return self.chain + self.actor * min(n_actors, self.most_actors)


@dataclass(frozen=True)
class Shard:
    """Some points, each with the same chains, that are simulated and stored together.

    Parameters
    ----------
    group, look, piece : its place in the sweep: points examined together, the look for which
        the chains are simulated, the piece of that work
    points : numbers of its points, rising
    first_chain, n_chains : of each of them
    """

    group: int
    look: int
    piece: int
    points: tuple[int, ...] | range
    first_chain: int
    n_chains: int

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"{self.group:06d}-{self.look:02d}-{self.piece:04d}.tally"


def chain_cost(sweep: PlannedSweep, costs: Costs, point: int) -> float:
    """Seconds that a chain of a point costs."""
    _, scenario = sweep.bases[sweep.base_of(point)]
    return costs.of_chain(len(scenario.actors))


def total_cost(sweep: PlannedSweep, costs: Costs, n_chains: float) -> float:
    """Seconds that `n_chains` chains of each point cost, without building the points."""
    return sum(
        sweep.n_rows * (costs.point + n_chains * costs.of_chain(len(base.actors)))
        for _, base in sweep.bases
    )


def default_costs(sweep: PlannedSweep) -> Costs:
    """Costs with a size of shards that suits the sweep."""
    precision = sweep.plan.precision
    n_chains = precision.first_look if precision else sweep.n_chains
    total = total_cost(sweep, Costs(), n_chains)
    seconds = min(max(total / LEAST_SHARDS, LEAST_SECONDS), SHARD_SECONDS)
    return Costs(shard=max(seconds, total / MOST_SHARDS))


def cut(
    layouts: PointLayouts, costs: Costs, points: Iterable[int], n_chains: int
) -> Iterator[tuple[tuple[int, ...] | range, int, int]]:
    """Divide points, or the chains of one, into pieces of about equal cost.

    Yields
    ------
    Points with the first of their chains, counted from 0, and how many.
    """
    gathered: list[int] = []
    cost, held = 0.0, 0
    for point in points:
        own = costs.point + n_chains * chain_cost(layouts.sweep, costs, point)
        counts = layouts.of(point).length
        if gathered and (cost + own > costs.shard or held + counts > costs.counts):
            yield _compact(gathered), 0, n_chains
            gathered, cost, held = [], 0.0, 0
        if own > costs.shard:
            yield from _split(point, n_chains, math.ceil(own / costs.shard))
        else:
            gathered.append(point)
            cost += own
            held += counts
    if gathered:
        yield _compact(gathered), 0, n_chains


def _split(point: int, n_chains: int, n_pieces: int) -> Iterator[tuple[range, int, int]]:
    for k in range(n_pieces):
        first, end = k * n_chains // n_pieces, (k + 1) * n_chains // n_pieces
        if end > first:
            yield range(point, point + 1), first, end - first


def _compact(points: list[int]) -> tuple[int, ...] | range:
    """Rising numbers, as a range where they have no gap."""
    if points[-1] - points[0] + 1 == len(points):
        return range(points[0], points[-1] + 1)
    return tuple(points)
