"""Fit free values to recorded disputes, and keep those that the disputes inform."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mcescalate.calibration.fitting.feedback import Feedback, correct_for_feedback
from mcescalate.calibration.fitting.fit import Fit, Likelihood, find_mode, with_sample
from mcescalate.calibration.fitting.sampling import MANY
from mcescalate.calibration.likelihoods.free_values import MIX, PERIODS, FreeValue, Layout
from mcescalate.calibration.likelihoods.joining import JoiningLikelihood, has_entries
from mcescalate.calibration.likelihoods.likelihood import PairLikelihood
from mcescalate.calibration.likelihoods.mix import Mix
from mcescalate.calibration.likelihoods.observations import Observation
from mcescalate.calibration.pairs.moves import VALUE_OF_ACTORS, VALUE_OF_COEFFICIENT
from mcescalate.errors import UsageError
from mcescalate.model.dependences import rests_on
from mcescalate.model.world import World

UNINFORMED = 0.9
"""A value whose standard deviation shrinks to no less than this share is left at its default."""
DRAWS = 1000


@dataclass(frozen=True)
class Row:
    """What was found of one value in one era.

    Parameters
    ----------
    period : the era; empty for a value that is the same in all
    shrinkage : posterior over prior standard deviation; None where the default is kept unseen
    informed : whether it was fitted; otherwise it stays at its default
    """

    address: str
    period: str
    default: float
    estimate: float
    se: float
    shrinkage: float
    informed: bool


@dataclass(frozen=True)
class Calibration:
    """Values fitted to recorded disputes, with their doubt.

    Parameters
    ----------
    fits : of what happens between two, and of who joins, where something was fitted
    uninformed : values that stay at their defaults, with the shrinkage of their standard deviation
    domains : names of the first acts
    n_disputes : (era) from which they were fitted
    feedback : how the fit of who joins was corrected; None if it was not
    """

    fits: tuple[Fit, ...]
    uninformed: tuple[tuple[FreeValue, float], ...]
    domains: tuple[str, ...]
    n_disputes: tuple[int, ...]
    feedback: Feedback | None = None

    @property
    def values(self) -> list[tuple[Fit, int]]:
        """Every value that was fitted: its fit, and its place there."""
        return [(fit, v) for fit in self.fits for v in range(len(fit.layout.values))]

    def effective(self) -> dict[str, np.ndarray]:
        """(era) the fitted values by address, with the weights of first acts themselves."""
        drawn = {
            fit.layout.values[v].address: fit.effective[:, v]
            for fit, v in self.values
            if not fit.layout.values[v].is_weight
        }
        ratios = [fit.effective[:, v] for fit, v in self.values if fit.layout.values[v].is_weight]
        return drawn | self._weights(ratios)

    def draws(self, n: int = DRAWS, seed: int = 1) -> dict[str, np.ndarray]:
        """(draw, era) values by address, drawn from the posterior."""
        found: dict[str, np.ndarray] = {}
        for k, fit in enumerate(self.fits):
            drawn = fit.draws(n, seed + k)
            ratios = []
            for v, value in enumerate(fit.layout.values):
                if value.is_weight:
                    ratios.append(drawn[:, :, v])
                else:
                    found[value.address] = drawn[:, :, v]
            found |= self._weights(ratios)
        return found

    def by_period(self) -> dict[str, bool]:
        """Whether a fitted value shifts by era, by address."""
        found = {}
        for fit, v in self.values:
            value = fit.layout.values[v]
            found[value.address] = value.by_period
            if value.is_weight:
                found |= dict.fromkeys(self._weight_addresses(), value.by_period)
        return found

    def rows(self, seed: int = 1) -> list[Row]:
        """What was found of every free value, era by era where it shifts."""
        effective, draws, shifts = self.effective(), self.draws(seed=seed), self.by_period()
        shrinkage, defaults = self._shrinkage(), self._defaults()
        rows = [
            Row(
                address,
                PERIODS[era] if shifts[address] else "",
                defaults[address],
                float(values[era]),
                float(draws[address][:, era].std()),
                float(shrinkage[address][era]),
                informed=True,
            )
            for address, values in effective.items()
            for era in (range(len(PERIODS)) if shifts[address] else (0,))
        ]
        out = [(v.address, v.default, share) for v, share in self.uninformed if not v.is_weight]
        weights = [(value, share) for value, share in self.uninformed if value.is_weight]
        ratios = [np.array(value.default) for value, _ in weights]
        shares = [share for _, share in weights]
        out += [(a, float(w), min(shares)) for a, w in self._weights(ratios).items()]
        return rows + [Row(a, "", at, at, 0.0, share, informed=False) for a, at, share in out]

    def write(self, observation: Observation) -> None:
        """Write the fitted values of its era into the world of a dispute."""
        for fit in self.fits:
            for value, found in zip(
                fit.layout.values, fit.effective[observation.period], strict=True
            ):
                if value.kind == VALUE_OF_COEFFICIENT:
                    observation.coefficients[value.column] = found
                elif value.kind == VALUE_OF_ACTORS:
                    observation.actors[:, value.column] = found

    def world_of(self, observation: Observation) -> World:
        """The world of a dispute with the fitted values of its era."""
        observation.restore()
        self.write(observation)
        world = observation.world
        domains = world.domains.copy()
        shares = self.shares(observation)
        domains["share"], domains["cumulative"] = shares, np.cumsum(shares)
        return world._replace(
            domains=domains.view(np.recarray), rests_on=rests_on(observation.coefficients)
        )

    def shares(self, observation: Observation) -> np.ndarray:
        """(domain) the shares of first acts in a dispute."""
        free = [(fit, v) for fit, v in self.values if fit.layout.values[v].of_mix]
        mix = Mix([fit.layout.values[v] for fit, v in free], [observation])
        effective = [fit.effective[:, v] for fit, v in free]
        return mix.shares(np.array(effective).reshape(-1, len(PERIODS)).T[None])[0, 0]

    # ---- weights of first acts

    def _weight_addresses(self) -> list[str]:
        return [MIX.replace("*", name) for name in self.domains]

    def _weights(self, ratios: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """Weights that sum to 1 from log-ratios to the last one; none without ratios."""
        if not ratios:
            return {}
        odds = np.exp(np.stack([*ratios, np.zeros_like(ratios[0])]))
        return dict(zip(self._weight_addresses(), odds / odds.sum(axis=0), strict=True))

    def _shrinkage(self) -> dict[str, np.ndarray]:
        found = {fit.layout.values[v].address: fit.shrinkage[:, v] for fit, v in self.values}
        last = [fit.shrinkage[:, v] for fit, v in self.values if fit.layout.values[v].is_weight]
        return found | ({self._weight_addresses()[-1]: np.min(last, axis=0)} if last else {})

    def _defaults(self) -> dict[str, float]:
        found = {
            fit.layout.values[v].address: fit.layout.values[v].default for fit, v in self.values
        }
        ratios = [
            np.array(fit.layout.values[v].default)
            for fit, v in self.values
            if fit.layout.values[v].is_weight
        ]
        return found | {a: float(w) for a, w in self._weights(ratios).items()}


def calibrate(
    observations: Sequence[Observation],
    values: Sequence[FreeValue],
    domains: Sequence[str],
    *,
    like: Calibration | None = None,
    feedback: bool = True,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[str, int], None] = lambda stage, step: None,
) -> Calibration:
    """Fit the values to the disputes, and leave those that they do not inform at their defaults.

    Parameters
    ----------
    like : a calibration on other disputes, near which the climb begins
    feedback : whether the fit of who joins is corrected for what joiners set off
    seed : of the simulations that this takes

    Raises
    ------
    UsageError
        There are no disputes, or they inform none of the values.
    """
    if not observations:
        raise UsageError("no disputes to fit: none could be placed in a scenario")
    own = [value for value in values if not value.of_joining]
    fits, uninformed = [], []
    if own:
        fit, left = fit_informed(
            lambda kept: PairLikelihood(observations, Layout(kept), workers),
            own,
            like,
            lambda step: progress("fitting the two", step),
            with_draws=len(observations) <= MANY,
        )
        fits += [fit] if fit else []
        uninformed += left
    joining = [value for value in values if value.of_joining]
    known = [one for one in observations if has_entries(one)]
    corrected = None
    if joining and known:
        fit, left, corrected = fit_joining(
            known,
            joining,
            Calibration(tuple(fits), (), tuple(domains), ()),
            like,
            seed if feedback else None,
            workers,
            progress,
        )
        fits += [fit] if fit else []
        uninformed += left
    if not fits:
        names = ", ".join(value.address for value, _ in uninformed)
        raise UsageError(
            f"the disputes inform none of the free values ({names}); name others with --free"
        )
    counts = np.bincount([one.period for one in observations], minlength=len(PERIODS))
    return Calibration(
        tuple(fits), tuple(uninformed), tuple(domains), tuple(map(int, counts)), corrected
    )


def fit_joining(
    observations: Sequence[Observation],
    values: Sequence[FreeValue],
    calibration: Calibration,
    like: Calibration | None,
    seed: int | None,
    workers: int,
    progress: Callable[[str, int], None],
) -> tuple[Fit | None, list[tuple[FreeValue, float]], Feedback | None]:
    """Fit what bears on who joins, along what `calibration` says of the two.

    Parameters
    ----------
    seed : of the simulations that correct the fit for what joiners set off; None for no correction

    Returns
    -------
    The fit, None if nothing is informed; what was taken out, with its shrinkage; the correction.

    Raises
    ------
    UsageError
        Wars end in these scenarios.
    """
    if any(one.world.coefficients.war_rate > 0.0 for one in observations):
        raise UsageError("joining is fitted only where wars last to the horizon; set war.rate to 0")
    shares = np.array([calibration.shares(one) for one in observations])

    def likelihood_of(kept: Sequence[FreeValue]) -> JoiningLikelihood:
        for one in observations:
            one.restore()
            calibration.write(one)
        return JoiningLikelihood(observations, Layout(kept), shares, workers)

    # One climb, from the prior means: entries have shown no second mode.
    fit, left = fit_informed(
        likelihood_of,
        values,
        like,
        lambda step: progress("fitting who joins", step),
        climbs_once=True,
    )
    if fit is None or seed is None:
        return fit, left, None
    corrected, feedback = correct_for_feedback(
        likelihood_of(fit.layout.values),
        fit,
        lambda one, moved: replace(calibration, fits=(*calibration.fits, moved)).world_of(one),
        seed=seed,
        workers=workers,
        progress=lambda step: progress("simulating what joiners set off", step),
    )
    return corrected, left, feedback


def fit_informed(
    likelihood_of: Callable[[Sequence[FreeValue]], Likelihood],
    values: Sequence[FreeValue],
    like: Calibration | None,
    progress: Callable[[int], None],
    *,
    climbs_once: bool = False,
    with_draws: bool = False,
) -> tuple[Fit | None, list[tuple[FreeValue, float]]]:
    """Fit values, take out those that are not informed, and fit the others again.

    Parameters
    ----------
    climbs_once : whether the climb from the prior means is trusted where nothing is near
    with_draws : whether the posterior is sampled; otherwise it is taken as normal

    Returns
    -------
    The fit, None if nothing is informed; what was taken out, with its shrinkage.
    """
    kept = list(values)
    out: list[tuple[FreeValue, float]] = []
    near = like.fits if like else ()
    while kept:
        likelihood = likelihood_of(kept)
        start = _begin_near(likelihood.layout, near) if near or climbs_once else None
        fit = find_mode(likelihood, start, progress)
        shrinkage = fit.shrinkage.min(axis=0)
        # First acts stand or fall together: one weight alone has no meaning.
        mix = min([s for s, v in zip(shrinkage, kept, strict=True) if v.is_weight], default=1.0)
        shares = [mix if v.is_weight else float(s) for s, v in zip(shrinkage, kept, strict=True)]
        # Effects of traits add to the weights, so that these need to be known.
        vague = [
            share > UNINFORMED or (value.of_mix and mix > UNINFORMED)
            for value, share in zip(kept, shares, strict=True)
        ]
        if not any(vague):
            return (with_sample(fit, likelihood) if with_draws else fit), out
        out += [(v, s) for v, s, at in zip(kept, shares, vague, strict=True) if at]
        near = (fit,)
        kept = [v for v, at in zip(kept, vague, strict=True) if not at]
    return None, out


def _begin_near(layout: Layout, fits: Sequence[Fit]) -> np.ndarray:
    """The modes of fits as far as they have the same values; the prior means of the others."""
    start = np.zeros(layout.size)
    for fit in fits:
        at = {value: v for v, value in enumerate(fit.layout.values)}
        for v, value in enumerate(layout.values):
            if value in at:
                own = layout.sums[:, v].any(axis=0)
                start[own] = fit.mode[fit.layout.sums[:, at[value]].any(axis=0)]
    return start
