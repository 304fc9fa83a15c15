"""Files are known by their columns; of several, the right one is read."""

import pytest
from made_up_data import (
    ATOP,
    CONTIGUITY,
    COW_DYADS,
    DYADS,
    MAJORS,
    NMC,
    REGIMES,
    STATES,
    SYSTEM,
    TD,
    TSS,
    write_files,
)

from mcescalate.errors import DataError, UsageError
from mcescalate.scenario.importing.sources import find_sources

KINDS = {
    "states": STATES,
    "majors": MAJORS,
    "nmc": NMC,
    "contiguity": CONTIGUITY,
    "tss": TSS,
    "atop_members": ATOP,
    "atop_dyads": DYADS,
    "regimes": REGIMES,
}


def test_each_layout_is_known_by_its_columns(tmp_path):
    folder = write_files(tmp_path, {f"{i}.csv": text for i, text in enumerate(KINDS.values())})
    library = find_sources([folder])
    assert set(library.sources) == set(KINDS)
    assert (
        library.sources["nmc"].label == "2.csv (COW National Material Capabilities, version 2025)"
    )
    assert library.sources["atop_dyads"].title == "ATOP, directed dyad-years"


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_column_is_told(tmp_path, kind):
    header, rest = KINDS[kind].split("\n", 1)
    # A column that the layout needs and no other layout is known by.
    column = {"majors": "endyear", "regimes": "polity2", "tss": "spatial"}.get(kind)
    column = column or {"nmc": "cinc", "states": "styear", "contiguity": "begin"}.get(kind, "year")
    column = "yrent" if kind == "atop_members" else column
    place = header.split(",").index(column)

    def without(line):
        cells = line.split(",")
        return ",".join(cells[:place] + cells[place + 1 :])

    text = "\n".join(without(line) for line in [header, *rest.splitlines()])
    write_files(tmp_path, {"damaged.csv": text})
    with pytest.raises(DataError, match=f"damaged.csv: line 1.* column {column}"):
        find_sources([tmp_path / "damaged.csv"])


def test_a_folder_is_searched_one_level_down(tmp_path):
    for place in ("one", "one/two"):
        (tmp_path / place).mkdir()
    write_files(tmp_path / "one", {"nmc.csv.gz": NMC})
    write_files(tmp_path / "one/two", {"states.csv": STATES})
    write_files(tmp_path, {"notes.csv": "a,b\n1,2\n", "read.me": NMC})
    library = find_sources([tmp_path])
    assert set(library.sources) == {"nmc"}
    assert library.unused == ("notes.csv: not among the layouts that are read",)


def test_the_latest_version_is_read(tmp_path):
    older = NMC.replace(",2025\n", ",2021\n")
    folder = write_files(tmp_path, {"a.csv": NMC, "b.csv": older})
    library = find_sources([folder])
    assert library.sources["nmc"].name == "a.csv"
    assert library.unused == ("b.csv: a.csv is a later version",)
    assert find_sources([folder, folder / "b.csv"]).sources["nmc"].name == "b.csv"


def test_two_files_of_one_version_leave_it_open(tmp_path):
    with pytest.raises(UsageError, match="name the one to use"):
        find_sources([write_files(tmp_path, {"a.csv": NMC, "b.csv": NMC + "\n"})])


def test_what_tells_more_goes_first_unless_the_other_is_named(tmp_path):
    folder = write_files(tmp_path, {"tss.csv": TSS, "td.csv": TD, "s.csv": STATES, "y.csv": SYSTEM})
    library = find_sources([folder])
    assert set(library.sources) == {"tss", "states"}
    assert "td.csv: tss.csv tells more" in library.unused
    assert "td" in find_sources([folder, folder / "td.csv"]).sources


def test_named_files_of_no_known_layout(tmp_path):
    write_files(tmp_path, {"x.csv": "ccode,year,cinc\n2,1914,0.2\n", "y.csv": "p,q\n1,2\n"})
    with pytest.raises(DataError, match="Capabilities column stateabb is missing"):
        find_sources([tmp_path / "x.csv"])
    with pytest.raises(DataError, match=r"y\.csv: line 1: the columns are those of no file"):
        find_sources([tmp_path / "y.csv"])


def test_the_alliances_by_year_are_told_from_those_by_dyad(tmp_path):
    header, *rows = COW_DYADS.splitlines()
    years = "\n".join([f"{header},year", *(f"{row},1935" for row in rows)]) + "\n"
    write_files(tmp_path, {"years.csv": years, "dyads.csv": COW_DYADS})
    assert find_sources([tmp_path]).sources["cow_dyads"].name == "dyads.csv"
    with pytest.raises(DataError, match="dyad-years are not read; name the members' or the dyads'"):
        find_sources([tmp_path / "years.csv"])


def test_a_list_of_all_states_is_not_taken_for_one_of_majors(tmp_path):
    rows = "".join(f"S{i},{i},1900,1,1,2016,12,31,2016\n" for i in range(2, 100))
    header = MAJORS.splitlines()[0] + "\n"
    with pytest.raises(DataError, match="line 1, column statenme: missing"):
        find_sources([write_files(tmp_path, {"states.csv": header + rows})])
