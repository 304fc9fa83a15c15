"""Goals, stakes, encirclement, policy: what else pulls up and down (docs/model.md 5), by hand."""

import pytest
from model.states import NOTHING, crisis, moment

# Distinct weights, so that no two terms can be taken for each other.
RESPONSE = {
    "up": -0.65, "gap": 0.5, "balance": 0.6, "rivalry": 0.35, "diversion": 0.2, "preempt": 0.8,
    "reassure": 1.9, "cost": 0.11, "war_cost": 2.8, "nuclear": 2.1, "restraint": 0.45,
    "protocol": 0.55, "down": 0.13, "audience": 0.07, "channel": 0.4,
}  # fmt: skip
GOALS = {
    "weight_security": 2.0, "weight_stability": 0.5, "weight_influence": 3.0,
    "weight_audience": 4.0,
}  # fmt: skip


def pulls(at, actor: str, reading: int | None = None, balance: float = 0.0) -> tuple[float, float]:
    """U_up and U_down without a mediator, on reading `reading` or else the actor's own rung."""
    h = at.rung(actor)
    s = h if reading is None else reading
    fixed = at.fixed_terms(actor, balance)
    return (
        at.up_logit(actor, fixed, at.reassurance_felt(actor, fixed.pledge))
        + at.up_pull(actor, h, s),
        at.down_logit(actor, fixed, 0) + at.down_pull(actor, h, s),
    )


# ---------------------------------------------------------------- goals


def caring(rungs: dict[str, int], **about: float):
    """C, divided, beside A against B, with every term of the first version."""
    scenario = crisis(
        "ABC",
        about={"B": {"nuclear": True}, "C": {"resolve": 0.3, "optimism": 0.1} | about},
        promises={
            ("C", "A", "defence"): {"strength": 0.5},
            ("C", "A", "consultation"): {"strength": 0.8},
        },
        dyads={("C", "B"): {"rivalry": 1.2, "reach": 0.25, "channel": 0.6}},
        response=RESPONSE,
    )
    return moment(scenario, rungs, joined={"C": "initiator"}, divided="C")


def test_goals_once_mobilised():
    # On 3, A on 4, reading 5. Security 2 (0.5*2 + 0.6*0.3 + 0.8) = 3.96; influence
    # 3 (0.35*1.2 + 0.2 + 1.9*0.5) = 4.71; stability 0.5 (0.11*3 + 0.45*0.8) = 0.345:
    # -0.65 + 3.96 + 0.3 + 4.71 - 0.345 = 7.975. Down 0.13 - 2 (0.5*2 + 0.6*0.3) - 0.3
    # - 3*4*0.07*3 + 0.4*0.6 = -4.81: resolve and channel are nobody's goal.
    at = caring({"A": 4, "C": 3}, **GOALS)
    assert pulls(at, "C", 5, 0.2) == pytest.approx((7.975, -4.81))


def test_goals_at_the_step_to_mobilisation():
    # On 2, A no higher, reading 2. Security 2*0.18; influence 3 (0.42 + 0.2) = 1.86; stability
    # 0.5 (0.11*2 + (0.45 + 0.55)*0.8) = 0.51: -0.65 + 0.36 + 0.3 + 1.86 - 0.51 = 1.36.
    # Down 0.13 - 0.36 - 0.3 - 3*4*0.07*2 + 0.24 = -1.97.
    at = caring({"A": 2, "C": 2}, **GOALS)
    assert pulls(at, "C", 2, 0.2) == pytest.approx((1.36, -1.97))


def test_goals_at_the_last_step():
    # On 4, A on 5, reading 4. Security 2 (0.18 + 0.8) = 1.96; influence 4.71; stability
    # 0.5 (0.11*4 + 0.45*0.8 + 2.8 + 2.1*0.25) = 2.0625: -0.65 + 1.96 + 0.3 + 4.71 - 2.0625.
    at = caring({"A": 5, "C": 4}, **GOALS)
    assert pulls(at, "C", 4, 0.2)[0] == pytest.approx(4.2575)


def test_goals_of_one_each_are_no_goals():
    ones = dict.fromkeys(GOALS, 1.0)
    rungs = {"A": 4, "C": 3}
    assert pulls(caring(rungs, **ones), "C", 5, 0.2) == pulls(caring(rungs), "C", 5, 0.2)


@pytest.mark.parametrize("goal", GOALS)
def test_goals_do_not_bear_on_hazards_or_challenges(goal):
    scenario = crisis(
        "ABC",
        promises={("C", "B", "defence"): {}},
        dyads={("C", "A"): {"rivalry": 1.0}, ("A", "B"): {"rivalry": 1.0}},
    )
    other = [actor.model_copy(update={goal: 7.0}) for actor in scenario.actors]
    found = [
        (
            at.challenge_probability(0.3),
            [at.nth_impulse("C", 1, n, 5, 0.3) for n in range(at.n_hazards(1))],
        )
        for at in (moment(scenario), moment(scenario.model_copy(update={"actors": tuple(other)})))
    ]
    assert found[0] == found[1]


# ---------------------------------------------------------------- stakes


def with_stakes(**about: float):
    """A has 0.6 at stake against B, who has 0.9 against it; C, beside A, 0.4 against B."""
    stakes = {("A", "B"): 0.6, ("B", "A"): 0.9, ("C", "B"): 0.4, ("C", "A"): 1.0}
    scenario = crisis(
        "ABC",
        about={"C": about},
        dyads={pair: {"stake": stake} for pair, stake in stakes.items()},
        response=NOTHING | {"stake": 1.5, "stake_war": 0.7},
    )
    return moment(scenario, joined={"C": "initiator"})


