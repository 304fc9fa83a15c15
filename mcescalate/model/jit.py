"""How functions of the model are compiled: only as parts of a kernel, and never on their own.

Called from Python, such a function is a plain Python function; called from a compiled kernel,
it is compiled into it. That saves the wrappers of a hundred functions, which took a third of
the time of compilation, and gives the uncompiled model for nothing.

Nothing here allocates, so references are not counted: counting those to the arrays of `World`
and `State` would cost more than the model, above all when several threads share a world.

numba takes a second to load, and is needed only where a kernel is compiled: until then functions
are noted, and `register` tells numba of them.
"""

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""How the kernels themselves have to be compiled too."""

_unregistered: list[tuple[Callable[..., Any], dict[str, Any]]] = []


def jitable(function: Function) -> Function:
    """Let kernels call a function of the model."""
    _unregistered.append((function, {}))
    return function


def inlined(function: Function) -> Function:
    """The same for a function whose code is put in place of each call."""
    _unregistered.append((function, {"forceinline": True}))
    return function


def register() -> None:
    """Tell numba of all functions that it may meet in a kernel."""
    from numba import extending

    while _unregistered:
        function, options = _unregistered.pop()
        extending.register_jitable(no_cfunc_wrapper=True, **options, **OPTIONS)(function)
