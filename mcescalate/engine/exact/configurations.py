"""The configurations of a crisis, found wave by wave, and where their branches lead."""

from collections.abc import Callable

import numpy as np

from mcescalate.engine.exact.turn.crisis import FIRST, LAW_SIZE, SECOND, STAY, Crisis
from mcescalate.engine.exact.turn.ends import Scores, check_ends
from mcescalate.engine.exact.turn.loops import Loops
from mcescalate.errors import ResourceError
from mcescalate.model.codes import TURN
from mcescalate.model.rules.joining import may_stand_by
from mcescalate.model.state import State
from mcescalate.model.world import World

KEY_BITS = 63


def concerned(world: World, initiator: int, target: int) -> np.ndarray:
    """Actors that a crisis between the two may come to concern, in rising order."""
    if may_stand_by(world):
        return np.arange(world.n_actors)
    members = {initiator, target}
    for o in (initiator, target):
        actor = world.actors[o]
        members.update(world.links[actor.rivals : actor.rivals_end].tolist())
    found = list(members)
    while found:
        actor = world.actors[found.pop()]
        backers = set(world.links[actor.backers : actor.backers_end].tolist())
        found.extend(backers - members)
        members |= backers
    return np.array(sorted(members), np.int64)


def uncertain_governments(world: World, members: np.ndarray) -> np.ndarray:
    """Those of `members` whose governments are divided with a chance strictly between 0 and 1."""
    instability = world.actors["instability"][members]
    return members[(instability > 0.0) & (instability < 1.0)]


def check_keys(world: World, members: np.ndarray) -> None:
    """Refuse a crisis whose configurations have no key.

    Raises
    ------
    ResourceError
        There are too many members for the number of rungs.
    """
    n, rungs = len(members), world.top + 1
    bits = n * np.log2(2 * rungs + 1) + 2 * np.log2(rungs) + 1
    if bits >= KEY_BITS:
        raise ResourceError(
            f"the exact solver cannot hold a crisis of {n} actors on {rungs} rungs; leave actors, "
            "ties or rungs out, or simulate"
        )


