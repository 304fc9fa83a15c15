"""What no data file says about an actor: values that are left to the user's judgement."""

from collections.abc import Iterable
from dataclasses import dataclass

from mcescalate.scenario.form.tables import Actor

JUDGED = ("resolve", "bias", "noise", "tempo", "rigidity", "optimism", "exercise", "arms")
"""Values of an actor that no data set has, the most important ones first."""
FROM_REGIMES = ("instability", "turnover")
"""Values that only a file of regimes gives."""


@dataclass(frozen=True)
class Judgement:
    """An actor with the values that the data leave open, each at the model's default."""

    actor: str
    name: str
    values: dict[str, float]


def open_judgements(actors: Iterable[Actor]) -> tuple[Judgement, ...]:
    """List the values that are left to judge, actor by actor."""
    return tuple(
        Judgement(
            actor.id,
            actor.name or "",
            {
                name: getattr(actor, name)
                for name in (*JUDGED, *FROM_REGIMES)
                if name in JUDGED or name not in actor.model_fields_set
            },
        )
        for actor in actors
    )
