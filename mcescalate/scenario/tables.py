"""The tables and rows of a scenario: frozen, and named as in a scenario file."""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    create_model,
)

from mcescalate.model.coefficients import TABLES, Coefficient, rows_of
from mcescalate.scenario.consistency import TRIGGER_FORMS
from mcescalate.scenario.fields import (
    Count,
    Date,
    Expected,
    Id,
    Label,
    Leaning,
    Line,
    Logit,
    NonNegative,
    Positive,
    Prose,
    Rungs,
    Share,
    Weight,
    Within,
)

SCHEMA_VERSION = 1

Kind = Literal["defence", "offence", "consultation", "neutrality", "nonaggression", "support"]


class Table(BaseModel):
    """A table or row: strict, closed, frozen, and open to remarks."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
    )

    note: Prose = Field("", description="A remark, kept with results.")
    source: Prose = Field("", description="Where the values come from, kept with results.")


class Ladder(Table):
    """The rungs of escalation, from peace to war."""

    rungs: Annotated[
        tuple[Label, ...],
        Field(strict=False, min_length=3, max_length=16),
        Expected("3 to 16 names of rungs"),
    ] = Field(
        ("calm", "threat", "show of force", "mobilisation", "use of force", "war"),
        description="Names of the rungs, peace first and war last.",
    )
    mobilised: Annotated[int, Within(1, 15)] = Field(
        3, description="Rung from which timetables bind."
    )
    casus: Annotated[int, Within(1, 15)] = Field(
        3, description="Rung of the other side that calls upon treaties."
    )
    mid: Annotated[
        tuple[Annotated[int, Within(1, 5)], ...],
        Field(strict=False, max_length=16),
        Expected("a level from 1 to 5 for each rung"),
    ] = Field(
        (1, 2, 3, 3, 4, 5),
        description="Hostility level of each rung in dispute data, to compare with them.",
    )


class Actor(Table):
    """A government that takes part, or may come in."""

    id: Id = Field(description="Short unique name.")
    name: Line = Field("", description="Name to show.")
    capability: Positive = Field(description="Power, in any one unit (e.g. the share CINC).")
    resolve: Logit = Field(0.0, description="Log-odds added to going up, daring and coming in.")
    bias: Rungs = Field(0.0, description="Rungs by which it overrates hostility.")
    noise: NonNegative = Field(0.6, description="Spread of its readings, in rungs.")
    tempo: Share = Field(0.5, description="Chance that it can carry out a move in a turn.")
    rigidity: Share = Field(0.0, description="Chance to be stuck once mobilised.")
    instability: Share = Field(0.0, description="Chance that its government is divided.")
    turnover: Share = Field(0.0, description="Chance per turn that this is drawn anew.")
    optimism: Leaning = Field(0.0, description="Added to the balance of power as it sees it.")
    exercise: Share = Field(0.0, description="Chance that an onlooker meets an exercise.")
    arms: Count = Field(0, description="Level of arms at the start.")
    major: bool = Field(False, description="Whether it is a major power.")
    nuclear: bool = Field(False, description="Whether it has nuclear weapons.")

    @property
    def label(self) -> str:
        """The name to show: the id where no name is given."""
        return self.name or self.id


class Tie(Table):
    """A promise of one actor to another, or of both to each other."""

    from_: Id = Field(alias="from", description="Who promises.")
    to: Id = Field(description="To whom.")
    mutual: bool = Field(True, description="Whether the other promises the same.")
    kind: Kind = Field(description="What is promised.")
    strength: Share = Field(1.0, description="Weight of the promise.")
    ambiguity: Share = Field(0.0, description="How far its terms leave a way out.")
    conditional: Share = Field(0.0, description="How far it is void if the ally started it.")
    credibility: Share = Field(1.0, description="How far others believe it.")
    against: Annotated[tuple[Id, ...], Field(strict=False), Expected("an array of actor ids")] = (
        Field((), description="Adversaries it is aimed at; empty means anybody.")
    )
    treaty: Line = Field("", description="Name of the treaty.")
    since: Date | None = Field(None, description="Date from which it holds.")


class DyadDefaults(Table):
    """What holds for pairs of actors of which no row speaks."""

    rivalry: NonNegative = Field(0.0, description="How the first regards the second.")
    reach: Share = Field(1.0, description="How far each one's forces touch the other.")
    channel: Share = Field(0.0, description="Hotlines and transparency between them.")
    mistrust: Rungs = Field(0.0, description="Rungs added to the first's bias.")


class DyadRow(Table):
    """What holds between two actors; a value left out stays as it is."""

    a: Id = Field(description="The first.")
    b: Id = Field(description="The second.")
    directed: bool = Field(False, description="Whether it holds for (a, b) alone.")
    rivalry: NonNegative | None = Field(None, description="How a regards b.")
    reach: Share | None = Field(None, description="How far each one's forces touch the other.")
    channel: Share | None = Field(None, description="Hotlines and transparency between them.")
    mistrust: Rungs | None = Field(None, description="Rungs added to a's bias about b.")


class Incident(Table):
    """A pair that an incident may set against each other."""

    initiator: Id = Field(description="Who begins.")
    target: Id = Field(description="Against whom.")
    weight: Weight = Field(1.0, description="Weight of this pair among all.")


class Domain(Table):
    """A domain in which the incident may happen."""

    name: Label = Field(description="Unique name.")
    weight: Weight = Field(1.0, description="Weight of this domain among all.")
    noise: NonNegative = Field(1.0, description="Factor on the noise of all readings.")
    misattribution: Share = Field(0.0, description="Chance that the wrong one is blamed.")
    rung: Annotated[int, Within(1, 14)] = Field(
        1, description="Rung on which the initiator begins."
    )


class Trigger(Table):
    """How crises begin: one pair, several weighted ones, or any rivals."""

    initiator: Id | None = Field(None, description="Who begins, where there is one pair.")
    target: Id | None = Field(None, description="Against whom, where there is one pair.")
    dyads: Annotated[
        tuple[Incident, ...], Field(strict=False), Expected("rows [[trigger.dyads]]")
    ] = Field((), description="Several pairs.")
    from_rivalry: bool = Field(
        False, description="Whether all pairs count, by rivalry times reach."
    )
    accident: Share = Field(0.2, description="Chance that the incident is nobody's choice.")
    domains: Annotated[
        tuple[Domain, ...],
        Field(strict=False, min_length=1),
        Expected("at least 1 row [[trigger.domains]]"),
    ] = Field((Domain(name="conventional"),), description="Where incidents happen.")


def _coefficient_field(row: Coefficient) -> tuple[Any, Any]:
    kind = int if row.integer else float
    return (
        Annotated[kind, Within(row.lower, row.upper)],
        Field(kind(row.default), description=f"{row.meaning} Unit: {row.unit}."),
    )


def _coefficient_table(table: str) -> type[Table]:
    """The model of a coefficient table, made from its rows."""
    fields = {row.name: _coefficient_field(row) for row in rows_of(table)}
    return create_model(
        table.capitalize(),
        __base__=Table,
        __module__=__name__,
        __doc__=f"The coefficients of [{table}].",
        **fields,
    )


Arms, Deterrence, Perception, Response, Alliance, Contagion, Mediation, Outcome, Run = (
    _coefficient_table(table) for table in TABLES
)


class ScenarioTables(Table):
    """The tables and rows of a whole scenario; `schema.Scenario` checks that they fit together."""

    schema_version: Annotated[int, Expected("1"), Within(1, SCHEMA_VERSION)] = Field(
        description="Version of this format, 1."
    )
    title: Line = Field("", description="A title.")
    description: Prose = Field("", description="What the scenario is about.")
    ladder: Ladder = Field(Ladder(), description="The rungs.")
    actors: Annotated[
        tuple[Actor, ...],
        Field(strict=False, min_length=2),
        Expected("at least 2 rows [[actors]]"),
    ] = Field(description="Who is there.")
    ties: Annotated[tuple[Tie, ...], Field(strict=False), Expected("rows [[ties]]")] = Field(
        (), description="Who has promised what to whom."
    )
    dyad_defaults: DyadDefaults = Field(
        DyadDefaults(), description="Pairs of actors of which no row speaks."
    )
    dyads: Annotated[tuple[DyadRow, ...], Field(strict=False), Expected("rows [[dyads]]")] = Field(
        (), description="Rivalry, reach and channels between two actors."
    )
    trigger: Annotated[Trigger, Expected(f"a table [trigger] with {TRIGGER_FORMS}")] = Field(
        description="How crises begin."
    )
    arms: Arms = Arms()
    deterrence: Deterrence = Deterrence()
    perception: Perception = Perception()
    response: Response = Response()
    alliance: Alliance = Alliance()
    contagion: Contagion = Contagion()
    mediation: Mediation = Mediation()
    outcome: Outcome = Outcome()
    run: Run = Run()


def plain(value: Any) -> Any:
    """Models within `value` as dicts with the keys of a scenario file; absent values left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_none=True)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
