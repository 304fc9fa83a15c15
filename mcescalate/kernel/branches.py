"""Branches of one chain as the kernel simulates them, from the turn after the change on."""

from mcescalate.kernel.crisis.governments import await_change
from mcescalate.kernel.crisis.memory import forget_crisis
from mcescalate.kernel.crisis.schedule import bring_up_to_date, give_common_slots
from mcescalate.kernel.crisis.turn import take_turn
from mcescalate.kernel.lanes.words import WINDOW
from mcescalate.model.chain.branching import OWN_WORDS, follow_chain, obey, watch_anew
from mcescalate.model.chain.plain import decide_turn, end_turn
from mcescalate.model.chain.scoring import write_record
from mcescalate.model.chain.state_rows import copy_state
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.state import highest_of_all
from mcescalate.model.words import fork_seed


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
        while state.now.over == 0:
            bring_up_to_date(world, state, memory, words_of, chain)
            take_turn(world, state, memory)
            course[state.now.turn, highest_of_all(state)] += 1
        forget_crisis(memory)
        for t in range(state.now.turn + 1, course.shape[0]):
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
        if world.actors[i].turnover > 0.0:
            await_change(world, state, memory, i)
