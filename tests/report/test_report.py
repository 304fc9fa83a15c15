"""The page: valid HTML, nothing but text and figures, with the numbers of the result."""

import base64
import hashlib
import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import numpy as np
import pytest
from cases import CONFIGS
from jinja2 import UndefinedError
from made_up_posterior import posterior_group
from markupsafe import Markup
from small_crisis import crisis

from mcescalate.analysis.estimation.summary import summarise
from mcescalate.analysis.mechanisms.entry import entrapment, group_fates
from mcescalate.analysis.mechanisms.inadvertence import simulate_again
from mcescalate.analysis.mechanisms.wars import median_length, winners
from mcescalate.analysis.tables.export import to_dict
from mcescalate.api import merge, run_sweep, simulate, solve
from mcescalate.cli import main
from mcescalate.errors import DataError, UsageError
from mcescalate.model.codes import TIE_FATES
from mcescalate.report import run
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import share
from mcescalate.report.make import make_report
from mcescalate.report.rendering import environment, printable, render
from mcescalate.results.provenance.describe import scenario_digest
from mcescalate.results.provenance.schema import scenario_of, sweep_digest
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.reading import load_scenario, parse_scenario
from mcescalate.scenario.review.evidence import rows_and_sources
from mcescalate.scenario.writing import to_toml

TEMPLATES = Path(run.__file__).parent / "templates"
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
    return sweep_of(tmp_path_factory.mktemp("sweep"), PLAN)


def sweep_of(folder, plan, *, cases=1):
    """The result of a sweep of one case, or of two that differ in a title."""
    for k in range(cases):
        text = to_toml(crisis(title=f"Case {k}"))
        (folder / f"case{k or ''}.toml").write_text(text, encoding="utf-8")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    return run_sweep(folder / "plan.toml", folder / "out", workers=1)


def files_in(page):
    """Files that the page offers to save, by name."""
    folded = [node for node in parsed(page).iter("details") if node.find("pre") is not None]
    return {node.find("summary").text.split(" (")[0]: node.find("pre/code").text for node in folded}


def simulated_again(page, folder):
    """The sweep that one gets who does what its page says."""
    for name, content in files_in(page).items():
        (folder / name).write_text(content, encoding="utf-8")
    return run_sweep(folder / "plan.toml", folder / "again", workers=1)


