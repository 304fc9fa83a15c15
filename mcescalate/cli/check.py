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
    from mcescalate.scenario.notices import notices
    from mcescalate.scenario.reading import load_scenario
    from mcescalate.scenario.resolve import resolve

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    resolved = resolve(scenario)
    amounts = {
        "actors": len(resolved.actor_ids),
        "promises": len(resolved.in_force),
        "dyads": len(resolved.dyads),
        "incidents": len(resolved.incidents),
        "domains": len(resolved.domains),
    }
    remarks = notices(scenario)
    if as_json:
        print_json({"file": str(file), "title": scenario.title, **amounts, "notices": remarks})
        return
    print_lines(
        f"{file}: valid",
        scenario.title or "untitled scenario",
        ", ".join(counted(amount, name) for name, amount in amounts.items()),
        *(f"notice: {remark}" for remark in remarks),
    )
