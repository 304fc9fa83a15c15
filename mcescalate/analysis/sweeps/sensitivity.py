"""Which parameters matter: Sobol' indices and Morris screening over a sweep, without noise.

SALib provides the estimators. Each point is a Monte Carlo estimate, and its noise inflates
variances and hides which parameter they come from. All these estimators are ratios of
quadratic forms, so noise is removed as
`mcescalate.analysis.monte_carlo_error` says, from blocks of chains.
"""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimation.estimate import LEVEL
from mcescalate.analysis.sweeps.monte_carlo_error import (
    Places,
    complete_blocks,
    estimate_with_interval,
    subtract_noise,
)
from mcescalate.analysis.tables.export import csv_text
from mcescalate.errors import ExtraMissing, UsageError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["morris", "morris_table", "parameters_of", "sobol"]

FIRST, BOTH, SECOND = "A", "AB:", "BA:"
"""Labels of Saltelli's matrices on the coordinate `design_block`."""


def parameters_of(response: "xr.DataArray | xr.Dataset") -> list[str]:
    """List the parameters of a sweep: the coordinates that say which address they set.

    Parameters
    ----------
    response
        The result of a sweep, or a response of it.

    Returns
    -------
    list of str
        Names of the axes.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> mc.analysis.sensitivity.parameters_of(mc.run_sweep(sweep, "gap"))
    ['response.gap']
    """
    return [str(name) for name, coord in response.coords.items() if "address" in coord.attrs]


def sobol(response: "xr.DataArray", *, level: float = LEVEL) -> "xr.Dataset":
    """Estimate first-order, total and (if the design has them) second-order Sobol' indices.

    Parameters
    ----------
    response
        By `point` of a Saltelli design and, if noise is to be removed, by `block`; see
        `monte_carlo_error.response`. Points may come in any order: the coordinates
        `design_block` and `design_sample` identify them.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `first` and `total` by `parameter`, `second` by (`parameter`, `partner`), each with
        `_lower` and `_upper` (see `monte_carlo_error`), as shares of the variance; `variance`,
        without noise; and the attributes `noise_corrected` and `has_variance`. Without variance
        all indices are 0.

    Raises
    ------
    UsageError
        The points are not a whole Saltelli design of one base.
    ExtraMissing
        SALib is not installed.

    References
    ----------
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Computer
    Physics Communications 181, 259-270.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes={
    ...         "response.war_cost": {"low": 1.0, "high": 4.0},
    ...         "response.gap": {"low": 0.4, "high": 0.6},
    ...     },
    ...     design={"kind": "saltelli", "size": 16, "seed": 1},
    ...     chains=320,
    ...     seed=7,
    ... )
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "saltelli"), "war")
    >>> found = mc.analysis.sensitivity.sobol(share)
    >>> found["total"].round(1).to_series().to_dict()
    {'response.war_cost': 0.9, 'response.gap': 0.0}
    """
    import xarray as xr

    names, matrices = _saltelli(response)
    blocks = complete_blocks(response)
    values = _means(response) if blocks is None else blocks
    values = values.reshape(len(values), -1)
    spread = values.mean(axis=1).std()
    scaled = (values - values.mean()) / (spread if spread > 0 else 1.0)
    has_second = any(label.startswith(SECOND) for label in matrices)
    n = len(matrices[FIRST])

    def indices(samples: Places, kept: Places) -> NDArray[np.float64]:
        columns = np.asarray(kept if blocks is not None else [0], np.intp)
        chosen = {
            label: scaled[np.ix_(points[samples], columns)] for label, points in matrices.items()
        }
        forms = _forms({label: v.mean(axis=1) for label, v in chosen.items()}, names, has_second)
        if blocks is not None:
            forms = subtract_noise(forms, _forms(chosen, names, has_second))
        variance = forms[0]
        shares = forms[1:] / variance if variance > 0 else np.zeros_like(forms[1:])
        return np.concatenate([[max(variance, 0.0) * spread**2], shares])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a block whose points are all alike is no surprise
        numbers_of = estimate_with_interval(
            indices, n, values.shape[1] if blocks is not None else 0, level
        )
    d = len(names)
    variables: dict[str, Any] = {}
    for end, numbers in zip(("", "_lower", "_upper"), numbers_of, strict=True):
        variables["variance" + end] = ((), numbers[0])
        variables["first" + end] = ("parameter", numbers[1 : 1 + d])
        variables["total" + end] = ("parameter", numbers[1 + d : 1 + 2 * d])
        if has_second:
            pairs = np.zeros((d, d))
            pairs[np.triu_indices(d, 1)] = numbers[1 + 2 * d :]
            variables["second" + end] = (("parameter", "partner"), pairs + pairs.T)
    labels = np.array(names, object)
    coords = {"parameter": labels} | ({"partner": labels} if has_second else {})
    attrs = {
        "event": str(response.name),
        "level": level,
        "n_samples": n,
        "noise_corrected": int(blocks is not None),
        "has_variance": int(numbers_of[0][0] > 0),
    }
    return xr.Dataset(variables, coords, attrs)


