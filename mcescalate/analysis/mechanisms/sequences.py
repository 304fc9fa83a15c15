"""How one crisis affects the next, where a chain is several crises.

Figures by period have binomial intervals, for each chain has one crisis at most in a period.
Figures of all periods together have intervals over chains (`estimation.pooling`).

>>> import mcescalate as mc
>>> from mcescalate.analysis import sequences
>>> settings = ["sequence.crises=3", "sequence.loss=0.5"]
>>> scenario = mc.load_case("july-1914", settings=settings)
>>> result = mc.simulate(scenario, n_chains=500, seed=7, keep_chains=True)
>>> risk = sequences.risk(result, "war")
>>> risk.sizes["crisis"]
3
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, estimate, labelled, wilson
from mcescalate.analysis.estimation.pooling import estimate_event, ratio_trials
from mcescalate.analysis.mechanisms.sequence_records import PAST, SequenceRecords
from mcescalate.engine.events import UNIONS
from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES
from mcescalate.results.checks.counts import SEQUENCE_DIM
from mcescalate.results.variables import mask_name

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["credibility", "next_challenge", "pooled", "quiet", "recurrence", "risk"]

UNTRIED = "untried"


def risk(result: "xr.Dataset", of: str = "war", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(event) in each period, quiet periods included.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`; of several crises a chain.
    of
        "war", "crisis" or an outcome.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `crisis`; shares of all chains.

    Raises
    ------
    UsageError
        There is no such event, chains are one crisis each, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["sequence.crises=3"])
    >>> result = mc.simulate(scenario, n_chains=500, seed=7)
    >>> mc.analysis.sequences.risk(result)["count"].values.tolist()
    [364, 356, 368]
    """
    _expect_sequences(result)
    if of not in UNIONS and of not in OUTCOMES:
        known = ", ".join((*UNIONS, *OUTCOMES))
        raise UsageError(f'event: expected one of {known}; found "{of}"')
    count = result["crisis_outcome_count"].sel(outcome=list(UNIONS.get(of, (of,)))).sum("outcome")
    return estimate(count, _chains_with_period(result), level=level)


def quiet(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how likely each period is to be quiet.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`; of several crises a chain.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `crisis`; shares of all chains.

    Raises
    ------
    UsageError
        Chains are one crisis each, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> settings = ["sequence.crises=3", "sequence.quiet=1"]
    >>> result = mc.simulate(mc.load_case("july-1914", settings=settings), n_chains=500, seed=7)
    >>> mc.analysis.sequences.quiet(result).sizes["crisis"]
    3
    """
    _expect_sequences(result)
    return estimate(result["quiet_count"], _chains_with_period(result), level=level)


def pooled(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how crises end, all periods together, with intervals over chains.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `event`: "war", "crisis", and each
        outcome; shares of all crises, quiet periods left out.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["sequence.crises=3"])
    >>> result = mc.simulate(scenario, n_chains=500, seed=7)
    >>> mc.analysis.sequences.pooled(result)["count"].sel(event="war").item()
    1088
    """
    import xarray as xr

    events = [*UNIONS, *OUTCOMES]
    found = [
        estimate_event(result, of, level=level).drop_vars("outcome", errors="ignore")
        for of in events
    ]
    label = xr.Variable("event", np.array(events, object))
    return xr.concat(found, label, coords="minimal", compat="override").assign_attrs(level=level)


def recurrence(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Find how each crisis relates to the one before, by how that ended.

    Pairs are those that were drawn, quiet periods are passed over, deterred crises count. A chain
    has several such pairs of crises, which are not independent: intervals are over chains, and
    need their records (`keep_chains`).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`; of several crises a chain.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `count`, `n` (next crises), `probability`, `lower` and `upper` (NaN without records), by
        `outcome` and `recurrence`: "other_pair", "same_initiator" or "roles_reversed".

    Raises
    ------
    UsageError
        Chains are one crisis each, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["sequence.crises=3"])
    >>> result = mc.simulate(scenario, n_chains=500, seed=7, keep_chains=True)
    >>> found = mc.analysis.sequences.recurrence(result)
    >>> int(found["count"].sum()), bool((found["lower"] <= found["upper"]).all())
    (1000, True)
    """
    _expect_sequences(result)
    count = result["recurrence_count"]
    ends = np.full((2, *count.shape), np.nan)
    if "chain" in result.dims:
        by_chain = SequenceRecords(result).recurrences()
        count = count.copy(data=by_chain.sum(0))
        for outcome, how in np.ndindex(count.shape):
            of_outcome = by_chain[:, outcome].sum(-1)
            trials = ratio_trials(by_chain[:, outcome, how], of_outcome)
            ends[:, outcome, how] = wilson(*trials, level)
    n = count.sum("recurrence")
    return labelled(
        {
            "count": count,
            "n": n,
            "probability": count / n.where(n > 0),
            "lower": count.copy(data=ends[0]),
            "upper": count.copy(data=ends[1]),
        },
        {"level": level},
    )


def credibility(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Find how credible each promise of defence is after each period.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`; of several crises a chain.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `crisis` and `tie`: `mean` (of the middles of classes), and `lower` and `upper` of it,
        `low` (share of chains in which it is below one half) with `low_lower` and `low_upper`.

    Raises
    ------
    UsageError
        Chains are one crisis each, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> settings = ["sequence.crises=3", "sequence.loss=0.5"]
    >>> result = mc.simulate(mc.load_case("july-1914", settings=settings), n_chains=500, seed=7)
    >>> found = mc.analysis.sequences.credibility(result).sel(tie="ITA-GMY")
    >>> bool((found["mean"].diff("crisis") < 0).all())
    True
    """
    from mcescalate.analysis.estimation.estimate import normal_quantile

    _expect_sequences(result)
    count = result["credibility_count"]
    n = count.sum("credibility")
    among = n.where(n > 0)
    middle = (count["credibility"] + 0.5) / count.sizes["credibility"]
    mean = (count * middle).sum("credibility") / among
    variance = ((count * middle**2).sum("credibility") / among - mean**2).clip(0)
    half = normal_quantile(level) * (variance / among) ** 0.5
    low = estimate(
        count.where(count["credibility"] < count.sizes["credibility"] / 2, 0).sum("credibility"),
        n,
        level=level,
    )
    return labelled(
        {
            "mean": mean,
            "lower": (mean - half).clip(0, 1),
            "upper": (mean + half).clip(0, 1),
            "low": low["probability"],
            "low_lower": low["lower"],
            "low_upper": low["upper"],
            "n": n,
        },
        {"level": level},
    )