def parsed(page):
    """The page as a tree; any fault of its HTML is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def words(tree):
    return " ".join(" ".join(tree.itertext()).split())


def check_page(page):
    tree = parsed(page)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    check_scripts(tree)
    assert not tags & {
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
    regions = [section.get("aria-label") for section in tree.iter("section")]
    regions = [name for name in regions if name]
    assert len(regions) == len(set(regions)) == len(list(tree.iter("table")))
    return tree


def check_scripts(tree):
    """There are none, or the one that the policy names by its digest, and its data."""
    policy = next(
        node.get("content") for node in tree.iter("meta") if node.get("http-equiv") is not None
    )
    scripts = list(tree.iter("script"))
    running = [node.text for node in scripts if node.get("type") != "application/json"]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in running]
    allowed = "".join(f"; script-src 'sha256-{digest.decode()}'" for digest in digests)
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'{allowed}"
    assert len(running) == len(scripts) / 2 <= 1
    for node in scripts:
        assert "src" not in node.attrib


def test_page_is_valid_and_loads_nothing(page):
    tree = check_page(page)
    assert len(list(tree.iter("figure"))) == 8
    assert [node.text for node in tree.iter("h1")] == ["Two rivals and an ally"]
    targets = {a.get("href") for a in tree.iter("a")}
    assert targets == {f"#{h2.get('id')}" for h2 in tree.iter("h2")}


def test_page_is_the_same_each_time(result, page):
    assert make_report(result).html == page


def test_answer_has_the_numbers_of_the_result(result, page):
    reported = words(parsed(page)).replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")
    war = summarise(result)["war"]
    assert f"War occurs in {100 * war['probability']:.1f} %" in reported
    assert (
        f"({100 * war['lower']:.1f}\N{EN DASH}{100 * war['upper']:.1f}) of 2 000 chains" in reported
    )


@pytest.mark.parametrize(
    "outcome, said",
    [
        ({}, "90 % or more of the capability of all states in the scenario are at war"),
        ({"system_capability": 6}, "of the capability of all states in the scenario are at war"),
        (
            {"system_capability": 8},
            "90 % or more of the whole system's capability (8, of which the states in the "
            "scenario hold 75 %) are at war",
        ),
        (
            {"system_capability": 6.00001},
            "90 % or more of the whole system's capability are at war",
        ),
    ],
)
def test_answer_says_of_what_a_general_war_is_a_share(outcome, said):
    scenario = crisis(outcome={"general_share": 0.9, **outcome})
    page = make_report(simulate(scenario, n_chains=50, seed=4)).html
    assert said in words(parsed(page)).replace("\N{NO-BREAK SPACE}", " ")


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
    assert printable("a\x00b\u202ec\ud800") == "a\ufffdb\ufffdc\ufffd"
    assert printable("1\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}2").count("\N{WORD JOINER}") == 2
    template = environment().from_string('<p title="{{ value }}">{{ value }}{{ kept }}</p>')
    shown = template.render(value='"\u202e<', kept=Markup("<b>x</b>"))
    assert shown == '<p title="&#34;\ufffd&lt;">&#34;\ufffd&lt;<b>x</b></p>'


def test_templates_escape_every_value_and_need_every_value():
    """Nothing in a template may mark a value as safe, or switch the escaping off."""
    for path in TEMPLATES.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", source), path
    with pytest.raises(UndefinedError):
        render("run.html", {"title": "No more than a title"})


def test_templates_are_installed():
    project = tomllib.loads((CONFIGS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    package = TEMPLATES.parent.parent
    patterns = project["tool"]["setuptools"]["package-data"]["mcescalate"]
    installed = {path for pattern in patterns for path in package.glob(pattern)}
    others = {
        path for path in package.rglob("*") if path.is_file() and "__pycache__" not in str(path)
    }
    assert {path for path in others if path.suffix != ".py"} == installed


@pytest.mark.parametrize(
    "tables",
    [
        {
            "trigger": {"initiator": "AUH", "target": "YUG", "accident": 0.0},
            "deterrence": {"base": -100},
        },
        {"response": {"up": -100.0, "down": 50.0}},
        {"ties": []},
    ],
    ids=["all deterred", "no war", "no ties"],
)
def test_results_with_nothing_to_show_have_a_page(tables):
    with np.errstate(all="raise"):
        check_page(make_report(simulate(crisis(**tables), n_chains=200, seed=1)).html)


def ending_wars(**tables):
    """The small crisis with wars that end, and room for a bystander."""
    return crisis(
        response={"up": 3.0, "war_cost": 0.0},
        run={"horizon": 9, "turn_days": 2.0},
        **{"war": {"rate": 0.3}, **tables},
    )


def test_length_and_winners_have_a_section_where_wars_end():
    result = simulate(ending_wars(), n_chains=500, seed=4)
    tree = check_page(make_report(result).html)
    assert "How long wars last, and who prevails" in [node.text for node in tree.iter("h2")]
    assert len(list(tree.iter("figure"))) == 9
    median = median_length(result)
    days, low, high = (float(median[f"days{end}"]) for end in ("", "_lower", "_upper"))
    reported = words(tree).replace("\N{NO-BREAK SPACE}", " ")
    assert f"turns ({days:g} days; 95 % interval {low:g} to {high:g} days)" in reported
    rows = table_of(tree, "Who prevails")
    of_ended = to_dict(winners(result, of_ended=True).sel(winner="target"))
    assert rows["target's side"][2] == share(of_ended)
    assert rows["undecided"][2:4] == [None, None]


@pytest.mark.parametrize("rate, said", [(0.002, "not reached by the horizon"), (1.0, "1 turn (2")])
def test_lengths_that_are_long_or_all_alike(rate, said):
    result = simulate(ending_wars(war={"rate": rate}), n_chains=200, seed=4)
    reported = words(check_page(make_report(result).html)).replace("\N{NO-BREAK SPACE}", " ")
    assert said in reported and "None" not in reported


def test_bystanders_have_a_column_and_words_where_they_are_on(result):
    scenario = ending_wars(ties=[], bystander={"base": -1.0})
    tree = check_page(make_report(simulate(scenario, n_chains=300, seed=4)).html)
    assert "joins as a bystander" in heads(tree, "States")
    assert "by treaty, out of rivalry or as a bystander, are" in words(tree)
    assert "dotted arrows likewise from a bystander" in words(tree)
    assert "bystander" not in words(parsed(make_report(result).html)).split("scenario.toml (")[0]


def test_runs_without_misperception_are_not_of_a_sweep(swept, result):
    with pytest.raises(UsageError, match="page on one run, found a sweep"):
        make_report(swept, (), simulate_again(result))


def test_without_wars_there_is_nothing_to_vanish():
    calm = simulate(crisis(response={"up": -100.0, "down": 50.0}), n_chains=100, seed=1)
    tree = check_page(make_report(calm, (), simulate_again(calm)).html)
    assert "No war occurred, so none could vanish" in words(tree)


def test_sweep_has_a_page(swept):
    tree = check_page(make_report(swept).html)
    assert len(list(tree.iter("figure"))) == 2
    assert "War is least likely" in words(tree)
    assert "General war is least likely" in words(tree)


def heads(tree, caption):
    """Names of the columns of the table with this caption."""
    (found,) = [t for t in tree.iter("table") if t.find("caption").text.startswith(caption)]
    return [words(cell) for cell in found.find("thead").iter("th")]


def test_sweep_page_is_about_the_events_that_are_asked_for(swept):
    events = ["peak>=war", "deterred", "deterred"]
    tree = check_page(make_report(swept, events).html)
    assert len(list(tree.iter("figure"))) == 2
    interval = "95 % interval"
    assert heads(tree, "Probability of")[-4:] == ["peak>=war", interval, "deterred", interval]
    reported = words(tree)
    assert "A peak at \N{LEFT DOUBLE QUOTATION MARK}war" in reported
    assert "War is least likely" not in reported
    commands = next(tree.iter("code")).text
    assert "report sweep/result.h5 --of 'peak>=war' --of deterred -o" in commands


def test_events_that_no_page_is_about_are_refused(swept, result):
    with pytest.raises(UsageError, match="peak>=war"):
        make_report(swept, ["peace"])
    with pytest.raises(UsageError, match="--of chooses events for the page on a sweep"):
        make_report(result, ["war"])


@pytest.fixture
def unchecked(monkeypatch) -> None:
    """Let invented outcomes pass, which no other counts add up to."""
    for check in ("check_result", "check_points"):
        monkeypatch.setattr(f"mcescalate.report.make.{check}", lambda *arguments: None)


def test_points_that_only_noise_parts_are_said_to_be_alike(swept, unchecked):
    """Of 64 chains 10 to 12 general wars say nothing; 10 wars against 64 do."""
    count = swept["outcome_count"].copy()
    count[:] = 0
    count.loc[{"outcome": "general_war"}] = [10, 11, 12, 10]
    count.loc[{"outcome": "limited_war"}] = [0, 53, 52, 54]
    count.loc[{"outcome": "settled"}] = [54, 0, 0, 0]
    noisy = swept.drop_vars("block_outcome_count").assign(outcome_count=count)
    reported = words(check_page(make_report(noisy).html))
    general = reported.split("General war is most likely")[1].split("Brackets")[0]
    assert "which may be due to chance: the points cannot be distinguished" in general
    assert re.search(r"About [\d\s]+ chains at each", general)
    assert (
        "more than chance explains" in reported.split("War is most likely")[1].split("General")[0]
    )


def test_points_without_chains_and_events_that_never_occurred_are_reported_in_words(
    swept, unchecked
):
    count = swept["outcome_count"].copy()
    count[:] = 0
    count.loc[{"outcome": "settled"}] = [64, 64, 64, 0]
    few = swept.drop_vars("block_outcome_count").assign(
        outcome_count=count, n_chains=("point", [64, 64, 64, 0])
    )
    tree = check_page(make_report(few).html)
    reported = words(tree)
    assert "War did not occur at any point: <" in reported
    assert "General war did not occur at any point" in reported
    last = table_of(tree, "Probability of")["3"]
    assert last[-4:] == ["no chains", "0\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}100"] * 2
    cells = [words(cell) for cell in tree.iter("td")]
    assert not [cell for cell in cells if cell in ("", "\N{EN DASH}", "nan", "None")]


def test_plan_in_the_page_makes_the_sweep_again(swept, tmp_path):
    again = simulated_again(make_report(swept).html, tmp_path)
    assert again.attrs["design_sha256"] == swept.attrs["design_sha256"]
    assert (again["outcome_count"] == swept["outcome_count"]).all()


TWO_BASES = PLAN.replace("[[bases]]", '[[bases]]\nname = "z"\n').replace(
    "[[axes]]", '[[bases]]\nname = "a"\nscenario = "case1.toml"\n[[axes]]', 1
)


def test_bases_keep_their_order_and_each_lists_its_assumptions(tmp_path):
    """JSON with sorted keys has them the other way round."""
    result = sweep_of(tmp_path, TWO_BASES, cases=2)
    page = make_report(result).html
    tree = check_page(page)
    assert [node.text for node in tree.iter("h3")] == ["z", "a"]
    (tmp_path / "elsewhere").mkdir()
    again = simulated_again(page, tmp_path / "elsewhere")
    assert again["base"].values.tolist() == result["base"].values.tolist()
    assert (again["outcome_count"] == result["outcome_count"]).all()


def test_points_from_a_table_are_in_the_page(tmp_path):
    plan = (
        PLAN.split("[[axes]]")[0]
        + """
