"""What happens when: ends of crises and of wars over time, and the course of one chain."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, crises
from mcescalate.analysis.mechanisms.timing import end_counts, incidence
from mcescalate.analysis.mechanisms.wars import survival as war_survival
from mcescalate.analysis.plots import canvas
from mcescalate.engine.trace import Trace

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

END_COLOURS = {
    "deterred": canvas.PURPLE,
    "settled": canvas.GREEN,
    "mediated": canvas.SKY,
    "war": canvas.VERMILION,
}


def survival(
    result: "xr.Dataset",
    *,
    ax: "Axes | None" = None,
    of_crises: bool = True,
    level: float = LEVEL,
) -> "Axes":
    """Draw how many chains have come to each end by each day, and how many are still open.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.
    of_crises
        Whether to leave deterred chains out.
    level
        Level of the intervals, drawn as bands.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `result` is a sweep or an exact solution.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.plots.survival(result).get_title(loc="left")
    'How crises end'
    """
    canvas.one_result(result, "survival")
    ax = canvas.axes_for(ax)
    found = incidence(result, of_crises=of_crises, level=level)
    n = crises(result)
    if of_crises:
        n = n - end_counts(result).sel(end="deterred").sum("turn")
    day = found["day"].values
    what = "crises" if of_crises else canvas.unit_of(result)
    canvas.dress(ax, f"How {what} end", "days since the incident", f"share of {what} so far (%)")
    if int(n) == 0:
        canvas.say_instead(ax, "every chain was deterred")
        return ax
    for end in found["end"].values.tolist():
        _step(ax, day, found.sel(end=end), ("probability", "lower", "upper"), END_COLOURS[end], end)
    names = ("surviving", "surviving_lower", "surviving_upper")
    _step(ax, day, found, names, canvas.GREY, "still open")
    ax.set_xlim(0, day[-1])
    ax.set_ylim(0, 100)
    bands = "" if canvas.unit_of(result) == "crises" else f", {100 * level:.4g} % bands"
    ax.set_xlabel(f"days since the incident ({canvas.chains(n)} {what}{bands})")
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    canvas.legend_above(ax)
    return ax


def war_length(result: "xr.Dataset", *, ax: "Axes | None" = None, level: float = LEVEL) -> "Axes":
    """Draw the share of wars that still go on after so many days: Kaplan and Meier's estimate.

    The curve ends with the longest time for which a war is followed before the horizon.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.
    level
        Level of the pointwise intervals, drawn as a band.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        The result does not count how wars end.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
    >>> result = mc.simulate(scenario, n_chains=1000, seed=1)
    >>> mc.plots.war_length(result).get_title(loc="left")
    'How long wars last'
    """
    canvas.one_result(result, "war_length")
    ax = canvas.axes_for(ax)
    found = war_survival(result, level)
    found = found.isel(turn=(found["at_risk"] > 0).values)
    canvas.dress(ax, "How long wars last", "", "wars that still go on (%)")
    if not found.sizes["turn"]:
        canvas.say_instead(ax, "no chain ended in war")
        return ax
    day = found["day"].values
    names = ("probability", "lower", "upper")
    _step(ax, day, found, names, canvas.VERMILION, "still going on")
    ax.axhline(50, color=canvas.GREY, linewidth=0.8, linestyle=":", label="half of the wars")
    ax.set_xlim(0, max(day[-1], 1.0))
    ax.set_ylim(0, 100)
    n = canvas.chains(found["at_risk"].isel(turn=0))
    ax.set_xlabel(f"days since the war began ({n} wars, {100 * level:.4g} % band)")
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    canvas.legend_above(ax)
    return ax


def _step(
    ax: "Axes",
    day: np.ndarray,
    found: "xr.Dataset",
    names: tuple[str, str, str],
    colour: str,
    label: str,
) -> None:
    middle, lower, upper = (100 * found[name].values for name in names)
    ax.step(day, middle, where="post", color=colour, label=label)
    ax.fill_between(day, lower, upper, step="post", color=colour, alpha=0.25, linewidth=0)


def timeline(trace: Trace, *, ax: "Axes | None" = None) -> "Axes":
    """Draw one chain: every engaged actor's rung over the turns, entries and misread moves.

    Overlapping lines are offset slightly. Turns at the end in which nothing changes are
    omitted.

    Parameters
    ----------
    trace
        As `mcescalate.trace` returns it.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> chain = mc.trace(mc.load_case("july-1914"), chain=12, seed=7)
    >>> mc.plots.timeline(chain).get_title(loc="left")
    'Chain 12, seed 7: limited war'
    """
    ax = canvas.axes_for(ax, 3.8)
    canvas.dress(ax, "", f"turn (of {trace.turn_days:g} days)", "")
    courses, misread, mediated = courses_of(trace)
    sides = {fate.actor: fate.side for fate in trace.end.actors}
    n_lines = max(len(courses), 1)
    for place, (actor, course) in enumerate(courses.items()):
        turns = np.array(list(course), float)
        shift = 0.5 * ((place + 0.5) / n_lines - 0.5)
        look = canvas.look(place)
        line = "-" if sides.get(actor) == "initiator" else "--"
        rungs = np.array(list(course.values()), float) + shift
        ax.plot(
            turns,
            rungs,
            linestyle=line,
            **look,
            markersize=6,
            markevery=[0],
            linewidth=1.6,
            label=canvas.plain(actor),
        )
        wrong = np.isin(turns, misread.get(actor, []))
        cross = look | {"marker": "X", "markersize": 8, "markeredgecolor": "w"}
        ax.plot(turns[wrong], rungs[wrong], linestyle="", **cross)
    for turn in mediated:
        ax.axvspan(turn - 0.5, turn + 0.5, color="#eeeeee", zorder=0)
    ax.set_yticks(range(len(trace.rungs)), [canvas.plain(rung) for rung in trace.rungs])
    ax.set_ylim(-0.5, len(trace.rungs) - 0.5)
    ax.locator_params(axis="x", integer=True)
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    outcome = trace.end.outcome.replace("_", " ")
    ax.set_title(f"Chain {trace.chain}, seed {trace.seed}: {outcome}", loc="left", **canvas.TITLE)
    if courses:
        canvas.legend_above(ax)
        grey = "\ngrey: a mediator came" if mediated else ""
        ax.set_xlabel(
            f"{ax.get_xlabel()}\nsolid: initiator's side, dashed: target's\n"
            f"marker: joins; cross: misread move{grey}"
        )
    else:
        canvas.say_instead(ax, "deterred: no turn was simulated")
    return ax


def courses_of(trace: Trace) -> tuple[dict[str, dict[int, int]], dict[str, list[int]], list[int]]:
    """Rungs by actor and turn; turns of misread moves by actor; turns with a mediator."""
    courses: dict[str, dict[int, int]] = {}
    misread: dict[str, list[int]] = {}
    mediated = []
    last = 0
    for turn in trace.turns:
        number = turn.number
        for response in turn.responses:
            course = courses.setdefault(response.actor, {number - 1: response.rung})
            course[number] = response.rung_after
            if response.rung != response.rung_after:
                last = number
            if response.misread:
                misread.setdefault(response.actor, []).append(number)
        for onlooker in turn.onlookers:
            if onlooker.joined is not None:
                courses[onlooker.actor] = {number: 1}
                last = number
        if turn.mediation is not None and turn.mediation.chosen == "mediator":
            mediated.append(number)
    shown = {
        actor: {turn: rung for turn, rung in course.items() if turn <= last + 1}
        for actor, course in courses.items()
    }
    return shown, misread, [turn for turn in mediated if turn <= last + 1]
