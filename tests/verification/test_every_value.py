"""No value can be forgotten: each is set to another one in a world where it bites.

Then the kernel with all its memory counts what the plain model does, samples agree with the exact
solution, and chains are those of the independent model.
"""

import functools

import numpy as np
import pytest
from test_chains_against_reference import compare
from verification.agreement import FAMILY_RATE, cells, disagreements
from verification.every_value import (
    WITHOUT_EFFECT,
    base_of,
    cases,
    cases_of_several,
    is_of_sequences,
)
from verification.every_value import fields_of as fields

import mcescalate as mc
from mcescalate.engine.batches import run_chains
from mcescalate.scenario.build import build_world

CASES = cases()
OF_ONE_CRISIS = [address for address in CASES if not is_of_sequences(address)]
"""Sequences have exact solutions of their own in `test_sequences`."""
OF_SEVERAL = {
    address: it for address, it in cases_of_several(3).items() if not is_of_sequences(address)
}
FEW, MANY = 1_000, 100_000
SAMPLE = 20_000
LARGE_SAMPLE = 1_000_000


@functools.cache
def counted(address: str, n_chains: int, backend: str, changed: bool = True):
    """The tally of the world with a value changed, or of the world itself."""
    scenario = CASES[address] if changed else base_of(address)
    given = {"seed": 1962, "first_chain": 0, "workers": 1, "backend": backend}
    return run_chains(build_world(scenario), n_chains=n_chains, **given)[0]


def assert_same(one, other) -> None:
    for field, counts in one._asdict().items():
        np.testing.assert_array_equal(counts, getattr(other, field), err_msg=field)


def is_same(one, other) -> bool:
    return all(a.shape == b.shape and (a == b).all() for a, b in zip(one, other, strict=True))


def bites(address: str, n_chains: int) -> bool:
    by_value, by_base = (counted(address, n_chains, "numba", changed) for changed in (True, False))
    return not is_same(by_value, by_base)


@pytest.mark.parametrize("address", CASES)
def test_it_bites(address):
    # Else the comparisons below would compare nothing.
    n_chains = FEW
    while n_chains < SAMPLE and not bites(address, n_chains):
        n_chains *= 2
    assert bites(address, n_chains) == (address not in WITHOUT_EFFECT)


@pytest.mark.parametrize("address", CASES)
def test_the_kernel_counts_what_the_plain_model_does(address):
    assert_same(counted(address, FEW, "numba"), counted(address, FEW, "plain"))


@pytest.mark.slow
@pytest.mark.parametrize("address", CASES)
def test_the_kernel_counts_what_the_plain_model_does_in_many_chains(address):
    assert_same(counted(address, MANY, "numba"), counted(address, MANY, "plain"))


def agree(scenario: mc.Scenario, n_chains: int) -> None:
    """A right sampler fails any one of these tests with a chance of at most 1e-6."""
    exact = mc.solve(scenario)
    result = mc.simulate(scenario, n_chains=n_chains, seed=1963)
    assert list(disagreements(cells(result, exact), FAMILY_RATE / len(CASES))) == []


@pytest.mark.parametrize("first", OF_SEVERAL)
def test_samples_agree_with_the_exact_solution(first):
    """With three values changed at once: one that only a side uses separates both all the same."""
    agree(OF_SEVERAL[first], SAMPLE)


@pytest.mark.slow
@pytest.mark.parametrize("address", OF_ONE_CRISIS)
def test_a_million_chains_agree_with_the_exact_solution(address):
    agree(CASES[address], LARGE_SAMPLE)


@pytest.mark.parametrize("address", OF_ONE_CRISIS)
def test_chains_are_those_of_the_independent_model(address):
    compare(CASES[address], 7, 0, 2, "numba")


@pytest.mark.slow
@pytest.mark.parametrize("address", OF_ONE_CRISIS)
def test_many_chains_are_those_of_the_independent_model(address):
    compare(CASES[address], 8, 0, 30, "numba")


def test_every_field_of_a_row_is_among_them():
    # So that a new value is set here as well, or said to be none.
    for model, table in (("Actor", "actors"), ("DyadRow", "dyads")):
        rows = {address.split(".")[1] for address in CASES if address.startswith(f"{table}.")}
        assert {f"{table}.{row}.{name}" for row in rows for name in fields(model)} <= set(CASES)
    ties = {address.rsplit(".", 1)[1] for address in CASES if address.startswith("ties.")}
    assert set(fields("Tie")) | {"against"} == ties
