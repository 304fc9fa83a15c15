"""`mcescalate levers`: everything that can be toggled in a scenario, ranked by its effect."""

import shlex
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mcescalate.cli.options import PageFile, RunOptions, ScenarioFile, TableOptions, whole
from mcescalate.limits import CHAIN_END

if TYPE_CHECKING:
    from mcescalate.report.figures import Report


def levers(
    file: ScenarioFile,
    /,
    *,
    of: Annotated[
        str,
        Parameter(
            help="Event to rank by: war, crisis, an outcome, peak>=RUNG, war:ACTOR, "
            "entered:ACTOR, war_size>=N, engaged_size>=N, misread_war, or several joined by &."
        ),
    ] = "war",
    kinds: Annotated[
        tuple[str, ...],
        Parameter(
            name="--kind",
            negative=(),
            show_default=False,
            help="Only levers of this kind: tie, hotline, mediator, posture, exercise, stake, "
            "opacity, policy, bystanders, memory; repeatable.",
        ),
    ] = (),
    top: Annotated[
        int | None,
        Parameter(
            converter=whole(1, 1_000_000),
            show_default=False,
            help="Print only this many, from the largest effect down.",
        ),
    ] = None,
    together: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Widen the intervals so that all of them hold jointly.",
        ),
    ] = False,
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Chains for each lever."
        ),
    ] = 20_000,
    page: PageFile = None,
    tables: TableOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Toggle every tie, hotline, mediator, posture and exercise in turn, and rank the effects.

    Every run uses the same random numbers as the unchanged scenario. Ties, postures and exercises
    are removed, hotlines are added between rivals, the mediator is both added and removed. A star
    marks a change that cannot be distinguished from no change; "chains to detect" is about the
    number of chains that would detect it. A chain of several crises counts by its worst one.
    """
    from mcescalate.analysis.comparison.compare import is_always_counted
    from mcescalate.analysis.comparison.levers import (
        LEVER_KINDS,
        find_levers,
        ranking,
        simulate_levers,
    )
    from mcescalate.analysis.tables.export import to_dict
    from mcescalate.cli.pages import check_page, write_page
    from mcescalate.cli.simulation import answer_with_tables, simulate_paired_runs
    from mcescalate.cli.tables import check_tables
    from mcescalate.cli.views.changes import print_ranking
    from mcescalate.engine.events import parse_event
    from mcescalate.errors import UsageError
    from mcescalate.scenario.reading import load_scenario

    options, tables = options or RunOptions(), tables or TableOptions()
    check_tables(tables, force=options.force)
    check_page(page, force=options.force)
    scenario = load_scenario(file, overlays=options.overlays, settings=options.settings)
    found = find_levers(scenario, kinds or LEVER_KINDS)
    if not found:
        raise UsageError("levers: the scenario has nothing of this kind to toggle")
    event = parse_event(of, scenario.ladder.rungs, [actor.id for actor in scenario.actors])
    events = [] if is_always_counted(event) else [of]
    counts = simulate_paired_runs(
        lambda **how: simulate_levers(scenario, found, n_chains=chains, events=events, **how),
        scenario,
        1 + len(found),
        chains,
        options,
    )
    ranked = ranking(counts, of, together=together)
    answer = {
        "schema_version": 1,
        "title": scenario.title,
        "of": of,
        "seed": counts.attrs["seed"],
        "first_chain": counts.attrs["first_chain"],
        "n_chains": chains,
        "interval_level": ranked.attrs["level"],
        **({"n_periods": scenario.sequence.crises} if scenario.sequence.crises > 1 else {}),
        "levers": to_dict(ranked.isel(lever=slice(top))),
    }

    def print_answer(answer: dict[str, Any]) -> None:
        print_ranking(answer, together=together)

    answer_with_tables(answer, print_answer, lambda: (ranked,), tables, options)

    def make_page() -> "Report":
        from mcescalate.report.changes import levers_page

        kept = [f"--of {shlex.quote(of)}", *(f"--kind {kind}" for kind in kinds)]
        return levers_page(ranked, counts, scenario, [*kept, *["--together"] * together])

    write_page(page, make_page, force=options.force, quiet=options.is_silent)
