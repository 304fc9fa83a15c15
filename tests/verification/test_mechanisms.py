"""A new mechanism needs its row, its term and what it rests on, and nothing else.

A throw-away mechanism of each dependence is added to a copy of the package. The kernel, with all
its memory, must then simulate what the plain model does, chain by chain, and the exact solver
must agree with both. One whose dependence is left undeclared must fail at once.
"""

import pytest
from verification.mechanisms import MECHANISMS, WEARINESS, plant, run

KERNEL_AND_PLAIN = """
import sys
import numpy as np
from verification.lively import chains_by_kernel, chains_by_plain, world_with
address, n = sys.argv[1], int(sys.argv[2])
for strength in (0.0, 0.7, -0.5):
    world = world_with(address, strength)
    one, other = chains_by_kernel(world, n), chains_by_plain(world, n)
    for field, rows in one._asdict().items():
        np.testing.assert_array_equal(rows, getattr(other, field), err_msg=f"{field} {strength}")
    if strength == 0.0:
        neutral = one
    else:
        assert any((rows != getattr(neutral, f)).any() for f, rows in one._asdict().items())
"""

EXACT_AND_PLAIN = """
import sys
from verification.lively import pair_by_exact, pair_by_hand, pair_with
for strength in (0.0, 0.7):
    world = pair_with(sys.argv[1], strength)
    by_hand = pair_by_hand(world)
    assert max(abs(pair_by_exact(world) - by_hand)) < 1e-12, (pair_by_exact(world), by_hand)
    if strength == 0.0:
        neutral = by_hand
assert max(abs(by_hand - neutral)) > 1e-3
"""

SAMPLED_AND_EXACT = """
import sys
from verification.agreement import FAMILY_RATE, cells, disagreements
from verification.lively import scenario_with
import mcescalate as mc
scenario = scenario_with(sys.argv[1], 0.7)
exact = mc.solve(scenario)
for backend in sys.argv[2:]:
    result = mc.simulate(scenario, n_chains=200_000, seed=20_261_130, backend=backend)
    assert list(disagreements(cells(result, exact), FAMILY_RATE)) == []
"""


def passes(done) -> None:
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("name", MECHANISMS)
def test_the_kernel_simulates_a_new_mechanism_as_the_plain_model_does(name, tmp_path):
    mechanism = MECHANISMS[name]
    passes(run(plant(mechanism, tmp_path), KERNEL_AND_PLAIN, mechanism.address, "40"))


def test_the_exact_solver_follows_a_mechanism_that_rests_on_the_turn(tmp_path):
    passes(run(plant(WEARINESS, tmp_path), EXACT_AND_PLAIN, WEARINESS.address))


@pytest.mark.slow
@pytest.mark.parametrize("name", MECHANISMS)
def test_samples_of_a_new_mechanism_agree_with_the_exact_solution(name, tmp_path):
    # Compiling takes long: the kernel is compiled where something new has to be forgotten.
    mechanism = MECHANISMS[name]
    backends = ["plain"] if mechanism.declared == "0" else ["plain", "numba"]
    passes(run(plant(mechanism, tmp_path), SAMPLED_AND_EXACT, mechanism.address, *backends))


CHECK = "from mcescalate.model.dependences import check; check()"


@pytest.mark.parametrize("name", MECHANISMS)
def test_declared_dependences_are_enough(name, tmp_path):
    passes(run(plant(MECHANISMS[name], tmp_path), CHECK))


@pytest.mark.parametrize("name", [name for name, m in MECHANISMS.items() if m.declared != "0"])
def test_an_undeclared_dependence_fails_at_once(name, tmp_path):
    mechanism = MECHANISMS[name]
    folder = plant(mechanism, tmp_path, declared="0")
    done = run(folder, "from mcescalate.engine.backends import kernels_of; kernels_of('numba')")
    assert done.returncode == 1
    message = done.stderr.splitlines()[-1]
    assert "UndeclaredDependence" in message
    assert mechanism.address.replace(".", "_") in message
