"""Harmless oddities of a valid scenario: what is written there and changes nothing."""

from collections.abc import Iterator

from mcescalate.scenario.resolve import tie_directions, ties_by_promise
from mcescalate.scenario.schema import Scenario, Tie
from mcescalate.scenario.wording import quoted

# What counts besides strength, by kind of promise.
_EFFECTIVE: dict[str, tuple[str, ...]] = {
    "defence": ("ambiguity", "conditional", "credibility", "against"),
    "offence": ("ambiguity", "credibility", "against"),
}
_TERMS = ("ambiguity", "conditional", "credibility", "against")


def notices(scenario: Scenario) -> list[str]:
    """Texts about what has no effect, each beginning with its place."""
    return [
        *_tie_notices(scenario),
        *_actor_notices(scenario),
        *_dyad_notices(scenario),
        *_trigger_notices(scenario),
        *_run_notices(scenario),
    ]


def _tie_notices(scenario: Scenario) -> Iterator[str]:
    strongest = {
        key: max(ties, key=lambda tie: tie.strength)
        for key, ties in ties_by_promise(scenario.ties).items()
    }
    for i, tie in enumerate(scenario.ties):
        place = f"ties[{i}]"
        promise = f"{place} ({tie.from_}-{tie.to} {tie.kind})"
        for term in _TERMS:
            without_effect = term not in _EFFECTIVE.get(tie.kind, ())
            if without_effect and getattr(tie, term) != Tie.model_fields[term].default:
                yield f"{place}.{term}: has no effect on a promise of {tie.kind}"
        idle = {tie.from_, tie.to} if tie.mutual else {tie.from_}
        for name in tie.against:
            if name in idle or name == tie.to:
                yield f"{place}.against: {quoted(name)} is a party to this promise"
        keys = [(*pair, tie.kind) for pair in tie_directions(tie)]
        if all(strongest[key] is not tie for key in keys):
            rest = "only against counts" if tie.strength > 0.0 else "nothing counts"
            yield (
                f"{promise}: another row promises the same more strongly, or earlier; "
                f"of this one {rest}"
            )


def _actor_notices(scenario: Scenario) -> Iterator[str]:
    for i, actor in enumerate(scenario.actors):
        if actor.turnover > 0.0 and actor.instability == 0.0:
            yield f"actors[{i}].turnover: has no effect without instability"
        if actor.arms > scenario.arms.levels:
            yield (
                f"actors[{i}].arms: {actor.arms} is above arms.levels and counts as "
                f"{scenario.arms.levels}"
            )


def _dyad_notices(scenario: Scenario) -> Iterator[str]:
    for i, row in enumerate(scenario.dyads):
        if all(value is None for value in (row.rivalry, row.reach, row.channel, row.mistrust)):
            yield f"dyads[{i}]: gives no value"


def _trigger_notices(scenario: Scenario) -> Iterator[str]:
    for table in ("dyads", "domains"):
        for i, row in enumerate(getattr(scenario.trigger, table)):
            if row.weight == 0.0:
                yield f"trigger.{table}[{i}]: has weight 0 and never happens"


def _run_notices(scenario: Scenario) -> Iterator[str]:
    if scenario.mediation.rate > 0.0 and scenario.mediation.delay >= scenario.run.horizon:
        yield "mediation.delay: mediation would begin after run.horizon, so there is none"
