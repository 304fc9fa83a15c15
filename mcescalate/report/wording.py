"""Estimates, names and events in words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.quantities import interval, percent

if TYPE_CHECKING:
    import xarray as xr

UNKNOWN = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
ARROW = f"{NO_BREAK}\N{RIGHTWARDS ARROW}{NO_BREAK}"
RANGE = "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}"
"""A dash from one number to another, at which no line ends."""


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


def level_of(level: float) -> str:
    """What an interval is called."""
    return f"{100 * level:.4g} % interval"


def listed(words: Sequence[str]) -> str:
    """Words with commas between and an "and" before the last."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def names_of(result: "xr.Dataset") -> dict[str, str]:
    """What actors are called, with their id where that is another word."""
    ids, names = result["actor"].values.tolist(), result["actor_name"].values.tolist()
    return {
        actor: actor if actor == name else f"{name} ({actor})"
        for actor, name in zip(ids, names, strict=True)
    }


def spaced(name: str) -> str:
    """A name of the model as words."""
    return name.replace("_", " ")
