"""Whether what was handed over is a result, and where one comes from if it is not."""

import os
from typing import Any

from mcescalate.arguments import kind_of
from mcescalate.errors import UsageError


def expect_result(value: Any, function: str) -> None:
    """See that `value` is a dataset.

    Raises
    ------
    UsageError
        It is not; names the function that it was given to, and `load` or `simulate`.
    """
    import xarray as xr

    if isinstance(value, xr.Dataset):
        return
    is_name = isinstance(value, str | os.PathLike)
    advice = "read the file first, with load" if is_name else "simulate makes one, load reads one"
    raise UsageError(f"{function}: expected a result, found {kind_of(value)}; {advice}")
