"""Moves that are given instead of drawn: `RUS=hold`, `GBR=join:target`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from mcescalate.errors import UsageError
from mcescalate.model.chain.branching import AS_DRAWN, JOIN
from mcescalate.model.codes import DOWN, HOLD, NEUTRAL, SIDES, UP
from mcescalate.scenario.wording import suggestion

ORDERS = {
    "up": UP,
    "hold": HOLD,
    "down": DOWN,
    **{f"join:{side}": JOIN + code for code, side in enumerate(SIDES)},
}


class Order(NamedTuple):
    """One actor's move in the turn from which on branches are simulated."""

    actor: int
    code: int
    text: str


def read_orders(moves: Iterable[str], actors: tuple[str, ...]) -> tuple[Order, ...]:
    """Read texts "ACTOR=MOVE"; `actors` in the order of the world.

    Raises
    ------
    UsageError
        A text is no move, there is no such actor, or one has two moves.
    """
    found: dict[int, Order] = {}
    for text in moves:
        actor, _, move = text.partition("=")
        if move not in ORDERS:
            raise UsageError(
                f'move: expected ACTOR= and one of {", ".join(ORDERS)}; found "{text}"'
            )
        if actor not in actors:
            raise UsageError(f'move: no actor has the id "{actor}"{suggestion(actor, actors)}')
        order = Order(actors.index(actor), ORDERS[move], text)
        if order.actor in found:
            raise UsageError(f"move: {actor} has two moves in the same turn; give one")
        found[order.actor] = order
    return tuple(found.values())


def check_orders(world: Any, state: Any, orders: Iterable[Order], actors: tuple[str, ...]) -> None:
    """Raise UsageError for an order that cannot be carried out in the turn after `state`."""
    for order in orders:
        me, name = state.actors[order.actor], actors[order.actor]
        when = f"move {order.text}: at the start of turn {state.now.turn + 1} {name}"
        if me.side == NEUTRAL:
            if order.code in (UP, DOWN):
                raise UsageError(
                    f"{when} is not engaged; it may hold, join:initiator or join:target"
                )
        elif order.code >= JOIN:
            raise UsageError(f"{when} is on the {SIDES[me.side]}'s side already")
        elif me.rung == world.top:
            raise UsageError(f"{when} is at war, and an actor at war stays at war")
        elif order.code == DOWN and me.rung == 0:
            raise UsageError(f"{when} is at the lowest rung")


def order_row(n_actors: int, orders: Iterable[Order]) -> np.ndarray:
    """(N) what each actor is ordered to do."""
    row = np.full(n_actors, AS_DRAWN, np.int64)
    for order in orders:
        row[order.actor] = order.code
    return row
