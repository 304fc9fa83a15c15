"""What each term that is on by default needs in a scenario in order to have an effect there."""

from collections.abc import Iterable, Iterator
from itertools import permutations

from mcescalate.scenario.merged_rows import Pair
from mcescalate.scenario.review.conditions import Condition, has_pact, policy_is_on
from mcescalate.scenario.review.possible import Possibilities


def _may_be_divided(possible: Possibilities, actors: Iterable[str]) -> bool:
    return any(possible.actors[actor].instability > 0.0 for actor in actors)


def _fighters(possible: Possibilities) -> Iterator[str]:
    """Who has promised to fight for another."""
    return (giver for giver, _, kind in possible.in_force if kind in ("defence", "offence"))


def _may_mediate(possible: Possibilities) -> bool:
    scenario = possible.scenario
    return scenario.mediation.rate > 0.0 or (
        policy_is_on(possible) and scenario.policy.mediation > 0.0
    )


def _are_any_armed(possible: Possibilities) -> bool:
    arms = possible.scenario.arms
    return arms.levels > 0 and (
        arms.periods > 0 or any(actor.arms > 0 for actor in possible.merged.actors)
    )


def _are_any_bound(possible: Possibilities, kind: str) -> bool:
    """Whether two that may stand on one side have a tie of this kind."""
    return any(
        giver in side and to in side
        for giver, to, of in possible.in_force
        if of == kind
        for opening in possible.openings
        for side in opening.sides
    )


def _has_channel(possible: Possibilities, pairs: Iterable[Pair]) -> bool:
    return any(possible.merged.dyad(*pair).channel > 0.0 for pair in pairs)


def _is_any_rival(possible: Possibilities, pairs: Iterable[Pair]) -> bool:
    return any(possible.merged.dyad(*pair).rivalry > 0.0 for pair in pairs)


def _of_table(table: str, names: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in names.split())


BASE_CONDITIONS = (
    Condition(
        _of_table("deterrence", "base rivalry balance diversion pact"),
        lambda possible: possible.scenario.trigger.accident < 1.0,
        "trigger.accident is 1, and no state chooses an accident",
    ),
    Condition(
        ("deterrence.rivalry",),
        lambda possible: _is_any_rival(possible, possible.suspects),
        "no initiator of an incident has a rivalry with its target",
    ),
    Condition(
        ("deterrence.diversion",),
        lambda possible: _may_be_divided(possible, (a for a, _ in possible.suspects)),
        "no initiator of an incident can be divided",
    ),
    Condition(
        ("deterrence.pact",),
        lambda possible: has_pact(possible, possible.suspects),
        "no initiator of an incident has promised its target neutrality or nonaggression",
    ),
    Condition(
        ("deterrence.latent", "deterrence.divided", "deterrence.exercise"),
        lambda possible: next(_fighters(possible), None) is not None,
        "no state has promised to fight for another",
    ),
    Condition(
        ("deterrence.divided",),
        lambda possible: _may_be_divided(possible, _fighters(possible)),
        "no state that has promised to fight for another can be divided",
    ),
    Condition(
        ("deterrence.exercise",),
        lambda possible: any(possible.actors[k].exercise > 0.0 for k in _fighters(possible)),
        "no state that has promised to fight for another holds exercises",
    ),
    Condition(
        ("response.nuclear",),
        lambda possible: any(possible.actors[actor].nuclear for actor in possible.engaged),
        "no actor that may be engaged is nuclear",
    ),
    Condition(
        ("response.rivalry",),
        lambda possible: _is_any_rival(possible, possible.facing),
        "no actor has a rivalry with an originator that it may face",
    ),
    Condition(
        ("response.diversion",),
        lambda possible: _may_be_divided(possible, possible.engaged),
        "no actor that may be engaged can be divided",
    ),
    Condition(
        ("response.restraint", "response.protocol"),
        lambda possible: _are_any_bound(possible, "consultation"),
        "no two that may stand on one side consult",
    ),
    Condition(
        ("response.reassure",),
        lambda possible: _are_any_bound(possible, "defence"),
        "no actor has promised to defend one that may stand on its side",
    ),
    Condition(
        ("response.channel",),
        lambda possible: _has_channel(possible, possible.facing),
        "no actor has a channel to an originator that it may face",
    ),
    Condition(
        ("perception.channel_noise", "perception.channel_bias"),
        lambda possible: _has_channel(possible, permutations(possible.engaged, 2)),
        "no two actors that may be engaged have a channel",
    ),
    Condition(
        ("perception.sharing",),
        lambda possible: any(
            kind == "consultation" and giver in possible.engaged
            for giver, _, kind in possible.in_force
        ),
        "no actor that may be engaged consults with another",
    ),
    Condition(
        ("alliance.review",),
        lambda possible: next(possible.joiners, None) is not None,
        "no actor can join the originators",
    ),
    Condition(
        _of_table("alliance", "base obligation threat balance rivalry resolve reach pact divided"),
        lambda possible: next(possible.obligations, None) is not None,
        "no third state has a promise that could bring it in",
    ),
    Condition(
        ("alliance.divided",),
        lambda possible: _may_be_divided(possible, (k for _, _, k, _ in possible.obligations)),
        "no state whose promise may be called can be divided",
    ),
    Condition(
        ("alliance.pact",),
        lambda possible: has_pact(
            possible,
            ((k, opening.heads[1 - side]) for opening, side, k, _ in possible.obligations),
        ),
        "no state whose promise may be called owes the other side neutrality or nonaggression",
    ),
    Condition(
        ("alliance.slack",),
        lambda possible: any(
            promise.ambiguity > 0.0
            for (_, _, kind), promise in possible.in_force.items()
            if kind in ("defence", "offence")
        ),
        "no promise is ambiguous",
    ),
    Condition(
        ("alliance.aid",),
        lambda possible: any(kind == "support" for _, _, kind in possible.in_force),
        "no state supports another",
    ),
    Condition(
        (*_of_table("contagion", "base rivalry balance major reach pact"),),
        lambda possible: next(possible.onlookers(rivals=True), None) is not None,
        "no third actor has a rivalry with an originator",
    ),
    Condition(
        ("contagion.major",),
        lambda possible: any(possible.actors[k].major for k, _ in possible.onlookers(rivals=True)),
        "no third actor with a rivalry with an originator is a major power",
    ),
    Condition(
        ("contagion.pact",),
        lambda possible: has_pact(possible, possible.onlookers(rivals=True)),
        "no rival of an originator has promised it neutrality or nonaggression",
    ),
    Condition(
        ("mediation.pull", "mediation.delay"),
        _may_mediate,
        "mediation.rate is 0",
    ),
    Condition(
        (*_of_table("mediation", "rate pull tension arms"), "policy.mediation"),
        lambda possible: possible.scenario.mediation.delay < possible.scenario.run.horizon,
        "mediation.delay is not below run.horizon, so no mediator comes",
    ),
    Condition(
        _of_table("arms", "base pull fatigue decay"),
        lambda possible: possible.scenario.arms.periods > 0,
        "arms.periods is 0",
    ),
    Condition(
        _of_table("arms", "effect tempo"),
        _are_any_armed,
        "no actor has arms, nor builds them up",
    ),
)
