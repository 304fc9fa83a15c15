"""An event as a sequence of thresholds, each of which a chain crosses by some actor's decision.

A threshold is *reached* once any of its conditions holds. In a turn in which it has not been
reached, single decisions may cross it: those of one actor that climbs, or of one that comes in.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.events import (
    ENGAGED_SIZE,
    ENTERED,
    MISREAD_WAR,
    OUTCOME,
    PEAK,
    WAR_OF,
    WAR_SIZE,
    WARS,
    Event,
    Term,
)
from mcescalate.model.codes import NOBODY, OUTCOMES
from mcescalate.model.world import World

# Whose rungs count.
NONE = 0
ANY = 1
"""That of all engaged actors, at any time so far."""
CONCERNING = 2
"""That of an originator and of those opposite, since war comes to both; for others ANY."""
OWN = 3
UNFOUGHT = 4
"""Of those below war while so many are at war; more at war pass all its rungs."""
MISREAD = 5
"""The rung of war, by misread climbs alone."""

THRESHOLD = np.dtype(
    [
        ("whose", np.int64),
        ("rung", np.int64),
        ("actor", np.int64),
        ("at_war", np.int64),  # how many are, for UNFOUGHT
        ("entrant", np.int64),  # an actor whose entry reaches it too, or NOBODY
        ("n_engaged", np.int64),  # how many on a side reach it too; 0: no number does
        ("is_fixed", np.int64),  # whether it may not be left out
    ]
)

# Kinds of conditions, as `holds` knows them.
HAS_OUTCOME = 0
HAS_PEAK = 1
IS_AT_WAR = 2
HAS_ENTERED = 3
HAS_AT_WAR = 4
HAS_ENGAGED = 5
BEGAN_MISREAD = 6

_CODES = {
    OUTCOME: HAS_OUTCOME,
    PEAK: HAS_PEAK,
    WAR_OF: IS_AT_WAR,
    ENTERED: HAS_ENTERED,
    WAR_SIZE: HAS_AT_WAR,
    ENGAGED_SIZE: HAS_ENGAGED,
    MISREAD_WAR: BEGAN_MISREAD,
}
WAR_MASK = sum(1 << OUTCOMES.index(name) for name in WARS)
CRISIS_MASK = (1 << len(OUTCOMES)) - 1 - (1 << OUTCOMES.index("deterred"))
GENERAL_MASK = 1 << OUTCOMES.index("general_war")


class Goal(NamedTuple):
    """What chains are carried to.

    Parameters
    ----------
    thresholds : of THRESHOLD, in the order in which they are crossed; then one that never is
    terms : (term, 2) kind and number or mask of each condition of the event
    is_last_crossing : whether crossing the last threshold makes the event occur
    at_end : whether the event is known only once a chain has ended
    """

    thresholds: np.ndarray
    terms: np.ndarray
    is_last_crossing: bool
    at_end: bool


def goal_of(world: World, event: Event) -> Goal:
    """The thresholds on the way to `event`, which is neither certain nor impossible."""
    lowest = 1 + min(int(world.domains["rung"].min()), world.top - 1)
    terms = sorted(event.terms, key=_order)
    rows: list[np.ndarray] = []
    for term in terms:
        rows += [row for row in _rows(world, term, lowest) if row not in rows]
    masks = [_mask(term) for term in terms if term.kind == OUTCOME]
    general = GENERAL_MASK in masks
    at_end = any(mask not in (WAR_MASK, CRISIS_MASK, GENERAL_MASK) for mask in masks)
    thresholds = np.array([*rows, _row(NONE, 0)], THRESHOLD)
    codes = [
        (_CODES[term.kind], _mask(term) if term.kind == OUTCOME else term.number) for term in terms
    ]
    return Goal(
        thresholds=thresholds.view(np.recarray),
        terms=np.array(codes, np.int64).reshape(-1, 2),
        is_last_crossing=bool(rows) and not (general or at_end),
        at_end=at_end,
    )


def _order(term: Term) -> int:
    """Thresholds that a chain can miss for good come first, those of a general war last."""
    if term.kind == MISREAD_WAR:
        return 0
    return 2 if term.kind == OUTCOME else 1


def _mask(term: Term) -> int:
    return sum(1 << OUTCOMES.index(name) for name in term.outcomes)


def _row(whose: int, rung: int, **fields: int) -> np.ndarray:
    given = {
        "actor": NOBODY,
        "at_war": 0,
        "entrant": NOBODY,
        "n_engaged": 0,
        "is_fixed": 0,
        **fields,
    }
    return np.array((whose, rung, *given.values()), THRESHOLD)


def _climb(lowest: int, highest: int, whose: int = ANY, **fields: int) -> list[Any]:
    return [_row(whose, rung, **fields) for rung in range(lowest, highest + 1)]


def _rows(world: World, term: Term, lowest: int) -> list[np.ndarray]:
    top, x = world.top, term.number
    if term.kind == PEAK:
        return _climb(1, x) if x < lowest else _climb(lowest, x)
    if term.kind == MISREAD_WAR:
        return [*_climb(lowest, top - 1), _row(MISREAD, top, is_fixed=1)]
    if term.kind == WAR_OF:
        return [
            *_climb(lowest, top, CONCERNING, actor=x, entrant=x),
            _row(NONE, 0, entrant=x, is_fixed=1),
            *_climb(2, top, OWN, actor=x),
        ]
    if term.kind == ENTERED:
        return [*_climb(lowest, top, entrant=x), _row(NONE, 0, entrant=x, is_fixed=1)]
    if term.kind == ENGAGED_SIZE:
        rows = []
        for n in range(3, x + 1):
            rows += _climb(lowest, top, n_engaged=n)
            rows.append(_row(NONE, 0, n_engaged=n, is_fixed=1))
        return rows
    if term.kind == WAR_SIZE:
        return _climb(lowest, top) + _more_at_war(world, x)
    mask = _mask(term)
    if mask == GENERAL_MASK:
        return _climb(lowest, top) + _more_at_war(world, world.n_actors)
    return _climb(lowest, top) if mask & ~WAR_MASK == 0 else []


def _more_at_war(world: World, n: int) -> list[np.ndarray]:
    """From two at war, as many as war begins with at the least, to `n`."""
    return [
        _row(UNFOUGHT, rung, at_war=size, is_fixed=int(rung == world.top))
        for size in range(2, n)
        for rung in range(1, world.top + 1)
    ]


def threshold_names(goal: Goal, rungs: Sequence[str], actors: Sequence[str]) -> list[str]:
    """Each threshold in words."""
    return [_name(row, rungs, actors) for row in goal.thresholds[:-1]]


def _name(row: Any, rungs: Sequence[str], actors: Sequence[str]) -> str:
    rung = rungs[row.rung]
    ways = {
        NONE: "",
        ANY: f"a peak of {rung}",
        CONCERNING: f"{rung} for {actors[row.actor]} or those it faces",
        OWN: f"{actors[row.actor]} at {rung}",
        UNFOUGHT: f"{row.at_war} at war and another at {rung}",
        MISREAD: "war by misreading alone",
    }
    if row.whose == UNFOUGHT and row.is_fixed:
        ways[UNFOUGHT] = f"{row.at_war + 1} at war"
    entry = f"{actors[row.entrant]} comes in" if row.entrant != NOBODY else ""
    engaged = f"{row.n_engaged} engaged" if row.n_engaged else ""
    return ", or ".join(way for way in (ways[int(row.whose)], entry, engaged) if way)
