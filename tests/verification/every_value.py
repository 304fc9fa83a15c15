"""A small world in which every value bites, and copies of it with one value set to another.

Values are found from the coefficients' rows and the scenario's own fields, so that a new one is
among them without a word said here.
"""

import copy
from collections.abc import Iterator
from typing import Any

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
            "arms": 1,
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
    ],
    "dyads": [
        {"a": "A", "b": "B", "rivalry": 0.8, "channel": 0.3, "mistrust": 0.3, "reach": 0.9},
        {"a": "A", "b": "C", "rivalry": 0.5, "channel": 0.2, "mistrust": 0.1, "reach": 0.8},
        {"a": "B", "b": "C", "rivalry": 0.3, "channel": 0.1, "mistrust": 0.2, "reach": 0.9},
    ],
    "trigger": {
        "dyads": [{"initiator": "A", "target": "B", "weight": 2.0},
                  {"initiator": "B", "target": "A", "weight": 1.0}],
        "accident": 0.5,
        "domains": [
            {"name": "land", "weight": 1.0, "noise": 1.0, "rung": 1},
            {"name": "cyber", "weight": 0.5, "noise": 1.5, "misattribution": 0.3, "rung": 2},
        ],
    },
    "arms": {"levels": 2, "periods": 0, "base": 0.0, "effect": 0.4, "tempo": 0.3},
    "deterrence": {"base": 0.2, "opportunity": 0.4},
    "response": {"up": 0.3, "war_cost": 0.6, "down": -0.2},
    "alliance": {"base": -1.5, "burden": 0.6, "review": 0.4},
    "contagion": {"base": -2.0},
    "mediation": {"delay": 1, "rate": 0.3, "tension": 0.5, "arms": 0.4},
    "outcome": {"general_share": 0.7, "system_capability": 3.5},
    "run": {"horizon": 4},
}  # fmt: skip

LABELS = {"run.turn_days"}
"""Coefficients that are mere labels."""

_WHOLE = {
    "arms.periods": 1,
    "arms.levels": 1,
    "mediation.delay": 2,
    "run.horizon": 3,
}
_OTHER = {"outcome.general_share": 0.95, "outcome.system_capability": 4.8}


def base_of(address: str) -> Scenario:
    """The world in which a value is set to another: that of the race, if it is of one."""
    table, _, name = address.partition(".")
    periods = 1 if table == "arms" and name in OF_THE_RACE else 0
    return changed("arms", "periods", value=periods)


def changed(*path: Any, value: Any) -> Scenario:
    """The world with another value where the keys lead."""
    tables = copy.deepcopy(BASE)
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
    if row.upper == 1.0:
        return 0.9 if now < 0.6 else 0.25
    step = 0.9 if row.lower > -FURTHEST or now < 1.0 else -0.9
    return now + step if now + step != row.neutral else now + 2 * step


_ACTOR = {
    "capability": 0.4, "resolve": 0.9, "bias": 0.8, "noise": 0.3, "tempo": 0.6, "rigidity": 0.8,
    "instability": 0.8, "turnover": 0.9, "optimism": -0.4, "exercise": 0.9, "arms": 2,
}  # fmt: skip
_SHARES = {
    "strength": 0.6, "ambiguity": 0.9, "conditional": 0.9, "credibility": 0.2,
    "rivalry": 1.4, "reach": 0.4, "channel": 0.9, "mistrust": 1.1,
}  # fmt: skip
_DOMAIN = {"weight": 2.5, "noise": 2.6, "misattribution": 0.8, "rung": 2}


OF_THE_RACE = ("base", "pull", "fatigue", "decay")
"""Coefficients of arms that bite only while a race is run."""


def cases() -> Iterator[tuple[str, Scenario]]:
    """Each value by its address, and the world with another one there."""
    for row in COEFFICIENTS:
        if row.table == "arms" and row.name in OF_THE_RACE:
            table = BASE["arms"] | {"periods": 1, row.name: other_value(row)}
            yield row.address, changed("arms", value=table)
        elif row.address not in LABELS:
            yield row.address, changed(row.table, row.name, value=other_value(row))
    for k, actor in enumerate(BASE["actors"]):
        for field in fields_of("Actor"):
            now = actor.get(field, False)
            value = not now if isinstance(now, bool) and field not in _ACTOR else _ACTOR[field]
            yield f"actors.{actor['id']}.{field}", changed("actors", k, field, value=value)
    for k, tie in enumerate(BASE["ties"]):
        for field in fields_of("Tie"):
            if field in tie and field in _SHARES:
                where = f"ties.{tie['from']}-{tie['to']}.{tie['kind']}.{field}"
                value = _SHARES[field] if tie[field] != _SHARES[field] else 0.3
                yield where, changed("ties", k, field, value=value)
    for k, dyad in enumerate(BASE["dyads"]):
        for field in fields_of("DyadRow"):
            where = f"dyads.{dyad['a']}-{dyad['b']}.{field}"
            yield where, changed("dyads", k, field, value=_SHARES[field])
    for k, domain in enumerate(BASE["trigger"]["domains"]):
        for field in fields_of("Domain"):
            value = _DOMAIN[field] if domain.get(field) != _DOMAIN[field] else 1
            where = f"trigger.domains.{domain['name']}.{field}"
            yield where, changed("trigger", "domains", k, field, value=value)
    yield "trigger.accident", changed("trigger", "accident", value=0.1)
    yield "ties.against", changed("ties", 0, "against", value=["C"])


_TEXTS = {
    "id", "name", "note", "source", "treaty", "since", "from_", "to", "kind", "mutual", "against",
    "a", "b", "directed",
}  # fmt: skip


def fields_of(model: str) -> list[str]:
    """Fields of a table's rows that are values; a new one is expected here too."""
    from mcescalate.scenario import schema

    return [field for field in getattr(schema, model).model_fields if field not in _TEXTS]


WITHOUT_EFFECT = {"actors.A.turnover": "its government is never divided"}
"""Values that bite nowhere here, each with its reason."""
