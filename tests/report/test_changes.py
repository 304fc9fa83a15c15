"""The pages on a comparison and on levers: their numbers are those of the commands."""

import html5lib
import pytest
from small_crisis import crisis

from mcescalate.analysis.comparison.compare import compare, differences
from mcescalate.analysis.comparison.levers import find_levers, ranking, simulate_levers
from mcescalate.quantities import change
from mcescalate.report.changes import comparison_page, levers_page
from mcescalate.scenario.reading import load_scenario

EVIL = "<script>alert(1)</script>"
MINUS = "\N{MINUS SIGN}"


def text_of(page):
    document = html5lib.parse(page, namespaceHTMLElements=False)
    assert not document.findall(".//script")
    return " ".join(" ".join(document.itertext()).split())


@pytest.fixture(scope="module")
def changed():
    return crisis(ties=[])


@pytest.fixture(scope="module")
def counts(changed):
    return compare(crisis(), changed, n_chains=2000, seed=3)


@pytest.fixture(scope="module")
def comparison(counts, changed):
    return comparison_page(counts, crisis(), changed, ("with the treaty", f"without {EVIL}"))


def test_comparison_has_the_changes(comparison, counts):
    text = text_of(comparison.html)
    events = differences(counts)
    for event in ("war", "deterred"):
        row = events.sel(event=event)
        words = change({name: row[name].item() for name in row.data_vars}).replace("-", MINUS)
        assert words in text, event
    assert f"without {EVIL}" in text and not comparison.lacks_figures
    assert comparison.html.count("<svg") == 3


def test_comparison_can_be_made_again(comparison, counts, changed, tmp_path):
    document = html5lib.parse(comparison.html, namespaceHTMLElements=False)
    files = {
        d.findtext("summary").split()[0]: d.findtext("pre/code") for d in document.iter("details")
    }
    for name in ("first.toml", "second.toml"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    again = compare(
        *(load_scenario(tmp_path / name) for name in ("first.toml", "second.toml")),
        n_chains=2000,
        seed=3,
    )
    assert again["outcome_pair_count"].equals(counts["outcome_pair_count"])
    assert "mcescalate compare first.toml second.toml -n 2000 --seed 3" in text_of(comparison.html)


def test_the_same_page_each_time(comparison, counts, changed):
    names = ("with the treaty", f"without {EVIL}")
    assert comparison_page(counts, crisis(), changed, names) == comparison


def test_levers():
    scenario = crisis(title=EVIL)
    counts = simulate_levers(scenario, find_levers(scenario), n_chains=500, seed=3)
    ranked = ranking(counts, "war")
    page = levers_page(ranked, counts, scenario, ["--of war"])
    text = text_of(page.html)
    assert EVIL in text and "mcescalate levers scenario.toml -n 500 --seed 3 --of war" in text
    for lever in ranked["lever"].values:
        assert str(lever).replace("_", " ") in text
    n_detected = int(ranked["is_detected"].sum())
    assert f"{n_detected} of {ranked.sizes['lever']}" in text
