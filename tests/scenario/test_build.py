"""Scenarios as the flat arrays that kernels read."""

import numpy as np
from model.states import crisis

from mcescalate.model.world import relation
from mcescalate.scenario.build import build_world
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.merged_rows import merge_rows


def test_pairs_that_are_alike_share_a_row():
    # A to B, B to C and all others: three kinds, and that of nobody to itself.
    world = build_world(
        crisis(
            "ABC",
            promises={("B", "C", "defence"): {"strength": 0.7}},
            dyads={("A", "B"): {"rivalry": 0.5, "reach": 0.25}},
        )
    )
    assert len(world.dyads) == 4
    assert world.dyad_of[0, 2] == world.dyad_of[2, 0] == world.dyad_of[1, 0]
    assert world.all_dyads.shape == (3, 3)
    assert (relation(world, 0, 1).rivalry, relation(world, 0, 1).reach) == (0.5, 0.25)
    assert (relation(world, 1, 2).defence, relation(world, 1, 2).rivalry) == (0.7, 0.0)
    assert world.all_dyads["defence"].tolist() == [[0, 0, 0], [0, 0, 0.7], [0, 0, 0]]
    assert world.all_dyads["rivalry"].tolist() == [[0, 0.5, 0], [0, 0, 0], [0, 0, 0]]


def test_promises_limited_to_different_adversaries_are_different():
    # Alike but for the span of their adversaries.
    promises = {
        ("A", "B", "defence"): {"against": ["C"]},
        ("B", "A", "defence"): {"against": ["D"]},
    }
    world = build_world(crisis("ABCD", promises=promises))
    spans = [
        world.links[row.defence_against : row.defence_against_end].tolist()
        for row in (relation(world, 0, 1), relation(world, 1, 0))
    ]
    assert spans == [[2], [3]]


def test_links_span_those_each_actor_must_watch():
    world = build_world(
        crisis(
            "ABC",
            promises={
                ("A", "B", "defence"): {"against": ["C"]},
                ("C", "B", "support"): {},
                ("B", "A", "consultation"): {"strength": 0.25},
                ("B", "C", "consultation"): {"strength": 0.5},
            },
            dyads={("B", "C"): {"rivalry": 1.0}, ("B", "A"): {"rivalry": 2.0}},
        )
    )
    spans = {
        name: [
            world.links[begin:end].tolist()
            for begin, end in zip(world.actors[name], world.actors[f"{name}_end"], strict=True)
        ]
        for name in ("backers", "rivals", "regarded", "ties_to")
    }
    assert spans == {
        "backers": [[], [0, 2], []],
        "rivals": [[1], [], [1]],
        "regarded": [[], [0, 2], []],
        "ties_to": [[], [0], []],
    }
    assert world.actors["consultation"].tolist() == [0.0, 0.75, 0.0]


def test_the_stronger_of_two_pacts_counts_in_whatever_order():
    pact = {"neutrality": 0.25, "nonaggression": 0.5}
    for kinds in (("neutrality", "nonaggression"), ("nonaggression", "neutrality")):
        promises = {("A", "B", kind): {"strength": pact[kind]} for kind in kinds}
        assert relation(build_world(crisis("AB", promises=promises)), 0, 1).pact == 0.5


def test_a_changed_world_does_not_change_the_next_one_of_its_scenario():
    scenario = crisis(
        "ABC",
        promises={("A", "B", "defence"): {"against": ["C"]}},
        dyads={("B", "C"): {"rivalry": 1.0}},
    )
    before = {
        name: value.copy()
        for name, value in build_world(scenario)._asdict().items()
        if isinstance(value, np.ndarray)
    }
    for name in before:
        array = getattr(build_world(scenario), name)
        array[...] = np.zeros(1, array.dtype)[0]
    after = build_world(scenario)
    for name, array in before.items():
        np.testing.assert_array_equal(getattr(after, name), array, name)
        assert array.tobytes().strip(b"\0") or name in ("dyad_of", "view_of", "memory", "record"), (
            name
        )


def test_scenarios_with_the_same_rows_share_what_these_amount_to():
    # What is merged is not merged again for another coefficient or another trait of an actor.
    scenario = crisis(
        "ABC",
        promises={("A", "B", "defence"): {"strength": 0.5}},
        dyads={("B", "C"): {"rivalry": 1.0}},
    )
    first = merge_rows(scenario)
    for change in (("response.gap", 0.75), ("actors.A.noise", 0.25)):
        other = merge_rows(assign(scenario, [change]))
        assert other.promises is first.promises
        assert other.dyads is first.dyads
    weaker = assign(scenario, [("ties.A-B.defence.strength", 0.25)])
    assert relation(build_world(weaker), 0, 1).defence == 0.25
    assert relation(build_world(scenario), 0, 1).defence == 0.5
    farther = assign(scenario, [("dyad_defaults.reach", 0.25)])
    assert relation(build_world(farther), 0, 1).reach == 0.25
    assert relation(build_world(scenario), 0, 1).reach == 1.0
