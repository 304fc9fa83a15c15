"""The exact solver against answers worked out on paper.

The scenarios are bare: every coefficient is 0 but those named, and every incident is an
accident, so that nothing is deterred. On a weight of -100 nothing happens that matters.
"""

from math import comb, exp

import numpy as np
import pytest
from scipy.stats import norm

import mcescalate as mc
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.scenario.schema import Scenario

NEVER = -100.0
TIGHT = {"rel": 1e-12, "abs": 1e-12}


def logistic(x):
    return 1 / (1 + exp(-x))


def ladder(top, casus=1):
    """A ladder whose rung of war is `top`."""
    names = [f"rung {h}" for h in range(top)] + ["war"]
    return {"rungs": names, "mobilised": top, "casus": casus, "mid": [1] * (top + 1)}


def bare(actors, *, top=2, casus=1, rung=1, ties=(), dyads=(), trigger=None, **tables):
    """Actors by id with their fields, tempo 1 unless given; a horizon of 6 turns."""
    zeros = {}
    for row in COEFFICIENTS:
        if not row.integer and row.table != "sequence":
            zeros.setdefault(row.table, {})[row.name] = 0.0
    zeros["response"]["down"] = NEVER
    zeros["contagion"]["base"] = NEVER
    zeros["bystander"]["base"] = NEVER
    zeros["mediation"]["delay"] = 0
    zeros["run"] = {**zeros.get("run", {}), "horizon": 6, "turn_days": 1.0}
    merged = {name: {**zeros.get(name, {}), **tables.get(name, {})} for name in {*zeros, *tables}}
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "ladder": ladder(top, casus),
            "actors": [
                {"id": i, "capability": 1.0, "tempo": 1.0, "noise": 0.0, **fields}
                for i, fields in actors.items()
            ],
            "ties": list(ties),
            "dyads": list(dyads),
            "trigger": {
                "initiator": "A",
                "target": "B",
                "accident": 1.0,
                "domains": [{"name": "land", "rung": rung}],
                **(trigger or {}),
            },
            **merged,
        }
    )


def solved(actors, **parts):
    return mc.solve(bare(actors, **parts))


def chance(solution, name, **where):
    return float(solution[f"{name}_probability"].sel(**where))


IDLE = {"tempo": 0.0}


# ---------------------------------------------------------------- one pair, no noise


def test_time_to_war_is_geometric():
    # A stands one step below war and rises with chance p a turn; B never moves.
    p = 0.6 * logistic(0.4)
    solution = solved({"A": {"tempo": 0.6}, "B": IDLE}, response={"up": 0.4})
    expected = [0.0] + [p * (1 - p) ** (t - 1) for t in range(1, 7)]
    assert solution["war_turn_probability"].values == pytest.approx(expected, **TIGHT)
    assert chance(solution, "outcome", outcome="stalemate") == pytest.approx((1 - p) ** 6, **TIGHT)


def test_time_to_war_of_two_is_that_of_the_faster():
    # War by turn t unless A has not risen once and B not twice, each with chance p a turn.
    p = logistic(-0.5)
    solution = solved({"A": {}, "B": {}}, response={"up": -0.5})

    def peace(t):
        return (1 - p) ** t * ((1 - p) ** t + t * p * (1 - p) ** (t - 1))

    expected = [0.0] + [peace(t - 1) - peace(t) for t in range(1, 7)]
    assert solution["war_turn_probability"].values == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_a_walk_between_calm_and_war_is_the_gamblers_ruin(start):
    # Up with weight e^0.3, down with e^0.1, else hold, from rung `start` of 0 to 5.
    solution = solved(
        {"A": {}, "B": IDLE},
        top=5,
        rung=start,
        response={"up": 0.3, "down": 0.1},
        run={"horizon": 1500},
    )
    ratio = exp(0.1 - 0.3)
    war = (1 - ratio**start) / (1 - ratio**5)
    assert chance(solution, "peak", rung="war") == pytest.approx(war, **TIGHT)
    assert chance(solution, "outcome", outcome="settled") == pytest.approx(1 - war, **TIGHT)
    assert chance(solution, "reciprocated") == pytest.approx(war, **TIGHT)  # dragged along


