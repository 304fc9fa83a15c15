"""One scenario simulated over draws of its coefficients: a sweep with a point for each draw."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mcescalate.errors import ScenarioError, UsageError
from mcescalate.scenario.change.addresses import assign, read
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.plan import PLAN_VERSION, POSTERIOR
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.design.posterior import Posterior, Rows, common_era
from mcescalate.sweep.design.reading import read_plan, with_columns

FEWEST_CHAINS = 500
"""Least chains of a draw: with fewer, noise hides how much draws differ."""


class PlannedDraws(NamedTuple):
    """A sweep over draws.

    Parameters
    ----------
    sweep : ready to be simulated
    era : whose values hold; None where values do not differ by era
    kept : addresses that draws do not change, because something lies over them
    """

    sweep: PlannedSweep
    era: str | None
    kept: tuple[str, ...]


def plan_draws(
    scenario: Scenario,
    posterior: Posterior,
    *,
    n_chains: int,
    seed: int,
    draws: int | None = None,
    era: str | None = None,
    first_chain: int = 0,
    name: str = "scenario",
    change: Callable[[Scenario], Scenario] = lambda scenario: scenario,
) -> PlannedDraws:
    """Plan `n_chains` chains in all, evenly over draws, on the same random numbers.

    Parameters
    ----------
    draws : how many; see `Posterior.draws`
    era : whose values hold; by default that of the scenario
    name : of the scenario in the result
    change : what lies over the draws, such as overlays: its values stay as they are

    Raises
    ------
    UsageError
        Too few chains for so many draws, or the posterior does not fit; see `Posterior`.
    ScenarioError
        The scenario lacks a value of the posterior, or may not have one of its draws.
    """
    base = change(scenario)
    era = common_era(posterior, [base], era)
    rows = posterior.draws(draws, era)
    chains = n_chains // len(rows)
    if chains < FEWEST_CHAINS:
        fewer = n_chains // FEWEST_CHAINS
        raise UsageError(
            f"--chains: {n_chains} chains over {len(rows)} draws are {chains} each, expected "
            f"{FEWEST_CHAINS} or more; use {FEWEST_CHAINS * len(rows)} chains"
            + (f", or {fewer} draws" if fewer > 1 else "")
        )
    addresses = list(posterior.values)
    free = _free_paths(scenario, change, addresses, rows)
    columns = [k for k, address in enumerate(addresses) if free[address]]
    if not columns:
        raise UsageError(f"{posterior.name}: overlays or settings replace all of its values")
    partly = {a for a in addresses if free[a] and len(free[a]) < len(read(base, a))}
    tables = {
        "schema_version": PLAN_VERSION,
        "title": scenario.title,
        "bases": [{"scenario": name}],
        "design": {
            "kind": POSTERIOR,
            "size": len(rows),
            "file": Path(posterior.name).name,
            **({"era": era} if era else {}),
        },
        "axes": [{"name": a, "address": free[a]} for a in addresses if a in partly],
        "chains": chains,
        "seed": seed,
        "first_chain": first_chain,
    }
    header = [addresses[k] for k in columns]
    plan = with_columns(read_plan(tables, posterior.name), header, posterior.name)
    kept = tuple(a for a in addresses if a in partly or not free[a])
    chosen = [[row[k] for k in columns] for row in rows]
    sweep = PlannedSweep(posterior.name, plan, ((name, base),), chosen)
    return PlannedDraws(sweep, era, kept)


def _free_paths(
    scenario: Scenario,
    change: Callable[[Scenario], Scenario],
    addresses: list[str],
    rows: Rows,
) -> dict[str, list[str]]:
    """By address, the whole addresses it stands for whose draws `change` leaves as they are."""
    own = [address for address in addresses if _has(scenario, address)]
    free = {a: list(read(scenario, a)) if a in own else [] for a in addresses}
    for row in (rows[0], rows[-1]):
        values = dict(zip(addresses, row, strict=True))
        drawn = assign(scenario, [(address, values[address]) for address in own], "a draw")
        before = {address: read(drawn, address) for address in own}
        after = {address: read(change(drawn), address) for address in own}
        for address in own:
            free[address] = [
                path
                for path in free[address]
                if path in after[address] and after[address][path] == before[address][path]
            ]
    return free


def _has(scenario: Scenario, address: str) -> bool:
    try:
        read(scenario, address)
    except ScenarioError:
        return False
    return True
