"""Events by name: each occurs in a chain or does not.

"war" (limited or general), "crisis" (not deterred), each outcome by its own name, and
"peak>=RUNG" by the rung's name or number.
"""

from typing import TYPE_CHECKING

from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["block_event_count", "event_count", "event_names"]

WARS = ("limited_war", "general_war")
UNIONS = {"war": WARS, "crisis": OUTCOMES[1:]}
"""Events that combine several outcomes."""

AT_LEAST = "peak>="


def event_names(rungs: list[str]) -> list[str]:
    """List every event that scenarios with these rungs have.

    The peak at rung 0 is left out, since it is certain.

    Parameters
    ----------
    rungs
        Names of the rungs, lowest first.

    Returns
    -------
    list of str
        "war", "crisis", each outcome, and "peak>=RUNG" for each rung above the lowest.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.analysis.events.event_names(["calm", "threat", "war"])[-3:]
    ['general_war', 'peak>=threat', 'peak>=war']
    """
    return [*UNIONS, *OUTCOMES, *(f"{AT_LEAST}{rung}" for rung in rungs[1:])]


def event_count(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Count the chains of a result in which an event occurred.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of
        An event, as `event_names` lists them; a rung may be a number.

    Returns
    -------
    xarray.DataArray
        Number of chains, by `point` in a sweep.

    Raises
    ------
    UsageError
        There is no such event; the message lists all events.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.events.event_count(result, "peak>=mobilisation").item()
    743
    """
    if of in UNIONS or of in OUTCOMES:
        return _in_outcomes(result["outcome_count"], of)
    rungs = [str(rung) for rung in result["rung"].values]
    place = rung_place(of, rungs)
    return result["peak_count"].isel(rung=slice(place, None)).sum("rung")


def block_event_count(result: "xr.Dataset", of: str) -> "xr.DataArray | None":
    """Count the chains with an event by block of chains, as sweeps store outcomes.

    Parameters
    ----------
    result
        Counts of a sweep.
    of
        An event that consists of outcomes: "war", "crisis" or an outcome's name.

    Returns
    -------
    xarray.DataArray or None
        Number of chains by `point` and `block`; None where counts by block are not known.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> result = mc.run_sweep(sweep, "gap")
    >>> mc.analysis.events.block_event_count(result, "war").sizes["block"]
    32
    """
    if "block_outcome_count" not in result or not (of in UNIONS or of in OUTCOMES):
        return None
    return _in_outcomes(result["block_outcome_count"], of)


def rung_place(of: str, rungs: list[str]) -> int:
    """The rung in "peak>=RUNG", as a number.

    Raises
    ------
    UsageError
        There is no such rung; the message lists the events.
    """
    text = of.removeprefix(AT_LEAST).strip()
    if of.startswith(AT_LEAST):
        if text in rungs:
            return rungs.index(text)
        if text.isdecimal() and int(text) < len(rungs):
            return int(text)
    known = ", ".join(event_names(rungs))
    raise UsageError(f'event: expected one of {known}; found "{of}"')


def _in_outcomes(count: "xr.DataArray", of: str) -> "xr.DataArray":
    return count.sel(outcome=list(UNIONS.get(of, (of,)))).sum("outcome")
