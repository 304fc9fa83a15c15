"""The page in a browser: three values are moved, and its figures are those of the command line."""

import json

import pytest
from browser import Browser, find_browser
from cases import CONFIGS

import mcescalate as mc
from mcescalate.cli import main
from mcescalate.quantities import change, change_interval, in_words, interval, one_side, percent

MOVES = {
    "response.gap": "0.9",
    "actors.GMY.resolve": "-0.4",
    "ties.GMY-AUH.defence.strength": "0.25",
}
CHAINS, SEED = 1_000, 7

MOVE = """(async () => {{
  const search = document.getElementById('search');
  search.value = {address};
  search.dispatchEvent(new Event('input'));
  const dial = await new Promise((resolve) => {{
    const look = () => {{
      const found = document.querySelector('#values [data-address={address}]');
      if (found) resolve(found); else setTimeout(look, 20);
    }};
    look();
  }});
  const box = dial.querySelector('input[type=text]');
  box.value = {value};
  box.dispatchEvent(new Event('change'));
}})()"""

ROWS = """[...document.querySelectorAll('#{table} tr')].map((row) =>
  [row.dataset.event || row.dataset.actor,
   ...[...row.children].slice(1).map(
     (cell) => [...cell.childNodes].map((it) => it.textContent))])"""

DONE = "document.body.dataset.state === 'done'"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium")
    with Browser(program, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def page():
    served = mc.explore(mc.load_case("july-1914"), seed=SEED, in_frame=False)
    served.site.exploration.stages = (CHAINS,)
    yield served
    served.stop()


def move(browser, address, value):
    browser.value(MOVE.format(address=json.dumps(address), value=json.dumps(value)))


def compared(capsys, settings=(), off=()):
    """What `compare --json` prints."""
    capsys.readouterr()
    words = [word for setting in settings for word in ("--set-second", setting)]
    words += [word for edit in off for word in ("--without", edit)]
    file = str(CONFIGS / "july-1914.toml")
    assert main(["compare", file, *words, "-n", str(CHAINS), "--seed", str(SEED), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def now_cell(row):
    second = one_side(row, "second")
    return [percent(second), interval(second), f"base {percent(one_side(row, 'first'))}"]


def change_cell(row):
    arrow = "" if not row["is_detected"] else "▲ " if row["difference"] > 0 else "▼ "
    remark = [] if row["is_detected"] else ["none detected"]
    return [arrow + change(row), change_interval(row), *remark]


def test_moving_three_values_shows_the_figures_of_compare(browser, page, capsys):
    browser.open(page.url)
    browser.wait_until(DONE)
    made = []
    for address, value in MOVES.items():
        move(browser, address, value)
        browser.wait_until(DONE)
        made.append(f"{address}={value}")
        reported = compared(capsys, made)
        shown = {name: cells for name, *cells in browser.value(ROWS.format(table="outcomes"))}
        assert len(shown) == 7
        for event, cells in shown.items():
            row = reported["events"][event]
            assert cells == [now_cell(row), change_cell(row)], event
        actors = {name: cells for name, *cells in browser.value(ROWS.format(table="actors"))}
        for actor, cells in actors.items():
            rows = [reported["actors"][actor][did] for did in ("engaged", "at_war")]
            assert cells == [cell(row) for row in rows for cell in (now_cell, change_cell)], actor
        colours = browser.value(
            "[...document.querySelectorAll('#outcomes tr')].map((row) => row.children[2].className)"
        )
        assert [bool(name) for name in colours] == [
            reported["events"][event]["is_detected"] for event in shown
        ]
    assert browser.value("document.getElementById('set').value") == " ".join(
        f"--set {setting}" for setting in made
    )
    assert browser.value("location.hash").count("set=") == 3
    assert {
        url.split("#")[0].split("?")[0].removesuffix("favicon.ico") for url in browser.requested
    } <= {page.url + path for path in ("", "scenario.json", "position", "chain.json")}
    assert browser.complaints == []


def test_a_position_in_the_address_is_taken_up(browser, page, capsys):
    browser.open(f"{page.url}#set=response.gap%3D0.9")
    browser.wait_until(DONE)
    reported = compared(capsys, ["response.gap=0.9"])["events"]["war"]
    assert browser.value("document.getElementById('headline-now').textContent") == percent(
        one_side(reported, "second")
    )
    assert browser.value("document.querySelectorAll('#moved .dial').length") == 1


def test_an_invalid_value_shows_the_message_of_the_scenario(browser, page):
    browser.open(page.url)
    browser.wait_until(DONE)
    before = browser.value("document.getElementById('headline-now').textContent")
    move(browser, "actors.GMY.tempo", "2")
    browser.wait_until("document.body.dataset.state === 'trouble'")
    reported = "actors.GMY.tempo: expected a number from 0 to 1, found 2"
    problems = browser.value(
        "[...document.querySelectorAll('.problem')].map((it) => it.textContent).filter(Boolean)"
    )
    assert set(problems) == {reported}
    assert reported in browser.value("document.getElementById('status').textContent")
    assert browser.value("document.getElementById('headline-now').textContent") == before
    browser.value("document.getElementById('undo').click()")
    browser.wait_until(DONE)


def test_switches_and_undo(browser, page, capsys):
    browser.open(page.url)
    browser.wait_until(DONE)
    browser.value("document.querySelector('#levers details').open = true")
    browser.wait_until("document.querySelector('#levers input')")
    label = browser.value("document.querySelector('#levers label').textContent")
    browser.value("document.querySelector('#levers input').click()")
    browser.wait_until(DONE)
    reported = compared(capsys, off=[label.removeprefix("without ")])
    shown = {name: cells for name, *cells in browser.value(ROWS.format(table="outcomes"))}
    for event, cells in shown.items():
        assert cells == [
            now_cell(reported["events"][event]),
            change_cell(reported["events"][event]),
        ]
    assert browser.value("document.querySelectorAll('#moved .dial').length") > 0
    browser.value("document.getElementById('undo').click()")
    browser.wait_until(DONE)
    assert browser.value("document.querySelector('#levers input').checked") is False
    assert browser.value("location.hash") == ""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(browser, page, width):
    browser.show_as(width, dark=False)
    browser.open(f"{page.url}#set=response.gap%3D0.9")
    browser.wait_until(DONE)
    browser.wait_until("document.querySelector('#chain svg')")
    assert browser.value("document.documentElement.scrollWidth") <= width


def test_a_page_whose_program_has_ended_says_so(browser, page):
    browser.open(page.url)
    browser.wait_until(DONE)
    page.stop()
    move(browser, "response.gap", "0.9")
    browser.wait_until("document.body.dataset.state === 'gone'")
    assert f"--seed {SEED}" in browser.value("document.getElementById('status').textContent")


def test_names_that_look_like_markup_are_text(browser):
    evil = "<img src=x onerror=document.title='broken'>"
    scenario = mc.load_case("july-1914")
    actors = tuple(
        actor.model_copy(update={"name": evil, "source": evil}) for actor in scenario.actors
    )
    scenario = scenario.model_copy(update={"title": evil, "actors": actors})
    served = mc.explore(scenario, seed=SEED, in_frame=False)
    served.site.exploration.stages = (CHAINS,)
    try:
        browser.open(served.url)
        browser.wait_until(DONE)
        assert browser.value("document.getElementById('title').textContent") == evil
        assert browser.value("document.querySelectorAll('img').length") == 0
        assert in_words("general_war") in browser.value("document.body.innerText")
    finally:
        served.stop()
