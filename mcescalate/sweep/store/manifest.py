"""The manifest of a sweep's folder: all that its shards depend on, written once.

Every process that opens the folder compares it with its own; there are no locks. Its digest is in
every shard, so that a shard of another sweep is recognised in any folder.
"""

import json
from collections.abc import Iterator
from typing import Any

from mcescalate import __version__
from mcescalate.errors import DataError, ResourceError, ScenarioError, UsageError
from mcescalate.machine import available_memory
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.quantities import in_bytes
from mcescalate.results.provenance.describe import thresholds_digest
from mcescalate.results.provenance.schema import (
    MANIFEST_VERSION,
    SweepManifest,
    parse_tables,
    restore_scenario,
    validated,
)
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.plan import TABULATED, Plan
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.design.reading import read_plan
from mcescalate.sweep.schedule.precision import target_term
from mcescalate.sweep.schedule.shards import Costs

SIMULATED_WITH = ("mcescalate", "rng_layout", "thresholds_sha256")
"""What counts depend on but reading them does not."""
MOST_BYTES = 128 * 2**20
POINT_BYTES = 200
"""Memory of a point per value while points are built, about."""
MOST_KEYS = 100
MOST_DIFFERENCES = 12


def describe(sweep: PlannedSweep, costs: Costs, stretches: tuple[int, ...]) -> dict[str, Any]:
    """The manifest of a sweep, ready for JSON."""
    plan = sweep.plan.model_dump(mode="json", exclude_none=True, exclude={"bases", "chains"})
    return {
        "format": MANIFEST_VERSION,
        "mcescalate": __version__,
        "rng_layout": RNG_LAYOUT,
        "thresholds_sha256": thresholds_digest(),
        "plan": plan,
        "stretches": list(stretches),
        "design_sha256": sweep.design.digest(),
        "costs": costs.model_dump(),
        # A list: their order decides which points are whose.
        "bases": [
            {"name": name, "scenario": _scenario_tables(scenario)} for name, scenario in sweep.bases
        ],
        "table": [list(row) for row in sweep.rows],
    }


def _scenario_tables(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", by_alias=True, exclude_none=True)


def manifest_image(manifest: dict[str, Any]) -> bytes:
    """The manifest as the bytes of its file."""
    return (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()


def parse_manifest(image: bytes, name: str) -> dict[str, Any]:
    """The manifest in the bytes of a file.

    Raises
    ------
    DataError
        They are no manifest, or one of a later version.
    """
    manifest = parse_tables(image)
    if manifest is None or "format" not in manifest:
        raise _damaged(name)
    if len(manifest) > MOST_KEYS:
        raise DataError(f"{name}: not the manifest of a sweep: it has {len(manifest)} keys")
    version = manifest["format"]
    if isinstance(version, int) and version > MANIFEST_VERSION:
        raise DataError(
            f"{name}: written in format {version}, this version reads up to {MANIFEST_VERSION}; "
            "upgrade mcescalate"
        )
    stored_plan(validated(SweepManifest, manifest, f"{name}: "), name)
    return manifest


def _damaged(name: str) -> DataError:
    return DataError(
        f"{name}: damaged or not the manifest of a sweep; remove it and start the sweep "
        "again with its plan: shards that fit are kept"
    )


def stored_plan(origin: SweepManifest, name: str) -> Plan:
    """The plan of a sweep, as its manifest has it, with as many chains as it was extended to.

    Raises
    ------
    DataError
        It is not valid; lists every problem.
    """
    last = {"chains": origin.stretches[-1]} if origin.stretches else {}
    bases = [{"scenario": base.name} for base in origin.bases]
    try:
        plan = read_plan({**origin.plan, **last, "bases": bases}, f"{name}: plan")
    except ScenarioError as error:
        raise DataError(str(error)) from None
    is_tabulated = plan.design.kind in TABULATED
    n_columns = len(plan.axes) if is_tabulated else 0
    if is_tabulated != bool(origin.table) or any(len(row) != n_columns for row in origin.table):
        raise DataError(f"{name}: table: expected rows of {n_columns} numbers, as the plan has")
    if plan.seed is None:
        raise DataError(f"{name}: plan: seed: missing; expected a whole number from 0 up")
    return plan


def sweep_in(manifest: dict[str, Any], name: str) -> tuple[PlannedSweep, SweepManifest]:
    """The sweep that a manifest describes; whether it has the same points is not looked at.

    Raises
    ------
    DataError
        The manifest, its plan or a scenario in it is not valid; says where.
    ResourceError
        It has more points than fit into memory.
    """
    origin = validated(SweepManifest, manifest, f"{name}: ")
    plan = stored_plan(origin, name)
    bases = tuple((base.name, restore_scenario(base.scenario, name)) for base in origin.bases)
    rows = [list(row) for row in origin.table]
    sweep = PlannedSweep(name, plan, bases, rows)
    needed = POINT_BYTES * sweep.n_points * max(len(plan.axes), 1)
    if needed > available_memory():
        raise ResourceError(f"{name}: its points need {in_bytes(needed)}, more than there is")
    try:
        for _, base in bases:
            if plan.precision:
                target_term(plan.precision.of, base, name)
        sweep.scenario(0)
        sweep.horizons.max()
    except (ScenarioError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[2].strip() or str(error)
        raise DataError(f"{name}: plan: {reason}") from None
    return sweep, origin


def restore(manifest: dict[str, Any], name: str) -> tuple[PlannedSweep, Costs]:
    """The sweep that a manifest describes, whichever version or machine simulated it.

    Raises
    ------
    DataError
        It is not valid, or this version builds other points.
    """
    sweep, origin = sweep_in(manifest, name)
    if sweep.design.digest() != origin.design_sha256:
        raise DataError(
            f"{name}: written by mcescalate {origin.mcescalate}; this version or machine, "
            f"{__version__}, builds other points"
        )
    return sweep, Costs(**dict(origin.costs))


def compare(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    """See that a folder's manifest is that of the sweep about to be simulated.

    Raises
    ------
    UsageError
        It is not; shows what differs.
    """
    found = differences(old, new)
    if found:
        heading = f"{name}: belongs to another sweep; choose another --out. Differences:"
        raise UsageError(heading, *(f"  {line}" for line in found))


def differences(old: Any, new: Any) -> list[str]:
    """What differs between two manifests, key by key: "key: in the old, in the new"."""
    pairs = list(_pairs(old, new, ""))
    lines = [f"{key}: {_short(a)} there, {_short(b)} now" for key, a, b in pairs[:MOST_DIFFERENCES]]
    if len(pairs) > MOST_DIFFERENCES:
        lines.append(f"and {len(pairs) - MOST_DIFFERENCES} more")
    return lines


_ABSENT = object()


def _pairs(old: Any, new: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            inner = f"{place}.{key}" if place else key
            yield from _pairs(old.get(key, _ABSENT), new.get(key, _ABSENT), inner)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _pairs(a, b, f"{place}[{i}]")
    elif old != new:
        yield place, old, new


def _short(value: Any) -> str:
    if value is _ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."
