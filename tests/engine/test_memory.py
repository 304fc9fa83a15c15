"""Memory of a million chains, measured in a process of its own."""

import subprocess
import sys

import pytest
from cases import CONFIGS

SIMULATE = """
import resource, sys
import mcescalate as mc
scenario = mc.load_scenario(sys.argv[1])
result = mc.simulate(scenario, n_chains=1_000_000, seed=1, keep_chains=sys.argv[2] == "keep")
mc.save(result, sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("records", ["count", "keep"])
def test_a_million_chains_take_less_than_a_gigabyte(tmp_path, records):
    done = subprocess.run(
        [sys.executable, "-c", SIMULATE, CONFIGS / "july-1914.toml", records, tmp_path / "a.h5"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert int(done.stdout) < 1_000_000_000, done.stderr
