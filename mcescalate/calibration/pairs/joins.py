"""Who joins a dispute between two: chances of each bystander, and their slopes.

Forward along the rungs of the two, after a pass backward for the slopes. What one joiner changes
for the others is left out.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.calibration.pairs.moves import (
    SETTINGS,
    fill_moves,
    government_chance,
    open_dispute,
    write_values,
)
from mcescalate.model.codes import INITIATOR, TARGET
from mcescalate.model.jit import jitable
from mcescalate.model.rules.joining import (
    may_stand_by,
    n_hazards,
    next_hazard,
    nth_impulse,
    review_share,
)
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import may_mediate
from mcescalate.model.state import set_heights
from mcescalate.model.world import World

TO_A, TO_B, TO_A_IN_WAR, TO_B_IN_WAR = range(4)
N_JOINS = 4
"""What is followed of a bystander: that it enters side A, or B; the same where it comes to war.
Side A has even numbers."""
NO_SLOPES, SLOPES_IN_PEACE, SLOPES_IN_WAR = range(3)
"""Which slopes are asked for: none, or those of entries where it does not, or does, come to war."""
OVER = -1
"""Stands for no place: the dispute is over."""
_LEAST = 1e-17
"""Chances of the pair's states below this are left out, a thousandth of what rounding may do."""


@jitable
def new_highs(world, rung):
    """How many rungs from the casus on a highest rung is above; only these make news."""
    return max(0, rung - world.casus + 1)


class Places(NamedTuple):
    """The states of the pair that bear on who joins: rungs, and the highest ones that made news.

    The last place is war.

    Parameters
    ----------
    rungs : (place, originator)
    after : (place, its move, the other's) the next place; `OVER` at the end
    news : likewise, whether the next one is news
    begins : (rung of the incident) the first place
    """

    rungs: np.ndarray
    after: np.ndarray
    news: np.ndarray
    begins: np.ndarray


def places_of(world: World) -> Places:
    """The places of two originators on the world's ladder."""
    top, highs = world.top, range(new_highs(world, world.top - 1) + 1)
    keys = [
        (a, b, high_a, high_b)
        for a in range(top)
        for b in range(top)
        for high_a in highs
        for high_b in highs
        if (a or b) and high_a >= new_highs(world, a) and high_b >= new_highs(world, b)
    ]
    numbers = {key: place for place, key in enumerate(keys)}
    at_war = len(keys)
    after = np.full((at_war + 1, 3, 3), OVER)
    news = np.zeros(after.shape, np.int64)
    for place, (a, b, high_a, high_b) in enumerate(keys):
        for x in range(3):
            for y in range(3):
                na, nb = a + x - 1, b + y - 1
                if top in (na, nb):
                    after[place, x, y], news[place, x, y] = at_war, 1
                elif min(na, nb) >= 0 and (na or nb):
                    high = max(high_a, new_highs(world, na)), max(high_b, new_highs(world, nb))
                    after[place, x, y] = numbers[na, nb, *high]
                    news[place, x, y] = high != (high_a, high_b)
    rungs = np.array([key[:2] for key in keys] + [(top, top)], np.int64)
    begins = [numbers.get((rung, 0, new_highs(world, rung), 0), OVER) for rung in range(top)]
    return Places(rungs, after, news, np.array([*begins, at_war], np.int64))


@jitable
def fill_draws(world, state, bystanders, q, draws):
    """Chances of being drawn to a side in a turn, at point `q`.

    `draws` is (point, side, highest rung opposite, news, bystander).
    """
    i, j = state.now.initiator, state.now.target
    for highest in range(world.top + 1):
        state.actors[i].rung = highest
        state.actors[j].rung = highest
        set_heights(state)
        balance = balance_of_power(world, state)
        for news in range(2):
            state.now.news = news
            share = review_share(world, state)
            for n in range(len(bystanders)):
                k = bystanders[n]
                for side in range(2):
                    out = 1.0
                    if state.actors[k].is_watching == 1 or may_stand_by(world):
                        for h in range(n_hazards(state, side)):
                            impulse = nth_impulse(world, state, k, side, h, highest, balance)
                            _, out = next_hazard(out, share, impulse)
                    draws[q, side, highest, news, n] = 1.0 - out


