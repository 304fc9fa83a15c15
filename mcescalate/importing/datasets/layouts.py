"""The published files that can be read, each known by the columns in its header.

File names differ from one download to the next; columns do not.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from mcescalate.importing.files.csv_files import Header

_SHARED = {"ccode", "ccode1", "ccode2", "stateabb", "state", "country", "year", "version"} | {
    *("styear", "stday", "endyear", "endday", "begin", "start", "end"),
    *("dyad", "note", "notes", "number", "source"),
}
"""Columns that tell nothing of which file it is: many data sets have them."""
_MOST_NEEDED, _HALF = 0.75, 0.5


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
    bearing : those of the usual columns that make a difference where they are missing
    instead : for a file that is not read, which one is
    renamed : what the package calls columns that this file calls otherwise
    others : of a file without columns of its own, which further ones it may have; None if any
    """

    kind: str
    title: str
    needed: tuple[str, ...]
    usual: tuple[str, ...]
    about: str
    bearing: tuple[str, ...] = ()
    instead: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] | None = None

    def fits(self, columns: Set[str]) -> bool:
        """Whether a file with these columns is of it."""
        if self.others is not None and columns - {*self.needed, *self.usual, *self.others, ""}:
            return False
        return not self.missing(columns)

    def missing(self, columns: Set[str]) -> list[str]:
        """The columns that it needs and a file lacks."""
        return [column for column in self.needed if column not in columns]

    def matches(self, words: Set[str]) -> int:
        """How many of its columns are among the words of a header."""
        return len(words & _bare((*self.needed, *self.usual)))

    def likeness(self, words: Set[str]) -> float:
        """The share of its columns that are among the words of a header."""
        return self.matches(words) / len({*self.needed, *self.usual})

    def is_near(self, words: Set[str]) -> bool:
        """Whether the words of a header have so much of it that the file must be meant to be one.

        Either three quarters of the columns that it needs, or half of these and of its own ones.
        """
        own = _bare((*self.needed, *self.usual)) - _SHARED
        needed = _bare(self.needed)
        known = own & words
        share = len(needed & words) / len(needed)
        if not known.isdisjoint(needed) and share >= _MOST_NEEDED:
            return True
        return bool(known) and share > _HALF and len(known) >= _HALF * len(own)


def _bare(names: Iterable[str]) -> set[str]:
    return {name.replace("_", "") for name in names}


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PROMISES = "defense offense neutral nonagg consul"
_ATOP_PREFIXED = {f"atop_{kind}": kind for kind in _PROMISES.split()}
_ATOP_INSTEAD = "the file of members, or of directed dyad-years"
_COW_MEMBER = (
    "version4id ccode mem_st_day mem_st_month mem_st_year mem_end_day mem_end_month "
    "mem_end_year defense neutrality nonaggression entente"
)
_COW_MEMBER_USUAL = _columns(
    "state_name all_st_day all_st_month all_st_year all_end_day all_end_month "
    "all_end_year ss_type left_censor right_censor version"
)
_COW_DYAD = (
    "version4id ccode1 ccode2 dyad_st_day dyad_st_month dyad_st_year dyad_end_day "
    "dyad_end_month dyad_end_year defense neutrality nonaggression entente"
)
_COW_DYAD_USUAL = _columns("state_name1 state_name2 left_censor right_censor version")

