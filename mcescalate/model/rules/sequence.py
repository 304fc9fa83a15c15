"""docs/model.md 7, Sequences: what one crisis leaves behind, and what later ones make of it."""

from mcescalate.model.codes import (
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    MEDIATED,
    NEUTRAL,
    SETTLED,
    STALEMATE,
    TARGET,
    UNDECIDED,
)
from mcescalate.model.jit import inlined
from mcescalate.model.rules.power import defence_due
from mcescalate.model.state import other
from mcescalate.model.world import relation

# ------------------------------------------------------------ credibility of promises


@inlined
def credibility_after_honouring(world, credibility):
    """Credibility of a promise once the promiser has fought for its ally."""
    return credibility + world.coefficients.sequence_gain * (1.0 - credibility)


@inlined
def credibility_after_failing(world, credibility, others_failing):
    """The same once it has abandoned or betrayed its ally.

    `others_failing` is the share of invoked promises of other actors that failed likewise.
    """
    c = world.coefficients
    excuse = c.sequence_hard_times * others_failing
    return credibility * (1.0 - c.sequence_loss * (1.0 - excuse))


@inlined
def credibility_after_half_measures(world, credibility):
    """The same once the promiser has come in, but stayed low: see `did_little`."""
    return credibility * (1.0 - world.coefficients.sequence_caution)


@inlined
def did_little(world, state, k, j):
    """Whether `k` stood beside `j`, whom it has promised defence, for long and on low rungs only.

    That is for as many turns as the casus has rungs, below it, while the other side reached it.
    """
    now = state.now
    me = state.actors[k]
    side = state.actors[j].side
    if me.side == NEUTRAL or me.side != side or k == now.initiator or k == now.target:
        return False
    if me.peak >= world.casus or now.turn - me.entry_turn < world.casus:
        return False
    highest = now.highest_target if side == INITIATOR else now.highest_initiator
    if highest < world.casus:
        return False
    if side == INITIATOR and relation(world, k, j).defence_conditional >= 1.0:
        return False
    return defence_due(world, state, k, j, side) > 0.0


# ------------------------------------------------------------ memory and record of two rivals


@inlined
def memory_left(world, outcome):
    """What a crisis that ended so adds to the memory between its originators."""
    c = world.coefficients
    if outcome == STALEMATE:
        return 1.0
    if outcome == SETTLED or outcome == MEDIATED:
        return c.sequence_settled_memory
    if outcome == LIMITED_WAR or outcome == GENERAL_WAR:
        return c.sequence_war_memory
    return 0.0


@inlined
def side_that_yielded(state):
    """The side whose originator has yielded in the crisis; NEUTRAL if neither has.

    If it was settled, the one whose rungs at ends of turns stayed lower, both above 0; after a war
    with a winner, the other side.
    """
    now = state.now
    if now.outcome == SETTLED or now.outcome == MEDIATED:
        initiator = state.actors[now.initiator].held
        target = state.actors[now.target].held
        if initiator == target or initiator == 0 or target == 0:
            return NEUTRAL
        return INITIATOR if initiator < target else TARGET
    if now.outcome == LIMITED_WAR or now.outcome == GENERAL_WAR:
        return NEUTRAL if now.winner == UNDECIDED else other(now.winner)
    return NEUTRAL


@inlined
def record_after(world, record, is_firm):
    """A record once its actor has stood firm, or yielded; in [-1, 1]."""
    step = world.coefficients.sequence_firm_step
    return min(1.0, record + step) if is_firm else max(-1.0, record - step)


# ------------------------------------------------------------ time


@inlined
def fading(years, half_life):
    """What is left after some years of what fades by half in `half_life` years: a share."""
    return 2.0 ** (-years / half_life)


# ------------------------------------------------------------ what later crises make of it


@inlined
def trigger_growth(world, i, j):
    """Factor on the trigger's weight of an incident between two actors."""
    return 1.0 + world.coefficients.sequence_recur * world.memory[i, j]


@inlined
def quiet_chance(world, weight):
    """Chance that a period is quiet where incidents have this `weight` together."""
    if world.quiet == 0.0:
        return 0.0
    return world.quiet / (world.quiet + weight)


@inlined
def bitterness(world, i, o):
    """What the memory of past crises with originator `o` adds to the logit of `i` to go up."""
    return world.coefficients.sequence_bitter * world.memory[i, o]


@inlined
def firmness_shown(world, i, j):
    """What the record of target `j` takes off the logit of challenger `i`."""
    c = world.coefficients
    shown = c.sequence_firm * world.record[j, i]
    if c.sequence_general != 0.0:
        shown += c.sequence_general * general_record(world, i, j)
    return shown


@inlined
def general_record(world, i, j):
    """Mean record of `j` towards those it regards as rivals, `i` left out; 0 without any."""
    total = 0.0
    n = 0
    for r in range(world.actors[j].regarded, world.actors[j].regarded_end):
        rival = world.links[r]
        if rival != i:
            total += world.record[j, rival]
            n += 1
    return total / n if n > 0 else 0.0
