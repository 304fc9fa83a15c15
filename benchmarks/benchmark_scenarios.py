"""Scenarios to measure on, as text of scenario files: any revision of the package reads them."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

PAIR = """\
schema_version = 1
title = "A pair of rivals"
actors = [
  { id = "A", capability = 0.6, resolve = 0.2 },
  { id = "B", capability = 0.4 },
]
dyads = [{ a = "A", b = "B", rivalry = 1.0, mistrust = 0.2 }]

[trigger]
initiator = "A"
target = "B"
"""

BLOC = 10
"""Actors of a bloc in the network; each bloc borders on the next one."""


def july_1914() -> str:
    """The main scenario, as it is in this checkout."""
    return (ROOT / "configs" / "july-1914.toml").read_text(encoding="utf-8")


ANYWHERE = "from_rivalry = true"
FAR_REACH = 0.2
"""Reach into all other blocs but the next."""


def network(
    n_actors: int = 200,
    *,
    kept: Collection[int] | None = None,
    reach: float = FAR_REACH,
    trigger: str = ANYWHERE,
) -> str:
    """A world of blocs in a ring: allies within, rivals across the border, crises anywhere.

    Made without chance. Each actor promises defence to two neighbours in its bloc and
    regards as rivals its own number in the next bloc and the one after that number. Of the
    blocs only those `kept` are written down; all of them by default.
    """
    blocs = n_actors // BLOC
    ids = [f"N{i:03}" for i in range(blocs * BLOC)]
    here = [i for i in range(len(ids)) if kept is None or i // BLOC in kept]
    lines = ["schema_version = 1", f'title = "A network of {len(here)} actors"', "actors = ["]
    for i in here:
        capability, noise = 0.2 + 0.1 * (i * 7 % 13), 0.4 + 0.05 * (i * 5 % 9)
        about = f"capability = {capability:.1f}, noise = {noise:.2f}"
        lines.append(f'  {{ id = "{ids[i]}", {about} }},')
    lines += ["]", "ties = ["]
    for i in here:
        bloc, place = divmod(i, BLOC)
        for step in (1, 3):
            ally = ids[bloc * BLOC + (place + step) % BLOC]
            lines.append(f'  {{ from = "{ids[i]}", to = "{ally}", kind = "defence" }},')
    lines += ["]", "dyads = ["]
    for i in here:
        bloc, place = divmod(i, BLOC)
        for step in (0, 1):
            rival = (bloc + 1) % blocs * BLOC + (place + step) % BLOC
            if rival in here:
                dyad = f'a = "{ids[i]}", b = "{ids[rival]}", rivalry = 1.0, reach = 1.0'
                lines.append(f"  {{ {dyad} }},")
    lines += ["]", "", "[dyad_defaults]", f"reach = {reach}", "", "[trigger]", trigger]
    return "\n".join(lines) + "\n"


ORIGINATORS = 'initiator = "N000"\ntarget = "N010"'


def local_crisis(*, is_cut_out: bool) -> str:
    """A crisis between the first two of twenty blocs, in their world or cut out of it.

    Cut out are all who have a tie, a rivalry or reach to the originators or to one who may
    join them: the blocs of both, and two more on either side.
    """
    kept = (18, 19, 0, 1, 2, 3) if is_cut_out else None
    return network(kept=kept, reach=0.0, trigger=ORIGINATORS)


CASES = {"pair": lambda: PAIR, "july_1914": july_1914, "network_200": network}

FURTHER_TERMS: dict[str, dict[str, float]] = {
    "deterrence": {"opportunity": 0.2, "stake": 0.3, "provocation": 0.3, "assurance": 0.3},
    "response": {
        "stake": 0.2,
        "stake_war": 0.2,
        "encircle": 0.3,
        "assurance": 0.3,
        "display": 0.3,
        "limited": 0.3,
    },
    "alliance": {
        "burden": 0.2,
        "short_of_war": 0.5,
        "capability": 0.1,
        "loss": 0.1,
        "follow": 0.5,
        "divided_delay": 0.3,
    },
    "contagion": {"short_of_war": 0.5, "capability": 0.1},
    "bystander": {
        "base": -9.0,
        "capability": 0.3,
        "major": 1.0,
        "reach": 2.0,
        "balance": 0.5,
        "pact": 1.5,
        "short_of_war": 0.5,
    },
    "mediation": {"tension": 0.3, "arms": 0.3},
    "policy": {"from_rung": 3, "restraint": 0.2, "calm": 0.2, "mediation": 0.05},
    "war": {"rate": 0.02, "balance": 0.3, "length": 0.02, "decisive": 1.0},
}
FURTHER_VALUES: dict[str, dict[str, float]] = {
    "actors": {
        "opacity": 0.1,
        "weight_audience": 1.1,
        "weight_security": 0.9,
        "weight_stability": 1.1,
        "weight_influence": 0.9,
    },
    "dyads": {"stake": 0.3},
}
"""Moderate values of all that is neutral by default, and of every row of a list."""


def with_further_terms(text: str) -> dict[str, Any]:
    """The tables of a scenario with all terms on that are neutral by default.

    Values that the scenario sets itself stay.
    """
    tables = tomllib.loads(text)
    for name, values in FURTHER_TERMS.items():
        tables[name] = values | tables.get(name, {})
    for name, values in FURTHER_VALUES.items():
        tables[name] = [values | row for row in tables[name]]
    tables["trigger"] = {"blame": 0.1} | tables["trigger"]
    return tables
