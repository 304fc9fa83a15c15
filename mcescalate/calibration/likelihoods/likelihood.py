"""Log-likelihood of how disputes between two ended, with its score and expected information."""

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from mcescalate.calibration.likelihoods.free_values import PERIODS, Layout
from mcescalate.calibration.likelihoods.mix import Mix
from mcescalate.calibration.likelihoods.observations import Observation
from mcescalate.calibration.pairs.ends import N_ENDS, fill_ends
from mcescalate.calibration.pairs.rooms import room_for_ends
from mcescalate.engine.backend_numba import compiled
from mcescalate.machine import available_cores

STEP = 1e-5
"""Of numerical derivatives; the ends are smooth in every value, and known to 1e-15."""
_LEAST = 1e-300


class Slope(NamedTuple):
    """A log-likelihood, its score and its expected information, by parameter."""

    value: float
    score: np.ndarray
    information: np.ndarray


@functools.cache
def _fill_ends() -> Any:
    return compiled(fill_ends)


def ends_of(
    observation: Observation, points: np.ndarray, places: np.ndarray, room: Any = None
) -> np.ndarray:
    """Probabilities of the ends of a dispute, as if nobody joined: (point, domain, end).

    The world is left with the values of the last point.

    Parameters
    ----------
    points, places : values that change, as in `pairs.ends.fill_ends`
    room : of `rooms.room_for_ends`
    """
    world = observation.world
    ends = np.zeros((len(points), len(world.domains), N_ENDS))
    _fill_ends()(
        world,
        observation.state,
        observation.initiator,
        observation.target,
        observation.force,
        observation.is_timed,
        observation.like,
        points,
        places,
        observation.coefficients,
        observation.actors,
        *(room or room_for_ends(world)),
        ends,
    )
    return ends


class PairLikelihood:
    """How likely the ends of disputes are, as functions of free values.

    Disputes between the same two in the same world are worked out once.

    Parameters
    ----------
    observations : all on the same ladder, with the same first acts
    layout : the free values, those of the mix last
    """

    def __init__(self, observations: Sequence[Observation], layout: Layout, workers: int = 0):
        self.layout = layout
        self.period = np.array([one.period for one in observations], int)
        self._workers = workers or available_cores()
        self._inner = [v for v in layout.values if not v.of_mix]
        self._mix = Mix([v for v in layout.values if v.of_mix], observations)
        self._places = np.array([(v.kind, v.column) for v in self._inner], np.int64).reshape(-1, 2)
        for one in observations:
            one.restore()
        kinds: dict[bytes, int] = {}
        self._kind = np.array([kinds.setdefault(o.digest(), len(kinds)) for o in observations], int)
        firsts: list[int] = np.unique(self._kind, return_index=True)[1].tolist()
        self._worked = [observations[k] for k in firsts]
        partitions = [o.outcome.partition() for o in observations]
        groups = np.arange(N_ENDS)
        self._members = np.array([[p == g for g in groups] for p in partitions], float).reshape(
            -1, N_ENDS, N_ENDS
        )
        """(dispute, group, end)"""
        self._happened = np.array(
            [p[o.outcome.happened()] for p, o in zip(partitions, observations, strict=True)], int
        )

    def probabilities(self, parameters: np.ndarray) -> np.ndarray:
        """(dispute, point, end), over all first acts, at each setting (point, parameter)."""
        effective = self.layout.effective(parameters)
        points = effective[:, :, : len(self._inner)].transpose(1, 0, 2)
        ends = self._work(np.ascontiguousarray(points))[self._kind]
        shares = self._mix.shares(effective[:, :, len(self._inner) :])
        return np.einsum("nqd,nqdc->nqc", shares, ends)

    def value(self, parameters: np.ndarray) -> float:
        """The log-likelihood."""
        return float(self.values(parameters[None])[0])

    def values(self, parameters: np.ndarray) -> np.ndarray:
        """(point) the log-likelihood at each setting (point, parameter)."""
        p = self.probabilities(parameters)
        members = self._members[np.arange(len(p)), self._happened]
        found = np.einsum("nqc,nc->nq", p, members)
        return np.log(np.maximum(found, _LEAST)).sum(axis=0)

    def slope(self, parameters: np.ndarray) -> Slope:
        """The log-likelihood with score and expected information."""
        p, dp = self.with_derivatives(parameters)
        grouped = np.einsum("ngc,nc->ng", self._members, p)
        slopes = np.einsum("ngc,nvc->nvg", self._members, dp)
        known = np.where(grouped > _LEAST, 1.0 / np.maximum(grouped, _LEAST), 0.0)
        rows = np.arange(len(p))
        happened = grouped[rows, self._happened]
        own = slopes[rows, :, self._happened] * known[rows, self._happened][:, None]
        score, information = self.gathered(own, np.einsum("nvg,nwg,ng->nvw", slopes, slopes, known))
        return Slope(float(np.log(np.maximum(happened, _LEAST)).sum()), score, information)

    def gathered(self, own: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sums by parameter of what disputes say of their effective values."""
        size = self.layout.size
        score, information = np.zeros(size), np.zeros((size, size))
        for era in range(len(PERIODS)):
            chosen = self.period == era
            sums = self.layout.sums[era]
            score += sums.T @ own[chosen].sum(axis=0)
            information += sums.T @ squares[chosen].sum(axis=0) @ sums
        return score, information

    def with_derivatives(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(dispute, end) probabilities, and (dispute, value, end) their derivatives."""
        effective = self.layout.effective(parameters)
        inner, steps = effective[:, : len(self._inner)], self._steps(effective)
        moved = inner[:, None] + np.eye(len(self._inner)) * steps[:, None, :]
        points = np.concatenate([inner[:, None], moved], axis=1)
        ends = self._work(np.ascontiguousarray(points))[self._kind]
        shares = self._mix.shares(effective[None, :, len(self._inner) :])[:, 0]
        p = np.einsum("nd,ndc->nc", shares, ends[:, 0])
        slopes = (ends[:, 1:] - ends[:, :1]) / steps[self.period][:, :, None, None]
        own = np.einsum("nd,nvdc->nvc", shares, slopes)
        return p, np.concatenate([own, self._mix.slopes(shares, ends[:, 0], p)], axis=1)

    # ---- what it is made of

    def _steps(self, effective: np.ndarray) -> np.ndarray:
        """(era, value) steps of the derivatives, downward where a bound is near above."""
        n = len(self._inner)
        return np.where(effective[:, :n] + STEP > self.layout.upper[:n], -STEP, STEP)

    def _work(self, points: np.ndarray) -> np.ndarray:
        """(kind of dispute, point, domain, end); `points` is (era, point, value)."""

        def work(chunk: Sequence[Observation]) -> list[np.ndarray]:
            room = room_for_ends(chunk[0].world) if chunk else None
            return [ends_of(one, points[one.period], self._places, room) for one in chunk]

        chunks = [self._worked[k :: self._workers] for k in range(self._workers)]
        with ThreadPoolExecutor(self._workers) as pool:
            found = list(pool.map(work, chunks))
        ends = [found[k % self._workers][k // self._workers] for k in range(len(self._worked))]
        return np.array(ends)
