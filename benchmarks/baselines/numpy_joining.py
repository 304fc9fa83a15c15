"""Neutrals in the NumPy baseline: what they lend to a side's power, and who comes in."""

from typing import NamedTuple

import numpy as np

from baselines.numpy_state import (
    Batch,
    Roster,
    Rows,
    balance_seen,
    effective,
    is_against,
    logistic,
    tempo,
)
from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY, OPPORTUNISM, TARGET, TREATY


class Promises(NamedTuple):
    """What neutrals owe to those engaged, a row for each (chain, neutral `k`, engaged `j`)."""

    c: np.ndarray
    k: np.ndarray
    j: np.ndarray
    side: np.ndarray
    """Of `j`."""
    defence: np.ndarray
    """0 where it does not count."""
    offence: np.ndarray


def promises(batch: Batch, roster: Roster, backers: Rows) -> Promises:
    """Whoever neutral has promised anything to anybody in the roster."""
    row, place = backers.expand(roster.i)
    k = batch.world.links[place].astype(np.int64)
    c = roster.c[row]
    neutral = batch.side[c, k] == NEUTRAL
    c, k, row = c[neutral], k[neutral], row[neutral]
    j, side = roster.i[row], roster.side[row]
    counting = []
    for kind in ("defence", "offence"):
        strength = batch.world.dyads[kind][k, j]
        counting.append(np.where(is_against(batch, kind, c, k, j, 1 - side), strength, 0.0))
    return Promises(c, k, j, side, *counting)


def balance_of_power(batch: Batch, roster: Roster, owed: Promises) -> np.ndarray:
    """(P_A - P_B) / (P_A + P_B) of every chain in the roster, 0 in the others."""
    world, c = batch.world, batch.world.coefficients
    power = np.zeros((batch.n, 2))
    weight = effective(batch, roster.c, roster.i) * world.dyads["reach"][roster.i, roster.o]
    np.add.at(power, (roster.c, roster.side), weight)
    helper = (owed.c * world.n_actors + owed.k) * 2 + owed.side
    helpers, helper = np.unique(helper, return_inverse=True)
    lent = np.zeros(len(helpers))
    np.maximum.at(lent, helper, c.alliance_aid * world.dyads["support"][owed.k, owed.j])
    heads = np.flatnonzero(owed.j == batch.originator[owed.c, owed.side])
    lent[helper[heads]] += c.deterrence_latent * credit(
        batch, Promises(*(column[heads] for column in owed))
    )
    chain, k, side = helpers // 2 // world.n_actors, helpers // 2 % world.n_actors, helpers % 2
    reach = world.dyads["reach"][k, batch.originator[chain, 1 - side]]
    np.add.at(power, (chain, side), np.minimum(1.0, lent) * effective(batch, chain, k) * reach)
    total = power.sum(axis=1)
    return (power[:, 0] - power[:, 1]) / np.where(total == 0.0, 1.0, total)


def credit(batch: Batch, owed: Promises) -> np.ndarray:
    """How far onlookers count on neutrals to keep promises to originators."""
    world, c = batch.world, batch.world.coefficients
    dyads = world.dyads.at(owed.k, owed.j)
    shown = owed.defence * (1.0 - dyads["defence_ambiguity"]) * dyads["defence_credibility"]
    attack = owed.offence * (1.0 - dyads["offence_ambiguity"]) * dyads["offence_credibility"]
    attacking = np.minimum(1.0, shown * (1.0 - dyads["defence_conditional"]) + attack)
    promise = np.where(owed.side == INITIATOR, attacking, shown)
    firmness = 1.0 - c.deterrence_divided * batch.divided[owed.c, owed.k]
    firmness = firmness * (1.0 + c.deterrence_exercise * world.actors["exercise"][owed.k])
    return np.minimum(1.0, promise * firmness)


