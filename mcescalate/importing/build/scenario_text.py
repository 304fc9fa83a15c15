"""The text of an imported scenario: TOML with a comment on each block."""

import datetime
import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mcescalate.scenario.fields import plain_number

_WIDTH = 98

Row = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """Rows under one comment."""

    comment: str
    rows: list[Row]


def scenario_text(
    opening: str,
    texts: dict[str, Any],
    actors: Block,
    ties: list[Block],
    ties_comment: str,
    dyad_defaults: Row,
    dyads: Block,
    trigger: Row,
    domains: list[Row],
    trigger_comment: str,
    coefficients: dict[str, Row],
    coefficients_comment: str,
) -> str:
    """The scenario as TOML.

    Parameters
    ----------
    opening : comment at the top
    texts : date, era, title, description, source and note
    coefficients : tables of coefficients that differ from the model's defaults
    """
    lines = [*_comment(opening), "", "schema_version = 1"]
    for key, text in texts.items():
        if text:
            lines.append(f"{key} = {_prose(text) if isinstance(text, str) else _value(text)}")
    lines += _heading("actors", actors.comment)
    lines += ["actors = [", *_rows(actors.rows), "]"]
    lines += _heading("ties", ties_comment)
    lines += ["ties = ["]
    for block in ties:
        lines += [*_comment(block.comment, "  "), *_rows(block.rows)]
    lines += ["]"]
    lines += _heading("pairs of states", dyads.comment)
    lines += [f"dyad_defaults = {_inline(dyad_defaults)}"]
    lines += ["dyads = [", *_rows(dyads.rows), "]"]
    lines += _heading("incidents", trigger_comment)
    lines += ["[trigger]", *(f"{key} = {_value(value)}" for key, value in trigger.items())]
    if domains:
        lines += ["domains = [", *_rows(domains), "]"]
    if coefficients:
        lines += _heading("coefficients", coefficients_comment)
        for name, table in coefficients.items():
            lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _heading(title: str, comment: str) -> list[str]:
    rule = "-" * (_WIDTH - len(title) - 3)
    return ["", f"# {rule} {title}", *_comment(comment), ""]


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for paragraph in text.splitlines():
        for line in textwrap.wrap(paragraph, _WIDTH - 2 - len(indent), break_long_words=False):
            yield f"{indent}# {line}"


def _prose(text: str) -> str:
    """A text in TOML, over several lines if it is long."""
    if len(text) + 20 < _WIDTH and "\n" not in text:
        return _value(text)
    quoted = [
        json.dumps(line, ensure_ascii=False)[1:-1]
        for paragraph in text.splitlines()
        for line in textwrap.wrap(paragraph, _WIDTH, break_long_words=False)
    ]
    return '"""\n' + "\n".join(quoted) + '"""'


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    return (f"  {_inline(row)}," for row in rows)


def _inline(row: Row) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in row.items()) + " }"


def _value(value: Any) -> str:
    """A value in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            text = plain_number(value)
            return text if any(mark in text for mark in ".e") else f"{text}.0"
        case int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime.date():
            return value.isoformat()
    return f"[{', '.join(map(_value, value))}]"
