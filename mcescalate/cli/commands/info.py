"""`mcescalate info`: versions, limits and settings in force."""

from typing import Any

from mcescalate.cli.options import Json

LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "xarray", "h5py", "h5netcdf", "pydantic")
OPTIONAL = ("matplotlib", "networkx", "distributed", "SALib")
SETTINGS = ("MCESCALATE_WORKERS", "MCESCALATE_BACKEND", "NUMBA_CACHE_DIR", "NO_COLOR")


def info(*, as_json: Json = False) -> None:
    """Print versions, limits and settings in force, to include when reporting a problem."""
    from mcescalate.cli.terminal.printing import print_json, print_lines

    found = facts()
    if as_json:
        print_json(found)
        return
    for topic, value in found.items():
        if isinstance(value, dict):
            print_lines("", topic)
            for name, detail in value.items():
                print_lines(f"  {name:<20} {'not set' if detail is None else detail}")
        else:
            print_lines(f"{topic.removesuffix('_bytes'):<22} {_text(topic, value)}")


def _text(topic: str, value: object) -> str:
    from mcescalate.quantities import in_bytes

    if isinstance(value, list):
        return ", ".join(value)
    if value is None:
        return "unknown"
    if topic.endswith("_bytes") and isinstance(value, int | float):
        return in_bytes(value)
    return str(value)


def facts() -> dict[str, Any]:
    """All facts that `info` prints, by topic and name."""
    import os
    import platform
    from importlib import metadata

    from mcescalate import __version__
    from mcescalate.engine.backends import BACKENDS
    from mcescalate.machine import NO_LIMIT, available_cores, available_memory
    from mcescalate.model.words import RNG_LAYOUT

    def version(name: str) -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return "not installed"

    memory = available_memory()
    return {
        "mcescalate": __version__,
        "rng_layout": RNG_LAYOUT,
        "backends": list(BACKENDS),
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": available_cores(),
        "memory_bytes": memory if memory < NO_LIMIT else None,
        "libraries": {name: version(name) for name in (*LIBRARIES, *OPTIONAL)},
        "settings": {name: os.environ.get(name) for name in SETTINGS},
    }
