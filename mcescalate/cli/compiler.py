"""Loads the compiler without packages that it looks for and that no kernel uses.

numba works without SciPy, which it needs for linear algebra, and without coverage, which it tells
of compiled lines. Importing both takes longer than simulating a thousand chains.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("scipy", "coverage")


def load_compiler() -> None:
    """Import numba and what it needs to load kernels.

    If numba was not loaded before, this process cannot compile linear algebra afterwards: only a
    program of its own may call this.
    """
    with absent(*UNUSED):
        import mcescalate.engine.backend_numba  # noqa: F401


@contextmanager
def absent(*packages: str) -> Iterator[None]:
    """Within the block, import packages as if they were not installed, unless they are loaded."""
    hidden = [name for name in packages if name not in sys.modules]
    # None in place of a module makes its import fail with ModuleNotFoundError.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
