"""Base rates: how often disputes of an era became wars, were answered, and so on."""

import numpy as np

ERAS = ("before 1945", "1945 to 1989", "since 1990")
_BEGINNINGS = (1945, 1990)


def era_of(year: int) -> int:
    """The place of a year's era in `ERAS`."""
    return sum(year >= first for first in _BEGINNINGS)


def era_rates(era: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """The share of events in each era, of disputes whose outcome is known.

    Half an event and half a non-event are added, so that no rate is 0 or 1. An era without
    disputes takes the rate of the era before it, or else of the next one.

    Parameters
    ----------
    era : (dispute) places in `ERAS`
    outcome : (dispute) 1, 0 or NaN

    Returns
    -------
    (era); NaN if no outcome is known.
    """
    known = ~np.isnan(outcome)
    rates = np.full(len(ERAS), np.nan)
    for k in range(len(ERAS)):
        chosen = outcome[known & (era == k)]
        if len(chosen):
            rates[k] = (chosen.sum() + 0.5) / (len(chosen) + 1.0)
    return rates[nearest_known(~np.isnan(rates))] if known.any() else rates


def nearest_known(known: np.ndarray) -> np.ndarray:
    """(era) the era itself if it is known, else the last known one before it, else the next one.

    Parameters
    ----------
    known : (era) at least one is
    """
    places = np.flatnonzero(known)
    before = np.searchsorted(places, np.arange(len(known)), side="right") - 1
    return places[np.maximum(before, 0)]
