"""Folders of downloads, as they are unzipped: what is read, passed over and refused."""

import gzip
import os

import pytest
from made_up_data import (
    ATOP,
    COW_DYADS,
    COW_MEMBERS,
    DYADS,
    NMC,
    REGIMES,
    STATES,
    TSS,
    both_ways,
    by_year,
    write_files,
)

import mcescalate as mc
from mcescalate.errors import DataError, UsageError
from mcescalate.importing.datasets.layouts import LAYOUTS
from mcescalate.importing.evidence.sources import find_sources
from mcescalate.importing.files.folders import MOST_FILES, look_through

STATE_YEARS = """\
state,year,atopally,defense,offense,neutral,nonagg,consul,number
2,1931,1,1,0,0,0,1,1
"""
PAIR_YEARS = """\
dyad,mem1,mem2,year,atopally,defense,offense,neutral,nonagg,consul,bilatno,number
2020,2,20,1931,1,1,0,0,0,1,1,1
"""
DISPUTES = """\
dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,hiact,hostlev,version
1,AAA,2,1,1,1930,2,1,1930,1,12,3,5.0
"""
BORDERS_BY_YEAR = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n" + (
    "2020,2,AAA,20,BBB,1931,1,3.2\n"
)

COLONIES = (
    "statelno,statelab,statehno,statehab,dependl,dependh,conttype,begin,end,version\n"
    "2,AAA,20,BBB,5,0,1,190001,201612,9.9\n"
)
TRADE = "ccode,statename,stateabb,year,imports,exports,version\n2,Aland,AAA,1931,1,1,4\n"


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_folders_are_looked_through_to_their_end(tmp_path):
    put(tmp_path, "one/two/three/nmc.csv.gz", gzip.compress(NMC.encode()))
    put(tmp_path, "states.CSV", STATES)
    put(tmp_path, "notes.csv", "a,b\n1,2\n")
    (tmp_path / "one/back").symlink_to(tmp_path)
    library = find_sources([tmp_path])
    assert {source.name for source in library.sources.values()} == {"nmc.csv.gz", "states.CSV"}
    assert library.unused == ("notes.csv: not a data set that can be read",)


def test_what_lies_deep_is_read_where_nothing_is_nearer(tmp_path):
    """Deep in folders there may be tables made from the others."""
    put(tmp_path, "one/two/nmc.csv", NMC)
    put(tmp_path, "one/three/nmc.csv", NMC.replace("0.2", "0.3"))
    with pytest.raises(UsageError, match="name the one to use"):
        find_sources([tmp_path])
    put(tmp_path, "one/own.csv", NMC)
    library = find_sources([tmp_path])
    assert library.sources["nmc"].name == "own.csv"
    assert library.unused == (
        "one/three/nmc.csv: one/own.csv lies in a higher folder",
        "one/two/nmc.csv: one/own.csv lies in a higher folder",
    )


def test_a_folder_with_too_many_files_is_no_folder_of_data(tmp_path):
    for i in range(MOST_FILES + 1):
        (tmp_path / f"{i}.txt").touch()
    with pytest.raises(UsageError, match="more than 5000 files; name a folder that holds the data"):
        look_through([tmp_path], LAYOUTS)


@pytest.mark.parametrize(
    "name", ["._states.csv", "__MACOSX/._nmc.csv", "__MACOSX/nmc.csv", ".git/x.csv", "~$nmc.csv"]
)
def test_what_systems_leave_behind_is_not_looked_at(small_world, name):
    put(small_world, name, b"\0\5\26\7")
    assert find_sources([small_world]).unused == ()


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"\xef\xbb\xbf\r\n", "empty"),
        ("x.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("x.csv", b"a,b\n1,2\n", "not a data set that can be read"),
        ("x.csv", b"a;a;b\n1;1;2\n", "not a data set that can be read"),
        ("x.csv", b'"a\nb",c\n1,2\n', "not a data set that can be read"),
        ("x.csv", "a,\u0142\n1,2\n".encode("cp1250"), "not a data set that can be read"),
        ("x.csv", ",".join(map(str, range(5000))), "not a data set that can be read"),
        ("mids.csv", DISPUTES, "data on disputes: used by backtest"),
        (
            "sy.csv",
            STATE_YEARS,
            "not needed: ATOP, state-years; the importer reads the file of",
        ),
        ("dy.csv", PAIR_YEARS, "not needed: ATOP, dyad-years without directions; the import"),
        ("contdird.csv", BORDERS_BY_YEAR, "not needed: COW Direct Contiguity, dyad-years; the"),
        (
            "contcol.csv",
            COLONIES,
            "not needed: COW Colonial Contiguity; the importer reads the master",
        ),
        ("trade.csv", TRADE, "not a data set that can be read"),
        ("NMC.dta", b"<stata_dta>", "a Stata file; export it as CSV"),
        ("NMC.dta", b"\x73\2\0\0", "a Stata file; export it as CSV"),
        ("cow.RData", gzip.compress(b"RDX3\n\0", mtime=0), "an R file; export it as CSV"),
        ("NMC.xlsx", b"PK\3\4", "an Excel workbook; save the sheet as CSV"),
        ("NMC.zip", b"PK\3\4", "a zip archive; unzip it"),
        ("NMC.csv.zip", b"PK\3\4", "a zip archive; unzip it"),
        ("nmc", b"PK\3\4", "a zip archive; unzip it"),
        ("NMC.sav", b"$FL2@(#)", "an SPSS file; export it as CSV"),
        ("NMC.parquet", b"PAR1", "a Parquet file; export it as CSV"),
        ("NMC.csv.xz", b"\xfd7zXZ\0", "a file packed with xz; unpack it"),
        ("NMC.txt", NMC, "has columns of COW National Material Capabilities; to read it, rename"),
        ("NMC.tsv", NMC.replace(",", "\t").encode("utf-16"), "has columns of COW National"),
        ("own.csv", "ccode1,ccode2,directed,types,treaty_name,start_date,end_date\n", "a list of"),
    ],
)
def test_what_is_not_read_is_reported(small_world, name, content, why):
    put(small_world, name, content)
    library = find_sources([small_world])
    (line,) = library.unused
    assert line.startswith(f"{name}: {why}")
    assert len(library.sources) == 6


@pytest.mark.parametrize(
    "name, content",
    [("codebook.pdf", b"%PDF-1.7"), ("page.html", b"<html>"), ("read.me", b"Hello\n"), ("a", b"")],
)
def test_documents_are_passed_over(small_world, name, content):
    put(small_world, name, content)
    assert find_sources([small_world]).unused == ()


@pytest.mark.parametrize(
    "name, content, text",
    [
        ("NMC.dta", b"<stata_dta>", "found a Stata file; export it as CSV"),
        ("NMC.dta", b"\x73\2\0\0", "found a Stata file; export it as CSV"),
        ("NMC.xlsx", b"PK\3\4", "found an Excel workbook; save the sheet as CSV"),
        ("cow.rda", gzip.compress(b"RDX3\n\0", mtime=0), "found an R file; export it as CSV"),
        ("cow.rda", b"BZh9", "found an R file; export it as CSV"),
        ("x.csv", b"PK\3\4", "found a zip archive; unzip it"),
        ("x.csv", b"\n<!DOCTYPE html>", "found a web page; download the file itself"),
        ("x.csv", b"", "line 1: expected column names, found nothing"),
        ("sy.csv", STATE_YEARS, "ATOP, state-years is not read; name the file of members"),
        ("x.csv.gz", b"", "they are damaged"),
        ("x.csv.gz", b"\x1e\x8b\x08\0\0", "zero byte"),
        ("x.csv.gz", b"\x1f\x0b\x08\1", "they are damaged"),
    ],
)
def test_what_is_named_and_no_table_is_refused(tmp_path, name, content, text):
    with pytest.raises(DataError) as caught:
        find_sources([put(tmp_path, name, content)])
    assert str(caught.value).startswith(f"{tmp_path / name}: line 1")
    assert text in str(caught.value)


def test_other_content_under_the_name_of_a_table_is_damage(small_world):
    path = put(small_world, "atop2.csv", b"<html><body>404</body></html>")
    with pytest.raises(DataError) as caught:
        find_sources([small_world])
    assert str(caught.value).startswith(f"{path}: line 1: expected a CSV file, found a web page")


@pytest.mark.parametrize("text", ["a,b\n1,2\n", ATOP, STATE_YEARS])
@pytest.mark.parametrize("place", [-1, -6, 12])
def test_a_broken_gzip_file_is_damage_whatever_is_in_it(small_world, text, place):
    """Be it known, not needed, or no layout at all."""
    data = bytearray(gzip.compress((text * 50).encode()))
    data[place] ^= 4
    path = put(small_world, "x.csv.gz", bytes(data))
    with pytest.raises(DataError) as caught:
        find_sources([small_world])
    assert str(caught.value).startswith(f"{path}: line ")


def test_links_that_lead_nowhere_and_pipes(small_world):
    (small_world / "a.csv").symlink_to("none.csv")
    os.mkfifo(small_world / "b.csv")
    assert find_sources([small_world]).unused == (
        "a.csv: a broken link",
        "b.csv: not a file, but a pipe or a device",
    )
    with pytest.raises(UsageError, match="expected a file, found a pipe or a device"):
        find_sources([small_world / "b.csv"])


RENAMED = {
    "nmc": (NMC, "cinc", "share"),
    "states": (STATES, "styear", "begin"),
    "atop": (ATOP, "defense", "defence"),
    "dyads": (DYADS, "stateA", "state1"),
    "members": (COW_MEMBERS, "entente", "consultation"),
    "by_dyad": (COW_DYADS, "ccode1", "code1"),
    "tss": (TSS, "spatial", "territorial"),
    "regimes": (REGIMES, "polity2", "score"),
}


