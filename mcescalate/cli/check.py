"""`mcescalate check`: is a scenario valid, and what is in it."""

from mcescalate.cli.options import Json, Overlays, ScenarioFile, Settings


def check(
    file: ScenarioFile,
    /,
    *,
    settings: Settings = (),
    overlays: Overlays = (),
    as_json: Json = False,
) -> None:
    """Check a scenario and say what is in it.

    All problems are reported together, each with its place. The answer counts what a run
    would use, merged and expanded, and notes what has no effect in it or settles a count alone.
    """
    from mcescalate.cli.terminal import print_json, print_lines
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
