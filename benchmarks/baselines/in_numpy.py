"""The model in NumPy: many chains side by side, the chain being an axis of every array.

Each turn every reading, move and hazard of every chain is drawn, from probabilities worked out
afresh, as the model is written. Who is engaged stands in a roster with a row for each (chain,
actor), and whatever joins two actors is worked out over pairs of rows, so that the work grows
with who is concerned. Of a result nothing is left out. Nothing is remembered between turns.
"""

import numpy as np

from baselines.counts import Counts, complete_peaks, new_counts
from baselines.numpy_joining import balance_of_power, draw_in, promises
from baselines.numpy_response import respond, sightings
from baselines.numpy_scoring import score
from baselines.numpy_state import (
    Batch,
    Roster,
    Rows,
    balance_seen,
    in_columns,
    logistic,
    open_crises,
)
from mcescalate.model.codes import (
    DETERRED,
    GENERAL_WAR,
    HOLD,
    INITIATOR,
    LIMITED_WAR,
    MEDIATED,
    NEUTRAL,
    SETTLED,
    STALEMATE,
    TARGET,
    UP,
)
from mcescalate.model.coefficients import SHARE_TOLERANCE
from mcescalate.model.world import World

BATCH = 1 << 14
"""Chains side by side: more do not fit the caches, fewer cost more calls a chain."""


def play(world: World, n_chains: int, seed: int) -> Counts:
    """Play `n_chains` and count everything that a result counts."""
    counts = new_counts(world)
    rng = np.random.default_rng(seed)
    world = in_columns(world)
    player = Player(world)
    for first in range(0, n_chains, BATCH):
        batch = Batch(world, rng, min(BATCH, n_chains - first))
        player.play(batch)
        score(batch, counts)
    complete_peaks(counts)
    return counts


class Player:
    """Plays batches of one world; holds what is worked out beforehand."""

    def __init__(self, world: World):
        self.world = world
        self.table = sightings(world)
        self.backers, self.rivals = Rows(world, "backers"), Rows(world, "rivals")
        self.regarded = Rows(world, "regarded")
        self.restless = np.flatnonzero(world.actors["turnover"] > 0.0)

    def play(self, batch: Batch) -> None:
        """Play the chains of a batch to their ends."""
        race(batch, self.regarded)
        begin(batch)
        chains = np.arange(batch.n)
        roster = Roster(batch, chains)
        balance = balance_of_power(batch, roster, promises(batch, roster, self.backers))
        alive = chains[self._goes_ahead(batch, balance)]
        batch.outcome[:] = DETERRED
        batch.side[np.setdiff1d(chains, alive)] = NEUTRAL
        attribute(batch, alive, self.regarded)
        for turn in range(1, self.world.horizon + 1):
            alive = self._play_turn(batch, alive, turn)
            if len(alive) == 0:
                return
        finish(batch, alive)

    def _goes_ahead(self, batch: Batch, balance: np.ndarray) -> np.ndarray:
        world, c = self.world, self.world.coefficients
        chains = np.arange(batch.n)
        i, j = batch.originator[:, INITIATOR], batch.originator[:, TARGET]
        dyads = world.dyads.at(i, j)
        seen = balance_seen(batch, balance, chains, i, np.full(batch.n, INITIATOR))
        logit = (
            c.deterrence_base
            + c.deterrence_rivalry * dyads["rivalry"]
            + c.deterrence_balance * seen
            + world.actors["resolve"][i]
            + c.deterrence_diversion * batch.divided[chains, i]
            + c.deterrence_opportunity * batch.divided[chains, j]
            - c.deterrence_pact * dyads["pact"]
        )
        return batch.accident | batch.happens(logistic(logit))

    def _play_turn(self, batch: Batch, alive: np.ndarray, turn: int) -> np.ndarray:
        """Play a turn of the chains `alive`; returns those of them that go on."""
        roster = Roster(batch, alive)
        owed = promises(batch, roster, self.backers)
        balance = balance_of_power(batch, roster, owed)
        height = heights(batch, roster)
        mediate(batch, alive, height, turn)
        move, misread = respond(batch, roster, balance, self.table)
        entries = draw_in(batch, owed, self.rivals, alive, height, balance)
        make_moves(batch, roster, move, misread, turn)
        enter(batch, *entries, turn)
        roster = Roster(batch, alive)
        c, i = roster.c, roster.i
        batch.peak[c, i] = np.maximum(batch.peak[c, i], roster.rung)
        height = heights(batch, roster)[alive]
        higher = height > batch.highest[alive]
        batch.highest[alive] = np.maximum(batch.highest[alive], height)
        batch.news[alive] = (higher & (height >= self.world.casus)).any(axis=1)
        batch.news[entries[0]] = True
        batch.last_turn[alive] = turn
        calm = (height == 0).all(axis=1)
        ended = alive[calm]
        batch.outcome[ended] = np.where(batch.mediated[ended], MEDIATED, SETTLED)
        alive = alive[~calm]
        if len(self.restless):
            change_governments(batch, alive, self.restless)
        return alive


