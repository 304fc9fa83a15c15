"""Ranges of the whole numbers of a run."""

import operator
import secrets
from typing import Any

from mcescalate.errors import UsageError

SEED_END = 2**63
"""Seeds are 0 to one less than this."""

CHAIN_END = 2**64
"""Chain numbers are 0 to one less than this."""

MOST_WORKERS = 1024
"""More threads than this are taken for a typing error."""

MOST_IDLE_MINUTES = 10_080
"""A page that is not asked for is served for a week at most."""


LONGEST_HORIZON = 10_000
"""Turns of a chain, at most."""

MOST_BRANCHES = 10**7
"""Of one chain."""


def whole_number(name: str, value: Any, low: int, high: int) -> int:
    """`value` as an int, if it is a whole number from `low` to `high`.

    Raises
    ------
    UsageError
        It is not; the message names `name` and the range. Truth values and floats are not
        whole numbers here, whatever their value.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or not low <= number <= high:
        found = f'"{value}"' if isinstance(value, str) else repr(value)
        raise UsageError(f"{name}: expected a whole number from {low} to {high}, found {found}")
    return number


def draw_seed() -> int:
    """A seed from the operating system's random source."""
    return secrets.randbelow(SEED_END)
