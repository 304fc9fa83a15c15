"""A scenario (sections 1, 10, 11) as plain dataclasses and dicts, with the defaults of section 7.

New terms of sections 10 and 11 are off by default.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import SimpleNamespace

DEFAULTS: dict[str, dict[str, float]] = {
    "arms": {
        "periods": 0, "levels": 8, "base": -1, "pull": 0.8, "fatigue": 0.5, "decay": -2,
        "effect": 0.05, "tempo": 0.05,
    },
    "deterrence": {
        "base": -1, "rivalry": 1, "balance": 2, "diversion": 0.3, "pact": 1, "divided": 0.5,
        "exercise": 0.5, "opportunity": 0, "latent": 1, "stake": 0, "provocation": 0,
        "assurance": 0,
    },
    "perception": {"channel_noise": 0.6, "channel_bias": 0.6, "sharing": 0.3},
    "response": {
        "up": -0.65, "gap": 0.5, "balance": 0.6, "rivalry": 0.35, "diversion": 0.2,
        "preempt": 0.8, "reassure": 2, "cost": 0.1, "war_cost": 2.8, "nuclear": 2,
        "restraint": 0.5, "protocol": 0.5, "down": 0.1, "audience": 0.1, "channel": 0.4,
        "stake": 0, "stake_war": 0, "encircle": 0, "assurance": 0, "display": 0, "limited": 0,
    },
    "alliance": {
        "base": -3.7, "obligation": 3, "threat": 0.7, "balance": 0.5, "rivalry": 0.5,
        "resolve": 1, "reach": 1, "pact": 1.5, "divided": 1, "burden": 0, "slack": 0.5,
        "review": 0.1, "aid": 0.5, "short_of_war": 0, "capability": 0, "loss": 0, "follow": 0,
        "divided_delay": 0,
    },
    "contagion": {
        "base": -7, "rivalry": 1, "balance": 1, "major": 1, "reach": 2, "pact": 1.5,
        "short_of_war": 0, "capability": 0,
    },
    "bystander": {
        "base": -100, "capability": 0, "major": 0, "reach": 0, "balance": 0, "pact": 0,
        "short_of_war": 0,
    },
    "mediation": {"rate": 0.1, "delay": 3, "pull": 2, "tension": 0, "arms": 0},
    "policy": {"from_rung": 16, "restraint": 0, "calm": 0, "mediation": 0},
    "war": {"rate": 0, "balance": 0, "length": 0, "decisive": 0},
    "sequence": {
        "crises": 1, "years": 1, "carry_arms": False, "quiet": 0, "half_life": 2,
        "memory_half_life": 4, "gain": 0, "loss": 0, "caution": 0, "hard_times": 0,
        "settled_memory": 0.6, "war_memory": 0.4, "recur": 0, "bitter": 0, "firm_step": 1,
        "firm": 0, "general": 0,
    },
    "outcome": {"general_share": 0.5, "system_capability": 0},
    "run": {"horizon": 60, "turn_days": 3},
}  # fmt: skip


@dataclass(frozen=True)
class Ladder:
    """Names of the rungs; `mobilised` and `casus` are rung numbers."""

    rungs: tuple[str, ...] = (
        "calm", "threat", "show of force", "mobilisation", "use of force", "war",
    )  # fmt: skip
    mobilised: int = 3
    casus: int = 3

    @property
    def R(self) -> int:
        """War: the last rung."""
        return len(self.rungs) - 1


@dataclass(frozen=True)
class Actor:
    """One actor; names and units as in the scenario file."""

    id: str
    capability: float
    resolve: float = 0.0
    bias: float = 0.0
    noise: float = 0.6
    tempo: float = 0.5
    rigidity: float = 0.0
    instability: float = 0.0
    turnover: float = 0.0
    optimism: float = 0.0
    exercise: float = 0.0
    arms: int = 0
    opacity: float = 0.0
    weight_audience: float = 1.0
    weight_security: float = 1.0
    weight_stability: float = 1.0
    weight_influence: float = 1.0
    major: bool = False
    nuclear: bool = False


@dataclass(frozen=True)
class Promise:
    """One merged promise; nobody in `against` means that it holds against anybody."""

    strength: float = 1.0
    ambiguity: float = 0.0
    conditional: float = 0.0
    credibility: float = 1.0
    against: tuple[str, ...] = ()


NO_PROMISE = Promise(strength=0.0)


@dataclass(frozen=True)
class Dyad:
    """How one actor stands to another."""

    rivalry: float = 0.0
    reach: float = 1.0
    channel: float = 0.0
    mistrust: float = 0.0
    stake: float = 0.0


@dataclass(frozen=True)
class Domain:
    """Where incidents happen; `rung` is the initiator's first rung."""

    name: str = "conventional"
    weight: float = 1.0
    noise: float = 1.0
    misattribution: float = 0.0
    rung: int = 1
    major: float = 0.0
    reach: float = 0.0
    stake: float = 0.0


