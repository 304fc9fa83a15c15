"""The provenance stored in a result, validated as it is read."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from mcescalate.errors import DataError, ScenarioError, UsageError
from mcescalate.limits import CHAIN_END
from mcescalate.results.provenance.attributes import (
    Amount,
    Counted,
    Number,
    Seed,
    Sha,
    Share,
    StrictModel,
    Text,
)
from mcescalate.results.provenance.describe import PROVENANCE_VERSION, canonical_json
from mcescalate.scenario.fields import Expected, Within
from mcescalate.scenario.reading import check_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import Origin, field_problems, place_text

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

MANIFEST_VERSION = 1
"""Version of a sweep's manifest, which is its provenance."""
MOST_CHAINS = 10**15

Tables = Annotated[dict[str, Any], Expected("a table")]
Numbers = Annotated[
    tuple[bool | int | float, ...], Field(strict=False), Expected("an array of numbers")
]


class Software(StrictModel):
    """What made a result."""

    name: Annotated[str, Field(pattern="^mcescalate$"), Expected('"mcescalate"')]
    version: Text


Stretch = Annotated[
    tuple[Annotated[int, Within(0, CHAIN_END - 1)], Annotated[int, Within(1, CHAIN_END)]],
    Field(strict=False),
    Expected("[first chain, number of chains]"),
]


class RandomNumbers(StrictModel):
    """Scheme and seed, and the first chain and number of chains of each stretch."""

    layout: Text
    seed: Seed
    chains: Annotated[
        tuple[Stretch, ...],
        Field(strict=False, min_length=1),
        Expected("an array of stretches [first chain, number of chains]"),
    ]
    thresholds_sha256: Sha


class Resources(StrictModel):
    """What a run took."""

    elapsed_seconds: Amount


class Environment(StrictModel):
    """The machine, and libraries by name."""

    os: Text
    machine: Text
    python: Text
    cores: Annotated[Annotated[int, Within(1, 10**6)] | None, Expected("a whole number from 1 up")]
    libraries: Annotated[dict[str, Text], Expected("a table of texts")]


class Parameters(StrictModel):
    """The scenario as tables, and its digest."""

    scenario: Tables
    sha256: Sha


class WithScenario(StrictModel):
    """Anything made from one scenario."""

    parameters: Parameters


class WorkProvenance(WithScenario):
    """Provenance of anything made from one scenario."""

    schema_version: Annotated[int, Within(1, PROVENANCE_VERSION)]
    software: Software
    resources: Resources
    environment: Environment


class RunProvenance(WorkProvenance):
    """Where the counts of one run come from."""

    rng: RandomNumbers


class Solved(StrictModel):
    """How an exact solution was made."""

    prune: Share
    mass_lost: Share
    mass_gap: Number
    n_crises: Counted
    n_states: Counted
    rounded: Annotated[int, Within(0, 1)] | None = None


class ExactProvenance(WorkProvenance):
    """Where an exact solution comes from."""

    exact: Solved


class Base(StrictModel):
    """A scenario that points of a sweep start from, as tables."""

    name: Text
    scenario: Tables


