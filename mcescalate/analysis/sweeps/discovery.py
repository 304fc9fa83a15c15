"""Scenario discovery: in which ranges of the parameters is an event likely?

The patient rule induction method (PRIM) peels thin slices off the box of all points until
the rest is dense in points of interest. The EMA Workbench provides the algorithm.
"""

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.sweeps.sensitivity import parameters_of
from mcescalate.errors import ExtraMissing, UsageError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["find_boxes"]

MOST_BOXES = 4


def find_boxes(
    response: "xr.DataArray",
    *,
    above: float,
    density: float = 0.8,
    mass: float = 0.05,
    most: int = MOST_BOXES,
) -> "xr.Dataset":
    """Find ranges of the parameters in which an event is likely (PRIM).

    The patient rule induction method finds boxes one by one, each among the points outside the
    previous ones.

    Parameters
    ----------
    response
        By `point` (and `block`) of a sweep over a sample of the parameters, as from
        `analysis.monte_carlo_error.response`.
    above
        A point is of interest if its response is greater; a share, 0 to 1.
    density
        Least share of points of interest in a box; of the boxes along the peeling
        trajectory that reach it, the one with the greatest coverage is chosen.
    mass
        Least share of all points in a box.
    most
        Greatest number of boxes.

    Returns
    -------
    xarray.Dataset
        By `box` and `parameter`: `low`, `high`, and `is_restricted`, whether a limit matters;
        by `box`: `coverage` (share of all points of interest that are in it), `density` and
        `mass`. The response includes noise: points near `above` may be on either side.
        There may be no such box.

    Raises
    ------
    UsageError
        No point is of interest, or all are.
    ExtraMissing
        The EMA Workbench is not installed.

    References
    ----------
    Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics
    and Computing 9, 123-143.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes={
    ...         "response.gap": {"low": 0.1, "high": 1.0},
    ...         "response.war_cost": {"low": 1.0, "high": 4.0},
    ...     },
    ...     design={"kind": "latin-hypercube", "size": 60, "seed": 1},
    ...     chains=320,
    ...     seed=7,
    ... )
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "sample"), "war")
    >>> boxes = mc.analysis.discovery.find_boxes(share, above=0.7)
    >>> boxes["is_restricted"].sel(box=0, parameter="response.war_cost").item()
    True
    """
    import pandas as pd
    import xarray as xr

    prim = _prim()
    names = parameters_of(response)
    share = response.mean("block") if "block" in response.dims else response
    is_wanted = share.values > above
    if not names or is_wanted.all() or not is_wanted.any():
        raise UsageError(
            f"boxes: expected points above and below {above} of a sweep, "
            f"found {int(is_wanted.sum())} above of {is_wanted.size}"
        )
    inputs = pd.DataFrame({name: np.asarray(response[name].values, float) for name in names})
    boxes: list[tuple[Any, Any]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(inputs, is_wanted.astype(float), threshold=density, mass_min=mass)
        while len(boxes) < most and (box := search.find_box()) is not None:
            way = box.peeling_trajectory
            dense = way[way["density"] >= density]
            if not (way["res_dim"] > 0).any() or dense.empty:
                break
            place = int(dense["coverage"].idxmax())
            box.select(place)
            boxes.append((box.box_lims[place], way.loc[place]))
    widest = np.array([inputs.min(), inputs.max()])
    limits = np.array([lims[names].to_numpy(float) for lims, _ in boxes]).reshape(-1, 2, len(names))
    by = ("box", "parameter")
    return xr.Dataset(
        {
            "low": (by, limits[:, 0]),
            "high": (by, limits[:, 1]),
            "is_restricted": (by, (limits != widest).any(axis=1)),
            **{
                key: ("box", np.array([float(facts[key]) for _, facts in boxes]))
                for key in ("coverage", "density", "mass")
            },
        },
        {"box": np.arange(len(boxes)), "parameter": np.array(names, object)},
        attrs={"event": str(response.name), "above": above},
    )


def _prim() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        raise ExtraMissing(
            'boxes: the EMA Workbench is not installed; pip install "mcescalate[discovery]"'
        ) from None
    return prim
