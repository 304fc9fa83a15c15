"""`mcescalate import`: a scenario of any day from the field's data files."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Force, Json, Output, Quiet, whole

if TYPE_CHECKING:
    from mcescalate.importing.build.report import Assumption, Report

States = tuple[str, ...]
_LEAST, _MOST = 1, 1000
_NAMED = 3
"""Most unread files with one reason that are named; more are counted."""


def import_data(
    data: Annotated[Path, Parameter(help="Data file, or folder of data files.")],
    /,
    *more: Annotated[Path, Parameter(help="Further files or folders.")],
    date: Annotated[str, Parameter(help="Day of the scenario, e.g. 1914-06-28.")],
    actors: Annotated[
        States,
        Parameter(
            negative=(),
            show_default=False,
            metavar="STATES",
            help="States that take part, by COW abbreviation or number, name, or ISO code, e.g. "
            "AUH,YUG,365,Romania; the whole system if neither --actors nor --around is given.",
        ),
    ] = (),
    around: Annotated[
        States,
        Parameter(
            negative=(),
            show_default=False,
            metavar="STATES",
            help="Include these states and all states linked to them by promises.",
        ),
    ] = (),
    within: Annotated[
        int, Parameter(converter=whole(_LEAST, _MOST), help="Most links that --around follows.")
    ] = 1,
    through: Annotated[
        States,
        Parameter(
            negative=(),
            show_default=False,
            metavar="KINDS",
            help="Kinds of promise that --around follows; defence,offence if omitted.",
        ),
    ] = ("defence", "offence"),
    missing: Annotated[
        str,
        Parameter(
            help="Treatment of a state without CINC in the year: nearest (year's share), least "
            "(possible share), drop (the state), or refuse."
        ),
    ] = "nearest",
    mapping: Annotated[
        Path | None,
        Parameter(
            show_default=False, help="TOML file of numbers that replace those of the mapping."
        ),
    ] = None,
    initiator: Annotated[
        str | None,
        Parameter(show_default=False, help="State that begins the crisis; any rival if omitted."),
    ] = None,
    target: Annotated[
        str | None, Parameter(show_default=False, help="State against which the crisis begins.")
    ] = None,
    title: Annotated[str, Parameter(show_default=False, help="Title of the scenario.")] = "",
    out: Output = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a scenario for any day from published data files, and report how.

    Files are recognised by their columns: COW capabilities, state system, major powers, contiguity
    and formal alliances; ATOP members and dyad-years; lists of rivalries; Polity. Without
    --out the scenario goes to scenario-DATE.toml in the current folder. docs/importing.md lists
    every number that maps the data to the scenario.
    """
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, print_lines, say
    from mcescalate.importing.importer import scenario_from_data
    from mcescalate.results.files.atomic import write_atomically
    from mcescalate.results.files.kinds import SCENARIO

    if out is not None:
        check_output(out, SCENARIO, force=force)
    imported = scenario_from_data(
        (data, *more),
        date=date,
        actors=",".join(actors),
        around=",".join(around),
        within=within,
        through=",".join(through),
        missing=missing,
        mapping=mapping,
        initiator=initiator,
        target=target,
        title=title,
    )
    path = out or Path(f"scenario-{imported.report.date}.toml")
    image = imported.text.encode("utf-8")
    check_output(path, SCENARIO, force=force, n_bytes=len(image))
    write_atomically(path, image, force=force)
    if as_json:
        print_json({"file": str(path), **imported.report.as_dict()})
        return
    print_lines(imported.scenario.title)
    print_report(imported.report)
    if not quiet:
        say(f"written to {path}")


def print_report(report: "Report") -> None:
    """Print what was read and what not, what was mapped, missing, left out and assumed."""
    from mcescalate.cli.terminal.printing import print_lines
    from mcescalate.quantities import counted, grouped

    used = "with the number of uses (* changed by --mapping)"
    for heading, lines in (
        ("read", [f"{use.name}: {use.title}" for use in report.files]),
        ("not read", _by_reason(report.unused)),
        ("remarks", report.remarks),
        ("named", report.named),
        ("mapped", [f"{name}: {grouped(n)}" for name, n in report.mapped.items()]),
        ("missing", report.missing),
        ("left out", [f"{what}: {grouped(n)}" for what, n in report.left_out.items() if n]),
        (
            f"left out: {counted(report.absent_rows, 'rows')} on states that were not members of "
            f"the system on {report.date}",
            report.absences,
        ),
    ):
        if lines:
            print_lines("", heading, *(f"  {line}" for line in lines))
    for heading, rows in (
        ("assumed", [row for row in report.assumptions if not row.known]),
        ("known from elsewhere", [row for row in report.assumptions if row.known]),
    ):
        if rows:
            lines = [f" {'*' if row.changed else ' '}{_number(row)}" for row in rows]
            print_lines("", f"{heading}, {used}", *lines)


def _by_reason(unused: Iterable[str]) -> list[str]:
    """Files that were not read, grouped by reason."""
    names: dict[str, list[str]] = {}
    for line in unused:
        name, _, reason = line.partition(": ")
        names.setdefault(reason, []).append(name)
    return [
        f"{', '.join(found) if len(found) <= _NAMED else f'{len(found)} files'}: {reason}"
        for reason, found in names.items()
    ]


def _number(row: "Assumption") -> str:
    from mcescalate.quantities import grouped
    from mcescalate.scenario.fields import plain_number

    return f"{row.address} = {plain_number(row.value)} ({grouped(row.uses)}): {row.meaning}"
