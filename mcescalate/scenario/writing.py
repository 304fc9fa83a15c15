"""Checked scenarios back into files: reading what is written gives the same scenario."""

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

from mcescalate.scenario.form.table import Table
from mcescalate.scenario.form.tables import Ladder
from mcescalate.scenario.schema import Scenario


def to_toml(scenario: Scenario, *, complete: bool = False) -> str:
    """The scenario as TOML text.

    Parameters
    ----------
    complete : whether to write values equal to their defaults too, so that the text means
        the same for ever, whatever the defaults become
    """
    return "\n".join(_table_lines(scenario, (), complete)).strip("\n") + "\n"


def overlay_to_toml(overlay: Mapping[str, Any]) -> str:
    """An overlay as TOML text.

    Parameters
    ----------
    overlay : values by table and name, and rows by table, as `change.difference` finds them
    """
    return "\n".join(_overlay_lines(overlay, ())).strip("\n") + "\n"


def _overlay_lines(overlay: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    for key, value in overlay.items():
        if not isinstance(value, Mapping | list):
            yield f"{key} = {_value_text(value)}"
    for key, value in overlay.items():
        path = (*place, key)
        if isinstance(value, Mapping):
            yield from ("", f"[{'.'.join(path)}]")
            yield from _overlay_lines(value, path)
        elif isinstance(value, list):
            for row in value:
                yield from ("", f"[[{'.'.join(path)}]]")
                yield from _table_lines(row, path, False)


def _table_lines(table: Table, place: tuple[str, ...], complete: bool) -> Iterator[str]:
    """The lines of a table: its values, then the tables within it."""
    inner: list[tuple[str, Any]] = []
    # A ladder of its own stands as a whole.
    complete_here = complete or (isinstance(table, Ladder) and table.rungs != Ladder().rungs)
    fields = type(table).model_fields
    # Remarks last: sorting keeps the order of the others.
    for name in sorted(fields, key=lambda name: name in Table.model_fields):
        field = fields[name]
        value = getattr(table, name)
        key = field.alias or name
        if value is None or not (complete_here or field.is_required() or value != field.default):
            continue
        if isinstance(value, Table) or _is_rows(value):
            inner.append((key, value))
        else:
            yield f"{key} = {_value_text(value)}"
    for key, value in inner:
        path = (*place, key)
        if isinstance(value, Table):
            yield from ("", f"[{'.'.join(path)}]")
            yield from _table_lines(value, path, complete)
        else:
            for row in value:
                yield from ("", f"[[{'.'.join(path)}]]")
                yield from _table_lines(row, path, complete)


def _is_rows(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and isinstance(value[0], Table)


def _value_text(value: Any) -> str:
    """A value as TOML has it; the escapes of JSON strings are among TOML's."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime.date():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(map(_value_text, value))}]"
    return repr(value)
