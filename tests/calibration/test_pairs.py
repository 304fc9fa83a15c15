"""The chain of two against the exact solver: probabilities of ends, and of one who joins."""

import numpy as np
import pytest
from calibration.pairs import DOMAINS, observed, random_crisis

import mcescalate as mc
from mcescalate.calibration.likelihoods.joining import joins_of
from mcescalate.calibration.likelihoods.likelihood import ends_of
from mcescalate.calibration.pairs import moves
from mcescalate.calibration.pairs.ends import (
    ANSWERED,
    FORCE_ANSWERED,
    FORCE_UNANSWERED,
    UNANSWERED,
    WAR,
    fill_ends,
)
from mcescalate.calibration.pairs.joins import TO_A, TO_A_IN_WAR, TO_B, TO_B_IN_WAR
from mcescalate.calibration.pairs.rooms import room_for_ends
from mcescalate.model.rules import response
from mcescalate.scenario.change.addresses import assign

NO_POINTS = np.zeros((1, 0)), np.zeros((0, 2), np.int64)


def only(scenario, name):
    """The scenario with one first act."""
    weights = [(f"trigger.domains.{d['name']}.weight", float(d["name"] == name)) for d in DOMAINS]
    return assign(scenario, weights)


def marginals(ends):
    """War, answered, force of the five ends."""
    answered = ends[..., [ANSWERED, FORCE_ANSWERED, WAR]].sum(axis=-1)
    force = ends[..., [FORCE_ANSWERED, FORCE_UNANSWERED, WAR]].sum(axis=-1)
    return np.stack([ends[..., WAR], answered, force], axis=-1)


def solved(scenario, backend="numba"):
    """The same by the exact solver."""
    found = mc.solve(scenario, backend=backend)
    peak = found["peak_probability"].values
    return np.array([peak[5:].sum(), float(found["reciprocated_probability"]), peak[4:].sum()])


@pytest.mark.parametrize("seed", range(6))
def test_ends_are_those_of_the_exact_solver(seed):
    scenario = random_crisis(np.random.default_rng(seed))
    ends = ends_of(observed(scenario), *NO_POINTS)[0]
    assert ends.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-12)
    assert ends.min() >= 0.0
    for d, domain in enumerate(DOMAINS):
        assert marginals(ends[d]) == pytest.approx(
            solved(only(scenario, domain["name"])), abs=1e-12
        )


@pytest.mark.parametrize("turnover", [0.0, 0.3])
def test_governments_of_the_two_may_be_divided_and_change(turnover):
    scenario = random_crisis(np.random.default_rng(8))
    scenario = assign(
        scenario,
        [
            ("actors.A.instability", 0.4),
            ("actors.B.instability", 0.7),
            ("actors.*.turnover", turnover),
            ("response.diversion", 1.0),
        ],
    )
    ends = ends_of(observed(scenario), *NO_POINTS)[0, 0]
    assert marginals(ends) == pytest.approx(solved(only(scenario, "threat")), abs=1e-12)


def test_answers_and_force_together_are_as_simulated():
    """The exact solver has no joint count: 20,000 chains; false alarms: 4 ends at z = 4, 3e-4."""
    scenario = only(random_crisis(np.random.default_rng(4)), "threat")
    n = 20_000
    chains = mc.simulate(scenario, n_chains=n, seed=3, keep_chains=True)
    peak, answered = chains["chain_peak_rung"].values, chains["chain_reciprocated"].values
    ends = ends_of(observed(scenario), *NO_POINTS)[0, 0]
    for end, counted in {
        UNANSWERED: (peak < 4) & (answered == 0),
        ANSWERED: (peak < 4) & (answered == 1),
        FORCE_UNANSWERED: (peak == 4) & (answered == 0),
        FORCE_ANSWERED: (peak == 4) & (answered == 1),
    }.items():
        p = ends[end]
        assert abs(counted.mean() - p) < 4.0 * np.sqrt(p * (1.0 - p) / n) + 1e-9


