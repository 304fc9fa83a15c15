"""Branches of one chain: with nothing changed it goes on as it did, a change is carried out."""

import numpy as np
import pytest
from small_crisis import crisis

import mcescalate as mc
from mcescalate.engine.batches import run_chains
from mcescalate.engine.branches.orders import read_orders
from mcescalate.engine.branches.run import follow, run_branches
from mcescalate.errors import ScenarioError, UsageError
from mcescalate.model.chain.branching import OWN_WORDS
from mcescalate.model.codes import BYSTANDER, INITIATOR, NEUTRAL, TARGET, TREATY
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order

SEED = 1914


@pytest.fixture(scope="module")
def scenario():
    return crisis(run={"horizon": 8, "turn_days": 2.0}, response={"up": 0.3, "war_cost": 1.0})


@pytest.fixture(scope="module")
def world(scenario):
    return build_world(scenario)


@pytest.fixture(scope="module")
def actors(scenario):
    return tuple(actor_order(scenario))


def long_chains(world, least, n=60):
    """Numbers of chains that last at least so many turns."""
    _, records = run_chains(
        world, seed=SEED, first_chain=0, n_chains=n, keep_chains=True, backend="python"
    )
    return np.flatnonzero(records.last_turn >= least).tolist()


def branched(world, chain, turn, orders=(), first_branch=0, n_branches=1, changed=None, **how):
    return run_branches(
        world,
        changed or world,
        orders,
        seed=SEED,
        chain=chain,
        turn=turn,
        first_branch=first_branch,
        n_branches=n_branches,
        **how,
    )


def allows(world, actors, chain, orders):
    """Whether these can be carried out in turn 2 of a chain."""
    try:
        follow(world, actors, seed=SEED, chain=chain, turn=2, orders=orders)
    except UsageError:
        return False
    return True


def test_with_its_own_words_and_nothing_changed_a_branch_is_the_chain(world):
    chains = long_chains(world, 3)
    assert len(chains) > 10
    for chain in chains[:12]:
        _, records = run_chains(
            world, seed=SEED, first_chain=chain, n_chains=1, keep_chains=True, backend="python"
        )
        last = int(records.last_turn[0])
        for turn in {1, 2, last}:
            branch = branched(world, chain, turn, first_branch=OWN_WORDS)
            for name in records._fields:
                np.testing.assert_array_equal(
                    getattr(branch.records, name), getattr(records, name), name
                )


def test_with_nothing_changed_both_arms_are_alike_and_branches_differ(scenario, world):
    chain = long_chains(world, 4)[0]
    counts = mc.branch(scenario, chain=chain, seed=SEED, from_turn=2, n_branches=60)
    change = mc.analysis.compare.differences(counts)
    assert (change["first_only"] == 0).all()
    assert (change["second_only"] == 0).all()
    np.testing.assert_array_equal(
        counts["course_count"].sel(arm="changed"), counts["course_count"].sel(arm="unchanged")
    )
    assert (counts["outcome_pair_count"].sum("second_outcome") > 0).sum() > 1
    assert (counts["course_count"].isel(turn=slice(2, None)).sum("rung") == 60).all()


def test_compiled_branches_are_those_of_python_for_any_workers(world, actors):
    orders = read_orders(["AUH=up", "RUS=join:target"], actors)
    chain = next(chain for chain in long_chains(world, 2) if allows(world, actors, chain, orders))
    found = [
        branched(world, chain, 2, orders, n_branches=220, backend=backend, workers=workers)
        for backend, workers in (("python", 1), ("plain", 2), ("numba", 1), ("numba", 3))
    ]
    for other in found[1:]:
        np.testing.assert_array_equal(other.course, found[0].course)
        for name in other.records._fields:
            np.testing.assert_array_equal(
                getattr(other.records, name), getattr(found[0].records, name), name
            )


def test_the_kernel_goes_on_as_the_plain_model_with_every_mechanism_on():
    """Governments that change, arms, wars that end, bystanders and an ally of the ally."""
    about = {"capability": 1.0, "noise": 0.9, "tempo": 0.8, "instability": 0.4, "turnover": 0.3}
    lively = crisis(
        actors=[{"id": name, **about, "arms": 1} for name in ("AUH", "YUG", "RUS", "FRN", "ITA")],
        ties=[
            {"from": "RUS", "to": "YUG", "kind": "defence", "mutual": False},
            {"from": "FRN", "to": "RUS", "kind": "defence", "mutual": False},
        ],
        dyads=[
            {"a": "AUH", "b": "YUG", "rivalry": 1.0},
            {"a": "ITA", "b": "AUH", "rivalry": 0.8},
        ],
        arms={"periods": 2, "levels": 3, "base": 0.0},
        bystander={"base": -4.0},
        contagion={"base": -3.0},
        war={"rate": 0.1, "balance": 0.5, "length": 0.1},
        mediation={"delay": 2, "rate": 0.4, "tension": 1.0},
        run={"horizon": 30, "turn_days": 2.0},
    )
    world = build_world(lively)
    for chain in long_chains(world, 4)[:4]:
        for turn in (1, 4):
            found = [
                branched(world, chain, turn, n_branches=300, backend=backend)
                for backend in ("plain", "numba")
            ]
            np.testing.assert_array_equal(found[0].course, found[1].course)
            for name in found[0].records._fields:
                np.testing.assert_array_equal(
                    getattr(found[0].records, name), getattr(found[1].records, name), name
                )


