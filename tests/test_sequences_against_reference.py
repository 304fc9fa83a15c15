"""Chains of several crises against the reference model: the same words, the same counts.

As in `test_chains_against_reference`, the reference model simulates each chain from the random
words of docs/model.md 9, here crisis after crisis, with every memory on. So it checks what a crisis
leaves and what the next makes of it, as well as draws by crisis and counts by period.
"""

import numpy as np
import pytest
import reference_model as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel.uncompiled import by_the_uncompiled_kernel
from sequences import coalition, rivals, triad
from strategies import grid
from test_chains_against_reference import CHAINS, SEEDS, STEADY, Replay, crises, yes_words

import mcescalate as mc
from mcescalate.model import words
from mcescalate.model.codes import NO_OUTCOME
from mcescalate.scenario.schema import Scenario

N_CHAINS = 6
EXAMPLES = 2
MORE_EXAMPLES = 60


def replay_chain(model: ref.Model, seed: int, chain: int) -> list[ref.Period]:
    """A chain of several crises, by the reference model and the package's words."""
    past, periods = ref.nothing_left(model), []
    for n in range(model.sequence.crises):
        found = ref.next_model(model, past)
        replay = Replay(found, seed, chain, n)
        crisis = None
        if replay.word(words.QUIET, 0) >= yes_words(ref.quiet_probability(found)):
            crisis = replay.reported()
            past = ref.left_by(found, past, crisis)
        periods.append(ref.Period(crisis, past.credibility))
        past = ref.faded(model, past)
    return periods


def compare(scenario: Scenario, seed: int, first: int, n_chains: int, backend: str) -> None:
    model = ref.model_of(scenario)
    chains = [replay_chain(model, seed, chain) for chain in range(first, first + n_chains)]
    crises_of = [period.crisis for periods in chains for period in periods]
    expected = ref.tally(model, [crisis.record for crisis in crises_of if crisis is not None])
    expected |= ref.tally_of_chains(model, chains) | {"n_chains": n_chains}
    expected["chain_outcome"] = np.array(
        [
            NO_OUTCOME if crisis is None else ref.OUTCOMES.index(crisis.record.outcome)
            for crisis in crises_of
        ]
    ).reshape(n_chains, model.sequence.crises)
    result = mc.simulate(
        scenario,
        n_chains=n_chains,
        seed=seed,
        first_chain=first,
        backend=backend,
        workers=1,
        keep_chains=True,
    )
    for name, values in expected.items():
        found = result[name].values
        assert np.array_equal(found, values), f"{name}: {found.tolist()}, not {values.tolist()}"


STRONG = st.fixed_dictionaries(
    {
        "crises": st.integers(2, 3),
        "quiet": st.sampled_from((0.0, 0.4)),
        "years": grid(0.5, 2.0),
        "carry_arms": st.booleans(),
        **{
            name: grid(0.2, 1.0)
            for name in ("gain", "loss", "caution", "hard_times", "settled_memory", "war_memory")
        },
        **{name: grid(0.5, 2.0) for name in ("recur", "bitter", "firm_step", "firm", "general")},
        **{name: grid(0.5, 4.0) for name in ("half_life", "memory_half_life")},
    }
)
"""`[sequence]` with every memory on."""


@st.composite
def sequences(draw: st.DrawFn) -> Scenario:
    """Random scenarios of two or three crises that leave much to each other."""
    scenario = draw(crises())
    sequence = scenario.sequence.model_copy(update=draw(STRONG))
    return scenario.model_copy(update={"sequence": sequence})


def compare_kernel(scenario: Scenario, seed: int, first: int) -> None:
    with by_the_uncompiled_kernel():
        compare(scenario, seed, first, N_CHAINS, "python")


def compare_plain(scenario: Scenario, seed: int, first: int) -> None:
    compare(scenario, seed, first, N_CHAINS, "python")


def test_sequences_equal_the_reference():
    settings(max_examples=EXAMPLES, **STEADY)(given(sequences(), SEEDS, CHAINS)(compare_kernel))()


@pytest.mark.parametrize(("make", "n_chains"), [(rivals, 60), (triad, 60), (coalition, 15)])
def test_sequences_with_every_memory_equal_the_reference(make, n_chains):
    compare(make(crises=3), 7, 0, n_chains, "python")


@pytest.mark.slow
def test_more_sequences_equal_the_reference():
    for check in (compare_kernel, compare_plain):
        settings(max_examples=MORE_EXAMPLES, **STEADY)(given(sequences(), SEEDS, CHAINS)(check))()


@pytest.mark.slow
@pytest.mark.parametrize("make", [rivals, triad, coalition])
def test_compiled_sequences_equal_the_reference(make):
    compare(make(crises=4), 1905, 0, 300, "numba")
