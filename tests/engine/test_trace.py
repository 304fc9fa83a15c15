"""A chain described: it is that of a run, and its probabilities are those of the rules.

Statistical tests have fixed seeds and state the chance that they would fail if all were right.
"""

import json

import numpy as np
import pytest
from samples import small_scenario
from scipy.stats import chisquare

import mcescalate as mc
from mcescalate.engine.batches import run_chains
from mcescalate.engine.trace import Names, trace_chain
from mcescalate.engine.trace.opening import arms_races, governments, opening_state
from mcescalate.engine.trace.readings import draw_reading, reading_law
from mcescalate.engine.trace.turns import follow_turn
from mcescalate.engine.trace.watched import Watched, engaged, listening
from mcescalate.errors import UsageError
from mcescalate.model.chain.plain import begin_chain
from mcescalate.model.codes import CAUSES, NEUTRAL, NOBODY, OUTCOMES, SIDES, WINNERS
from mcescalate.model.rules.perception import accurate_reading_cdf, reading_cdf
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import fixed_terms, move_law, response_law
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world

SEED = 20_260
N_CHAINS = 200
ROUNDING = 2.0**-31
"""Chances are compared with words after rounding to 2^-32, at both ends of a stretch."""

ACTOR = {
    "capability": 1.0,
    "noise": 0.9,
    "bias": 0.2,
    "tempo": 0.8,
    "instability": 0.3,
    "turnover": 0.3,
    "exercise": 0.2,
    "arms": 1,
}


@pytest.fixture(scope="module")
def scenario():
    """Six actors and every mechanism at work, often enough to be met in a few hundred chains."""
    return small_scenario(
        title="Everything at once",
        actors=[{"id": i, **ACTOR, "resolve": 0.3} for i in ("AAA", "BBB", "CCC", "DDD")]
        + [{"id": "EEE", **ACTOR, "major": True}, {"id": "FFF", **ACTOR, "nuclear": True}],
        ties=[
            {"from": "CCC", "to": "AAA", "kind": "defence", "ambiguity": 0.2},
            {"from": "DDD", "to": "BBB", "kind": "defence", "conditional": 0.5},
            {"from": "DDD", "to": "CCC", "kind": "consultation"},
            {"from": "FFF", "to": "AAA", "kind": "offence", "against": ["BBB"]},
            {"from": "FFF", "to": "BBB", "kind": "defence", "strength": 0.8},
            {"from": "EEE", "to": "DDD", "kind": "support"},
        ],
        dyad_defaults={"rivalry": 0.4, "reach": 0.8, "channel": 0.2, "mistrust": 0.1},
        trigger={
            "dyads": [
                {"initiator": "AAA", "target": "BBB"},
                {"initiator": "BBB", "target": "CCC", "weight": 0.5},
            ],
            "accident": 0.3,
            "domains": [
                {"name": "land", "rung": 2},
                {"name": "cyber", "misattribution": 0.6, "noise": 1.5, "rung": 1},
            ],
        },
        arms={"periods": 3},
        alliance={"base": -1.0},
        contagion={"base": -3.0},
        mediation={"rate": 0.3, "delay": 2},
        response={"war_cost": 1.0},
        war={"rate": 0.2, "decisive": 1.0},
        run={"horizon": 12},
    )


@pytest.fixture(scope="module")
def world(scenario):
    return build_world(scenario)


@pytest.fixture(scope="module")
def traces(scenario):
    return [mc.trace(scenario, chain=c, seed=SEED) for c in range(N_CHAINS)]


@pytest.fixture(scope="module")
def records(world):
    _, records = run_chains(
        world,
        seed=SEED,
        first_chain=0,
        n_chains=N_CHAINS,
        backend="python",
        workers=1,
        keep_chains=True,
    )
    return records


