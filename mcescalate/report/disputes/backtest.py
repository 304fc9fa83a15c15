"""The page on a backtest, from its scores (`templates/backtest.html`)."""

import json
from collections.abc import Mapping
from typing import Any

from mcescalate.report.disputes.dispute_figures import (
    reliability_figure,
    size_figure,
    skill_figure,
)
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import NO_BREAK, UNKNOWN, amount, number
from mcescalate.report.rendering import render

EVENTS = {
    "war": "war",
    "answered": "an answer by the target",
    "force": "use of force",
    "multi": "more than two parties",
}
PREDICTORS = {
    "model": "the model",
    "inputs": "regression, model's inputs",
    "field": "regression, standard covariates",
    "era": "base rate of the era",
}
_MINUS = "\N{MINUS SIGN}"
_COLUMNS = (
    ("skill", 3),
    ("log_score", 3),
    ("auc", 2),
    ("auc_within_eras", 2),
    ("calibration_slope", 2),
)
_SUPERIOR, _INFERIOR = "better than", "worse than"
Scores = Mapping[str, Any]


def backtest_page(scores: Scores) -> str:
    """One self-contained HTML page; the same scores give the same page.

    Parameters
    ----------
    scores : as in the file scores.json of a backtest
    """
    figures = Figures()
    found = {name: t for name, t in scores["targets"].items() if t is not None}
    settings = scores["settings"]
    coefficients = settings["overlay"] or "the model's defaults"
    return render(
        "backtest.html",
        {
            "title": "How well the model predicts recorded disputes",
            "kicker": f"Backtest: {amount(scores['disputes'], 'disputes')}, "
            f"split {settings['split']}, seed {settings['seed']}",
            "day": "",
            "lead": f"Coefficients: {coefficients}.",
            "level": f"{100 * scores['level']:.0f} %",
            "most_rows": 0,
            "left_out": (),
            "answer": _answer(scores, found, figures),
            "comparison": [
                {
                    "caption": f"Predicting {EVENTS[name]}: {number(t['events'])} of "
                    f"{amount(t['n'], 'disputes')}",
                    "rows": [
                        (
                            label,
                            *(
                                _with_interval(t["predictors"][key][score], digits)
                                for score, digits in _COLUMNS
                            ),
                        )
                        for key, label in PREDICTORS.items()
                    ],
                }
                for name, t in found.items()
            ],
            "eras": [
                {
                    "caption": f"{EVENTS[name].capitalize()} by era",
                    "rows": [_era_row(era, row) for era, row in t["by_era"].items()],
                }
                for name, t in found.items()
            ],
            "reliability": _reliability(found, figures),
            "joining": _joining(scores["joining"]),
            "sizes": _sizes(scores["wars"], figures),
            "method": _method(scores, coefficients),
        },
    )


def _answer(scores: Scores, found: Scores, figures: Figures) -> dict[str, Any]:
    findings = [_finding(name, t) for name, t in found.items()]
    joining = scores["joining"]
    if joining:
        model, other = (joining["predictors"][key] for key in ("model", "inputs"))
        findings.append(
            f"Who joins: {number(joining['joined'])} of {number(joining['n'])} bystanders joined, "
            f"{model['expected']:.0f} were expected. Skill {_with_interval(model['skill'])}, "
            f"AUC {_with_interval(model['auc'])}; regression {_with_interval(other['skill'])}, "
            f"{_with_interval(other['auc'])}."
        )
    if not findings:
        findings.append("No outcomes are known: the disputes are predicted, and not scored.")
    skills = {
        EVENTS[name]: {key: t["predictors"][key]["skill"] for key in PREDICTORS}
        for name, t in found.items()
    }
    drawn = {key: label for key, label in PREDICTORS.items() if key != "era"}
    return {
        "findings": findings,
        "figure": figures.draw(
            lambda: skill_figure(skills, drawn),
            "Dots with intervals: the skill of the model and of two regressions for each event.",
            "Skill of the model and of two tuned regressions. Values below -1 stand at the edge.",
        ),
    }


