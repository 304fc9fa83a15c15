"""Throw-away mechanisms, one for each dependence, added to a copy of the package as text.

Each touches the places that CONTRIBUTING.md names and no other: a row of `model/coefficients.py`
that says what the term rests on, and the term in its rule. The scripts then run on the copy.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import mcescalate

PACKAGE = Path(mcescalate.__file__).parent
TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Mechanism:
    """A coefficient, and text that takes the place of other text in a file of `model/rules`.

    `declared` is what the row says that its term rests on, beside what the family rests on.
    """

    table: str
    name: str
    file: str
    old: str
    new: str
    declared: str = "0"

    @property
    def address(self) -> str:
        return f"{self.table}.{self.name}"


def _term_of_up(name: str, term: str, declared: str = "0", before: str = "") -> Mechanism:
    """A term of the logit of going up, beside those that hold whatever the reading."""
    head = "@inlined\ndef up_logit("
    line = "        - me.weight_stability * (dread * fixed.nuclear_threat)\n    )\n"
    text = (PACKAGE / "model/rules/response.py").read_text("utf-8")
    rule = text[text.index(head) : text.index(line) + len(line)]
    return Mechanism(
        "response",
        name,
        "response.py",
        rule,
        before + rule + f"    logit += {term}\n",
        declared,
    )


def _function(name: str, result: str) -> str:
    """A rule of its own, before the one that calls it."""
    return f'@inlined\ndef {name}(world, state, i):\n    """A term."""\n    return {result}\n\n\n'


def _fixed_term(name: str, term: str) -> Mechanism:
    line = "        + me.weight_influence * (c.response_diversion * is_divided(state, i))\n"
    return Mechanism("response", name, "response.py", line, f"{line}        + {term}\n")


_TIE_LOGIT = (
    "        tie_logit(world, k, o, due, highest, seen, is_divided(state, k), burden, followed"
)
TURN_TERM = "world.coefficients.response_weariness * state.now.turn"
WEARINESS = Mechanism(
    "response",
    "weariness",
    "response.py",
    "    return fixed.down + pull + calm_policy(world, state)\n\n\n",
    "    down = fixed.down + pull + calm_policy(world, state)\n"
    "    return down + weariness(world, state, i)\n\n\n" + _function("weariness", TURN_TERM),
    "TURN",
)
"""Actors step back the more readily, the longer the crisis lasts."""

MECHANISMS = {
    "the crisis": _fixed_term(
        "boldness", "c.response_boldness * (i == originator(state, INITIATOR))"
    ),
    "who stands where": _fixed_term("crowd", "c.response_crowd * n_on(state, side)"),
    "governments": _fixed_term("foe_divided", "c.response_foe_divided * is_divided(state, o)"),
    "the own rung": _term_of_up("height", "c.response_height * own_rung(state, i)"),
    "rungs of allies": _term_of_up(
        "company",
        "company(world, state, i)",
        "ALLIED_RUNGS",
        _function(
            "company",
            "world.coefficients.response_company * allied_rung(\n"
            "        state, originator(state, side_of(state, i))\n"
            "    )",
        ),
    ),
    "rungs opposite": _term_of_up(
        "defiance",
        "defiance(world, state, i)",
        "OPPOSITE_RUNGS",
        _function(
            "defiance",
            "world.coefficients.response_defiance * opposite_rung(\n"
            "        state, originator(state, other(side_of(state, i)))\n"
            "    )",
        ),
    ),
    "mediation": Mechanism(
        "response",
        "hope",
        "response.py",
        "    return fixed.down + pull + calm_policy(world, state)\n",
        "    down = fixed.down + pull + calm_policy(world, state)\n"
        "    return down + world.coefficients.response_hope * mediated * own_rung(state, i)\n",
    ),
    "the highest rung of all": _term_of_up(
        "gravity",
        "gravity(world, state, i)",
        "HEIGHTS",
        _function("gravity", "world.coefficients.response_gravity * highest_of_all(state)"),
    ),
    "news": _term_of_up(
        "alarm",
        "alarm(world, state, i)",
        "NEWS",
        _function("alarm", "world.coefficients.response_alarm * state.now.news"),
    ),
    "the turn": WEARINESS,
    "the turn, of entries": Mechanism(
        "alliance",
        "patience",
        "joining.py",
        f"{_TIE_LOGIT})\n",
        f"{_TIE_LOGIT})\n        + patience(world, state, k)\n",
        "TURN",
    ),
    "the turn, of mediators": Mechanism(
        "mediation",
        "growth",
        "response.py",
        "    return within(\n"
        "        c.mediation_rate * urgency * (1.0 - strain)"
        " + mediation_policy(world, state), 0.0, 1.0\n"
        "    )\n\n\n",
        "    rate = c.mediation_rate + growth(world, state, 0)\n"
        "    chance = rate * urgency * (1.0 - strain) + mediation_policy(world, state)\n"
        "    return within(chance, 0.0, 1.0)\n\n\n"
        + _function("growth", "world.coefficients.mediation_growth * state.now.turn"),
        "TURN",
    ),
}
PATIENCE = _function("patience", "world.coefficients.alliance_patience * state.now.turn").replace(
    "state, i", "state, k"
)


def plant(mechanism: Mechanism, folder: Path, *, declared: str | None = None) -> Path:
    """A copy of the package in `folder` with the mechanism; returns `folder`."""
    copy = folder / "mcescalate"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    rows = copy / "model/coefficients.py"
    text = rows.read_text("utf-8")
    rests_on = mechanism.declared if declared is None else declared
    row = (
        f'    Coefficient("{mechanism.table}", "{mechanism.name}", 0.0, -FURTHEST, FURTHEST, 0.0, '
        f'LOGIT, "Throw-away.", "assumption", rests_on={rests_on}),\n'
    )
    head = "COEFFICIENTS: tuple[Coefficient, ...] = (\n"
    assert text.count(head) == 1
    # Rows of a table stand together, in front of its first one.
    first = text.index(f'        "{mechanism.table}",\n')
    start = text.rindex("\n    _", 0, first) + 1
    text = text[:start] + row + text[start:]
    if rests_on != "0":
        imports = "from dataclasses import dataclass\n"
        text = text.replace(
            imports, f"{imports}\nfrom mcescalate.model.codes import {rests_on}\n", 1
        )
    rows.write_text(text, "utf-8")
    rule = copy / "model/rules" / mechanism.file
    text = rule.read_text("utf-8")
    assert text.count(mechanism.old) == 1
    text = text.replace(mechanism.old, mechanism.new)
    if mechanism.name == "patience":
        text = text.replace("@inlined\ndef tie_impulse(", f"{PATIENCE}@inlined\ndef tie_impulse(")
    if mechanism.name == "defiance":
        text = text.replace("    other,\n", "    opposite_rung,\n    other,\n", 1)
    rule.write_text(text, "utf-8")
    return folder


def run(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script with the package of `folder`."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(folder), str(TESTS)]),
        "NUMBA_CACHE_DIR": str(folder / "cache"),
    }
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        cwd=folder,
    )
