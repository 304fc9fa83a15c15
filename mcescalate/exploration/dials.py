"""The values of a scenario as dials, each with its range, meaning and source.

Rows of one kind, such as actors, have the same fields. So what is known of a field is said once,
by kind, and each row adds its own values and its source.
"""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from mcescalate.analysis.comparison.levers import LEVER_KINDS, find_levers
from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.change.edits import settings_of
from mcescalate.scenario.change.values import (
    ACTOR_FIELDS,
    DOMAIN_FIELDS,
    INCIDENT_FIELDS,
    PROMISE_FIELDS,
    SINGLE_TABLES,
    join_pair,
)
from mcescalate.scenario.fields import Within
from mcescalate.scenario.form.tables import (
    Actor,
    Domain,
    DyadDefaults,
    Incident,
    Ladder,
    Tie,
    Trigger,
)
from mcescalate.scenario.merged_rows import Dyad, dyad_directions, merge_rows
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import annotation_of

Facts = dict[str, Any]

ASSUMPTION = "assumption"

OFF_AT_ZERO = ("strength", "noise", "accident", "weight")
"""Fields without a default of 0 that 0 switches off."""

TRIGGER_FIELDS = ("accident", "blame")

SHOWN = tuple(table for table in TABLES if table != "sequence")
"""Tables of coefficients that have dials: the page shows single crises."""


def describe_dials(scenario: Scenario) -> Facts:
    """All dials: `kinds` by name, with the facts of each field, and `groups` of rows.

    A row has its `start` (the address of a value is start.field), a `label`, its `source`, what
    this makes of it (`basis`), and its values by field. Pairs of actors that no row names have no
    row here either; their values are those of the row `dyad_defaults`.
    """
    return {"kinds": dict(_kinds(scenario)), "groups": list(_groups(scenario))}


def describe_levers(scenario: Scenario) -> list[Facts]:
    """What can be switched: label, kind, and the settings that the switch stands for."""
    found = []
    for lever in find_levers(scenario):
        settings = settings_of(scenario, lever.edit, is_on=lever.is_on)
        if settings:
            found.append(
                {
                    "label": lever.label,
                    "kind": lever.kind,
                    "settings": {address: text(value) for address, value in settings.items()},
                }
            )
    order = {kind: place for place, kind in enumerate(LEVER_KINDS)}
    return sorted(found, key=lambda lever: order[lever["kind"]])


