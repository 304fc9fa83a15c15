"""Commands on scenario files: `check` reads one, `cases` lists those of the package, `schema`
prints the JSON Schema of all."""

from mcescalate.cli.options import Json, Overlays, Quiet, ScenarioFile, Settings


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
    from mcescalate.scenario.diagnostics import find_notices
    from mcescalate.scenario.merged_rows import merge_rows
    from mcescalate.scenario.reading import load_scenario

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
