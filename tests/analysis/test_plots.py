"""Figures show the numbers of the result, say units and n, and leave pyplot alone."""

import io
import itertools
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from matplotlib.text import Text
from sequences import coalition
from small_crisis import crisis

from mcescalate.analysis import plots
from mcescalate.analysis.comparison.levers import ranking, simulate_levers
from mcescalate.analysis.estimation.distribution import (
    actor_probabilities,
    peak_at_least,
    war_size_at_least,
)
from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.analysis.mechanisms.deterrence import factor_changes, simulate_settings
from mcescalate.analysis.mechanisms.entry import entry_edges
from mcescalate.analysis.mechanisms.timing import incidence
from mcescalate.analysis.mechanisms.wars import survival
from mcescalate.analysis.plots import canvas
from mcescalate.analysis.plots.network import onlooker_entries
from mcescalate.api import branch, compare, load_scenario, simulate, solve, trace
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.model.codes import CAUSES
from mcescalate.scenario.change.edits import edited

SLACK = 0.02
"""Inches that the measuring of text may be wrong by."""

N = "n = 40\N{NARROW NO-BREAK SPACE}000"


def words(ax):
    return " ".join([ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()])


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def tick_texts(axis):
    return [tick.get_text() for tick in axis.get_ticklabels()]


def draw(ax):
    """Draw it, so that its faults come to light as warnings; nothing of it is cut off."""
    figure = ax.figure
    figure.savefig(io.BytesIO(), format="png")
    seen, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert seen.x0 > -SLACK and seen.y0 > -SLACK
    assert seen.x1 < width + SLACK and seen.y1 < height + SLACK
    return ax


def never_a_crisis():
    trigger = {"initiator": "AUH", "target": "YUG", "accident": 0.0}
    return crisis(trigger=trigger, deterrence={"base": -100.0})


def below_the_bar(ax):
    """The label of a figure's colour bar."""
    return " ".join(other.get_xlabel() for other in ax.figure.axes if other is not ax)


@pytest.fixture(scope="module")
def sweep():
    """A made-up sweep of a grid, 3 by 2, with two bases for the taking."""
    rng = np.random.default_rng(1)
    wars = rng.integers(10, 90, 6)
    outcome = np.zeros((6, 6), np.int64)
    outcome[:, 4], outcome[:, 0] = wars, 100 - wars
    axes = {"gap": [0.0, 0.0, 1.0, 1.0, 2.0, 2.0], "cost": [1.0, 2.0] * 3}
    coords = {n: ("point", v, {"address": f"response.{n}"}) for n, v in axes.items()}
    names = ["deterred", "settled", "mediated", "stalemate", "limited_war", "general_war"]
    return xr.Dataset(
        {"outcome_count": (("point", "outcome"), outcome), "n_chains": ("point", [100] * 6)},
        {"outcome": names, "base": ("point", ["case"] * 6), **coords},
    )


def test_ladder(result):
    ax = draw(plots.ladder(result))
    assert tick_texts(ax.yaxis) == ["war", "clash", "threat", "calm"]
    shares = 100 * result["peak_count"].values[::-1] / 40_000
    assert widths(ax) == pytest.approx(shares)
    dots = ax.lines[0].get_xdata()
    assert dots == pytest.approx(100 * peak_at_least(result)["probability"].values[::-1])
    assert len(ax.containers) == 3  # bars, dots with intervals, intervals of the bars
    assert N in words(ax) and "%" in words(ax)


def test_war_size(result):
    ax = draw(plots.war_size(result))
    found = war_size_at_least(result)["probability"].values[1:]
    assert ax.lines[0].get_ydata() == pytest.approx(100 * found[found > 0])
    assert ax.get_yscale() == "log" and N in words(ax)


