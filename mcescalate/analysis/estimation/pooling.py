"""Shares of all crises where chains are several crises each, with intervals over chains.

Crises of one chain are not independent: what one leaves behind bears on the next. So a share of
all crises is a ratio of two sums over chains, and its error follows from how these vary from chain
to chain. The interval is Wilson's for as many independent crises as would know the share as well,
at most as many as there are.

References
----------
Kish, L. (1965). Survey Sampling. Wiley. Korn, E. L. and Graubard, B. I. (1998). Confidence
intervals for proportions with small expected number of positive counts estimated from survey data.
Survey Methodology 24, 193-201.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcescalate.analysis.estimation.estimate import LEVEL, crises, estimate, wilson
from mcescalate.analysis.estimation.events import event_by_chain, event_count
from mcescalate.engine.events import UNIONS
from mcescalate.errors import UsageError
from mcescalate.model.codes import NO_OUTCOME, OUTCOMES
from mcescalate.results.checks.counts import crises_in

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

__all__ = ["estimate_event", "event_trials", "independent_crises", "ratio_trials"]


def independent_crises(
    result: "Arrays | xr.Dataset", outcomes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Express the share of crises that end so as a count among independent crises.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    outcomes
        Names of outcomes that count together.

    Returns
    -------
    tuple of numpy.ndarray
        Count and number of trials, by point in a sweep: for any interval of a binomial share.
        Where chains are one crisis each, the numbers of chains.

    Examples
    --------
    >>> import mcescalate as mc
    >>> settings = ["sequence.crises=3", "sequence.bitter=1"]
    >>> result = mc.simulate(mc.load_case("july-1914", settings=settings), n_chains=100, seed=7)
    >>> count, n = mc.analysis.pooling.independent_crises(result, ["general_war"])
    >>> bool(100 <= n <= 300)
    True
    """
    places = [OUTCOMES.index(outcome) for outcome in outcomes]
    counts = _last(result.variables, "outcome_count", "outcome")
    n = np.asarray(crises_in(result.variables), np.float64)
    chosen = counts[..., places].sum(-1).astype(np.float64)
    if "outcome_pair_count" not in result.variables:
        return chosen, n
    pairs = _last(result.variables, "outcome_pair_count", "outcome", "other_outcome")
    n_chains = result.variables["n_chains"].values
    is_sequence = pairs.sum((-2, -1)) > 0
    squares = pairs[..., places, :][..., places].sum((-2, -1))
    products = pairs[..., places, :].sum((-2, -1))
    found, trials = _trials(chosen, n, squares, products, pairs.sum((-2, -1)), n_chains)
    return np.where(is_sequence, found, chosen), np.where(is_sequence, trials, n)


def ratio_trials(counts: ArrayLike, totals: ArrayLike) -> tuple[float, float]:
    """Express a share of two sums over chains as a count among independent trials.

    Parameters
    ----------
    counts
        Successes of each chain.
    totals
        Trials of each chain.

    Returns
    -------
    tuple of float
        Count and number of independent trials that would know the share as well.

    Examples
    --------
    >>> import mcescalate as mc
    >>> alike = mc.analysis.pooling.ratio_trials([2, 0, 2, 0], [2, 2, 2, 2])
    >>> [round(number, 6) for number in alike]
    [1.5, 3.0]
    """
    x, n = np.asarray(counts, np.float64), np.asarray(totals, np.float64)
    found, trials = _trials(
        x.sum(), n.sum(), (x * x).sum(), (x * n).sum(), (n * n).sum(), (n > 0).sum()
    )
    return float(found), float(trials)


def _trials(
    chosen: Any, n: Any, squares: Any, products: Any, totals: Any, n_chains: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same from sums over chains: of successes, trials, and their products."""
    share = chosen / np.maximum(n, 1.0)
    spread = squares - 2.0 * share * products + share**2 * totals
    # The variance of the share is that of chains' residuals, of which `spread` is the sum.
    correction = n_chains / np.maximum(n_chains - 1.0, 1.0)
    variance = correction * np.maximum(spread, 0.0) / np.maximum(n, 1.0) ** 2
    binomial = share * (1.0 - share)
    trials = np.minimum(n, binomial / np.maximum(variance, np.finfo(float).tiny))
    # Where all crises end alike, or none so, nothing says how they vary: chains are sure to.
    trials = np.where(binomial > 0.0, trials, np.minimum(n, n_chains))
    return share * trials, trials


def event_trials(result: "xr.Dataset", of: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Count an event and its trials, as any interval of a binomial share takes them.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of
        An event, as `events.event_names` lists them.

    Returns
    -------
    tuple of numpy.ndarray
        Count and number of trials, by point in a sweep.

    Raises
    ------
    UsageError
        There is no such event, or chains are several crises each, it is no outcome, and there are
        no records of chains: of outcomes alone do counts say how they vary from chain to chain.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> [int(number) for number in mc.analysis.pooling.event_trials(result, "war")]
    [726, 1000]
    """
    if "outcome_pair_count" not in result:
        return event_count(result, of).values, result["n_chains"].values
    if of in UNIONS or of in OUTCOMES:
        return independent_crises(result, UNIONS.get(of, (of,)))
    if "chain" not in result.dims:
        event_count(result, of)  # which refuses what is no event
        raise UsageError(
            f'event: "{of}" has no interval where a chain has several crises; keep the records '
            f"of chains (run --keep-chains), or choose one of {', '.join((*UNIONS, *OUTCOMES))}"
        )
    trials = ratio_trials(event_by_chain(result, of), crises_by_chain(result))
    successes, n = (np.asarray(number) for number in trials)
    return successes, n


def crises_by_chain(result: "xr.Dataset") -> "xr.DataArray":
    """Number of crises by `chain`, quiet periods left out, from the records of a result."""
    took_place = result["chain_outcome"] != NO_OUTCOME
    return took_place.sum([dim for dim in took_place.dims if dim != "chain"])


def estimate_event(result: "xr.Dataset", of: str, *, level: float = LEVEL) -> "xr.Dataset":
    """Estimate the share of crises with an event; its interval is over chains.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of
        An event, as `events.event_names` lists them.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        As `estimate.estimate` returns it. Where chains are several crises each, the event is no
        outcome, and there are no records of chains, the interval is NaN.

    Raises
    ------
    UsageError
        There is no such event, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> settings = ["sequence.crises=3", "sequence.bitter=1"]
    >>> result = mc.simulate(mc.load_case("july-1914", settings=settings), n_chains=100, seed=7)
    >>> found = mc.analysis.pooling.estimate_event(result, "war")
    >>> int(found["count"]), int(found["n"])
    (231, 300)
    """
    count = event_count(result, of)
    found = estimate(count, crises(result), level=level)
    is_outcome = of in UNIONS or of in OUTCOMES
    if "outcome_pair_count" not in result or not (is_outcome or "chain" in result.dims):
        return found
    successes, trials = event_trials(result, of)
    lower, upper = wilson(successes, trials, level)
    share = successes / np.maximum(trials, 1.0)
    error = np.sqrt(share * (1.0 - share) / np.maximum(trials, 1.0))
    for name, values in (("lower", lower), ("upper", upper), ("error", error)):
        found[name] = found[name].copy(data=values)
    return found


def _last(values: Mapping[Any, Any], name: str, *dims: str) -> NDArray[np.int64]:
    """A count with these dims last, in this order."""
    variable = values[name]
    ahead = [dim for dim in variable.dims if dim not in dims]
    order = [variable.dims.index(dim) for dim in (*ahead, *dims)]
    return np.asarray(variable.values).transpose(order)
