"""A small world in made-up files of every layout: five states, and one that is gone."""

import gzip
from pathlib import Path

STATES = """\
stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version
AAA,2,Aland,1900,1,1,2016,12,31,2016
BBB,20,Bland,1900,1,1,2016,12,31,2016
CCC,200,Cland,1900,1,1,2016,12,31,2016
DDD,220,Dland,1900,1,1,2016,12,31,2016
EEE,365,Eland,1920,6,1,2016,12,31,2016
OLD,300,Oldland,1900,1,1,1950,12,31,2016
"""

SYSTEM = "stateabb,ccode,year,version\n" + "".join(
    f"{name},{code},{year},2016\n"
    for year in (1913, 1914)
    for name, code in (("AAA", 2), ("BBB", 20), ("CCC", 200))
)

MAJORS = """\
stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version
AAA,2,1900,1,1,2016,12,31,2016
CCC,200,1900,1,1,1940,6,22,2016
"""

NMC = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n" + "".join(
    f"{name},{code},{year},1,1,1,1,1,1,{share},2025\n"
    for year in (1930, 1931, 1950, 1960)
    for name, code, share in (
        ("AAA", 2, ".5"),
        ("BBB", 20, "0.2"),
        ("CCC", 200, "-9" if year == 1931 else "0.15"),
        ("DDD", 220, "1e-1"),
        ("EEE", 365, "-9"),
    )
)

CONTIGUITY = """\
dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version
2020,2,"AAA",20,"BBB",1,190001,201612,,3.2
2200,2,"AAA",200,"CCC",4,190001,194001,,3.2
20220,20,"BBB",220,"DDD",2,190001,201612,,3.2
"""

TSS = """\
tssr_id,rivalry,ccode1,ccode2,start_published,end_published,start,end,ongoing,\
positional,spatial,ideological,interventionary,principal,aprin
1,Aland-Bland,2,20,1900,ongoing,1900,2018,1,1,1,0,0,1,0
2,Cland-Dland,200,220,1910,1935,1910,1935,0,0,0,1,0,0,0
3,Bland-Eland,20,365,1921,1999,1921,1999,0,0,1,0,0,0,0
"""

TD = """\
rivalryno,rivalryname,ccode1,ccode2,styear,endyear,region,type1,type2,type3
1,Aland-Bland,2,20,1900,2010,Here,spatial,positional,
2,Cland-Dland,200,220,1910,1935,There,ideological,,
"""

ATOP_HEADER = (
    "atopid,member,cowsys,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,"
    "consul,defcon,defcoadv,defcoloc,defcocon,defconum,defcodem,defconpr,offcoadv,statthr1,"
    "statthr2,pubsecr,milaid,ecaid,intcom,base,version\n"
)
_ATOP_COLUMNS = ATOP_HEADER.strip().split(",")


def atop_row(treaty: int, member: int, begin: str, end: str = "", **values: object) -> str:
    """One row of ATOP's members; dates such as "1930-2-1", what is not given is 0."""
    entry, leave = begin.split("-"), end.split("-") if end else ["0", "0", "0"]
    row = dict.fromkeys(_ATOP_COLUMNS, "0")
    row |= {"atopid": treaty, "member": member, "cowsys": 1, "version": "4.01"}
    row |= dict(zip(("yrent", "moent", "dayent"), entry, strict=True))
    row |= dict(zip(("yrexit", "moexit", "dayexit"), leave, strict=True))
    row |= values
    return ",".join(str(row[column]) for column in _ATOP_COLUMNS) + "\n"


ATOP = ATOP_HEADER + "".join(
    [
        # A pact against AAA, secret, with a clause on provocation, both ways; and aid.
        *(
            atop_row(
                *(10, member, "1925-3-4"),
                defense=1,
                consul=1,
                defcon=1,
                defcoadv=1,
                defconpr=1,
                statthr1=2,
                pubsecr=2,
                milaid=1,
            )
            for member in (20, 200)
        ),
        # A guarantee by AAA of DDD, one way; limited to a place.
        atop_row(20, 2, "1928-1-1", defense=1, nonagg=1, defcon=1, defcoloc=1),
        atop_row(20, 220, "1928-1-1", nonagg=1),
        # Over since 1929; renewed phases without a gap; and one to come.
        *(atop_row(30, member, "1910-1-1", "1929-12-31", offense=1) for member in (2, 200)),
        *(atop_row(40, member, "1905-5-6", "1915-5-6", neutral=1) for member in (20, 220)),
        *(atop_row(40, member, "1915-5-6", "1945-1-1", neutral=1) for member in (20, 220)),
        *(atop_row(50, member, "1955-1-1", defense=1) for member in (2, 365)),
        atop_row(60, 8152, "1901-1-1", "1902-1-1", cowsys=0, defense=1),
        # What makes the file reach 2016.
        atop_row(70, 220, "2016-1-1", consul=1),
    ]
)

