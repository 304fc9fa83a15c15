"""Commands on scenario files: `check` and `describe` read one, `cases` lists those of the package,
`schema` prints the JSON Schema of all."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Force, Json, Overlays, Quiet, ScenarioFile, Settings


def check(
    file: ScenarioFile,
    /,
    *,
    settings: Settings = (),
    overlays: Overlays = (),
    as_json: Json = False,
) -> None:
    """Check a scenario and summarise what it contains.

    All problems are reported together, each with its place. The summary counts what a run uses,
    after merging and expanding rows. Notices name entries that have no effect, and single entries
    that determine a count.
    """
    from mcescalate.cli.terminal.printing import print_json, print_lines
    from mcescalate.quantities import counted
    from mcescalate.scenario.merged_rows import merge_rows
    from mcescalate.scenario.reading import load_scenario
    from mcescalate.scenario.review.diagnostics import find_notices

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    merged = merge_rows(scenario)
    amounts = {
        "actors": len(merged.actor_ids),
        "promises": len(merged.in_force),
        "dyads": len(merged.dyads),
        "incidents": len(merged.incidents),
        "domains": len(merged.domains),
    }
    remarks = find_notices(scenario)
    if as_json:
        print_json({"file": str(file), "title": scenario.title, **amounts, "notices": remarks})
        return
    print_lines(
        f"{file}: valid",
        scenario.title or "untitled scenario",
        ", ".join(counted(amount, name) for name, amount in amounts.items()),
        *(f"notice: {remark}" for remark in remarks),
    )


def describe(
    file: ScenarioFile,
    /,
    *,
    settings: Settings = (),
    overlays: Overlays = (),
    plot: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            metavar="FILE",
            help="Also draw the network of promises and rivalries, as SVG, PNG or PDF; needs the "
            'extra "plot".',
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List what a scenario contains: actors, promises, rivalries, incidents and assumptions.

    `check` says whether a scenario is valid; this lists what a run of it would use, after merging
    rows and applying overlays and settings.
    """
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.description import print_description
    from mcescalate.results.files.kinds import PICTURE
    from mcescalate.scenario.reading import load_scenario
    from mcescalate.scenario.review.description import describe as description_of

    if plot is not None:
        check_output(plot, PICTURE, force=force)
    scenario = load_scenario(file, overlays=overlays, settings=settings)
    answer = description_of(scenario)
    if as_json:
        print_json({"file": str(file), **answer})
    else:
        print_description(answer)
    if plot is not None:
        from mcescalate.analysis.plots.canvas import image_of
        from mcescalate.analysis.plots.scenario_network import scenario_network
        from mcescalate.results.files.atomic import write_atomically

        form = plot.suffix.casefold().lstrip(".") or "svg"
        write_atomically(plot, image_of(scenario_network(scenario), form), force=force)
        if not (quiet or as_json):
            say(f"written to {plot}")


def cases(*, as_json: Json = False, quiet: Quiet = False) -> None:
    """List the cases, overlays and plans that come with mcescalate, with a line on each.

    Each name can be used in place of a file, in any folder: `mcescalate run july-1914`. A file of
    that name in the current folder takes precedence.
    """
    from mcescalate.cli.terminal.printing import print_json, print_lines, say, stacked
    from mcescalate.scenario.library import KINDS, library_folder, list_entries

    entries = {f"{kind.word}s": list(list_entries(kind)) for kind in KINDS}
    if as_json:
        rows = {
            heading: [{"name": it.name, "line": it.line, "file": it.path} for it in listed]
            for heading, listed in entries.items()
        }
        print_json({"schema_version": 1, **rows})
        return
    width = max((len(entry.name) for listed in entries.values() for entry in listed), default=0)
    blocks = [
        [heading, *(f"  {it.name:<{width}}  {it.line}" for it in listed)]
        for heading, listed in entries.items()
    ]
    print_lines(*stacked(blocks))
    if not quiet:
        say(f"files in {library_folder()}")


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Editors that support TOML (for instance through Taplo) complete and check a scenario whose first
    line is "#:schema FILE", where FILE holds the output of this command.
    """
    from mcescalate.cli.terminal.printing import print_json
    from mcescalate.scenario.schema import scenario_schema

    print_json(scenario_schema())
