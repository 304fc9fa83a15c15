"""The scenario: a valid whole of tables.

Making a `Scenario` reports every problem at once, those of single values and those between
rows, each with its place.
"""

from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, ValidationInfo, model_validator

from mcescalate.arguments import expect_instance
from mcescalate.errors import UsageError
from mcescalate.scenario.form.consistency import find_conflicts
from mcescalate.scenario.form.tables import SCHEMA_VERSION, Ladder, ScenarioTables, plain
from mcescalate.scenario.merged_rows import can_begin
from mcescalate.scenario.wording import Origin, Problem, field_problems

NO_RIVAL = Problem(
    ("trigger", "from_rivalry"),
    "expected a pair of actors with rivalry and reach above 0, found none",
)


class Scenario(ScenarioTables):
    """A whole, checked scenario: what a scenario file says, as objects.

    `load_case`, `load_scenario` and `scenario_from_data` return one. It cannot be changed;
    `scenario.model_copy` does not check, so change values with `settings` and overlays, or with
    `mcescalate.scenario.change.addresses.assign`.

    Parameters
    ----------
    **tables
        The tables of a scenario file (`actors`, `ties`, `dyads`, `trigger`, `run`, ...), as objects
        or plain values; docs/values.md lists every one with its unit, bounds and default.

    Raises
    ------
    ScenarioError
        It is invalid; lists every problem with its place.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.Scenario(
    ...     schema_version=1,
    ...     title="Two rivals",
    ...     actors=[{"id": "A", "capability": 0.4}, {"id": "B", "capability": 0.6}],
    ...     dyads=[{"a": "A", "b": "B", "rivalry": 2.0}],
    ...     trigger={"initiator": "A", "target": "B"},
    ... )
    >>> scenario.ladder.rungs[-1], scenario.run.turn_days
    ('war', 3.0)
    """

    @model_validator(mode="wrap")
    @classmethod
    def _report_all_problems(
        cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if isinstance(data, cls):
            return data
        origin = info.context if isinstance(info.context, Origin) else Origin()
        problems = list(origin.already)
        scenario = None
        try:
            scenario = handler(data)
        except ValidationError as error:
            problems += field_problems(error, cls)
        if isinstance(data, dict):
            problems += find_conflicts(plain(data), plain(Ladder()))
        # Without any incident all periods are quiet, if they can be.
        is_whole = not problems and scenario is not None and scenario.sequence.quiet == 0.0
        if is_whole and scenario is not None and not can_begin(scenario):
            problems.append(NO_RIVAL)
        if problems or scenario is None:
            raise origin.error(_in_file_order(problems, list(cls.model_fields)))
        return scenario


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of scenario files, for editors.

    It covers single values; consistency between values is checked when a file is read.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scenario.model_json_schema(by_alias=True),
        "title": f"mcescalate scenario, version {SCHEMA_VERSION}",
    }


def expect_scenario(value: Any, function: str) -> None:
    """Refuse `value` unless it is a scenario.

    Raises
    ------
    UsageError
        It is none; names the function that got it, and `load_scenario`.
    """
    expect_instance(value, Scenario, function, "load_scenario")


def expect_one_crisis(scenario: Scenario, function: str, option: str = "--set") -> None:
    """Refuse a scenario whose chains are several crises each.

    Parameters
    ----------
    option : with which the command line sets values of this scenario

    Raises
    ------
    UsageError
        They are; says what to set.
    """
    if problem := several_crises_problem(scenario, option):
        raise UsageError(f"{function}: {problem}")


def several_crises_problem(scenario: Scenario, option: str = "--set") -> str:
    """Say what to set so that chains are one crisis each; empty if they are."""
    found, wanted = [], []
    if scenario.sequence.crises > 1:
        found.append(f"sequence.crises = {scenario.sequence.crises}")
        wanted.append(f"{option} sequence.crises=1")
    if scenario.sequence.quiet > 0.0:
        found.append(f"sequence.quiet = {scenario.sequence.quiet:g}")
        wanted.append(f"{option} sequence.quiet=0")
    if not found:
        return ""
    return (
        f"expected chains of one crisis each, found {' and '.join(found)}; "
        f"add {' '.join(wanted)}, or use run, compare, levers or trace"
    )


def _in_file_order(problems: list[Problem], tables: list[str]) -> list[Problem]:
    """Problems by table and row, each once."""
    rank: dict[str | int, int] = {name: i for i, name in enumerate(tables)}

    def key(problem: Problem) -> tuple[int, int]:
        place = (*problem.place, "", "")
        return rank.get(place[0], len(rank)), place[1] if isinstance(place[1], int) else -1

    return sorted(dict.fromkeys(problems), key=key)
