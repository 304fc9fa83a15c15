"""Every module of analysis is an attribute of it, whatever its folder."""

from pathlib import Path

from mcescalate import analysis


def test_every_module_is_an_attribute():
    folder = Path(analysis.__file__).parent
    modules = {path.stem for path in folder.glob("*/*.py") if path.parent.name != "plots"}
    folders = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    names = modules - {"__init__"} | folders
    assert set(dir(analysis)) == names
    assert all(getattr(analysis, name).__name__.endswith(f".{name}") for name in names)
