"""A kernel as machine code: compiled by numba, without anything of Python in it.

What comes out needs neither numba nor Python to run. Its entry takes the address of a table of
64-bit words, the kernel's arguments as numba passes them (`machine_code.words_of`), so that it can
be called by any process that has loaded it.
"""

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
from llvmlite import binding as llvm
from llvmlite import ir
from numba import njit, types
from numba.core.compiler_lock import global_compiler_lock
from numba.np import arrayobj

import mcescalate.kernel.lanes.simd_code  # noqa: F401 - what wide values are compiled to
from mcescalate.engine.machine_code import (
    ENTRY,
    RESULTS,
    Processor,
    image_of,
    target_machine,
)
from mcescalate.model import jit

_WITHOUT_PYTHON: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compile_kernel(
    function: Callable[..., Any], arguments: tuple[Any, ...], processor: Processor
) -> bytes:
    """The image of `function` for arguments of these types (`machine_code.image_of`).

    Raises
    ------
    TypeError
        It returns what no kernel may return.
    """
    jit.register()
    kernel = njit(**jit.OPTIONS, **_WITHOUT_PYTHON)(function)
    with _short_loops(), _places_from_the_first(), _no_collection():
        kernel.compile(tuple(numba.typeof(value) for value in arguments))
    ((signature, compiled),) = kernel.overloads.items()
    result = str(compiled.signature.return_type)
    if result not in RESULTS:
        raise TypeError(f"{function.__name__} returns {result}, not {' or '.join(RESULTS)}")
    module = llvm.parse_assembly(kernel.inspect_llvm(signature))
    passed = kernel.targetctx.call_conv.get_function_type(
        compiled.signature.return_type, compiled.signature.args
    )
    entry = _entry(compiled.fndesc.llvm_func_name, passed, module.triple, module.data_layout)
    module.link_in(llvm.parse_assembly(str(entry)))
    facts = json.dumps({"result": result}).encode()
    return image_of(facts, target_machine(processor).emit_object(module))


@contextmanager
def _short_loops() -> Iterator[None]:
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


@contextmanager
def _places_from_the_first() -> Iterator[None]:
    """Compile kernels on the understanding that no place in an array is negative.

    numba asks of every signed place whether it counts from the end, which takes a tenth of all
    instructions. Nothing else is compiled meanwhile: the compiler is locked.
    """
    with global_compiler_lock:
        usual = arrayobj.fix_integer_index
        arrayobj.fix_integer_index = _place
        try:
            yield
        finally:
            arrayobj.fix_integer_index = usual


def _place(context: Any, builder: Any, type_: Any, place: Any, size: Any) -> Any:
    """What numba makes of a place in an array of some size, as a machine word."""
    return context.cast(builder, place, type_, types.intp if type_.signed else types.uintp)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave cyclic garbage uncollected for a while.

    numba makes millions of objects that stay, and looking through them again and again takes a
    tenth of the time of compilation.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _entry(name: str, passed: ir.FunctionType, triple: str, data_layout: str) -> ir.Module:
    """The function by which the one of this name and type is called with a table of words."""
    module = ir.Module()
    module.triple, module.data_layout = triple, data_layout
    word = ir.IntType(64)
    own = ir.FunctionType(passed.return_type, [*passed.args[:2], word.as_pointer()])
    function = ir.Function(module, own, ENTRY)
    builder = ir.IRBuilder(function.append_basic_block())
    result, trouble, table = function.args
    values = []
    for place, type_ in enumerate(passed.args[2:]):
        value = builder.load(builder.gep(table, [ir.Constant(word, place)]))
        if isinstance(type_, ir.PointerType):
            value = builder.inttoptr(value, type_)
        elif isinstance(type_, ir.DoubleType):
            value = builder.bitcast(value, type_)
        elif type_ != word:
            value = builder.trunc(value, type_)
        values.append(value)
    kernel = ir.Function(module, passed, name)
    builder.ret(builder.call(kernel, [result, trouble, *values]))
    return module
