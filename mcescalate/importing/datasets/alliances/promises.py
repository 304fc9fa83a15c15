"""Promises between states, as the alliance data sets record them."""

import datetime
from dataclasses import dataclass, field
from enum import Enum


class Conditions(Enum):
    """Conditions of a promise of help on how the war began."""

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
    limits : what limits it: place, conflict, number, demand, unnamed_adversary,
        guarantee, unknown
    against : codes of the adversaries to which it is limited; empty if any
    secrecy : whether other states could know it
    wide : whether many states share it without common command or bases
    """

    conditions: Conditions = Conditions.NONE
    limits: tuple[str, ...] = ()
    against: tuple[int, ...] = ()
    secrecy: Secrecy = Secrecy.PUBLIC
    wide: bool = False


@dataclass(frozen=True)
class Promise:
    """One promise.

    Parameters
    ----------
    giver, to : COW country codes
    kind : a kind of tie in a scenario
    form : treaty, or another basis: informal, aid, military_aid, guarantee
    treaty : the treaty's name or its number in the data set
    since : first day, if known
    members : number of states in the treaty
    terms : its limits
    source : the data set
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


ATOP_NAMES = {
    1335: "Dual Alliance",
    1350: "Triple Alliance",
    1355: "Alliance with Romania",
    1380: "Franco-Russian entente",
    1385: "Franco-Russian military convention",
    1400: "Treaty of Windsor",
    1415: "Anglo-Japanese Alliance",
    1420: "Prinetti-Barrère agreement",
    1445: "Mediterranean agreements",
    1460: "Racconigi agreement",
    1465: "Russo-Japanese agreement",
    1485: "Grey-Cambon letters",
    1490: "Greek-Serbian alliance",
    2005: "German-Ottoman alliance",
    2563: "Soviet-Czechoslovak treaty",
    3115: "Soviet-Romanian treaty",
    3120: "Soviet-Hungarian treaty",
    3130: "Brussels Treaty",
    3135: "Soviet-Bulgarian treaty",
    3140: "Soviet-Finnish treaty",
    3150: "Rio Treaty",
    3180: "North Atlantic Treaty",
    3200: "Sino-Soviet treaty",
    3210: "US-Philippines defence treaty",
    3215: "ANZUS",
    3240: "US-South Korea defence treaty",
    3260: "South-East Asia treaty",
    3275: "Baghdad Pact",
    3285: "Warsaw Pact",
    3375: "US-Japan security treaty",
    3440: "Soviet-North Korean treaty",
    3445: "Sino-North Korean treaty",
    3470: "Élysée Treaty",
    3740: "Helsinki Final Act",
    3755: "Treaty of Amity and Cooperation",
    4175: "European Union",
    4220: "Collective Security Treaty",
    4400: "CIS Charter",
    4810: "Shanghai Five",
    4865: "Russia-Belarus union",
    4940: "Russian-North Korean treaty",
    4980: "Sino-Russian treaty",
}
"""By ATOP's numbers."""


def treaty_label(data_set: str, number: int) -> str:
    """A treaty as a scenario names it, e.g. "Dual Alliance (ATOP 1335)"."""
    name = ATOP_NAMES.get(number) if data_set == "ATOP" else None
    return f"{name} ({data_set} {number})" if name else f"{data_set} {number}"
