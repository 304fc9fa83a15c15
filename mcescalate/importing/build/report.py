"""What an import has done: what was mapped, what was missing, what was assumed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from mcescalate.importing.build.mapping import ADDRESSES, Mapping
from mcescalate.importing.build.nonmembers import Absence
from mcescalate.importing.build.sources import Source


class Ledger:
    """Keeps account while a scenario is put together.

    Parameters
    ----------
    mapping : the numbers in force
    """

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.uses: Counter[str] = Counter()
        self.named: list[str] = []
        self.mapped: dict[str, int] = {}
        self.missing: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.absences: list[Absence] = []
        self.absent_rows = 0

    def take(self, address: str) -> float:
        """A number of the mapping; that it was used is noted."""
        self.uses[address] += 1
        return self.mapping[address]


@dataclass(frozen=True)
class FileUse:
    """A file that was read: its name, what it is, its SHA-256, and what was taken from it."""

    name: str
    title: str
    sha256: str
    use: str


@dataclass(frozen=True)
class Assumption:
    """A number of the mapping that had a part in the scenario."""

    address: str
    value: float
    changed: bool
    uses: int
    meaning: str
    basis: str

    @property
    def known(self) -> bool:
        """Whether it has a source, so that nothing of it is assumed."""
        return self.basis.startswith("source: ")


@dataclass(frozen=True)
class Report:
    """All that is to be told of an import.

    Parameters
    ----------
    date : the day of the scenario, as text
    files : what was read
    unused : what was found and not read, with reasons
    remarks : how files were read that are not quite as they should be
    named : how states were named, where it was not simply by COW's abbreviations
    mapped : amounts of what stands in the scenario
    missing : what the files do not have for that day, and what stands in for it
    left_out : what is in the files and not in the scenario, with amounts
    absences : rows that are left out since they name a state that was no member on the day
    absent_rows : how many rows these are
    assumptions : the numbers of the mapping in use
    """

    date: str
    files: tuple[FileUse, ...]
    unused: tuple[str, ...]
    remarks: tuple[str, ...]
    named: tuple[str, ...]
    mapped: dict[str, int]
    missing: tuple[str, ...]
    left_out: dict[str, int]
    absences: tuple[Absence, ...]
    absent_rows: int
    assumptions: tuple[Assumption, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "date": self.date,
            "files": [vars(use) for use in self.files],
            "unused": list(self.unused),
            "remarks": list(self.remarks),
            "named": list(self.named),
            "mapped": dict(self.mapped),
            "missing": list(self.missing),
            "left_out": dict(self.left_out),
            "absences": [vars(absence) for absence in self.absences],
            "absent_rows": self.absent_rows,
            "assumptions": [vars(assumption) for assumption in self.assumptions],
        }


def report_of(
    ledger: Ledger, date: str, sources: dict[str, Source], unused: tuple[str, ...]
) -> Report:
    """The report on a finished import."""
    return Report(
        date,
        tuple(
            FileUse(source.name, source.title, source.digest, source.layout.taken)
            for source in sources.values()
        ),
        unused,
        tuple(
            f"{source.name}: {remark}"
            for source in sources.values()
            for remark in source.table.remarks
        ),
        tuple(ledger.named),
        dict(ledger.mapped),
        tuple(ledger.missing),
        dict(sorted(ledger.left_out.items())),
        tuple(ledger.absences),
        ledger.absent_rows,
        tuple(
            Assumption(
                address,
                ledger.mapping[address],
                address in ledger.mapping.changes,
                ledger.uses[address],
                ADDRESSES[address].meaning,
                ADDRESSES[address].basis,
            )
            for address in ADDRESSES
            if ledger.uses[address]
        ),
    )
