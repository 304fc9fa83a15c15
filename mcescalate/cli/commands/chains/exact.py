"""`mcescalate exact`: the probabilities of a small scenario, solved instead of sampled."""

import contextlib
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import (
    Backend,
    Force,
    Json,
    Output,
    Overlays,
    Quiet,
    ScenarioFile,
    Settings,
)


def exact(
    file: ScenarioFile,
    /,
    *,
    prune: Annotated[
        float,
        Parameter(help="Drop states less probable than this in each turn, and print bounds."),
    ] = 0.0,
    rounded: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Round the probability of each decision to a multiple of 2^-32, as a run does.",
        ),
    ] = False,
    settings: Settings = (),
    overlays: Overlays = (),
    out: Output = None,
    force: Force = False,
    backend: Backend = "numba",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Solve a small scenario exactly: no sampling, so no intervals.

    Every state that the scenario can reach is followed. A scenario that needs too much memory or
    time is refused with an estimate; --prune follows only the more probable states. With --out
    the probabilities are written to a file that `show` reads.
    """
    from mcescalate.analysis.estimation.summary import summarise_exact
    from mcescalate.api import save, solve
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.terminal.progress import Progress
    from mcescalate.cli.views.exact import print_exact_summary
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.scenario.reading import load_scenario

    shows_progress = not (quiet or as_json)
    scenario = load_scenario(file, overlays=overlays, settings=settings)
    if out is not None:
        check_output(out, RESULT, force=force)
    with contextlib.ExitStack() as stack:
        shown: list[Progress] = []

        def progress(done: int, total: int) -> None:
            if not shown:
                shown.append(stack.enter_context(Progress(total, "crises", shown=shows_progress)))
            shown[0](done)

        solution = solve(scenario, prune=prune, rounded=rounded, backend=backend, progress=progress)
    if out is not None:
        save(solution, out, force=force)
    summary = summarise_exact(solution)
    if as_json:
        print_json({"file": None if out is None else str(out), **summary})
        return
    print_exact_summary(summary)
    if out is not None and shows_progress:
        say(f"written to {out}")
