"""`mcescalate rare`: the probability of an event that is too rare to be counted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, Token

from mcescalate.cli.options import (
    Backend,
    Json,
    Overlays,
    Quiet,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    whole,
)
from mcescalate.errors import StoppedBySignal, UsageError
from mcescalate.limits import CHAIN_END, draw_seed

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from mcescalate.scenario.schema import Scenario


MOST_POINTS = 1000
"""Of a plan."""


def _relative_error(type_: Any, tokens: Sequence[Token]) -> float:
    """A number above 0 and below 1."""
    token = tokens[0]
    try:
        value = float(token.value)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1.0:
        raise UsageError(f'--rel: expected a number above 0 and below 1, found "{token.value}"')
    return value


def rare(
    file: ScenarioFile,
    /,
    *,
    event: Annotated[
        str,
        Parameter(
            help="war, crisis, an outcome, peak>=RUNG, war:ACTOR, entered:ACTOR, war_size>=N, "
            "engaged_size>=N, misread_war, or several joined by &."
        ),
    ],
    rel: Annotated[
        float, Parameter(converter=_relative_error, help="Relative standard error to reach.")
    ] = 0.1,
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"),
            converter=whole(1, CHAIN_END),
            help="Chains that may be simulated, in all.",
        ),
    ] = 20_000_000,
    vary: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            metavar="ADDRESS=VALUE,...",
            help="Also estimate it with each of these values, e.g. response.war_cost=2,4,8; "
            "repeatable.",
        ),
    ] = (),
    off: Annotated[
        tuple[str, ...],
        Parameter(
            name="--without",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Also estimate it without this, as in compare; repeatable.",
        ),
    ] = (),
    on: Annotated[
        tuple[str, ...],
        Parameter(
            name="--with",
            negative=(),
            show_default=False,
            metavar="EDIT",
            help="Also estimate it with this, as in compare; repeatable.",
        ),
    ] = (),
    plan: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="FILE is a plan of a sweep: estimate the event at each of its points.",
        ),
    ] = False,
    path: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Also describe one chain with the event, drawn from those that have it.",
        ),
    ] = False,
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    workers: Workers = None,
    backend: Backend = "numba",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Estimate the probability per incident of an event that is too rare to be counted.

    Chains are led across thresholds on the way to the event (rungs, entries, states at war); the
    probability that a turn crosses one is known. Their number grows until the relative standard
    error reaches --rel. An interval is given only if it can be trusted. With --vary, --without or
    --with there is a row for each changed scenario, and its ratio to the first; with --plan, one
    for each point of a sweep.
    """
    from mcescalate.analysis.estimation.rare import rare_changes
    from mcescalate.api import estimate_rare
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.terminal.progress import Progress
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.cli.views.rare import print_rare
    from mcescalate.engine.batches import Interrupted
    from mcescalate.scenario.reading import load_scenario

    if plan:
        others = {"--set": settings, "--overlay": overlays, "--path": path}
        others |= {"--vary": vary, "--without": off, "--with": on}
        if given := [name for name, value in others.items() if value]:
            raise UsageError(
                f"{given[0]}: applies to a scenario, not to a plan; set it in the plan"
            )
        changed = _points(file)
    else:
        scenario = load_scenario(file, overlays=overlays, settings=settings)
        changed = _changed(scenario, vary, off, on)
    used = draw_seed() if seed is None else seed
    shown = not (quiet or as_json)
    if shown:
        say(f"seed {used}" + (" (drawn)" if seed is None else ""))
    how: dict[str, Any] = {
        "rel": rel,
        "seed": used,
        "most_chains": chains,
        "workers": workers,
        "backend": backend,
    }
    with stop_on_signals() as stop, Progress(1, "chains", shown=shown) as progress:

        def report(done: int, planned: int) -> None:
            """How many chains there will be shows only as the estimate becomes precise."""
            progress.expect(planned)
            progress(done)

        how |= {"stop": stop, "progress": report}
        try:
            if plan or len(changed) > 1:
                found = rare_changes(changed, event, **how)
            else:
                found = estimate_rare(scenario, event=event, **how)
        except Interrupted:
            raise StoppedBySignal(stop.exit_code) from None
    if "change" in found.dims:
        _print_changes(file, found, as_json)
        return
    answer = _answer(found)
    if path and not found.attrs["reason"]:
        from mcescalate.analysis.estimation.rare import path_to

        answer["path"] = path_to(scenario, event, seed=used, backend=backend).splitlines()
    if as_json:
        print_json({"file": str(file), **answer})
    else:
        print_rare(answer)


def _changed(
    scenario: "Scenario", vary: Sequence[str], off: Sequence[str], on: Sequence[str]
) -> "dict[str, Scenario]":
    """The scenario and each changed one, by what is changed."""
    from mcescalate.scenario.change.edits import edited
    from mcescalate.scenario.reading import change_scenario

    found = {"unchanged": scenario}
    for text in vary:
        address, equals, values = text.partition("=")
        if not equals or not all(values.split(",")):
            raise UsageError(f'--vary: expected ADDRESS=VALUE,VALUE,...; found "{text}"')
        for value in values.split(","):
            setting = f"{address}={value.strip()}"
            found[setting] = change_scenario(scenario, settings=[setting])
    found |= {f"without {edit}": edited(scenario, off=[edit]) for edit in off}
    return found | {f"with {edit}": edited(scenario, on=[edit]) for edit in on}


def _points(file: "Path") -> "dict[str, Scenario]":
    """The scenario of each point of a plan, by its base and values."""
    from mcescalate.sweep.design.reading import load_sweep

    sweep = load_sweep(file)
    if sweep.n_points > MOST_POINTS:
        raise UsageError(
            f"{file}: expected a plan of up to {MOST_POINTS} points, found {sweep.n_points}; "
            "each one is estimated by itself"
        )
    sweep.check()
    labels = [axis.label for axis in sweep.plan.axes]
    found = {}
    for point in range(sweep.n_points):
        row = sweep.design.values[point % sweep.n_rows].tolist()
        base, _ = sweep.bases[sweep.base_of(point)]
        values = [f"{name}={x:g}" for name, x in zip(labels, row, strict=True) if x == x]
        label = ", ".join([*([base] if len(sweep.bases) > 1 or not values else []), *values])
        found[f"{label} (point {point})" if label in found else label] = sweep.scenario(point)
    return found


def _print_changes(file: "Path", found: "xr.Dataset", as_json: bool) -> None:
    from mcescalate.analysis.tables.export import to_dict
    from mcescalate.cli.terminal.printing import print_json
    from mcescalate.cli.views.rare import print_rare_changes

    answer = {
        "schema_version": 1,
        "event": found.attrs["event"],
        "seed": found.attrs["seed"],
        "level": found.attrs["level"],
        "changes": to_dict(found),
    }
    if as_json:
        print_json({"file": str(file), **answer})
    else:
        print_rare_changes(answer)


def _answer(found: "xr.Dataset") -> dict[str, Any]:
    """The estimate, ready for JSON."""
    from mcescalate.analysis.tables.export import to_dict

    numbers = found.drop_dims([dim for dim in ("threshold", "repetition") if dim in found.dims])
    kept = ("title", "event", "seed", "rel", "level", "interval", "reason", "rounding")
    answer = {
        "schema_version": 1,
        **{name: found.attrs[name] for name in kept if name in found.attrs},
        **to_dict(numbers),
    }
    if "threshold" in found.dims:
        answer["n_repetitions"] = found.sizes["repetition"]
        answer["thresholds"] = to_dict(found[["reached", "chance"]])
    return answer
