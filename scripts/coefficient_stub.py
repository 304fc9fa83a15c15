"""Print the stub of the coefficient tables, by which editors and type checkers know them.

.venv/bin/python scripts/coefficient_stub.py > mcescalate/scenario/form/coefficient_tables.pyi
"""

import textwrap
from collections.abc import Iterator

from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.form import coefficient_tables

OPENING = """\
# Printed by scripts/coefficient_stub.py from the rows of mcescalate/model/coefficients.py.
from mcescalate.scenario.form.table import Table
"""


def stub() -> str:
    """The whole stub."""
    return OPENING + "".join(f"\n{_table(name)}" for name in TABLES)


def _table(name: str) -> str:
    model = getattr(coefficient_tables, name.capitalize())
    head = f'class {model.__name__}(Table):\n    """{model.__doc__}"""\n\n'
    return head + "".join(f"    {line}\n" for row in rows_of(name) for line in _lines(row))


def _lines(row: Coefficient) -> Iterator[str]:
    yield f"{row.name}: {row.kind.__name__} = {row.kind(row.default)!r}"
    yield from textwrap.wrap(f'"""{row.meaning} Unit: {row.unit}."""', 96)


if __name__ == "__main__":
    print(stub(), end="")
