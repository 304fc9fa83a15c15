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
    import xarray as xr


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
        float, Parameter(converter=_relative_error, help="Relative standard error asked for.")
    ] = 0.1,
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"),
            converter=whole(1, CHAIN_END),
            help="Chains that may be simulated, in all.",
        ),
    ] = 1_000_000_000,
    path: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Also retell one chain with the event, drawn from those that have it.",
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

    Chains are carried over thresholds on the way to the event (rungs, entries, states at war),
    whose chances to be crossed in a turn are known. Their number grows until the relative
    standard error is that of --rel. An interval is given only if it can be trusted.
    """
    from mcescalate.api import estimate_rare
    from mcescalate.cli.compiler import load_compiler
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.cli.views.rare import print_rare
    from mcescalate.engine.batches import Interrupted
    from mcescalate.scenario.reading import load_scenario

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    if backend != "python":
        load_compiler()
    used = draw_seed() if seed is None else seed
    shown = not (quiet or as_json)
    if shown:
        say(f"seed {used}" + (" (drawn)" if seed is None else ""))
    with stop_on_signals() as stop:
        try:
            found = estimate_rare(
                scenario,
                event=event,
                rel=rel,
                seed=used,
                most_chains=chains,
                workers=workers,
                backend=backend,
                stop=stop,
            )
        except Interrupted:
            raise StoppedBySignal(stop.exit_code) from None
    answer = _answer(found)
    if path and not found.attrs["reason"]:
        from mcescalate.analysis.estimation.rare import path_to

        answer["path"] = path_to(scenario, event, seed=used, backend=backend).splitlines()
    if as_json:
        print_json({"file": str(file), **answer})
    else:
        print_rare(answer)


def _answer(found: "xr.Dataset") -> dict[str, Any]:
    """The estimate, ready for JSON."""
    from mcescalate.analysis.estimation.export import to_dict

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
