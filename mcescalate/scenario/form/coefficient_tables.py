"""The tables of coefficients, each made from its rows in `model.coefficients`.

Editors and type checkers cannot run this; they read the same tables in the stub beside it, which
`scripts/coefficient_stub.py` prints from the same rows.
"""

from typing import Annotated, Any

from pydantic import Field, create_model

from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.fields import Within
from mcescalate.scenario.form.table import Table


def _coefficient_field(row: Coefficient) -> tuple[Any, Any]:
    kind = row.kind
    return (
        bool if kind is bool else Annotated[kind, Within(row.lower, row.upper)],
        Field(kind(row.default), description=f"{row.meaning} Unit: {row.unit}."),
    )


def _coefficient_table(table: str) -> type[Table]:
    """The model of a coefficient table, made from its rows."""
    fields: dict[str, Any] = {row.name: _coefficient_field(row) for row in rows_of(table)}
    return create_model(
        table.capitalize(),
        __base__=Table,
        __module__=__name__,
        __doc__=f"The coefficients of [{table}].",
        **fields,
    )


(
    Arms,
    Deterrence,
    Perception,
    Response,
    Alliance,
    Contagion,
    Bystander,
    Mediation,
    Policy,
    War,
    Sequence,
    Outcome,
    Run,
) = map(_coefficient_table, TABLES)
