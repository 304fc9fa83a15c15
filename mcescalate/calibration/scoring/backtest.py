"""Predict disputes: a scenario of each one's day, chunk after chunk into a folder."""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mcescalate import __version__
from mcescalate.calibration.scoring.covariates import covariates_of
from mcescalate.calibration.scoring.forecast import forecast
from mcescalate.engine.batches import Interrupted
from mcescalate.errors import DataError, OutputError, UsageError
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.importing.importer import Crisis, Data
from mcescalate.machine import available_cores
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.results.files.atomic import write_atomically
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.schema import Scenario

CHUNK = 50
"""Disputes in one file of a folder; what is not in a whole file is predicted anew on resumption."""
MOST_DISPUTES = 2**31
_PARTS, _SETTINGS = "parts", "settings.json"
FIRST_ACTS = {2: "threat", 3: "display", 4: "clash", 5: "clash"}
"""Domains of incidents, by the level of hostility of the first event."""


@dataclass(frozen=True)
class Settings:
    """What a backtest's predictions rest on.

    Parameters
    ----------
    actors : states in each scenario
    chains : simulated for each dispute
    lag_years : years before the dispute whose data are used
    first_event : whether the starting rung is that of the first recorded event, where known
    coefficients : tables laid over each scenario, as JSON; empty for the model's defaults
    overlay : the file they are from
    """

    actors: int = 16
    chains: int = 2000
    seed: int = 1
    lag_years: int = 0
    first_event: bool = False
    coefficients: str = "{}"
    overlay: str = ""

    def key(self, data: Data, disputes: Sequence[Dispute]) -> dict[str, Any]:
        """Everything that a prediction depends on, for the check on resumption."""
        files = {
            source.name: source.digest
            for library in (data.readings.library, data.dispute_files)
            for source in library.sources.values()
        }
        own = {name: value for name, value in asdict(self).items() if name != "overlay"}
        numbers = ",".join(str(dispute.number) for dispute in disputes)
        return {
            "mcescalate": __version__,
            "rng_layout": RNG_LAYOUT,
            **own,
            "mapping": data.mapping.changes,
            "files": files,
            "disputes": hashlib.sha256(numbers.encode()).hexdigest(),
        }


def predict_disputes(
    data: Data,
    disputes: Sequence[Dispute],
    settings: Settings,
    folder: Path,
    *,
    force: bool = False,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    stop: threading.Event | None = None,
) -> list[dict[str, Any]]:
    """Predict each dispute, and keep the predictions in `folder`; what is there is not repeated.

    Parameters
    ----------
    force : start anew if the folder holds predictions with other settings
    progress : called with the number of disputes done
    stop : once it is set, no new dispute is begun

    Returns
    -------
    A record for each dispute, in their order: `number`, and either `reason`, why it could not be
    placed, or its prediction and covariates.

    Raises
    ------
    OutputError
        The folder holds a backtest with other settings, and `force` is not set.
    DataError
        A file in the folder is damaged.
    ScenarioError
        The coefficients do not fit a scenario.
    UsageError
        There are no disputes.
    Interrupted
        `stop` was set before the end.
    """
    if not disputes:
        raise UsageError("no disputes: none began between these days")
    stop = stop or threading.Event()
    _check_coefficients(data, disputes, settings)
    parts = _open_folder(folder, settings.key(data, disputes), force=force)
    chunks = [disputes[k : k + CHUNK] for k in range(0, len(disputes), CHUNK)]
    records: list[dict[str, Any]] = []
    lock = threading.Lock()
    done = 0

    def predict(dispute: Dispute) -> dict[str, Any] | None:
        nonlocal done
        if stop.is_set():
            return None
        record = predict_dispute(data, dispute, settings)
        with lock:
            done += 1
            progress(done)
        return record

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        for k, chunk in enumerate(chunks):
            path = parts / f"{k:05}.json"
            if path.exists():
                records += _read_part(path, chunk)
                done += len(chunk)
                progress(done)
                continue
            if not records:
                # Files are parsed on first use, which one thread does for all.
                data.readings.read_all()
            fresh = list(pool.map(predict, chunk))
            if None in fresh:
                raise Interrupted
            image = json.dumps(fresh, allow_nan=False).encode()
            write_atomically(path, image, force=True)
            records += json.loads(image)
    return records


