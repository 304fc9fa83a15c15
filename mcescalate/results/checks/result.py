"""Checks that a result agrees with its attributes and its provenance before it is used.

The schema of attributes is in `results.attributes`, that of provenances in `results.origin`. Here
is what must agree between them, and with labels and counts.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.arguments import expect_instance
from mcescalate.errors import DataError
from mcescalate.limits import CHAIN_END
from mcescalate.model.counts import RUN_COUNTS
from mcescalate.results.arrays import Arrays
from mcescalate.results.checks.counts import (
    SEQUENCE_DIM,
    check_counts,
    format_of,
    has_sequences,
    stored_counts,
)
from mcescalate.results.checks.probabilities import check_probabilities, probability_attributes
from mcescalate.results.checks.records import check_records, stored_records
from mcescalate.results.labels import (
    chain_coordinate,
    coords_of,
    count_attributes,
    n_periods,
    record_attributes,
)
from mcescalate.results.provenance.attributes import (
    BY_KIND,
    OF_VARIABLES,
    CountAttributes,
    ExactAttributes,
    ResultAttributes,
    RunAttributes,
    SweepAttributes,
)
from mcescalate.results.provenance.describe import canonical_json
from mcescalate.results.provenance.schema import (
    WorkProvenance,
    exact_provenance,
    provenance_tables,
    restore_scenario,
    run_provenance,
    sweep_digest,
    sweep_manifest,
    validated,
)
from mcescalate.results.variables import RECORD_KINDS, record_name
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import found

if TYPE_CHECKING:
    import xarray as xr


def expect_result(value: Any, function: str) -> None:
    """Refuse `value` unless it is a dataset.

    Raises
    ------
    UsageError
        It is none; names the function that got it, and `load` and `simulate`.
    """
    if isinstance(value, Arrays):
        return
    xarray = sys.modules.get("xarray")  # without it there is no dataset
    expect_instance(value, xarray.Dataset if xarray else Arrays, function, "load", maker="simulate")


def check_result(dataset: "Arrays | xr.Dataset", name: str = "result") -> None:
    """Check a whole result; of a sweep, all but what its points say (see `sweep.checks`).

    Raises
    ------
    DataError
        Something is missing, of the wrong kind, out of range, or contradicts something else;
        says what and where.
    """
    attributes = attributes_of(dataset, name)
    match attributes:
        case RunAttributes():
            _check_run(dataset, attributes, name)
        case ExactAttributes():
            _check_exact(dataset, attributes, name)
        case SweepAttributes():
            _check_sweep(dataset, attributes, name)


def attributes_of(dataset: "Arrays | xr.Dataset", name: str) -> ResultAttributes:
    """The attributes of a result, by the schema of its kind.

    Raises
    ------
    DataError
        One is missing or of the wrong kind.
    """
    kind = dataset.attrs.get("kind")
    model = BY_KIND.get(kind) if isinstance(kind, str | None) else None
    if model is None:
        expected = 'expected "exact", "sweep" or none'
        raise DataError(f"{name}: attribute kind: {expected}, found {found(kind)}")
    if (model is SweepAttributes) != ("point" in dataset.dims):
        has = "has" if "point" in dataset.dims else "has no"
        raise DataError(f"{name}: attribute kind: does not fit its counts; it {has} points")
    return validated(model, dataset.attrs, f"{name}: attribute ")


def _check_run(dataset: "Arrays | xr.Dataset", attributes: RunAttributes, name: str) -> None:
    origin = run_provenance(dataset, name)
    scenario = _check_work(attributes, origin, name)
    check_counts(dataset, name)
    spans = origin.rng.chains
    ends = [0, *(first + count for first, count in spans)]
    if any(first < end for (first, _), end in zip(spans, ends, strict=False)):
        raise DataError(
            f"{name}: provenance: rng.chains: expected ranges of chains in ascending order"
        )
    if ends[-1] > CHAIN_END:
        raise DataError(f"{name}: provenance: rng.chains: expected chains below {CHAIN_END}")
    n_chains = sum(count for _, count in spans)
    if int(dataset.variables["n_chains"].values) != n_chains:
        raise DataError(
            f"{name}: n_chains: expected {n_chains}, as in its provenance, "
            f"found {int(dataset.variables['n_chains'].values)}"
        )
    _same(name, "n_chains", attributes.n_chains, n_chains)
    _same(name, "first_chain", attributes.first_chain, str(spans[0][0]))
    _same(name, "seed", attributes.seed, origin.rng.seed)
    _check_draws(attributes, origin.rng.layout, origin.rng.thresholds_sha256, name)
    counts = stored_counts(RUN_COUNTS, dataset)
    version = format_of(dataset)
    _check_periods(dataset, scenario, name)
    expected = coords_of(scenario, counts, version)
    described = {count.name: count_attributes(count) for count in counts}
    if any(record_name(field) in dataset.variables for field in RECORD_KINDS):
        expected["chain"] = chain_coordinate(spans)
        described |= {
            record_name(field): record_attributes(field, version)
            for field in stored_records(dataset)
        }
    elif "chain" in dataset.variables:
        raise DataError(f"{name}: chain: numbers of chains without their records")
    check_labels(dataset, expected, name)
    check_descriptions(dataset, described, name)
    if "chain" in expected:
        check_records(dataset, name)


def _check_exact(dataset: "Arrays | xr.Dataset", attributes: ExactAttributes, name: str) -> None:
    check_probabilities(dataset, name)
    origin = exact_provenance(dataset, name)
    scenario = _check_work(attributes, origin, name)
    for key, value in origin.exact:
        _same(name, key, getattr(attributes, key), value)
    _check_periods(dataset, scenario, name)
    expected = coords_of(scenario, stored_counts(RUN_COUNTS, dataset), format_of(dataset))
    check_labels(dataset, expected, name)
    check_descriptions(dataset, probability_attributes(dataset), name)


def _check_periods(dataset: "Arrays | xr.Dataset", scenario: Scenario, name: str) -> None:
    """Counts by period are there if chains are several crises each, and only then."""
    wanted = n_periods(scenario) > 0
    if has_sequences(dataset) != wanted:
        what = "missing" if wanted else "chains of one crisis each have none"
        raise DataError(f"{name}: the dim {SEQUENCE_DIM}: {what}")


def _check_sweep(dataset: "Arrays | xr.Dataset", attributes: SweepAttributes, name: str) -> None:
    check_counts(dataset, name)
    tables = provenance_tables(dataset, name)
    origin = sweep_manifest(dataset, name)
    _same(name, "sweep_sha256", attributes.sweep_sha256, sweep_digest(tables))
    _same(name, "design_sha256", attributes.design_sha256, origin.design_sha256)
    _same(name, "source", attributes.source, f"mcescalate {origin.mcescalate}")
    _check_draws(attributes, origin.rng_layout, origin.thresholds_sha256, name)
    _check_dates(attributes, name)


def _check_work(
    attributes: RunAttributes | ExactAttributes, origin: WorkProvenance, name: str
) -> Scenario:
    """What holds of everything made from one scenario; returns that."""
    tables = origin.parameters.scenario
    digest = hashlib.sha256(canonical_json(tables).encode()).hexdigest()
    if origin.parameters.sha256 != digest:
        raise DataError(f"{name}: provenance: parameters.sha256: is not that of the scenario")
    _same(name, "scenario_sha256", attributes.scenario_sha256, digest)
    _same(name, "source", attributes.source, f"mcescalate {origin.software.version}")
    _check_dates(attributes, name)
    scenario = restore_scenario(tables, name)
    _same(name, "title", attributes.title, scenario.title or "untitled scenario")
    return scenario


def _check_draws(attributes: CountAttributes, layout: str, thresholds: str, name: str) -> None:
    _same(name, "rng_layout", attributes.rng_layout, layout)
    _same(name, "thresholds_sha256", attributes.thresholds_sha256, thresholds)


def _check_dates(attributes: ResultAttributes, name: str) -> None:
    """The time of a result is the last one in its history."""
    times = [line.partition(" ")[0] for line in attributes.history.split("\n")]
    _same(name, "date_created", attributes.date_created, max(times))


def _same(name: str, key: str, value: Any, expected: Any) -> None:
    if value != expected:
        raise DataError(
            f"{name}: attribute {key}: expected {found(expected)}, as in its provenance, "
            f"found {found(value)}"
        )


def check_labels(
    dataset: "Arrays | xr.Dataset", expected: Mapping[str, tuple[Any, ...]], name: str
) -> None:
    """Check that every coordinate is there, and is the one that the provenance makes.

    Parameters
    ----------
    expected : dims and values, and attributes, by the name of the coordinate

    Raises
    ------
    DataError
        Names the first label that differs.
    """
    for coord, (dims, values, *_) in expected.items():
        variable = dataset.variables.get(coord)
        if variable is None:
            raise DataError(f"{name}: {coord}: missing")
        dims = (dims,) if isinstance(dims, str) else dims
        if variable.dims != dims or variable.shape != np.shape(values):
            raise DataError(
                f"{name}: {coord}: expected {np.size(values)} along {', '.join(dims)}, as in its "
                f"provenance, found {variable.size}"
            )
        _check_values(f"{name}: {coord}", variable.values, np.asarray(values))
    attributes = {coord: row[2] for coord, row in expected.items() if len(row) > 2}
    check_descriptions(dataset, attributes, name)


def _check_values(place: str, values: np.ndarray, expected: np.ndarray) -> None:
    if expected.dtype.kind in "OU":
        fits = values.dtype.kind in "OU"
    else:
        fits = values.dtype == expected.dtype
    if not fits and expected.size:
        wanted = "texts" if expected.dtype.kind in "OU" else f"numbers ({expected.dtype})"
        raise DataError(f"{place}: expected {wanted}, found {values.dtype}")
    if np.array_equal(values, expected):
        return
    for k, (value, own) in enumerate(
        zip(values.ravel().tolist(), expected.ravel().tolist(), strict=True)
    ):
        if value != own and not (value != value and own != own):
            raise DataError(
                f"{place}[{k}]: expected {found(own)}, as in its provenance, found {found(value)}"
            )


def check_descriptions(
    dataset: "Arrays | xr.Dataset", expected: Mapping[str, Mapping[str, Any]], name: str
) -> None:
    """Check what variables say of themselves; how a meaning is worded is free.

    Parameters
    ----------
    expected : attributes by the name of the variable

    Raises
    ------
    DataError
        A variable or an attribute is missing, or differs.
    """
    for variable, attributes in expected.items():
        if variable not in dataset.variables:
            raise DataError(f"{name}: {variable}: missing")
        own = dataset.variables[variable].attrs
        for key in _keys(own, attributes):
            value, wanted = _plain(own.get(key)), _plain(attributes.get(key))
            fits = isinstance(value, str) and wanted if key == "long_name" else value == wanted
            if not fits:
                raise DataError(
                    f"{name}: attribute {key} of {variable}: expected {_shown(wanted)}, "
                    f"found {_shown(value)}"
                )


def _keys(own: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterable[str]:
    return dict.fromkeys((*expected, *(key for key in own if key in OF_VARIABLES)))


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _shown(value: Any) -> str:
    return str(value)[:60] if isinstance(value, list) else found(value)
