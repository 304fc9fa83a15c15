"""Calibrate on published data: disputes to worlds, worlds to fitted values."""

import itertools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mcescalate.calibration.fitting.calibrate import Calibration, calibrate
from mcescalate.calibration.fitting.held_out import predict_held_out
from mcescalate.calibration.fitting.results import describe_calibration, files_of
from mcescalate.calibration.likelihoods.free_values import (
    BY_PERIOD,
    FREE,
    FreeValue,
    find_free_values,
)
from mcescalate.calibration.likelihoods.observations import Observation, Placed, place_disputes
from mcescalate.calibration.scoring.backtest import Settings, crisis_of
from mcescalate.calibration.scoring.evaluation import Predictions, compare, evaluate
from mcescalate.calibration.scoring.splits import divide
from mcescalate.calibration.scoring.tables import describe
from mcescalate.errors import UsageError
from mcescalate.importing.build.assemble import DOMAINS
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.importing.importer import Data
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.form.tables import Ladder
from mcescalate.scenario.schema import Scenario

NONE = "-"
"""Stands for no address at all."""


@dataclass(frozen=True)
class Request:
    """What is to be fitted, and in which scenarios.

    Parameters
    ----------
    free : addresses of the values
    by_period : those of them that shift by era
    scenarios : actors, lag, first event and fixed coefficients, as in a backtest
    feedback : whether the fit of who joins is corrected for what joiners set off
    """

    free: tuple[str, ...]
    by_period: tuple[str, ...]
    scenarios: Settings
    feedback: bool = True

    @classmethod
    def of(
        cls,
        *,
        free: Sequence[str],
        by_period: Sequence[str],
        tables: Mapping[str, Any],
        overlay: str,
        actors: int,
        lag_years: int,
        first_event: bool,
        seed: int,
        feedback: bool = True,
    ) -> "Request":
        """A request in which what is left out takes its default.

        Parameters
        ----------
        free : empty for `FREE`
        by_period : empty for those of `BY_PERIOD` that are free; "-" for none
        tables : of the file `overlay`, laid over every scenario
        """
        wanted = tuple(free) or FREE
        shifting = tuple(address for address in by_period if address != NONE)
        if not by_period:
            shifting = tuple(address for address in BY_PERIOD if address in wanted)
        settings = Settings(
            actors=actors,
            chains=0,
            seed=seed,
            lag_years=lag_years,
            first_event=first_event,
            coefficients=json.dumps(dict(tables), default=str, sort_keys=True),
            overlay=overlay,
        )
        request = cls(wanted, shifting, settings, feedback)
        # Before any file is read; the weights of first acts come with the scenarios.
        request.values([(name, 1.0) for name, _ in DOMAINS])
        return request

    @property
    def tables(self) -> dict[str, Any]:
        """The fixed coefficients, laid over every scenario."""
        return json.loads(self.scenarios.coefficients)

    def values(self, domains: Sequence[tuple[str, float]]) -> tuple[FreeValue, ...]:
        """The free values, for first acts of these names and weights.

        Raises
        ------
        UsageError
            An address leads to no value that could be fitted, or to one that is fixed.
        """
        return find_free_values(
            self.free,
            self.by_period,
            fixed=fixed_addresses(self.tables),
            fixed_by=self.scenarios.overlay,
            domains=domains,
        )

    def describe(self) -> dict[str, Any]:
        """The request as plain values."""
        scenarios = self.scenarios
        return {
            "free": list(self.free),
            "by_era": list(self.by_period),
            "coefficients": self.tables,
            "overlay": scenarios.overlay,
            "actors": scenarios.actors,
            "lag_years": scenarios.lag_years,
            "first_event": scenarios.first_event,
            "seed": scenarios.seed,
            "feedback": self.feedback,
        }


def fixed_addresses(tables: Mapping[str, Any]) -> list[str]:
    """Addresses of what an overlay sets, `*` standing for its rows."""
    found: list[str] = []
    for table, content in tables.items():
        if table == "trigger" and isinstance(content, dict):
            rows = content.get("domains") or []
            found += dict.fromkeys(f"trigger.domains.*.{name}" for row in rows for name in row)
        elif table == "actors" and isinstance(content, list):
            found += [f"actors.*.{name}" for row in content for name in row]
        elif isinstance(content, dict):
            found += [f"{table}.{name}" for name in content if name not in ("note", "source")]
    return found


