"""The preset of an era: coefficients fitted to its disputes, with which imports begin."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from mcescalate.errors import UsageError
from mcescalate.scenario.eras import ERAS, era_of
from mcescalate.scenario.reading import read_preset
from mcescalate.scenario.wording import listed, quoted

MOST_WITH_BYSTANDERS = 32
"""States above which a scenario has no bystanders from a preset: their rate was fitted among the
fourteen likeliest third parties of a dispute, and the same rate for every state of the system would
draw several into each."""

_OF_THIRD_STATES = ("alliance", "contagion", "bystander")

OF_THE_DAY, NO_PRESET = "era", "none"
"""Choices beside the name of a preset: that of the day's era, and the model's defaults."""


@dataclass(frozen=True)
class Preset:
    """Fitted coefficients.

    Parameters
    ----------
    name : that of the era
    tables : coefficients by table, each table with its source
    first_acts : rows of the domains that incidents begin in, by name
    """

    name: str
    tables: dict[str, dict[str, Any]]
    first_acts: dict[str, dict[str, Any]]

    def among(self, n_states: int) -> "Preset":
        """The preset for a scenario of so many states, without what could not bear on anything."""
        out: tuple[str, ...] = ()
        if n_states == 2:
            out = _OF_THIRD_STATES
        elif n_states > MOST_WITH_BYSTANDERS:
            out = ("bystander",)
        tables = {name: table for name, table in self.tables.items() if name not in out}
        return replace(self, tables=tables)

    @property
    def sentence(self) -> str:
        """What it is, for notes."""
        return (
            f"Coefficients and weights of first acts are those of the preset {self.name}, fitted "
            "to the militarized disputes of the era."
        )


def find_preset(choice: str, day: datetime.date) -> Preset | None:
    """The preset that was chosen for a scenario of `day`; None for the model's defaults.

    Raises
    ------
    UsageError
        There is no such preset.
    """
    if choice == NO_PRESET:
        return None
    name = era_of(day.year) if choice == OF_THE_DAY else choice
    if name is None:
        return None
    if name not in ERAS:
        raise UsageError(
            f"preset: expected {OF_THE_DAY} (that of the day), {NO_PRESET} (the model's defaults) "
            f"or one of {listed(list(ERAS))}, found {quoted(choice)}"
        )
    tables = read_preset(name)
    # The preset itself names the data; repeated at every table it would hide the values.
    source = {"source": f"preset {name}, fitted to militarized disputes of its era"}
    rows = tables.pop("trigger", {}).get("domains", [])
    coefficients = {k: {**v, **source} for k, v in tables.items() if isinstance(v, dict)}
    return Preset(name, coefficients, {row["name"]: {**row, **source} for row in rows})
