"""Ends of wars (section 10)."""

import math

from .power import balance
from .state import State
from .world import Model, logistic


def war_end_probability(model: Model, state: State) -> float:
    """Chance that the war under way ends this turn; 0 up to its first turn."""
    c, t_w = model.war, state.war_turn
    if c.rate == 0 or not t_w or state.turn <= t_w:
        return 0.0
    pull = c.balance * abs(balance(model, state, "A")) + c.length * (state.turn - t_w)
    return min(1.0, c.rate * math.exp(min(pull, 700.0)))


def victory_probability(model: Model, state: State) -> float:
    """Chance that a war which ends this turn ends with the initiator's side on top."""
    return logistic(model.war.decisive * balance(model, state, "A"))


def war_end_law(model: Model, state: State) -> dict[str | None, float]:
    """Who prevails in a war that ends this turn; None: no war ends."""
    ends, wins = war_end_probability(model, state), victory_probability(model, state)
    return {None: 1 - ends, "A": ends * wins, "B": ends * (1 - wins)}
