"""The R script of the documentation, where R with the package ncdf4 is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import mcescalate as mc
from mcescalate.analysis import estimate

SCRIPT = Path(__file__).resolve().parents[1] / "docs" / "examples" / "plot_result.R"


def run_r(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["Rscript", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def r_reads_netcdf():
    """Skips where R, or its package ncdf4, is not installed."""
    if not shutil.which("Rscript") or run_r("-e", "library(ncdf4)").returncode:
        pytest.skip("no R with the package ncdf4")


def test_r_draws_a_result_with_our_intervals(r_reads_netcdf, tmp_path):
    result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    mc.save(result, tmp_path / "july.h5")
    done = run_r(SCRIPT, tmp_path / "july.h5", tmp_path / "july.pdf")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "july.pdf").read_bytes().startswith(b"%PDF")
    shares = estimate.shares(result, "outcome_count")
    rows = re.findall(r"^\s*(\w+)\s+([\d.e-]+)\s+([\d.e-]+)\s+([\d.e-]+)$", done.stdout, re.M)
    assert [row[0] for row in rows] == shares["outcome"].values.tolist()
    for outcome, *numbers in rows:
        ours = [
            shares[name].sel(outcome=outcome).item() for name in ("probability", "lower", "upper")
        ]
        assert [float(number) for number in numbers] == pytest.approx(ours, abs=6e-4)
