"""The model in C, one chain after the other: as fast as it was possible to make it.

Compiled when first used, for the machine at hand and the ladder of the scenario. The structs of
the scenario are made from the dtypes of `World`, so C reads the package's own arrays.
"""

import ctypes
import functools
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from baselines.counts import Counts, complete_peaks, new_counts, tie_count_names
from mcescalate.model import world as layout
from mcescalate.model.coefficients import COEFFICIENTS, Coefficient
from mcescalate.model.counts import COUNTS
from mcescalate.model.world import World

SOURCES = Path(__file__).parent / "c"
FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-std=gnu11")
WARNINGS = ("-Wall", "-Wextra")

STRUCTS = {
    "actor": layout.ACTOR,
    "dyad": layout.DYAD,
    "incident": layout.INCIDENT,
    "domain": layout.DOMAIN,
    "tie": layout.TIE,
    "coefficients": layout.COEFFICIENTS,
}
C_TYPES = {"float64": "double", "int64": "int64_t", "uint64": "uint64_t"}
INTEGERS = ("n_actors", "mobilised", "casus", "horizon", "arms_levels", "arms_periods")
LISTS = ("incidents", "domains", "ties")
REALS = ("accident", "system_capability")
ARRAYS = ("coefficients", "actors", "dyads", "links", "incidents", "domains", "ties")

COUNTED = tuple(dict.fromkeys(count.field for count in COUNTS))
"""The tally of the C code, in its order."""


UNKNOWN_OF_ACTORS = {
    "opacity": 0.0,
    "weight_audience": 1.0,
    "weight_security": 1.0,
    "weight_stability": 1.0,
    "weight_influence": 1.0,
}
"""Values of actors that the C code does not have, and what they are while they do nothing."""
ELSEWHERE = {
    "arms.levels",
    "arms.periods",
    "outcome.system_capability",
    "run.horizon",
    "run.turn_days",
}
"""Coefficients that the C code has as fields of the world, or that are mere labels."""
LATER = {row.address for row in COEFFICIENTS if row.table == "sequence"} - {
    "sequence.crises",
    "sequence.quiet",
}
"""Those that say what one crisis leaves behind for the next, which one crisis a chain has not."""


class CannotPlay(Exception):
    """There is no compiler, it failed, or the scenario is out of this baseline's bounds."""


class _World(ctypes.Structure):
    _fields_ = (
        *[(name, ctypes.c_int64) for name in INTEGERS],
        *[(f"n_{name}", ctypes.c_int64) for name in LISTS],
        *[(name, ctypes.c_double) for name in REALS],
        *[(name, ctypes.c_void_p) for name in ARRAYS],
    )


@functools.cache
def compiler() -> str | None:
    """Path of gcc, if there is one: the code uses its vectors, so no other compiler will do."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    version = subprocess.run([gcc, "--version"], capture_output=True, text=True, check=False)
    return None if "clang" in version.stdout else gcc


def simulate(world: World, n_chains: int, seed: int) -> Counts:
    """Simulate `n_chains` and count everything that a result counts.

    Raises
    ------
    CannotPlay
        No compiler, log-odds in the scenario might be above 300, or a term is on that the C code
        does not have.
    """
    refuse_unknown(world)
    library = compiled(world.top + 1)
    counts = new_counts(world)
    ties = np.zeros((len(tie_count_names()), len(world.ties)), np.int64)
    arrays = [_counted(counts, ties, field) for field in COUNTED]
    tally = (ctypes.c_void_p * len(arrays))(*[array.ctypes.data for array in arrays])
    world = world._replace(dyads=world.all_dyads)
    asked = _World(
        *[int(getattr(world, name)) for name in INTEGERS],
        *[len(getattr(world, name)) for name in LISTS],
        *[float(getattr(world, name)) for name in REALS],
        *[np.asarray(getattr(world, name)).ctypes.data for name in ARRAYS],
    )
    failed = library.simulate(
        ctypes.byref(asked), tally, ctypes.c_uint64(seed), ctypes.c_int64(n_chains)
    )
    if failed:
        raise CannotPlay("the C baseline multiplies odds, and those of this scenario are too large")
    counts |= dict(zip(tie_count_names(), ties, strict=True))
    complete_peaks(counts)
    return counts


def _counted(counts: Counts, ties: np.ndarray, field: str) -> np.ndarray:
    if field == "tie":
        return ties
    return counts[field if field in counts else f"{field}_count"]


def refuse_unknown(world: World) -> None:
    """Raise `CannotPlay` if a term is on that the C code does not have."""
    found = [
        row.address
        for row in unknown_coefficients()
        if world.coefficients[row.field] != row.neutral
    ]
    for name, neutral in UNKNOWN_OF_ACTORS.items():
        if (world.actors[name] != neutral).any():
            found.append(f"actors.*.{name}")
    if world.blame != 0.0:
        found.append("trigger.blame")
    if found:
        raise CannotPlay(
            f"the C baseline does not have these terms: {', '.join(found)}; set them to their "
            "neutral values to measure it on this scenario"
        )


@functools.cache
def unknown_coefficients() -> tuple[Coefficient, ...]:
    """Those that the C code does not read, labels and those of `World` itself apart."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.iterdir())
    read = set(re.findall(r"\bc->(\w+)", text))
    return tuple(
        row
        for row in COEFFICIENTS
        if row.field not in read and row.address not in ELSEWHERE and row.address not in LATER
    )


@functools.cache
def compiled(rungs: int) -> ctypes.CDLL:
    """The library for ladders of `rungs` rungs, compiled unless this was done before."""
    gcc = compiler()
    if gcc is None:
        raise CannotPlay("there is no gcc to compile the C baseline with")
    with tempfile.TemporaryDirectory(prefix="mcescalate-c-") as scratch:
        folder = Path(scratch)
        (folder / "layout.h").write_text(header(), encoding="utf-8")
        library = folder / "escalation.so"
        words = [gcc, *FLAGS, *WARNINGS, "-shared", "-fPIC", f"-DRUNGS={rungs}"]
        words += [f"-I{folder}", f"-I{SOURCES}", str(SOURCES / "escalation.c")]
        words += ["-o", str(library), "-lm"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotPlay(f"gcc could not compile the C baseline:\n{done.stderr}")
        return ctypes.CDLL(str(library))


def header() -> str:
    """C structs of the rows of `World`, and of the tally."""
    lines = ["#include <stdint.h>", ""]
    for name, dtype in STRUCTS.items():
        fields = [f"    {C_TYPES[dtype[field].name]} {field};" for field in dtype.names]
        lines += [f"struct {name} {{", *fields, "};", ""]
    pointers = [f"    int64_t *{field};" for field in COUNTED]
    lines += ["struct tally {", *pointers, "};", ""]
    return "\n".join(lines)
