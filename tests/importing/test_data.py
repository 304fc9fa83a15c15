"""Data that are read once: scenarios of many days, lagged data, and disputes."""

import datetime
import json

import pytest
from made_up_data import DYADS, NMC, REGIMES, write_files
from made_up_disputes import (
    DISPUTE_FILES,
    GML_DISPUTES,
    GML_PARTIES,
    MIDA,
    MIDB,
    MIE,
)

import mcescalate as mc
from mcescalate.errors import DataError, UsageError
from mcescalate.importing.datasets.disputes import Event
from mcescalate.importing.evidence import sources

DAYS = ("1931-06-01", "1932-06-01", "1940-07-01")


def test_many_days_are_those_of_single_imports_and_each_file_is_read_once(small_world, monkeypatch):
    write_files(small_world, {"dyads.csv": DYADS, "polity.csv": REGIMES} | DISPUTE_FILES)
    single = {day: mc.scenario_from_data(small_world, date=day) for day in DAYS}
    read = []
    original = sources.read_table
    monkeypatch.setattr(sources, "read_table", lambda path: read.append(path) or original(path))
    data = mc.read_data(small_world)
    for day in (*DAYS, *DAYS):
        imported = data.scenario(date=day)
        assert imported.text == single[day].text
        assert imported.report == single[day].report
    assert data.disputes() == data.disputes()
    assert len(read) == len(set(read)) == 11


def test_lagged_data_with_the_members_of_the_day(small_world):
    data = mc.read_data(small_world)
    # EEE became a member in June 1920; the promises and rivalries below are those of a year before.
    lagged = data.scenario(date="1931-06-01", lag_years=1)
    plain = data.scenario(date="1930-06-01")
    assert [row.capability for row in lagged.scenario.actors] == [
        row.capability for row in plain.scenario.actors
    ]
    assert [(tie.from_, tie.to, tie.kind) for tie in lagged.scenario.ties] == [
        (tie.from_, tie.to, tie.kind) for tie in plain.scenario.ties
    ]
    assert "Data stand as on 1930-06-01; the actors are the members of 1931-06-01." in lagged.text
    # The rivalry of CCC and DDD ended in 1935.
    rivals = [
        {
            (row.a, row.b)
            for row in data.scenario(date="1936-03-01", lag_years=lag).scenario.dyads
            if row.rivalry
        }
        for lag in (0, 1)
    ]
    assert ("CCC", "DDD") not in rivals[0]
    assert ("CCC", "DDD") in rivals[1]


def test_a_leap_day_a_year_before(small_world):
    imported = mc.read_data(small_world).scenario(date="1932-02-29", lag_years=1)
    assert "Data stand as on 1931-02-28" in imported.text


def test_an_earlier_share_is_never_a_later_one(small_world):
    """CCC has a share in 1930, none in 1931; DDD's only share is made a later one."""
    text = "".join(
        line
        for line in NMC.splitlines(True)
        if not line.startswith(("DDD,220,1930", "DDD,220,1931"))
    ).replace("DDD,220,1950", "DDD,220,1932")
    write_files(small_world, {"nmc.csv": text})
    data = mc.read_data(small_world)
    for missing, share in (("nearest", 0.1), ("earlier", 1e-6)):
        found = data.scenario(date="1931-06-01", missing=missing).scenario
        shares = {actor.id: actor.capability for actor in found.actors}
        assert shares["CCC"] == 0.15
        assert shares["DDD"] == share


def test_a_named_pair_with_any_first_act(small_world):
    data = mc.read_data(small_world)
    pair = {"date": "1931-06-01", "initiator": "AAA", "target": "BBB"}
    found = data.scenario(**pair, any_start=True, preset="none").scenario.trigger
    assert [(domain.weight, domain.rung) for domain in found.domains] == [
        (0.1, 1),
        (0.3, 2),
        (0.6, 4),
    ]
    assert found.initiator == "AAA"
    assert [
        domain.rung for domain in data.scenario(**pair, preset="none").scenario.trigger.domains
    ] == [1]


