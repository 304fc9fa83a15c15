"""Events by name: each occurs in a chain or does not. `engine.events` says which there are."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.events import (
    ENGAGED_SIZE,
    ENTERED,
    MISREAD_WAR,
    OUTCOME,
    PEAK,
    UNIONS,
    WAR_OF,
    WAR_SIZE,
    WARS,
    Event,
    Term,
    event_names,
    parse_event,
)
from mcescalate.errors import UsageError
from mcescalate.model.codes import NO_OUTCOME, OUTCOMES, SIDES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["block_event_count", "event_by_chain", "event_count", "event_names"]


def event_count(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Count the chains of a result in which an event occurred.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of
        An event: one that `event_names` lists, "war:ACTOR", "entered:ACTOR", "war_size>=N",
        "engaged_size>=N", "misread_war", or several joined by "&". These need records of chains
        (`keep_chains`), unless one of them says it all.

    Returns
    -------
    xarray.DataArray
        Number of chains, by `point` in a sweep.

    Raises
    ------
    UsageError
        There is no such event; the message lists all events. Or the result cannot tell.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.events.event_count(result, "peak>=mobilisation").item()
    743
    >>> mc.analysis.events.event_count(result, "war_size>=6").item() <= 1000
    True
    """
    event = _joined(parse_event(of, labels(result, "rung"), labels(result, "actor")))
    if len(event.terms) == 1:
        return _count(result, event.terms[0])
    if "chain" not in result.dims:
        raise UsageError(
            f"event: {of}: these counts do not show how often its conditions hold together; "
            "keep the records of chains (run --keep-chains)"
        )
    return event_by_chain(result, of).sum("chain")


def event_by_chain(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Count the crises of each chain in which an event occurred, from its records.

    Parameters
    ----------
    result
        Counts of one run with records of chains (`keep_chains`).
    of
        An event, as for `event_count`.

    Returns
    -------
    xarray.DataArray
        Number of crises by `chain`, 0 or 1 where chains are one crisis each.

    Raises
    ------
    UsageError
        There is no such event; the message lists all events.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7, keep_chains=True)
    >>> mc.analysis.events.event_by_chain(result, "war&war:RUS").sum().item()
    381
    """
    event = parse_event(of, labels(result, "rung"), labels(result, "actor"))
    outcome = result["chain_outcome"]

    def column(name: str) -> NDArray[Any]:
        return result[f"chain_{name}"].transpose(*outcome.dims, ...).values

    top = result.sizes["rung"] - 1
    occurs = outcome.copy(data=occurs_in(event, column, labels(result, "outcome"), top))
    return occurs.sum([dim for dim in occurs.dims if dim != "chain"])


def labels(result: "xr.Dataset", dim: str) -> list[str]:
    """The names along a dim of a result; none if it does not have the dim."""
    return [str(label) for label in result[dim].values] if dim in result.coords else []


def _joined(event: Event) -> Event:
    """The same event in as few terms as may be, since counts tell of one term alone."""
    outcomes = set(OUTCOMES)
    highest = {PEAK: 0, WAR_SIZE: 0, ENGAGED_SIZE: 0}
    rest = []
    for term in event.terms:
        if term.kind == OUTCOME:
            outcomes &= set(term.outcomes)
        elif term.kind in highest:
            highest[term.kind] = max(highest[term.kind], term.number)
        else:
            rest.append(term)
    kinds = {term.kind for term in rest}
    if kinds & {WAR_OF, MISREAD_WAR} or highest[WAR_SIZE]:
        outcomes = _unless_said(outcomes, set(WARS))
    if ENTERED in kinds:
        outcomes = _unless_said(outcomes, set(UNIONS["crisis"]))
    terms = [Term(kind, number) for kind, number in highest.items() if number > 0]
    if outcomes != set(OUTCOMES) or not (terms or rest):
        terms.append(Term(OUTCOME, outcomes=tuple(name for name in OUTCOMES if name in outcomes)))
    return Event(event.text, (*rest, *terms))


def _unless_said(outcomes: set[str], implied: set[str]) -> set[str]:
    """All outcomes, if other terms say more than that it is one of these; else these of them."""
    return set(OUTCOMES) if implied <= outcomes else outcomes & implied


def _count(result: "xr.Dataset", term: Term) -> "xr.DataArray":
    """Chains with one term, from the counts alone."""
    if term.kind == OUTCOME:
        return _in_outcomes(result["outcome_count"], term.outcomes)
    if term.kind == PEAK:
        return result["peak_count"].isel(rung=slice(term.number, None)).sum("rung")
    if term.kind in (WAR_SIZE, ENGAGED_SIZE):
        count = result[f"{term.kind}_count"]
        return count.isel(n_actors=slice(term.number, None)).sum("n_actors")
    if term.kind == MISREAD_WAR:
        return result["misread_war_count"]
    if term.kind == WAR_OF:
        return result["actor_war_count"].isel(actor=term.number, drop=True).sum("side")
    entries = result["entry_count"].isel(actor=term.number, drop=True)
    return entries.sel(cause=_joining(entries)).sum("cause")


def occurs_in(
    event: Event, column: Callable[[str], NDArray[Any]], outcomes: Sequence[str], top: int
) -> NDArray[np.bool_]:
    """Whether an event occurs in each of some recorded crises; in a quiet period nothing does.

    Parameters
    ----------
    column : values of a field of the records, such as "peak_rung", those of actors along the last
        axis and in the order in which the event numbers them
    outcomes : their names, in the order of their codes
    top : the rung that means war
    """
    found = column("outcome") != NO_OUTCOME
    for term in event.terms:
        if term.kind == OUTCOME:
            found &= np.isin(column("outcome"), [outcomes.index(name) for name in term.outcomes])
        elif term.kind == WAR_OF:
            found &= column("actor_peak")[..., term.number] == top
        elif term.kind == ENTERED:
            found &= column("entry_turn")[..., term.number] > 0
        elif term.kind == MISREAD_WAR:
            found &= column("war_began_misread") == 1
        else:
            name = {PEAK: "peak_rung", WAR_SIZE: "n_at_war", ENGAGED_SIZE: "n_engaged"}[term.kind]
            found &= column(name) >= term.number
    return found


def _joining(entries: "xr.DataArray") -> Sequence[str]:
    """Causes of entries after the beginning of a crisis."""
    return [str(cause) for cause in entries["cause"].values if cause not in SIDES]


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
    return _in_outcomes(result["block_outcome_count"], UNIONS.get(of, (of,)))


def _in_outcomes(count: "xr.DataArray", outcomes: Sequence[str]) -> "xr.DataArray":
    return count.sel(outcome=list(outcomes)).sum("outcome")