@jitable
def renew_moves(world, state, turn, before, is_timed, moves):
    """Fill `moves` for a turn unless those of turn `before` still hold; 0 for none."""
    if before == 0 or is_timed or may_mediate(world, turn) != may_mediate(world, before):
        fill_moves(world, state, turn, moves)


@jitable
def fill_war(world, state, setting, is_timed, moves, war):
    """Chances of war from before turn `t` + 1 on, by rungs; `war` is (t, rung, rung)."""
    top = world.top
    for left in range(world.horizon):
        t = world.horizon - 1 - left
        renew_moves(world, state, t + 1, t + 2 if left > 0 else 0, is_timed, moves)
        for a in range(top):
            for b in range(top):
                if a == 0 and b == 0:
                    continue
                chance = 0.0
                for x in range(3):
                    for y in range(3):
                        na, nb = a + x - 1, b + y - 1
                        if na == top or nb == top:
                            chance += moves[setting, a, b, x, y]
                        elif left > 0 and (na > 0 or nb > 0):
                            chance += moves[setting, a, b, x, y] * war[t + 1, na, nb]
                war[t, a, b] = chance


@jitable
def follow_pair(world, state, setting, is_timed, moves, places, probability):
    """Probability that the pair is in a place before turn t + 1, with news or without.

    `probability` is (t, place, news), and holds those before the first turn.
    """
    at_war = probability.shape[1] - 1
    for t in range(world.horizon):
        renew_moves(world, state, t + 1, t, is_timed, moves)
        for place in range(at_war + 1):
            probability[t + 1, place, 0] = 0.0
            probability[t + 1, place, 1] = 0.0
        probability[t + 1, at_war, 0] = probability[t, at_war, 0] + probability[t, at_war, 1]
        for place in range(at_war):
            here = probability[t, place, 0] + probability[t, place, 1]
            if here == 0.0:
                continue
            a, b = places.rungs[place, 0], places.rungs[place, 1]
            for x in range(3):
                for y in range(3):
                    to = places.after[place, x, y]
                    if to != OVER:
                        probability[t + 1, to, places.news[place, x, y]] += (
                            here * moves[setting, a, b, x, y]
                        )
        for place in range(at_war + 1):
            for news in range(2):
                if probability[t + 1, place, news] < _LEAST:
                    probability[t + 1, place, news] = 0.0


@jitable
def reward_of(wanted, war):
    """What an entry counts where it then comes to war with this chance."""
    return war if wanted == SLOPES_IN_WAR else 1.0 - war