@pytest.mark.parametrize("lag", [-1, 51, 1.5])
def test_a_lag_out_of_bounds(small_world, lag):
    with pytest.raises(UsageError, match="lag_years: expected a whole number from 0 to 50"):
        mc.scenario_from_data(small_world, date="1931-06-01", lag_years=lag)


# ------------------------------------------------------------ disputes


def test_disputes(small_world):
    write_files(small_world, DISPUTE_FILES)
    first, second, blank, last = mc.read_data(small_world).disputes()
    assert [d.number for d in (first, second, blank, last)] == [7, 3, 9, 11]
    assert first.day == datetime.date(1931, 6, 2)
    assert first.ended == datetime.date(1932, 1, 5)
    assert (first.war, first.force, first.answered, first.multi) == (True, True, True, True)
    assert [(p.code, p.side, p.originator, p.level) for p in first.parties] == [
        (2, "a", True, 5),
        (20, "b", True, 5),
        (200, "a", False, 5),
    ]
    assert first.originators("a") == [2]
    # The event of the lowest number on the first day; the unknown day is the 15th of July.
    assert first.event == Event(20, 2, 2)
    assert second.day == datetime.date(1931, 7, 15)
    assert (second.war, second.force, second.answered, second.multi) == (False, False, False, False)
    assert blank.day == datetime.date(1932, 2, 15)
    assert (blank.war, blank.force, blank.answered, blank.multi) == (None, None, None, None)
    assert blank.event is None


def renamed(text, old, new):
    header, rows = text.split("\n", 1)
    return f"{header.replace(old, new, 1)}\n{rows}"


def without(text, *columns):
    rows = [line.split(",") for line in text.splitlines()]
    kept = [k for k, name in enumerate(rows[0]) if name not in columns]
    return "".join(",".join(row[k] for k in kept) + "\n" for row in rows)


def with_both_numbers(text):
    """As in MID 4.0, where new disputes have no number of version 3."""
    header, *rows = renamed(text, "dispnum", "dispnum3,dispnum4").splitlines()
    return "\n".join([header, *(f"-9,{row}" for row in rows)]) + "\n"


@pytest.mark.parametrize(
    "change", [lambda text: renamed(text, "dispnum", "dispnum3"), with_both_numbers]
)
def test_version_4(small_world, change):
    write_files(small_world, DISPUTE_FILES)
    now = mc.read_data(small_world).disputes()
    write_files(small_world, {"mida.csv": change(MIDA), "midb.csv": change(MIDB)})
    assert mc.read_data(small_world).disputes() == now


def test_outcomes_whose_columns_are_absent(small_world):
    left = without(MIDA, "hostlev", "recip", "numa", "numb", "hiact", "outcome", "settle")
    write_files(small_world, {"mida.csv": left, "midb.csv": without(MIDB, "hostlev", "hiact")})
    for dispute in mc.read_data(small_world).disputes():
        assert (dispute.level, dispute.answered, dispute.n_parties) == (None, None, None)
        assert dispute.originators("a")


def test_the_revision_of_gibler_miller_and_little(small_world):
    write_files(small_world, {"gml_disps.csv": GML_DISPUTES, "gml_part.csv": GML_PARTIES})
    second, first = mc.read_data(small_world).disputes()[::-1]
    assert (first.day, first.n_parties) == (datetime.date(1931, 6, 15), 3)
    assert (first.war, first.multi, first.answered) == (True, True, True)
    assert (second.war, second.multi) == (False, False)
    # MID takes its place where both are given.
    write_files(small_world, DISPUTE_FILES)
    assert len(mc.read_data(small_world).disputes()) == 4