def _saltelli(response: "xr.DataArray") -> tuple[list[str], dict[str, NDArray[np.int64]]]:
    """Names of parameters, and the points of each matrix, sample by sample."""
    _check_one_base(response)
    if "design_block" not in response.coords:
        raise UsageError("sobol: expected a sweep with a Saltelli design")
    labels = [str(label) for label in response["design_block"].values]
    samples = response["design_sample"].values
    matrices: dict[str, NDArray[np.int64]] = {}
    for label in dict.fromkeys(labels):
        points = np.flatnonzero([other == label for other in labels])
        matrices[label] = points[np.argsort(samples[points], kind="stable")]
    names = [name for name in parameters_of(response) if BOTH + name in matrices]
    order = samples[matrices[FIRST]].tolist() if FIRST in matrices else []
    whole = names and "B" in matrices and len(order) == len(set(order)) > 1
    if not whole or any(not np.array_equal(samples[p], order) for p in matrices.values()):
        raise UsageError("sobol: expected every sample of a Saltelli design, whole and once")
    return names, matrices


def _forms(values: dict[str, NDArray[Any]], names: list[str], has_second: bool) -> NDArray[Any]:
    """Variance, and the numerators of all indices: quadratic forms of (sample, ...) values."""
    library = _salib("sobol")
    a, b = values[FIRST], values["B"]
    mixed = [values[BOTH + name] for name in names]
    variance = np.var(np.concatenate([a, b]), axis=0)
    forms = [np.ones_like(variance)]
    forms += [library.first_order(a, ab, b) for ab in mixed]
    forms += [library.total_order(a, ab, b) for ab in mixed]
    if has_second:
        swapped = [values[SECOND + name] for name in names]
        forms += [
            library.second_order(a, mixed[j], mixed[k], swapped[j], b)
            for j in range(len(names))
            for k in range(j + 1, len(names))
        ]
    return np.array(forms) * variance


def morris_table(
    ranges: Mapping[str, tuple[float, float]],
    *,
    n_trajectories: int = 20,
    levels: int = 4,
    seed: int = 0,
) -> str:
    """Write a table of points (CSV) that changes one parameter at a time, for Morris screening.

    Use it as a design of kind "table", with axes of these names.

    Parameters
    ----------
    ranges
        Lowest and highest value by name of the axis.
    n_trajectories
        Number of trajectories, 2 or more; each has one point more than there are parameters.
    levels
        Number of values that each parameter takes; even.
    seed
        Seed of the trajectories.

    Returns
    -------
    str
        The table, with a line for the names of columns.

    Raises
    ------
    UsageError
        `levels` is odd, there are fewer than two trajectories, or there is nothing to vary.
    ExtraMissing
        SALib is not installed.

    References
    ----------
    Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments.
    Technometrics 33, 161-174.

    Examples
    --------
    >>> import mcescalate as mc
    >>> table = mc.analysis.sensitivity.morris_table({"gap": (0.0, 1.0)}, n_trajectories=2, seed=1)
    >>> len(table.splitlines())
    5
    """
    if not ranges or n_trajectories < 2 or levels < 2 or levels % 2:
        raise UsageError(
            "morris: expected a parameter or more, two trajectories or more and an even number "
            f"of levels, found {len(ranges)}, {n_trajectories} and {levels}"
        )
    problem = _problem(list(ranges), list(ranges.values()))
    rows = _salib("morris", "sample").sample(problem, n_trajectories, num_levels=levels, seed=seed)
    return csv_text(list(ranges), rows.tolist())


