"""Rows of dyads from rivalries, borders, major powers and stakes, for the pairs that matter."""

from collections.abc import Callable, Iterable
from typing import Any

from mcescalate.importing.build.ties import NUMBERS
from mcescalate.importing.datasets.alliances.supplement import Stake
from mcescalate.importing.datasets.rivalries import PRINCIPAL, TYPES
from mcescalate.importing.evidence.report import Ledger
from mcescalate.importing.evidence.sources import Library

Row = dict[str, Any]
Pair = tuple[int, int]

_BORDERS = {1: "land", 2: "water_12", 3: "water_24", 4: "water_150", 5: "water_400"}
_REGION_ENDS = (200, 400, 600, 700, 900)
"""COW codes are grouped by region: Americas, Europe, Africa, Middle East, Asia, Oceania."""
_DIGITS = 4


def dyad_rows(
    ids: dict[int, str],
    rivalries: dict[Pair, frozenset[str]],
    borders: dict[Pair, int],
    majors: set[int],
    incident_pairs: set[Pair],
    opposing: set[Pair],
    stakes: dict[Pair, Stake],
    ledger: Ledger,
    library: Library,
) -> list[Row]:
    """The rows of dyads among the actors.

    A pair gets a row if it has a rivalry, a border or a stake, or if an incident may set its
    states against each other; all others keep the defaults. Stakes that differ between the two
    states get a row for each direction.

    Parameters
    ----------
    ids : the actors' ids by COW country code
    rivalries : types of rivalry, of pairs with the lower code first
    borders : types of border, of such pairs
    majors : codes of major powers
    incident_pairs : pairs between which an incident may happen, lower code first
    opposing : pairs that may be on opposite sides, lower code first
    stakes : by the first and the second state
    library : the files, named as sources of rows
    """
    of_rivals, of_borders = library.short_of("tss", "td"), library.short_of("contiguity")
    rows = []
    facing = {*rivalries, *borders, *incident_pairs, *opposing}
    for a, b in sorted(facing | {(min(pair), max(pair)) for pair in stakes}):
        if a not in ids or b not in ids:
            continue
        row: Row = {"a": ids[a], "b": ids[b]}
        types = rivalries.get((a, b))
        if types is not None:
            row["rivalry"] = _rivalry(types, ledger)
        elif borders.get((a, b)) == 1 and ledger.mapping["rivalry.neighbours"] > 0.0:
            row["rivalry"] = ledger.take("rivalry.neighbours")
        reach = reach_address(a, b, borders, majors, is_rival=(a, b) in incident_pairs)
        if reach != "reach.elsewhere" and (a, b) in facing:
            row["reach"] = ledger.take(reach)
        data = []
        if types is not None:
            named = [name for name in (*TYPES, PRINCIPAL) if name in types]
            data.append(f"{of_rivals}: {', '.join(named) or 'no type given'}")
        if (a, b) in borders:
            data.append(f"{of_borders}: {_BORDERS[borders[a, b]].replace('_', ' to ')}")
        there, back = stakes.get((a, b)), stakes.get((b, a))
        is_shared = there is not None and back is not None and there.size == back.size
        of_mapping = len(row) > 2
        if there is not None and is_shared:
            row["stake"] = there.size
            data.append(f"{there.source}: stake")
        if of_mapping:
            row["source"] = "; ".join([*data, NUMBERS]) if data else "assumption: reach"
        elif is_shared:
            row["source"] = data[-1]
        if len(row) > 2:
            rows.append(row)
        if not is_shared:
            rows += [
                {**ends, "directed": True, "stake": stake.size, "source": f"{stake.source}: stake"}
                for stake, ends in (
                    (there, {"a": ids[a], "b": ids[b]}),
                    (back, {"a": ids[b], "b": ids[a]}),
                )
                if stake is not None
            ]
    return rows


def reach_address(
    a: int, b: int, borders: dict[Pair, int], majors: set[int], *, is_rival: bool
) -> str:
    """The address of the mapping's number for the reach between two states."""
    border = borders.get((min(a, b), max(a, b)))
    if border is not None:
        return f"reach.{_BORDERS[border]}"
    if a in majors or b in majors:
        return "reach.major_near" if _region(a) == _region(b) else "reach.major_far"
    return "reach.rival" if is_rival else "reach.elsewhere"


def opposing_pairs(
    incident_pairs: Iterable[Pair], backers: dict[int, set[int]], majors: set[int]
) -> set[Pair]:
    """Pairs that may be on opposite sides and reach each other without a border.

    Parameters
    ----------
    incident_pairs : pairs between which an incident may happen
    backers : by code, the states that promised it defence, offence or support
    majors : codes of major powers
    """
    pairs = set()
    for one, other in incident_pairs:
        for a in {one, *backers.get(one, ())}:
            for b in {other, *backers.get(other, ())}:
                if a != b and (a in majors or b in majors):
                    pairs.add((min(a, b), max(a, b)))
    return pairs


def help_test(
    incident_pairs: Iterable[Pair], borders: dict[Pair, int], majors: set[int]
) -> Callable[[int, int], bool]:
    """A test of whether a first state reaches a rival of a second.

    Parameters
    ----------
    incident_pairs : pairs between which an incident may happen, lower code first
    borders : types of border, of such pairs
    majors : codes of major powers
    """
    rivals: dict[int, set[int]] = {}
    for a, b in incident_pairs:
        rivals.setdefault(a, set()).add(b)
        rivals.setdefault(b, set()).add(a)

    def can_help(giver: int, to: int) -> bool:
        return any(
            reach_address(giver, rival, borders, majors, is_rival=rival in rivals.get(giver, ()))
            != "reach.elsewhere"
            for rival in rivals.get(to, set()) - {giver}
        )

    return can_help


def _rivalry(types: frozenset[str], ledger: Ledger) -> float:
    total = ledger.take("rivalry.base") + sum(ledger.take(f"rivalry.{name}") for name in types)
    return round(total, _DIGITS)


def _region(code: int) -> int:
    return sum(code >= end for end in _REGION_ENDS)