DYADS = "stateA,stateB,year,defense,offense,neutral,nonagg,consul\n" + "".join(
    f"{a},{b},{year},{marks}\n"
    for year in (1931, 1950, 2018)
    for a, b, marks in (
        (20, 200, "1,0,0,0,1"),
        (200, 20, "0,0,0,0,1"),
        (2, 220, "1,0,0,1,0"),
        (220, 2, "0,0,0,1,0"),
        (20, 220, "0,0,1,0,0"),
        (220, 20, "0,0,1,0,0"),
        (2, 365, "1,0,0,0,0"),
        (365, 2, "1,0,0,0,0"),
    )
)

COW_MEMBERS = """\
version4id,ccode,state_name,all_st_day,all_st_month,all_st_year,all_end_day,all_end_month,\
all_end_year,ss_type,mem_st_day,mem_st_month,mem_st_year,mem_end_day,mem_end_month,mem_end_year,\
left_censor,right_censor,defense,neutrality,nonaggression,entente,version
1,2,Aland,1,1,1930,,,,Type I,1,1,1930,,,,0,1,1,0,1,0,4.1
1,20,Bland,1,1,1930,,,,Type I,1,1,1930,,,,0,1,1,0,1,0,4.1
1,200,Cland,1,1,1930,,,,Type I,5,6,1932,,,,0,1,1,0,1,0,4.1
2,200,Cland,3,4,1910,9,9,1931,Type III,3,4,1910,9,9,1931,0,0,0,0,0,1,4.1
2,220,Dland,3,4,1910,9,9,1931,Type III,3,4,1910,9,9,1931,0,0,0,0,0,1,4.1
"""

COW_DYADS = """\
version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,\
dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,defense,neutrality,\
nonaggression,entente,version
1,2,Aland,20,Bland,1,1,1930,,,,0,1,1,0,1,0,4.1
1,2,Aland,200,Cland,5,6,1932,,,,0,1,1,0,1,0,4.1
1,20,Bland,200,Cland,5,6,1932,,,,0,1,1,0,1,0,4.1
2,200,Cland,220,Dland,3,4,1910,9,9,1931,0,0,0,0,0,1,4.1
"""


def by_year(text: str, first: int, last: int) -> str:
    """A file with each row once for every year, as COW has them beside its files by spell."""
    header, *rows = text.splitlines()
    years = range(first, last + 1)
    lines = [f"{header},year", *(f"{row},{year}" for row in rows for year in years)]
    return "\n".join(lines) + "\n"


def both_ways(text: str) -> str:
    """A file by dyad as the one by directed dyad."""
    header, *rows = text.splitlines()
    turned = []
    for row in rows:
        treaty, one, name, other, other_name, *rest = row.split(",")
        turned.append(",".join([treaty, other, other_name, one, name, *rest]))
    return "\n".join([header, *rows, *turned]) + "\n"


REGIMES = """\
ccode,scode,country,year,democ,autoc,polity,polity2
2,AAA,Aland,1931,10,0,10,10
20,BBB,Bland,1931,0,9,-9,-9
200,CCC,Cland,1931,3,2,1,1
220,DDD,Dland,1931,-88,-88,-88,-88
"""

FILES = {
    "states.csv": STATES,
    "majors.csv": MAJORS,
    "nmc.csv": NMC,
    "contdir.csv": CONTIGUITY,
    "tss.csv": TSS,
    "atop.csv": ATOP,
}


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write texts into `folder`; a name that ends in .gz is packed."""
    for name, text in files.items():
        data = text.encode("utf-8")
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder
