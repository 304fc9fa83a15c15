"""`mcescalate compare`: two scenarios on the same chains."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mcescalate.cli.options import PageFile, RunOptions, ScenarioFile, TableOptions, whole
from mcescalate.limits import CHAIN_END

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.report.figures import Report

_FIRST = "in the first scenario only"
_SECOND = "in the second scenario only"

Edits = tuple[str, ...]


def compare(
    file: ScenarioFile,
    second: Annotated[
        Path | None,
        Parameter(help="Second scenario or case; if omitted, the first one with changes."),
    ] = None,
    /,
    *,
    off: Annotated[
        Edits,
        Parameter(
            name="--without",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Remove from the second scenario: tie:A-B (all promises between A and B), "
            "tie:A-B.KIND, promise:A-B, hotline:A-B, mistrust:A-B, posture:A, exercise:A, "
            "noise:A, bias:A, stake:A-B, opacity:A, mediator, policy, bystanders, accident or "
            "misattribution; A may be *; repeatable.",
        ),
    ] = (),
    on: Annotated[
        Edits,
        Parameter(
            name="--with",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Add to the second scenario, at full strength or at a value: "
            "hotline:USA-RUS, mediator=0.5, tie:GMY-AUH.defence; repeatable.",
        ),
    ] = (),
    events: Annotated[
        Edits,
        Parameter(
            name="--event",
            negative=(),
            show_default=False,
            metavar="EVENT",
            help="Also compare this event: war:ACTOR, entered:ACTOR, war_size>=N, "
            "engaged_size>=N, misread_war, or several joined by &; repeatable. One that is too "
            "rare to be counted: mcescalate rare --with.",
        ),
    ] = (),
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Chains of each scenario."
        ),
    ] = 100_000,
    settings_first: Annotated[
        Edits,
        Parameter(
            name="--set-first",
            negative=(),
            show_default=False,
            metavar="ADDRESS=VALUE",
            help=f"Like --set, {_FIRST}.",
        ),
    ] = (),
    settings_second: Annotated[
        Edits,
        Parameter(
            name="--set-second",
            negative=(),
            show_default=False,
            metavar="ADDRESS=VALUE",
            help=f"Like --set, {_SECOND}.",
        ),
    ] = (),
    overlays_first: Annotated[
        tuple[Path, ...],
        Parameter(
            name="--overlay-first",
            negative=(),
            show_default=False,
            help=f"Like --overlay, {_FIRST}.",
        ),
    ] = (),
    overlays_second: Annotated[
        tuple[Path, ...],
        Parameter(
            name="--overlay-second",
            negative=(),
            show_default=False,
            help=f"Like --overlay, {_SECOND}.",
        ),
    ] = (),
    page: PageFile = None,
    tables: TableOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Compare two scenarios on the same random numbers, chain by chain.

    Give two files, or one file and changes to it. Intervals of differences come from the chains
    that end differently; "narrower" compares their width with that of separate runs. A star marks
    a change that cannot be distinguished from no change; "chains to detect" is about the number
    of chains that would detect it.
    """
    from mcescalate.analysis.comparison.compare import actor_differences, differences
    from mcescalate.analysis.comparison.compare import compare as simulate_both
    from mcescalate.cli.pages import check_page, write_page
    from mcescalate.cli.simulation import answer_with_tables, simulate_paired_runs
    from mcescalate.cli.tables import check_tables
    from mcescalate.cli.views.changes import print_comparison
    from mcescalate.engine.events import event_names, parse_event
    from mcescalate.errors import UsageError
    from mcescalate.scenario.change.edits import edited
    from mcescalate.scenario.reading import load_scenario

    options, tables = options or RunOptions(), tables or TableOptions()
    check_tables(tables, force=options.force)
    check_page(page, force=options.force)
    if second is None and not (off or on or settings_second or overlays_second):
        raise UsageError(
            "compare: expected a second scenario file, or a change: "
            "--without, --with, --set-second or --overlay-second"
        )
    a = load_scenario(
        file,
        overlays=(*options.overlays, *overlays_first),
        settings=(*options.settings, *settings_first),
    )
    b = load_scenario(
        second or file,
        overlays=(*options.overlays, *overlays_second),
        settings=(*options.settings, *settings_second),
    )
    b = edited(b, off=off, on=on)
    for event in events:  # one that there is not is reported before anything is announced
        parse_event(event, a.ladder.rungs, [actor.id for actor in (*a.actors, *b.actors)])
    listed = event_names(a.ladder.rungs)
    new = [event for event in dict.fromkeys(events) if event not in listed]
    counts = simulate_paired_runs(
        lambda **how: simulate_both(a, b, n_chains=chains, events=new, **how),
        a,
        2,
        chains,
        options,
    )
    changes = [*(f"without {edit}" for edit in off), *(f"with {edit}" for edit in on)]
    answer = _answer(counts, a.title, b.title if second else ", ".join(changes) or "changed")
    answer_with_tables(
        answer,
        print_comparison,
        lambda: (differences(counts), actor_differences(counts)),
        tables,
        options,
    )
    names = (answer["first"] or "first", answer["second"] or "second")

    def make_page() -> "Report":
        from mcescalate.report.changes import comparison_page

        return comparison_page(counts, a, b, names)

    write_page(page, make_page, force=options.force, quiet=options.is_silent)


def _answer(counts: "xr.Dataset", first: str, second: str) -> dict[str, Any]:
    """The comparison, ready for JSON."""
    from mcescalate.analysis.comparison.compare import (
        actor_differences,
        crisis_differences,
        differences,
        splits,
    )
    from mcescalate.analysis.mechanisms.deterrence import factor_changes
    from mcescalate.analysis.tables.export import to_dict

    events = differences(counts)
    return {
        "schema_version": 1,
        "first": first,
        "second": second,
        "seed": counts.attrs["seed"],
        "first_chain": counts.attrs["first_chain"],
        "n_chains": int(counts["n_chains"]),
        "interval_level": events.attrs["level"],
        "events": to_dict(events),
        "splits": to_dict(splits(counts)),
        "actors": to_dict(actor_differences(counts), "actor", "event"),
        "factors": to_dict(factor_changes(counts)),
        **(
            {"periods": _by_period(crisis_differences(counts))}
            if "crisis_outcome_pair_count" in counts
            else {}
        ),
    }


def _by_period(found: "xr.Dataset") -> dict[str, Any]:
    """Changes by event and period."""
    from mcescalate.analysis.tables.export import to_dict

    texts = [str(crisis) for crisis in found["crisis"].values]
    return to_dict(found.assign_coords(crisis=texts), "event", "crisis")
