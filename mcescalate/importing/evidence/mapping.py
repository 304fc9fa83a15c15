"""Every number that maps data to a scenario, with its basis.

docs/importing.md shows these rows as a table. A TOML file with the same addresses overrides
any of them.
"""

import math
import os
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from typing import Any

from mcescalate.inputs import read_input
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.toml_text import LARGEST_FILE, read_toml_bytes
from mcescalate.scenario.wording import Origin, Problem, found, suggestion


@dataclass(frozen=True, slots=True)
class Choice:
    """One number of the mapping.

    Parameters
    ----------
    address : its place in a file of overrides, e.g. "reach.land"
    default : its value
    meaning : its role
    basis : "source: …", or "assumption: …" with the reason
    lower, upper : inclusive bounds
    """

    address: str
    default: float
    meaning: str
    basis: str
    lower: float = 0.0
    upper: float = 1.0


def _rows(table: str, basis: str, *rows: tuple[Any, ...], **bounds: float) -> list[Choice]:
    """Rows of one table: name, default, meaning, and a basis if it differs from `basis`."""
    return [
        Choice(f"{table}.{row[0]}", row[1], row[2], row[3] if len(row) > 3 else basis, **bounds)
        for row in rows
    ]


_TERMS = "assumption: in law any condition can release an ally; how far in a crisis is a judgement"
_MILES = "assumption: more force can be used at shorter distance; the steps are those of the data"
_YEAR = "source: general history, year of the first test"

CHOICES = (
    *_rows(
        "strength",
        "assumption: an explicit obligation counts in full",
        ("defence", 1.0, "a promise of defence"),
        ("offence", 1.0, "a promise to join an attack"),
        ("consultation", 1.0, "a promise to consult; COW's entente"),
        ("neutrality", 1.0, "a promise to stay neutral"),
        ("nonaggression", 1.0, "a promise not to attack"),
        ("informal", 0.5, "an informal tie, as consultation", "assumption: half a promise"),
        (
            "guarantee",
            0.7,
            "a guarantee of neutrality or territory, as defence",
            "assumption: owed as much to the other guarantors as to the guaranteed state",
        ),
        ("aid", 0.5, "arms and money without a treaty, as support", "assumption: no troops"),
        (
            "military_aid",
            0.3,
            "a treaty's clause on military aid, as support",
            "assumption: the column does not say who gives how much",
        ),
    ),
    *_rows(
        "wide",
        "assumption: a promise by all to all binds any one pair weakly",
        (
            "defence",
            0.5,
            "factor on defence in a wide treaty",
            "source for the direction: from 1816 to 2014 a state that was attacked was joined by "
            "2.0 % of its allies by bilateral pacts and 0.4 % of those by multilateral ones "
            "(MID 5.0, ATOP 4.01); size an assumption",
        ),
        ("offence", 0.5, "factor on offence in a wide treaty"),
        (
            "idle",
            0.0,
            "factor instead of both if the promising state reaches no rival of the other",
            "assumption: a state cannot help where it reaches no adversary",
        ),
        ("consultation", 0.0, "factor on consultation in a wide treaty"),
        ("neutrality", 0.0, "factor on neutrality in a wide treaty"),
        ("nonaggression", 0.0, "factor on nonaggression in a wide treaty"),
        ("support", 0.0, "factor on military aid in a wide treaty"),
    ),
    *_rows(
        "wide",
        "assumption: about the size of the largest alliances with one purpose",
        ("members", 5, "a treaty of more members, with neither common command nor bases, is wide"),
        upper=1000,
    ),
    *_rows(
        "conditional",
        _TERMS,
        ("none", 0.0, "no conditions on defence"),
        ("nonprovocation", 0.9, "void if the ally provoked the war"),
        ("other", 0.3, "other conditions: an attack, an adversary, a place"),
        ("unknown", 0.3, "the file does not say", "assumption: as with other conditions"),
    ),
    *_rows(
        "ambiguity",
        "assumption: each limit leaves more room for dispute; their sum is at most 1",
        ("base", 0.1, "any promise of help: no text is unambiguous"),
        ("place", 0.1, "limited to a place"),
        ("conflict", 0.1, "limited to one conflict"),
        ("number", 0.1, "depends on the number of attackers"),
        ("demand", 0.1, "depends on the attacker's demands"),
        ("unnamed_adversary", 0.1, "limited to an adversary that the file does not name"),
        ("guarantee", 0.4, "a guarantee: leaves open who must act, alone or jointly"),
        ("unknown", 0.1, "the file does not say"),
    ),
    *_rows(
        "credibility",
        "assumption: other states rely on published terms",
        ("public", 1.0, "a published treaty"),
        ("partly_secret", 0.85, "a treaty with secret articles"),
        ("secret", 0.7, "a secret treaty; most were suspected"),
    ),
    *_rows(
        "rivalry",
        "assumption: every issue has the same weight",
        ("base", 0.5, "any strategic rivalry"),
        ("positional", 0.5, "over influence, added"),
        ("spatial", 0.5, "over territory, added"),
        ("ideological", 0.5, "over beliefs, added"),
        ("interventionary", 0.5, "over intervention in the other's affairs, added"),
        ("principal", 0.25, "the main rivalry of its parties, added"),
        ("neighbours", 0.0, "states with a land border that are not listed as rivals"),
        upper=100,
    ),
    *_rows(
        "reach",
        _MILES,
        ("land", 1.0, "a common border"),
        ("water_12", 1.0, "up to 12 miles of water"),
        ("water_24", 1.0, "up to 24 miles of water"),
        ("water_150", 0.7, "up to 150 miles of water"),
        ("water_400", 0.6, "up to 400 miles of water"),
        (
            "major_near",
            0.4,
            "no border; one is a major power; same region",
            "assumption: major powers act beyond their borders, at less than half strength",
        ),
        (
            "major_far",
            0.2,
            "no border; one is a major power; different regions",
            "assumption: half of that",
        ),
        (
            "rival",
            0.3,
            "no border and no major power, but rivals",
            "assumption: states that are listed as rivals can harm each other",
        ),
        (
            "elsewhere",
            0.0,
            "all other pairs",
            "assumption: out of each other's reach, which also saves run time",
        ),
    ),
    *_rows(
        "channel",
        "assumption: embassies are a slow, open channel",
        ("elsewhere", 0.1, "hotlines and transparency between all"),
    ),
    *_rows(
        "capability",
        "assumption: shares of small states hardly change within that time",
        ("years", 5, "farthest year from which a missing share may be taken"),
        upper=200,
    ),
    *_rows(
        "capability",
        "source: about the smallest share above 0 that the data have",
        ("least", 1e-6, "share of a state without a recorded one"),
        lower=1e-12,
    ),
    *_rows(
        "regime",
        "assumption: anocracies are the least stable of regimes; only with a file of regimes",
        ("democracy_instability", 0.1, "probability that a democracy's government is divided"),
        ("anocracy_instability", 0.3, "the same for anocracies"),
        ("autocracy_instability", 0.1, "the same for autocracies"),
        (
            "broken_instability",
            0.6,
            "the same without an established regime (Polity -88 to -66)",
        ),
        (
            "democracy_turnover",
            0.0012,
            "probability per turn that this changes, in a democracy",
            "assumption: a new leader about every seven years, in turns of 3 days",
        ),
        (
            "other_turnover",
            0.0007,
            "the same in other regimes",
            "assumption: about half as often as in democracies",
        ),
    ),
    *_rows(
        "trigger",
        "source for the order: more disputes begin with a clash than with a display, and more with "
        "a display than with a threat (MID 5.0); shares an assumption",
        ("threat", 0.1, "weight of incidents that begin with a threat (rung 1)"),
        ("display", 0.3, "weight of those that begin with a show of force (rung 2)"),
        ("clash", 0.6, "weight of those that begin with the use of force (rung 4)"),
        upper=1e6,
    ),
    *_rows(
        "trigger",
        "assumption: the model's default",
        ("accident", 0.2, "share of incidents that are accidents"),
    ),
    *_rows(
        "files",
        "assumption: a file's last year can represent this many later years",
        ("stale_years", 15, "years after its end for which a file is still used"),
        upper=1000,
    ),
    *_rows(
        "nuclear",
        _YEAR,
        ("USA", 1945, "first year with nuclear weapons, United States"),
        ("RUS", 1949, "the same, Russia"),
        ("UKG", 1952, "the same, United Kingdom"),
        ("FRN", 1960, "the same, France"),
        ("CHN", 1964, "the same, China"),
        ("ISR", 1967, "the same, Israel", "assumption: no test is known; a common estimate"),
        ("SAF", 1982, "the same, South Africa", "source: its own account of 1993"),
        ("PAK", 1998, "the same, Pakistan"),
        ("IND", 1998, "the same, India", "assumption: counted from its tests of weapons"),
        ("PRK", 2006, "the same, North Korea"),
        upper=9999,
    ),
    *_rows(
        "nuclear_until",
        "source: its own account of 1993",
        ("SAF", 1990, "last year with nuclear weapons, South Africa"),
        upper=9999,
    ),
)
ADDRESSES = {choice.address: choice for choice in CHOICES}


