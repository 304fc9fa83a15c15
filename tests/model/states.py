"""Hand-made moments of a crisis, with actors named by their ids; the model runs uncompiled.

The only file of these tests that knows how `World` and `State` are packed.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from samples import small_scenario

from mcescalate.model import functions, state
from mcescalate.model.chain import scoring, transition
from mcescalate.model.codes import CAUSES, DOWN, HOLD, NEUTRAL, NOBODY, SIDES, UP
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.model.rules import (
    background,
    challenge,
    joining,
    outcome,
    perception,
    power,
    response,
    sequence,
)
from mcescalate.model.state import (
    enlist,
    new_state,
    set_heights,
    wipe_moves,
    write_entry,
    write_move,
)
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order
from mcescalate.scenario.schema import Scenario

NOTHING = {row.name: 0.0 for row in COEFFICIENTS if row.table == "response"}
"""`[response]` with every weight 0: up, down and hold are equally likely."""
NO_ALLIANCE = {row.name: 0.0 for row in COEFFICIENTS if row.table == "alliance"}
NO_CONTAGION = {row.name: 0.0 for row in COEFFICIENTS if row.table == "contagion"}

PLACES_OF_RULES = (
    background,
    challenge,
    power,
    perception,
    response,
    joining,
    outcome,
    sequence,
    transition,
    functions,
    scoring,
)

MOVES = {"up": UP, "hold": HOLD, "down": DOWN, "clear": UP, "misread": UP}


def crisis(
    ids: str = "AB",
    *,
    about: Mapping[str, Mapping[str, Any]] | None = None,
    promises: Mapping[tuple[str, str, str], Mapping[str, Any]] | None = None,
    dyads: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    **tables: Any,
) -> Scenario:
    """A scenario of actors with one-letter ids and capability 1, and an incident from A to B.

    `about` gives actors' fields, `promises` those of (from, to, kind), one way only, `dyads`
    those of (a, b), one way only; `tables` are further tables of the file.
    """
    about = about or {}
    return small_scenario(
        **{
            "actors": [{"id": i, "capability": 1.0} | dict(about.get(i, {})) for i in ids],
            "ties": [
                {"from": k, "to": j, "kind": kind, "mutual": False} | dict(fields)
                for (k, j, kind), fields in (promises or {}).items()
            ],
            "dyads": [
                {"a": a, "b": b, "directed": True} | dict(fields)
                for (a, b), fields in (dyads or {}).items()
            ],
            "trigger": {"initiator": "A", "target": "B"},
        }
        | tables
    )


class Moment:
    """A world and a state in it; every rule can be called on it as a method.

    Arguments named `world` and `state` are put in, ids stand for actors:
    `moment.tie_hazard("C", "B", TARGET, 3, 0.0)`.
    """

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.world = build_world(scenario)
        self.state = new_state(self.world)
        self.ids = actor_order(scenario)

    def place(self, actor: str) -> int:
        """Where `actor` stands in the world."""
        return self.ids.index(actor)

    def __getattr__(self, name: str):
        places = [module for module in (*PLACES_OF_RULES, state) if hasattr(module, name)]
        if not places:
            raise AttributeError(name)
        return self._bound(getattr(places[0], name))

    def given(self) -> dict[str, Any]:
        """What is put in for parameters of these names."""
        return {"world": self.world, "state": self.state}

    def _bound(self, function):
        """A function with what is given put in, to which ids stand for actors."""

        def call(*arguments):
            left, given = iter(arguments), self.given()
            values = [
                given[parameter] if parameter in given else next(left)
                for parameter in inspect.signature(function).parameters
            ]
            return function(*(self.place(v) if isinstance(v, str) else v for v in values))

        return call

    def tie_hazard(self, k: str, j: str, side: int, highest: int, balance: float) -> float:
        """Chance that `k` comes in for its promise to `j` in the present turn."""
        return self.review_share() * self.tie_impulse(k, j, side, highest, balance)

    def onlooker_hazard(self, k: str, side: int, highest: int, balance: float) -> float:
        """Chance that `k` comes in on `side` without a promise in the present turn."""
        return self.review_share() * self.onlooker_impulse(k, side, highest, balance)

    # ---- making it

    def open(self, initiator: str, target: str, domain: int = 0) -> None:
        """Begin a crisis, with both originators where an incident puts them."""
        now = self.state.now
        now.drawn_initiator, now.drawn_target = self.place(initiator), self.place(target)
        now.domain = domain
        now.accident = now.misattributed = 0
        self.open_crisis(initiator, target)

    def join(
        self,
        actor: str,
        side: str,
        cause: str = "treaty",
        through: str | None = None,
        turn: int = 0,
    ) -> None:
        """Bring in a neutral at rung 1, and those who owe it something as onlookers."""
        through = NOBODY if through is None else self.place(through)
        enlist(
            self.state,
            self.place(actor),
            SIDES.index(side),
            1,
            turn,
            CAUSES.index(cause),
            through,
        )
        set_heights(self.state)
        transition.record_high(self.state, SIDES.index(side), 1)
        self.watch_for(actor)

    def set_rung(self, actor: str, rung: int) -> None:
        """Put an engaged actor on a rung; it and its side have been as high."""
        k = self.place(actor)
        self.state.actors[k].rung = rung
        self.state.actors[k].peak = max(self.state.actors[k].peak, rung)
        set_heights(self.state)
        transition.record_high(self.state, self.state.actors[k].side, rung)

    def set_divided(self, actor: str, divided: int = 1) -> None:
        """Divide the government of an actor, or unite it."""
        self.state.actors[self.place(actor)].divided = divided

    def set_arms(self, actor: str, level: int) -> None:
        """Give an actor a level of arms."""
        self.state.actors[self.place(actor)].arms = level

    def set_move(self, actor: str, move: str) -> None:
        """Decide a move: up or clear, misread (up too), down, hold."""
        if MOVES[move] != HOLD:
            write_move(self.state, self.place(actor), MOVES[move], int(move == "misread"))

    def wipe_moves(self) -> None:
        """Let everybody hold."""
        wipe_moves(self.state)

    def set_entry(self, actor: str, side: str, cause: str, through: str | None = None) -> None:
        """Decide that an onlooker comes in."""
        through = NOBODY if through is None else self.place(through)
        k = self.place(actor)
        write_entry(self.state, k, SIDES.index(side), CAUSES.index(cause), through)

    def take_turn(
        self,
        moves: Mapping[str, str] | None = None,
        entries: Mapping[str, tuple] | None = None,
        mediated: int = 0,
    ) -> None:
        """Carry out a turn; actors that are engaged and not in `moves` hold."""
        self.state.now.turn += 1
        self.state.now.mediated = mediated
        self.wipe_moves()
        for actor, move in (moves or {}).items():
            self.set_move(actor, move)
        for actor, entry in (entries or {}).items():
            self.set_entry(actor, *entry)
        self.apply_turn()

    # ---- reading it

    def credit(self, k: str, side: int) -> float:
        """How far onlookers count on neutral `k` to come in for the originator of `side`."""
        return self.credited(k, self.guarantee(k, side))

    @property
    def now(self):
        """The scalars of the state."""
        return self.state.now

    @property
    def engaged(self) -> list[str]:
        """Ids of those on a side, in the order in which the state lists them."""
        return self._names(self.state.engaged[: self.now.n_engaged])

    @property
    def watching(self) -> list[str]:
        """Ids of the neutrals whom the crisis concerns, likewise."""
        return self._names(self.state.watching[: self.now.n_watching])

    @property
    def listening(self) -> list[str]:
        """Ids of the neutrals that may be drawn in."""
        found = (self.nth_listener(n) for n in range(self.n_listeners()))
        return [self.ids[k] for k in found if self.state.actors[k].side == NEUTRAL]

    def _names(self, places: Iterable[int]) -> list[str]:
        return [self.ids[k] for k in places]

    def rung(self, actor: str) -> int:
        """Where an actor stands."""
        return int(self.state.actors[self.place(actor)].rung)

    def rungs(self) -> dict[str, int]:
        """Where everybody engaged stands."""
        return {actor: self.rung(actor) for actor in self.engaged}

    def peak(self, actor: str) -> int:
        """How high an actor has been."""
        return int(self.state.actors[self.place(actor)].peak)

    def side(self, actor: str) -> str | None:
        """Name of the side of an actor; None if it is neutral."""
        side = int(self.state.actors[self.place(actor)].side)
        return SIDES[side] if side >= 0 else None

    def divided(self, actor: str) -> int:
        """Whether the government of an engaged or watching actor is divided."""
        return int(self.state.actors[self.place(actor)].divided)

    def arms(self, actor: str) -> int:
        """Level of arms of an actor."""
        return int(self.state.actors[self.place(actor)].arms)

    def entry(self, actor: str) -> tuple[str | None, str, str | None, int]:
        """Side, cause, through whom and in which turn an engaged actor came in."""
        k = self.place(actor)
        through = int(self.state.actors[k].through)
        return (
            self.side(actor),
            CAUSES[self.state.actors[k].cause],
            None if through == NOBODY else self.ids[through],
            int(self.state.actors[k].entry_turn),
        )

    def readings(self, actor: str) -> tuple[list[float], list[float]]:
        """CDFs of what an engaged actor reads, and would read if it saw all as it is."""
        rungs = range(self.world.top + 1)
        return (
            [self.reading_cdf(actor, s) for s in rungs],
            [self.accurate_reading_cdf(actor, s, 1.0) for s in rungs],
        )

    def responses(
        self, actor: str, balance: float, mediated: int
    ) -> tuple[list[float], list[float]]:
        """Chances of moving up, and down, for each reading."""
        fixed = self.fixed_terms(actor, balance)
        laws = [self.move_law(actor, fixed, mediated, s) for s in range(self.world.top + 1)]
        return [up for up, _ in laws], [down for _, down in laws]


def moment(scenario: Scenario, rungs: Mapping[str, int] | None = None, **details: Any) -> Moment:
    """A crisis between two originators: see `prepare`."""
    return prepare(Moment(scenario), rungs, **details)


def prepare(
    made: Moment,
    rungs: Mapping[str, int] | None = None,
    *,
    joined: Mapping[str, Any] | None = None,
    divided: str = "",
    arms: Mapping[str, int] | None = None,
    originators: str = "AB",
    domain: int = 0,
    turn: int = 0,
    news: bool = True,
) -> Any:
    """Open a crisis between two originators; `turn` turns are over, or the last is the present.

    `joined` maps ids to a side, or to (side, cause, through whom, turn).
    """
    made.open(*originators, domain)
    for actor, entry in (joined or {}).items():
        made.join(actor, *([entry] if isinstance(entry, str) else entry))
    for actor, rung in (rungs or {}).items():
        made.set_rung(actor, rung)
    for actor in divided:
        made.set_divided(actor)
    for actor, level in (arms or {}).items():
        made.set_arms(actor, level)
    made.now.turn = turn
    made.now.news = int(news)
    return made
