"""Problems of single values, from pydantic's words into ours."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mcescalate.hidden import describe_character
from mcescalate.scenario.fields import Expected, Within, refused_character
from mcescalate.scenario.wording import MOST_LISTED, Place, Problem, found, suggestion


def field_problems(error: ValidationError, annotation: Any) -> list[Problem]:
    """The problems in `error`, which came from making a value of type `annotation`."""
    details = [detail for detail in error.errors(include_url=False) if not _counts_amiss(detail)]
    # Nobody reads the nearest names of a thousand keys, and they take long to find.
    return [
        _problem(detail, annotation, suggest=i < MOST_LISTED) for i, detail in enumerate(details)
    ]


def _counts_amiss(detail: dict[str, Any]) -> bool:
    """Whether too few rows are only too few because others of them are wrong."""
    least = detail.get("ctx", {}).get("min_length")
    return detail["type"] == "too_short" and len(detail["input"]) >= least


def annotation_of(model: type[BaseModel], field: str) -> Any:
    """The type of a field with all that it is annotated by."""
    info = model.model_fields[field]
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _problem(detail: dict[str, Any], model: Any, *, suggest: bool) -> Problem:
    place: Place = detail["loc"]
    if detail["type"] == "extra_forbidden":
        known = keys_of(_inner(_at(model, place[:-1])))
        text = f"unknown key{suggestion(str(place[-1]), known) if suggest else ''}"
    elif detail["type"] == "missing":
        text = f"missing; expected {_expected(_at(model, place))}"
    else:
        annotation = _at(model, place)
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


def _at(annotation: Any, place: Place) -> Any:
    """The type, with all that it is annotated by, of what stands at `place` within a value."""
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
