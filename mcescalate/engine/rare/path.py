"""One way to a rare event, turn by turn: found again from the words that drew it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mcescalate.engine.rare import drawing, laws, stage
from mcescalate.engine.rare.repetition import Kept, Plan, run_repetition
from mcescalate.model.chain.state_rows import new_state_rows, state_at
from mcescalate.model.codes import CAUSES, NEUTRAL, NOBODY, OUTCOMES, SIDES
from mcescalate.model.words import fork_seed

N_CHAINS = 200
"""Chains among which one way is chosen."""

MOST_TRIES = 50


@dataclass(frozen=True)
class PathTurn:
    """What changed in one turn.

    Parameters
    ----------
    crosses : number of the threshold that the turn was drawn to cross, or None
    chance : the probability that a turn from this state crosses it
    """

    number: int
    changes: tuple[str, ...]
    crosses: int | None
    chance: float | None


@dataclass(frozen=True)
class RarePath:
    """A chain that has the event, drawn by its share of the estimate."""

    initiator: str
    target: str
    domain: int
    is_accident: bool
    is_misattributed: bool
    turns: tuple[PathTurn, ...]
    outcome: str


def find_path(
    plan: Plan, actors: tuple[str, ...], rungs: tuple[str, ...], *, seed: int
) -> RarePath | None:
    """Draw one chain with the event, by its law; None if many trials found none."""
    for number in range(MOST_TRIES):
        kept: list[Kept] = []
        found = run_repetition(plan, N_CHAINS, seed=seed, number=(1 << 40) + number, kept=kept)
        if found.estimate > 0.0:
            return _describe(plan, actors, rungs, seed, (1 << 40) + number, kept)
    return None


def _describe(
    plan: Plan,
    actors: tuple[str, ...],
    rungs: tuple[str, ...],
    seed: int,
    number: int,
    kept: list[Kept],
) -> RarePath:
    key, chain = np.uint64(seed), np.uint64(number)
    weights = np.array([one.weight for one in kept])
    edges = np.cumsum(weights.ravel())
    u = (int(fork_seed(key, chain, len(kept), 0)) + 0.5) / 2.0**64
    last, p = divmod(int(np.searchsorted(edges, u * edges[-1], side="right")), N_CHAINS)
    line = [p]
    for at in range(last, 0, -1):
        line.append(int(kept[at].parent_of[line[-1]]))
    line.reverse()
    world, goal = plan.world, plan.goal
    state = state_at(new_state_rows(world, 1), 0)
    room, chances = laws.new_laws(world.n_actors), np.zeros((2, 2))
    now: Any = state.now
    turns: list[PathTurn] = []

    def take(how: int, at: int, words_of: np.uint64) -> None:
        before = [(int(a.side), int(a.rung)) for a in state.actors]
        threshold = goal.thresholds[at]
        cross, _ = laws.weigh_turn(world, state, room, threshold, chances)
        drawing.draw_turn(world, state, room, threshold, chances, how, words_of, chain)
        changes = _changes(state, before, actors, rungs)
        is_crossing = how == drawing.CROSSING
        turns.append(
            PathTurn(
                int(now.turn),
                changes,
                at if is_crossing else None,
                float(cross) if is_crossing else None,
            )
        )

    opening = plan.openings.rows[kept[0].opening[line[0]]]
    words_of = fork_seed(key, chain, 0, line[0])
    stage.begin(world, state, opening, words_of, chain)
    for at, p in enumerate(line):
        words_of = fork_seed(key, chain, at, p)
        if at > 0 and kept[at - 1].is_pending[line[at - 1]] == 1:
            take(drawing.CROSSING, at - 1, words_of)
        if at < last or goal.is_last_crossing:
            while now.over == 0 and now.turn < kept[at].turn[p]:
                take(drawing.STAYING, at, words_of)
    if goal.is_last_crossing:
        # The last stage draws no crossing: this one is drawn for the path alone.
        words_of = fork_seed(key, chain, last + 1, line[-1])
        if kept[last].is_pending[line[-1]] == 1:
            take(drawing.CROSSING, last, words_of)
    while now.over == 0:
        take(drawing.FREELY, len(goal.thresholds) - 1, words_of)
    return RarePath(
        initiator=actors[int(now.initiator)],
        target=actors[int(now.target)],
        domain=int(now.domain),
        is_accident=bool(now.accident),
        is_misattributed=bool(now.misattributed),
        turns=tuple(turns),
        outcome=OUTCOMES[now.outcome],
    )


def _changes(
    state: Any, before: list[tuple[int, int]], actors: tuple[str, ...], rungs: tuple[str, ...]
) -> tuple[str, ...]:
    """Moves and entries of the last turn, in words."""
    lines = []
    for i, (side, rung) in enumerate(before):
        me = state.actors[i]
        if me.side == NEUTRAL:
            continue
        if side == NEUTRAL:
            through = f" with {actors[me.through]}" if me.through != NOBODY else ""
            why = CAUSES[me.cause].replace("opportunism", "own rivalry")
            lines.append(f"{actors[i]} joins the {SIDES[me.side]}'s side: {why}{through}")
        elif me.rung != rung:
            note = " (misread)" if me.is_misread == 1 else ""
            dragged = " (drawn into war)" if me.rung - rung > 1 or me.move == 0 else ""
            lines.append(f"{actors[i]} {rungs[rung]} -> {rungs[me.rung]}{note}{dragged}")
    return tuple(lines)
