"""The R script of the documentation, where R with the package ncdf4 is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import mcescalate as mc
from mcescalate.analysis import estimate

DRAWN = r"^drawn with (ggplot2|base graphics)\s*$"
SCRIPT = Path(__file__).resolve().parents[1] / "docs" / "examples" / "plot_result.R"


def run_r(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["Rscript", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def r_reads_netcdf():
    """Skips where R, or its package ncdf4, is not installed."""
    if not shutil.which("Rscript") or run_r("-e", "library(ncdf4)").returncode:
        pytest.skip("no R with the package ncdf4")


@pytest.fixture(scope="module")
def july(r_reads_netcdf, tmp_path_factory):
    """A result, and the file that holds it."""
    path = tmp_path_factory.mktemp("r") / "july.h5"
    result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    mc.save(result, path)
    return result, path


def has_ggplot2() -> bool:
    return run_r("-e", "library(ggplot2)").returncode == 0


@pytest.mark.parametrize("words", [(), ("base",)], ids=["by default", "base"])
def test_r_draws_a_result_with_our_intervals(july, words, tmp_path):
    result, path = july
    done = run_r(SCRIPT, path, tmp_path / "july.pdf", *words)
    assert done.returncode == 0, done.stderr
    expected = "ggplot2" if not words and has_ggplot2() else "base graphics"
    assert re.findall(DRAWN, done.stdout, re.M) == [expected]
    assert (tmp_path / "july.pdf").read_bytes().startswith(b"%PDF")
    shares = estimate.shares(result, "outcome_count")
    rows = re.findall(r"^\s*(\w+)\s+([\d.e-]+)\s+([\d.e-]+)\s+([\d.e-]+)$", done.stdout, re.M)
    assert [row[0] for row in rows] == shares["outcome"].values.tolist()
    for outcome, *numbers in rows:
        ours = [
            shares[name].sel(outcome=outcome).item() for name in ("probability", "lower", "upper")
        ]
        assert [float(number) for number in numbers] == pytest.approx(ours, abs=6e-4)


def test_r_refuses_other_words(r_reads_netcdf, tmp_path):
    done = run_r(SCRIPT, "a.h5", tmp_path / "a.pdf", "lattice")
    assert done.returncode != 0 and "expected a result" in done.stderr
    assert not (tmp_path / "a.pdf").exists()
