"""How functions of the model are compiled: only as parts of a kernel, and never on their own.

Called from Python, such a function is a plain Python function; called from a compiled kernel,
it is compiled into it. That saves the wrappers of a hundred functions, which took a third of
the time of compilation, and gives the uncompiled model for nothing.

Nothing here allocates, so references are not counted: counting those to the arrays of `World`
and `State` would cost more than the model, above all when several threads share a world.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import binding as llvm
from numba import extending

OPTIONS = {"_nrt": False, "error_model": "numpy"}
"""How the kernels themselves have to be compiled too."""

jitable = extending.register_jitable(no_cfunc_wrapper=True, **OPTIONS)

inlined = extending.register_jitable(no_cfunc_wrapper=True, forceinline=True, **OPTIONS)


@contextmanager
def short_loops() -> Iterator[None]:
    """Compile kernels on the understanding that their loops are short.

    Most loops of the model run over the few who are engaged. Eight copies of what is done for
    one of them, as LLVM would make, take longer than they save. The option is LLVM's own: other
    functions that are compiled meanwhile in this process are compiled likewise.
    """
    llvm.set_option("mcescalate", "-unroll-runtime=false")
    try:
        yield
    finally:
        llvm.set_option("mcescalate", "-unroll-runtime=true")
