"""Which values may be fitted, what is believed of them beforehand, and which shift by era."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np

from mcescalate.calibration.pairs.moves import VALUE_OF_ACTORS, VALUE_OF_COEFFICIENT
from mcescalate.errors import UsageError
from mcescalate.model.coefficients import COEFFICIENTS, FIELDS, FURTHEST, NEVER, Coefficient
from mcescalate.model.world import ACTOR
from mcescalate.scenario.eras import ERAS, era_of
from mcescalate.scenario.first_acts import TRAITS
from mcescalate.scenario.wording import listed, nearest, quoted

PERIODS = ERAS
"""Eras by which fitted values may shift; base rates of a backtest have eras of their own."""

MIX = "trigger.domains.*.weight"
"""Address of the weights of all first acts, which are fitted together."""
EFFECTS = {trait: f"trigger.domains.*.{trait}" for trait in TRAITS}
"""Addresses of what traits of the two add to the log-odds of first acts, by trait."""
RESOLVE = "actors.*.resolve"

FREE = (
    "response.up",
    "response.gap",
    "response.balance",
    "response.rivalry",
    "response.cost",
    "response.war_cost",
    RESOLVE,
    MIX,
    EFFECTS["major"],
    EFFECTS["reach"],
)
"""What is fitted if nothing is named."""
BY_PERIOD = ("response.war_cost", RESOLVE, MIX)
"""What of it shifts by era if nothing is named."""

_JOINING_TABLES = ("alliance", "contagion", "bystander")
_WITHIN_THE_PAIR = ("alliance.aid",)
"""Of these tables, what bears on the two originators too."""
_UNFITTED_TABLES = {
    "run": "it is a setting of the simulation",
    "outcome": "it only names results",
    "war": "dispute data do not say how wars end",
    "arms": "scenarios of recorded disputes have no arms race",
    "sequence": "each dispute is a crisis of its own",
}
_BASE_SD, _JOINING_BASE_SD, _LEAST_SD, _SHARE_SD = 1.5, 2.0, 0.5, 0.25
_BYSTANDERS = "bystander.base"
_BYSTANDERS_MEAN = -7.0
"""Prior mean where the default switches bystanders off: that of rivals without a promise."""
_MIX_SD = 1.5
_EFFECT_SD = 1.0


@dataclass(frozen=True)
class FreeValue:
    """A value to be fitted.

    Parameters
    ----------
    address : as in options and overlays
    default : the model's
    mean, sd : of the Gaussian prior
    shift_sd : of the prior of the steps from era to era; 0 if it is the same in all eras
    lower, upper : inclusive bounds
    kind, column : place in the world, as in `moves.write_values`; kind -1 for what bears on the mix
        of first acts, with the place of the domain
    trait : of the two, for its effect on the log-odds of that first act; empty for the log-ratio of
        its weight to that of the last one
    """

    address: str
    default: float
    mean: float
    sd: float
    shift_sd: float
    lower: float
    upper: float
    kind: int
    column: int
    trait: str = ""

    @property
    def by_period(self) -> bool:
        """Whether it shifts by era."""
        return self.shift_sd > 0.0

    @property
    def of_joining(self) -> bool:
        """Whether it bears on who joins alone."""
        table = self.address.partition(".")[0]
        return table in _JOINING_TABLES and self.address not in _WITHIN_THE_PAIR

    @property
    def of_mix(self) -> bool:
        """Whether it bears on the mix of first acts."""
        return self.kind < 0

    @property
    def is_weight(self) -> bool:
        """Whether it is a log-ratio of weights of first acts."""
        return self.of_mix and not self.trait


_ACTOR_BOUNDS = {
    # sd of the prior, lower, upper, default
    "resolve": (0.5, -100.0, 100.0, 0.0),
    "bias": (0.25, -100.0, 100.0, 0.0),
    "noise": (0.3, 0.0, 100.0, 0.6),
    "tempo": (0.25, 0.01, 1.0, 0.5),
    "rigidity": (0.25, 0.0, 1.0, 0.0),
    "optimism": (0.25, -1.0, 1.0, 0.0),
}
"""Fields that all actors of a recorded dispute share, and that may be fitted."""


def period_of(year: int) -> int:
    """The place of a year's era in `PERIODS`, the first one for all years before it."""
    era = era_of(year)
    return PERIODS.index(era) if era else 0


