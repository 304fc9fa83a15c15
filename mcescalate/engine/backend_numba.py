"""The model compiled by numba: kernels that release the interpreter's lock."""

import functools
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numba
from numba import njit

from mcescalate.model.jit import OPTIONS


@functools.cache
def kernels():
    """(count_batch, record_batch), compiled on first call and remembered on disk."""
    from mcescalate.model import batch

    return compiled(batch.count_batch), compiled(batch.record_batch)


def compiled(function: Callable) -> Callable:
    """A kernel made of functions of the model, without the interpreter's lock."""
    _use_private_cache()
    return _Healing(function)


class _Healing:
    """A kernel that compiles anew where the compiled code on disk is damaged or out of reach."""

    def __init__(self, function: Callable):
        self._function = function
        try:
            self._kernel = njit(**OPTIONS, nogil=True, cache=True)(function)
        except RuntimeError as error:
            self._without_cache(error)

    def _without_cache(self, error: BaseException) -> None:
        warnings.warn(f"compiling without a cache: {error}", RuntimeWarning, stacklevel=3)
        self._kernel = njit(**OPTIONS, nogil=True)(self._function)

    def __call__(self, *arguments):
        if numba.config.DISABLE_JIT or self._kernel.signatures:
            return self._kernel(*arguments)
        try:
            self._kernel.compile(tuple(numba.typeof(value) for value in arguments))
        except Exception as error:  # whatever a damaged file makes of itself when it is read
            self._without_cache(error)
        return self._kernel(*arguments)


def _use_private_cache() -> None:
    """Keep compiled code in a folder of this user's own, named by the source of all kernels.

    numba does not see edits in files other than the kernel's, and its files are pickles:
    hence the digest in the name, and a folder into which nobody else may write.
    """
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    folder = _cache_root() / f"kernels-{_source_digest()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.stat()
        if facts.st_uid != os.getuid() or facts.st_mode & 0o022:
            raise OSError(f"{folder} may be written by others")
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="mcescalate-"))
    numba.config.CACHE_DIR = str(folder)


def _cache_root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "mcescalate"
    try:
        return Path.home() / ".cache" / "mcescalate"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"mcescalate-{os.getuid()}"


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parents[1]
    for source in sorted([*package.glob("model/*.py"), *package.glob("engine/exact/*.py")]):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