@jitable
def follow_back(
    world, state, setting, is_timed, wanted, moves, draws, war, places, probability, ahead, joins
):
    """Chances that a bystander that is out after turn t + 1 enters a side later: `ahead`.

    Those where it comes to war, or does not, as is `wanted`. `ahead` is (t, place, side,
    bystander), and `joins`, which holds them before a turn, (half, place, news, side, bystander).
    The governments of the two stay as they are: what bystanders do does not rest on them.
    """
    n_bystanders = draws.shape[4]
    at_war = probability.shape[1] - 1
    later = 0
    for left in range(world.horizon):
        t = world.horizon - 1 - left
        renew_moves(world, state, t + 1, t + 2 if left > 0 else 0, is_timed, moves)
        for place in range(at_war + 1):
            if probability[t, place, 0] + probability[t, place, 1] == 0.0:
                continue
            a, b = places.rungs[place, 0], places.rungs[place, 1]
            to_come = ahead[t, place]
            for side in range(2):
                for n in range(n_bystanders):
                    to_come[side, n] = 0.0
            if left > 0 and place == at_war:
                add_later(1.0, joins[later, at_war, 0], to_come)
            elif left > 0:
                for x in range(3):
                    for y in range(3):
                        to, news = places.after[place, x, y], places.news[place, x, y]
                        if to != OVER and probability[t + 1, to, news] > 0.0:
                            p = moves[setting, a, b, x, y]
                            add_later(p, joins[later, to, news], to_come)
            reward = reward_of(wanted, 1.0 if place == at_war else war[t, a, b])
            for news in range(2):
                if probability[t, place, news] == 0.0:
                    continue
                before = joins[1 - later, place, news]
                drawn_a, drawn_b = draws[0, INITIATOR, b, news], draws[0, TARGET, a, news]
                for n in range(n_bystanders):
                    # Drawn to both sides at once, it stays out.
                    enters_a = drawn_a[n] * (1.0 - drawn_b[n])
                    enters_b = drawn_b[n] * (1.0 - drawn_a[n])
                    out = 1.0 - enters_a - enters_b
                    before[INITIATOR, n] = enters_a * reward + out * to_come[INITIATOR, n]
                    before[TARGET, n] = enters_b * reward + out * to_come[TARGET, n]
        later = 1 - later


@jitable
def add_later(p, joins, to_come):
    """Add what follows from a place on that comes about with chance `p`: (side, bystander)."""
    for side in range(2):
        for n in range(to_come.shape[1]):
            to_come[side, n] += p * joins[side, n]


@jitable
def add_slopes(here, drawn_a, drawn_b, reward, to_come, by_a, by_b):
    """Add what a change of the draws of one turn changes, for bystanders, of which `here` are out.

    `by_a` and `by_b` are (side entered, bystander): gains by being drawn to side A, and B.
    """
    for n in range(len(here)):
        to_a, to_b, p = drawn_a[n], drawn_b[n], here[n]
        later_a, later_b = to_come[INITIATOR, n], to_come[TARGET, n]
        by_a[INITIATOR, n] += p * ((1.0 - to_b) * reward + (2.0 * to_b - 1.0) * later_a)
        by_a[TARGET, n] += p * (-to_b * reward + (2.0 * to_b - 1.0) * later_b)
        by_b[INITIATOR, n] += p * (-to_a * reward + (2.0 * to_a - 1.0) * later_a)
        by_b[TARGET, n] += p * ((1.0 - to_a) * reward + (2.0 * to_a - 1.0) * later_b)


@jitable
def follow_joins(
    world,
    state,
    setting,
    is_timed,
    wanted,
    moves,
    draws,
    war,
    places,
    probability,
    ahead,
    present,
    flow,
    found,
    slopes,
):
    """Go forward, adding entries to `found`, and to `slopes` if they are wanted.

    `present` is (half, place, news, bystander): the chance that the pair is there and the bystander
    still out; it holds those before the first turn.
    """
    n_bystanders = draws.shape[4]
    at_war = probability.shape[1] - 1
    half = 0
    for t in range(world.horizon):
        renew_moves(world, state, t + 1, t, is_timed, moves)
        for place in range(at_war + 1):
            for news in range(2):
                if probability[t + 1, place, news] > 0.0:
                    for n in range(n_bystanders):
                        present[1 - half, place, news, n] = 0.0
        for place in range(at_war + 1):
            if probability[t, place, 0] + probability[t, place, 1] == 0.0:
                continue
            a, b = places.rungs[place, 0], places.rungs[place, 1]
            comes_to_war = 1.0 if place == at_war else war[t, a, b]
            for n in range(n_bystanders):
                flow[n] = 0.0
            for news in range(2):
                if probability[t, place, news] == 0.0:
                    continue
                here = present[half, place, news]
                drawn_a, drawn_b = draws[0, INITIATOR, b, news], draws[0, TARGET, a, news]
                for n in range(n_bystanders):
                    # Drawn to both sides at once, it stays out.
                    enters_a = here[n] * drawn_a[n] * (1.0 - drawn_b[n])
                    enters_b = here[n] * drawn_b[n] * (1.0 - drawn_a[n])
                    found[TO_A, n] += enters_a
                    found[TO_B, n] += enters_b
                    found[TO_A_IN_WAR, n] += enters_a * comes_to_war
                    found[TO_B_IN_WAR, n] += enters_b * comes_to_war
                    flow[n] += here[n] - enters_a - enters_b
                if wanted != NO_SLOPES:
                    add_slopes(
                        here,
                        drawn_a,
                        drawn_b,
                        reward_of(wanted, comes_to_war),
                        ahead[t, place],
                        slopes[INITIATOR, b, news],
                        slopes[TARGET, a, news],
                    )
            if place == at_war:
                for n in range(n_bystanders):
                    present[1 - half, at_war, 0, n] += flow[n]
                continue
            for x in range(3):
                for y in range(3):
                    to, news = places.after[place, x, y], places.news[place, x, y]
                    if to != OVER and probability[t + 1, to, news] > 0.0:
                        p = moves[setting, a, b, x, y]
                        there = present[1 - half, to, news]
                        for n in range(n_bystanders):
                            there[n] += p * flow[n]
        half = 1 - half


