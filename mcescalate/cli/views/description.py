"""A scenario as `mcescalate describe` prints it."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.quantities import counted

MOST_ROWS = 30
"""Longer lists are cut; --json has all rows."""

FLAGS = ("major", "nuclear")


def print_description(answer: Mapping[str, Any]) -> None:
    """Print a description of a scenario on stdout."""
    actors, promises = answer["actors"], answer["promises"]
    blocks = [
        [answer["title"] or "untitled scenario"],
        _cut(
            f"{counted(len(actors), 'actors')}, with their share of all capabilities",
            _actors(actors),
        ),
    ]
    if promises:
        given = _promises(promises)
        blocks.append(_cut(f"{counted(len(promises), 'promises')}, by who gives them", given))
    if answer["rivalries"]:
        header, rows = ("rivals", "", "rivalry"), [_rivals(row) for row in answer["rivalries"]]
        blocks.append(_cut(f"{counted(len(rows), 'pairs')} of rivals", _table(header, rows)))
    incidents = [
        (row["initiator"], row["target"], _percent(row["probability"]))
        for row in answer["incidents"]
    ]
    blocks.append(_cut("Incidents", _table(("initiator", "target", "probability"), incidents)))
    if len(answer["domains"]) > 1:
        domains = [(name, _percent(share)) for name, share in answer["domains"].items()]
        blocks.append(_cut("Domains", _table(("domain", "probability"), domains)))
    if answer["changed"]:
        rows = [
            (row["address"], f"{row['value']:g}", f"{row['default']:g}")
            for row in answer["changed"]
        ]
        blocks.append(
            _cut(
                "Coefficients other than the defaults",
                _table(("coefficient", "value", "default"), rows),
            )
        )
    print_lines(*stacked([*blocks, _sources(answer["sources"])]))


def _actors(actors: Mapping[str, Any]) -> list[str]:
    ranked = sorted(actors.items(), key=lambda item: -item[1]["capability"])
    lines = table(
        ("actor", "share"), [(id_, _percent(row["capability_share"])) for id_, row in ranked]
    )
    details = [": ".join(filter(None, (row["name"], _values(row["values"])))) for _, row in ranked]
    return [
        lines[0],
        *(f"{line}  {own}".rstrip() for line, own in zip(lines[1:], details, strict=True)),
    ]


def _values(values: Mapping[str, Any]) -> str:
    flags = [name for name in FLAGS if values.get(name)]
    others = [
        f"{name} {value:g}" if isinstance(value, float | int) else f"{name} {value}"
        for name, value in values.items()
        if name not in FLAGS
    ]
    return ", ".join([*flags, *others])


def _promises(promises: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each giver and kind, with the allies who have the same terms side by side."""
    lines: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in promises:
        by_terms = lines.setdefault((row["from"], row["kind"]), {})
        by_terms.setdefault(_weakness(row), []).append(row["to"])
    heads = table(("giver", "kind"), list(lines))
    allies = [
        "; ".join(f"{', '.join(names)}{terms}" for terms, names in by_terms.items())
        for by_terms in lines.values()
    ]
    return [f"{heads[0]}  to", *map("  ".join, zip(heads[1:], allies, strict=True))]


def _weakness(row: Mapping[str, Any]) -> str:
    """What makes a promise less than a full one, in brackets."""
    terms = [
        f"{name} {row[name]:g}"
        for name, full in (("strength", 1), ("ambiguity", 0), ("conditional", 0))
        if row[name] != full
    ]
    if row["credibility"] != 1:
        terms.append(f"credibility {row['credibility']:g}")
    if row["against"]:
        terms.append(f"against {' '.join(row['against'])}")
    return f" ({', '.join(terms)})" if terms else ""


def _rivals(row: Mapping[str, Any]) -> tuple[str, str, str]:
    forth, back = row["rivalry"], row["back"]
    values = f"{forth:g}" if forth == back else f"{forth:g} and {back:g}"
    return row["a"], row["b"], values


def _sources(sources: Mapping[str, Any]) -> list[str]:
    n, missing = sources["rows"], sources["without_source"]
    lines = [
        f"Of {counted(n, 'rows')}, {sources['assumed']} rest on assumption, "
        f"{sources['partly_assumed']} partly; {len(missing)} name no source"
    ]
    if missing:
        more = f" and {len(missing) - MOST_ROWS} more" if len(missing) > MOST_ROWS else ""
        lines.append(f"Without a source: {', '.join(missing[:MOST_ROWS])}{more}")
    return lines


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return table(header, rows, screen_width())


def _cut(heading: str, lines: Sequence[str]) -> list[str]:
    """A block, with a line in place of the rows that are too many."""
    rest = len(lines) - 1 - MOST_ROWS
    if rest <= 0:
        return [heading, *lines]
    return [heading, *lines[: MOST_ROWS + 1], f"… and {rest} more (--json has all)"]


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
