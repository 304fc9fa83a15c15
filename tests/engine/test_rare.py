"""Probabilities of rare events against exact solutions.

Tests of random results have fixed seeds. A correct estimate is more than 4 standard errors off in
one of 16,000 cases.
"""

import numpy as np
import pytest
from small_crisis import crisis

import mcescalate as mc
from mcescalate.analysis.estimation.rare import as_dataset
from mcescalate.engine.events import ENTERED, parse_event
from mcescalate.engine.rare.estimate import plan_for, summarise
from mcescalate.engine.rare.impossible import why_impossible
from mcescalate.engine.rare.levels import keep_thresholds
from mcescalate.engine.rare.openings import allot, find_openings, systematic
from mcescalate.engine.rare.path import find_path
from mcescalate.engine.rare.repetition import Repetition, run_repetition
from mcescalate.engine.rare.thresholds import threshold_names
from mcescalate.errors import ResourceError, UsageError
from mcescalate.model.codes import OUTCOMES
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order

SEED = 1914
TEMPERED = {"response": {"up": -0.5, "war_cost": 3.0}}
MIXED = {
    "actors": [
        {"id": "AUH", "capability": 2.0, "tempo": 0.9, "bias": 0.3, "instability": 0.4},
        {"id": "YUG", "capability": 1.0, "tempo": 0.9, "resolve": 0.5, "turnover": 0.3},
        {"id": "RUS", "capability": 3.0, "tempo": 0.8, "noise": 0.9, "arms": 1},
    ],
    "arms": {"periods": 2, "levels": 2, "base": 0.0},
    "dyads": [
        {"a": "AUH", "b": "YUG", "rivalry": 1.0},
        {"a": "YUG", "b": "RUS", "rivalry": 0.5},
        {"a": "AUH", "b": "RUS", "rivalry": 0.4, "channel": 0.5},
    ],
    "trigger": {
        "dyads": [
            {"initiator": "AUH", "target": "YUG", "weight": 3.0},
            {"initiator": "RUS", "target": "AUH"},
        ],
        "accident": 0.2,
        "domains": [
            {"name": "land", "rung": 1, "weight": 2.0},
            {"name": "cyber", "rung": 2, "misattribution": 0.3, "noise": 2.0},
        ],
    },
    "war": {"rate": 0.2, "balance": 0.5},
    "run": {"horizon": 4, "turn_days": 2.0},
}


def exact_probability(exact, event):
    """P(event) from an exact solution, for events of one term."""
    outcomes = {"war": ["limited_war", "general_war"], "crisis": list(OUTCOMES[1:])}
    name, _, number = event.partition(">=")
    kind, _, actor = event.partition(":")
    if name == "peak":
        return float(exact["peak_probability"].isel(rung=slice(int(number), None)).sum())
    if name in ("war_size", "engaged_size"):
        sizes = exact[f"{name}_probability"]
        return float(sizes.isel(n_actors=slice(int(number), None)).sum())
    if event == "misread_war":
        return float(exact["misread_war_probability"])
    if kind == "war" and actor:
        return float(exact["actor_war_probability"].sel(actor=actor).sum())
    if kind == "entered":
        entries = exact["entry_probability"].sel(actor=actor)
        return float(entries.isel(cause=slice(2, None)).sum())
    return float(exact["outcome_probability"].sel(outcome=outcomes.get(event, [event])).sum())


def estimate(scenario, event, n=300, repetitions=30, seed=SEED, **tables):
    """Mean and standard error of plain repetitions with all thresholds."""
    world = build_world(scenario)
    plan = plan_for(
        world, parse_event(event, scenario.ladder.rungs, actor_order(scenario)), "numba"
    )
    found = [run_repetition(plan, n, seed=seed, number=k).estimate for k in range(repetitions)]
    return np.mean(found), np.std(found, ddof=1) / len(found) ** 0.5


