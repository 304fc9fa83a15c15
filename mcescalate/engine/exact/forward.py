"""One crisis carried forward turn by turn, all its states at once."""

from dataclasses import dataclass

import numpy as np

from mcescalate.engine.exact.configurations import Configurations
from mcescalate.engine.exact.opening import Start
from mcescalate.engine.exact.turn.columns import ACCIDENT, PROBABILITY, columns_of
from mcescalate.engine.exact.turn.crisis import LAW_SIZE, new_scratch, no_flows
from mcescalate.engine.exact.turn.ends import Scores
from mcescalate.engine.exact.turn.loops import Loops
from mcescalate.model import codes
from mcescalate.model.counts import Tally
from mcescalate.model.state import State
from mcescalate.model.world import World

_PEACE = 0
"""Of all that is not a war set apart; wars are by their first turn."""


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
        self._by_war = {_PEACE: np.zeros((0, self.columns.width))}
        self._laws = np.zeros((0, len(self.crisis.members), LAW_SIZE))
        self._through = np.zeros((0, len(self.crisis.members), len(self.crisis.members)))
        self._sums = np.zeros(self.columns.width)
        self._has_laws = np.zeros(0, np.bool_)
        self._make_room()
        self._begin(start)

    def run(self, expected: Tally, numbers: np.ndarray, prune: float = 0.0) -> Course:
        """Carry the crisis to the horizon, adding what is counted of it to `expected`.

        `numbers` are those of `expected`, one after the other.

        Rows with a probability below `prune` at the start of a turn are dropped, and add to nothing
        from then on.
        """
        for turn in range(1, self.world.horizon + 1):
            n_states = 0
            for war_turn in list(self._by_war):
                before = self._by_war[war_turn]
                alive = self._alive(before, prune)
                n_states += int(np.count_nonzero(before[:, PROBABILITY] > 0.0))
                if len(alive) == 0:
                    continue
                self._prepare(alive, turn)
                before = self._by_war[war_turn]
                if war_turn != _PEACE:
                    ending = self._end_wars(alive, turn, war_turn, before, expected)
                    self._count_ends(self._take_turn(alive, turn, ending), turn, numbers)
                after, ended = self._take_turn_on(alive, turn, before)
                self._by_war[war_turn] = after
                self._count_ends(ended, turn, numbers)
            self.course.n_states = max(self.course.n_states, n_states)
            if n_states == 0:
                break
            if self.world.coefficients.war_rate > 0.0:
                self._set_wars_apart(turn)
            self._check_probability()
        for war_turn, rows in self._by_war.items():
            left = rows.reshape(-1, self.settings, self.columns.width).sum(axis=1)
            self._count_ends(left, self.world.horizon, numbers)
            if war_turn != _PEACE:
                self._count_lasting_war(expected, war_turn, float(rows[:, PROBABILITY].sum()))
        self._count_sums(expected)
        self._count_flows(expected)
        return self.course

    # ---- turns

    def _begin(self, start: Start) -> None:
        """Put the probabilities at the start into the first configuration's rows."""
        top, n = self.world.top, len(self.crisis.members)
        opening = self._by_war[_PEACE][: self.settings]
        opening[:, PROBABILITY] = opening[:, self.columns.misread] = start.probability
        opening[:, ACCIDENT] = start.by_accident
        for a in range(n):
            code = int(self.configurations.codes[0, a])
            rung = (code - 1) % (top + 1) if code > 0 else 0
            peak = self.columns.peak + a * top
            opening[:, peak : peak + rung] = start.probability[:, None]

    def _alive(self, rows: np.ndarray, prune: float) -> np.ndarray:
        """Configurations with some probability left after what is too little has been dropped."""
        probability = rows[:, PROBABILITY]
        if prune > 0.0:
            dropped = (probability > 0.0) & (probability < prune)
            self.course.lost += float(probability[dropped].sum())
            rows[dropped] = 0.0
        return np.flatnonzero((probability > 0.0).reshape(-1, self.settings).any(axis=1))

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
            self.configurations.meet(unknown)
            self._make_room()

    def _take_turn(self, alive: np.ndarray, turn: int, before: np.ndarray) -> np.ndarray:
        """One turn, after which all is over; probabilities by (configuration, column)."""
        after, ended = self._take_turn_on(alive, turn, before)
        return ended + after.reshape(-1, self.settings, self.columns.width).sum(axis=1)

    def _take_turn_on(
        self, alive: np.ndarray, turn: int, before: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """One turn: probabilities after it, by row, and those that ended, by configuration."""
        configurations = self.configurations
        mediation = np.zeros(len(configurations))
        self.loops.fill_mediation(
            self.world, self.state, self.crisis, configurations.codes, alive, turn, mediation
        )
        after = np.zeros_like(before)
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
            before,
            after,
            self.flows,
            self._scratch,
        )
        ended = np.zeros((len(configurations), self.columns.width))
        self.loops.end_turn(
            self.world,
            self.crisis,
            self.columns,
            configurations.codes,
            configurations.is_calm,
            after,
            ended,
        )
        return after, ended

    # ---- wars that end

    def _set_wars_apart(self, turn: int) -> None:
        """Keep the wars that began in `turn` by themselves: when a war ends rests on its age."""
        n = len(self.crisis.members)
        is_war = self.configurations.codes[:, n : n + 2].max(axis=1) == self.world.top
        peace = self._by_war[_PEACE]
        begun = np.where(np.repeat(is_war, self.settings)[:, None], peace, 0.0)
        if begun[:, PROBABILITY].any():
            self._by_war[turn] = begun
            peace -= begun

    def _end_wars(
        self, alive: np.ndarray, turn: int, war_turn: int, before: np.ndarray, expected: Tally
    ) -> np.ndarray:
        """Take out of `before`, and return, the part in which the war ends with `turn`."""
        chances = np.zeros((len(before), 2))
        self.loops.fill_war_ends(
            self.world,
            self.state,
            self.crisis,
            self.configurations.codes,
            alive,
            turn,
            war_turn,
            chances,
        )
        ending = before * chances[:, :1]
        before -= ending
        over = ending[:, PROBABILITY]
        won = float((over * chances[:, 1]).sum())
        expected.winner[codes.INITIATOR] += won
        expected.winner[codes.TARGET] += float(over.sum()) - won
        expected.war_length[turn - war_turn, codes.ENDED] += float(over.sum())
        return ending

    def _count_lasting_war(self, expected: Tally, war_turn: int, probability: float) -> None:
        """Count wars from `war_turn` on that go on at the horizon."""
        expected.war_length[self.world.horizon - war_turn, codes.AT_HORIZON] += probability
        expected.winner[codes.UNDECIDED] += probability

    def _check_probability(self) -> None:
        alive = sum(rows[:, PROBABILITY].sum() for rows in self._by_war.values())
        together = alive + self._sums[PROBABILITY] + self.course.lost
        self.course.gap = max(self.course.gap, abs(float(together) - self.total))

    def _make_room(self) -> None:
        """Let every array have a place for every configuration met."""
        n = len(self.configurations)
        for war_turn, rows in self._by_war.items():
            self._by_war[war_turn] = _grown(rows, n * self.settings)
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
        for side in range(2):
            o = self.crisis.target if side == codes.INITIATOR else self.crisis.initiator
            is_rival = self.world.all_dyads["rivalry"][members, o] > 0.0
            causes = np.where(is_rival, codes.OPPORTUNISM, codes.BYSTANDER)
            expected.entry[members, causes] += flows.entry[:, 1 + side]
        if self.world.coefficients.war_rate == 0.0:
            for turn, probability in enumerate(flows.war_turn.tolist()):
                if probability > 0.0:
                    self._count_lasting_war(expected, turn, probability)
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
