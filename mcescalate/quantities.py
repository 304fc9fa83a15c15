"""Amounts, shares and labels as people read them."""

import math
from collections.abc import Mapping
from typing import Any

BYTES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
SPANS = ((31_557_600, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes"))

MOST_DIGITS = 15
"""Decimals beyond this are noise of floating point."""


WORDS = {"opportunism": "own rivalry"}
"""Labels of the data that people read under another name."""

UNKNOWN = "unknown"

PREVAILING = {
    "initiator": "initiator's side",
    "target": "target's side",
    "undecided": "undecided",
}
"""Who prevails in a war, by the label."""


def in_words(label: str) -> str:
    """A label of the model as words."""
    return WORDS.get(label, label.replace("_", " "))


def grouped(number: int) -> str:
    """A whole number with its digits in threes."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, plural: str) -> str:
    """A number with the name of what it counts, given as a regular plural."""
    return f"{grouped(number)} {plural.removesuffix('s') if number == 1 else plural}"


def about(number: float) -> str:
    """A whole number to two digits, its digits in threes."""
    whole = round(number)
    return grouped(round(whole, 2 - len(str(whole))))


def in_bytes(n_bytes: float) -> str:
    """An amount of bytes in the unit that suits it."""
    for size, unit in BYTES:
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes:.0f} bytes"


def in_time(seconds: float) -> str:
    """A time span in the unit that suits it, in whole units."""
    for size, unit in SPANS:
        if seconds >= 2 * size:
            return f"{grouped(round(seconds / size))} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"


def percent(estimate: Mapping[str, Any]) -> str:
    """A share in per cent to the digits that its interval supports.

    A count of none, or of all, has no share: what is known then is how rare the thing, or
    its failing, must be.

    Parameters
    ----------
    estimate : `probability`, `lower` and `upper`, from 0 to 1
    """
    return f"{_share(estimate)} %"


def interval(estimate: Mapping[str, Any]) -> str:
    """The interval of a share in per cent, to the same digits."""
    if not has_interval(estimate):
        return "none"
    digits = _digits(estimate)
    return f"{100 * estimate['lower']:.{digits}f} - {100 * estimate['upper']:.{digits}f}"


def has_interval(estimate: Mapping[str, Any]) -> bool:
    """Whether a share has an interval: one of pooled crises of the same chains may have none."""
    lower = estimate["lower"]
    return lower is not None and not math.isnan(lower)


def _share(estimate: Mapping[str, Any]) -> str:
    if estimate["probability"] is None:
        return UNKNOWN
    if not has_interval(estimate):
        return f"{100 * estimate['probability']:.1f}"
    digits = _digits(estimate)
    if estimate["probability"] == 0:
        return f"< {100 * estimate['upper']:.{digits}f}"
    if estimate["probability"] == 1:
        return f"> {100 * estimate['lower']:.{digits}f}"
    return f"{100 * estimate['probability']:.{digits}f}"


def _digits(estimate: Mapping[str, Any]) -> int:
    """Decimals of a percentage at which its interval shows about two figures of width."""
    half = 50 * (estimate["upper"] - estimate["lower"])
    return min(max(1 - math.floor(math.log10(half)), 0), MOST_DIGITS) if half > 0 else MOST_DIGITS


def chains_to_detect(row: Mapping[str, Any]) -> str:
    """About the number of chains that would detect the change."""
    n = row["chains_to_detect"]
    return UNKNOWN if n is None else about(n)


def one_side(row: Mapping[str, Any], side: str) -> dict[str, Any]:
    """The share of one side of a paired difference, "first" or "second", as an estimate."""
    return {
        "probability": row[side],
        "lower": row[f"{side}_lower"],
        "upper": row[f"{side}_upper"],
    }


def change(row: Mapping[str, Any]) -> str:
    """The change in percentage points, with its sign, to the digits its interval supports."""
    text = f"{100 * row['difference']:+.{_digits_of_change(row)}f}"
    return text if float(text) else text[1:]


def change_interval(row: Mapping[str, Any]) -> str:
    """The interval of the change in percentage points."""
    digits = _digits_of_change(row)
    return f"{100 * row['lower']:+.{digits}f} to {100 * row['upper']:+.{digits}f}"


def times(ratio: float | None) -> str:
    """How many times narrower the paired interval is."""
    return UNKNOWN if ratio is None else f"{ratio:.1f} x"


def factor(value: float | None) -> str:
    """Three decimals, more of a small number; in words where the run has no such event."""
    if value is None:
        return "none seen"
    return f"{value:.{max(3, 2 - math.floor(math.log10(value))) if value > 0 else 3}f}"


def _digits_of_change(row: Mapping[str, Any]) -> int:
    """Decimals at which half of the interval shows two figures, from 1 to 6.

    More where the interval leaves out 0 and would seem to end there.
    """
    half = 50 * (row["upper"] - row["lower"])
    nearest = 200 * min(abs(row["upper"]), abs(row["lower"])) if row["is_detected"] else math.inf
    digits = 1
    while digits < 6 and (half < 10 ** (1 - digits) or nearest < 10**-digits):
        digits += 1
    return digits