def race(batch: Batch, regarded: Rows) -> None:
    """Run the arms race: all actors at once, period by period."""
    world, c = batch.world, batch.world.coefficients
    i, place = regarded.expand(np.arange(world.n_actors))
    j = world.links[place].astype(np.int64)
    driven, first = np.unique(i, return_index=True)
    dyads = world.dyads.at(i, j)
    bias = (world.actors["bias"][i] + dyads["mistrust"]) * (1.0 - dyads["channel"])
    for _ in range(world.arms_periods):
        goal = np.zeros(batch.arms.shape)
        if len(driven):
            drive = dyads["rivalry"] * (batch.arms[:, j] + bias)
            goal[:, driven] = np.maximum.reduceat(drive, first, axis=1)
        gap = goal - batch.arms
        up = batch.happens(logistic(c.arms_base + c.arms_pull * gap))
        down = ~up & batch.happens(logistic(c.arms_decay - c.arms_fatigue * gap))
        step = up.astype(np.int64) - down
        batch.arms = np.clip(batch.arms + step, 0, world.arms_levels)


def begin(batch: Batch) -> None:
    """Draw the incidents."""
    world = batch.world
    incident = world.incidents[batch.choose(world.incidents["cumulative"], batch.n)]
    batch.domain = batch.choose(world.domains["cumulative"], batch.n)
    batch.drawn = np.stack([incident["initiator"], incident["target"]], axis=1)
    batch.accident = batch.happens(np.full(batch.n, world.accident))
    open_crises(batch, np.arange(batch.n), incident["initiator"], incident["target"])


def attribute(batch: Batch, alive: np.ndarray, regarded: Rows) -> None:
    """Let targets blame the wrong actor, and strike back at that one."""
    world = batch.world
    wrong = alive[batch.happens(world.domains["misattribution"][batch.domain[alive]])]
    initiator, victim = batch.originator[wrong, INITIATOR], batch.originator[wrong, TARGET]
    row, place = regarded.expand(victim)
    x = world.links[place].astype(np.int64)
    weight = np.where(x == initiator[row], 0.0, world.dyads["rivalry"][victim[row], x])
    # The largest of exponential keys with these weights is each one with its chance.
    with np.errstate(divide="ignore"):
        key = np.where(weight > 0.0, batch.rng.exponential(size=len(x)) / weight, np.inf)
    order = np.lexsort((key, row))
    row, x, weight = row[order], x[order], weight[order]
    chosen = (np.diff(row, prepend=-1) != 0) & (weight > 0.0)
    chains, blamed = wrong[row[chosen]], x[chosen]
    batch.misattributed[chains] = True
    open_crises(batch, chains, victim[row[chosen]], blamed)


def heights(batch: Batch, roster: Roster) -> np.ndarray:
    """The highest rung of each side, by chain."""
    height = np.zeros((batch.n, 2), np.int8)
    np.maximum.at(height, (roster.c, roster.side), roster.rung)
    return height


def mediate(batch: Batch, alive: np.ndarray, height: np.ndarray, turn: int) -> None:
    """Draw in which chains a mediator is heard this turn."""
    world, c = batch.world, batch.world.coefficients
    batch.mediated[alive] = False
    highest = height[alive].max(axis=1)
    chains, highest = alive[highest < world.top], highest[highest < world.top]
    if turn <= c.mediation_delay or len(chains) == 0:
        return
    arms = batch.arms[chains[:, None], batch.originator[chains]].max(axis=1)
    strain = c.mediation_arms * arms / max(world.arms_levels, 1)
    urgency = 1.0 + c.mediation_tension * highest / world.top
    batch.mediated[chains] = batch.happens(c.mediation_rate * urgency * (1.0 - strain))


def make_moves(batch: Batch, roster: Roster, move, misread, turn: int) -> None:
    """Carry out the moves of a turn, and bring war to both originators."""
    top = batch.world.top
    c, i = roster.c, roster.i
    moved = move != HOLD
    batch.rung[c[moved], i[moved]] += move[moved]
    np.add.at(batch.misreads, c[misread], 1)
    to_war = np.flatnonzero((move == UP) & (roster.rung == top - 1))
    first = to_war[batch.war_turn[c[to_war]] == 0]
    batch.war_began_misread[c[first]] = True
    batch.war_began_misread[c[first[~misread[first]]]] = False
    batch.war_turn[c[first]] = turn
    batch.rung[c[to_war], roster.o[to_war]] = top


def enter(batch: Batch, c, k, side, cause, through, turn: int) -> None:
    """Bring in those who were drawn to a side."""
    batch.side[c, k] = side
    batch.rung[c, k] = 1
    batch.cause[c, k] = cause
    batch.through[c, k] = through
    batch.entry_turn[c, k] = turn


def change_governments(batch: Batch, alive: np.ndarray, restless: np.ndarray) -> None:
    """Redraw governments at the end of a turn."""
    actors = batch.world.actors.at(restless)
    shape = len(alive), len(restless)
    redrawn = batch.rng.random(shape) < actors["turnover"]
    divided = batch.rng.random(shape) < actors["instability"]
    place = alive[:, None], restless
    batch.divided[place] = np.where(redrawn, divided, batch.divided[place])


def finish(batch: Batch, alive: np.ndarray) -> None:
    """Tell stalemate from war, and limited from general war, at the horizon."""
    world = batch.world
    at_war = (batch.side[alive] != NEUTRAL) & (batch.rung[alive] == world.top)
    share = at_war @ world.actors["capability"] / world.system_capability
    is_general = share >= world.coefficients.outcome_general_share - SHARE_TOLERANCE
    war = np.where(is_general, GENERAL_WAR, LIMITED_WAR)
    batch.outcome[alive] = np.where(at_war.any(axis=1), war, STALEMATE)
