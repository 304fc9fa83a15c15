"""Why an event cannot occur in a scenario, where that is plain from its values."""

from collections.abc import Iterator, Sequence
from typing import Any

from mcescalate.engine.events import (
    ENGAGED_SIZE,
    ENTERED,
    MISREAD_WAR,
    OUTCOME,
    PEAK,
    WAR_OF,
    WAR_SIZE,
    WARS,
    Event,
    Term,
)
from mcescalate.engine.rare.openings import Openings, find_openings, originators
from mcescalate.model.codes import OUTCOMES
from mcescalate.model.coefficients import SHARE_TOLERANCE
from mcescalate.model.rules.joining import may_stand_by
from mcescalate.model.world import World


def why_impossible(world: World, event: Event, actors: Sequence[str]) -> str | None:
    """The reason why `event` has the probability 0; None if there is none in plain sight."""
    outcomes = [set(term.outcomes) for term in event.terms if term.kind == OUTCOME]
    needs_war = any(
        term.kind in (WAR_OF, MISREAD_WAR)
        or (term.kind == WAR_SIZE and term.number > 0)
        or (term.kind == PEAK and term.number == world.top)
        for term in event.terms
    )
    if needs_war:
        outcomes.append(set(WARS))
    if any(
        term.kind == ENTERED or (term.kind in (PEAK, ENGAGED_SIZE) and term.number > 0)
        for term in event.terms
    ):
        outcomes.append(set(OUTCOMES[1:]))
    if outcomes and not set.intersection(*outcomes):
        return "no outcome of a chain fits all of it"
    openings = find_openings(world)
    return next(
        (why for term in event.terms for why in _reasons(world, term, actors, openings)), None
    )


def _reasons(world: World, term: Term, actors: Sequence[str], openings: Openings) -> Iterator[str]:
    """What rules out one condition."""
    if term.kind in (WAR_SIZE, ENGAGED_SIZE) and term.number > world.n_actors:
        yield f"the scenario has {world.n_actors} actors"
    pairs = [set(originators(row)) for row in openings.rows]
    if term.kind == ENTERED and all(term.number in pair for pair in pairs):
        yield f"{actors[term.number]} is an originator of every crisis"
    if term.kind in (ENTERED, WAR_OF):
        begins = term.kind == WAR_OF and any(term.number in pair for pair in pairs)
        if not begins and not _may_join(world, term.number, pairs):
            yield (
                f"{actors[term.number]} begins no crisis, and has neither a promise to another "
                "actor nor a rival among those that do, nor the tempo to come in"
            )
    needs_war = term.kind in (WAR_OF, MISREAD_WAR) or (
        term.kind == OUTCOME and set(term.outcomes) <= set(WARS)
    )
    if needs_war and not (world.actors["tempo"] > 0.0).any():
        yield "no actor has the tempo to move"
    if term.kind == MISREAD_WAR and _reads_well(world):
        yield "every actor reads the others as they are: no noise, bias, mistrust or exercises"
    if term.kind == OUTCOME and term.outcomes == ("general_war",):
        least = world.coefficients.outcome_general_share - SHARE_TOLERANCE
        share = float(world.actors["capability"].sum()) / world.system_capability
        if share < least:
            yield (
                f"all actors together hold {share:.3g} of the system's capability, "
                f"and a general war takes {least:.3g}"
            )


def _may_join(world: World, k: int, pairs: list[set[int]]) -> bool:
    """Whether actor `k` may be drawn into some crisis, as far as promises and rivalries tell."""
    if world.actors["tempo"][k] == 0.0:
        return False
    if may_stand_by(world):
        return True
    for j in range(world.n_actors):
        dyad: Any = world.dyads[world.dyad_of[k, j]]
        if j != k and (dyad.defence > 0.0 or dyad.offence > 0.0):
            return True
        if j != k and dyad.rivalry > 0.0 and any(j in pair and k not in pair for pair in pairs):
            return True
    return False


def _reads_well(world: World) -> bool:
    actors = world.actors
    return bool(
        (actors["noise"] == 0.0).all()
        and (actors["bias"] == 0.0).all()
        and (actors["exercise"] == 0.0).all()
        and (world.dyads["mistrust"] == 0.0).all()
    )
