"""The tables of each data set, read and checked once, however many days are asked for."""

from functools import cached_property

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.alliances import atop, cow_alliances, supplement
from mcescalate.importing.datasets.contiguity import Border, read_borders
from mcescalate.importing.datasets.rivalries import Rivalry, read_td, read_tss
from mcescalate.importing.datasets.state_years import (
    Capabilities,
    Regime,
    read_capabilities,
    read_regimes,
)
from mcescalate.importing.datasets.states import (
    Spell,
    check_codes,
    check_years,
    read_spells,
    read_year_spells,
)
from mcescalate.importing.evidence.sources import Library, Source


class Readings:
    """What the files of a library hold; a file is read when it is first asked for.

    The codes of every file are checked against the list of states.

    Parameters
    ----------
    library : the files

    Raises
    ------
    DataError
        A file is damaged; each property raises it for its own.
    UsageError
        There is no file of capabilities.
    """

    def __init__(self, library: Library):
        if "nmc" not in library.sources:
            raise UsageError(
                "no file of COW National Material Capabilities was given; "
                "without it no actor has a capability",
                *library.passed_over,
            )
        self.library = library
        self._treaties: dict[int, atop.Treaties] = {}
        self.nmc = library.sources["nmc"]
        self.system = library.first_of("states", "system", "nmc") or self.nmc

    def read_all(self) -> None:
        """Parse all files now: afterwards threads only look things up."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                getattr(self, name)

    @cached_property
    def spells(self) -> list[Spell]:
        """Memberships in the state system."""
        read = read_spells if self.system.layout.kind == "states" else read_year_spells
        return read(self.system.table)

    @cached_property
    def known(self) -> dict[int, str]:
        """The abbreviations of all states by code."""
        return {spell.state.code: spell.state.id for spell in self.spells}

    @cached_property
    def capabilities(self) -> Capabilities:
        """Shares of capability."""
        self.check_codes(self.nmc, "ccode", label="stateabb")
        check_years(self.nmc.table, self.spells)
        return read_capabilities(self.nmc.table, self.known)

    @cached_property
    def majors(self) -> list[Spell]:
        """Spells of major powers; none without a file."""
        source = self.library.sources.get("majors")
        if source is None:
            return []
        self.check_codes(source, "ccode", label="stateabb")
        return read_spells(source.table, self.known)

    @cached_property
    def memberships(self) -> list[atop.Membership]:
        """Members of ATOP's treaties; none without a file."""
        source = self.library.sources.get("atop_members")
        if source is None:
            return []
        # ATOP has codes of its own for members outside the state system.
        outside = [answer is False for answer in source.table.answers("cowsys")]
        self.check_codes(source, "member", excused=outside)
        return atop.read_members(source.table)

    def treaties(self, widest: int) -> atop.Treaties:
        """ATOP's treaties; those of more members than `widest` may be wide ones."""
        if widest not in self._treaties:
            source = self.library.sources["atop_members"]
            self._treaties[widest] = atop.Treaties(
                self.memberships, widest=widest, source=source.short
            )
        return self._treaties[widest]

    @cached_property
    def dyad_years(self) -> atop.DyadYears | None:
        """ATOP's promises by year and pair; None without a file."""
        source = self.library.sources.get("atop_dyads")
        if source is None:
            return None
        self.check_codes(source, "statea", "stateb")
        return atop.read_dyad_years(source.table)

    @cached_property
    def cow_alliances(self) -> tuple[Source | None, list[cow_alliances.Spell]]:
        """COW's alliances, and their file; None without one."""
        source = self.library.first_of(
            "cow_members", "cow_dyads", "cow_member_years", "cow_dyad_years"
        )
        if source is None:
            return None, []
        by_member = source.layout.kind in ("cow_members", "cow_member_years")
        self.check_codes(source, *(("ccode",) if by_member else ("ccode1", "ccode2")))
        read = cow_alliances.read_members if by_member else cow_alliances.read_dyads
        return source, read(source.table)

    @cached_property
    def further_ties(self) -> list[supplement.Entry]:
        """The user's own list of ties; none without a file."""
        source = self.library.sources.get("supplement")
        if source is None:
            return []
        self.check_codes(source, "ccode1", "ccode2")
        return supplement.read_entries(source.table)

    @cached_property
    def stakes(self) -> list[supplement.Stake]:
        """The stakes of the user's own list; none without a file."""
        source = self.library.sources.get("supplement")
        if source is None:
            return []
        self.check_codes(source, "ccode1", "ccode2")
        return supplement.read_stakes(source.table)

    @cached_property
    def rivalries(self) -> tuple[Source | None, list[Rivalry], int]:
        """Rivalries, their file, and the last year that it names; None without a file."""
        source = self.library.first_of("tss", "td")
        if source is None:
            return None, [], 0
        read, ends = (read_tss, "end") if source.layout.kind == "tss" else (read_td, "endyear")
        rivalries = read(source.table)
        # A rivalry that predates the state system may be one of states outside it.
        first = min(spell.first for spell in self.spells).year
        older = [rivalry.last is not None and rivalry.last <= first for rivalry in rivalries]
        self.check_codes(source, "ccode1", "ccode2", excused=older)
        return source, rivalries, max(source.table.years(ends))

    @cached_property
    def borders(self) -> list[Border]:
        """Borders; none without a file."""
        source = self.library.sources.get("contiguity")
        if source is None:
            return []
        for column, label in (("statelno", "statelab"), ("statehno", "statehab")):
            self.check_codes(source, column, label=label)
        return read_borders(source.table)

    @cached_property
    def regimes(self) -> dict[int, dict[int, Regime]]:
        """Regimes by year and code; none without a file."""
        source = self.library.sources.get("regimes")
        return {} if source is None else read_regimes(source.table)

    def check_codes(
        self,
        source: Source,
        *columns: str,
        label: str = "",
        excused: list[bool] | None = None,
    ) -> None:
        """Check that the codes in columns of `source` are those of states.

        Raises
        ------
        DataError
            A code belongs to no state.
        """
        for column in columns:
            check_codes(
                source.table,
                column,
                self.known,
                self.system.name,
                label=label,
                excused=excused,
            )