EVENTS = (
    "war",
    "peak>=2",
    "general_war",
    "limited_war",
    "settled",
    "stalemate",
    "crisis",
    "war:RUS",
    "war:AUH",
    "war:YUG",
    "entered:RUS",
    "war_size>=3",
    "engaged_size>=3",
    "misread_war",
)


@pytest.fixture(scope="module", params=[{}, TEMPERED, MIXED], ids=["lively", "tempered", "mixed"])
def solved(request):
    scenario = crisis(**request.param)
    return scenario, mc.solve(scenario)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_its_exact_probability(solved, event):
    scenario, exact = solved
    mean, error = estimate(scenario, event)
    true = exact_probability(exact, event)
    assert abs(mean - true) <= 4.0 * error + 1e-12
    assert error < 0.2 * true


def test_an_actor_drawn_to_both_sides_stays_out():
    """RUS has promised both to defend them, and is eager: torn in a third of the turns."""
    ties = [{"from": "RUS", "to": to, "kind": "defence", "mutual": False} for to in ("YUG", "AUH")]
    scenario = crisis(ties=ties, alliance={"base": -1.0}, run={"horizon": 2, "turn_days": 2.0})
    exact = mc.solve(scenario)
    for event in ("entered:RUS", "engaged_size>=3"):
        mean, error = estimate(scenario, event)
        assert abs(mean - exact_probability(exact, event)) <= 4.0 * error + 1e-12
        assert error < 0.02 * mean


RARE = {
    # One decision is rare: the step to war.
    "costly": ({"response": {"up": -0.5, "war_cost": 9.0}}, "war", 1e-5),
    "one decision": ({"response": {"up": -0.5, "war_cost": 16.0}}, "war", 1e-8),
    # Every rung is.
    "every rung": ({"response": {"up": -4.0, "war_cost": 1.0}}, "war", 1e-5),
    # An ally comes in, and climbs, in a war that is rare itself.
    "ally": (
        {"response": {"up": -2.5, "war_cost": 6.0}, "alliance": {"base": -8.0}},
        "war:RUS",
        1e-7,
    ),
    "wide": ({"response": {"up": -0.8, "war_cost": 5.5}}, "general_war", 1e-6),
    "misread": ({"response": {"up": -1.0, "war_cost": 8.0}}, "misread_war", 1e-6),
}


@pytest.mark.parametrize("name", RARE)
def test_rare_events_have_their_exact_probability(name):
    tables, event, size = RARE[name]
    scenario = crisis(**tables, run={"horizon": 4, "turn_days": 2.0})
    true = exact_probability(mc.solve(scenario), event)
    assert size / 30 < true < 30 * size
    found = mc.estimate_rare(scenario, event=event, rel=0.05, seed=SEED)
    p, error = found["probability"].item(), found["error"].item()
    assert abs(p - true) <= 4.0 * error
    assert error <= 0.05 * p
    assert found["lower"] < p < found["upper"]
    assert found["n_ancestors"] >= 30
    assert found["gain"] > 1.0


def test_events_joined_are_those_that_records_have():
    scenario = crisis()
    result = mc.simulate(scenario, n_chains=40_000, seed=SEED, keep_chains=True)
    for event in ("misread_war&entered:RUS", "general_war&misread_war", "stalemate&entered:RUS"):
        count = mc.analysis.events.event_count(result, event).item()
        mean, error = estimate(scenario, event)
        share = count / 40_000
        assert count > 50
        assert abs(mean - share) <= 4.0 * (error**2 + share / 40_000) ** 0.5


def test_same_seed_same_estimate_whatever_the_workers():
    scenario = crisis(**TEMPERED)
    found = [
        mc.estimate_rare(scenario, event="general_war", rel=0.2, seed=SEED, workers=workers)
        for workers in (1, 3)
    ]
    assert found[0].drop_attrs().identical(found[1].drop_attrs())
    other = mc.estimate_rare(scenario, event="general_war", rel=0.2, seed=SEED + 1)
    assert other["probability"] != found[0]["probability"]


