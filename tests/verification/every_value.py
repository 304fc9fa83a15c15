"""A small world in which every value bites, and copies of it with one value set to another.

Values are found from the coefficients' rows and the scenario's own fields, so that a new one is
among them without a word said here.
"""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from verification.small_worlds import LADDER

from mcescalate.model.coefficients import COEFFICIENTS, FURTHEST, Coefficient
from mcescalate.scenario.schema import Scenario

BASE: dict[str, Any] = {
    "schema_version": 1,
    "ladder": LADDER,
    "actors": [
        {
            "id": "A",
            "capability": 1.0,
            "resolve": 0.4,
            "bias": 0.3,
            "noise": 0.7,
            "tempo": 0.5,
            "rigidity": 0.3,
            "optimism": 0.1,
            "exercise": 0.3,
            "major": True,
            "arms": 1,
            "opacity": 0.4,
            "weight_audience": 1.2,
            "weight_security": 0.9,
        },
        {
            "id": "B",
            "capability": 0.7,
            "bias": 0.2,
            "noise": 0.8,
            "tempo": 0.9,
            "instability": 0.4,
            "turnover": 0.3,
            "exercise": 0.2,
            "opacity": 0.2,
            "weight_stability": 0.8,
            "nuclear": True,
        },
        {
            "id": "C",
            "capability": 1.5,
            "resolve": 0.3,
            "noise": 0.6,
            "tempo": 0.7,
            "instability": 0.5,
            "turnover": 0.4,
            "exercise": 0.4,
            "opacity": 0.3,
            "weight_influence": 1.3,
            "major": True,
        },
    ],
    "ties": [
        {"from": "C", "to": "B", "kind": "defence", "strength": 0.8, "ambiguity": 0.3,
         "conditional": 0.2, "credibility": 0.7, "mutual": False},
        {"from": "C", "to": "A", "kind": "offence", "strength": 0.4, "ambiguity": 0.2,
         "credibility": 0.8, "against": ["B"], "mutual": False},
        {"from": "C", "to": "A", "kind": "defence", "strength": 0.3, "ambiguity": 0.2,
         "conditional": 0.4, "credibility": 0.6, "mutual": False},
        {"from": "C", "to": "B", "kind": "support", "strength": 0.5, "mutual": False},
        {"from": "B", "to": "C", "kind": "consultation", "strength": 0.6, "mutual": False},
        {"from": "C", "to": "B", "kind": "consultation", "strength": 0.5, "mutual": False},
        {"from": "A", "to": "B", "kind": "nonaggression", "strength": 0.3, "mutual": False},
        {"from": "C", "to": "A", "kind": "neutrality", "strength": 0.4, "mutual": False},
        {"from": "C", "to": "B", "kind": "neutrality", "strength": 0.2, "mutual": False},
    ],
    "dyads": [
        {"a": "A", "b": "B", "rivalry": 0.8, "channel": 0.3, "mistrust": 0.3, "reach": 0.9,
         "stake": 0.6},
        {"a": "A", "b": "C", "rivalry": 0.5, "channel": 0.2, "mistrust": 0.1, "reach": 0.8,
         "stake": 0.3},
        {"a": "B", "b": "C", "rivalry": 0.3, "channel": 0.1, "mistrust": 0.2, "reach": 0.9,
         "stake": 0.2},
        # C has a rival in B, and may be a bystander against A.
        {"a": "C", "b": "A", "directed": True, "rivalry": 0.0},
    ],
    "trigger": {
        "dyads": [{"initiator": "A", "target": "B", "weight": 2.0},
                  {"initiator": "B", "target": "A", "weight": 1.0}],
        "accident": 0.5,
        "blame": 0.5,
        "domains": [
            {"name": "land", "weight": 1.0, "noise": 1.0, "rung": 1, "major": 0.4, "reach": 0.3,
             "stake": -0.2},
            {"name": "cyber", "weight": 0.5, "noise": 1.5, "misattribution": 0.3, "rung": 2},
        ],
    },
    "arms": {"levels": 2, "periods": 0, "base": 0.0, "effect": 0.4, "tempo": 0.3},
    "deterrence": {"base": 0.2, "opportunity": 0.4, "stake": 0.5, "provocation": 0.6,
                   "assurance": 0.4},
    "response": {"up": 0.3, "war_cost": 0.6, "down": -0.2, "stake": 0.3, "stake_war": 0.4,
                 "encircle": 0.5, "assurance": 0.3, "display": 0.4, "limited": 0.3},
    "alliance": {"base": -1.0, "burden": 0.6, "review": 0.4, "short_of_war": 0.3,
                 "capability": 0.1, "loss": 0.2, "follow": 0.4, "divided_delay": 0.3},
    "contagion": {"base": -1.5, "short_of_war": 0.3, "capability": 0.1},
    "bystander": {"base": -1.5, "capability": 0.1, "major": 0.5, "reach": 0.4, "balance": 0.3,
                  "pact": 0.5, "short_of_war": 0.3},
    "policy": {"from_rung": 2, "restraint": 0.3, "calm": 0.3, "mediation": 0.1},
    "war": {"rate": 0.2, "balance": 0.5, "length": 0.1, "decisive": 0.8},
    "mediation": {"delay": 1, "rate": 0.3, "tension": 0.5, "arms": 0.4},
    "outcome": {"general_share": 0.7, "system_capability": 3.5},
    "run": {"horizon": 4},
}  # fmt: skip

