"""Results added up: the same as one run, in any order and in any steps."""

import itertools
import json

import numpy as np
import pytest
import xarray as xr
from small_crisis import crisis

import mcescalate as mc
from mcescalate.errors import DataError, UsageError
from mcescalate.model.counts import COUNTS


def content(result: xr.Dataset) -> xr.Dataset:
    """All but attributes, which hold times."""
    return result.drop_attrs(deep=False)


def chains_of(result: xr.Dataset) -> list[list[int]]:
    return json.loads(result.attrs["provenance"])["rng"]["chains"]


def reported(result: xr.Dataset, attributes: dict, **tables: dict) -> xr.Dataset:
    """The result with other attributes, and other values in tables of its provenance."""
    origin = json.loads(result.attrs["provenance"])
    for table, values in tables.items():
        origin[table] |= values
    return result.assign_attrs(attributes, provenance=json.dumps(origin))


def run_chains(scenario, first: int, n_chains: int, seed: int = 7, **options) -> xr.Dataset:
    return mc.simulate(
        scenario, first_chain=first, n_chains=n_chains, seed=seed, backend="python", **options
    )


def test_pieces_make_the_whole_in_any_order_and_any_steps(whole, pieces):
    merged = mc.merge(pieces)
    xr.testing.assert_identical(content(merged), content(whole))
    assert all(merged[count.name].dtype == np.int64 for count in COUNTS)
    assert chains_of(merged) == [[0, 60]]
    assert merged.attrs["first_chain"] == "0" and merged.attrs["n_chains"] == 60
    for order in itertools.permutations(pieces):
        xr.testing.assert_identical(mc.merge(order), merged)
    a, b, c = pieces
    for steps in ([mc.merge([a, b]), c], [a, mc.merge([c, b])], [b, mc.merge([c, a])]):
        xr.testing.assert_identical(mc.merge(steps), merged)


def test_pieces_are_left_as_they_were(pieces):
    before = [piece.copy(deep=True) for piece in pieces]
    mc.merge(pieces)
    for piece, old in zip(pieces, before, strict=True):
        xr.testing.assert_identical(piece, old)


def test_a_merged_result_goes_to_disk_and_back(pieces, tmp_path):
    merged = mc.merge(pieces)
    mc.save(merged, tmp_path / "a.h5")
    back = mc.load(tmp_path / "a.h5")
    xr.testing.assert_identical(content(back), content(merged))


def test_one_result_alone_is_itself(pieces):
    xr.testing.assert_identical(content(mc.merge(pieces[:1])), content(pieces[0]))


def test_gaps_are_kept_in_mind(pieces):
    merged = mc.merge([pieces[2], pieces[0]])
    assert chains_of(merged) == [[0, 10], [43, 17]]
    assert merged["chain"].values.tolist() == [*range(10), *range(43, 60)]


def test_records_are_kept_only_where_all_have_them(scenario, pieces):
    merged = mc.merge([pieces[0], run_chains(scenario, 10, 5)])
    assert "chain" not in merged.dims
    assert int(merged["n_chains"]) == 15


def test_a_result_from_before_a_record_was_added_is_read_and_merged(pieces, tmp_path):
    old = pieces[0].drop_vars("chain_winner")
    mc.save(old, tmp_path / "a.h5")
    xr.testing.assert_identical(content(mc.load(tmp_path / "a.h5")), content(old))
    for two in ([old, pieces[1]], [pieces[1], old]):
        merged = mc.merge(two)
        without = mc.merge(pieces[:2]).drop_vars("chain_winner")
        xr.testing.assert_identical(content(merged), content(without))


def test_chains_at_the_end_of_all_numbers(scenario):
    end = 2**64
    low, high = (run_chains(scenario, first, 3, keep_chains=True) for first in (end - 6, end - 3))
    merged = mc.merge([high, low])
    assert chains_of(merged) == [[end - 6, 6]]
    assert merged["chain"].values.tolist() == list(range(end - 6, end))
    assert merged["chain"].dtype == np.uint64


@pytest.mark.parametrize(
    ("first", "n_chains", "shared"), [(5, 3, "5 to 7"), (5, 20, "5 to 9"), (0, 10, "0 to 9")]
)
def test_overlaps_are_reported(scenario, pieces, tmp_path, first, n_chains, shared):
    for name, result in (("a", pieces[0]), ("b", run_chains(scenario, first, n_chains))):
        mc.save(result, tmp_path / f"{name}.h5")
    with pytest.raises(UsageError, match=rf"chains {shared} are both in .*\.h5 and in .*\.h5"):
        mc.merge([mc.load(tmp_path / "b.h5"), mc.load(tmp_path / "a.h5")])


def test_the_same_result_twice_is_an_overlap(pieces):
    with pytest.raises(UsageError, match="chains 0 to 9 are both"):
        mc.merge([pieces[0], pieces[0]])


def test_other_scenarios_seeds_and_versions_are_refused(scenario, pieces):
    first = pieces[0]
    later = run_chains(scenario, 10, 2)
    others = {
        "scenario": run_chains(crisis(response={"up": 0.31, "war_cost": 0.0}), 10, 2),
        "seed": run_chains(scenario, 10, 2, seed=8),
        "version": reported(later, {"source": "mcescalate 0.0.1"}, software={"version": "0.0.1"}),
        "scheme of random numbers": reported(
            later, {"rng_layout": "dice/7"}, rng={"layout": "dice/7"}
        ),
        "rounded probabilities": reported(
            later, {"thresholds_sha256": "0" * 64}, rng={"thresholds_sha256": "0" * 64}
        ),
    }
    for what, other in others.items():
        with pytest.raises(UsageError, match=f"result 0 and result 1 differ in\n  {what}: "):
            mc.merge([first, other])


def test_what_is_no_result_is_refused(scenario, pieces):
    with pytest.raises(UsageError, match="found none"):
        mc.merge([])
    with pytest.raises(UsageError, match='kind "exact"'):
        mc.merge([pieces[0], pieces[1].assign_attrs(kind="exact")])
    with pytest.raises(DataError, match="outcome_count is missing"):
        mc.merge([pieces[0], pieces[1].drop_vars("outcome_count")])
    with pytest.raises(DataError, match="attribute Conventions: missing"):
        mc.merge([pieces[0].drop_attrs()])
    with pytest.raises(DataError, match="has no provenance"):
        mc.merge([pieces[0].assign_attrs(provenance="counted by hand")])


def test_counts_past_32_bits_are_added(pieces):
    large = 2**33
    results = []
    for k, piece in enumerate(pieces[:2]):
        result = piece.drop_dims("chain").copy(deep=True)
        for count in COUNTS:
            result[count.name].values *= large
        n_chains = int(result["n_chains"])
        attrs = {"n_chains": n_chains, "first_chain": str(k * 2**60)}
        results.append(reported(result, attrs, rng={"chains": [[k * 2**60, n_chains]]}))
    merged = mc.merge(results)
    assert int(merged["n_chains"]) == large * (10 + 33)
