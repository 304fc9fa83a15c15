"""Names of cases, overlays and plans: where they lead, what goes first, what is said of others."""

import warnings
from pathlib import Path

import pytest
from cases import CONFIGS
from samples import small_scenario

import mcescalate as mc
from mcescalate.errors import UsageError
from mcescalate.scenario import library
from mcescalate.scenario.library import CASE, KINDS, OVERLAY, PLAN, find_input, list_entries
from mcescalate.scenario.reading import load_case, load_scenario
from mcescalate.scenario.writing import to_toml
from mcescalate.sweep.design.reading import load_sweep

SMALL = to_toml(small_scenario())
TITLE = small_scenario().title
JULY = "July 1914"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_the_library_is_all_of_the_checkouts_files(kind):
    files = sorted((CONFIGS / kind.folder).glob("*.toml"))
    entries = list(list_entries(kind))
    assert [Path(entry.path) for entry in entries] == files
    assert [entry.name for entry in entries] == [file.stem for file in files]


def test_each_line_says_what_the_file_says_of_itself(folder):
    for entry in list_entries(CASE):
        assert entry.line == load_case(entry.name).description
    for entry in list_entries(PLAN):
        assert entry.line == load_sweep(entry.path).plan.title
    for entry in list_entries(OVERLAY):
        assert Path(entry.path).read_text(encoding="utf-8").startswith(f"# {entry.line}\n")
        assert len(entry.line) > 20


def test_an_installed_copy_goes_before_the_checkout(folder, monkeypatch):
    package = folder / "site-packages" / "mcescalate"
    (package / "cases").mkdir(parents=True)
    (package / "cases" / "mine.toml").write_text(SMALL)
    monkeypatch.setattr(library, "_PACKAGE", package)
    assert library.list_names(CASE) == ["mine"]
    assert load_case("mine").title == TITLE
    (package / "cases" / "mine.toml").unlink()
    (package / "cases").rmdir()
    assert library.library_folder() == folder / "site-packages" / "configs"
    assert library.list_names(CASE) == []


def test_a_case_and_its_overlays_are_read_from_any_folder(folder):
    by_file = load_scenario(
        CONFIGS / "july-1914.toml",
        overlays=[CONFIGS / "overlays" / "july-1914-local.toml"],
        settings=["response.gap=0.5"],
    )
    how = {"overlays": ["july-1914-local"], "settings": ["response.gap=0.5"]}
    assert load_case("july-1914", **how) == by_file
    assert load_scenario("july-1914", **how) == by_file
    assert load_scenario(Path("july-1914"), **how) == by_file
    assert load_case("july-1914", overlays="hotline") != load_case("july-1914")


@pytest.mark.parametrize("file", ["july-1914", "july-1914.toml"])
def test_a_file_of_that_name_goes_first_and_is_reported(folder, file):
    (folder / file).write_text(SMALL)
    with pytest.warns(UserWarning) as caught:
        assert load_scenario("july-1914").title == TITLE
    assert str(caught[0].message) == (
        f'{file}: this file is used, not the case "july-1914" that comes with mcescalate; '
        "rename the file to use the case"
    )
    assert load_case("july-1914").title == JULY


def test_an_overlay_of_that_name_goes_first_too(folder):
    (folder / "hotline.toml").write_text("[response]\ngap = 0.25\n")
    with pytest.warns(UserWarning, match=r"hotline\.toml: this file is used, not the overlay"):
        changed = load_case("july-1914", overlays=["hotline"])
    assert changed.response.gap == 0.25


def test_a_file_that_cannot_be_read_is_no_reason_to_take_the_case(folder):
    (folder / "july-1914").symlink_to(folder / "gone")
    with (
        pytest.warns(UserWarning, match="this file is used"),
        pytest.raises(UsageError, match=r"^july-1914: there is no such file$"),
    ):
        load_scenario("july-1914")