def text(value: bool | int | float) -> str:
    """A value as `--set` takes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


# ---- facts of fields


def _kinds(scenario: Scenario) -> Iterator[tuple[str, dict[str, Facts]]]:
    for table in SHOWN:
        yield table, {row.name: _of_coefficient(row) for row in rows_of(table)}
    top = len(scenario.ladder.rungs) - 1
    ladder = _of_model(Ladder, SINGLE_TABLES["ladder"])
    for facts in ladder.values():
        facts["upper"] = top
    yield "ladder", ladder
    yield "actors", _of_model(Actor, ACTOR_FIELDS)
    yield "ties", _of_model(Tie, PROMISE_FIELDS)
    pairs = _of_model(DyadDefaults, Dyad._fields)
    yield "dyad_defaults", pairs
    own = {name: getattr(scenario.dyad_defaults, name) for name in Dyad._fields}
    yield "dyads", {name: {**facts, "default": text(own[name])} for name, facts in pairs.items()}
    yield "trigger", _of_model(Trigger, TRIGGER_FIELDS)
    yield "incidents", _of_model(Incident, INCIDENT_FIELDS)
    yield "domains", _of_model(Domain, DOMAIN_FIELDS)


def _of_coefficient(row: Coefficient) -> Facts:
    kind = int if row.integer else float
    return {
        "meaning": row.meaning,
        "unit": row.unit,
        "source": row.source,
        "basis": basis_of(row.source),
        "kind": "whole" if row.integer else "number",
        "lower": kind(row.lower),
        "upper": kind(row.upper),
        "default": text(kind(row.default)),
        "neutral": None if row.neutral is None else text(kind(row.neutral)),
    }


def _of_model(model: type[BaseModel], names: tuple[str, ...]) -> dict[str, Facts]:
    return {name: _of_field(model, name) for name in names}


def _of_field(model: type[BaseModel], name: str) -> Facts:
    info = model.model_fields[name]
    default = None if info.is_required() else info.default
    facts: Facts = {"meaning": info.description or "", "default": None, "neutral": None}
    if default is not None:
        facts["default"] = text(default)
    annotation = annotation_of(model, name)
    bare, *metadata = get_args(annotation) or (annotation,)
    if bare is bool:
        return {**facts, "kind": "switch"}
    bounds = next(it for it in metadata if isinstance(it, Within))
    facts |= {"kind": "whole" if bare is int else "number"}
    facts |= {"lower": bounds.lower, "upper": bounds.upper, "above": bounds.above}
    if default == 0 or name in OFF_AT_ZERO:
        facts["neutral"] = text(bare(0))
    return facts


# ---- rows


def _groups(scenario: Scenario) -> Iterator[Facts]:
    yield _group("actors", "actors", list(_actor_rows(scenario)))
    yield _group("ties", "ties", list(_tie_rows(scenario)))
    yield _group("dyads", "dyads", list(_dyad_rows(scenario)))
    defaults = scenario.dyad_defaults
    for name, held, names in (
        ("dyad_defaults", defaults, Dyad._fields),
        ("trigger", scenario.trigger, TRIGGER_FIELDS),
        ("ladder", scenario.ladder, SINGLE_TABLES["ladder"]),
        *((table, getattr(scenario, table), SINGLE_TABLES[table]) for table in SHOWN),
    ):
        yield _group(name, name, [_row(name, "", held, names, held.source)])
        if name == "trigger":
            yield from _trigger_groups(scenario)


def _actor_rows(scenario: Scenario) -> Iterator[Facts]:
    for actor in scenario.actors:
        label = actor.id if actor.label == actor.id else f"{actor.label} ({actor.id})"
        yield _row(f"actors.{actor.id}", label, actor, ACTOR_FIELDS, actor.source)


def _tie_rows(scenario: Scenario) -> Iterator[Facts]:
    for (giver, to, kind), promise in merge_rows(scenario).promises.items():
        start = f"ties.{join_pair(giver, to)}.{kind}"
        label = f"{giver} to {to}: {kind}" + (f" ({promise.treaty})" if promise.treaty else "")
        yield _row(start, label, promise, PROMISE_FIELDS, promise.source)


def _dyad_rows(scenario: Scenario) -> Iterator[Facts]:
    merged = merge_rows(scenario)
    sources = {pair: row.source for row in scenario.dyads for pair in dyad_directions(row)}
    for (a, b), dyad in merged.dyads.items():
        pair = join_pair(a, b)
        yield _row(f"dyads.{pair}", f"{a} towards {b}", dyad, Dyad._fields, sources[a, b])


def _trigger_groups(scenario: Scenario) -> Iterator[Facts]:
    trigger = scenario.trigger
    incidents = [
        _row(
            f"trigger.dyads.{join_pair(row.initiator, row.target)}",
            f"{row.initiator} against {row.target}",
            row,
            INCIDENT_FIELDS,
            row.source,
        )
        for row in trigger.dyads
    ]
    if incidents:
        yield _group("trigger.dyads", "incidents", incidents)
    domains = [
        _row(f"trigger.domains.{row.name}", row.name, row, DOMAIN_FIELDS, row.source)
        for row in trigger.domains
    ]
    yield _group("trigger.domains", "domains", domains)


def _group(name: str, kind: str, rows: list[Facts]) -> Facts:
    return {"name": name, "kind": kind, "rows": rows}


def _row(start: str, label: str, holder: Any, names: tuple[str, ...], source: str) -> Facts:
    values = {name: text(getattr(holder, name)) for name in names}
    return {
        "start": start,
        "label": label,
        "source": source,
        "basis": basis_of(source),
        "values": values,
    }


def basis_of(source: str) -> str:
    """What a source makes of its row: "assumption", "partly" (in part one), "source" or "none"."""
    plain = source.lower()
    if not plain:
        return "none"
    if ASSUMPTION not in plain:
        return "source"
    return ASSUMPTION if plain.startswith(ASSUMPTION) else "partly"
