"""Every module of analysis is an attribute of it, whatever its folder."""

import ast
from pathlib import Path

from mcescalate import analysis


def test_every_module_is_an_attribute():
    folder = Path(analysis.__file__).parent
    modules = {path.stem for path in folder.glob("*/*.py") if path.parent.name != "plots"}
    folders = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    names = modules - {"__init__"} | folders
    assert set(dir(analysis)) == names
    assert all(getattr(analysis, name).__name__.endswith(f".{name}") for name in names)


def test_type_checkers_know_the_same_modules():
    source = Path(analysis.__file__).read_text(encoding="utf-8")
    names = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(analysis.__name__)
        for alias in node.names
    }
    assert names == {getattr(analysis, name).__name__ for name in dir(analysis)}
