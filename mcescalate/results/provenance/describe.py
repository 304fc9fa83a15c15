"""Provenance of a result: enough to reproduce it, and nothing about its author."""

import functools
import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic_core import to_jsonable_python

from mcescalate import __version__
from mcescalate.scenario.form.table import Table
from mcescalate.scenario.merged_rows import CACHE_SIZE, ByIdentity
from mcescalate.scenario.schema import Scenario

PROVENANCE_VERSION = 1
LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "xarray", "h5py", "h5netcdf", "pydantic")


_GAP = "\0"
"""Stands where JSON may have a space. Within its texts it cannot stand: there it is escaped."""


def scenario_json(scenario: Scenario) -> str:
    """The scenario with its defaults filled in, as canonical JSON: sorted keys, no spaces."""
    return _gapped(scenario).replace(_GAP, "")


def provenance_json(story: dict[str, Any], scenario: Scenario) -> str:
    """What `describe` says of work on `scenario`, with the scenario among its parameters."""
    texts = {key: _text(value) for key, value in story.items()}
    parameters = {key: _text(value) for key, value in story["parameters"].items()}
    texts["parameters"] = _object({**parameters, "scenario": _gapped(scenario)})
    return _object(texts).replace(_GAP, " ")


def _gapped(scenario: Scenario) -> str:
    """The scenario as JSON with sorted keys and a `_GAP` after every comma and colon."""
    values = {name: getattr(scenario, name) for name in Scenario.model_fields}
    rows = {name: value for name, value in values.items() if isinstance(value, tuple)}
    # All others at once: each by itself would have a serializer built for its table.
    others = scenario.model_dump(mode="json", by_alias=True, exclude=set(rows))
    texts = {name: _rows_text(ByIdentity(value)) for name, value in rows.items()}
    return _object(texts | {name: _text(value) for name, value in others.items()})


@lru_cache(CACHE_SIZE)
def _rows_text(rows: ByIdentity[tuple[Table, ...]]) -> str:
    return _text(rows.value)


def _object(texts: dict[str, str]) -> str:
    """An object whose values are texts of JSON already."""
    pairs = (f"{_text(key)}:{_GAP}{texts[key]}" for key in sorted(texts))
    return f"{{{f',{_GAP}'.join(pairs)}}}"


def _text(content: Any) -> str:
    plain = to_jsonable_python(content, by_alias=True)
    return json.dumps(
        plain, sort_keys=True, separators=(f",{_GAP}", f":{_GAP}"), ensure_ascii=False
    )


def canonical_json(content: Any) -> str:
    """One text for equal content: keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def scenario_digest(scenario: Scenario) -> str:
    """sha256 of `scenario_json`."""
    return hashlib.sha256(scenario_json(scenario).encode()).hexdigest()


@functools.cache
def thresholds_digest() -> str:
    """sha256 of the thresholds of draws on a fixed grid, from -12 to 12 in steps of 1/64.

    Chances come from `exp` and `erfc`, whose last bit may differ between machines, and are
    rounded to whole thresholds. Where this digest is the same, so are the draws.
    """
    from mcescalate.model.functions import logistic, normal_cdf
    from mcescalate.model.words import (
        threshold,  # these need the compiler, reading results does not
    )

    laws: tuple[Callable[[float], float], ...] = (logistic, normal_cdf)
    grid = [step / 64 for step in range(-768, 769)]
    lines = [f"{int(threshold(law(x)))}\n" for x in grid for law in laws]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def describe(
    scenario: Scenario, *, seed: int, ranges: list[list[int]], rng_layout: str, elapsed: float
) -> dict[str, Any]:
    """Software, scenario's digest, random numbers and machine of a run, for `provenance_json`.

    Parameters
    ----------
    ranges : [first chain, number of chains] of each stretch
    elapsed : seconds that the chains took
    """
    return {
        **describe_work(scenario, elapsed),
        "rng": {
            "layout": rng_layout,
            "seed": str(seed),
            "chains": ranges,
            "thresholds_sha256": thresholds_digest(),
        },
    }


def describe_work(scenario: Scenario, elapsed: float) -> dict[str, Any]:
    """The same of work that draws nothing at random."""
    return {
        "schema_version": PROVENANCE_VERSION,
        "software": {"name": "mcescalate", "version": __version__},
        "parameters": {"sha256": scenario_digest(scenario)},
        "environment": {
            "os": platform.system(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "libraries": {name: _version(name) for name in LIBRARIES},
        },
        "resources": {"elapsed_seconds": round(elapsed, 3)},
    }


@functools.cache
def _version(package: str) -> str:
    """The version of a package; reading that of an imported one takes no time."""
    if known := getattr(sys.modules.get(package), "__version__", None):
        return str(known)
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
