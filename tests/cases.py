"""Cases of the library, and runs of them that several tests look at."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import xarray as xr

import mcescalate as mc
from mcescalate.scenario.schema import Scenario

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
OVERLAYS = CONFIGS / "overlays"
PAGES = ROOT / "docs" / "scenarios"
CASES = (
    "july-1914",
    "cuba-1962",
    "able-archer-1983",
    "nato-russia-2022",
    "east-asia-2020s",
    "europe-1908",
)
"""Those of the library that are written by hand; the whole-system ones are generated."""

WARS = ("limited_war", "general_war")


def load_case(name: str, overlays: Iterable[str] = (), settings: Iterable[str] = ()) -> Scenario:
    """A case of the library, changed."""
    return mc.load_case(name, overlays=overlays, settings=settings)


@cache
def run_case(
    name: str,
    *,
    overlays: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    n_chains: int = 20_000,
    seed: int = 5,
) -> xr.Dataset:
    """Counts of one case; with one seed two runs share their random numbers."""
    return mc.simulate(load_case(name, overlays, settings), n_chains=n_chains, seed=seed)


def n_crises(result: xr.Dataset) -> int:
    """How many crises there were: one a chain, but in sequences."""
    return int(result["outcome_count"].sum())


def share(result: xr.Dataset, *outcomes: str) -> float:
    """Share of all crises that ended in one of `outcomes`."""
    counts = result["outcome_count"].sel(outcome=list(outcomes))
    return int(counts.sum()) / n_crises(result)


def peak_share(result: xr.Dataset, lowest: str) -> float:
    """Share of all chains that reached the rung named `lowest` or a higher one."""
    rungs = result["rung"].values.tolist()
    counts = result["peak_count"].values
    return int(counts[rungs.index(lowest) :].sum()) / int(result["n_chains"])


def misreads(result: xr.Dataset) -> float:
    """Mean number of misread moves in a crisis (15 stands for 15 and more)."""
    counts = result["misread_count"]
    return float((counts * counts["misreads"]).sum()) / n_crises(result)


def entered(result: xr.Dataset, actor: str, cause: str) -> float:
    """Share of all chains in which `actor` came in by `cause`."""
    return int(result["entry_count"].sel(actor=actor, cause=cause)) / int(result["n_chains"])


def at_war(result: xr.Dataset, actor: str) -> float:
    """Share of all chains in which `actor` ended at war."""
    return int(result["actor_war_count"].sel(actor=actor).sum()) / int(result["n_chains"])


def fates(result: xr.Dataset, tie: str) -> dict[str, int]:
    """How often a promise was fought for, stood by, abandoned or betrayed."""
    names = ("fought", "stood_by", "abandoned", "betrayed")
    return {name: int(result[f"tie_{name}_count"].sel(tie=tie)) for name in names}
