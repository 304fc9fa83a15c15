"""How functions of the model are compiled: only as parts of a kernel, and never on their own.

Called from Python, such a function is a plain Python function; called from a compiled kernel,
it is compiled into it. That saves the wrappers of a hundred functions, which took a third of
the time of compilation, and gives the uncompiled model for nothing.

Nothing here allocates, so references are not counted: counting those to the arrays of `World`
and `State` would cost more than the model, above all when several threads share a world.
"""

from typing import Any

from numba import extending

OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""How the kernels themselves have to be compiled too."""

jitable = extending.register_jitable(no_cfunc_wrapper=True, **OPTIONS)

inlined = extending.register_jitable(no_cfunc_wrapper=True, forceinline=True, **OPTIONS)
