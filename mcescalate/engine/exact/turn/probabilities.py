"""Loops that move probability: from row to row through a turn, and out of those that are over.

Nothing here knows a rule of the model but for the laws that `laws` has written down; they
are multiplied and added. Rows and columns are those of `columns`.
"""

from mcescalate.engine.exact.turn.columns import ACCIDENT, ACCIDENT_MEDIATED, MEDIATED, PROBABILITY
from mcescalate.engine.exact.turn.crisis import FIRST, STAY, count_options, nth_option
from mcescalate.engine.exact.turn.rounding import as_drawn
from mcescalate.model.codes import INITIATOR, MISREAD_CLASSES, TARGET
from mcescalate.model.jit import jitable
from mcescalate.model.rules.background import turnover_law


@jitable
def push(
    crisis,
    columns,
    turn,
    top,
    alive,
    codes,
    options,
    first,
    targets,
    mediation,
    laws,
    through,
    before,
    after,
    flows,
    scratch,
):
    """Move probabilities through one turn, from `before` into `after`.

    Both are (row, column). `mediation` has the chance of a mediator for each configuration,
    `targets` the configuration of each branch, from `first` of its configuration on, the options
    of the last member changing fastest.
    """
    n = len(crisis.members)
    settings = 1 << len(crisis.uncertain)
    for x in range(len(alive)):
        s = alive[x]
        at_peace = codes[s, n] < top and codes[s, n + 1] < top
        for z in range(settings):
            row = s * settings + z
            probability = before[row, PROBABILITY]
            if probability == 0.0:
                continue
            count_entries(n, columns, turn, codes, s, laws, through, before, row, flows)
            begin_branches(n, scratch)
            branch = first[s]
            level = 0
            while level >= 0:
                for a in range(level, n):
                    choose(scratch, a, codes[s, a], options[s, a], top, laws, row)
                n_up = scratch.n_up[n]
                chance, heard = weigh(scratch, n, n_up, mediation[s])
                if chance > 0.0:
                    goal = targets[branch] * settings + z
                    move_row(before, after, columns, row, goal, chance, heard, scratch, n_up)
                    mark_treaties(
                        n,
                        columns,
                        codes,
                        options,
                        s,
                        laws,
                        row,
                        scratch,
                        after,
                        goal,
                        chance * probability,
                    )
                    if at_peace and scratch.n_climbing[n] > 0:
                        flows.war_turn[turn] += chance * probability
                        flows.misread_war[0] += probability * (
                            (1.0 - mediation[s]) * scratch.misread_climb[n, 0]
                            + mediation[s] * scratch.misread_climb[n, 1]
                        )
                branch += 1
                level = next_branch(n, options, s, scratch)


@jitable
def begin_branches(n, scratch):
    """Let every member make its first choice."""
    for a in range(n):
        scratch.choice[a] = 0
    scratch.n_up[0] = 0
    scratch.n_climbing[0] = 0
    for m in range(2):
        scratch.chance[0, m, 0] = 1.0
        scratch.misread_climb[0, m] = 1.0


@jitable
def next_branch(n, options, s, scratch):
    """Go on to the next branch of configuration `s`; the first member to choose anew, or -1."""
    a = n - 1
    while a >= 0 and scratch.choice[a] + 1 == count_options(options[s, a]):
        scratch.choice[a] = 0
        a -= 1
    if a >= 0:
        scratch.choice[a] += 1
    return a


@jitable
def choose(scratch, a, code, bits, top, laws, row):
    """Multiply the chances of all choices before member `a`'s by that of its own.

    They are polynomials: coefficient d is the part with d misread moves.
    """
    option = nth_option(bits, scratch.choice[a])
    is_engaged = code > 0
    is_up = is_engaged and option == FIRST
    is_climb = is_up and (code - 1) % (top + 1) == top - 1
    n_up = scratch.n_up[a]
    for m in range(2):
        if is_up:
            anyway = laws[row, a, 3 * m]
            misread = laws[row, a, 3 * m + 1]
            scratch.chance[a + 1, m, n_up + 1] = 0.0
            for d in range(n_up + 1):
                scratch.chance[a + 1, m, d] = scratch.chance[a, m, d] * anyway
            for d in range(n_up + 1):
                scratch.chance[a + 1, m, d + 1] += scratch.chance[a, m, d] * misread
            taken = misread if is_climb else anyway + misread
        else:
            taken = other_chance(option, is_engaged, m, laws, row, a)
            for d in range(n_up + 1):
                scratch.chance[a + 1, m, d] = scratch.chance[a, m, d] * taken
        scratch.misread_climb[a + 1, m] = scratch.misread_climb[a, m] * taken
    scratch.n_up[a + 1] = n_up + 1 if is_up else n_up
    scratch.n_climbing[a + 1] = scratch.n_climbing[a] + (1 if is_climb else 0)


@jitable
def other_chance(option, is_engaged, m, laws, row, a):
    """Chance of anything but a move up, by member `a`, with a mediator (`m` = 1) or without."""
    if is_engaged:
        down = laws[row, a, 3 * m + 2]
        if option == STAY:
            return max(0.0, 1.0 - laws[row, a, 3 * m] - laws[row, a, 3 * m + 1] - down)
        return down
    to_initiator = laws[row, a, 0] + laws[row, a, 1]
    to_target = laws[row, a, 2] + laws[row, a, 3]
    if option == STAY:
        return max(0.0, 1.0 - to_initiator - to_target)
    return to_initiator if option == FIRST else to_target


