"""States by abbreviation, number, name or ISO code, and messages about unknown ones."""

import datetime

import numpy as np
import pandas as pd
import pytest
from made_up_data import NMC, write_files

import mcescalate as mc
from mcescalate.errors import UsageError
from mcescalate.importing.build.request import day_of
from mcescalate.importing.datasets.register import Register, listed
from mcescalate.importing.datasets.state_names import LETTERS, NAMES, TERRITORY_HOLDERS, plain_name
from mcescalate.importing.datasets.states import Spell, State, members_on

DAY = datetime.date(1980, 5, 17)
_LIST = """
2 USA 1816-01-01 2016-12-31 United States of America
40 CUB 1902-05-20 2016-12-31 Cuba
92 SAL 1875-01-01 2016-12-31 El Salvador
200 UKG 1816-01-01 2016-12-31 United Kingdom
225 SWZ 1816-01-01 2016-12-31 Switzerland
255 GMY 1816-01-01 1945-05-08 Germany
255 GMY 1990-10-03 2016-12-31 Germany
260 GFR 1955-05-05 1990-10-02 German Federal Republic
265 GDR 1954-03-25 1990-10-02 German Democratic Republic
305 AUS 1919-09-10 1938-03-13 Austria
305 AUS 1955-07-27 2016-12-31 Austria
315 CZE 1918-10-28 1992-12-31 Czechoslovakia
316 CZR 1993-01-01 2016-12-31 Czech Republic
345 YUG 1878-07-13 2016-12-31 Yugoslavia
349 SLV 1992-01-15 2016-12-31 Slovenia
350 GRC 1828-01-01 2016-12-31 Greece
365 RUS 1816-01-01 2016-12-31 Russia
437 CDI 1960-08-07 2016-12-31 Ivory Coast
572 SWA 1968-09-06 2016-12-31 Swaziland
640 TUR 1816-01-01 2016-12-31 Turkey
730 KOR 1887-01-01 1905-11-17 Korea
732 ROK 1949-06-29 2016-12-31 South Korea
900 AUL 1920-01-10 2016-12-31 Australia
"""
# Public facts; the dates are those of the Correlates of War Project, rounded where none is tested.


def register_on(day: datetime.date) -> Register:
    spells = []
    for line in _LIST.strip().splitlines():
        code, id_, first, last, name = line.split(maxsplit=4)
        state = State(int(code), id_, name)
        spells.append(Spell(state, *map(datetime.date.fromisoformat, (first, last))))
    return Register(spells, members_on(spells, day), day, "states.csv")


@pytest.mark.parametrize(
    "who, code",
    [
        *[(who, 2) for who in ("USA", "usa", 2, "2", np.int64(2), 2.0, np.str_("USA"), " USA ")],
        *[(who, 2) for who in ("United States", "the United States of America", "US", "U.S.A.")],
        *[(who, 200) for who in ("UKG", "GBR", "UK", "U.K.", "Britain", "Great Britain")],
        *[(who, 365) for who in ("RUS", "SUN", "Soviet Union", "USSR", "Russia (Soviet Union)")],
        *[(who, 732) for who in ("ROK", "South Korea", "Korea, South", "Korea (South)")],
        *[(who, 640) for who in ("TUR", "Türkiye", "Republic of Turkey", "Ottoman Empire")],
        *[(who, 437) for who in ("CIV", "Côte d'Ivoire", "Cote d\u2019Ivoire", "Ivory Coast")],
        *[(who, 265) for who in ("GDR", "DDR", "East Germany")],
        *[(who, 345) for who in ("YUG", "SRB", "Serbia")],
        ("CHE", 225),
    ],
)
def test_all_that_a_state_is_called(who, code):
    assert register_on(DAY).find(who) == code


@pytest.mark.parametrize(
    "who, code, other",
    [
        ("AUS", 305, "for Australia, whose ISO code is AUS, write AUL"),
        ("swz", 225, "for Swaziland, whose ISO code is SWZ, write SWA"),
        ("CZE", 315, "for Czech Republic, whose ISO code is CZE, write CZR"),
    ],
)
def test_an_abbreviation_is_always_that_of_cow_and_a_clash_is_reported(who, code, other):
    register = register_on(DAY)
    assert register.find(who) == code
    (reading,) = register.readings.values()
    assert other in reading


def test_how_names_were_read_is_reported():
    register = register_on(DAY)
    for who in ("USA", "DDR", "Serbia", 40):
        register.find(who)
    assert list(register.readings.values()) == [
        '"DDR": GDR (265, German Democratic Republic)',
        '"Serbia": YUG (345, Yugoslavia)',
        '"40": CUB (40, Cuba)',
    ]


@pytest.mark.parametrize(
    "who, day, text",
    [
        ("GFR", "1950-01-01", "GFR (260) was a member from 1955-05-05 to 1990-10-02, not on 1950"),
        (
            "DEU",
            "1980-05-17",
            '"DEU": GMY (255) was a member from 1816-01-01 to 1945-05-08 and from 1990-10-03 on, '
            "not on 1980-05-17, when there were GFR (260, German Federal Republic) and GDR (265, "
            "German Democratic Republic)$",
        ),
        (260, "2000-01-01", "not on 2000-01-01, when there was GMY (255, Germany)$"),
        ("KOR", "1980-05-17", "; for South Korea, whose ISO code is KOR, write ROK$"),
        ("SLV", "1980-05-17", "; for El Salvador, whose ISO code is SLV, write SAL$"),
        ("CZE", "2000-01-01", "; for Czech Republic, whose ISO code is CZE, write CZR$"),
    ],
)
def test_a_state_that_is_absent_is_reported_with_its_years(who, day, text):
    with pytest.raises(UsageError) as caught:
        register_on(datetime.date.fromisoformat(day)).find(who)
    assert text in f"{caught.value}$"


