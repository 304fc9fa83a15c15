"""Promises in the alliance files: kinds, directions, terms and days."""

import datetime

import pytest
from made_up_data import ATOP, ATOP_HEADER, COW_DYADS, COW_MEMBERS, DYADS, atop_row, write_files

from mcescalate.errors import DataError
from mcescalate.importing.datasets.alliances import atop, cow_alliances, supplement
from mcescalate.importing.datasets.alliances.promises import Conditions, Secrecy
from mcescalate.importing.files.csv_files import read_table

DAY = datetime.date(1931, 6, 1)


def table_of(tmp_path, text):
    return read_table(write_files(tmp_path, {"file.csv": text}) / "file.csv")


def atop_promises(tmp_path, text=ATOP, day=DAY, widest=5):
    memberships = atop.read_members(table_of(tmp_path, text))
    return {
        (promise.giver, promise.to, promise.kind): promise
        for promise in atop.promises_on(memberships, day, widest=widest)
    }


def test_members_promise_to_all_other_members(tmp_path):
    assert set(atop_promises(tmp_path)) == {
        (20, 200, "defence"),
        (200, 20, "defence"),
        (20, 200, "consultation"),
        (200, 20, "consultation"),
        (20, 200, "support"),
        (200, 20, "support"),
        (2, 220, "defence"),
        (2, 220, "nonaggression"),
        (220, 2, "nonaggression"),
        (20, 220, "neutrality"),
        (220, 20, "neutrality"),
    }


def test_terms_of_defence(tmp_path):
    promises = atop_promises(tmp_path)
    pact = promises[20, 200, "defence"].terms
    assert pact.conditions is Conditions.NONPROVOCATION
    assert (pact.against, pact.secrecy, pact.wide) == ((2,), Secrecy.SECRET, False)
    guarantee = promises[2, 220, "defence"].terms
    assert guarantee.conditions is Conditions.OTHER
    assert (guarantee.limits, guarantee.against) == (("place",), ())
    assert promises[20, 200, "consultation"].terms.against == ()


def test_an_adversary_without_a_name_is_a_limit(tmp_path):
    rows = [atop_row(1, code, "1930-1-1", defense=1, defcon=1, defcoadv=1) for code in (2, 20)]
    promise = atop_promises(tmp_path, ATOP_HEADER + "".join(rows))[2, 20, "defence"]
    assert (promise.terms.limits, promise.terms.against) == (("unnamed_adversary",), ())


@pytest.mark.parametrize(
    "day, is_there",
    [("1905-05-05", False), ("1905-05-06", True), ("1944-12-31", True), ("1945-01-01", False)],
)
def test_phases_follow_each_other_and_end(tmp_path, day, is_there):
    promises = atop_promises(tmp_path, day=datetime.date.fromisoformat(day))
    assert ((20, 220, "neutrality") in promises) == is_there
    if is_there:
        assert promises[20, 220, "neutrality"].since == datetime.date(1905, 5, 6)


def test_many_members_without_command_or_bases_make_a_treaty_wide(tmp_path):
    codes = range(2, 9)
    for values, wide in (({}, True), ({"intcom": 1}, False), ({"base": 3}, False)):
        rows = [atop_row(1, code, "1930-1-1", defense=1, **values) for code in codes]
        promises = atop_promises(tmp_path, ATOP_HEADER + "".join(rows))
        assert promises[2, 3, "defence"].terms.wide == wide
        assert promises[2, 3, "defence"].members == 7


@pytest.mark.parametrize(
    "row, text",
    [
        (atop_row(1, 2, "1930-1-1", "1929-1-1", defense=1), "line 2, column yrexit: ends at 1929"),
        (atop_row(1, 2, "1930-2-30", defense=1), "line 2, column dayent: there is no day 30"),
        (atop_row(1, 2, "0-0-0", defense=1), "line 2, column yrent: expected a year"),
        (atop_row(1, "FRA", "1930-1-1"), "line 2, column member: expected a whole number"),
        (atop_row(1, 2, "1930-1-1", defense=2), "line 2, column defense: expected a whole number"),
    ],
)
def test_damaged_rows_of_members(tmp_path, row, text):
    with pytest.raises(DataError) as caught:
        atop.read_members(table_of(tmp_path, ATOP_HEADER + row))
    assert text in str(caught.value)


def cow_promises(tmp_path, text, day):
    read = cow_alliances.read_members if text is COW_MEMBERS else cow_alliances.read_dyads
    spells = read(table_of(tmp_path, text))
    promises = cow_alliances.promises_on(spells, day, widest=5)
    return {(promise.giver, promise.to, promise.kind): promise.since for promise in promises}