def test_stakes_pull_up_and_keep_from_stepping_back():
    # 1.5*0.6; on 4 also 0.7*0.6 up, and nothing more against stepping back.
    at = with_stakes()
    assert pulls(at, "A") == pytest.approx((0.9, -0.9))
    at.set_rung("A", 3)
    assert pulls(at, "A") == pytest.approx((0.9, -0.9))
    at.set_rung("A", 4)
    assert pulls(at, "A") == pytest.approx((1.32, -0.9))
    assert pulls(at, "B") == pytest.approx((1.35, -1.35))


def test_a_joiners_stake_is_with_the_other_originator_and_counts_as_influence():
    # 1.5*0.4 = 0.6; on 4 also 0.7*0.4 = 0.28 up. All of it thrice where influence counts 3.
    at = with_stakes()
    at.set_rung("C", 4)
    assert pulls(at, "C") == pytest.approx((0.88, -0.6))
    at = with_stakes(**GOALS)
    at.set_rung("C", 4)
    assert pulls(at, "C") == pytest.approx((2.64, -1.8))


# ------------------------------------------------- encirclement, assurance, displays


def facing(about: dict[str, float] | None = None, **weights: float):
    """A, whom E promises 0.4, faces B, whom D, as strong as A, backs in full."""
    scenario = crisis(
        "ABDE",
        about={"A": about or {}},
        promises={("D", "B", "defence"): {}, ("E", "A", "defence"): {"strength": 0.4}},
        response=NOTHING | weights,
    )
    return moment(scenario, {"A": 2})


def test_encirclement_and_assurance_bear_on_going_up_alone():
    # Encircled by 1 * 1/2 = 0.5: 1.2*0.5; assured by 0.4: -0.7*0.4.
    assert pulls(facing(encircle=1.2), "A") == pytest.approx((0.6, 0.0))
    assert pulls(facing(assurance=0.7), "A") == pytest.approx((-0.28, 0.0))
    assert pulls(facing(encircle=1.2, assurance=0.7), "A") == pytest.approx((0.32, 0.0))
    # Twice as much where security counts 2. B has E opposite it, by 0.4/2, and D's full promise.
    goals = facing(GOALS, encircle=1.2, assurance=0.7)
    assert pulls(goals, "A") == pytest.approx((0.64, 0.0))
    assert pulls(goals, "B") == pytest.approx((1.2 * 0.2 - 0.7, 0.0))


def test_displays_end_at_the_casus():
    # 0.9*0.5 on 2, below the casus of 3; nothing on 3; thrice where influence counts 3.
    at = facing(display=0.9)
    assert pulls(at, "A") == pytest.approx((0.45, 0.0))
    at.set_rung("A", 3)
    assert pulls(at, "A") == pytest.approx((0.0, 0.0))
    assert pulls(facing(GOALS, display=0.9), "A") == pytest.approx((1.35, 0.0))
    # Beside encirclement, 1.2*0.5, which stays.
    at = facing(display=0.9, encircle=1.2)
    assert pulls(at, "A") == pytest.approx((1.05, 0.0))
    at.set_rung("A", 3)
    assert pulls(at, "A") == pytest.approx((0.6, 0.0))


# ---------------------------------------------------------------- limited help


def test_joiners_stop_short_of_war():
    # C, who has joined, on 4: -1.1, half of it where stability counts a half; not on 3, and not
    # A and B, whose crisis it is.
    for about, expected in (({}, -1.1), (GOALS, -0.55)):
        scenario = crisis("ABC", about={"C": about}, response=NOTHING | {"limited": 1.1})
        at = moment(scenario, dict.fromkeys("ABC", 4), joined={"C": "target"})
        assert pulls(at, "C") == pytest.approx((expected, 0.0))
        assert pulls(at, "A") == pulls(at, "B") == (0.0, 0.0)
        at.set_rung("C", 3)
        assert pulls(at, "C") == (0.0, 0.0)


# ---------------------------------------------------------------- policy


def governed(from_rung: int, **rungs: int):
    scenario = crisis(
        "ABC",
        about={"A": GOALS},
        response=NOTHING,
        policy={"from_rung": from_rung, "restraint": 0.8, "calm": 0.5},
    )
    return moment(scenario, rungs, joined={"C": "target"})


def test_a_policy_holds_from_the_highest_rung_of_all():
    # Once any actor is on rung 3: 0.8 less to go up, 0.5 more to go down, for any goals.
    at = governed(3, A=2, B=1, C=2)
    assert pulls(at, "A") == (0.0, 0.0)
    assert (at.restraint_policy(), at.calm_policy()) == (0.0, 0.0)
    at.set_rung("C", 3)
    assert (at.restraint_policy(), at.calm_policy()) == (0.8, 0.5)
    assert pulls(at, "A") == pulls(at, "B") == pulls(at, "C") == (-0.8, 0.5)
    at.set_rung("C", 2)
    assert pulls(at, "A") == (0.0, 0.0)


def test_a_policy_above_the_ladder_never_holds():
    # Rungs 0 to 5; a policy from 0 on always does.
    assert [bool(governed(3).is_policy_on(h)) for h in range(6)] == [False] * 3 + [True] * 3
    assert not any(governed(from_rung).is_policy_on(5) for from_rung in (6, 16))
    assert pulls(governed(6, A=5, B=5, C=4), "C") == (0.0, 0.0)
    assert pulls(governed(0), "A") == (-0.8, 0.5)
    assert not moment(crisis(policy={"restraint": 0.8})).is_policy_on(5)
