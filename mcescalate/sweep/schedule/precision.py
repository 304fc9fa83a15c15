"""Sequential stopping: a point ends at the first look at which its interval is narrow enough.

Repeated looks raise the chance that one is narrow by luck. The error probability of a 95 %
interval is therefore divided evenly over all possible looks (Bonferroni): the interval has 95 %
coverage at whichever look the point ends.
"""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from mcescalate.errors import ScenarioError
from mcescalate.model.codes import GENERAL_WAR, LIMITED_WAR, OUTCOMES
from mcescalate.scenario.tables import Ladder
from mcescalate.scenario.wording import listed, quoted, suggestion
from mcescalate.sweep.design.plan import PrecisionTable

LEVEL = 0.95
"""Level at which the interval holds over all looks together."""

_AT_LEAST = "peak>="


def looks(table: PrecisionTable) -> tuple[int, ...]:
    """Chains at each look: doubled from look to look, up to the most."""

    def steps() -> Iterator[int]:
        chains = table.first_look
        while chains < table.max_chains:
            yield chains
            chains *= 2
        yield table.max_chains

    return tuple(steps())


def z_of_look(table: PrecisionTable) -> float:
    """Half-width of the interval of each look in standard deviations."""
    error = (1.0 - LEVEL) / len(looks(table))
    return NormalDist().inv_cdf(1.0 - error / 2.0)


def is_precise(table: PrecisionTable, count: np.ndarray, n_chains: int) -> np.ndarray:
    """Whether counts out of `n_chains` have the required precision.

    The half-width of Wilson's interval is compared with its centre, which is above 0 even for a
    count of 0: a rare event is never taken for a precisely known one.
    """
    z = z_of_look(table)
    share = np.asarray(count) / n_chains
    middle = share + z * z / (2 * n_chains)
    half = z * np.sqrt(share * (1 - share) / n_chains + (z / (2 * n_chains)) ** 2)
    return half <= table.half_width * middle


def target_count(of: str, outcome: np.ndarray, peak: np.ndarray, ladder: Ladder) -> np.ndarray:
    """Chains in which the target event occurred, from counts (point, outcome) and (point, rung)."""
    if of == "war":
        return outcome[:, [LIMITED_WAR, GENERAL_WAR]].sum(axis=1)
    if of in OUTCOMES:
        return outcome[:, OUTCOMES.index(of)]
    return peak[:, _rung(of, ladder) :].sum(axis=1)


def check_target(of: str, ladder: Ladder, name: str) -> None:
    """Check that `of` names an event that a scenario with this ladder has.

    Raises
    ------
    ScenarioError
        It does not; says what could be meant.
    """
    if of == "war" or of in OUTCOMES:
        return
    if of.startswith(_AT_LEAST):
        if _rung(of, ladder) is not None:
            return
        text = f"precision.of: no rung {quoted(of.removeprefix(_AT_LEAST).strip())}; " + (
            f"there are {listed(list(ladder.rungs))}"
        )
    else:
        known = ["war", *OUTCOMES]
        text = f'precision.of: expected "war", an outcome or "peak>=RUNG", found {quoted(of)}'
        text += suggestion(of, known)
    raise ScenarioError(name, [text])


def _rung(of: str, ladder: Ladder) -> int | None:
    """The rung of "peak>=RUNG", by name or number."""
    text = of.removeprefix(_AT_LEAST).strip()
    if text in ladder.rungs:
        return ladder.rungs.index(text)
    number = int(text) if text.isdecimal() and len(text) < 3 else 0
    return number if 1 <= number < len(ladder.rungs) else None


def expected_chains(table: PrecisionTable) -> float:
    """Chains that a point is assumed to need before any is simulated: half of the maximum."""
    return max(table.max_chains / 2, min(table.first_look, table.max_chains))
