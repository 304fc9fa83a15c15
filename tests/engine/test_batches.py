"""Many chains: the same counts however they are handed out, and tallies that agree with records."""

import threading
from functools import cache

import numpy as np
import pytest
import xarray as xr
from cases import load_case
from small_crisis import crisis

import mcescalate as mc
from mcescalate.engine.batches import Interrupted, run_chains
from mcescalate.errors import ResourceError, UsageError
from mcescalate.model.codes import AT_HORIZON, CAUSES, ENDED, TREATY, UNDECIDED
from mcescalate.model.counts import COUNTS, Tally
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.addresses import assign

N_CHAINS = 2_500
ENDS = [0, 2**32 - 3, 2**33, 2**63 - 10, 2**64 - 20]
"""First chains near which numbers of fewer bits would end."""


@cache
def july():
    return build_world(load_case("july-1914"))


def tally_of(world, n_chains=N_CHAINS, first_chain=0, **options) -> Tally:
    tally, _ = run_chains(world, seed=1914, first_chain=first_chain, n_chains=n_chains, **options)
    return tally


@cache
def expected() -> Tally:
    return tally_of(july(), workers=1)


def assert_equal(one: Tally, other: Tally) -> None:
    for name, values in one._asdict().items():
        assert values.dtype == np.int64, name
        np.testing.assert_array_equal(values, getattr(other, name), err_msg=name)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_do_not_matter(workers):
    assert_equal(tally_of(july(), workers=workers), expected())


@pytest.mark.parametrize("batch_size", [1, 64, 1000])
@pytest.mark.parametrize("workers", [1, 3])
def test_batches_do_not_matter(batch_size, workers):
    assert_equal(tally_of(july(), batch_size=batch_size, workers=workers), expected())


def test_what_is_done_meanwhile():
    # Chains simulated by Python itself take long enough for it to come to that, once; none do not.
    called = []

    def meanwhile():
        called.append(threading.current_thread())

    world = july()
    plain = tally_of(world, 60, backend="python", workers=1)
    assert_equal(tally_of(world, 60, backend="python", workers=1, meanwhile=meanwhile), plain)
    assert called == [threading.main_thread()]


def test_three_pieces_are_the_whole():
    scenario = load_case("july-1914")
    options = {"seed": 1914, "keep_chains": True}
    whole = mc.simulate(scenario, n_chains=700, **options)
    pieces = [
        mc.simulate(scenario, n_chains=n_chains, first_chain=first, **options)
        for first, n_chains in ((0, 1), (1, 499), (500, 200))
    ]
    merged = mc.merge(pieces[::-1])
    xr.testing.assert_identical(merged.drop_attrs(deep=False), whole.drop_attrs(deep=False))


@pytest.mark.parametrize("first_chain", ENDS)
def test_both_backends_count_alike(first_chain):
    world = build_world(crisis())
    tallies = [
        tally_of(world, 20, first_chain, backend=backend, workers=workers, batch_size=7)
        for backend, workers in (("numba", 2), ("python", 1))
    ]
    assert_equal(*tallies)


def test_both_backends_count_a_long_ladder_alike():
    # Sixteen rungs, the most there may be, take two octets; a long crisis to climb them.
    names = [f"rung {k}" for k in range(16)]
    ladder = {"rungs": names, "mobilised": 9, "casus": 2, "mid": [1] + [3] * 14 + [5]}
    long = {"horizon": 60}
    response = {"up": 1.0, "down": -1.0, "war_cost": 0.0, "cost": 0.0}
    world = build_world(crisis(ladder=ladder, run=long, response=response))
    tallies = [tally_of(world, 60, backend=backend) for backend in ("numba", "python")]
    assert_equal(*tallies)
    assert (tallies[0].actor_peak[:, 8:].sum(axis=1) > 10).all()


def test_both_backends_count_july_1914_alike():
    world = build_world(load_case("july-1914", settings=("run.horizon=6",)))
    tallies = [tally_of(world, 200, backend=backend) for backend in ("numba", "python")]
    assert_equal(*tallies)


def test_chain_numbers_have_64_bits():
    world = build_world(crisis())
    outcomes = []
    for first_chain in (0, 2**32, 2**33, 2**63, 2**64 - 200):
        _, records = run_chains(
            world, seed=1, first_chain=first_chain, n_chains=200, keep_chains=True
        )
        outcomes.append((records.outcome * 100 + records.last_turn).tobytes())
    assert len(set(outcomes)) == len(outcomes)


def test_the_first_chains_are_those_of_a_shorter_run():
    runs = [
        run_chains(july(), seed=3, first_chain=5, n_chains=n_chains, keep_chains=True)[1]
        for n_chains in (100, 300)
    ]
    for short, long in zip(*runs, strict=True):
        np.testing.assert_array_equal(short, long[:100])