def next_challenge(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how often an ally is challenged, by the last fate of the promise to it.

    Counted are the crises drawn against the ally of a tie that no accident began: whether the
    initiator went ahead. What the promise came to is that of the latest crisis before in which it
    was called upon: "kept" (fought for), "restrained" (stood by below war), "abandoned" (or
    betrayed); "untried" if there was none.

    Parameters
    ----------
    result
        Counts of one run with records of chains (`keep_chains`); of several crises a chain.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `tie` and `past`: `count` (went ahead), `n`, `probability`, `lower` and `upper`, over
        chains; and the same by `crisis`, as `crisis_count` and so on, with binomial intervals.

    Raises
    ------
    UsageError
        Chains are one crisis each, there are no records, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> settings = ["sequence.crises=3", "sequence.loss=0.5"]
    >>> scenario = mc.load_case("july-1914", settings=settings)
    >>> result = mc.simulate(scenario, n_chains=500, seed=7, keep_chains=True)
    >>> found = mc.analysis.sequences.next_challenge(result)
    >>> found["past"].values.tolist()
    ['untried', 'kept', 'restrained', 'abandoned']
    """
    import xarray as xr

    _expect_sequences(result)
    if "chain_outcome" not in result:
        raise UsageError(
            "next_challenge: the result has no records of chains; simulate with keep_chains"
        )
    records = SequenceRecords(result)
    pasts = (UNTRIED, *PAST)
    n_chains, n_periods = records.outcome.shape
    ties = [str(tie) for tie in result["tie"].values]
    shape = (len(ties), len(pasts), n_periods)
    count, n = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    pooled_shape = (len(ties), len(pasts))
    successes, trials = np.zeros(pooled_shape), np.zeros(pooled_shape)
    for t, tie in enumerate(ties):
        k, j = tie.split("-")
        before = np.zeros(n_chains, np.int64)
        is_there = np.zeros((len(pasts), n_chains, n_periods), bool)
        went_ahead = records.outcome != OUTCOMES.index("deterred")
        for crisis in range(n_periods):
            tested = records.is_tested(j, crisis)
            for past in range(len(pasts)):
                is_there[past, :, crisis] = tested & (before == past)
            before = np.where(records.fate(k, j, crisis) >= 0, records.fate(k, j, crisis), before)
        for past in range(len(pasts)):
            among = is_there[past]
            happened = among & went_ahead
            count[t, past], n[t, past] = happened.sum(0), among.sum(0)
            successes[t, past], trials[t, past] = ratio_trials(happened.sum(1), among.sum(1))
    by_period: dict[str, Any] = {
        "crisis_count": (("tie", "past", SEQUENCE_DIM), count),
        "crisis_n": (("tie", "past", SEQUENCE_DIM), n),
    }
    ends = wilson(count, n, level)
    total = n.sum(-1)
    pooled_ends = wilson(successes, trials, level)
    with np.errstate(invalid="ignore"):
        by_period["crisis_probability"] = (("tie", "past", SEQUENCE_DIM), count / n)
        share = count.sum(-1) / total
    for name, end in zip(("lower", "upper"), ends, strict=True):
        by_period[f"crisis_{name}"] = (("tie", "past", SEQUENCE_DIM), end)
    coords = {
        "tie": result["tie"].values,
        "past": np.array(pasts, object),
        SEQUENCE_DIM: result[SEQUENCE_DIM].values,
    }
    return xr.Dataset(
        {
            "count": (("tie", "past"), count.sum(-1)),
            "n": (("tie", "past"), total),
            "probability": (("tie", "past"), share),
            "lower": (("tie", "past"), pooled_ends[0]),
            "upper": (("tie", "past"), pooled_ends[1]),
            **by_period,
        },
        coords,
        attrs={"level": level},
    )


def _chains_with_period(result: "xr.Dataset") -> "xr.DataArray":
    """Chains that have each period: all of them, but none of a point with fewer periods."""
    n = result["n_chains"]
    name = mask_name(SEQUENCE_DIM)
    return n * result[name] if name in result else n


def _expect_sequences(result: "xr.Dataset") -> None:
    if SEQUENCE_DIM not in result.dims:
        raise UsageError(
            "sequences: expected chains of several crises, found one crisis a chain; set "
            "sequence.crises"
        )