def predict_dispute(data: Data, dispute: Dispute, settings: Settings) -> dict[str, Any]:
    """The record of one dispute."""
    try:
        crisis = crisis_of(data, dispute, settings)
    except UsageError as error:
        return {"number": dispute.number, "reason": error.lines[0]}
    scenario = crisis.scenario
    tables = json.loads(settings.coefficients)
    if settings.first_event:
        scenario = begin_as_recorded(scenario, dispute)
    if tables:
        scenario = apply_overlay(scenario, tables, settings.overlay)
    found = forecast(
        scenario,
        seed=settings.seed,
        # Disputes do not share chains, so that their errors of simulation are independent.
        first_chain=(dispute.number % MOST_DISPUTES) * 2**32,
        n_chains=settings.chains,
    )
    return {
        "number": dispute.number,
        "initiator": crisis.initiator,
        "target": crisis.target,
        **{name: getattr(found, name) for name in ("war", "answered", "force", "multi")},
        "joining": {str(crisis.codes[actor]): p for actor, p in found.joining.items()},
        "at_war": found.at_war,
        **covariates_of(crisis),
    }


def crisis_of(data: Data, dispute: Dispute, settings: Settings) -> Crisis:
    """The crisis of a dispute's day between its originators."""
    return data.crisis(
        date=dispute.day,
        sides=(dispute.originators("a"), dispute.originators("b")),
        n_actors=settings.actors,
        lag_years=settings.lag_years,
    )


def begin_as_recorded(scenario: Scenario, dispute: Dispute) -> Scenario:
    """The scenario with the first act of the first recorded event, if there is one."""
    name = FIRST_ACTS.get(dispute.event.level) if dispute.event else None
    if name is None:
        return scenario
    domains = tuple(domain for domain in scenario.trigger.domains if domain.name == name)
    trigger = scenario.trigger.model_copy(update={"domains": domains})
    return scenario.model_copy(update={"trigger": trigger})


def _check_coefficients(data: Data, disputes: Sequence[Dispute], settings: Settings) -> None:
    """See that the coefficients fit the first scenario, before anything is written."""
    tables = json.loads(settings.coefficients)
    for dispute in disputes if tables else ():
        try:
            scenario = crisis_of(data, dispute, settings).scenario
        except UsageError:
            continue
        apply_overlay(scenario, tables, settings.overlay)
        return


def _open_folder(folder: Path, key: dict[str, Any], *, force: bool) -> Path:
    """Make the folder, or see that it belongs to the same backtest; the folder of its parts."""
    parts, settings = folder / _PARTS, folder / _SETTINGS
    image = json.dumps(key, indent=1, sort_keys=True).encode()
    if settings.exists():
        if settings.read_bytes() == image:
            parts.mkdir(exist_ok=True)
            return parts
        if not force and any(parts.glob("*.json")):
            raise OutputError(
                f"{folder}: holds a backtest with other settings or data; use another --out, or "
                "--force to start anew"
            )
        for old in parts.glob("*.json"):
            old.unlink()
    elif folder.is_dir() and any(folder.iterdir()) and not force:
        raise OutputError(
            f"{folder}: is not empty and holds no backtest; use another --out, or --force"
        )
    parts.mkdir(parents=True, exist_ok=True)
    write_atomically(settings, image, force=True)
    return parts


def _read_part(path: Path, disputes: Sequence[Dispute]) -> list[dict[str, Any]]:
    try:
        records = json.loads(path.read_bytes())
        numbers = [record["number"] for record in records]
    except (OSError, ValueError, TypeError, KeyError):
        numbers = []
    if numbers != [dispute.number for dispute in disputes]:
        raise DataError(f"{path}: is damaged; remove it, and run the command again")
    return records
