"""Correct the fit of who joins for what joiners set off, which its likelihood leaves out.

A joiner makes news, brings in its allies and changes what the two dare. The fit is corrected by
indirect inference: simulated disputes have to have the same mean score, under the likelihood that
leaves all this out, as the recorded ones (efficient method of moments; Gallant and Tauchen 1996).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from mcescalate.calibration.fitting.fit import Fit
from mcescalate.calibration.likelihoods.joining import JoiningLikelihood, bystanders_of
from mcescalate.calibration.likelihoods.observations import Observation
from mcescalate.engine.batches import run_chains
from mcescalate.machine import available_cores
from mcescalate.model.world import World

CHAINS = 256
"""Simulated of each dispute, on the same random numbers whatever the values."""
_MOST_DISPUTES = 2**31
_FIRST_CHAIN = 2**31
"""Chains before it are those that score a fit."""
_MOST_ROUNDS = 10
_CLOSE = 0.1
"""Longest step, in standard deviations of the posterior, that counts as none."""
_LONGEST = 1.0
"""Longest step, in standard deviations of the prior."""


@dataclass(frozen=True)
class Feedback:
    """How the fit of who joins was corrected.

    Parameters
    ----------
    rounds : of simulation
    converged : whether the next step would have been short
    longest : that step, in standard deviations of the posterior
    chains, seed : of each dispute's simulation
    """

    rounds: int
    converged: bool
    longest: float
    chains: int
    seed: int


def correct_for_feedback(
    likelihood: JoiningLikelihood,
    fit: Fit,
    world_of: Callable[[Observation, Fit], World],
    *,
    seed: int,
    chains: int = CHAINS,
    workers: int = 0,
    progress: Callable[[int], None] = lambda step: None,
) -> tuple[Fit, Feedback]:
    """The fit with its mode moved to where simulated disputes score as recorded ones do.

    The steps are those of Broyden's method, which begins with the slopes of the likelihood and
    learns from each round how much more joiners change than these say.

    Parameters
    ----------
    likelihood : whose mode `fit` is
    world_of : the world of a dispute with the values of a fit
    """
    layout = fit.layout
    scores = likelihood.scores(fit.mode)
    recorded = _recorded_score(likelihood, scores)
    curvature = np.linalg.inv(fit.covariance)
    sd = np.sqrt(np.diag(fit.covariance))

    def excess(at: np.ndarray) -> np.ndarray:
        moved = replace(fit, mode=at)
        simulated = _simulated_score(
            likelihood, scores, lambda one: world_of(one, moved), seed, chains, workers
        )
        return recorded - simulated - at / layout.sd**2

    at, found, jacobian = fit.mode, excess(fit.mode), curvature
    rounds, longest, shorter = 1, np.inf, 1.0
    while True:
        free = ~layout.held(at, found)
        step = np.zeros(layout.size)
        step[free] = np.linalg.solve(jacobian[np.ix_(free, free)], found[free])
        longest = float(np.abs(step / sd).max())
        if longest < _CLOSE or rounds == _MOST_ROUNDS:
            break
        step *= shorter / max(1.0, float(np.abs(step / layout.sd).max()) / _LONGEST)
        to = layout.within_bounds(at + step)
        tried = excess(to)
        rounds += 1
        progress(rounds)
        # What the step did, in the metric of the posterior.
        went = to - at
        weight = curvature @ went
        jacobian = jacobian + np.outer(found - tried - jacobian @ went, weight / (weight @ went))
        if _size(tried, fit) < _size(found, fit):
            at, found, shorter = to, tried, 1.0
        else:
            shorter /= 2.0
    corrected = replace(fit, mode=at)
    return corrected, Feedback(rounds, longest < _CLOSE, longest, chains, seed)


def _size(excess: np.ndarray, fit: Fit) -> float:
    return float(excess @ fit.covariance @ excess)


def _recorded_score(likelihood: JoiningLikelihood, scores: list[np.ndarray]) -> np.ndarray:
    """(parameter) the score of what happened."""
    total = np.zeros(likelihood.layout.size)
    for one, entered, slopes in zip(
        likelihood.observations, likelihood.entered, scores, strict=True
    ):
        own = slopes[:, int(bool(one.outcome.war)), entered, np.arange(len(entered))]
        total += likelihood.layout.sums[one.period].T @ own.sum(axis=1)
    return total


def _simulated_score(
    likelihood: JoiningLikelihood,
    scores: list[np.ndarray],
    world_of: Callable[[Observation], World],
    seed: int,
    chains: int,
    workers: int,
) -> np.ndarray:
    """(parameter) the mean score of simulated disputes."""

    def score(k: int) -> np.ndarray:
        one = likelihood.observations[k]
        shares = entries_in_chains(one, world_of(one), seed, chains)
        own = np.einsum("vwdn,wdn->v", scores[k], shares)
        return likelihood.layout.sums[one.period].T @ own

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        parts = list(pool.map(score, range(len(scores))))
    return np.sum(parts, axis=0)


def entries_in_chains(one: Observation, world: World, seed: int, chains: int) -> np.ndarray:
    """(peace or war, what it did, bystander) shares of simulated chains of a dispute."""
    _, records = run_chains(
        # An accident is never deterred, and is like any other incident from then on.
        world._replace(accident=1.0),
        seed=seed,
        first_chain=(one.number % _MOST_DISPUTES) * 2**32 + _FIRST_CHAIN,
        n_chains=chains,
        workers=1,
        keep_chains=True,
    )
    assert records is not None
    in_war = records.peak_rung >= world.top
    did = records.side[:, bystanders_of(one)] + 1
    shares = [
        [((did == side) & (in_war == war)[:, None]).mean(axis=0) for side in range(3)]
        for war in (False, True)
    ]
    return np.array(shares)
