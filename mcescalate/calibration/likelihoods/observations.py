"""Recorded disputes as what a fit learns from: the world of the day, and how they ended."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mcescalate.calibration.likelihoods.free_values import period_of
from mcescalate.calibration.pairs.ends import (
    ANSWERED,
    FORCE_ANSWERED,
    FORCE_UNANSWERED,
    N_ENDS,
    UNANSWERED,
    WAR,
)
from mcescalate.calibration.scoring.backtest import FIRST_ACTS, Settings, crisis_of
from mcescalate.calibration.scoring.covariates import covariates_of
from mcescalate.calibration.scoring.forecast import FORCE
from mcescalate.calibration.scoring.forecast import WAR as WAR_LEVEL
from mcescalate.engine.batches import Interrupted
from mcescalate.errors import UsageError
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.importing.importer import Data
from mcescalate.machine import available_cores
from mcescalate.model.codes import TURN
from mcescalate.model.dependences import rests_on
from mcescalate.model.state import State, new_state
from mcescalate.model.world import COEFFICIENTS, World
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.first_acts import effects_of, log_weights_of, traits_of
from mcescalate.scenario.merged_rows import actor_order, merge_rows
from mcescalate.scenario.schema import Scenario

NOBODY, SIDE_A, SIDE_B = range(3)
"""What a bystander did: it stayed out, or entered a side, the first one if it entered both."""


@dataclass(frozen=True)
class Outcome:
    """What is known of how a dispute ended; None where it is not known."""

    war: bool | None = None
    force: bool | None = None
    answered: bool | None = None

    def partition(self) -> np.ndarray:
        """(end) numbers that are the same for ends that what is known of cannot tell apart.

        The number of what happened is `happened`.
        """
        level = {UNANSWERED: 0, ANSWERED: 0, FORCE_UNANSWERED: 1, FORCE_ANSWERED: 1, WAR: 2}
        reply = {UNANSWERED: 0, ANSWERED: 1, FORCE_UNANSWERED: 0, FORCE_ANSWERED: 1, WAR: 1}
        knows_level, knows_reply = self.war is not None, self.answered is not None
        numbers = [
            (3 * reply[end] if knows_reply and not (knows_level and end == WAR) else 0)
            + (level[end] if knows_level else 0)
            for end in range(N_ENDS)
        ]
        return np.unique(numbers, return_inverse=True)[1]

    def happened(self) -> int:
        """An end that agrees with all that is known."""
        if self.war:
            return WAR
        if self.war is None:
            return ANSWERED if self.answered else UNANSWERED
        if self.force:
            return FORCE_ANSWERED if self.answered else FORCE_UNANSWERED
        return ANSWERED if self.answered else UNANSWERED


@dataclass(frozen=True)
class Observation:
    """A dispute in the world of its day.

    Parameters
    ----------
    number : of the dispute
    period : the place of its era in `free_values.PERIODS`
    world : whose coefficients and actors may be written through `coefficients` and `actors`
    state : to work in
    initiator, target : places of the two originators
    force : the lowest rung that is a use of force
    like : (domain) the first domain whose incidents go on alike from the same rung
    log_weights, effects : (domain) of the first acts, and (trait, domain) on them
    traits : (trait) of the two, as in `scenario.first_acts`
    first_act : the domain that the dispute is known to have begun in; -1 if that is not known
    outcome : how it ended
    entered : what each actor did, by its place; None if that is not known
    coefficients, actors : the memory of the world's coefficients and actors as plain numbers
    given : what stood there at first
    codes : COW country codes of the actors, by place
    covariates : what regressions learn from; empty if not asked for
    """

    number: int
    period: int
    world: World
    state: State
    initiator: int
    target: int
    force: int
    like: np.ndarray
    log_weights: np.ndarray
    effects: np.ndarray
    traits: np.ndarray
    first_act: int
    outcome: Outcome
    entered: np.ndarray | None
    coefficients: np.ndarray
    actors: np.ndarray
    given: tuple[np.ndarray, np.ndarray]
    codes: tuple[int, ...] = ()
    covariates: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_timed(self) -> bool:
        """Whether chances of moves rest on the turn."""
        return bool(rests_on(self.coefficients).anything & TURN)

    def restore(self) -> None:
        """Give coefficients and actors the values that they had at first."""
        self.coefficients[:], self.actors[:] = self.given

    def digest(self) -> bytes:
        """The same for disputes whose two originators stand in the same world in the same era."""
        sums = hashlib.sha256()
        sums.update(repr((self.period, self.initiator, self.target, self.force)).encode())
        for name, value in self.world._asdict().items():
            if isinstance(value, np.ndarray):
                if name == "actors":
                    value = value.copy()
                    value["key"] = 0
                sums.update(f"{name}{value.shape}".encode())
                sums.update(np.ascontiguousarray(value).tobytes())
            elif name not in ("coefficients", "rests_on"):
                sums.update(repr((name, value)).encode())
        sums.update(self.coefficients.tobytes())
        return sums.digest()


def observe(
    scenario: Scenario,
    initiator: str,
    target: str,
    *,
    year: int,
    outcome: Outcome,
    number: int = 0,
    first_act: str = "",
    entered: Mapping[str, int] | None = None,
    codes: Mapping[str, int] | None = None,
    covariates: Mapping[str, Any] | None = None,
) -> Observation:
    """An observation in the world of a scenario.

    Parameters
    ----------
    first_act : the domain that it is known to have begun in; empty if that is not known
    entered : what actors did, by id; those left out stayed out; None if nothing is known
    codes : COW country codes by id
    """
    order = actor_order(scenario)
    world, coefficients, actors = writable(build_world(scenario))
    domains = [domain.name for domain in scenario.trigger.domains]
    did = None
    if entered is not None:
        did = np.array([entered.get(actor, NOBODY) for actor in order], np.int64)
    return Observation(
        number=number,
        period=period_of(year),
        world=world,
        state=new_state(world),
        initiator=order.index(initiator),
        target=order.index(target),
        force=next(rung for rung, level in enumerate(scenario.ladder.mid) if level >= FORCE),
        like=_alike(world),
        log_weights=log_weights_of(scenario.trigger.domains),
        effects=effects_of(scenario.trigger.domains),
        traits=traits_of(merge_rows(scenario), [(initiator, target)])[0],
        first_act=domains.index(first_act) if first_act in domains else -1,
        outcome=outcome,
        entered=did,
        coefficients=coefficients,
        actors=actors,
        given=(coefficients.copy(), actors.copy()),
        codes=tuple((codes or {}).get(actor, 0) for actor in order),
        covariates=covariates or {},
    )


def writable(world: World) -> tuple[World, np.ndarray, np.ndarray]:
    """A copy of a world, and the memory of its coefficients and actors as plain numbers."""
    table = np.array([world.coefficients], COEFFICIENTS)
    actors = world.actors.copy()
    copied = world._replace(
        coefficients=table.view(np.recarray)[0], actors=actors.view(np.recarray)
    )
    return (
        copied,
        table.view(np.float64),
        actors.view(np.ndarray).view(np.float64).reshape(world.n_actors, -1),
    )


def _alike(world: World) -> np.ndarray:
    """(domain) the first domain that differs in nothing but its weight and its rung."""
    domains = world.domains
    names = [n for n in domains.dtype.names or () if n not in ("share", "cumulative", "rung")]
    rows = [tuple(row[name] for name in names) for row in domains]
    return np.array([rows.index(row) for row in rows], np.int64)


# ------------------------------------------------------------ from data


@dataclass(frozen=True)
class Placed:
    """Disputes with their observations.

    Parameters
    ----------
    observations : by place in the list of disputes; None where it could not be placed
    unplaced : how many could not be placed, by reason
    reasons : by place in the list of disputes
    """

    observations: list[Observation | None]
    reasons: list[str]

    @property
    def unplaced(self) -> dict[str, int]:
        """How many disputes could not be placed, by reason."""
        return dict(sorted(Counter(reason for reason in self.reasons if reason).items()))


def place_disputes(
    data: Data,
    disputes: Sequence[Dispute],
    settings: Settings,
    tables: Mapping[str, Any],
    *,
    with_covariates: bool = False,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    stop: threading.Event | None = None,
) -> Placed:
    """Make the world of each dispute's day.

    Parameters
    ----------
    settings : actors, lag and first event, as in a backtest
    tables : laid over each scenario
    with_covariates : whether regressions are to learn from them

    Raises
    ------
    ScenarioError
        The tables do not fit a scenario.
    Interrupted
        `stop` was set before the end.
    """
    stop = stop or threading.Event()
    data.readings.read_all()
    lock, done = threading.Lock(), 0

    def place(dispute: Dispute) -> tuple[Observation | None, str]:
        nonlocal done
        if stop.is_set():
            raise Interrupted
        try:
            crisis = crisis_of(data, dispute, settings)
        except UsageError as error:
            found: tuple[Observation | None, str] = None, error.lines[0]
        else:
            scenario = crisis.scenario
            if tables:
                scenario = apply_overlay(scenario, dict(tables), settings.overlay)
            event = dispute.event if settings.first_event else None
            names = FIRST_ACTS.get(event.level, "") if event else ""
            ids = {code: actor for actor, code in crisis.codes.items()}
            found = (
                observe(
                    scenario,
                    ids[crisis.initiator],
                    ids[crisis.target],
                    year=dispute.day.year,
                    outcome=outcome_of(dispute),
                    number=dispute.number,
                    first_act=names,
                    entered=_entries(dispute, ids),
                    codes=crisis.codes,
                    covariates=covariates_of(crisis) if with_covariates else None,
                ),
                "",
            )
        with lock:
            done += 1
            progress(done)
        return found

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        found = list(pool.map(place, disputes))
    return Placed([one for one, _ in found], [reason for _, reason in found])


def outcome_of(dispute: Dispute) -> Outcome:
    """What is known of how a dispute ended."""
    level = dispute.level
    return Outcome(
        war=None if level is None else level >= WAR_LEVEL,
        force=None if level is None else level >= FORCE,
        answered=dispute.answered,
    )


def _entries(dispute: Dispute, ids: Mapping[int, str]) -> dict[str, int] | None:
    """What the actors of a scenario did, by id; None if the outcome is not known."""
    if dispute.level is None:
        return None
    entered: dict[str, int] = {}
    for party in reversed(dispute.parties):
        if party.code in ids:
            entered[ids[party.code]] = SIDE_A if party.side == "a" else SIDE_B
    return entered
