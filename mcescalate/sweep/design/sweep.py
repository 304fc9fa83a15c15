"""A sweep made in Python, from scenarios and axes at hand instead of a plan file."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mcescalate.arguments import kind_of
from mcescalate.errors import UsageError
from mcescalate.scenario.reading import load_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.plan import PLAN_VERSION
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.design.reading import check_base_names, read_plan, read_points

Base = Scenario | str | os.PathLike[str]
"""A scenario, its file, or the name of a case."""


class Sweep(PlannedSweep):
    """A sweep: one or several scenarios, and the values that differ between its points.

    It is what a plan file describes, with the same keys and the same rules: the same points,
    seed and chains give the same result. `run_sweep` simulates it.

    Parameters
    ----------
    base
        Scenario that the points start from, or its file, or the name of a case; several as
        a list, or as a mapping from the name that each has in the result. A scenario without a
        name takes its title, a file its stem.
    axes
        What differs between points: a mapping from address to its values, or to a mapping
        with the keys of a row [[axes]] (a key that is not an address names the axis); or a list of
        such rows.
    design
        Kind of design, such as "zip", or a mapping with the keys of the table [design];
        a table of points is looked for in the current folder.
    chains
        Number of chains of each point.
    precision
        Instead of `chains`: a text such as "war=2%", which also needs `max_chains`, or
        a mapping with the keys of the table [precision].
    max_chains
        With `precision`, the number of chains at which a point ends in any case.
    seed
        Seed of the chains, 0 to 2**63 - 1; drawn when the sweep is run if left out.
    first_chain
        Number of the first chain of each point.
    independent
        Whether each point has random numbers of its own instead of common ones.
    title
        Title of the result.

    Raises
    ------
    ScenarioError
        A value is invalid; lists every problem with its place.
    UsageError
        An argument is of the wrong kind, or a file is missing or cannot be read.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes={
    ...         "response.gap": [0.25, 0.5],
    ...         "strength": {
    ...             "address": "ties.*.defence.strength",
    ...             "change": "scale",
    ...             "low": 0.2,
    ...             "high": 1.0,
    ...             "steps": 3,
    ...         },
    ...     },
    ...     chains=100,
    ...     seed=1914,
    ... )
    >>> sweep.n_points
    6
    >>> sweep.scenario(3).response.gap
    0.5
    >>> result = mc.run_sweep(sweep, "gap-and-strength")
    >>> result["n_chains"].values.tolist()
    [100, 100, 100, 100, 100, 100]
    """

    def __init__(
        self,
        base: Base | Sequence[Base] | Mapping[str, Base],
        *,
        axes: Mapping[str, Any] | Iterable[Mapping[str, Any]] = (),
        design: str | Mapping[str, Any] = "grid",
        chains: int | None = None,
        precision: str | Mapping[str, Any] | None = None,
        max_chains: int | None = None,
        seed: int | None = None,
        first_chain: int = 0,
        independent: bool = False,
        title: str = "",
    ):
        name = "Sweep"
        bases = check_base_names(_named_scenarios(base), name)
        tables = {
            "schema_version": PLAN_VERSION,
            "title": title,
            "bases": [{"scenario": each} for each, _ in bases],
            "design": {"kind": design} if isinstance(design, str) else _plain(design),
            "axes": _axis_rows(axes),
            "first_chain": _plain(first_chain),
            "independent": independent,
        }
        options: dict[str, Any] = {"max_chains": max_chains, "seed": seed}
        if isinstance(precision, Mapping):
            tables |= {"precision": _plain(precision), "chains": _plain(chains)}
        else:
            options |= {"precision": precision, "chains": chains}
        plan = read_plan(tables, name, {key: _plain(value) for key, value in options.items()})
        plan, rows = read_points(plan, Path(), name, [each for _, each in bases])
        super().__init__(name, plan, bases, rows)


def _named_scenarios(base: Any) -> list[tuple[str, Scenario]]:
    """Each base with its name."""
    if isinstance(base, Mapping):
        return [(_text(name), _scenario(one)) for name, one in base.items()]
    if isinstance(base, Scenario | str | os.PathLike):
        base = (base,)
    elif not isinstance(base, Iterable):
        _scenario(base)
    named = []
    for one in base:
        scenario = _scenario(one)
        is_file = isinstance(one, str | os.PathLike)
        named.append((Path(one).stem if is_file else scenario.title or "base", scenario))
    if not named:
        raise UsageError("Sweep: base: expected one scenario or more, found none")
    return named


def _scenario(base: Any) -> Scenario:
    if isinstance(base, Scenario):
        return base
    if isinstance(base, str | os.PathLike):
        return load_scenario(base)
    raise UsageError(
        "Sweep: base: expected a scenario, its file or the name of a case, or several of them, "
        f"found {kind_of(base)}"
    )


def _text(name: Any) -> str:
    if isinstance(name, str) and name:
        return name
    raise UsageError(f"Sweep: base: expected a text as the name of a base, found {name!r}")


def _axis_rows(axes: Any) -> list[Any]:
    """The rows [[axes]] of a plan."""
    if isinstance(axes, Mapping):
        return [_axis_row(key, values) for key, values in axes.items()]
    if isinstance(axes, Iterable) and not isinstance(axes, str | bytes):
        return [_plain(row) for row in axes]
    raise UsageError(
        f"Sweep: axes: expected a mapping from addresses to values, or a list of rows, "
        f"found {kind_of(axes)}"
    )


def _axis_row(key: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {"address": key, "values": _plain(values)}
    row = _plain(values)
    return {"name": key, **row} if "address" in row else {"address": key, **row}


def _plain(value: Any) -> Any:
    """A value as a plan file has it: NumPy's numbers and arrays as Python's."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple | range):
        return [_plain(item) for item in value]
    return value
