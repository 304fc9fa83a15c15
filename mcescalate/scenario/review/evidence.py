"""What a scenario rests on: the source of each row, and coefficients that it changes."""

from collections.abc import Iterator
from typing import Any

from mcescalate.scenario.form.table import Table
from mcescalate.scenario.form.tables import Trigger
from mcescalate.scenario.schema import Scenario

ASSUMPTION = "assumption"


def sources_of(scenario: Scenario) -> dict[str, Any]:
    """How many rows there are, which name no source, and which rest on judgement.

    A source that begins with the word "assumption" is judgement alone, one that has it further on
    is so in part.
    """
    rows = list(rows_and_sources(scenario))
    judged = [(row, source) for row, source in rows if ASSUMPTION in source.lower()]
    n_assumed = sum(source.lower().startswith(ASSUMPTION) for _, source in judged)
    return {
        "n_rows": len(rows),
        "n_assumed": n_assumed,
        "n_partly": len(judged) - n_assumed,
        "unsourced": [row for row, source in rows if not source],
        "judged": judged,
    }


def rows_and_sources(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Name and source of every row, and of every table that differs from the defaults."""
    for field, value in scenario:
        if isinstance(value, Table):
            unsourced = value.model_copy(update={"source": "", "note": ""})
            if value.source or unsourced != type(value)():
                yield field, value.source
            if isinstance(value, Trigger):
                if value.domains != Trigger().domains:
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
