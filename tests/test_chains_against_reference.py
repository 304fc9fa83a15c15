"""Whole chains against the reference model: the same words, the same story, the same counts.

`Replay` simulates a chain with the reference model alone, from the random words as docs/model.md 9
lays them out. Every count of every chain must come out as the package has it: this holds draws,
their order and addresses, transitions, outcomes, tallies and the order of actors to account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from pathlib import Path

import numpy as np
import pytest
import reference_model as ref
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kernel.uncompiled import by_the_uncompiled_kernel
from strategies import scenarios, with_all_terms

import mcescalate as mc
from mcescalate.model import words
from mcescalate.model.codes import INITIATOR, NO_WAR, TARGET, UNDECIDED
from mcescalate.scenario.build import actor_key
from mcescalate.scenario.schema import Scenario

ROOT = Path(__file__).resolve().parents[1]
N_CHAINS = 12
EXAMPLES = 9
MORE_EXAMPLES = 60
MANY_EXAMPLES = 2000
STEADY = {"deadline": None, "derandomize": True, "phases": [Phase.generate]}
"""The same examples in every run, unshrunk; add `Phase.shrink` to look into a failure."""

WORDS = 2**32


def yes_words(probability: float) -> int:
    """How many of the 2^32 words mean "yes": the probability rounded to 2^-32."""
    return floor(probability * WORDS + 0.5)


def first_above(word: int, probabilities: Iterable[float]) -> int | None:
    """Index of the first class, of the given probabilities, whose share `word` falls into."""
    reached = 0.0
    for index, probability in enumerate(probabilities):
        reached += probability
        if word < yes_words(reached):
            return index
    return None


@dataclass(frozen=True)
class Replay:
    """One chain of a model, by the reference model and the package's words."""

    model: ref.Model
    seed: int
    chain: int
    crisis: int = 0
    """Its number, in a chain of several."""

    def slot(self, purpose: int, block: int = 0, key: int = words.NO_ACTOR) -> list[int]:
        block += self.crisis * words.MOST_BLOCKS
        seed, chain, key = np.uint64(self.seed), np.uint64(self.chain), np.uint64(key)
        return [int(word) for word in words.draw_slot(seed, chain, block, purpose, key)]

    def word(self, purpose: int, index: int, actor: str | None = None) -> int:
        key = words.NO_ACTOR if actor is None else actor_key(actor)
        return self.slot(purpose, index // 4, key)[index % 4]

    def record(self) -> ref.Record:
        """The chain from its background to its outcome."""
        return self.reported().record

    def reported(self) -> ref.Crisis:
        """The same, with what a later crisis may depend on."""
        record, held = self.opening(), {}
        while record.outcome is None:
            step = self.step(record.state)
            after = ref.end_of_turn(self.model, record.state, step)
            record = ref.note_turn(self.model, record, step, after)
            for i in after.originator.values():
                held[i] = max(held.get(i, 0), after.rung[i])
        return ref.Crisis(record, ref.Table(self.arms()), ref.Table(held))

    def opening(self) -> ref.Record:
        model = self.model
        divided = {
            i: int(self.word(words.STABILITY, 0, i) < yes_words(ref.divided_law(model, i)[1]))
            for i in model.actors
        }
        arms = self.arms()
        dyad_word, domain_word, accident_word, challenge_word = self.slot(words.INCIDENT)
        incidents = sorted(model.incidents)
        chances = np.array([w for _, _, w in incidents]) / sum(w for _, _, w in incidents)
        i, j, _ = incidents[first_above(dyad_word, [*chances[:-1], 2.0])]
        by_domain = ref.domain_law(model)
        names, shares = list(by_domain), list(by_domain.values())
        domain = names[first_above(domain_word, [*shares[:-1], 2.0])]
        accident = accident_word < yes_words(model.accident)
        go = ref.deterrence_go_probability(model, i, j, divided, arms)
        if not accident and challenge_word >= yes_words(go):
            return ref.opening_record(model, (i, j), domain, accident, None)
        a, b = self.blamed(i, j, domain)
        state = ref.opening_state(model, a, b, domain, divided, arms)
        return ref.opening_record(model, (i, j), domain, accident, state)

    def arms(self) -> dict[str, int]:
        model = self.model
        arms = {i: min(max(a.arms, 0), model.arms.levels) for i, a in model.actors.items()}
        for period in range(model.arms.periods):
            arms = {i: level + self.arms_change(arms, i, period) for i, level in arms.items()}
        return arms

    def arms_change(self, arms: dict[str, int], i: str, period: int) -> int:
        law = ref.arms_change_law(self.model, arms, i)
        word = self.word(words.ARMS, period, i)
        return (word < yes_words(law[+1])) - (word >= WORDS - yes_words(law[-1]))

    def blamed(self, i: str, j: str, domain: str) -> tuple[str, str]:
        """Initiator and target as fought."""
        law = ref.strike_back_law(self.model, i, j, domain)
        others = sorted(x for x in law if x is not None)
        blame_word, scapegoat_word = self.slot(words.ATTRIBUTION)[:2]
        if not others or blame_word >= yes_words(self.model.domains[domain].misattribution):
            return i, j
        weights = np.array([law[x] for x in others])
        return j, others[first_above(scapegoat_word, [*(weights / sum(weights))[:-1], 2.0])]

    def step(self, state: ref.State) -> ref.Step:
        model, turn = self.model, state.turn
        chance = ref.mediation_probability(model, state)
        mediation = int(self.word(words.MEDIATION, turn - 1) < yes_words(chance))
        moves = {i: self.move(state, i, mediation) for i in state.engaged}
        entries = {k: self.entry(state, k) for k in state.neutrals}
        divided = {
            i: z ^ (self.word(words.STABILITY, turn, i) < yes_words(law[1 - z]))
            for i, z in state.divided.items()
            for law in [ref.turnover_law(model, state, i)]
        }
        joiners = ref.Table({k: entry for k, entry in entries.items() if entry})
        winner = self.winner(state)
        return ref.Step(mediation, ref.Table(moves), joiners, ref.Table(divided), winner)

    def winner(self, state: ref.State) -> str | None:
        """The side that prevails in a war that ends this turn."""
        model, index = self.model, state.turn - 1
        chance = ref.war_end_probability(model, state)
        if self.word(words.WAR_END, index) >= yes_words(chance):
            return None
        wins = ref.victory_probability(model, state)
        return "A" if self.word(words.WINNER, index) < yes_words(wins) else "B"

    def move(self, state: ref.State, i: str, mediation: int) -> str:
        law = ref.move_law(self.model, state, i, mediation)
        word = self.word(words.RESPONSE, state.turn - 1, i)
        up = first_above(word, [law["clear"], law["misread"]])
        if up is not None:
            return ("clear", "misread")[up]
        return "down" if word >= WORDS - yes_words(law["down"]) else "hold"

    def entry(self, state: ref.State, k: str) -> ref.Entry | None:
        found = []
        for side, purpose in (("A", words.JOIN_INITIATOR), ("B", words.JOIN_TARGET)):
            law = ref.cause_law(self.model, state, k, side)
            index = first_above(self.word(purpose, state.turn - 1, k), law.values())
            if index is not None:
                found.append(list(law)[index])
        return found[0] if len(found) == 1 else None


HEAT = {
    "ladder": {"casus": 1},
    "trigger": {"accident": 0.6},
    "response": {"up": 1.0, "down": 0.0, "war_cost": 0.0, "nuclear": 0.0},
    "alliance": {"base": -0.5},
    "mediation": {"rate": 0.3, "delay": 1},
}


@st.composite
def crises(draw: st.DrawFn) -> Scenario:
    """Random scenarios, most of them crowded and heated, so that much happens in few turns."""
    if draw(st.integers(0, 3)) == 0:
        scenario = draw(scenarios())
        horizon = scenario.run.model_copy(update={"horizon": draw(st.integers(1, 6))})
        return scenario.model_copy(update={"run": horizon})
    scenario = draw(scenarios(max_actors=5, max_rungs=5, min_actors=4, min_ties=10))
    if draw(st.booleans()):
        scenario = draw(with_all_terms(scenario))
    hotter = {
        table: getattr(scenario, table).model_copy(update=values) for table, values in HEAT.items()
    }
    domains = [d.model_copy(update={"misattribution": 0.4}) for d in scenario.trigger.domains]
    hotter["trigger"] = hotter["trigger"].model_copy(update={"domains": tuple(domains)})
    hotter["run"] = scenario.run.model_copy(update={"horizon": draw(st.integers(3, 9))})
    hotter["actors"] = tuple(
        actor.model_copy(update={"tempo": max(actor.tempo, 0.7), "noise": max(actor.noise, 0.5)})
        for actor in scenario.actors
    )
    return scenario.model_copy(update=hotter)


def compare(scenario: Scenario, seed: int, first: int, n_chains: int, backend: str) -> None:
    model = ref.model_of(scenario)
    records = [Replay(model, seed, chain).record() for chain in range(first, first + n_chains)]
    result = mc.simulate(
        scenario,
        n_chains=n_chains,
        seed=seed,
        first_chain=first,
        backend=backend,
        workers=1,
        keep_chains=seed % 2 == 1,
    )
    expected = ref.tally(model, records)
    if seed % 2 == 1:
        expected |= kept(model, records)
    for name, values in expected.items():
        found = result[name].values
        assert np.array_equal(found, values), f"{name}: {found.tolist()}, not {values.tolist()}"


def kept(model: ref.Model, records: list[ref.Record]) -> dict[str, np.ndarray]:
    """What the records of chains say of each, by the reference model."""
    engaged = [record.entries for record in records]
    columns = {
        "chain_outcome": [ref.OUTCOMES.index(record.outcome) for record in records],
        "chain_peak_rung": [record.peak for record in records],
        "chain_last_turn": [record.last_turn for record in records],
        "chain_war_turn": [record.war_turn or -1 for record in records],
        "chain_winner": [winner_of(record) for record in records],
        "chain_misread_moves": [record.misreads for record in records],
        "chain_n_engaged": [len(entries) for entries in engaged],
        "chain_reciprocated": [record.reciprocated for record in records],
        "chain_actor_peak": [[record.peaks[i] for i in model.actors] for record in records],
        "chain_entry_turn": [
            [entries[i].turn if i in entries else -1 for i in model.actors] for entries in engaged
        ],
    }
    return {name: np.array(values) for name, values in columns.items()}


def winner_of(record: ref.Record) -> int:
    """The side that prevailed in war; -1 without one."""
    if not record.war_turn:
        return NO_WAR
    return {"A": INITIATOR, "B": TARGET, None: UNDECIDED}[record.state.winner]


def compare_kernel(scenario: Scenario, seed: int, first: int) -> None:
    with by_the_uncompiled_kernel():
        compare(scenario, seed, first, N_CHAINS, "python")


def compare_plain(scenario: Scenario, seed: int, first: int) -> None:
    compare(scenario, seed, first, N_CHAINS, "python")


SEEDS = st.integers(0, 2**63 - 1)
CHAINS = st.integers(0, 2**64 - N_CHAINS)


def test_chains_equal_the_reference():
    settings(max_examples=EXAMPLES, **STEADY)(given(crises(), SEEDS, CHAINS)(compare_kernel))()


def test_plain_chains_equal_the_reference():
    settings(max_examples=EXAMPLES // 3, **STEADY)(given(crises(), SEEDS, CHAINS)(compare_plain))()


@pytest.mark.slow
def test_more_chains_equal_the_reference():
    for check in (compare_kernel, compare_plain):
        settings(max_examples=MORE_EXAMPLES, **STEADY)(given(crises(), SEEDS, CHAINS)(check))()


@pytest.mark.slow
def test_many_chains_equal_the_reference():
    settings(max_examples=MANY_EXAMPLES, **STEADY)(given(crises(), SEEDS, CHAINS)(compare_kernel))()


@pytest.mark.parametrize("n_chains", [3, pytest.param(300, marks=pytest.mark.slow)])
def test_compiled_chains_of_july_1914_equal_the_reference(n_chains):
    scenario = mc.load_scenario(ROOT / "configs" / "july-1914.toml")
    compare(scenario, 1914, 0, n_chains, "numba")
