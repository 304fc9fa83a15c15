"""Capabilities, borders, rivalries, regimes and members, from made-up files."""

import datetime

import pytest
from made_up_data import CONTIGUITY, NMC, REGIMES, STATES, SYSTEM, TD, TSS, write_files

from mcescalate.errors import DataError
from mcescalate.importing.datasets.contiguity import read_borders, types_on
from mcescalate.importing.datasets.rivalries import read_td, read_tss, rivalries_in
from mcescalate.importing.datasets.state_years import Regime, read_capabilities, read_regimes
from mcescalate.importing.datasets.states import members_on, read_spells, read_year_spells
from mcescalate.importing.files.csv_files import read_table


def table_of(tmp_path, text):
    return read_table(write_files(tmp_path, {"file.csv": text}) / "file.csv")


def test_the_nearest_share_of_capability(tmp_path):
    shares = read_capabilities(table_of(tmp_path, NMC))
    assert shares.shares[1930][200] == 0.15
    assert shares.shares[1931][200] is None
    assert shares.nearest(200, 1931, 5) == (1930, 0.15)
    assert shares.nearest(200, 1940, 10) == (1930, 0.15)
    assert shares.nearest(200, 1940, 9) is None
    assert shares.nearest(365, 1931, 100) is None


def test_borders_by_month(tmp_path):
    borders = read_borders(table_of(tmp_path, CONTIGUITY))
    assert types_on(borders, datetime.date(1940, 1, 31)) == {(2, 20): 1, (2, 200): 4, (20, 220): 2}
    assert types_on(borders, datetime.date(1940, 2, 1)) == {(2, 20): 1, (20, 220): 2}
    assert types_on(borders, datetime.date(2020, 1, 1)) == {(2, 20): 1, (20, 220): 2}


def test_rivalries_in_both_lists(tmp_path):
    tss = read_tss(table_of(tmp_path, TSS))
    td = read_td(table_of(tmp_path, TD))
    assert rivalries_in(tss, 1931) == {
        (2, 20): {"positional", "spatial", "principal"},
        (200, 220): {"ideological"},
        (20, 365): {"spatial"},
    }
    assert set(rivalries_in(tss, 2025)) == {(2, 20)}
    assert rivalries_in(td, 1931) == {
        (2, 20): {"positional", "spatial"},
        (200, 220): {"ideological"},
    }
    # What the older list has at its end goes on.
    assert set(rivalries_in(td, 2025)) == {(2, 20)}


def test_kinds_of_regime(tmp_path):
    assert read_regimes(table_of(tmp_path, REGIMES)) == {
        1931: {
            2: Regime.DEMOCRACY,
            20: Regime.AUTOCRACY,
            200: Regime.ANOCRACY,
            220: Regime.BROKEN,
        }
    }


def test_members_by_day_and_by_year(tmp_path):
    spells = read_spells(table_of(tmp_path, STATES))
    assert 365 not in members_on(spells, datetime.date(1920, 5, 31))
    assert 365 in members_on(spells, datetime.date(1920, 6, 1))
    assert 300 in members_on(spells, datetime.date(1950, 12, 31))
    assert 300 not in members_on(spells, datetime.date(1951, 1, 1))
    years = read_year_spells(table_of(tmp_path, SYSTEM))
    assert set(members_on(years, datetime.date(1914, 7, 1))) == {2, 20, 200}


@pytest.mark.parametrize(
    "read, text, old, new, message",
    [
        (read_spells, STATES, "BBB,20,", "AAA,20,", 'column ccode: "AAA" has code 2 elsewhere'),
        (read_spells, STATES, "BBB,20,", "BBB,2,", 'line 3, column ccode: 2 is "AAA" elsewhere'),
        (read_spells, STATES, "AAA,2,", "A-A,2,", "line 2, column stateabb: expected an abbr"),
        (read_spells, STATES, "1920,6,1,2016", "1920,6,1,1919", "line 6, column endyear: ends at"),
        (read_year_spells, SYSTEM, "BBB,20,1913", "AAA,2,1913", "the same state and year"),
        (read_capabilities, NMC, "AAA,2,1931", "AAA,2,1930", "line 7, column year: the same"),
        (read_capabilities, NMC, ".5", "5.5", "line 2, column cinc: expected a number from 0 to 1"),
        (read_borders, CONTIGUITY, "194001", "189901", "line 3, column end: ends at 1899-01"),
        (read_borders, CONTIGUITY, "194001", "194013", "line 3, column end: expected a year and"),
        (read_borders, CONTIGUITY, '"BBB",1', '"BBB",7', "line 2, column conttype: expected"),
        (read_borders, CONTIGUITY, '20,"BBB"', '2,"BBB"', "line 2, column statehno: state 2"),
        (read_tss, TSS, ",2,20,", ",2,2,", "line 2, column ccode2: state 2 is its own rival"),
        (read_tss, TSS, "1910,1935,0", "1935,1910,0", "line 3, column end: ends at 1910"),
        (read_td, TD, "ideological", "idealogical", 'did you mean "ideological"?'),
        (read_regimes, REGIMES, "10,10", "10,11", "line 2, column polity2: expected"),
    ],
)
def test_damage_is_reported_with_line_and_column(tmp_path, read, text, old, new, message):
    assert old in text
    with pytest.raises(DataError) as caught:
        read(table_of(tmp_path, text.replace(old, new, 1)))
    assert message in str(caught.value)
