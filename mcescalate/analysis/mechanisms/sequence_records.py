"""Records of chains of several crises: fates of promises, and pairs that met again."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mcescalate.model.codes import (
    NO_OUTCOME,
    OTHER_PAIR,
    OUTCOMES,
    RECURRENCES,
    ROLES_REVERSED,
    SAME_INITIATOR,
    SIDES,
)
from mcescalate.results.checks.counts import SEQUENCE_DIM
from mcescalate.results.provenance.schema import scenario_of
from mcescalate.scenario.merged_rows import merge_rows

if TYPE_CHECKING:
    import xarray as xr

__all__: list[str] = []

PAST = ("kept", "restrained", "abandoned")
"""What a promise of defence may have come to when it was last called upon: fought for, stood by
below war, or abandoned or betrayed."""


class SequenceRecords:
    """Records of chains of several crises, by actors' ids.

    Parameters
    ----------
    result : counts of one run with records of chains; of several crises a chain
    """

    def __init__(self, result: "xr.Dataset"):
        def values(field: str, *dims: str) -> NDArray[Any]:
            return result[f"chain_{field}"].transpose("chain", SEQUENCE_DIM, *dims).values

        self.place = {str(actor): k for k, actor in enumerate(result["actor"].values)}
        self.outcome = values("outcome")
        self.accident = values("accident")
        self.drawn_initiator, self.drawn_target = values("drawn_initiator"), values("drawn_target")
        self.initiator, self.target = values("initiator"), values("target")
        self.side = values("side", "actor")
        self.at_war = values("actor_peak", "actor") == result.sizes["rung"] - 1
        merged = merge_rows(scenario_of(result, "next_challenge"))
        self.promises = {
            (k, j): promise
            for (k, j, kind), promise in merged.in_force.items()
            if kind == "defence"
        }

    def recurrences(self) -> NDArray[np.int64]:
        """(chain, outcome, recurrence) how often the next crisis stands so to one that ended so."""
        n_chains, n_periods = self.outcome.shape
        found = np.zeros((n_chains, len(OUTCOMES), len(RECURRENCES)), np.int64)
        chains = np.arange(n_chains)
        last = np.full(n_chains, NO_OUTCOME)
        initiator = np.full(n_chains, -1)
        target = np.full(n_chains, -1)
        for crisis in range(n_periods):
            took_place = self.outcome[:, crisis] != NO_OUTCOME
            now = self.drawn_initiator[:, crisis], self.drawn_target[:, crisis]
            is_same = (now[0] == initiator) & (now[1] == target)
            is_reversed = (now[0] == target) & (now[1] == initiator)
            how = np.where(
                is_same, SAME_INITIATOR, np.where(is_reversed, ROLES_REVERSED, OTHER_PAIR)
            )
            follows = took_place & (last != NO_OUTCOME)
            found[chains[follows], last[follows], how[follows]] += 1
            last = np.where(took_place, self.outcome[:, crisis], last)
            initiator = np.where(took_place, now[0], initiator)
            target = np.where(took_place, now[1], target)
        return found

    def is_tested(self, ally: str, crisis: int) -> NDArray[np.bool_]:
        """Whether an incident against `ally` put deterrence to the test."""
        is_crisis = self.outcome[:, crisis] != NO_OUTCOME
        is_target = self.drawn_target[:, crisis] == self.place[ally]
        return is_crisis & is_target & (self.accident[:, crisis] == 0)

    def fate(self, k: str, j: str, crisis: int) -> NDArray[np.int64]:
        """What became of the promise of `k` to `j`: place among `PAST` + 1, -1 if not invoked.

        An actor that has been at war is at war at the end (docs/model.md 5).
        """
        promiser, ally = self.place[k], self.place[j]
        sides, at_war = self.side[:, crisis], self.at_war[:, crisis]
        promise = self.promises.get((k, j))
        if promise is None:
            return np.full(len(sides), -1)
        invoked = at_war[:, ally] & (sides[:, ally] >= 0)
        invoked &= (self.initiator[:, crisis] != promiser) & (self.target[:, crisis] != promiser)
        if promise.conditional >= 1.0:
            invoked &= sides[:, ally] != SIDES.index("initiator")
        if promise.against:
            enemies = [self.place[x] for x in promise.against]
            invoked &= (sides[:, enemies] == 1 - sides[:, [ally]]).any(1)
        is_beside = sides[:, promiser] == sides[:, ally]
        kept, restrained, abandoned = (1 + PAST.index(name) for name in PAST)
        fate = np.where(is_beside, np.where(at_war[:, promiser], kept, restrained), abandoned)
        return np.where(invoked, fate, -1)
