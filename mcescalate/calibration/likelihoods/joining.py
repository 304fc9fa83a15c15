"""Log-likelihood of who joined disputes, given whether they became wars."""

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from mcescalate.calibration.likelihoods.free_values import Layout
from mcescalate.calibration.likelihoods.likelihood import Slope
from mcescalate.calibration.likelihoods.observations import Observation
from mcescalate.calibration.pairs.joins import (
    N_JOINS,
    NO_SLOPES,
    SLOPES_IN_PEACE,
    SLOPES_IN_WAR,
    TO_A,
    TO_A_IN_WAR,
    TO_B,
    TO_B_IN_WAR,
    fill_joins,
)
from mcescalate.calibration.pairs.rooms import room_for_joins
from mcescalate.engine.backend_numba import compiled
from mcescalate.machine import available_cores

_STEP = 1e-5
_LEAST = 1e-12


@functools.cache
def _fill_joins() -> Any:
    return compiled(fill_joins)


def bystanders_of(observation: Observation) -> np.ndarray:
    """Places of all actors but the two."""
    pair = (observation.initiator, observation.target)
    return np.array([k for k in range(observation.world.n_actors) if k not in pair], np.int64)


class Joins(NamedTuple):
    """Chances that bystanders join a dispute.

    Parameters
    ----------
    war : chance that it becomes a war
    found : (join of `pairs.joins`, bystander)
    draws : (point, side, highest rung opposite, news, bystander) of being drawn in a turn
    slopes : (side, highest rung opposite, news, side entered, bystander) what entries gain by each
        draw of the first point, those where it comes to war or those where it does not
    """

    war: float
    found: np.ndarray
    draws: np.ndarray
    slopes: np.ndarray


def joins_of(
    observation: Observation,
    shares: np.ndarray,
    points: np.ndarray,
    places: np.ndarray,
    *,
    wanted: int = NO_SLOPES,
    room: Any = None,
) -> Joins:
    """Chances that bystanders join, as if none changed what the others do.

    Parameters
    ----------
    shares : (domain) of the first acts
    points, places : values that change, as in `pairs.joins.fill_joins`
    wanted : which slopes of `pairs.joins`
    room : of `rooms.room_for_joins`
    """
    world, bystanders = observation.world, bystanders_of(observation)
    n = len(bystanders)
    found = np.zeros((N_JOINS, n))
    draws = np.zeros((len(points), 2, world.top + 1, 2, n))
    slopes = np.zeros((2, world.top + 1, 2, 2, n))
    war = _fill_joins()(
        world,
        observation.state,
        observation.initiator,
        observation.target,
        bystanders,
        observation.is_timed,
        observation.like,
        shares,
        wanted,
        points,
        places,
        observation.coefficients,
        observation.actors,
        *(room or room_for_joins(world, n)),
        draws,
        found,
        slopes,
    )
    return Joins(war, found, draws, slopes)


