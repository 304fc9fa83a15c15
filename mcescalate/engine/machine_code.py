"""Kernels as machine code: kept on disk, loaded by LLVM, called with arguments of Python.

numba takes a second to load. So it is asked only where a kernel has not been compiled yet for this
processor and arguments of these types (`compiler`); what it made is kept in a folder of the user's
own (`code_folder`) and loaded without it.
"""

import ctypes
import ctypes.util
import functools
import hashlib
import json
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding as llvm

from mcescalate.engine.code_folder import code_folder, keep
from mcescalate.engine.compilation import compiled_kernels

RESULTS: dict[str, Any] = {
    "none": None,
    "float64": ctypes.c_double,
    "int64": ctypes.c_int64,
    "bool": ctypes.c_bool,
}
"""What a kernel may return, by numba's name."""

_FROM_ELSEWHERE = ("exp", "erfc", "memcpy", "memmove", "memset")
"""Functions that machine code may call beside its own."""
ENTRY = "mcescalate_kernel"
"""Name of the function by which machine code is called."""
_DIGEST = 32
_SIZE = 4


class Processor(NamedTuple):
    """What code is made for, as LLVM names it."""

    name: str
    features: str


@functools.cache
def this_processor() -> Processor:
    """That of this machine, or the one that numba's own settings name."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name = os.environ.get("NUMBA_CPU_NAME")
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if name is None and features is None:
        return Processor(llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    return Processor(name or llvm.get_host_cpu_name(), features or "")


def target_machine(processor: Processor) -> Any:
    """LLVM's description of a processor, as numba chooses it."""
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=processor.name, features=processor.features, opt=3, codemodel="jitdefault", jit=True
    )


# ------------------------------------------------------------ images


def image_of(facts: bytes, code: bytes) -> bytes:
    """A file of machine code: a digest, the length of what is known of the code, that, the code."""
    image = len(facts).to_bytes(_SIZE, "little") + facts + code
    return hashlib.sha256(image).digest() + image


def _parts_of(file: bytes) -> tuple[dict[str, str], bytes]:
    """What is known of the code in a file, and the code.

    Raises
    ------
    ValueError
        The file is damaged.
    """
    digest, image = file[:_DIGEST], file[_DIGEST:]
    if hashlib.sha256(image).digest() != digest:
        raise ValueError("its digest does not fit")
    end = _SIZE + int.from_bytes(image[:_SIZE], "little")
    return json.loads(image[_SIZE:end]), image[end:]


# ------------------------------------------------------------ arguments


def words_of(arguments: tuple[Any, ...]) -> "np.ndarray":
    """Arguments as numba passes them, one 64-bit word each."""
    found: list[int] = []
    _collect_words(arguments, found)
    return np.array(found, np.uint64)


_MASK = 2**64 - 1
_NO_OWNER = (0, 0)
"""In place of the objects that own an array."""


def _collect_words(arguments: tuple[Any, ...], found: list[int]) -> None:
    for value in arguments:
        if isinstance(value, tuple):
            _collect_words(value, found)
        elif isinstance(value, np.ndarray):
            address = value.__array_interface__["data"][0]
            found += [*_NO_OWNER, value.size, value.itemsize, address, *value.shape, *value.strides]
        elif isinstance(value, np.void):
            found.append(np.frombuffer(value, np.uint8).__array_interface__["data"][0])
        elif isinstance(value, float):
            found.append(int(np.float64(value).view(np.uint64)))
        else:
            found.append(int(value) & _MASK)


def types_of(arguments: tuple[Any, ...]) -> list[Any]:
    """What machine code depends on of its arguments: equal for arguments that it serves alike."""
    return list(_types(arguments))


def _types(arguments: tuple[Any, ...]) -> Iterator[Any]:
    for value in arguments:
        if isinstance(value, tuple):
            yield type(value).__name__
            yield from _types(value)
        elif isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                raise TypeError("kernels take arrays whose elements stand one after the other")
            yield value.dtype
            yield value.ndim
            yield value.flags.aligned
        elif isinstance(value, np.void):
            yield value.dtype
        else:
            yield type(value)


def _named(types: list[Any]) -> str:
    """Types as text that other processes find the same."""
    return "\n".join(
        str(one.descr)
        if isinstance(one, np.dtype)
        else one.__name__
        if isinstance(one, type)
        else str(one)
        for one in types
    )


