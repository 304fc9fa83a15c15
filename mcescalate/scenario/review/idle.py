"""Notices about values without effect in this scenario: without them nothing would change."""

from collections.abc import Iterator

from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.scenario.form.tables import Actor
from mcescalate.scenario.merged_rows import Pair, dyad_directions
from mcescalate.scenario.review.base_conditions import BASE_CONDITIONS
from mcescalate.scenario.review.conditions import CONDITIONS, value_of
from mcescalate.scenario.review.possible import Possibilities, blame_weights
from mcescalate.scenario.schema import Scenario

_MOST_NAMED = 5
"""Pairs that one notice names at most."""
_ASKS_FOR_NOTHING = {row.address: (row.default, row.neutral) for row in COEFFICIENTS}
_GOALS = {
    "weight_security": ("gap", "balance", "preempt", "encircle", "assurance"),
    "weight_stability": ("cost", "war_cost", "nuclear", "restraint", "protocol", "limited"),
    "weight_influence": (
        *("rivalry", "diversion", "reassure", "stake", "stake_war", "display", "audience"),
    ),
    "weight_audience": ("audience",),
}
"""Coefficients of `[response]` that a weight of an actor multiplies."""


def find_idle_values(scenario: Scenario) -> Iterator[str]:
    """Notices, one for each reason, on values that cannot change any probability here."""
    possible = Possibilities(scenario)
    addresses: dict[str, list[str]] = {}
    for address, effect in (
        *_of_misattribution(possible),
        *_of_stakes(possible),
        *_of_actors(possible),
        *_of_coefficients(possible),
    ):
        addresses.setdefault(effect, []).append(address)
    for effect, named in addresses.items():
        yield f"{', '.join(named)}: {'has' if len(named) == 1 else 'have'} {effect}"


def _of_coefficients(possible: Possibilities) -> Iterator[tuple[str, str]]:
    named: set[str] = set()
    for condition in (*BASE_CONDITIONS, *CONDITIONS):
        given = [
            address
            for address in condition.addresses
            if address not in named
            and value_of(possible.scenario, address) not in _ASKS_FOR_NOTHING[address]
        ]
        if given and not condition.holds(possible):
            named.update(given)
            for address in given:
                yield address, f"no effect: {condition.reason}"


def _of_misattribution(possible: Possibilities) -> Iterator[tuple[str, str]]:
    scenario = possible.scenario
    domains = list(enumerate(scenario.trigger.domains))
    can_err = [i for i, row in domains if row.misattribution > 0.0 and row.weight > 0.0]
    blame = scenario.trigger.blame
    if not can_err:
        if blame > 0.0:
            yield "trigger.blame", "no effect: no domain has a misattribution above 0"
        return
    alone = [pair for pair, found in possible.suspects.items() if not found]
    if alone:
        for i in can_err:
            yield (
                f"trigger.domains[{i}].misattribution",
                f"no effect in incidents {_named(alone)}: the target has no other rival, and "
                "trigger.blame finds no other suspect",
            )
    if blame == 0.0 or len(alone) == len(possible.suspects):
        return
    if all(
        _shares(blame_weights(possible.merged, *pair, blame))
        == _shares(blame_weights(possible.merged, *pair, 0.0))
        for pair in possible.suspects
    ):
        yield "trigger.blame", "no effect: it changes no target's choice of culprit"
    elif any(len(found) > 1 for found in possible.suspects.values()) and all(
        _shares(blame_weights(possible.merged, *pair, blame))
        == _shares(blame_weights(possible.merged, *pair, 2.0 * blame))
        for pair in possible.suspects
    ):
        yield "trigger.blame", "no effect by its size: every suspect is equally within reach"


def _shares(weights: dict[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {x: round(weight / total, 12) for x, weight in weights.items() if weight > 0.0}


def _of_stakes(possible: Possibilities) -> Iterator[tuple[str, str]]:
    scenario, merged = possible.scenario, possible.merged
    weights = ("deterrence.stake", "response.stake", "response.stake_war")
    given = [address for address in weights if value_of(scenario, address) != 0.0]
    has_any = merged.dyad_defaults.stake > 0.0
    for i, row in enumerate(scenario.dyads):
        if not row.stake:
            continue
        has_any = True
        pairs = dyad_directions(row)
        if given and not any(_is_weighed(possible, pair, given) for pair in pairs):
            yield (
                f"dyads[{i}].stake",
                "no effect: no decision that weighs stakes sets "
                f"{row.a if row.directed else 'one of the two'} against "
                f"{row.b if row.directed else 'the other'} as originator",
            )
    if has_any and not given:
        yield "dyads.stake", f"no effect while {', '.join(weights)} are 0"
    for address in given:
        if not any(
            merged.dyad(*pair).stake > 0.0 and _is_weighed(possible, pair, [address])
            for pair in (*possible.suspects, *possible.facing)
        ):
            yield address, "no effect: no two actors that it concerns have a stake"


def _is_weighed(possible: Possibilities, pair: Pair, weights: list[str]) -> bool:
    """Whether what `pair` has at stake enters a decision by one of these weights."""
    is_tested = pair in possible.suspects and possible.scenario.trigger.accident < 1.0
    is_met = pair in possible.facing and possible.actors[pair[0]].weight_influence > 0.0
    return any(is_tested if address == "deterrence.stake" else is_met for address in weights)


def _of_actors(possible: Possibilities) -> Iterator[tuple[str, str]]:
    scenario = possible.scenario
    for i, actor in enumerate(scenario.actors):
        given = [
            name
            for name in ("opacity", *_GOALS)
            if getattr(actor, name) != Actor.model_fields[name].default
        ]
        for name in given:
            address = f"actors[{i}].{name}"
            if actor.id not in possible.engaged:
                yield address, f"no effect: {actor.id} can never be engaged"
            elif name == "opacity":
                if not _is_misread(possible, actor.id):
                    yield (
                        address,
                        f"no effect: no actor that may face {actor.id} reads it with noise",
                    )
            elif all(
                value_of(scenario, f"response.{coefficient}") == 0.0 for coefficient in _GOALS[name]
            ):
                yield address, "no effect: the coefficients that it weighs are all 0"


def _is_misread(possible: Possibilities, actor: str) -> bool:
    if not any(domain.weight > 0.0 and domain.noise > 0.0 for domain in possible.merged.domains):
        return False
    return any(
        possible.actors[reader].noise > 0.0
        and possible.merged.dyad(reader, actor).channel < 1.0
        and possible.merged.dyad(reader, actor).reach > 0.0
        for opening in possible.openings
        for side, other in opening.members
        if other == actor
        for reader in opening.sides[1 - side]
    )


def _named(pairs: list[Pair]) -> str:
    named = [f"{a}-{b}" for a, b in pairs[:_MOST_NAMED]]
    if len(pairs) > _MOST_NAMED:
        named.append(f"{len(pairs) - _MOST_NAMED} more")
    return ", ".join(named)
