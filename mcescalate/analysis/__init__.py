"""From counts to conclusions: estimates with intervals, comparisons, mechanisms, sweeps, plots.

Every module is an attribute by its own name, whatever its folder, and is imported on first
use: `mcescalate.analysis.levers`.
"""

from importlib import import_module
from types import ModuleType

_MODULES = {
    "estimation": ("difference", "distribution", "estimate", "events", "export", "summary"),
    "comparison": ("compare", "levers", "paired_runs"),
    "mechanisms": ("deterrence", "entry", "inadvertence", "timing"),
    "sweeps": ("discovery", "extremes", "monte_carlo_error", "second_order", "sensitivity"),
}
_HOMES = {module: f"{folder}.{module}" for folder, names in _MODULES.items() for module in names}
_HOMES |= {folder: folder for folder in (*_MODULES, "plots")}


def __getattr__(name: str) -> ModuleType:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{_HOMES[name]}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
