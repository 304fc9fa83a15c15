"""Scenarios as the flat arrays that kernels read."""

from model.states import crisis

from mcescalate.model.world import relation
from mcescalate.scenario.build import build_world


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
