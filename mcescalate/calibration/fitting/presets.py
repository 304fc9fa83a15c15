"""Fitted values as overlays, one for each era, and as a posterior that other programs read."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate import __version__
from mcescalate.calibration.fitting.calibrate import DRAWS, Calibration
from mcescalate.calibration.likelihoods.free_values import MIX, PERIODS, RESOLVE
from mcescalate.model.coefficients import COEFFICIENTS, MODEL_VERSION
from mcescalate.results.files.atomic import write_atomically
from mcescalate.scenario.first_acts import TRAITS
from mcescalate.scenario.form.tables import Ladder

if TYPE_CHECKING:
    import xarray as xr

POSTERIOR = "posterior.nc"
METHOD = "laplace; importance sampling with few disputes"
_DIGITS = 4
_RESOLVE_TERMS = {
    "response.up": 1.0,
    "response.down": -1.0,
    "deterrence.base": 1.0,
}
"""Where the resolve of an actor stands by itself, with its sign; it also bears on joining."""
_FOLLOWING = "alliance.base"
"""Where it stands times alliance.resolve."""


def overlay_name(period: str) -> str:
    """Name of the overlay of an era."""
    return f"{period}.toml"


def overlay_text(
    calibration: Calibration, period: str, source: str, rungs: Mapping[str, int]
) -> str:
    """The overlay of an era, with its provenance.

    A resolve that all actors share has no place in an overlay, which names actors. It is written
    as what amounts to the same: it adds to the logits of going up, of challenging, and of joining
    for a promise, and takes off that of going down.

    Parameters
    ----------
    source : what the values were fitted to
    rungs : of the first acts, by name of the domain
    """
    era = PERIODS.index(period)
    found = {address: float(v[era]) for address, v in calibration.effective().items()}
    defaults = {row.address: row.default for row in COEFFICIENTS}
    notes: dict[str, list[str]] = {}
    if RESOLVE in found:
        resolve = found.pop(RESOLVE)
        follows = found.get("alliance.resolve", defaults["alliance.resolve"])
        for address, factor in {**_RESOLVE_TERMS, _FOLLOWING: follows}.items():
            table, _, name = address.partition(".")
            found[address] = found.get(address, defaults[address]) + factor * resolve
            notes.setdefault(table, []).append(name)
    lines = [f"# Coefficients for crises of {period}, fitted to recorded disputes."]
    tables = dict.fromkeys(address.partition(".")[0] for address in found)
    for table in tables:
        if table == "trigger":
            continue
        lines += ["", f"[{table}]"]
        own = {a: v for a, v in found.items() if a.startswith(f"{table}.")}
        lines += [f"{a.partition('.')[2]} = {number_text(v)}" for a, v in own.items()]
        if table in notes:
            names = " and ".join(notes[table])
            text = f"{names}: with the resolve that all actors share, {number_text(resolve)}"
            lines.append(f"note = {json.dumps(text)}")
        lines.append(f"source = {json.dumps(source)}")
    for name in calibration.domains:
        address = MIX.replace("*", name)
        if address in found:
            lines += [
                "",
                "[[trigger.domains]]",
                f"name = {json.dumps(name)}",
                f"weight = {number_text(found[address])}",
                f"rung = {rungs[name]}",
                *(
                    f"{trait} = {number_text(found[effect])}"
                    for trait in TRAITS
                    if (effect := f"trigger.domains.{name}.{trait}") in found
                ),
                f"source = {json.dumps(source)}",
            ]
    return "\n".join(lines) + "\n"


def number_text(value: float) -> str:
    """A number with four digits, as TOML has it."""
    rounded = float(f"{value:.{_DIGITS}g}")
    return repr(rounded + 0.0)


def posterior_dataset(calibration: Calibration, *, n: int = DRAWS, seed: int = 1) -> "xr.Dataset":
    """Draws by address: (chain, draw), or (chain, draw, era) for a value that shifts by era.

    `chain` and `draw` are ArviZ's words; the one chain has draws in random order. Where the resolve
    of all was fitted, the values into which an overlay writes it are among the draws too, at their
    defaults if they were not fitted: laid over a scenario with the overlay, a draw counts it once.
    """
    import xarray as xr

    draws = calibration.draws(n, seed)
    if RESOLVE in draws:
        defaults = {row.address: row.default for row in COEFFICIENTS}
        for address in (*_RESOLVE_TERMS, _FOLLOWING):
            draws.setdefault(address, np.full((n, len(PERIODS)), defaults[address]))
    shifts = calibration.by_period()
    return xr.Dataset(
        {
            address: (
                (("chain", "draw", "era"), drawn[None])
                if shifts.get(address)
                else (("chain", "draw"), drawn[None, :, 0])
            )
            for address, drawn in draws.items()
        },
        coords={"chain": [0], "draw": np.arange(n), "era": list(PERIODS)},
    )


def write_posterior(
    path: Path,
    calibration: Calibration,
    ladder: Ladder,
    *,
    data: list[dict[str, Any]],
    settings: Mapping[str, Any],
    seed: int = 1,
    n: int = DRAWS,
) -> None:
    """Write the posterior as ArviZ lays it out, in the group `posterior`.

    Parameters
    ----------
    data : the files that it was fitted to, with their digests
    settings : of the calibration

    Raises
    ------
    OutputError, ResourceError
        The folder does not take it.
    """
    import xarray as xr

    about = {
        "mcescalate_version": __version__,
        "model_version": MODEL_VERSION,
        "ladder": json.dumps(
            {
                "rungs": list(ladder.rungs),
                "mobilised": ladder.mobilised,
                "casus": ladder.casus,
                "mid": list(ladder.mid),
            }
        ),
        "method": METHOD,
        "data": json.dumps(data),
        "settings": json.dumps(dict(settings), sort_keys=True),
    }
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / POSTERIOR
        xr.Dataset(attrs=about).to_netcdf(draft, engine="h5netcdf")
        posterior_dataset(calibration, n=n, seed=seed).to_netcdf(
            draft, engine="h5netcdf", group="posterior", mode="a"
        )
        write_atomically(path, draft.read_bytes(), force=True)
