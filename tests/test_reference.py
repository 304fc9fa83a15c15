"""The reference: every public name is listed, documented in full, and its example runs."""

import doctest
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest
from made_up_data import FILES, write_files
from made_up_disputes import DISPUTE_FILES

import mcescalate as mc
from mcescalate import analysis, errors, plots
from mcescalate.engine.trace.sequence import ChainTrace
from mcescalate.engine.trace.text import Trace
from mcescalate.importing.build.assemble import Imported
from mcescalate.importing.importer import Data

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    f"analysis.{name}": module
    for name in dir(analysis)
    if not hasattr(module := getattr(analysis, name), "__path__")
} | {"plots": plots, "errors": errors}
RETURNED = {
    f"{cls.__module__.removeprefix('mcescalate.')}.{cls.__name__}": cls
    for cls in (ChainTrace, Data, Imported, Trace)
}
"""Classes that are not called by users, but returned to them."""


def public_names() -> dict[str, object]:
    """Every public function and class by its name below the package."""
    package = {name: getattr(mc, name) for name in mc.__all__ if name != "__version__"}
    names = {name: it for name, it in package.items() if not isinstance(it, ModuleType)}
    for prefix, module in MODULES.items():
        names |= {f"{prefix}.{name}": getattr(module, name) for name in module.__all__}
    return names | RETURNED


PUBLIC = public_names()
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def sections(documented: object) -> dict[str, str]:
    """The docstring by its headings; what comes first is under ""."""
    text = inspect.getdoc(documented) or ""
    pieces = SECTION.split(text)
    return {"": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


def parameters(documented: object) -> set[str]:
    """Names of the parameters that a caller can give, with their stars."""
    if documented is mc.Scenario:
        return {"**tables"}
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return {
        stars.get(parameter.kind, "") + name
        for name, parameter in inspect.signature(documented).parameters.items()
    }


def described(section: str) -> set[str]:
    """Names that begin an entry of a section; several may share one, with commas."""
    entries = re.findall(r"^(\*{0,2}\w.*)$", section, re.MULTILINE)
    return {name.strip() for entry in entries for name in entry.split(",")}


def test_every_module_says_what_is_public():
    for name, module in MODULES.items():
        defined = {
            key
            for key, value in vars(module).items()
            if inspect.isroutine(value) or inspect.isclass(value)
        }
        assert set(module.__all__) <= defined, name


@pytest.mark.parametrize("name", PUBLIC)
def test_documentation_is_whole(name):
    documented = PUBLIC[name]
    found = sections(documented)
    summary = found[""].split("\n\n")[0]
    assert "\n" not in summary.strip() and summary.strip().endswith((".", ":"))
    is_error = inspect.isclass(documented) and issubclass(documented, Exception)
    is_told = documented in (ChainTrace, Trace)
    if not is_told and not (is_error and "__init__" not in vars(documented)):
        assert described(found["Parameters"]) == parameters(documented)
    if inspect.isfunction(documented):
        hints = inspect.get_annotations(documented)
        assert ("Returns" in found) == (hints["return"] is not None)
        if "raise " in inspect.getsource(documented) or "level" in hints:
            assert "Raises" in found
    assert ">>> " in found["Examples"]


def test_every_public_name_is_in_the_reference():
    pages = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "api").glob("*.md"))
    listed = re.findall(r"^   mcescalate\.(\S+)$", pages, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == set(PUBLIC)


@pytest.fixture(scope="module")
def made_up_data(tmp_path_factory):
    """The folder that examples call `data`."""
    return write_files(tmp_path_factory.mktemp("data"), FILES | DISPUTE_FILES)


@pytest.fixture
def examples_folder(tmp_path, made_up_data):
    """A folder with what examples read: `docs` and `data`."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "data").symlink_to(made_up_data)
    return tmp_path


def members(name: str) -> list[object]:
    """What a page of the reference shows: the name, and the methods of a class."""
    documented = PUBLIC[name]
    if not inspect.isclass(documented):
        return [documented]
    own = [it for key, it in vars(documented).items() if not key.startswith("_")]
    return [documented, *(it for it in own if inspect.isfunction(it))]


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_run(name, examples_folder, monkeypatch):
    monkeypatch.chdir(examples_folder)
    finder = doctest.DocTestFinder(recurse=False)
    runner = doctest.DocTestRunner(verbose=False)
    for documented in members(name):
        for test in finder.find(documented, name, globs={}):
            complaints = []
            runner.run(test, out=complaints.append)
            assert not complaints, "".join(complaints)
