"""The request for an import: its day, and the states that take part."""

import datetime
from collections.abc import Iterable
from typing import Any

import numpy as np

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.alliances.promises import Promise
from mcescalate.importing.datasets.states import State
from mcescalate.scenario.wording import found

_COARSER = ("Y", "M", "W", "generic")
"""Units of numpy's dates that are longer than a day, or unspecified."""


def day_of(date: Any) -> datetime.date:
    """The day of a text, a date or a time; the time of day is ignored.

    Raises
    ------
    UsageError
        It is not a day, or is a whole month or year.
    """
    if isinstance(date, str):
        try:
            return datetime.datetime.fromisoformat(date.strip()).date()
        except ValueError:
            raise _no_day(date) from None
    if isinstance(date, datetime.date) and date == date:  # pandas' NaT is a date, and no day
        return date.date() if isinstance(date, datetime.datetime) else date
    array = np.asarray(date)
    if array.dtype.kind != "M" or array.ndim or np.datetime_data(array.dtype)[0] in _COARSER:
        raise _no_day(date)
    day = array.astype("datetime64[D]").item()
    if not isinstance(day, datetime.date):
        raise _no_day(date)
    return day


def _no_day(date: Any) -> UsageError:
    return UsageError(f"date: expected a day such as 1914-06-28, found {found(date)}")


def within_ties(
    members: dict[int, State], centre: Iterable[int], promises: Iterable[Promise], steps: int
) -> dict[int, State]:
    """The states in `centre`, and the members linked to them by at most `steps` promises.

    A promise links its two states in both directions.
    """
    linked: dict[int, set[int]] = {}
    for promise in promises:
        linked.setdefault(promise.giver, set()).add(promise.to)
        linked.setdefault(promise.to, set()).add(promise.giver)
    reached = set(centre)
    edge = set(reached)
    for _ in range(steps):
        edge = {ally for code in edge for ally in linked.get(code, ()) if ally in members} - reached
        reached |= edge
    return {code: state for code, state in members.items() if code in reached}
