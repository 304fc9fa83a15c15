"""The page: valid HTML, nothing but text and figures, and numbers that are those of the result."""

import json
import re
from xml.etree import ElementTree

import html5lib
import numpy as np
import pytest
from small_crisis import crisis

from mcescalate.analysis.entry import scenario_of
from mcescalate.analysis.summary import summarise
from mcescalate.api import merge, run_sweep, simulate, solve
from mcescalate.errors import UsageError
from mcescalate.report.make import make_report
from mcescalate.report.markup import Markup, element, text
from mcescalate.report.origin import plan_text, sourced_rows
from mcescalate.results.provenance import scenario_digest
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.writing import to_toml

EVIL = "<script>alert('x')</script> & \"q\" </style> $x_1$ =cmd|'/C'!A1"

PLAN = """\
schema_version = 1
title = "Noise"
chains = 64
seed = 3
[[bases]]
scenario = "case.toml"
[[axes]]
address = "actors.*.noise"
name = "noise"
values = [0.0, 1.0]
[[axes]]
address = "response.gap"
values = [0.2, 0.8]
"""


@pytest.fixture(scope="module")
def result():
    return simulate(crisis(), n_chains=2_000, seed=4)


@pytest.fixture(scope="module")
def page(result):
    return make_report(result).html


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "case.toml").write_text(to_toml(crisis()), encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    return run_sweep(folder / "plan.toml", folder / "out", workers=1)


def parsed(page):
    """The page as a tree; any fault of its HTML is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def words(tree):
    return " ".join(" ".join(tree.itertext()).split())


def check_page(page):
    tree = parsed(page)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert not tags & {
        "script",
        "image",
        "img",
        "link",
        "iframe",
        "object",
        "form",
        "foreignObject",
    }
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for node in tree.iter():
        for key, value in node.attrib.items():
            name = str(key).rpartition("}")[2]
            assert not name.startswith("on"), value
            if name in ("href", "src"):
                assert value.startswith("#") and value[1:] in ids
            for target in re.findall(r"url\((.*?)\)", value):
                assert target.startswith("#") and target[1:] in ids
    styles = " ".join(node.text for node in tree.iter("style"))
    assert "url(" not in styles and "@import" not in styles
    for figure in tree.iter("figure"):
        drawing = [node for node in figure.iter() if str(node.tag).endswith("svg")]
        assert len(drawing) == 1 and drawing[0].get("aria-label")
        assert figure.find("figcaption") is not None
    for table in tree.iter("table"):
        assert table.find("caption") is not None
    return tree


def test_page_is_valid_and_loads_nothing(page):
    tree = check_page(page)
    assert len(list(tree.iter("figure"))) == 5
    assert [node.text for node in tree.iter("h1")] == ["Two rivals and an ally"]
    targets = {a.get("href") for a in tree.iter("a")}
    assert targets == {f"#{h2.get('id')}" for h2 in tree.iter("h2")}


def test_page_is_the_same_each_time(result, page):
    assert make_report(result).html == page


def test_answer_has_the_numbers_of_the_result(result, page):
    told = words(parsed(page)).replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")
    war = summarise(result)["war"]
    assert f"War comes in {100 * war['probability']:.1f} %" in told
    assert f"({100 * war['lower']:.1f}\N{EN DASH}{100 * war['upper']:.1f}) of 2 000 chains" in told


def test_scenario_in_the_page_is_that_of_the_result(result, page):
    codes = [node.text for node in parsed(page).iter("code")]
    again = parse_scenario(codes[-1])
    assert scenario_digest(again) == result.attrs["scenario_sha256"]
    assert "mcescalate run scenario.toml -n 2000 --seed 4 -o result.h5" in codes[0]


def test_several_stretches_are_run_apart_and_merged():
    parts = [simulate(crisis(), n_chains=50, seed=4, first_chain=first) for first in (0, 100)]
    commands = next(parsed(make_report(merge(parts)).html).iter("code")).text.splitlines()
    assert commands[1:4] == [
        "mcescalate run scenario.toml -n 50 --seed 4 -o part-1.h5",
        "mcescalate run scenario.toml -n 50 --seed 4 --first-chain 100 -o part-2.h5",
        "mcescalate merge part-1.h5 part-2.h5 -o result.h5",
    ]


def evil_scenario():
    actors = [
        {"id": "AUH", "capability": 2.0, "name": EVIL, "source": f"assumption: {EVIL}"},
        {"id": "YUG", "capability": 1.0, "name": "=cmd"},
        {"id": "RUS", "capability": 3.0, "name": "_<b>"},
    ]
    ladder = {
        "rungs": ["calm", "_$a$ <script>", "</svg><script>x</script>", EVIL],
        "mobilised": 2,
        "casus": 1,
        "mid": [1, 2, 4, 5],
    }
    texts = dict.fromkeys(("title", "description", "note", "source"), EVIL)
    return crisis(actors=actors, ladder=ladder, **texts)


def test_texts_of_a_scenario_do_no_harm():
    result = simulate(evil_scenario(), n_chains=500, seed=4)
    tree = check_page(make_report(result).html)
    assert [node.text for node in tree.iter("h1")] == [EVIL]
    assert "<script>alert('x')</script>" in words(tree)


def test_characters_that_no_page_may_have_are_replaced():
    assert text("a\x00b\u202ec\ud800") == "a\ufffdb\ufffdc\ufffd"
    assert element("p", "<", Markup("<b>x</b>"), title='"') == '<p title="&quot;">&lt;<b>x</b></p>'


@pytest.mark.parametrize(
    "tables",
    [
        {"trigger": {"initiator": "AUH", "target": "YUG"}, "deterrence": {"base": -100}},
        {"response": {"up": -100.0, "down": 50.0}},
        {"ties": []},
    ],
    ids=["all deterred", "no war", "no ties"],
)
def test_results_with_nothing_to_show_have_a_page(tables):
    with np.errstate(all="raise"):
        check_page(make_report(simulate(crisis(**tables), n_chains=200, seed=1)).html)


def test_sweep_has_a_page(swept):
    tree = check_page(make_report(swept).html)
    assert len(list(tree.iter("figure"))) == 1
    assert "War is least likely" in words(tree)


def test_plan_in_the_page_makes_the_sweep_again(swept, tmp_path):
    manifest = json.loads(swept.attrs["provenance"])
    (tmp_path / "plan.toml").write_text(plan_text(manifest, {"case": "base-1.toml"}))
    (tmp_path / "base-1.toml").write_text(to_toml(crisis()))
    again = run_sweep(tmp_path / "plan.toml", tmp_path / "out", workers=1)
    assert again.attrs["design_sha256"] == swept.attrs["design_sha256"]
    assert (again["outcome_count"] == swept["outcome_count"]).all()


def test_exact_solution_is_refused():
    with pytest.raises(UsageError, match="exact solution"):
        make_report(solve(crisis()))


def test_without_matplotlib_the_words_remain(result, monkeypatch):
    import sys

    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    report = make_report(result)
    assert report.lacks_figures
    tree = parsed(report.html)
    assert "pip install" in words(tree) and "War comes in" in words(tree)


def test_rows_with_a_source_are_found(result):
    scenario = evil_scenario()
    assert ("AUH", f"assumption: {EVIL}") in list(sourced_rows(scenario))
    assert list(sourced_rows(scenario_of(result))) == list(sourced_rows(crisis()))


def test_figures_are_well_formed_xml(page):
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 5
    for drawing in drawings:
        assert ElementTree.fromstring(drawing).get("viewBox")
