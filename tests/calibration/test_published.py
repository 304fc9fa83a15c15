"""Backtests of published data, which are looked for where MCESCALATE_DATA says."""

import pytest

from mcescalate.calibration.scoring.backtest import Settings, predict_disputes
from mcescalate.calibration.scoring.evaluation import compare, evaluate
from mcescalate.calibration.scoring.splits import divide


def scores_of(data, out, step, settings):
    disputes = data.disputes()[::step]
    records = predict_disputes(data, disputes, settings, out)
    parts = divide(disputes, "folds:10")
    return evaluate(disputes, records, parts, compare(disputes, records, parts), seed=1)


def test_a_few_published_disputes(published_data, tmp_path):
    found = scores_of(published_data, tmp_path / "out", 80, Settings(chains=100))
    assert found["disputes"] >= 20
    assert found["targets"]["war"]["n"] == found["disputes"]
    assert found["joining"]["n"] == 14 * found["joining"]["disputes"]


@pytest.mark.slow
def test_the_defaults_on_all_published_disputes(published_data, tmp_path):
    """As a study of these disputes found: too few wars before 1945, too many since."""
    found = scores_of(published_data, tmp_path / "out", 1, Settings())
    targets = found["targets"]
    for target in targets.values():
        assert target["predictors"]["model"]["skill"]["upper"] < 0.02
        assert target["predictors"]["inputs"]["skill"]["value"] > 0
    war = targets["war"]
    for era, recorded, expected in (
        ("before 1945", (0.07, 0.13), (0.02, 0.04)),
        ("1945 to 1989", (0.01, 0.04), (0.07, 0.11)),
        ("since 1990", (0.0, 0.02), (0.06, 0.10)),
    ):
        row = war["by_era"][era]
        assert recorded[0] < row["events"] / row["n"] < recorded[1]
        assert expected[0] < row["model"]["mean"] < expected[1]
    assert 0.14 < war["predictors"]["inputs"]["log_score"]["value"] < 0.16
    assert sum(found["unplaced"].values()) < 30
