"""Compare predictions with outcomes, and with what base rates and regressions predict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mcescalate.calibration.scoring.covariates import with_era
from mcescalate.calibration.scoring.eras import ERAS, era_of, era_rates, nearest_known
from mcescalate.calibration.scoring.regressions import predict_logit
from mcescalate.calibration.scoring.reliability import reliability
from mcescalate.calibration.scoring.scores import (
    LEVEL,
    RESAMPLES,
    auc,
    auc_within,
    brier_score,
    calibration_slope,
    interval,
    log_score,
    resampled,
    skill,
    total_of,
)
from mcescalate.calibration.scoring.splits import Part
from mcescalate.importing.datasets.disputes import Dispute

TARGETS = ("war", "answered", "force", "multi")
PREDICTORS = ("model", "era", "inputs", "field")
"""The model, the base rate of the era, and regressions on two sets of covariates."""
REGRESSIONS = ("inputs", "field")
_FEWEST_TO_LEARN = 20
"""Disputes with known outcomes from which a regression is fitted."""

Records = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Predictions:
    """Probabilities by dispute.

    Parameters
    ----------
    by_target : (dispute) probabilities, by target and predictor; NaN where nothing is known
    test : (dispute) whether the dispute is among those to be scored
    """

    by_target: dict[str, dict[str, np.ndarray]]
    test: np.ndarray


def compare(disputes: Sequence[Dispute], records: Records, parts: Sequence[Part]) -> Predictions:
    """The model's predictions, and out of each part's training disputes those of the others.

    A dispute that could not be placed gets the rate of its era from every predictor. A dispute
    in no test part gets what the first part predicts.
    """
    era = _eras(disputes)
    placed = np.array(["reason" not in record for record in records], bool)
    by_target = {}
    for target in TARGETS:
        outcome = outcomes(disputes, target)
        found = {name: np.full(len(disputes), np.nan) for name in PREDICTORS}
        rest = ~np.any([part.test for part in parts], axis=0)
        for k, part in enumerate(parts):
            asked = part.test | rest if k == 0 else part.test
            known = part.train & ~np.isnan(outcome)
            rates = era_rates(era[part.train], outcome[part.train])
            found["era"][asked] = rates[era[asked]]
            for name in REGRESSIONS:
                found[name][asked] = found["era"][asked]
                train, new = known & placed, asked & placed
                if train.sum() >= _FEWEST_TO_LEARN and new.any():
                    seen = np.isin(np.arange(len(ERAS)), era[train])
                    rows = with_era(_matrix(records, name), nearest_known(seen)[era], len(ERAS))
                    found[name][new] = predict_logit(
                        rows[train], outcome[train], rows[new], _order(disputes)[train]
                    )
        model = np.array([record.get(target, np.nan) for record in records], float)
        fallback = np.where(np.isnan(found["era"]), _mean_by_era(model, era), found["era"])
        found["model"] = np.where(placed, model, fallback)
        by_target[target] = found
    return Predictions(by_target, np.any([part.test for part in parts], axis=0))


def evaluate(
    disputes: Sequence[Dispute],
    records: Records,
    parts: Sequence[Part],
    predictions: Predictions,
    *,
    seed: int,
) -> dict[str, Any]:
    """Scores of all predictors on all targets, as plain values."""
    era = _eras(disputes)
    unplaced = Counter(record["reason"] for record in records if "reason" in record)
    return {
        "disputes": len(disputes),
        "scored": {
            target: int((predictions.test & ~np.isnan(outcomes(disputes, target))).sum())
            for target in TARGETS
        },
        "unplaced": dict(sorted(unplaced.items())),
        "level": LEVEL,
        "resamples": RESAMPLES,
        "eras": list(ERAS),
        "targets": {
            target: _evaluate_target(
                predictions.by_target[target],
                outcomes(disputes, target),
                predictions.test,
                era,
                seed,
            )
            for target in TARGETS
        },
        "joining": evaluate_joining(disputes, records, parts, seed=seed),
        "wars": _war_sizes(disputes, records, predictions.test, seed),
    }


def outcomes(disputes: Sequence[Dispute], target: str) -> np.ndarray:
    """(dispute) 1 or 0 where the outcome is known, NaN where it is not."""
    values = [getattr(dispute, target) for dispute in disputes]
    return np.array([np.nan if value is None else float(value) for value in values], float)


def _evaluate_target(
    found: dict[str, np.ndarray],
    outcome: np.ndarray,
    test: np.ndarray,
    era: np.ndarray,
    seed: int,
) -> dict[str, Any] | None:
    """Scores of one target; None if no outcome is known."""
    scored = test & ~np.isnan(outcome) & ~np.isnan(found["era"])
    if not scored.any():
        return None
    y, eras = outcome[scored], era[scored]
    p = {name: values[scored] for name, values in found.items()}
    weights = resampled(len(y), seed)
    return {
        "n": len(y),
        "events": int(y.sum()),
        "predictors": {name: _scores(p[name], p["era"], y, weights, eras) for name in PREDICTORS},
        "by_era": {
            ERAS[k]: {
                "n": int((eras == k).sum()),
                "events": int(y[eras == k].sum()),
                **{
                    name: {
                        "mean": float(p[name][eras == k].mean()),
                        **_short_scores(
                            p[name][eras == k],
                            p["era"][eras == k],
                            y[eras == k],
                            weights[:, eras == k],
                        ),
                    }
                    for name in PREDICTORS
                },
            }
            for k in range(len(ERAS))
            if (eras == k).any()
        },
        "reliability": {name: reliability(p[name], y, weights) for name in ("model", "inputs")},
    }


def _scores(
    p: np.ndarray, base: np.ndarray, y: np.ndarray, weights: np.ndarray, eras: np.ndarray
) -> dict[str, Any]:
    return {
        "log_score": interval(log_score(p, y, weights)),
        "brier": interval(brier_score(p, y, weights)),
        **_short_scores(p, base, y, weights),
        "auc_within_eras": interval(auc_within(p, y, weights, eras)),
        "calibration_slope": interval(calibration_slope(p, y, weights)),
    }


def _short_scores(
    p: np.ndarray, base: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> dict[str, Any]:
    return {
        "skill": interval(skill(log_score(p, y, weights), log_score(base, y, weights))),
        "auc": interval(auc(p, y, weights)),
    }


# ------------------------------------------------------------ who joins


def evaluate_joining(
    disputes: Sequence[Dispute], records: Records, parts: Sequence[Part], *, seed: int
) -> dict[str, Any] | None:
    """Scores on which side, if any, each bystander in the scenarios entered.

    Resamples are of disputes, whose bystanders stay together. None if no outcome is known.
    """
    owners, sides, chances, inputs = [], [], [], []
    for k, (dispute, record) in enumerate(zip(disputes, records, strict=True)):
        if "reason" in record or dispute.level is None:
            continue
        entered = {party.code: party.side for party in reversed(dispute.parties)}
        for code, p in record["joining"].items():
            owners.append(k)
            sides.append(entered.get(int(code), ""))
            chances.append(p)
            inputs.append(record["bystanders"][code])
    if not owners:
        return None
    owner, side = np.array(owners), np.array(sides)
    y = np.stack([side == "a", side == "b"], axis=1).astype(float)
    era = _eras(disputes)[owner]
    found = {name: np.full(y.shape, np.nan) for name in ("model", "era", "inputs")}
    found["model"] = np.array(chances)
    rows = np.array(inputs)
    order = _order(disputes)[owner]
    half = rows.shape[1] // 2
    scored = np.zeros(len(owner), bool)
    for part in parts:
        train, test = part.train[owner], part.test[owner]
        if not (train.any() and test.any()):
            continue
        scored |= test
        seen = nearest_known(np.isin(np.arange(len(ERAS)), era[train]))[era]
        for s in range(2):
            found["era"][test, s] = era_rates(era[train], y[train, s])[era[test]]
            x = with_era(rows[:, s * half : (s + 1) * half], seen, len(ERAS))
            found["inputs"][test, s] = predict_logit(x[train], y[train, s], x[test], order[train])
    if not scored.any():
        return None
    y, owner = y[scored], owner[scored]
    distinct, place = np.unique(owner, return_inverse=True)
    weights = resampled(len(distinct), seed)[:, place]
    joined = y.sum(axis=1)
    losses = {name: _trinomial_loss(p[scored], y) for name, p in found.items()}

    def mean(loss: np.ndarray) -> np.ndarray:
        return total_of(loss, weights) / weights.sum(axis=1)

    return {
        "disputes": len(distinct),
        "n": len(y),
        "joined": int(joined.sum()),
        "predictors": {
            name: {
                "expected": float(p[scored].sum()),
                "log_score": interval(mean(losses[name])),
                "skill": interval(skill(mean(losses[name]), mean(losses["era"]))),
                "auc": interval(auc(p[scored].sum(axis=1), joined, weights)),
            }
            for name, p in found.items()
        },
    }


def _trinomial_loss(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Minus log probability of what each bystander did: entered A, entered B, or neither."""
    total = p.sum(axis=1)
    stay = np.maximum(1.0 - total, 1e-6)
    chance = np.where(y[:, 0] > 0, p[:, 0], np.where(y[:, 1] > 0, p[:, 1], stay))
    return -np.log(chance / (total + stay))


