"""Notices about values of the further terms of a crisis that cannot bite in the file at hand."""

from collections.abc import Iterator

from mcescalate.model.coefficients import COEFFICIENTS, NEVER
from mcescalate.scenario.merged_rows import MergedRows, Pair, merge_rows
from mcescalate.scenario.schema import Scenario

_MOST_NAMED = 5
"""Pairs that one notice names at most."""


def find_idle_values(scenario: Scenario) -> Iterator[str]:
    """Notices on values that cannot change any probability of this scenario."""
    merged = merge_rows(scenario)
    incidents = [(a, b) for a, b, _ in merged.incidents]
    suspects = {pair: suspects_of(scenario, merged, *pair) for pair in incidents}
    yield from _of_misattribution(scenario, merged, suspects)
    originators = _originators(scenario, suspects)
    yield from _of_stakes(scenario, merged, originators)
    yield from _of_promises(scenario, merged, originators)
    yield from _of_onlookers(scenario, merged, originators)
    yield from _of_policy(scenario)
    yield from _of_sequences(scenario, merged, originators)
    if scenario.war.rate == 0.0:
        yield from _without_effect(scenario, "war", ("balance", "length", "decisive"), "rate is 0")


def _of_misattribution(
    scenario: Scenario, merged: MergedRows, suspects: dict[Pair, list[str]]
) -> Iterator[str]:
    can_err = [i for i, domain in enumerate(scenario.trigger.domains) if domain.misattribution > 0]
    if not can_err:
        if scenario.trigger.blame > 0.0:
            yield "trigger.blame: has no effect, for no domain has a misattribution above 0"
        return
    alone = [pair for pair, found in suspects.items() if not found]
    for i in can_err:
        if alone:
            yield (
                f"trigger.domains[{i}].misattribution: has no effect in incidents {_named(alone)}: "
                "the target has no other rival, and trigger.blame finds no other suspect"
            )
    if scenario.trigger.blame > 0.0:
        reaches = {
            pair: {merged.dyad(pair[1], x).reach for x in found}
            | {merged.dyad(pair[1], x).rivalry for x in found if merged.dyad(pair[1], x).rivalry}
            for pair, found in suspects.items()
            if len(found) > 1
        }
        if reaches and all(len(found) == 1 for found in reaches.values()):
            yield (
                "trigger.blame: every suspect is equally within reach, so that its size does not "
                "tell them apart"
            )


def suspects_of(scenario: Scenario, merged: MergedRows, initiator: str, target: str) -> list[str]:
    """Actors that `target` may blame for what `initiator` did."""
    allied = {frozenset((k, j)) for (k, j, kind) in merged.in_force if kind == "defence"}
    found = []
    for x in merged.actor_ids:
        if x in (initiator, target):
            continue
        dyad = merged.dyad(target, x)
        is_in_reach = scenario.trigger.blame > 0.0 and dyad.reach > 0.0
        if dyad.rivalry > 0.0 or (is_in_reach and frozenset((target, x)) not in allied):
            found.append(x)
    return found


def _originators(scenario: Scenario, suspects: dict[Pair, list[str]]) -> set[str]:
    """Actors that may stand at the head of a side."""
    heads = {actor for pair in suspects for actor in pair}
    if any(domain.misattribution > 0.0 for domain in scenario.trigger.domains):
        heads |= {x for found in suspects.values() for x in found}
    return heads


def _of_stakes(scenario: Scenario, merged: MergedRows, heads: set[str]) -> Iterator[str]:
    weights = ("deterrence.stake", "response.stake", "response.stake_war")
    is_weighed = any(_value(scenario, address) != 0.0 for address in weights)
    facing = [
        (a, b)
        for a in merged.actor_ids
        for b in merged.actor_ids
        if a != b and merged.dyad(a, b).stake > 0.0
    ]
    idle = [pair for pair in facing if pair[1] not in heads]
    if idle:
        yield (
            f"dyads: the stake of {_named(idle)} has no effect: the second actor can never be the "
            "originator of the other side"
        )
    if facing and not is_weighed:
        yield f"dyads: stakes have no effect while {', '.join(weights)} are 0"
    if is_weighed and not facing:
        for address in weights:
            if _value(scenario, address) != 0.0:
                yield f"{address}: has no effect, for no two actors have a stake"