def draw_in(
    batch: Batch, owed: Promises, rivals: Rows, alive: np.ndarray, height: np.ndarray, balance
) -> tuple[np.ndarray, ...]:
    """Who comes in: (chain, actor, side, cause, through), drawn hazard by hazard."""
    fired_ties = fire_ties(batch, owed, height, balance)
    fired_rivals = fire_rivals(batch, rivals, alive, height, balance)
    c, k, side, through = (
        np.concatenate(both) for both in zip(fired_ties, fired_rivals, strict=True)
    )
    # The first hazard of each (chain, actor, side): ties in the order of allies, then opportunism.
    order = np.lexsort((np.where(through == NOBODY, batch.world.n_actors, through), side, k, c))
    c, k, side, through = c[order], k[order], side[order], through[order]
    same = (np.diff(c, prepend=-1) == 0) & (np.diff(k, prepend=-1) == 0)
    first = ~(same & (np.diff(side, prepend=-1) == 0))
    c, k, side, through, same = c[first], k[first], side[first], through[first], same[first]
    torn = same | np.append(same[1:], False)  # drawn to both sides at once: it stays out
    cause = np.where(through == NOBODY, OPPORTUNISM, TREATY)
    return tuple(column[~torn] for column in (c, k, side, cause, through))


def fire_ties(batch: Batch, owed: Promises, height: np.ndarray, balance) -> tuple:
    """The promises that bring somebody in: (chain, actor, side, ally)."""
    world, c = batch.world, batch.world.coefficients
    highest = height[owed.c, 1 - owed.side]
    dyads = world.dyads.at(owed.k, owed.j)
    due = owed.defence * (1.0 - c.alliance_slack * dyads["defence_ambiguity"])
    attack = owed.offence * (1.0 - c.alliance_slack * dyads["offence_ambiguity"])
    attacking = np.minimum(1.0, due * (1.0 - dyads["defence_conditional"]) + attack)
    due = np.where(owed.side == INITIATOR, attacking, due)
    rows = np.flatnonzero((highest >= world.casus) & (due > 0.0))
    chain, k, j, side = owed.c[rows], owed.k[rows], owed.j[rows], owed.side[rows]
    enemy = world.dyads.at(k, batch.originator[chain, 1 - side])
    own, ally = world.actors["capability"][k], world.actors["capability"][j]
    logit = (
        c.alliance_base
        + c.alliance_obligation * due[rows]
        + c.alliance_threat * (highest[rows] - world.casus)
        + c.alliance_balance * balance_seen(batch, balance, chain, k, side)
        + c.alliance_rivalry * enemy["rivalry"]
        + c.alliance_resolve * world.actors["resolve"][k]
        + c.alliance_reach * enemy["reach"]
        - c.alliance_pact * enemy["pact"]
        - c.alliance_divided * batch.divided[chain, k]
        - c.alliance_burden * np.maximum(0.0, (own - ally) / (own + ally))
    )
    fires = batch.happens(review(batch, chain) * tempo(batch, chain, k) * logistic(logit))
    return chain[fires], k[fires], side[fires], j[fires]


def fire_rivals(
    batch: Batch, rivals: Rows, alive: np.ndarray, height: np.ndarray, balance
) -> tuple:
    """The opportunists who come in: (chain, actor, side, nobody)."""
    world, c = batch.world, batch.world.coefficients
    found = []
    for side in (INITIATOR, TARGET):
        chains = alive[height[alive, 1 - side] >= world.top - 1]
        o = batch.originator[chains, 1 - side]
        row, place = rivals.expand(o)
        chain, k, o = chains[row], world.links[place].astype(np.int64), o[row]
        neutral = batch.side[chain, k] == NEUTRAL
        chain, k, o = chain[neutral], k[neutral], o[neutral]
        enemy = world.dyads.at(k, o)
        logit = (
            c.contagion_base
            + c.contagion_rivalry * enemy["rivalry"]
            + c.contagion_balance * balance_seen(batch, balance, chain, k, np.full(len(k), side))
            + c.contagion_major * world.actors["major"][k]
            + c.contagion_reach * enemy["reach"]
            - c.contagion_pact * enemy["pact"]
        )
        fires = batch.happens(review(batch, chain) * tempo(batch, chain, k) * logistic(logit))
        n = int(fires.sum())
        found.append((chain[fires], k[fires], np.full(n, side), np.full(n, NOBODY)))
    return tuple(np.concatenate(both) for both in zip(*found, strict=True))


def review(batch: Batch, chain: np.ndarray) -> np.ndarray:
    """Share of the hazards that counts: all of it on news."""
    return np.where(batch.news[chain], 1.0, batch.world.coefficients.alliance_review)
