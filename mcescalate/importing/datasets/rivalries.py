"""Strategic rivalries, in both published lists."""

from dataclasses import dataclass

from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.files.tables import Table
from mcescalate.scenario.wording import quoted, suggestion

TYPES = ("positional", "spatial", "ideological", "interventionary")
PRINCIPAL = "principal"


@dataclass(frozen=True)
class Rivalry:
    """Two states that regard each other as enemies.

    Parameters
    ----------
    codes : COW country codes, the lower one first
    first, last : years; `last` is None if it continues at the end of the list
    types : its issues, out of `TYPES`, and `PRINCIPAL` if it is its parties' main rivalry
    """

    codes: tuple[int, int]
    first: int
    last: int | None
    types: frozenset[str]

    def holds_in(self, year: int) -> bool:
        """Whether it exists in some part of a year."""
        return self.first <= year and (self.last is None or year <= self.last)


def read_tss(table: Table) -> list[Rivalry]:
    """The list of Thompson, Sakuwa and Suhas: a column for each type.

    Raises
    ------
    DataError
        The table is damaged.
    """
    marks = {name: table.flags(name) for name in (*TYPES, PRINCIPAL)}
    types = [
        frozenset(name for name, column in marks.items() if column[row])
        for row in range(len(table))
    ]
    ongoing = table.flags("ongoing") if "ongoing" in table.columns else None
    return _rivalries(table, "start", "end", types, ongoing)


def read_td(table: Table) -> list[Rivalry]:
    """The list of Thompson and Dreyer: up to three types by name.

    Raises
    ------
    DataError
        The table is damaged.
    """
    types: list[set[str]] = [set() for _ in range(len(table))]
    for column in ("type1", "type2", "type3"):
        for row, cell in enumerate(table.names(column)):
            name = cell.lower()
            if name in TYPES:
                types[row].add(name)
            elif name:
                table.refuse(
                    row,
                    column,
                    f"expected a type of rivalry, found {quoted(cell)}{suggestion(cell, TYPES)}",
                )
    return _rivalries(table, "styear", "endyear", [frozenset(names) for names in types], None)


def rivalries_in(rivalries: list[Rivalry], year: int) -> dict[tuple[int, int], frozenset[str]]:
    """The types of rivalry of each pair of rivals in `year`."""
    alive: dict[tuple[int, int], frozenset[str]] = {}
    for rivalry in rivalries:
        if rivalry.holds_in(year):
            alive[rivalry.codes] = alive.get(rivalry.codes, frozenset()) | rivalry.types
    return alive


def _rivalries(
    table: Table, first: str, last: str, types: list[frozenset[str]], ongoing: list[bool] | None
) -> list[Rivalry]:
    """The rows of a list; without `ongoing`, rivalries that reach its last year continue."""
    firsts, lasts = table.years(first), table.years(last)
    table.in_order(firsts, lasts, last)
    end = max(lasts)
    lower, higher = table.whole("ccode1", 1, MOST_CODE), table.whole("ccode2", 1, MOST_CODE)
    rivalries = []
    for row, (a, b) in enumerate(zip(lower, higher, strict=True)):
        if a == b:
            table.refuse(row, "ccode2", f"state {b} is its own rival")
        open_end = lasts[row] == end if ongoing is None else ongoing[row]
        rivalries.append(
            Rivalry(
                (min(a, b), max(a, b)), firsts[row], None if open_end else lasts[row], types[row]
            )
        )
    return rivalries
