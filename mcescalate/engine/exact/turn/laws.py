"""Loops over the configurations of a crisis: what may happen in each, and where it leads.

A *configuration* is a Markov state but for the governments: who stands where, each side's highest
rung so far, and whether there is news. Its *key* packs that into one integer, its *place*
numbers it. It has one *row* for each setting of the uncertain governments. What may happen
to a member in a turn are its *options*; a choice for each member is a *branch*.
"""

from mcescalate.engine.exact.turn.crisis import FIRST, STAY, count_options, nth_option
from mcescalate.engine.exact.turn.rounding import as_drawn, moves_as_drawn
from mcescalate.model.chain.transition import apply_turn, open_crisis, watch_for
from mcescalate.model.codes import (
    DOWN,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OPPORTUNISM,
    SETTLED,
    TARGET,
    UP,
)
from mcescalate.model.jit import jitable
from mcescalate.model.rules.challenge import challenge_probability
from mcescalate.model.rules.joining import (
    may_stand_by,
    n_hazards,
    next_hazard,
    nth_impulse,
    review_share,
)
from mcescalate.model.rules.outcome import initiator_prevails_chance, war_end_chance
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.state import (
    clear,
    enlist,
    highest_rung,
    n_on,
    set_heights,
    wipe_moves,
    write_entry,
    write_move,
)

# ------------------------------------------------------------ configurations and states


@jitable
def pack(world, state, members):
    """Key of the configuration in which `state` is."""
    rungs = world.top + 1
    key = 0
    for a in range(len(members)):
        actor = state.actors[members[a]]
        code = 0
        if actor.side != NEUTRAL:
            code = 1 + actor.side * rungs + actor.rung
        key = key * (2 * rungs + 1) + code
    key = key * rungs + state.now.highest_initiator
    key = key * rungs + state.now.highest_target
    return 2 * key + state.now.news


@jitable
def open_configuration(world, state, crisis, codes, s):
    """Bring `state` into configuration `s`, at the start of a turn; all governments united.

    `codes` has for each configuration those of the members, both sides' highs and the news.
    """
    clear(state)
    state.now.domain = crisis.domain
    open_crisis(world, state, crisis.initiator, crisis.target)
    rungs = world.top + 1
    n = len(crisis.members)
    for a in range(n):
        i = crisis.members[a]
        state.actors[i].arms = crisis.arms[a]
        state.actors[i].divided = 1 if world.actors[i].instability >= 1.0 else 0
        code = codes[s, a]
        if code > 0:
            side = (code - 1) // rungs
            if i != crisis.initiator and i != crisis.target:
                enlist(state, i, side, 0, 0, OPPORTUNISM, NOBODY)
                watch_for(world, state, i)
            state.actors[i].rung = (code - 1) % rungs
    set_heights(state)
    state.now.highest_initiator = codes[s, n]
    state.now.highest_target = codes[s, n + 1]
    state.now.news = codes[s, n + 2]


@jitable
def set_governments(state, uncertain, setting):
    """Divide the governments whose bits are set."""
    n = len(uncertain)
    for u in range(n):
        state.actors[uncertain[u]].divided = (setting >> (n - 1 - u)) & 1


# ------------------------------------------------------------ laws


@jitable
def fill_challenges(world, state, crisis, go_ahead):
    """Chance that the initiator goes ahead, for each setting of the governments."""
    clear(state)
    state.now.domain = crisis.domain
    open_crisis(world, state, crisis.initiator, crisis.target)
    for a in range(len(crisis.members)):
        i = crisis.members[a]
        state.actors[i].arms = crisis.arms[a]
        state.actors[i].divided = 1 if world.actors[i].instability >= 1.0 else 0
    for z in range(len(go_ahead)):
        set_governments(state, crisis.uncertain, z)
        balance = balance_of_power(world, state)
        chance = challenge_probability(world, state, balance)
        go_ahead[z] = as_drawn(chance, crisis.is_rounded)


@jitable
def fill_mediation(world, state, crisis, codes, alive, turn, chances):
    """Chance of a mediator in `turn`, for each configuration that is alive."""
    for x in range(len(alive)):
        open_configuration(world, state, crisis, codes, alive[x])
        state.now.turn = turn
        chances[alive[x]] = as_drawn(mediation_probability(world, state), crisis.is_rounded)


@jitable
def fill_war_ends(world, state, crisis, codes, alive, turn, war_turn, chances):
    """Chances, by row, that a war from `war_turn` on ends with `turn`, and that the initiator's
    side then prevails."""
    settings = 1 << len(crisis.uncertain)
    for x in range(len(alive)):
        open_configuration(world, state, crisis, codes, alive[x])
        state.now.turn = turn
        state.now.war_turn = war_turn
        for z in range(settings):
            set_governments(state, crisis.uncertain, z)
            balance = balance_of_power(world, state)
            row = alive[x] * settings + z
            chances[row, 0] = as_drawn(war_end_chance(world, state, balance), crisis.is_rounded)
            chances[row, 1] = as_drawn(initiator_prevails_chance(world, balance), crisis.is_rounded)


