"""Imports from the field's published files, where there is a folder with them."""

import csv
import datetime
import gzip

import pytest

from mcescalate.importing.datasets.state_names import LETTERS, NAMES, plain_name
from mcescalate.importing.evidence.day import gather
from mcescalate.importing.evidence.mapping import Mapping
from mcescalate.importing.evidence.report import Ledger
from mcescalate.scenario.merged_rows import merge_rows

DAYS = ("1914-06-28", "1938-09-01", "1962-10-16", "2016-01-01")

HELD = {
    "1914-06-28": """
        GMY-AUH defence Dual Alliance
        AUH-GMY defence Dual Alliance
        GMY-AUH neutrality Dual Alliance
        FRN-RUS defence Franco-Russian military convention
        RUS-FRN defence Franco-Russian military convention
        FRN-RUS consultation Franco-Russian entente
        ITA-GMY defence Triple Alliance
        AUH-ITA defence Triple Alliance
        GMY-ITA offence Triple Alliance
        ROM-AUH defence Alliance with Romania
        AUH-ROM defence Alliance with Romania
        UKG-JPN defence Anglo-Japanese Alliance
        JPN-UKG defence Anglo-Japanese Alliance
        UKG-POR defence Treaty of Windsor
        FRN-ITA neutrality Prinetti
        UKG-FRN consultation Grey-Cambon
        YUG-GRC defence Greek-Serbian
    """,
    "1938-09-01": """
        FRN-CZE defence ATOP
        CZE-FRN defence ATOP
        RUS-CZE defence ATOP
        FRN-RUS defence ATOP
        FRN-POL defence ATOP
        POL-ROM defence ATOP
        UKG-POR defence Treaty of Windsor
        UKG-EGY defence ATOP
    """,
    "1962-10-16": """
        USA-UKG defence North Atlantic Treaty
        TUR-USA defence North Atlantic Treaty
        RUS-POL defence Warsaw Pact
        GDR-RUS defence Warsaw Pact
        USA-JPN defence US-Japan security treaty
        USA-ROK defence US-South Korea
        USA-PHI defence US-Philippines
        USA-AUL defence ANZUS
        USA-BRA defence Rio Treaty
        USA-TAW defence ATOP
        CHN-RUS defence Sino-Soviet treaty
        CHN-PRK defence Sino-North Korean treaty
        RUS-PRK defence Soviet-North Korean treaty
    """,
    "2016-01-01": """
        USA-JPN defence US-Japan security treaty
        USA-ROK defence US-South Korea
        ROK-USA defence US-South Korea
        USA-PHI defence US-Philippines
        USA-AUL defence ANZUS
        USA-EST defence North Atlantic Treaty
        ALB-CRO defence North Atlantic Treaty
        CHN-PRK defence Sino-North Korean treaty
        RUS-ARM defence Collective Security Treaty
        RUS-BLR defence
    """,
}

NOT_HELD = {
    "1914-06-28": """
        UKG-FRN defence
        UKG-RUS defence
        GMY-TUR defence
        POR-UKG defence
        JPN-UKG offence
        ITA-AUH offence
        GMY-RUS neutrality
        RUS-YUG defence
        ITA-ROM defence
    """,
    "1938-09-01": """
        GMY-AUS defence
        UKG-POL defence
        GMY-ITA defence
        RUS-GMY nonaggression
        UKG-JPN defence
        GMY-AUH defence
    """,
    "1962-10-16": """
        JPN-USA defence
        USA-CUB defence
        CUB-USA defence
        RUS-CUB defence
        RUS-YUG defence
        UKG-POL defence
        GMY-ITA defence
        USA-NEW offence
    """,
    "2016-01-01": """
        JPN-USA defence
        RUS-POL defence
        USA-TAW defence
        RUS-PRK defence
        USA-NEW defence
        RUS-UKR defence
        USA-UKR defence
        USA-SWD defence
        RUS-CHN defence
    """,
}


@pytest.fixture(scope="module", params=DAYS)
def imported(request, published_data):
    """The whole system of one day."""
    return request.param, published_data.scenario(date=request.param)