def _of_promises(scenario: Scenario, merged: MergedRows, heads: set[str]) -> Iterator[str]:
    kinds = {kind for *_, kind in merged.in_force}
    backed = {
        j
        for (k, j, kind) in merged.in_force
        if kind in ("defence", "offence", "support") and len(merged.actor_ids) > 2
    }
    if not backed:
        reason = "no third party has promised or gives anything to a side"
        yield from _without_effect(scenario, "deterrence", ("provocation",), reason)
        yield from _without_effect(scenario, "response", ("encircle", "display"), reason)
    if "defence" not in kinds:
        reason = "there is no promise of defence"
        yield from _without_effect(scenario, "deterrence", ("assurance",), reason)
        yield from _without_effect(scenario, "response", ("assurance",), reason)
        yield from _without_effect(scenario, "alliance", ("follow",), reason)
    if not kinds & {"defence", "offence"}:
        reason = "there is no promise of defence or offence"
        names = ("short_of_war", "capability", "loss", "divided_delay")
        yield from _without_effect(scenario, "alliance", names, reason)
    elif scenario.ladder.casus == len(scenario.ladder.rungs) - 1:
        reason = "the casus is war itself"
        yield from _without_effect(scenario, "alliance", ("short_of_war",), reason)
    if all(actor.instability == 0.0 for actor in scenario.actors):
        reason = "no government can be divided"
        yield from _without_effect(scenario, "alliance", ("divided_delay",), reason)


def _of_onlookers(scenario: Scenario, merged: MergedRows, heads: set[str]) -> Iterator[str]:
    names = [row.name for row in COEFFICIENTS if row.table == "bystander" and row.name != "base"]
    if scenario.bystander.base <= NEVER:
        yield from _without_effect(scenario, "bystander", names, "bystander.base is -100: off")
    elif len(merged.actor_ids) == 2:
        yield "bystander.base: has no effect, for there is no third actor"
    is_rival = any(
        merged.dyad(k, o).rivalry > 0.0 for o in heads for k in merged.actor_ids if k != o
    )
    if not is_rival or len(merged.actor_ids) == 2:
        reason = "no third actor has a rivalry with an originator"
        yield from _without_effect(scenario, "contagion", ("short_of_war", "capability"), reason)


def _of_policy(scenario: Scenario) -> Iterator[str]:
    top = len(scenario.ladder.rungs) - 1
    names = ("restraint", "calm", "mediation")
    if scenario.policy.from_rung > top:
        reason = f"policy.from_rung is {scenario.policy.from_rung}, above the ladder's {top}"
        yield from _without_effect(scenario, "policy", names, reason)
    elif all(getattr(scenario.policy, name) == 0.0 for name in names):
        yield "policy.from_rung: has no effect while restraint, calm and mediation are 0"


_CREDIBILITY = ("gain", "loss", "caution", "hard_times")


def _of_sequences(scenario: Scenario, merged: MergedRows, heads: set[str]) -> Iterator[str]:
    table = scenario.sequence
    weights = (*_CREDIBILITY, "carry_arms", "recur", "bitter", "firm", "general")
    if table.crises == 1:
        reason = "sequence.crises is 1, and the first crisis has none before it"
        yield from _without_effect(scenario, "sequence", weights, reason)
        return
    if not any(kind == "defence" and j != k for (k, j, kind) in merged.in_force) or (
        len(merged.actor_ids) == 2
    ):
        reason = "no third party has promised to defend anyone"
        yield from _without_effect(scenario, "sequence", _CREDIBILITY, reason)
    elif table.loss == 0.0:
        yield from _without_effect(scenario, "sequence", ("hard_times",), "sequence.loss is 0")
    if scenario.arms.periods == 0:
        yield from _without_effect(scenario, "sequence", ("carry_arms",), "arms.periods is 0")
    pairs = {frozenset((a, b)) for a, b, _ in merged.incidents}
    if len(pairs) <= 1 and table.quiet == 0.0:
        reason = "only two actors can be drawn, and no period is quiet"
        yield from _without_effect(scenario, "sequence", ("recur",), reason)
    if (table.firm or table.general) and table.firm_step == 0.0:
        reason = "sequence.firm_step is 0"
        yield from _without_effect(scenario, "sequence", ("firm", "general"), reason)
    has_other_rivals = any(
        sum(merged.dyad(j, r).rivalry > 0.0 for r in merged.actor_ids if r != j) > 1 for j in heads
    )
    if not has_other_rivals:
        reason = "no target has another rival than its challenger"
        yield from _without_effect(scenario, "sequence", ("general",), reason)


def _without_effect(
    scenario: Scenario, table: str, names: tuple[str, ...] | list[str], reason: str
) -> Iterator[str]:
    """Notices for those of the coefficients that are not neutral."""
    for row in COEFFICIENTS:
        if row.table == table and row.name in names:
            value = _value(scenario, row.address)
            if value != row.neutral:
                yield f"{row.address}: has no effect: {reason}"


def _value(scenario: Scenario, address: str) -> float:
    table, _, name = address.partition(".")
    return getattr(getattr(scenario, table), name)


def _named(pairs: list[Pair]) -> str:
    named = [f"{a}-{b}" for a, b in pairs[:_MOST_NAMED]]
    if len(pairs) > _MOST_NAMED:
        named.append(f"{len(pairs) - _MOST_NAMED} more")
    return ", ".join(named)
