"""What each family of rules rests on, in one table, by which all that is remembered is forgotten.

A family is a rule and all that it calls. `FAMILIES` says what of the state its result may depend
on. A coefficient whose term depends on more says so in its row (`rests_on`), and while it is not
neutral every family counts as resting on that too. So a law is kept exactly as long as nothing
that it rests on has changed, in the kernel's memory, in quiet turns, in pair tables and in the
exact solver alike.

`check` reads the source of the rules, and fails where one of them reads what is not declared.
"""

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from mcescalate.model.codes import (
    ALLIED_RUNGS,
    CRISIS,
    DEPENDENCES,
    GOVERNMENTS,
    HEIGHTS,
    MEDIATION,
    NEWS,
    OPPOSITE_RUNGS,
    OWN_RUNG,
    STANDING,
    TURN,
)
from mcescalate.model.coefficients import COEFFICIENTS, Coefficient

FAMILIES = {
    "balance": (("balance_of_power",), CRISIS | STANDING | GOVERNMENTS),
    "backing": (("guarantee", "aid"), CRISIS | STANDING),
    "fixed": (("fixed_terms",), CRISIS | STANDING | GOVERNMENTS),
    "surroundings": (("threat_felt", "assurance_felt"), CRISIS | STANDING),
    "reading": (
        ("reading_cdf", "accurate_reading_cdf", "sighting_probability"),
        CRISIS | STANDING | OPPOSITE_RUNGS,
    ),
    "response": (
        ("up_logit", "down_logit", "down_tempo", "up_pull", "down_pull"),
        CRISIS | STANDING | GOVERNMENTS | OWN_RUNG | MEDIATION,
    ),
    "reassurance": (("reassurance_felt",), CRISIS | STANDING | OWN_RUNG | ALLIED_RUNGS),
    "mediation": (("mediation_chance",), CRISIS | HEIGHTS),
    "entry": (("nth_impulse",), CRISIS | STANDING | GOVERNMENTS),
    "challenge": (
        ("challenge_probability", "blame_weight"),
        CRISIS | STANDING | GOVERNMENTS,
    ),
    "arms": (("arms_law", "arms_moves", "turnover_law"), CRISIS),
    "war_end": (
        ("war_end_chance", "initiator_prevails_chance"),
        CRISIS | STANDING | GOVERNMENTS,
    ),
}
"""For each family its rules, and what they rest on beside arguments that are numbers of their
own: the highest rung opposite a neutral, a balance."""

BOUNDED = (
    *("readiness", "occasion", "opportunist_logit", "may_stand_by"),
    *("bystander_readiness", "bystander_occasion"),
    *("obligation", "allies_in", "tempo_with", "joining_tempo", "heard_share"),
)
"""Rules of entry that read coefficients and that bounds on entries account for."""

SEER = ("bias", "noise", "consultation")
SEEN = ("exercise", "opacity")
"""Fields of an actor that bear on how it sees another one, and on how it is seen: pairs that are
alike in these, and in what one is to the other, share what is known of them."""

GOALS = ("weight_security", "weight_stability", "weight_influence", "weight_audience")
"""Fields of an actor that bear on its `up_pull` and `down_pull`: actors that are alike in these
share what is known of them."""

RESTS_ON = np.dtype([(family, np.int64) for family in (*FAMILIES, "anything")])
"""Of `World.rests_on`: for each family the bits of what it rests on, and of all that bear on
moves and entries together."""


def rests_on(values: Iterable[float]) -> np.record:
    """What the families rest on with these values of `COEFFICIENTS`, of RESTS_ON."""
    bits = {family: base for family, (_, base) in FAMILIES.items()}
    for row, value in zip(COEFFICIENTS, values, strict=True):
        if row.rests_on and value != row.neutral:
            for family in row.families or FAMILIES:
                bits[family] |= row.rests_on
    deciding = (bits[family] for family in bits if family != "war_end")
    anything = functools.reduce(int.__or__, deciding)
    return np.array([(*bits.values(), anything)], RESTS_ON).view(np.recarray)[0]


# ------------------------------------------------------------ what rules read

_READERS = {
    "originator": CRISIS,
    "side_of": STANDING,
    "n_on": STANDING,
    "other": 0,
    "is_divided": GOVERNMENTS,
    "own_rung": OWN_RUNG,
    "allied_rung": ALLIED_RUNGS,
    "opposite_rung": OPPOSITE_RUNGS,
    "highest_of_all": HEIGHTS,
    "highest_rung": ALLIED_RUNGS | OPPOSITE_RUNGS,
}
"""Functions of `model.state` that rules may call, and the dependence for which each stands."""

_FIELDS = {
    "now.domain": CRISIS,
    "now.initiator": CRISIS,
    "now.target": CRISIS,
    "now.n_engaged": STANDING,
    "now.n_watching": STANDING,
    "now.news": NEWS,
    "now.turn": TURN,
    "now.war_turn": TURN,
    "actors.arms": CRISIS,
    "engaged": STANDING,
    "watching": STANDING,
    "sides": STANDING,
}
"""Fields of the state that rules may read, likewise."""


class UndeclaredDependence(Exception):
    """A rule reads something of the state that nothing says it rests on."""


