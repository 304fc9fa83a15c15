"""Types of the values in a scenario: what may stand there, and how to say so.

Each type is an `Annotated` alias. Its annotation both bounds the value and knows how to
describe what was expected, so that a message and the check behind it cannot drift apart.
"""

import datetime
import math
import sys
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from mcescalate.hidden import hidden_places
from mcescalate.model.coefficients import FURTHEST, LARGEST_COUNT

LARGEST = 1e15
"""Capabilities and weights end here, so that no sum or product of them overflows."""

_CONTROLS = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff"
)
"""Characters that move, hide or reorder text, as editors can check them; `hidden` knows all."""
_BREAKS = r"\t\n\r\u2028\u2029"


def plain_number(value: float) -> str:
    """A number without needless zeros."""
    return str(value) if isinstance(value, int) else f"{value:.15g}"


@dataclass(frozen=True, slots=True)
class Within:
    """Inclusive bounds of a number; `above` excludes the lower one."""

    lower: float
    upper: float
    above: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        # Editors read an exclusive minimum in different ways. The next float up says the same.
        lower = math.nextafter(self.lower, math.inf) if self.above else self.lower
        if source is int:
            return {**handler(source), "ge": int(lower), "le": int(self.upper)}
        schema = {**handler(source), "ge": lower, "le": self.upper}
        return core_schema.no_info_after_validator_function(_without_sign_of_zero, schema)

    def expected(self, kind: type) -> str:
        """What is expected, as a phrase; `kind` is int or float."""
        noun = "a whole number" if kind is int else "a number"
        lower, upper = plain_number(self.lower), plain_number(self.upper)
        if self.upper == sys.float_info.max:
            return f"a finite number, {lower} or more"
        return (
            f"{noun} above {lower}, up to {upper}"
            if self.above
            else f"{noun} from {lower} to {upper}"
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected, as a phrase, where the type alone does not say it."""

    phrase: str


def _without_sign_of_zero(value: float) -> float:
    """`value`, or 0.0 for -0.0: equal values shall give equal results, quotients included."""
    return value + 0.0


def refused_character(text: str) -> int | None:
    """Where the first character stands that no text may have: a hidden one, but tab and line end.

    What `hidden` says of joiners and variants holds here too: scripts that need them have them.
    """
    return next((place for place in hidden_places(text) if text[place] not in "\t\n\r"), None)


def _without_hidden(text: str) -> str:
    if refused_character(text) is not None:
        raise ValueError
    return text


def _read_date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return value


Visible = AfterValidator(_without_hidden)
"""Annotates a text in which nothing may be hidden."""

Share = Annotated[float, Within(0.0, 1.0)]
Logit = Annotated[float, Within(-FURTHEST, FURTHEST)]
Rungs = Annotated[float, Within(-FURTHEST, FURTHEST)]
NonNegative = Annotated[float, Within(0.0, FURTHEST)]
Weight = Annotated[float, Within(0.0, LARGEST)]
Positive = Annotated[float, Within(0.0, LARGEST, above=True)]
Leaning = Annotated[float, Within(-1.0, 1.0)]
Count = Annotated[int, Within(0, LARGEST_COUNT)]

Id = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_]{1,32}$"),
    Expected("an id of 1 to 32 letters, digits and underscores"),
]
Label = Annotated[
    str,
    Field(
        max_length=64,
        pattern=(
            rf"^[^{_CONTROLS}{_BREAKS}\s](?:[^{_CONTROLS}{_BREAKS}]*[^{_CONTROLS}{_BREAKS}\s])?$"
        ),
    ),
    Visible,
    Expected("a name of 1 to 64 characters, without hidden characters or spaces at its ends"),
]
Line = Annotated[
    str,
    Field(max_length=500, pattern=rf"^[^{_CONTROLS}{_BREAKS}]*$"),
    Visible,
    Expected("a text on one line, without hidden characters, up to 500 characters"),
]
Prose = Annotated[
    str,
    Field(max_length=20_000, pattern=rf"^[^{_CONTROLS}]*$"),
    Visible,
    Expected("a text without hidden characters, up to 20000 characters"),
]
Date = Annotated[datetime.date, BeforeValidator(_read_date), Expected("a date such as 1879-10-07")]
