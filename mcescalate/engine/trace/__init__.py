"""One chain described: the run's own steps, with the probabilities and random words behind each.

The chain is simulated by `model.chain.plain`, run by Python. Before each step the rules are asked
for their probabilities in the state as it is; afterwards the state says what happened.
`parts` is what a story consists of, `opening`, `turns`, `readings` and `ending` gather it
from a chain being `watched`, `text` tells it.
"""

import numpy as np

from mcescalate.engine.backend_python import light_state, light_world
from mcescalate.engine.trace.ending import end
from mcescalate.engine.trace.opening import (
    arms_races,
    governments,
    incident,
    misattribution,
    opening_state,
)
from mcescalate.engine.trace.sequence import ChainTrace, describe_chain, trace_chain_of_crises
from mcescalate.engine.trace.text import WIDTH, Trace, describe_with_heading
from mcescalate.engine.trace.turns import follow_turn
from mcescalate.engine.trace.watched import Names, Watched
from mcescalate.model.chain.plain import begin_chain
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.model.world import World, is_sequence
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order, merge_rows
from mcescalate.scenario.schema import Scenario

__all__ = [
    "ChainTrace",
    "Names",
    "Trace",
    "describe",
    "trace_chain",
    "trace_crises",
    "trace_scenario",
]


def describe(trace: Trace | ChainTrace, width: int = WIDTH) -> str:
    """The chain in words, in lines of at most `width` columns except for long names."""
    if isinstance(trace, ChainTrace):
        return describe_chain(trace, width)
    return describe_with_heading(trace, width)


def trace_scenario(scenario: Scenario, *, seed: int, chain: int) -> Trace | ChainTrace:
    """Describe one chain of the runs of `scenario` with `seed`."""
    names = Names(
        title=scenario.title,
        turn_days=scenario.run.turn_days,
        rungs=tuple(scenario.ladder.rungs),
        actors=tuple(actor_order(scenario)),
        domains=tuple(domain.name for domain in merge_rows(scenario).domains),
    )
    return trace_chain(build_world(scenario), names, seed=seed, chain=chain)


def trace_crises(scenario: Scenario, *, seed: int, chain: int) -> tuple[Trace, ...]:
    """Describe the crises of one chain, one or several."""
    story = trace_scenario(scenario, seed=seed, chain=chain)
    if isinstance(story, Trace):
        return (story,)
    return tuple(period.crisis for period in story.periods if period.crisis is not None)


def trace_chain(world: World, names: Names, *, seed: int, chain: int) -> Trace | ChainTrace:
    """Simulate chain number `chain` under `seed`, and tell what happened and why."""
    if is_sequence(world):
        return trace_chain_of_crises(
            world, names, seed=seed, chain=chain, trace_crisis=trace_crisis
        )
    light = light_world(world)
    return trace_crisis(
        Watched(light, light_state(light), names, np.uint64(seed), np.uint64(chain))
    )


def trace_crisis(it: Watched) -> Trace:
    """Simulate one crisis of a chain being watched, and tell what happened and why."""
    world, state, names = it.world, it.state, it.names
    begin_chain(world, state, it.seed, it.chain)
    opening = opening_state(it)
    known: dict[int, tuple[int, bool]] = {}
    start = governments(it, opening, known) + governments(it, state, known)
    turns = []
    while state.now.over == 0:
        turns.append(follow_turn(it, known))
    return Trace(
        title=names.title,
        seed=int(it.seed),
        chain=int(it.chain),
        rng_layout=RNG_LAYOUT,
        turn_days=names.turn_days,
        rungs=names.rungs,
        arms=arms_races(it),
        governments=start,
        incident=incident(it, opening),
        misattribution=misattribution(it, opening) if turns else None,
        turns=tuple(turns),
        end=end(it),
    )
