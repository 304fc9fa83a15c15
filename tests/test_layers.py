"""The borders inside the package: the contracts of pyproject.toml, and what they cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import mcescalate

PACKAGE = Path(mcescalate.__file__).parent
CONTRACTS = Path(__file__).parents[1] / "pyproject.toml"
TREES = {
    path.relative_to(PACKAGE): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
PRINTING_CALLS = {"print", "sys.exit", "exit", "quit", "os._exit"}


def nodes(*kinds: type) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of these kinds, with the file that it is in."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield path, node


def place(path: Path, node: ast.AST) -> str:
    return f"{path}:{node.lineno}: {ast.unparse(node)}"


def test_the_contracts_hold():
    # Here and in `scripts/lint` (lint-imports): layers, circles, and the home of each library.
    assert lint_imports(str(CONTRACTS), no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


def test_no_private_name_is_imported():
    # import-linter sees modules, not the names in them.
    found = [
        place(path, node)
        for path, node in nodes(ast.ImportFrom)
        if node.module.startswith("mcescalate")
        and any(
            alias.name.startswith("_") and not alias.name.startswith("__") for alias in node.names
        )
    ]
    assert found == []


def test_parts_take_only_the_version_from_the_package():
    # Its other names are fetched on first use, which import-linter does not see.
    found = [
        place(path, node)
        for path, node in nodes(ast.ImportFrom)
        if node.module == "mcescalate"
        and path.parts[0] not in ("cli", "__init__.py")
        and {alias.name for alias in node.names} != {"__version__"}
    ]
    assert found == []


def test_imports_are_absolute():
    # The import checks above read whole names.
    assert [place(path, node) for path, node in nodes(ast.ImportFrom) if node.level] == []


def test_nothing_can_run_code_from_data():
    found = []
    for path, node in nodes(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS:
            found.append(place(path, node))
        for keyword in node.keywords:
            is_false = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            if keyword.arg == "allow_pickle" and not is_false:
                found.append(place(path, node))
    assert found == []


def test_kernels_are_compiled_without_fastmath_and_parallel():
    # Either would make counts depend on the processor or the number of threads.
    found = [
        place(path, node)
        for path, node in nodes(ast.Call)
        if {keyword.arg for keyword in node.keywords} & {"fastmath", "parallel"}
    ]
    assert found == []


def test_only_the_command_line_prints_or_exits():
    found = [
        place(path, node)
        for path, node in nodes(ast.Call)
        if path.parts[0] not in ("cli", "__main__.py") and ast.unparse(node.func) in PRINTING_CALLS
    ]
    assert found == []
