"""One run of the small crisis, and what it should come to."""

import pytest
from small_crisis import crisis

from mcescalate.api import simulate

CHAINS = 40_000


@pytest.fixture(scope="session")
def scenario():
    return crisis()


@pytest.fixture(scope="session")
def result(scenario):
    """One run with the record of each chain."""
    return simulate(scenario, n_chains=CHAINS, seed=4, keep_chains=True)


@pytest.fixture(scope="session")
def exact(scenario):
    """Expected counts per chain, from the independent reference model."""
    from reference_model import expected_tally, model_of

    return expected_tally(model_of(scenario))
