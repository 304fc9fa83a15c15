"""The states of the files, and which of them a user means by an abbreviation, number or name."""

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
    OTHER_LANDS,
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
    """States by everything that they are called.

    Parameters
    ----------
    spells : memberships in the state system
    members : the members on `day`, by COW country code
    day : of the scenario
    source : the file that lists the states
    readings : how names were read that are not simply COW's abbreviations
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
        """The COW country code of the member of the system that is meant.

        An abbreviation or number is COW's, whatever it stands for elsewhere; then come the names
        of states, and ISO's letters.

        Raises
        ------
        UsageError
            No state is called so, or it was no member on the day.
        """
        text = _text(who)
        code = self._code(text)
        state = self.states[code]
        clash = self._clash(text, code)
        if code not in self.members:
            raise UsageError(self._absence(text, state) + (f"; {clash}" if clash else ""))
        if clash or text.casefold() != state.id.casefold():
            self.readings[text] = f"{quoted(text)}: {self._told(state)}" + (
                f"; {clash}" if clash else ""
            )
        return code

    def _code(self, text: str) -> int:
        if text.isdecimal() and len(text) < 9:
            if int(text) in self.states:
                return int(text)
            raise UsageError(
                f"no state in {self.source} has COW number {int(text)}; ISO's numbers are not read"
            )
        code = self._by_id.get(text.casefold(), self._named(text))
        if code is not None:
            return code
        code = LETTERS.get(text.upper())
        if code is None:
            raise UsageError(f"no state is called {quoted(text)}{self._suggestion(text)}")
        if code not in self.states:
            raise UsageError(
                f"{quoted(text)} are the ISO letters of the state with COW number {code}, "
                f"which {self.source} does not have"
            )
        return code

    def _named(self, text: str) -> int | None:
        """The code of a state by name, also where two of its names stand side by side."""
        for name in ways_to_write(text):
            if name in self._by_name:
                return self._by_name[name]
        parts = [plain_name(part) for part in re.split(r"[(/)]", text)]
        codes = {self._by_name.get(part) for part in parts if part}
        return codes.pop() if len(codes) == 1 else None

    def _clash(self, text: str, code: int) -> str:
        """What to write for the state whose ISO letters an abbreviation of COW's is."""
        other = self.states.get(LETTERS.get(text.upper(), code))
        if other is None or other.code == code:
            return ""
        name = other.name or f"the state with COW number {other.code}"
        return f"for {name}, whose ISO letters are {text.upper()}, write {other.id}"

    def _absence(self, text: str, state: State) -> str:
        named = "" if text.casefold() == state.id.casefold() else f"{quoted(text)}: "
        when = membership(self.spells, state.code)
        absence = f"{named}{state.id} ({state.code}) was a member {when}, not on {self.day}"
        others = [
            self.members[code] for code in OTHER_LANDS.get(state.code, ()) if code in self.members
        ]
        if not others:
            return absence
        were = "was" if len(others) == 1 else "were"
        return f"{absence}, when there {were} {' and '.join(map(self._told, others))}"

    def _suggestion(self, text: str) -> str:
        """Names that begin as `text` does, or are spelt nearly so; those of members first."""
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
            told = [f"{state.id}, {state.name}" if state.name else state.id for state in states]
            return f"; did you mean {', or '.join(told)}?"
        return "; expected COW's abbreviation or number, the name of a state, or its ISO letters"

    @staticmethod
    def _told(state: State) -> str:
        return f"{state.id} ({state.code}{f', {state.name}' if state.name else ''})"


def listed(who: Any) -> list[Any]:
    """Several names or numbers, as a list or array of them, as one, or parted by commas."""
    if isinstance(who, str):
        return [part.strip() for part in who.split(",") if part.strip()]
    return list(who) if hasattr(who, "__iter__") and not isinstance(who, bytes) else [who]


def _text(who: Any) -> str:
    """What is written for a state: text, or a whole number of whatever type."""
    if isinstance(who, str) and who.strip():
        return who.strip()
    try:
        is_whole = not isinstance(who, bool) and int(who) == who
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole:
        raise UsageError(f"expected a state by abbreviation, number or name, found {found(who)}")
    return str(int(who))
