"""What the documents show must be so: commands parse, files are there, Python runs."""

import functools
import importlib.util
import os
import re
import shlex
from pathlib import Path

import pytest

import mcescalate as mc
from mcescalate.cli.registry import COMMANDS, build_app
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.model.counts import SWEEP_COUNTS
from mcescalate.scenario.change.addresses import read
from mcescalate.scenario.change.edits import edited

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
PLACEHOLDER = re.compile(r"\.\.\.|…|\b[A-Z]{3,}(_[A-Z]+)*\b(?!\.)")
"""Names in capitals and dots stand for something; such a line is a pattern, not a command."""


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


refresh_docs = script("refresh_docs")
values_page = script("values_page")
DOCUMENTS = refresh_docs.documents()


def names(path):
    return str(path.relative_to(ROOT))


def blocks(path):
    """(language, body) of every fenced block."""
    return FENCE.findall(path.read_text(encoding="utf-8"))


def shown_commands():
    """(file, words) of every `mcescalate ...` in a block of commands."""
    for path in DOCUMENTS:
        for kind, body in blocks(path):
            if kind.split(" ")[0] not in ("", "console", "sh", "bash", "shell"):
                continue
            for line in body.replace("\\\n", " ").splitlines():
                if "[--" in line or (kind.startswith("console") and not line.startswith("$ ")):
                    continue  # a synopsis, or output
                line = line.removeprefix("$ ")
                for part in re.split(r"\||>|&&|;|2>&1", re.sub(r"\s#.*", "", line))[:1]:
                    try:
                        words = shlex.split(part)
                    except ValueError:
                        continue
                    if words and Path(words[0]).name == "mcescalate":
                        yield names(path), tuple(words[1:])


SHOWN = sorted(set(shown_commands()))
MEANT_TO_FAIL = [
    ("run", "configs/july-1914.toml", "-n", "1e6"),
]


@pytest.mark.parametrize(("where", "words"), SHOWN, ids=lambda value: " ".join(value)[:60])
def test_commands_parse(where, words, monkeypatch):
    if words in MEANT_TO_FAIL:
        return
    monkeypatch.chdir(ROOT)
    app = build_app()
    plain = [word for word in words if word not in ("--no-color", "--debug")]
    if plain:
        app.parse_args(plain, print_error=False, exit_on_error=False)
    for word in plain:
        if word.startswith(("configs/", "docs/")) and not PLACEHOLDER.search(word):
            assert Path(word).exists(), f"{where}: {word}"


