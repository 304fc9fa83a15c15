"""How chains begin: arms race, incident, deterrence, attribution, as a law over crises."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mcescalate.engine.exact.budget import Budget
from mcescalate.engine.exact.configurations import check_keys, concerned, uncertain_governments
from mcescalate.engine.exact.turn.crisis import Crisis
from mcescalate.engine.exact.turn.ends import Scores
from mcescalate.engine.exact.turn.loops import Loops
from mcescalate.engine.exact.turn.rounding import as_drawn, moves_as_drawn, shares_as_drawn
from mcescalate.errors import ResourceError
from mcescalate.model.counts import Tally
from mcescalate.model.rules.background import arms_law
from mcescalate.model.rules.challenge import blame_weight
from mcescalate.model.state import State
from mcescalate.model.world import World

MOST_LEVELS = 20_000
"""Most settings of all actors' arms that are followed one by one."""


class Start(NamedTuple):
    """A crisis that may begin, and its probabilities by setting of the uncertain governments."""

    crisis: Crisis
    probability: np.ndarray
    by_accident: np.ndarray
    """The part of `probability` that began with an accident."""


def openings(
    world: World,
    state: State,
    loops: Loops,
    scores: Scores,
    expected: Tally,
    numbers: np.ndarray,
    is_rounded: bool = False,
) -> list[Start]:
    """Every crisis that may begin; what is settled before is added to `expected`.

    `numbers` are those of `expected`, one after the other. Probabilities may be rounded as a run
    draws them.

    Raises
    ------
    ResourceError
        The arms race may lead to more than `MOST_LEVELS` settings, or a crisis concerns so
        many actors that not even its first state could be kept.
    """
    gathered: dict[tuple[int, ...], list[np.ndarray]] = {}
    crises: dict[tuple[int, ...], Crisis] = {}

    def add(crisis: Crisis, probability: np.ndarray, by_accident: np.ndarray) -> None:
        key = (crisis.initiator, crisis.target, crisis.domain, *crisis.arms.tolist())
        crises.setdefault(key, crisis)
        sums = gathered.setdefault(key, [np.zeros_like(probability), np.zeros_like(probability)])
        sums[0] += probability
        sums[1] += by_accident

    def deter(crisis: Crisis, probability: float) -> None:
        loops.score_deterred(world, state, scores, crisis, probability, numbers)

    incident_shares = shares_as_drawn(world.incidents["share"], is_rounded)
    domain_shares = shares_as_drawn(world.domains["share"], is_rounded)
    for arms, p_arms in race(world, state, is_rounded).items():
        for incident, share in zip(world.incidents, incident_shares, strict=True):
            pair = int(incident.initiator), int(incident.target)
            for d, domain_share in enumerate(domain_shares):
                p = p_arms * share * domain_share
                crisis = _crisis(world, *pair, d, arms, is_rounded)
                _open(world, state, loops, crisis, arms, p, expected, deter, add)
    return [Start(crises[key], *sums) for key, sums in sorted(gathered.items())]


def race(world: World, state: State, is_rounded: bool = False) -> dict[tuple[int, ...], float]:
    """Law of all actors' levels of arms when the incident happens."""
    law = {tuple(state.actors["arms"].tolist()): 1.0}
    reach = min(world.arms_levels + 1, 2 * world.arms_periods + 1)
    if world.arms_periods > 0 and reach**world.n_actors > MOST_LEVELS:
        raise ResourceError(
            f"the arms race of {world.n_actors} actors may lead to {reach}^{world.n_actors} "
            f"settings, the exact solver follows {MOST_LEVELS}; lower arms.levels or set "
            "arms.periods to 0"
        )
    for _ in range(world.arms_periods):
        after: dict[tuple[int, ...], float] = defaultdict(float)
        for levels, p in law.items():
            state.actors["arms"] = levels
            steps = []
            for i, level in enumerate(levels):
                up, _, down = moves_as_drawn(*_climb(world, state, i), int(is_rounded))
                chances = ((level + 1, up), (level - 1, down), (level, 1.0 - up - down))
                steps.append([(new, chance) for new, chance in chances if chance > 0.0])
            for choice in itertools.product(*steps):
                chance = p
                for _, step in choice:
                    chance *= step
                after[tuple(level for level, _ in choice)] += chance
        law = after
    return law


