"""`mcescalate compare`: two scenarios on the same chains."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mcescalate.cli.options import (
    Backend,
    FirstChain,
    Force,
    Json,
    Output,
    Overlays,
    Quiet,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    drawn_seed,
    whole,
)
from mcescalate.limits import CHAIN_END

if TYPE_CHECKING:
    import xarray as xr

_SECOND = "in the second scenario only"

Edits = tuple[str, ...]


def compare(
    file: ScenarioFile,
    second: Annotated[
        Path | None,
        Parameter(help="Second scenario or case; the first one, changed, if left out."),
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
            help="Take away in the second scenario: tie:A-B (all promises between A and B), "
            "tie:A-B.KIND, promise:A-B, hotline:A-B, mistrust:A-B, posture:A, exercise:A, "
            "noise:A, bias:A, mediator, accident or misattribution; A may be *; repeatable.",
        ),
    ] = (),
    on: Annotated[
        Edits,
        Parameter(
            name="--with",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Put in place in the second scenario, as much as there can be or to a value: "
            "hotline:USA-RUS, mediator=0.5, tie:GMY-AUH.defence; repeatable.",
        ),
    ] = (),
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Chains of each scenario."
        ),
    ] = 100_000,
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    settings_first: Annotated[
        Edits,
        Parameter(
            name="--set-first",
            negative=(),
            show_default=False,
            metavar="ADDRESS=VALUE",
            help="Like --set, in the first scenario only.",
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
            help="Like --overlay, in the first scenario only.",
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
    out: Annotated[
        Output, Parameter(help="File for the changes of all events, as CSV.", show_default=False)
    ] = None,
    force: Force = False,
    first_chain: FirstChain = 0,
    workers: Workers = None,
    backend: Backend = "numba",
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Compare two scenarios on the same random numbers, chain by chain.

    Either two files, or one and what is changed in it. Differences have intervals from the
    chains that differ; "narrower" says how much that gains over separate runs. A star marks
    what cannot be told from no change, "chains to tell" about how many chains would tell it.
    """
    from mcescalate.analysis.comparison.compare import compare as play_both
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.paired_run import play
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.errors import UsageError
    from mcescalate.results.files.kinds import TABLE
    from mcescalate.scenario.change.edits import edited
    from mcescalate.scenario.reading import load_scenario

    if second is None and not (off or on or settings_second or overlays_second):
        raise UsageError(
            "compare: expected a second scenario file, or a change: "
            "--without, --with, --set-second or --overlay-second"
        )
    a = load_scenario(
        file, overlays=(*overlays, *overlays_first), settings=(*settings, *settings_first)
    )
    b = load_scenario(
        second or file,
        overlays=(*overlays, *overlays_second),
        settings=(*settings, *settings_second),
    )
    b = edited(b, off=off, on=on)
    if out is not None:
        check_output(out, TABLE, force=force)
    counts = play(
        a,
        2,
        lambda **how: play_both(a, b, first_chain=first_chain, backend=backend, **how),
        n_chains=chains,
        seed=drawn_seed() if seed is None else seed,
        is_drawn=seed is None,
        workers=workers,
        force=force,
        talks=not (quiet or as_json),
    )
    if isinstance(counts, int):
        return counts
    changes = [*(f"without {edit}" for edit in off), *(f"with {edit}" for edit in on)]
    answer = _answer(counts, a.title, b.title if second else ", ".join(changes) or "changed")
    if out is not None:
        from mcescalate.analysis.comparison.compare import differences
        from mcescalate.analysis.estimation.export import dataset_csv
        from mcescalate.results.files.atomic import write_atomically

        write_atomically(out, dataset_csv(differences(counts)).encode(), force=force)
    if as_json:
        print_json(answer)
        return 0
    _print_answer(answer)
    if out is not None and not quiet:
        say(f"written to {out}")
    return 0


def _answer(counts: "xr.Dataset", first: str, second: str) -> dict[str, Any]:
    from mcescalate.analysis.comparison.compare import actor_differences, differences, splits
    from mcescalate.analysis.estimation.export import to_dict
    from mcescalate.analysis.mechanisms.deterrence import factor_changes

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
    }


def _print_answer(answer: dict[str, Any]) -> None:
    from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked
    from mcescalate.cli.views.changes import (
        changes_table,
        factors_table,
        note_on_stars,
        splits_table,
    )
    from mcescalate.quantities import counted

    width = screen_width()
    level = f"{answer['interval_level']:.0%} interval".replace("%", " %")
    at_war = {actor: rows["at_war"] for actor, rows in answer["actors"].items()}
    chains = counted(answer["n_chains"], "chains")
    heading = (
        f"first: {answer['first']}",
        f"second: {answer['second']}",
        f"the same {chains}, seed {answer['seed']}; changes in percentage points",
    )
    blocks = (
        heading,
        changes_table("event", answer["events"], level, width),
        splits_table(answer["splits"], level, width),
        factors_table(answer["factors"], level, width),
        changes_table("at war", at_war, level, width),
        *note_on_stars(answer["events"], answer["factors"], at_war),
    )
    print_lines(*stacked(blocks))