def test_rungs_climbed_are_binomial():
    # A far ladder, no way down: A is on rung 1 + k with k of 6 chances taken, B on rung k.
    p = 0.7 * logistic(0.2)
    moves = {"A": {"tempo": 0.7}, "B": {"tempo": 0.7}}
    solution = solved(moves, top=10, response={"up": 0.2})
    law = [comb(6, k) * p**k * (1 - p) ** (6 - k) for k in range(7)]
    peaks = solution["actor_peak_probability"]
    assert peaks.sel(actor="B").values[:7] == pytest.approx(law, **TIGHT)
    assert peaks.sel(actor="A").values[1:8] == pytest.approx(law, **TIGHT)


def test_a_mediator_pulls_down():
    # One turn: A goes down with a mediator (chance 0.3) at weight e^(0.2 + 1), else at e^0.2.
    solution = solved(
        {"A": {}, "B": IDLE},
        response={"up": NEVER, "down": 0.2},
        mediation={"rate": 0.3, "pull": 1.0, "delay": 0},
        run={"horizon": 1},
    )
    mediated, settled = 0.3 * logistic(1.2), 0.7 * logistic(0.2)
    assert chance(solution, "outcome", outcome="mediated") == pytest.approx(mediated, **TIGHT)
    assert chance(solution, "outcome", outcome="settled") == pytest.approx(settled, **TIGHT)


def test_misread_moves_of_a_single_turn():
    # A on 1 of 0 to 3, B on 0; sigma 0.8; weight of rising e^(0.5 (S - h)), none of falling.
    def up(reading, h):
        return logistic(0.5 * (reading - h))

    def law(h):  # of a reading of somebody on rung h
        ends = [norm.cdf((s + 0.5 - h) / 0.8) for s in range(3)] + [1.0]
        return np.diff([0.0, *ends])

    # The reading and the true rung: only readings above it make misread moves.
    by_a = sum(law(0)[s] * (up(s, 1) - up(0, 1)) for s in range(1, 4))
    by_b = sum(law(1)[s] * (up(s, 0) - up(1, 0)) for s in range(2, 4))
    fields = {"noise": 0.8}
    parts = {"top": 3, "response": {"gap": 0.5}, "run": {"horizon": 1}}
    solution = mc.solve(bare({"A": fields, "B": fields}, **parts))
    both = by_a * by_b
    expected = [1 - by_a - by_b + both, by_a + by_b - 2 * both, both]
    assert solution["misread_probability"].values[:3] == pytest.approx(expected, **TIGHT)


# ---------------------------------------------------------------- before the first turn


def test_deterrence_averages_over_governments():
    # Chosen, not by accident, in 3 of 4; A divided with 0.3 adds 0.9, B divided with 0.2 takes 0.7.
    solution = solved(
        {"A": {"instability": 0.3}, "B": {"instability": 0.2, "turnover": 0.5}},
        trigger={"accident": 0.25},
        deterrence={"base": -0.2, "diversion": 0.9, "opportunity": -0.7},
    )
    go = sum(
        (0.3 if a else 0.7) * (0.2 if b else 0.8) * logistic(-0.2 + 0.9 * a - 0.7 * b)
        for a in (0, 1)
        for b in (0, 1)
    )
    deterred = chance(solution, "outcome", outcome="deterred")
    assert deterred == pytest.approx(0.75 * (1 - go), **TIGHT)
    assert float(solution["accident_probability"].sum()) == pytest.approx(0.25, **TIGHT)


