"""The queue of shards that remain to be simulated.

With a fixed number of chains all shards are known in advance. With a precision, a group of points
is examined after each look, and only points that are not yet precise enough continue; the next
shards are then a function of the counts so far, so that every process derives the same ones.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from mcescalate.sweep.design.plan import PrecisionTable
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.precision import is_precise, looks
from mcescalate.sweep.schedule.shards import Costs, Shard, cut
from mcescalate.sweep.schedule.tally_layouts import PointLayouts


class ShardQueue:
    """The shards of one part of a sweep.

    Parameters
    ----------
    sweep : the sweep
    costs : costs by which work is divided into shards
    stretches : with a fixed number of chains, the numbers requested so far, rising: a sweep that
        is extended keeps its shards
    part : (i, n): of n parts, the one numbered i from 0
    """

    def __init__(
        self,
        sweep: PlannedSweep,
        costs: Costs,
        stretches: tuple[int, ...],
        part: tuple[int, int] = (0, 1),
    ):
        self.sweep = sweep
        self.layouts = PointLayouts(sweep)
        self.costs = costs
        self.part = part
        self.precision = sweep.plan.precision
        self.ends = looks(self.precision) if self.precision else stretches
        self.n_simulated = np.zeros(sweep.n_points, np.int64)
        """Chains of each point whose shards are finished."""
        self.ended = np.zeros(sweep.n_points, bool)
        """Points that need no more chains."""
        self.reached = np.zeros(sweep.n_points, bool)
        """Points that have reached the precision."""
        self.successes = np.zeros(sweep.n_points, np.int64)
        """Chains of each point in which the target event occurred."""
        self._members: dict[int, np.ndarray] = {}
        self._open: dict[int, int] = {}
        self._ready: deque[Shard] = deque()
        self._groups = self._adaptive_groups() if self.precision else self._fixed_shards()

    def take(self) -> Shard | None:
        """The next shard; None if none is left, or none before another is finished."""
        while not self._ready:
            group = next(self._groups, None)
            if group is None:
                return None
            self._ready.extend(group)
        return self._ready.popleft()

    def finish(self, shard: Shard, successes: np.ndarray | None) -> None:
        """Note that a shard is finished.

        Parameters
        ----------
        successes : chains of each point in which the target event occurred; None without a
            precision
        """
        points = np.fromiter(shard.points, np.int64)
        self.n_simulated[points] += shard.n_chains
        if self.precision is None or successes is None:
            self.ended[points] = self.n_simulated[points] >= self.ends[-1]
            return
        self.successes[points] += successes
        self._open[shard.group] -= 1
        if self._open[shard.group] == 0:
            self._look(shard, self.precision)

    def _is_ours(self, group: int) -> bool:
        return group % self.part[1] == self.part[0]

    def _fixed_shards(self) -> Iterator[list[Shard]]:
        start = 0
        for look, end in enumerate(self.ends):
            pieces = cut(self.layouts, self.costs, range(self.sweep.n_points), end - start)
            for group, (points, first, n) in enumerate(pieces):
                if self._is_ours(group):
                    yield [Shard(group, look, 0, points, self._chain(start + first), n)]
            start = end

    def _adaptive_groups(self) -> Iterator[list[Shard]]:
        for group, points in enumerate(self._group_points()):
            if self._is_ours(group):
                yield self._stretch(group, 0, points)

    def _group_points(self) -> Iterator[list[int]]:
        """Points that are examined together: as many as a shard of the first look has."""
        last = -1
        for points, _, _ in cut(self.layouts, self.costs, range(self.sweep.n_points), self.ends[0]):
            if points[0] > last:  # not a further piece of one point
                last = points[-1]
                yield list(points)

    def _stretch(self, group: int, look: int, points: list[int]) -> list[Shard]:
        start = self.ends[look - 1] if look else 0
        pieces = cut(self.layouts, self.costs, points, self.ends[look] - start)
        shards = [
            Shard(group, look, piece, these, self._chain(start + first), n)
            for piece, (these, first, n) in enumerate(pieces)
        ]
        self._open[group] = len(shards)
        self._members[group] = np.array(points)
        return shards

    def _chain(self, offset: int) -> int:
        return self.sweep.plan.first_chain + offset

    def _look(self, shard: Shard, precision: PrecisionTable) -> None:
        """Decide which points of a group continue."""
        points = self._members.pop(shard.group)
        enough = is_precise(precision, self.successes[points], self.ends[shard.look])
        last = shard.look + 1 == len(self.ends)
        self.reached[points[enough]] = True
        self.ended[points] = enough | last
        if not last and not enough.all():
            more = self._stretch(shard.group, shard.look + 1, points[~enough].tolist())
            self._ready.extendleft(reversed(more))
