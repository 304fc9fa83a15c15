"""Free values of the mix of first acts: the shares that they give each dispute, and their slopes.

The rule itself stands in `scenario.first_acts`.
"""

from collections.abc import Sequence

import numpy as np

from mcescalate.calibration.likelihoods.free_values import FreeValue
from mcescalate.calibration.likelihoods.observations import Observation
from mcescalate.scenario.first_acts import TRAITS, shares_of


class Mix:
    """Shares of first acts in disputes, as functions of the free values that bear on them.

    Parameters
    ----------
    values : weights and effects of traits that are free
    observations : all with the same first acts
    """

    def __init__(self, values: Sequence[FreeValue], observations: Sequence[Observation]):
        self._values = tuple(values)
        self._period = np.array([one.period for one in observations], int)
        self._first_act = np.array([one.first_act for one in observations], int)
        self._traits = np.array([one.traits for one in observations], float).reshape(
            len(observations), len(TRAITS)
        )
        self._logs = np.array([one.log_weights for one in observations], float)
        self._effects = np.array([one.effects for one in observations], float)

    def shares(self, effective: np.ndarray) -> np.ndarray:
        """(dispute, point, domain), of values (point, era, value)."""
        n = len(self._period)
        of_dispute = effective[:, self._period].transpose(1, 0, 2)
        logs = np.repeat(self._logs[:, None], len(effective), axis=1)
        effects = np.repeat(self._effects[:, None], len(effective), axis=1)
        if any(value.is_weight for value in self._values):
            logs[:, :, -1] = 0.0
        for v, value in enumerate(self._values):
            if value.is_weight:
                logs[:, :, value.column] = of_dispute[:, :, v]
            else:
                effects[:, :, TRAITS.index(value.trait), value.column] = of_dispute[:, :, v]
        shares = shares_of(logs, effects, self._traits[:, None])
        known = self._first_act >= 0
        shares[known] = np.eye(shares.shape[-1])[self._first_act[known]][:, None]
        return shares.reshape(n, len(effective), -1)

    def slopes(self, shares: np.ndarray, ends: np.ndarray, p: np.ndarray) -> np.ndarray:
        """(dispute, value, end) derivatives of the probabilities of the ends.

        Parameters
        ----------
        shares : (dispute, domain)
        ends : (dispute, domain, end)
        p : (dispute, end), over all domains
        """
        factors = (self._first_act < 0).astype(float)
        found = [
            (factors * self._trait_of(value) * shares[:, value.column])[:, None]
            * (ends[:, value.column] - p)
            for value in self._values
        ]
        return np.stack(found, axis=1) if found else np.zeros((len(p), 0, p.shape[1]))

    def _trait_of(self, value: FreeValue) -> np.ndarray:
        """(dispute) what a value is multiplied by."""
        if value.is_weight:
            return np.ones(len(self._traits))
        return self._traits[:, TRAITS.index(value.trait)]