def test_arms_quicken():
    # One period, from level 0 of 1 up with chance q = 1/(1+e^-0.3): tempo 0.4 or 0.4 (1 + 0.5).
    solution = solved(
        {"A": {"tempo": 0.4}, "B": IDLE},
        arms={"periods": 1, "levels": 1, "base": 0.3, "tempo": 0.5},
        run={"horizon": 2},
    )
    q = logistic(0.3)
    war = sum(share * (1 - (1 - p / 2) ** 2) for share, p in ((q, 0.6), (1 - q, 0.4)))
    assert float(solution["war_turn_probability"].sum()) == pytest.approx(war, **TIGHT)


def test_blame_falls_by_rivalry():
    # With 0.6 B strikes at somebody else: C or D, with weights 1 and 3.
    solution = solved(
        {"A": {}, "B": {}, "C": {}, "D": {}},
        dyads=[{"a": "B", "b": "C", "rivalry": 1.0}, {"a": "B", "b": "D", "rivalry": 3.0}],
        trigger={"domains": [{"name": "cyber", "misattribution": 0.6}]},
    )
    causes = solution["entry_probability"]
    targets = {"A": 0.0, "B": 0.4, "C": 0.15, "D": 0.45}
    for actor, share in targets.items():
        assert float(causes.sel(actor=actor, cause="target")) == pytest.approx(share, **TIGHT)
    assert float(causes.sel(actor="B", cause="initiator")) == pytest.approx(0.6, **TIGHT)
    assert chance(solution, "misattributed") == pytest.approx(0.6, **TIGHT)


# ---------------------------------------------------------------- who comes in


STILL = {"A": IDLE, "B": IDLE}


def test_an_ally_comes_in_at_once_or_later_on_review():
    # Turn 1 is news; after it the hazard p counts for a fifth. Nobody else moves.
    p = 0.5 * logistic(-0.5 + 0.8)
    solution = solved(
        {**STILL, "C": {"tempo": 0.5}},
        ties=[{"from": "C", "to": "B", "kind": "defence", "mutual": False}],
        response={"up": NEVER},
        alliance={"base": -0.5, "obligation": 0.8, "review": 0.2},
    )
    later = [(1 - p) * (1 - p / 5) ** (t - 2) * p / 5 for t in range(2, 7)]
    turns = solution["entry_turn_probability"].sel(actor="C").values
    assert turns == pytest.approx([0.0, p, *later], **TIGHT)
    drawn = chance(solution, "drawn_in", partner="B", actor="C")
    assert drawn == pytest.approx(turns.sum(), **TIGHT)


def test_the_first_cause_to_fire_counts_and_both_sides_cancel():
    # C owes both and is a rival of both; one turn, all hazards 1/2 but opportunism's, 1/4.
    solution = solved(
        {**STILL, "C": {}},
        ties=[{"from": "C", "to": j, "kind": "defence", "mutual": False} for j in "AB"],
        dyads=[{"a": "C", "b": j, "rivalry": 1.0, "directed": True} for j in "AB"],
        top=2,
        contagion={"base": -np.log(3)},
        run={"horizon": 1},
    )
    # A faces B on rung 0: nothing draws C to A's side. B faces A on rung 1: both hazards do.
    causes = solution["entry_probability"].sel(actor="C")
    assert float(causes.sel(cause="treaty")) == pytest.approx(0.5, **TIGHT)
    assert float(causes.sel(cause="opportunism")) == pytest.approx(0.5 * 0.25, **TIGHT)
    assert chance(solution, "actor_engaged", actor="C", side="initiator") == 0


def test_an_ally_of_an_ally_is_chain_ganged():
    # B's ally C comes in for certain in turn 1, C's ally D with 1/2 in turn 2, which is news.
    solution = solved(
        {**STILL, "C": {}, "D": {}},
        ties=[
            {"from": "C", "to": "B", "kind": "defence", "mutual": False},
            {"from": "D", "to": "C", "kind": "defence", "strength": 0.5, "mutual": False},
        ],
        response={"up": NEVER},
        alliance={"base": -50.0, "obligation": 100.0},
    )
    assert chance(solution, "chain_gang", actor="C") == 0
    assert chance(solution, "chain_gang", actor="D") == pytest.approx(0.5, **TIGHT)
    assert chance(solution, "entry_turn", actor="D", turn=2) == pytest.approx(0.5, **TIGHT)


