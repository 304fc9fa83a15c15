"""Every case and overlay of the library: valid, documented, and of a size that runs in seconds."""

import importlib
import re
import tomllib

import pytest
from cases import (
    CASES,
    CONFIGS,
    OVERLAYS,
    PAGES,
    WARS,
    load_case,
    misreads,
    n_crises,
    run_case,
    share,
)

from mcescalate.model.coefficients import TABLES
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.reading import change_scenario, lay_coefficients, parse_scenario
from mcescalate.scenario.review.diagnostics import find_notices
from mcescalate.scenario.writing import to_toml

SUPERPOWERS = "outcome.general_share: the originators alone"
EXPLAINED_NOTICES = {
    # A second treaty of one pair, kept for the adversary that it adds.
    "july-1914": ["ties[2] (GMY-AUH defence): overridden by another row"],
    # That a war of the two superpowers is general is meant.
    "able-archer-1983": [SUPERPOWERS],
    "cuba-1962": [SUPERPOWERS],
}

ALL_OVERLAYS = sorted(path.stem for path in OVERLAYS.glob("*.toml"))
GENERAL = [name for name in ALL_OVERLAYS if not name.startswith(CASES)]
SECTIONS = ("What is data", "What is assumption", "Results", "What would change it most")


def case_of(overlay):
    """The case that an overlay is for, by its name."""
    return next(case for case in CASES if overlay.startswith(case))


def test_the_library_is_what_the_folder_holds():
    files = {path.stem for path in CONFIGS.glob("*.toml") if not path.stem.startswith("global-")}
    assert files == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_nothing_odd_is_written_in_a_case(case):
    explained = EXPLAINED_NOTICES.get(case, [])
    found = find_notices(load_case(case))
    assert len(found) == len(explained)
    for text, beginning in zip(found, explained, strict=True):
        assert text.startswith(beginning)


@pytest.mark.parametrize("case", CASES)
def test_cases_are_of_a_sensible_size(case):
    scenario = load_case(case)
    assert 6 <= len(scenario.actors) <= 20
    assert scenario.title
    assert scenario.description


@pytest.mark.parametrize("case", CASES)
def test_every_row_names_its_source(case):
    scenario = load_case(case)
    rows = [
        scenario,
        *scenario.actors,
        *scenario.ties,
        *scenario.dyads,
        *scenario.trigger.dyads,
        *scenario.trigger.domains,
        scenario.trigger,
        scenario.dyad_defaults,
    ]
    assert [row for row in rows if not row.source] == []


@pytest.mark.parametrize("case", CASES)
def test_judgement_is_marked(case):
    """Resolve, ambiguity, strength and mistrust are in no data file."""
    scenario = load_case(case)
    ties = [
        row
        for row in scenario.ties
        if row.ambiguity > 0.0 or row.credibility < 1.0 or 0.0 < row.strength < 1.0
    ]
    dyads = [row for row in scenario.dyads if row.mistrust]
    unmarked = [row for row in [*scenario.actors, *ties, *dyads] if "assumption" not in row.source]
    assert unmarked == []


@pytest.mark.parametrize("case", CASES)
def test_coefficients_that_are_not_default_give_a_reason(case):
    scenario = load_case(case)
    for name in TABLES:
        table = getattr(scenario, name)
        if table.model_copy(update={"source": "", "note": ""}) != type(table)():
            assert "assumption" in table.source or "public record" in table.source, name


@pytest.mark.parametrize("case", CASES)
def test_cases_run(case):
    result = run_case(case)
    assert int(result["outcome_count"].sum()) == 20_000 * load_case(case).sequence.crises
    assert int(result["outcome_count"].sel(outcome=["limited_war", "general_war"]).sum()) > 0


@pytest.mark.parametrize("overlay", ALL_OVERLAYS)
def test_overlays_say_what_they_are_for(overlay):
    text = (OVERLAYS / f"{overlay}.toml").read_text(encoding="utf-8")
    cases = CASES if overlay in GENERAL else [case_of(overlay)]
    opening = text.split("\n\n")[0]
    assert opening.startswith("# ")
    if overlay not in GENERAL:
        assert opening.startswith(f"# For {cases[0]}: ")
    else:
        assert re.search(r"For (every case|cases)", opening)
    for case in cases:
        plain, changed = load_case(case), load_case(case, [overlay])
        if overlay not in GENERAL:
            assert changed != plain
            assert find_notices(changed) == find_notices(plain)


@pytest.mark.parametrize("overlay", GENERAL)
def test_general_overlays_change_no_fact(overlay):
    """They set coefficients and defaults; actors, promises and incidents stay."""
    for case in CASES:
        plain, changed = load_case(case), load_case(case, [overlay])
        assert changed.actors == plain.actors
        assert changed.ties == plain.ties
        assert changed.trigger == plain.trigger
        assert changed.dyads == plain.dyads


def test_the_exercise_is_all_that_its_overlay_takes_away():
    plain = load_case("able-archer-1983")
    changed = load_case("able-archer-1983", ["able-archer-1983-no-exercise"])
    west = {"USA", "UKG", "GFR", "BEL", "NTH"}
    for old, new in zip(plain.actors, changed.actors, strict=True):
        quiet = {"exercise": 0.0, "source": new.source} if old.id in west else {}
        assert new == old.model_copy(update=quiet)
        assert old.exercise > 0.0 or old.id not in west
    assert (changed.ties, changed.dyads) == (plain.ties, plain.dyads)


