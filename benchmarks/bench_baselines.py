"""Chains per second of the baselines: the same model in C, in NumPy and in Mesa, on one core.

`scripts/bench --baselines` sets them beside the engine, in turn; here each is on its own.
"""

import pytest
from baselines.in_c import CannotPlay
from benchmark_scenarios import CASES
from side_by_side import BASELINES

import mcescalate as mc
from mcescalate.scenario.build import build_world

N_CHAINS = {"c": 100_000, "numpy": 1 << 14, "mesa": 200}
"""Chains a round; the option --scale multiplies them."""
TINY = 20
ROUNDS = 3


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("baseline", BASELINES)
def test_baseline(benchmark, case_file, actor_turns, measuring, scale, baseline, case):
    scenario = mc.load_scenario(case_file(case))
    n_chains = max(1, round(N_CHAINS[baseline] * scale)) if measuring else TINY

    def play():
        return BASELINES[baseline](build_world(scenario), n_chains, seed=1914)

    if baseline == "mesa":
        pytest.importorskip("mesa")
    try:
        play()
    except CannotPlay as error:
        pytest.skip(str(error))
    benchmark.group = "baselines"
    counts = benchmark.pedantic(play, rounds=ROUNDS if measuring else 1)
    assert int(counts["outcome_count"].sum()) == n_chains
    if measuring:
        rate = n_chains / benchmark.stats.stats.min
        benchmark.extra_info["chains_per_second"] = round(rate)
        benchmark.extra_info["actor_turns_per_chain"] = round(actor_turns(case), 2)
        benchmark.extra_info["actor_turns_per_second"] = round(rate * actor_turns(case))