def test_a_term_planted_in_a_rule_moves_both(monkeypatch):
    """Nothing is written twice: a rule that is changed changes the chain and the solver alike."""
    scenario = random_crisis(
        np.random.default_rng(5), run={"horizon": 3}, response={"up": 0.5, "war_cost": 0.0}
    )
    scenario = only(scenario, "raid")
    one = observed(scenario)

    def plain_ends():
        ends = np.zeros((1, 3, 5))
        fill_ends(
            one.world,
            one.state,
            one.initiator,
            one.target,
            one.force,
            one.is_timed,
            one.like,
            *NO_POINTS,
            one.coefficients,
            one.actors,
            *room_for_ends(one.world),
            ends,
        )
        return marginals(ends[0, 2])

    before = plain_ends()
    original = response.up_pull
    monkeypatch.setattr(
        response, "up_pull", lambda world, i, h, s: original(world, i, h, s) + 0.25 * h * (s == 2)
    )
    after = plain_ends()
    assert np.abs(after - before).min() > 1e-6
    assert after == pytest.approx(solved(scenario, "python"), abs=1e-12)


def test_values_of_points_are_those_of_the_scenario():
    scenario = random_crisis(np.random.default_rng(6))
    changes = [("response.gap", 0.9), ("actors.*.noise", 0.4), ("response.up", -0.2)]
    names = list(scenario_fields())
    actors = list(observed(scenario).world.actors.dtype.names)
    places = np.array(
        [
            (moves.VALUE_OF_COEFFICIENT, names.index("response_gap")),
            (moves.VALUE_OF_ACTORS, actors.index("noise")),
            (moves.VALUE_OF_COEFFICIENT, names.index("response_up")),
        ],
        np.int64,
    )
    points = np.array([[0.1, 0.1, 0.1], [value for _, value in changes]])
    one = observed(scenario)
    moved = ends_of(one, points, places)[1]
    assert moved == pytest.approx(
        ends_of(observed(assign(scenario, changes)), *NO_POINTS)[0], abs=1e-15
    )
    one.restore()
    assert ends_of(one, *NO_POINTS) == pytest.approx(
        ends_of(observed(scenario), *NO_POINTS), abs=1e-15
    )


def scenario_fields():
    from mcescalate.model.coefficients import FIELDS

    return FIELDS


# ------------------------------------------------------------ who joins


@pytest.mark.parametrize("seed", range(4))
def test_one_who_joins_is_as_in_the_exact_solver(seed):
    """A single bystander changes nothing for its own entry, so that the chain is exact."""
    rng = np.random.default_rng(20 + seed)
    scenario = random_crisis(
        rng,
        others="C",
        ties=[
            {
                "from": "C",
                "to": "B",
                "kind": "defence",
                "mutual": False,
                "strength": 0.8,
                "ambiguity": 0.3,
            },
            {"from": "C", "to": "A", "kind": "offence", "mutual": False, "strength": 0.3},
        ],
        alliance={"base": -2.0, "short_of_war": 0.5, "review": 0.2},
        contagion={"base": -3.0},
        run={"horizon": 7},
    )
    one = observed(scenario)
    for d, domain in enumerate(DOMAINS):
        joins = joins_of(one, np.eye(3)[d], *NO_POINTS)
        exact = mc.solve(only(scenario, domain["name"]))
        engaged = exact["actor_engaged_probability"].sel(actor="C").values
        assert joins.found[[TO_A, TO_B], 0] == pytest.approx(engaged, abs=1e-12)
        ends = ends_of(one, *NO_POINTS)[0, d]
        assert joins.war == pytest.approx(ends[WAR], abs=1e-12)
        in_war = joins.found[[TO_A_IN_WAR, TO_B_IN_WAR], 0]
        assert (in_war <= joins.found[[TO_A, TO_B], 0] + 1e-15).all()
        assert in_war.sum() <= joins.war + 1e-15


def test_bystanders_without_tie_or_rivalry_join_where_they_may():
    scenario = random_crisis(np.random.default_rng(31), others="C", run={"horizon": 6})
    scenario = assign(
        scenario, [("dyads.C-*.rivalry", 0.0), ("bystander.base", -2.0), ("bystander.reach", 1.0)]
    )
    found = joins_of(observed(scenario), np.eye(3)[1], *NO_POINTS).found
    exact = mc.solve(only(scenario, "clash"))["actor_engaged_probability"].sel(actor="C").values
    assert found[[TO_A, TO_B], 0] == pytest.approx(exact, abs=1e-12)
    assert exact.min() > 1e-3
