"""Monte Carlo escalation engine: misperception-and-response chains on alliance networks.

    import mcescalate as mc
    scenario = mc.load_case("july-1914")
    result = mc.simulate(scenario, n_chains=100_000, seed=1914)

Names are imported when they are first used, so that this import costs nothing.
"""

TYPE_CHECKING = False  # read by type checkers; typing itself would take time to import

if TYPE_CHECKING:
    from mcescalate import analysis, errors
    from mcescalate.analysis import plots
    from mcescalate.api import (
        branch,
        calibrate,
        compare,
        estimate_rare,
        explore,
        load,
        load_case,
        load_scenario,
        merge,
        read_data,
        run_sweep,
        save,
        scenario_from_data,
        simulate,
        solve,
        trace,
    )
    from mcescalate.scenario.schema import Scenario
    from mcescalate.sweep.design.sweep import Sweep

__version__ = "0.1.0"

__all__ = [
    "Scenario",
    "Sweep",
    "__version__",
    "analysis",
    "branch",
    "calibrate",
    "compare",
    "errors",
    "estimate_rare",
    "explore",
    "load",
    "load_case",
    "load_scenario",
    "merge",
    "plots",
    "read_data",
    "run_sweep",
    "save",
    "scenario_from_data",
    "simulate",
    "solve",
    "trace",
]

_CLASSES = {
    "Scenario": "mcescalate.scenario.schema",
    "Sweep": "mcescalate.sweep.design.sweep",
}
_MODULES = {
    "analysis": "mcescalate.analysis",
    "errors": "mcescalate.errors",
    "plots": "mcescalate.analysis.plots",
}


if not TYPE_CHECKING:  # which would take any misspelt name for one of these

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        if name in _MODULES:
            return import_module(_MODULES[name])
        return getattr(import_module(_CLASSES.get(name, "mcescalate.api")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
