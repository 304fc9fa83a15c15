"""Every rule against the reference model, on random states of random scenarios.

Both work out the same probability from the same scenario, by code that has nothing in common;
they must agree to 1e-12. Examples are the same in every run, and are not shrunk, so that a
disagreement shows at once; add `Phase.shrink` to look into one.
"""

from collections import Counter
from dataclasses import dataclass

import pytest
import reference_model as ref
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kernel.known import KnownMoment
from model.states import Moment
from reference_model.state import OTHER
from strategies import scenarios, with_all_terms

from mcescalate.model.codes import CAUSES, INITIATOR, TARGET, TREATY
from mcescalate.model.words import threshold

EXAMPLES = 20
MORE_EXAMPLES = 150
MANY_EXAMPLES = 5000
STEADY = {"deadline": None, "derandomize": True, "phases": [Phase.generate]}
SIDES = {"A": INITIATOR, "B": TARGET}
NAMES = {"A": "initiator", "B": "target", None: None}


def close(value):
    return pytest.approx(value, rel=1e-12, abs=1e-12)


@dataclass
class Twins:
    """One moment of a crisis, given to the model (`at`) and to the reference model."""

    at: KnownMoment
    model: ref.Model
    state: ref.State
    mediation: int

    @property
    def balance(self) -> float:
        return self.at.balance_of_power()


@st.composite
def moments(draw: st.DrawFn) -> Twins:
    """A random state, in which anybody may be on either side and on any rung."""
    crowd = {"max_actors": 5, "max_rungs": 12, "min_actors": 4, "min_ties": 14}
    scenario = draw(scenarios(**draw(st.sampled_from([{}, crowd, crowd]))))
    if draw(st.integers(0, 2)):
        scenario = draw(with_all_terms(scenario))
    model = ref.model_of(scenario)
    ids = list(model.actors)
    a, b = draw(st.permutations(ids))[:2]
    domain = draw(st.sampled_from(list(model.domains)))
    side = {i: draw(st.sampled_from(["A", "B", None])) for i in ids} | {a: "A", b: "B"}
    rungs = st.integers(0, model.ladder.R)
    rung = {i: draw(rungs) if side[i] else 0 for i in ids}
    divided = {i: draw(st.integers(0, 1)) for i in ids}
    arms = {i: draw(st.integers(0, model.arms.levels)) for i in ids}
    turn = draw(st.integers(1, 6))
    is_war = model.ladder.R in rung.values()
    state = ref.State(
        side=ref.Table(side),
        rung=ref.Table(rung),
        divided=ref.Table(divided),
        arms=ref.Table(arms),
        originator=ref.Table(A=a, B=b),
        domain=domain,
        turn=turn,
        news=draw(st.booleans()),
        highest=ref.Table({s: max(rung[i] for i in ids if side[i] == s) for s in "AB"}),
        war_turn=draw(st.integers(1, turn)) if is_war else 0,
    )
    at = KnownMoment(scenario)
    at.open(a, b, list(model.domains).index(domain))
    for i in ids:
        if side[i] and i not in (a, b):
            at.join(i, NAMES[side[i]])
    for i in ids:
        if side[i]:
            at.set_rung(i, rung[i])
        at.set_divided(i, divided[i])
        at.set_arms(i, arms[i])
    at.now.turn, at.now.war_turn = state.turn, state.war_turn
    at.now.news = int(state.news)
    return Twins(at, model, state, draw(st.integers(0, 1)))


