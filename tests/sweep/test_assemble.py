"""The labelled result: coordinates, masks where points differ, and a file that loads."""

import json
import tracemalloc

import numpy as np
import pytest
import xarray as xr
from sweep.conftest import PLAN, SCENARIO, simulate_into

from mcescalate.errors import DataError
from mcescalate.results.files.store import load, save
from mcescalate.sweep.result import assemble as assembling
from mcescalate.sweep.result.assemble import assemble

OTHER = """
[[actors]]
id = "DDD"
capability = 0.4

[[ties]]
from = "DDD"
to = "AAA"
kind = "defence"
mutual = false
"""


@pytest.fixture
def result(plan_file, tmp_path) -> xr.Dataset:
    folder, _ = simulate_into(tmp_path / "out", plan_file)
    return assemble(folder)


def test_axes_are_coordinates(result):
    assert result["response.gap"].values.tolist() == [0.2] * 3 + [0.5] * 3 + [0.8] * 3
    assert result["resolve"].values.tolist() == [-1.0, 0.0, 1.0] * 3
    assert result["resolve"].attrs == {
        "long_name": "add actors.*.resolve",
        "address": "actors.*.resolve",
        "change": "add",
    }
    assert set(result["base"].values) == {"small"}
    assert result.sizes["block"] == 32
    assert result.attrs["design"] == "grid" and result.attrs["common_random_numbers"] == 1
    story = json.loads(result.attrs["provenance"])
    (base,) = story["bases"]
    assert base["name"] == "small" and base["scenario"]["actors"][0]["id"] == "BBB"


def test_a_result_is_saved_and_loaded(result, tmp_path):
    save(result, tmp_path / "r.h5")
    back = load(tmp_path / "r.h5")
    back.attrs.pop("content_sha256")
    assert back.identical(result)
    with xr.open_dataset(tmp_path / "r.h5") as plain:  # without this package
        assert plain["outcome_count"].dims == ("point", "outcome")


