"""A sweep's folder: created, recognised and reopened."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mcescalate.errors import DataError, OutputError, UsageError
from mcescalate.inputs import read_regular
from mcescalate.results.files.kinds import check_folder_name
from mcescalate.results.provenance.schema import sweep_digest
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.shards import Costs
from mcescalate.sweep.store.manifest import (
    MOST_BYTES,
    compare,
    describe,
    manifest_image,
    parse_manifest,
    restore,
    sweep_in,
)
from mcescalate.sweep.store.shard_files import (
    MANIFEST,
    SHARDS,
    create_file,
    remove_old_temporary_files,
    replace_file,
)


class Folder:
    """An opened folder: its manifest, and the sweep that this describes."""

    def __init__(self, path: Path, sweep: PlannedSweep, costs: Costs, manifest: dict[str, Any]):
        self.path = path
        self.sweep = sweep
        self.costs = costs
        self.manifest = manifest
        self.digest = sweep_digest(manifest)

    @property
    def stretches(self) -> tuple[int, ...]:
        """Chains of each point that were requested, one number for each extension."""
        return tuple(self.manifest["stretches"])


def seed_in(path: Path) -> int | None:
    """Seed of the sweep in a folder; None where there is none yet."""
    manifest = read_manifest(path)
    return None if manifest is None else manifest["plan"].get("seed")


def check_folder(path: Path) -> None:
    """Check that `path` is a folder of a sweep, an empty folder, or a free name.

    Raises
    ------
    OutputError
        It is a file or named like one, holds other things, or its parent is missing or closed.
    """
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: is a file; name a folder")
    if not path.exists():
        check_folder_name(path)
        if not path.parent.is_dir():
            raise OutputError(f"{path}: the folder {path.parent} does not exist; create it first")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise OutputError(f"{path}: the folder {path.parent} is not writable")
        return
    if not os.access(path, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: the folder is not writable")
    names = {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}
    if names and not names & {MANIFEST, SHARDS}:
        raise OutputError(f"{path}: is not empty and holds no sweep; choose another --out")


def open_folder(path: Path, sweep: PlannedSweep, costs: Costs) -> Folder:
    """Create the folder of a sweep, or reopen it.

    Where it holds fewer chains of the same points than are now requested, the manifest is
    extended.

    Raises
    ------
    UsageError
        It belongs to another sweep; shows what differs.
    OutputError
        It cannot be made or written to.
    DataError
        Its manifest is damaged.
    """
    check_folder(path)
    try:
        (path / SHARDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be made: {error.strerror}") from error
    remove_old_temporary_files(path)
    remove_old_temporary_files(path / SHARDS)
    old = read_manifest(path)
    if old is None:
        new = describe(sweep, costs, _stretches(sweep, ()))
        if create_file(path / MANIFEST, manifest_image(new)):
            return Folder(path, sweep, costs, new)
        old = read_manifest(path)
        if old is None:
            raise DataError(f"{path / MANIFEST}: cannot be read")
    folder = _reopened(path, sweep, costs, old)
    if folder.manifest != old:
        replace_file(path / MANIFEST, manifest_image(folder.manifest))
    return folder


def check_sweep(path: Path, sweep: PlannedSweep, costs: Costs) -> None:
    """Check that a folder holds no other sweep; nothing is written.

    Raises
    ------
    UsageError
        It does; shows what differs.
    DataError
        Its manifest is damaged.
    """
    old = read_manifest(path)
    if old is not None:
        _reopened(path, sweep, costs, old)


def _reopened(path: Path, sweep: PlannedSweep, costs: Costs, old: dict[str, Any]) -> Folder:
    """The folder with the manifest `old`, for as many chains as are asked for now."""
    # What is compared is the plan; how it was cut stays as it was.
    costs = Costs.model_validate(old["costs"])
    before = tuple(old["stretches"])
    new = describe(sweep, costs, before)
    if old != new:
        sweep_in(old, str(path / MANIFEST))  # if it is none at all, that is the news
    compare(old, new, str(path))
    return Folder(path, sweep, costs, new | {"stretches": list(_stretches(sweep, before))})


def _stretches(sweep: PlannedSweep, before: Sequence[int]) -> tuple[int, ...]:
    """The stretches of a sweep with a fixed number of chains, after those there were before."""
    chains = sweep.plan.chains
    if chains is None:
        return ()
    if before and chains < before[-1]:
        raise UsageError(
            f"--chains: expected {before[-1]} or more, which points have already, found {chains}"
        )
    return tuple(before) if chains in before else (*before, chains)


def read_manifest(path: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None where there is none.

    Raises
    ------
    DataError
        It is damaged, or cannot be read.
    """
    file = path / MANIFEST
    try:
        image = read_regular(file, MOST_BYTES, DataError)
    except DataError as error:
        if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
            return None
        raise
    if len(image) > MOST_BYTES:
        raise DataError(f"{file}: too large for a manifest; not read")
    return parse_manifest(image, str(file))


def reopen_folder(path: Path) -> Folder:
    """The sweep that a folder holds, from its manifest alone.

    Raises
    ------
    DataError
        There is no manifest, or it is damaged, or this version cannot read it.
    """
    manifest = read_manifest(path)
    if manifest is None:
        raise DataError(
            f"{path}: holds no {MANIFEST}; start the sweep again with its plan, which writes it"
        )
    sweep, costs = restore(manifest, str(path / MANIFEST))
    return Folder(path, sweep, costs, manifest)
