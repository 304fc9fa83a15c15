"""The tables and rows of a scenario: frozen, and named as in a scenario file.

Default tables are made without validation, which a test does: the validator of a table is built
when it is first used, and reading a file takes only that of the whole scenario.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

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
from mcescalate.scenario.form.coefficient_tables import (
    Alliance,
    Arms,
    Bystander,
    Contagion,
    Deterrence,
    Mediation,
    Outcome,
    Perception,
    Policy,
    Response,
    Run,
    Sequence,
    War,
)
from mcescalate.scenario.form.consistency import TRIGGER_FORMS
from mcescalate.scenario.form.table import Table

SCHEMA_VERSION = 1

Kind = Literal["defence", "offence", "consultation", "neutrality", "nonaggression", "support"]


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
        3, description="Lowest rung at which mobilisation timetables bind."
    )
    casus: Annotated[int, Within(1, 15)] = Field(
        3, description="Rung of the other side at which treaties are invoked (casus foederis)."
    )
    mid: Annotated[
        tuple[Annotated[int, Within(1, 5)], ...],
        Field(strict=False, max_length=16),
        Expected("a level from 1 to 5 for each rung"),
    ] = Field(
        (1, 2, 3, 3, 4, 5),
        description="Hostility level of each rung in the MID data, for comparison.",
    )


class Actor(Table):
    """A state that is party to the crisis or may join it."""

    id: Id = Field(description="Unique short name.")
    name: Line = Field("", description="Display name.")
    capability: Positive = Field(
        description="Material capability, in one unit for all actors (e.g. CINC)."
    )
    resolve: Logit = Field(
        0.0, description="Log-odds added to escalating, challenging and joining."
    )
    bias: Rungs = Field(0.0, description="Rungs by which the actor overestimates hostility.")
    noise: NonNegative = Field(0.6, description="Standard deviation of its readings, in rungs.")
    tempo: Share = Field(0.5, description="Probability that it can carry out a move in a turn.")
    rigidity: Share = Field(
        0.0, description="Probability that it cannot de-escalate once mobilised."
    )
    instability: Share = Field(0.0, description="Probability that its government is divided.")
    turnover: Share = Field(0.0, description="Probability per turn that this is drawn anew.")
    optimism: Leaning = Field(0.0, description="Added to the balance of power that it perceives.")
    exercise: Share = Field(
        0.0, description="Probability per turn that an onlooker sees an exercise of this actor."
    )
    arms: Count = Field(0, description="Initial level of arms.")
    opacity: NonNegative = Field(
        0.0, description="Added noise, as a share, with which others read this actor."
    )
    weight_audience: NonNegative = Field(
        1.0, description="Weight of the domestic cost of backing down."
    )
    weight_security: NonNegative = Field(1.0, description="Weight of security among its goals.")
    weight_stability: NonNegative = Field(1.0, description="Weight of stability among its goals.")
    weight_influence: NonNegative = Field(1.0, description="Weight of influence among its goals.")
    major: bool = Field(False, description="Whether it is a major power.")
    nuclear: bool = Field(False, description="Whether it has nuclear weapons.")

    @property
    def label(self) -> str:
        """The name to show: the id where no name is given."""
        return self.name or self.id


class Tie(Table):
    """An alliance commitment of one actor to another, or of both to each other."""

    from_: Id = Field(alias="from", description="Actor that makes the commitment.")
    to: Id = Field(description="Actor that receives it.")
    mutual: bool = Field(True, description="Whether the commitment is mutual.")
    kind: Kind = Field(description="Type of commitment.")
    strength: Share = Field(1.0, description="Strength of the commitment.")
    ambiguity: Share = Field(0.0, description="How far its terms leave room not to act.")
    conditional: Share = Field(0.0, description="How far it lapses if the ally started the crisis.")
    credibility: Share = Field(1.0, description="How far others believe it.")
    against: Annotated[tuple[Id, ...], Field(strict=False), Expected("an array of actor ids")] = (
        Field((), description="Adversaries that it is aimed at; empty means any adversary.")
    )
    treaty: Line = Field("", description="Name of the treaty.")
    since: Date | None = Field(None, description="Date on which it entered into force.")


class DyadDefaults(Table):
    """Defaults for ordered pairs of actors that no row names."""

    rivalry: NonNegative = Field(
        0.0, description="Rivalry that the first actor has with the second."
    )
    reach: Share = Field(1.0, description="How far the forces of each can reach the other.")
    channel: Share = Field(0.0, description="Quality of hotlines and transparency between them.")
    mistrust: Rungs = Field(
        0.0, description="Rungs added to the bias of the first about the second."
    )
    stake: Share = Field(0.0, description="What is at stake; 1 is a claim to territory.")


class DyadRow(Table):
    """Relations between two actors; an omitted value keeps its earlier one."""

    a: Id = Field(description="First actor.")
    b: Id = Field(description="Second actor.")
    directed: bool = Field(False, description="Whether the row holds for (a, b) only.")
    rivalry: NonNegative | None = Field(None, description="Rivalry that a has with b.")
    reach: Share | None = Field(None, description="How far the forces of each can reach the other.")
    channel: Share | None = Field(
        None, description="Quality of hotlines and transparency between them."
    )
    mistrust: Rungs | None = Field(None, description="Rungs added to the bias of a about b.")
    stake: Share | None = Field(None, description="What is at stake; 1 is a claim to territory.")


class Incident(Table):
    """A pair of actors between which an incident may occur."""

    initiator: Id = Field(description="Actor that initiates.")
    target: Id = Field(description="Actor that it targets.")
    weight: Weight = Field(1.0, description="Relative weight of this pair.")


class Domain(Table):
    """A domain in which the incident may occur."""

    name: Label = Field(description="Unique name.")
    weight: Weight = Field(1.0, description="Relative weight of this domain.")
    noise: NonNegative = Field(1.0, description="Factor on the noise of all readings.")
    misattribution: Share = Field(0.0, description="Probability that the wrong actor is blamed.")
    rung: Annotated[int, Within(1, 14)] = Field(
        1, description="Rung on which the initiator starts."
    )
    major: Logit = Field(
        0.0, description="Added to its log-odds if one of the two is a major power."
    )
    reach: Logit = Field(
        0.0, description="Added to its log-odds, per reach of the two, which a border makes 1."
    )
    stake: Logit = Field(
        0.0, description="Added to its log-odds, per stake of the initiator against the target."
    )


class Trigger(Table):
    """How crises begin: one pair, several weighted pairs, or all rivals."""

    initiator: Id | None = Field(None, description="Initiator, if there is one pair.")
    target: Id | None = Field(None, description="Target, if there is one pair.")
    dyads: Annotated[
        tuple[Incident, ...], Field(strict=False), Expected("rows [[trigger.dyads]]")
    ] = Field((), description="Weighted pairs.")
    from_rivalry: bool = Field(
        False, description="Whether all pairs of rivals count, weighted by rivalry times reach."
    )
    accident: Share = Field(0.2, description="Probability that the incident is an accident.")
    blame: NonNegative = Field(
        0.0, description="Weight, per reach, of any non-ally as a suspect when blame is misplaced."
    )
    domains: Annotated[
        tuple[Domain, ...],
        Field(strict=False, min_length=1),
        Expected("at least 1 row [[trigger.domains]]"),
    ] = Field((Domain.model_construct(name="conventional"),), description="Domains of incidents.")


class ScenarioTables(Table):
    """The tables and rows of a whole scenario; `schema.Scenario` checks that they fit together."""

    schema_version: Annotated[int, Expected("1"), Within(1, SCHEMA_VERSION)] = Field(
        description="Version of this format, 1."
    )
    title: Line = Field("", description="A title.")
    description: Prose = Field("", description="What the scenario is about.")
    date: Date | None = Field(None, description="Day on which the scenario stands.")
    era: Line | None = Field(
        None,
        description="Era whose fitted values hold, such as 1946-1989; the file has the values.",
    )
    ladder: Ladder = Field(Ladder.model_construct(), description="The rungs.")
    actors: Annotated[
        tuple[Actor, ...],
        Field(strict=False, min_length=2),
        Expected("at least 2 rows [[actors]]"),
    ] = Field(description="Actors.")
    ties: Annotated[tuple[Tie, ...], Field(strict=False), Expected("rows [[ties]]")] = Field(
        (), description="Alliance commitments."
    )
    dyad_defaults: DyadDefaults = Field(
        DyadDefaults.model_construct(), description="Defaults for pairs that no row names."
    )
    dyads: Annotated[tuple[DyadRow, ...], Field(strict=False), Expected("rows [[dyads]]")] = Field(
        (), description="Rivalry, reach and channels between two actors."
    )
    trigger: Annotated[Trigger, Expected(f"a table [trigger] with {TRIGGER_FORMS}")] = Field(
        description="How crises begin."
    )
    arms: Arms = Arms.model_construct()
    deterrence: Deterrence = Deterrence.model_construct()
    perception: Perception = Perception.model_construct()
    response: Response = Response.model_construct()
    alliance: Alliance = Alliance.model_construct()
    contagion: Contagion = Contagion.model_construct()
    bystander: Bystander = Bystander.model_construct()
    mediation: Mediation = Mediation.model_construct()
    policy: Policy = Policy.model_construct()
    war: War = War.model_construct()
    sequence: Sequence = Sequence.model_construct()
    outcome: Outcome = Outcome.model_construct()
    run: Run = Run.model_construct()


def plain(value: Any) -> Any:
    """Models within `value` as dicts with the keys of a scenario file; absent values left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_none=True)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
