"""Problems of single values, from pydantic's words into ours."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mcescalate.scenario.fields import Expected, Within
from mcescalate.scenario.wording import Place, Problem, found, suggestion


def field_problems(error: ValidationError, annotation: Any) -> list[Problem]:
    """The problems in `error`, which came from making a value of type `annotation`."""
    return [_problem(detail, annotation) for detail in error.errors(include_url=False)]


def annotation_of(model: type[BaseModel], field: str) -> Any:
    """The type of a field with all that it is annotated by."""
    info = model.model_fields[field]
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _problem(detail: dict[str, Any], model: Any) -> Problem:
    place: Place = detail["loc"]
    if detail["type"] == "extra_forbidden":
        parent = _inner(_at(model, place[:-1]))
        text = f"unknown key{suggestion(str(place[-1]), keys_of(parent))}"
    elif detail["type"] == "missing":
        text = f"missing; expected {_expected(_at(model, place))}"
    else:
        annotation = _at(model, place)
        value = detail["input"]
        text = f"expected {_expected(annotation)}, found {found(value)}"
        if isinstance(value, str) and get_origin(annotation) is Literal:
            text += suggestion(value, get_args(annotation))
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
