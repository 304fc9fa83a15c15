"""docs/model.md 5, Perception: what an actor takes the other side to be doing."""

from mcescalate.model.functions import normal_cdf
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import perceived_bias
from mcescalate.model.state import n_on, opposite_rung, other, side_of
from mcescalate.model.world import relation


@jitable
def perception_noise(world, i, j, domain):
    """Standard deviation, in rungs, of how `i` reads `j` in an incident of `domain`."""
    c = world.coefficients
    actor = world.actors[i]
    clarity = 1.0 - c.perception_channel_noise * relation(world, i, j).channel
    shared = 1.0 + c.perception_sharing * min(1.0, actor.consultation)
    veil = 1.0 + world.actors[j].opacity * (1.0 - relation(world, i, j).channel)
    return actor.noise * world.domains[domain].noise * clarity / shared * veil


@jitable
def plain_sighting(world, i, j, domain, s, h):
    """Chance that `i` takes `j`, on rung `h`, to stand on rung `s` or below; no exercise on."""
    if s >= world.top:
        return 1.0
    c = world.coefficients
    bias = perceived_bias(world, i, j) * (
        1.0 - c.perception_channel_bias * relation(world, i, j).channel
    )
    margin = s + 0.5 - h - bias
    noise = perception_noise(world, i, j, domain)
    if noise == 0.0:
        return 1.0 if margin >= 0.0 else 0.0
    return normal_cdf(margin / noise)


@jitable
def sighting_probability(world, i, j, domain, s, h):
    """The same with exercises, which look one rung higher, and war, which is unmistakable."""
    if h == world.top:
        return 1.0 if s == world.top else 0.0
    plain = plain_sighting(world, i, j, domain, s, h)
    shown = world.actors[j].exercise * (1.0 - relation(world, i, j).channel)
    if shown == 0.0:
        return plain
    return (1.0 - shown) * plain + shown * plain_sighting(
        world, i, j, domain, s, min(h + 1, world.top)
    )


@inlined
def unnoticed(world, i, j, domain, s, h):
    """Chance that `j`, on rung `h`, does not make `i` feel a threat above rung `s`."""
    reach = relation(world, i, j).reach
    return 1.0 - reach * (1.0 - sighting_probability(world, i, j, domain, s, h))


@inlined
def unnoticed_if_accurate(world, i, j, s, h):
    """The same if `i` sees `j` as it is; `s` is a rung, or a vector of rungs."""
    return 1.0 - relation(world, i, j).reach * (s < h)


@inlined
def both(first, second):
    """Chance that neither of two threats is felt: they are read independently."""
    return first * second


@jitable
def reading_cdf(world, state, i, s):
    """Chance that `i` takes the highest threat to it to be rung `s` or below."""
    opposite = other(side_of(state, i))
    chance = 1.0
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        chance = both(chance, unnoticed(world, i, j, state.now.domain, s, opposite_rung(state, j)))
    return chance


@inlined
def accurate_reading_cdf(world, state, i, s, certain):
    """The same if `i` saw all as they are.

    `s` is a rung, or a vector of rungs; `certain` is 1.0, or as many of them.
    """
    opposite = other(side_of(state, i))
    chance = certain
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        chance = both(chance, unnoticed_if_accurate(world, i, j, s, opposite_rung(state, j)))
    return chance
