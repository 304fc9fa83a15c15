"""What a result rests on, where it comes from, and how to make it again."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.export import csv_text
from mcescalate.quantities import in_time
from mcescalate.report.formatting import amount, number
from mcescalate.report.markup import (
    Markup,
    bullets,
    code,
    element,
    facts,
    join,
    paragraphs,
    table,
)
from mcescalate.report.page import Section
from mcescalate.results.provenance.schema import (
    Environment,
    Resources,
    RunProvenance,
    SweepManifest,
)
from mcescalate.scenario.diagnostics import find_notices
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.tables import Table
from mcescalate.scenario.writing import to_toml
from mcescalate.sweep.design.plan import Plan

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 80
"""Longer lists end with a pointer to the scenario, which has them all."""

ASSUMPTION = "assumption"
TABLE = "points.csv"


def assumptions(bases: Mapping[str, Scenario]) -> Section:
    """Which rows are judgement and not data, which values are not the defaults, what is idle.

    Parameters
    ----------
    bases : scenarios by name; the name of a single one is not told
    """
    parts: list[object] = []
    for name, scenario in bases.items():
        if len(bases) > 1:
            parts.append(element("h3", name))
        parts += _assumptions_of(scenario, name if len(bases) > 1 else "the scenario")
    return Section("assumptions", "Assumptions", join(parts))


def _assumptions_of(scenario: Scenario, name: str) -> list[Markup]:
    rows = list(rows_and_sources(scenario))
    bare = [row for row, source in rows if not source]
    judged = [(row, source) for row, source in rows if ASSUMPTION in source.lower()]
    wholly = [row for row, source in judged if source.lower().startswith(ASSUMPTION)]
    parts = [
        element(
            "p",
            f"Of {amount(len(rows), 'rows')} of {name}, {number(len(wholly))} rest on an "
            f"assumption alone, {number(len(judged) - len(wholly))} more in part, and "
            f"{number(len(bare))} name no source. "
            "The formulas have their sources in the description of the model.",
        )
    ]
    if bare:
        parts.append(
            _folded(
                f"All {amount(len(bare), 'rows')} without a source",
                bullets(bare[:MOST_ROWS]),
                len(bare) - MOST_ROWS,
            )
        )
    if scenario.note:
        parts.append(element("p", scenario.note))
    if judged:
        parts.append(
            _folded(
                f"All {amount(len(judged), 'rows')} with an assumption",
                table(
                    f"Rows of {name} and their source",
                    ("row", "source"),
                    judged[:MOST_ROWS],
                    n_texts=2,
                ),
                len(judged) - MOST_ROWS,
            )
        )
    changed = list(changed_coefficients(scenario))
    if changed:
        parts.append(
            table(
                f"Coefficients that {name} sets itself",
                ("coefficient", "value", "default"),
                changed,
            )
        )
    else:
        parts.append(element("p", "All coefficients have their default values."))
    remarks = find_notices(scenario)
    if remarks:
        parts.append(element("p", "What to know of it:"))
        parts.append(bullets(remarks[:MOST_ROWS]))
    return parts


def rows_and_sources(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every row, and every table that is not as the defaults are: its name and its source."""
    for field, value in scenario:
        if isinstance(value, Table):
            unsourced = value.model_copy(update={"source": "", "note": ""})
            if value.source or unsourced != type(value)():
                yield field, value.source
            if field == "trigger":
                if unsourced.domains != type(value)().domains:
                    for domain in value.domains:
                        yield f"trigger.domains.{domain.name}", domain.source
                for row in value.dyads:
                    yield f"trigger {row.initiator}-{row.target}", row.source
        elif isinstance(value, tuple):
            for row in value:
                yield _row_name(row), row.source


def _row_name(row: Any) -> str:
    if hasattr(row, "id"):
        return row.id
    if hasattr(row, "to"):
        return f"{row.kind} {row.from_}-{row.to}"
    return f"dyad {row.a}-{row.b}"


