"""The dials on the page of a sweep: the points it carries, and what a browser makes of them."""

import json

import numpy as np
import pytest
from browser import Browser, find_browser
from scipy.stats import t
from small_crisis import crisis

import mcescalate as mc
from mcescalate.report import dials as module
from mcescalate.report.dials import as_json, dials
from mcescalate.report.make import make_report
from mcescalate.scenario.writing import to_toml

NOISE, GAP = [0.0, 1.0, 2.0], [0.2, 0.8]

MOVE = """(() => {
  const [noise, gap] = document.querySelectorAll('#dial-list input');
  for (const [slider, place] of [[noise, PLACE_OF_NOISE], [gap, PLACE_OF_GAP]]) {
    slider.value = place;
    slider.dispatchEvent(new Event('input'));
  }
  return [document.getElementById('dial-point').textContent,
    [...document.querySelectorAll('#dial-rows tr')].map(
      (row) => [...row.children].map((cell) => cell.innerText.trim()))];
})()"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dials")
    (folder / "case.toml").write_text(to_toml(crisis()), encoding="utf-8")
    axes = {"actors.*.noise": NOISE, "response.gap": GAP}
    sweep = mc.Sweep(folder / "case.toml", axes=axes, chains=320, seed=3)
    return mc.run_sweep(sweep, folder / "out", workers=1)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium")
    with Browser(program, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


def points_of(swept, events=("war",)):
    return json.loads(dials(swept, events)["data"])


def test_each_point_has_the_shares_of_its_counts(swept):
    data = points_of(swept)
    shares = {event["name"]: event["p"] for event in data["events"]}
    counts = swept["outcome_count"]
    for outcome in counts["outcome"].values:
        name = outcome.replace("_", " ").capitalize()
        assert shares[name] == pytest.approx(counts.sel(outcome=outcome).values / 320, abs=1e-5)
    assert data["chains"] == ["320"] * 6


def test_each_point_has_its_values(swept):
    first, second = points_of(swept)["axes"]
    assert first["values"] == NOISE and second["values"] == GAP
    set_to = [(NOISE[i], GAP[k]) for i, k in zip(first["at"], second["at"], strict=True)]
    values = [swept[axis].values.tolist() for axis in ("actors.*.noise", "response.gap")]
    assert set_to == list(zip(*values, strict=True))


def test_a_value_that_stays_as_it_is_comes_first(swept):
    noise = swept["actors.*.noise"]
    values = np.where(noise == 1.0, np.nan, noise)
    axis = points_of(swept.assign_coords({noise.name: noise.copy(data=values)}))["axes"][0]
    assert axis["values"] == [None, 0.0, 2.0]
    assert axis["at"] == [1, 1, 0, 0, 2, 2]


def test_many_points_have_the_events_of_the_page_alone(swept, monkeypatch):
    monkeypatch.setattr(module, "MOST_DETAILED", 5)
    assert [event["name"] for event in points_of(swept)["events"]] == ["War"]
    assert points_of(swept)["events"][0]["blocks"] is None
    monkeypatch.setattr(module, "MOST_POINTS", 5)
    assert dials(swept, ("war",))["data"] is None
    page = make_report(swept).html
    assert "Move a dial" not in page and "<script" not in page


def test_no_text_ends_the_data():
    text = "</script><!--<script>&\u202e"
    image = as_json({"names": [text]})
    assert not set("<>&\u202e") & set(image)
    assert json.loads(image) == {"names": ["</script><!--<script>&\ufffd"]}


def test_the_dials_show_the_point_with_these_values(swept, browser, tmp_path):
    (tmp_path / "page.html").write_text(make_report(swept).html, encoding="utf-8")
    browser.open((tmp_path / "page.html").as_uri())
    browser.wait_until("document.querySelector('#dial-list input') !== null")
    move = MOVE.replace("PLACE_OF_NOISE", "2").replace("PLACE_OF_GAP", "1")
    title, rows = browser.value(move)
    assert title == "Point 5, actors.*.noise = 2, response.gap = 0.8; 320 chains"
    shares = swept["block_outcome_count"] / swept["block_outcome_count"].sum("outcome")
    war = shares.sel(outcome=["limited_war", "general_war"]).sum("outcome").transpose("point", ...)
    gaps = (war[5] - war[0]).values
    half = t.ppf(0.975, 31) * gaps.std(ddof=1) / np.sqrt(32)
    name, share, _, difference = rows[0]
    assert (name, share) == ("War", points_of(swept)["events"][0]["text"][5])
    signs = str.maketrans({"\N{MINUS SIGN}": "-", "(": "", ")": ""})
    found = [float(number) for number in difference.translate(signs).replace("to", "").split()]
    expected = 100 * np.array([gaps.mean(), gaps.mean() - half, gaps.mean() + half])
    assert found == pytest.approx(expected, abs=0.06)
    assert browser.complaints == []
