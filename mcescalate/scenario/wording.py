"""Wording of problems: the place, what was found, and what was probably meant."""

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from mcescalate.errors import ScenarioError
from mcescalate.hidden import escape_hidden

Place = tuple[str | int, ...]
"""Keys and row numbers that lead to a value, as ("ties", 3, "strength")."""

MOST_LISTED = 100
"""Problems beyond these are only counted."""
_LONGEST_QUOTE = 60
_LONGEST_CHOICE = 15
_CLOSE = 0.6


class Problem(NamedTuple):
    """One thing that is wrong, and where."""

    place: Place
    text: str


def place_text(place: Place) -> str:
    """A place as it is written in messages, e.g. "ties[3].strength"."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[\w-]{1,64}", part) else quoted(part)
            text += f".{name}" if text else name
    return text


@dataclass(frozen=True)
class Origin:
    """Where scenario data come from.

    Parameters
    ----------
    name : the file or option to name in messages
    format_place : writes a place in it
    already : problems found before the data were validated as a scenario
    """

    name: str = "scenario"
    format_place: Callable[[Place], str] = place_text
    already: tuple[Problem, ...] = ()

    def error(self, problems: list[Problem]) -> ScenarioError:
        """The error that lists `problems`."""
        lines = [
            f"{place}: {problem.text}"
            if (place := self.format_place(problem.place))
            else problem.text
            for problem in problems[:MOST_LISTED]
        ]
        if len(problems) > MOST_LISTED:
            lines.append(f"and {len(problems) - MOST_LISTED} more")
        return ScenarioError(self.name, lines)


def quoted(text: str) -> str:
    """`text` in quotation marks, shortened, and with nothing invisible in it."""
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return escape_hidden(json.dumps(text, ensure_ascii=False))


def found(value: Any) -> str:
    """`value` as a phrase after "found"."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case int() if abs(value) >= 10**20:
            return "a whole number of more than 20 digits"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return "an array of 1" if len(value) == 1 else f"an array of {len(value)}"
        case dict():
            return "a table"
    return str(value)[:_LONGEST_QUOTE]


def closest(name: str, known: Iterable[str], most: int) -> list[str]:
    """The names in `known` close to `name`, at most `most`, closest first."""
    folded = {choice.casefold(): choice for choice in known}
    matches = difflib.get_close_matches(name[:_LONGEST_QUOTE].casefold(), folded, most, _CLOSE)
    return [folded[match] for match in matches]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` closest to `name`, if any is close."""
    return next(iter(closest(name, known, 1)), None)


def listed(names: list[str]) -> str:
    """Names separated by commas; only the first of many."""
    return ", ".join(names[:_LONGEST_CHOICE]) + (", …" if len(names) > _LONGEST_CHOICE else "")


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown `name`: the closest known one, or all if few."""
    known = list(known)
    if (near := nearest(name, known)) is not None:
        return f"; did you mean {quoted(near)}?"
    if 0 < len(known) <= _LONGEST_CHOICE:
        return f"; there are {listed(known)}"
    return ""
