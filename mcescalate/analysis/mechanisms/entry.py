"""Who drew whom in: entries by cause and ally, entrapment, and promises kept.

Entrapment is being at war at the end because of a treaty, in a crisis that the actor neither
started nor was the target of. Chain-ganging is joining through an ally that itself joined
through an ally.

A promise of defence is kept if its giver fights on its ally's side, as the literature on
alliance reliability counts it. Standing by the ally below war is a fate of its own, neither
kept nor broken; abandoning or betraying the ally breaks the promise.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimation.estimate import (
    LEVEL,
    crises,
    estimate,
    labelled,
    unless_dependent,
    wilson,
)
from mcescalate.errors import UsageError
from mcescalate.model.codes import CAUSES, TIE_FATES, TREATY
from mcescalate.results.provenance.schema import scenario_of
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "chain_ganging",
    "entrapment",
    "entry_causes",
    "entry_edges",
    "entry_matrix",
    "group_fates",
    "pulls",
    "tie_fates",
]

PULL_EVENTS = ("entered", "entrapped", "chained")
"""Events of `pulls`."""


def entry_causes(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(the actor takes a side for this cause).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `actor` and `cause`; shares of all
        chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.entry.entry_causes(result)["probability"]
    >>> found.sel(actor="FRN", cause="treaty").item()
    0.37
    """
    return estimate(result["entry_count"], crises(result), level=level)


