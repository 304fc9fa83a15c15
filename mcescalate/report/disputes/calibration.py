"""The page on a calibration, from its summary (`templates/calibration.html`)."""

import json
from collections.abc import Mapping
from typing import Any

from mcescalate.report.disputes.dispute_figures import estimates_figure
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import amount, listed, number
from mcescalate.report.rendering import render

_MINUS = "\N{MINUS SIGN}"
_Z = 1.6448536269514722
"""Of intervals of 90 %."""
Summary = Mapping[str, Any]


def calibration_page(summary: Summary) -> str:
    """One self-contained HTML page; the same summary gives the same page.

    Parameters
    ----------
    summary : as in the file calibration.json
    """
    figures = Figures()
    fitted = [row for row in summary["values"] if row["informed"]]
    left = [row for row in summary["values"] if not row["informed"]]
    settings = summary["settings"]
    return render(
        "calibration.html",
        {
            "title": "What recorded disputes say about the coefficients",
            "kicker": f"Calibration: {amount(summary['disputes'], 'disputes')}, "
            f"{summary['from']} to {summary['to']}",
            "day": "",
            "lead": "",
            "most_rows": 0,
            "left_out": (),
            "answer": {
                "findings": _findings(summary, fitted, left),
                "figure": figures.draw(
                    lambda: estimates_figure(
                        [
                            (_label(row), row["estimate"], row["se"], row["default"])
                            for row in fitted
                        ]
                    ),
                    "Dots with intervals: each fitted value beside its default.",
                    "Fitted values with intervals of 90 % (dots), and the defaults (crosses).",
                ),
            },
            "rows": [
                (
                    row["address"],
                    row["era"] or "all",
                    _decimal(row["default"]),
                    _decimal(row["estimate"]),
                    _decimal(row["se"]),
                    f"{row['shrinkage']:.2f}",
                )
                for row in fitted
            ],
            "left": [
                (row["address"], _decimal(row["default"]), f"{row['shrinkage']:.2f}")
                for row in left
            ],
            "method": {
                "settings": settings,
                "eras": [(era, number(n)) for era, n in summary["by_era"].items()],
                "unplaced": [(why, number(n)) for why, n in summary["unplaced"].items()],
                "facts": [(name, text) for name, text in _facts(summary).items() if text],
                "files": [
                    (file["name"], file["title"], file["sha256"][:16]) for file in summary["files"]
                ],
            },
        },
    )


def _findings(
    summary: Summary, fitted: list[dict[str, Any]], left: list[dict[str, Any]]
) -> list[str]:
    moved = [row for row in fitted if abs(row["estimate"] - row["default"]) > _Z * row["se"]]
    addresses = list(dict.fromkeys(row["address"] for row in fitted))
    findings = [f"{amount(len(addresses), 'values')} were fitted."]
    if moved:
        names = list(dict.fromkeys(row["address"] for row in moved))
        findings.append(
            f"Different from the default by more than their uncertainty: {listed(names)}."
        )
    if left:
        names = list(dict.fromkeys(row["address"] for row in left))
        findings.append(f"Not informed by the disputes, and left at the default: {listed(names)}.")
    if not summary["converged"]:
        findings.append("The fit did not converge: treat its figures with care.")
    feedback = summary["feedback"]
    if feedback and not feedback["converged"]:
        findings.append("The correction for what joiners set off did not converge.")
    return findings


def _facts(summary: Summary) -> dict[str, str]:
    settings = summary["settings"]
    return {
        "Free": ", ".join(settings["free"]),
        "Shifting by era": ", ".join(settings["by_era"]),
        "Held fixed by": settings["overlay"],
        "Fixed values": json.dumps(settings["coefficients"]) if settings["coefficients"] else "",
        "Mapping": json.dumps(settings["mapping"]) if settings["mapping"] else "",
        "Data lagged by": amount(settings["lag_years"], "years") if settings["lag_years"] else "",
        "First act": "as first recorded (MIE)" if settings["first_event"] else "",
        "What joiners set off": _feedback(summary),
        "Version": f"mcescalate {summary['mcescalate']}, model {summary['model_version']}",
    }


def _feedback(summary: Summary) -> str:
    feedback = summary["feedback"]
    if not feedback:
        return "" if summary["settings"]["feedback"] else "left out"
    rounds, chains = amount(feedback["rounds"], "rounds"), amount(feedback["chains"], "chains")
    return f"corrected in {rounds} of {chains} a dispute, seed {feedback['seed']}"


def _label(row: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (row["address"], row["era"])))


def _decimal(value: float) -> str:
    return f"{value:.3g}".replace("-", _MINUS)