# ------------------------------------------------------------ kernels


class Kernel:
    """A kernel, compiled or loaded when it is first called.

    Parameters
    ----------
    function : what it does; Python runs it itself if NUMBA_DISABLE_JIT is set
    compile_kernel : makes the image of a function for some arguments and a processor
    """

    def __init__(
        self,
        function: Callable[..., Any],
        compile_kernel: Callable[[Callable[..., Any], tuple[Any, ...], Processor], bytes],
    ):
        self._function = function
        self._compile = compile_kernel
        self._lock = threading.Lock()
        self._loaded: list[tuple[list[Any], Callable[[tuple[Any, ...]], Any]]] = []
        self.is_compiling = False
        compiled_kernels.append(self)

    def __call__(self, *arguments: Any) -> Any:
        if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
            return self._function(*arguments)
        return self._code_for(arguments)(arguments)

    def _code_for(self, arguments: tuple[Any, ...]) -> Callable[[tuple[Any, ...]], Any]:
        types = types_of(arguments)
        for known, call in self._loaded:
            if known == types:
                return call
        with self._lock:
            for known, call in self._loaded:
                if known == types:
                    return call
            call = self._load(arguments, _named(types))
            self._loaded.append((types, call))
            return call

    def _load(self, arguments: tuple[Any, ...], types: str) -> Callable[[tuple[Any, ...]], Any]:
        """Load the code from disk, or compile it and keep it there."""
        processor = this_processor()
        path = code_folder() / self._file_name(types, processor)
        try:
            return _loaded(path.read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError) as error:
            self._warn(f"compiling anew, its compiled code is damaged: {error!r}")
        self.is_compiling = True
        try:
            image = self._compile(self._function, arguments, processor)
        finally:
            self.is_compiling = False
        try:
            keep(path, image)
        except Exception as error:  # whatever hinders it: the code serves this process all the same
            self._warn(f"compiled, but not kept for later runs: {error!r}")
        return _loaded(image)

    def _file_name(self, types: str, processor: Processor) -> str:
        source = Path(self._function.__code__.co_filename)
        about = "\n".join([types, *processor, self._function.__module__])
        digest = hashlib.sha256(about.encode())
        digest.update(source.read_bytes())
        return f"{self._function.__name__}-{digest.hexdigest()[:32]}.code"

    def _warn(self, what: str) -> None:
        warnings.warn(f"{self._function.__name__}: {what}", RuntimeWarning, stacklevel=4)


_engines: list[Any] = []
"""LLVM's own, which hold the code: none may go while a kernel may be called."""
_loading = threading.Lock()


def _loaded(file: bytes) -> Callable[[tuple[Any, ...]], Any]:
    """A function that runs the machine code in a file on a tuple of arguments."""
    facts, code = _parts_of(file)
    result = RESULTS[facts["result"]]
    with _loading:
        _find_functions()
        engine = llvm.create_mcjit_compiler(
            llvm.parse_assembly(""), target_machine(this_processor())
        )
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        _engines.append(engine)
    # As numba calls: a status, and where to put the result and the description of an error.
    pointer = ctypes.c_void_p
    enter = ctypes.CFUNCTYPE(ctypes.c_int32, pointer, pointer, pointer)(
        engine.get_function_address(ENTRY)
    )

    def call(arguments: tuple[Any, ...]) -> Any:
        words = words_of(arguments)
        returned = (result or ctypes.c_int64)()
        trouble = pointer()
        status = enter(
            ctypes.byref(returned), ctypes.byref(trouble), words.__array_interface__["data"][0]
        )
        if status not in (0, _NOTHING_RETURNED):
            raise RuntimeError(f"a kernel ended with status {status}")
        return None if result is None else returned.value

    return call


_NOTHING_RETURNED = -2
"""numba's status of a function that returns None."""


def _find_functions() -> None:
    """Tell LLVM where functions are that this process has, and that it does not find itself."""
    for name in _FROM_ELSEWHERE:
        if llvm.address_of_symbol(name):
            continue
        for library in (None, ctypes.util.find_library("m"), ctypes.util.find_library("c")):
            function = getattr(ctypes.CDLL(library), name, None)
            if function is not None:
                llvm.add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
                break
