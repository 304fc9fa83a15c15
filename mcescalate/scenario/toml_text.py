"""TOML text into plain tables, safely: what cannot be a scenario is refused before parsing.

The parser of the standard library takes very long over very deep keys, and gives up in its
own ways over deep brackets. Both are counted here first.
"""

import re
import sys
import tomllib
from typing import Any

from mcescalate.scenario.wording import Origin, Problem

LARGEST_FILE = 16 * 2**20
"""Bytes of the largest file that is read."""
DEEPEST = 8
"""Parts of the longest dotted key, and brackets within brackets."""

# Every branch also matches an unclosed string, so that the search never restarts.
_STRINGS_AND_COMMENTS = re.compile(
    r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:"{3,5}|\\?\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
)
_DEEP_KEY = re.compile(rf"\.(?:[^=,\n\[\]{{}}.]*+\.){{{DEEPEST - 1}}}")
_BRACKET = re.compile(r"[\[\]{}]")
_LONG_NUMBER = re.compile(r"\d[\d_]*+")
_PARSER_KEY = re.compile(r"\('(.*?)',?\)")
_PARSER_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.S)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def read_toml_bytes(data: bytes, origin: Origin) -> dict[str, Any]:
    """Parse the bytes of a TOML file.

    Raises
    ------
    ScenarioError
        The bytes are no TOML, or more of it than any scenario needs.
    """
    if len(data) > LARGEST_FILE:
        raise _error(
            origin, f"larger than {LARGEST_FILE // 2**20} MiB, more than any scenario needs"
        )
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            raise _error(
                origin, f"begins with a byte order mark ({encoding}); save it as UTF-8 without one"
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(
            origin, f"line {line}: byte 0x{data[error.start]:02x} is not UTF-8; save it as UTF-8"
        ) from None
    return read_toml(text, origin)


def read_toml(text: str, origin: Origin) -> dict[str, Any]:
    """Parse TOML text.

    Raises
    ------
    ScenarioError
        The text is no TOML, or deeper than any scenario.
    """
    if (problem := _shape_problem(text)) is not None:
        raise _error(origin, problem)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(origin, _reworded(str(error))) from None
    except ValueError:  # Python reads no more digits than this in one go
        raise _error(origin, _long_number_problem(text)) from None


def _error(origin: Origin, text: str) -> Exception:
    return origin.error([Problem((), text)])


def _shape_problem(text: str) -> str | None:
    """What makes `text` not worth parsing, if anything."""
    lone = re.search(r"\r(?!\n)", text)
    if lone is not None:
        line = text.count("\n", 0, lone.start()) + 1
        return f"line {line}: a carriage return without line feed; save it with line ends LF"
    bare = _STRINGS_AND_COMMENTS.sub(lambda match: "\n" * match[0].count("\n") + "_", text)
    deep = _DEEP_KEY.search(bare)
    if deep is not None:
        line = bare.count("\n", 0, deep.start()) + 1
        return f"line {line}: a key of more than {DEEPEST} parts"
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        if bracket[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                line = bare.count("\n", 0, bracket.start()) + 1
                return f"line {line}: more than {DEEPEST} brackets within each other"
        else:
            depth = max(0, depth - 1)
    return None


def _long_number_problem(text: str) -> str:
    """Where the first number of more digits than Python reads stands."""
    limit = sys.get_int_max_str_digits()
    bare = _STRINGS_AND_COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), text)
    starts = (number.start() for number in _LONG_NUMBER.finditer(bare) if len(number[0]) > limit)
    line = bare.count("\n", 0, next(starts, 0)) + 1
    return f"line {line}: a whole number of more than {limit} digits"


def _reworded(message: str) -> str:
    """The parser's message with its place in front, and keys as they stand in the file."""
    match = _PARSER_PLACE.fullmatch(message)
    if match is None:
        return message
    text = match[1][0].lower() + match[1][1:]
    text = _PARSER_KEY.sub(lambda key: key[1].replace("', '", "."), text)
    return f"line {match[2]}, column {match[3]}: {text}" if match[2] else f"last line: {text}"
