"""Fit `configs/overlays/recurrence.toml` to how soon pairs of states are in dispute again.

.venv/bin/python scripts/fit_recurrence.py           # compare the overlay with the record
.venv/bin/python scripts/fit_recurrence.py --fit 60  # search for better values, in so many tries

The record is that of pairs of states with a dispute in 1816-2014 (MID 5.0): whether the two are in
dispute again within five years, by how the last dispute ended; how often with roles reversed; and
disputes per pair-year by years since the last one. Chains of two rivals, a period a year, are
followed likewise. Shares must lie in the 95 % Wilson intervals of the record, hazards in 99 % ones.
"""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

import mcescalate as mc
from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.model.codes import NO_OUTCOME, OUTCOMES, SIDES

SCENARIO = "docs/examples/rivals.toml"
YEARS = 5

AGAIN = {
    "stalemate": (536, 999),
    "compromise": (32, 95),
    "target yielded": (43, 144),
    "initiator yielded": (27, 67),
    "war": (16, 62),
}
"""Again in dispute within five years, and all, by how the last dispute ended."""

REVERSED = {"target yielded": (10, 43), "initiator yielded": (14, 27)}
"""Of these, those with roles reversed."""

HAZARDS = {
    (1, 1): (317, 1590),
    (2, 2): (195, 1290),
    (3, 3): (127, 1134),
    (4, 5): (140, 1975),
    (6, 8): (115, 2546),
    (9, 12): (99, 2915),
    (13, 20): (66, 4551),
}
"""Disputes and pair-years, by the number of the year after the last dispute."""

FREE = ("quiet", "recur", "memory_half_life", "settled_memory", "war_memory", "firm", "half_life")


class Row(NamedTuple):
    """One line of the comparison."""

    name: str
    simulated: float
    count: int
    n: int
    level: float

    @property
    def is_met(self) -> bool:
        """Whether the simulated share lies in the interval of the record."""
        lower, upper = wilson(self.count, self.n, self.level)
        return bool(lower <= self.simulated <= upper)


def compare(settings: tuple[str, ...] = (), n_chains: int = 100_000, seed: int = 1) -> list[Row]:
    """The record beside chains of two rivals under the overlay."""
    scenario = mc.load_scenario(SCENARIO, overlays=["recurrence"], settings=list(settings))
    result = mc.simulate(scenario, n_chains=n_chains, seed=seed, keep_chains=True)
    return list(_rows(*_histories(result)))


def _histories(result) -> tuple[np.ndarray, np.ndarray]:
    """(chain, period): how a dispute ended, a place in AGAIN, or -1; and who began it."""
    outcome, yielded = (result[f"chain_{field}"].values for field in ("outcome", "yielded"))
    initiator = result["chain_drawn_initiator"].values
    named = np.full(NO_OUTCOME + 1, -1)
    kinds = list(AGAIN)
    for name in ("settled", "mediated"):
        named[OUTCOMES.index(name)] = kinds.index("compromise")
    named[OUTCOMES.index("stalemate")] = kinds.index("stalemate")
    for name in ("limited_war", "general_war"):
        named[OUTCOMES.index(name)] = kinds.index("war")
    kind = named[outcome]
    for side, name in zip(SIDES, ("initiator yielded", "target yielded"), strict=True):
        is_settled = kind == kinds.index("compromise")
        kind = np.where(is_settled & (yielded == SIDES.index(side)), kinds.index(name), kind)
    return kind, initiator


def _rows(kind: np.ndarray, initiator: np.ndarray) -> Iterator[Row]:
    is_dispute = kind >= 0
    n_chains, n_periods = kind.shape
    again, total, turned = (np.zeros(len(AGAIN), np.int64) for _ in range(3))
    for period in range(n_periods - YEARS):
        ahead = is_dispute[:, period + 1 : period + 1 + YEARS]
        follows, first = ahead.any(1), ahead.argmax(1)
        next_initiator = initiator[np.arange(n_chains), period + 1 + first]
        for place in range(len(AGAIN)):
            ended = kind[:, period] == place
            total[place] += ended.sum()
            again[place] += (ended & follows).sum()
            turned[place] += (ended & follows & (next_initiator != initiator[:, period])).sum()
    for place, (name, (count, n)) in enumerate(AGAIN.items()):
        yield Row(f"again after {name}", again[place] / max(total[place], 1), count, n, 0.95)
    for name, (count, n) in REVERSED.items():
        place = list(AGAIN).index(name)
        yield Row(f"reversed after {name}", turned[place] / max(again[place], 1), count, n, 0.95)
    disputes, years = np.zeros(n_periods + 1), np.zeros(n_periods + 1)
    last = np.full(n_chains, -1)
    for period in range(n_periods):
        since = np.where(last >= 0, period - last, 0)
        np.add.at(years, since, 1)
        np.add.at(disputes, since[is_dispute[:, period]], 1)
        last = np.where(is_dispute[:, period], period, last)
    for (first_year, last_year), (count, n) in HAZARDS.items():
        span = slice(first_year, last_year + 1)
        share = disputes[span].sum() / max(years[span].sum(), 1)
        yield Row(f"year {first_year} to {last_year} after", share, count, n, 0.99)


def fit(tries: int, n_chains: int = 40_000) -> dict[str, float]:
    """Values of FREE with the least misfit, from those of the overlay on, on the same chains."""
    start = mc.load_scenario(SCENARIO, overlays=["recurrence"]).sequence

    def misfit(logs: np.ndarray) -> float:
        rows = compare(_settings(logs), n_chains)
        shares = [row.count / row.n for row in rows]
        return sum(
            (row.simulated - share) ** 2 / (share * (1 - share) / row.n) + 10 * (not row.is_met)
            for row, share in zip(rows, shares, strict=True)
        )

    logs = np.log([getattr(start, name) for name in FREE])
    found = minimize(misfit, logs, method="Nelder-Mead", options={"maxfev": tries})
    return dict(zip(FREE, np.exp(found.x).tolist(), strict=True))


def _settings(logs: np.ndarray) -> tuple[str, ...]:
    values = np.exp(logs).tolist()
    return tuple(f"sequence.{name}={value}" for name, value in zip(FREE, values, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fit", type=int, metavar="TRIES")
    parser.add_argument("--chains", type=int, default=100_000)
    given = parser.parse_args()
    settings: tuple[str, ...] = ()
    if given.fit:
        found = fit(given.fit)
        for name, value in found.items():
            print(f"{name} = {value:.4g}")
        settings = tuple(f"sequence.{name}={value}" for name, value in found.items())
    for row in compare(settings, given.chains):
        lower, upper = wilson(row.count, row.n, row.level)
        print(
            f"{row.name:32} {row.simulated:.4f}  recorded {row.count / row.n:.4f} "
            f"({float(lower):.4f} - {float(upper):.4f})  {'met' if row.is_met else 'NOT MET'}"
        )


if __name__ == "__main__":
    main()