def _finding(name: str, t: Scores) -> str:
    model, other = t["predictors"]["model"], t["predictors"]["inputs"]
    skill = model["skill"]
    verdict = "cannot be distinguished from"
    if skill["lower"] is not None and skill["lower"] > 0.0:
        verdict = _SUPERIOR
    elif skill["upper"] is not None and skill["upper"] < 0.0:
        verdict = _INFERIOR
    return (
        f"{EVENTS[name].capitalize()} ({number(t['events'])} of {amount(t['n'], 'disputes')}): "
        f"{verdict} the base rate of the era. Skill {_with_interval(skill)}, AUC "
        f"{_with_interval(model['auc'])}, within eras {_with_interval(model['auc_within_eras'])}; "
        f"a tuned regression on the same inputs has skill {_with_interval(other['skill'])}, AUC "
        f"{_with_interval(other['auc'])}."
    )


def _era_row(era: str, row: Scores) -> tuple[str, ...]:
    model, other = row["model"], row["inputs"]
    return (
        era,
        number(row["n"]),
        f"{row['events'] / row['n']:.3f}",
        f"{model['mean']:.3f}",
        *(_with_interval(one[score]) for one in (model, other) for score in ("skill", "auc")),
    )


def _reliability(found: Scores, figures: Figures) -> dict[str, Any]:
    def draw(name: str, t: Scores) -> Any:
        title = EVENTS[name].capitalize()
        return figures.draw(
            lambda: reliability_figure(
                title, t["reliability"]["model"]["curve"], t["events"] / t["n"]
            ),
            f"A rising line of the share of events by predicted probability, for {EVENTS[name]}.",
            f"{title}: recorded shares by predicted probability.",
        )

    return {
        "figures": [draw(name, t) for name, t in found.items()],
        "rows": [
            (
                EVENTS[name],
                PREDICTORS[key],
                *(
                    _with_interval(parts[part], digits=4)
                    for part in ("miscalibration", "discrimination", "uncertainty")
                ),
            )
            for name, t in found.items()
            for key, parts in t["reliability"].items()
        ],
    }


def _joining(joining: Scores | None) -> dict[str, Any] | None:
    if joining is None:
        return None
    labels = {**PREDICTORS, "inputs": "regression on ties, rivalry, borders and power"}
    return {
        **joining,
        "rows": [
            (
                labels[key],
                f"{found['expected']:.0f}",
                *(_with_interval(found[score]) for score in ("skill", "log_score", "auc")),
            )
            for key, found in joining["predictors"].items()
        ],
    }


def _sizes(wars: list[Scores], figures: Figures) -> dict[str, Any] | None:
    if not wars:
        return None
    return {
        "figure": figures.draw(
            lambda: size_figure(wars),
            "Two falling rows of dots: disputes by the number of states at war.",
            "Disputes with at least this many states at war. The scale is logarithmic.",
        ),
        "rows": [
            (
                f"{row['states']} or more",
                _with_interval(row["recorded"], digits=0),
                _with_interval(row["expected"], digits=1),
            )
            for row in wars
        ],
    }


def _method(scores: Scores, coefficients: str) -> dict[str, Any]:
    settings = scores["settings"]
    facts = {
        "Coefficients": coefficients,
        "Values": json.dumps(settings["coefficients"]) if settings["coefficients"] else "",
        "Mapping": json.dumps(settings["mapping"]) if settings["mapping"] else "",
        "Split": settings["split"],
        "Data lagged by": amount(settings["lag_years"], "years") if settings["lag_years"] else "",
        "First act": "as first recorded (MIE)" if settings["first_event"] else "",
        "Resamples": number(scores["resamples"]),
        "Version": f"mcescalate {scores['mcescalate']}",
    }
    return {
        "settings": settings,
        "unplaced": [(reason, number(n)) for reason, n in scores["unplaced"].items()],
        "facts": [(name, value) for name, value in facts.items() if value],
        "files": [(file["name"], file["title"], file["sha256"][:16]) for file in scores["files"]],
    }


def _with_interval(found: Mapping[str, float | None], digits: int = 2) -> str:
    """A score with its interval in brackets; a dash where it is not defined."""
    value, lower, upper = found["value"], found["lower"], found["upper"]
    if value is None:
        return UNKNOWN
    if lower is None or upper is None or lower == upper:
        return f"{value:.{digits}f}".replace("-", _MINUS)
    text = f"{value:.{digits}f} [{lower:.{digits}f}, {upper:.{digits}f}]"
    return text.replace("-", _MINUS).replace(" ", NO_BREAK)
