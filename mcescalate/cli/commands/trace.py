"""`mcescalate trace`: one chain retold."""

from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Json, Overlays, ScenarioFile, Seed, Settings, drawn_seed, whole
from mcescalate.limits import CHAIN_END

LINE = 80
"""Columns where stdout is no terminal."""


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
    as_json: Json = False,
) -> None:
    """Retell one chain of a run, turn by turn.

    Who did what, what it saw and what was there, and which chance and which draw decided it:
    the same random numbers as in `run` with this seed, and so the same chain.
    """
    from mcescalate.api import trace as trace_chain
    from mcescalate.cli.terminal.printing import print_json, print_lines, screen_width
    from mcescalate.engine.trace import retell
    from mcescalate.scenario.reading import load_scenario

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    told = trace_chain(scenario, chain=chain, seed=drawn_seed() if seed is None else seed)
    if as_json:
        print_json({"file": str(file), **told.to_dict()})
    else:
        print_lines(*retell(told, screen_width() or LINE).split("\n"))