def test_it_is_the_chain_of_the_run(traces, records, scenario):
    names = sorted(actor.id for actor in scenario.actors)
    for c, trace in enumerate(traces):
        end = trace.end
        assert end.outcome == OUTCOMES[records.outcome[c]]
        assert end.last_turn == records.last_turn[c]
        assert end.peak_rung == records.peak_rung[c]
        assert (end.war_turn or -1) == records.war_turn[c]
        assert end.winner == (WINNERS[records.winner[c]] if end.war_turn else None)
        assert end.war_began_misread == records.war_began_misread[c]
        assert end.misread_moves == records.misread_moves[c]
        assert trace.incident.initiator == names[records.drawn_initiator[c]]
        assert trace.incident.target == names[records.drawn_target[c]]
        assert trace.incident.domain == ("land", "cyber")[records.domain[c]]
        assert (trace.incident.accident.chosen == "accident") == records.accident[c]
        blamed = trace.misattribution.blamed if trace.misattribution else None
        assert (blamed is not None) == records.misattributed[c]
        engaged = {fate.actor: fate for fate in end.actors}
        for i, name in enumerate(names):
            if records.side[c, i] == NEUTRAL:
                assert name not in engaged
                continue
            fate = engaged.pop(name)
            assert fate.side == SIDES[records.side[c, i]]
            assert fate.cause == CAUSES[records.cause[c, i]]
            assert fate.entry_turn == records.entry_turn[c, i]
            assert fate.peak_rung == records.actor_peak[c, i]
            through = records.through[c, i]
            assert fate.through == (None if through == NOBODY else names[through])
        assert not engaged


def test_the_sample_meets_every_mechanism(traces):
    assert {trace.end.outcome for trace in traces} >= {"deterred", "settled", "general_war"}
    turns = [turn for trace in traces for turn in trace.turns]
    responses = [response for turn in turns for response in turn.responses]
    onlookers = [onlooker for turn in turns for onlooker in turn.onlookers]
    assert any(trace.misattribution and trace.misattribution.blamed for trace in traces)
    assert any(turn.mediation and turn.mediation.chosen == "mediator" for turn in turns)
    assert {response.move for response in responses} == {"up", "hold", "down"}
    assert any(response.misread for response in responses)
    assert any(response.dragged for response in responses)
    assert any(all(p.fired is not None for p in o.pulls) and len(o.pulls) == 2 for o in onlookers)
    assert {onlooker.cause for onlooker in onlookers} == {"treaty", "opportunism", None}
    assert any(turn.governments for turn in turns)
    assert any(trace.end.ties for trace in traces)


def test_turns_add_up_to_the_end(traces):
    for trace in traces:
        moves = [r for turn in trace.turns for r in turn.responses if r.misread]
        assert len(moves) == trace.end.misread_moves
        assert [turn.number for turn in trace.turns] == list(range(1, trace.end.last_turn + 1))
        joined = [
            (onlooker.actor, onlooker.joined, onlooker.cause, onlooker.through, turn.number)
            for turn in trace.turns
            for onlooker in turn.onlookers
            if onlooker.joined
        ]
        fates = [f for f in trace.end.actors if f.entry_turn > 0]
        assert sorted(joined) == sorted(
            (f.actor, f.side, f.cause, f.through, f.entry_turn) for f in fates
        )
        for turn, after in zip(trace.turns, trace.turns[1:], strict=False):
            ends = {response.actor: response.rung_after for response in turn.responses}
            starts = {response.actor: response.rung for response in after.responses}
            assert starts == {name: starts[name] for name in starts} | ends


