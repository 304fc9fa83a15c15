"""The parts of a described chain. Names stand for actors, numbers for rungs.

Every decision is a `Draw`: a line from 0 to 1, cut into stretches as long as the chances of
what may happen, and the place on it where the random word falls.
"""

from dataclasses import dataclass

STAYS_OUT = "stays out"
"""What a draw of a pull has last: nothing draws the onlooker to that side."""


@dataclass(frozen=True)
class Draw:
    """One decision of chance.

    Parameters
    ----------
    word : the 32-bit random word
    value : the word as a share of all words, in [0, 1)
    chances : what may happen, in its order on the line from 0 to 1, each with its probability
    chosen : what happened
    """

    word: int
    value: float
    chances: dict[str, float]
    chosen: str


@dataclass(frozen=True)
class ArmsRace:
    """One actor's arms before the crisis: `levels` has the start and every period's end."""

    actor: str
    levels: tuple[int, ...]
    periods: tuple[Draw, ...]


@dataclass(frozen=True)
class Government:
    """A draw on whether the government of `actor` is divided; turn 0 is the start."""

    actor: str
    turn: int
    draw: Draw
    divided: bool


@dataclass(frozen=True)
class Incident:
    """What began the crisis, and whether the initiator went through with it.

    Parameters
    ----------
    initiator, target : as drawn
    domain, rung : the incident's domain, and where the initiator begins
    balance : balance of power that the initiator weighs, its own optimism left out
    deterrence : draw of the initiator's decision; None after an accident
    """

    initiator: str
    target: str
    pair: Draw
    domain: str
    rung: int
    domain_draw: Draw
    balance: float
    accident: Draw
    deterrence: Draw | None


@dataclass(frozen=True)
class Misattribution:
    """Draw of whether the wrong actor is blamed, and which; None where no other could be."""

    draw: Draw
    blamed: Draw | None


@dataclass(frozen=True)
class Facing:
    """An opponent as it is: its rung, and how far it touches the one who looks."""

    actor: str
    rung: int
    reach: float


@dataclass(frozen=True)
class Reading:
    """What an actor took to face it, and what it would have, seeing all in reach as they are.

    The engine sums over readings, so a run holds none: this one is drawn, with a word of its
    own, from their law given the move. `chance` is that law's probability of this pair.
    """

    seen: int
    accurate: int
    chance: float
    word: int
    drawn_given_move: bool = True


@dataclass(frozen=True)
class Response:
    """What one engaged actor did in a turn.

    `dragged` : to war by the other side's move; draw and reading are None for one at war.
    """

    actor: str
    side: str
    rung: int
    rung_after: int
    facing: tuple[Facing, ...]
    move: str
    misread: bool
    dragged: bool
    draw: Draw | None
    reading: Reading | None


@dataclass(frozen=True)
class Hazard:
    """One reason to come in: its chance, and its share, those before it having failed."""

    cause: str
    through: str | None
    chance: float
    share: float

    @property
    def reason(self) -> str:
        """Cause and ally in words."""
        return self.cause if self.through is None else f"{self.cause} with {self.through}"


@dataclass(frozen=True)
class Pull:
    """What draws a neutral to one side in a turn; `fired` is the place of the hazard that did."""

    side: str
    hazards: tuple[Hazard, ...]
    draw: Draw
    fired: int | None

    @property
    def chance(self) -> float:
        """Chance that something draws it in."""
        return 1.0 - self.draw.chances[STAYS_OUT]


@dataclass(frozen=True)
class Onlooker:
    """What one neutral decided in a turn; drawn to both sides, it stays out."""

    actor: str
    pulls: tuple[Pull, ...]
    joined: str | None
    cause: str | None
    through: str | None


@dataclass(frozen=True)
class WarEnd:
    """Draw of whether a war ends with the turn, and if so of the side that prevails."""

    draw: Draw
    winner: Draw | None


@dataclass(frozen=True)
class Turn:
    """One turn; all decisions rest on the state at its start.

    `balance` is the initiator's side's. `mediation` is None while no mediator can come, `war_end`
    while no war can end; `governments` are those drawn anew at the end.
    """

    number: int
    news: bool
    balance: float
    mediation: Draw | None
    responses: tuple[Response, ...]
    war_end: WarEnd | None
    onlookers: tuple[Onlooker, ...]
    governments: tuple[Government, ...]


@dataclass(frozen=True)
class Fate:
    """How one engaged actor came in and ended."""

    actor: str
    side: str
    cause: str
    through: str | None
    entry_turn: int
    peak_rung: int
    last_rung: int


@dataclass(frozen=True)
class TieFate:
    """What became of a promise that the war at the end put to the test."""

    actor: str
    ally: str
    fate: str


@dataclass(frozen=True)
class End:
    """Outcome and what a run counts of the chain.

    `war_turn`, `war_length` (in turns) and `winner` are None without war.
    """

    outcome: str
    last_turn: int
    peak_rung: int
    war_turn: int | None
    war_length: int | None
    winner: str | None
    war_began_misread: bool
    misread_moves: int
    actors: tuple[Fate, ...]
    ties: tuple[TieFate, ...]
