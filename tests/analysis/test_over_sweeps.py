"""Every function over the points of a real sweep, against the same points run one by one."""

import numpy as np
import pytest

from mcescalate.analysis import deterrence, distribution, entry, second_order, timing, wars
from mcescalate.analysis.sweeps.monte_carlo_error import response
from mcescalate.analysis.sweeps.sensitivity import morris, morris_table, parameters_of, sobol
from mcescalate.api import run_sweep, simulate
from mcescalate.errors import UsageError
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.writing import to_toml

CHAINS = 320
AXES = """
[[axes]]
address = "response.gap"
name = "gap"
{gap}

[[axes]]
address = "run.turn_days"
name = "days"
{days}
"""
DRAWN = 'distribution = { kind = "uniform", low = 0.0, high = 2.0 }'
LONG = 'distribution = { kind = "uniform", low = 1.0, high = 5.0 }'


@pytest.fixture(scope="module")
def run_plan(scenario, tmp_path_factory):
    """Run a plan whose base is the small crisis."""

    def run_plan(design, gap=DRAWN, days=LONG, **files):
        folder = tmp_path_factory.mktemp("sweep")
        for name, text in files.items():
            (folder / f"{name}.csv").write_text(text)
        (folder / "base.toml").write_text(to_toml(scenario))
        plan = f"schema_version = 1\nseed = 5\nchains = {CHAINS}\n"
        plan += f'[[bases]]\nscenario = "base.toml"\n[design]\n{design}\n'
        (folder / "plan.toml").write_text(plan + AXES.format(gap=gap, days=days))
        return run_sweep(folder / "plan.toml", folder / "out", workers=1)

    return run_plan


@pytest.fixture(scope="module")
def grid(run_plan):
    return run_plan('kind = "zip"', "values = [0.0, 1.0, 2.0]", "values = [1.0, 2.0, 3.0]")


@pytest.fixture(scope="module")
def alone(scenario, grid):
    """The points of the grid, each run by itself."""
    return [
        simulate(
            assign(scenario, [("response.gap", gap), ("run.turn_days", days)]),
            n_chains=CHAINS,
            seed=5,
        )
        for gap, days in zip(grid["gap"].values, grid["days"].values, strict=True)
    ]


@pytest.mark.parametrize(
    "function",
    [
        distribution.peak_at_least,
        distribution.war_size_at_least,
        distribution.engaged_size_at_least,
        distribution.actor_probabilities,
        distribution.actor_peak_at_least,
        timing.hazards,
        timing.incidence,
        timing.time_to_war,
        timing.time_to_end,
        timing.entry_incidence,
        timing.entry_time,
        entry.entry_causes,
        entry.entry_matrix,
        entry.chain_ganging,
        entry.entrapment,
        entry.tie_fates,
        deterrence.factors,
        wars.survival,
        wars.median_length,
        wars.ends,
        wars.winners,
    ],
)
def test_a_point_is_a_run(function, grid, alone):
    together = function(grid)
    for point, single in enumerate(alone):
        one = function(single)
        at = together.isel(point=point)
        for name in one.data_vars:
            np.testing.assert_allclose(
                at[name].transpose(*one[name].dims).values, one[name].values, err_msg=name
            )


def test_groups_of_ties_are_named_for_a_sweep(grid, alone):
    groups = {"guarantee": ["RUS-YUG"]}
    together = entry.group_fates(grid, groups).isel(point=0)
    one = entry.group_fates(alone[0], groups)
    np.testing.assert_allclose(together["upper"].transpose(*one["upper"].dims), one["upper"])
    with pytest.raises(UsageError, match="no tie"):
        entry.group_fates(grid, {"bloc": ["AUH-YUG"]})
    with pytest.raises(UsageError, match="groups"):
        entry.group_fates(grid)


def test_edges_are_of_one_point(grid):
    with pytest.raises(UsageError, match="point=0"):
        entry.entry_edges(grid)
    assert entry.entry_edges(grid.isel(point=0)).sizes["edge"] == 1


def test_sobol_separates_a_cause_from_a_label(run_plan):
    """A turn's length in days changes no chain, so all the variance is the other's."""
    found = sobol(response(run_plan('kind = "saltelli"\nsize = 32\nseed = 1'), "war"))
    assert found["parameter"].values.tolist() == ["gap", "days"]
    assert found.attrs["noise_corrected"] == 1
    assert float(found["total"].sel(parameter="gap")) == pytest.approx(1.0, abs=0.15)
    assert float(found["total"].sel(parameter="days")) == 0.0


def test_morris_from_its_table(run_plan):
    table = morris_table({"gap": (0.0, 2.0), "days": (1.0, 5.0)}, n_trajectories=6)
    found = morris(
        response(run_plan('kind = "table"\nfile = "walks.csv"', "", "", walks=table), "crisis")
    )
    assert (found["mu_star"] == 0).all()  # neither has a part in deterrence
    assert found["rms"].values.tolist() == [0.0, 0.0]


def test_second_order_of_a_sample(run_plan):
    made = run_plan('kind = "random"\nsize = 24\nseed = 1')
    found = second_order.second_order(made, "war")
    assert found.attrs["noise"] == "blocks of chains"
    assert float(found["parameter_variance"]) <= float(found["observed_variance"])
    assert parameters_of(found) == ["gap", "days"]
    assert found["noise_free"].sizes == {"point": 24}
