"""Find the state that a user names by abbreviation, number, name or ISO code."""

import datetime
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.state_names import (
    LETTERS,
    NAMES,
    TERRITORY_HOLDERS,
    plain_name,
    ways_to_write,
)
from mcescalate.importing.datasets.states import Spell, State, membership
from mcescalate.scenario.wording import found, quoted

_FEWEST_LETTERS = 3
_SAME_SPELLING = 0.8
_MOST_SUGGESTED = 4


@dataclass
class Register:
    """The states, by all their names.

    Parameters
    ----------
    spells : memberships in the state system
    members : the members on `day`, by COW country code
    day : of the scenario
    source : the file that lists the states
    readings : the states found by other names than COW abbreviations, for the report
    """

    spells: Sequence[Spell]
    members: dict[int, State]
    day: datetime.date
    source: str
    readings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states = {spell.state.code: spell.state for spell in self.spells} | self.members
        self._by_id = {state.id.casefold(): code for code, state in self.states.items()}
        self._by_name = {name: code for name, code in NAMES.items() if code in self.states} | {
            plain_name(state.name): code for code, state in self.states.items() if state.name
        }

    def find(self, who: str | int) -> int:
        """The COW country code of a member of the system.

        COW abbreviations and numbers take precedence, then names, then ISO codes.

        Raises
        ------
        UsageError
            No state has this name, or it was not a member on the day.
        """
        text = _text(who)
        code = self._code(text)
        state = self.states[code]
        clash = self._clash(text, code)
        if code not in self.members:
            raise UsageError(self._absence(text, state) + (f"; {clash}" if clash else ""))
        if clash or text.casefold() != state.id.casefold():
            self.readings[text] = f"{quoted(text)}: {self._label(state)}" + (
                f"; {clash}" if clash else ""
            )
        return code

    def _code(self, text: str) -> int:
        if text.isdecimal() and len(text) < 9:
            if int(text) in self.states:
                return int(text)
            raise UsageError(
                f"no state in {self.source} has COW number {int(text)}; "
                "ISO numbers are not supported"
            )
        code = self._by_id.get(text.casefold(), self._named(text))
        if code is not None:
            return code
        code = LETTERS.get(text.upper())
        if code is None:
            raise UsageError(f"no state is called {quoted(text)}{self._suggestion(text)}")
        if code not in self.states:
            raise UsageError(
                f"{quoted(text)} is the ISO code of the state with COW number {code}, "
                f"which {self.source} does not have"
            )
        return code

    def _named(self, text: str) -> int | None:
        """The code of a state by name, or by two of its names, as in "Russia (Soviet Union)"."""
        for name in ways_to_write(text):
            if name in self._by_name:
                return self._by_name[name]
        parts = [plain_name(part) for part in re.split(r"[(/)]", text)]
        codes = {self._by_name.get(part) for part in parts if part}
        return codes.pop() if len(codes) == 1 else None

    def _clash(self, text: str, code: int) -> str:
        """How to write the state whose ISO code equals another state's COW abbreviation."""
        other = self.states.get(LETTERS.get(text.upper(), code))
        if other is None or other.code == code:
            return ""
        name = other.name or f"the state with COW number {other.code}"
        return f"for {name}, whose ISO code is {text.upper()}, write {other.id}"

    def _absence(self, text: str, state: State) -> str:
        named = "" if text.casefold() == state.id.casefold() else f"{quoted(text)}: "
        when = membership(self.spells, state.code)
        absence = f"{named}{state.id} ({state.code}) was a member {when}, not on {self.day}"
        others = [
            self.members[code]
            for code in TERRITORY_HOLDERS.get(state.code, ())
            if code in self.members
        ]
        if not others:
            return absence
        were = "was" if len(others) == 1 else "were"
        return f"{absence}, when there {were} {' and '.join(map(self._label, others))}"

    def _suggestion(self, text: str) -> str:
        """Names that contain or resemble `text`; those of members first."""
        key = plain_name(text)
        codes: list[int] = []
        if len(key) >= _FEWEST_LETTERS:
            codes = [
                code for name, code in self._by_name.items() if f" {name}".find(f" {key}") >= 0
            ]
            near = difflib.get_close_matches(key, self._by_name, _MOST_SUGGESTED, _SAME_SPELLING)
            codes = codes or [self._by_name[name] for name in near]
        codes = list(dict.fromkeys(codes))
        codes = [code for code in codes if code in self.members] or codes
        if 0 < len(codes) <= _MOST_SUGGESTED:
            states = [self.states[code] for code in codes]
            labels = [f"{state.id}, {state.name}" if state.name else state.id for state in states]
            return f"; did you mean {', or '.join(labels)}?"
        return "; expected a COW abbreviation or number, a state's name, or its ISO code"

    @staticmethod
    def _label(state: State) -> str:
        return f"{state.id} ({state.code}{f', {state.name}' if state.name else ''})"


def listed(who: Any) -> list[Any]:
    """Names or numbers as a list: from a list, an array, one value, or text with commas."""
    if isinstance(who, str):
        return [part.strip() for part in who.split(",") if part.strip()]
    return list(who) if hasattr(who, "__iter__") and not isinstance(who, bytes) else [who]


def _text(who: Any) -> str:
    """The name of a state as text; a whole number may have any numeric type."""
    if isinstance(who, str) and who.strip():
        return who.strip()
    try:
        is_whole = not isinstance(who, bool) and int(who) == who
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole:
        raise UsageError(f"expected a state by abbreviation, number or name, found {found(who)}")
    return str(int(who))
