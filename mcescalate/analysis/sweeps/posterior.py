"""Probabilities over draws from a posterior, with the doubt of the simulation and of the values.

The probability of an event is its mean over draws. The *Monte Carlo interval* says how well the
chains determine this mean: more chains narrow it. The *parameter interval* holds the middle of
what the draws give, without Monte Carlo noise: only more data narrow it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, crises, normal_quantile, wilson
from mcescalate.analysis.estimation.events import event_count
from mcescalate.analysis.sweeps.monte_carlo_error import complete_blocks, response
from mcescalate.analysis.sweeps.points import SUMMARY_VERSION
from mcescalate.analysis.sweeps.second_order import second_order
from mcescalate.analysis.sweeps.sensitivity import parameters_of
from mcescalate.engine.events import AT_LEAST, UNIONS
from mcescalate.results.provenance.schema import sweep_manifest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["both_intervals"]

DESIGN = "posterior"


def is_over_draws(result: "xr.Dataset") -> bool:
    """Whether the points of a result are draws from a posterior, all of them simulated."""
    whole = bool(int(result.attrs.get("complete", 0))) and result.sizes.get("point", 0) > 1
    return result.attrs.get("design") == DESIGN and whole


def both_intervals(
    result: "xr.Dataset", of: str = "war", *, level: float = LEVEL
) -> dict[str, float | None]:
    """Estimate an event's probability over draws, with its Monte Carlo and its parameter interval.

    The Monte Carlo interval is Wilson's for as many chains as would have the variance of the mean
    over draws, which is estimated from blocks of chains. For events that are not counted by block
    it is that of the chains of one draw, and the parameter interval includes noise; both are then
    too wide.

    Parameters
    ----------
    result
        Counts of one base, whose points are draws of uncertain parameters.
    of
        An event, see `analysis.events.event_names`.
    level
        Level of both intervals, above 0 and below 1.

    Returns
    -------
    dict
        `probability`, `lower`, `upper`, `parameter_lower`, `parameter_upper`, and `noise_share`:
        the share of Monte Carlo noise in the variance between draws, None if it is not known.

    Raises
    ------
    UsageError
        There is no such event, or there are fewer than two points, or one without chains.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes={"response.gap": {"low": 0.1, "high": 1.0}},
    ...     design={"kind": "random", "size": 40, "seed": 1},
    ...     chains=320,
    ...     seed=7,
    ... )
    >>> found = mc.analysis.posterior.both_intervals(mc.run_sweep(sweep, "sample"))
    >>> round(found["probability"], 3)
    0.735
    """
    blocks = complete_blocks(response(result, of))
    n_chains = result["n_chains"].values
    tail = (1 - level) / 2
    spread = second_order(result, of, quantiles=(tail, 1 - tail), level=level)
    mean = float(spread["mean"])
    trials, noise_share = float(n_chains.min()), None
    if blocks is None:
        estimates = event_count(result, of).values / crises(result).values
        ends = np.quantile(estimates, (tail, 1 - tail))
    else:
        trials = _effective_chains(mean, blocks, n_chains, level)
        ends = spread["value"].values
        noise_share = max(float(spread["noise_share"]), 0.0)
    lower, upper = wilson(mean * trials, trials, level)
    return {
        "probability": mean,
        "lower": float(lower),
        "upper": float(upper),
        "parameter_lower": float(ends[0]),
        "parameter_upper": float(ends[1]),
        "noise_share": noise_share,
    }


def _effective_chains(mean: float, blocks: np.ndarray, n_chains: np.ndarray, level: float) -> float:
    """Independent chains that would know the mean over draws as well as these do.

    At least those of one draw, which is what fully shared chains amount to, and at most all.
    """
    from scipy.special import stdtrit

    n_blocks = blocks.shape[1]
    variance = blocks.mean(axis=0).var(ddof=1) / n_blocks
    few_blocks = stdtrit(n_blocks - 1, (1 + level) / 2) / normal_quantile(level)
    variance *= few_blocks**2
    least, most = float(n_chains.min()), float(n_chains.sum())
    if variance == 0.0:
        return least
    return float(np.clip(mean * (1 - mean) / variance, least, most))


def summarise_draws(result: "xr.Dataset", *, level: float = LEVEL) -> dict[str, Any]:
    """A result over draws in one nested dict, ready for JSON.

    Parameters
    ----------
    result : whose points are draws, see `is_over_draws`

    Returns
    -------
    `outcomes`, `war` and `peaks` (rungs that are reached or passed), as `both_intervals` has
    them, if there is one base, else in `bases` by its name; `posterior` with the draws.
    """
    design: Mapping[str, Any] = sweep_manifest(result, "result").plan["design"]
    names = result["base"].values
    by_base = {
        str(base): _events_of(result.isel(point=names == base), level)
        for base in dict.fromkeys(names.tolist())
    }
    one = next(iter(by_base.values())) if len(by_base) == 1 else {"bases": by_base}
    n_draws = result.sizes["point"] // len(by_base)
    return {
        "schema_version": SUMMARY_VERSION,
        "title": result.attrs["title"],
        "seed": str(result.attrs["seed"]),
        "n_chains": int(result["n_chains"].sum()),
        "interval_level": level,
        "posterior": {
            "file": design.get("file"),
            "era": design.get("era"),
            "draws": n_draws,
            "chains_of_each": int(result["n_chains"].min()),
            "values": {
                name: _middle(result[name].values[:n_draws], level)
                for name in parameters_of(result)
            },
        },
        **one,
    }


def _events_of(result: "xr.Dataset", level: float) -> dict[str, Any]:
    rungs = [str(rung) for rung in result["rung"].values]
    return {
        "outcomes": {
            str(outcome): both_intervals(result, str(outcome), level=level)
            for outcome in result["outcome"].values
        },
        **{union: both_intervals(result, union, level=level) for union in UNIONS},
        "peaks": {
            rung: both_intervals(result, f"{AT_LEAST}{rung}", level=level) for rung in rungs[1:]
        },
    }


def _middle(values: np.ndarray, level: float) -> dict[str, float]:
    tail = (1 - level) / 2
    lower, median, upper = np.quantile(values.astype(np.float64), (tail, 0.5, 1 - tail))
    return {"median": float(median), "lower": float(lower), "upper": float(upper)}
