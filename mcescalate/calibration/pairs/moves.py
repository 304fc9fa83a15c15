"""The moves of two originators: what they do in a turn, by their rungs and governments.

Everybody else stays neutral, which is what 85 % of disputes are. Chances come from `model.rules`,
so that no formula stands here. Onlookers count as the rules have them, in the balance of power
above all; their governments are taken as united.
"""

from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.jit import jitable
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.state import clear, set_heights

SETTINGS = 4
"""Of the two governments, the initiator's the higher bit."""
VALUE_OF_COEFFICIENT, VALUE_OF_ACTORS = 0, 1
"""Kinds of values that change from point to point: a coefficient, or a field of all actors."""


@jitable
def write_values(points, q, places, coefficients, actors):
    """Write the values of point `q` into the world.

    `places` is (value, 2): kind and column. `coefficients` and `actors` are the memory of the
    world's coefficients and actors as plain numbers.
    """
    for v in range(len(places)):
        if places[v, 0] == VALUE_OF_COEFFICIENT:
            coefficients[places[v, 1]] = points[q, v]
        else:
            for i in range(len(actors)):
                actors[i, places[v, 1]] = points[q, v]


@jitable
def open_dispute(world, state, initiator, target, domain):
    """Set the two against each other, in an incident of `domain`."""
    clear(state)
    state.now.domain = domain
    open_crisis(world, state, initiator, target)
    for i in range(world.n_actors):
        state.actors[i].divided = 1 if world.actors[i].instability >= 1.0 else 0


@jitable
def is_possible(world, state, setting):
    """Whether the two governments may be in this setting."""
    return government_chance(world, state, setting) > 0.0


@jitable
def government_chance(world, state, setting):
    """Chance of this setting of the two governments as the crisis begins."""
    a = world.actors[state.now.initiator].instability
    b = world.actors[state.now.target].instability
    first = a if setting >= 2 else 1.0 - a
    second = b if setting % 2 == 1 else 1.0 - b
    return first * second


@jitable
def fill_moves(world, state, turn, moves):
    """Chances of what the two do in `turn`: (setting, rung, rung, its move, the other's).

    Moves are down, hold, up.
    """
    i, j = state.now.initiator, state.now.target
    state.now.turn = turn
    for z in range(SETTINGS):
        if not is_possible(world, state, z):
            continue
        state.actors[i].divided = z // 2
        state.actors[j].divided = z % 2
        for a in range(world.top):
            for b in range(world.top):
                state.actors[i].rung = a
                state.actors[j].rung = b
                set_heights(state)
                balance = balance_of_power(world, state)
                mediated = mediation_probability(world, state)
                for x in range(3):
                    for y in range(3):
                        moves[z, a, b, x, y] = 0.0
                for m in range(2):
                    share = mediated if m == 1 else 1.0 - mediated
                    if share == 0.0:
                        continue
                    anyway, misread, down_i = response_law(world, state, i, balance, m)
                    up_i = anyway + misread
                    anyway, misread, down_j = response_law(world, state, j, balance, m)
                    up_j = anyway + misread
                    for x in range(3):
                        own = down_i if x == 0 else (up_i if x == 2 else 1.0 - up_i - down_i)
                        for y in range(3):
                            its = down_j if y == 0 else (up_j if y == 2 else 1.0 - up_j - down_j)
                            moves[z, a, b, x, y] += share * own * its
