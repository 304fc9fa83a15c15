"""What every table and row of a scenario or a plan has in common."""

from pydantic import BaseModel, ConfigDict, Field

from mcescalate.scenario.fields import Prose


class Table(BaseModel):
    """A frozen table or row: strict types, no unknown keys, with a note and a source."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    note: Prose = Field("", description="A remark, stored with results.")
    source: Prose = Field("", description="Where the values come from, stored with results.")
