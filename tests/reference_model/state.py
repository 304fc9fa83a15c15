"""A chain at the start of a turn, and what happens in one."""

from dataclasses import dataclass
from typing import NamedTuple

from .world import Model

OTHER = {"A": "B", "B": "A"}


class Table(dict):
    """A dict used as a value: hashable, and never changed once made."""

    __slots__ = ("_hash",)

    def __hash__(self):
        if not hasattr(self, "_hash"):
            self._hash = hash(frozenset(self.items()))
        return self._hash

    def but(self, changes: dict) -> "Table":
        """A copy with some entries changed."""
        return Table({**self, **changes})


@dataclass(frozen=True)
class State:
    """Everything that the rest of a chain depends on.

    `turn` is the turn about to be simulated, or the last one simulated once `ended` says how
    the chain came out (settled, mediated, stalemate, limited_war or general_war).
    """

    side: Table  # actor: "A", "B" or None
    rung: Table  # actor: rung; 0 while neutral
    divided: Table  # actor: 0 or 1 (z)
    arms: Table  # actor: level (a)
    originator: Table  # "A" and "B": actor
    domain: str
    turn: int
    news: bool
    highest: Table  # "A" and "B": the side's highest rung so far
    war_turn: int = 0  # t_w, the first turn of war; 0: no war so far
    ended: str | None = None
    winner: str | None = None  # the side that prevailed, "A" or "B"; None: no war has ended

    def members(self, side: str) -> list[str]:
        """Actors on a side."""
        return [i for i, s in self.side.items() if s == side]

    @property
    def neutrals(self) -> list[str]:
        """Actors on neither side."""
        return [i for i, s in self.side.items() if s is None]

    @property
    def engaged(self) -> list[str]:
        """Actors on a side."""
        return [i for i, s in self.side.items() if s is not None]

    @property
    def peak_now(self) -> int:
        """The highest rung of all now."""
        return max(self.rung.values())

    def top(self, side: str) -> int:
        """The side's highest rung now."""
        return max(self.rung[i] for i in self.members(side))


class Entry(NamedTuple):
    """How an actor came in: side, cause, through whom (treaty only), in which turn."""

    side: str
    cause: str  # initiator, target, treaty, opportunism, bystander
    via: str | None
    turn: int


@dataclass(frozen=True)
class Step:
    """What happens in one turn, before its consequences are worked out."""

    mediation: int  # m
    moves: Table  # engaged actor: clear or misread (both up), down, hold
    entries: Table  # joiner: Entry
    divided: Table  # z after the turn
    winner: str | None = None  # the side that prevails in a war that ends; None: none ends


def opening_state(
    model: Model,
    initiator: str,
    target: str,
    domain: str | None = None,
    divided: dict[str, int] | None = None,
    arms: dict[str, int] | None = None,
) -> State:
    """The state before turn 1 (section 3): side A at the domain's rung, side B at rung 0.

    Nobody is divided unless reported; arms levels are the scenario's, clipped.
    """
    domain = domain or next(iter(model.domains))
    n = model.domains[domain].rung
    sides = {initiator: "A", target: "B"}
    levels = {i: min(max(a.arms, 0), model.arms.levels) for i, a in model.actors.items()}
    return State(
        side=Table({i: sides.get(i) for i in model.actors}),
        rung=Table({i: n if i == initiator else 0 for i in model.actors}),
        divided=Table(dict.fromkeys(model.actors, 0) | (divided or {})),
        arms=Table(levels | (arms or {})),
        originator=Table(A=initiator, B=target),
        domain=domain,
        turn=1,
        news=True,
        highest=Table(A=n, B=0),
    )
