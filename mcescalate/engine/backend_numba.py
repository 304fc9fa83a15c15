"""The kernel and the plain model compiled by numba, without the interpreter's lock."""

import atexit
import functools
import hashlib
import os
import shutil
import stat
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numba
import numba.np.arraymath  # which loading a kernel imports: `cli.compiler` may then know how
from llvmlite import binding as llvm
from numba import njit

from mcescalate.engine.compilation import compiled_kernels
from mcescalate.model import dependences
from mcescalate.model.jit import OPTIONS
from mcescalate.model.world import World

Kernel = Callable[..., Any]

_settings: Any = numba.config  # which numba fills at run time


@functools.cache
def kernels() -> tuple[Kernel, ...]:
    """(count_batch, record_batch), compiled on first call and remembered on disk."""
    from mcescalate.kernel import batch

    return compiled(batch.count_batch), compiled(batch.record_batch)


@functools.cache
def plain_kernels() -> tuple[Kernel, ...]:
    """The same of the model in its plainest form."""
    from mcescalate.model import plain

    return compiled(plain.count_batch), compiled(plain.record_batch)


@functools.cache
def branch_kernel() -> Kernel:
    """`branch_batch`, which continues one chain; the room that it needs is `new_branch_room`'s."""
    from mcescalate.kernel import branches

    return compiled(branches.branch_batch)


def new_branch_room(world: World) -> tuple[Any, ...]:
    """The memory that a worker needs for branches, beside their states."""
    from mcescalate.kernel.memory import new_memory

    return (new_memory(world),)


@functools.cache
def _tabulate() -> Kernel:
    from mcescalate.kernel import pair_tables

    return compiled(pair_tables.tabulate)


def new_plain_room(world: World) -> tuple[Any, ...]:
    """(State, Past) for a worker with the model in its plainest form."""
    from mcescalate.model.aligned import zeros
    from mcescalate.model.past import new_past
    from mcescalate.model.state import new_state

    return new_state(world, zeros), new_past(world, zeros)


def new_room(world: World, room: int | None = None) -> tuple[Any, ...]:
    """(State, Memory, Lockstep, Past) for a worker; `room` is for pair states, 0 for no tables."""
    from mcescalate.kernel.lockstep import new_lockstep
    from mcescalate.kernel.memory import new_memory
    from mcescalate.model.aligned import zeros
    from mcescalate.model.past import new_past
    from mcescalate.model.state import new_state

    state = new_state(world, zeros)
    lockstep = new_lockstep(world, room)
    if len(lockstep.tables.openings) > 0:
        _tabulate()(world, state, lockstep.tables)
    return state, new_memory(world), lockstep, new_past(world, zeros)


def compiled(function: Kernel) -> Kernel:
    """A kernel made of functions of the model, without the interpreter's lock."""
    _use_private_cache()
    return _Healing(function)


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


class _Healing:
    """A kernel that compiles anew where the compiled code on disk is damaged or out of reach."""

    def __init__(self, function: Kernel):
        self._function = function
        self._lock = threading.Lock()
        try:
            self._kernel = njit(**OPTIONS, nogil=True, cache=True)(function)
        except RuntimeError as error:
            self._do_without_cache(error)
        compiled_kernels.append(self)

    @property
    def is_compiling(self) -> bool:
        """Whether it is being compiled: it was not found on disk, and is not there yet."""
        if _settings.DISABLE_JIT:
            return False
        return bool(self._kernel.stats.cache_misses) and not self._kernel.signatures

    def __call__(self, *arguments: Any) -> Any:
        if not (_settings.DISABLE_JIT or self._kernel.signatures):
            with self._lock:
                self._compile(tuple(numba.typeof(value) for value in arguments))
        return self._kernel(*arguments)

    def _compile(self, signature: tuple[Any, ...]) -> None:
        """Compile, unless compiled code is on disk."""
        try:
            with _short_loops():
                self._kernel.compile(signature)
        except Exception as error:  # whatever a damaged file makes of itself when it is read
            if self._kernel.signatures:
                self._warn(f"compiled, but not kept for later runs: {error!r}")
            elif self._kernel.stats.cache_misses:
                raise  # nothing on disk: it is the source that does not compile
            else:
                self._warn(f"compiling anew, its compiled code is damaged: {error!r}")
                self._compile_anew(signature)

    def _compile_anew(self, signature: tuple[Any, ...]) -> None:
        """Compile in place of damaged code on disk, or else without a cache."""
        try:
            self._kernel._cache.flush()
            with _short_loops():
                self._kernel.compile(signature)
        except Exception as error:
            if not self._kernel.signatures:
                self._do_without_cache(error)

    def _do_without_cache(self, error: Exception) -> None:
        self._warn(f"compiling without a cache: {error!r}")
        self._kernel = njit(**OPTIONS, nogil=True)(self._function)

    def _warn(self, what: str) -> None:
        warnings.warn(f"{self._function.__name__}: {what}", RuntimeWarning, stacklevel=3)


def _use_private_cache() -> None:
    """Keep compiled code in a folder of this user's own."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        dependences.check()
    else:
        _settings.CACHE_DIR = str(_private_folder())


@functools.cache
def _private_folder() -> Path:
    """A folder for compiled code, named by the source of all kernels.

    numba does not see edits in files other than the kernel's, and its files are pickles:
    hence the digest in the name, and a folder that no other user may write into. It is among
    the user's caches, else among temporary files; failing both, it goes when this process ends.
    """
    name = f"kernels-{_source_digest()}"
    for folder in (*_cache_folders(name), *_temporary_folders(name)):
        try:
            if not folder.exists():
                # Before any kernel is made of these sources for the first time.
                dependences.check()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_private(folder):
                return folder
        except OSError:
            continue
    temporary = tempfile.mkdtemp(prefix="mcescalate-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


def _cache_folders(name: str) -> Iterator[Path]:
    """The folder of this name among the user's caches; none for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):
        yield (Path(base) if base else Path.home() / ".cache") / "mcescalate" / name


def _temporary_folders(name: str) -> Iterator[Path]:
    """The folder of this name among temporary files, where it can be seen whose it is."""
    if hasattr(os, "getuid"):
        yield Path(tempfile.gettempdir()) / f"mcescalate-{os.getuid()}-{name}"


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of this user's, no link to one, writable by no other user."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "getuid"):
        # Windows keeps owners and rights elsewhere; a user's own caches are closed to others.
        return True
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parents[1]
    for source in sorted(
        path
        for folder in ("model", "kernel", "engine/exact", "engine/branches", "engine/rare")
        for path in package.joinpath(folder).rglob("*.py")
    ):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
