"""docs/model.md 2, Background: arms, and what they add; governments."""

from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.world import relation


@jitable
def perceived_bias(world, i, j):
    """Rungs by which `i` tends to overrate `j`: its own bias and its mistrust of `j`."""
    return world.actors[i].bias + relation(world, i, j).mistrust


@jitable
def arms_goal(world, state, i):
    """Level of arms to which `i` feels driven by the rival that presses it most."""
    goal = 0.0
    first = True
    for r in range(world.actors[i].regarded, world.actors[i].regarded_end):
        j = world.links[r]
        dyad = relation(world, i, j)
        drive = dyad.rivalry * (
            state.actors[j].arms + perceived_bias(world, i, j) * (1.0 - dyad.channel)
        )
        if first or drive > goal:
            goal = drive
            first = False
    return goal


@jitable
def arms_law(world, state, i):
    """Chances (up, down) of one arms period for `i`; otherwise it holds its level."""
    return arms_moves(world, state.actors[i].arms, arms_goal(world, state, i))


@inlined
def arms_moves(world, level, goal):
    """The same for one who has `level` and feels driven to `goal`."""
    c = world.coefficients
    gap = goal - level
    build = logistic(c.arms_base + c.arms_pull * gap)
    # A blocked build-up holds: being at the ceiling does not turn into disarming.
    up = build if level < world.arms_levels else 0.0
    down = (1.0 - build) * logistic(c.arms_decay - c.arms_fatigue * gap) if level > 0 else 0.0
    return up, down


@inlined
def effective_capability(world, state, i):
    """Capability of `i` with what its arms add."""
    return world.actors[i].capability * (
        1.0 + world.coefficients.arms_effect * state.actors[i].arms
    )


@inlined
def effective_tempo(world, state, i):
    """Chance that `i` can carry out a move in a turn, its arms counted."""
    return tempo_with(world, i, state.actors[i].arms)


@inlined
def tempo_with(world, i, arms):
    """The same for this level of arms, with which it rises."""
    return min(1.0, world.actors[i].tempo * (1.0 + world.coefficients.arms_tempo * arms))


@inlined
def turnover_law(world, i, divided):
    """Chance that the government of `i` changes between divided and united in a turn."""
    actor = world.actors[i]
    fresh = 1.0 - actor.instability if divided == 1 else actor.instability
    return actor.turnover * fresh
