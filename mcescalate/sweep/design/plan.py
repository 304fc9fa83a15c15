"""The schema of a plan: frozen models with the names of a plan file."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcescalate.limits import CHAIN_END, SEED_END
from mcescalate.scenario.fields import Expected, Label, Line, Visible, Within
from mcescalate.scenario.form.table import Table

PLAN_VERSION = 1

LISTED = ("grid", "zip", "one-at-a-time")
"""Designs that enumerate the values of each axis."""
SAMPLED = ("random", "latin-hypercube", "sobol", "saltelli")
"""Designs that draw each axis from a distribution."""
POSTERIOR = "posterior"
"""The design whose points are draws of coefficients."""
TABULATED = ("table", POSTERIOR)
"""Designs whose points are read from a file."""
BINARY = ("sobol", "saltelli")
"""Designs whose balance needs a power of 2 as size."""

MOST_POINTS = 10**9


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Seed = Annotated[int, Within(0, SEED_END - 1)]
Chains = Annotated[int, Within(1, 10**15)]
Texts = Annotated[tuple[Line, ...], Field(strict=False), Expected("an array of texts")]
Name = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_][^\x00-\x1f\x7f/]{0,126}[^\x00-\x1f\x7f/ ]$|^[A-Za-z0-9_]$"),
    Visible,
    Expected("a name that begins with a letter, digit or underscore and has no slash"),
]


class Base(Table):
    """A scenario that the points start from."""

    name: Label | None = Field(None, description="Its name; by default that of the file.")
    scenario: Line = Field(description="Scenario file, relative to the plan's folder, or a case.")
    overlays: Texts = Field((), description="Overlays that are applied to it.")
    settings: Texts = Field((), description='Changes of single values, "address=value".')


class Distribution(Table):
    """Probability distribution of an uncertain value."""

    kind: Literal["uniform", "log-uniform", "normal", "log-normal", "triangular", "beta", "whole"]
    low: float | None = Field(None, description="Smallest value.")
    high: float | None = Field(None, description="Largest value.")
    mean: float | None = Field(None, description="Mean of a normal distribution.")
    sd: float | None = Field(None, description="Standard deviation of a normal distribution.")
    median: float | None = Field(None, description="Median of a log-normal distribution.")
    spread: float | None = Field(None, description="Standard deviation of the logarithm.")
    mode: float | None = Field(None, description="Likeliest value of a triangular distribution.")
    a: float | None = Field(None, description="First shape of a beta distribution.")
    b: float | None = Field(None, description="Second shape of a beta distribution.")

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters that are given, by name."""
        return {name: value for name, value in self if isinstance(value, float | int)}


class Axis(Table):
    """A value, or several changed together, that differs between points."""

    address: Annotated[
        tuple[Line, ...],
        Field(strict=False, min_length=1),
        BeforeValidator(_as_tuple),
        Expected("an address such as response.gap, or an array of them"),
    ] = Field(description="Address of the value, or several addresses that change together.")
    name: Name | None = Field(None, description="Name of its coordinate; by default the address.")
    change: Literal["set", "scale", "add"] = Field("set", description="Operation on the value.")
    values: Annotated[
        tuple[Any, ...] | None,
        Field(strict=False, min_length=1),
        Expected("an array of numbers, or of true and false"),
    ] = Field(None, description="The values, one by one.")
    low: float | None = Field(None, description="First value of a range.")
    high: float | None = Field(None, description="Last value of a range.")
    steps: Annotated[int, Within(2, MOST_POINTS)] | None = Field(
        None, description="How many values of a range."
    )
    spacing: Literal["even", "log"] = Field("even", description="How a range is divided.")
    distribution: Annotated[Distribution | None, Expected("a table")] = Field(
        None, description="Distribution of the value in a sampled design."
    )

    @property
    def label(self) -> str:
        """Name of its coordinate."""
        return self.name or self.address[0]


class DesignTable(Table):
    """How values of the axes are combined into points."""

    kind: Literal[
        "grid",
        "zip",
        "one-at-a-time",
        "random",
        "latin-hypercube",
        "sobol",
        "saltelli",
        "table",
        "posterior",
    ] = "grid"
    size: Annotated[int, Within(1, MOST_POINTS)] | None = Field(
        None, description="How many samples, or draws of a posterior."
    )
    seed: Seed = Field(0, description="Seed of the samples; no chain depends on it.")
    second_order: bool = Field(False, description="Whether Saltelli's design has pairs too.")
    file: Line | None = Field(
        None, description="Table of points (CSV) or posterior (netCDF4), from the plan's folder."
    )
    era: Line | None = Field(
        None, description="Era of the posterior; by default that of the scenario."
    )


class PrecisionTable(Table):
    """Precision at which a point ends."""

    of: Line = Field(
        "war",
        description='"war", an outcome, "peak>=RUNG", "war:ACTOR", "war_size>=N" or the like.',
    )
    half_width: Annotated[
        float,
        Field(gt=0.0, le=1.0),
        Expected("a share above 0, up to 1, such as 0.02 for 2 %"),
    ] = Field(description="Half-width of the 95 % interval, as a share of the probability.")
    max_chains: Chains = Field(description="Chains after which a point ends in any case.")
    first_look: Chains = Field(1024, description="Chains before the first look.")


class Plan(Table):
    """A whole plan."""

    schema_version: Annotated[int, Field(ge=1, le=PLAN_VERSION), Expected("1")] = Field(
        description="Version of this format, 1."
    )
    title: Line = Field("", description="A title.")
    bases: Annotated[
        tuple[Base, ...],
        Field(strict=False, min_length=1),
        Expected("at least 1 row [[bases]]"),
    ] = Field(description="Scenarios; every base has all points.")
    design: DesignTable = Field(DesignTable(), description="How values are combined.")
    axes: Annotated[tuple[Axis, ...], Field(strict=False), Expected("rows [[axes]]")] = Field(
        (), description="The values that differ between points."
    )
    chains: Chains | None = Field(None, description="Chains of each point.")
    precision: Annotated[PrecisionTable | None, Expected("a table [precision]")] = Field(
        None, description="Instead of chains: simulate until a probability is this precise."
    )
    seed: Seed | None = Field(None, description="Seed of the chains; drawn if left out.")
    first_chain: Annotated[int, Within(0, CHAIN_END - 1)] = Field(
        0, description="Number of the first chain."
    )
    independent: bool = Field(
        False, description="Whether each point has its own random numbers instead of common ones."
    )
