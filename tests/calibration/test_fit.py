"""Fits to made-up disputes: derivatives, recovery, and what the data cannot determine."""

import numpy as np
import pytest
from calibration.pairs import random_crisis

from mcescalate.calibration.fitting.calibrate import calibrate
from mcescalate.calibration.fitting.fit import find_mode
from mcescalate.calibration.likelihoods.free_values import (
    EFFECTS,
    MIX,
    PERIODS,
    Layout,
    find_free_values,
)
from mcescalate.calibration.likelihoods.joining import JoiningLikelihood
from mcescalate.calibration.likelihoods.likelihood import PairLikelihood
from mcescalate.calibration.likelihoods.observations import NOBODY, SIDE_A, SIDE_B, Outcome, observe
from mcescalate.calibration.pairs.ends import N_ENDS
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.addresses import assign

pytestmark = pytest.mark.usefixtures("few_draws")

MIXED = [("threat", 1.0), ("clash", 2.0), ("raid", 1.0)]
NAMES = [name for name, _ in MIXED]
YEARS = (1880, 1930, 1960, 2000)


def outcome_of(end):
    """All that can be known of an end."""
    return Outcome(war=end == 4, force=end >= 2, answered=end in (1, 3, 4))


def disputes(n, rng, *, changes=None, n_worlds=12):
    """Disputes in a few worlds, whose outcomes are drawn with values that are changed."""
    scenarios = [
        random_crisis(np.random.default_rng(k), run={"horizon": 10}) for k in range(n_worlds)
    ]
    found = []
    chances = {}
    for k in range(n):
        w, year = k % n_worlds, YEARS[k // n_worlds % 4]
        if (w, year) not in chances:
            moved = assign(scenarios[w], changes(year)) if changes else scenarios[w]
            one = observe(moved, "A", "B", year=year, outcome=Outcome())
            p = PairLikelihood([one], Layout(()), 1).probabilities(np.zeros((1, 0)))[0, 0]
            chances[w, year] = p / p.sum()
        outcome = outcome_of(rng.choice(N_ENDS, p=chances[w, year]))
        found.append(observe(scenarios[w], "A", "B", year=year, outcome=outcome, number=k))
    return found


def test_partitions_join_ends_that_cannot_be_distinguished():
    whole = Outcome(war=False, force=True, answered=False)
    assert len(set(whole.partition())) == N_ENDS
    assert len(set(Outcome(war=True, force=True).partition())) == 3
    assert len(set(Outcome(answered=True).partition())) == 2
    assert set(Outcome().partition()) == {0}
    reply = Outcome(answered=True).partition()
    assert reply[4] == reply[1] == reply[3] != reply[0]


def test_score_and_information_are_derivatives():
    rng = np.random.default_rng(1)
    known = disputes(24, rng)
    known[3] = observe(
        random_crisis(rng), "A", "B", year=1950, outcome=Outcome(answered=True), first_act="raid"
    )
    effects = [EFFECTS["major"], EFFECTS["reach"]]
    values = find_free_values(
        ["response.gap", "actors.*.resolve", MIX, *effects],
        ["actors.*.resolve", MIX, EFFECTS["reach"]],
        domains=MIXED,
    )
    likelihood = PairLikelihood(known, Layout(values), 2)
    at = rng.normal(0.0, 0.2, likelihood.layout.size)
    slope = likelihood.slope(at)
    assert slope.value == pytest.approx(likelihood.value(at))
    for j in range(len(at)):
        step = np.zeros(len(at))
        step[j] = 1e-4
        numeric = (likelihood.value(at + step) - likelihood.value(at - step)) / 2e-4
        assert slope.score[j] == pytest.approx(numeric, abs=1e-3)
    assert np.linalg.eigvalsh(slope.information).min() > -1e-9


def test_values_come_back_within_their_doubt():
    """600 disputes drawn with other values; a false alarm at 4 standard errors: 3e-4."""

    def changes(year):
        return [("response.gap", 0.9), ("response.up", -0.9 if year < 1946 else -0.1)]

    known = disputes(600, np.random.default_rng(2), changes=changes)
    values = find_free_values(["response.gap", "response.up"], ["response.up"], domains=MIXED)
    fit = find_mode(PairLikelihood(known, Layout(values), 1))
    assert fit.converged
    truth = np.array([[0.9, -0.9], [0.9, -0.9], [0.9, -0.1], [0.9, -0.1]])
    assert np.abs((fit.effective - truth) / fit.sd).max() < 4.0
    assert fit.shrinkage.max() < 0.6
    draws = fit.draws(4000, 1)
    assert draws.std(axis=0) == pytest.approx(fit.sd, rel=0.1)


def test_what_disputes_do_not_inform_stays_at_its_default():
    known = disputes(60, np.random.default_rng(3))
    values = find_free_values(
        ["response.gap", "response.protocol", "alliance.aid"], [], domains=MIXED
    )
    found = calibrate(known, values, NAMES, workers=1)
    # Nobody consults, and nobody helps: these two bear on nothing.
    assert [v.address for v, _ in found.uninformed] == ["response.protocol", "alliance.aid"]
    assert all(share == pytest.approx(1.0) for _, share in found.uninformed)
    assert list(found.effective()) == ["response.gap"]
    rows = {row.address: row for row in found.rows()}
    assert rows["response.protocol"].estimate == rows["response.protocol"].default
    assert not rows["response.protocol"].informed and rows["response.gap"].informed


def test_weights_of_first_acts_sum_to_one_and_are_those_of_the_outcomes():
    """400 disputes; of 8 ratios, a false alarm at 4 standard errors: 5e-4.

    Ratios of weights are compared by their logarithms, which are the parameters: the posterior of
    a weight near 0 or 1 is skewed.
    """
    known = disputes(400, np.random.default_rng(4))
    values = find_free_values([MIX], [MIX], domains=MIXED)
    found = calibrate(known, values, NAMES, workers=1)
    weights = np.array(list(found.effective().values()))
    assert weights.sum(axis=0) == pytest.approx(np.ones(len(PERIODS)))
    draws = np.array(list(found.draws(500).values()))
    assert draws.sum(axis=0) == pytest.approx(np.ones((500, len(PERIODS))))
    ratios = np.log(weights[1:] / weights[:1])
    spread = np.log(draws[1:] / draws[:1]).std(axis=1)
    truth = np.log([[2.0], [1.0]])
    assert (np.abs(ratios - truth) < 4.0 * spread).all()


def test_what_the_pair_adds_to_first_acts_comes_back():
    """800 disputes, drawn with effects of the pair; a false alarm at 4 standard errors: 1e-4."""

    def changes(year):
        return [("trigger.domains.threat.reach", 3.0), ("trigger.domains.threat.major", -1.0)]

    known = disputes(800, np.random.default_rng(8), changes=changes, n_worlds=24)
    values = find_free_values([MIX, *EFFECTS.values()], [], domains=MIXED)
    found = calibrate(known, values, NAMES, workers=1)
    rows = {row.address: row for row in found.rows()}
    for address, truth in changes(0):
        assert abs(rows[address].estimate - truth) < 4.0 * rows[address].se
    # The same rule gives the shares of one dispute and those of a scenario with these values.
    one = known[0]
    fitted = [(row.address, row.estimate) for row in rows.values()]
    world = build_world(assign(random_crisis(np.random.default_rng(0)), fitted))
    assert found.shares(one) == pytest.approx(world.domains["share"])


def test_draws_stay_within_bounds():
    known = disputes(40, np.random.default_rng(5))
    values = find_free_values(["perception.channel_noise", "response.gap"], [], domains=MIXED)
    drawn = find_mode(PairLikelihood(known, Layout(values), 1)).draws(1000, 1)
    assert drawn[..., 0].min() >= 0.0 and drawn[..., 0].max() <= 1.0


def test_score_of_joining_is_a_derivative():
    rng = np.random.default_rng(6)
    known = []
    for k in range(6):
        scenario = random_crisis(
            np.random.default_rng(k),
            others="CD",
            ties=[{"from": "C", "to": "B", "kind": "defence", "mutual": False}],
            run={"horizon": 6},
        )
        entered = {"C": SIDE_B if k % 2 else NOBODY, "D": SIDE_A if k % 3 else NOBODY}
        known.append(
            observe(
                scenario,
                "A",
                "B",
                year=YEARS[k % 4],
                outcome=outcome_of(4 * (k % 2)),
                entered=entered,
            )
        )
    values = find_free_values(
        ["alliance.base", "alliance.short_of_war", "contagion.base"], ["alliance.base"]
    )
    shares = np.tile([0.25, 0.5, 0.25], (6, 1))
    likelihood = JoiningLikelihood(known, Layout(values), shares, 1)
    at = rng.normal(0.0, 0.3, likelihood.layout.size) + 0.5
    slope = likelihood.slope(at)
    for j in range(len(at)):
        step = np.zeros(len(at))
        step[j] = 1e-4
        numeric = (likelihood.value(at + step) - likelihood.value(at - step)) / 2e-4
        assert slope.score[j] == pytest.approx(numeric, abs=2e-3)