@jitable
def fill_joins(
    world,
    state,
    initiator,
    target,
    bystanders,
    is_timed,
    like,
    shares,
    wanted,
    points,
    values,
    coefficients,
    actors,
    places,
    moves,
    war,
    probability,
    ahead,
    joins,
    present,
    flow,
    draws,
    found,
    slopes,
):
    """Chances that bystanders join at the first point, as if none changed what the others do.

    Returns the chance of war.

    Parameters
    ----------
    bystanders : where they stand among the actors
    shares : (domain) of the first acts
    wanted : which slopes are filled
    points : (point, value), with `values` as the places of `write_values`; they do not bear on
        moves
    places : those of the pair
    moves, war, probability, ahead, joins, present, flow : room to work in
    draws : (point, side, highest rung opposite, news, bystander) chances of being drawn in a turn
    found : (join, bystander), zeros to begin with
    slopes : (side, highest rung opposite, news, side entered, bystander), likewise: what entries
        in war, or in peace, gain by each draw of the first point
    """
    for left in range(len(points)):
        q = len(points) - 1 - left
        write_values(points, q, values, coefficients, actors)
        open_dispute(world, state, initiator, target, 0)
        fill_draws(world, state, bystanders, q, draws)
    chance_of_war = 0.0
    for d in range(len(like)):
        if like[d] != d:
            continue
        open_dispute(world, state, initiator, target, d)
        for z in range(SETTINGS):
            chance = government_chance(world, state, z)
            if chance == 0.0:
                continue
            fill_war(world, state, z, is_timed, moves, war)
            for place in range(probability.shape[1]):
                for news in range(2):
                    probability[0, place, news] = 0.0
            for e in range(d, len(like)):
                if like[e] != d:
                    continue
                rung = world.domains[e].rung
                probability[0, places.begins[rung], 1] += chance * shares[e]
                chance_of_war += chance * shares[e] * war[0, rung, 0]
            for place in range(probability.shape[1]):
                for n in range(len(flow)):
                    present[0, place, 1, n] = probability[0, place, 1]
            follow_pair(world, state, z, is_timed, moves, places, probability)
            if wanted != NO_SLOPES:
                follow_back(
                    world,
                    state,
                    z,
                    is_timed,
                    wanted,
                    moves,
                    draws,
                    war,
                    places,
                    probability,
                    ahead,
                    joins,
                )
            follow_joins(
                world,
                state,
                z,
                is_timed,
                wanted,
                moves,
                draws,
                war,
                places,
                probability,
                ahead,
                present,
                flow,
                found,
                slopes,
            )
    return chance_of_war
