"""How work is cut and looked at: a function of the plan, complete, and each chain once."""

from collections import Counter

import numpy as np
import pytest
from small_crisis import crisis

from mcescalate.analysis.estimation.events import event_count
from mcescalate.api import simulate
from mcescalate.errors import ScenarioError
from mcescalate.sweep.design.plan import PrecisionTable
from mcescalate.sweep.design.reading import load_sweep
from mcescalate.sweep.schedule.precision import (
    COUNTED_BY,
    is_precise,
    looks,
    target_count,
    target_term,
    z_of_look,
)
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import Costs, default_costs
from mcescalate.sweep.schedule.tally_layouts import PointLayouts


def all_shards(queue, successes=None):
    """Every shard of a queue, each finished at once."""
    while (shard := queue.take()) is not None:
        yield shard
        queue.finish(shard, successes(shard) if successes else None)


def chains_of(shards):
    """How often each chain of each point is in `shards`."""
    return Counter(
        (point, shard.first_chain + k)
        for shard in shards
        for point in shard.points
        for k in range(shard.n_chains)
    )


@pytest.mark.parametrize("seconds", [1e-4, 0.003, 0.01, 100.0])
@pytest.mark.parametrize("stretches", [(50,), (20, 50), (1, 2, 50)])
def test_every_chain_is_in_one_shard(plan_file, seconds, stretches):
    sweep = load_sweep(plan_file, {"chains": 50})
    queue = ShardQueue(sweep, Costs(shard=seconds), stretches)
    shards = list(all_shards(queue))
    assert len({shard.name for shard in shards}) == len(shards)
    assert chains_of(shards) == Counter({(p, c): 1 for p in range(9) for c in range(50)})
    assert queue.ended.all() and (queue.n_simulated == 50).all()


@pytest.mark.parametrize("points", [1, 2, 4])
def test_a_shard_holds_no_more_counts_than_may_be(plan_file, points):
    sweep = load_sweep(plan_file)
    length = PointLayouts(sweep).of(0).length
    queue = ShardQueue(sweep, Costs(shard=1e9, counts=points * length + length // 2), (50,))
    sizes = [len(shard.points) for shard in all_shards(queue)]
    assert sizes == {1: [1] * 9, 2: [2] * 4 + [1], 4: [4, 4, 1]}[points]
    one = ShardQueue(sweep, Costs(shard=1e9, counts=1), (50,))  # a point is never divided by counts
    assert chains_of(all_shards(one)) == Counter({(p, c): 1 for p in range(9) for c in range(50)})


@pytest.mark.parametrize("options", [{}, {"precision": "war=20%", "max_chains": 400}])
@pytest.mark.parametrize("n", [2, 3, 7])
def test_parts_share_out_the_same_shards(plan_file, options, n):
    sweep = load_sweep(plan_file, options)
    stretches = () if options else (200,)

    def shards(part):
        queue = ShardQueue(sweep, Costs(shard=0.004), stretches, part)
        return {s.name: s for s in all_shards(queue, lambda s: np.full(len(s.points), 1))}

    parts = [shards((i, n)) for i in range(n)]
    whole = shards((0, 1))
    assert sum(map(len, parts)) == len(whole)
    assert {name: shard for part in parts for name, shard in part.items()} == whole
    if options:  # a point belongs to one part
        owners = [{p for shard in part.values() for p in shard.points} for part in parts]
        assert sum(map(len, owners)) == 9


def test_the_cut_of_a_large_sweep_stays_within_bounds(plan_file):
    sweep = load_sweep(plan_file, {"chains": 10**9})
    costs = default_costs(sweep)
    assert 10 <= costs.shard <= 60
    assert default_costs(load_sweep(plan_file, {"chains": 10})).shard <= 1


def test_looks_double_up_to_the_most():
    table = PrecisionTable(half_width=0.1, max_chains=5000, first_look=1000)
    assert looks(table) == (1000, 2000, 4000, 5000)
    assert looks(PrecisionTable(half_width=0.1, max_chains=1024)) == (1024,)
    # Bonferroni: four looks share an error of 5 %.
    assert z_of_look(table) == pytest.approx(2.4977, abs=1e-4)


def test_points_go_on_until_they_are_known_well_enough(plan_file):
    sweep = load_sweep(plan_file, {"precision": "war=10%", "max_chains": 100_000})
    queue = ShardQueue(sweep, Costs(shard=0.05), ())
    share = 0.5 ** np.arange(9)  # of war at each point

    def successes(shard):
        points = np.array(shard.points)
        return np.round(share[points] * shard.n_chains).astype(np.int64)

    shards = list(all_shards(queue, successes))
    assert queue.ended.all()
    assert (np.diff(queue.n_simulated) >= 0).all()
    assert queue.n_simulated[0] == 1024 and queue.n_simulated[-1] == 100_000
    assert queue.reached[0] and not queue.reached[-1]
    assert set(queue.n_simulated.tolist()) <= set(looks(sweep.plan.precision))
    for (point, _), count in chains_of(s for s in shards if s.look == 0).items():
        assert count == 1, point


def test_no_event_is_never_precise():
    table = PrecisionTable(half_width=0.5, max_chains=10**9)
    assert not is_precise(table, np.array([0]), 10**9)[0]
    assert is_precise(table, np.array([10**9]), 10**9)[0]


def test_a_stopped_interval_covers_as_often_as_it_says():
    """Points of a known share stop at whatever look; the interval there must hold at 95 %.

    2000 points: the share covered lies above 93.5 % but for a chance below 1e-3.
    """
    table = PrecisionTable(half_width=0.1, max_chains=2**16, first_look=64)
    random = np.random.default_rng(1)
    share, n_points, covered = 0.3, 2000, 0
    ends, z = looks(table), z_of_look(table)
    counts = np.cumsum(random.binomial(np.diff([0, *ends]), share, (n_points, len(ends))), axis=1)
    for row in counts:
        for count, n in zip(row, ends, strict=True):
            if is_precise(table, np.array([count]), n)[0] or n == ends[-1]:
                p = count / n
                middle = (p + z * z / (2 * n)) / (1 + z * z / n)
                half = z * np.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2) / (1 + z * z / n)
                covered += abs(middle - share) <= half
                break
    assert covered / n_points > 0.935


def test_what_a_precision_may_be_asked_for():
    scenario = crisis()
    result = simulate(scenario, n_chains=200, seed=5, backend="python")
    for of in (
        *("war", "crisis", "settled", "peak>=war", "peak>=1", "peak>=clash"),
        *("war:RUS", "war:AUH", "entered:RUS", "war_size>=3", "engaged_size>=3", "misread_war"),
    ):
        term = target_term(of, scenario, "plan.toml")
        counts = result[COUNTED_BY[term.kind]].values[None]
        assert target_count(term, counts).tolist() == [event_count(result, of).item()], of
    for of, hint in (
        ("wr", 'did you mean "war"'),
        ("peak>=9", "there are calm"),
        ("peak>=0", "no rung"),
        ("war:ASU", '"war:ACTOR"'),
        ("war&misread_war", "expected"),
    ):
        with pytest.raises(ScenarioError, match=hint):
            target_term(of, scenario, "plan.toml")
