"""What rules rest on: declared, checked from their source, and kept apart by coefficient."""

from dataclasses import replace

import pytest

from mcescalate.model import codes
from mcescalate.model.codes import DEPENDENCES, NEWS, TURN
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.model.dependences import FAMILIES, UndeclaredDependence, check, rests_on

DEFAULTS = [row.default for row in COEFFICIENTS]

# A whole set of rules in little: what no test is about is left out.
ROOTS = sorted({root for roots, _ in FAMILIES.values() for root in roots})
GAP = next(row for row in COEFFICIENTS if row.address == "response.gap")


def source(name: str, body: str, *more: str) -> str:
    """Rules that return nothing, but for one."""
    texts = dict.fromkeys(ROOTS, "    return 0.0") | {name: body}
    rules = [f"def {root}(world, state, i):\n{text}\n" for root, text in texts.items()]
    return "\n".join([*rules, *more])


def test_the_rules_declare_what_they_read():
    check()


def test_dependences_have_bits_and_names_of_their_own():
    assert sum(DEPENDENCES) == codes.ANYTHING
    assert len({*DEPENDENCES.values()}) == len(DEPENDENCES) == 10


@pytest.mark.parametrize(
    ("rule", "body", "message"),
    [
        (
            "up_logit",
            "    return state.now.turn",
            "family response depends on the turn",
        ),
        ("fixed_terms", "    return own_rung(state, i)", "fixed depends on the own rung"),
        (
            "balance_of_power",
            "    return highest_rung(state, 0)",
            "allies, rungs opposite",
        ),
        (
            "up_logit",
            "    return state.actors[i].peak",
            "reads state.actors.peak",
        ),
        (
            "up_logit",
            "    return state.actors[i].rung",
            "reads state.actors.rung",
        ),
        ("up_logit", "    return state.now.mediated", "a mediator as an argument"),
        ("up_logit", "    now = state.now\n    return now.turn", "reads state.now, on which"),
        ("up_logit", "    return mystery(state)", "gives the state to mystery"),
        (
            "sighting_probability",
            "    actor = world.actors[i]\n    return actor.tempo",
            "reads tempo of actor i",
        ),
        ("nth_impulse", "    return world.coefficients.alliance_base", "bounds on entries do not"),
    ],
)
def test_what_is_not_declared_fails(rule, body, message):
    with pytest.raises(UndeclaredDependence, match=message):
        check([source(rule, body)])


def test_a_coefficient_may_declare_more_than_its_family():
    term = "def term(world, state, i):\n    return world.coefficients.response_gap * state.now.turn"
    rules = source("up_logit", "    return term(world, state, i)", term)
    with pytest.raises(UndeclaredDependence, match="response_gap"):
        check([rules])
    check([rules], [replace(GAP, rests_on=TURN)])
    with pytest.raises(UndeclaredDependence, match="depends on the turn"):
        check([rules], [replace(GAP, rests_on=NEWS)])


def test_a_term_that_rests_on_more_needs_a_function_of_its_own():
    # Beside another coefficient's term it would count only while its own is not neutral.
    both = "    c = world.coefficients\n    return c.response_gap * state.now.turn + c.response_up"
    with pytest.raises(UndeclaredDependence, match="response_up"):
        check([source("up_logit", both)], [replace(GAP, rests_on=TURN)])


def test_families_rest_on_more_only_while_a_coefficient_is_not_neutral(monkeypatch):
    rows = [replace(row, rests_on=TURN) if row == GAP else row for row in COEFFICIENTS]
    monkeypatch.setattr("mcescalate.model.dependences.COEFFICIENTS", tuple(rows))
    place = COEFFICIENTS.index(GAP)
    for value, expected in ((0.0, 0), (0.5, TURN)):
        found = rests_on([*DEFAULTS[:place], value, *DEFAULTS[place + 1 :]])
        assert found.response & TURN == expected
        assert found.anything & TURN == expected
    assert rests_on(DEFAULTS).balance & TURN == TURN
