"""The manifest of a sweep's folder: all that its shards depend on, written once.

Whoever works on the folder compares; nobody locks. The sum over it stands in every shard, so
that a shard of another sweep is known wherever it is.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from mcescalate import __version__
from mcescalate.errors import DataError, McEscalateError, UsageError
from mcescalate.model.functions import logistic, normal_cdf
from mcescalate.model.words import RNG_LAYOUT, threshold
from mcescalate.scenario.reading import check_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import Origin
from mcescalate.sweep.plan import Plan
from mcescalate.sweep.points import Sweep
from mcescalate.sweep.shards import Costs

MANIFEST_VERSION = 1
PLAYED_BY = ("mcescalate", "rng_layout", "thresholds_sha256")
"""What counts depend on, and the reading of them does not."""
MOST_BYTES = 128 * 2**20
MOST_KEYS = 100
MOST_DIFFERENCES = 12


def thresholds_digest() -> str:
    """sha256 of the thresholds of draws on a fixed grid, from -12 to 12 in steps of 1/64.

    Chances come from `exp` and `erfc`, whose last bit may differ between machines, and are
    rounded to whole thresholds. Where this digest is the same, so are the draws.
    """
    digest = hashlib.sha256()
    for step in range(-768, 769):
        for law in (logistic, normal_cdf):
            digest.update(f"{int(threshold(law(step / 64)))}\n".encode())
    return digest.hexdigest()


def describe(sweep: Sweep, costs: Costs, stretches: tuple[int, ...]) -> dict[str, Any]:
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


def sweep_digest(manifest: dict[str, Any]) -> str:
    """sha256 over all of a manifest but how far the chains were extended."""
    content = {key: value for key, value in manifest.items() if key != "stretches"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
    try:
        manifest = json.loads(image)
        version = manifest["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(name) from None
    if len(manifest) > MOST_KEYS:
        raise DataError(f"{name}: not the manifest of a sweep: it has {len(manifest)} keys")
    if not isinstance(version, int) or version > MANIFEST_VERSION:
        raise DataError(
            f"{name}: written in format {version}, this version reads up to {MANIFEST_VERSION}; "
            "upgrade mcescalate"
        )
    if not isinstance(manifest.get("plan"), dict):
        raise _damaged(name)
    return manifest


def _damaged(name: str) -> DataError:
    return DataError(
        f"{name}: damaged or not the manifest of a sweep; remove it and start the sweep "
        "again with its plan: shards that fit are kept"
    )


def restore(manifest: dict[str, Any], name: str) -> tuple[Sweep, Costs, tuple[int, ...]]:
    """The sweep that a manifest describes, whichever version or machine played it.

    Raises
    ------
    DataError
        It is garbled, or this version lays out other points.
    """
    origin = Origin(name)
    try:
        stretches = tuple(int(end) for end in manifest["stretches"])
        bases = tuple(
            (base["name"], check_scenario(base["scenario"], origin)) for base in manifest["bases"]
        )
        tables = {**manifest["plan"], "bases": [{"scenario": base} for base, _ in bases]}
        if stretches:
            tables["chains"] = stretches[-1]
        sweep = Sweep(name, Plan.model_validate(tables), bases, manifest["table"])
        costs = Costs.model_validate(manifest["costs"])
        version, _, _ = (manifest[key] for key in PLAYED_BY)
        same_points = sweep.design.digest() == manifest["design_sha256"]
    except (ValidationError, McEscalateError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise DataError(f"{name}: not a whole manifest: {str(e).splitlines()[0]}") from None
    if not same_points:
        raise DataError(
            f"{name}: written by mcescalate {version}; this version or machine, {__version__}, "
            "lays out other points"
        )
    return sweep, costs, stretches


def compare(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    """See that a folder's manifest is that of the sweep about to be played.

    Raises
    ------
    UsageError
        It is not; shows what differs.
    """
    found = differences(old, new)
    if found:
        heading = f"{name}: belongs to another sweep; use another --out. There and here differ:"
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