def test_actor_bars_put_the_most_warlike_first_and_say_who_is_left_out(result):
    chances = actor_probabilities(result)["probability"]
    ax = draw(plots.actor_bars(result))
    at_war = chances.sel(event="at_war")
    assert tick_texts(ax.yaxis) == at_war["actor"].values[np.argsort(-at_war.values)].tolist()
    assert widths(ax)[3:] == pytest.approx(100 * np.sort(at_war.values)[::-1])
    assert "1 more not shown" in words(draw(plots.actor_bars(result, most=2)))


def test_survival(result):
    ax = draw(plots.survival(result))
    found = incidence(result, of_crises=True)
    labels = [line.get_label() for line in ax.lines]
    assert labels == ["settled", "mediated", "war", "still open"]
    assert ax.lines[2].get_ydata() == pytest.approx(
        100 * found["probability"].sel(end="war").values
    )
    assert ax.lines[0].get_xdata().tolist() == [0.0, 2.0, 4.0, 6.0]
    total = sum(line.get_ydata()[-1] for line in ax.lines)
    assert total == pytest.approx(100.0)
    whole = plots.survival(result, of_crises=False)
    assert N in words(draw(whole)) and "deterred" in [line.get_label() for line in whole.lines]


def test_war_length():
    ending = crisis(response={"up": 3.0, "war_cost": 0.0}, war={"rate": 0.3}, run={"horizon": 9})
    result = simulate(ending, n_chains=1_000, seed=1)
    ax = draw(plots.war_length(result))
    found = survival(result)
    n_known = int(found["probability"].notnull().sum())
    assert ax.lines[0].get_ydata() == pytest.approx(100 * found["probability"].values[:n_known])
    assert ax.lines[0].get_xdata()[-1] == 3.0 * (n_known - 1)
    (band,) = ax.collections
    assert band.get_paths()[0].vertices[:, 1].max() == 100.0
    n_wars = int(result["war_turn_count"].sum())
    assert f"n = {n_wars} wars, 95 % band" in words(ax)
    assert "half of the wars" in [line.get_label() for line in ax.lines]
    calm = draw(plots.war_length(simulate(never_a_crisis(), n_chains=50, seed=1)))
    assert calm.texts[0].get_text() == "no chain ended in war"


def test_entry_network(result, scenario):
    ax = draw(plots.entry_network(result))
    names = {text.get_text().split("\n")[0]: text for text in ax.texts if text.get_text()}
    assert set(names) == {"AUH", "YUG", "RUS"}
    at_war = 100 * actor_probabilities(result)["probability"].sel(event="at_war", actor="RUS")
    assert names["RUS"].get_text() == f"RUS\n{float(at_war):.2g} %"
    arrows = [text.arrow_patch for text in ax.texts if not text.get_text()]
    dashed = [arrow.get_linestyle() not in ("-", "solid") for arrow in arrows]
    own = onlooker_entries(result, scenario)
    assert dashed.count(False) == entry_edges(result).sizes["edge"] == 1
    assert dashed.count(True) == sum(chance >= 1e-3 for chance in own.values())
    assert len(ax.lines) == 2  # the promise and the originators
    assert N in words(ax)
    widest = 100 * float(entry_edges(result)["probability"][0])
    assert f"at most {widest:.3g} %" in below_the_bar(ax)


def test_names_in_the_network_are_on_the_side_without_lines(result):
    ax = draw(plots.entry_network(result))
    names = {text.get_text().split("\n")[0]: text for text in ax.texts if text.get_text()}
    between = np.subtract(names["YUG"].xy, names["RUS"].xy)
    assert np.dot(names["RUS"].xyann, between) < 0 < np.dot(names["YUG"].xyann, between)


