"""Whether what was handed over is a scenario, and where one comes from if it is not."""

import os
from typing import Any

from mcescalate.arguments import kind_of
from mcescalate.errors import UsageError
from mcescalate.scenario.schema import Scenario


def expect_scenario(value: Any, function: str) -> None:
    """See that `value` is a scenario.

    Raises
    ------
    UsageError
        It is not; names the function that it was given to, and `load_scenario`.
    """
    if isinstance(value, Scenario):
        return
    is_name = isinstance(value, str | os.PathLike)
    advice = "read the file first, with load_scenario" if is_name else "load_scenario reads one"
    raise UsageError(f"{function}: expected a scenario, found {kind_of(value)}; {advice}")
