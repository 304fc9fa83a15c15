"""Put something in place or take it away: set its values to 1, or to those that switch it off.

An edit is a short name ("tie:GMY-AUH", see `short_names`) or an address. What is put in place
may have a value: "hotline:USA-RUS=0.5".
"""

from collections.abc import Sequence

from mcescalate.errors import UsageError
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.scenario.change.addresses import assign, parse_settings, read
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.change.short_names import expand
from mcescalate.scenario.change.values import Number
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario, expect_scenario

_NEUTRAL = {
    row.address: int(row.neutral) if row.integer else row.neutral
    for row in COEFFICIENTS
    if row.neutral is not None
}
"""The value that switches a coefficient off, by address."""


def without(scenario: Scenario, edit: str) -> Scenario:
    """`scenario` with the values that `edit` names switched off.

    Coefficients take their neutral value, all other values 0.

    Raises
    ------
    UsageError
        `edit` has a value.
    ScenarioError
        `edit` is no short name or address, or names what the scenario does not have.
    """
    expect_scenario(scenario, "without")
    name, equals, value = edit.partition("=")
    if equals:
        raise UsageError(f'without {name}: expected no value, found "={value}"; "with" takes one')
    return assign(scenario, settings_of(scenario, edit, is_on=False).items(), edit)


def with_(scenario: Scenario, edit: str) -> Scenario:
    """`scenario` with the values that `edit` names set to the one after "=", or 1.

    A promise needs its kind, as in "tie:GMY-AUH.defence"; one that does not exist is added.

    Raises
    ------
    ScenarioError
        `edit` is no short name or address, it names what the scenario does not have, or its
        value is not allowed.
    """
    expect_scenario(scenario, "with_")
    [(name, _)] = _put_in_place(edit)
    scenario = _with_promises(scenario, edit, name)
    return assign(scenario, settings_of(scenario, edit, is_on=True).items(), edit)


def settings_of(scenario: Scenario, edit: str, *, is_on: bool) -> dict[str, Number]:
    """What `with_` (if `is_on`) or `without` sets: each new value by its address.

    Values that stay as they are are left out, so that rows which have them already stay as they
    are written.

    Raises
    ------
    ScenarioError
        `edit` is no short name or address, or names what the scenario does not have.
    """
    expect_scenario(scenario, "settings_of")
    [(name, value)] = _put_in_place(edit) if is_on else [(edit, None)]
    old = read(scenario, name, edit)
    new = {path: _NEUTRAL.get(path, 0) if value is None else value for path in old}
    return {path: new[path] for path in old if old[path] != new[path]}


def _put_in_place(edit: str) -> list[tuple[str, Number]]:
    """The name and the value of an edit that puts something in place."""
    return parse_settings([edit if "=" in edit else f"{edit}=1"], edit)


def edited(scenario: Scenario, *, off: Sequence[str] = (), on: Sequence[str] = ()) -> Scenario:
    """`scenario` without everything in `off` and with everything in `on`, in this order."""
    expect_scenario(scenario, "edited")
    for edit in off:
        scenario = without(scenario, edit)
    for edit in on:
        scenario = with_(scenario, edit)
    return scenario


def _with_promises(scenario: Scenario, edit: str, name: str) -> Scenario:
    """`scenario` with a row for each promise of a short name that has none."""
    try:
        parts = [address.split(".") for address in expand(name) if address != name]
    except LookupError:  # for `read` to report
        return scenario
    promises = [(*part[1].split("-"), part[2]) for part in parts if part[0] == "ties"]
    if any(kind == "*" for _, _, kind in promises):
        raise UsageError(f"{edit}: say which kind of promise, as in {name}.defence")
    there = merge_rows(scenario).promises
    rows = [
        {"from": giver, "to": to, "mutual": False, "kind": kind}
        for giver, to, kind in promises
        if (giver, to, kind) not in there and "*" not in giver + to
    ]
    return apply_overlay(scenario, {"ties": rows}, edit) if rows else scenario
