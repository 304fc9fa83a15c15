"""A chain of several crises described: each crisis, and what it leaves for the next."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mcescalate.engine.backend_python import light_past, light_state, light_world
from mcescalate.engine.trace.parts import Draw
from mcescalate.engine.trace.text import TRACE_VERSION, WIDTH, Trace, describe_crisis, legend_lines
from mcescalate.engine.trace.watched import Names, Watched, drawn_whether
from mcescalate.model import words
from mcescalate.model.chain.past import (
    Past,
    begin_chain_of_crises,
    credibility_of,
    is_quiet_period,
    leave_behind,
    pass_time,
)
from mcescalate.model.codes import DETERRED, INITIATOR, NEUTRAL
from mcescalate.model.rules.sequence import quiet_chance, side_that_yielded
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.model.world import World

SMALLEST_SHOWN = 0.0005
"""Values that differ by less count as equal."""


@dataclass(frozen=True)
class Changed:
    """Something between two actors that a crisis has changed: its values before and after.

    `what` is "credibility" (of the promise of `actor` to `other`), "memory" (of both) or "record"
    (of `actor` against `other`).
    """

    what: str
    actor: str
    other: str
    before: float
    after: float


@dataclass(frozen=True)
class Period:
    """One period of a chain.

    Parameters
    ----------
    number : from 0
    quiet : draw of whether it has no crisis; None where periods cannot be quiet
    crisis : the crisis; None in a quiet period
    yielded : the originator that yielded, if one did
    left : what the crisis changed
    """

    number: int
    quiet: Draw | None
    crisis: Trace | None
    yielded: str | None
    left: tuple[Changed, ...]


@dataclass(frozen=True)
class ChainTrace:
    """One chain of several crises; `print` shows it in words.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["sequence.crises=2"])
    >>> chain = mc.trace(scenario, chain=12, seed=7)
    >>> [period.crisis.end.outcome for period in chain.periods]
    ['limited_war', 'limited_war']
    """

    title: str
    seed: int
    chain: int
    rng_layout: str
    years: float
    periods: tuple[Period, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values for JSON; seed and chain are texts, to keep all their bits."""
        plain = asdict(self)
        for period, own in zip(plain["periods"], self.periods, strict=True):
            period["crisis"] = own.crisis.to_dict() if own.crisis else None
        return {
            "schema_version": TRACE_VERSION,
            **plain,
            "seed": str(self.seed),
            "chain": str(self.chain),
        }

    def __str__(self) -> str:
        return describe_chain(self)


def trace_chain_of_crises(
    world: World,
    names: Names,
    *,
    seed: int,
    chain: int,
    trace_crisis: Callable[[Watched], Trace],
) -> ChainTrace:
    """Simulate a chain of several crises, and tell what happened and why."""
    file, past = light_world(world), light_past(world)
    state = light_state(past.world)
    it = Watched(past.world, state, names, np.uint64(seed), np.uint64(chain))
    begin_chain_of_crises(file, past, state)
    periods = []
    for number in range(world.crises):
        state.now.crisis = number
        chance = float(quiet_chance(past.world, past.chain.weight))
        is_quiet = bool(is_quiet_period(past, state, it.seed, it.chain))
        draw = None
        if chance > 0.0:
            draw = drawn_whether(it.word(0, words.QUIET), chance, is_quiet, "quiet", "crisis")
        crisis, yielded = None, None
        left: tuple[Changed, ...] = ()
        if not is_quiet:
            crisis = trace_crisis(it)
            before = _carried(past)
            yielded = _who_yielded(it)
            leave_behind(past, state)
            left = tuple(_changes(it, before, _carried(past)))
        periods.append(Period(number, draw, crisis, yielded, left))
        pass_time(file, past)
    return ChainTrace(
        title=names.title,
        seed=seed,
        chain=chain,
        rng_layout=RNG_LAYOUT,
        years=float(world.coefficients.sequence_years),
        periods=tuple(periods),
    )


def _carried(past: Past) -> dict[tuple[str, int, int], float]:
    """All that is carried, by what it is and between which actors."""
    own, carried = past.world, {}
    for tie, (k, j) in enumerate(own.ties.tolist()):
        carried["credibility", k, j] = float(credibility_of(own, tie))
    for i, j in zip(*np.nonzero(np.triu(np.ones(own.memory.shape), 1)), strict=True):
        carried["memory", int(i), int(j)] = float(own.memory[i, j])
        carried["record", int(i), int(j)] = float(own.record[i, j])
        carried["record", int(j), int(i)] = float(own.record[j, i])
    return carried


def _changes(
    it: Watched,
    before: dict[tuple[str, int, int], float],
    after: dict[tuple[str, int, int], float],
) -> list[Changed]:
    return [
        Changed(what, it.name(i), it.name(j), value, after[what, i, j])
        for (what, i, j), value in before.items()
        if abs(after[what, i, j] - value) > SMALLEST_SHOWN
    ]


def _who_yielded(it: Watched) -> str | None:
    now = it.state.now
    if now.outcome == DETERRED:
        return None
    side = side_that_yielded(it.state)
    if side == NEUTRAL:
        return None
    return it.name(now.initiator if side == INITIATOR else now.target)


# ------------------------------------------------------------ in words


def describe_chain(trace: ChainTrace, width: int = WIDTH) -> str:
    """The chain in words, in lines of at most `width` columns except for long names."""
    lines = [
        f"{trace.title or 'untitled scenario'}: chain {trace.chain} of seed {trace.seed}, "
        f"{len(trace.periods)} periods, {trace.years:g} years apart",
        *legend_lines(width),
    ]
    for period in trace.periods:
        lines += ["", f"Period {period.number}"]
        if period.quiet is not None:
            chance = next(iter(period.quiet.chances.values()))
            odds = f"probability of a quiet one {chance:.4f}, draw {period.quiet.value:.4f}"
            lines.append(f"  {period.quiet.chosen}: {odds}")
        if period.crisis is None:
            continue
        lines += describe_crisis(period.crisis, width)
        if period.yielded is not None:
            lines.append(f"  {period.yielded} yielded")
        lines += [f"  {_told(one)}" for one in period.left]
    return "\n".join(lines)


def _told(changed: Changed) -> str:
    values = f"{changed.before:.3f} -> {changed.after:.3f}"
    match changed.what:
        case "credibility":
            return f"credibility of the promise of {changed.actor} to {changed.other}: {values}"
        case "memory":
            return f"memory between {changed.actor} and {changed.other}: {values}"
    return f"record of {changed.actor} of standing firm against {changed.other}: {values}"
