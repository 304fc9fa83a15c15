"""The same source, run by Python itself: the reference for the compiled kernels."""

import functools
import importlib.util
import sys
from pathlib import Path

import numba

_MODULES = (
    "jit",
    "codes",
    "coefficients",
    "rng",
    "world",
    "state",
    "rules",
    "chain",
    "scoring",
    "batch",
)


@functools.cache
def model():
    """A second copy of `mcescalate.model` in which no function is compiled, by module name."""
    import mcescalate.model

    folder = Path(mcescalate.model.__file__).parent
    was_disabled = numba.config.DISABLE_JIT
    numba.config.DISABLE_JIT = True
    compiled = {name: sys.modules.get(f"mcescalate.model.{name}") for name in _MODULES}
    modules = {}
    try:
        for name in _MODULES:
            full_name = f"mcescalate.model.{name}"
            spec = importlib.util.spec_from_file_location(full_name, folder / f"{name}.py")
            module = importlib.util.module_from_spec(spec)
            # While the copies load, they must find each other under the usual names.
            sys.modules[full_name] = module
            spec.loader.exec_module(module)
            modules[name] = module
    finally:
        numba.config.DISABLE_JIT = was_disabled
        for name, module in compiled.items():
            if module is None:
                sys.modules.pop(f"mcescalate.model.{name}", None)
            else:
                sys.modules[f"mcescalate.model.{name}"] = module
    return modules


def kernels():
    """(count_batch, record_batch), not compiled."""
    return model()["batch"].count_batch, model()["batch"].record_batch
