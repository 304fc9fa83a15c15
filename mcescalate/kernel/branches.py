"""Branches of one chain as the kernel simulates them, from the turn after the change on."""

from mcescalate.kernel.memory import forget_crisis, set_bounds, take_slot
from mcescalate.kernel.schedule import bring_up_to_date, give_common_slots, pass_quiet_turns
from mcescalate.kernel.turn import take_turn
from mcescalate.kernel.words import LANES, WINDOW
from mcescalate.model import words
from mcescalate.model.branching import OWN_WORDS, follow_chain, obey, watch_anew
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.plain import decide_turn, end_turn
from mcescalate.model.rules.background import turnover_law
from mcescalate.model.scoring import write_record
from mcescalate.model.state import highest_of_all
from mcescalate.model.state_rows import copy_state
from mcescalate.model.words import fork_seed, threshold


@jitable
def branch_batch(
    origin,
    world,
    rows,
    base,
    state,
    memory,
    orders,
    records,
    course,
    row,
    seed,
    chain,
    turn,
    first_branch,
    n_branches,
):
    """As that of `engine.branches.continuation`; the turn of the change is the plain model's."""
    follow_chain(origin, base, seed, chain, turn)
    watch_anew(world, base)
    forget_crisis(memory)
    for b in range(n_branches):
        copy_state(rows, 0, rows, 1)
        branch = first_branch + b
        words_of = seed if branch == OWN_WORDS else fork_seed(seed, chain, turn, branch)
        decide_turn(world, state, words_of, chain)
        obey(world, state, orders)
        end_turn(world, state, words_of, chain)
        course[state.now.turn, highest_of_all(state)] += 1
        resume(world, state, memory)
        last = state.now.turn
        while state.now.over == 0:
            bring_up_to_date(world, state, memory, words_of, chain)
            if not pass_quiet_turns(world, state, memory, words_of, chain):
                take_turn(world, state, memory)
            for t in range(last + 1, state.now.turn + 1):
                course[t, highest_of_all(state)] += 1
            last = state.now.turn
        forget_crisis(memory)
        for t in range(last + 1, course.shape[0]):
            course[t, highest_of_all(state)] += 1
        write_record(world, state, records, row + b)


@inlined
def resume(world, state, memory):
    """Know of a crisis under way, governments included, what the kernel learns as it begins."""
    now = state.now
    memory.known.words_from = now.turn - now.turn % WINDOW
    give_common_slots(world, memory)
    for i in range(world.n_actors):
        memory.learnt[memory.known.n_learnt] = i
        memory.known.n_learnt += 1
        memory.actors[i].divided_since = now.turn
        actor = world.actors[i]
        if actor.turnover > 0.0:
            place = take_slot(memory, words.STABILITY, i, actor.key)
            memory.restless[place // LANES] |= 1 << place % LANES
            law = turnover_law(world, i, state.actors[i].divided)
            set_bounds(memory, place, threshold(law), words.WORDS)