def compare_background(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    for i in model.actors:
        law = ref.arms_change_law(model, state.arms, i)
        assert at.arms_goal(i) == close(ref.arms_pull(model, state.arms, i))
        assert at.arms_law(i) == close((law[+1], law[-1]))
        assert at.effective_capability(i) == close(ref.effective_capability(model, state.arms, i))
        assert at.effective_tempo(i) == close(ref.effective_tempo(model, state.arms, i))
        now = state.divided[i]
        assert at.turnover_law(i, now) == close(ref.turnover_law(model, state, i)[1 - now])


def compare_incident(twins: Twins) -> None:
    model, state = twins.model, twins.state
    i, j = state.originator["A"], state.originator["B"]
    weights = ref.strike_back_weights(model, i, j)
    assert {x: twins.at.blame_weight(i, j, x) for x in weights} == close(weights)
    fresh = Moment(twins.at.scenario)
    fresh.open(i, j, 0)
    for k in model.actors:
        fresh.set_divided(k, state.divided[k])
        fresh.set_arms(k, state.arms[k])
    go = ref.deterrence_go_probability(model, i, j, state.divided, state.arms)
    assert fresh.challenge_probability(fresh.balance_of_power()) == close(go)


def compare_power(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    credits = {"A": ref.credit_A, "B": ref.credit_B}
    for s, side in SIDES.items():
        assert at.power(side) == close(ref.power(model, state, s))
        for k in state.neutrals:
            assert at.credit(k, side) == close(credits[s](model, state, k))
            assert at.aid(k, side) == close(ref.strongest_support(model, state, k, s))
        for i in model.actors:
            seen = ref.seen_balance(model, state, i, s)
            assert at.balance_seen(i, side, twins.balance) == close(seen)
    assert twins.balance == close(ref.balance(model, state, "A"))


def compare_perception(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    assert at.mediation_probability() == close(ref.mediation_probability(model, state))
    for i in state.engaged:
        perceived, accurate = at.readings(i)
        assert perceived == close(ref.reading_cdf(model, state, i))
        assert accurate == close(ref.reading_cdf(model, state, i, accurate=True))
        for j in state.engaged:
            if state.side[j] != state.side[i]:
                rungs = range(model.ladder.R + 1)
                row = [at.unnoticed(i, j, at.now.domain, s, state.rung[j]) for s in rungs]
                reach = model.dyad(i, j).reach
                sighted = [
                    1 - reach * (1 - ref.G(model, state, i, j, s))
                    for s in range(model.ladder.R + 1)
                ]
                assert row == close(sighted)


def compare_responses(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    for i in state.engaged:
        if state.rung[i] == model.ladder.R:
            continue
        law = ref.move_law(model, state, i, twins.mediation)
        found = at.response_law(i, twins.balance, twins.mediation)
        assert found == close((law["clear"], law["misread"], law["down"]))
        at.know(i, twins.balance, twins.mediation)
        assert at.mean_moves(i) == close((law["clear"] + law["misread"], law["down"]))
        assert at.sound_chance(i) == close(law["clear"])
        assert sum(found) <= 1.0 + 1e-12
        ups, downs = at.responses(i, twins.balance, twins.mediation)
        for s, moves in enumerate(zip(ups, downs, strict=True)):
            assert moves == close(ref.move_probabilities(model, state, i, s, twins.mediation))


def compare_guarantees(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    for i in state.engaged:
        assert at.encirclement(i) == close(ref.encirclement(model, state, i))
        assert at.assurance(i) == close(ref.assurance(model, state, i))


def compare_end_of_war(twins: Twins) -> None:
    at, model, state = twins.at, twins.model, twins.state
    if 0 < state.war_turn < state.turn:
        chance = ref.war_end_probability(model, state)
        assert at.war_end_chance(twins.balance) == close(chance)
        assert at.initiator_prevails_chance(twins.balance) == close(
            ref.victory_probability(model, state)
        )


def compare_joining(twins: Twins) -> None:
    """Hazards one by one, and with them the chance of coming in by each cause."""
    at, model, state = twins.at, twins.model, twins.state
    for k in state.neutrals:
        for s, side in SIDES.items():
            highest = state.top(OTHER[s])
            assert at.highest_rung(SIDES[OTHER[s]]) == highest
            found, none_yet, n_causes = {}, 1.0, Counter()
            for cause, via, hazard in ref.hazards(model, state, k, s):
                if via is None:
                    ours = 0.0
                    if CAUSES[at.onlooker_cause(k, side)] == cause:
                        ours = at.onlooker_hazard(k, side, highest, twins.balance)
                else:
                    ours = at.tie_hazard(k, via, side, highest, twins.balance)
                assert ours == close(hazard)
                if ours > 0:
                    n_causes[cause] += 1
                    found[ref.Entry(s, cause, via, state.turn)] = none_yet * ours
                none_yet *= 1 - ours
            assert found == close(ref.cause_law(model, state, k, s))
            drawn = ref.drawn_probability(model, state, k, s)
            assert 1 - none_yet == close(drawn)
            n_allies = sum(state.side[i] == s for i in state.engaged)
            at.known.balance = twins.balance
            at.fill_entry_shares(k, side)
            assert at.memory.shares[at.now.news, n_allies] == close(drawn)
            by_cause = [n_causes[cause] for cause in CAUSES[TREATY:]]
            assert at.call_limits(k, side, *by_cause)[at.now.news] >= threshold(drawn)
            # Who may come in for a promise or a rivalry must be among those watching.
            if n_causes["treaty"] + n_causes["opportunism"]:
                assert k in at.watching


def compare(twins: Twins) -> None:
    compare_background(twins)
    compare_incident(twins)
    compare_power(twins)
    compare_perception(twins)
    compare_responses(twins)
    compare_joining(twins)
    compare_guarantees(twins)
    compare_end_of_war(twins)


def test_rules_equal_the_reference():
    settings(max_examples=EXAMPLES, **STEADY)(given(moments())(compare))()


@pytest.mark.slow
def test_rules_equal_the_reference_on_more_states():
    settings(max_examples=MORE_EXAMPLES, **STEADY)(given(moments())(compare))()


@pytest.mark.slow
def test_rules_equal_the_reference_on_many_states():
    settings(max_examples=MANY_EXAMPLES, **STEADY)(given(moments())(compare))()
