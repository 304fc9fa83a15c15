"""Continuations of one chain from the start of a turn, each with words of its own."""

from mcescalate.model.chain.branching import OWN_WORDS, follow_chain, obey, watch_anew
from mcescalate.model.chain.plain import decide_turn, end_turn, take_turn
from mcescalate.model.chain.scoring import write_record
from mcescalate.model.chain.state_rows import copy_state
from mcescalate.model.jit import jitable
from mcescalate.model.state import highest_of_all
from mcescalate.model.words import fork_seed


@jitable
def branch_batch(
    origin,
    world,
    rows,
    base,
    state,
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
    """Simulate branches from `turn` on, in `world`; the turns before are the chain's in `origin`.

    `rows` has two states: `base`, from which all branches go on, and `state`, that of the present
    branch. `course`, (turns, rungs), counts branches by the highest rung at the end of each turn.
    """
    follow_chain(origin, base, seed, chain, turn)
    watch_anew(world, base)
    for b in range(n_branches):
        copy_state(rows, 0, rows, 1)
        branch = first_branch + b
        words_of = seed if branch == OWN_WORDS else fork_seed(seed, chain, turn, branch)
        decide_turn(world, state, words_of, chain)
        obey(world, state, orders)
        end_turn(world, state, words_of, chain)
        course[state.now.turn, highest_of_all(state)] += 1
        while state.now.over == 0:
            take_turn(world, state, words_of, chain)
            course[state.now.turn, highest_of_all(state)] += 1
        for t in range(state.now.turn + 1, course.shape[0]):
            course[t, highest_of_all(state)] += 1
        write_record(world, state, records, row + b)