def test_commands_are_found():
    assert {words[0] for _, words in SHOWN if words} >= {"run", "check", "show", "trace", "merge"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_has_its_section(command):
    assert f"\n## {command.name}: " in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_the_page_of_values_is_that_of_the_rows():
    assert (ROOT / "docs" / "values.md").read_text(encoding="utf-8") == values_page.page()


def test_the_addresses_on_the_page_lead_to_values():
    section = values_page.CHANGES.split("## Overlays")[0]
    addresses = re.findall(r"`([a-z_]+\.[\w.*-]+)`", section)
    assert len(addresses) > 10
    cases = [
        mc.load_scenario(ROOT / "configs" / f"{name}.toml") for name in ("july-1914", "cuba-1962")
    ]
    for address in addresses:
        assert read(cases["USA" in address], address), address


NONE = "\N{EN DASH}"


def test_the_table_of_counts_is_that_of_their_rows():
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    section = model.split("## 8. Tallies")[1].split("## 9.")[0]
    shown = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            names_, by, meaning, total = (cell.strip() for cell in line.strip("|").split(" | "))
            assert meaning, line
            for name in re.findall(r"`(\w+)`", names_):
                assert name not in shown, name
                shown[name] = (by, total.replace("`", "").strip())
    expected = {
        count.name: (", ".join(count.dims) or NONE, str(count.total or NONE))
        for count in SWEEP_COUNTS
    }
    assert shown == expected


def test_sources_of_coefficients_are_in_the_literature():
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    literature = model.split("## 13. Literature")[1]
    named = {name for row in COEFFICIENTS for name in re.findall(r"\b[A-Z]\w+ \d{4}", row.source)}
    assert len(named) > 10
    assert {name for name in named if name not in literature} == set()


def anchors(path):
    """The anchors of a page: its headings, as code hosts and the site write them."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", DOCUMENTS, ids=names)
def test_links_lead_somewhere(path):
    for target, anchor in LINK.findall(path.read_text(encoding="utf-8")):
        page = path.parent / target if target else path
        assert page.exists(), f"{names(path)}: {target}"
        if anchor:
            assert anchor in anchors(page), f"{names(path)}: {target}#{anchor}"


def test_every_page_is_in_the_navigation():
    """Each page and notebook of the site is in one `toctree`."""
    docs = ROOT / "docs"
    listed = [
        os.path.normpath(path.parent / line)
        for path in docs.glob("**/*.md")
        for kind, body in blocks(path)
        if kind == "{toctree}"
        for line in body.splitlines()
        if line and not line.startswith(":")
    ]
    pages = {*docs.glob("**/*.md"), *docs.glob("notebooks/*.ipynb")} - {docs / "index.md"}
    assert sorted(listed) == sorted(str(page.with_suffix("")) for page in pages)


def test_scripts_of_the_documents_exist():
    for path in DOCUMENTS:
        for name in re.findall(r"\bscripts/[\w./-]*\w", path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{names(path)}: {name}"


def python_blocks():
    for path in DOCUMENTS:
        for number, (kind, body) in enumerate(blocks(path)):
            if kind in ("python", "python slow"):
                marks = [pytest.mark.slow] if kind.endswith("slow") else []
                yield pytest.param(body, id=f"{names(path)}-{number}", marks=marks)


@pytest.mark.parametrize("source", list(python_blocks()))
def test_python_runs(source, tmp_path, monkeypatch, request):
    for name in ("configs", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    if '"data"' in source:
        (tmp_path / "data").symlink_to(request.getfixturevalue("data_folder"))
    monkeypatch.chdir(tmp_path)
    fewer = re.sub(r"chains=[\d_]+", "chains=200", source)
    fewer = re.sub(r"rel=[\d.]+", "rel=0.9", fewer)
    fewer = re.sub(r"range\((\d+), \d+\)", r"range(\1, \1 + 2)", fewer)
    exec(compile(fewer, "<document>", "exec"), {})


RECIPE = re.compile(
    r"^### (?P<title>.+)\n\n(?P<question>.*\?.*)\n\n"
    r"```console alone\n(?P<commands>.+?)^```\n\n(?P<result>[A-Z][a-z]?.*)",
    re.MULTILINE | re.DOTALL,
)


def recipes():
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    return [f"### {part}".strip() for part in re.split(r"^### |^## .*", page, flags=re.M)[1:]]


def test_each_recipe_goes_from_a_question_to_a_result():
    entries = [entry for entry in recipes() if "```console alone" in entry]
    assert len(entries) > 60
    for entry in entries:
        found = RECIPE.match(entry)
        assert found, entry
        assert "`" in found["question"] and "ead " in found["question"], found["title"]


@functools.cache
def loaded(case, overlays, settings):
    return mc.load_scenario(case, overlays=overlays, settings=settings)


def compared():
    """The words of each `compare` in the recipes."""
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    for command in refresh_docs.commands(page):
        words = shlex.split(command.split(" | ")[0])
        if words[:2] == ["mcescalate", "compare"]:
            yield words[2:]


def test_recipes_change_what_their_cases_have(monkeypatch):
    """Each change of a recipe leads somewhere, and changes something."""
    monkeypatch.chdir(ROOT)
    for case, *words in compared():
        given = [(word, words[i + 1]) for i, word in enumerate(words) if word.startswith("--")]
        of = {name: tuple(value for option, value in given if option == name) for name, _ in given}
        shared, settings = of.get("--overlay", ()), of.get("--set", ())
        before = loaded(case, shared, settings)
        after = loaded(case, (*shared, *of.get("--overlay-second", ())), settings)
        after = edited(after, off=of.get("--without", ()), on=of.get("--with", ()))
        assert after.model_dump() != before.model_dump(), words


@pytest.fixture(scope="module")
def warm_program():
    with refresh_docs.warm_program() as folder:
        yield folder


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=names)
def test_output_is_what_the_commands_print(path, tmp_path, warm_program):
    text = path.read_text(encoding="utf-8")
    if refresh_docs.lacks_data(text):
        pytest.skip("published data files are looked for where MCESCALATE_DATA says")
    assert refresh_docs.refreshed(text, refresh_docs.run_in(tmp_path, text, warm_program)) == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "mcescalate run july-1914 -n 200 --seed 1 | head -n 5",
        "mcescalate run july-1914 -n 200 --seed 1 --out a.nc && mcescalate show a.nc",
        "mcescalate export configs/july-1914.toml 2>&1; echo $?",
        "mcescalate describe - < configs/july-1914.toml",
        "mkdir inner; cd inner; NO_COLOR= mcescalate check ../configs/cuba-1962.toml; echo $? *",
        "mcescalate run july-1914 -n 200 --seed 1 --quiet > a.txt; cat a.txt",
        "mcescalate nonsense 2>&1; echo $?",
    ],
)
def test_a_loaded_program_answers_as_a_process_of_its_own(command, tmp_path, warm_program):
    printed = []
    for name, program in (("fork", warm_program), ("process", None)):
        folder = tmp_path / name
        folder.mkdir()
        printed.append(refresh_docs.run_in(folder, program=program)(command))
    assert printed[0] == printed[1] != ""


def test_refreshing_touches_only_what_it_may():
    text = "```console\n$ a\nold\n$ b\n```\n```console once\n$ a\nold\n```\n```\n$ a\nold\n```\n"
    fresh = (
        "```console\n$ a\n<a>\n$ b\n<b>\n```\n```console once\n$ a\nold\n```\n```\n$ a\nold\n```\n"
    )
    assert refresh_docs.refreshed(text, lambda command: f"<{command}>\n") == fresh
    assert list(refresh_docs.commands(text)) == ["a", "b", "a"]


def test_commands_that_stand_alone_run_first():
    text = "```console\n$ a\n```\n```console alone\n$ b\nold\n$ c\n```\n"
    order = []

    def run(command):
        order.append(command)
        return f"<{command}>\n"

    fresh = "```console\n$ a\n<a>\n```\n```console alone\n$ b\n<b>\n$ c\n<c>\n```\n"
    assert refresh_docs.refreshed(text, run) == fresh
    assert order[2] == "a" and set(order[:2]) == {"b", "c"}


def test_blocks_that_name_a_file_are_written(tmp_path, monkeypatch):
    monkeypatch.setenv("MCESCALATE_DATA", str(ROOT / "configs"))
    text = "```toml plan.toml\na = 1\n```\n```toml\na = 2\n```\n"
    run = refresh_docs.run_in(tmp_path, text)
    assert run("cat plan.toml; ls data/july-1914.toml") == "a = 1\ndata/july-1914.toml\n"
    assert not refresh_docs.lacks_data(
        "```console\n$ mcescalate import data --date 1914-06-28\n```"
    )
    monkeypatch.delenv("MCESCALATE_DATA")
    assert refresh_docs.lacks_data("```console\n$ mcescalate import data --date 1914-06-28\n```")
    assert not refresh_docs.lacks_data("```\n$ mcescalate import data --date 1914-06-28\n```")


def test_commands_run_where_the_configs_are(tmp_path):
    run = refresh_docs.run_in(tmp_path)
    assert run("ls configs/july-1914.toml") == "configs/july-1914.toml\n"
    assert run("echo $COLUMNS") == "80\n"
    assert os.environ.get("COLUMNS") != "80" or run("true") == ""
