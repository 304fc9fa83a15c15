"""Perception and response in the NumPy baseline: what everybody on a side does in a turn."""

import numpy as np
from scipy.special import ndtr

from baselines.numpy_state import Batch, Roster, balance_seen, tempo
from mcescalate.model.codes import DOWN, HOLD, UP
from mcescalate.model.world import World


def sightings(world: World) -> np.ndarray:
    """Chance that `i` takes `j` to stand no higher than `s`, or misses it: [i, j, domain, h, s]."""
    c, dyads, actors = world.coefficients, world.dyads, world.actors
    channel = dyads["channel"]
    bias = (actors["bias"][:, None] + dyads["mistrust"]) * (
        1.0 - c.perception_channel_bias * channel
    )
    noise = actors["noise"][:, None] * (1.0 - c.perception_channel_noise * channel)
    noise = noise / (1.0 + c.perception_sharing * np.minimum(1.0, actors["consultation"]))[:, None]
    noise = noise[:, :, None] * world.domains["noise"]
    shown = (actors["exercise"] * (1.0 - channel))[:, :, None, None]
    rungs = np.arange(world.top + 1)

    def plain(h: int) -> np.ndarray:
        margin = (rungs + 0.5 - h - bias[:, :, None])[:, :, None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = ndtr(margin / noise[..., None])
        seen = np.where(noise[..., None] == 0.0, margin >= 0.0, seen)
        seen[..., world.top] = 1.0
        return seen

    table = np.empty((*channel.shape, len(world.domains), len(rungs), len(rungs)))
    for h in range(world.top):
        table[..., h, :] = (1.0 - shown) * plain(h) + shown * plain(h + 1)
    table[..., world.top, :] = rungs == world.top
    return 1.0 - dyads["reach"][:, :, None, None, None] * (1.0 - table)


def respond(
    batch: Batch, roster: Roster, balance: np.ndarray, table: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Moves of everybody in the roster, and which of them are misread up-moves."""
    world = batch.world
    move = np.full(len(roster), HOLD, np.int8)
    misread = np.zeros(len(roster), bool)
    able = np.flatnonzero(roster.rung < world.top)
    if len(able) == 0:
        return move, misread
    one, other = roster.pairs(able)
    is_ally = roster.side[able[one]] == roster.side[other]
    allies = one[is_ally], other[is_ally]
    enemies = one[~is_ally], other[~is_ally]
    seen, true = read_threats(batch, roster, able, *enemies, table)
    up, down = leanings(batch, roster, able, balance, allies, enemies)
    c, i, h = roster.c[able], roster.i[able], roster.rung[able]
    drawn = batch.rng.random(len(able))
    speed = tempo(batch, c, i)
    rise, fall = chances(world, h, up, down, seen)
    is_up = drawn < speed * rise
    free = np.where(h > 0, 1.0 - world.actors["rigidity"][i] * (h >= world.mobilised), 0.0)
    is_down = drawn >= 1.0 - speed * free * fall
    # Only for the up-moves does it matter what the accurate reading would have made of them.
    climbing = np.flatnonzero(is_up)
    sound, _ = chances(world, h[climbing], up[climbing], down[climbing], true[climbing])
    misread[able[climbing]] = drawn[climbing] >= speed[climbing] * sound
    move[able[is_up]] = UP
    move[able[is_down]] = DOWN
    return move, misread


def read_threats(
    batch: Batch, roster: Roster, able: np.ndarray, one, other, table: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rungs that those able to move read opposite, and that they would if they saw right."""
    i, j, h = roster.i[able[one]], roster.i[other], roster.rung[other]
    first = np.searchsorted(one, np.arange(len(able)))
    rungs = np.arange(batch.world.top + 1)
    missed = 1.0 - batch.world.dyads["reach"][i, j]
    perceived = table[i, j, batch.domain[roster.c[other]], h]
    accurate = np.where(rungs < h[:, None], missed[:, None], 1.0)
    drawn = batch.rng.random((len(able), 1))
    return tuple(
        (drawn > np.multiply.reduceat(factors, first)[:, :-1]).sum(axis=1)
        for factors in (perceived, accurate)
    )


def leanings(batch: Batch, roster: Roster, able: np.ndarray, balance, allies, enemies):
    """Log-odds (up, down) of those able to move, but for what they read."""
    world, c = batch.world, batch.world.coefficients
    chain, i, h, o = roster.c[able], roster.i[able], roster.rung[able], roster.o[able]
    one, other = allies
    given = world.dyads.at(i[one], roster.i[other])
    consultation = np.bincount(one, weights=given["consultation"], minlength=len(able))
    consultation = np.minimum(1.0, consultation)
    promised = np.zeros(len(able))
    higher = roster.rung[other] > h[one]
    np.maximum.at(promised, one[higher], given["defence"][higher])
    one, other = enemies
    nuclear = np.zeros(len(able))
    armed = world.actors["nuclear"][roster.i[other]] == 1
    np.maximum.at(nuclear, one[armed], world.dyads["reach"][i[one], roster.i[other]][armed])
    confidence = c.response_balance * balance_seen(batch, balance, chain, i, roster.side[able])
    confidence = confidence + world.actors["resolve"][i]
    up = (
        c.response_up
        + confidence
        + c.response_rivalry * world.dyads["rivalry"][i, o]
        + c.response_diversion * batch.divided[chain, i]
        + c.response_reassure * promised
        - c.response_cost * h
        - (h == world.top - 1) * (c.response_war_cost + c.response_nuclear * nuclear)
        - (c.response_restraint + c.response_protocol * (h == world.mobilised - 1)) * consultation
    )
    down = (
        c.response_down
        - confidence
        - c.response_audience * h
        + c.response_channel * world.dyads["channel"][i, o]
        + c.mediation_pull * batch.mediated[chain]
    )
    return up, down


def chances(world: World, h, up, down, seen) -> tuple[np.ndarray, np.ndarray]:
    """Chances to rise and to fall on reading `seen`, once able to move."""
    c = world.coefficients
    gap = c.response_gap * (seen - h)
    up = up + gap + c.response_preempt * ((h >= world.mobilised) & (seen >= world.mobilised))
    down = down - gap
    shift = np.maximum(0.0, np.maximum(up, down))
    rise, fall = np.exp(up - shift), np.exp(down - shift)
    total = np.exp(-shift) + rise + fall
    return rise / total, fall / total
