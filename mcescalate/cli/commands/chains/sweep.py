"""`mcescalate sweep`: simulate all points of a plan, continuing where an earlier call stopped."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token

from mcescalate.cli.options import Backend, Force, Json, Quiet, Seed, TableOptions, Workers, whole
from mcescalate.errors import UsageError

MOST_PARTS = 100_000


def part_of_parts(type_: Any, tokens: Sequence[Token]) -> tuple[int, int]:
    """The two numbers of a text such as "0/3": part 0 of 3."""
    text = tokens[0].value
    first, _, second = text.partition("/")
    if first.isdecimal() and second.isdecimal():
        i, n = int(first), int(second)
        if 0 <= i < n <= MOST_PARTS:
            return i, n
    raise UsageError(f'--part: expected i/n with i from 0 to n-1, such as 0/3, found "{text}"')


def sweep(
    plan: Annotated[Path, Parameter(help="Plan file (TOML), or the name of a plan.")],
    /,
    *,
    out: Annotated[
        Path,
        Parameter(name=("--out", "-o"), help="Folder for shards and result."),
    ],
    chains: Annotated[
        int | None,
        Parameter(
            name=("--chains", "-n"),
            converter=whole(1, 10**15),
            show_default=False,
            help="Chains of each point, in place of the plan's.",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        Parameter(
            show_default=False,
            metavar="WHAT=SHARE",
            help="Simulate until a probability is this precise: war=2%, peak>=4=0.05.",
        ),
    ] = None,
    max_chains: Annotated[
        int | None,
        Parameter(
            converter=whole(1, 10**15),
            show_default=False,
            help="With --precision: most chains of a point.",
        ),
    ] = None,
    seed: Seed = None,
    independent: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Give each point its own random numbers instead of common ones.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        Parameter(
            negative=(), show_default=False, help="Only check every point and print the estimate."
        ),
    ] = False,
    workers: Workers = None,
    executor: Annotated[
        str,
        Parameter(help="Where chains are simulated: threads, processes or dask (on this host)."),
    ] = "threads",
    scheduler: Annotated[
        str | None,
        Parameter(
            show_default=False, help="With dask: address of a scheduler, e.g. tcp://127.0.0.1:8786."
        ),
    ] = None,
    insecure_cluster: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Allow a scheduler on another host without encryption.",
        ),
    ] = False,
    part: Annotated[
        tuple[int, int],
        Parameter(
            converter=part_of_parts,
            n_tokens=1,
            accepts_keys=False,
            show_default=False,
            metavar="I/N",
            negative=(),
            help="Simulate only part I of N (from 0); merge the folder when all parts are done.",
        ),
    ] = (0, 1),
    status_file: Annotated[
        Path | None,
        Parameter(show_default=False, help="JSON file with the progress, updated every second."),
    ] = None,
    backend: Backend = "numba",
    tables: TableOptions | None = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Simulate every point of a plan into a folder; a second call continues where it stopped.

    The result is result.h5 in that folder: the counts of `run`, with a dimension for the points.
    Workers, executor and parts do not change the counts.
    """
    from mcescalate.cli.tables import check_tables, write_table_of
    from mcescalate.cli.terminal.printing import print_json, print_lines, say
    from mcescalate.cli.views.draws import print_sweep
    from mcescalate.cli.views.sweep import (
        print_estimate,
        say_failures,
        say_found,
        sweep_summary,
    )
    from mcescalate.results.files.kinds import STATUS, check_ending
    from mcescalate.sweep.workflow import prepare

    tables = tables or TableOptions()
    if tables and part != (0, 1):
        raise UsageError(
            "--csv, --parquet: not available with --part; merge the parts, then use show --csv"
        )
    check_tables(tables, force=force)
    if status_file is not None:
        check_ending(status_file, STATUS)
    options = {
        "chains": chains,
        "precision": precision,
        "max_chains": max_chains,
        "seed": seed,
        "independent": independent or None,
    }
    prepared = prepare(
        plan,
        out,
        options=options,
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        part=part,
        force=force,
    )
    shows_progress = not (quiet or as_json)
    if shows_progress or dry_run:
        print_estimate(prepared, as_json=as_json and dry_run, to_stdout=dry_run)
    if dry_run:
        return 0

    from mcescalate.api import save
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.cli.terminal.sweep_progress import SweepProgress
    from mcescalate.sweep.result.assemble import assemble
    from mcescalate.sweep.store.shard_files import RESULT
    from mcescalate.sweep.workflow import check_memory, run_shards

    with (
        stop_on_signals() as stop,
        SweepProgress(prepared, part, status_file, shown=shows_progress) as progress,
    ):
        folder, status = run_shards(
            prepared,
            workers=workers,
            executor=executor,
            scheduler=scheduler,
            insecure_cluster=insecure_cluster,
            part=part,
            backend=backend,
            should_stop=stop.is_set,
            progress=progress,
        )
    if shows_progress:
        say_found(status)
    if status.is_stopped:
        say(f"stopped; {status.shards_written} shards were added; run again to continue")
        return stop.exit_code
    if status.failures:
        say_failures(folder, status)
        return 5
    answer: dict[str, Any] = {"folder": str(out)}
    result = None
    if part == (0, 1):
        check_memory(folder, force=force)
        result = assemble(folder)
        save(result, out / RESULT, force=True)
        answer["file"] = str(out / RESULT)
        write_table_of(result, tables, force=force, quiet=quiet or as_json)
    answer |= sweep_summary(prepared, status, result)
    if as_json:
        print_json(answer)
        return 0
    if result is not None:
        print_sweep(result)
        if not quiet:
            say(f"written to {out / RESULT}")
    else:
        print_lines(
            f"part {part[0]} of {part[1]} is done; after all parts: mcescalate merge {out} -o FILE"
        )
    return 0
