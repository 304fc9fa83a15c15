"""What one state has promised to another, as the alliance files tell it."""

import datetime
from dataclasses import dataclass, field
from enum import Enum


class Conditions(Enum):
    """What makes a promise of help depend on how the war began."""

    NONE = "none"
    OTHER = "other"
    NONPROVOCATION = "nonprovocation"
    UNKNOWN = "unknown"


class Secrecy(Enum):
    """How much of a treaty was kept secret."""

    PUBLIC = "public"
    PARTLY = "partly_secret"
    SECRET = "secret"


@dataclass(frozen=True)
class Terms:
    """How a promise is limited.

    Parameters
    ----------
    conditions : on how the war began
    limits : of what it is limited to: place, conflict, number, demand, unnamed_adversary,
        guarantee, unknown
    against : codes of the adversaries that it is limited to; empty for anybody
    secrecy : whether others could know of it
    wide : whether many share it, and neither a common command nor bases stand behind it
    """

    conditions: Conditions = Conditions.NONE
    limits: tuple[str, ...] = ()
    against: tuple[int, ...] = ()
    secrecy: Secrecy = Secrecy.PUBLIC
    wide: bool = False


@dataclass(frozen=True)
class Pledge:
    """One promise.

    Parameters
    ----------
    giver, to : COW country codes
    kind : a kind of tie in a scenario
    form : treaty, or what else it rests on: informal, aid, military_aid, guarantee
    treaty : number of the treaty, with the data set, or its name
    since : first day, where known
    members : how many states share the treaty
    terms : how it is limited
    source : the data set that has it
    """

    giver: int
    to: int
    kind: str
    form: str = "treaty"
    treaty: str = ""
    since: datetime.date | None = None
    members: int = 2
    terms: Terms = field(default_factory=Terms)
    source: str = ""