def check(sources: Iterable[str] | None = None, rows: Iterable[Coefficient] = COEFFICIENTS) -> None:
    """See that no rule reads more of the state than its family, or its coefficients, declare.

    Parameters
    ----------
    sources : texts of the modules with the rules; by default those of `model.rules`

    Raises
    ------
    UndeclaredDependence
        A rule reads what is not declared, or what no rule may rest on.
    """
    if sources is None:
        folder = Path(__file__).parent / "rules"
        sources = [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))]
    rules = {rule.name: rule for source in sources for rule in _rules(source)}
    reached = {family: _reached(rules, roots) for family, (roots, _) in FAMILIES.items()}
    reads = {name: _reads(rules[name], rules) for names in reached.values() for name in names}
    for family, (_, base) in FAMILIES.items():
        declared = {
            row.field: row.rests_on for row in rows if not row.families or family in row.families
        }
        for name in reached[family]:
            extra = reads[name] & ~base
            if extra == 0:
                continue
            named = _coefficients(rules[name])
            lacking = [field for field in named if extra & ~declared.get(field, 0)]
            if lacking or not named:
                raise UndeclaredDependence(
                    f"rule {name} of family {family} depends on {_named(extra)}: let the rows of "
                    f"{', '.join(lacking) or 'its coefficients'} in model/coefficients.py declare "
                    "it (rests_on), in a function of their own, or the family in FAMILIES"
                )

    for name in _reached(rules, ("sighting_probability",)):
        for actor, allowed in (("i", SEER), ("j", SEEN)):
            lacking = sorted(_fields_of(rules[name], f"world.actors[{actor}]") - set(allowed))
            if lacking:
                raise UndeclaredDependence(
                    f"rule {name} reads {', '.join(lacking)} of actor {actor}, by which pairs that "
                    "see alike are not distinguished: add it to SEER or SEEN"
                )
    for name in _reached(rules, ("up_pull", "down_pull")):
        lacking = sorted(_fields_of(rules[name], "world.actors[i]") - set(GOALS))
        if lacking:
            raise UndeclaredDependence(
                f"rule {name} reads {', '.join(lacking)} of its actor, by which actors that share "
                "pulls are not distinguished: add it to GOALS"
            )
    _, base = FAMILIES["entry"]
    for name in reached["entry"]:
        if _coefficients(rules[name]) and name not in BOUNDED and not reads[name] & ~base:
            raise UndeclaredDependence(
                f"rule {name} of family entry reads coefficients that bounds on entries do not "
                "account for: let what it adds stand in readiness or opportunist_logit, or be an "
                "argument of occasion"
            )


def _rules(source: str) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def _reached(rules: dict[str, ast.FunctionDef], roots: Iterable[str]) -> list[str]:
    """Names of these rules and of all that they call."""
    reached, left = [], list(roots)
    while left:
        name = left.pop()
        if name not in reached:
            reached.append(name)
            left.extend(called for called in _calls(rules[name]) if called in rules)
    return reached


def _calls(rule: ast.FunctionDef) -> list[str]:
    return [
        node.func.id
        for node in ast.walk(rule)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def _reads(rule: ast.FunctionDef, rules: dict[str, ast.FunctionDef]) -> int:
    """Dependences of what a rule itself reads of `state`, as bits."""
    bits = 0
    places = {child: node for node in ast.walk(rule) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(rule):
        if not (isinstance(node, ast.Name) and node.id == "state"):
            continue
        above = places[node]
        if isinstance(above, ast.Call) and node in above.args:
            called = above.func.id if isinstance(above.func, ast.Name) else ast.unparse(above.func)
            if called in _READERS:
                bits |= _READERS[called]
            elif called not in rules:
                raise UndeclaredDependence(
                    f"rule {rule.name} gives the state to {called}, which is neither a rule nor "
                    "one of the functions by which rules read it"
                )
            continue
        field = _field(above, places)
        if field not in _FIELDS:
            raise UndeclaredDependence(
                f"rule {rule.name} reads state.{field}, on which no rule may rest: read rungs, "
                "sides and governments by the functions of model/state.py, a mediator as an "
                "argument, and other fields as state.now.FIELD or state.actors[i].FIELD"
            )
        bits |= _FIELDS[field]
    return bits


def _field(node: ast.AST, places: dict[ast.AST, ast.AST]) -> str:
    """The field of the state that an attribute of it leads to, e.g. "now.turn"."""
    if not isinstance(node, ast.Attribute):
        return ast.unparse(node)
    above = places[node]
    if node.attr == "actors" and isinstance(above, ast.Subscript):
        above = places[above]
    if node.attr in ("now", "actors") and isinstance(above, ast.Attribute):
        return f"{node.attr}.{above.attr}"
    return node.attr


def _coefficients(rule: ast.FunctionDef) -> list[str]:
    """Fields of the coefficients that a rule itself reads."""
    return [
        node.attr
        for node in ast.walk(rule)
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value) in ("c", "world.coefficients"))
    ]


def _fields_of(rule: ast.FunctionDef, record: str) -> set[str]:
    """Fields of a record that a rule itself reads, by this expression or a name given to it."""
    names = {record} | {
        target.id
        for node in ast.walk(rule)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == record
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        node.attr
        for node in ast.walk(rule)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in names
    }


def _named(bits: int) -> str:
    return ", ".join(name for bit, name in DEPENDENCES.items() if bits & bit)
