"""One result with records, its file, and pieces of it."""

import pytest
import xarray as xr
from small_crisis import crisis

import mcescalate as mc
from mcescalate.scenario.schema import Scenario

SEED = 7
N_CHAINS = 60


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """Three actors, two actor orders apart: the file's is not the alphabet's."""
    return crisis()


@pytest.fixture(scope="session")
def whole(scenario) -> xr.Dataset:
    """Chains 0 to 59, with a record of each."""
    return piece_of(scenario, 0, N_CHAINS)


@pytest.fixture(scope="session")
def pieces(scenario) -> list[xr.Dataset]:
    """The same chains in three pieces."""
    return [piece_of(scenario, first, n) for first, n in ((0, 10), (10, 33), (43, 17))]


@pytest.fixture(scope="session")
def image(whole, tmp_path_factory) -> bytes:
    """The bytes of a result's file."""
    path = tmp_path_factory.mktemp("results") / "whole.h5"
    mc.save(whole, path)
    return path.read_bytes()


def piece_of(scenario, first: int, n_chains: int, **options) -> xr.Dataset:
    """Some chains, simulated without compiling."""
    return mc.simulate(
        scenario,
        **{
            "n_chains": n_chains,
            "first_chain": first,
            "seed": SEED,
            "backend": "python",
            "keep_chains": True,
            "workers": 1,
        }
        | options,
    )
