"""A small posterior as ArviZ writes it, made up."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from mcescalate.model.coefficients import MODEL_VERSION
from mcescalate.scenario.eras import ERAS
from mcescalate.scenario.form.tables import Ladder

VALUES = {"response.gap": (0.4, 0.1, 0.0), "response.war_cost": (2.0, 0.8, 0.5)}
"""Mean, standard deviation, and shift from one era to the next, by address."""


def posterior_group(
    values: dict[str, tuple[float, float, float]] = VALUES, *, chains: int = 2, draws: int = 30
) -> xr.Dataset:
    """Draws of normal laws; by era where the mean shifts."""
    random = np.random.default_rng(1914)
    variables = {}
    for address, (mean, sd, shift) in values.items():
        drawn = mean + sd * random.standard_normal((chains, draws))
        if shift:
            drawn = drawn[..., None] + shift * np.arange(len(ERAS))
        variables[address] = (("chain", "draw", "era")[: drawn.ndim], drawn)
    return xr.Dataset(variables, {"chain": range(chains), "draw": range(draws), "era": list(ERAS)})


def of_the_model(**changes: Any) -> dict[str, Any]:
    """Attributes of a file that was fitted with this model and the usual ladder."""
    ladder = Ladder().model_dump(mode="json", include={"rungs", "mobilised", "casus", "mid"})
    return {"model_version": MODEL_VERSION, "ladder": json.dumps(ladder)} | changes


def write_posterior(
    path: Path, group: xr.Dataset | None = None, attrs: dict[str, Any] | None = None, **how: Any
) -> Path:
    """Write a file with the group, and a group beside it as samplers leave one."""
    about = of_the_model() if attrs is None else attrs
    xr.Dataset(attrs=about).to_netcdf(path, engine="h5netcdf")
    group = posterior_group() if group is None else group
    group.to_netcdf(path, engine="h5netcdf", group="posterior", mode="a", **how)
    beside = xr.Dataset({"lp": (("chain", "draw"), np.zeros((2, 30)))})
    beside.to_netcdf(path, engine="h5netcdf", group="sample_stats", mode="a")
    return path
