"""Arguments of the Python API: checks, with a message if one is of the wrong kind."""

import json
import os
from collections.abc import Iterable
from typing import Any

from mcescalate.errors import UsageError

_WORDS = {"NoneType": "None", "Scenario": "a scenario", "Arrays": "a result", "Dataset": "a result"}


def kind_of(value: Any) -> str:
    """What `value` is, as a phrase after "found"."""
    if isinstance(value, str | os.PathLike):
        return f"the name {json.dumps(os.fspath(value), ensure_ascii=False, default=repr)}"
    name = type(value).__name__
    return _WORDS.get(name, f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}")


def expect_instance(value: Any, kind: type, function: str, reader: str, *, maker: str = "") -> None:
    """Refuse `value` unless it is of the class `kind`.

    Parameters
    ----------
    function : that got the value
    reader, maker : functions that read such a value from a file, and that make a new one

    Raises
    ------
    UsageError
        It is something else.
    """
    if isinstance(value, kind):
        return
    if isinstance(value, str | os.PathLike):
        advice = f"read the file first, with {reader}"
    else:
        advice = f"{maker} makes one, {reader} reads one" if maker else f"{reader} reads one"
    expected = _WORDS[kind.__name__]
    raise UsageError(f"{function}: expected {expected}, found {kind_of(value)}; {advice}")


def file_name(value: Any, function: str) -> str:
    """The name of a file as text.

    Raises
    ------
    UsageError
        `value` is none; names the function that it was given to.
    """
    if isinstance(value, str | bytes | os.PathLike):
        return os.fsdecode(value)
    raise UsageError(f"{function}: expected the name of a file, found {kind_of(value)}")


def several(value: Any, what: str) -> tuple[Any, ...]:
    """The items of an argument that takes several: a text or name alone is one of them.

    Raises
    ------
    UsageError
        `value` is neither.
    """
    if value is None:
        return ()
    if isinstance(value, str | os.PathLike):
        return (value,)
    if isinstance(value, Iterable) and not isinstance(value, dict | bytes):
        return tuple(value)
    raise UsageError(f"{what}: expected a list of texts, found {kind_of(value)}")
