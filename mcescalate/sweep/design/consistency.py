"""Consistency of a plan: rules that involve several of its values."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from mcescalate.limits import CHAIN_END
from mcescalate.scenario.wording import Place, Problem, found, listed, quoted
from mcescalate.sweep.design.plan import (
    BINARY,
    LISTED,
    POSTERIOR,
    SAMPLED,
    TABULATED,
    Axis,
    Distribution,
    Plan,
)

_NEEDS = {
    "uniform": ("low", "high"),
    "log-uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "log-normal": ("median", "spread"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "whole": ("low", "high"),
}
_MAY_HAVE = {"normal": ("low", "high"), "log-normal": ("low", "high"), "beta": ("low", "high")}
_POSITIVE = {"log-uniform": ("low", "high"), "log-normal": ("median", "spread", "low", "high")}
_POSITIVE |= {"normal": ("sd",), "beta": ("a", "b")}


def find_conflicts(plan: Plan) -> Iterator[Problem]:
    """Contradictions between values of `plan`."""
    yield from _design_conflicts(plan)
    for i, axis in enumerate(plan.axes):
        yield from _axis_conflicts(axis, i, plan.design.kind)
    yield from _repeats([axis.label for axis in plan.axes], "axes")
    yield from _repeats([base.name for base in plan.bases if base.name], "bases")
    if (plan.chains is None) == (plan.precision is None):
        state = "neither" if plan.chains is None else "both"
        yield Problem(
            (), f"expected either chains or a table [precision], found {state}; or use --chains"
        )
    most = plan.precision.max_chains if plan.precision else plan.chains or 0
    if plan.first_chain + most > CHAIN_END:
        yield Problem(("first_chain",), f"expected chains up to number {CHAIN_END - 1}, found more")


def nearest_powers(size: int) -> tuple[int, int]:
    """The nearest powers of 2 below and above `size`."""
    below = 1 << (max(size, 1).bit_length() - 1)
    return below, 2 * below


def _design_conflicts(plan: Plan) -> Iterator[Problem]:
    design = plan.design
    if design.kind in SAMPLED and design.size is None:
        yield Problem(("design", "size"), f"missing; the design {quoted(design.kind)} needs it")
    if design.kind not in (*SAMPLED, POSTERIOR) and design.size is not None:
        yield Problem(("design", "size"), f"has no meaning in the design {quoted(design.kind)}")
    if design.kind in BINARY and design.size and design.size & (design.size - 1):
        below, above = nearest_powers(design.size)
        yield Problem(
            ("design", "size"),
            f"expected a power of 2, found {design.size}; use {below} or {above}",
        )
    if design.second_order and design.kind != "saltelli":
        yield Problem(("design", "second_order"), 'only applies to the design "saltelli"')
    if (design.kind in TABULATED) != (design.file is not None):
        named = " and ".join(map(quoted, TABULATED))
        yield Problem(("design", "file"), f"expected for the designs {named}, and for no other")
    if design.era is not None and design.kind != POSTERIOR:
        yield Problem(("design", "era"), f"only applies to the design {quoted(POSTERIOR)}")
    if design.kind not in ("grid", *TABULATED) and not plan.axes:
        yield Problem(("axes",), f"expected at least 1 row for the design {quoted(design.kind)}")
    if design.kind == "zip":
        lengths = [_length(axis) for axis in plan.axes]
        if len(set(lengths)) > 1:
            text = f"expected equally many values in a zip, found {listed(list(map(str, lengths)))}"
            yield Problem(("axes",), text)


def _length(axis: Axis) -> int:
    return len(axis.values) if axis.values is not None else axis.steps or 0


def _axis_conflicts(axis: Axis, i: int, kind: str) -> Iterator[Problem]:
    place = ("axes", i)
    is_range = axis.low is not None or axis.high is not None
    ways = [axis.values is not None, is_range, axis.distribution is not None]
    if kind in TABULATED:
        if any(ways):
            yield Problem(place, f"its values are in the {kind}; remove them here")
        return
    if sum(ways) != 1:
        what = "values, low and high, or a distribution"
        yield Problem(place, f"expected one of {what}, found {'none' if not any(ways) else 'more'}")
        return
    if axis.values is not None:
        yield from _value_conflicts(axis.values, place)
    elif is_range:
        yield from _range_conflicts(axis, place, needs_steps=kind in LISTED)
    elif kind in LISTED:
        yield Problem(
            (*place, "distribution"),
            f"has no meaning in the design {quoted(kind)}; use values, or low, high and steps",
        )
    elif axis.distribution is not None:
        yield from distribution_conflicts(axis.distribution, (*place, "distribution"))


def _value_conflicts(values: Sequence[Any], place: Place) -> Iterator[Problem]:
    for k, value in enumerate(values):
        if not isinstance(value, bool | int | float) or not math.isfinite(value):
            text = f"expected a number, true or false, found {found(value)}"
            yield Problem((*place, "values", k), text)
    if len({isinstance(value, bool) for value in values}) > 1:
        yield Problem((*place, "values"), "expected all numbers, or all of them true or false")


def _range_conflicts(axis: Axis, place: Place, *, needs_steps: bool) -> Iterator[Problem]:
    if axis.low is None or axis.high is None:
        yield Problem(place, "expected both low and high, found one of them")
        return
    if axis.low >= axis.high:
        yield Problem((*place, "high"), f"expected more than low, {axis.low}, found {axis.high}")
    if axis.spacing == "log" and axis.low <= 0:
        yield Problem((*place, "low"), f"expected a number above 0, found {axis.low}")
    if needs_steps and axis.steps is None:
        yield Problem((*place, "steps"), "missing; expected how many values from low to high")
    if not needs_steps and axis.steps is not None:
        yield Problem((*place, "steps"), "has no meaning where values are drawn")


def distribution_conflicts(table: Distribution, place: Place) -> Iterator[Problem]:
    """What is wrong with the parameters of a distribution."""
    given = table.parameters
    needs, may_have = _NEEDS[table.kind], _MAY_HAVE.get(table.kind, ())
    for name in needs:
        if name not in given:
            yield Problem((*place, name), f"missing; the kind {quoted(table.kind)} needs it")
    for name in given:
        if name not in (*needs, *may_have):
            yield Problem((*place, name), f"has no meaning for the kind {quoted(table.kind)}")
    for name in _POSITIVE.get(table.kind, ()):
        if name in given and given[name] <= 0:
            yield Problem((*place, name), f"expected a number above 0, found {given[name]}")
    ordered = [given[name] for name in ("low", "mode", "high") if name in given]
    if ordered != sorted(ordered) or (len(ordered) > 1 and ordered[0] == ordered[-1]):
        yield Problem(place, "expected low below high, and mode between them")
    if table.kind == "whole":
        for name in needs:
            if name in given and given[name] != int(given[name]):
                yield Problem((*place, name), f"expected a whole number, found {given[name]}")
    if len([name for name in ("low", "high") if name in given]) == 1 and table.kind == "beta":
        yield Problem(place, "expected both low and high, or neither")


def _repeats(names: list[str], table: str) -> Iterator[Problem]:
    for i, name in enumerate(names):
        if name.casefold() in {other.casefold() for other in names[:i]}:
            yield Problem((table, i, "name"), f"{quoted(name)} is the name of another row already")