def find_free_values(
    free: Iterable[str],
    by_period: Iterable[str],
    *,
    fixed: Iterable[str] = (),
    fixed_by: str = "",
    domains: Sequence[tuple[str, float]] = (),
) -> tuple[FreeValue, ...]:
    """The values to be fitted, those of the mix of first acts last.

    Parameters
    ----------
    free : addresses; `*` stands for anything within a part
    by_period : those of them that shift by era
    fixed : addresses that the file `fixed_by` sets, which are not to be fitted
    domains : names and weights of the first acts

    Raises
    ------
    UsageError
        An address leads to no value that could be fitted, or to one that is fixed.
    """
    wanted = _expand(free, "--free")
    shifting = _expand(by_period, "--era")
    for address in shifting:
        if address not in wanted:
            raise UsageError(
                f"--era: {address} is not among the free values; add it to --free, or leave it out"
            )
    for address in wanted:
        if address in EFFECTS.values() and MIX not in wanted:
            raise UsageError(f"--free: {address} adds to the weights of first acts; add {MIX}")
    taken = {*fixed}
    if clash := [address for address in wanted if _fixed_by(address, taken)]:
        are, them = ("is", "it") if len(clash) == 1 else ("are", "them")
        raise UsageError(
            f"--free: {', '.join(clash)} {are} fixed by {fixed_by}; take {them} out of that file, "
            "or name other values with --free"
        )
    known = _known()
    values = [
        _shifting(known[address], address in shifting) for address in wanted if address in known
    ]
    if MIX in wanted:
        values += _mix(domains, shifts=MIX in shifting)
    for trait, address in EFFECTS.items():
        if address in wanted:
            values += _effects(domains, trait, shifts=address in shifting)
    return tuple(values)


def _expand(texts: Iterable[str], option: str) -> list[str]:
    """Whole addresses of patterns, each once.

    Raises
    ------
    UsageError
        A pattern stands for no value that could be fitted.
    """
    known = [*_known(), MIX, *EFFECTS.values()]
    found: dict[str, None] = {}
    for text in texts:
        matches = [a for a in known if a == text or _matches(text, a)]
        if not matches:
            raise UsageError(f"{option}: {quoted(text)}: {_why_not(text, known)}")
        found |= dict.fromkeys(matches)
    return list(found)


def _matches(pattern: str, address: str) -> bool:
    parts, names = pattern.split("."), address.split(".")
    return len(parts) == len(names) and all(map(fnmatchcase, names, parts))


def _why_not(text: str, known: Sequence[str]) -> str:
    rows = {row.address: row for row in COEFFICIENTS}
    if unfitted := [row for row in rows.values() if _matches(text, row.address)]:
        reason = _UNFITTED_TABLES.get(unfitted[0].table, "it is a whole number")
        return f"cannot be fitted: {reason}"
    if text.startswith("trigger.domains."):
        return f"all first acts are fitted together: write {listed([MIX, *EFFECTS.values()])}"
    if text.startswith("actors."):
        fields = ", ".join(f"actors.*.{name}" for name in _ACTOR_BOUNDS)
        return f"of actors only what all share can be fitted: {fields}"
    near = nearest(text, [*known, *rows])
    hint = f"; did you mean {quoted(near)}?" if near else "; docs/values.md lists them"
    return f"no coefficient has this address{hint}"


def _fixed_by(address: str, fixed: set[str]) -> bool:
    return any(address == one or _matches(address, one) for one in fixed)


def _known() -> dict[str, FreeValue]:
    """All that can be fitted but the mix, by address."""
    rows = {
        row.address: _of_coefficient(row, FIELDS.index(row.field))
        for row in COEFFICIENTS
        if not row.integer and row.table not in _UNFITTED_TABLES
    }
    columns = list(ACTOR.names or ())
    actors = {
        f"actors.*.{name}": FreeValue(
            f"actors.*.{name}",
            default,
            default,
            sd,
            0.0,
            lower,
            upper,
            VALUE_OF_ACTORS,
            columns.index(name),
        )
        for name, (sd, lower, upper, default) in _ACTOR_BOUNDS.items()
    }
    return rows | actors


def _of_coefficient(row: Coefficient, column: int) -> FreeValue:
    is_share = row.lower == 0.0 and row.upper == 1.0
    if row.neutral is None or row.address == _BYSTANDERS:
        sd = _JOINING_BASE_SD if row.table in _JOINING_TABLES else _BASE_SD
    else:
        sd = _SHARE_SD if is_share else max(_LEAST_SD, abs(row.default) / 2.0)
    mean = _BYSTANDERS_MEAN if row.default == NEVER else row.default
    # Above the value at which bystanders do not exist at all.
    lower = row.lower + 1e-6 if row.default == NEVER else row.lower
    return FreeValue(
        row.address, row.default, mean, sd, 0.0, lower, row.upper, VALUE_OF_COEFFICIENT, column
    )


