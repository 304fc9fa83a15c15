"""Estimates, names and events as the page writes them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.engine.events import AT_LEAST
from mcescalate.quantities import about as rounded
from mcescalate.quantities import counted, grouped, has_interval, in_words, interval, percent

if TYPE_CHECKING:
    import xarray as xr

NOUNS = ("war", "crisis", "limited_war", "general_war")
JOINING = {
    "treaty": "by treaty",
    "opportunism": "out of rivalry",
    "bystander": "as a bystander",
}
"""How a third party joins, by the label of the cause."""
UNKNOWN = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
ARROW = f"{NO_BREAK}\N{RIGHTWARDS ARROW}{NO_BREAK}"
RANGE = "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}"
"""A dash between two numbers, at which no line breaks."""


def number(value: int) -> str:
    """A whole number with its digits in threes, on one line."""
    return grouped(value).replace(" ", NO_BREAK)


def amount(value: int, plural: str) -> str:
    """A number with the noun it counts, given as a regular plural."""
    return counted(value, plural).replace(" ", NO_BREAK)


def about(value: float) -> str:
    """A whole number to two digits."""
    return rounded(value).replace(" ", NO_BREAK)


def share(estimate: Mapping[str, Any]) -> str:
    """A share in per cent, or a dash if nothing was counted."""
    if estimate["probability"] is None:
        return UNKNOWN
    return percent(estimate).replace(" ", NO_BREAK)


def interval_of(estimate: Mapping[str, Any]) -> str:
    """The interval of a share in per cent."""
    if estimate["probability"] is None:
        return UNKNOWN
    return interval(estimate).replace(" - ", RANGE)


def share_and_interval(estimate: Mapping[str, Any]) -> str:
    """A share with its interval in brackets, for use in a sentence."""
    if estimate["probability"] is not None and not has_interval(estimate):
        return share(estimate)
    return f"{share(estimate)} ({interval_of(estimate)})"


def between(bounds: Mapping[str, Any]) -> str:
    """A share of which two bounds are known, or the share if they are equal."""
    at_least, at_most = (
        share({"probability": bounds[key], "lower": bounds["lower"], "upper": bounds["upper"]})
        for key in ("least", "most")
    )
    if bounds["least"] == bounds["most"]:
        return at_most
    at_least = "0" if bounds["least"] == 0 else at_least.removesuffix(f"{NO_BREAK}%")
    return f"{at_least}{RANGE}{at_most}"


def level_of(level: float) -> str:
    """The name of an interval of this level."""
    return f"{100 * level:.4g} % interval"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """Words with commas between them and a conjunction before the last."""
    last = words[-2:]
    return ", ".join([*words[:-2], f" {conjunction} ".join(last)])


def event_phrase(event: str) -> str:
    """An event (`mcescalate.analysis.events`) as a noun, for use within a sentence."""
    if event.startswith(AT_LEAST):
        return f"a peak at {_quoted(event.removeprefix(AT_LEAST))} or above"
    return in_words(event) if event in NOUNS else f"the outcome {_quoted(event)}"


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def names_of(result: "xr.Dataset") -> dict[str, str]:
    """Names of actors by id, each with its id in brackets where they differ."""
    ids, names = result["actor"].values.tolist(), result["actor_name"].values.tolist()
    return {
        actor: actor if actor == name else f"{name} ({actor})"
        for actor, name in zip(ids, names, strict=True)
    }
