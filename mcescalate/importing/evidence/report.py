"""The report on an import: what was read, mapped, missing, left out and assumed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from mcescalate.importing.evidence.judgements import Judgement
from mcescalate.importing.evidence.mapping import ADDRESSES, Mapping
from mcescalate.importing.evidence.nonmembers import Absence
from mcescalate.importing.evidence.sources import Source


class Ledger:
    """Records what an import does, for the report.

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
        self.preset = ""

    def take(self, address: str) -> float:
        """A number of the mapping; its use is recorded."""
        self.uses[address] += 1
        return self.mapping[address]


@dataclass(frozen=True)
class FileUse:
    """A file that was read: its name, data set, SHA-256, and what was taken from it."""

    name: str
    title: str
    sha256: str
    use: str


@dataclass(frozen=True)
class Assumption:
    """A number of the mapping that the scenario uses."""

    address: str
    value: float
    changed: bool
    uses: int
    meaning: str
    basis: str

    @property
    def known(self) -> bool:
        """Whether it rests on a source alone."""
        return self.basis.startswith("source: ")


@dataclass(frozen=True)
class Report:
    """The report on an import.

    Parameters
    ----------
    date : the day of the scenario, as text
    files : the files that were read
    unused : the files that were found and not read, with reasons
    remarks : possible damage in files that were read
    named : how states were identified that were not named by COW abbreviation
    mapped : numbers of rows in the scenario
    missing : data that the files lack for the day, and what replaces them
    left_out : data that the scenario leaves out, with numbers
    absences : rows left out because they name a state that was not a member on the day
    absent_rows : the number of these rows
    assumptions : the numbers of the mapping in use
    to_judge : values that no data file has, by actor
    preset : the preset of coefficients; empty for the model's defaults
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
    to_judge: tuple[Judgement, ...]
    preset: str

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values."""
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
            "to_judge": [vars(judgement) for judgement in self.to_judge],
            "preset": self.preset,
        }


def report_of(
    ledger: Ledger,
    date: str,
    sources: dict[str, Source],
    unused: tuple[str, ...],
    to_judge: tuple[Judgement, ...],
) -> Report:
    """The report from a finished ledger."""
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
        to_judge,
        ledger.preset,
    )
