"""The published files that can be read, each known by the columns in its header.

File names differ from one download to the next; columns do not.
"""

from dataclasses import dataclass
from pathlib import Path

from mcescalate.errors import DataError
from mcescalate.scenario.importing.tables import read_header, shown

LIKENESS = 0.74
"""A file with this share of a layout's columns is taken for it, and told what it lacks."""


@dataclass(frozen=True)
class Layout:
    """A kind of published file.

    Parameters
    ----------
    kind : short name in this package
    title : the data set, as a report calls it
    needed : columns without which it is of no use
    usual : further columns by which it is known
    about : what the importer takes from it; empty if it only has to be told from others
    """

    kind: str
    title: str
    needed: tuple[str, ...]
    usual: tuple[str, ...]
    about: str

    def matches(self, header: set[str]) -> int:
        """How many of its columns are in `header`."""
        return len(header.intersection((*self.needed, *self.usual)))

    def likeness(self, header: set[str]) -> float:
        """The share of its columns that are in `header`."""
        return self.matches(header) / len((*self.needed, *self.usual))


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PROMISES = "defense offense neutral nonagg consul"

LAYOUTS = (
    Layout(
        "nmc",
        "COW National Material Capabilities",
        _columns("stateabb ccode year cinc"),
        _columns("milex milper irst pec tpop upop version"),
        "capability",
    ),
    Layout(
        "states",
        "COW State System Membership, states",
        _columns("stateabb ccode statenme styear stmonth stday endyear endmonth endday"),
        _columns("version"),
        "members of the state system by day, their names",
    ),
    Layout(
        "system",
        "COW State System Membership, state-years",
        _columns("stateabb ccode year"),
        _columns("version"),
        "members of the state system by year",
    ),
    Layout(
        "majors",
        "COW State System Membership, major powers",
        _columns("stateabb ccode styear stmonth stday endyear endmonth endday"),
        _columns("version"),
        "major powers by day",
    ),
    Layout(
        "atop_members",
        "ATOP, members",
        _columns(
            "atopid member yrent moent dayent yrexit moexit dayexit defense offense neutral nonagg "
            "consul defcoadv defcoloc defcocon defconum defcodem defconpr offcoadv statthr1 "
            "statthr2 pubsecr milaid ecaid intcom base"
        ),
        _columns("cowsys phase maxphase ineffect defcon offcon obvary termmode version"),
        "promises by day, with their conditions",
    ),
    Layout(
        "atop_dyads",
        "ATOP, directed dyad-years",
        _columns(f"statea stateb year {_PROMISES}"),
        (),
        "who promised what to whom, by year",
    ),
    Layout(
        "atop_treaties",
        "ATOP, treaties",
        _columns("atopid begyr begmo begday endyr endmo endday mem1 mem2"),
        _columns(
            f"{_PROMISES} ineffect bilat conditio defcon offcon neucon concon asymm notaiden "
            "specthrt statthr1 statthr2 milcon milaid intcom subord organ1 base ecaid pubsecr "
            "term mem3 mem4 mem5 mem6 version"
        ),
        "",
    ),
    Layout(
        "cow_members",
        "COW Formal Alliances, members",
        _columns(
            "version4id ccode mem_st_day mem_st_month mem_st_year mem_end_day mem_end_month "
            "mem_end_year defense neutrality nonaggression entente"
        ),
        _columns(
            "state_name all_st_day all_st_month all_st_year all_end_day all_end_month "
            "all_end_year ss_type left_censor right_censor version"
        ),
        "promises by day",
    ),
    Layout(
        "cow_dyads",
        "COW Formal Alliances, dyads",
        _columns(
            "version4id ccode1 ccode2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day "
            "dyad_end_month dyad_end_year defense neutrality nonaggression entente"
        ),
        _columns("state_name1 state_name2 left_censor right_censor version"),
        "promises by day",
    ),
    Layout(
        "cow_years",
        "COW Formal Alliances, dyad-years",
        _columns(
            "version4id ccode1 ccode2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day "
            "dyad_end_month dyad_end_year defense neutrality nonaggression entente year"
        ),
        _columns("state_name1 state_name2 left_censor right_censor version"),
        "",
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity",
        _columns("statelno statehno conttype begin end"),
        _columns("dyad statelab statehab notes version"),
        "borders on land and across water by month",
    ),
    Layout(
        "tss",
        "Thompson, Sakuwa and Suhas strategic rivalries",
        _columns(
            "ccode1 ccode2 start end positional spatial ideological interventionary principal"
        ),
        _columns("tssr_id rivalry ongoing aprin"),
        "rivalries by year",
    ),
    Layout(
        "td",
        "Thompson and Dreyer strategic rivalries",
        _columns("ccode1 ccode2 styear endyear type1 type2 type3"),
        _columns("rivalryno rivalryname region"),
        "rivalries by year",
    ),
    Layout(
        "regimes",
        "Polity 5",
        _columns("ccode year polity2"),
        _columns("scode country democ autoc polity xrreg parcomp"),
        "regime by year",
    ),
    Layout(
        "further",
        "further ties",
        _columns("ccode1 ccode2 directed types treaty_name start_date end_date"),
        _columns("treaty_id note source"),
        "informal ties, aid, guarantees and treaties that no other file has, by day",
    ),
)


def layout_of(path: Path) -> Layout | None:
    """The layout of a file, by its header; None if it is like none of them.

    Raises
    ------
    DataError
        The header is damaged, or lacks a column that its layout needs.
    UsageError
        The file cannot be opened.
    """
    header = set(read_header(path))
    best = max(LAYOUTS, key=lambda layout: (layout.matches(header), layout.likeness(header)))
    missing = [column for column in best.needed if column not in header]
    if best.likeness(header) < LIKENESS and missing:
        return None
    if missing and best.about:
        raise DataError(
            f"{shown(path)}: line 1, column {missing[0]}: missing; {best.title} need "
            f"{', '.join(missing)}"
        )
    return best