class JoiningLikelihood:
    """How likely entries of bystanders are, as functions of free values of joining.

    Bystanders count as independent of each other, given the two and whether it came to war.

    Parameters
    ----------
    observations : whose entries are known
    layout : the free values
    shares : (dispute, domain) of the first acts
    """

    def __init__(
        self,
        observations: Sequence[Observation],
        layout: Layout,
        shares: np.ndarray,
        workers: int = 0,
    ):
        self.layout = layout
        self.observations = observations
        self._shares = shares
        self._workers = workers or available_cores()
        self._places = np.array(
            [(value.kind, value.column) for value in layout.values], np.int64
        ).reshape(-1, 2)
        self.entered = [_known_entries(one)[bystanders_of(one)] for one in observations]
        """(dispute) what each bystander did."""
        self._in_war = [bool(one.outcome.war) for one in observations]

    def value(self, parameters: np.ndarray) -> float:
        """The log-likelihood."""
        return float(sum(self._over(self._value_of, self.layout.effective(parameters))))

    def values(self, parameters: np.ndarray) -> np.ndarray:
        """(point) the log-likelihood at each setting (point, parameter)."""
        return np.array([self.value(row) for row in parameters])

    def slope(self, parameters: np.ndarray) -> Slope:
        """The log-likelihood with score and expected information."""
        value, size = 0.0, self.layout.size
        score, information = np.zeros(size), np.zeros((size, size))
        effective = self.layout.effective(parameters)
        parts = self._over(self._slope_of, effective)
        for one, (own, first, second) in zip(self.observations, parts, strict=True):
            sums = self.layout.sums[one.period]
            value += own
            score += sums.T @ first
            information += sums.T @ second @ sums
        return Slope(float(value), score, information)

    def _over(self, work: Any, effective: np.ndarray) -> list[Any]:
        """What `work` makes of each dispute, its era's values and a worker's room."""

        def work_on(first: int) -> list[Any]:
            rooms: dict[int, Any] = {}
            done = []
            for k in range(first, len(self.observations), self._workers):
                one = self.observations[k]
                n = len(self.entered[k])
                if n not in rooms:
                    rooms[n] = room_for_joins(one.world, n)
                done.append(work(k, effective[one.period], rooms[n]))
            return done

        with ThreadPoolExecutor(self._workers) as pool:
            parts = list(pool.map(work_on, range(self._workers)))
        return [parts[k % self._workers][k // self._workers] for k in range(len(self.observations))]

    def _value_of(self, k: int, point: np.ndarray, room: Any) -> float:
        joins = joins_of(
            self.observations[k], self._shares[k], point[None], self._places, room=room
        )
        p = _given_war(joins.war, joins.found, in_war=self._in_war[k])
        return float(np.log(_of_what_happened(p, self.entered[k])).sum())

    def scores(self, parameters: np.ndarray) -> list[np.ndarray]:
        """(value, peace or war, what it did, bystander) slopes of the log-likelihood, by dispute.

        Those of all that bystanders could have done, whatever they did.
        """

        def work(k: int, point: np.ndarray, room: Any) -> np.ndarray:
            both = [self._with_slopes(k, point, room, in_war=in_war) for in_war in (False, True)]
            return np.stack([slopes / p for p, slopes in both], axis=1)

        return self._over(work, self.layout.effective(parameters))

    def _slope_of(
        self, k: int, point: np.ndarray, room: Any
    ) -> tuple[float, np.ndarray, np.ndarray]:
        p, slopes = self._with_slopes(k, point, room, in_war=self._in_war[k])
        happened = _of_what_happened(p, self.entered[k])
        score = (slopes[:, self.entered[k], np.arange(p.shape[1])] / happened).sum(axis=1)
        information = np.einsum("vsn,wsn,sn->vw", slopes, slopes, 1.0 / p)
        return float(np.log(happened).sum()), score, information

    def _with_slopes(
        self, k: int, point: np.ndarray, room: Any, *, in_war: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """(what it did, bystander) chances, given whether it comes to war, and slopes by value."""
        steps = np.where(point + _STEP > self.layout.upper, -_STEP, _STEP)
        points = np.concatenate([point[None], point + np.diag(steps)])
        joins = joins_of(
            self.observations[k],
            self._shares[k],
            np.ascontiguousarray(points),
            self._places,
            wanted=SLOPES_IN_WAR if in_war else SLOPES_IN_PEACE,
            room=room,
        )
        moved = (joins.draws[1:] - joins.draws[0]) / steps[:, None, None, None, None]
        gains = np.einsum("shejn,vshen->jvn", joins.slopes, moved)
        a, b = gains / (joins.war if in_war else 1.0 - joins.war)
        p = _given_war(joins.war, joins.found, in_war=in_war)
        return p, np.stack([-a - b, a, b], axis=1)


def _given_war(war: float, found: np.ndarray, *, in_war: bool) -> np.ndarray:
    """(what it did, bystander), given whether it comes to war."""
    fought = found[[TO_A_IN_WAR, TO_B_IN_WAR]]
    a, b = fought / war if in_war else (found[[TO_A, TO_B]] - fought) / (1.0 - war)
    return np.maximum(np.stack([1.0 - a - b, a, b]), _LEAST)


def has_entries(observation: Observation) -> bool:
    """Whether it is known who joined, and whether it came to war."""
    return observation.entered is not None and observation.outcome.war is not None


def _known_entries(observation: Observation) -> np.ndarray:
    assert observation.entered is not None
    return observation.entered


def _of_what_happened(p: np.ndarray, entered: np.ndarray) -> np.ndarray:
    return p[entered, np.arange(len(entered))]
