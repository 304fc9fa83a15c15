"""The rows of coefficients make sense, each for itself and together."""

import subprocess
import sys

import pytest

from mcescalate.model.coefficients import COEFFICIENTS, FIELDS, TABLES, rows_of

# What the formulas of docs/model.md mean by each; all others are weights of either sign.
SHARES = {
    "deterrence.divided",
    "deterrence.latent",
    "perception.channel_noise",
    "perception.channel_bias",
    "alliance.slack",
    "alliance.review",
    "alliance.aid",
    "mediation.rate",
    "mediation.arms",
    "alliance.loss",
    "alliance.divided_delay",
    "war.rate",
    "policy.mediation",
    "outcome.general_share",
    *(f"sequence.{name}" for name in ("gain", "loss", "caution", "hard_times", "carry_arms")),
}
FACTORS = {
    "arms.effect",
    "arms.tempo",
    "perception.sharing",
    "deterrence.exercise",
    "mediation.tension",
    *(f"sequence.{name}" for name in ("quiet", "settled_memory", "war_memory", "recur")),
}
RESTRAINTS = {
    "response.display",
    "response.limited",
    "alliance.short_of_war",
    "contagion.short_of_war",
    "bystander.short_of_war",
    "policy.restraint",
    "policy.calm",
    *(f"sequence.{name}" for name in ("bitter", "firm_step", "firm", "general")),
}
COUNTS = {
    "arms.periods": (0, 1000),
    "arms.levels": (0, 100),
    "mediation.delay": (0, 10**9),
    "policy.from_rung": (0, 16),
    "sequence.crises": (1, 1000),
    "run.horizon": (1, 10_000),
}
DAYS = {"run.turn_days": (0, 100)}
YEARS = dict.fromkeys(
    (f"sequence.{name}" for name in ("years", "half_life", "memory_half_life")), (1e-9, 10**6)
)
UNBOUNDED = {"outcome.system_capability": (0, sys.float_info.max)}


def test_names_are_unique_and_tables_stand_together():
    assert len(set(FIELDS)) == len(COEFFICIENTS)
    assert [row for table in TABLES for row in rows_of(table)] == list(COEFFICIENTS)
    assert FIELDS[0] == "arms_periods"
    assert COEFFICIENTS[0].address == "arms.periods"


@pytest.mark.parametrize("row", COEFFICIENTS, ids=lambda row: row.address)
def test_each_row_is_complete(row):
    assert row.lower <= row.default <= row.upper
    assert row.neutral is None or row.lower <= row.neutral <= row.upper
    assert row.unit
    assert row.source
    assert row.meaning.endswith(".")
    if row.integer:
        assert all(float(value).is_integer() for value in (row.lower, row.default, row.upper))


def test_bounds_fit_what_the_model_means_by_each_coefficient():
    expected = (
        dict.fromkeys((row.address for row in COEFFICIENTS), (-100, 100))
        | dict.fromkeys(SHARES, (0, 1))
        | dict.fromkeys(FACTORS, (0, 10**6))
        | dict.fromkeys(RESTRAINTS, (0, 100))
        | COUNTS
        | DAYS
        | YEARS
        | UNBOUNDED
    )
    assert {row.address: (row.lower, row.upper) for row in COEFFICIENTS} == expected
    assert {row.address for row in COEFFICIENTS if row.integer} == COUNTS.keys()


def test_the_rows_need_no_library():
    code = (
        "import sys, mcescalate.model.coefficients; "
        "assert not {'numpy', 'numba', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