LAYOUTS = (
    Layout(
        "nmc",
        "COW National Material Capabilities",
        _columns("ccode year cinc"),
        _columns("stateabb milex milper irst pec tpop upop version"),
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
        others=_columns("statenme"),
    ),
    Layout(
        "majors",
        "COW State System Membership, major powers",
        _columns("ccode styear stmonth stday endyear endmonth endday"),
        _columns("stateabb version"),
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
        bearing=_columns("cowsys defcon"),
    ),
    Layout(
        "atop_dyads",
        "ATOP, directed dyad-years",
        _columns(f"statea stateb year {_PROMISES}"),
        _columns("ddyad atopally"),
        "who promised what to whom, by year",
    ),
    Layout(
        "atop_dyads",
        "ATOP, directed dyad-years as peacesciencer has them",
        _columns(f"ccode1 ccode2 year {' '.join(_ATOP_PREFIXED)}"),
        (),
        "who promised what to whom, by year",
        renamed={"ccode1": "statea", "ccode2": "stateb", **_ATOP_PREFIXED},
    ),
    Layout(
        "atop_pairs",
        "ATOP, dyad-years without directions",
        _columns(f"mem1 mem2 year {_PROMISES}"),
        _columns("dyad atopally bilatno multino number asymm atopid1"),
        "",
        instead=_ATOP_INSTEAD,
    ),
    Layout(
        "atop_state_years",
        "ATOP, state-years",
        _columns(f"state year {_PROMISES}"),
        _columns("atopally number bilatno multino atopid1"),
        "",
        instead=_ATOP_INSTEAD,
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
        instead=_ATOP_INSTEAD,
    ),
    Layout(
        "cow_members",
        "COW Formal Alliances, members",
        _columns(_COW_MEMBER),
        _COW_MEMBER_USUAL,
        "promises by day",
        bearing=("right_censor",),
    ),
    Layout(
        "cow_dyads",
        "COW Formal Alliances, dyads",
        _columns(_COW_DYAD),
        _COW_DYAD_USUAL,
        "promises by day",
        bearing=("right_censor",),
    ),
    Layout(
        "cow_member_years",
        "COW Formal Alliances, member-years",
        _columns(f"{_COW_MEMBER} year"),
        _COW_MEMBER_USUAL,
        "promises by day, each spell once",
        bearing=("right_censor",),
    ),
    Layout(
        "cow_dyad_years",
        "COW Formal Alliances, dyad-years",
        _columns(f"{_COW_DYAD} year"),
        _COW_DYAD_USUAL,
        "promises by day, each spell once",
        bearing=("right_censor",),
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity",
        _columns("statelno statehno conttype begin end"),
        _columns("dyad statelab statehab notes version"),
        "borders on land and across water by month",
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity as peacesciencer has it",
        _columns("ccode1 ccode2 conttype stdate enddate"),
        (),
        "borders on land and across water by month",
        renamed={
            "ccode1": "statelno",
            "ccode2": "statehno",
            "stdate": "begin",
            "enddate": "end",
        },
    ),
    Layout(
        "contiguity",
        "COW Direct Contiguity as peacesciencer had it",
        _columns("ccode1 ccode2 conttype begin end"),
        (),
        "borders on land and across water by month",
        renamed={"ccode1": "statelno", "ccode2": "statehno"},
    ),
    Layout(
        "colonial_contiguity",
        "COW Colonial Contiguity",
        _columns("statelno statehno conttype begin end dependl dependh"),
        _columns("statelab statehab notes version"),
        "",
        instead="the master file of Direct Contiguity, contdir.csv",
    ),
    Layout(
        "contiguity_years",
        "COW Direct Contiguity, dyad-years",
        _columns("state1no state2no year conttype"),
        _columns("dyad state1ab state2ab version"),
        "",
        instead="the master file contdir.csv",
    ),
    Layout(
        "tss",
        "Thompson, Sakuwa and Suhas strategic rivalries",
        _columns(
            "ccode1 ccode2 start end positional spatial ideological interventionary principal"
        ),
        _columns("tssr_id rivalry ongoing aprin"),
        "rivalries by year",
        bearing=("ongoing",),
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


@dataclass(frozen=True)
class Match:
    """What a header is taken for.

    Parameters
    ----------
    layout : the layout that it is most like
    missing : columns that it lacks to be of that layout
    """

    layout: Layout
    missing: tuple[str, ...]

    def lack(self, header: Header) -> str:
        """What is wrong with the header, after the number of its line."""
        if len(header.columns) < 2:
            return (
                f": expected the columns of {self.layout.title}, parted by commas; "
                "save the file with commas, as it was published"
            )
        needed = ", ".join(self.missing)
        return f", column {self.missing[0]}: missing; {self.layout.title} need {needed}"


SHORT_TITLES = {
    "nmc": "COW capabilities",
    "states": "COW states",
    "system": "COW states",
    "majors": "COW major powers",
    "atop_members": "ATOP",
    "atop_dyads": "ATOP dyad-years",
    "cow_members": "COW alliances",
    "cow_dyads": "COW alliances",
    "cow_member_years": "COW alliances",
    "cow_dyad_years": "COW alliances",
    "contiguity": "COW contiguity",
    "tss": "Thompson, Sakuwa and Suhas",
    "td": "Thompson and Dreyer",
    "regimes": "Polity",
    "further": "further ties",
}
"""By kind of layout, for the source of a row."""


def match_header(header: Header) -> Match | None:
    """The layout that a header has, or nearly has; None if it is like none of those read."""
    columns, words = frozenset(header.columns), header.words
    best = max(
        (layout for layout in LAYOUTS if layout.fits(columns) or layout.is_near(words)),
        key=lambda layout: (
            layout.fits(columns) or bool(layout.about),
            layout.matches(words),
            layout.fits(columns),
            layout.likeness(words),
        ),
        default=None,
    )
    return None if best is None else Match(best, tuple(best.missing(columns)))