@dataclass(frozen=True)
class HeldOut:
    """How well disputes are predicted by values fitted to others.

    Parameters
    ----------
    records, predictions, scores : as those of a backtest
    """

    records: list[dict[str, Any]]
    predictions: Predictions
    scores: dict[str, Any]


@dataclass(frozen=True)
class Calibrated:
    """A calibration on data.

    Parameters
    ----------
    summary : all of it as plain values, for page and files
    ladder, rungs : of the scenarios, and of the first acts by name of the domain
    held_out : how well other disputes are predicted, if that was asked for
    """

    calibration: Calibration
    summary: dict[str, Any]
    ladder: Ladder
    rungs: dict[str, int]
    held_out: HeldOut | None = None


def calibrate_data(
    data: Data,
    disputes: Sequence[Dispute],
    request: Request,
    *,
    split: str = "",
    chains: int = 2000,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    fitting: Callable[[str, int], None] = lambda stage, step: None,
    stop: threading.Event | None = None,
) -> Calibrated:
    """Fit the values of a request to disputes.

    Parameters
    ----------
    split : by which the fit is scored on disputes that it has not seen; empty for not at all
    chains : simulated for each of them
    progress : called with the number of disputes whose scenario is made
    fitting : then called with each stage of the fit, and the number of its steps so far
    stop : once it is set, no new scenario is begun

    Raises
    ------
    UsageError
        There are no disputes, or nothing to be learned from them.
    ScenarioError
        The fixed coefficients do not fit a scenario.
    Interrupted
        `stop` was set before the end.
    """
    if not disputes:
        raise UsageError("no disputes: none began between these days")
    pattern = _first_scenario(data, disputes, request)
    domains = [(domain.name, domain.weight) for domain in pattern.trigger.domains]
    values = request.values(domains)
    placed = place_disputes(
        data,
        disputes,
        request.scenarios,
        request.tables,
        with_covariates=bool(split),
        workers=workers,
        progress=progress,
        stop=stop,
    )
    names = [name for name, _ in domains]
    parts = divide(disputes, split) if split else []
    numbers = itertools.count(1)

    def fit(observations: list[Observation], like: Calibration | None = None) -> Calibration:
        which = f"fit {next(numbers)} of {len(parts) + 1}: " if parts else ""
        return calibrate(
            observations,
            values,
            names,
            like=like,
            feedback=request.feedback,
            seed=request.scenarios.seed,
            workers=workers or 0,
            progress=lambda stage, step: fitting(which + stage, step),
        )

    held_out = None
    if parts:
        records = predict_held_out(
            placed,
            parts,
            fit,
            levels=pattern.ladder.mid,
            seed=request.scenarios.seed,
            chains=chains,
            workers=workers,
            stop=stop,
        )
        predictions = compare(disputes, records, parts)
        scores = {
            **describe(data, replace(request.scenarios, chains=chains), split),
            **evaluate(disputes, records, parts, predictions, seed=request.scenarios.seed),
        }
        scores["settings"]["overlay"] = f"fitted anew in each part of {split}"
        held_out = HeldOut(records, predictions, scores)
    calibration = fit(known_of(placed))
    days = [dispute.day for dispute in disputes]
    return Calibrated(
        calibration,
        describe_calibration(
            calibration,
            settings=request.describe() | {"mapping": data.mapping.changes},
            files=files_of(data),
            unplaced=placed.unplaced,
            span=(min(days), max(days)),
            seed=request.scenarios.seed,
        ),
        pattern.ladder,
        {domain.name: domain.rung for domain in pattern.trigger.domains},
        held_out,
    )


def known_of(placed: Placed) -> list[Observation]:
    """The observations of disputes that could be placed."""
    return [one for one in placed.observations if one is not None]


def _first_scenario(data: Data, disputes: Sequence[Dispute], request: Request) -> Scenario:
    """The scenario of the first dispute that can be placed, with the fixed coefficients."""
    why = ""
    for dispute in disputes:
        try:
            scenario = crisis_of(data, dispute, request.scenarios).scenario
        except UsageError as error:
            why = error.lines[0]
            continue
        tables = request.tables
        if tables:
            scenario = apply_overlay(scenario, tables, request.scenarios.overlay)
        return scenario
    raise UsageError(f"no disputes to fit: none could be placed in a scenario ({why})")