def test_entries_by_own_rivalry_lead_to_the_rival():
    """R owes A and is a rival of A and of B: each chain knows on which side R came in, and why."""
    rivals = crisis(
        ties=[{"from": "RUS", "to": "YUG", "kind": "defence", "strength": 0.5}],
        dyads=[
            {"a": a, "b": b, "rivalry": 2.0, "reach": 1.0}
            for a, b in (("AUH", "YUG"), ("AUH", "RUS"), ("RUS", "YUG"))
        ],
        contagion={"base": -2.0},
        trigger={"initiator": "AUH", "target": "YUG"},
    )
    result = simulate(rivals, n_chains=2_000, seed=1, keep_chains=True)
    own = result["chain_cause"].sel(actor="RUS") == CAUSES.index("opportunism")
    side = result["chain_side"].sel(actor="RUS")
    found = onlooker_entries(result, rivals)
    for rival, against in (("AUH", 1), ("YUG", 0)):
        count = int((own & (side == against)).sum())
        assert count > 20
        assert found["RUS", rival] == pytest.approx(count / 2_000)


def test_bystanders_lead_to_the_originator_that_they_oppose():
    """R owes nothing and is a rival of A alone: it joins Y out of rivalry, A as bystander."""
    open_field = crisis(
        ties=[],
        dyads=[
            {"a": "AUH", "b": "YUG", "rivalry": 1.0},
            {"a": "AUH", "b": "RUS", "rivalry": 1.0},
        ],
        contagion={"base": -2.0},
        bystander={"base": -1.0},
    )
    result = simulate(open_field, n_chains=2_000, seed=1, keep_chains=True)
    side = result["chain_side"].sel(actor="RUS")
    for cause, opposed, on in (("opportunism", "AUH", 1), ("bystander", "YUG", 0)):
        code = CAUSES.index(cause)
        came = result["chain_cause"].sel(actor="RUS") == code
        assert int(came.sum()) > 20 and (side.values[came.values] == on).all()
        found = onlooker_entries(result, open_field, code)
        assert found == {("RUS", opposed): pytest.approx(int(came.sum()) / 2_000)}
    ax = draw(plots.entry_network(result))
    arrows = [text.arrow_patch for text in ax.texts if not text.get_text()]
    assert len({str(arrow.get_linestyle()) for arrow in arrows}) == 2
    assert "dotted: bystanders, at most" in below_the_bar(ax)


def test_a_result_without_bystanders_does_not_speak_of_them(result):
    assert "dotted" not in below_the_bar(draw(plots.entry_network(result)))
    joined = actor_probabilities(result)["count"].sel(event="joined")
    of_old = result.isel(cause=slice(4))
    assert (actor_probabilities(of_old)["count"].sel(event="joined") == joined).all()
    assert onlooker_entries(of_old, crisis(), CAUSES.index("bystander")) == {}


def test_tornado_and_factors():
    scenario = crisis()
    ranked = ranking(simulate_levers(scenario, n_chains=500, seed=1), "war")
    ax = draw(plots.tornado(ranked))
    assert widths(ax) == pytest.approx(100 * ranked["difference"].values)
    greys = [bar.get_facecolor()[0] == bar.get_facecolor()[2] for bar in ax.patches]
    assert greys == [not reported for reported in ranked["is_detected"].values]
    assert "grey: not distinguishable" in words(ax)
    assert "n = 500" in words(ax) and "P(war)" in words(ax)
    counts = compare(scenario, edited(scenario, off=["tie:RUS-YUG"]), n_chains=500, seed=1)
    changes = factor_changes(counts)
    ax = draw(plots.factors(changes))
    assert ax.lines[0].get_xdata() == pytest.approx(changes["ratio"].values)
    assert "n = 500" in words(ax) and ax.get_legend() is None
    with pytest.raises(UsageError, match="one dim"):
        plots.factors(changes.expand_dims(change=["a"], point=[0]))
    with pytest.raises(UsageError, match="by lever"):
        plots.tornado(changes)


