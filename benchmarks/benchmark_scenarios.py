"""Scenarios to measure on, as text of scenario files: any revision of the package reads them."""

from pathlib import Path

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


def network(n_actors: int = 200) -> str:
    """A world of blocs in a ring: allies within, rivals across the border, crises anywhere.

    Made without chance. Each actor promises defence to two neighbours in its bloc and
    regards as rivals its own number in the next bloc and the one after that number.
    """
    blocs = n_actors // BLOC
    ids = [f"N{i:03}" for i in range(blocs * BLOC)]
    lines = ["schema_version = 1", f'title = "A network of {len(ids)} actors"', "actors = ["]
    for i, name in enumerate(ids):
        capability, noise = 0.2 + 0.1 * (i * 7 % 13), 0.4 + 0.05 * (i * 5 % 9)
        lines.append(f'  {{ id = "{name}", capability = {capability:.1f}, noise = {noise:.2f} }},')
    lines += ["]", "ties = ["]
    for i, name in enumerate(ids):
        bloc, place = divmod(i, BLOC)
        for step in (1, 3):
            ally = ids[bloc * BLOC + (place + step) % BLOC]
            lines.append(f'  {{ from = "{name}", to = "{ally}", kind = "defence" }},')
    lines += ["]", "dyads = ["]
    for i, name in enumerate(ids):
        bloc, place = divmod(i, BLOC)
        for step in (0, 1):
            rival = ids[(bloc + 1) % blocs * BLOC + (place + step) % BLOC]
            lines.append(f'  {{ a = "{name}", b = "{rival}", rivalry = 1.0, reach = 1.0 }},')
    lines += ["]", "", "[dyad_defaults]", "reach = 0.2", "", "[trigger]", "from_rivalry = true"]
    return "\n".join(lines) + "\n"


CASES = {"pair": lambda: PAIR, "july_1914": july_1914, "network_200": network}
