"""Sequential stopping: a point ends at the first look at which its interval is narrow enough.

Repeated looks raise the chance that one is narrow by luck. The error probability of a 95 %
interval is therefore divided evenly over all possible looks (Bonferroni): the interval has 95 %
coverage at whichever look the point ends.
"""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from mcescalate.engine.events import (
    AT_LEAST,
    ENGAGED_SIZE,
    ENTERED,
    MISREAD_WAR,
    OUTCOME,
    PEAK,
    WAR_OF,
    WAR_SIZE,
    Term,
    parse_event,
)
from mcescalate.errors import ScenarioError, UsageError
from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import listed, quoted, suggestion
from mcescalate.sweep.design.plan import PrecisionTable

LEVEL = 0.95
"""Level at which the interval holds over all looks together."""


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


COUNTED_BY = {
    OUTCOME: "outcome_count",
    PEAK: "peak_count",
    WAR_SIZE: "war_size_count",
    ENGAGED_SIZE: "engaged_size_count",
    MISREAD_WAR: "misread_war_count",
    WAR_OF: "actor_war_count",
    ENTERED: "entry_count",
}
"""The variable that counts the target event, by its kind."""


def target_count(term: Term, count: np.ndarray) -> np.ndarray:
    """Chains in which the target event occurred, by point.

    Parameters
    ----------
    count : (point, *dims) the variable of `COUNTED_BY`, of points with the same labels
    """
    if term.kind == OUTCOME:
        return count[:, [OUTCOMES.index(name) for name in term.outcomes]].sum(axis=1)
    if term.kind in (PEAK, WAR_SIZE, ENGAGED_SIZE):
        return count[:, term.number :].sum(axis=1)
    if term.kind == WAR_OF:
        return count[:, term.number].sum(axis=1)
    if term.kind == ENTERED:
        joining = [place for place, cause in enumerate(CAUSES) if cause not in SIDES]
        return count[:, term.number, joining].sum(axis=1)
    return count


def target_term(of: str, scenario: Scenario, name: str) -> Term:
    """The event that `of` names, if a scenario has it and counts tell of it.

    Raises
    ------
    ScenarioError
        It has no such event; says what could be meant.
    """
    rungs = scenario.ladder.rungs
    try:
        terms = parse_event(of, rungs, [actor.id for actor in scenario.actors]).terms
    except UsageError:
        terms = ()
    if len(terms) == 1 and terms[0] != Term(PEAK, 0):
        return terms[0]
    if of.startswith(AT_LEAST):
        text = f"precision.of: no rung {quoted(of.removeprefix(AT_LEAST).strip())}; " + (
            f"there are {listed(list(rungs))}"
        )
    else:
        known = ["war", *OUTCOMES]
        text = (
            'precision.of: expected "war", an outcome, "peak>=RUNG", "war:ACTOR", '
            '"entered:ACTOR", "war_size>=N", "engaged_size>=N" or "misread_war", '
            f"found {quoted(of)}"
        )
        text += suggestion(of, known)
    raise ScenarioError(name, [text])


def expected_chains(table: PrecisionTable) -> float:
    """Chains that a point is assumed to need before any is simulated: half of the maximum."""
    return max(table.max_chains / 2, min(table.first_look, table.max_chains))