def test_factors_of_a_dial_have_a_colour_for_each_setting():
    dial = simulate_settings(
        crisis(), "ties.RUS-YUG.defence.ambiguity", [0.5, 0.75, 1.0], n_chains=500, seed=1
    )
    changes = factor_changes(dial)
    ax = draw(plots.factors(changes))
    series = [container.lines[0] for container in ax.containers]
    assert len({line.get_color() for line in series}) == 3
    for line, setting in zip(series, changes["setting"].values, strict=True):
        ratio = changes["ratio"].sel(setting=setting).values
        assert line.get_xdata() == pytest.approx(ratio)
    assert "ambiguity=0.75" in ax.get_legend().get_texts()[1].get_text()


def test_unknown_factors_are_left_out():
    never = never_a_crisis()
    changes = factor_changes(compare(never, never, n_chains=20, seed=1))
    assert np.isnan(changes["ratio"].values).all()
    draw(plots.factors(changes))


def test_heat_map(sweep):
    ax = draw(plots.heat_map(sweep))
    wars = sweep["outcome_count"].sel(outcome="limited_war").values.astype(float)
    cells = wars.reshape(3, 2).T.ravel()
    assert np.asarray(ax.collections[0].get_array()).ravel() == pytest.approx(cells)
    assert [text.get_text() for text in ax.texts] == [f"{cell:.3g}" for cell in cells]
    assert tick_texts(ax.xaxis) == ["0", "1", "2"] and "n = 100" in words(ax)
    turned = draw(plots.heat_map(sweep, "cost", "gap", of="limited_war"))
    assert tick_texts(turned.xaxis) == ["1", "2"] and "limited" in words(turned)


def test_colours_of_a_map_do_not_make_a_pattern_of_noise(sweep):
    """25 cells of one probability take up less than half of the scale, real contrasts all."""
    rng = np.random.default_rng(2)
    axes = np.meshgrid(np.arange(5.0), np.arange(5.0))
    for shares, fills in ((0.3, False), (np.linspace(0.1, 0.9, 25), True), (0.0, False)):
        outcome = np.zeros((25, 6), np.int64)
        outcome[:, 5] = rng.binomial(1000, shares, 25)
        outcome[:, 0] = 1000 - outcome[:, 5]
        coords = {
            name: ("point", axis.ravel(), {"address": name})
            for name, axis in zip("xy", axes, strict=True)
        }
        grid = xr.Dataset(
            {"outcome_count": (("point", "outcome"), outcome), "n_chains": ("point", [1000] * 25)},
            {"outcome": sweep["outcome"].values, "base": ("point", ["case"] * 25), **coords},
        )
        ax = draw(plots.heat_map(grid, of="general_war"))
        low, high = ax.collections[0].get_clim()
        cells = outcome[:, 5] / 10
        assert 0 <= low <= cells.min() <= cells.max() <= high <= 100
        assert (np.ptp(cells) > 0.9 * (high - low)) == fills
        assert fills or np.ptp(cells) < 0.5 * (high - low)
        assert "general war" in words(ax)


def test_heat_map_knows_no_share_of_zero(sweep):
    ax = draw(plots.heat_map(sweep, of="stalemate"))
    upper = 100 * wilson(0, 100)[1]
    assert {text.get_text() for text in ax.texts} == {f"<{upper:.2g}"}


def test_heat_map_of_many_cells_has_room_for_its_labels():
    x, y = (values.ravel() for values in np.meshgrid(np.linspace(0, 1, 30), np.linspace(1, 3, 24)))
    outcome = np.zeros((x.size, 6), np.int64)
    outcome[:, 4], outcome[:, 0] = np.arange(x.size), x.size - np.arange(x.size)
    names = ["deterred", "settled", "mediated", "stalemate", "limited_war", "general_war"]
    grid = xr.Dataset(
        {
            "outcome_count": (("point", "outcome"), outcome),
            "n_chains": ("point", [x.size] * x.size),
        },
        {
            "outcome": names,
            "base": ("point", ["case"] * x.size),
            "gap": ("point", x, {"address": "gap"}),
            "cost": ("point", y, {"address": "cost"}),
        },
    )
    ax = draw(plots.heat_map(grid))
    boxes = [tick.get_window_extent() for tick in ax.get_xticklabels()]
    assert len(boxes) > 3
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))
    assert not ax.texts


