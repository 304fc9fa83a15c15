"""A key for what is made of frozen values, so that it is made once.

Neither a scenario nor a row of one ever changes. Scenarios that differ in a few coefficients share
their rows: a calibration, a sweep or two calls with one scenario merge its treaties once.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")

N_REMEMBERED = 8
"""What was made of so many values is kept, those last used."""


@dataclass(frozen=True, slots=True, eq=False)
class Same(Generic[Value]):
    """A frozen value as an argument of a function with `functools.lru_cache`, known by identity.

    Equal rows may differ in what they write (1 and 1.0), and it takes long to compare thousands.
    """

    value: Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)
