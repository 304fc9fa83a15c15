"""The folder of a calibration: overlays, posterior, table, and what the page shows."""

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mcescalate import __version__
from mcescalate.calibration.fitting.calibrate import Calibration
from mcescalate.calibration.fitting.presets import (
    POSTERIOR,
    number_text,
    overlay_name,
    overlay_text,
    write_posterior,
)
from mcescalate.calibration.likelihoods.free_values import PERIODS
from mcescalate.calibration.scoring.tables import write_csv
from mcescalate.importing.importer import Data
from mcescalate.model.coefficients import MODEL_VERSION
from mcescalate.results.files.atomic import write_atomically
from mcescalate.scenario.form.tables import Ladder

TABLE, SUMMARY, PAGE = "calibration.csv", "calibration.json", "calibration.html"


def files_of(data: Data) -> list[dict[str, Any]]:
    """The data files that were read, with their digests."""
    return [
        {"name": source.name, "title": source.title, "sha256": source.digest}
        for library in (data.readings.library, data.dispute_files)
        for source in library.sources.values()
    ]


def describe_calibration(
    calibration: Calibration,
    *,
    settings: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    unplaced: Mapping[str, int],
    span: tuple[datetime.date, datetime.date],
    seed: int,
) -> dict[str, Any]:
    """What was fitted, to what, and what came out, as plain values.

    Parameters
    ----------
    unplaced : disputes that could not be placed, by reason
    span : first and last day of the disputes
    """
    return {
        "mcescalate": __version__,
        "model_version": MODEL_VERSION,
        "settings": dict(settings),
        "files": list(files),
        "disputes": sum(calibration.n_disputes),
        "by_era": dict(zip(PERIODS, calibration.n_disputes, strict=True)),
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "unplaced": dict(unplaced),
        "converged": all(fit.converged for fit in calibration.fits),
        "feedback": asdict(calibration.feedback) if calibration.feedback else None,
        "values": [
            {
                "address": row.address,
                "era": row.period,
                "default": plain(row.default),
                "estimate": plain(row.estimate),
                "se": plain(row.se),
                "shrinkage": plain(row.shrinkage),
                "informed": row.informed,
            }
            for row in calibration.rows(seed)
        ],
    }


def plain(value: float) -> float:
    """A number to six digits."""
    return float(f"{value:.6g}")


def source_text(summary: Mapping[str, Any]) -> str:
    """Where fitted values come from, in a sentence for overlays."""
    names = ", ".join(dict.fromkeys(file["title"] for file in summary["files"]))
    return (
        f"fitted to {summary['disputes']} militarized disputes from {summary['from']} to "
        f"{summary['to']} with mcescalate calibrate (model {summary['model_version']}); "
        f"data: {names}"
    )


def write_calibration(
    folder: Path,
    calibration: Calibration,
    summary: Mapping[str, Any],
    *,
    ladder: Ladder,
    rungs: Mapping[str, int],
    seed: int,
) -> list[str]:
    """Write overlays, posterior, table and summary; returns the names of the files.

    Parameters
    ----------
    ladder : of the scenarios that it was fitted in
    rungs : of the first acts, by name of the domain
    """
    folder.mkdir(exist_ok=True)
    source = source_text(summary)
    for period in PERIODS:
        text = overlay_text(calibration, period, source, rungs)
        write_atomically(folder / overlay_name(period), text.encode(), force=True)
    write_posterior(
        folder / POSTERIOR,
        calibration,
        ladder,
        data=summary["files"],
        settings=summary["settings"],
        seed=seed,
    )
    write_csv(
        folder / TABLE,
        ["address", "era", "default", "estimate", "se", "shrinkage", "informed"],
        _rows(summary),
    )
    image = json.dumps(dict(summary), indent=1, allow_nan=False).encode()
    write_atomically(folder / SUMMARY, image, force=True)
    return [*map(overlay_name, PERIODS), POSTERIOR, TABLE, SUMMARY]


def _rows(summary: Mapping[str, Any]) -> Iterator[list[Any]]:
    for row in summary["values"]:
        numbers = [number_text(row[name]) for name in ("default", "estimate", "se", "shrinkage")]
        yield [row["address"], row["era"], *numbers, int(row["informed"])]
