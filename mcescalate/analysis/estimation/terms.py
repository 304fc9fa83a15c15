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


def joining_causes(result: "Arrays | xr.Dataset") -> tuple[str, ...]:
    """Causes for which third parties join; bystanders only where they can.

    Parameters
    ----------
    result : counts or exact probabilities, of any format
    """
    causes = [CAUSES[TREATY], CAUSES[OPPORTUNISM]]
    base = _tables(result).get("bystander", {}).get("base", NEVER)
    if base > NEVER or _occurs(result, "entry", "cause", CAUSES[BYSTANDER]):
        causes.append(CAUSES[BYSTANDER])
    return tuple(causes)


def can_wars_end(result: "Arrays | xr.Dataset") -> bool:
    """Whether a war can end before the horizon.

    Parameters
    ----------
    result : counts or exact probabilities, of any format
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