@jitable
def fill_laws(world, state, crisis, codes, wanted, turn, laws, through):
    """Laws of all members in the configurations wanted, by row: settings within configurations.

    `laws` is (row, member, LAW_SIZE), `through` (row, member, through which member): the
    chance that it comes in by treaty through that one. Both must hold zeros there.
    """
    settings = 1 << len(crisis.uncertain)
    for x in range(len(wanted)):
        open_configuration(world, state, crisis, codes, wanted[x])
        state.now.turn = turn
        against_initiator = highest_rung(state, INITIATOR)
        against_target = highest_rung(state, TARGET)
        for z in range(settings):
            row = wanted[x] * settings + z
            set_governments(state, crisis.uncertain, z)
            balance = balance_of_power(world, state)
            for a in range(len(crisis.members)):
                i = crisis.members[a]
                if state.actors[i].side != NEUTRAL:
                    if state.actors[i].rung < world.top:
                        for m in range(2):
                            anyway, misread, down = response_law(world, state, i, balance, m)
                            anyway, misread, down = moves_as_drawn(
                                anyway, misread, down, crisis.is_rounded
                            )
                            laws[row, a, 3 * m] = anyway
                            laws[row, a, 3 * m + 1] = misread
                            laws[row, a, 3 * m + 2] = down
                elif state.actors[i].is_watching == 1 or may_stand_by(world):
                    fill_entries(
                        world,
                        state,
                        crisis,
                        row,
                        a,
                        INITIATOR,
                        against_target,
                        balance,
                        laws,
                        through,
                    )
                    out = fill_entries(
                        world,
                        state,
                        crisis,
                        row,
                        a,
                        TARGET,
                        against_initiator,
                        balance,
                        laws,
                        through,
                    )
                    keep_to_one_side(crisis, state, row, a, out, laws, through)


@jitable
def fill_entries(world, state, crisis, row, a, side, highest, balance, laws, through):
    """Chances that member `a` is drawn to `side`, whatever the other side does; returns that
    of not being drawn. The first hazard to fire is the cause, ties in the order of the allies."""
    k = crisis.members[a]
    share = review_share(world, state)
    out = 1.0
    b = 0
    for n in range(n_hazards(state, side)):
        impulse = nth_impulse(world, state, k, side, n, highest, balance)
        before = out
        fires, out = next_hazard(out, share, impulse)
        if crisis.is_rounded == 1:
            # One word decides on all hazards: the first to fire is the one whose share it is in.
            fires = as_drawn(1.0 - out, 1) - as_drawn(1.0 - before, 1)
        if n < n_on(state, side):
            while crisis.members[b] != state.sides[side, n]:
                b += 1
            through[row, a, b] = fires
            laws[row, a, 2 * side] += fires
        else:
            laws[row, a, 2 * side + 1] = fires
    return 1.0 - as_drawn(1.0 - out, 1) if crisis.is_rounded == 1 else out


@jitable
def keep_to_one_side(crisis, state, row, a, out_target, laws, through):
    """Drawn to both sides at once, member `a` stays out: take that off its chances."""
    out_initiator = 1.0 - laws[row, a, 0] - laws[row, a, 1]
    laws[row, a, 0] *= out_target
    laws[row, a, 1] *= out_target
    laws[row, a, 2] *= out_initiator
    laws[row, a, 3] *= out_initiator
    for b in range(len(crisis.members)):
        side = state.actors[crisis.members[b]].side
        if side == INITIATOR:
            through[row, a, b] *= out_target
        elif side == TARGET:
            through[row, a, b] *= out_initiator


# ------------------------------------------------------------ branches


@jitable
def fill_branches(world, state, crisis, codes, wanted, options, first, keys, is_calm):
    """Key of the configuration to which each branch leads, and whether the chain ends there.

    `options` is (configuration, member) with one bit for each option; branches of `wanted[x]` stand
    from `first[x]` on, the options of the last member changing fastest.
    """
    n = len(crisis.members)
    for x in range(len(wanted)):
        s = wanted[x]
        for branch in range(first[x], first[x + 1]):
            open_configuration(world, state, crisis, codes, s)
            state.now.turn = 1
            wipe_moves(state)
            left = branch - first[x]
            for b in range(n):
                a = n - 1 - b
                count = count_options(options[x, a])
                option = nth_option(options[x, a], left % count)
                left //= count
                i = crisis.members[a]
                if option == STAY:
                    continue
                if codes[s, a] > 0:
                    write_move(state, i, UP if option == FIRST else DOWN, 0)
                else:
                    side = INITIATOR if option == FIRST else TARGET
                    write_entry(state, i, side, OPPORTUNISM, NOBODY)
            apply_turn(world, state)
            keys[branch] = pack(world, state, crisis.members)
            is_calm[branch] = state.now.over == 1 and state.now.outcome == SETTLED