def test_the_compiled_stage_is_that_of_python():
    scenario = crisis(**TEMPERED)
    world = build_world(scenario)
    event = parse_event("war:RUS", scenario.ladder.rungs, actor_order(scenario))
    first, second = (
        run_repetition(plan_for(world, event, backend), 6, seed=SEED, number=3)
        for backend in ("numba", "python")
    )
    assert first.estimate == pytest.approx(second.estimate, rel=1e-12)
    np.testing.assert_allclose(first.by_ancestor, second.by_ancestor, rtol=1e-12)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("war_size>=4", "the scenario has 3 actors"),
        ("engaged_size>=9", "the scenario has 3 actors"),
        ("entered:AUH", "originator of every crisis"),
        ("settled&war", "no outcome of a chain fits"),
        ("deterred&war:RUS", "no outcome of a chain fits"),
        ("deterred&entered:RUS", "no outcome of a chain fits"),
        ("stalemate&peak>=war", "no outcome of a chain fits"),
        ("deterred&engaged_size>=2", "no outcome of a chain fits"),
        ("deterred&peak>=1", "no outcome of a chain fits"),
    ],
)
def test_an_impossible_event_has_probability_0_and_a_reason(event, reason):
    found = mc.estimate_rare(crisis(), event=event, seed=SEED)
    assert found["probability"] == found["upper"] == 0.0
    assert reason in found.attrs["reason"]


def test_what_rules_an_event_out_is_reported():
    alone = crisis(ties=[])
    calm = crisis(
        actors=[{"id": id_, "capability": 1.0, "noise": 0.0} for id_ in ("AUH", "YUG", "RUS")]
    )
    small = crisis(outcome={"general_share": 0.9, "system_capability": 100.0})
    for scenario, event, reason in (
        (alone, "entered:RUS", "RUS begins no crisis"),
        (alone, "war:RUS", "RUS begins no crisis"),
        (calm, "misread_war", "no noise"),
        (small, "general_war", "0.06 of the system's capability"),
    ):
        world = build_world(scenario)
        read = parse_event(event, scenario.ladder.rungs, actor_order(scenario))
        assert reason in why_impossible(world, read, actor_order(scenario))
    exact = mc.solve(alone)
    assert exact_probability(exact, "entered:RUS") == 0.0
    assert exact_probability(mc.solve(calm), "misread_war") == 0.0
    assert exact_probability(mc.solve(small), "general_war") == 0.0


def test_what_needs_no_estimate_is_known():
    for event in ("peak>=calm", "war_size>=0", "engaged_size>=0&peak>=0"):
        assert mc.estimate_rare(crisis(), event=event, seed=SEED)["probability"] == 1.0
    exact = mc.solve(crisis())
    deterred = mc.estimate_rare(crisis(), event="deterred", seed=SEED)
    assert deterred["probability"].item() == pytest.approx(exact_probability(exact, "deterred"))
    assert deterred["error"] < 1e-12


def test_too_few_chains_are_refused_and_no_interval_is_made_up():
    scenario = crisis(**TEMPERED)
    with pytest.raises(ResourceError, match=r"general_war: .* are allowed"):
        mc.estimate_rare(scenario, event="general_war", rel=0.01, seed=SEED, most_chains=20_000)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ({"event": "peace"}, "misread_war, A&B"),
        ({"event": "war:RSU"}, 'did you mean "RUS"'),
        ({"event": "war&"}, 'found ""'),
        ({"event": 3}, "expected a text"),
        ({"event": "war", "rel": 0}, "rel: expected a number above 0"),
        ({"event": "war", "rel": True}, "rel: expected a number above 0"),
        ({"event": "war", "most_chains": 0}, "most_chains"),
    ],
)
def test_wrong_arguments_are_one_message(asked, hint):
    with pytest.raises(UsageError) as error:
        mc.estimate_rare(crisis(), **{"seed": SEED, **asked})
    assert hint in str(error.value)


