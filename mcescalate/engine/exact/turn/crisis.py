"""A crisis as the exact solver sees it: who is in it, and what may happen to each in a turn."""

from typing import NamedTuple

import numpy as np

from mcescalate.model.jit import jitable

LAW_SIZE = 6
"""Chances kept for each member: of one engaged (up anyway, up by misreading, down), first
without and then with a mediator; of one watching (by treaty, as an onlooker), first to the
initiator's and then to the target's side."""

STAY, FIRST, SECOND = 0, 1, 2
"""Options: hold or stay out; up, or to the initiator's side; down, or to the target's side."""


class Crisis(NamedTuple):
    """Who is in it, and what stays the same while it lasts."""

    initiator: int
    target: int
    domain: int
    members: np.ndarray
    """Actors that it may concern, in rising order."""
    arms: np.ndarray
    """Their levels of arms."""
    uncertain: np.ndarray
    """Actors among them whose governments vary; the first one is the highest bit of a setting."""
    is_rounded: int
    """1 if probabilities are rounded as a run draws them."""


class Flows(NamedTuple):
    """What is added up while probability moves; members by their place."""

    entry_turn: np.ndarray
    """(member, turn)"""
    entry: np.ndarray
    """(member, 3): by treaty; as an onlooker on the initiator's side, and on the target's"""
    drawn_in: np.ndarray
    """(ally drawn in by, member)"""
    chain_gang: np.ndarray
    war_turn: np.ndarray
    misread_war: np.ndarray


class Scratch(NamedTuple):
    """Where the chances of a branch are multiplied up, member by member; n members."""

    choice: np.ndarray
    """(n) the choice of each, counted among its options"""
    chance: np.ndarray
    """(n + 1, 2, n + 2): of the choices of the first members, without and with a mediator, by
    the number of misread moves"""
    misread_climb: np.ndarray
    """(n + 1, 2): the same, all moves to war among them misread"""
    n_up: np.ndarray
    """(n + 1) moves up among them"""
    n_climbing: np.ndarray
    """(n + 1) moves to war among them"""
    weight: np.ndarray
    """(n + 2) chance of a whole branch, by the number of misread moves"""


def no_flows(n_members: int, horizon: int) -> Flows:
    """Flows before anything has moved."""
    return Flows(
        entry_turn=np.zeros((n_members, horizon + 1)),
        entry=np.zeros((n_members, 3)),
        drawn_in=np.zeros((n_members, n_members)),
        chain_gang=np.zeros(n_members),
        war_turn=np.zeros(horizon + 1),
        misread_war=np.zeros(1),
    )


def new_scratch(n_members: int) -> Scratch:
    """Room for the branches of a crisis of `n_members` members."""
    n = n_members
    return Scratch(
        choice=np.zeros(n, np.int64),
        chance=np.zeros((n + 1, 2, n + 2)),
        misread_climb=np.zeros((n + 1, 2)),
        n_up=np.zeros(n + 1, np.int64),
        n_climbing=np.zeros(n + 1, np.int64),
        weight=np.zeros(n + 2),
    )


@jitable
def count_options(bits):
    """How many options a member has."""
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1)


@jitable
def nth_option(bits, n):
    """The `n`-th option, from 0, of a member that may always hold or stay out."""
    if n == 0:
        return STAY
    if n == 1 and (bits >> FIRST) & 1 == 1:
        return FIRST
    return SECOND
