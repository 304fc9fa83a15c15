"""Changes that a person names in one word: "tie:GMY-AUH", "hotline:USA-RUS", "mediator".

Each has values of a scenario that it takes away (set to 0) or puts in place (set to what
stands after "=", by default as much as there can be):

    tie:A-B          all that A and B promise each other; tie:A-B.KIND that kind alone
    promise:A-B      all that A promises B; promise:A-B.KIND that kind alone
    hotline:A-B      channels between A and B, both ways
    mediator         the chance per turn that a mediator finds a hearing
    mistrust:A-B     bias of A when it reads B, and of B when it reads A
    posture:A        timetables that keep A from going back once it has mobilised
    exercise:A       manoeuvres of A that others may take for more
    noise:A          the spread of A's readings; "=" is in rungs
    bias:A           A's own bias, whomever it reads; "=" is in rungs
    accident         incidents that nobody chose
    misattribution   incidents blamed on the wrong one

An id may be `*`. What they set are addresses, as options know them.
"""

from collections.abc import Sequence

from mcescalate.errors import ScenarioError, UsageError
from mcescalate.scenario.change.addresses import assign, read
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.change.values import Number
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario, expect_scenario
from mcescalate.scenario.wording import nearest

_ALONE = {
    "mediator": "mediation.rate",
    "accident": "trigger.accident",
    "misattribution": "trigger.domains.*.misattribution",
}
_OF_ACTOR = {"posture": "rigidity", "exercise": "exercise", "noise": "noise", "bias": "bias"}
_OF_PAIR = {"hotline": "channel", "mistrust": "mistrust"}
_OF_PROMISE = ("tie", "promise")

KINDS = (*_OF_PROMISE, *_OF_PAIR, *_OF_ACTOR, *_ALONE)
"""What a change may be of."""

_OFF, _ON = 0.0, 1.0


def without(scenario: Scenario, edit: str) -> Scenario:
    """`scenario` with what `edit` names taken away.

    Raises
    ------
    UsageError
        `edit` is not one of the forms above.
    ScenarioError
        It names what the scenario does not have.
    """
    expect_scenario(scenario, "without")
    kind, place, value = _parts(edit)
    if value is not None:
        raise UsageError(f'--without {edit}: a value ("={value}") belongs to --with alone')
    return _assigned(scenario, edit, _addresses(kind, place, edit), _OFF)


def with_(scenario: Scenario, edit: str) -> Scenario:
    """`scenario` with what `edit` names put in place, with the value after "=" or 1.

    A promise needs its kind, as in "tie:GMY-AUH.defence"; one that is not there is added.

    Raises
    ------
    UsageError
        `edit` is not one of the forms above.
    ScenarioError
        It names what the scenario does not have, or its value is not allowed.
    """
    expect_scenario(scenario, "with_")
    kind, place, value = _parts(edit)
    strength = _ON if value is None else _number(value, edit)
    if kind in _OF_PROMISE:
        scenario = _with_promises(scenario, kind, place, edit)
    return _assigned(scenario, edit, _addresses(kind, place, edit), strength)


def edited(scenario: Scenario, *, off: Sequence[str] = (), on: Sequence[str] = ()) -> Scenario:
    """`scenario` without everything in `off` and with everything in `on`, in this order."""
    expect_scenario(scenario, "edited")
    for edit in off:
        scenario = without(scenario, edit)
    for edit in on:
        scenario = with_(scenario, edit)
    return scenario


def _parts(edit: str) -> tuple[str, str, str | None]:
    """Kind, place and value of an edit."""
    name, equals, value = (part.strip() for part in edit.partition("="))
    kind, colon, place = (part.strip() for part in name.partition(":"))
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        hint = f'; did you mean "{near}"?' if near else ""
        raise UsageError(f'{edit}: expected one of {", ".join(KINDS)}, found "{kind}"{hint}')
    if (kind in _ALONE) == bool(place or colon):
        expected = (
            f'"{kind}" alone' if kind in _ALONE else f'"{kind}:" and who, as in {_example(kind)}'
        )
        raise UsageError(f"{edit}: expected {expected}")
    return kind, place, value if equals else None


def _example(kind: str) -> str:
    return f"{kind}:GMY" if kind in _OF_ACTOR else f"{kind}:GMY-AUH"


def _number(text: str, edit: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f'{edit}: expected a number after "=", found "{text}"') from None


def _pair(place: str, edit: str) -> tuple[str, str, str]:
    """Both ids, and what stands after the second one's dot."""
    pair, dot, kind = place.partition(".")
    ids = pair.split("-")
    if len(ids) != 2 or not all(ids) or bool(dot) != bool(kind):
        raise UsageError(f'{edit}: expected two ids as in "GMY-AUH", found "{place}"')
    return ids[0], ids[1], kind


def _addresses(kind: str, place: str, edit: str) -> list[str]:
    """The addresses that an edit sets; some of them may lead nowhere."""
    if kind in _ALONE:
        return [_ALONE[kind]]
    if kind in _OF_ACTOR:
        return [f"actors.{place}.{_OF_ACTOR[kind]}"]
    a, b, promise = _pair(place, edit)
    if kind in _OF_PAIR:
        if promise:
            raise UsageError(f'{edit}: expected two ids as in "USA-RUS", found "{place}"')
        return [f"dyads.{a}-{b}.{_OF_PAIR[kind]}", f"dyads.{b}-{a}.{_OF_PAIR[kind]}"]
    forth, back = (f"ties.{x}-{y}.{promise or '*'}.strength" for x, y in ((a, b), (b, a)))
    return [forth] if kind == "promise" else [forth, back]


def _assigned(scenario: Scenario, edit: str, addresses: list[str], value: float) -> Scenario:
    """`scenario` with `value` at those addresses that lead somewhere, at least one of them."""
    there: dict[str, Number] = {}
    failure: ScenarioError | None = None
    for address in addresses:
        try:
            there |= read(scenario, address)
        except ScenarioError as error:
            failure = failure or error
    if not there and failure is not None:
        raise ScenarioError(edit, failure.problems)
    return assign(scenario, [(found, value) for found, old in there.items() if old != value], edit)


def _with_promises(scenario: Scenario, kind: str, place: str, edit: str) -> Scenario:
    """`scenario` with a row for each promise that is to be set and is not there."""
    a, b, promise = _pair(place, edit)
    if not promise:
        raise UsageError(f"{edit}: say which kind of promise, as in {kind}:{place}.defence")
    if "*" in place:
        return scenario
    there = merge_rows(scenario).promises
    rows = [
        {"from": x, "to": y, "mutual": False, "kind": promise}
        for x, y in ([(a, b)] if kind == "promise" else [(a, b), (b, a)])
        if (x, y, promise) not in there
    ]
    return apply_overlay(scenario, {"ties": rows}, edit) if rows else scenario
