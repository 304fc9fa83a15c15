"""Events by name: each occurs in a chain or does not.

| name | occurs if |
| --- | --- |
| `war`, `crisis`, an outcome | it ends so: war is limited or general, a crisis not deterred |
| `peak>=RUNG` | some actor reaches the rung, by name or number |
| `war:ACTOR` | the actor is at war |
| `entered:ACTOR` | the actor comes in, as no originator |
| `war_size>=N`, `engaged_size>=N` | at least so many are at war, or on a side |
| `misread_war` | war begins by misreading alone |
| `A&B` | both occur |
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES
from mcescalate.scenario.wording import suggestion

WARS = ("limited_war", "general_war")
UNIONS = {"war": WARS, "crisis": OUTCOMES[1:]}
"""Events that combine several outcomes."""

AT_LEAST = "peak>="
FORMS = ("war:ACTOR", "entered:ACTOR", "war_size>=N", "engaged_size>=N", "misread_war", "A&B")
"""Further events, as messages show them."""

# Kinds of terms.
OUTCOME = "outcome"
PEAK = "peak"
WAR_OF = "war"
ENTERED = "entered"
WAR_SIZE = "war_size"
ENGAGED_SIZE = "engaged_size"
MISREAD_WAR = "misread_war"

_SIZE = re.compile(r"(war_size|engaged_size)\s*>=\s*([0-9]+)")
_ACTOR = re.compile(r"(war|entered):(.*)")


class Term(NamedTuple):
    """One event that is no combination of others."""

    kind: str
    number: int = 0
    """A rung, an actor's place, or a size."""
    outcomes: tuple[str, ...] = ()


AT_LEAST_KINDS = (PEAK, WAR_SIZE, ENGAGED_SIZE)
"""Kinds of terms that every chain has for the number 0."""


class Event(NamedTuple):
    """All `terms` have to occur."""

    text: str
    terms: tuple[Term, ...]


def event_names(rungs: Sequence[str]) -> list[str]:
    """List the events that combine outcomes or name a peak, for scenarios with these rungs.

    The peak at rung 0 is left out, since it is certain.

    Parameters
    ----------
    rungs
        Names of the rungs, lowest first.

    Returns
    -------
    list of str
        "war", "crisis", each outcome, and "peak>=RUNG" for each rung above the lowest.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.analysis.events.event_names(["calm", "threat", "war"])[-3:]
    ['general_war', 'peak>=threat', 'peak>=war']
    """
    return [*UNIONS, *OUTCOMES, *(f"{AT_LEAST}{rung}" for rung in rungs[1:])]


def parse_event(text: str, rungs: Sequence[str], actors: Sequence[str]) -> Event:
    """Read the name of an event of scenarios with these rungs and actors.

    Raises
    ------
    UsageError
        There is no such event; the message lists what there is.
    """
    names = [text] if text.strip() in event_names(rungs) else text.split("&")
    terms = tuple(_term(name.strip(), rungs, actors) for name in names)
    return Event("&".join(name.strip() for name in names), tuple(dict.fromkeys(terms)))


def _term(name: str, rungs: Sequence[str], actors: Sequence[str]) -> Term:
    if name in UNIONS or name in OUTCOMES:
        return Term(OUTCOME, outcomes=UNIONS.get(name, (name,)))
    if name == MISREAD_WAR:
        return Term(MISREAD_WAR)
    if match := _SIZE.fullmatch(name):
        return Term(match[1], int(match[2]))
    if match := _ACTOR.fullmatch(name):
        if match[2] not in actors:
            raise UsageError(
                f'event: {name}: no actor has the id "{match[2]}"{suggestion(match[2], actors)}'
            )
        return Term(match[1], list(actors).index(match[2]))
    if name.startswith(AT_LEAST):
        rung = name.removeprefix(AT_LEAST).strip()
        if rung in rungs:
            return Term(PEAK, list(rungs).index(rung))
        if rung.isdecimal() and int(rung) < len(rungs):
            return Term(PEAK, int(rung))
    known = ", ".join((*event_names(rungs), *FORMS))
    raise UsageError(f'event: expected one of {known}; found "{name}"')