SEQUENCE = {
    "crises": 3, "years": 1.5, "quiet": 0.4, "half_life": 2.5, "memory_half_life": 3.0, "gain": 0.3,
    "loss": 0.7, "caution": 0.4, "hard_times": 0.5, "recur": 2.0, "bitter": 0.6, "firm_step": 0.8,
    "firm": 1.2, "general": 0.5, "carry_arms": True,
}  # fmt: skip
"""`[sequence]` with nothing neutral."""

LABELS = {"run.turn_days"}
"""Coefficients that are mere labels."""

_WHOLE = {
    "arms.periods": 1,
    "arms.levels": 1,
    "mediation.delay": 2,
    "run.horizon": 3,
    "policy.from_rung": 3,
    "sequence.crises": 2,
}
_OTHER = {"outcome.general_share": 0.95, "outcome.system_capability": 4.8}


OF_THE_RACE = ("arms.base", "arms.pull", "arms.fatigue", "arms.decay")
"""Values that bite only while a race is run."""
OF_FOUR = ("alliance.follow", "trigger.blame")
"""Values that bite only where there is a fourth actor, promised to B and C and not to A."""


def is_of_sequences(address: str) -> bool:
    """Whether the value bites only where chains are several crises each."""
    return address.startswith("sequence.")


def tables_for(address: str) -> dict[str, Any]:
    """The tables of the world in which the value is set to another."""
    if is_of_sequences(address):
        return BASE | {"arms": BASE["arms"] | {"periods": 1}, "sequence": SEQUENCE}
    if address in OF_THE_RACE:
        return BASE | {"arms": BASE["arms"] | {"periods": 1}}
    if address in OF_FOUR:
        promises = [
            {"from": "D", "to": to, "kind": "defence", "mutual": False} for to in ("B", "C")
        ]
        return BASE | {
            "actors": [*BASE["actors"], {"id": "D", "capability": 0.8, "tempo": 0.8}],
            "ties": [*BASE["ties"], *promises],
            "run": {"horizon": 3},
        }
    return BASE


def base_of(address: str) -> Scenario:
    """The world in which the value is set to another."""
    return Scenario.model_validate(tables_for(address))


class Change(NamedTuple):
    """Another value where the keys lead."""

    path: tuple[str | int, ...]
    value: Any


def changed(*changes: Change, base: dict[str, Any] = BASE) -> Scenario:
    """The world with other values."""
    tables = copy.deepcopy(base)
    for path, value in changes:
        table = tables
        for key in path[:-1]:
            table = table.setdefault(key, {}) if isinstance(table, dict) else table[key]
        table[path[-1]] = value
    return Scenario.model_validate(tables)


def other_value(row: Coefficient) -> float:
    """A value of a coefficient that differs from the world's, and from the neutral one."""
    if row.address in _WHOLE:
        return _WHOLE[row.address]
    if row.address in _OTHER:
        return _OTHER[row.address]
    now = BASE.get(row.table, {}).get(row.name, row.default)
    if row.boolean:
        return not SEQUENCE[row.name]
    if row.upper == 1.0:
        return 0.9 if now < 0.6 else 0.25
    step = 0.9 if row.lower > -FURTHEST or now < 1.0 else -0.9
    return now + step if now + step != row.neutral else now + 2 * step