[design]
kind = "table"
file = "somewhere.csv"
[[axes]]
address = "response.gap"
[[axes]]
address = "actors.YUG.resolve"
name = "resolve"
[[axes]]
address = "actors.YUG.nuclear"
name = "nuclear"
"""
    )
    rows = "nuclear,response.gap,resolve\ntrue,0.25,-0.5\nfalse,1.5,0.125\n"
    (tmp_path / "somewhere.csv").write_text(rows)
    result = sweep_of(tmp_path, plan)
    (tmp_path / "elsewhere").mkdir()
    again = simulated_again(make_report(result).html, tmp_path / "elsewhere")
    assert again["resolve"].values.tolist() == [-0.5, 0.125]
    assert (again["outcome_count"] == result["outcome_count"]).all()


def test_draws_of_a_posterior_have_both_intervals_and_are_in_the_page(tmp_path):
    case = crisis()
    result = simulate(
        case, n_chains=6_000, seed=4, coefficients=posterior_group(), draws=12, era="1990-"
    )
    page = make_report(result).html
    tree = check_page(page)
    caption = "Probability over the draws"
    assert heads(tree, caption)[-3:] == ["Monte Carlo interval", "parameter interval", "noise"]
    assert words(tree).count("least likely") == 0
    again = simulated_again(page, tmp_path)
    assert again.attrs["design"] == "posterior"
    assert (again["outcome_count"].values == result["outcome_count"].values).all()
    reported = words(check_page(make_report(result, ["peak>=war"]).html))
    assert "a dash says that it is not known" in reported


def test_points_that_are_not_known_well_enough_are_counted(tmp_path):
    wanted = "precision = { half_width = 1e-6, max_chains = 64, first_look = 64 }"
    result = sweep_of(tmp_path, PLAN.replace("chains = 64", wanted))
    short = int((result["precision_reached"] == 0).sum())
    assert short > 0
    reported = words(parsed(make_report(result).html))
    assert f"{short} points did not reach the requested precision" in reported


def test_sensitivity_has_a_figure_and_a_table(tmp_path):
    axes = [
        f'[[axes]]\naddress = "response.{name}"\nlow = 0.0\nhigh = 2.0\n' for name in ("gap", "up")
    ]
    plan = PLAN.split("[[axes]]")[0] + '[design]\nkind = "saltelli"\nsize = 8\n' + "".join(axes)
    tree = check_page(make_report(sweep_of(tmp_path, plan)).html)
    assert len(list(tree.iter("figure"))) == 2
    found = next(t for t in tree.iter("table") if "Sobol" in t.find("caption").text)
    assert [row.find("th").text for row in found.find("tbody")] == ["response.gap", "response.up"]
    assert "the 5 % quantile" in words(tree)


def test_exact_solution_is_refused():
    with pytest.raises(UsageError, match="exact solution"):
        make_report(solve(crisis()))


def without(story, *path):
    """Provenance without one of its parts."""
    *way, last = path
    part = story
    for key in way:
        part = part[key]
    del part[last]
    return story


@pytest.mark.parametrize(
    "path",
    [
        ("software",),
        ("software", "version"),
        ("rng", "chains"),
        ("rng", "seed"),
        ("parameters",),
        ("parameters", "sha256"),
        ("environment", "libraries"),
        ("environment",),
        ("resources",),
    ],
    ids=".".join,
)
def test_provenance_that_is_not_whole_is_reported(result, path):
    story = without(json.loads(result.attrs["provenance"]), *path)
    with pytest.raises(DataError, match=rf"(?s)^report: .*{path[-1]}") as caught:
        make_report(result.assign_attrs(provenance=json.dumps(story)))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("path", [("mcescalate",), ("plan", "schema_version"), ("bases", 0)])
def test_provenance_of_a_sweep_that_is_not_whole_is_reported(swept, path):
    story = without(json.loads(swept.attrs["provenance"]), *path)
    attrs = {"provenance": json.dumps(story), "sweep_sha256": sweep_digest(story)}
    with pytest.raises(DataError, match=r"(?s)^report: .*(mcescalate|schema_version|bases)"):
        make_report(swept.assign_attrs(attrs))


def test_a_sweep_of_another_version_has_a_page(swept):
    story = json.loads(swept.attrs["provenance"]) | {"mcescalate": "0.0.1"}
    attrs = {"source": "mcescalate 0.0.1", "sweep_sha256": sweep_digest(story)}
    page = make_report(swept.assign_attrs(attrs, provenance=json.dumps(story))).html
    assert "mcescalate 0.0.1" in words(parsed(page))


def test_missing_attributes_are_reported(result):
    attrs = {key: value for key, value in result.attrs.items() if key != "seed"}
    with pytest.raises(DataError, match="attribute seed: missing"):
        make_report(result.drop_attrs().assign_attrs(attrs))


def test_one_point_of_a_sweep_is_refused(swept):
    with pytest.raises(UsageError, match="found a point"):
        make_report(swept.isel(point=0))


@pytest.mark.parametrize("error", [AttributeError, KeyError, TypeError])
def test_faults_of_the_program_are_not_taken_for_those_of_the_data(result, error, monkeypatch):
    def broken(*_):
        raise error("ours")

    monkeypatch.setattr(run, "describe", broken)
    with pytest.raises(error, match="ours"):
        make_report(result)


def table_of(tree, caption):
    """Rows of the table with this caption, by their first cell."""
    (found,) = [t for t in tree.iter("table") if t.find("caption").text.startswith(caption)]
    return {
        "".join(row[0].itertext()): [cell.text for cell in row[1:]] for row in found.find("tbody")
    }


def test_entrapment_is_reported_exactly_where_it_is_known(result):
    """Counts leave bounds; the record of each chain does not."""
    known = simulate(crisis(), n_chains=2_000, seed=4, keep_chains=True)
    share = 100 * float(entrapment(known)["most"].sel(actor="RUS"))
    page = make_report(known).html
    assert table_of(parsed(page), "States")["RUS"][-1] == f"{share:.2f}\N{NO-BREAK SPACE}%"
    assert "--keep-chains" not in page
    assert "--keep-chains" in make_report(result).html


def test_treaties_of_several_promises_have_their_own_table():
    ties = [{"from": "RUS", "to": "YUG", "kind": "defence", "treaty": "<Guarantee>"}]
    result = simulate(crisis(ties=ties), n_chains=500, seed=4)
    rows = table_of(check_page(make_report(result).html), "Treaties")
    kept = group_fates(result).sel(group="<Guarantee>", fate="fought")
    assert rows["<Guarantee>"][0] == str(int(kept["n"]))


def test_a_promise_is_kept_by_fighting_and_standing_by_is_distinguished(result):
    page = parsed(make_report(result).html)
    table = next(t for t in page.iter("table") if "Defence promises" in words(t.find("caption")))
    header = [words(cell) for cell in table.find("thead").iter("th")]
    assert header[1:] == [
        "times called upon",
        "kept: fought",
        "95 % interval",
        "stood by",
        "abandoned",
        "betrayed",
    ]
    fates = [int(result[f"tie_{fate}_count"].sum()) for fate in TIE_FATES]
    assert min(fates[:2]) > 0
    row = [words(cell) for cell in table.find("tbody").iter("td")]
    for cell, count in zip((row[1], *row[3:]), fates, strict=True):
        if count:
            assert float(cell.removesuffix(" %")) == pytest.approx(100 * count / sum(fates), abs=1)


def test_numbers_are_not_parted_at_the_end_of_a_line(page):
    reported = [
        "".join(node.itertext()) for kind in ("p", "li", "td") for node in parsed(page).iter(kind)
    ]
    assert [text for text in reported if re.search(r"\d \d{3}", text)] == []
    assert any("2\N{NO-BREAK SPACE}000" in text for text in reported)


def test_without_matplotlib_the_words_remain(result, monkeypatch):
    import sys

    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    report = make_report(result)
    assert report.lacks_figures
    tree = parsed(report.html)
    assert "pip install" in words(tree) and "War occurs in" in words(tree)


def test_rows_with_a_source_are_found(result):
    scenario = evil_scenario()
    assert ("AUH", f"assumption: {EVIL}") in list(rows_and_sources(scenario))
    assert list(rows_and_sources(scenario_of(result))) == list(rows_and_sources(crisis()))


def test_figures_are_well_formed_xml(page):
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 8
    for drawing in drawings:
        assert ElementTree.fromstring(drawing).get("viewBox")


def test_promises_are_counted_one_way(capsys):
    """Each direction once, and none of strength 0: on the page, by `check` and in the notebook."""
    for case, n_promises in (("july-1914", 65), ("cuba-1962", 139)):
        path = CONFIGS / f"{case}.toml"
        assert main(["check", str(path), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["promises"] == n_promises
        scenario = load_scenario(path)
        names = {actor.id: actor.name for actor in scenario.actors}
        assert run.question(scenario, names, Figures())["n_promises"] == n_promises
        assert len(merge_rows(scenario).in_force) == n_promises
    notebook = (CONFIGS.parent / "docs/notebooks/first-steps.ipynb").read_text(encoding="utf-8")
    assert "len(merge_rows(scenario).in_force)" in notebook


def test_rows_without_a_source_are_counted_and_listed():
    scenario = parse_scenario(
        """
        schema_version = 1
        actors = [
            { id = "AAA", capability = 0.5, source = "Assumption: half" },
            { id = "BBB", capability = 0.5, source = "data; assumption: the rest" },
            { id = "CCC", capability = 0.1 },
        ]
        dyads = [{ a = "AAA", b = "BBB", rivalry = 1.0 }]
        trigger = { initiator = "AAA", target = "BBB", source = "data" }
        response = { gap = 0.3 }
        """
    )
    rows = dict(rows_and_sources(scenario))
    assert [row for row, source in rows.items() if not source] == [
        "CCC",
        "dyad AAA-BBB",
        "response",
    ]
    reported = words(parsed(make_report(simulate(scenario, n_chains=50, seed=1)).html))
    assert "6 rows in the scenario: 1 based on assumption alone, 1 in part" in reported
    assert "3 without a source" in reported
