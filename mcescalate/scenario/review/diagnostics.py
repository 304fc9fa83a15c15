"""Notices about a valid scenario: values that have no effect, or that fix a count by themselves."""

from collections.abc import Iterator

from mcescalate.model.coefficients import SHARE_TOLERANCE
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.form.tables import Tie
from mcescalate.scenario.merged_rows import Dyad, Pair, tie_directions, ties_by_promise
from mcescalate.scenario.review.idle import find_idle_values
from mcescalate.scenario.review.possible import Possibilities
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import quoted

# Terms besides strength that have an effect, by kind of promise.
_EFFECTIVE: dict[str, tuple[str, ...]] = {
    "defence": ("ambiguity", "conditional", "credibility", "against"),
    "offence": ("ambiguity", "credibility", "against"),
}
_TERMS = ("ambiguity", "conditional", "credibility", "against")

_ROUNDED = 1e-3
"""Relative shortfall of a system total below its actors that still counts as rounding."""
_MOST_PAIRS = 5
"""Pairs of originators that one notice names at most."""


def find_notices(scenario: Scenario) -> list[str]:
    """Notices on values that have no effect or fix a count on their own, each with its place."""
    return [
        *_tie_notices(scenario),
        *_actor_notices(scenario),
        *_dyad_notices(scenario),
        *_trigger_notices(scenario),
        *_outcome_notices(scenario),
        *_run_notices(scenario),
        *find_idle_values(scenario),
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
            rest = (
                "only its `against` list is used"
                if tie.strength > 0.0
                else "none of its values is used"
            )
            yield (
                f"{promise}: overridden by another row with the same promise that is stronger or "
                f"earlier; {rest}"
            )


def _actor_notices(scenario: Scenario) -> Iterator[str]:
    for i, actor in enumerate(scenario.actors):
        if actor.turnover > 0.0 and actor.instability == 0.0:
            yield f"actors[{i}].turnover: has no effect without instability"
        if actor.turnover > 0.0 and actor.instability == 1.0:
            yield f"actors[{i}].turnover: has no effect while instability is 1"
        if actor.arms > scenario.arms.levels:
            yield (
                f"actors[{i}].arms: {actor.arms} is above arms.levels and is set to "
                f"{scenario.arms.levels}"
            )


def _dyad_notices(scenario: Scenario) -> Iterator[str]:
    for i, row in enumerate(scenario.dyads):
        if all(getattr(row, name) is None for name in Dyad._fields):
            yield f"dyads[{i}]: sets no value"


def _trigger_notices(scenario: Scenario) -> Iterator[str]:
    for table in ("dyads", "domains"):
        for i, row in enumerate(getattr(scenario.trigger, table)):
            if row.weight == 0.0:
                yield f"trigger.{table}[{i}]: has weight 0 and never occurs"


def _outcome_notices(scenario: Scenario) -> Iterator[str]:
    capability = {actor.id: actor.capability for actor in scenario.actors}
    of_actors = sum(capability.values())
    given = scenario.outcome.system_capability
    if 0.0 < given < of_actors * (1.0 - _ROUNDED):
        yield (
            f"outcome.system_capability: {plain_number(given)} is below the total capability of "
            f"the actors, {of_actors:.6g}, which is used instead"
        )
    system = max(given, of_actors)
    wanted = scenario.outcome.general_share
    if of_actors / system < wanted - SHARE_TOLERANCE:
        yield (
            f"outcome.system_capability: the actors together hold {100 * of_actors / system:.3g} % "
            f"of it, less than the {100 * wanted:g} % that makes a war general, so no war can be "
            f"general"
        )
    pairs = _originators(scenario)
    shares = {(a, b): (capability[a] + capability[b]) / system for a, b in pairs}
    enough = {pair: share for pair, share in shares.items() if share >= wanted - SHARE_TOLERANCE}
    if not enough:
        return
    named = [f"{a}-{b} {100 * share:.3g} %" for (a, b), share in enough.items()]
    if len(named) > _MOST_PAIRS:
        named[_MOST_PAIRS:] = [f"{len(named) - _MOST_PAIRS} more"]
    among = "" if len(enough) == len(pairs) else f", in {len(enough)} of {len(pairs)} pairs,"
    advice = (
        "; if these actors are only part of the system, set outcome.system_capability to its total"
        if given <= of_actors
        else ""
    )
    yield (
        f"outcome.general_share: the originators alone{among} hold {100 * wanted:g} % or more of "
        f"all capability ({', '.join(named)}), so every war between them is general{advice}"
    )


def _originators(scenario: Scenario) -> list[Pair]:
    """Pairs that may be the originators, each once, including actors blamed by mistake."""
    kept: dict[frozenset[str], Pair] = {}
    for pair in Possibilities(scenario).heads:
        kept.setdefault(frozenset(pair), pair)
    return list(kept.values())


def _run_notices(scenario: Scenario) -> Iterator[str]:
    if scenario.mediation.rate > 0.0 and scenario.mediation.delay >= scenario.run.horizon:
        yield "mediation.delay: mediation would start after run.horizon, so it never occurs"