def draws_of(part):
    """Every draw inside a part of a trace, wherever it stands."""
    if isinstance(part, dict):
        if "chances" in part:
            yield part
        for value in part.values():
            yield from draws_of(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from draws_of(value)


def test_each_draw_falls_where_it_is_said_to(traces):
    for trace in traces:
        for draw in draws_of(trace.to_dict()):
            names = list(draw["chances"])
            ends = np.cumsum([0.0, *draw["chances"].values()])
            assert ends[-1] == pytest.approx(1.0)
            place = names.index(draw["chosen"])
            assert ends[place] - ROUNDING <= draw["value"] <= ends[place + 1] + ROUNDING


def test_what_fired_is_what_brought_it_in(traces):
    for trace in traces:
        for turn in trace.turns:
            for onlooker in turn.onlookers:
                fired = [pull for pull in onlooker.pulls if pull.fired is not None]
                if onlooker.joined is None:
                    assert len(fired) in (0, 2)
                    continue
                (pull,) = fired
                hazard = pull.hazards[pull.fired]
                assert pull.side == onlooker.joined
                assert (hazard.cause, hazard.through) == (onlooker.cause, onlooker.through)


def test_background_is_the_run_s(world):
    names = Names("", 1.0, ("",) * 6, tuple("ABCDEF"), ("land", "cyber"))
    for chain in range(20):
        it = Watched(world, new_state(world), names, np.uint64(SEED), np.uint64(chain))
        begin_chain(world, it.state, it.seed, it.chain)
        assert [race.levels[-1] for race in arms_races(it)] == it.state.actors.arms.tolist()
        known = {}
        governments(it, opening_state(it), known)
        governments(it, it.state, known)
        while it.state.now.over == 0:
            for i in engaged(it.state) + listening(world, it.state):
                assert known[i] == (it.state.now.turn, it.state.actors[i].divided)
            follow_turn(it, known)


def test_describing_changes_nothing(world):
    # Asking the rules in between must leave no mark on what is simulated next.
    names = Names("", 1.0, ("",) * 6, tuple("ABCDEF"), ("land", "cyber"))
    first = trace_chain(world, names, seed=SEED, chain=3)
    assert trace_chain(world, names, seed=SEED, chain=3) == first


# ---- readings


def first_laws(world, wanted):
    """Readings of engaged actors in `wanted` situations of different chains, with their law."""
    chain = 0
    while wanted:
        state = new_state(world)
        begin_chain(world, state, np.uint64(SEED), np.uint64(chain))
        chain += 1
        if state.now.over == 0:
            i = int(state.engaged[wanted % 2])
            balance = balance_of_power(world, state)
            fixed = fixed_terms(world, state, i, balance)
            rows = [
                (
                    reading_cdf(world, state, i, s),
                    accurate_reading_cdf(world, state, i, s, 1.0),
                    *move_law(world, state, i, fixed, 0, s),
                )
                for s in range(world.top + 1)
            ]
            yield np.array(rows).T, response_law(world, state, i, balance, 0)
            wanted -= 1


def test_readings_add_up_to_the_response(world):
    for rows, (anyway, misread, down) in first_laws(world, 30):
        law = reading_law(*rows)
        total = {move: sum(chances[move] for _, _, chances in law) for move in law[0][2]}
        assert total["up"] == pytest.approx(anyway, abs=1e-14)
        assert total["misread up"] == pytest.approx(misread, abs=1e-14)
        assert total["down"] == pytest.approx(down, abs=1e-14)
        assert sum(total.values()) == pytest.approx(1.0)


def by_inversion(perceived_cdf, accurate_cdf, ups, downs, rng, n):
    """(seen, accurate, move) n times, as docs/model.md describes them: two uniforms, u1 and u2."""
    u1, u2 = rng.random(n), rng.random(n)
    seen = (u1[:, None] > perceived_cdf).sum(axis=1)
    accurate = (u1[:, None] > accurate_cdf).sum(axis=1)
    up = u2 < ups[seen]
    move = np.where(u2 >= 1 - downs[seen], "down", "hold").astype("<U10")
    move[up] = "misread up"
    move[up & (u2 < ups[accurate])] = "up"
    return seen, accurate, move


def assert_shares(counts, shares):
    """Chi-square test at level 1e-6, classes that expect fewer than 10 put together."""
    expected = np.array(shares) * sum(counts)
    rare = expected < 10
    observed = [*np.array(counts)[~rare], np.array(counts)[rare].sum()]
    wanted = [*expected[~rare], expected[rare].sum()]
    if wanted[-1] < 10:
        assert observed[-1] < 60  # Poisson of mean 10 or less: chance 1e-25
        observed, wanted = observed[:-1], wanted[:-1]
    if len(wanted) > 1:
        scale = sum(observed) / sum(wanted)
        assert chisquare(observed, np.array(wanted) * scale).pvalue > 1e-6


def test_readings_have_their_law_given_the_move(world):
    # 8 situations, at most 4 moves, 2 tests each: a right program fails with chance < 1e-4.
    rng = np.random.default_rng(SEED)
    for rows, _ in first_laws(world, 8):
        law = reading_law(*rows)
        seen, accurate, moves = by_inversion(*rows, rng, 40_000)
        for move in law[0][2]:
            weights = np.array([chances[move] for _, _, chances in law])
            if weights.sum() * 40_000 < 200:
                continue
            shares = weights / weights.sum()
            at = [(s, a) for s, a, _ in law]
            met = [int(((moves == move) & (seen == s) & (accurate == a)).sum()) for s, a in at]
            assert sum(met) == (moves == move).sum()
            assert_shares(met, shares)
            drawn = [
                draw_reading(law, move, word) for word in rng.integers(0, 2**32, 2_000).tolist()
            ]
            reported = [(reading.seen, reading.accurate) for reading in drawn]
            assert_shares([reported.count(pair) for pair in at], shares)
            for reading in drawn[:50]:
                assert reading.chance == pytest.approx(
                    shares[at.index((reading.seen, reading.accurate))]
                )
                assert reading.drawn_given_move


def test_an_actor_that_errs_in_nothing_sees_what_is_there():
    exact = {"capability": 1.0, "noise": 0.0}
    scenario = small_scenario(
        actors=[{"id": "AUH", **exact}, {"id": "YUG", **exact}],
        trigger={"initiator": "AUH", "target": "YUG", "accident": 1.0},
        run={"horizon": 5},
    )
    for chain in range(10):
        for turn in mc.trace(scenario, chain=chain, seed=1).turns:
            for response in turn.responses:
                if response.reading is not None:
                    (opposite,) = response.facing
                    assert response.reading.seen == response.reading.accurate == opposite.rung
                    assert response.reading.chance == 1.0


# ---- as text and JSON


def test_text_says_everything_in_eighty_columns(traces):
    for trace in traces[:60]:
        lines = str(trace).splitlines()
        assert max(map(len, lines)) <= 80
        assert lines[0] == f"Everything at once: chain {trace.chain} of seed {SEED}"
        text = " ".join(" ".join(lines).split())
        assert f"Outcome: {trace.end.outcome.replace('_', ' ')}" in text
        for turn in trace.turns:
            for onlooker in turn.onlookers:
                if onlooker.joined:
                    assert f"{onlooker.actor} joins on the {onlooker.joined}'s side" in text
            for response in turn.responses:
                if response.draw is not None:
                    assert f"draw {response.draw.value:.4f}: {response.draw.chosen}" in text


def test_text_calls_entries_on_no_promise_by_their_rivalry(traces):
    """The label of the data is "opportunism"; people read of the actor's own rivalry."""
    rivals = [
        trace for trace in traces if any(fate.cause == "opportunism" for fate in trace.end.actors)
    ]
    assert rivals
    for trace in rivals:
        assert "by own rivalry" in " ".join(str(trace).split())
        assert "opportunism" not in str(trace)


def test_json_holds_it_all(traces):
    trace = next(trace for trace in traces if trace.turns)
    reported = json.loads(json.dumps(trace.to_dict(), allow_nan=False))
    assert reported["schema_version"] == 2
    assert (reported["seed"], reported["chain"]) == (str(SEED), str(trace.chain))
    first = reported["turns"][0]["responses"][0]
    assert first["reading"]["drawn_given_move"] is True
    assert set(first["draw"]) == {"word", "value", "chances", "chosen"}


def test_chain_numbers_have_64_bits(scenario):
    last = mc.trace(scenario, chain=2**64 - 1, seed=2**63 - 1)
    assert last.to_dict()["chain"] == "18446744073709551615"


@pytest.mark.parametrize(("name", "value"), [("chain", 2**64), ("chain", -1), ("seed", 2**63)])
def test_numbers_out_of_range_are_refused(scenario, name, value):
    with pytest.raises(UsageError, match=f"^{name}: expected a whole number"):
        mc.trace(scenario, **({"chain": 0, "seed": 0} | {name: value}))
