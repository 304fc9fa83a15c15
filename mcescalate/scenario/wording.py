"""Problems of scenario data and their wording: the place, what was expected and what was found."""

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mcescalate.errors import ScenarioError
from mcescalate.hidden import describe_character, escape_hidden
from mcescalate.scenario.fields import Expected, Within, refused_character

Place = tuple[str | int, ...]
"""Keys and row numbers that lead to a value, as ("ties", 3, "strength")."""

MOST_LISTED = 100
"""Problems beyond these are only counted."""
_LONGEST_QUOTE = 60
_LONGEST_CHOICE = 20
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


def field_problems(error: ValidationError, annotation: Any) -> list[Problem]:
    """The problems in `error`, which came from making a value of type `annotation`."""
    details = [
        detail for detail in error.errors(include_url=False) if not _hides_invalid_rows(detail)
    ]
    # Finding the nearest names of thousands of keys would take long, and help no reader.
    return [
        _problem(detail, annotation, suggest=i < MOST_LISTED) for i, detail in enumerate(details)
    ]


def _hides_invalid_rows(detail: ErrorDetails) -> bool:
    """Whether rows are too few only because others of them are invalid."""
    least = detail.get("ctx", {}).get("min_length", 0)
    return detail["type"] == "too_short" and len(detail["input"]) >= least


def annotation_of(model: type[BaseModel], field: str) -> Any:
    """The type of a field with all that it is annotated by."""
    info = model.model_fields[field]
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _problem(detail: ErrorDetails, model: Any, *, suggest: bool) -> Problem:
    place: Place = detail["loc"]
    if detail["type"] == "extra_forbidden":
        known = keys_of(_inner(_annotation_at(model, place[:-1])))
        text = f"unknown key{suggestion(str(place[-1]), known) if suggest else ''}"
    elif detail["type"] == "missing":
        text = f"missing; expected {_expected(_annotation_at(model, place))}"
    else:
        annotation = _annotation_at(model, place)
        value = detail["input"]
        text = f"expected {_expected(annotation)}, found {found(value)}"
        if isinstance(value, str) and get_origin(annotation) is Literal:
            text += suggestion(value, get_args(annotation))
        elif isinstance(value, str) and (place_in_it := refused_character(value)) is not None:
            name = describe_character(value[place_in_it])
            text += f"; character {place_in_it + 1} is {name}, which is not shown: remove it"
    return Problem(place, text)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a table or row may have in a file."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _annotation_at(annotation: Any, place: Place) -> Any:
    """The annotated type of the value at `place` within a value of the type `annotation`."""
    for part in place:
        annotation = _inner(annotation)
        if isinstance(part, int):
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            continue
        for name, field in annotation.model_fields.items():
            if part == (field.alias or name):
                annotation = annotation_of(annotation, name)
                break
    return annotation


def _inner(annotation: Any) -> Any:
    """The bare type within annotations and "or nothing"."""
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _inner(next(arm for arm in get_args(annotation) if arm is not NoneType))
    return annotation


def _expected(annotation: Any) -> str:
    """What is expected of a value, as a phrase."""
    if get_origin(annotation) is Annotated:
        bare, *metadata = get_args(annotation)
        for item in metadata:
            if isinstance(item, Expected):
                return item.phrase
            if isinstance(item, Within):
                return item.expected(bare)
        return _expected(bare)
    if get_origin(annotation) in (Union, UnionType):
        return _expected(next(arm for arm in get_args(annotation) if arm is not NoneType))
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(map(str, get_args(annotation)))}"
    if annotation is bool:
        return "true or false"
    return "a table"