@pytest.mark.parametrize(
    "day", ["1909-01-01", "1931-06-01", "1931-09-09", "1931-09-10", "2000-01-01"]
)
def test_cow_files_by_member_and_by_dyad_say_the_same(tmp_path, day):
    day = datetime.date.fromisoformat(day)
    by_member = cow_promises(tmp_path, COW_MEMBERS, day)
    assert by_member == cow_promises(tmp_path, COW_DYADS, day)
    assert ((200, 220, "consultation") in by_member) == (
        day.year >= 1910 and day.isoformat() < "1931-09-10"
    )
    assert ((200, 2, "defence") in by_member) == (day.year >= 1932)


def test_cow_promises_go_both_ways_with_their_days(tmp_path):
    promises = cow_promises(tmp_path, COW_DYADS, datetime.date(1935, 1, 1))
    assert promises[200, 20, "defence"] == promises[20, 200, "defence"] == datetime.date(1932, 6, 5)
    assert promises[2, 20, "nonaggression"] == datetime.date(1930, 1, 1)


def test_cow_spells_that_the_data_cut_off_go_on(tmp_path):
    """Whether or not a file puts the day on which its data end."""
    text = COW_DYADS.replace("1,1,1930,,,,0,1", "1,1,1930,31,12,2012,0,1")
    spells = cow_alliances.read_dyads(table_of(tmp_path, text))
    assert cow_alliances.end_of_data(spells) == datetime.date(2012, 12, 31)
    promised = cow_promises(tmp_path, text, datetime.date(2014, 1, 1))
    assert (2, 20, "defence") in promised
    ended = text.replace("31,12,2012,0,1", "31,12,2012,0,0")
    assert (2, 20, "defence") not in cow_promises(tmp_path, ended, datetime.date(2014, 1, 1))


@pytest.mark.parametrize(
    "old, new, text",
    [
        (
            ",1,1,1930,,,,0,1,1,0,1,0,4.1\n1,2,A",
            ",1,1,1930,1,1,1920,0,1,1,0,1,0,4.1\n1,2,A",
            "dyad_end_year",
        ),
        ("1,20,Bland,200", "1,20,Bland,20", "line 4, column ccode2: state 20 is its own ally"),
        ("5,6,1932", "5,6,", "line 3, column dyad_st_year: expected a year"),
    ],
)
def test_damaged_cow_rows(tmp_path, old, new, text):
    with pytest.raises(DataError) as caught:
        cow_alliances.read_dyads(table_of(tmp_path, COW_DYADS.replace(old, new, 1)))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    "read, text, old, new, line",
    [
        (atop.read_members, ATOP, atop_row(20, 220, "1928-1-1", nonagg=1), None, 5),
        (cow_alliances.read_members, COW_MEMBERS, "1,1,0,1,0,4.1\n1,20", "1,,0,1,0,4.1\n1,20", 2),
        (cow_alliances.read_dyads, COW_DYADS, "1,1,0,1,0,4.1\n1,2,", "1,-9,0,1,0,4.1\n1,2,", 2),
        (atop.read_dyad_years, DYADS, "20,200,1931,1", "20,200,1931,NA", 2),
    ],
)
def test_a_promise_missing_from_the_file_is_reported(tmp_path, read, text, old, new, line):
    assert old in text
    new = new or atop_row(20, 220, "1928-1-1", nonagg=1, defense="")
    table = table_of(tmp_path, text.replace(old, new, 1))
    read(table)
    assert table.remarks == [
        f"column defense: missing in 1 row, the first in line {line}; treated as no promise"
    ]


FURTHER = (
    "ccode1,ccode2,directed,types,treaty_id,treaty_name,start_date,end_date,conditional,source\n"
)


def supplement_promises(tmp_path, rows, day=DAY):
    entries = supplement.read_entries(table_of(tmp_path, FURTHER + rows))
    memberships = atop.read_members(table_of(tmp_path, ATOP))
    promises = supplement.promises_on(entries, memberships, day, widest=5)
    return {(promise.giver, promise.to, promise.kind): promise for promise in promises}


def test_further_ties_by_their_words(tmp_path):
    promises = supplement_promises(
        tmp_path,
        "2,20,0,informal,,Entente,1930-01-01,,,\n"
        "2,200,1,aid;defense,,Pact,,,1,\n"
        "2,220,1,guarantee,,Guarantee,1930-01-01,1931-05-31,,\n"
        "20,220,1,defense,,Published,1930-01-01,,,ATOP 4.01\n",
    )
    assert set(promises) == {
        (2, 20, "consultation"),
        (20, 2, "consultation"),
        (2, 200, "support"),
        (2, 200, "defence"),
    }
    assert promises[2, 20, "consultation"].form == "informal"
    assert promises[2, 200, "defence"].terms.conditions is Conditions.OTHER


