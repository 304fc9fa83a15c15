"""Chains per second, as `mcescalate.simulate` gives them.

All tallies are on, the labelled result included. Compilation is not: it comes before.
"""

import pytest
from benchmark_scenarios import CASES

import mcescalate as mc

N_CHAINS = {"pair": 400_000, "july_1914": 200_000, "network_200": 100_000}
"""Chains a round; the option --scale multiplies them."""
TINY = 50
ROUNDS = 3


@pytest.mark.parametrize("workers", [1, 2], ids=["1_worker", "2_workers"])
@pytest.mark.parametrize("case", CASES)
def test_chains(benchmark, case_file, measuring, scale, case, workers):
    if not measuring and workers > 1:
        pytest.skip("one worker is enough to try it")
    scenario = mc.load_scenario(case_file(case))
    n_chains = round(N_CHAINS[case] * scale) if measuring else TINY

    def run():
        return mc.simulate(scenario, n_chains=n_chains, seed=1914, workers=workers)

    benchmark.group = "chains"
    result = benchmark.pedantic(run, rounds=ROUNDS, warmup_rounds=1 if measuring else 0)
    assert int(result["outcome_count"].sum()) == n_chains
    if measuring:
        benchmark.extra_info["chains_per_second"] = round(n_chains / benchmark.stats.stats.min)