def test_openings_have_the_weights_of_the_model():
    """By hand: pairs 3 to 1, domains 2 to 1, and 0.3 of the blame in the second one astray."""
    scenario = crisis(**MIXED)
    openings = find_openings(build_world(scenario))
    auh, rus, yug = (actor_order(scenario).index(name) for name in ("AUH", "RUS", "YUG"))
    nobody, land, cyber = -1, 0, 1
    expected = {
        (auh, yug, land, nobody): 3 / 4 * 2 / 3,
        (auh, yug, cyber, nobody): 3 / 4 * 1 / 3 * 0.7,
        # YUG has one rival more, RUS; AUH one more than RUS too, YUG.
        (auh, yug, cyber, rus): 3 / 4 * 1 / 3 * 0.3,
        (rus, auh, land, nobody): 1 / 4 * 2 / 3,
        (rus, auh, cyber, nobody): 1 / 4 * 1 / 3 * 0.7,
        (rus, auh, cyber, yug): 1 / 4 * 1 / 3 * 0.3,
    }
    found = dict(zip(map(tuple, openings.rows.tolist()), openings.shares, strict=True))
    assert found == pytest.approx(expected)


def test_chains_are_allotted_without_bias():
    openings = find_openings(build_world(crisis(**MIXED)))
    for n in (len(openings.shares), 100, 1000):
        sums = np.zeros(len(openings.shares))
        for u in np.linspace(0.005, 0.995, 100):
            place, weight = allot(openings, n, u)
            assert len(place) == n
            sums += np.bincount(place, weight, len(sums)) / 100
        np.testing.assert_allclose(sums, openings.shares, atol=0.4 / n)
    assert systematic(np.array([0.0, 1.0, 0.0]), 5, 0.999).tolist() == [1] * 5


def test_a_pilot_leaves_out_thresholds_that_most_chains_pass():
    scenario = crisis()
    world = build_world(scenario)
    event = parse_event("war:RUS", scenario.ladder.rungs, actor_order(scenario))
    goal = plan_for(world, event, "numba").goal
    n = len(goal.thresholds) - 1
    names = threshold_names(goal, scenario.ladder.rungs, actor_order(scenario))
    assert names[-1] == "RUS at war"
    wide = parse_event("misread_war&war_size>=3", scenario.ladder.rungs, actor_order(scenario))
    names_of_wide = threshold_names(
        plan_for(world, wide, "numba").goal, scenario.ladder.rungs, actor_order(scenario)
    )
    assert len(set(names_of_wide)) == len(names_of_wide)
    assert names_of_wide[-2:] == ["2 at war and another at clash", "3 at war"]
    kept = keep_thresholds(goal, np.full(n, 0.9), 1.0)
    kept_names = threshold_names(kept, scenario.ladder.rungs, actor_order(scenario))
    assert kept_names == ["RUS comes in", "RUS at war"]
    assert len(keep_thresholds(goal, 0.1 ** np.arange(1, n + 1), 1.0).thresholds) == n + 1


def test_entry_is_no_event_of_an_originator():
    scenario = crisis(**MIXED)
    world = build_world(scenario)
    event = parse_event("entered:RUS", scenario.ladder.rungs, actor_order(scenario))
    assert event.terms[0].kind == ENTERED
    rus = actor_order(scenario).index("RUS")
    for row in plan_for(world, event, "numba").openings.rows:
        pair = (row.initiator, row.target) if row.blamed < 0 else (row.target, row.blamed)
        assert rus not in pair


