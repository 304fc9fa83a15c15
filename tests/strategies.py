"""Random valid scenarios, in which any mechanism may be switched on; numbers are moderate."""

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mcescalate.hidden import escape_hidden
from mcescalate.model.coefficients import COEFFICIENTS, FURTHEST, TABLES, Coefficient, rows_of
from mcescalate.scenario.form.tables import Kind
from mcescalate.scenario.schema import Scenario

# A busy machine is no reason to fail.
settings.register_profile("scenarios", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("scenarios")

few_or_many = pytest.mark.parametrize(
    "examples", [20, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "many"]
)
"""Examples of a test of random scenarios: drawing one takes longer than most checks of it."""

IDS = ("AUH", "YUG", "RUS", "GMY", "FRN", "UKG", "NO", "nan", "1e5", "x_1", "TUR", "BEL")
MOST = {
    "sequence.crises": 1,
    "run.horizon": 8,
    "mediation.delay": 4,
    "arms.periods": 3,
    "arms.levels": 4,
    "policy.from_rung": 4,
}


KINDS = (*get_args(Kind), "defence", "defence")
"""More rules rest on defence than on all other promises."""


def grid(low: float, high: float, steps: int = 20) -> st.SearchStrategy[float]:
    """Numbers from `low` to `high`, evenly spaced, so that failures read well."""
    return st.integers(0, steps).map(lambda k: low + (high - low) * k / steps)


shares = grid(0.0, 1.0)
signed = grid(-2.0, 2.0)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=5).filter(
    lambda text: escape_hidden(text) == text
)


def some_of(**fields: st.SearchStrategy) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the fields; the others are left to their defaults."""
    return st.fixed_dictionaries({}, optional=fields)


def pairs_of(ids: list[str]) -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from([(a, b) for a in ids for b in ids if a != b])


def coefficient_values(row: Coefficient) -> st.SearchStrategy[float]:
    if row.address == "sequence.quiet":
        return st.just(0.0)  # chains of one crisis each: see tests of sequences
    if row.boolean:
        return st.booleans()
    if 0.0 < row.lower < 1.0:
        return grid(0.5, 4.0)
    if row.integer:
        return st.integers(int(row.lower), MOST[row.address])
    if row.lower == -FURTHEST:
        return grid(-3.0, 3.0, 24)
    return shares if row.upper == 1.0 else grid(0.0, 2.0)


def coefficient_tables(table: str) -> st.SearchStrategy[dict[str, Any]]:
    rows = [row for row in COEFFICIENTS if row.table == table]
    return some_of(**{row.name: coefficient_values(row) for row in rows}, note=texts)


@st.composite
def ladders(draw: st.DrawFn, most: int) -> dict[str, Any]:
    n = draw(st.integers(3, most))
    rungs = st.integers(1, n - 1)
    return {
        "rungs": [f"rung {i}" for i in range(n)],
        "mobilised": draw(rungs),
        "casus": draw(rungs),
        "mid": sorted(draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))),
    }


def actor_rows(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"id": st.just(name), "capability": grid(0.1, 2.1)},
        optional={
            "name": texts,
            "resolve": signed,
            "bias": signed,
            "noise": grid(0.0, 2.0),
            "tempo": shares,
            "rigidity": shares,
            "instability": shares,
            "turnover": shares,
            "optimism": grid(-1.0, 1.0),
            "exercise": shares,
            "arms": st.integers(0, 6),
            "opacity": grid(0.0, 2.0),
            "weight_audience": grid(0.0, 2.0),
            "weight_security": grid(0.0, 2.0),
            "weight_stability": grid(0.0, 2.0),
            "weight_influence": grid(0.0, 2.0),
            "major": st.booleans(),
            "nuclear": st.booleans(),
        },
    )


@st.composite
def tie_rows(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    giver, to = draw(pairs_of(ids))
    terms = some_of(
        mutual=st.booleans(),
        strength=shares,
        ambiguity=shares,
        conditional=shares,
        credibility=shares,
        against=st.lists(st.sampled_from(ids), max_size=2),
        treaty=texts,
        since=st.dates(),
        source=texts,
    )
    return {
        "from": giver,
        "to": to,
        "kind": draw(st.sampled_from(KINDS)),
        **draw(terms),
    }


@st.composite
def dyad_rows(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    a, b = draw(pairs_of(ids))
    return {"a": a, "b": b, **draw(some_of(directed=st.booleans(), **DYAD_VALUES))}


DYAD_VALUES = {
    "rivalry": grid(0.0, 2.0),
    "reach": shares,
    "channel": shares,
    "mistrust": signed,
    "stake": shares,
}


@st.composite
def triggers(draw: st.DrawFn, ids: list[str], war: int) -> dict[str, Any]:
    form = draw(st.sampled_from(("pair", "dyads", "from_rivalry")))
    trigger: dict[str, Any] = {"accident": draw(shares), "blame": draw(grid(0.0, 1.0, 4))}
    if form == "pair":
        trigger["initiator"], trigger["target"] = draw(pairs_of(ids))
    elif form == "dyads":
        rows = draw(st.lists(pairs_of(ids), min_size=1, max_size=3, unique=True))
        trigger["dyads"] = [
            {"initiator": a, "target": b, "weight": draw(grid(0.5 if i == 0 else 0.0, 2.5))}
            for i, (a, b) in enumerate(rows)
        ]
    else:
        trigger["from_rivalry"] = True
    if draw(st.booleans()):
        trigger["domains"] = [
            {
                "name": name,
                "weight": draw(grid(0.5 if i == 0 else 0.0, 2.5)),
                "rung": draw(st.integers(1, war - 1)),
                **draw(some_of(noise=grid(0.0, 2.0), misattribution=shares)),
            }
            for i, name in enumerate(("land", "cyber 2.0")[: draw(st.integers(1, 2))])
        ]
    return trigger


@st.composite
def with_all_terms(draw: st.DrawFn, scenario: Scenario) -> Scenario:
    """The scenario with every term on that is off unless a file says otherwise."""
    tables = {}
    for table in TABLES:
        rows = [row for row in rows_of(table) if row.default == row.neutral and not row.integer]
        values = {row.name: draw(coefficient_values(row)) for row in rows}
        if table == "policy":
            values["from_rung"] = draw(st.integers(0, 3))
        tables[table] = getattr(scenario, table).model_copy(update=values)
    return scenario.model_copy(update=tables)


@st.composite
def scenarios(
    draw: st.DrawFn,
    max_actors: int = 4,
    max_rungs: int = 4,
    min_actors: int = 2,
    min_ties: int = 0,
) -> Scenario:
    """Valid scenarios of a few actors, of 3 to `max_rungs` rungs, war included, and a few ties."""
    ids = draw(st.permutations(IDS))[: draw(st.integers(min_actors, max_actors))]
    ladder = draw(ladders(max_rungs))
    trigger = draw(triggers(ids, len(ladder["rungs"]) - 1))
    dyads = draw(st.lists(dyad_rows(ids), max_size=4))
    if trigger.get("from_rivalry"):
        a, b = draw(pairs_of(ids))
        dyads.append({"a": a, "b": b, "rivalry": draw(grid(0.5, 2.5)), "reach": 1.0})
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "title": draw(texts),
            "ladder": ladder,
            "actors": [draw(actor_rows(name)) for name in ids],
            "ties": draw(st.lists(tie_rows(ids), min_size=min_ties, max_size=min_ties + 5)),
            "dyad_defaults": draw(some_of(**DYAD_VALUES)),
            "dyads": dyads,
            "trigger": trigger,
            **{table: draw(coefficient_tables(table)) for table in TABLES},
        }
    )
