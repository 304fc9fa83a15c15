"""Rows on states that were not members on the day are listed, whatever file they are in."""

import pytest
from made_up_data import (
    ATOP,
    CONTIGUITY,
    COW_DYADS,
    COW_MEMBERS,
    DYADS,
    FILES,
    MAJORS,
    NMC,
    REGIMES,
    SYSTEM,
    TD,
    TSS,
    atop_row,
    by_year,
    write_files,
)

import mcescalate as mc

# OLD (300) was a member until the end of 1950.
BEFORE, AFTER = "1950-06-01", "1951-06-01"
WHEN = "a member from 1900-01-01 to 1950-12-31"
FURTHER = "ccode1,ccode2,directed,types,treaty_name,start_date,end_date\n"
COW_MEMBER = "3,{},Land,1,1,1930,,,,Type I,1,1,1930,31,12,2012,0,1,1,0,0,0,4.1\n"
COW_DYAD = "3,20,Bland,300,Oldland,1,1,1930,31,12,2012,0,1,1,0,0,0,4.1\n"
ATOP_ALONE = atop_row(80, 300, "1925-1-1", consul=1)

ROWS = {
    "tss": ("tss.csv", TSS + "4,Old,20,300,1900,2018,1900,2018,1,1,0,0,0,0,0\n", "rivalries of", 1),
    "td": ("td.csv", TD + "3,Old,20,300,1900,2010,Here,spatial,,\n", "rivalries of", 1),
    "contiguity": (
        "contdir.csv",
        CONTIGUITY + '20300,20,"BBB",300,"OLD",1,190001,201612,,3.2\n',
        "borders of",
        1,
    ),
    "nmc": (
        "nmc.csv",
        NMC
        + "".join(
            f"{id},{code},1951,1,1,1,1,1,1,.3,2025\n" for id, code in (("AAA", 2), ("OLD", 300))
        ),
        "capabilities of",
        1,
    ),
    "majors": (
        "majors.csv",
        MAJORS + "OLD,300,1900,1,1,2016,12,31,2016\n",
        "rows of the major power",
        1,
    ),
    "atop": ("atop.csv", ATOP + ATOP_ALONE, "promises of", 1),
    "adversary": (
        "atop.csv",
        ATOP
        + "".join(
            atop_row(80, code, "1925-1-1", offense=1, offcoadv=1, statthr1=300) for code in (2, 20)
        ),
        "promises against",
        2,
    ),
    "atop_dyads": (
        "dyads.csv",
        DYADS + "300,20,1951,1,0,0,0,0\n20,300,1951,1,0,0,0,0\n300,2,1951,0,0,0,0,0\n",
        "promises of",
        2,
    ),
    "cow_members": (
        "cow.csv",
        COW_MEMBERS + COW_MEMBER.format(20) + COW_MEMBER.format(300),
        "promises of",
        1,
    ),
    "cow_dyads": ("cow.csv", COW_DYADS + COW_DYAD, "promises of", 1),
    "cow_dyad_years": ("cow.csv", by_year(COW_DYADS + COW_DYAD, 1930, 1955), "promises of", 1),
    "regimes": ("polity.csv", REGIMES + "300,OLD,Oldland,1951,10,0,10,10\n", "regimes of", 1),
    "further": ("own.csv", FURTHER + "20,300,0,aid,Arms,1930-01-01,\n", "further ties of", 1),
}

BY_YEAR = ("atop_dyads", "nmc", "regimes")
"""Made up for the year after it alone."""


def imported(folder, kind, date):
    name, text, *_ = ROWS[kind]
    for other, kinds in (("tss.csv", ("td",)), ("atop.csv", ("cow", "atop_dyads"))):
        if kind.startswith(kinds):
            (folder / other).unlink(missing_ok=True)
    write_files(folder, {name: text})
    paths = [folder, folder / name] if kind == "further" else [folder]
    return mc.scenario_from_data(paths, date=date)


@pytest.mark.parametrize("kind", ROWS)
def test_rows_on_a_state_that_was_no_member_are_listed(small_world, kind):
    name, _, what, rows = ROWS[kind]
    report = imported(small_world, kind, AFTER).report
    (absence,) = report.absences
    assert (absence.file, absence.what, absence.code, absence.rows) == (name, what, 300, rows)
    assert (absence.id, absence.name) == ("OLD", "Oldland")
    assert f"a member {absence.member}" == WHEN
    assert report.absent_rows == rows
    assert WHEN in str(absence)


@pytest.mark.parametrize("kind", [kind for kind in ROWS if kind not in BY_YEAR])
def test_they_are_used_while_it_is_a_member(small_world, kind):
    without = mc.scenario_from_data(small_world, date=BEFORE)
    before = imported(small_world, kind, BEFORE)
    assert before.report.absences == without.report.absences == ()
    assert before.report.absent_rows == 0


def test_nothing_of_them_stands_in_the_scenario(small_world):
    for kind in ("tss", "contiguity", "atop", "majors"):
        write_files(small_world, {ROWS[kind][0]: ROWS[kind][1]})
    found = mc.scenario_from_data(small_world, date=AFTER)
    assert "OLD" not in found.text
    assert found.report.absent_rows == len(found.report.absences) == 4


def test_of_a_pair_the_other_state_is_named(small_world):
    report = imported(small_world, "tss", AFTER).report
    assert str(report.absences[0]) == (
        f"tss.csv: rivalries of 300 (OLD, Oldland) with BBB: 1; {WHEN}"
    )


def test_a_code_of_no_state(small_world):
    """ATOP and Polity have some of their own."""
    write_files(
        small_world,
        {
            "atop.csv": ATOP + atop_row(80, 8152, "1925-1-1", cowsys=0, consul=1),
            "polity.csv": REGIMES + "999,XXX,Xland,1931,10,0,10,10\n",
        },
    )
    report = mc.scenario_from_data(small_world, date="1931-06-01").report
    assert list(map(str, report.absences)) == [
        "atop.csv: promises of 8152: 1; never a member",
        "polity.csv: regimes of 999: 1; never a member",
    ]


def test_members_by_year(tmp_path):
    """A list of states by year, or none but the capabilities: years stand for days."""
    system = SYSTEM.replace("1913", "1930").replace("1914", "1931") + "DDD,220,1930,2016\n"
    files = FILES | {"system.csv": system, "atop.csv": ATOP}
    for unknown in ("states.csv", "contdir.csv", "tss.csv"):
        del files[unknown]
    nmc = "".join(line for line in NMC.splitlines(keepends=True) if not line.startswith("EEE"))
    atop = "".join(line for line in ATOP.splitlines(keepends=True) if not line.startswith("50,"))
    folder = write_files(tmp_path, files | {"nmc.csv": nmc, "atop.csv": atop})
    report = mc.scenario_from_data(folder, date="1931-06-01", initiator="AAA", target="BBB").report
    assert {(row.code, row.member) for row in report.absences} == {(220, "from 1930 to 1930")}


def test_the_command_lists_and_counts_them(run_import, small_world):
    for kind in ("tss", "contiguity"):
        write_files(small_world, {ROWS[kind][0]: ROWS[kind][1]})
    reported = run_import(small_world, "--date", AFTER).stdout
    assert (
        f"\nleft out: 2 rows on states that were not members of the system on {AFTER}\n"
        f"  contdir.csv: borders of 300 (OLD, Oldland) with BBB: 1; {WHEN}\n"
        f"  tss.csv: rivalries of 300 (OLD, Oldland) with BBB: 1; {WHEN}\n" in reported
    )
    assert "were not members" not in run_import(small_world, "--date", BEFORE, "--force").stdout
