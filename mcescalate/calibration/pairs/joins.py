"""Who joins a dispute between two: chances of each bystander, and their slopes.

Backward from the horizon along the rungs of the two, and forward again for the slopes. What one
joiner changes for the others is left out.
"""

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

TO_A, TO_B, TO_A_IN_WAR, TO_B_IN_WAR = range(4)
N_JOINS = 4
"""What is followed of a bystander: that it enters side A, or B; the same where it comes to war.
Side A has even numbers."""


@jitable
def new_highs(world, rung):
    """How many rungs from the casus on a highest rung is above; only these make news."""
    return max(0, rung - world.casus + 1)


@jitable
def place_of(world, a, high_a, b, high_b):
    """Number of the pair's state: rungs, and the highest ones so far as `new_highs` counts."""
    highs = world.top - world.casus + 1
    return ((a * highs + high_a) * world.top + b) * highs + high_b


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
def fill_war(world, state, setting, is_timed, moves, t, war):
    """Chances of war from before turn `t` + 1 on, by rungs; `war` is (turn, rung, rung).

    `moves` is left with the chances of that turn.
    """
    top, turn = world.top, t + 1
    is_last = turn == world.horizon
    if is_last or is_timed or may_mediate(world, turn) != may_mediate(world, turn + 1):
        fill_moves(world, state, turn, moves)
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
                    elif not is_last and (na > 0 or nb > 0):
                        chance += moves[setting, a, b, x, y] * war[t + 1, na, nb]
            war[t, a, b] = chance


@jitable
def add_turn(draws, a, b, war, t, place, ahead, joins, to):
    """What is followed before turn `t` + 1, from what it is after it, of all bystanders.

    `a` and `b` are the rungs of the two, `war` the chance that it comes to war; `ahead` is
    (turn, place, join, bystander), and `joins` (half, place, news, join, bystander).
    """
    for news in range(2):
        for n in range(draws.shape[4]):
            to_a, to_b = draws[0, INITIATOR, b, news, n], draws[0, TARGET, a, news, n]
            # Drawn to both sides at once, it stays out.
            enters_a, enters_b = to_a * (1.0 - to_b), to_b * (1.0 - to_a)
            out = 1.0 - enters_a - enters_b
            joins[to, place, news, TO_A, n] = enters_a + out * ahead[t, place, TO_A, n]
            joins[to, place, news, TO_B, n] = enters_b + out * ahead[t, place, TO_B, n]
            joins[to, place, news, TO_A_IN_WAR, n] = (
                enters_a * war + out * ahead[t, place, TO_A_IN_WAR, n]
            )
            joins[to, place, news, TO_B_IN_WAR, n] = (
                enters_b * war + out * ahead[t, place, TO_B_IN_WAR, n]
            )


@jitable
def add_ahead(p, joins, half, source, news, t, place, ahead):
    """Add what is followed from a state on, which comes about with chance `p`."""
    for q in range(N_JOINS):
        for n in range(ahead.shape[3]):
            ahead[t, place, q, n] += p * joins[half, source, news, q, n]


@jitable
def follow_joins(world, state, setting, is_timed, moves, draws, war, ahead, joins):
    """Go back from the horizon to the first turn; returns which half of `joins` has the result.

    The governments of the two stay as they are: what bystanders do does not rest on them.
    """
    top = world.top
    highs = top - world.casus + 1
    at_war = joins.shape[1] - 1
    later = 0
    for place in range(joins.shape[1]):
        for news in range(2):
            for q in range(N_JOINS):
                for n in range(joins.shape[4]):
                    joins[later, place, news, q, n] = 0.0
    for left in range(world.horizon):
        t = world.horizon - 1 - left
        fill_war(world, state, setting, is_timed, moves, t, war)
        for place in range(joins.shape[1]):
            for q in range(N_JOINS):
                for n in range(joins.shape[4]):
                    ahead[t, place, q, n] = 0.0
        add_ahead(1.0, joins, later, at_war, 0, t, at_war, ahead)
        add_turn(draws, top, top, 1.0, t, at_war, ahead, joins, 1 - later)
        for a in range(top):
            for b in range(top):
                if a == 0 and b == 0:
                    continue
                for high_a in range(new_highs(world, a), highs):
                    for high_b in range(new_highs(world, b), highs):
                        place = place_of(world, a, high_a, b, high_b)
                        for x in range(3):
                            for y in range(3):
                                p = moves[setting, a, b, x, y]
                                na, nb = a + x - 1, b + y - 1
                                if p == 0.0 or (na == 0 and nb == 0):
                                    continue
                                to, news = next_place(world, na, high_a, nb, high_b, at_war)
                                add_ahead(p, joins, later, to, news, t, place, ahead)
                        add_turn(draws, a, b, war[t, a, b], t, place, ahead, joins, 1 - later)
        later = 1 - later
    return later


