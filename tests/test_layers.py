"""The borders inside the package, read from its source: who imports whom, and what nobody may."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mcescalate

PACKAGE = Path(mcescalate.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Lower numbers are further down. Modules import their own part and lower numbers; parts of
# one number ignore each other.
LEVELS = {
    "hidden": -1,
    "errors": 0,
    "arguments": 1,
    "inputs": 1,
    "limits": 1,
    "machine": 1,
    "quantities": 1,
    "model": 2,
    "kernel": 3,
    "scenario": 4,
    "engine": 5,
    "results": 6,
    "analysis": 7,
    "importing": 7,
    "sweep": 7,
    "report": 8,
    "api": 8,
    "": 9,  # mcescalate/__init__.py
    "cli": 10,
    "__main__": 11,
}

# Inside these parts, each folder or module imports itself and earlier ones alone.
INNER_LEVELS = {"importing": ("files", "datasets", "build", "importer")}

# Packages that have one home. A name ending in "*" stands for every module that begins so.
HOMES = {
    "h5py": ["results.files.*"],
    "h5netcdf": ["results.files.*"],
    "dask": ["sweep.run.executors"],
    "distributed": ["sweep.run.executors"],
    "numba": ["model.jit", "kernel.simd", "engine.backend_numba"],
    "llvmlite": ["kernel.simd", "engine.backend_numba"],
    "numba.cuda": ["engine.backend_cuda*"],
    "matplotlib": ["analysis.plots*", "report.figures"],
    "networkx": ["analysis.plots*"],
    "cyclopts": ["cli.*"],
    "rich": ["cli.*"],
}

UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "yaml"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}


def module_name(path: Path) -> str:
    """Dotted name within the package; "" is the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports, anywhere in it, types for checkers included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(name: str) -> str:
    return name.split(".")[0]


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_point_down(path):
    own = part_of(module_name(path))
    for name in imports(path):
        if part_of(name) != "mcescalate":
            continue
        target = part_of(name.removeprefix("mcescalate").lstrip("."))
        target = target if target in LEVELS else ""  # a name of the package itself
        if target == "":
            assert own in ("", "cli") or name == "mcescalate.__version__", f"{path}: {name}"
        else:
            assert target == own or LEVELS[target] < LEVELS[own], f"{path}: {name} is not below"


@pytest.mark.parametrize("part", INNER_LEVELS)
def test_imports_point_down_inside_a_part(part):
    levels = INNER_LEVELS[part]
    inside = [path for path in FILES if module_name(path).startswith(f"{part}.")]
    assert {module_name(path).split(".")[1] for path in inside} == set(levels)
    for path in inside:
        own = levels.index(module_name(path).split(".")[1])
        prefix = f"mcescalate.{part}."
        for name in imports(path):
            if name.startswith(prefix):
                target = name.removeprefix(prefix).split(".")[0]
                assert levels.index(target) <= own, f"{path}: {name} is not below"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_each_library_stays_in_its_home(path):
    module = module_name(path)
    for name in imports(path):
        for library, homes in HOMES.items():
            if name == library or name.startswith(f"{library}."):
                fits = [module == h or (h[-1] == "*" and module.startswith(h[:-1])) for h in homes]
                assert any(fits), f"{path} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_no_private_name_is_imported(path):
    for name in imports(path):
        last = name.rsplit(".", 1)[-1]
        private = last.startswith("_") and not last.startswith("__")
        assert not (part_of(name) == "mcescalate" and private), f"{path}: {name}"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_nothing_can_run_code_from_data(path):
    for name in imports(path):
        assert part_of(name) not in UNSAFE_MODULES, f"{path} imports {name}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        where = f"{path}:{node.lineno}"
        if isinstance(node.func, ast.Name):
            assert node.func.id not in UNSAFE_CALLS, where
        for keyword in node.keywords:
            allows = not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
            assert not (keyword.arg == "allow_pickle" and allows), where
            assert keyword.arg not in ("fastmath", "parallel"), where


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_only_the_command_line_prints_or_exits(path):
    own = part_of(module_name(path))
    if own in ("cli", "__main__"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        assert called not in ("print", "sys.exit", "exit", "quit", "os._exit"), path


def test_only_the_compiled_backend_knows_the_kernel():
    # Without the kernel the model still runs: `plain` and `python` are whole without it.
    users = [
        module_name(other)
        for other in FILES
        if any(name.startswith("mcescalate.kernel") for name in imports(other))
    ]
    assert {part_of(user) for user in users} == {"kernel", "engine"}
    assert [user for user in users if part_of(user) == "engine"] == ["engine.backend_numba"]


def test_every_part_has_its_level():
    parts = {part_of(module_name(path)) for path in FILES}
    assert parts <= set(LEVELS)
