"""`mcescalate trace`: describe one chain of a run, or branch off it at a turn."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mcescalate.cli.options import (
    Backend,
    Force,
    Json,
    Overlays,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    whole,
)
from mcescalate.errors import UsageError
from mcescalate.limits import CHAIN_END, LONGEST_HORIZON, MOST_BRANCHES, draw_seed

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.scenario.schema import Scenario

STORY_WIDTH = 80
"""Columns of a trace where stdout is not a terminal."""

N_BRANCHES = 10_000

Texts = tuple[str, ...]


@Parameter(name="*")
@dataclass(frozen=True)
class BranchOptions:
    """What changes in a chain from a turn on, and how many branches show what that does."""

    from_turn: Annotated[
        int | None,
        Parameter(
            converter=whole(1, LONGEST_HORIZON),
            show_default=False,
            help="Branch off the chain at the start of this turn; --set then changes values from "
            "this turn on.",
        ),
    ] = None
    moves: Annotated[
        Texts,
        Parameter(
            name="--move",
            negative=(),
            show_default=False,
            metavar="ACTOR=MOVE",
            help="What an actor does in that turn: up, hold, down, join:initiator or "
            "join:target; repeatable.",
        ),
    ] = ()
    off: Annotated[
        Texts,
        Parameter(
            name="--without",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Remove from that turn on, as in compare, e.g. tie:RUS-YUG; repeatable.",
        ),
    ] = ()
    on: Annotated[
        Texts,
        Parameter(
            name="--with",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Add from that turn on, as in compare, e.g. hotline:RUS-GMY=0.5; repeatable.",
        ),
    ] = ()
    settings_start: Annotated[
        Texts,
        Parameter(
            name="--set-start",
            negative=(),
            show_default=False,
            metavar="ADDRESS=VALUE",
            help="Like --set, but in the chain from its beginning; repeatable.",
        ),
    ] = ()
    branches: Annotated[
        int | None,
        Parameter(
            converter=whole(1, MOST_BRANCHES),
            show_default=False,
            help=f"Number of branches, each with and without the change; {N_BRANCHES} if omitted.",
        ),
    ] = None
    plot: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            metavar="FILE",
            help="Also draw the chain and its branches, as SVG, PNG or PDF; needs the extra "
            '"plot".',
        ),
    ] = None
    workers: Workers = None
    backend: Backend = "numba"
    force: Force = False


def trace(
    file: ScenarioFile,
    /,
    *,
    chain: Annotated[
        int,
        Parameter(converter=whole(0, CHAIN_END - 1), help="Number of the chain, from 0."),
    ],
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    branching: BranchOptions | None = None,
    as_json: Json = False,
) -> None:
    """Describe one chain of a run, turn by turn, or how it could have continued otherwise.

    Each decision is listed with what the actor perceived, the true state, the probabilities and
    the draw that decided. The random numbers are those of `run` with this seed, and so is the
    chain.

    With --from-turn the chain is followed to that turn. Then something changes (--move, --set,
    --without, --with), and many branches continue with independent random numbers, each with and
    without the change. The tables are those of `compare`, over branches.
    """
    branching = branching or BranchOptions()
    used = draw_seed() if seed is None else seed
    if branching.from_turn is not None:
        _branch(file, chain, used, settings, overlays, branching, as_json)
        return
    given = {
        "--move": branching.moves,
        "--without": branching.off,
        "--with": branching.on,
        "--set-start": branching.settings_start,
        "--branches": branching.branches,
        "--plot": branching.plot,
    }
    if wrong := [name for name, value in given.items() if value]:
        raise UsageError(f"{wrong[0]}: needs --from-turn, the turn of the change")

    from mcescalate.api import trace as trace_chain
    from mcescalate.cli.terminal.printing import print_json, print_lines, screen_width
    from mcescalate.engine.trace import describe
    from mcescalate.scenario.reading import load_scenario

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    story = trace_chain(scenario, chain=chain, seed=used)
    if as_json:
        print_json({"file": str(file), **story.to_dict()})
    else:
        print_lines(*describe(story, screen_width() or STORY_WIDTH).split("\n"))


def _branch(
    file: Path,
    chain: int,
    seed: int,
    settings: Texts,
    overlays: tuple[Path, ...],
    asked: BranchOptions,
    as_json: bool,
) -> None:
    from mcescalate.api import branch
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.changes import print_branches
    from mcescalate.results.files.kinds import PICTURE
    from mcescalate.scenario.reading import load_scenario

    if asked.plot is not None:
        check_output(asked.plot, PICTURE, force=asked.force)
    scenario = load_scenario(file, overlays=overlays, settings=asked.settings_start)
    assert asked.from_turn is not None
    counts = branch(
        scenario,
        chain=chain,
        seed=seed,
        from_turn=asked.from_turn,
        settings=settings,
        off=asked.off,
        on=asked.on,
        moves=asked.moves,
        n_branches=asked.branches or N_BRANCHES,
        workers=asked.workers,
        backend=asked.backend,
    )
    changes = [
        *asked.moves,
        *settings,
        *(f"without {edit}" for edit in asked.off),
        *(f"with {edit}" for edit in asked.on),
    ]
    answer = _answer(counts, scenario, changes)
    if as_json:
        print_json({"file": str(file), **answer})
    else:
        print_branches(answer)
    if asked.plot is not None:
        from mcescalate.analysis.plots.canvas import image_of
        from mcescalate.analysis.plots.fans import branches as draw
        from mcescalate.results.files.atomic import write_atomically

        form = asked.plot.suffix.casefold().lstrip(".") or "svg"
        write_atomically(asked.plot, image_of(draw(counts), form), force=asked.force)
        if not as_json:
            say(f"written to {asked.plot}")


def _answer(counts: "xr.Dataset", scenario: "Scenario", changes: list[str]) -> dict[str, Any]:
    """The branches, ready for JSON."""
    from mcescalate.analysis.comparison.compare import actor_differences, differences, splits
    from mcescalate.analysis.tables.export import to_dict

    events = differences(counts)
    path = [int(rung) for rung in counts["path_rung"].values if rung >= 0]
    return {
        "schema_version": 1,
        "title": scenario.title,
        "seed": counts.attrs["seed"],
        "chain": counts.attrs["chain"],
        "outcome": counts.attrs["outcome"],
        "path": [scenario.ladder.rungs[rung] for rung in path],
        "from_turn": counts.attrs["from_turn"],
        "changes": changes,
        "n_branches": int(counts["n_chains"]),
        "interval_level": events.attrs["level"],
        "events": to_dict(events),
        "splits": to_dict(splits(counts)),
        "actors": to_dict(actor_differences(counts), "actor", "event"),
    }
