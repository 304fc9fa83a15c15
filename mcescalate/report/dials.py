"""The points of a sweep for the page's dials: what each shows, as JSON that the page carries."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from mcescalate.analysis.estimation.estimate import LEVEL, estimate
from mcescalate.analysis.estimation.events import event_count
from mcescalate.analysis.sweeps.monte_carlo_error import response
from mcescalate.analysis.sweeps.posterior import is_over_draws
from mcescalate.analysis.sweeps.sensitivity import parameters_of
from mcescalate.quantities import in_words
from mcescalate.report.formatting import event_phrase, interval_of, number, share
from mcescalate.report.rendering import printable

if TYPE_CHECKING:
    import xarray as xr

MOST_POINTS = 5_000
"""On the page; beyond, dials have nothing to show."""
MOST_DETAILED = 1_000
"""With all outcomes and paired differences; beyond, only with the events of the page."""
_DIGITS = 5


def dials(sweep: "xr.Dataset", events: Sequence[str]) -> dict[str, Any]:
    """Everything the dials show, or no `data` for a sweep without axes or with too many points."""
    n = sweep.sizes["point"]
    names = parameters_of(sweep)
    found: dict[str, Any] = {"n_points": n, "most": MOST_POINTS, "data": None, "policy": ""}
    if not names or n < 2 or n > MOST_POINTS or is_over_draws(sweep):
        return found
    shown = list(dict.fromkeys([*events, *_outcomes(sweep, n)]))
    bases = sweep["base"].values.tolist()
    values = {
        "axes": [_axis(sweep, name) for name in names],
        "bases": list(dict.fromkeys(bases)),
        "base": [list(dict.fromkeys(bases)).index(base) for base in bases],
        "chains": [number(int(chains)) for chains in sweep["n_chains"].values],
        "events": [{"name": _named(of), **_shares(sweep, of)} for of in shown],
        "quantiles": _quantiles(int(sweep.sizes.get("block", 0))),
    }
    script = (Path(__file__).parent / "templates" / "dials.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return found | {
        "data": as_json(values),
        "script": Markup(script),
        "policy": f"; script-src 'sha256-{digest}'",
        "has_pairs": any(event["blocks"] for event in values["events"]),
    }


def as_json(values: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the element which holds it, with hidden characters replaced."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return printable(value)
        if isinstance(value, dict):
            return {key: clean(one) for key, one in value.items()}
        return [clean(one) for one in value] if isinstance(value, list) else value

    text = json.dumps(clean(values), allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _outcomes(sweep: "xr.Dataset", n_points: int) -> list[str]:
    return sweep["outcome"].values.tolist() if n_points <= MOST_DETAILED else []


def _named(of: str) -> str:
    phrase = in_words(of) if of.isidentifier() else event_phrase(of)
    return phrase[0].upper() + phrase[1:]


def _axis(sweep: "xr.Dataset", name: str) -> dict[str, Any]:
    """Its values in rising order, and the place of each point's among them; None: unchanged."""
    values = sweep[name].values.astype(float)
    known = np.unique(values[~np.isnan(values)])
    has_unchanged = bool(np.isnan(values).any())
    places = np.where(np.isnan(values), 0, np.searchsorted(known, values) + has_unchanged)
    return {
        "name": name,
        "address": str(sweep[name].attrs["address"]),
        "change": str(sweep[name].attrs["change"]),
        "values": [*([None] if has_unchanged else []), *(float(f"{v:.6g}") for v in known)],
        "at": places.tolist(),
    }


def _shares(sweep: "xr.Dataset", of: str) -> dict[str, Any]:
    """Of each point: the share and its interval, as text and as numbers, and shares by block."""
    found = estimate(event_count(sweep, of), sweep["n_chains"])
    names = ("probability", "lower", "upper")
    rows = zip(*(found[name].values.tolist() for name in names), strict=True)
    estimates = [
        {name: None if np.isnan(x) else x for name, x in zip(names, row, strict=True)}
        for row in rows
    ]
    return {
        "text": [share(e) for e in estimates],
        "interval": [interval_of(e) for e in estimates],
        "p": [_rounded(e["probability"]) for e in estimates],
        "lower": [_rounded(e["lower"]) for e in estimates],
        "upper": [_rounded(e["upper"]) for e in estimates],
        "blocks": list(_blocks(sweep, of)) or None,
    }


def _blocks(sweep: "xr.Dataset", of: str) -> Iterator[list[float | None]]:
    """Shares by block of chains, where points share random numbers."""
    if sweep.sizes["point"] > MOST_DETAILED or not int(sweep.attrs.get("common_random_numbers", 0)):
        return
    shares = response(sweep, of)
    if "block" in shares.dims:
        for row in shares.transpose("point", "block").values:
            yield [_rounded(value) for value in row]


def _rounded(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value), _DIGITS)


def _quantiles(n_blocks: int) -> list[float]:
    """Student's quantile of a mean of n blocks, at place n - 2."""
    from scipy.special import stdtrit

    return [float(stdtrit(n - 1, (1 + LEVEL) / 2)) for n in range(2, n_blocks + 1)]