@pytest.mark.parametrize(
    "who, text",
    [
        ("GER", "; did you mean GFR, German Federal Republic, or GDR, German Democratic Republic?"),
        ("Austrlia", "; did you mean AUL, Australia, or AUS, Austria?"),
        ("Sovjet Union", "; did you mean RUS, Russia?"),
        # No letters alone are likened to others.
        *[(who, "; expected a COW abbreviation or number, ") for who in ("GRE1", "CUX", "UKR2")],
        (276, "no state in states.csv has COW number 276; ISO numbers are not supported"),
        ("FRA", '"FRA" is the ISO code of the state with COW number 220, which states.csv'),
        *[(who, "expected a state by abbreviation") for who in (None, True, 2.5, np.nan, "", b"U")],
    ],
)
def test_what_is_said_of_an_unknown_name(who, text):
    with pytest.raises(UsageError) as caught:
        register_on(DAY).find(who)
    assert text in str(caught.value)


def test_before_the_war_ger_means_germany():
    with pytest.raises(UsageError, match=r'called "GER"; did you mean GMY, Germany\?$'):
        register_on(datetime.date(1914, 6, 28)).find("GER")


def test_names_and_letters_do_not_contradict_each_other():
    """Not by itself, and not among states that held one another's land."""
    codes = set(NAMES.values())
    assert codes >= {*LETTERS.values()}
    for letters, code in LETTERS.items():
        assert NAMES.get(plain_name(letters), code) == code
    for code, others in TERRITORY_HOLDERS.items():
        assert code not in others
        assert codes.issuperset({code, *others})


def test_names_in_a_list_an_array_or_a_text():
    assert listed("USA, RUS,") == ["USA", "RUS"]
    assert listed(["Korea, South", 2]) == ["Korea, South", 2]
    assert listed(np.array([2, 365])) == listed(pd.Series([2, 365])) == [2, 365]
    assert listed(2) == [2]


@pytest.mark.parametrize(
    "actors", ["AAA,BBB", ["Aland", "Bland"], np.array([2, 20]), pd.Index(["AAA", "BBB"]), {2, 20}]
)
def test_actors_of_any_type(small_world, actors):
    imported = mc.scenario_from_data(small_world, date="1931-06-01", actors=actors)
    assert [actor.id for actor in imported.scenario.actors] == ["AAA", "BBB"]


def test_surroundings_of_one_state(small_world):
    imported = mc.scenario_from_data(
        small_world,
        date="1931-06-01",
        around="BBB",
        through="neutrality",
        initiator="BBB",
        target="DDD",
    )
    assert [actor.id for actor in imported.scenario.actors] == ["BBB", "DDD"]


def test_names_that_were_read_are_in_the_report(small_world, run_import):
    words = (small_world, "--date", "1931-06-01", "--actors", "Aland", "--actors", "20,CCC")
    reported = run_import(*words, "--initiator", "Aland", "--target", "CCC").stdout
    assert '\nnamed\n  "Aland": AAA (2, Aland)\n  "20": BBB (20, Bland)\n' in reported


def test_years_of_membership_where_no_list_has_the_days(tmp_path):
    text = NMC.replace("EEE,365,1960", "FFF,300,1960")
    folder = write_files(tmp_path, {"nmc.csv": text})
    with pytest.raises(UsageError, match=r"FFF \(300\) was a member from 1960 on, not on 1931"):
        mc.scenario_from_data(folder, date="1931-06-01", actors=["AAA", "FFF"])


@pytest.mark.parametrize(
    "date",
    [
        "1931-06-01",
        " 1931-06-01 ",
        "1931-06-01 00:00:00",
        np.str_("1931-06-01"),
        datetime.date(1931, 6, 1),
        datetime.datetime(1931, 6, 1, 23, 59),
        pd.Timestamp("1931-06-01"),
        np.datetime64("1931-06-01"),
        np.datetime64("1931-06-01T12", "ns"),
        np.array("1931-06-01", dtype="datetime64[s]"),
    ],
    ids=repr,
)
def test_a_day_of_any_type(date):
    day = day_of(date)
    assert (type(day), day) == (datetime.date, datetime.date(1931, 6, 1))


@pytest.mark.parametrize(
    "date",
    [
        "1931",
        "June 1931",
        "",
        None,
        1931,
        19310601,
        np.nan,
        pd.NaT,
        np.datetime64("NaT"),
        np.datetime64("NaT", "D"),
        np.datetime64("1931"),
        np.datetime64("1931-06"),
        np.datetime64("30000-01-01"),
        ["1931-06-01"],
        pd.to_datetime(["1931-06-01"]),
    ],
    ids=repr,
)
def test_what_is_no_day(date):
    with pytest.raises(UsageError, match=r"^date: expected a day such as 1914-06-28, found "):
        day_of(date)
