"""One crisis carried forward turn by turn, all its states at once."""

from dataclasses import dataclass

import numpy as np

from mcescalate.engine.exact.columns import ACCIDENT, PROBABILITY, columns_of
from mcescalate.engine.exact.configurations import Configurations, options_of
from mcescalate.engine.exact.crisis import LAW_SIZE, new_scratch, no_flows
from mcescalate.engine.exact.ends import Scores
from mcescalate.engine.exact.loops import Loops
from mcescalate.engine.exact.opening import Start
from mcescalate.model import codes
from mcescalate.model.counts import Tally
from mcescalate.model.state import State
from mcescalate.model.world import World


@dataclass
class Course:
    """What carrying a crisis forward took, and how well its probability kept together."""

    n_states: int = 0
    """Most states with some probability at the start of a turn."""
    lost: float = 0.0
    """Probability dropped because it was too little."""
    gap: float = 0.0
    """Largest difference of all probabilities together from that at the start, after any turn."""


class Forward:
    """Probabilities of one crisis by row: a setting of uncertain governments in a configuration."""

    def __init__(
        self,
        world: World,
        state: State,
        loops: Loops,
        configurations: Configurations,
        scores: Scores,
        start: Start,
    ):
        self.world, self.state, self.loops, self.configurations = (
            world,
            state,
            loops,
            configurations,
        )
        self.crisis = start.crisis
        self.settings = len(start.probability)
        self.columns = columns_of(len(self.crisis.members), world.top)
        self.flows = no_flows(len(self.crisis.members), world.horizon)
        self.course = Course()
        self.total = float(start.probability.sum())
        self._scratch = new_scratch(len(self.crisis.members))
        self._scores = scores
        self._probabilities = np.zeros((0, self.columns.width))
        self._laws = np.zeros((0, len(self.crisis.members), LAW_SIZE))
        self._through = np.zeros((0, len(self.crisis.members), len(self.crisis.members)))
        self._sums = np.zeros(self.columns.width)
        self._has_laws = np.zeros(0, np.bool_)
        self._make_room()
        self._begin(start)

    def run(self, expected: Tally, numbers: np.ndarray, prune: float = 0.0) -> Course:
        """Carry the crisis to the horizon, adding what comes of it to `expected`.

        `numbers` are those of `expected`, one after the other.

        Rows with a probability below `prune` at the start of a turn are dropped, and add to nothing
        from then on.
        """
        for turn in range(1, self.world.horizon + 1):
            alive = self._alive(prune)
            if len(alive) == 0:
                break
            self._prepare(alive, turn)
            self._count_ends(self._play(alive, turn), turn, numbers)
            self._check_probability()
        left = self._probabilities.reshape(-1, self.settings, self.columns.width).sum(axis=1)
        self._count_ends(left, self.world.horizon, numbers)
        self._count_sums(expected)
        self._count_flows(expected)
        return self.course

    # ---- turns

    def _begin(self, start: Start) -> None:
        """Put the probabilities at the start into the first configuration's rows."""
        top, n = self.world.top, len(self.crisis.members)
        opening = self._probabilities[: self.settings]
        opening[:, PROBABILITY] = opening[:, self.columns.misread] = start.probability
        opening[:, ACCIDENT] = start.by_accident
        for a in range(n):
            code = int(self.configurations.codes[0, a])
            rung = (code - 1) % (top + 1) if code > 0 else 0
            peak = self.columns.peak + a * top
            opening[:, peak : peak + rung] = start.probability[:, None]

    def _alive(self, prune: float) -> np.ndarray:
        """Configurations with some probability left after what is too little has been dropped."""
        probability = self._probabilities[:, PROBABILITY]
        if prune > 0.0:
            dropped = (probability > 0.0) & (probability < prune)
            self.course.lost += float(probability[dropped].sum())
            self._probabilities[dropped] = 0.0
        occupied = probability > 0.0
        self.course.n_states = max(self.course.n_states, int(np.count_nonzero(occupied)))
        return np.flatnonzero(occupied.reshape(-1, self.settings).any(axis=1))

    def _prepare(self, alive: np.ndarray, turn: int) -> None:
        """See that all configurations alive have their laws and branches."""
        if self.world.rests_on.anything & codes.TURN:
            self._has_laws[:] = False
            self._laws[:] = 0.0
            self._through[:] = 0.0
        lacking = alive[~self._has_laws[alive]]
        self.loops.fill_laws(
            self.world,
            self.state,
            self.crisis,
            self.configurations.codes,
            lacking,
            turn,
            self._laws,
            self._through,
        )
        self._has_laws[lacking] = True
        unknown = alive[self.configurations.first[alive] < 0]
        if len(unknown) > 0:
            laws = self._laws[unknown * self.settings]
            self.configurations.expand(
                unknown, options_of(self.world, self.configurations.codes[unknown], laws)
            )
            self._make_room()

    def _play(self, alive: np.ndarray, turn: int) -> np.ndarray:
        """One turn; returns the probabilities that ended in it, by (configuration, column)."""
        configurations = self.configurations
        mediation = np.zeros(len(configurations))
        self.loops.fill_mediation(
            self.world, self.state, self.crisis, configurations.codes, alive, turn, mediation
        )
        after = np.zeros_like(self._probabilities)
        self.loops.push(
            self.crisis,
            self.columns,
            turn,
            self.world.top,
            alive,
            configurations.codes,
            configurations.options,
            configurations.first,
            configurations.targets,
            mediation,
            self._laws,
            self._through,
            self._probabilities,
            after,
            self.flows,
            self._scratch,
        )
        self._probabilities = after
        ended = np.zeros((len(configurations), self.columns.width))
        self.loops.end_turn(
            self.world,
            self.crisis,
            self.columns,
            configurations.codes,
            configurations.is_calm,
            self._probabilities,
            ended,
        )
        return ended

    def _check_probability(self) -> None:
        together = (
            self._probabilities[:, PROBABILITY].sum() + self._sums[PROBABILITY] + self.course.lost
        )
        self.course.gap = max(self.course.gap, abs(float(together) - self.total))

    def _make_room(self) -> None:
        """Let every array have a place for every configuration met."""
        n = len(self.configurations)
        self._probabilities = _grown(self._probabilities, n * self.settings)
        self._laws = _grown(self._laws, n * self.settings)
        self._through = _grown(self._through, n * self.settings)
        self._has_laws = _grown(self._has_laws, n)

    # ---- counts

    def _count_ends(self, ended: np.ndarray, turn: int, numbers: np.ndarray) -> None:
        """Count what shows as chains end in `turn`; `ended` is by (configuration, column)."""
        self._sums += ended.sum(axis=0)
        self.loops.score_ends(
            self.world,
            self.state,
            self._scores,
            self.crisis,
            self.configurations.codes,
            self.configurations.is_calm,
            np.flatnonzero(ended[:, PROBABILITY] > 0.0),
            turn,
            ended,
            numbers,
        )

    def _count_sums(self, expected: Tally) -> None:
        """Count what the columns of all that has ended say."""
        sums, columns, world = self._sums, self.columns, self.world
        expected.misread[:] += sums[columns.misread :]
        expected.actor_peak[:, 0] += sums[PROBABILITY]
        for a, i in enumerate(self.crisis.members):
            first = columns.peak + a * world.top
            at_least = sums[first : first + world.top]
            expected.actor_peak[i, 1:] += at_least
            expected.actor_peak[i, :-1] -= at_least
            if i == self.crisis.target:
                expected.reciprocated[0] += at_least[0]

    def _count_flows(self, expected: Tally) -> None:
        """Count entries and the beginnings of wars."""
        flows, members = self.flows, self.crisis.members
        expected.war_turn[:] += flows.war_turn
        expected.misread_war[0] += flows.misread_war[0]
        expected.entry_turn[members] += flows.entry_turn
        expected.entry[members, codes.TREATY] += flows.entry[:, 0]
        expected.entry[members, codes.OPPORTUNISM] += flows.entry[:, 1]
        expected.drawn_in[np.ix_(members, members)] += flows.drawn_in
        expected.chain_gang[members] += flows.chain_gang
        for o, cause in (
            (self.crisis.initiator, codes.INITIATOR),
            (self.crisis.target, codes.TARGET),
        ):
            expected.entry[o, cause] += self.total
            expected.entry_turn[o, 0] += self.total


def _grown(array: np.ndarray, n: int) -> np.ndarray:
    """`array` with zeros after it, so that it has `n` rows."""
    if len(array) >= n:
        return array
    grown = np.zeros((n, *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown
