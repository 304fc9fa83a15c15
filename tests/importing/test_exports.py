"""Files that R, pandas or peacesciencer have written again: the same scenario comes out."""

import csv
import io

import pytest
from made_up_data import ATOP, CONTIGUITY, DYADS, FILES, MAJORS, NMC, TD, TSS, write_files

import mcescalate as mc
from mcescalate.errors import DataError
from mcescalate.importing.evidence.sources import find_sources

DAY = "1931-06-01"
FURTHER = (
    "ccode1,ccode2,directed,types,treaty_id,treaty_name,start_date,end_date,conditional,in_force\n"
    "365,20,1,aid;informal,,Arms,1930-01-01,,,\n"
    "365,220,0,defense,,Pact,1930-01-01,,1,1\n"
    "2,220,0,informal,,Over,,,,0\n"
)


def rewritten(text, change_header=lambda name: name, change=lambda name, cell: cell, write=None):
    """A CSV text with other columns or cells; a column is dropped where its new name is None."""
    header, *rows = csv.reader(io.StringIO(text))
    names = [change_header(name) for name in header]
    keep = [place for place, name in enumerate(names) if name is not None]
    out = io.StringIO()
    writer = csv.writer(out, **(write or {}), lineterminator="\n")
    writer.writerow([names[place] for place in keep])
    writer.writerows([change(header[place], row[place]) for place in keep] for row in rows)
    return out.getvalue()


def rows_of(folder, **arguments):
    """The scenario without comments, sources and notes, which name the files."""
    scenario = mc.scenario_from_data(folder, date=DAY, **arguments).scenario
    return [
        row.model_copy(update={"source": ""})
        for row in (*scenario.actors, *scenario.ties, *scenario.dyads)
    ]


@pytest.fixture
def expected(small_world, tmp_path):
    write_files(tmp_path, {"further.csv": FURTHER})
    return rows_of([small_world, tmp_path / "further.csv"])


def in_r(missing, yes, no):
    def change(name, cell):
        if cell in ("", "-9", "."):
            return missing
        return {"1": yes, "0": no}.get(cell, cell) if name in LOGICAL else cell

    return change


LOGICAL = {
    *("defense", "offense", "neutral", "nonagg", "consul", "cowsys", "directed", "ongoing"),
    *("defcon", "defcoadv", "defcoloc", "defcocon", "defconum", "defcodem", "defconpr", "offcoadv"),
    *("intcom", "positional", "spatial", "ideological", "interventionary", "principal", "aprin"),
    *("conditional", "in_force"),
}


@pytest.mark.parametrize(
    "change",
    [in_r("NA", "TRUE", "FALSE"), in_r("", "True", "False"), in_r("NaN", "1", "0")],
    ids=["R", "pandas", "numpy"],
)
@pytest.mark.parametrize("names", ["none", "first", "nameless"])
def test_logicals_missing_values_and_names_of_rows(small_world, tmp_path, expected, change, names):
    for path in (*small_world.glob("*.csv"), tmp_path / "further.csv"):
        text = rewritten(path.read_text(), change=change, write={"quoting": csv.QUOTE_ALL})
        header, *rows = text.splitlines()
        if names != "none":
            rows = [f'"{number}",{row}' for number, row in enumerate(rows, 1)]
            header = f'"",{header}' if names == "first" else header
        path.write_text("\n".join([header, *rows]) + "\n")
    assert rows_of([small_world, tmp_path / "further.csv"]) == expected


def test_blanks_before_quotes(small_world, tmp_path, expected):
    for path in (*small_world.glob("*.csv"), tmp_path / "further.csv"):
        text = rewritten(path.read_text(), write={"quoting": csv.QUOTE_ALL})
        path.write_text(text.replace('","', '", "'))
    assert rows_of([small_world, tmp_path / "further.csv"]) == expected


def test_a_cell_too_many_is_no_name_of_a_row(tmp_path):
    text = "\n".join(f"{line},1" for line in NMC.splitlines()).replace(",version,1", ",version", 1)
    write_files(tmp_path, {"nmc.csv": text})
    with pytest.raises(DataError, match="line 2, column version: expected 11 cells"):
        find_sources([tmp_path])


def without(*names):
    return lambda name: None if name in names else name


def named(**names):
    return lambda name: names.get(name, name)


PEACESCIENCER = {
    "nmc.csv": rewritten(NMC, without("stateabb", "version")),
    "majors.csv": rewritten(MAJORS, without("stateabb")),
    "tss.csv": rewritten(TSS, without("start_published", "end_published", "ongoing")).replace(
        ",1900,2018,", ",1900,2020,"
    ),
    "contdir.csv": (
        "ccode1,ccode2,conttype,stdate,enddate\n"
        "2,20,1,1900-01-01,2016-12-31\n20,2,1,1900-01-01,2016-12-31\n"
        "2,200,4,1900-01-01,1940-01-31\n200,2,4,1900-01-01,1940-01-31\n"
        "2,200,0,1940-02-01,2016-12-31\n200,2,0,1940-02-01,2016-12-31\n"
        "20,220,2,1900-01-01,2016-12-31\n220,20,2,1900-01-01,2016-12-31\n"
    ),
}


@pytest.mark.parametrize("file", PEACESCIENCER)
def test_what_peacesciencer_exports(small_world, file):
    expected = rows_of(small_world)
    write_files(small_world, {file: PEACESCIENCER[file]})
    assert rows_of(small_world) == expected


def test_all_that_peacesciencer_exports(small_world):
    expected = rows_of(small_world)
    write_files(small_world, PEACESCIENCER)
    assert rows_of(small_world) == expected


def test_earlier_borders_of_peacesciencer(small_world):
    expected = rows_of(small_world)
    text = rewritten(CONTIGUITY, without("dyad", "statelab", "statehab", "notes", "version"))
    text = text.replace("statelno", "ccode1").replace("statehno", "ccode2")
    write_files(small_world, {"contdir.csv": text})
    assert rows_of(small_world) == expected


def test_dyad_years_of_peacesciencer(small_world):
    (small_world / "atop.csv").unlink()
    write_files(small_world, {"dyads.csv": DYADS})
    expected = rows_of(small_world)
    kinds = {name: f"atop_{name}" for name in ("defense", "offense", "neutral", "nonagg", "consul")}
    text = rewritten(DYADS, named(stateA="ccode1", stateB="ccode2", **kinds))
    write_files(small_world, {"dyads.csv": text})
    assert rows_of(small_world) == expected


@pytest.mark.parametrize(
    "old, new, place",
    [
        ("2,20,1,", "2,999,1,", "line 2, column ccode2: no state has code 999"),
        ("1900-01-01", "1900-13-01", "line 2, column stdate: expected a date such as 1914-06-28"),
        ("2016-12-31", "NA", "line 2, column enddate: expected a date, found nothing"),
        ("2016-12-31", "201612", "line 2, column enddate: expected a date such as 1914-06-28"),
    ],
)
def test_columns_are_named_as_the_file_names_them(small_world, old, new, place):
    text = PEACESCIENCER["contdir.csv"].replace(old, new, 1)
    write_files(small_world, {"contdir.csv": text})
    with pytest.raises(DataError, match=place):
        mc.scenario_from_data(small_world, date=DAY)


def test_without_any_abbreviation_a_list_of_states_is_asked_for(small_world):
    (small_world / "states.csv").unlink()
    write_files(small_world, PEACESCIENCER)
    with pytest.raises(DataError, match="column stateabb: missing; without it a list of states is"):
        mc.scenario_from_data(small_world, date=DAY)


def test_all_files_are_covered():
    assert {"states.csv", "atop.csv"} | set(PEACESCIENCER) == set(FILES)
    assert "TRUE" in rewritten(ATOP, change=in_r("NA", "TRUE", "FALSE"))
    assert "NA" in rewritten(TD, change=in_r("NA", "TRUE", "FALSE"))
