"""What each term that is off by default needs in a scenario in order to have an effect there."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mcescalate.model.coefficients import rows_of
from mcescalate.scenario.merged_rows import Pair
from mcescalate.scenario.review.possible import INITIATOR, Possibilities
from mcescalate.scenario.schema import Scenario


class Condition(NamedTuple):
    """What some coefficients need in order to have an effect.

    Parameters
    ----------
    addresses : the coefficients
    holds : whether a scenario has it
    reason : what to say where it does not
    """

    addresses: tuple[str, ...]
    holds: Callable[[Possibilities], bool]
    reason: str


def value_of(scenario: Scenario, address: str) -> float:
    """The value of a coefficient."""
    table, _, name = address.partition(".")
    return float(getattr(getattr(scenario, table), name))


def _switched_on(table: str, *but: str) -> tuple[str, ...]:
    """Coefficients of a table that are neutral by default; a file that sets them asks for them."""
    return tuple(
        row.address for row in rows_of(table) if row.default == row.neutral and row.name not in but
    )


def _is_threatened(possible: Possibilities, goal: str) -> bool:
    """Whether a threat from outside may reach an actor that cares about `goal`."""
    return any(
        getattr(possible.actors[actor], goal) > 0.0
        and possible.is_encircled(actor, side, opening, at_start=False)
        for opening in possible.openings
        for side, actor in opening.members
    )


def _is_any_assured(possible: Possibilities) -> bool:
    return any(
        possible.actors[actor].weight_security > 0.0
        and possible.is_assured(actor, side, opening, at_start=False)
        for opening in possible.openings
        for side, actor in opening.members
    )


def _may_follow(possible: Possibilities) -> bool:
    """Whether an ally may join because of one actor after another one that it has to defend."""
    for opening, side, giver, to in possible.obligations:
        defended = {
            ally
            for ally in opening.sides[side] - {to, giver, *opening.heads}
            if possible.counts(giver, ally, "defence", opening.sides[1 - side])
        }
        # One that can only join after the giver is never there to be followed.
        if defended and not defended.isdisjoint(possible.sides_without(giver, opening.heads)[side]):
            return True
    return False


def _calls_may_be_lost(possible: Possibilities) -> bool:
    consults = {
        (k, j): promise.strength
        for (k, j, kind), promise in possible.in_force.items()
        if kind == "consultation"
    }
    return any(consults.get((k, j), 0.0) < 1.0 for _, _, k, j in possible.obligations)


def _has_arms(possible: Possibilities) -> bool:
    """Whether an originator may have arms."""
    arms = possible.scenario.arms
    heads = {actor for pair in possible.heads for actor in pair}
    return arms.levels > 0 and (
        arms.periods > 0 or any(possible.actors[actor].arms > 0 for actor in heads)
    )


def _top(possible: Possibilities) -> int:
    return len(possible.scenario.ladder.rungs) - 1


def policy_is_on(possible: Possibilities) -> bool:
    """Whether the policy of a crisis can ever apply."""
    return possible.scenario.policy.from_rung <= _top(possible)


def has_pact(possible: Possibilities, pairs: Iterable[Pair]) -> bool:
    """Whether the first of any of these pairs owes the second neutrality or nonaggression."""
    return any(
        (*pair, kind) in possible.in_force
        for pair in pairs
        for kind in ("neutrality", "nonaggression")
    )


def _wars_may_end(possible: Possibilities) -> bool:
    return possible.scenario.war.rate > 0.0


def _ends_are_uncertain(possible: Possibilities) -> bool:
    war = possible.scenario.war
    return war.rate < 1.0 or war.balance < 0.0 or war.length < 0.0


def _may_gain(possible: Possibilities) -> bool:
    """Whether the credibility of a promise that may be called may lie below 1."""
    table = possible.scenario.sequence
    return (
        table.loss > 0.0
        or table.caution > 0.0
        or any(
            possible.in_force[k, j, "defence"].credibility < 1.0
            for _, _, k, j in possible.obligations
            if (k, j, "defence") in possible.in_force
        )
    )


def _has_several(possible: Possibilities) -> bool:
    return possible.scenario.sequence.crises > 1


def _draws_several(possible: Possibilities) -> bool:
    pairs = {frozenset(pair) for pair in possible.suspects}
    return len(pairs) > 1 or possible.scenario.sequence.quiet > 0.0


def _has_other_rivals(possible: Possibilities) -> bool:
    """Whether a target may have a record with a rival other than its challenger."""
    pairs = {frozenset(pair) for pair in possible.heads}
    return any(
        possible.merged.dyad(target, other).rivalry > 0.0 and frozenset((target, other)) in pairs
        for initiator, target in possible.suspects
        for other in possible.merged.actor_ids
        if other not in (initiator, target)
    )


def _may_be_lopsided(possible: Possibilities) -> bool:
    """Whether the balance of power may differ from 0; not where two equals are all there is."""
    if next(possible.joiners, None) is not None:
        return True
    for a, b in possible.heads:
        if any(to in (a, b) and giver not in (a, b) for giver, to, _ in possible.in_force):
            return True
        first, second = possible.actors[a], possible.actors[b]
        are_armed = _has_arms(possible) and (
            possible.scenario.arms.periods > 0 or first.arms != second.arms
        )
        forth = first.capability * possible.merged.dyad(a, b).reach
        back = second.capability * possible.merged.dyad(b, a).reach
        if forth != back or are_armed:
            return True
    return False


_CREDIBILITY = tuple(f"sequence.{name}" for name in ("gain", "loss", "caution", "hard_times"))
_CHALLENGE = (
    *_switched_on("deterrence"),
    "sequence.firm",
    "sequence.general",
)
CONDITIONS = (
    # What the challenger weighs.
    Condition(
        _CHALLENGE,
        lambda possible: possible.scenario.trigger.accident < 1.0,
        "trigger.accident is 1, and no state chooses an accident",
    ),
    Condition(
        ("deterrence.opportunity",),
        lambda possible: any(possible.actors[b].instability > 0.0 for _, b in possible.suspects),
        "no target of an incident can be divided",
    ),
    Condition(
        ("deterrence.provocation",),
        lambda possible: any(
            possible.is_encircled(opening.heads[INITIATOR], INITIATOR, opening, at_start=True)
            for opening in possible.drawn
        ),
        "no third state within reach of a challenger backs its target",
    ),
    Condition(
        ("deterrence.assurance",),
        lambda possible: any(
            possible.is_assured(opening.heads[INITIATOR], INITIATOR, opening, at_start=True)
            for opening in possible.drawn
        ),
        "no third state has promised to defend a challenger",
    ),
    # What the engaged weigh.
    Condition(
        ("response.encircle",),
        lambda possible: _is_threatened(possible, "weight_security"),
        "no third state within reach backs the other side",
    ),
    Condition(
        ("response.display",),
        lambda possible: _is_threatened(possible, "weight_influence"),
        "no third state within reach backs the other side",
    ),
    Condition(
        ("response.assurance",),
        _is_any_assured,
        "no actor that may be engaged has a promise of defence from a neutral or an ally",
    ),
    # Who joins by treaty.
    Condition(
        ("response.limited", "alliance.divided_delay"),
        lambda possible: next(possible.joiners, None) is not None,
        "no actor can join the originators",
    ),
    Condition(
        _switched_on("alliance", "divided_delay"),
        lambda possible: next(possible.obligations, None) is not None,
        "no third state has a promise that could bring it in",
    ),
    Condition(
        ("alliance.short_of_war",),
        lambda possible: possible.scenario.ladder.casus < _top(possible),
        "the casus is war itself",
    ),
    Condition(
        ("alliance.loss",),
        _calls_may_be_lost,
        "every state whose promise may be called consults with its ally",
    ),
    Condition(
        ("alliance.follow",),
        _may_follow,
        "no state has promised to defend two states, one of which may follow the other in",
    ),
    Condition(
        ("alliance.divided_delay",),
        lambda possible: any(possible.actors[k].instability > 0.0 for k in possible.joiners),
        "no government that may join can be divided",
    ),
    Condition(
        ("alliance.burden",),
        lambda possible: any(
            possible.actors[k].capability > possible.actors[j].capability
            for _, _, k, j in possible.obligations
        ),
        "no state has more capability than the ally to which it has a promise",
    ),
    # Who joins without a promise.
    Condition(
        _switched_on("contagion"),
        lambda possible: next(possible.onlookers(rivals=True), None) is not None,
        "no third actor has a rivalry with an originator",
    ),
    Condition(
        _switched_on("bystander", "base"),
        lambda possible: possible.are_bystanders_on,
        "bystander.base is -100: off",
    ),
    Condition(
        _switched_on("bystander"),
        lambda possible: next(possible.onlookers(rivals=False), None) is not None,
        "there is no third actor without a rivalry with an originator",
    ),
    Condition(
        ("bystander.major",),
        lambda possible: any(possible.actors[k].major for k, _ in possible.onlookers(rivals=False)),
        "no bystander is a major power",
    ),
    Condition(
        ("bystander.reach",),
        lambda possible: any(
            possible.merged.dyad(*pair).reach > 0.0 for pair in possible.onlookers(rivals=False)
        ),
        "no bystander is within reach of an originator",
    ),
    Condition(
        ("bystander.pact",),
        lambda possible: has_pact(possible, possible.onlookers(rivals=False)),
        "no bystander has promised an originator neutrality or nonaggression",
    ),
    Condition(
        ("response.limited",),
        lambda possible: any(
            possible.actors[actor].weight_stability > 0.0 for actor in possible.joiners
        ),
        "no actor that can join cares for stability",
    ),
    # Mediation, policy, the end of wars, arms.
    Condition(
        ("mediation.tension", "mediation.arms"),
        lambda possible: possible.scenario.mediation.rate > 0.0,
        "mediation.rate is 0",
    ),
    Condition(
        ("mediation.arms",),
        _has_arms,
        "no originator has arms, nor builds them up",
    ),
    Condition(
        ("sequence.carry_arms",),
        lambda possible: possible.scenario.arms.periods > 0,
        "arms.periods is 0",
    ),
    Condition(
        _switched_on("policy", "from_rung"),
        policy_is_on,
        "policy.from_rung is above the highest rung of the ladder",
    ),
    Condition(
        ("policy.from_rung",),
        lambda possible: any(
            value_of(possible.scenario, address) > 0.0
            for address in _switched_on("policy", "from_rung")
        ),
        "policy.restraint, policy.calm and policy.mediation are 0",
    ),
    Condition(
        ("policy.mediation",),
        lambda possible: possible.scenario.policy.from_rung < _top(possible),
        "policy.from_rung is war, and mediation is over once there is war",
    ),
    Condition(
        ("policy.restraint", "policy.calm"),
        lambda possible: (
            possible.scenario.policy.from_rung < _top(possible)
            or next(possible.joiners, None) is not None
        ),
        "policy.from_rung is war, and no other actor can be engaged below war",
    ),
    Condition(
        ("war.balance", "war.length", "war.decisive"),
        _wars_may_end,
        "war.rate is 0",
    ),
    Condition(
        ("war.balance", "war.decisive"),
        _may_be_lopsided,
        "every crisis is between two equal powers alone, so the balance is 0",
    ),
    Condition(
        ("war.balance", "war.length"),
        _ends_are_uncertain,
        "war.rate is 1, so every war ends after a turn",
    ),
    Condition(
        _switched_on("war"),
        lambda possible: possible.scenario.run.horizon > 1,
        "run.horizon is 1, and a war can end in a later turn only",
    ),
    # Several crises in a chain.
    Condition(
        _switched_on("sequence", "crises", "quiet"),
        _has_several,
        "sequence.crises is 1, and the first crisis has none before it",
    ),
    Condition(
        _CREDIBILITY,
        lambda possible: any(
            (k, j, "defence") in possible.in_force for _, _, k, j in possible.obligations
        ),
        "no third party has promised to defend anyone",
    ),
    Condition(
        ("sequence.gain",),
        _may_gain,
        "every promise that may be called is fully credible, and nothing lowers its credibility",
    ),
    Condition(
        ("sequence.hard_times",),
        lambda possible: possible.scenario.sequence.loss > 0.0,
        "sequence.loss is 0",
    ),
    Condition(
        ("sequence.recur",),
        _draws_several,
        "only two actors can be drawn, and no period is quiet",
    ),
    Condition(
        ("sequence.firm", "sequence.general"),
        lambda possible: possible.scenario.sequence.firm_step > 0.0,
        "sequence.firm_step is 0",
    ),
    Condition(
        ("sequence.general",),
        _has_other_rivals,
        "no target can have met a rival other than its challenger",
    ),
)