def test_nothing_is_reported_where_nothing_can_be_confused(folder, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (folder / "july-1914").mkdir()
        assert load_scenario("july-1914").title == JULY
        (folder / "mine").write_text(SMALL)
        assert load_scenario("mine").title == TITLE
        monkeypatch.chdir(CONFIGS)
        assert load_scenario("july-1914").title == JULY


UNKNOWN = {
    "july1914": 'there is no such file and no such case; did you mean "july-1914"?',
    "July_1914": 'there is no such file and no such case; did you mean "july-1914"?',
    "july-1914.toml": 'there is no such file and no such case; did you mean "july-1914"?',
    "cuba": 'there is no such file and no such case; did you mean "cuba-1962"?',
    "1914": 'there is no such file and no such case; did you mean "global-1914" or "july-1914"?',
    "mine": 'there is no such file and no such case; did you mean "mine.toml"?',
    "hotline": 'there is no such file and no such case; "hotline" is an overlay;',
    "july-1914-terms": 'there is no such file and no such case; "july-1914-terms" is a plan;',
    "xx": "there is no such file and no such case;",
    "é" * 5000: "cannot be read: File name too long",
}


@pytest.mark.parametrize("name", UNKNOWN, ids=lambda name: name[:20])
def test_an_unknown_name_is_reported_with_what_is_near(folder, name):
    (folder / "mine.toml").write_text(SMALL)
    with pytest.raises(UsageError) as caught:
        load_scenario(name)
    all_of_them = " `mcescalate cases` lists all" if "no such case" in UNKNOWN[name] else ""
    assert str(caught.value) == f"{name}: {UNKNOWN[name]}{all_of_them}"


def test_a_path_to_a_case_that_is_not_there_leads_to_its_name(folder):
    for path, word, load in (
        ("configs/july-1914.toml", "case", load_scenario),
        ("sweeps/july-1914-terms.toml", "plan", load_sweep),
    ):
        with pytest.raises(UsageError) as caught:
            load(path)
        assert str(caught.value) == (
            f"{path}: there is no such file; the {word} {Path(path).stem!r} comes with "
            "mcescalate; give that name alone"
        ).replace("'", '"')
    with pytest.raises(UsageError, match=r"^configs/mine\.toml: there is no such file$"):
        load_scenario("configs/mine.toml")


def test_load_case_takes_cases_only(folder):
    (folder / "mine").write_text(SMALL)
    with pytest.raises(UsageError, match=r"^mine: there is no such case; `mcescalate cases`"):
        load_case("mine")
    with pytest.raises(UsageError, match='"hotline" is an overlay'):
        load_case("hotline")
    with pytest.raises(UsageError, match='did you mean "july-1914"'):
        load_case("july-1941")
    with pytest.raises(UsageError, match=r"load_case: expected the name of a case .* found None"):
        load_case(None)
    with pytest.raises(UsageError, match="load_case: settings: expected texts"):
        load_case("july-1914", settings=[7])
    with pytest.raises(UsageError, match=r'did you mean "hotline"\?'):
        load_case("july-1914", overlays=["hotlines"])


PLAN_TEXT = """\
schema_version = 1
chains = 10
seed = 1

[[bases]]
scenario = "july-1914"
overlays = ["hotline", "own.toml"]
"""


def test_bases_of_a_plan_may_be_cases(folder):
    plans = folder / "plans"
    plans.mkdir()
    (plans / "plan.toml").write_text(PLAN_TEXT)
    (plans / "own.toml").write_text("[response]\ngap = 0.25\n")
    ((name, base),) = load_sweep(plans / "plan.toml").bases
    assert name == "july-1914"
    assert base == load_case("july-1914", overlays=["hotline", plans / "own.toml"])


def test_files_beside_a_plan_go_before_cases_and_others_do_not(folder):
    plans = folder / "plans"
    plans.mkdir()
    (plans / "plan.toml").write_text(PLAN_TEXT.replace(', "own.toml"', ""))
    (folder / "july-1914.toml").write_text(SMALL)
    ((_, base),) = load_sweep("plans/plan.toml").bases
    assert base.title == JULY
    (folder / "july-1914.toml").rename(plans / "july-1914.toml")
    with pytest.warns(UserWarning, match=r"plans/july-1914\.toml: this file is used"):
        ((_, base),) = load_sweep("plans/plan.toml").bases
    assert base.title == TITLE


def test_a_plan_of_the_library_brings_its_scenarios(folder):
    ((_, base),) = load_sweep("july-1914-terms").bases
    assert base == load_case("july-1914")


def test_standard_input_is_no_name():
    assert find_input("-", CASE).path == "-"


def test_the_package_has_what_a_notebook_asks_for():
    assert isinstance(mc.load_case("july-1914"), mc.Scenario)
    assert issubclass(mc.errors.UsageError, mc.errors.McEscalateError)
    assert mc.plots is mc.analysis.plots
    assert callable(mc.plots.ladder)
    assert callable(mc.analysis.levers.find_levers)
    with pytest.raises(AttributeError, match="levrs"):
        mc.analysis.levrs  # noqa: B018 - looking it up is the test
    assert "levers" in dir(mc.analysis)
