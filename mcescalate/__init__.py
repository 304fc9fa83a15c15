"""Monte Carlo escalation engine: misperception-and-response chains on alliance networks.

    import mcescalate as mc
    scenario = mc.load_scenario("configs/july-1914.toml")
    result = mc.simulate(scenario, n_chains=100_000, seed=1914)

Names are imported when they are first used, so that this import costs nothing.
"""

TYPE_CHECKING = False  # read by type checkers; typing itself would take time to import

if TYPE_CHECKING:
    from mcescalate.api import (
        compare,
        load,
        load_scenario,
        merge,
        run_sweep,
        save,
        scenario_from_data,
        simulate,
        solve,
        trace,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "compare",
    "load",
    "load_scenario",
    "merge",
    "run_sweep",
    "save",
    "scenario_from_data",
    "simulate",
    "solve",
    "trace",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mcescalate import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
