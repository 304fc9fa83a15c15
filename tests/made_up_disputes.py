"""Made-up disputes between the states of `made_up_data`, in every layout that is read."""

import random

MIDA_HEADER = (
    "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,settle,fatality,fatalpre,maxdur,"
    "mindur,hiact,hostlev,recip,numa,numb,ongo2014,version\n"
)
MIDB_HEADER = (
    "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,"
    "revtype2,fatality,fatalpre,hiact,hostlev,orig,version\n"
)
GML_DISPUTES_HEADER = (
    "dispnum,styear,stmon,outcome,settle,fatality,mindur,maxdur,hiact,hostlev,recip\n"
)
GML_PARTIES_HEADER = "dispnum,ccode,styear,stmon,stday,endyear,endmon,endday,sidea,hiact,orig\n"
MIE_HEADER = (
    "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,"
    "fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n"
)
NAMES = {2: "AAA", 20: "BBB", 200: "CCC", 220: "DDD", 365: "EEE", 300: "OLD"}


def mida_row(number, begin, *, end="", level="4", recip="1", numa="1", numb="1", version="5"):
    """A dispute; dates such as "1931-6-2", 0 for an unknown month or day."""
    year, month, day = begin.split("-")
    last = end.split("-") if end else [year, "12", "31"]
    month, day = (part if part != "0" else "-9" for part in (month, day))
    cells = [number, day, month, year, last[2], last[1], last[0], 5, 3, 0, 0, 20, 20, 8]
    return ",".join(map(str, [*cells, level, recip, numa, numb, 0, version])) + "\n"


def midb_row(number, code, side, *, orig=1, level="4", year=1931, version="5"):
    """A state in a dispute; side "a" or "b"."""
    cells = [number, f'"{NAMES[code]}"', code, 2, 6, year, 3, 6, year, int(side == "a")]
    return ",".join(map(str, [*cells, 0, 0, -9, 0, 0, 8, level, orig, version])) + "\n"


def mie_row(number, event, code, against, day, level):
    year, month, date = day.split("-")
    cells = [number, event, code, against, month, date, year, month, date, year, 1, 8, level]
    return ",".join(map(str, [*cells, 0, 0, 0, 0, "mie-1.0"])) + "\n"


MIDA = MIDA_HEADER + "".join(
    [
        mida_row(7, "1931-6-2", end="1932-1-5", level=5, numa=2),
        mida_row(3, "1931-0-0", level=3, recip=0),
        mida_row(9, "1932-2-0", level="", recip="", numa="", numb=""),
        mida_row(11, "1960-3-4", level=2, recip=0),
    ]
)
MIDB = MIDB_HEADER + "".join(
    [
        midb_row(7, 2, "a", level=5),
        midb_row(7, 20, "b", level=5),
        midb_row(7, 200, "a", orig=0, level=3),
        midb_row(7, 200, "a", orig=0, level=5),  # a second spell
        midb_row(3, 20, "a", level=3),
        midb_row(3, 2, "b", level=1),
        midb_row(9, 200, "a", level="", year=1932),
        midb_row(9, 220, "b", level="", year=1932),
        midb_row(11, 365, "a", level=2, year=1960),
        midb_row(11, 300, "b", level=1, year=1960),  # no longer a member
    ]
)
GML_DISPUTES = GML_DISPUTES_HEADER + "7,1931,6,5,3,0,20,20,20,5,1\n3,1931,7,5,3,0,20,20,8,3,0\n"
GML_PARTIES = GML_PARTIES_HEADER + "".join(
    f"{number},{code},1931,6,2,1931,6,3,{side},8,{orig}\n"
    for number, code, side, orig in (
        (7, 2, 1, 1),
        (7, 20, 0, 1),
        (7, 200, 1, 0),
        (3, 20, 1, 1),
        (3, 2, 0, 1),
    )
)
MIE = MIE_HEADER + "".join(
    [
        mie_row(7, 2, 2, 20, "1931-6-4", 4),
        mie_row(7, 1, 20, 2, "1931-6-2", 2),
        mie_row(3, 1, 20, 2, "1931-0-0", 3),
    ]
)
DISPUTE_FILES = {"mida.csv": MIDA, "midb.csv": MIDB, "mie.csv": MIE}


def many_disputes(n: int, seed: int = 1) -> dict[str, str]:
    """Files of `n` disputes between members, with random outcomes."""
    rng = random.Random(seed)
    mida, midb = MIDA_HEADER, MIDB_HEADER
    for number in range(1, n + 1):
        one, other, *others = rng.sample([2, 20, 200, 220], 4)
        year = rng.choice([1931, 1932, 1950, 1951, 1960])
        level = rng.choice([2, 3, 4, 4, 4, 5])
        joined = rng.random() < 0.3
        recip = int(level == 5 or rng.random() < 0.5)
        day = f"{year}-{rng.randint(1, 12)}-{rng.randint(1, 28)}"
        mida += mida_row(number, day, level=level, recip=recip, numb=1 + joined)
        midb += midb_row(number, one, "a", level=level, year=year)
        midb += midb_row(number, other, "b", level=level if recip else 1, year=year)
        if joined:
            midb += midb_row(number, others[0], "b", orig=0, level=level, year=year)
    return {"mida.csv": mida, "midb.csv": midb}
