"""`mcescalate explore`: a local page on which the values of a scenario can be changed."""

import os
import sys
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import (
    Backend,
    Overlays,
    Quiet,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    whole,
)
from mcescalate.limits import MOST_IDLE_MINUTES, draw_seed

WAIT_SECONDS = 0.2
"""Between two looks at whether a signal has come."""


def explore(
    file: ScenarioFile,
    /,
    *,
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    port: Annotated[
        int,
        Parameter(
            converter=whole(0, 65_535),
            help="Port on this machine (127.0.0.1) to serve the page at; 0 for any that is free.",
        ),
    ] = 0,
    idle: Annotated[
        int,
        Parameter(
            converter=whole(1, MOST_IDLE_MINUTES),
            help="Stop after this many minutes without a request from the page.",
        ),
    ] = 60,
    no_browser: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Only print the address of the page; do not open it.",
        ),
    ] = False,
    workers: Workers = None,
    backend: Backend = "numba",
    quiet: Quiet = False,
) -> None:
    """Change values of a scenario on a local page, and see the effect.

    The page is served on this machine alone, at the address that is printed, until Ctrl-C. Each
    value has a dial; ties and other levers are switches. Figures follow within about a second,
    from 1,000 chains, then from 10,000 and 100,000, on the same random numbers as the unchanged
    scenario. They are those of `run` and `compare` with the same seed.
    """
    from mcescalate.api import explore as serve
    from mcescalate.cli.terminal.printing import print_lines, say
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.errors import StoppedBySignal
    from mcescalate.quantities import counted
    from mcescalate.scenario.reading import load_scenario

    scenario = load_scenario(file, overlays=overlays, settings=settings)
    seed_used = draw_seed() if seed is None else seed
    options = [
        *(word for overlay in overlays for word in ("--overlay", str(overlay))),
        *(word for setting in settings for word in ("--set", setting)),
    ]
    with stop_on_signals() as stop:
        page = serve(
            scenario,
            seed=seed_used,
            port=port,
            idle_minutes=idle,
            workers=workers,
            backend=backend,
            words=(str(file), *options),
            in_frame=False,
        )
        print_lines(page.url)
        sys.stdout.flush()
        if not quiet:
            say(f"seed {seed_used}" + (" (drawn)" if seed is None else ""))
            say(f"stops after {counted(idle, 'minutes')} without a request, or with Ctrl-C")
        if not no_browser and _has_screen():
            import webbrowser

            webbrowser.open(page.url)
        while not page.wait(WAIT_SECONDS) and not stop.is_set():
            pass
        page.stop()
        if stop.is_set():
            raise StoppedBySignal(stop.exit_code)
    if not quiet:
        say(f"stopped: {counted(idle, 'minutes')} without a request")


def _has_screen() -> bool:
    """Whether a browser could open a window; one within the terminal would take it over."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
