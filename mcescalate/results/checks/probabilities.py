"""Exact probabilities add up as counts do, within rounding and what was dropped in solving."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.errors import DataError
from mcescalate.model.counts import Count
from mcescalate.results.arrays import Array, Arrays
from mcescalate.results.checks.counts import (
    SEQUENCE_DIM,
    bounds,
    check_names,
    has_sequences,
    stored_counts,
    totals,
)
from mcescalate.results.variables import (
    PROBABILITIES,
    is_bounded,
    per_period,
    probability_meaning,
    probability_name,
)

if TYPE_CHECKING:
    import xarray as xr

SLACK = 1e-9
"""By how much sums of probabilities may be rounded."""


def check_probabilities(dataset: "Arrays | xr.Dataset", name: str = "result") -> None:
    """Check that every variable is there, is a probability, and adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    counts = stored_counts(PROBABILITIES, dataset)
    check_names(dataset, name, counts)
    suffix = "_lower" if is_bounded(dataset) else ""
    for count in counts:
        variable = probability_name(count) + suffix
        if variable not in dataset.variables or dataset.variables[variable].dims != count.dims:
            raise DataError(f"{name}: {variable} is missing or has other dims")
        values = dataset.variables[variable].values
        if values.dtype != np.float64 or not bool(((values >= 0.0) & (values <= 1.0)).all()):
            raise DataError(f"{name}: {variable} is not a probability: expected float64 in [0, 1]")
        if suffix:
            _check_upper(dataset, count, name)
    by_name: dict[str, Array | xr.Variable] = {
        count.name: dataset.variables[probability_name(count) + suffix] for count in counts
    }
    if has_sequences(dataset):
        periods = dataset.sizes[SEQUENCE_DIM]
        for count in counts:
            own = by_name[count.name]
            values = own.values * per_period(count, periods)
            by_name[count.name] = Array(tuple(map(str, own.dims)), values, {})
    by_name["n_chains"] = Array((), np.array(1.0), {})
    for count, total, expected in totals(by_name, counts):
        if not (abs(total - expected) <= _lost(dataset, count) + SLACK).all():
            raise DataError(
                f"{name}: {probability_name(count) + suffix} does not add up to {count.total}"
            )
    for count, total, bound in bounds(by_name, counts):
        if not (total <= bound + float(dataset.attrs["mass_lost"]) + SLACK).all():
            raise DataError(
                f"{name}: {probability_name(count) + suffix} is more than {count.at_most}"
            )


def _lost(dataset: "Arrays | xr.Dataset", count: Count) -> float:
    """The probability of what was dropped in solving, as far as it bears on a count."""
    from mcescalate.engine.exact import AT_OPENING  # checks of counts do without it

    return 0.0 if count.field in AT_OPENING else float(dataset.attrs["mass_lost"])


def _check_upper(dataset: "Arrays | xr.Dataset", count: Count, name: str) -> None:
    """The upper bounds are the lower ones with all that was lost, up to 1."""
    lower, upper = (f"{probability_name(count)}_{bound}" for bound in ("lower", "upper"))
    if upper not in dataset.variables or dataset.variables[upper].dims != count.dims:
        raise DataError(f"{name}: {upper} is missing or has other dims")
    expected = np.minimum(dataset.variables[lower].values + _lost(dataset, count), 1.0)
    if not bool((abs(dataset.variables[upper].values - expected) <= SLACK).all()):
        raise DataError(f"{name}: {upper} is not {lower} with all that was lost")


def probability_attributes(dataset: "Arrays | xr.Dataset") -> dict[str, dict[str, str]]:
    """What is said of each variable of an exact solution, by its name."""
    suffixes = ("_lower", "_upper") if is_bounded(dataset) else ("",)
    return {
        probability_name(count) + suffix: {"long_name": probability_meaning(count), "units": "1"}
        for count in stored_counts(PROBABILITIES, dataset)
        for suffix in suffixes
    }
