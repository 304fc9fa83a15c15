"""Print docs/values.md: every value that a scenario file may hold, from the rows that define it.

.venv/bin/python scripts/values_page.py > docs/values.md
"""

from collections.abc import Iterator
from typing import Any

from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.schema import Scenario

OPENING = """\
# Every value of a scenario file

What may be written in a scenario, what holds where it is left out, and where that comes from.
[model.md](model.md) has the formulas in which the values stand, and the
[literature](model.md#12-literature) that is named here. `scripts/values_page.py` makes this page
from the rows that also check scenarios and make the JSON Schema.

Every table and row may also have a `note` and a `source`, which are kept with results.
"""

CHANGES = """
## Addresses

`--set ADDRESS=VALUE`, the axes of a sweep and changes in a comparison name single values:

| address | what it is |
| --- | --- |
| `response.gap` | a coefficient; so too `ladder.casus`, `dyad_defaults.reach` |
| `actors.GMY.resolve` | a value of an actor, by its id |
| `ties.GMY-AUH.defence.strength` | a term of GMY's promise to AUH, and not of AUH's to GMY |
| `dyads.GMY-FRN.rivalry` | how GMY regards FRN; the pair needs no row |
| `trigger.accident` | the share of incidents that nobody chose |
| `trigger.dyads.USA-RUS.weight` | the weight of a pair, where the trigger has rows of pairs |
| `trigger.domains.ultimatum.weight` | a value of a domain, by its name |

A promise and a pair are addressed as they hold after all their rows are merged. `*` stands for
anything within a part: `actors.*.noise`, `ties.*-AUH.*.strength`, `dyads.*.channel`. A value is a
number, `true` or `false`. Names, adversaries and rungs are changed in an overlay.

## Overlays

An overlay is a TOML file with only what differs:

- Single tables are merged key by key: `[response]` with `gap = 0.4` leaves the others as they are.
- A row replaces all rows of its key: the `id` of an actor; `from`, `to` and `kind` of a tie, both
  ways unless `mutual = false`; the pair of a dyad, both ways unless `directed = true`; the pair of
  an incident; the `name` of a domain. What it leaves out has its default.
- A row of a new key is added. A row with `remove = true` takes the rows of its key out.
- A trigger that begins in another way replaces the old way; `accident` and `domains` stay.
"""

ROWS = (
    ("[ladder]", "Ladder"),
    ("[[actors]]", "Actor"),
    ("[[ties]]", "Tie"),
    ("[dyad_defaults]", "DyadDefaults"),
    ("[[dyads]]", "DyadRow"),
    ("[trigger]", "Trigger"),
    ("[[trigger.dyads]]", "Incident"),
    ("[[trigger.domains]]", "Domain"),
)
"""Tables of facts and judgements, as they stand in a file, and what the schema calls them."""

REMARKS = ("note", "source")

COEFFICIENTS = """
## Coefficients

All have a default. One that is set to the value under *off* takes its term out of the model,
exactly; some have no such value. "Calibrated" means fitted to the figures under
[where the defaults point](model.md#where-the-defaults-point); "assumption" means that nothing
better is known.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_row_tables(), COEFFICIENTS, *_coefficient_tables(), CHANGES])


def _row_tables() -> Iterator[str]:
    definitions = Scenario.model_json_schema()["$defs"]
    for heading, name in ROWS:
        yield f"## `{heading}`\n\n{definitions[name]['description']}\n"
        yield "| value | default | may be | meaning |\n| --- | --- | --- | --- |"
        needed = definitions[name].get("required", ())
        for key, field in definitions[name]["properties"].items():
            if key not in REMARKS:
                default = "needed" if key in needed else _default(field["default"])
                yield f"| `{key}` | {default} | {_range(field)} | {field['description']} |"
        yield ""


def _coefficient_tables() -> Iterator[str]:
    for table in TABLES:
        yield f"### `[{table}]`\n"
        yield "| value | default | off | may be | unit | meaning | source |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        yield from (_coefficient(row) for row in rows_of(table))
        yield ""


def _coefficient(row: Coefficient) -> str:
    off = "none" if row.neutral is None else plain_number(row.neutral)
    cells = (
        f"`{row.name}`",
        plain_number(row.default),
        off,
        _whole(row.integer) + _between(row.lower, row.upper),
        row.unit,
        row.meaning,
        row.source,
    )
    return f"| {' | '.join(cells)} |"


def _default(value: Any) -> str:
    match value:
        case None | "" | []:
            return "none"
        case bool():
            return str(value).lower()
        case int() | float():
            return plain_number(value)
        case [{"name": name}]:
            return f"one row, {name}"
        case list():
            return ", ".join(str(part) for part in value)
    return str(value)


def _range(field: dict[str, Any]) -> str:
    """What a field of the JSON Schema may be."""
    kind = next((part for part in field.get("anyOf", ()) if part["type"] != "null"), field)
    if "enum" in kind:
        return ", ".join(kind["enum"])
    if kind["type"] in ("number", "integer"):
        return _whole(kind["type"] == "integer") + _between(kind["minimum"], kind["maximum"])
    if kind.get("format") == "date":
        return "a date"
    return {"boolean": "true, false", "string": "text", "array": "array"}[kind["type"]]


def _whole(integer: bool) -> str:
    return "whole, " if integer else ""


def _between(lower: float, upper: float) -> str:
    if 0 < lower < 1:
        return "above 0"
    if upper >= 1e6:
        return f"{plain_number(lower)} or more"
    return f"{plain_number(lower)} to {plain_number(upper)}"


if __name__ == "__main__":
    print(page(), end="")