def _shifting(value: FreeValue, shifts: bool) -> FreeValue:
    return replace(value, shift_sd=value.sd if shifts else 0.0)


def _mix(domains: Sequence[tuple[str, float]], *, shifts: bool) -> list[FreeValue]:
    """Log-ratios of the weights of first acts to that of the last one."""
    if len(domains) < 2:
        raise UsageError(f"--free: {MIX}: there is only one first act in these scenarios")
    if min(weight for _, weight in domains) <= 0.0:
        raise UsageError(f"--free: {MIX}: every first act needs a weight above 0 to begin from")
    *others, (_, last) = domains
    return [
        FreeValue(
            f"trigger.domains.{name}.weight",
            (ratio := math.log(weight / last)),
            ratio,
            _MIX_SD,
            _MIX_SD if shifts else 0.0,
            -100.0,
            100.0,
            -1,
            k,
        )
        for k, (name, weight) in enumerate(others)
    ]


def _effects(domains: Sequence[tuple[str, float]], trait: str, *, shifts: bool) -> list[FreeValue]:
    """What a trait adds to the log-odds of first acts against the last one."""
    return [
        FreeValue(
            f"trigger.domains.{name}.{trait}",
            0.0,
            0.0,
            _EFFECT_SD,
            _EFFECT_SD if shifts else 0.0,
            -FURTHEST,
            FURTHEST,
            -1,
            k,
            trait,
        )
        for k, (name, _) in enumerate(domains[:-1])
    ]


class Layout:
    """Where the parameters of a fit stand: one for each value, then its steps from era to era.

    A parameter is a deviation from the prior mean, so that 0 is the prior's mode. A value that
    shifts is that of the era before and a step, so that an era without disputes is like the last.
    """

    def __init__(self, values: Sequence[FreeValue]):
        self.values = tuple(values)
        n, later = len(self.values), len(PERIODS) - 1
        self.size = n + later * sum(value.by_period for value in values)
        self.sd = np.array([value.sd for value in values] + [0.0] * (self.size - n))
        self.sums = np.zeros((len(PERIODS), n, self.size))
        """(era, value, parameter) which parameters add up to a value."""
        at = n
        for v, value in enumerate(values):
            self.sums[:, v, v] = 1.0
            if value.by_period:
                for era in range(1, len(PERIODS)):
                    self.sums[era:, v, at] = 1.0
                    self.sd[at] = value.shift_sd
                    at += 1
        self.mean = np.array([value.mean for value in values])
        self.lower = np.array([value.lower for value in values])
        self.upper = np.array([value.upper for value in values])

    def effective(self, parameters: np.ndarray) -> np.ndarray:
        """(…, era, value) of settings (…, parameter) of the parameters."""
        return self.mean + np.einsum("evp,...p->...ev", self.sums, parameters)

    def prior_sd(self) -> np.ndarray:
        """(era, value) of the values as they are effective."""
        return np.sqrt(np.einsum("evp,p->ev", self.sums, self.sd**2))

    def effective_sd(self, covariance: np.ndarray) -> np.ndarray:
        """(era, value) for a covariance of the parameters."""
        return np.sqrt(np.einsum("evp,pq,evq->ev", self.sums, covariance, self.sums))

    def within_bounds(self, parameters: np.ndarray) -> np.ndarray:
        """The parameters with every effective value brought back into its bounds."""
        parameters = parameters.copy()
        for v in range(len(self.values)):
            for era in range(len(PERIODS)):
                found = self.mean[v] + self.sums[era, v] @ parameters
                excess = found - min(max(found, self.lower[v]), self.upper[v])
                if excess != 0.0:
                    own = self.sums[era, v].nonzero()[0]
                    parameters[own[-1]] -= excess
        return parameters

    def held(self, parameters: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """(parameter) those of values at a bound beyond which `slope` would lead."""
        held = np.zeros(self.size, bool)
        for v, value in enumerate(self.values):
            if not value.by_period:
                found = self.mean[v] + parameters[v]
                held[v] = (found <= self.lower[v] and slope[v] < 0.0) or (
                    found >= self.upper[v] and slope[v] > 0.0
                )
        return held

    def is_within(self, effective: np.ndarray) -> np.ndarray:
        """(…) whether all values (…, era, value) are within their bounds."""
        return np.all((effective >= self.lower) & (effective <= self.upper), axis=(-1, -2))
