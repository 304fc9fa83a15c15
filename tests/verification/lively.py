"""A small crisis in which every kind of term bites, and ways to solve it; used by scripts too."""

import numpy as np
from verification.small_worlds import dyad, tie, world

from mcescalate.engine.exact import solve_world
from mcescalate.kernel import batch, lockstep
from mcescalate.kernel.crisis.memory import new_memory
from mcescalate.model.chain import plain
from mcescalate.model.chain.past import new_past
from mcescalate.model.chain.scoring import new_records
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.codes import DETERRED, LIMITED_WAR, STALEMATE
from mcescalate.model.counts import new_tally
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.state import clear, new_state, set_heights
from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario

SEED = np.uint64(1962)


def scenario_with(address: str, strength: float) -> Scenario:
    """Two rivals, allies of both, governments that change, and a coefficient at a value."""
    table, name = address.split(".")
    tables = {
        "alliance": {"base": -1.0, "review": 0.4},
        "contagion": {"base": -2.0},
        "mediation": {"delay": 1, "rate": 0.6, "pull": 0.5},
        "run": {"horizon": 6},
    }
    tables[table] = tables.get(table, {}) | {name: strength}
    divided = {"instability": 0.4, "turnover": 0.3}
    return world(
        "ABC",
        about={"A": {"bias": 0.3, **divided}, "B": {"noise": 0.8}, "C": {"tempo": 0.8}},
        ties=(tie("C", "B"), tie("B", "C", "consultation", strength=0.5)),
        dyads=(dyad("A", "B", rivalry=0.8), dyad("C", "A", rivalry=0.5)),
        **tables,
    )


def world_with(address: str, strength: float):
    """The same, built."""
    return build_world(scenario_with(address, strength))


def chains_by_plain(built, n: int):
    """Records of the first chains, by the plain model, uncompiled."""
    rows = new_records(built, n)
    given = (new_state(built), new_past(built), new_tally(built))
    plain.record_batch(built, *given, rows, 0, SEED, np.uint64(0), n)
    return rows


def chains_by_kernel(built, n: int):
    """The same by the kernel, uncompiled."""
    rows = new_records(built, n)
    alone = lockstep.new_lockstep(built, 0)
    room = (new_state(built), new_memory(built), alone, new_past(built))
    batch.record_batch(built, *room, new_tally(built), rows, 0, SEED, np.uint64(0), n)
    return rows


# ------------------------------------------------------------ a pair, forward by hand


def pair_with(address: str, strength: float):
    """Two rivals whose governments do not change, three turns."""
    table, name = address.split(".")
    tables = {"mediation": {"delay": 1, "rate": 0.25}, "run": {"horizon": 3}}
    tables[table] = tables.get(table, {}) | {name: strength}
    trigger = {"initiator": "A", "target": "B", "accident": 1.0}
    return build_world(world("AB", dyads=(dyad("A", "B", rivalry=0.8),), trigger=trigger, **tables))


def pair_by_exact(built) -> np.ndarray:
    """Chances of the outcomes, by the exact solver."""
    return solve_world(built, backend="python").tally.outcome


def pair_by_hand(built) -> np.ndarray:
    """The same by carrying the law of both rungs forward, turn by turn, over the rules."""
    outcomes = np.zeros(6)
    law = {(1, 0): 1.0}
    state = new_state(built)
    for turn in range(1, built.horizon + 1):
        after: dict[tuple[int, int], float] = {}
        for rungs, mass in law.items():
            clear(state)
            open_crisis(built, state, 0, 1)
            state.now.turn = turn
            for i in range(2):
                state.actors[i].rung = rungs[i]
            set_heights(state)
            state.now.news = 1 if turn == 1 else 0
            heard = mediation_probability(built, state)
            for mediated, share in ((0, 1.0 - heard), (1, heard)):
                for a, b, chance in moves_of_both(built, state, rungs, mediated):
                    flow = mass * share * chance
                    now = (rungs[0] + a, rungs[1] + b)
                    if built.top in now:
                        now = (built.top, built.top)
                    if now == (0, 0):
                        outcomes[2 if mediated else 1] += flow
                    else:
                        after[now] = after.get(now, 0.0) + flow
        law = after
    for rungs, mass in law.items():
        outcomes[LIMITED_WAR + 1 if built.top in rungs else STALEMATE] += mass
    assert outcomes[DETERRED] == 0.0
    return outcomes


def moves_of_both(built, state, rungs, mediated):
    """(move of the first, of the second, chance)."""
    balance = balance_of_power(built, state)
    laws = []
    for i in range(2):
        if rungs[i] == built.top:
            laws.append({0: 1.0})
            continue
        anyway, misread, down = response_law(built, state, i, balance, mediated)
        up = anyway + misread
        laws.append({1: up, 0: 1.0 - up - down, -1: down})
    for a, p in laws[0].items():
        for b, q in laws[1].items():
            yield a, b, p * q
