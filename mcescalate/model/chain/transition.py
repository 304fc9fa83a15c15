"""docs/model.md 5: how a crisis begins, and what the decisions of a turn change.

Transitions draw nothing and ask no probability: they carry out what has been decided.
"""

from mcescalate.model.codes import DOWN, INITIATOR, MEDIATED, NEUTRAL, SETTLED, TARGET, UNDECIDED
from mcescalate.model.jit import inlined
from mcescalate.model.rules.outcome import final_outcome
from mcescalate.model.state import enlist, originator, watch


@inlined
def record_high(state, side, rung):
    """Raise the highest rung so far of `side`; True if `rung` is a new high."""
    now = state.now
    if side == INITIATOR:
        if rung > now.highest_initiator:
            now.highest_initiator = rung
            return True
    elif rung > now.highest_target:
        now.highest_target = rung
        return True
    return False


@inlined
def watch_for(world, state, j):
    """Let every neutral watch that owes engaged `j` something; True if one is new."""
    is_new = False
    for b in range(world.actors[j].backers, world.actors[j].backers_end):
        is_new |= watch(state, world.links[b])
    return is_new


@inlined
def open_crisis(world, state, initiator, target):
    """Set the two originators against each other; neutrals that it concerns watch."""
    now = state.now
    now.initiator = initiator
    now.target = target
    now.turn = 0
    now.news = 1
    now.mediated = 0
    now.war_turn = 0
    now.misreads = 0
    now.war_began_misread = 0
    now.war_over = 0
    now.winner = UNDECIDED
    now.over = 0
    now.highest_initiator = world.domains[now.domain].rung
    now.highest_target = 0
    now.height_initiator = now.highest_initiator
    now.height_target = 0
    for side in range(2):
        rung = now.highest_initiator if side == INITIATOR else now.highest_target
        enlist(state, originator(state, side), side, rung, 0, side, NEUTRAL)
    for side in range(2):
        o = originator(state, side)
        watch_for(world, state, o)
        for r in range(world.actors[o].rivals, world.actors[o].rivals_end):
            watch(state, world.links[r])


@inlined
def apply_turn(world, state):
    """Carry out the decisions of the present turn.

    Reads the moves and entries that are written down (`state.write_move`, `write_entry`). Then
    come moves, war to both, entries, news, and whether it is over. Governments are redrawn by
    the caller. `now.moved_initiator` and `moved_target` say on which side a rung has changed.
    """
    now = state.now
    moved_initiator = False
    moved_target = False
    any_joined = False
    if now.n_moved > 0:
        moved_initiator, moved_target = make_moves(world, state)
    now.moved_initiator = 1 if moved_initiator else 0
    now.moved_target = 1 if moved_target else 0
    if now.n_drawn > 0:
        any_joined = enter_the_drawn(state)
    is_news = any_joined
    is_calm = False
    if moved_initiator or moved_target or any_joined:
        is_calm = True
        height_initiator = 0
        height_target = 0
        for e in range(now.n_engaged):
            me = state.actors[state.engaged[e]]
            if me.rung > 0:
                is_calm = False
            if me.side == INITIATOR:
                height_initiator = max(height_initiator, me.rung)
            else:
                height_target = max(height_target, me.rung)
        now.height_initiator = height_initiator
        now.height_target = height_target
        if record_high(state, INITIATOR, height_initiator) and height_initiator >= world.casus:
            is_news = True
        if record_high(state, TARGET, height_target) and height_target >= world.casus:
            is_news = True
    if any_joined:
        for e in range(now.n_engaged):
            if state.actors[state.engaged[e]].entry_turn == now.turn:
                watch_for(world, state, state.engaged[e])
    close_turn(world, state, is_news, is_calm)


@inlined
def close_turn(world, state, is_news, is_calm):
    """End the present turn, and the crisis if its time has come."""
    now = state.now
    now.news = 1 if is_news else 0
    if is_calm:
        now.over = 1
        now.outcome = MEDIATED if now.mediated == 1 else SETTLED
    elif now.war_over == 1 or now.turn == world.horizon:
        now.over = 1
        now.outcome = final_outcome(world, state)


@inlined
def make_moves(world, state):
    """Move actors as decided, and bring war to both; whether a rung changed on each side."""
    now = state.now
    moved_initiator = False
    moved_target = False
    reached_war_initiator = False
    reached_war_target = False
    climbs = 0
    misread_climbs = 0
    for m in range(now.n_moved):
        me = state.actors[state.moved[m]]
        set_rung(me, me.rung + me.move)
        is_initiators = me.side == INITIATOR
        moved_initiator |= is_initiators
        moved_target |= not is_initiators
        if me.move == DOWN:
            if now.turn == 1:
                me.held = me.rung
            continue
        now.misreads += me.is_misread
        if me.rung == world.top:
            climbs += 1
            misread_climbs += me.is_misread
            reached_war_initiator |= is_initiators
            reached_war_target |= not is_initiators
    if climbs > 0:
        if reached_war_target:
            moved_initiator |= drag(world, state, originator(state, INITIATOR))
        if reached_war_initiator:
            moved_target |= drag(world, state, originator(state, TARGET))
        if now.war_turn == 0:
            now.war_turn = now.turn
            now.war_began_misread = 1 if misread_climbs == climbs else 0
    return moved_initiator, moved_target


@inlined
def set_rung(me, rung):
    """Put an engaged actor on another rung."""
    me.rung = rung
    me.peak = max(me.peak, rung)
    me.held = max(me.held, rung)


@inlined
def drag(world, state, o):
    """War has come to the originator `o`; whether that moves it."""
    me = state.actors[o]
    if me.rung == world.top:
        return False
    set_rung(me, world.top)
    return True


@inlined
def enter_the_drawn(state):
    """Bring in the neutrals who were drawn to a side; returns whether there were any."""
    now = state.now
    any_entered = False
    for d in range(now.n_drawn):
        k = state.drawn[d]
        me = state.actors[k]
        if me.drawn_to != NEUTRAL:
            enlist(state, k, me.drawn_to, 1, now.turn, me.drawn_cause, me.drawn_through)
            me.drawn_to = NEUTRAL
            any_entered = True
    now.n_drawn = 0
    return any_entered