def entry_matrix(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(`actor` joins by its treaty with `partner`).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `partner` and `actor`; shares of all
        chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.entry.entry_matrix(result)["probability"]
    >>> found.sel(actor="FRN", partner="RUS").item()
    0.37
    """
    return estimate(result["drawn_in_count"], crises(result), level=level)


def entry_edges(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """List who drew whom in, as the edges of a graph, most frequent first.

    Parameters
    ----------
    result
        Counts of one run.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `edge`, one for each pair that ever occurred: coordinates `puller` and `pulled`;
        `probability` with its interval, of all chains; and `share`, the edge's share of the
        entries of `pulled` by treaty, with `share_lower` and `share_upper`.

    Raises
    ------
    UsageError
        `result` is a sweep, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> edge = mc.analysis.entry.entry_edges(result).isel(edge=0)
    >>> edge["puller"].item(), edge["pulled"].item(), edge["probability"].item()
    ('AUH', 'GMY', 0.421)
    """
    import xarray as xr

    count = _one(result, "entry_edges")["drawn_in_count"]
    edges = count.stack(edge=("partner", "actor"), create_index=False)
    edges = edges.isel(edge=edges.values > 0)
    edges = edges.isel(edge=np.argsort(-edges.values, kind="stable"))
    found = estimate(edges, crises(result), level=level)
    totals = count.sum("partner").reset_coords(drop=True)
    of_pulled = estimate(edges, totals.sel(actor=edges["actor"]), level=level)
    return xr.Dataset(
        {
            **{name: found[name].variable for name in found},
            **{
                f"share{end}": of_pulled[name].variable
                for end, name in (("", "probability"), ("_lower", "lower"), ("_upper", "upper"))
            },
        },
        {
            "puller": ("edge", edges["partner"].values),
            "pulled": ("edge", edges["actor"].values),
        },
        attrs=found.attrs,
    )


def chain_ganging(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how often an actor joins through an ally that itself joined by treaty.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `actor`; shares of the actor's entries
        by treaty, NaN where it has none.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Christensen, T. J. and Snyder, J. (1990). Chain gangs and passed bucks. International
    Organization 44, 137-168.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.entry.chain_ganging(result)
    >>> round(found["probability"].sel(actor="UKG").item(), 3)
    1.0
    """
    by_treaty = result["entry_count"].sel(cause=CAUSES[TREATY], drop=True)
    return estimate(result["chain_gang_count"], by_treaty, level=level)


def entrapment(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(the actor is at war at the end after it joined by treaty).

    The probability is exact for a result with the record of each chain. Other results do not count
    the actors at war by cause of entry and give only bounds, `least` and `most` (which differ by no
    more than the originators and entrants by rivalry that stay below war); the interval then runs
    from the lower end for `least` to the upper end for `most`.

    Parameters
    ----------
    result
        Counts of one run, with or without the record of each chain (`keep_chains`).
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `actor`: `least` and `most` (equal where it is known), `lower` and `upper`, shares of
        all chains; and the attribute `known`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914")
    >>> result = mc.simulate(scenario, n_chains=1000, seed=7, keep_chains=True)
    >>> mc.analysis.entry.entrapment(result)["least"].sel(actor="UKG").item()
    0.135
    """
    import xarray as xr

    n = crises(result)
    if "chain_cause" in result:
        by_treaty = result["chain_cause"] == TREATY
        at_war = result["chain_actor_peak"] == result.sizes["rung"] - 1
        least = most = (by_treaty & at_war).sum(set(by_treaty.dims) - {"actor"})
    else:
        at_war = result["actor_war_count"].sum("side")
        engaged = result["actor_engaged_count"].sum("side")
        by_treaty = result["entry_count"].sel(cause=CAUSES[TREATY], drop=True)
        least = (by_treaty + at_war - engaged).clip(0)
        most = xr.where(by_treaty < at_war, by_treaty, at_war)
    low, high = estimate(least, n, level=level), estimate(most, n, level=level)
    return xr.Dataset(
        {
            "least": low["probability"],
            "most": high["probability"],
            "lower": low["lower"],
            "upper": high["upper"],
        },
        attrs={"known": int("chain_cause" in result), "level": level},
    )


def tie_fates(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how often each promise of defence was kept when it was called upon.

    A promise is called upon if its ally is at war at the end, in a way that the promise covers.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `fate` and `tie`: fought (at war at the ally's side: the promise is kept), stood by (at
        its side, below war), abandoned (neutral) and betrayed (on the other side), as shares of
        `n`, the number of times the promise was called upon.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Leeds, B. A. (2003). Alliance reliability in times of war: explaining state decisions to
    violate treaties. International Organization 57, 801-827.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> fates = mc.analysis.entry.tie_fates(result)
    >>> round(fates["probability"].sel(tie="GMY-AUH", fate="fought").item(), 3)
    0.841
    """
    count = _fate_counts(result)
    return estimate(count, count.sum("fate"), level=level)


def group_fates(
    result: "xr.Dataset", groups: Mapping[str, Sequence[str]] | None = None, level: float = LEVEL
) -> "xr.Dataset":
    """Estimate how often promises were kept for groups of ties, such as a treaty or a bloc.

    Several promises are called upon in one chain, and their fates are correlated. The counts
    do not say how strongly, so the interval assumes perfect correlation and covers at least its
    level. It is Wilson's interval for the number of independent promises with that error.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    groups
        Labels of ties by name; by default all ties together, and those of each treaty
        of the scenario in the result's provenance.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `fate` and `group`: `count`, `n`, `probability`, `lower`, `upper`.

    Raises
    ------
    UsageError
        A group names a tie that is not there, or none is given for a sweep.
    DataError
        None is given, and the result does not store its scenario.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> fates = mc.analysis.entry.group_fates(result, {"entente": ["FRN-RUS", "RUS-FRN"]})
    >>> round(fates["probability"].sel(group="entente", fate="fought").item(), 3)
    0.955
    """
    import xarray as xr

    count = _fate_counts(result)
    labels = [str(label) for label in count["tie"].values]
    if groups is None:
        groups = {"all ties": labels, **treaty_ties(scenario_of(result, "groups"))}
    called = count.sum("fate")
    found = []
    for name, ties in groups.items():
        if unknown := [tie for tie in ties if tie not in labels]:
            raise UsageError(f"{name}: no tie has the label {', '.join(unknown)}")
        successes, trials = count.sel(tie=list(ties)), called.sel(tie=list(ties))
        found.append(_in_step(successes, trials, crises(result), level))
    label = xr.Variable("group", np.array(list(groups), object))
    return xr.concat(found, label).assign_attrs(level=level)


def _in_step(
    successes: "xr.DataArray", trials: "xr.DataArray", n: "xr.DataArray", level: float
) -> "xr.Dataset":
    """Share of successes over all ties, with errors that add up as if perfectly correlated."""
    total = trials.sum("tie")
    among = total.where(total > 0)
    share = successes.sum("tie") / among
    # Each tie's part in the share's error: its standard deviation over the chains.
    square = successes * (1 - share) ** 2 + (trials - successes) * share**2
    mean = (successes - trials * share) / n
    spread = ((square - n * mean**2).clip(0) ** 0.5).sum("tie") / among
    # So many independent promises would have that error; where all had this fate, or none,
    # nothing is known of it but what ties of one share would have.
    alike = among**2 / (trials**0.5).sum("tie") ** 2
    worth = (share * (1 - share) / spread.where(spread > 0) ** 2).fillna(alike).fillna(0)
    lower, upper = wilson((share.fillna(0) * worth).values, worth.values, level)
    return labelled(
        {
            "count": successes.sum("tie"),
            "n": total,
            "probability": share,
            "lower": (share.dims, unless_dependent(lower, share)),
            "upper": (share.dims, unless_dependent(upper, share)),
        },
        {},
    )


def pulls(
    result: "xr.Dataset",
    groups: Mapping[str, Sequence[str]] | None = None,
    level: float = LEVEL,
) -> "xr.Dataset":
    """Estimate how often ties, single or in blocs, draw an actor in, and with what result.

    Chains are counted one by one, so every group has the interval of a plain share.

    Parameters
    ----------
    result
        Result of one run, with the record of each chain (`keep_chains`).
    groups
        Labels of ties by name, as "GMY-AUH" for a promise of GMY to AUH; by default
        each single tie that ever drew an actor in, most frequent first.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `event` and `group`, as shares of all chains: "entered" (an actor joined by a tie of
        the group), "entrapped" (and is at war at the end) and "chained" (through an ally that
        itself joined by treaty).

    Raises
    ------
    UsageError
        The result has no record of each chain, or a group names no two actors.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914")
    >>> result = mc.simulate(scenario, n_chains=1000, seed=7, keep_chains=True)
    >>> found = mc.analysis.entry.pulls(result, {"Dual Alliance": ["GMY-AUH", "AUH-GMY"]})
    >>> found["probability"].sel(group="Dual Alliance").values.tolist()
    [0.421, 0.379, 0.0]
    """
    import xarray as xr

    if "chain_through" not in _one(result, "pulls"):
        raise UsageError("pulls: expected the record of each chain; run with keep_chains")
    places = {str(actor): k for k, actor in enumerate(result["actor"].values)}
    if groups is None:
        edges = entry_edges(result)
        pairs = zip(edges["pulled"].values, edges["puller"].values, strict=True)
        groups = {f"{giver}-{to}": [f"{giver}-{to}"] for giver, to in pairs}
    through, cause, peak = (
        result[f"chain_{name}"].transpose("actor", "chain").values
        for name in ("through", "cause", "actor_peak")
    )
    war = result.sizes["rung"] - 1
    count = np.zeros((len(PULL_EVENTS), len(groups)), np.int64)
    for place, (name, labels) in enumerate(groups.items()):
        did = np.zeros((len(PULL_EVENTS), result.sizes["chain"]), bool)
        for label in labels:
            ids = str(label).split("-")
            if len(ids) != 2 or not all(actor in places for actor in ids):
                raise UsageError(f"{name}: expected two actors as in GMY-AUH, found {label}")
            giver, to = (places[actor] for actor in ids)
            entered = (cause[giver] == TREATY) & (through[giver] == to)
            did |= (entered, entered & (peak[giver] == war), entered & (cause[to] == TREATY))
        count[:, place] = did.sum(axis=1)
    labelled_count = xr.DataArray(
        count, {"event": list(PULL_EVENTS), "group": np.array(list(groups), object)}
    )
    return estimate(labelled_count, crises(result), level=level)


def treaty_ties(scenario: Scenario) -> dict[str, list[str]]:
    """Labels of the defence ties of each treaty that a scenario names."""
    groups: dict[str, list[str]] = {}
    for (giver, to, kind), promise in merge_rows(scenario).promises.items():
        if kind == "defence" and promise.treaty:
            groups.setdefault(promise.treaty, []).append(f"{giver}-{to}")
    return groups


def _fate_counts(result: "xr.Dataset") -> "xr.DataArray":
    import xarray as xr

    counts = [result[f"tie_{fate}_count"] for fate in TIE_FATES]
    return xr.concat(counts, xr.Variable("fate", np.array(TIE_FATES, object)))


def _one(result: "xr.Dataset", name: str) -> "xr.Dataset":
    if "point" in result.dims:
        raise UsageError(f"{name}: expected one result; choose one, as in sweep.isel(point=0)")
    return result
