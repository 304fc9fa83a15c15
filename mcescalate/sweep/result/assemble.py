"""Assembles shards into one labelled result with the dim `point` and axes as its coordinates.

Arrays of the final size are allocated once and filled shard by shard, so that memory holds the
result and one shard.
"""

import datetime
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from mcescalate import __version__
from mcescalate.errors import DataError
from mcescalate.model.counts import SWEEP_COUNTS, counts_of
from mcescalate.results.checks.result import check_result
from mcescalate.results.labels import count_attributes
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.sweep.result.checks import check_points
from mcescalate.sweep.result.coordinates import label_coordinates, point_coordinates, point_masks
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import Shard
from mcescalate.sweep.schedule.tally_layouts import (
    LayoutKey,
    PointLayouts,
    counts_in,
    positions_in,
    union_of_labels,
)
from mcescalate.sweep.store.folder import Folder
from mcescalate.sweep.store.manifest import SIMULATED_WITH
from mcescalate.sweep.store.shard_files import read_shard

_TRIES = 4
_PAUSE_SECONDS = 0.25


def assemble(
    folder: Folder,
    others: Sequence[Path] = (),
    *,
    partial: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> xr.Dataset:
    """The result of a sweep from its shards.

    Parameters
    ----------
    folder : the sweep's folder
    others : further folders of the same sweep, with shards of other parts
    partial : use the shards there are; unfinished points then have no chains
    progress : called with the number of shards read

    Raises
    ------
    DataError
        Shards are missing, unless `partial`, or damaged, or another sweep's, or their counts do
        not add up.
    """
    sweep = folder.sweep
    queue = ShardQueue(sweep, folder.costs, folder.stretches)
    layouts = queue.layouts
    union = union_of_labels(list(layouts.all.values()))
    counted = counts_in(layouts.all.values())
    arrays: dict[str, np.ndarray] = {
        count.name: np.zeros(
            (sweep.n_points, *(len(union[dim]) for dim in count.dims)), count.dtype
        )
        for count in counted
    }
    places = {
        key: {dim: positions_in(layout.labels[dim], union[dim]) for dim in union}
        for key, layout in layouts.all.items()
    }
    missing: list[Shard] = []
    n_read = 0
    while (shard := queue.take()) is not None:
        rows = _read(folder, [folder.path, *others], shard, layouts, wait=not missing)
        if rows is None:
            missing.append(shard)
            continue
        _add(arrays, shard, rows, layouts, places)
        queue.finish(shard, layouts.successes(shard.points, rows))
        n_read += 1
        progress(n_read)
    if missing and not partial:
        raise DataError(
            f"{folder.path}: {len(missing)} shards are missing, the first of them "
            f"{missing[0].name}; start the sweep again, or merge what there is with --partial"
        )
    if missing:
        for array in arrays.values():
            array[~queue.ended] = 0
    result = _dataset(folder, layouts, union, arrays, queue, is_whole=not missing)
    check_result(result, str(folder.path))
    check_points(result, str(folder.path))
    return result


def _read(
    folder: Folder, paths: Sequence[Path], shard: Shard, layouts: PointLayouts, *, wait: bool
) -> list[np.ndarray] | None:
    """The rows of a shard in the first of `paths` that has it.

    A network file system may show a new file late: it waits for the first one missing.
    """
    lengths = layouts.lengths(shard.points)
    for attempt in range(_TRIES if wait else 1):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        for path in paths:
            rows = read_shard(path, shard, lengths, folder.digest)
            if rows is not None:
                return rows
    return None


def _add(
    arrays: Mapping[str, np.ndarray],
    shard: Shard,
    rows: Sequence[np.ndarray],
    layouts: PointLayouts,
    places: Mapping[LayoutKey, Mapping[str, np.ndarray]],
) -> None:
    """Add the counts of a shard's points, those of one layout at a time."""
    by_layout: dict[LayoutKey, list[int]] = {}
    for k, point in enumerate(shard.points):
        by_layout.setdefault(layouts.key(point), []).append(k)
    points = np.fromiter(shard.points, np.int64)
    for key, members in by_layout.items():
        counts = layouts.all[key].counts(np.stack([rows[k] for k in members]))
        for count in counts_of([layouts.all[key].scope], SWEEP_COUNTS):
            target, values = arrays[count.name], counts[count.name]
            index = (points[members], *(places[key][dim] for dim in count.dims))
            target[np.ix_(*index)] += values


def _dataset(
    folder: Folder,
    layouts: PointLayouts,
    union: Mapping[str, Sequence[Any]],
    arrays: Mapping[str, np.ndarray],
    queue: ShardQueue,
    *,
    is_whole: bool,
) -> xr.Dataset:
    sweep = folder.sweep
    version, rng_layout, thresholds = (str(folder.manifest[key]) for key in SIMULATED_WITH)
    variables: dict[str, Any] = {}
    for count in counts_in(layouts.all.values()):
        attrs = count_attributes(count)
        variables[count.name] = (("point", *count.dims), arrays[count.name], attrs)
    variables |= point_masks(sweep, layouts, union)
    precision = sweep.plan.precision
    if precision:
        attrs = {
            "long_name": f"chains with {precision.of}, the target of the precision",
            "units": "1",
        }
        variables["precision_count"] = ("point", np.where(queue.ended, queue.successes, 0), attrs)
        attrs = {"long_name": "whether the precision was reached", "units": "1"}
        variables["precision_reached"] = ("point", queue.reached, attrs)
    if not is_whole:
        attrs = {"long_name": "whether all its chains were there", "units": "1"}
        variables["point_complete"] = ("point", queue.ended, attrs)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return xr.Dataset(
        variables,
        label_coordinates(sweep, union) | point_coordinates(sweep),
        attrs={
            "Conventions": "CF-1.11",
            "title": sweep.plan.title or "untitled sweep",
            "source": f"mcescalate {version}",
            "history": f"{now} simulated by mcescalate {version}, assembled by {__version__}",
            "date_created": now,
            "schema_version": SCHEMA_VERSION,
            "kind": "sweep",
            "complete": int(is_whole),
            "seed": str(sweep.seed),
            "common_random_numbers": int(not sweep.plan.independent),
            "first_chain": str(sweep.plan.first_chain),
            "rng_layout": rng_layout,
            "thresholds_sha256": thresholds,
            "sweep_sha256": folder.digest,
            "design": sweep.plan.design.kind,
            "design_sha256": sweep.design.digest(),
            **({"precision_of": precision.of} if precision else {}),
            "provenance": json.dumps(folder.manifest, sort_keys=True, ensure_ascii=False),
        },
    )
