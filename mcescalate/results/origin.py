"""What is read out of a result's provenance, checked where it is read."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mcescalate.errors import DataError, ScenarioError, UsageError
from mcescalate.results.checks import provenance_of
from mcescalate.scenario.reading import check_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import Origin

if TYPE_CHECKING:
    import xarray as xr

Tables = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Software(_Part):
    """What made a result."""

    version: str


class RandomNumbers(_Part):
    """Seed, and [first chain, number of chains] of each stretch."""

    seed: str
    chains: Annotated[tuple[tuple[int, int], ...], Field(min_length=1)]


class Resources(_Part):
    """What a run took."""

    elapsed_seconds: float


class Environment(_Part):
    """The machine, and libraries by name."""

    os: str
    machine: str
    python: str
    libraries: dict[str, str]


class Parameters(_Part):
    """The scenario as tables."""

    scenario: Tables


class Parametrised(_Part):
    """Whatever was made from one scenario."""

    parameters: Parameters


class RunOrigin(Parametrised):
    """Where the counts of one run come from."""

    software: Software
    rng: RandomNumbers
    resources: Resources | None = None
    environment: Environment | None = None


class Base(_Part):
    """A scenario that points of a sweep start from, as tables."""

    name: str
    scenario: Tables


class SweepOrigin(_Part):
    """Where the counts of a sweep come from.

    `bases` are in the order of their points; `table` has the points of a design that was read
    from a file; `stretches` the numbers of chains after which a sweep was to end, as it was
    extended.
    """

    mcescalate: str
    plan: Tables
    bases: tuple[Base, ...]
    stretches: tuple[int, ...]
    table: tuple[tuple[bool | int | float, ...], ...]


def run_origin(result: "xr.Dataset", name: str) -> RunOrigin:
    """Where the counts of one run come from.

    Raises
    ------
    UsageError
        The result is of a sweep, or one point of it.
    DataError
        It has no provenance, or not all of it; says what is wrong.
    """
    return _checked(RunOrigin, result, name)


def sweep_origin(result: "xr.Dataset", name: str) -> SweepOrigin:
    """Where the counts of a sweep come from.

    Raises
    ------
    DataError
        It has no provenance, or not all of it; says what is wrong.
    """
    return _checked(SweepOrigin, result, name)


def scenario_of(result: "xr.Dataset", name: str = "result") -> Scenario:
    """The scenario that a result was made from, as its provenance has it.

    Raises
    ------
    UsageError
        The result is of a sweep, which has many scenarios.
    DataError
        There is no scenario in it, or one that is not valid.
    """
    tables = _checked(Parametrised, result, name).parameters.scenario
    return restored_scenario(tables, name)


def _checked(kind: type, result: "xr.Dataset", name: str) -> Any:
    story = provenance_of(result, name)
    if kind is not SweepOrigin and "bases" in story:
        raise UsageError(f"{name}: expected the result of one run; a sweep has many scenarios")
    try:
        return kind.model_validate(story)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DataError(f"{name}: its provenance is not whole: {place}: {first['msg']}") from None


def restored_scenario(tables: Tables, name: str) -> Scenario:
    """A scenario from its tables in a provenance.

    Raises
    ------
    DataError
        They are none; lists every problem.
    """
    try:
        return check_scenario(_present(tables), Origin(f"{name}: the scenario in its provenance"))
    except ScenarioError as error:
        raise DataError(*error.lines) from None


def _present(value: Any) -> Any:
    """Tables from JSON without absent values, as a scenario file would have them."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value
