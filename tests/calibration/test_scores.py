"""Scores against tables worked out by hand, and against SciPy."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import mannwhitneyu

from mcescalate.calibration.scoring.eras import era_of, era_rates
from mcescalate.calibration.scoring.regressions import fit_ridge, predict_logit
from mcescalate.calibration.scoring.reliability import recalibrated, reliability
from mcescalate.calibration.scoring.scores import (
    auc,
    auc_within,
    brier_score,
    calibration_slope,
    interval,
    log_score,
    resampled,
    skill,
)

P = np.array([0.8, 0.4, 0.4, 0.1])
Y = np.array([1.0, 1.0, 0.0, 0.0])
ONCE = np.ones((1, 4))


def test_a_table_worked_out_by_hand():
    by_hand = -(math.log(0.8) + math.log(0.4) + math.log(0.6) + math.log(0.9)) / 4
    assert log_score(P, Y, ONCE)[0] == pytest.approx(by_hand)
    assert brier_score(P, Y, ONCE)[0] == pytest.approx((0.04 + 0.36 + 0.16 + 0.01) / 4)
    # Of four pairs three are won and one, at .4 against .4, is tied.
    assert auc(P, Y, ONCE)[0] == pytest.approx(3.5 / 4)
    base = log_score(np.full(4, 0.5), Y, ONCE)
    assert skill(log_score(P, Y, ONCE), base)[0] == pytest.approx(1 - by_hand / math.log(2))
    # The first dispute twice and the third never.
    weights = np.array([[2.0, 1.0, 0.0, 1.0]])
    twice = -(2 * math.log(0.8) + math.log(0.4) + math.log(0.9)) / 4
    assert log_score(P, Y, weights)[0] == pytest.approx(twice)
    assert auc(P, Y, weights)[0] == 1.0


def test_within_groups_only_pairs_of_one_group_count():
    p = np.array([0.9, 0.95, 0.2, 0.1])
    y = np.array([1.0, 0.0, 1.0, 0.0])
    assert auc(p, y, ONCE)[0] == 0.5
    # Both pairs are won: .9 over .1, and .2 over .1; .95 stands alone.
    assert auc_within(p, y, ONCE, np.array([0, 1, 0, 0]))[0] == 1.0
    # One pair of each group, lost and won.
    assert auc_within(p, y, ONCE, np.array([0, 0, 1, 1]))[0] == 0.5


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    p = np.round(rng.beta(1, 4, 400), 2).clip(0.01, 0.99)
    return p, (rng.random(400) < expit(0.3 + 0.6 * logit(p))).astype(float)


def test_auc_is_that_of_the_rank_test(drawn):
    p, y = drawn
    u = mannwhitneyu(p[y == 1], p[y == 0]).statistic
    assert auc(p, y, np.ones((1, 400)))[0] == pytest.approx(u / (y.sum() * (1 - y).sum()))
    weights = resampled(400, seed=1, n_resamples=3)
    for row, found in zip(weights, auc(p, y, weights), strict=True):
        again, outcome = np.repeat(p, row.astype(int)), np.repeat(y, row.astype(int))
        u = mannwhitneyu(again[outcome == 1], again[outcome == 0]).statistic
        assert found == pytest.approx(u / (outcome.sum() * (1 - outcome).sum()))


def minimised(x, y, penalty):
    def loss(beta):
        eta = beta[0] + x @ beta[1:]
        return np.logaddexp(0, eta).sum() - y @ eta + penalty / 2 * beta[1:] @ beta[1:]

    return minimize(loss, np.zeros(x.shape[1] + 1), options={"gtol": 1e-7}).x


def test_calibration_slope_is_that_of_a_minimised_likelihood(drawn):
    p, y = drawn
    weights = resampled(400, seed=2, n_resamples=2)
    for row, found in zip(weights, calibration_slope(p, y, weights), strict=True):
        x = np.repeat(logit(p), row.astype(int))[:, None]
        assert found == pytest.approx(minimised(x, np.repeat(y, row.astype(int)), 0)[1], abs=1e-4)


def test_scores_that_are_not_defined():
    none = np.zeros(4)
    assert math.isnan(auc(P, none, ONCE)[0])
    assert math.isnan(calibration_slope(P, none, ONCE)[0])
    same = np.full(400, 1 / 82)
    weights = resampled(400, seed=3, n_resamples=20)
    assert np.isnan(calibration_slope(same, np.arange(400) % 2.0, weights)).all()
    assert interval(auc(P, none, ONCE)) == {"value": None, "lower": None, "upper": None}


@pytest.mark.parametrize("penalty", [0.3, 10.0])
def test_ridge_is_the_minimum(penalty):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 4))
    y = (rng.random(200) < expit(-2 + x[:, 0] - x[:, 1])).astype(float)
    assert fit_ridge(x, y, penalty) == pytest.approx(minimised(x, y, penalty), abs=1e-4)


def test_ridge_of_outcomes_that_are_all_alike_is_finite():
    x = np.random.default_rng(3).normal(size=(50, 2))
    found = predict_logit(x, np.zeros(50), x, np.arange(50))
    assert (found < 0.02).all() and (found > 0).all()


def test_a_tuned_regression_learns_what_is_there_and_little_where_nothing_is():
    rng = np.random.default_rng(4)
    x, order = rng.normal(size=(600, 6)), np.arange(400)
    y = (rng.random(600) < expit(-1 + 1.5 * x[:, 0])).astype(float)
    noise = y[rng.permutation(600)]
    new = np.ones((1, 200))
    for outcome, least, most in ((y, 0.1, 0.5), (noise, -0.03, 0.02)):
        p = predict_logit(x[:400], outcome[:400], x[400:], order)
        base = np.full(200, outcome[:400].mean())
        found = skill(log_score(p, outcome[400:], new), log_score(base, outcome[400:], new))[0]
        assert least < found < most


# ------------------------------------------------------------ reliability


def test_recalibration_by_hand():
    p = np.array([0.1, 0.2, 0.3, 0.3, 0.9])
    y = np.array([0.0, 1.0, 0.0, 0.0, 1.0])
    # .2 and .3 are out of order and are pooled: one event in three.
    assert recalibrated(p, y, np.ones(5)) == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 1])
    # Without the second dispute nothing is out of order.
    weights = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
    assert recalibrated(p, y, weights)[[0, 2, 3, 4]] == pytest.approx([0, 0, 0, 1], abs=1e-6)


def test_the_parts_add_up_to_the_brier_score(drawn):
    p, y = drawn
    found = reliability(p, y, resampled(400, seed=1, n_resamples=20))
    parts = [found[name]["value"] for name in ("miscalibration", "discrimination", "uncertainty")]
    assert parts[0] - parts[1] + parts[2] == pytest.approx(
        brier_score(p, y, np.ones((1, 400)))[0], abs=1e-5
    )
    assert parts[2] == pytest.approx(y.mean() * (1 - y.mean()), abs=1e-5)
    assert min(parts) >= 0
    curve = found["curve"]
    assert np.all(np.diff(curve["observed"]) >= -1e-9)
    assert np.all(np.array(curve["lower"]) <= np.array(curve["upper"]))


# ------------------------------------------------------------ base rates


def test_eras():
    assert [era_of(year) for year in (1816, 1944, 1945, 1989, 1990, 2014)] == [0, 0, 1, 1, 2, 2]


def test_rates_by_era():
    era = np.array([0, 0, 0, 0, 1, 1])
    outcome = np.array([1.0, 0.0, 0.0, np.nan, 1.0, 1.0])
    # Half an event is added to each; the last era, unseen, takes that before it.
    assert era_rates(era, outcome) == pytest.approx([1.5 / 4, 2.5 / 3, 2.5 / 3])
    assert era_rates(era[4:], outcome[4:]) == pytest.approx([2.5 / 3] * 3)
    assert np.isnan(era_rates(era, np.full(6, np.nan))).all()