@dataclass(frozen=True, eq=False)
class Model:
    """A scenario with all defaults filled in. Actors stand in the file's order."""

    ladder: Ladder
    actors: dict[str, Actor]
    promises: dict[tuple[str, str, str], Promise]
    dyads: dict[tuple[str, str], Dyad]
    dyad_default: Dyad
    incidents: tuple[tuple[str, str, float], ...]
    domains: dict[str, Domain]
    accident: float
    blame: float
    tie_labels: tuple[tuple[str, str], ...]
    arms: SimpleNamespace
    deterrence: SimpleNamespace
    perception: SimpleNamespace
    response: SimpleNamespace
    alliance: SimpleNamespace
    contagion: SimpleNamespace
    bystander: SimpleNamespace
    mediation: SimpleNamespace
    policy: SimpleNamespace
    war: SimpleNamespace
    sequence: SimpleNamespace
    outcome: SimpleNamespace
    run: SimpleNamespace
    memory: Mapping[tuple[str, str], float] = field(default_factory=dict)  # section 11: Mem_ij
    record: Mapping[tuple[str, str], float] = field(default_factory=dict)  # Rec_ij

    def others(self, i: str) -> list[str]:
        """Every actor but `i`."""
        return [j for j in self.actors if j != i]

    def dyad(self, i: str, j: str) -> Dyad:
        """How `i` stands to `j`."""
        return self.dyads.get((i, j), self.dyad_default)

    @property
    def system_capability(self) -> float:
        """K_sys: capability of the whole system, never less than that of the actors."""
        of_actors = sum(actor.capability for actor in self.actors.values())
        return max(self.outcome.system_capability, of_actors)

    def promise(self, k: str, j: str, kind: str) -> Promise:
        """What `k` has promised `j`; strength 0 if nothing."""
        return self.promises.get((k, j, kind), NO_PROMISE)


def make_model(
    actors: Iterable[Actor],
    *,
    incidents: Iterable[tuple[str, str, float]],
    promises: Mapping[tuple[str, str, str], Promise] | None = None,
    dyads: Mapping[tuple[str, str], Dyad] | None = None,
    dyad_default: Dyad | None = None,
    domains: Iterable[Domain] = (),
    accident: float = 0.2,
    blame: float = 0.0,
    ladder: Ladder | None = None,
    tie_labels: Iterable[tuple[str, str]] | None = None,
    **coefficients: Mapping[str, float],
) -> Model:
    """Model from parts; `response={"gap": 1.0}` and so on override single coefficients.

    Without `tie_labels` every defence promise gets one, in the order of `promises`.
    """
    promises = dict(promises or {})
    tables = {}
    for table, defaults in DEFAULTS.items():
        given = dict(coefficients.pop(table, {}))
        unknown = given.keys() - defaults.keys()
        if unknown:
            raise KeyError(f"{table}: {sorted(unknown)}")
        tables[table] = SimpleNamespace(**(defaults | given))
    if coefficients:
        raise KeyError(f"tables: {sorted(coefficients)}")
    if tie_labels is None:
        tie_labels = [(k, j) for k, j, kind in promises if kind == "defence"]
    return Model(
        ladder=ladder or Ladder(),
        actors={actor.id: actor for actor in actors},
        promises=promises,
        dyads=dict(dyads or {}),
        dyad_default=dyad_default or Dyad(),
        incidents=tuple(incidents),
        domains={domain.name: domain for domain in (tuple(domains) or (Domain(),))},
        accident=accident,
        blame=blame,
        tie_labels=tuple(tie_labels),
        **tables,
    )


def model_of(scenario) -> Model:
    """Model of a checked `mcescalate` scenario; its merging of rows is taken as it is."""
    from mcescalate.scenario.merged_rows import merge_rows

    merged = merge_rows(scenario)
    return make_model(
        [_copied(Actor, row) for row in _rows(merged.actors)],
        incidents=[tuple(incident) for incident in merged.incidents],
        promises={key: _copied(Promise, row) for key, row in merged.promises.items()},
        dyads={key: _copied(Dyad, row) for key, row in merged.dyads.items()},
        dyad_default=_copied(Dyad, merged.dyad_defaults),
        domains=[_copied(Domain, row) for row in _rows(merged.domains)],
        accident=scenario.trigger.accident,
        blame=scenario.trigger.blame,
        ladder=_copied(Ladder, scenario.ladder),
        tie_labels=[tuple(label) for label in merged.tie_labels],
        **{
            table: {name: getattr(getattr(scenario, table), name) for name in names}
            for table, names in DEFAULTS.items()
        },
    )


def _rows(table):
    """Rows of a tuple, or the values of a dict keyed by id."""
    return table.values() if isinstance(table, Mapping) else table


def _copied(kind, row):
    """One of our dataclasses with the values of another object's fields of the same names."""
    values = {each.name: getattr(row, each.name) for each in fields(kind)}
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def logistic(x: float) -> float:
    """Λ(x) = 1 / (1 + e^-x), without overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def normal_cdf(x: float) -> float:
    """Φ(x), the standard normal distribution function."""
    return math.erfc(-x / math.sqrt(2)) / 2
