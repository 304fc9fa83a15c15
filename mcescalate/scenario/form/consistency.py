"""Conflicts between the values of a scenario: unknown ids, rungs off the ladder.

These checks read plain data as they came from the file. They skip values of a wrong type,
which the schema reports, so that one problem does not hide another.
"""

import unicodedata
import zlib
from collections.abc import Iterator
from typing import Any

from mcescalate.scenario.wording import Place, Problem, found, place_text, suggestion

LADDER_KEYS = ("rungs", "mobilised", "casus", "mid")
TRIGGER_FORMS = "initiator and target, or rows [[trigger.dyads]], or from_rivalry = true"


def find_conflicts(data: dict[str, Any], default_ladder: dict[str, Any]) -> Iterator[Problem]:
    """All problems between the values of `data`, a whole scenario as plain tables."""
    yield from _actor_conflicts(data)
    ids = list(dict.fromkeys(filter(None, (_text(row, "id") for row in _rows(data, "actors")))))
    yield from _reference_conflicts(data, ids)
    yield from ladder_conflicts(data, default_ladder)
    yield from trigger_conflicts(data)


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name)
    return table if isinstance(table, dict) else {}


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a table; an empty one in place of what is not a row keeps the numbers right."""
    rows = data.get(name)
    if not isinstance(rows, list | tuple):
        return []
    return [row if isinstance(row, dict) else {} for row in rows]


def _text(row: dict[str, Any], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None


def _whole(row: dict[str, Any], key: str) -> int | None:
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _weight(row: dict[str, Any]) -> float:
    """The weight of a row; 1 if it is not a number, which the schema reports."""
    value = row.get("weight", 1.0)
    return value if isinstance(value, int | float) else 1.0


def _repeats(names: list[str | None], place: Place, *key: str) -> Iterator[Problem]:
    """A problem for each name that an earlier row has, in whatever Unicode form."""
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if name is None:
            continue
        earlier = first.setdefault(unicodedata.normalize("NFC", name), i)
        if earlier != i:
            where = place_text((*place, earlier))
            yield Problem((*place, i, *key), f"{where} has {found(name)} already")


def _actor_conflicts(data: dict[str, Any]) -> Iterator[Problem]:
    ids = [_text(actor, "id") for actor in _rows(data, "actors")]
    yield from _repeats(ids, ("actors",), "id")
    owner: dict[int, str] = {}
    for i, name in enumerate(ids):
        if name is None:
            continue
        other = owner.setdefault(zlib.crc32(name.encode("utf-8", "replace")), name)
        if other != name:
            yield Problem(
                ("actors", i, "id"),
                f"{found(name)} and {found(other)} have the same checksum (CRC-32), "
                "which selects their random numbers; rename one of them",
            )


def _pairs(data: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any], str, str]]:
    """Every row that joins two actors: its place, the row, and the two keys."""
    trigger = _table(data, "trigger")
    for i, row in enumerate(_rows(data, "ties")):
        yield ("ties", i), row, "from", "to"
    for i, row in enumerate(_rows(data, "dyads")):
        yield ("dyads", i), row, "a", "b"
    yield ("trigger",), trigger, "initiator", "target"
    for i, row in enumerate(_rows(trigger, "dyads")):
        yield ("trigger", "dyads", i), row, "initiator", "target"


def _reference_conflicts(data: dict[str, Any], ids: list[str]) -> Iterator[Problem]:
    known = set(ids)

    def check(place: Place, name: Any) -> Iterator[Problem]:
        if isinstance(name, str) and known and name not in known:
            yield Problem(place, f"no actor has id {found(name)}{suggestion(name, ids)}")

    for place, row, first, second in _pairs(data):
        yield from check((*place, first), row.get(first))
        yield from check((*place, second), row.get(second))
        if (name := _text(row, first)) is not None and name == row.get(second):
            yield Problem(
                (*place, second),
                f"expected a different actor from {first}, found {found(name)} in both",
            )
        against = row.get("against") if place[0] == "ties" else None
        if isinstance(against, list | tuple):
            for i, name in enumerate(against):
                yield from check((*place, "against", i), name)


def ladder_conflicts(data: dict[str, Any], default_ladder: dict[str, Any]) -> Iterator[Problem]:
    """Problems of rungs: those of the ladder itself and those on which incidents begin."""
    given = _table(data, "ladder")
    rungs = given.get("rungs", default_ladder["rungs"])
    if not isinstance(rungs, list | tuple):
        return
    if "rungs" in given and list(rungs) != list(default_ladder["rungs"]):
        for key in LADDER_KEYS:
            if key not in given:
                yield Problem(
                    ("ladder", key),
                    f"missing; a ladder with its own rungs needs all of {', '.join(LADDER_KEYS)}",
                )
    else:
        given = {**default_ladder, **given}
    names = [name if isinstance(name, str) else None for name in rungs]
    yield from _repeats(names, ("ladder", "rungs"))
    war = len(rungs) - 1
    for key in ("mobilised", "casus"):
        rung = _whole(given, key)
        if rung is not None and rung > war:
            yield Problem(
                ("ladder", key), f"expected a rung from 1 to {war} (war), found {found(rung)}"
            )
    levels = given.get("mid")
    if isinstance(levels, list | tuple) and len(levels) != len(rungs):
        yield Problem(
            ("ladder", "mid"),
            f"expected a level for each of the {len(rungs)} rungs, found {found(levels)}",
        )
    for i, domain in enumerate(_rows(_table(data, "trigger"), "domains")):
        rung = _whole(domain, "rung")
        if rung is not None and rung >= war > 1:
            yield Problem(
                ("trigger", "domains", i, "rung"),
                f"expected a rung from 1 to {war - 1}, below war, found {found(rung)}",
            )


def trigger_conflicts(data: dict[str, Any]) -> Iterator[Problem]:
    """Problems of the trigger: none or several of its forms, or no possible incident."""
    trigger = data.get("trigger")
    if not isinstance(trigger, dict):
        return
    pair = [key for key in ("initiator", "target") if trigger.get(key) is not None]
    incidents = _rows(trigger, "dyads")
    forms = [bool(pair), bool(incidents), trigger.get("from_rivalry") is True]
    if sum(forms) != 1:
        amount = "none of them" if sum(forms) == 0 else f"{sum(forms)} of them"
        yield Problem(("trigger",), f"expected either {TRIGGER_FORMS}, found {amount}")
    if len(pair) == 1:
        missing = "target" if pair == ["initiator"] else "initiator"
        yield Problem(("trigger", missing), f"missing; {pair[0]} needs it")
    pairs = [
        f"{first} against {second}"
        if (first := _text(row, "initiator")) and (second := _text(row, "target"))
        else None
        for row in incidents
    ]
    yield from _repeats(pairs, ("trigger", "dyads"))
    domains = _rows(trigger, "domains")
    yield from _repeats([_text(row, "name") for row in domains], ("trigger", "domains"), "name")
    # Without any incident all periods are quiet, if they can be.
    needed = [("domains", domains)]
    if not _table(data, "sequence").get("quiet"):
        needed.insert(0, ("dyads", incidents))
    for key, rows in needed:
        if rows and all(_weight(row) == 0 for row in rows):
            yield Problem(("trigger", key), "expected a weight above 0 in one row, found none")