def test_sweep_curve(sweep):
    along = sweep.isel(point=[4, 0, 2]).drop_vars("cost")
    ax = draw(plots.sweep_curve(along))
    wars = sweep["outcome_count"].sel(outcome="limited_war").values
    assert ax.lines[0].get_xdata().tolist() == [0.0, 1.0, 2.0]
    assert ax.lines[0].get_ydata() == pytest.approx(wars[[0, 2, 4]])


def test_what_is_no_grid_is_refused(sweep, result):
    with pytest.raises(UsageError, match="gap, cost"):
        plots.heat_map(sweep, "gap", "nothing")
    with pytest.raises(UsageError, match="one axis"):
        plots.sweep_curve(sweep)
    scattered = sweep.assign_coords(
        gap=("point", np.arange(6.0), {"address": "g"}),
        cost=("point", np.arange(6.0), {"address": "c"}),
    )
    with pytest.raises(UsageError, match="grid"):
        plots.heat_map(scattered)
    two = sweep.assign_coords(base=("point", ["a", "b"] * 3))
    with pytest.raises(UsageError, match="one base"):
        plots.heat_map(two)
    with pytest.raises(UsageError, match="sweep"):
        plots.heat_map(result)


def test_sensitivity_bars():
    by = "parameter"
    ends = {"first": 0.2, "first_lower": 0.1, "first_upper": 0.3}
    ends |= {"total": 0.5, "total_lower": 0.4, "total_upper": 0.6}
    indices = xr.Dataset(
        {name: (by, [value, value + 0.1]) for name, value in ends.items()},
        {by: ["a", "b"]},
        attrs={"event": "war", "level": 0.95, "n_samples": 32},
    )
    ax = draw(plots.sensitivity_bars(indices))
    assert tick_texts(ax.yaxis) == ["b", "a"]
    assert widths(ax) == pytest.approx([0.6, 0.5, 0.3, 0.2])
    assert "n = 32" in words(ax)
    effects = indices.rename(total="mu_star", total_lower="mu_star_lower")
    effects = effects.rename(total_upper="mu_star_upper").assign_attrs(n_trajectories=8)
    assert "n = 8" in words(draw(plots.sensitivity_bars(effects)))
    flat = draw(plots.sensitivity_bars(indices.assign_attrs(has_variance=0)))
    assert "no variance" in flat.texts[0].get_text()
    with pytest.raises(UsageError, match="Morris"):
        plots.sensitivity_bars(indices.drop_vars(["total", "first"]))


def test_branches_begin_where_the_chain_stood():
    triad = load_scenario("docs/examples/triad.toml")
    counts = branch(triad, chain=3, seed=7, from_turn=4, moves=["A=down"], n_branches=40)
    ax = draw(plots.branches(counts))
    start = counts["path_rung"].values[3]
    chain, _, *means = ax.lines
    assert list(chain.get_ydata()) == counts["path_rung"].values[:4].tolist()
    for line, arm in zip(means, ("unchanged", "changed"), strict=True):
        course = counts["course_count"].sel(arm=arm).values[4]
        assert line.get_label() == arm
        assert line.get_ydata()[0] == start
        assert line.get_ydata()[1] == pytest.approx((course * range(len(course))).sum() / 40)
    with pytest.raises(UsageError, match=r"mcescalate\.branch"):
        plots.branches(triad)


