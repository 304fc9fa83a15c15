"""From a result to its page."""

from typing import TYPE_CHECKING, Any, NamedTuple

from mcescalate.analysis.entry import scenario_of
from mcescalate.errors import UsageError
from mcescalate.quantities import counted
from mcescalate.report import one_run, origin, over_points
from mcescalate.report.figures import Figures
from mcescalate.report.page import whole_page
from mcescalate.results.checks import provenance_of
from mcescalate.results.probabilities import is_exact
from mcescalate.sweep.manifest import restore

if TYPE_CHECKING:
    import xarray as xr


class Report(NamedTuple):
    """A page, and whether figures are missing in it because a package is."""

    html: str
    lacks_figures: bool


def make_report(result: "xr.Dataset") -> Report:
    """One self-contained HTML page on a result of counts, of one run or of a sweep.

    All text in it is escaped, it holds no script, and loads nothing. The same result gives
    the same page.

    Raises
    ------
    UsageError
        The result is an exact solution.
    DataError
        It has no provenance.
    """
    if is_exact(result):
        raise UsageError(
            "report: expected counts of chains, found an exact solution; "
            "use mcescalate show, or report a run of its scenario"
        )
    story = provenance_of(result, "report")
    figures = Figures()
    try:
        return _page(result, story, figures)
    except (AttributeError, KeyError, TypeError) as error:
        raise DataError(f"report: the provenance of the result is incomplete: {error}") from error


def _page(result: "xr.Dataset", story: dict[str, Any], figures: Figures) -> Report:
    if "point" in result.dims:
        sweep, _, _ = restore(story, "report")
        bases = dict(sweep.bases)
        description = sweep.plan.note
        amount = counted(result.sizes["point"], "points")
        parts = [
            *over_points.sections(result, figures),
            *(origin.assumptions(scenario) for scenario in list(bases.values())[:1]),
            origin.provenance(result, story),
            origin.reproduce_sweep(bases, story),
        ]
    else:
        scenario = scenario_of(result)
        description = scenario.description
        amount = counted(int(result["n_chains"]), "chains")
        parts = [
            *one_run.sections(result, scenario, figures),
            origin.assumptions(scenario),
            origin.provenance(result, story),
            origin.reproduce_run(scenario, story),
        ]
    day = str(result.attrs.get("date_created", ""))[:10]
    kicker = f"Simulated crises: {amount}, seed {result.attrs['seed']}, {day}"
    page = whole_page(str(result.attrs["title"]), kicker, description, parts)
    return Report(page, figures.missing)