@jitable
def next_place(world, a, high_a, b, high_b, at_war):
    """The place of the pair's state once they are on these rungs, and whether that is news.

    `high_a` and `high_b` are those before.
    """
    if a == world.top or b == world.top:
        return at_war, 1
    next_a = max(high_a, new_highs(world, a))
    next_b = max(high_b, new_highs(world, b))
    news = 1 if next_a > high_a or next_b > high_b else 0
    return place_of(world, a, next_a, b, next_b), news


@jitable
def add_slopes(draws, a, b, war, t, place, ahead, present, half, slopes, flow):
    """Add what a change of the draws of turn `t` + 1 would change, and what stays out goes on.

    `present` is (half, place, news, bystander): the chance that the pair is there and the bystander
    is still out; `slopes` (join, side, highest rung opposite, news, bystander).
    """
    for n in range(draws.shape[4]):
        flow[n] = 0.0
    for news in range(2):
        for n in range(draws.shape[4]):
            here = present[half, place, news, n]
            to_a, to_b = draws[0, INITIATOR, b, news, n], draws[0, TARGET, a, news, n]
            flow[n] += here * (1.0 - to_a * (1.0 - to_b) - to_b * (1.0 - to_a))
            for q in range(N_JOINS):
                reward = war if q >= TO_A_IN_WAR else 1.0
                after = ahead[t, place, q, n]
                is_a = q % 2 == TO_A
                by_a = (1.0 - to_b) * reward if is_a else -to_b * reward
                by_b = -to_a * reward if is_a else (1.0 - to_a) * reward
                slopes[q, INITIATOR, b, news, n] += here * (by_a + (2.0 * to_b - 1.0) * after)
                slopes[q, TARGET, a, news, n] += here * (by_b + (2.0 * to_a - 1.0) * after)


@jitable
def follow_slopes(world, state, setting, is_timed, moves, draws, war, ahead, present, flow, slopes):
    """Go forward from what `present` begins with, adding to `slopes`."""
    top = world.top
    highs = top - world.casus + 1
    at_war = ahead.shape[1] - 1
    half = 0
    for t in range(world.horizon):
        turn = t + 1
        if t == 0 or is_timed or may_mediate(world, turn) != may_mediate(world, turn - 1):
            fill_moves(world, state, turn, moves)
        for place in range(at_war + 1):
            for news in range(2):
                for n in range(len(flow)):
                    present[1 - half, place, news, n] = 0.0
        add_slopes(draws, top, top, 1.0, t, at_war, ahead, present, half, slopes, flow)
        for n in range(len(flow)):
            present[1 - half, at_war, 0, n] += flow[n]
        for a in range(top):
            for b in range(top):
                if a == 0 and b == 0:
                    continue
                for high_a in range(new_highs(world, a), highs):
                    for high_b in range(new_highs(world, b), highs):
                        place = place_of(world, a, high_a, b, high_b)
                        add_slopes(
                            draws, a, b, war[t, a, b], t, place, ahead, present, half, slopes, flow
                        )
                        for x in range(3):
                            for y in range(3):
                                p = moves[setting, a, b, x, y]
                                na, nb = a + x - 1, b + y - 1
                                if p == 0.0 or (na == 0 and nb == 0):
                                    continue
                                to, news = next_place(world, na, high_a, nb, high_b, at_war)
                                for n in range(len(flow)):
                                    present[1 - half, to, news, n] += p * flow[n]
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
    with_slopes,
    points,
    places,
    coefficients,
    actors,
    moves,
    war,
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
    bystanders : their places
    shares : (domain) of the first acts
    with_slopes : whether `slopes` is filled
    points : (point, value), with `places` as in `write_values`; they do not bear on moves
    moves, war, ahead, joins, present, flow : room to work in
    draws : (point, side, highest rung opposite, news, bystander) chances of being drawn in a turn
    found : (join, bystander), zeros to begin with
    slopes : (join, side, highest rung opposite, news, bystander), likewise: what `found` gains by
        each draw of the first point
    """
    for left in range(len(points)):
        q = len(points) - 1 - left
        write_values(points, q, places, coefficients, actors)
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
            result = follow_joins(world, state, z, is_timed, moves, draws, war, ahead, joins)
            for place in range(joins.shape[1]):
                for news in range(2):
                    for n in range(len(flow)):
                        present[0, place, news, n] = 0.0
            for e in range(d, len(like)):
                if like[e] != d:
                    continue
                p = chance * shares[e]
                rung = world.domains[e].rung
                place = place_of(world, rung, new_highs(world, rung), 0, 0)
                chance_of_war += p * war[0, rung, 0]
                for n in range(len(flow)):
                    present[0, place, 1, n] += p
                    for q in range(N_JOINS):
                        found[q, n] += p * joins[result, place, 1, q, n]
            if with_slopes:
                follow_slopes(
                    world, state, z, is_timed, moves, draws, war, ahead, present, flow, slopes
                )
    return chance_of_war
