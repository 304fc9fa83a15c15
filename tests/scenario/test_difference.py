"""An overlay made of changes makes the same changes again."""

import random

import pytest
from cases import CASES, load_case
from small_crisis import crisis

from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.change.difference import overlay_between
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.change.values import SINGLE_TABLES, ScenarioValues
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.toml_text import read_toml
from mcescalate.scenario.wording import Origin
from mcescalate.scenario.writing import overlay_to_toml

N_CHANGES = 12


def again(base, changed):
    """The base with the overlay between both, written and read."""
    text = overlay_to_toml(overlay_between(base, changed))
    return apply_overlay(base, read_toml(text, Origin("overlay.toml")), "overlay.toml")


def assert_same(ours, theirs):
    assert merge_rows(ours) == merge_rows(theirs)
    for table in SINGLE_TABLES:
        assert getattr(ours, table) == getattr(theirs, table)
    for name in ("accident", "blame"):
        assert getattr(ours.trigger, name) == getattr(theirs.trigger, name)


def addresses(values, start=()):
    names = values.names(start)
    return [start] if not names else [it for n in names for it in addresses(values, (*start, n))]


def changes(scenario, seed):
    """Valid new values at some addresses of each table, drawn at random."""
    values = ScenarioValues(scenario)
    draw = random.Random(seed)
    known = [path for path in addresses(values) if path[0] not in ("ladder", "run")]
    tables = sorted({path[:-2] or path[:1] for path in known})
    for table in draw.sample(tables, min(N_CHANGES, len(tables))):
        path = draw.choice([it for it in known if (it[:-2] or it[:1]) == table])
        old = values.value(path)
        if isinstance(old, bool):
            yield ".".join(path), not old
        elif isinstance(old, int):
            yield ".".join(path), max(old, 1)
        else:
            yield ".".join(path), draw.choice((0.25, 0.5, 1.0))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]
)
def test_changes_at_random(name, seed):
    base = load_case(name)
    chosen = list(changes(base, seed))
    assert len(chosen) > 5
    changed = assign(base, chosen)
    assert_same(again(base, changed), changed)


@pytest.mark.parametrize(
    "settings",
    [
        {"response.gap": 0.0},
        {"actors.RUS.nuclear": True, "actors.AUH.arms": 3},
        {"ties.RUS-YUG.defence.strength": 0.0},
        {"dyads.AUH-YUG.channel": 1.0},
        {"dyads.AUH-YUG.channel": 1.0, "dyads.YUG-AUH.channel": 1.0},
        {"dyads.RUS-AUH.rivalry": 2.0, "dyad_defaults.reach": 0.4},
        {"trigger.accident": 0.0, "trigger.domains.conventional.weight": 2.0},
        {"ladder.casus": 2},
    ],
    ids=lambda settings: ",".join(settings),
)
def test_changes_of_each_kind(settings):
    base = crisis()
    changed = assign(base, settings.items())
    assert merge_rows(changed) != merge_rows(base) or changed != base
    assert_same(again(base, changed), changed)


def test_without_a_change_the_overlay_is_empty():
    assert overlay_between(crisis(), crisis()) == {}
    assert overlay_between(crisis(), assign(crisis(), [])) == {}


def test_only_what_changes_is_in_it():
    base = crisis()
    overlay = overlay_between(
        base, assign(base, [("response.gap", 0.7), ("actors.RUS.noise", 0.1)])
    )
    assert overlay["response"] == {"gap": 0.7}
    assert [row.id for row in overlay["actors"]] == ["RUS"]
    assert set(overlay) == {"response", "actors"}


def test_a_pair_keeps_its_source():
    base = load_case("july-1914")
    changed = assign(base, [("dyads.GMY-RUS.channel", 0.9)])
    [row] = overlay_between(base, changed)["dyads"]
    assert (row.a, row.b, row.directed, row.channel) == ("GMY", "RUS", True, 0.9)
    assert "emperors" in row.source
