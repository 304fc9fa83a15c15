"""From counts to what they say: estimates with intervals, comparisons, reports.

The modules are imported when they are first used: `mcescalate.analysis.levers`.
"""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    # Names that begin with an underscore are asked for by the import system itself.
    if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__))
