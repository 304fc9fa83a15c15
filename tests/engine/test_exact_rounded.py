"""Exact solutions whose probabilities are rounded as a run draws them: by hand, word for word."""

import numpy as np
import pytest
import reference_model as ref
from verification.small_worlds import tie, world

import mcescalate as mc
from mcescalate.engine.exact import solve_world
from mcescalate.errors import ResourceError
from mcescalate.model.codes import DETERRED
from mcescalate.model.words import WORDS, threshold
from mcescalate.scenario.build import build_world

SHORT = {"rungs": ["calm", "clash", "war"], "mobilised": 1, "casus": 1, "mid": [1, 4, 5]}
WARS = ["limited_war", "general_war"]


def drawn(probability: float) -> float:
    """The share of words that mean yes."""
    return threshold(probability) / WORDS


def duel(**tables):
    return world(
        "AB",
        dyads=({"a": "A", "b": "B", "rivalry": 1.0},),
        ladder=SHORT,
        run={"horizon": 1},
        **{"trigger": {"initiator": "A", "target": "B", "accident": 0.3}} | tables,
    )


def test_a_war_of_one_turn_has_the_chance_of_its_words():
    """A begins on the rung below war: it is war if A goes up in the only turn."""
    scenario = duel(response={"war_cost": 21.0})
    model = ref.model_of(scenario)
    state = ref.opening_state(model, "A", "B")
    go = ref.deterrence_go_probability(model, "A", "B", state.divided, state.arms)
    begins = drawn(0.3) + (1.0 - drawn(0.3)) * drawn(go)
    law = ref.move_law(model, state, "A", 0)  # no mediator in the first turns
    up = law["clear"] + law["misread"]
    assert 0.5 < up * WORDS < 20 and drawn(up) != up
    exact = mc.solve(scenario, rounded=True)
    war = exact["outcome_probability"].sel(outcome=WARS).sum().item()
    assert war == pytest.approx(begins * drawn(up), rel=1e-12)
    assert exact.attrs["rounded"] == 1
    plain = mc.solve(scenario)
    assert "rounded" not in plain.attrs
    unrounded = plain["outcome_probability"].sel(outcome=WARS).sum().item()
    assert unrounded == pytest.approx((0.3 + 0.7 * go) * up, rel=1e-9)


def test_what_has_fewer_than_half_a_word_never_happens():
    scenario = duel(response={"war_cost": 30.0})
    war = [
        mc.solve(scenario, rounded=rounded)["outcome_probability"].sel(outcome=WARS).sum().item()
        for rounded in (False, True)
    ]
    assert war[0] > 0.0 and war[1] == 0.0


def test_one_word_picks_incident_and_domain():
    third, two_thirds = threshold(1 / 3), threshold(2 / 3)
    shares = np.array([third, two_thirds - third, WORDS - two_thirds]) / WORDS
    rows = [("A", "B"), ("A", "C"), ("B", "C")]
    scenario = world(
        "ABC",
        trigger={
            "dyads": [{"initiator": a, "target": b} for a, b in rows],
            "domains": [{"name": name} for name in ("x", "y", "z")],
        },
        run={"horizon": 1},
    )
    exact = mc.solve(scenario, rounded=True)
    found = [exact["incident_probability"].sel(actor=a, partner=b).item() for a, b in rows]
    assert found == pytest.approx(shares, rel=1e-14)
    by_domain = exact["domain_probability"].sum("outcome").values
    assert by_domain == pytest.approx(shares, rel=1e-12)


def test_the_first_hazard_to_fire_has_its_part_of_one_word():
    """C may come in on B's side by treaty or by its rivalry with A."""
    scenario = world(
        "ABC",
        ties=(tie("C", "B", mutual=False),),
        dyads=({"a": "C", "b": "A", "rivalry": 0.5},),
        trigger={"initiator": "A", "target": "B", "accident": 1.0},
        alliance={"base": -23.0},
        contagion={"base": -22.0},
        ladder=SHORT,
        run={"horizon": 1},
    )
    model = ref.model_of(scenario)
    law = ref.cause_law(model, ref.opening_state(model, "A", "B"), "C", "B")
    by_treaty, by_rivalry = law.values()
    assert 1 < by_treaty * WORDS < 100 and 1 < by_rivalry * WORDS < 100
    exact = mc.solve(scenario, rounded=True)["entry_probability"].sel(actor="C")
    assert exact.sel(cause="treaty").item() == pytest.approx(drawn(by_treaty), rel=1e-9)
    both = drawn(by_treaty + by_rivalry) - drawn(by_treaty)
    assert exact.sel(cause="opportunism").item() == pytest.approx(both, rel=1e-9)


def test_rounding_changes_little_where_nothing_is_rare():
    """Governments, arms, wrong blame, ends of wars and turnover are rounded too."""
    scenario = world(
        "ABC",
        about={"A": {"instability": 0.4, "turnover": 0.3}},
        ties=(tie("C", "B"),),
        dyads=({"a": "B", "b": "C", "rivalry": 0.5},),
        trigger={
            "initiator": "A",
            "target": "B",
            "domains": [{"name": "x", "misattribution": 0.3}],
        },
        arms={"periods": 1, "levels": 1},
        war={"rate": 0.3, "decisive": 1.0},
        run={"horizon": 2},
    )
    plain, rounded = (solve_world(build_world(scenario), rounded=r) for r in (False, True))
    assert rounded.tally.outcome.sum() == pytest.approx(1.0, abs=1e-12)
    off = np.abs(rounded.tally.outcome - plain.tally.outcome)
    assert 0.0 < off.max() < 1e-8
    assert rounded.tally.outcome[DETERRED] != plain.tally.outcome[DETERRED]
    assert rounded.tally.misattributed[0] != plain.tally.misattributed[0]


def test_chains_of_several_crises_are_not_rounded():
    with pytest.raises(ResourceError, match="leave them out, or simulate"):
        mc.solve(duel(sequence={"crises": 2}), rounded=True)
