"""What simulating the same chains gains in July 1914, tie by tie; docs/analysis.md has them all."""

from pathlib import Path

import pytest

from mcescalate.analysis.comparison.compare import differences
from mcescalate.analysis.comparison.levers import Lever, simulate_levers
from mcescalate.api import load_scenario

FILE = Path(__file__).resolve().parents[1] / "configs" / "july-1914.toml"
SMALL = ("ITA-AUH", "FRN-RUS", "YUG-GRC", "UKG-BEL", "ROM-AUH")
GREAT = ("GMY-AUH", "RUS-YUG")


@pytest.fixture(scope="module")
def changes():
    levers = [Lever(False, f"tie:{pair}") for pair in (*SMALL, *GREAT)]
    return differences(simulate_levers(load_scenario(FILE), levers, n_chains=3000, seed=1914))


@pytest.mark.parametrize("pair", SMALL)
def test_intervals_are_three_times_narrower(changes, pair):
    assert float(changes["narrowing"].sel(lever=f"without tie:{pair}", event="war")) > 3


@pytest.mark.parametrize("pair", GREAT)
def test_a_tie_that_moves_much_leaves_less_to_gain(changes, pair):
    """As many chains differ as must, whatever the coupling: crises show it in the clear."""
    row = changes.sel(lever=f"without tie:{pair}", event="crisis")
    assert float(row["narrowing_limit"]) < 3
    assert float(row["narrowing"]) == pytest.approx(float(row["narrowing_limit"]), rel=0.05)