_ACTOR = {
    "capability": 0.4, "resolve": 0.9, "bias": 0.8, "noise": 0.3, "tempo": 0.6, "rigidity": 0.8,
    "instability": 0.8, "turnover": 0.9, "optimism": -0.4, "exercise": 0.9, "arms": 2,
    "opacity": 2.0, "weight_audience": 3.0, "weight_security": 0.3, "weight_stability": 0.2,
    "weight_influence": 2.5,
}  # fmt: skip
_SHARES = {
    "strength": 0.6, "ambiguity": 0.9, "conditional": 0.9, "credibility": 0.2,
    "rivalry": 1.4, "reach": 0.4, "channel": 0.9, "mistrust": 1.1, "stake": 0.9,
}  # fmt: skip
_DOMAIN = {
    "weight": 2.5, "noise": 2.6, "misattribution": 0.8, "rung": 2,
    "major": -1.5, "reach": -1.6, "stake": 2.4,
}  # fmt: skip


def changes() -> Iterator[tuple[str, Change]]:
    """Each value by its address, and another one for it."""
    for row in COEFFICIENTS:
        if row.address not in LABELS:
            yield row.address, Change((row.table, row.name), other_value(row))
    for k, actor in enumerate(BASE["actors"]):
        for field in fields_of("Actor"):
            now = actor.get(field, False)
            value = not now if isinstance(now, bool) and field not in _ACTOR else _ACTOR[field]
            yield f"actors.{actor['id']}.{field}", Change(("actors", k, field), value)
    for k, tie in enumerate(BASE["ties"]):
        for field in fields_of("Tie"):
            if field in tie and field in _SHARES:
                where = f"ties.{tie['from']}-{tie['to']}.{tie['kind']}.{field}"
                value = _SHARES[field] if tie[field] != _SHARES[field] else 0.3
                yield where, Change(("ties", k, field), value)
    for k, dyad in enumerate(BASE["dyads"]):
        for field in fields_of("DyadRow"):
            where = f"dyads.{dyad['a']}-{dyad['b']}.{field}"
            yield where, Change(("dyads", k, field), _SHARES[field])
    for k, domain in enumerate(BASE["trigger"]["domains"]):
        for field in fields_of("Domain"):
            value = _DOMAIN[field] if domain.get(field) != _DOMAIN[field] else 1
            where = f"trigger.domains.{domain['name']}.{field}"
            yield where, Change(("trigger", "domains", k, field), value)
    yield "trigger.accident", Change(("trigger", "accident"), 0.1)
    yield "trigger.blame", Change(("trigger", "blame"), 2.0)
    yield "ties.against", Change(("ties", 0, "against"), ["C"])


def cases() -> dict[str, Scenario]:
    """Each value by its address, and the world with another one there."""
    return {where: changed(change, base=tables_for(where)) for where, change in changes()}


def cases_of_several(size: int) -> dict[str, Scenario]:
    """Worlds with several values changed at once, each value in one of them; by the first."""
    in_usual = [(where, change) for where, change in changes() if tables_for(where) is BASE]
    n = -(-len(in_usual) // size)
    groups = [in_usual[k::n] for k in range(n)]  # those beside each other are of one row
    together = {group[0][0]: changed(*(change for _, change in group)) for group in groups}
    others = {where: it for where, it in cases().items() if tables_for(where) is not BASE}
    return together | others


_TEXTS = {
    "id", "name", "note", "source", "treaty", "since", "from_", "to", "kind", "mutual", "against",
    "a", "b", "directed",
}  # fmt: skip


def fields_of(model: str) -> list[str]:
    """Fields of a table's rows that are values; a new one is expected here too."""
    from mcescalate.scenario.form import tables

    return [field for field in getattr(tables, model).model_fields if field not in _TEXTS]


WITHOUT_EFFECT = {
    "actors.A.turnover": "its government is never divided",
    "sequence.hard_times": "C alone has promised anything: no other promiser can fail too",
}
"""Values that bite nowhere here, each with its reason."""