def test_a_state_enters_a_treaty_on_its_members_terms(tmp_path):
    promises = supplement_promises(tmp_path, "365,,,,10,Accession,1931-01-01,,,\n")
    assert {key[:2] for key in promises} == {(20, 365), (365, 20), (200, 365), (365, 200)}
    pact = promises[365, 20, "defence"]
    assert pact.terms.against == (2,)
    assert pact.since == datetime.date(1931, 1, 1)
    assert not supplement_promises(tmp_path, "365,,,,10,Accession,1932-01-01,,,\n")


def test_further_ties_that_come_to_nothing_are_reported(tmp_path):
    rows = "365,,,,10,In force,1931-01-01,,,\n365,,,,99,No treaty,,,,\n365,,,,30,Over,,,,\n"
    table = table_of(tmp_path, FURTHER + rows + "20,220,1,defense,,Pact,,,,ATOP 4.01\n")
    entries = supplement.read_entries(table)
    assert table.remarks == [
        "1 row with ATOP or COW as source skipped: these files are read directly"
    ]
    memberships = atop.read_members(table_of(tmp_path, ATOP))
    assert supplement.count_void_accessions(entries, memberships, DAY) == 2


WITH_STAKES = (
    "ccode1,ccode2,directed,types,treaty_name,start_date,end_date,stake,source\n"
    "2,20,0,,Claim,1930-01-01,1931-12-31,0.5,own\n"
    "2,20,1,aid,Larger,,,0.75,\n"
    "20,200,0,,Over,1920-01-01,1921-01-01,1,\n"
    "20,220,0,defense,No stake,,,,\n"
    "20,220,0,,Published,,,1,ATOP 4.01\n"
)


def test_stakes_of_the_day(tmp_path):
    table = table_of(tmp_path, WITH_STAKES)
    stakes = supplement.read_stakes(table)
    found = supplement.stakes_on(stakes, DAY)
    assert {pair: stake.size for pair, stake in found.items()} == {(2, 20): 0.75, (20, 2): 0.5}
    later = supplement.stakes_on(stakes, datetime.date(1940, 1, 1))
    assert {pair: stake.size for pair, stake in later.items()} == {(2, 20): 0.75}
    kinds = [entry.promise.kind for entry in supplement.read_entries(table)]
    assert kinds == ["support", "defence"]


@pytest.mark.parametrize(
    "row, text",
    [
        ("2,20,0,,X,,,1.5,", "column stake: expected a number from 0 to 1, found"),
        ("2,20,0,,X,,,much,", "column stake: expected a number from 0 to 1, found"),
        ("2,,0,,X,,,0.5,", "column ccode2: expected a second state"),
        ("2,2,0,,X,,,0.5,", "column ccode2: state 2 has a stake with itself"),
        ("2,20,0,ended,X,,,0.5,", "column stake: expected none in a row that ends a treaty"),
    ],
)
def test_damaged_stakes(tmp_path, row, text):
    header = WITH_STAKES.splitlines()[0]
    with pytest.raises(DataError) as caught:
        supplement.read_stakes(table_of(tmp_path, f"{header}\n{row}\n"))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    "row, gone",
    [
        ("20,200,0,ended,10,End,1931-01-01,,,", {(20, 200), (200, 20)}),
        ("20,,,ended,10,End,1931-01-01,,,", {(20, 200), (200, 20)}),
        ("20,,,ended,40,End,1931-01-01,,,", {(20, 220), (220, 20)}),
        ("20,,,ended,10,End,1932-01-01,,,", set()),
    ],
)
def test_a_treaty_can_be_at_an_end(tmp_path, row, gone):
    entries = supplement.read_entries(table_of(tmp_path, FURTHER + row + "\n"))
    memberships = atop.read_members(table_of(tmp_path, ATOP))
    promises = list(atop.promises_on(memberships, DAY, widest=5))
    left = supplement.without_ended(entries, promises, DAY)
    before = {(promise.giver, promise.to) for promise in promises}
    assert {(promise.giver, promise.to) for promise in left} == before - gone


@pytest.mark.parametrize(
    "row, text",
    [
        (
            "2,20,0,defnse,,X,,,,",
            'column types: expected a kind of tie, found "defnse"; did you mean "defense"?',
        ),
        ("2,2,0,aid,,X,,,,", "column ccode2: state 2 has a tie to itself"),
        ("2,,0,,,X,,,,", "column treaty_id: expected ATOP's number"),
        ("2,20,0,aid,,X,1.2.1930,,,", "column start_date: expected a date such as 1914-06-28"),
    ],
)
def test_damaged_further_ties(tmp_path, row, text):
    with pytest.raises(DataError) as caught:
        supplement.read_entries(table_of(tmp_path, FURTHER + row + "\n"))
    assert text in str(caught.value)