@pytest.mark.parametrize(
    "event", ["war", "general_war", "misread_war", "war:RUS", "stalemate", "war_size>=3"]
)
def test_a_way_to_the_event_leads_there(event):
    scenario = crisis(**TEMPERED)
    world = build_world(scenario)
    actors, rungs = tuple(actor_order(scenario)), tuple(scenario.ladder.rungs)
    plan = plan_for(world, parse_event(event, rungs, actors), "numba")
    for seed in range(3):
        path = find_path(plan, actors, rungs, seed=seed)
        assert (path.initiator, path.target) == ("AUH", "YUG")
        assert [turn.number for turn in path.turns] == list(range(1, len(path.turns) + 1))
        changes = [change for turn in path.turns for change in turn.changes]
        climbs = [change for change in changes if "-> war" in change]
        if event == "stalemate":
            assert path.outcome == "stalemate"
            continue
        assert path.outcome in ("limited_war", "general_war")
        assert any(turn.crosses is not None and 0.0 < turn.chance < 1.0 for turn in path.turns)
        if event == "general_war":
            assert path.outcome == "general_war"
        if event == "war:RUS":
            assert any(change.startswith("RUS joins") for change in changes)
            assert any(change.startswith("RUS") for change in climbs)
        if event == "misread_war":
            first = next(turn for turn in path.turns if any("-> war" in it for it in turn.changes))
            moves = [it for it in first.changes if "-> war" in it and "drawn into" not in it]
            assert moves and all("(misread)" in move for move in moves)


def test_a_way_to_what_is_impossible_is_refused():
    with pytest.raises(UsageError, match="impossible: the scenario has 3 actors"):
        mc.analysis.rare.path_to(crisis(), "war_size>=4", seed=1)


def test_a_ratio_of_rare_events_has_an_interval():
    first, second = (
        mc.estimate_rare(crisis(response={"up": up, "war_cost": 9.0}), event="war", seed=seed)
        for up, seed in ((-0.5, 1), (-1.0, 2))
    )
    exact = [
        exact_probability(mc.solve(crisis(response={"up": up, "war_cost": 9.0})), "war")
        for up in (-0.5, -1.0)
    ]
    found = mc.analysis.rare.ratio_of_rare(second, first, level=0.9999)
    assert found["lower"] < exact[1] / exact[0] < found["upper"] < 1.0


def test_no_interval_rests_on_a_few_ancestors():
    """Where 12 of 24 times 200 first chains made it, an interval could mislead."""
    scenario = crisis()
    world = build_world(scenario)
    event = parse_event("war", scenario.ladder.rungs, actor_order(scenario))
    plan = plan_for(world, event, "numba")
    parts = np.zeros(200)
    parts[0] = 1e-9
    both = np.full(2, 1e-9)
    few = [
        Repetition(1e-9 * (1 + k % 2), parts * (k < 12), 0.5, both, both, 200) for k in range(24)
    ]
    found = summarise(plan, 200, few)
    assert found.n_ancestors == pytest.approx(12.0)
    names = threshold_names(plan.goal, scenario.ladder.rungs, actor_order(scenario))
    dataset = as_dataset(found, names, 0.95, {"event": "war"})
    assert np.isnan(dataset["lower"]) and np.isnan(dataset["upper"])
    assert "12 effective chains, and an interval takes 30" in dataset.attrs["interval"]
    enough = summarise(plan, 200, [one._replace(by_ancestor=np.full(200, 5e-12)) for one in few])
    assert as_dataset(enough, names, 0.95, {"event": "war"})["lower"] > 0.0


def test_progress_says_how_many_chains_are_planned():
    reported: list[tuple[int, int]] = []
    given = {"event": "war", "rel": 0.5, "seed": SEED}
    found = mc.estimate_rare(
        crisis(**TEMPERED), progress=lambda *numbers: reported.append(numbers), **given
    )
    done, planned = np.array(reported).T
    assert (np.diff(done) > 0).all() and (done <= planned).all()
    assert done[-1] == planned[-1] == int(found["n_simulated"]) + int(found["n_tried"])
