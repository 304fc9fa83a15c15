"""From a result to its page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mcescalate.errors import DataError, UsageError
from mcescalate.report import one_run, origin, over_points
from mcescalate.report.figures import Figures
from mcescalate.report.page import Section, whole_page
from mcescalate.report.wording import amount
from mcescalate.results.expecting import expect_result
from mcescalate.results.origin import restored_scenario, run_origin, sweep_origin
from mcescalate.results.probabilities import is_exact

if TYPE_CHECKING:
    import xarray as xr

NAME = "report"
OF_EVERY_RESULT = ("title", "seed")
OF_A_SWEEP = ("design", "complete", "common_random_numbers")
"""Attributes that a page is made from."""


class Report(NamedTuple):
    """A page, and whether figures are missing in it because a package is."""

    html: str
    lacks_figures: bool


def make_report(result: "xr.Dataset", of: Sequence[str] = ()) -> Report:
    """One self-contained HTML page on a result of counts, of one run or of a sweep.

    All text in it is escaped, it holds no script, and loads nothing. The same result gives
    the same page.

    Parameters
    ----------
    of : events that the page on a sweep is about (`mcescalate.analysis.events`), by default
        war and general war

    Raises
    ------
    UsageError
        The result is an exact solution, or one point of a sweep; there is no such event, or
        events are named for the page on a run, which has them all.
    DataError
        It has no provenance, or not all of it.
    """
    expect_result(result, "make_report")
    if is_exact(result):
        raise UsageError(
            "report: expected counts of chains, found an exact solution; "
            "use mcescalate show, or report a run of its scenario"
        )
    is_sweep = "point" in result.dims
    if of and not is_sweep:
        raise UsageError(
            "report: events are chosen for the page on a sweep; the page on one run has them "
            "all, so leave --of out"
        )
    needed = (*OF_EVERY_RESULT, *(OF_A_SWEEP if is_sweep else ()))
    if missing := [key for key in needed if key not in result.attrs]:
        raise DataError(f"{NAME}: the result has no attribute {', '.join(missing)}")
    figures = Figures()
    if is_sweep:
        description, parts = _on_sweep(result, figures, tuple(dict.fromkeys(of)))
        size = amount(result.sizes["point"], "points")
    else:
        description, parts = _on_run(result, figures)
        size = amount(int(result["n_chains"]), "chains")
    day = str(result.attrs.get("date_created", ""))[:10]
    kicker = f"Simulated crises: {size}, seed {result.attrs['seed']}, {day}"
    page = whole_page(str(result.attrs["title"]), kicker, description, parts)
    return Report(page, figures.missing)


def _on_run(result: "xr.Dataset", figures: Figures) -> tuple[str, list[Section]]:
    """Description and sections of one run."""
    found = run_origin(result, NAME)
    scenario = restored_scenario(found.parameters.scenario, NAME)
    return scenario.description, [
        *one_run.sections(result, scenario, figures),
        origin.assumptions({"": scenario}),
        origin.provenance(result, found.software.version, found.resources, found.environment),
        origin.reproduce_run(scenario, found),
    ]


def _on_sweep(
    result: "xr.Dataset", figures: Figures, of: Sequence[str]
) -> tuple[str, list[Section]]:
    """Description and sections of a sweep."""
    found = sweep_origin(result, NAME)
    bases = {base.name: restored_scenario(base.scenario, NAME) for base in found.bases}
    if set(bases) != set(result["base"].values.tolist()):
        raise DataError(f"{NAME}: the bases in its provenance are not those of its points")
    plan = origin.stored_plan(found, NAME)
    return plan.note, [
        *over_points.sections(result, figures, of or over_points.OF),
        origin.assumptions(bases),
        origin.provenance(result, found.mcescalate),
        origin.reproduce_sweep(bases, plan, found, of),
    ]
