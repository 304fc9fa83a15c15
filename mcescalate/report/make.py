"""The page on a result."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.errors import UsageError
from mcescalate.report import provenance, run, sweep
from mcescalate.report.figures import Figures, Report
from mcescalate.report.formatting import amount
from mcescalate.report.rendering import render
from mcescalate.results.checks.result import check_result, expect_result
from mcescalate.results.provenance.schema import restore_scenario, run_provenance, sweep_manifest
from mcescalate.results.variables import is_exact
from mcescalate.sweep.result.checks import check_points
from mcescalate.sweep.store.manifest import stored_plan

if TYPE_CHECKING:
    import xarray as xr

NAME = "report"


def make_report(
    result: "xr.Dataset", of: Sequence[str] = (), without: "xr.Dataset | None" = None
) -> Report:
    """One self-contained HTML page on a result of counts, of one run or of a sweep.

    All text in it is escaped, and it loads nothing. The page on a run has no script; that on a
    sweep has one of its own for its dials, and allows no other. The same result gives the same
    page.

    Parameters
    ----------
    of : events that the page on a sweep is about (`mcescalate.analysis.events`), by default
        war and general war
    without : counts of the same chains without each mechanism of misperception
        (`analysis.inadvertence.simulate_again`), for a section on them

    Raises
    ------
    UsageError
        The result is an exact solution, or one point of a sweep; there is no such event, or
        events are named for the page on a run, which has them all, or a run without
        misperception is given for the page on a sweep.
    DataError
        It is not what its attributes and its provenance say.
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
            "report: --of chooses events for the page on a sweep; the page on one run has all; "
            "leave it out"
        )
    if without is not None and is_sweep:
        raise UsageError(
            "report: runs without misperception apply to the page on one run, found a sweep"
        )
    if not is_sweep and result.attrs.get("kind") == "sweep":
        raise UsageError(f"{NAME}: expected the result of one run, or a whole sweep; found a point")
    check_result(result, NAME)
    if is_sweep:
        check_points(result, NAME)
    figures = Figures()
    if is_sweep:
        size = amount(result.sizes["point"], "points")
        values = _describe_sweep(result, figures, tuple(dict.fromkeys(of)))
        shown = values["dials"]["data"]
        values |= {"left_out": () if shown else ("dials",), "policy": values["dials"]["policy"]}
    else:
        size = amount(int(result["n_chains"]), "chains")
        values = _describe_run(result, figures, without)
    values |= {
        "title": result.attrs["title"],
        "kicker": f"Simulated crises: {size}, seed {result.attrs['seed']}",
        "day": str(result.attrs.get("date_created", ""))[:10],
        "most_rows": provenance.MOST_ROWS,
    }
    return Report(render("sweep.html" if is_sweep else "run.html", values), figures.missing)


def _describe_run(
    result: "xr.Dataset", figures: Figures, without: "xr.Dataset | None"
) -> dict[str, Any]:
    """The values of the page on one run."""
    found = run_provenance(result, NAME)
    scenario = restore_scenario(found.parameters.scenario, NAME)
    version = found.software.version
    return {
        "lead": scenario.description,
        **run.describe(result, scenario, figures, without),
        "assumptions": provenance.assumptions({"": scenario}),
        "provenance": provenance.provenance(result, version, found.resources, found.environment),
        "reproduction": provenance.reproduce_run(
            scenario, found, () if without is None else ("--inadvertence",)
        ),
    }


def _describe_sweep(
    result: "xr.Dataset", figures: Figures, events: Sequence[str]
) -> dict[str, Any]:
    """The values of the page on a sweep."""
    found = sweep_manifest(result, NAME)
    bases = {base.name: restore_scenario(base.scenario, NAME) for base in found.bases}
    plan = stored_plan(found, NAME)
    return {
        "lead": plan.note,
        **sweep.describe(result, figures, events or sweep.EVENTS),
        "assumptions": provenance.assumptions(bases),
        "provenance": provenance.provenance(result, found.mcescalate),
        "reproduction": provenance.reproduce_sweep(bases, plan, found, events),
    }
