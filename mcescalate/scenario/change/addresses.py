"""The language of changes: which values an address stands for, and how they are set.

An address leads to what holds after all rows are merged, whatever rows it comes from: a
promise is FROM's to TO, a dyad is an ordered pair ("ties.GMY-AUH.defence.ambiguity"). Any part
may hold `*`, which stands for anything: "actors.*.noise", "ties.GMY-*.defence.strength". A short
name such as "hotline:USA-RUS" stands for the addresses of `short_names`.

Options, edits and the axes of sweeps all change values by `assign`.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, Strict, TypeAdapter, ValidationError
from pydantic.types import AllowInfNan

from mcescalate.errors import ScenarioError
from mcescalate.scenario.change.short_names import expand
from mcescalate.scenario.change.values import Number, Path, ScenarioValues
from mcescalate.scenario.form.consistency import ladder_conflicts, trigger_conflicts
from mcescalate.scenario.form.tables import Ladder, plain
from mcescalate.scenario.merged_rows import CACHE_SIZE, ByIdentity, can_begin
from mcescalate.scenario.schema import NO_RIVAL, Scenario, expect_scenario
from mcescalate.scenario.wording import (
    Origin,
    Problem,
    annotation_of,
    field_problems,
    listed,
    nearest,
    quoted,
)

Change = Number | Callable[[Number], Number]
"""A new value, or what makes it of the old one."""

_DOMAINS = ["trigger", "domains"]


def parse_settings(texts: Iterable[str], name: str = "settings") -> list[tuple[str, Number]]:
    """Addresses and values of texts like "response.gap=1.2"; `name` stands in messages.

    Raises
    ------
    ScenarioError
        A text is not of this form; lists every one that is not.
    """
    settings = []
    problems = []
    for text in texts:
        address, equals, value_text = (part.strip() for part in text.partition("="))
        value = _parse_value(value_text)
        if not equals or not address:
            problems.append(f"expected address=value, found {quoted(text)}")
        elif value is None:
            problems.append(
                f"{address}: expected a number, true or false, found {quoted(value_text)}"
            )
        else:
            settings.append((address, value))
    if problems:
        raise ScenarioError(name, problems)
    return settings


def _parse_value(text: str) -> Number | None:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None


def read(scenario: Scenario, address: str, name: str = "settings") -> dict[str, Number]:
    """The values that `address` leads to, by the address of each, without `*`.

    Parameters
    ----------
    name : stands in messages

    Raises
    ------
    ScenarioError
        Nothing has this address; names the nearest one.
    """
    expect_scenario(scenario, "read")
    values = _values_of(ByIdentity(scenario))
    try:
        paths = _paths(values, address)
    except LookupError as error:
        raise ScenarioError(name, [str(error)]) from None
    return {".".join(path): values.value(path) for path in paths}


def assign(
    scenario: Scenario, changes: Iterable[tuple[str, Change]], name: str = "settings"
) -> Scenario:
    """`scenario` with new values at addresses, one after the other.

    Only what changes is checked again, so that this can be done for every point of a sweep.
    A promise that several rows make ends up in one row; the opposite direction of a mutual
    row stays as it was.

    Parameters
    ----------
    changes : addresses, each with a new value or a function of the old one
    name : stands in messages

    Raises
    ------
    ScenarioError
        An address leads nowhere, or a value is not allowed there; lists every problem.
    """
    expect_scenario(scenario, "assign")
    problems: list[Problem] = []
    touched: set[str] = set()
    for address, change in changes:
        values = ScenarioValues(scenario)
        new: dict[Path, Number] = {}
        try:
            for path in _paths(values, address):
                value = change(values.value(path)) if callable(change) else change
                new[path] = _checked(values.model(path), path[-1], value)
                touched.add(path[0])
        except LookupError as error:
            problems.append(Problem((), str(error)))
        except ValidationError as error:
            annotation = annotation_of(values.model(path), path[-1])
            problems += [
                Problem((), f"{'.'.join(path)}: {problem.text}")
                for problem in field_problems(error, annotation)
            ]
        else:
            scenario = values.replaced(new)
    problems += _conflicts(scenario, touched)
    if problems:
        raise Origin(name).error(problems)
    return scenario


@lru_cache(CACHE_SIZE)
def _values_of(scenario: ByIdentity[Scenario]) -> ScenarioValues:
    """The values of a scenario that is read many times."""
    return ScenarioValues(scenario.value)


def _paths(values: ScenarioValues, address: str) -> list[Path]:
    """The whole paths that an address or a short name stands for.

    Raises
    ------
    LookupError
        There is none; says what is nearest.
    """
    paths: dict[Path, None] = {}
    failures: list[LookupError] = []
    for each in expand(address):
        try:
            paths |= dict.fromkeys(_paths_of(values, each))
        except LookupError as error:
            failures.append(error)
    if not paths:
        raise failures[0]
    return list(paths)


def _paths_of(values: ScenarioValues, address: str) -> list[Path]:
    """The whole paths that `address` stands for; raises as `_paths` does."""
    parts = _split(address)
    starts: list[Path] = [()]
    for i, part in enumerate(parts):
        found = [
            (*start, name) for start in starts for name in _matching(part, values.names(start))
        ]
        if not found:
            known = list({name: None for start in starts for name in values.names(start)})
            raise LookupError(f"{address}: no value has this address{_hint(parts, i, known)}")
        starts = found
    whole = [start for start in starts if not values.names(start)]
    if not whole:
        more = list({name: None for start in starts for name in values.names(start)})
        raise LookupError(f"{address}: not the address of a value; add one of {listed(more)}")
    return whole


def _hint(parts: list[str], i: int, known: list[str]) -> str:
    """What may have been meant by part `i`, where the names are `known`."""
    start = ".".join(parts[:i])
    if not known:
        return f"; did you mean {quoted(start)}?"
    if (near := nearest(parts[i], known)) is not None:
        return f"; did you mean {quoted('.'.join([*parts[:i], near, *parts[i + 1 :]]))}?"
    return f"; {quoted(start) if start else 'a scenario'} has {listed(known)}"


def _split(address: str) -> list[str]:
    """The parts of an address; the name of a domain may have dots of its own."""
    parts = address.split(".")
    if parts[:2] == _DOMAINS and len(parts) > 4:
        parts = [*_DOMAINS, ".".join(parts[2:-1]), parts[-1]]
    return parts


def _matching(part: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that `part` stands for."""
    if "*" not in part:
        return [part] if part in names else []
    pattern = re.compile(".*".join(map(re.escape, part.split("*"))))
    return [name for name in names if pattern.fullmatch(name)]


def _checked(model: type[BaseModel], field: str, value: Any) -> Number:
    """`value`, if the field may have it.

    Raises
    ------
    ValidationError
        It may not.
    """
    if hasattr(value, "item"):  # numpy's numbers are not Python's
        value = value.item()
    return _checker(model, field).validate_python(value)


@cache
def _checker(model: type[BaseModel], field: str) -> TypeAdapter[Number]:
    kind: Any = Annotated[annotation_of(model, field), Strict(), AllowInfNan(False)]
    return TypeAdapter(kind)


def _conflicts(scenario: Scenario, touched: set[str]) -> list[Problem]:
    """What is wrong between the values of `scenario`, in so far as single values decide it."""
    problems: list[Problem] = []
    if touched & {"ladder", "trigger"}:
        data = {"ladder": plain(scenario.ladder), "trigger": plain(scenario.trigger)}
        problems += ladder_conflicts(data, plain(Ladder()))
        problems += trigger_conflicts(data)
    if touched & {"dyads", "dyad_defaults"} and not can_begin(scenario):
        problems.append(NO_RIVAL)
    return problems
