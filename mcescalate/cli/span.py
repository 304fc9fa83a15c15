"""The days from --from to --to."""

import datetime

from mcescalate.importing.build.request import day_of


def span_of(first: str, last: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day of two texts, each a day, a year, or empty for no bound."""

    def bound(text: str, month: int, day: int, unbounded: datetime.date) -> datetime.date:
        if not text:
            return unbounded
        if len(text) == 4 and text.isdecimal() and int(text) > 0:
            return datetime.date(int(text), month, day)
        return day_of(text)

    return (
        bound(first, 1, 1, datetime.date.min),
        bound(last, 12, 31, datetime.date.max),
    )
