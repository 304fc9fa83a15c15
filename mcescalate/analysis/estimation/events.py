"""Events by name: each occurs in a chain or does not.

"war" (limited or general), "crisis" (not deterred), each outcome by its own name, and
"peak>=RUNG" by the rung's name or number.
"""

from typing import TYPE_CHECKING

from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES

if TYPE_CHECKING:
    import xarray as xr

WARS = ("limited_war", "general_war")
UNIONS = {"war": WARS, "crisis": OUTCOMES[1:]}
"""Events that combine several outcomes."""

AT_LEAST = "peak>="


def event_names(rungs: list[str]) -> list[str]:
    """Every event of scenarios with these rungs, the peak at rung 0 left out as certain."""
    return [*UNIONS, *OUTCOMES, *(f"{AT_LEAST}{rung}" for rung in rungs[1:])]


def event_count(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Chains of a result that had the event `of`; over `point` too in a sweep.

    Raises
    ------
    UsageError
        There is no such event.
    """
    if of in UNIONS or of in OUTCOMES:
        return _in_outcomes(result["outcome_count"], of)
    rungs = [str(rung) for rung in result["rung"].values]
    place = rung_place(of, rungs)
    return result["peak_count"].isel(rung=slice(place, None)).sum("rung")


def block_event_count(result: "xr.Dataset", of: str) -> "xr.DataArray | None":
    """The same by block of chains, which sweeps store for outcomes; else None."""
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