def by_name(result: xr.Dataset, like: xr.Dataset) -> xr.Dataset:
    """A result with its actors in the order of another."""
    order = like["actor"].values.tolist()
    return result.sel(actor=order, partner=order).sortby("tie")


def test_the_order_of_actors_in_the_file_changes_no_count():
    scenario = load_case("july-1914")
    turned = scenario.model_copy(update={"actors": scenario.actors[::-1]})
    one, other = (mc.simulate(each, n_chains=N_CHAINS, seed=1) for each in (scenario, turned))
    assert other["actor"].values.tolist() == one["actor"].values.tolist()[::-1]
    one, other = by_name(one, one), by_name(other, one)
    for count in COUNTS:
        assert other[count.name].equals(one[count.name]), count.name


def test_a_spectator_without_ties_changes_no_other_counts():
    scenario = load_case("july-1914")
    # Without capability it weighs nothing, and nobody comes in unasked.
    spectator = scenario.actors[0].model_copy(
        update={"id": "AAA", "name": "Spectator", "capability": 0.0}
    )
    settings = {"contagion": scenario.contagion.model_copy(update={"base": -1000.0})}
    scenario = scenario.model_copy(update=settings)
    with_it = scenario.model_copy(
        update={"actors": (*scenario.actors[:3], spectator, *scenario.actors[3:])}
    )
    one, other = (mc.simulate(each, n_chains=N_CHAINS, seed=1) for each in (scenario, with_it))
    assert int(other["actor_engaged_count"].sel(actor="AAA").sum()) == 0
    ids = one["actor"].values
    for count in COUNTS:
        kept = other[count.name]
        for dim in {"actor", "partner"} & set(count.dims):
            kept = kept.sel({dim: ids})
        if "n_actors" in count.dims:
            kept = kept.sel(n_actors=one["n_actors"])
        assert kept.equals(one[count.name]), count.name


@pytest.fixture(scope="module")
def kept() -> xr.Dataset:
    """Chains of July 1914, where wars may end, with a record of each."""
    scenario = assign(load_case("july-1914"), [("war.rate", 0.05)])
    return mc.simulate(scenario, n_chains=3_000, seed=2, keep_chains=True)


def recount(result: xr.Dataset) -> dict[str, np.ndarray]:
    """Every count that records suffice for, counted anew from them."""
    rows = {name.removeprefix("chain_"): result[name].values for name in result if "chain" in
            result[name].dims}  # fmt: skip
    n, actors = result.sizes["chain"], result.sizes["actor"]
    top = result.sizes["rung"] - 1
    wars = rows["war_turn"] >= 0
    side, cause, through = rows["side"], rows["cause"], rows["through"]

    def table(shape, *places, where=slice(None)):
        counts = np.zeros(shape, np.int64)
        np.add.at(counts, tuple(np.asarray(place)[where] for place in places), 1)
        return counts

    def sizes(dims):
        return tuple(result.sizes[dim] for dim in dims)

    engaged = side >= 0
    everyone = np.broadcast_to(np.arange(actors), (n, actors))
    by_treaty = cause == TREATY
    through_cause = np.take_along_axis(cause, np.maximum(through, 0), 1)
    return {
        "n_chains": np.int64(n),
        "outcome_count": table(6, rows["outcome"]),
        "peak_count": table(top + 1, rows["peak_rung"]),
        "war_turn_count": table(sizes(["turn"]), rows["war_turn"], where=wars),
        "last_turn_count": table(sizes(["outcome", "turn"]), rows["outcome"], rows["last_turn"]),
        "engaged_size_count": table(actors + 1, rows["n_engaged"]),
        "war_size_count": table(actors + 1, rows["n_at_war"]),
        "actor_engaged_count": table((actors, 2), everyone, side, where=engaged),
        "actor_peak_count": table((actors, top + 1), everyone, rows["actor_peak"]),
        "entry_count": table((actors, len(CAUSES)), everyone, cause, where=engaged),
        "entry_turn_count": table(
            sizes(["actor", "turn"]), everyone, rows["entry_turn"], where=engaged
        ),
        "drawn_in_count": table((actors, actors), through, everyone, where=by_treaty),
        "war_length_count": table(
            sizes(["turn", "war_end"]),
            rows["last_turn"] - rows["war_turn"],
            np.where(rows["winner"] == UNDECIDED, AT_HORIZON, ENDED),
            where=wars,
        ),
        "winner_count": table(3, rows["winner"], where=wars),
        "misread_count": table(16, np.minimum(rows["misread_moves"], 15)),
        "misread_war_count": (rows["war_began_misread"][wars] == 1).sum(),
        "misattributed_count": (rows["misattributed"] == 1).sum(),
        "reciprocated_count": (rows["reciprocated"] == 1).sum(),
        "chain_gang_count": table(actors, everyone, where=by_treaty & (through_cause == TREATY)),
        "incident_count": table((actors, actors), rows["drawn_initiator"], rows["drawn_target"]),
        "accident_count": table(6, rows["outcome"], where=rows["accident"] == 1),
        "domain_count": table(sizes(["domain", "outcome"]), rows["domain"], rows["outcome"]),
    }