def test_an_import_reads_no_disputes_even_if_they_are_damaged(small_world):
    write_files(small_world, {"mida.csv": MIDA.replace("1931,", "193x,"), "midb.csv": MIDB})
    data = mc.read_data(small_world)
    report = data.scenario(date="1931-06-01").report
    assert "mida.csv: data on disputes: used by backtest" in report.unused
    with pytest.raises(DataError, match=r"mida\.csv: line 2, column styear: .*193x"):
        data.disputes()


@pytest.mark.parametrize(
    "name, old, new, place",
    [
        ("mida.csv", "9,-9,2,1932", "7,-9,2,1932", "line 4, column dispnum: the same dispute is"),
        ("mida.csv", "7,2,6,1931", "7,31,6,1931", "line 2, column stday: there is no day 31 in"),
        ("mida.csv", "7,2,6,1931", "7,2,13,1931", "line 2, column stmon: expected a whole number"),
        ("mida.csv", "5,1,1932", "5,1,1930", "line 2, column endyear: ends on 1930-01-05, before"),
        ("mida.csv", ",5,1,2,1,0,5", ",6,1,2,1,0,5", "line 2, column hostlev: expected a whole"),
        ("midb.csv", "1931,1,0", "1931,,0", "line 2, column sidea: expected 1 or 0, found nothing"),
        ("midb.csv", '"AAA",2,', '"AAA",x,', "line 2, column ccode: expected a whole number"),
        ("midb.csv", '7,"BBB"', '"BBB"', "line 3, column orig: expected 19 cells as in the header"),
        ("mie.csv", "7,1,20,2", "7,1,20,?", "line 3, column ccode2: expected a whole number"),
    ],
)
def test_damaged_disputes(small_world, name, old, new, place):
    assert old in DISPUTE_FILES[name]
    write_files(small_world, DISPUTE_FILES | {name: DISPUTE_FILES[name].replace(old, new, 1)})
    with pytest.raises(DataError, match=rf"{name}: {place}"):
        mc.read_data(small_world).disputes()


@pytest.mark.parametrize("names, found", [((), "neither"), (("mida.csv",), "mida.csv")])
def test_no_disputes(small_world, names, found):
    write_files(small_world, {name: DISPUTE_FILES[name] for name in names})
    with pytest.raises(UsageError, match=rf"participants \(MIDB\), found {found}"):
        mc.read_data(small_world).disputes()


def test_events_without_a_level_are_passed_over(small_world):
    write_files(small_world, DISPUTE_FILES | {"mie.csv": MIE.replace(",1,8,2,", ",1,8,-9,")})
    assert mc.read_data(small_world).disputes()[0].event == Event(2, 20, 4)


# ------------------------------------------------------------ a panel


def test_a_panel(run_import, small_world, tmp_path):
    done = run_import(
        small_world, "--date", "1931-06-01,1932-06-01", "--date", DAYS[2], "--out", "panel"
    )
    assert done.code == 0, done.stderr
    data = mc.read_data(small_world)
    for day in DAYS:
        text = (tmp_path / "panel" / f"scenario-{day}.toml").read_text()
        assert text == data.scenario(date=day).text
    assert done.stdout.count("\nmapped\n") == 3


def test_a_panel_in_json_and_here(run_import, small_world, tmp_path):
    done = run_import(small_world, "--date", ",".join(DAYS), "--json", "--quiet")
    answers = json.loads(done.stdout)
    assert [answer["date"] for answer in answers] == list(DAYS)
    assert all((tmp_path / answer["file"]).is_file() for answer in answers)


def test_nothing_is_written_if_one_day_cannot_be(run_import, small_world, tmp_path):
    done = run_import(small_world, "--date", "1931-06-01,1890-01-01", "--out", "panel")
    assert done.code == 2
    assert "begins on 1930-01-01, after 1890-01-01" in done.stderr
    assert not (tmp_path / "panel").exists()
    (tmp_path / "taken").write_text("")
    done = run_import(small_world, "--date", "1931-06-01,1932-06-01", "--out", "taken")
    assert (done.code, done.stderr) == (2, "taken: is a file; name a folder\n")
