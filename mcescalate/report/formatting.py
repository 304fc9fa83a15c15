"""Estimates, names and events in words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.events import AT_LEAST
from mcescalate.quantities import about as rounded
from mcescalate.quantities import counted, grouped, in_words, interval, percent

if TYPE_CHECKING:
    import xarray as xr

NOUNS = ("war", "crisis", "limited_war", "general_war")
UNKNOWN = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
ARROW = f"{NO_BREAK}\N{RIGHTWARDS ARROW}{NO_BREAK}"
RANGE = "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}"
"""A dash from one number to another, at which no line ends."""


def number(value: int) -> str:
    """A whole number, its digits in threes that no line's end parts."""
    return grouped(value).replace(" ", NO_BREAK)


def amount(value: int, plural: str) -> str:
    """A number with the name of what it counts, given as a regular plural."""
    return counted(value, plural).replace(" ", NO_BREAK)


def about(value: int) -> str:
    """A whole number to two digits."""
    return rounded(value).replace(" ", NO_BREAK)


def share(estimate: Mapping[str, Any]) -> str:
    """A share in per cent, or a dash where there was nothing to count."""
    if estimate["probability"] is None:
        return UNKNOWN
    return percent(estimate).replace(" ", NO_BREAK)


def ends(estimate: Mapping[str, Any]) -> str:
    """Its interval in per cent."""
    if estimate["probability"] is None:
        return UNKNOWN
    return interval(estimate).replace(" - ", RANGE)


def share_with_ends(estimate: Mapping[str, Any]) -> str:
    """Both, as within a sentence."""
    return f"{share(estimate)} ({ends(estimate)})"


def between(bounds: Mapping[str, Any]) -> str:
    """A share of which two bounds are known, or the share where they are one."""
    at_least, at_most = (
        share({"probability": bounds[key], "lower": bounds["lower"], "upper": bounds["upper"]})
        for key in ("least", "most")
    )
    if bounds["least"] == bounds["most"]:
        return at_most
    at_least = "0" if bounds["least"] == 0 else at_least.removesuffix(f"{NO_BREAK}%")
    return f"{at_least}{RANGE}{at_most}"


def level_of(level: float) -> str:
    """What an interval is called."""
    return f"{100 * level:.4g} % interval"


def listed(words: Sequence[str]) -> str:
    """Words with commas between and an "and" before the last."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def event_phrase(event: str) -> str:
    """An event (`mcescalate.analysis.events`) as a noun, for use within a sentence."""
    if event.startswith(AT_LEAST):
        return f"a peak at {_quoted(event.removeprefix(AT_LEAST))} or above"
    return in_words(event) if event in NOUNS else f"the outcome {_quoted(event)}"


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def names_of(result: "xr.Dataset") -> dict[str, str]:
    """What actors are called, with their id where that is another word."""
    ids, names = result["actor"].values.tolist(), result["actor_name"].values.tolist()
    return {
        actor: actor if actor == name else f"{name} ({actor})"
        for actor, name in zip(ids, names, strict=True)
    }