class Mapping:
    """The values of the mapping.

    Parameters
    ----------
    changes : values that replace defaults, by address
    """

    def __init__(self, changes: Lookup[str, float] | None = None):
        self.changes = dict(changes or {})
        self._values = {choice.address: choice.default for choice in CHOICES} | self.changes

    def __getitem__(self, address: str) -> float:
        return self._values[address]

    def get(self, address: str) -> float | None:
        """The value, or None where there is no such address."""
        return self._values.get(address)


def load_mapping(path: str | os.PathLike[str]) -> Mapping:
    """Read a file of overrides.

    Raises
    ------
    ScenarioError
        A key is not in the mapping, or a value is out of bounds; lists every problem.
    UsageError
        The file cannot be read.
    """
    name = os.fspath(path)
    return parse_mapping(read_toml_bytes(read_input(path, LARGEST_FILE), Origin(name)), name)


def parse_mapping(tables: dict[str, Any], name: str = "mapping") -> Mapping:
    """A mapping from plain tables; `name` stands in messages.

    Raises
    ------
    ScenarioError
        A key is not in the mapping, or a value is out of bounds; lists every problem.
    """
    changes: dict[str, float] = {}
    problems = []
    for table, rows in tables.items():
        if not isinstance(rows, dict):
            problems.append(Problem((table,), f"expected a table, found {found(rows)}"))
            continue
        for key, value in rows.items():
            choice = ADDRESSES.get(f"{table}.{key}")
            if choice is None:
                near = suggestion(f"{table}.{key}", ADDRESSES)
                problems.append(Problem((table, key), f"no number of the mapping{near}"))
            elif not _fits(choice, value):
                bounds = f"{plain_number(choice.lower)} to {plain_number(choice.upper)}"
                text = f"expected a number from {bounds}, found {found(value)}"
                problems.append(Problem((table, key), text))
            else:
                changes[choice.address] = float(value)
    if problems:
        raise Origin(name).error(problems)
    return Mapping(changes)


def _fits(choice: Choice, value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and choice.lower <= value <= choice.upper
    )
