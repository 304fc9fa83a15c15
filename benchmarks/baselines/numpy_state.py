"""Where a batch of chains of the NumPy baseline stands."""

from dataclasses import dataclass, field

import numpy as np

from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY, TARGET
from mcescalate.model.world import World


class Columns(dict):
    """Fields of an array of records, each in one piece: that is quicker to take from."""

    def __init__(self, records: np.ndarray):
        super().__init__(
            {name: np.ascontiguousarray(records[name]) for name in records.dtype.names}
        )

    def at(self, *places: np.ndarray) -> "_Taken":
        """The fields at `places`; each is taken when it is asked for."""
        return _Taken(self, places)


class _Taken:
    def __init__(self, columns: Columns, places: tuple):
        self._columns, self._places = columns, places

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name][self._places]


def in_columns(world: World) -> World:
    """The world with actors and dyads as `Columns`."""
    return world._replace(actors=Columns(world.actors), dyads=Columns(world.all_dyads))


class Rows:
    """Stretches of a list that belong to actors: `of[first[i]:end[i]]` are those of `i`."""

    def __init__(self, world: World, name: str):
        self.first = world.actors[name].astype(np.int64)
        self.count = world.actors[f"{name}_end"].astype(np.int64) - self.first

    def expand(self, actors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For every member of every stretch: the place in `actors` and the place in the list."""
        return spread(self.first[actors], self.count[actors])


def spread(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All places of many stretches, one after the other, and whose they are."""
    owner = np.repeat(np.arange(len(count)), count)
    begin = np.cumsum(count) - count
    return owner, np.arange(len(owner)) - begin[owner] + first[owner]


@dataclass
class Batch:
    """Chains side by side; C chains, N actors. The world is one `in_columns`."""

    world: World
    rng: np.random.Generator
    n: int
    arms: np.ndarray = field(init=False)
    """(C, N)."""

    def __post_init__(self):
        shape = self.n, self.world.n_actors
        self.side = np.full(shape, NEUTRAL, np.int8)
        self.rung = np.zeros(shape, np.int8)
        self.peak = np.zeros(shape, np.int8)
        self.entry_turn = np.zeros(shape, np.int16)
        self.cause = np.full(shape, NOBODY, np.int8)
        self.through = np.full(shape, NOBODY, np.int32)
        self.divided = self.rng.random(shape) < self.world.actors["instability"]
        start = np.clip(self.world.actors["arms"], 0, self.world.arms_levels)
        self.arms = np.tile(start, (self.n, 1))
        self.originator = np.zeros((self.n, 2), np.int64)
        self.drawn = np.zeros((self.n, 2), np.int64)
        self.highest = np.zeros((self.n, 2), np.int8)
        for name in ("domain", "outcome", "last_turn", "war_turn", "misreads"):
            setattr(self, name, np.zeros(self.n, np.int64))
        for name in ("accident", "misattributed", "news", "mediated", "war_began_misread"):
            setattr(self, name, np.zeros(self.n, bool))

    def happens(self, probability: np.ndarray) -> np.ndarray:
        return self.rng.random(np.shape(probability)) < probability

    def choose(self, cumulative: np.ndarray, size: int) -> np.ndarray:
        """Classes drawn by cumulative shares."""
        return np.searchsorted(cumulative, self.rng.random(size), side="right").clip(
            max=len(cumulative) - 1
        )


class Roster:
    """Who is engaged in the chains `alive`, chain after chain, and pairs of these.

    A row is one actor in one chain: `c`, `i`, its `side` and `rung`, and `o`, the originator
    opposite to it.
    """

    def __init__(self, batch: Batch, alive: np.ndarray):
        engaged = batch.side[alive]
        row, self.i = np.nonzero(engaged != NEUTRAL)
        self.c = alive[row]
        self.side = batch.side[self.c, self.i]
        self.rung = batch.rung[self.c, self.i]
        self.o = batch.originator[self.c, 1 - self.side]
        sizes = np.bincount(row, minlength=len(alive))
        self.first = (np.cumsum(sizes) - sizes)[row]
        self.size = sizes[row]

    def __len__(self) -> int:
        return len(self.c)

    def pairs(self, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows (one, other) of one chain; `one` are places in `of`, `other` places of rows."""
        one, other = spread(self.first[of], self.size[of])
        apart = of[one] != other
        return one[apart], other[apart]


def effective(batch: Batch, c: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Capability of actors `k` with what their arms add."""
    effect = batch.world.coefficients.arms_effect
    return batch.world.actors["capability"][k] * (1.0 + effect * batch.arms[c, k])


def tempo(batch: Batch, c: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Chance that actors `k` can carry out a move, arms counted."""
    effect = batch.world.coefficients.arms_tempo
    return np.minimum(1.0, batch.world.actors["tempo"][k] * (1.0 + effect * batch.arms[c, k]))


def balance_seen(batch: Batch, balance: np.ndarray, c, k, side) -> np.ndarray:
    """The balance of power as actors `k` see it from `side`; `balance` is side A's, by chain."""
    own = np.where(side == INITIATOR, balance[c], -balance[c])
    return np.clip(own + batch.world.actors["optimism"][k], -1.0, 1.0)


def is_against(batch: Batch, kind: str, c, k, j, enemy) -> np.ndarray:
    """Whether promises of `kind` from `k` to `j` count against those on side `enemy`."""
    dyads = batch.world.dyads
    first = dyads[f"{kind}_against"][k, j]
    count = dyads[f"{kind}_against_end"][k, j] - first
    counts = count == 0
    limited = np.flatnonzero(~counts)
    if len(limited):
        owner, place = spread(first[limited], count[limited])
        foe = batch.world.links[place].astype(np.int64)
        owner = limited[owner]
        met = batch.side[c[owner], foe] == np.broadcast_to(enemy, counts.shape)[owner]
        counts[owner[met]] = True
    return counts


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x), without overflow."""
    power = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0, power) / (1.0 + power)


def open_crises(batch: Batch, chains: np.ndarray, initiator: np.ndarray, target: np.ndarray):
    """Set originators against each other in `chains`, nobody else being engaged."""
    batch.side[chains] = NEUTRAL
    batch.rung[chains] = 0
    batch.peak[chains] = 0
    batch.cause[chains] = NOBODY
    rung = batch.world.domains["rung"][batch.domain[chains]]
    for side, actor, start in ((INITIATOR, initiator, rung), (TARGET, target, 0 * rung)):
        batch.originator[chains, side] = actor
        batch.side[chains, actor] = side
        batch.rung[chains, actor] = batch.peak[chains, actor] = start
        batch.cause[chains, actor] = side
        batch.highest[chains, side] = start
    batch.news[chains] = True
