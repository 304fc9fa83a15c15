"""What a local crisis costs in a world of 200 actors, and cut out of it with those concerned.

Work should grow with who is engaged, not with the number of actors: the first is to take at
most one and a half times as long as the second. Both simulate the same chains, word by word.
"""

import numpy as np
import pytest
from benchmark_scenarios import local_crisis

from mcescalate.api import simulate
from mcescalate.scenario.reading import parse_scenario

N_CHAINS = 100_000
TINY = 200
ROUNDS = 5


@pytest.mark.parametrize("is_cut_out", [False, True], ids=["in_its_world", "cut_out"])
def test_local_crisis(benchmark, measuring, scale, is_cut_out):
    scenario = parse_scenario(local_crisis(is_cut_out=is_cut_out))
    n_chains = round(N_CHAINS * scale) if measuring else TINY

    def run():
        return simulate(scenario, n_chains=n_chains, seed=1914, workers=1)

    benchmark.group = "local crisis"
    result = benchmark.pedantic(run, rounds=ROUNDS, warmup_rounds=1 if measuring else 0)
    assert int(result["outcome_count"].sum()) == n_chains


def test_both_simulate_the_same_chains():
    world, cut_out = (
        simulate(parse_scenario(local_crisis(is_cut_out=is_cut_out)), n_chains=2_000, seed=1914)
        for is_cut_out in (False, True)
    )
    assert world.sizes["actor"] == 200
    assert cut_out.sizes["actor"] == 60
    actors = cut_out["actor"].values
    for name in ("actor_peak_count", "entry_count", "actor_war_count"):
        np.testing.assert_array_equal(world[name].sel(actor=actors), cut_out[name])
        elsewhere = world[name].drop_sel(actor=actors)
        if name != "actor_peak_count":
            assert int(elsewhere.sum()) == 0