# ------------------------------------------------------------ sizes of wars


def _war_sizes(
    disputes: Sequence[Dispute], records: Records, test: np.ndarray, seed: int
) -> list[dict[str, Any]]:
    """Disputes with at least so many states at war, recorded and expected."""
    chosen = [
        (sum(party.level == 5 for party in dispute.parties), record["at_war"])
        for dispute, record, tested in zip(disputes, records, test, strict=True)
        if tested and "reason" not in record and dispute.level is not None
    ]
    if not chosen:
        return []
    weights = resampled(len(chosen), seed)
    sizes = np.array([size for size, _ in chosen])
    most = max(len(p) for _, p in chosen)
    expected = np.array([[*p, *[0.0] * (most - len(p))] for _, p in chosen])
    return [
        {
            "states": k,
            "recorded": interval(total_of((sizes >= k).astype(float), weights)),
            "expected": interval(total_of(expected[:, k - 1], weights)),
        }
        for k in range(2, most + 1)
        if (sizes >= k).any() or expected[:, k - 1].sum() >= 0.5
    ]


# ------------------------------------------------------------ arrays


def _eras(disputes: Sequence[Dispute]) -> np.ndarray:
    return np.array([era_of(dispute.day.year) for dispute in disputes], int)


def _order(disputes: Sequence[Dispute]) -> np.ndarray:
    """Whole numbers that part the disputes into the inner folds of regressions."""
    ranks = np.argsort(np.argsort([dispute.number for dispute in disputes], kind="stable"))
    return ranks


def _matrix(records: Records, name: str) -> np.ndarray:
    """(dispute, covariate); zeros for disputes that could not be placed."""
    names = next(list(record[name]) for record in records if "reason" not in record)
    rows = [
        [record[name][key] for key in names] if name in record else [0.0] * len(names)
        for record in records
    ]
    return np.array(rows)


def _mean_by_era(values: np.ndarray, era: np.ndarray) -> np.ndarray:
    """(dispute) the mean of an era's known values; of all where the era has none."""
    means = np.full(len(values), 0.5)
    known = ~np.isnan(values)
    if known.any():
        means[:] = values[known].mean()
    for k in np.unique(era[known]):
        means[era == k] = values[known & (era == k)].mean()
    return means
