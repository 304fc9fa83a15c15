"""What an import is asked for: the day, and which states take part."""

import datetime
from collections.abc import Iterable
from typing import Any

import numpy as np

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.promises import Promise
from mcescalate.importing.datasets.states import State
from mcescalate.scenario.wording import found

_COARSER = ("Y", "M", "W", "generic")
"""Units of numpy's dates that are longer than a day, or none."""


def day_of(date: Any) -> datetime.date:
    """The day that is meant by a text, a date or a time; a time of day is not looked at.

    Raises
    ------
    UsageError
        It is no day, or a month or year.
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
    """Those in `centre`, and all members that promises link to them in at most `steps` steps.

    A promise links both ways, whoever gave it.
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