@pytest.mark.parametrize("n", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_one_bit_flipped_in_a_result_is_never_silent(result, tmp_path, n):
    path = tmp_path / "r.h5"
    save(result.isel(point=[0]), path)
    image = path.read_bytes()
    good = load(path)
    draw = np.random.default_rng(1)
    for place in draw.integers(0, len(image), n):
        flipped = bytearray(image)
        flipped[place] ^= 1 << int(draw.integers(8))
        path.write_bytes(flipped)
        try:
            back = load(path)
        except DataError as error:
            assert "r.h5" in str(error)
        else:
            assert back.identical(good)


def test_points_that_differ_in_their_dims(plan_file, tmp_path):
    (tmp_path / "large.toml").write_text(SCENARIO.replace("[[dyads]]", f"{OTHER}\n[[dyads]]"))
    (tmp_path / "tall.toml").write_text(
        SCENARIO.replace(
            "[run]",
            '[[trigger.domains]]\nname = "cyber"\n[ladder]\n'
            'rungs = ["calm", "threat", "war"]\nmobilised = 1\ncasus = 1\nmid = [1, 2, 5]\n[run]',
        )
    )
    bases = "".join(f'[[bases]]\nscenario = "{name}.toml"\n' for name in ("large", "tall"))
    text = PLAN.replace("[[axes]]", f"{bases}[[axes]]", 1)
    text = text.replace("low = -1.0\nhigh = 1.0\nsteps = 3", "values = [0.5]")
    text += '[[axes]]\nname = "horizon"\naddress = "run.horizon"\nvalues = [4, 12]\n'
    plan_file.write_text(text)
    folder, _ = simulate_into(tmp_path / "out", plan_file, shard_seconds=1)
    result = assemble(folder)
    assert result.sizes["point"] == 18
    assert result["actor"].values.tolist() == ["BBB", "AAA", "CCC", "DDD"]
    assert result["tie"].values.tolist() == ["CCC-BBB", "BBB-CCC", "DDD-AAA"]
    assert result["domain"].values.tolist() == ["conventional", "cyber"]
    assert result["turn"].values.tolist() == list(range(13))
    assert result["n_actors"].values.tolist() == list(range(5))
    assert result["rung"].values.tolist() == [
        "calm",
        "threat",
        "show of force",
        "mobilisation",
        "use of force",
        "war",
    ]
    base = result["base"]
    has_ddd = result["actor_present"].sel(actor="DDD")
    assert (has_ddd == (base == "large")).all()
    assert (result["rung_present"].sel(rung="mobilisation") == (base != "tall")).all()
    assert (result["domain_present"].sel(domain="cyber") == (base == "tall")).all()
    long = result["horizon"] == 12
    assert (result["turn_present"].sel(turn=12) == long).all()
    assert result["turn_present"].sel(turn=4).all()
    assert not result["last_turn_count"].where(~result["turn_present"], 0).any()
    assert not result["actor_peak_count"].where(~result["actor_present"], 0).any()
    assert (result["peak_count"].sum("rung") == 200).all()
    assert result["peak_count"].sel(rung="war").where(base == "tall", 0).any()
    save(result, tmp_path / "r.h5")
    load(tmp_path / "r.h5")

    from mcescalate.api import simulate

    point = int(np.flatnonzero((base == "tall").values & long.values)[0])
    run = simulate(folder.sweep.scenario(point), n_chains=200, seed=11)
    here = result.isel(point=point).sel(rung=run["rung"], actor=run["actor"], turn=run["turn"])
    assert (here["actor_peak_count"] == run["actor_peak_count"]).all()
    assert (here["last_turn_count"] == run["last_turn_count"]).all()


def test_one_at_a_time_says_what_was_varied(plan_file, tmp_path):
    plan_file.write_text(PLAN.replace("[[axes]]", '[design]\nkind = "one-at-a-time"\n[[axes]]', 1))
    folder, _ = simulate_into(tmp_path / "out", plan_file)
    result = assemble(folder)
    assert (
        result["design_block"].values.tolist() == ["base"] + ["response.gap"] * 3 + ["resolve"] * 3
    )
    assert result["response.gap"].values.tolist() == [0.5, 0.2, 0.5, 0.8, 0.5, 0.5, 0.5]
    assert result["resolve"].values.tolist() == [0.0] * 4 + [-1.0, 0.0, 1.0]
    first, same = result.isel(point=0), result.isel(point=[2, 5])
    assert (same["last_turn_count"] == first["last_turn_count"]).all()


def test_saltelli_carries_its_order(plan_file, tmp_path):
    text = PLAN.replace("[[axes]]", '[design]\nkind = "saltelli"\nsize = 4\n[[axes]]', 1)
    plan_file.write_text(
        text.replace("values = [0.2, 0.5, 0.8]", "low = 0.2\nhigh = 0.8").replace("steps = 3", "")
    )
    folder, _ = simulate_into(tmp_path / "out", plan_file)
    result = assemble(folder)
    assert result["design_block"].values[:4].tolist() == ["A", "AB:response.gap", "AB:resolve", "B"]
    assert result["design_sample"].values.tolist() == np.repeat(range(4), 4).tolist()
    assert result.attrs["design_sha256"] == folder.sweep.design.digest()


def test_precision_stands_in_the_result(plan_file, tmp_path):
    options = {"precision": "war=30%", "max_chains": 3000}
    folder, status = simulate_into(tmp_path / "out", plan_file, options=options)
    result = assemble(folder)
    assert set(result["n_chains"].values) <= {1024, 2048, 3000}
    assert result["precision_reached"].sum() == status.points_reached
    assert 0 < status.points_reached < 9
    wars = result["outcome_count"].sel(outcome=["limited_war", "general_war"]).sum("outcome")
    assert (result["precision_count"] == wars).all()
    assert result.attrs["precision_of"] == "war"
    assert result["precision_reached"].where(result["n_chains"] < 3000, True).all()


def test_counts_beyond_32_bits_are_kept(plan_file, tmp_path, monkeypatch):
    folder, _ = simulate_into(tmp_path / "out", plan_file)
    read = assembling.read_shard

    def preloaded(*arguments):
        return [row + (2**32 - 2) for row in read(*arguments)]

    few = assemble(folder)["last_turn_count"]
    monkeypatch.setattr(assembling, "read_shard", preloaded)
    for check in ("check_result", "check_points"):  # they see more chains than the plan has
        monkeypatch.setattr(assembling, check, lambda *arguments: None)
    many = assemble(folder)["last_turn_count"]
    assert many.dtype == np.int64
    assert (many == few + (2**32 - 2)).all()


def test_no_more_than_the_result_and_a_shard_is_in_memory(plan_file, tmp_path):
    text = PLAN.replace("steps = 3", "steps = 200").replace("chains = 200", "chains = 1")
    plan_file.write_text(text + '[[axes]]\naddress = "run.horizon"\nvalues = [300]\n')
    folder, _ = simulate_into(tmp_path / "out", plan_file, shard_seconds=0.05)
    tracemalloc.start()
    size = assemble(folder).nbytes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 10e6
    assert peak < 1.3 * size