def test_a_branch_has_words_of_its_own_by_its_number(world):
    chain = long_chains(world, 3)[0]
    many = branched(world, chain, 1, n_branches=30).records
    for k in (0, 7, 29):
        one = branched(world, chain, 1, first_branch=k).records
        assert one.last_turn[0] == many.last_turn[k]
        assert one.outcome[0] == many.outcome[k]
    assert len(set(many.last_turn.tolist())) > 1


def test_orders_are_obeyed_in_that_turn(world, actors):
    """From the last turn on there is no other: rungs at the end are those ordered."""
    yug, auh, rus = (actors.index(name) for name in ("YUG", "AUH", "RUS"))
    chain = next(
        chain
        for chain in long_chains(world, 8, 400)
        if (follow(world, actors, seed=SEED, chain=chain, turn=8)).outcome == "stalemate"
    )
    held = branched(world, chain, 8, read_orders(["AUH=hold", "YUG=hold"], actors), n_branches=40)
    climbed = branched(world, chain, 8, read_orders(["AUH=up", "YUG=hold"], actors), n_branches=40)
    before = held.course[8].argmax()
    assert held.course[8].sum() == 40
    assert (climbed.course[8].argmax() - before) in (0, 1)
    # Misread moves of the turn are those drawn, and none is drawn now.
    assert len(set(held.records.misread_moves.tolist())) == 1
    if (held.records.side[:, rus] == NEUTRAL).any():
        joined = branched(world, chain, 8, read_orders(["RUS=join:initiator"], actors))
        assert joined.records.side[0, rus] == INITIATOR
        assert joined.records.cause[0, rus] == BYSTANDER
        joined = branched(world, chain, 8, read_orders(["RUS=join:target"], actors))
        assert joined.records.side[0, rus] == TARGET
        assert joined.records.cause[0, rus] == TREATY
        assert joined.records.through[0, rus] == yug
        assert joined.records.entry_turn[0, rus] == 8
        out = branched(world, chain, 8, read_orders(["RUS=hold"], actors), n_branches=40)
        assert (out.records.side[:, rus] == NEUTRAL).all()
    assert auh != yug


def test_a_tie_taken_away_binds_until_the_turn_and_not_after(scenario, world, actors):
    rus = actors.index("RUS")
    without = build_world(scenario.model_copy(update={"ties": ()}))
    entries = {True: 0, False: 0}
    for chain in long_chains(world, 4)[:8]:
        for has_tie, changed in ((True, world), (False, without)):
            branch = branched(world, chain, 2, n_branches=40, changed=changed).records
            entries[has_tie] += (branch.entry_turn[:, rus] >= 2).sum()
    assert entries[False] == 0
    assert entries[True] > 20


@pytest.mark.parametrize(
    ("moves", "hint"),
    [
        (["AUH"], "expected ACTOR= and one of up, hold, down, join:initiator, join:target"),
        (["AUH=sideways"], 'found "AUH=sideways"'),
        (["AHU=up"], 'no actor has the id "AHU"; did you mean "AUH"?'),
        (["AUH=up", "AUH=down"], "AUH has two moves"),
        (["AUH=join:target"], "AUH is on the initiator's side already"),
    ],
)
def test_impossible_moves_are_one_message(scenario, world, moves, hint):
    chain = long_chains(world, 3)[0]
    with pytest.raises(UsageError, match=hint.replace("?", "[?]").replace("|", "[|]")):
        mc.branch(scenario, chain=chain, seed=SEED, from_turn=1, moves=moves)


def test_a_turn_after_the_end_is_refused_with_the_last_one(scenario, world):
    chain = long_chains(world, 2)[0]
    last = len(mc.trace(scenario, chain=chain, seed=SEED).turns)
    with pytest.raises(UsageError, match=f"chain {chain} ended in turn {last} .* 1 to {last}"):
        mc.branch(scenario, chain=chain, seed=SEED, from_turn=last + 1)
    deterred = crisis(deterrence={"base": -90.0}, trigger={"initiator": "AUH", "target": "YUG"})
    calm = deterred.model_copy(
        update={"trigger": deterred.trigger.model_copy(update={"accident": 0.0})}
    )
    with pytest.raises(UsageError, match="was deterred"):
        mc.branch(calm, chain=0, seed=SEED, from_turn=1)


def test_what_cannot_change_in_a_chain_is_refused(scenario, world):
    chain = long_chains(world, 4)[0]
    asked = {"chain": chain, "seed": SEED}
    with pytest.raises(UsageError, match="ends with turn 3"):
        mc.branch(scenario, from_turn=4, settings=["run.horizon=3"], **asked)
    with pytest.raises(ScenarioError, match=r"response\.gpa"):
        mc.branch(scenario, from_turn=2, settings=["response.gpa=1"], **asked)
    with pytest.raises(UsageError, match="n_branches"):
        mc.branch(scenario, from_turn=2, n_branches=0, **asked)
