"""`mcescalate levers`: everything that could be toggled, ranked by what it does."""

from typing import Annotated, Any

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


def levers(
    file: ScenarioFile,
    /,
    *,
    of: Annotated[
        str, Parameter(help='What to rank by: "war", "crisis", an outcome or "peak>=RUNG".')
    ] = "war",
    kinds: Annotated[
        tuple[str, ...],
        Parameter(
            name="--kind",
            negative=(),
            show_default=False,
            help="Only levers of this kind: tie, hotline, mediator, posture, exercise; repeatable.",
        ),
    ] = (),
    top: Annotated[
        int | None,
        Parameter(
            converter=whole(1, 1_000_000), show_default=False, help="Print only so many of them."
        ),
    ] = None,
    together: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Widen the intervals so that all of them hold at once.",
        ),
    ] = False,
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Chains for each lever."
        ),
    ] = 20_000,
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    out: Annotated[
        Output, Parameter(help="File for the ranking, as CSV.", show_default=False)
    ] = None,
    force: Force = False,
    first_chain: FirstChain = 0,
    workers: Workers = None,
    backend: Backend = "numba",
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Toggle every tie, hotline, mediator, posture and exercise in turn, and rank them.

    Each runs on the same random numbers as the scenario as it is. Ties, postures and
    exercises are taken away, hotlines put between rivals, the mediator both. A star marks
    what cannot be told from no change, "chains to tell" about how many chains would tell it.
    """
    from mcescalate.analysis.comparison.levers import (
        LEVER_KINDS,
        find_levers,
        ranking,
        simulate_levers,
    )
    from mcescalate.analysis.estimation.events import event_names
    from mcescalate.analysis.estimation.export import to_dict
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.paired_run import play
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.errors import UsageError
    from mcescalate.results.files.kinds import TABLE
    from mcescalate.scenario.reading import load_scenario

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    found = find_levers(scenario, kinds or LEVER_KINDS)
    if not found:
        raise UsageError("levers: the scenario has nothing of this kind to toggle")
    if of not in (known := event_names(list(scenario.ladder.rungs))):
        raise UsageError(f'--of: expected one of {", ".join(known)}; found "{of}"')
    if out is not None:
        check_output(out, TABLE, force=force)
    counts = play(
        scenario,
        1 + len(found),
        lambda **how: simulate_levers(
            scenario, found, first_chain=first_chain, backend=backend, **how
        ),
        n_chains=chains,
        seed=drawn_seed() if seed is None else seed,
        is_drawn=seed is None,
        workers=workers,
        force=force,
        talks=not (quiet or as_json),
    )
    if isinstance(counts, int):
        return counts
    ranked = ranking(counts, of, together=together)
    answer = {
        "schema_version": 1,
        "title": scenario.title,
        "of": of,
        "seed": counts.attrs["seed"],
        "first_chain": counts.attrs["first_chain"],
        "n_chains": chains,
        "interval_level": ranked.attrs["level"],
        "levers": to_dict(ranked.isel(lever=slice(top))),
    }
    if out is not None:
        from mcescalate.analysis.estimation.export import dataset_csv
        from mcescalate.results.files.atomic import write_atomically

        write_atomically(out, dataset_csv(ranked).encode(), force=force)
    if as_json:
        print_json(answer)
        return 0
    _print_answer(answer, together)
    if out is not None and not quiet:
        say(f"written to {out}")
    return 0


def _print_answer(answer: dict[str, Any], together: bool) -> None:
    from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked
    from mcescalate.cli.views.changes import changes_table, note_on_stars
    from mcescalate.quantities import counted

    level = "joint interval" if together else f"{answer['interval_level']:.0%} interval"
    rows = answer["levers"]
    heading = (
        answer["title"],
        f"P({answer['of'].replace('_', ' ')}) as it is, and with each lever; "
        f"the same {counted(answer['n_chains'], 'chains')}, seed {answer['seed']}; "
        "changes in percentage points",
    )
    changes = changes_table(
        "lever", rows, level.replace("%", " %"), screen_width(), sides=("as it is", "with it")
    )
    print_lines(*stacked((heading, changes, *note_on_stars(rows))))
