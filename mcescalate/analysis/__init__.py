"""From counts to conclusions: estimates, comparisons, mechanisms, sweeps, tables and plots.

Every module is an attribute by its own name, whatever its folder, and is imported on first
use: `mcescalate.analysis.levers`.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcescalate.analysis import comparison as comparison
    from mcescalate.analysis import estimation as estimation
    from mcescalate.analysis import mechanisms as mechanisms
    from mcescalate.analysis import plots as plots
    from mcescalate.analysis import sweeps as sweeps
    from mcescalate.analysis import tables as tables
    from mcescalate.analysis.comparison import branches as branches
    from mcescalate.analysis.comparison import compare as compare
    from mcescalate.analysis.comparison import levers as levers
    from mcescalate.analysis.comparison import paired_runs as paired_runs
    from mcescalate.analysis.estimation import difference as difference
    from mcescalate.analysis.estimation import distribution as distribution
    from mcescalate.analysis.estimation import estimate as estimate
    from mcescalate.analysis.estimation import events as events
    from mcescalate.analysis.estimation import pooling as pooling
    from mcescalate.analysis.estimation import rare as rare
    from mcescalate.analysis.estimation import summary as summary
    from mcescalate.analysis.estimation import survival as survival
    from mcescalate.analysis.estimation import terms as terms
    from mcescalate.analysis.mechanisms import deterrence as deterrence
    from mcescalate.analysis.mechanisms import entry as entry
    from mcescalate.analysis.mechanisms import inadvertence as inadvertence
    from mcescalate.analysis.mechanisms import sequence_records as sequence_records
    from mcescalate.analysis.mechanisms import sequences as sequences
    from mcescalate.analysis.mechanisms import timing as timing
    from mcescalate.analysis.mechanisms import wars as wars
    from mcescalate.analysis.sweeps import discovery as discovery
    from mcescalate.analysis.sweeps import extremes as extremes
    from mcescalate.analysis.sweeps import monte_carlo_error as monte_carlo_error
    from mcescalate.analysis.sweeps import points as points
    from mcescalate.analysis.sweeps import posterior as posterior
    from mcescalate.analysis.sweeps import second_order as second_order
    from mcescalate.analysis.sweeps import sensitivity as sensitivity
    from mcescalate.analysis.tables import export as export
    from mcescalate.analysis.tables import long_table as long_table
    from mcescalate.analysis.tables import table_files as table_files

_MODULES = {
    "estimation": (
        "difference",
        "distribution",
        "estimate",
        "events",
        "pooling",
        "rare",
        "summary",
        "survival",
        "terms",
    ),
    "comparison": ("branches", "compare", "levers", "paired_runs"),
    "mechanisms": (
        "deterrence",
        "entry",
        "inadvertence",
        "sequence_records",
        "sequences",
        "timing",
        "wars",
    ),
    "sweeps": (
        "discovery",
        "extremes",
        "monte_carlo_error",
        "points",
        "posterior",
        "second_order",
        "sensitivity",
    ),
    "tables": ("export", "long_table", "table_files"),
}
_HOMES = {module: f"{folder}.{module}" for folder, names in _MODULES.items() for module in names}
_HOMES |= {folder: folder for folder in (*_MODULES, "plots")}


if not TYPE_CHECKING:  # which would take any misspelt name for one of these

    def __getattr__(name: str) -> ModuleType:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.{_HOMES[name]}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