def changed_coefficients(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Coefficients that differ from the defaults: address, value, default."""
    for name, value in scenario:
        if not isinstance(value, Table) or name in ("ladder", "trigger", "dyad_defaults"):
            continue
        for field, info in type(value).model_fields.items():
            own = getattr(value, field)
            if field not in Table.model_fields and own != info.default:
                yield f"{name}.{field}", f"{own:g}", f"{info.default:g}"


def provenance(
    result: "xr.Dataset",
    version: str,
    resources: Resources | None = None,
    machine: Environment | None = None,
) -> Section:
    """What made the result, and with what."""
    attrs = result.attrs
    pairs: list[tuple[object, object]] = [
        ("made by", f"mcescalate {version}"),
        ("made on", attrs.get("date_created", "unknown")),
        ("seed", attrs["seed"]),
        ("random numbers", attrs.get("rng_layout", "unknown")),
    ]
    for key, name in (
        ("scenario_sha256", "scenario (SHA-256)"),
        ("sweep_sha256", "sweep (SHA-256)"),
        ("thresholds_sha256", "thresholds (SHA-256)"),
        ("content_sha256", "content of the file (SHA-256)"),
    ):
        if key in attrs:
            pairs.append((name, attrs[key]))
    if resources:
        pairs.append(("time", in_time(resources.elapsed_seconds)))
    if machine:
        libraries = ", ".join(f"{name} {version}" for name, version in machine.libraries.items())
        pairs.append(("machine", f"{machine.os}, {machine.machine}"))
        pairs.append(("Python", f"{machine.python}; {libraries}"))
    history = "; ".join(str(attrs.get("history", "")).splitlines())
    pairs.append(("history", history))
    return Section("provenance", "Provenance", facts(pairs))


def reproduce_run(scenario: Scenario, origin: RunProvenance) -> Section:
    """Commands that make the result again, and the scenario that they need."""
    spans = origin.rng.chains
    files = ["result.h5"] if len(spans) == 1 else [f"part-{k}.h5" for k in range(1, len(spans) + 1)]
    lines = [_install(origin.software.version)]
    for (first, count), file in zip(spans, files, strict=True):
        start = f" --first-chain {first}" if first else ""
        seed = shlex.quote(origin.rng.seed)
        lines.append(f"mcescalate run scenario.toml -n {count} --seed {seed}{start} -o {file}")
    if len(files) > 1:
        lines.append(f"mcescalate merge {' '.join(files)} -o result.h5")
    lines.append("mcescalate report result.h5 -o report.html")
    text = to_toml(scenario, complete=True)
    return Section(
        "reproduce",
        "How to make it again",
        join(
            [
                paragraphs(
                    "Save the scenario below as scenario.toml, then run these commands. The counts "
                    "are the same, bit for bit, on any machine and with any number of workers."
                ),
                code("\n".join(lines)),
                paragraphs("What would change the answer most is a question for these:"),
                code("mcescalate levers scenario.toml\nmcescalate compare scenario.toml --help"),
                _folded(f"scenario.toml ({number(text.count(chr(10)))} lines)", code(text)),
            ]
        ),
    )


def reproduce_sweep(
    bases: Mapping[str, Scenario], plan: Plan, origin: SweepManifest, of: Sequence[str] = ()
) -> Section:
    """The same of a sweep, whose plan is put together from its provenance.

    Parameters
    ----------
    of : events that the page was asked to be about; none of them for those of every page
    """
    asked = "".join(f" --of {shlex.quote(event)}" for event in of)
    files = {name: f"base-{k}.toml" for k, name in enumerate(bases, 1)}
    lines = [
        _install(origin.mcescalate),
        "mcescalate sweep plan.toml --out sweep",
        f"mcescalate report sweep/result.h5{asked} -o report.html",
    ]
    parts: list[object] = [
        paragraphs("Save the files below under their names, then run these commands."),
        code("\n".join(lines)),
        _folded("plan.toml", code(plan_text(origin, files))),
    ]
    if origin.table:
        parts.append(_folded(TABLE, code(table_text(plan, origin))))
    for name, scenario in bases.items():
        parts.append(_folded(files[name], code(to_toml(scenario, complete=True))))
    return Section("reproduce", "How to make it again", join(parts))


def plan_text(origin: SweepManifest, files: Mapping[str, str]) -> str:
    """The plan of a sweep as TOML.

    Parameters
    ----------
    files : by base, in the order of the points, the file with its scenario
    """
    plan = _told_plan(origin)
    if origin.table:
        plan["design"] = {**plan["design"], "file": TABLE}
    plan["bases"] = [{"name": name, "scenario": file} for name, file in files.items()]
    values = [f"{key} = {_toml(value)}" for key, value in plan.items() if _is_told(value)]
    return "\n".join(values) + "\n"


def table_text(plan: Plan, origin: SweepManifest) -> str:
    """The points of a design that was read from a table, as CSV again."""
    rows = [
        [json.dumps(value) if isinstance(value, bool) else value for value in row]
        for row in origin.table
    ]
    return csv_text([axis.label for axis in plan.axes], rows)


def _told_plan(origin: SweepManifest) -> dict[str, Any]:
    """The tables of the plan, with as many chains as the sweep was extended to."""
    last = {"chains": origin.stretches[-1]} if origin.stretches else {}
    return {**origin.plan, **last}


def _toml(value: Any) -> str:
    match value:
        case Mapping():
            inner = ", ".join(f"{key} = {_toml(v)}" for key, v in value.items() if _is_told(v))
            return f"{{ {inner} }}"
        case list() if value and isinstance(value[0], Mapping):
            return "[\n" + "".join(f"  {_toml(item)},\n" for item in value) + "]"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _is_told(value: Any) -> bool:
    return value is not None and value != ""


def _install(version: str) -> str:
    return f"pip install {shlex.quote(f'mcescalate=={version}')}"


def _folded(title: str, content: Markup, n_more: int = 0) -> Markup:
    """Content that is shown when asked for."""
    more = paragraphs(f"and {number(n_more)} more, all in the scenario below") if n_more > 0 else ""
    return element("details", element("summary", title), content, more)