# ---------------------------------------------------------------- limits


def test_dyads_without_ties_are_independent():
    # Incidents of two unconnected pairs: each pair's own answer, by the weight of its incident.
    def between(a, b, weight_ab, **fields):
        return {"initiator": a, "target": b, "weight": weight_ab, **fields}

    coefficients = {"response": {"up": 0.2, "down": 0.1, "gap": 0.4}, "top": 3}
    who = {"A": {"noise": 0.5}, "B": {"tempo": 0.6}, "C": {"resolve": 0.7}, "D": {"noise": 0.9}}
    rows = [between("A", "B", 3.0), between("C", "D", 1.0)]
    no_pair = {"initiator": None, "target": None}
    both = solved(who, trigger={**no_pair, "dyads": rows}, **coefficients)
    one = solved({k: who[k] for k in "AB"}, trigger={**no_pair, "dyads": rows[:1]}, **coefficients)
    two = solved({k: who[k] for k in "CD"}, trigger={**no_pair, "dyads": rows[1:]}, **coefficients)
    for name in ("peak", "war_turn", "misread", "reciprocated"):
        variable = f"{name}_probability"
        mixed = 0.75 * one[variable].values + 0.25 * two[variable].values
        assert both[variable].values == pytest.approx(mixed, **TIGHT)


def test_promise_of_strength_one_or_none():
    parts = {
        "response": {"up": 0.2},
        "alliance": {"base": NEVER / 2, "obligation": 100.0},
    }
    who = {"A": {}, "B": {}, "C": {}}

    def with_strength(strength):
        row = {"from": "C", "to": "B", "kind": "defence", "mutual": False, "strength": strength}
        return solved(who, ties=[row], **parts)

    kept = with_strength(1.0)
    assert chance(kept, "entry_turn", actor="C", turn=1) == pytest.approx(1.0, **TIGHT)
    void, absent = with_strength(0.0), solved(who, **parts)
    for name in absent:
        if "tie" not in absent[name].dims:
            np.testing.assert_array_equal(void[name].values, absent[name].values)


def test_a_full_channel_is_plain_sight():
    noisy = {"noise": 1.5, "bias": 0.8}
    parts = {"top": 3, "response": {"gap": 0.7, "up": -0.2, "down": 0.0}}
    clear = {"perception": {"channel_noise": 1.0, "channel_bias": 1.0}}
    dyads = [{"a": "A", "b": "B", "channel": 1.0}]
    seen = mc.solve(bare({"A": noisy, "B": noisy}, dyads=dyads, **clear, **parts))
    plain = mc.solve(bare({"A": {}, "B": {}}, **parts))
    for name in plain:
        np.testing.assert_allclose(seen[name].values, plain[name].values, atol=1e-14)
    assert chance(plain, "misread", misreads=0) == pytest.approx(1.0, **TIGHT)


@pytest.mark.parametrize("top", [2, 3, 5])
def test_two_who_always_rise_are_at_war_as_soon_as_steps_allow(top):
    solution = solved({"A": {}, "B": {}}, top=top, response={"up": 100.0})
    assert chance(solution, "war_turn", turn=top - 1) == pytest.approx(1.0, **TIGHT)
    assert chance(solution, "outcome", outcome="general_war") == pytest.approx(1.0, **TIGHT)


def test_without_tempo_nothing_ever_happens():
    solution = solved({"A": IDLE, "B": IDLE}, response={"up": 3.0, "down": 3.0})
    assert chance(solution, "last_turn", outcome="stalemate", turn=6) == pytest.approx(1.0, **TIGHT)
    assert chance(solution, "peak", rung="rung 1") == pytest.approx(1.0, **TIGHT)
