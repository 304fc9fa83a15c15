"""Who pulled whom in: entries by cause and through whom, entrapment, and promises kept.

Entrapment here is being at war at the end through a treaty, in a crisis that one neither
began nor was the target of. Chain-ganging is coming in through an ally that itself came in
through an ally.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimate import LEVEL, estimate, normal_quantile
from mcescalate.errors import UsageError
from mcescalate.model.codes import CAUSES, TIE_FATES, TREATY
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FATES = (*TIE_FATES, "kept")
"""What became of an invoked promise; "kept" is fought or stood by."""


def entry_causes(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(the actor takes a side for this cause), by `actor` and `cause`."""
    return estimate(result["entry_count"], result["n_chains"], level=level)


def entry_matrix(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(`actor` comes in by its treaty with `partner`), by `partner` and `actor`."""
    return estimate(result["drawn_in_count"], result["n_chains"], level=level)


def entry_edges(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """The same as a graph: one `edge` for each pair that ever came to pass, commonest first.

    `puller` and `pulled` name its ends; `share` is the edge's share of the entries of
    `pulled` by treaty, with `share_lower` and `share_upper`.

    Parameters
    ----------
    result : counts of one run
    """
    import xarray as xr

    count = _one(result, "entry_edges")["drawn_in_count"]
    edges = count.stack(edge=("partner", "actor"), create_index=False)
    edges = edges.isel(edge=edges.values > 0)
    edges = edges.isel(edge=np.argsort(-edges.values, kind="stable"))
    found = estimate(edges, result["n_chains"], level=level)
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
    """Share of each `actor`'s entries by treaty that came through one who had so come in."""
    by_treaty = result["entry_count"].sel(cause=CAUSES[TREATY], drop=True)
    return estimate(result["chain_gang_count"], by_treaty, level=level)


def entrapment(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(at war at the end, having come in by treaty), by `actor`.

    A result with the record of each chain knows it. Otherwise the counts leave some room,
    for who is at war is not counted by cause: then `least` and `most` are what they allow
    (they differ by no more than the originators and opportunists below war), and the
    interval is from the lower end of the one to the upper end of the other.

    Returns
    -------
    `least` and `most` (equal where it is known), `lower` and `upper`, and the attribute
    `known`.
    """
    import xarray as xr

    n = result["n_chains"]
    if "chain_cause" in result:
        by_treaty = result["chain_cause"] == TREATY
        at_war = result["chain_actor_peak"] == result.sizes["rung"] - 1
        least = most = (by_treaty & at_war).sum("chain")
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
    """What became of each defence promise when it was called upon: by `fate` and `tie`.

    `n` is how often it was: its ally was at war at the end, in a way that the promise
    covers. Fates are fought (at its side), stood by (at its side, below war), abandoned
    (neutral) and betrayed (on the other side); "kept" is the first two together.
    """
    count = _fate_counts(result)
    return estimate(count, count.sel(fate=list(TIE_FATES)).sum("fate"), level=level)


def group_fates(
    result: "xr.Dataset", groups: Mapping[str, Sequence[str]] | None = None, level: float = LEVEL
) -> "xr.Dataset":
    """The same for groups of ties, such as those of one treaty or bloc: by `fate`, `group`.

    Several promises are called upon in one chain, and are kept or broken together. Counts do
    not say how closely, so the interval assumes the worst, that they always are: it holds at
    least at its level.

    Parameters
    ----------
    groups : labels of ties by name; by default all ties together, and those of each treaty
        of the scenario in the result's provenance

    Raises
    ------
    UsageError
        A group names a tie that is not there, or none is given for a sweep.
    """
    import xarray as xr

    count = _fate_counts(result)
    labels = [str(label) for label in count["tie"].values]
    if groups is None:
        groups = {"all ties": labels, **treaty_ties(scenario_of(result))}
    called = count.sel(fate=list(TIE_FATES)).sum("fate")
    z = normal_quantile(level)
    found = []
    for name, ties in groups.items():
        if unknown := [tie for tie in ties if tie not in labels]:
            raise UsageError(f"{name}: no tie has the label {', '.join(unknown)}")
        successes, trials = count.sel(tie=list(ties)), called.sel(tie=list(ties))
        total = trials.sum("tie")
        share = successes.sum("tie") / total.where(total > 0)
        # Each tie's part in the share's error; its standard deviation, added up as if in step.
        square = successes * (1 - share) ** 2 + (trials - successes) * share**2
        mean = (successes - trials * share) / result["n_chains"]
        spread = np.sqrt((square - result["n_chains"] * mean**2).clip(0)).sum("tie")
        half = z * spread / total.where(total > 0)
        found.append(
            xr.Dataset(
                {
                    "count": successes.sum("tie"),
                    "n": total,
                    "probability": share,
                    "lower": (share - half).clip(0, 1),
                    "upper": (share + half).clip(0, 1),
                }
            )
        )
    label = xr.Variable("group", np.array(list(groups), object))
    return xr.concat(found, label).assign_attrs(level=level)


def treaty_ties(scenario: Scenario) -> dict[str, list[str]]:
    """Labels of the defence ties of each treaty that a scenario names."""
    groups: dict[str, list[str]] = {}
    for (giver, to, kind), promise in resolve(scenario).promises.items():
        if kind == "defence" and promise.treaty:
            groups.setdefault(promise.treaty, []).append(f"{giver}-{to}")
    return groups


def scenario_of(result: "xr.Dataset") -> Scenario:
    """The scenario that the result of one run was made from, as its provenance has it.

    Raises
    ------
    UsageError
        The result is a sweep's: it has many scenarios.
    """
    story = json.loads(result.attrs["provenance"])
    if "parameters" not in story:
        raise UsageError("a sweep has many scenarios: name the groups of ties yourself")
    tables = story["parameters"]["scenario"]
    return Scenario.model_validate(_present(tables))


def _present(value):
    """Tables from JSON without absent values, as a scenario file would have them."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


def _fate_counts(result: "xr.Dataset") -> "xr.DataArray":
    import xarray as xr

    counts = [result[f"tie_{fate}_count"] for fate in TIE_FATES]
    counts.append(counts[0] + counts[1])
    return xr.concat(counts, xr.Variable("fate", np.array(FATES, object)))


def _one(result: "xr.Dataset", name: str) -> "xr.Dataset":
    if "point" in result.dims:
        raise UsageError(f"{name}: expected one result; choose one, as in sweep.isel(point=0)")
    return result
