"""Eras with coefficients of their own: before 1914, the world wars, the Cold War, and since.

The label of an era is its first and last year, without a last one while it goes on. Other labels
of this form are read too: a posterior may have eras of its own.
"""

import re
from collections.abc import Iterable

ERAS = ("1816-1913", "1914-1945", "1946-1989", "1990-")
"""Those of the presets in `configs/eras`."""

_LABEL = re.compile(r"\s*([0-9]{4})\s*[-\N{EN DASH}]\s*([0-9]{4})?\s*")
_NO_END = 9999


def era_of(year: int, labels: Iterable[str] = ERAS) -> str | None:
    """The first of `labels` whose years include `year`; None if there is none."""
    for label in labels:
        if (parts := _LABEL.fullmatch(label)) is None:
            continue
        first, last = parts.groups()
        if int(first) <= year <= int(last or _NO_END):
            return label
    return None
