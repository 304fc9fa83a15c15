"""The same chain by enumeration, for models of two or three actors and few turns."""

from collections import defaultdict
from collections.abc import Iterator

from .chain import Record, end_of_turn, note_turn, opening_record
from .joining import join_law
from .power import (
    arms_law,
    deterrence_go_probability,
    divided_law,
    domain_law,
    strike_back_law,
)
from .state import State, Step, Table, opening_state
from .tally import OUTCOMES, tally
from .turn import mediation_probability, move_law, turnover_law
from .war import war_end_law
from .world import Model


def start_distribution(model: Model) -> dict[Record, float]:
    """Records before turn 1, and those of deterred chains, with their probabilities."""
    law = defaultdict(float)
    total_weight = sum(w for _, _, w in model.incidents)
    by_domain = domain_law(model)
    for (divided, arms), p_background in _background_distribution(model).items():
        for i, j, weight in model.incidents:
            go = deterrence_go_probability(model, i, j, divided, arms)
            for domain, share in by_domain.items():
                p = p_background * (weight / total_weight) * share
                phi = model.accident
                deterred = opening_record(model, (i, j), domain, False, None)
                law[deterred] += p * (1 - phi) * (1 - go)
                for accident, p_cause in ((True, phi), (False, (1 - phi) * go)):
                    for blamed, p_blame in strike_back_law(model, i, j, domain).items():
                        a, b = (i, j) if blamed is None else (j, blamed)
                        state = opening_state(model, a, b, domain, divided, arms)
                        record = opening_record(model, (i, j), domain, accident, state)
                        law[record] += p * p_cause * p_blame
    return {record: p for record, p in law.items() if p > 0}


def _background_distribution(model: Model) -> dict[tuple[Table, Table], float]:
    first = Table({i: min(max(a.arms, 0), model.arms.levels) for i, a in model.actors.items()})
    arms = {first: 1.0}
    for _ in range(model.arms.periods):
        after = defaultdict(float)
        for levels, p in arms.items():
            for nxt, q in _product({i: arms_law(model, levels, i) for i in levels}):
                after[nxt] += p * q
        arms = after
    divided = list(_product({i: divided_law(model, i) for i in model.actors}))
    return {(z, a): p * q for z, p in divided for a, q in arms.items()}


def _product(laws: dict[str, dict]) -> Iterator[tuple[Table, float]]:
    """Every combination of independent choices with its probability, none of them 0."""
    combinations = [(Table(), 1.0)]
    for name, law in laws.items():
        combinations = [
            (table.but({name: value}), p * q)
            for table, p in combinations
            for value, q in law.items()
            if q > 0
        ]
    yield from combinations


def turn_steps(model: Model, state: State) -> Iterator[tuple[Step, float]]:
    """Everything that can happen in one turn, with its probability."""
    entries = list(_product({k: join_law(model, state, k) for k in state.neutrals}))
    divided = list(_product({i: turnover_law(model, state, i) for i in model.actors}))
    ends = [(winner, q) for winner, q in war_end_law(model, state).items() if q > 0]
    p_mediation = mediation_probability(model, state)
    for mediation, p in ((0, 1 - p_mediation), (1, p_mediation)):
        if p == 0:
            continue
        moves = _product({i: move_law(model, state, i, mediation) for i in state.engaged})
        for move, p_move in moves:
            for entry, p_entry in entries:
                joiners = Table({k: e for k, e in entry.items() if e is not None})
                for z, p_z in divided:
                    for winner, p_end in ends:
                        step = Step(mediation, move, joiners, z, winner)
                        yield step, p * p_move * p_entry * p_z * p_end


def turn_distribution(model: Model, state: State) -> dict[State, float]:
    """Law of the state after one turn, whole."""
    law = defaultdict(float)
    for step, p in turn_steps(model, state):
        law[end_of_turn(model, state, step)] += p
    return dict(law)


def solve_exact(model: Model) -> dict[str, float]:
    """Probabilities of the six outcomes, by carrying the law of the state forward."""
    outcomes = dict.fromkeys(OUTCOMES, 0.0)
    current = defaultdict(float)
    for record, p in start_distribution(model).items():
        if record.state is None:
            outcomes["deterred"] += p
        else:
            current[record.state] += p
    while current:
        after = defaultdict(float)
        for state, p in current.items():
            for nxt, q in turn_distribution(model, state).items():
                if nxt.ended:
                    outcomes[nxt.ended] += p * q
                else:
                    after[nxt] += p * q
        current = after
    return outcomes


def record_distribution(model: Model) -> dict[Record, float]:
    """Law of the whole record: all that `tally` counts. Far more to carry than outcomes."""
    finished = defaultdict(float)
    current = start_distribution(model)
    while current:
        after = defaultdict(float)
        steps = {}
        for record, p in current.items():
            if record.outcome:
                finished[record] += p
                continue
            if record.state not in steps:
                steps[record.state] = [
                    (step, end_of_turn(model, record.state, step), q)
                    for step, q in turn_steps(model, record.state)
                ]
            for step, nxt, q in steps[record.state]:
                after[note_turn(model, record, step, nxt)] += p * q
        current = after
    return dict(finished)


def expected_tally(model: Model) -> dict:
    """Expected counts per chain of everything in `tally`, exactly."""
    law = record_distribution(model)
    return tally(model, law.keys(), law.values())