def _rise(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if list(numbers) != sorted(set(numbers)):
        raise ValueError("not in ascending order")
    return numbers


class CostTable(StrictModel):
    """What the cut of a sweep into shards is reckoned with."""

    model_config = ConfigDict(extra="forbid")

    chain: Amount
    actor: Amount
    most_actors: Annotated[int, Within(1, 10**6)]
    point: Amount
    shard: Annotated[float, Field(gt=0.0), Expected("a number above 0")]
    counts: Annotated[int, Within(1, 10**12)]


class SweepManifest(StrictModel):
    """Where the counts of a sweep come from: the manifest of its folder.

    `bases` are in the order of their points; `table` has the points of a design that was read
    from a file; `stretches` the numbers of chains after which a sweep was to end, as it was
    extended.
    """

    format: Annotated[int, Within(1, MANIFEST_VERSION)]
    mcescalate: Text
    rng_layout: Text
    thresholds_sha256: Sha
    plan: Tables
    stretches: Annotated[
        tuple[Annotated[int, Within(1, MOST_CHAINS)], ...],
        Field(strict=False),
        Expected("an array of rising numbers of chains"),
        AfterValidator(_rise),
    ]
    design_sha256: Sha
    costs: CostTable
    bases: Annotated[
        tuple[Base, ...],
        Field(strict=False, min_length=1),
        Expected("an array of scenarios with their names"),
    ]
    table: Annotated[tuple[Numbers, ...], Field(strict=False), Expected("an array of rows")]


def provenance_tables(dataset: "Arrays | xr.Dataset", name: str) -> dict[str, Any]:
    """The provenance of a result, as tables.

    Raises
    ------
    DataError
        There is none.
    """
    text = dataset.attrs.get("provenance")
    tables = parse_tables(text) if isinstance(text, str) else None
    if tables is None:
        raise DataError(f"{name}: has no provenance, or one that cannot be read")
    return tables


def parse_tables(text: str | bytes) -> dict[str, Any] | None:
    """The tables in a text of JSON; None where it is not that, or has numbers that are none."""
    try:
        tables = json.loads(text, parse_constant=_refuse)
        canonical_json(tables).encode()  # half a character has no bytes
    except (ValueError, RecursionError):
        return None
    return tables if isinstance(tables, dict) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def validated(kind: type[StrictModel], tables: Mapping[str, Any], where: str) -> Any:
    """Tables as the model `kind` declares them.

    Parameters
    ----------
    where : what stands before the place in messages

    Raises
    ------
    DataError
        They are not; names the first place, what was expected there and what was found.
    """
    try:
        return kind.model_validate(tables)
    except ValidationError as error:
        problem = field_problems(error, kind)[0]
        raise DataError(f"{where}{place_text(problem.place)}: {problem.text}") from None


def sweep_digest(manifest: dict[str, Any]) -> str:
    """sha256 over all of a manifest but how far the chains were extended."""
    content = {key: value for key, value in manifest.items() if key != "stretches"}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def run_provenance(result: "Arrays | xr.Dataset", name: str) -> RunProvenance:
    """Where the counts of one run come from.

    Raises
    ------
    UsageError
        The result is of a sweep, or one point of it.
    DataError
        It has no provenance, or not all of it; says what is wrong.
    """
    return _checked(RunProvenance, result, name)


def sweep_manifest(result: "Arrays | xr.Dataset", name: str) -> SweepManifest:
    """Where the counts of a sweep come from.

    Raises
    ------
    DataError
        It has no provenance, or not all of it; says what is wrong.
    """
    return _checked(SweepManifest, result, name)


def scenario_of(result: "Arrays | xr.Dataset", name: str = "result") -> Scenario:
    """The scenario that a result was made from, as its provenance has it.

    Raises
    ------
    UsageError
        The result is of a sweep, which has many scenarios.
    DataError
        There is no scenario in it, or one that is not valid.
    """
    tables = _checked(WithScenario, result, name).parameters.scenario
    return restore_scenario(tables, name)


def exact_provenance(result: "Arrays | xr.Dataset", name: str) -> ExactProvenance:
    """Where an exact solution comes from.

    Raises
    ------
    DataError
        It has no provenance, or not all of it; says what is wrong.
    """
    return _checked(ExactProvenance, result, name)


def _checked(kind: type[StrictModel], result: "Arrays | xr.Dataset", name: str) -> Any:
    tables = provenance_tables(result, name)
    if kind is not SweepManifest and "bases" in tables:
        raise UsageError(f"{name}: expected the result of one run; a sweep has many scenarios")
    return validated(kind, tables, f"{name}: provenance: ")


def restore_scenario(tables: Tables, name: str) -> Scenario:
    """A scenario from its tables in a provenance.

    Raises
    ------
    DataError
        They are none; lists every problem.
    """
    origin = Origin(f"{name}: the scenario in its provenance")
    try:
        return check_scenario(_present(tables), origin)
    except ScenarioError as error:
        raise DataError(*error.lines) from None


def _present(value: Any) -> Any:
    """Tables from JSON without absent values, as a scenario file would have them."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value
