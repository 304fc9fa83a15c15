"""The attributes of a result, declared once, with their types."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mcescalate.limits import CHAIN_END, SEED_END
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.scenario.fields import Expected, Within


def _below(end: int) -> AfterValidator:
    """Takes a whole number as text: not every reader keeps 64 bits."""

    def check(text: str) -> str:
        if not text.isascii() or not text.isdecimal() or str(int(text[:32])) != text:
            raise ValueError("not a whole number")
        if int(text) >= end:
            raise ValueError("too large")
        return text

    return AfterValidator(check)


def _expected_below(end: int) -> Expected:
    return Expected(f"a whole number below {end}, as text")


Text = Annotated[str, Expected("a text")]
Sha = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$"), Expected("a SHA-256 of 64 hexadecimal digits")
]
Share = Annotated[float, Field(ge=0.0, le=1.0), Expected("a number from 0 to 1")]
Number = Annotated[float, Expected("a number")]
Amount = Annotated[float, Field(ge=0.0), Expected("a number from 0 up")]
Counted = Annotated[int, Within(0, 2**63 - 1)]
Seed = Annotated[str, _below(SEED_END), _expected_below(SEED_END)]
FirstChain = Annotated[str, _below(CHAIN_END), _expected_below(CHAIN_END)]
Time = Annotated[
    str,
    Field(pattern=r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ$"),
    Expected("a time such as 2026-01-31T12:00:00Z"),
]
Flag = Annotated[int, Within(0, 1)]


class StrictModel(BaseModel):
    """Declared fields are validated strictly; others are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, defer_build=True)


class ResultAttributes(StrictModel):
    """Attributes of every result."""

    Conventions: Text
    title: Text
    source: Annotated[
        str, Field(pattern=r"^mcescalate \S+$"), Expected('a text such as "mcescalate 0.1.0"')
    ]
    history: Text
    date_created: Time
    schema_version: Annotated[int, Within(1, SCHEMA_VERSION)]
    provenance: Text


class CountAttributes(ResultAttributes):
    """Attributes of counts."""

    seed: Seed
    first_chain: FirstChain
    rng_layout: Text
    thresholds_sha256: Sha


class RunAttributes(CountAttributes):
    """Attributes of the counts of one run."""

    kind: None = None
    n_chains: Counted
    scenario_sha256: Sha


class ExactAttributes(ResultAttributes):
    """Attributes of an exact solution."""

    kind: Literal["exact"]
    prune: Share
    mass_lost: Share
    mass_gap: Number
    n_crises: Counted
    n_states: Counted
    rounded: Flag | None = None
    scenario_sha256: Sha


class SweepAttributes(CountAttributes):
    """Attributes of the counts of a sweep."""

    kind: Literal["sweep"]
    complete: Flag
    common_random_numbers: Flag
    sweep_sha256: Sha
    design: Text
    design_sha256: Sha
    precision_of: Text | None = None


BY_KIND: dict[str | None, type[ResultAttributes]] = {
    None: RunAttributes,
    "exact": ExactAttributes,
    "sweep": SweepAttributes,
}

OF_RESULTS = frozenset(name for model in BY_KIND.values() for name in model.model_fields)
"""Attributes that results have; any other was added after it was written."""
OF_VARIABLES = frozenset(
    ("long_name", "units", "cell_methods", "flag_values", "flag_meanings", "address", "change")
)
"""Attributes that variables of results have."""
WHOLE_NUMBERS = frozenset(
    (
        *("schema_version", "n_chains", "n_crises", "n_states"),
        *("complete", "common_random_numbers", "rounded", "flag_values"),
    )
)
"""Of all these, those that are whole numbers."""
