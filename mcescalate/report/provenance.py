"""What a result assumes, where it comes from, and how to reproduce it."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate import __version__
from mcescalate.analysis.tables.export import csv_text
from mcescalate.quantities import in_time
from mcescalate.results.provenance.schema import (
    Environment,
    Resources,
    RunProvenance,
    SweepManifest,
)
from mcescalate.scenario.review.diagnostics import find_notices
from mcescalate.scenario.review.evidence import changed_coefficients, sources_of
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.writing import to_toml
from mcescalate.sweep.design.plan import Plan

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 80
"""Longer lists are cut; the scenario on the page has all rows."""

TABLE = "points.csv"


def assumptions(bases: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """Rows that rest on judgement or name no source, coefficients changed, and notices.

    Parameters
    ----------
    bases : scenarios by name; the name of a single one is not shown
    """
    several = len(bases) > 1
    return [
        {
            "heading": name if several else "",
            "name": name if several else "the scenario",
            "note": scenario.note,
            **sources_of(scenario),
            "changed": list(changed_coefficients(scenario)),
            "notices": find_notices(scenario),
        }
        for name, scenario in bases.items()
    ]


def provenance(
    result: "xr.Dataset",
    version: str,
    resources: Resources | None = None,
    machine: Environment | None = None,
) -> list[tuple[str, str]]:
    """What made the result, and with what."""
    attrs = result.attrs
    facts = [
        ("version", f"mcescalate {version}"),
        ("created", attrs.get("date_created", "unknown")),
        ("seed", attrs["seed"]),
        ("random numbers", attrs.get("rng_layout", "unknown")),
    ]
    facts += [
        (f"{name} (SHA-256)", attrs[key])
        for key, name in (
            ("scenario_sha256", "scenario"),
            ("sweep_sha256", "sweep"),
            ("thresholds_sha256", "thresholds"),
            ("content_sha256", "content of the file"),
        )
        if key in attrs
    ]
    if resources:
        facts.append(("run time", in_time(resources.elapsed_seconds)))
    if machine:
        libraries = ", ".join(f"{name} {version}" for name, version in machine.libraries.items())
        facts.append(("machine", f"{machine.os}, {machine.machine}"))
        facts.append(("Python", f"{machine.python}; {libraries}"))
    return [*facts, ("history", "; ".join(str(attrs.get("history", "")).splitlines()))]


def reproduce_run(
    scenario: Scenario, origin: RunProvenance, options: Sequence[str] = ()
) -> dict[str, Any]:
    """Commands that reproduce the result, and the scenario that they need.

    Parameters
    ----------
    options : of `report`, that the page was made with
    """
    spans = origin.rng.chains
    files = ["result.h5"] if len(spans) == 1 else [f"part-{k}.h5" for k in range(1, len(spans) + 1)]
    lines = [_install(origin.software.version)]
    for (first, count), file in zip(spans, files, strict=True):
        start = f" --first-chain {first}" if first else ""
        seed = shlex.quote(origin.rng.seed)
        lines.append(f"mcescalate run scenario.toml -n {count} --seed {seed}{start} -o {file}")
    if len(files) > 1:
        lines.append(f"mcescalate merge {' '.join(files)} -o result.h5")
    lines.append(" ".join(["mcescalate report result.h5", *options, "-o report.html"]))
    text = to_toml(scenario, complete=True)
    return {"commands": "\n".join(lines), "scenario": text, "n_lines": text.count("\n")}


def reproduce_commands(command: str, scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """A command to repeat, after installing this version, and the scenario files it reads."""
    files = {name: to_toml(scenario, complete=True) for name, scenario in scenarios.items()}
    return {"commands": "\n".join([_install(__version__), command]), "files": files}


def reproduce_sweep(
    bases: Mapping[str, Scenario], plan: Plan, origin: SweepManifest, events: Sequence[str] = ()
) -> dict[str, Any]:
    """Commands that reproduce a sweep, and the files that they need.

    Parameters
    ----------
    events : that the page was requested for; none for the default ones
    """
    options = "".join(f" --of {shlex.quote(event)}" for event in events)
    names = {name: f"base-{k}.toml" for k, name in enumerate(bases, 1)}
    commands = (
        _install(origin.mcescalate),
        "mcescalate sweep plan.toml --out sweep",
        f"mcescalate report sweep/result.h5{options} -o report.html",
    )
    files = {"plan.toml": plan_text(origin, names)}
    if origin.table:
        files[TABLE] = table_text(plan, origin)
    files |= {names[name]: to_toml(base, complete=True) for name, base in bases.items()}
    return {"commands": "\n".join(commands), "files": files}


def plan_text(origin: SweepManifest, files: Mapping[str, str]) -> str:
    """The plan of a sweep as TOML.

    Parameters
    ----------
    files : by base, in the order of the points, the file with its scenario
    """
    plan = _whole_plan(origin)
    if origin.table:
        plan["design"] = {**plan["design"], "file": TABLE}
    plan["bases"] = [{"name": name, "scenario": file} for name, file in files.items()]
    values = [f"{key} = {_toml(value)}" for key, value in plan.items() if _is_set(value)]
    return "\n".join(values) + "\n"


def table_text(plan: Plan, origin: SweepManifest) -> str:
    """The points of a design that was read from a table, as CSV."""
    rows = [
        [json.dumps(value) if isinstance(value, bool) else value for value in row]
        for row in origin.table
    ]
    return csv_text([axis.label for axis in plan.axes], rows)


def _whole_plan(origin: SweepManifest) -> dict[str, Any]:
    """The plan, with the number of chains to which the sweep was extended."""
    last = {"chains": origin.stretches[-1]} if origin.stretches else {}
    return {**origin.plan, **last}


def _toml(value: Any) -> str:
    match value:
        case Mapping():
            inner = ", ".join(f"{key} = {_toml(v)}" for key, v in value.items() if _is_set(v))
            return f"{{ {inner} }}"
        case list() if value and isinstance(value[0], Mapping):
            return "[\n" + "".join(f"  {_toml(item)},\n" for item in value) + "]"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _is_set(value: Any) -> bool:
    return value is not None and value != ""


def _install(version: str) -> str:
    return f"pip install {shlex.quote(f'mcescalate=={version}')}"