def test_the_local_war_of_1914_differs_in_russia_alone():
    plain = merge_rows(load_case("july-1914"))
    changed = merge_rows(load_case("july-1914", ["july-1914-local"]))
    assert set(plain.promises) - set(changed.promises) == {("RUS", "YUG", "support")}
    differing = {pair for pair in plain.dyads if changed.dyads[pair] != plain.dyads[pair]}
    assert differing == {("RUS", "AUH")}


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_page(case):
    page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", page, flags=re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == list(SECTIONS)
    assert f"configs/{case}.toml" in page
    for overlay in ALL_OVERLAYS:
        if overlay not in GENERAL and case_of(overlay) == case:
            assert f"{overlay}.toml" in page, f"the page lacks {overlay}"


def test_the_index_names_all_cases_and_overlays():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for name in [*CASES, *ALL_OVERLAYS]:
        assert name in index


@pytest.mark.parametrize("case", CASES)
def test_cases_survive_writing(case):
    """What the writer makes of a case is that case again."""
    scenario = load_case(case)
    assert parse_scenario(to_toml(scenario)) == scenario


def rows_of_page(case):
    """The rows of the page's table of changes: overlays, settings, and the figures printed."""
    page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
    table = page.split("| change |")[1].split("\n\n")[0].splitlines()[2:]
    for row in table:
        change, *figures = (cell.strip() for cell in row.strip("|").split("|"))
        overlays = re.findall(r"`--overlay (\S+)`", change)
        settings = re.findall(r"`--set (\S+)`", change)
        yield overlays, settings, [figure for figure in figures if figure]


@pytest.mark.parametrize("case", CASES)
def test_changes_on_the_page_can_be_made(case):
    rows = list(rows_of_page(case))
    assert len(rows) >= 10
    assert rows[0][:2] == ([], [])
    for overlays, settings, _ in rows[1:]:
        assert load_case(case, overlays, settings) != load_case(case)


@pytest.mark.parametrize("case", CASES)
def test_what_comes_out_is_what_the_changes_start_from(case):
    page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
    outcomes = page.split("## Results")[1].split("## ")[0]
    reported = dict(
        re.findall(r"^\| ([^|]+?)(?: \(.*\))? \| ([\d.]+) %", outcomes, flags=re.MULTILINE)
    )
    columns = page.split("| change |")[1].splitlines()[0].strip(" |").split(" | ")
    _, _, start = next(rows_of_page(case))
    compared = 0
    for name, figure in zip((column.removesuffix(" %") for column in columns), start, strict=True):
        if name in reported:
            decimals = min(len(text.partition(".")[2]) for text in (reported[name], figure))
            assert round(float(reported[name]), decimals) == round(float(figure), decimals), name
            compared += 1
    assert "war" in reported and compared >= 1


REJUDGED = [overlay for overlay in ALL_OVERLAYS if overlay.endswith("-rejudged")]


@pytest.mark.parametrize("overlay", REJUDGED)
def test_a_rejudgement_lies_on_the_preset_of_the_case(overlay):
    """It sets coefficients alone, each with a reason, and others than the preset has."""
    case = case_of(overlay)
    page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
    command = re.search(rf"run {case} --coefficients (\S+) --overlay {overlay} ", page)
    assert command, "the page has the command"
    preset, _ = lay_coefficients(load_case(case), command[1])
    changed = change_scenario(preset, overlays=[overlay])
    for kept in ("actors", "ties", "dyads", "trigger", "ladder", "outcome"):
        assert getattr(changed, kept) == getattr(preset, kept)
    tables = tomllib.loads((OVERLAYS / f"{overlay}.toml").read_text(encoding="utf-8"))
    assert "alliance" in tables
    for name, table in tables.items():
        assert "assumption" in table["source"]
        assert getattr(changed, name) != getattr(preset, name)


@pytest.mark.slow
def test_figures_of_the_rejudgements_are_what_comes_out(monkeypatch):
    monkeypatch.syspath_prepend(str(CONFIGS.parent / "scripts"))
    script = importlib.import_module("rejudged_cases")
    for case in script.ERAS:
        page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
        for name, scenario in script.scenarios_of(case).items():
            assert f"| {name} | {' | '.join(script.estimates_of(scenario))} |" in page


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_figures_on_the_page_are_what_comes_out(case):
    """To the last digit: the page names the seed, and a seed has one answer."""
    for overlays, settings, printed in rows_of_page(case):
        result = run_case(
            case, overlays=tuple(overlays), settings=tuple(settings), n_chains=50_000, seed=1
        )
        shares = [
            share(result, *WARS),
            share(result, "general_war"),
            share(result, "deterred"),
            int(result["misread_war_count"]) / n_crises(result) / share(result, *WARS),
            misreads(result) / 100.0,
        ]
        found = [
            f"{100 * value:.{len(text.partition('.')[2])}f}"
            for value, text in zip(shares, printed, strict=True)
        ]
        assert found == printed, (overlays, settings)