def _climb(world: World, state: State, i: int) -> tuple[float, float, float]:
    """Chances that an actor arms, and that it disarms, as those of a move that none misreads."""
    up, down = arms_law(world, state, i)
    return up, 0.0, down


def _crisis(
    world: World,
    initiator: int,
    target: int,
    domain: int,
    arms: tuple[int, ...],
    is_rounded: bool,
) -> Crisis:
    members = concerned(world, initiator, target)
    check_keys(world, members)
    crisis = Crisis(
        initiator,
        target,
        domain,
        members,
        np.array(arms, np.int64)[members],
        uncertain_governments(world, members),
        int(is_rounded),
    )
    first_state = Budget(world, {None: (crisis, 1)}, is_timed=False)
    first_state.note(None, 1, 0)
    return crisis


def _open(
    world: World,
    state: State,
    loops: Loops,
    crisis: Crisis,
    arms: tuple[int, ...],
    p: float,
    expected: Tally,
    deter: Callable[[Crisis, float], None],
    add: Callable[[Crisis, np.ndarray, np.ndarray], None],
) -> None:
    """Deterrence and attribution of one drawn incident of probability `p`."""
    governments = np.ones(1)
    for i in crisis.uncertain:
        divided = as_drawn(world.actors[i].instability, crisis.is_rounded)
        governments = np.multiply.outer(governments, (1.0 - divided, divided)).reshape(-1)
    go_ahead = np.empty(len(governments))
    loops.fill_challenges(world, state, crisis, go_ahead)
    accident = as_drawn(world.accident, crisis.is_rounded)
    by_accident = p * accident * governments
    chosen = p * (1.0 - accident) * governments
    deter(crisis, float((chosen * (1.0 - go_ahead)).sum()))
    expected.incident[crisis.initiator, crisis.target] += p
    probability = by_accident + chosen * go_ahead

    weights = {
        x: blame_weight(world, crisis.initiator, crisis.target, x) for x in range(world.n_actors)
    }
    total = sum(weights.values())
    misattributed = float(world.domains[crisis.domain].misattribution) if total > 0.0 else 0.0
    misattributed = as_drawn(misattributed, crisis.is_rounded)
    expected.misattributed[0] += misattributed * float(probability.sum())
    if misattributed < 1.0:
        add(crisis, (1.0 - misattributed) * probability, (1.0 - misattributed) * by_accident)
    if misattributed == 0.0:
        return
    suspects = [x for x, weight in weights.items() if weight > 0.0]
    blamed = np.array([weights[x] / total for x in suspects])
    is_rounded = crisis.is_rounded == 1
    for x, share in zip(suspects, shares_as_drawn(blamed, is_rounded), strict=True):
        strike = _crisis(world, crisis.target, x, crisis.domain, arms, is_rounded)
        moved = [
            _governments_of(world, crisis, strike, misattributed * share * probabilities)
            for probabilities in (probability, by_accident)
        ]
        add(strike, *moved)


def _governments_of(
    world: World, drawn: Crisis, strike: Crisis, probabilities: np.ndarray
) -> np.ndarray:
    """Probabilities by the governments of the crisis drawn as those by the crisis fought.

    Governments keep the law that the deterrence test has left them; those that it did not
    concern have their own.
    """
    before, after = drawn.uncertain, strike.uncertain
    probabilities = probabilities.reshape((2,) * len(before))
    kept = [i for i in before.tolist() if i in after]
    probabilities = probabilities.sum(
        axis=tuple(u for u, i in enumerate(before.tolist()) if i not in kept)
    )
    axes = list(kept)
    for i in after.tolist():
        if i not in kept:
            divided = as_drawn(world.actors[i].instability, strike.is_rounded)
            probabilities = np.multiply.outer(probabilities, (1.0 - divided, divided))
            axes.append(i)
    order = [axes.index(i) for i in after.tolist()]
    return np.transpose(probabilities, order).reshape(-1)
