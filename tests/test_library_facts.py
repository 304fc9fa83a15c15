"""The library's cases agree with the data files that they name.

What differs on purpose is listed here, each with its reason; july-1914 has a file of its own.
"""

import csv

import pytest
from cases import load_case

from mcescalate.scenario.merged_rows import merge_rows

CASES = ("cuba-1962", "able-archer-1983", "nato-russia-2022", "east-asia-2020s")

NOT_IN_THE_DATA = {
    "cuba-1962": {
        ("RUS", "CUB", "defence"),  # public pledges without a treaty
        ("CUB", "RUS", "defence"),  # host of the missiles
    },
    "east-asia-2020s": {
        ("USA", "TAW", "defence"),  # a statute that leaves it open
    },
}
LEFT_OUT = {
    "nato-russia-2022": {
        ("UKG", "FIN", "defence"),  # Britain left the Union in 2020; the data end in 2018
        ("FIN", "UKG", "defence"),
        ("UKG", "SWD", "defence"),
        ("SWD", "UKG", "defence"),
    },
}
REACH = {"1": 1.0, "2": 1.0, "3": 1.0, "4": 0.7, "5": 0.6}
TYPES = ("positional", "spatial", "ideological", "interventionary")


@pytest.fixture(params=CASES)
def case(request):
    return request.param


@pytest.fixture
def scenario(case):
    return load_case(case)


@pytest.fixture
def merged(scenario):
    return merge_rows(scenario)


@pytest.fixture
def sheet(case, data_folder):
    """Reads a table of the case's fact sheet, without states that are not in the case."""
    actors = {actor.id for actor in load_case(case).actors}

    def read(name):
        path = data_folder / "scenarios" / case / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        keys = ("abb1", "abb2") if "abb1" in rows[0] else ("abb",)
        return [row for row in rows if {row[key] for key in keys} <= actors]

    return read


def test_capabilities_and_ranks_are_the_published_ones(scenario, sheet):
    published = {row["abb"]: row for row in sheet("actors.csv")}
    assert set(published) == {actor.id for actor in scenario.actors}
    for actor in scenario.actors:
        assert actor.capability == float(published[actor.id]["cinc"])
        assert actor.major is (published[actor.id]["major_power"] == "1")


def test_promises_to_fight_are_those_in_force(case, merged, sheet):
    """Both ways: nothing in force is missing, and nothing else is there."""
    published = set()
    for row in sheet("adjacency.csv"):
        a, b = row["abb1"], row["abb2"]
        for kind, column in (("defence", "defense"), ("offence", "offense")):
            published |= {(a, b, kind)} if row[f"{column}_1to2"] == "1" else set()
            published |= {(b, a, kind)} if row[f"{column}_2to1"] == "1" else set()
    given = {key for key in merged.promises if key[2] in ("defence", "offence")}
    assert given - published == NOT_IN_THE_DATA.get(case, set())
    assert published - given == LEFT_OUT.get(case, set())


def test_pledges_to_consult_and_of_peace_are_in_the_data(merged, sheet):
    """One way: the files say which of them they leave out, and why."""
    published = set()
    for row in sheet("adjacency.csv"):
        a, b = row["abb1"], row["abb2"]
        for kind in ("consultation", "neutrality", "nonaggression"):
            published |= {(a, b, kind)} if row[f"{kind}_1to2"] == "1" else set()
            published |= {(b, a, kind)} if row[f"{kind}_2to1"] == "1" else set()
    given = {key for key in merged.promises if key[2] not in ("defence", "offence", "support")}
    assert given <= published


def test_rivalries_follow_the_types_coded(scenario, sheet):
    """Half a point, and half for each type, a quarter for principal; other rows give a reason."""
    published = {}
    for row in sheet("rivalries.csv"):
        if row["in_force"] == "1":
            value = 0.5 + 0.5 * sum(int(row[name]) for name in TYPES)
            published[frozenset((row["abb1"], row["abb2"]))] = value + 0.25 * int(row["principal"])
    coded = {}
    for row in scenario.dyads:
        if row.rivalry and row.source.startswith("TSS: "):
            coded[frozenset((row.a, row.b))] = row.rivalry
        elif row.rivalry:
            assert "rivalry" in row.source or row.directed, row
            assert "assumption" in row.source, row
    assert coded == published


def test_reach_follows_contiguity_but_where_a_row_says_otherwise(scenario, sheet):
    contiguous = {
        frozenset((row["abb1"], row["abb2"])): REACH[row["conttype"]]
        for row in sheet("contiguity.csv")
    }
    for row in scenario.dyads:
        pair = frozenset((row.a, row.b))
        if "COW contiguity" in row.source:
            assert pair in contiguous, row
            if "(reach)" not in row.source:
                assert row.reach == contiguous[pair], row
        elif "no contiguity" in row.source:
            assert pair not in contiguous, row


def test_treaties_begin_when_the_data_say(scenario, sheet):
    begun = {}
    for row in sheet("ties.csv"):
        if row["in_force"] == "1" and row["start_date"]:
            for pair in ((row["abb1"], row["abb2"]), (row["abb2"], row["abb1"])):
                begun.setdefault(pair, set()).add(row["start_date"])
    for tie in scenario.ties:
        if tie.since is not None and tie.source.startswith("ATOP"):
            assert tie.since.isoformat() in begun[tie.from_, tie.to], tie