def morris(response: "xr.DataArray", *, levels: int = 4, level: float = LEVEL) -> "xr.Dataset":
    """Screen parameters by elementary effects: the change of the response over one step.

    Parameters
    ----------
    response
        By `point`, in the order of `morris_table`, and by `block`.
    levels
        As given to `morris_table`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `parameter`, per range of the parameter: `mu` (mean effect), `mu_star` (mean of its
        size) with `mu_star_lower` and `mu_star_upper`, `sigma` (its spread), as in SALib;
        and `rms`, the root mean square of the effects, from which noise is removed if blocks are
        known (attribute `noise_corrected`). `mu_star` cannot be less than noise alone makes it;
        `rms` of a parameter without effect is near 0.

    Raises
    ------
    UsageError
        The points are not a whole set of trajectories.
    ExtraMissing
        SALib is not installed.

    References
    ----------
    Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments.
    Technometrics 33, 161-174.

    Examples
    --------
    >>> import mcescalate as mc
    >>> ranges = {"response.war_cost": (1.0, 4.0), "response.gap": (0.4, 0.6)}
    >>> table = mc.analysis.sensitivity.morris_table(ranges, n_trajectories=4, seed=1)
    >>> with open("morris.csv", "w") as file:
    ...     _ = file.write(table)
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes=[{"address": address} for address in ranges],
    ...     design={"kind": "table", "file": "morris.csv"},
    ...     chains=320,
    ...     seed=7,
    ... )
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "morris"), "war")
    >>> found = mc.analysis.sensitivity.morris(share)
    >>> found["parameter"].values[found["rms"].values.argmax()]
    'response.war_cost'
    """
    import xarray as xr

    _check_one_base(response)
    names = parameters_of(response)
    inputs = np.array([response[name].values for name in names], np.float64).T
    n_steps = len(names) + 1
    if not names or len(inputs) % n_steps or len(inputs) < 2 * n_steps:
        raise UsageError(f"morris: expected whole trajectories of {n_steps} points")
    walks = inputs.reshape(-1, n_steps, len(names))
    if not ((np.diff(walks, axis=1) != 0).sum(axis=2) == 1).all():
        raise UsageError("morris: expected each point to change one parameter")
    problem = _problem(names, [(column.min(), column.max()) for column in inputs.T])
    analyze = _salib("morris").analyze
    blocks = complete_blocks(response)

    def effects(values: NDArray[Any], resamples: int = 2) -> dict[str, Any]:
        return analyze(
            problem,
            inputs,
            values,
            num_resamples=resamples,
            conf_level=level,
            num_levels=levels,
            seed=1,
        )

    n = len(walks)

    def mean_square(found: dict[str, Any]) -> NDArray[Any]:
        mu, sigma = (np.asarray(found[name], np.float64) for name in ("mu", "sigma"))
        return mu**2 + sigma**2 * (n - 1) / n

    found = effects(_means(response), 500)
    square = mean_square(found)
    if blocks is not None:
        own = np.stack([mean_square(effects(column)) for column in blocks.T], axis=-1)
        square = subtract_noise(mean_square(effects(blocks.mean(axis=1))), own)
    star, half = (np.asarray(found[name], np.float64) for name in ("mu_star", "mu_star_conf"))
    by = "parameter"
    return xr.Dataset(
        {
            "mu": (by, np.asarray(found["mu"], np.float64)),
            "mu_star": (by, star),
            "mu_star_lower": (by, np.maximum(star - half, 0.0)),
            "mu_star_upper": (by, star + half),
            "sigma": (by, np.asarray(found["sigma"], np.float64)),
            "rms": (by, np.sqrt(np.maximum(square, 0.0))),
        },
        {by: np.array(names, object)},
        attrs={
            "event": str(response.name),
            "level": level,
            "n_trajectories": n,
            "noise_corrected": int(blocks is not None),
        },
    )


def _problem(names: list[str], bounds: list[tuple[float, float]]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": names, "bounds": [list(b) for b in bounds]}


def _means(response: "xr.DataArray") -> NDArray[np.float64]:
    whole = response.mean("block") if "block" in response.dims else response
    return whole.values.astype(np.float64)


def _check_one_base(response: "xr.DataArray") -> None:
    if "base" in response.coords and len(set(response["base"].values.tolist())) > 1:
        raise UsageError("sensitivity: expected points of one base; choose one first")
    if bool(
        response.mean("block").isnull().any()
        if "block" in response.dims
        else response.isnull().any()
    ):
        raise UsageError("sensitivity: a point has no chains; finish the sweep first")


def _salib(method: str, part: str = "analyze") -> Any:
    import importlib

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(f"SALib.{part}.{method}")
    except ImportError:
        raise ExtraMissing(
            'sensitivity: SALib is not installed; pip install "mcescalate[sensitivity]"'
        ) from None
