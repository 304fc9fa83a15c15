"""Which optional parts of the model a result has: ends of wars, and bystanders.

They are part of it if its scenario switches them on, or if they occur in it.
"""

import json
from typing import TYPE_CHECKING, Any

from mcescalate.model.codes import BYSTANDER, CAUSES, ENDED, OPPORTUNISM, TREATY, WAR_ENDS
from mcescalate.model.coefficients import NEVER

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

__all__ = ["can_wars_end", "joining_causes"]


def joining_causes(result: "Arrays | xr.Dataset") -> tuple[str, ...]:
    """List the causes for which third parties join; bystanders only where they can.

    Parameters
    ----------
    result
        Counts or exact probabilities, of any format.

    Returns
    -------
    tuple of str
        "treaty", "opportunism" and perhaps "bystander", labels of the dim `cause`.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=100, seed=7)
    >>> mc.analysis.terms.joining_causes(result)
    ('treaty', 'opportunism')
    """
    causes = [CAUSES[TREATY], CAUSES[OPPORTUNISM]]
    base = _tables(result).get("bystander", {}).get("base", NEVER)
    if base > NEVER or _occurs(result, "entry", "cause", CAUSES[BYSTANDER]):
        causes.append(CAUSES[BYSTANDER])
    return tuple(causes)


def can_wars_end(result: "Arrays | xr.Dataset") -> bool:
    """Check whether a war can end before the horizon.

    Parameters
    ----------
    result
        Counts or exact probabilities, of any format.

    Returns
    -------
    bool
        True if `war.rate` is above 0 in the result's scenario, or if a war ended in it.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=100, seed=7)
    >>> mc.analysis.terms.can_wars_end(result)
    False
    """
    rate = _tables(result).get("war", {}).get("rate", 0.0)
    return rate > 0.0 or _occurs(result, "war_length", "war_end", WAR_ENDS[ENDED])


def _tables(result: "Arrays | xr.Dataset") -> dict[str, Any]:
    """The tables of the scenario, none where the provenance has no single one."""
    provenance = json.loads(result.attrs.get("provenance", "{}"))
    return provenance.get("parameters", {}).get("scenario", {})


def _occurs(result: "Arrays | xr.Dataset", of: str, dim: str, label: str) -> bool:
    for name in (f"{of}_count", f"{of}_probability", f"{of}_probability_lower"):
        if name in result.variables:
            variable = result.variables[name]
            labels = result.variables[dim].values.tolist()
            if label in labels:
                place = labels.index(label)
                return bool((variable.values.take(place, variable.dims.index(dim)) > 0).any())
    return False