@jitable
def weigh(scratch, n, n_up, mediation):
    """(chance of the branch, part of it with a mediator); the whole by misread moves is kept."""
    chance = 0.0
    heard = 0.0
    for d in range(n_up + 1):
        part = mediation * scratch.chance[n, 1, d]
        scratch.weight[d] = (1.0 - mediation) * scratch.chance[n, 0, d] + part
        chance += scratch.weight[d]
        heard += part
    return chance, heard


@jitable
def move_row(before, after, columns, row, goal, chance, heard, scratch, n_up):
    """Add the probabilities of `row`, times the chance of a branch, to those of `goal`."""
    after[goal, PROBABILITY] += chance * before[row, PROBABILITY]
    after[goal, ACCIDENT] += chance * before[row, ACCIDENT]
    after[goal, MEDIATED] += heard * before[row, PROBABILITY]
    after[goal, ACCIDENT_MEDIATED] += heard * before[row, ACCIDENT]
    for c in range(columns.treaty, columns.misread):
        after[goal, c] += chance * before[row, c]
    last = MISREAD_CLASSES - 1
    for d in range(n_up + 1):
        weight = scratch.weight[d]
        if weight == 0.0:
            continue
        start = columns.misread
        whole = max(last - d, 0)
        for c in range(whole):
            after[goal, start + c + d] += weight * before[row, start + c]
        for c in range(whole, MISREAD_CLASSES):
            after[goal, start + last] += weight * before[row, start + c]


@jitable
def mark_treaties(n, columns, codes, options, s, laws, row, scratch, after, goal, flow):
    """Mark the parts of a branch's flow in which members come in by treaty."""
    for a in range(n):
        if codes[s, a] == 0 and scratch.choice[a] > 0:
            option = nth_option(options[s, a], scratch.choice[a])
            side = INITIATOR if option == FIRST else TARGET
            treaty = laws[row, a, 2 * side]
            if treaty > 0.0:
                share = treaty / (treaty + laws[row, a, 2 * side + 1])
                after[goal, columns.treaty + a] += flow * share


@jitable
def count_entries(n, columns, turn, codes, s, laws, through, before, row, flows):
    """Count who comes in this turn, why and through which ally, in expectation over a row."""
    probability = before[row, PROBABILITY]
    for a in range(n):
        if codes[s, a] > 0:
            continue
        by_treaty = laws[row, a, 0] + laws[row, a, 2]
        as_onlooker = laws[row, a, 1] + laws[row, a, 3]
        flows.entry[a, 0] += probability * by_treaty
        flows.entry[a, 1] += probability * laws[row, a, 1]
        flows.entry[a, 2] += probability * laws[row, a, 3]
        flows.entry_turn[a, turn] += probability * (by_treaty + as_onlooker)
        if by_treaty > 0.0:
            for b in range(n):
                flows.drawn_in[b, a] += probability * through[row, a, b]
                flows.chain_gang[a] += before[row, columns.treaty + b] * through[row, a, b]


@jitable
def end_turn(world, crisis, columns, codes, is_calm, probabilities, ended):
    """Complete the probabilities after a turn: governments, peaks; and take out what is over.

    Those of calm configurations go to `ended` (configuration, column), summed over governments.
    """
    n_uncertain = len(crisis.uncertain)
    settings = 1 << n_uncertain
    rungs = world.top + 1
    for s in range(len(is_calm)):
        probability = 0.0
        for z in range(settings):
            probability += probabilities[s * settings + z, PROBABILITY]
        if probability == 0.0:
            continue
        mark_peaks(crisis, columns, rungs, codes, s, settings, probabilities)
        if is_calm[s]:
            for z in range(settings):
                for c in range(columns.width):
                    ended[s, c] += probabilities[s * settings + z, c]
                    probabilities[s * settings + z, c] = 0.0
            continue
        for z in range(settings):
            probabilities[s * settings + z, MEDIATED] = 0.0
            probabilities[s * settings + z, ACCIDENT_MEDIATED] = 0.0
        for u in range(n_uncertain):
            i = crisis.uncertain[u]
            splits = as_drawn(turnover_law(world, i, 0), crisis.is_rounded)
            heals = as_drawn(turnover_law(world, i, 1), crisis.is_rounded)
            if splits == 0.0 and heals == 0.0:
                continue
            bit = 1 << (n_uncertain - 1 - u)
            for z in range(settings):
                if z & bit == 0:
                    united = s * settings + z
                    divided = united + bit
                    for c in range(columns.width):
                        split = splits * probabilities[united, c]
                        healed = heals * probabilities[divided, c]
                        probabilities[united, c] += healed - split
                        probabilities[divided, c] += split - healed


@jitable
def mark_peaks(crisis, columns, rungs, codes, s, settings, probabilities):
    """Where a member stands on a rung, all the probability has been there."""
    top = rungs - 1
    for a in range(len(crisis.members)):
        if codes[s, a] > 0:
            rung = (codes[s, a] - 1) % rungs
            for z in range(settings):
                row = s * settings + z
                for h in range(rung):
                    probabilities[row, columns.peak + a * top + h] = probabilities[row, PROBABILITY]
