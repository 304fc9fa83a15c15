"""A result in one nested dict: counts with their probabilities and intervals, by name.

It is what `--json` prints and what the tables are made from, so both say the same.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, wilson
from mcescalate.analysis.estimation.pooling import independent_crises
from mcescalate.analysis.estimation.survival import (
    first_at_or_below,
    kaplan_meier,
    survival_interval,
)
from mcescalate.analysis.estimation.terms import can_wars_end, joining_causes
from mcescalate.engine.events import WARS
from mcescalate.model.codes import AT_HORIZON, ENDED, SIDES, WAR_ENDS
from mcescalate.results.checks.counts import crises_in, has_sequences
from mcescalate.results.checks.result import expect_result

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

__all__ = ["summarise", "summarise_exact"]

SUMMARY_VERSION = 1
"""Version of the keys of a summary of counts; raised when a key goes or changes its meaning."""

EXACT_SUMMARY_VERSION = 1
"""Version of the keys of a summary of an exact solution."""


def summarise(dataset: "Arrays | xr.Dataset", level: float = LEVEL) -> dict[str, Any]:
    """Summarise a result: outcomes, peak rungs and actors, each as count, probability, interval.

    Shares are of all chains, deterred ones included, except those under `wars`, which are of the
    chains that ended in war. `chains` holds the first number and the count of each stretch
    of chains. A seed is text, since not every reader of JSON keeps 63 bits. Where wars can end,
    `wars` also has the number that end, their median length (None where it is not reached) and
    the side that prevails.

    Where chains are several crises each, shares are of all crises. Those of outcomes have
    intervals over chains, others none (None). `sequence` has what happens by period, as shares of
    chains, how often the same two meet again, and the mean credibility of each promise by period.

    Parameters
    ----------
    dataset
        Counts as `mcescalate.simulate` returns them.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    dict
        Plain values, ready for JSON; the keys are those of `mcescalate show --json`.

    Raises
    ------
    UsageError
        `dataset` is not a result, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.summary.summarise(result)["war"]["probability"]
    0.726
    """
    expect_result(dataset, "summarise")
    n_crises = int(crises_in(dataset.variables))
    is_sequence = has_sequences(dataset)

    def estimate(count: Any, n: int = n_crises) -> dict[str, Any]:
        # Crises of one chain are not independent: shares of all of them have no interval here.
        lower, upper = (None, None) if is_sequence else map(float, wilson(int(count), n, level))
        return {
            "count": int(count),
            "probability": int(count) / n if n else None,
            "lower": lower,
            "upper": upper,
        }

    def over_chains(of: Sequence[str]) -> dict[str, Any]:
        """A share of all crises with its interval over chains."""
        lower, upper = wilson(*independent_crises(dataset, of), level)
        found = estimate(sum(int(outcomes[name]) for name in of))
        return found | {"lower": float(lower), "upper": float(upper)}

    def along(counts: np.ndarray, dim: str) -> dict[str, Any]:
        return dict(zip(_labels(dataset, dim), map(estimate, counts), strict=True))

    engaged = _values(dataset, "actor_engaged_count", "actor", "side")
    at_war = _values(dataset, "actor_war_count", "actor", "side")
    entered = _values(dataset, "entry_count", "actor", "cause")
    outcome_counts = _values(dataset, "outcome_count", "outcome")
    outcomes = dict(zip(_labels(dataset, "outcome"), outcome_counts, strict=True))
    war = sum(int(outcomes[name]) for name in WARS)
    wars = {
        "general": estimate(outcomes[WARS[1]], war),
        "began_misread": estimate(_values(dataset, "misread_war_count"), war),
    }
    if can_wars_end(dataset):
        winners = _by_label(dataset, "winner_count", "winner")
        n_ended = sum(winners[side] for side in SIDES)
        wars |= {
            "ended": estimate(n_ended, war),
            "median_length": median_length(dataset, None if is_sequence else level),
            "prevailing": {side: estimate(count, war) for side, count in winners.items()},
            "prevailing_of_ended": {side: estimate(winners[side], n_ended) for side in SIDES},
        }
    return {
        "schema_version": SUMMARY_VERSION,
        "title": dataset.attrs.get("title", ""),
        "seed": str(dataset.attrs["seed"]),
        "chains": json.loads(dataset.attrs["provenance"])["rng"]["chains"],
        "n_chains": int(_values(dataset, "n_chains")),
        **({"n_crises": n_crises} if is_sequence else {}),
        "interval_level": level,
        "outcomes": {name: over_chains([name]) for name in outcomes},
        "war": over_chains(WARS),
        "wars": wars,
        "joining_causes": list(joining_causes(dataset)),
        "peak_rungs": along(_values(dataset, "peak_count", "rung"), "rung"),
        "actors": {
            actor: {
                "engaged": estimate(engaged[row].sum()),
                "at_war": estimate(at_war[row].sum()),
                "engaged_by_side": along(engaged[row], "side"),
                "at_war_by_side": along(at_war[row], "side"),
                "entered_by_cause": along(entered[row], "cause"),
            }
            for row, actor in enumerate(_labels(dataset, "actor"))
        },
        **({"sequence": _summarise_sequence(dataset, level)} if is_sequence else {}),
    }


def _summarise_sequence(dataset: "Arrays | xr.Dataset", level: float) -> dict[str, Any]:
    """What happens period by period, shares of all chains; and who meets again."""
    n_chains = int(_values(dataset, "n_chains"))
    outcomes = _values(dataset, "crisis_outcome_count", "crisis", "outcome")
    names = _labels(dataset, "outcome")
    is_war = np.array([name in WARS for name in names])
    is_crisis = np.array([name != names[0] for name in names])
    again = _values(dataset, "recurrence_count", "outcome", "recurrence")
    classes = _values(dataset, "credibility_count", "tie", "crisis", "credibility")
    middles = (np.arange(classes.shape[-1]) + 0.5) / classes.shape[-1]

    def share(count: Any) -> dict[str, Any]:
        lower, upper = wilson(int(count), n_chains, level)
        return {
            "count": int(count),
            "probability": int(count) / n_chains,
            "lower": float(lower),
            "upper": float(upper),
        }

    return {
        "periods": [
            {
                "crisis": crisis,
                "quiet": share(quiet),
                "challenged": share(outcomes[crisis, is_crisis].sum()),
                "war": share(outcomes[crisis, is_war].sum()),
            }
            for crisis, quiet in enumerate(_values(dataset, "quiet_count", "crisis"))
        ],
        "recurrence": {
            name: dict(zip(_labels(dataset, "recurrence"), counts.tolist(), strict=True))
            for name, counts in zip(names, again, strict=True)
        },
        "credibility": {
            tie: [float(counts @ middles / max(counts.sum(), 1)) for counts in by_crisis]
            for tie, by_crisis in zip(_labels(dataset, "tie"), classes, strict=True)
        },
    }


def summarise_exact(dataset: "Arrays | xr.Dataset") -> dict[str, Any]:
    """Summarise an exact solution: outcomes, peak rungs and actors, each as lower and upper bound.

    Shares are of all chains, deterred ones included, except those under `wars`, which are of the
    chains that end in war; they are left out if states were dropped, or if there is no war.

    Parameters
    ----------
    dataset
        Probabilities as `mcescalate.solve` returns them.

    Returns
    -------
    dict
        Plain values, ready for JSON; the keys are those of `mcescalate exact --json`.

    Raises
    ------
    UsageError
        `dataset` is not an exact solution.

    Examples
    --------
    >>> import mcescalate as mc
    >>> exact = mc.solve(mc.load_scenario("docs/examples/triad.toml"))
    >>> round(mc.analysis.summary.summarise_exact(exact)["war"]["lower"], 6)
    0.122819
    """
    expect_result(dataset, "summarise_exact")
    lost = float(dataset.attrs["mass_lost"])
    is_bounded = float(dataset.attrs["prune"]) > 0.0

    def values(name: str, *dims: str) -> np.ndarray:
        suffix = "_lower" if is_bounded else ""
        return _values(dataset, f"{name}_probability{suffix}", *dims)

    def bounds(lower: Any) -> dict[str, float]:
        return {"lower": float(lower), "upper": min(float(lower) + lost, 1.0)}

    def along(probabilities: np.ndarray, dim: str) -> dict[str, Any]:
        return dict(zip(_labels(dataset, dim), map(bounds, probabilities), strict=True))

    outcomes = dict(zip(_labels(dataset, "outcome"), values("outcome", "outcome"), strict=True))
    war = float(sum(outcomes[name] for name in WARS))
    summary = {
        "schema_version": EXACT_SUMMARY_VERSION,
        "title": dataset.attrs.get("title", ""),
        "kind": dataset.attrs["kind"],
        "prune": float(dataset.attrs["prune"]),
        "mass_lost": lost,
        **({"rounded": True} if dataset.attrs.get("rounded") else {}),
        "n_crises": int(dataset.attrs["n_crises"]),
        "n_states": int(dataset.attrs["n_states"]),
        "outcomes": along(values("outcome", "outcome"), "outcome"),
        "war": bounds(war),
        "joining_causes": list(joining_causes(dataset)),
        "peak_rungs": along(values("peak", "rung"), "rung"),
        "actors": {
            actor: {
                "engaged": bounds(values("actor_engaged", "actor", "side")[row].sum()),
                "at_war": bounds(values("actor_war", "actor", "side")[row].sum()),
                "engaged_by_side": along(values("actor_engaged", "actor", "side")[row], "side"),
                "at_war_by_side": along(values("actor_war", "actor", "side")[row], "side"),
                "entered_by_cause": along(values("entry", "actor", "cause")[row], "cause"),
            }
            for row, actor in enumerate(_labels(dataset, "actor"))
        },
    }
    if war > 0.0 and not is_bounded:
        summary["wars"] = {
            "general": float(outcomes[WARS[1]]) / war,
            "began_misread": float(values("misread_war")) / war,
        }
        if can_wars_end(dataset):
            winners = _by_label(dataset, "winner_probability", "winner")
            ended = float(sum(winners[side] for side in SIDES))
            summary["wars"] |= {
                "ended": ended / war,
                "median_length": median_length(dataset),
                "prevailing": {side: float(winners[side]) / war for side in winners},
                "prevailing_of_ended": {
                    side: float(winners[side]) / ended if ended else None for side in SIDES
                },
            }
    return summary


def median_length(
    dataset: "Arrays | xr.Dataset", level: float | None = None
) -> dict[str, float | None]:
    """Median length of the wars of a result, in turns and days; None where it is not reached.

    Parameters
    ----------
    dataset : counts of one run, or exact probabilities
    level : of the interval, whose ends are `_lower` and `_upper`; without it none
    """
    is_counted = "war_length_count" in dataset.variables
    name = "war_length_count" if is_counted else "war_length_probability"
    lengths = dict(zip(WAR_ENDS, _values(dataset, name, "war_end", "turn"), strict=True))
    found = kaplan_meier(lengths[WAR_ENDS[ENDED]], lengths[WAR_ENDS[AT_HORIZON]])
    curves = {"": found.surviving}
    if level:
        curves |= zip(("_lower", "_upper"), survival_interval(found, level), strict=True)
    days = _values(dataset, "day", "turn")
    median: dict[str, float | None] = {}
    for end, shares in curves.items():
        place, is_reached = first_at_or_below(shares, 0.5)
        median[f"turns{end}"] = int(place) if is_reached else None
        median[f"days{end}"] = float(days[place]) if is_reached else None
    return median


def _by_label(dataset: "Arrays | xr.Dataset", name: str, dim: str) -> dict[str, Any]:
    return dict(zip(_labels(dataset, dim), _values(dataset, name, dim).tolist(), strict=True))


def _labels(dataset: "Arrays | xr.Dataset", dim: str) -> list[str]:
    return [str(label) for label in dataset.variables[dim].values.tolist()]


def _values(dataset: "Arrays | xr.Dataset", name: str, *dims: str) -> np.ndarray:
    """The values of a variable along `dims`, in this order."""
    variable = dataset.variables[name]
    return variable.values.transpose([variable.dims.index(dim) for dim in dims])