def rows(text):
    for line in filter(None, map(str.strip, text.splitlines())):
        pair, kind, *treaty = line.split(maxsplit=2)
        yield (*pair.split("-", 1), kind), " ".join(treaty)


def test_known_treaties_are_there_and_others_are_not(imported):
    day, answer = imported
    promises = merge_rows(answer.scenario).promises
    for key, treaty in rows(HELD[day]):
        assert key in promises, key
        assert treaty in promises[key].treaty, key
    for key, _ in rows(NOT_HELD[day]):
        assert key not in promises, key


def test_nothing_holds_before_it_began(imported):
    day, answer = imported
    assert all(tie.since is None or tie.since.isoformat() <= day for tie in answer.scenario.ties)


def test_capabilities_add_up_to_those_of_the_file(imported, data_folder):
    day, answer = imported
    members = {actor.id for actor in answer.scenario.actors}
    total = 0.0
    with gzip.open(data_folder / "nmc/NMC-70-abridged.rebuilt.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["year"] == day[:4] and row["stateabb"] in members:
                total += max(0.0, float(row["cinc"]))
    shares = [actor.capability for actor in answer.scenario.actors]
    assert sum(shares) == pytest.approx(total, abs=1e-9)
    assert total == pytest.approx(1.0, abs=0.03)


def test_members_and_major_powers_of_the_day(imported):
    day, answer = imported
    amounts = {"1914-06-28": 45, "1938-09-01": 65, "1962-10-16": 117, "2016-01-01": 195}
    majors = {
        "1914-06-28": "AUH FRN GMY ITA JPN RUS UKG USA",
        "1938-09-01": "FRN GMY ITA JPN RUS UKG USA",
        "1962-10-16": "CHN FRN RUS UKG USA",
        "2016-01-01": "CHN FRN GMY JPN RUS UKG USA",
    }
    scenario = answer.scenario
    assert len(scenario.actors) == amounts[day]
    assert sorted(a.id for a in scenario.actors if a.major) == majors[day].split()


def test_terms_of_the_dual_and_the_triple_alliance(published_data):
    answer = published_data.scenario(date="1914-06-28", actors="ITA,GMY,AUH,FRN,RUS")
    promises = merge_rows(answer.scenario).promises
    assert promises["ITA", "GMY", "defence"].against == ("FRN",)
    assert promises["ITA", "GMY", "defence"].conditional == 0.9
    assert promises["GMY", "AUH", "defence"].conditional == 0.3
    assert promises["GMY", "AUH", "defence"].since.isoformat() == "1879-10-07"
    assert promises["FRN", "RUS", "defence"].since.isoformat() == "1893-12-27"


def test_the_neighbourhood_of_a_state(published_data):
    answer = published_data.scenario(date="1914-06-28", around=["AUH", "RUS"], actors=["YUG"])
    ids = [actor.id for actor in answer.scenario.actors]
    assert sorted(ids) == ["AUH", "FRN", "GMY", "ITA", "ROM", "RUS", "YUG"]


@pytest.mark.parametrize("day", DAYS)
def test_members_are_found_by_whatever_they_are_called(day, published_data):
    """COW's own abbreviations, numbers and names, and no other ISO codes than that of the state."""
    readings = published_data.readings
    register = gather(readings, datetime.date.fromisoformat(day), Ledger(Mapping())).register
    ids = {state.id: code for code, state in register.states.items()}
    for code, state in register.members.items():
        for name in (state.id, state.id.lower(), code, str(code), state.name, state.name.upper()):
            assert register.find(name) == code
        assert NAMES[plain_name(state.name)] == code
    for letters, code in LETTERS.items():
        if ids.get(letters, code) == code and code in register.members:
            assert register.find(letters) == code
    clashes = {letters for letters, code in LETTERS.items() if ids.get(letters, code) != code}
    assert clashes == {"AUS", "CZE", "KOR", "MNG", "SLV", "SWZ"}
    for letters in clashes & {register.states[code].id for code in register.members}:
        assert register.find(letters) == ids[letters]
