"""Print docs/values.md: every value that a scenario file may hold, from the rows that define it.

.venv/bin/python scripts/values_page.py > docs/values.md
"""

from collections.abc import Iterator
from typing import Any

from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.change.short_names import expand
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.schema import Scenario

OPENING = """\
# Every value of a scenario file

The values that a scenario file may set, with their defaults, ranges and sources.
[model.md](model.md) gives the formulas that use them and the [literature](model.md#13-literature)
cited here. `scripts/values_page.py` generates this page from the definitions that also validate
scenarios and produce the JSON Schema.

At the top a file may have a `title` and a `description`, the `date` on which it stands, and the
`era` whose fitted values it holds, such as 1946-1989. Date and era matter to posteriors only.
Every table and row may also have a `note` and a `source`, which are stored with results.
"""

CHANGES = """
## Addresses

`--set ADDRESS=VALUE`, the axes of a sweep, and `--with` and `--without` of a comparison change
single values, each named by its address:

| address | value |
| --- | --- |
| `response.gap` | a coefficient; `ladder.casus` and `dyad_defaults.reach` work alike |
| `actors.GMY.resolve` | a value of the actor with this id |
| `ties.GMY-AUH.defence.strength` | a term of GMY's promise to AUH, not of AUH's to GMY |
| `dyads.GMY-FRN.rivalry` | GMY's rivalry with FRN; the pair needs no row |
| `trigger.accident` | the share of incidents that are accidents |
| `trigger.dyads.USA-RUS.weight` | the weight of a pair, if the trigger lists pairs |
| `trigger.domains.ultimatum.weight` | a value of the domain with this name |

The address of a promise or a pair refers to its value after all rows are merged. `*` matches any
text within a part: `actors.*.noise`, `ties.*-AUH.*.strength`, `dyads.*.channel`. A value is a
number, `true` or `false`. To change names, adversaries or rungs, use an overlay.

Short names for the values that are changed most often can replace an address:

| short name | addresses |
| --- | --- |
{short_names}

`compare --without NAME` sets these values to 0 in the second scenario, `--with NAME` to 1 and
`--with NAME=VALUE` to a value. `--with tie:GMY-AUH.defence` adds the promise if it does not exist.

## Overlays

An overlay is a TOML file that holds only the differences from a scenario:

- Single tables are merged key by key: `[response]` with `gap = 0.4` leaves all other coefficients
  unchanged.
- A row replaces all rows with the same key: the `id` of an actor; `from`, `to` and `kind` of a
  tie, in both directions unless `mutual = false`; the pair of a dyad, in both directions unless
  `directed = true`; the pair of an incident; the `name` of a domain. Values that the row omits take
  their defaults.
- A row with a new key is added. A row with `remove = true` removes the rows with its key.
- A trigger of another form replaces the old form; `accident` and `domains` stay.
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
"""Tables of facts and judgements: their headings in a file and their names in the schema."""

REMARKS = ("note", "source")

EXAMPLES = (
    "tie:GMY-AUH",
    "tie:GMY-AUH.defence",
    "promise:GMY-AUH",
    "hotline:USA-RUS",
    "mistrust:USA-RUS",
    "posture:GMY",
    "exercise:USA",
    "noise:GMY",
    "bias:GMY",
    "mediator",
    "accident",
    "misattribution",
)
"""One of each short name."""

COEFFICIENTS = """
## Coefficients

Every coefficient has a default. Setting it to the value under *off* removes its term from the model
exactly; some coefficients have no such value. "Calibrated" means fitted to the figures under
[where the defaults point](model.md#where-the-defaults-point); "assumption" means that we know of no
better evidence.
"""


def page() -> str:
    """The whole page."""
    changes = CHANGES.format(short_names="\n".join(_short_names()))
    return "\n".join([OPENING, *_row_tables(), COEFFICIENTS, *_coefficient_tables(), changes])


def _short_names() -> Iterator[str]:
    for name in EXAMPLES:
        addresses = ", ".join(f"`{address}`" for address in expand(name))
        yield f"| `{name}` | {addresses} |"


def _row_tables() -> Iterator[str]:
    definitions = Scenario.model_json_schema()["$defs"]
    for heading, name in ROWS:
        yield f"## `{heading}`\n\n{definitions[name]['description']}\n"
        yield "| value | default | range | meaning |\n| --- | --- | --- | --- |"
        needed = definitions[name].get("required", ())
        for key, field in definitions[name]["properties"].items():
            if key not in REMARKS:
                default = "required" if key in needed else _default(field["default"])
                yield f"| `{key}` | {default} | {_range(field)} | {field['description']} |"
        yield ""


def _coefficient_tables() -> Iterator[str]:
    for table in TABLES:
        yield f"### `[{table}]`\n"
        yield "| value | default | off | range | unit | meaning | source |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        yield from (_coefficient(row) for row in rows_of(table))
        yield ""


def _coefficient(row: Coefficient) -> str:
    off = "none" if row.neutral is None else _default(row.kind(row.neutral))
    cells = (
        f"`{row.name}`",
        _default(row.kind(row.default)),
        off,
        "true, false" if row.boolean else _whole(row.integer) + _between(row.lower, row.upper),
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
    """The range of a field of the JSON Schema."""
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