@pytest.mark.parametrize("kind", RENAMED)
def test_a_header_that_nearly_fits_is_refused_with_what_it_lacks(tmp_path, kind):
    text, old, new = RENAMED[kind]
    path = put(tmp_path, "x.csv", text.replace(old, new, 1))
    for paths in ([tmp_path], [path]):
        with pytest.raises(DataError) as caught:
            find_sources(paths)
        assert f"{path}: line 1, column {old.lower()}: missing; " in str(caught.value)


@pytest.mark.parametrize(
    "old, new, text",
    [
        (",", ";", ": expected the columns of COW Formal Alliances, dyads, separated by commas"),
        (",", "\t", ": expected the columns of COW Formal Alliances, dyads, separated by commas"),
        ("version4id", '"version4id', ": expected the columns of COW Formal Alliances, dyads, s"),
        ("dyad_st_day", "dyad.st.day", ", column dyad_st_day: missing; COW Formal Alliances, dy"),
        (
            "dyad_",
            "dyad-",
            ", column dyad_st_day: missing; COW Formal Alliances, dyads requires dyad_",
        ),
        ("defense,neutrality,\\\nnonaggression,", "", ", column defense: missing; COW Formal"),
    ],
)
def test_headers_that_are_damaged_otherwise(tmp_path, old, new, text):
    path = put(tmp_path, "x.csv", COW_DYADS.replace(old.replace("\\\n", ""), new))
    with pytest.raises(DataError) as caught:
        find_sources([tmp_path])
    assert f"{path}: line 1{text}" in str(caught.value)


def test_a_file_that_is_named_settles_what_a_damaged_one_is_for(small_world):
    damaged = put(small_world, "other.csv", NMC.replace("cinc", "share"))
    with pytest.raises(DataError, match=r"column cinc: missing.*name the one to read"):
        find_sources([small_world])
    library = find_sources([small_world / "nmc.csv", small_world])
    assert library.sources["nmc"].name == "nmc.csv"
    assert library.unused == (f"{damaged.name}: another file was named",)


SIX = {
    "by_member.csv": COW_MEMBERS,
    "by_member_yearly.csv": by_year(COW_MEMBERS, 1930, 1960),
    "by_dyad.csv": COW_DYADS,
    "by_dyad_yearly.csv": by_year(COW_DYADS, 1930, 1960),
    "by_directed.csv": both_ways(COW_DYADS),
    "by_directed_yearly.csv": by_year(both_ways(COW_DYADS), 1930, 1960),
}


@pytest.fixture
def alliances(small_world):
    """A world with the six files of COW's alliances in a folder of their own."""
    (small_world / "atop.csv").unlink()
    (small_world / "version4.1_csv").mkdir()
    write_files(small_world / "version4.1_csv", SIX)
    return small_world


def ties(folder):
    return mc.scenario_from_data(folder, date="1935-01-01").scenario.ties


def test_of_six_files_the_one_by_member_is_read(alliances):
    library = find_sources([alliances])
    assert library.sources["cow_members"].name == "by_member.csv"
    assert not {"cow_dyads", "cow_member_years", "cow_dyad_years"} & set(library.sources)
    reported = [line for line in library.unused if line.endswith("/by_member.csv is more detailed")]
    assert len(reported) == 5


@pytest.mark.parametrize("name", SIX)
def test_each_of_six_files_says_the_same_alone_or_named(alliances, name):
    expected = ties(alliances)
    assert expected
    assert ties([alliances, alliances / "version4.1_csv" / name]) == expected
    for other in set(SIX) - {name}:
        (alliances / "version4.1_csv" / other).unlink()
    assert ties(alliances) == expected


def test_a_row_by_directed_dyad_binds_its_first_state_only(alliances):
    """As a treaty of AAA's that protects BBB, which owes nothing."""
    text = both_ways(COW_DYADS).replace(
        "1,20,Bland,2,Aland,1,1,1930,,,,0,1,1", "1,20,Bland,2,Aland,1,1,1930,,,,0,1,0"
    )
    path = put(alliances, "version4.1_csv/by_directed.csv", text)
    rows = ties([alliances, path])
    between = [tie for tie in rows if {tie.from_, tie.to} == {"AAA", "BBB"}]
    defence = [(tie.from_, tie.to, tie.mutual) for tie in between if tie.kind == "defence"]
    assert defence == [("AAA", "BBB", False)]
    (alliances / "version4.1_csv/by_member.csv").unlink()
    library = find_sources([alliances])
    assert library.sources["cow_dyads"].name == "by_directed.csv"


def test_a_file_by_year_is_read_in_one_go(alliances):
    """Each spell once, however many years it has: pairs within a treaty are quadratic."""
    from mcescalate.importing.datasets.alliances import cow_alliances
    from mcescalate.importing.files.csv_files import read_table

    once = cow_alliances.read_members(read_table(alliances / "version4.1_csv/by_member.csv"))
    years = cow_alliances.read_members(
        read_table(alliances / "version4.1_csv/by_member_yearly.csv")
    )
    assert years == once
