"""Plan files into checked sweeps."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mcescalate.errors import ScenarioError, UsageError
from mcescalate.inputs import is_stdin, read_input
from mcescalate.scenario.library import PLAN, find_input
from mcescalate.scenario.reading import load_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.toml_text import LARGEST_FILE, read_toml_bytes
from mcescalate.scenario.wording import Origin, Problem, field_problems, found, quoted
from mcescalate.sweep.design.consistency import find_conflicts
from mcescalate.sweep.design.plan import PLAN_VERSION, POSTERIOR, Axis, Plan
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.design.posterior import Rows, common_era, read_posterior
from mcescalate.sweep.design.table import LARGEST_TABLE, read_table

DRAWS_AS_TABLE = ".csv"
"""Ending of a file of draws that is a table of points, as the page on a result has it."""


def load_sweep(
    path: str | os.PathLike[str], options: Mapping[str, Any] | None = None
) -> PlannedSweep:
    """Read a plan file, its scenarios and its table.

    Parameters
    ----------
    path : plan file (TOML), or the name of a plan that comes with the package; the files
        that it names are seen from its folder, or from the current one if it comes from
        standard input, and bare names may also be those of cases and overlays
    options : values that replace the plan's, by key; `chains` and `precision` each replace
        both, `precision` a text such as "war=2%" that goes with `max_chains`

    Raises
    ------
    ScenarioError
        A file or a value is invalid; lists every problem with its place.
    UsageError
        A file is missing or cannot be read.
    """
    name, path = find_input(os.fspath(path), PLAN)
    plan = read_plan(read_toml_bytes(read_input(path, LARGEST_FILE), Origin(name)), name, options)
    folder = Path() if is_stdin(path) else Path(path).parent
    bases = check_base_names(
        [
            (
                base.name or Path(base.scenario).stem,
                load_scenario(
                    base.scenario, overlays=base.overlays, settings=base.settings, folder=folder
                ),
            )
            for base in plan.bases
        ],
        name,
    )
    plan, rows = read_points(plan, folder, name, [scenario for _, scenario in bases])
    return PlannedSweep(name, plan, bases, rows)


def read_points(
    plan: Plan, folder: Path, name: str, scenarios: Sequence[Scenario]
) -> tuple[Plan, Rows]:
    """The plan with an axis for each column of the file of its points, and their rows.

    Parameters
    ----------
    folder : where the file is looked for
    scenarios : that the points start from; a posterior must fit them, and they may say the era

    Raises
    ------
    ScenarioError
        The table is invalid, or lacks an axis of the plan; or a scenario lacks a value.
    DataError
        The file is no posterior.
    UsageError
        It is missing or cannot be read, or does not fit the scenarios.
    """
    design = plan.design
    if design.file is None:
        return plan, []
    file = folder / design.file
    if design.kind == POSTERIOR and file.suffix.casefold() != DRAWS_AS_TABLE:
        posterior = read_posterior(file)
        era = common_era(posterior, scenarios, design.era)
        rows = posterior.draws(design.size, era)
        plan = plan.model_copy(
            update={"design": design.model_copy(update={"size": len(rows), "era": era})}
        )
        return with_columns(plan, list(posterior.values), name), rows
    header, rows = read_table(read_input(file, LARGEST_TABLE), os.fspath(file))
    return with_columns(plan, header, name), rows


def change_options(sweep: PlannedSweep, options: Mapping[str, Any] | None) -> PlannedSweep:
    """A copy of a sweep with options in place of its plan's values; see `load_sweep`.

    Raises
    ------
    ScenarioError, UsageError
        A value is invalid.
    """
    tables = sweep.plan.model_dump(exclude_none=True, by_alias=True)
    plan = read_plan(tables, sweep.name, options)
    return PlannedSweep(sweep.name, plan, sweep.bases, sweep.rows)


def read_plan(tables: dict[str, Any], name: str, options: Mapping[str, Any] | None = None) -> Plan:
    """A plan from plain tables, with options in place of its own values.

    Raises
    ------
    ScenarioError
        A value is invalid; lists every problem with its place.
    """
    origin = Origin(name)
    version = tables.get("schema_version")
    if isinstance(version, int) and version > PLAN_VERSION:
        text = f"written for version {found(version)}, this program reads {PLAN_VERSION}; upgrade"
        raise origin.error([Problem(("schema_version",), text)])
    if "actors" in tables and "bases" not in tables:
        text = "this is a scenario; expected a plan, which names scenarios in rows [[bases]]"
        raise origin.error([Problem((), text)])
    try:
        plan = Plan.model_validate(with_options(tables, options or {}))
    except ValidationError as error:
        raise origin.error(field_problems(error, Plan)) from None
    if problems := list(find_conflicts(plan)):
        raise origin.error(problems)
    return plan


def with_options(tables: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Plain tables of a plan with the options given (those not None) in place of their own."""
    given = {key: value for key, value in options.items() if value is not None}
    tables = dict(tables)
    wanted, most = given.pop("precision", None), given.pop("max_chains", None)
    if "chains" in given and (wanted is not None or most is not None):
        raise UsageError("--chains and --precision: expected one of them, found both")
    if "chains" in given:
        tables.pop("precision", None)
    if wanted is not None or most is not None:
        tables.pop("chains", None)
        old = tables.get("precision")
        precision = dict(old) if isinstance(old, dict) else {}
        if wanted is not None:
            precision |= parse_precision(wanted)
        if most is not None:
            precision["max_chains"] = most
        if "max_chains" not in precision:
            raise UsageError("--precision: also needs --max-chains, the most chains of a point")
        tables["precision"] = precision
    return {**tables, **given}


def parse_precision(text: str) -> dict[str, Any]:
    """Event and relative half-width from a text such as "war=2%" or "peak>=4=0.05"."""
    of, _, amount = text.rpartition("=")
    try:
        share = float(amount.removesuffix("%")) / (100.0 if amount.endswith("%") else 1.0)
    except ValueError:
        share = None
    if not of or share is None:
        raise UsageError(f'--precision: expected a text such as "war=2%", found "{text}"')
    return {"of": of.strip(), "half_width": share}


def check_base_names(
    bases: Iterable[tuple[str, Scenario]], name: str
) -> tuple[tuple[str, Scenario], ...]:
    """The bases, if each has a name of its own.

    Raises
    ------
    ScenarioError
        Two have the same name.
    """
    bases = tuple(bases)
    names = [base for base, _ in bases]
    if len(set(names)) < len(names):
        twice = next(base for base in names if names.count(base) > 1)
        raise ScenarioError(
            name, [f"bases: {quoted(twice)} is the name of two scenarios; give each base its own"]
        )
    return bases


def with_columns(plan: Plan, header: list[str], name: str) -> Plan:
    """The plan with an axis for each column; one that the plan has not is an address.

    Raises
    ------
    ScenarioError
        There is no column for an axis of the plan.
    """
    known = {axis.label: axis for axis in plan.axes}
    missing = [label for label in known if label not in header]
    if missing:
        lines = [f"axes: {label}: the table has no column of this name" for label in missing]
        raise ScenarioError(name, lines)
    try:
        axes = tuple(known.get(label) or Axis(address=(label,)) for label in header)
    except ValidationError as error:
        raise Origin(name).error(field_problems(error, Axis)) from None
    return plan.model_copy(update={"axes": axes})
