"""Estimates of what a run needs, and the refusal of what cannot end well."""

import pytest
from cases import load_case
from small_crisis import crisis

from mcescalate.errors import ResourceError
from mcescalate.model.chain.scoring import new_records
from mcescalate.model.counts import new_tally
from mcescalate.results.budget import Budget, estimate_run
from mcescalate.results.variables import record_bytes
from mcescalate.scenario.build import build_world


@pytest.mark.parametrize("name", ["july-1914", "cuba-1962"])
def test_the_size_of_records_is_that_of_their_arrays(name):
    world = build_world(load_case(name))
    arrays = new_records(world, 10)
    n_bytes = sum(array.nbytes for array in arrays) + 10 * 8  # and the numbers of the chains
    assert n_bytes == pytest.approx(10 * record_bytes(world.n_actors), rel=0.05)


def test_the_size_of_a_tally_is_right_within_a_factor_of_two():
    scenario = load_case("july-1914")
    one, three = (estimate_run(scenario, 100, workers=k).memory_bytes for k in (1, 3))
    n_bytes = sum(array.nbytes for array in new_tally(build_world(scenario)))
    estimated = (three - one) / 2 - 10_000_000
    assert n_bytes / 2 < estimated < n_bytes * 2


def test_memory_grows_with_records_only():
    scenario = crisis()
    assert (
        estimate_run(scenario, 10**12, workers=1).memory_bytes
        == estimate_run(scenario, 10, workers=1).memory_bytes
        < 10**9
    )
    assert estimate_run(scenario, 10**12, keep_chains=True).memory_bytes > 10**13


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(10**17, 10**3, 1.0), r"about 100\.0 PB of memory, 1\.0 kB of disk, 1 s, and"),
        (Budget(10**6, 10**3, 1e9), "32 years; ask for fewer chains"),
    ],
)
def test_too_much_is_refused_with_the_estimate(budget, words):
    with pytest.raises(ResourceError, match=words) as caught:
        budget.check()
    assert caught.value.exit_code == 4


def test_what_fits_is_let_through():
    estimate_run(crisis(), 1000, workers=1).check()
