"""The files of a backtest: predictions, joiners and scores."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mcescalate import __version__
from mcescalate.calibration.scoring.backtest import Settings
from mcescalate.calibration.scoring.evaluation import PREDICTORS, TARGETS, Predictions, Records
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.importing.importer import Data
from mcescalate.results.files.atomic import write_atomically

PREDICTIONS, JOINERS = "predictions.csv", "joiners.csv"
COMPARISON, SCORES = "comparison.csv", "scores.json"
_COLUMNS = {"war": "p_war", "answered": "p_recip", "force": "p_force", "multi": "p_multi"}


def write_tables(
    folder: Path,
    disputes: Sequence[Dispute],
    records: Records,
    predictions: Predictions,
    scores: dict[str, Any],
) -> None:
    """Write the files; rows are by number of the dispute."""
    order = sorted(range(len(disputes)), key=lambda k: disputes[k].number)
    write_csv(
        folder / PREDICTIONS,
        ["dispnum", *_COLUMNS.values()],
        (
            [disputes[k].number, *(predictions.by_target[t]["model"][k] for t in _COLUMNS)]
            for k in order
        ),
    )
    write_csv(
        folder / JOINERS,
        ["dispnum", "ccode", "p_a", "p_b"],
        (
            [disputes[k].number, code, *p]
            for k in order
            for code, p in sorted(
                records[k].get("joining", {}).items(), key=lambda item: int(item[0])
            )
        ),
    )
    others = [name for name in PREDICTORS if name != "model"]
    write_csv(
        folder / COMPARISON,
        ["dispnum", "scored", *(f"{_COLUMNS[t]}_{name}" for t in TARGETS for name in others)],
        (
            [
                disputes[k].number,
                int(predictions.test[k]),
                *(predictions.by_target[t][name][k] for t in TARGETS for name in others),
            ]
            for k in order
        ),
    )
    image = json.dumps(scores, indent=1, allow_nan=False).encode()
    write_atomically(folder / SCORES, image, force=True)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table, numbers with six digits; NaN is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_atomically(path, text.getvalue().encode(), force=True)


def _cell(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return "" if value != value else f"{value:.6g}"


def describe(data: Data, settings: Settings, split: str) -> dict[str, Any]:
    """The settings of a backtest and the files that it read, as plain values."""
    return {
        "mcescalate": __version__,
        "settings": {
            **{name: value for name, value in asdict(settings).items() if name != "coefficients"},
            "split": split,
            "coefficients": json.loads(settings.coefficients),
            "mapping": data.mapping.changes,
        },
        "files": [
            {"name": source.name, "title": source.title, "sha256": source.digest}
            for library in (data.readings.library, data.dispute_files)
            for source in library.sources.values()
        ],
    }
