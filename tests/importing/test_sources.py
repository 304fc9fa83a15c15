"""Files are known by their columns; of several, the right one is read."""

import pytest
from made_up_data import (
    ATOP,
    CONTIGUITY,
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
from mcescalate.importing.evidence.sources import find_sources

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
def test_a_missing_column_is_reported(tmp_path, kind):
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


def test_the_latest_version_is_read(tmp_path):
    older = NMC.replace(",2025\n", ",2021\n")
    folder = write_files(tmp_path, {"a.csv": NMC, "b.csv": older})
    library = find_sources([folder])
    assert library.sources["nmc"].name == "a.csv"
    assert library.unused == ("b.csv: a.csv is a later version",)
    assert find_sources([folder, folder / "b.csv"]).sources["nmc"].name == "b.csv"


def test_two_files_of_one_version_leave_it_open(tmp_path):
    with pytest.raises(UsageError, match="name the one to use"):
        find_sources([write_files(tmp_path, {"a.csv": NMC, "b.csv": NMC.replace("0.2", "0.3")})])
    library = find_sources([tmp_path, tmp_path / "b.csv"])
    assert library.sources["nmc"].name == "b.csv"
    assert library.unused == ("a.csv: another file was named",)


def test_two_files_that_say_the_same_are_one(tmp_path):
    write_files(
        tmp_path, {"a.csv": NMC, "a (1).csv.gz": NMC, "c.csv": NMC.replace(",1,1,", ",2,1,")}
    )
    library = find_sources([tmp_path])
    assert set(library.sources) == {"nmc"}
    assert len(library.unused) == 2
    assert all(": has the same content as " in line for line in library.unused)


def test_the_richer_file_goes_first_unless_the_other_is_named(tmp_path):
    folder = write_files(tmp_path, {"tss.csv": TSS, "td.csv": TD, "s.csv": STATES, "y.csv": SYSTEM})
    library = find_sources([folder])
    assert set(library.sources) == {"tss", "states"}
    assert "td.csv: not needed: tss.csv is more detailed" in library.unused
    assert "td" in find_sources([folder, folder / "td.csv"]).sources


def test_named_files_of_no_known_layout(tmp_path):
    nmc = "stateabb,year,milex,milper,irst,cinc\nAAA,1914,1,1,1,0.2\n"
    write_files(tmp_path, {"x.csv": nmc, "y.csv": "p,q\n1,2\n"})
    with pytest.raises(
        DataError, match="column ccode: missing; COW National Material Capabilities"
    ):
        find_sources([tmp_path / "x.csv"])
    with pytest.raises(DataError, match=r"y\.csv: line 1: the columns match no data set"):
        find_sources([tmp_path / "y.csv"])


def test_a_list_of_all_states_is_not_taken_for_one_of_majors(tmp_path):
    rows = "".join(f"S{i},{i},1900,1,1,2016,12,31,2016\n" for i in range(2, 100))
    header = MAJORS.splitlines()[0] + "\n"
    with pytest.raises(DataError, match="line 1, column statenme: missing"):
        find_sources([write_files(tmp_path, {"states.csv": header + rows})])


def test_a_list_of_all_states_of_a_small_world_is_none_either(tmp_path):
    nameless = "".join(
        ",".join(cell for i, cell in enumerate(line.split(",")) if i != 2) + "\n"
        for line in STATES.splitlines()
    )
    write_files(tmp_path, {"nmc.csv": NMC, "states.csv": nameless})
    with pytest.raises(DataError, match=r"column statenme: missing; with all states of .*nmc\.csv"):
        find_sources([tmp_path])
    write_files(tmp_path, {"majors.csv": nameless, "states.csv": STATES})
    assert set(find_sources([tmp_path]).sources) == {"nmc", "states", "majors"}
