"""How a dispute between two ends: the exact probabilities, going backward from the horizon.

A state is the rungs and governments of the two. One pass gives the probabilities of the ends for
all first acts at once. `engine.exact` solves the same crises forward, with all that is counted.
"""

from mcescalate.calibration.pairs.moves import (
    SETTINGS,
    fill_moves,
    government_chance,
    is_possible,
    open_dispute,
    write_values,
)
from mcescalate.model.jit import jitable
from mcescalate.model.rules.background import turnover_law
from mcescalate.model.rules.response import may_mediate

UNANSWERED, ANSWERED, FORCE_UNANSWERED, FORCE_ANSWERED, WAR = range(5)
N_ENDS = 5
"""Ends of a dispute: without or with force, each unanswered or answered; and war."""
N_FOLLOWED = 4
_WAR, _QUIET, _MILD, _BOTH = range(N_FOLLOWED)
"""What is followed backward: war; the target never moved; no force was used; both of these."""


@jitable
def step_back(world, state, force, moves, later, now):
    """What is followed, before a turn, from what it is after it; both are (setting, rung, rung, 4).

    A crisis is over once both are at rung 0, and at war for good once one of them is.
    """
    top = world.top
    for z in range(SETTINGS):
        if not is_possible(world, state, z):
            continue
        for a in range(top):
            for b in range(top):
                if a == 0 and b == 0:
                    continue
                war, quiet, mild, both = 0.0, 0.0, 0.0, 0.0
                for x in range(3):
                    for y in range(3):
                        p = moves[z, a, b, x, y]
                        if p == 0.0:
                            continue
                        na, nb = a + x - 1, b + y - 1
                        if na == top or nb == top:
                            war += p
                            continue
                        war += p * later[z, na, nb, _WAR]
                        if nb == 0:
                            quiet += p * later[z, na, nb, _QUIET]
                        if na < force and nb < force:
                            mild += p * later[z, na, nb, _MILD]
                            if nb == 0:
                                both += p * later[z, na, nb, _BOTH]
                now[z, a, b, _WAR] = war
                now[z, a, b, _QUIET] = quiet
                now[z, a, b, _MILD] = mild
                now[z, a, b, _BOTH] = both


@jitable
def mix_governments(world, state, now, mixed):
    """Let governments be drawn anew at the end of a turn; `mixed` is what is then followed."""
    for z in range(SETTINGS):
        if not is_possible(world, state, z):
            continue
        change_i = turnover_law(world, state.now.initiator, z // 2)
        change_j = turnover_law(world, state.now.target, z % 2)
        for a in range(world.top):
            for b in range(world.top):
                for f in range(N_FOLLOWED):
                    mixed[z, a, b, f] = 0.0
        for y in range(SETTINGS):
            first = change_i if y // 2 != z // 2 else 1.0 - change_i
            second = change_j if y % 2 != z % 2 else 1.0 - change_j
            if first * second == 0.0:
                continue
            for a in range(world.top):
                for b in range(world.top):
                    for f in range(N_FOLLOWED):
                        mixed[z, a, b, f] += first * second * now[y, a, b, f]


@jitable
def begin_at_end(world, values):
    """What is followed once a crisis is over without war: nothing has happened that had not yet."""
    for z in range(SETTINGS):
        for a in range(world.top):
            for b in range(world.top):
                for f in range(N_FOLLOWED):
                    values[z, a, b, f] = 0.0 if f == _WAR else 1.0


@jitable
def copy_values(world, values, to):
    """Copy what is followed."""
    for z in range(SETTINGS):
        for a in range(world.top):
            for b in range(world.top):
                for f in range(N_FOLLOWED):
                    to[z, a, b, f] = values[z, a, b, f]


@jitable
def follow_back(world, state, force, is_timed, moves, later, now):
    """Fill `later` with what is followed from before the first turn on."""
    begin_at_end(world, later)
    begin_at_end(world, now)
    turnover = 0.0
    for side in range(2):
        i = state.now.initiator if side == 0 else state.now.target
        if 0.0 < world.actors[i].instability < 1.0:
            turnover += world.actors[i].turnover
    for left in range(world.horizon):
        turn = world.horizon - left
        # Nothing that moves rest on changes with the turn but whether mediators are heard.
        if left == 0 or is_timed or may_mediate(world, turn) != may_mediate(world, turn + 1):
            fill_moves(world, state, turn, moves)
        step_back(world, state, force, moves, later, now)
        if turnover > 0.0 and turn > 1:
            mix_governments(world, state, now, later)
        else:
            copy_values(world, now, later)


@jitable
def fill_ends(
    world,
    state,
    initiator,
    target,
    force,
    is_timed,
    like,
    points,
    places,
    coefficients,
    actors,
    moves,
    later,
    now,
    ends,
):
    """Probabilities of the ends at each point, by domain of the incident: (point, domain, end).

    Parameters
    ----------
    force : the lowest rung that is a use of force
    is_timed : whether chances of moves rest on the turn
    like : (domain) the first domain whose incidents go on alike from the same rung
    points : (point, value), with `places` as in `write_values`
    moves, later, now : room to work in
    """
    for q in range(len(points)):
        write_values(points, q, places, coefficients, actors)
        for d in range(len(like)):
            if like[d] != d:
                continue
            open_dispute(world, state, initiator, target, d)
            follow_back(world, state, force, is_timed, moves, later, now)
            for e in range(d, len(like)):
                if like[e] == d:
                    write_ends(world, state, force, e, later, q, ends)


@jitable
def write_ends(world, state, force, domain, later, q, ends):
    """Write the probabilities of the ends of an incident of `domain`, at point `q`."""
    rung = world.domains[domain].rung
    war, quiet, mild, both = 0.0, 0.0, 0.0, 0.0
    for z in range(SETTINGS):
        p = government_chance(world, state, z)
        if p == 0.0:
            continue
        war += p * later[z, rung, 0, _WAR]
        quiet += p * later[z, rung, 0, _QUIET]
        if rung < force:
            mild += p * later[z, rung, 0, _MILD]
            both += p * later[z, rung, 0, _BOTH]
    # Differences of probabilities may come out below 0 by rounding.
    ends[q, domain, UNANSWERED] = both
    ends[q, domain, ANSWERED] = max(0.0, mild - both)
    ends[q, domain, FORCE_UNANSWERED] = max(0.0, quiet - both)
    ends[q, domain, FORCE_ANSWERED] = max(0.0, 1.0 - war - quiet - mild + both)
    ends[q, domain, WAR] = war
