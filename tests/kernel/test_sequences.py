"""Chains of several crises by the kernel, uncompiled: what the plain model gives."""

import numpy as np
import pytest
from kernel.uncompiled import by_the_uncompiled_kernel
from sequences import coalition, rivals, triad

from mcescalate.engine.batches import run_chains
from mcescalate.scenario.build import build_world

WORLDS = {
    "rivals": lambda: rivals(crises=4),
    "triad": triad,
    "coalition": coalition,
    "no quiet": lambda: coalition(sequence={"quiet": 0.0}),
    "one period": lambda: rivals(crises=1),
    "no memory": lambda: rivals(
        sequence=dict.fromkeys(("recur", "bitter", "firm", "general", "gain", "loss"), 0.0)
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_kernel_counts_and_records_what_the_plain_model_does(name):
    world = build_world(WORLDS[name]())
    given = {"seed": 7, "first_chain": 3, "n_chains": 25, "workers": 1, "keep_chains": True}
    plain, plain_rows = run_chains(world, backend="python", **given)
    with by_the_uncompiled_kernel():
        kernel, kernel_rows = run_chains(world, batch_size=10, **given)
    for field, counts in plain._asdict().items():
        np.testing.assert_array_equal(counts, getattr(kernel, field), err_msg=field)
    for field, rows in plain_rows._asdict().items():
        np.testing.assert_array_equal(rows, getattr(kernel_rows, field), err_msg=field)
    assert plain.n_chains[0] == 25
    assert plain.outcome.sum() + plain.quiet.sum() == 25 * world.crises
    assert (plain.credibility.sum(-1) == 25).all()
