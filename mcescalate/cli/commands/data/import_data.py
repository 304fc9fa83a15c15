"""`mcescalate import`: a scenario of any day from the field's data files."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mcescalate.cli.options import DataFiles, Force, Json, MappingNumbers, MoreFiles, Quiet, whole

if TYPE_CHECKING:
    from mcescalate.importing.evidence.judgements import Judgement
    from mcescalate.importing.evidence.report import Assumption, Report

States = tuple[str, ...]
Days = tuple[str, ...]
_LEAST, _MOST = 1, 1000
_MOST_LAG = 50
_NAMED = 3
"""Most unread files with one reason that are named; more are counted."""
_JUDGED = 20
"""Most actors whose values to judge are printed."""


def import_data(
    data: DataFiles,
    /,
    *more: MoreFiles,
    date: Annotated[
        Days,
        Parameter(
            negative=(),
            metavar="DAYS",
            help="Day of the scenario, e.g. 1914-06-28; repeat it, or separate days by commas, "
            "for a scenario of each.",
        ),
    ],
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
            help="Treatment of a state without CINC in the year: nearest (year's share), earlier "
            "(latest earlier share), least (possible share), drop (the state), or refuse."
        ),
    ] = "nearest",
    mapping: MappingNumbers = None,
    initiator: Annotated[
        str | None,
        Parameter(show_default=False, help="State that begins the crisis; any rival if omitted."),
    ] = None,
    target: Annotated[
        str | None, Parameter(show_default=False, help="State against which the crisis begins.")
    ] = None,
    title: Annotated[str, Parameter(show_default=False, help="Title of the scenario.")] = "",
    lag_years: Annotated[
        int,
        Parameter(
            converter=whole(0, _MOST_LAG),
            help="Use data from this many years before the day; the states are those of the day.",
        ),
    ] = 0,
    preset: Annotated[
        str,
        Parameter(
            help="Coefficients: era (fitted to disputes of the day's era), the name of an era, or "
            "none (the model's defaults)."
        ),
    ] = "era",
    out: Annotated[
        Path | None,
        Parameter(
            name=("--out", "-o"),
            show_default=False,
            help="File to write; with several days, a folder for a file of each.",
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a scenario for any day from published data files, and report how.

    Files are recognised by their columns: COW capabilities, state system, major powers, contiguity
    and formal alliances; ATOP members and dyad-years; lists of rivalries; Polity. They are read
    once for all days. Without --out a scenario goes to scenario-DATE.toml in the current folder.
    docs/importing.md lists every number that maps the data to the scenario.
    """
    from mcescalate.cli.output_file import check_folder, check_output
    from mcescalate.cli.terminal.printing import print_json, print_lines, say
    from mcescalate.importing.build.request import day_of
    from mcescalate.importing.importer import read_data
    from mcescalate.results.files.atomic import write_atomically
    from mcescalate.results.files.kinds import SCENARIO

    days = list(dict.fromkeys(day_of(day) for text in date for day in text.split(",")))
    if out is not None and len(days) == 1:
        check_output(out, SCENARIO, force=force)
    folder = Path() if out is None else out
    if out is not None and len(days) > 1:
        check_folder(out)
    data_files = read_data((data, *more), mapping=mapping)
    panel = {}
    for day in days:
        imported = data_files.scenario(
            date=day,
            actors=",".join(actors),
            around=",".join(around),
            within=within,
            through=",".join(through),
            missing=missing,
            initiator=initiator,
            target=target,
            title=title,
            lag_years=lag_years,
            preset=preset,
        )
        path = out if out and len(days) == 1 else folder / f"scenario-{day}.toml"
        panel[path] = imported.report, imported.text.encode("utf-8"), imported.scenario.title
    if out is not None and len(days) > 1:
        out.mkdir(exist_ok=True)
    for path, (_, image, _) in panel.items():
        check_output(path, SCENARIO, force=force, n_bytes=len(image))
    for path, (_, image, _) in panel.items():
        write_atomically(path, image, force=force)
    if as_json:
        answers = [{"file": str(path), **report.as_dict()} for path, (report, *_) in panel.items()]
        print_json(answers[0] if len(days) == 1 else answers)
        return
    for path, (report, _, heading) in panel.items():
        print_lines(*([""] if path != next(iter(panel)) else []), heading)
        print_report(report)
    if not quiet:
        say(*(f"written to {path}" for path in panel))


def print_report(report: "Report") -> None:
    """Print what was read and what not, what was mapped, missing, left out and assumed."""
    from mcescalate.cli.terminal.printing import print_lines
    from mcescalate.quantities import counted, grouped

    used = "with the number of uses (* changed by --mapping)"
    preset = report.preset
    for heading, lines in (
        (
            "coefficients",
            [f"preset {preset}, fitted to the disputes of the era; --preset none leaves it out"]
            if preset
            else ["the model's defaults"],
        ),
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
    if report.to_judge:
        heading = "left to judge: no data file has these values, which are the model's defaults"
        print_lines("", heading, *(f"  {line}" for line in _to_judge(report.to_judge)))


def _to_judge(judgements: "Sequence[Judgement]") -> list[str]:
    """Actors with the values left to judge, the first `_JUDGED` of them, and how to set one."""
    from mcescalate.scenario.fields import plain_number

    lines = []
    for one in judgements[:_JUDGED]:
        name = f"{one.actor} ({one.name})" if one.name else one.actor
        values = ", ".join(f"{key} {plain_number(value)}" for key, value in one.values.items())
        lines.append(f"{name}: {values}")
    if len(judgements) > _JUDGED:
        lines.append(f"and {len(judgements) - _JUDGED} more actors, which --json lists")
    first = judgements[0].actor
    return [*lines, f"write them into the file, or use --set actors.{first}.resolve=0.5"]


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