class Configurations:
    """Configurations met so far, by place: the first one is that in which the crisis begins.

    The chances of branches differ with arms, domain and governments, but where they lead
    does not; so one object serves all crises between two originators that begin on one rung.

    Attributes
    ----------
    codes : (configuration, members + 3): 0 for a neutral, else 1 + side x rungs + rung; then the
        highest rungs so far of both sides, and whether there is news
    is_calm : whether the chain ends in the configuration
    options, first : of expanded configurations, the options of each member and the place in
        `targets` of the first branch; `first` is -1 before
    targets : the configuration to which each branch leads

    Parameters
    ----------
    check : called with the numbers of configurations and branches before there are so
        many; may raise
    """

    def __init__(
        self,
        world: World,
        state: State,
        loops: Loops,
        scores: Scores,
        crisis: Crisis,
        check: Callable[[int, int], None],
    ):
        self.world, self.state, self.loops, self.crisis = world, state, loops, crisis
        self._scores = scores
        self._check = check
        n = len(crisis.members)
        rungs = world.top + 1
        self.keys = np.zeros(0, np.int64)
        self.codes = np.zeros((0, n + 3), np.int64)
        self.is_calm = np.zeros(0, np.bool_)
        self.options = np.zeros((0, n), np.int64)
        self.first = np.zeros(0, np.int64)
        self.targets = np.zeros(0, np.int64)
        self._order = np.zeros(0, np.int64)
        codes = np.zeros(n + 3, np.int64)
        rung = int(world.domains[crisis.domain].rung)
        codes[np.searchsorted(crisis.members, crisis.initiator)] = 1 + rung
        codes[np.searchsorted(crisis.members, crisis.target)] = 1 + rungs
        codes[n:] = rung, 0, 1
        self._add(np.array([self._key(codes)], np.int64), np.array([False]))

    def __len__(self) -> int:
        return len(self.keys)

    def meet_all(self) -> None:
        """Expand every configuration that may come up before the horizon."""
        for _ in range(self.world.horizon):
            unknown = np.flatnonzero((self.first < 0) & ~self.is_calm)
            if len(unknown) == 0:
                break
            self.meet(unknown)

    def meet(self, unknown: np.ndarray) -> None:
        """Expand configurations by the options that they have with governments of any kind.

        Rounding may make a chance 0 with some of these and not with others, so that options are
        those of the chances before.
        """
        crisis = self.crisis._replace(uncertain=self.crisis.uncertain[:0], is_rounded=0)
        n = len(crisis.members)
        codes = self.codes[unknown]
        laws, through = np.zeros((len(unknown), n, LAW_SIZE)), np.zeros((len(unknown), n, n))
        everyone = np.arange(len(unknown))
        self.loops.fill_laws(self.world, self.state, crisis, codes, everyone, 1, laws, through)
        self.expand(unknown, options_of(self.world, codes, laws))

    def expand(self, wanted: np.ndarray, options: np.ndarray) -> None:
        """Find where the branches of the configurations wanted lead; some may be new."""
        n_options = (options & 1) + ((options >> 1) & 1) + ((options >> 2) & 1)
        first = np.concatenate([[0], np.cumsum(n_options.prod(axis=1))])
        self._check(len(self), len(self.targets) + int(first[-1]))
        keys = np.empty(first[-1], np.int64)
        is_calm = np.empty(first[-1], np.bool_)
        self.loops.fill_branches(
            self.world, self.state, self.crisis, self.codes, wanted, options, first, keys, is_calm
        )
        met, places, inverse = np.unique(keys, return_index=True, return_inverse=True)
        is_new = ~np.isin(met, self.keys)
        self._check(len(self) + int(is_new.sum()), len(self.targets) + len(keys))
        self._add(met[is_new], is_calm[places[is_new]])
        self.options[wanted] = options
        self.first[wanted] = len(self.targets) + first[:-1]
        self.targets = np.concatenate([self.targets, self._places(met)[inverse]])

    def _add(self, keys: np.ndarray, is_calm: np.ndarray) -> None:
        n = len(self.crisis.members)
        new = len(keys)
        self.keys = np.concatenate([self.keys, keys])
        self.codes = np.concatenate([self.codes, self._codes(keys)])
        self.is_calm = np.concatenate([self.is_calm, is_calm])
        self.options = np.concatenate([self.options, np.zeros((new, n), np.int64)])
        self.first = np.concatenate([self.first, np.full(new, -1)])
        self._order = np.argsort(self.keys)
        check_ends(
            self.world,
            self.state,
            self.loops.find_past,
            self._scores,
            self.crisis,
            self.codes,
            self.is_calm,
            np.arange(len(self) - new, len(self)),
        )

    def _places(self, keys: np.ndarray) -> np.ndarray:
        return self._order[np.searchsorted(self.keys, keys, sorter=self._order)]

    def _bases(self) -> list[int]:
        rungs = self.world.top + 1
        return [2 * rungs + 1] * len(self.crisis.members) + [rungs, rungs, 2]

    def _key(self, codes: np.ndarray) -> int:
        key = 0
        for base, code in zip(self._bases(), codes.tolist(), strict=True):
            key = key * base + code
        return key

    def _codes(self, keys: np.ndarray) -> np.ndarray:
        codes = []
        for base in reversed(self._bases()):
            keys, code = np.divmod(keys, base)
            codes.append(code)
        return np.stack(codes[::-1], axis=1)


def options_of(world: World, codes: np.ndarray, laws: np.ndarray) -> np.ndarray:
    """Options that may have a chance above 0, of (configuration, member).

    `laws` are those of one row a configuration. Which chances are 0 depends on neither
    governments nor arms: those only shift logits. Where laws rest on the turn, all options that
    the ladder allows are kept.
    """
    engaged = codes[:, : laws.shape[1]] > 0
    if world.rests_on.anything & TURN:
        # All that the ladder allows: no move up from war, none down from the lowest rung.
        rung = (codes[:, : laws.shape[1]] - 1) % (world.top + 1)
        first = (~engaged | (rung < world.top)).astype(np.int64)
        second = (~engaged | (rung > 0)).astype(np.int64)
        return (1 << STAY) + (first << FIRST) + (second << SECOND)
    up = (laws[..., [0, 1, 3, 4]] > 0.0).any(-1)
    down = (laws[..., [2, 5]] > 0.0).any(-1)
    first = np.where(engaged, up, (laws[..., [0, 1]] > 0.0).any(-1))
    second = np.where(engaged, down, (laws[..., [2, 3]] > 0.0).any(-1))
    return (1 << STAY) + (first << FIRST) + (second.astype(np.int64) << SECOND)
