"""What the NumPy baseline counts of finished chains."""

import numpy as np

from baselines.counts import Counts, tie_count_names
from baselines.numpy_state import Batch, is_against
from mcescalate.model.codes import (
    ABANDONED,
    BETRAYED,
    DETERRED,
    FOUGHT,
    INITIATOR,
    MISREAD_CLASSES,
    NEUTRAL,
    STOOD_BY,
    TARGET,
    TREATY,
)


def score(batch: Batch, counts: Counts) -> None:
    """Add the chains of a batch to `counts`."""
    everyone = np.arange(batch.n)
    outcome = batch.outcome
    going = outcome != DETERRED
    engaged = batch.side != NEUTRAL
    at_war = engaged & (batch.rung == batch.world.top)
    counts["n_chains"] += batch.n

    def add(name: str, *places: np.ndarray) -> None:
        np.add.at(counts[name], places, 1)

    add("outcome_count", outcome)
    add("incident_count", batch.drawn[:, 0], batch.drawn[:, 1])
    add("domain_count", batch.domain, outcome)
    add("accident_count", outcome[batch.accident])
    add("last_turn_count", outcome, batch.last_turn)
    add("peak_count", np.where(going, batch.highest.max(axis=1), 0))
    add("engaged_size_count", engaged.sum(axis=1))
    add("war_size_count", at_war.sum(axis=1))
    add("misread_count", np.minimum(batch.misreads, MISREAD_CLASSES - 1))
    counts["misattributed_count"] += batch.misattributed.sum()
    counts["misread_war_count"] += batch.war_began_misread.sum()
    struck = batch.peak[everyone, batch.originator[:, TARGET]] > 0
    counts["reciprocated_count"] += (going & struck).sum()
    add("war_turn_count", batch.war_turn[batch.war_turn > 0])
    c, i = np.nonzero(engaged)
    add("actor_engaged_count", i, batch.side[c, i])
    add("actor_peak_count", i, batch.peak[c, i])
    add("entry_count", i, batch.cause[c, i])
    add("entry_turn_count", i, batch.entry_turn[c, i])
    treaty = batch.cause[c, i] == TREATY
    c, i = c[treaty], i[treaty]
    through = batch.through[c, i]
    add("drawn_in_count", through, i)
    add("chain_gang_count", i[batch.cause[c, through] == TREATY])
    c, i = np.nonzero(at_war)
    add("actor_war_count", i, batch.side[c, i])
    score_ties(batch, at_war, counts)


def score_ties(batch: Batch, at_war: np.ndarray, counts: Counts) -> None:
    """The fates of promises to defend somebody who is at war at the end."""
    dyads = batch.world.dyads
    names = tie_count_names()
    for tie, (k, j) in enumerate(
        zip(batch.world.ties["from_"], batch.world.ties["to"], strict=True)
    ):
        if dyads["defence"][k, j] <= 0.0:
            continue
        c = np.flatnonzero(at_war[:, j] & (batch.originator != k).all(axis=1))
        side = batch.side[c, j]
        if dyads["defence_conditional"][k, j] >= 1.0:
            c, side = c[side != INITIATOR], side[side != INITIATOR]
        counting = is_against(batch, "defence", c, np.full(len(c), k), np.full(len(c), j), 1 - side)
        c, side = c[counting], side[counting]
        own = batch.side[c, k]
        fate = np.where(at_war[c, k], FOUGHT, STOOD_BY)
        fate = np.where(own == NEUTRAL, ABANDONED, np.where(own != side, BETRAYED, fate))
        for code, times in enumerate(np.bincount(fate, minlength=len(names))):
            counts[names[code]][tie] += times