def test_timeline_follows_the_chain(scenario):
    stories = [trace(scenario, chain=chain, seed=4) for chain in range(60)]
    story = next(s for s in stories if len(s.end.actors) == 3)
    ax = draw(plots.timeline(story))
    assert {"AUH", "YUG", "RUS"} <= {line.get_label() for line in ax.lines}
    for fate in story.end.actors:
        line = next(line for line in ax.lines if line.get_label() == fate.actor)
        rungs = line.get_ydata()
        assert np.round(rungs.max() - 0.25) <= fate.peak_rung <= np.round(rungs.max() + 0.25)
    deterred = next(s for s in stories if s.end.outcome == "deterred")
    assert "deterred" in draw(plots.timeline(deterred)).texts[0].get_text()


def test_texts_of_the_data_are_no_formulas():
    rungs = ["$x_1$", "_b", "a$", "war"]
    ladder = {"rungs": rungs, "mobilised": 2, "casus": 1, "mid": [1, 2, 4, 5]}
    result = simulate(crisis(ladder=ladder), n_chains=50, seed=1)
    ax = draw(plots.ladder(result))
    shown = [text.replace(r"\$", "$").strip() for text in tick_texts(ax.yaxis)]
    assert shown == rungs[::-1]


def test_many_lines_are_distinguished():
    looks = [tuple(canvas.look(place).items()) for place in range(35)]
    assert len(set(looks)) == len(looks)


def test_long_texts_are_shortened_and_fit():
    rungs = ["calm", "t" * 64, ("_clash of $arms$" * 4)[:64], "war"]
    ladder = {"rungs": rungs, "mobilised": 2, "casus": 1, "mid": [1, 2, 4, 5]}
    scenario = crisis(ladder=ladder)
    draw(plots.ladder(simulate(scenario, n_chains=50, seed=1)))
    stories = [trace(scenario, chain=chain, seed=4) for chain in range(20)]
    draw(plots.timeline(next(story for story in stories if story.turns)))


@pytest.mark.parametrize(
    "plot", [plots.ladder, plots.survival, plots.war_size, plots.actor_bars, plots.entry_network]
)
def test_empty_results_are_drawn_and_wrong_ones_refused(plot):
    empty = simulate(never_a_crisis(), n_chains=20, seed=1)
    assert int(empty["outcome_count"].sel(outcome="deterred")) == 20
    draw(plot(empty))
    with pytest.raises(UsageError, match="exact"):
        plot(solve(crisis()))
    with pytest.raises(UsageError, match="point"):
        plot(simulate(crisis(), n_chains=20, seed=1).expand_dims("point"))


def test_own_axes_are_used(result):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert plots.ladder(result, ax=ax) is ax


def test_pyplot_is_left_alone(tmp_path):
    script = (
        "import sys\n"
        "from mcescalate.analysis import plots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from mcescalate.analysis.plots.canvas import axes_for\n"
        "axes_for(None).figure.savefig('x.svg')\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_missing_packages_are_named(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ExtraMissing, match="networkx"):
        plots.entry_network(result)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ExtraMissing, match=r"mcescalate\[plot\]"):
        plots.ladder(result)


@pytest.mark.parametrize(
    "draw",
    [
        plots.ladder,
        plots.war_size,
        plots.actor_bars,
        plots.survival,
        plots.entry_network,
        plots.entry_times,
    ],
)
def test_figures_of_sequences_are_of_crises_and_have_no_intervals(draw):
    several = coalition(crises=3, sequence={"quiet": 0.0})
    result = simulate(several, n_chains=40, seed=3)
    ax = draw(result)
    texts = " ".join(text.get_text() for text in ax.figure.findobj(Text))
    assert "crises" in texts and "n = 40" not in texts
    assert "interval" not in texts and "bands" not in texts and "% of chains" not in texts
    if draw is plots.entry_times:
        share = float(ax.get_yticklabels()[0].get_text().split("(")[1].split()[0])
        joined = result["entry_count"].sel(cause=["treaty", "opportunism", "bystander"])
        assert share == pytest.approx(joined.sum("cause").max().item() / 1.2, rel=0.06)