def test_records_recount_to_the_tallies(kept):
    recounted = recount(kept)
    for name, values in recounted.items():
        np.testing.assert_array_equal(kept[name].values, values, err_msg=name)
    assert (kept["winner_count"] > 0).all()
    # What is left shows who is at war at the end, which a record keeps as a number only.
    left = {count.name for count in COUNTS} - set(recounted)
    assert left == {"actor_war_count"} | {n for n in left if n.startswith("tie_")}


def test_what_records_do_not_show_fits_them(kept):
    n_at_war = int(kept["chain_n_at_war"].sum())
    assert int(kept["actor_war_count"].sum()) == n_at_war
    assert (kept["actor_war_count"] <= kept["actor_engaged_count"]).all()
    named = ("fought", "stood_by", "abandoned", "betrayed")
    invoked = sum(kept[f"tie_{fate}_count"] for fate in named)
    for tie in kept["tie"].values:
        k, j = tie.split("-")
        assert int(invoked.sel(tie=tie)) <= int(kept["actor_war_count"].sel(actor=j).sum())
        fought = int(kept["tie_fought_count"].sel(tie=tie))
        assert fought <= int(kept["actor_war_count"].sel(actor=k).sum())
    assert int(invoked.sum()) > 0


def test_tallies_add_up(kept):
    n_chains = 3_000
    wars = int(kept["outcome_count"].sel(outcome=["limited_war", "general_war"]).sum())
    assert 0 < wars < n_chains
    for name in ("outcome", "peak", "last_turn", "engaged_size", "war_size", "misread", "incident"):
        assert int(kept[f"{name}_count"].sum()) == n_chains, name
    assert int(kept["domain_count"].sum()) == n_chains
    assert int(kept["war_turn_count"].sum()) == wars
    assert int(kept["war_turn_count"][0]) == 0
    assert int(kept["war_size_count"][0]) == n_chains - wars
    assert (kept["actor_peak_count"].sum("rung") == n_chains).all()
    engaged = kept["actor_engaged_count"].sum("side")
    assert (kept["entry_count"].sum("cause") == engaged).all()
    assert (kept["entry_turn_count"].sum("turn") == engaged).all()
    assert (kept["drawn_in_count"].sum("partner") == kept["entry_count"].sel(cause="treaty")).all()
    assert (kept["accident_count"] <= kept["outcome_count"]).all()
    assert int(kept["misread_war_count"]) <= wars


def test_records_are_sized_before_anything_is_simulated():
    simulated = []
    with pytest.raises(ResourceError, match=r"needs about .* of memory, .* of disk"):
        mc.simulate(
            load_case("july-1914"),
            n_chains=10**15,
            seed=1,
            keep_chains=True,
            progress=simulated.append,
        )
    assert not simulated


def test_a_stop_is_obeyed_and_no_result_comes_out():
    stop = threading.Event()
    seen = []

    def progress(done):
        seen.append(done)
        if done:
            stop.set()

    with pytest.raises(Interrupted):
        tally_of(july(), 10**12, batch_size=50, workers=2, stop=stop, progress=progress)
    assert 0 < seen[-1] < 10**6


def test_a_stop_before_the_beginning():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        tally_of(july(), 100, stop=stop)


def test_progress_may_end_the_run_and_the_next_one_is_sound():
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tally_of(july(), 10**12, batch_size=50, workers=2, progress=interrupt)
    assert_equal(tally_of(july()), expected())


def test_progress_rises_to_the_end():
    seen = []
    tally_of(july(), 500, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 500


@pytest.mark.parametrize(
    "numbers",
    [
        {"n_chains": 0},
        {"n_chains": -1},
        {"n_chains": 1.0},
        {"n_chains": True},
        {"seed": -1},
        {"seed": 2**63},
        {"seed": 1.5},
        {"seed": True},
        {"first_chain": -1},
        {"first_chain": 2**64},
        {"first_chain": 2**64 - 1, "n_chains": 2},
        {"workers": 0},
    ],
    ids=str,
)
def test_numbers_out_of_range_are_named(numbers):
    with pytest.raises(UsageError, match=f"{list(numbers)[-1]}: expected a whole number from"):
        mc.simulate(crisis(), **{"n_chains": 1, "seed": 1, **numbers})


def test_the_last_chain_of_all_is_simulated():
    result = mc.simulate(
        crisis(), n_chains=1, seed=2**63 - 1, first_chain=2**64 - 1, keep_chains=True
    )
    assert result["chain"].values.tolist() == [2**64 - 1]
