"""Elementary functions; background, incident and deterrence (docs/model.md 2 and 3).

Every number here and in the files `test_rules_…` is worked out by hand beside it.
"""

import inspect
from math import exp, log
from pathlib import Path

import pytest
from model.states import PLACES_OF_RULES, Moment, crisis, moment

from mcescalate.model import functions
from mcescalate.model.codes import INITIATOR, TARGET


def test_every_rule_has_a_number_worked_by_hand():
    texts = [path.read_text() for path in Path(__file__).parent.glob("*.py")]
    for module in PLACES_OF_RULES:
        for name, rule in vars(module).items():
            if inspect.isfunction(rule) and rule.__module__ == module.__name__:
                assert any(f"{name}(" in text for text in texts), name


def test_logistic():
    # e^-ln 3 = 1/3: 1 / (1 + 1/3) = 3/4; and 1 / (1 + 3) = 1/4.
    assert functions.logistic(0.0) == 0.5
    assert functions.logistic(log(3.0)) == pytest.approx(3 / 4, abs=1e-15)
    assert functions.logistic(-log(3.0)) == pytest.approx(1 / 4, abs=1e-15)


def test_logistic_does_not_overflow():
    assert functions.logistic(800.0) == 1.0
    assert functions.logistic(-800.0) == 0.0


def test_normal_cdf():
    # From any table of the normal distribution.
    assert functions.normal_cdf(0.0) == 0.5
    assert functions.normal_cdf(1.0) == pytest.approx(0.841344746068543, abs=1e-15)
    assert functions.normal_cdf(-1.96) == pytest.approx(0.024997895148220, abs=1e-15)


def test_within():
    assert [functions.within(x, -1.0, 1.0) for x in (-2.0, -1.0, 0.3, 1.5)] == [
        -1.0,
        -1.0,
        0.3,
        1.0,
    ]


# ---------------------------------------------------------------- 2. background


def test_perceived_bias():
    # Its own bias 0.3 and its mistrust of B, 0.4; B has neither.
    at = moment(crisis(about={"A": {"bias": 0.3}}, dyads={("A", "B"): {"mistrust": 0.4}}))
    assert at.perceived_bias("A", "B") == pytest.approx(0.7)
    assert at.perceived_bias("B", "A") == 0.0


def test_arms_goal_follows_the_rival_that_presses_most():
    # B: 2 (1 + (0.2 + 0.4)(1 - 0.5)) = 2.6; C: 0.5 (4 + 0.2) = 2.1; D is no rival.
    at = moment(
        crisis(
            "ABCD",
            about={"A": {"bias": 0.2}},
            dyads={
                ("A", "B"): {"rivalry": 2.0, "mistrust": 0.4, "channel": 0.5},
                ("A", "C"): {"rivalry": 0.5},
            },
        ),
        arms={"B": 1, "C": 4, "D": 8},
    )
    assert at.arms_goal("A") == pytest.approx(2.6)
    assert at.arms_goal("B") == 0.0


def test_arms_goal_may_lie_below_zero():
    # The only rival has no arms and is thought harmless: 2 (0 - 0.5) = -1.
    at = moment(crisis(about={"A": {"bias": -0.5}}, dyads={("A", "B"): {"rivalry": 2.0}}))
    assert at.arms_goal("A") == pytest.approx(-1.0)


def arming(levels: int, a: int, b: int):
    """A, B with arms `a`, `b`; A's goal is 1.5 b."""
    scenario = crisis(
        dyads={("A", "B"): {"rivalry": 1.5}},
        arms={"levels": levels, "base": -0.2, "pull": 0.4, "decay": -0.3, "fatigue": 0.6},
    )
    return moment(scenario, arms={"A": a, "B": b})


def test_arms_law():
    # Goal 1.5 * 2 = 3, gap 3 - 1 = 2. Up 1/(1+e^-(-0.2 + 0.4*2)) = 1/(1+e^-0.6);
    # else down 1/(1+e^-(-0.3 + 0.6*(-2))) = 1/(1+e^1.5).
    up = 1 / (1 + exp(-0.6))
    down = (1 - up) / (1 + exp(1.5))
    at = arming(5, 1, 2)
    assert at.arms_law("A") == pytest.approx((up, down), abs=1e-15)
    assert at.arms_moves(1, 3.0) == at.arms_law("A")


def test_arms_hold_at_the_ceiling_when_drawn_up():
    # The same gap of 2 at the ceiling: down stays (1 - 0.6457) * 0.1824, not 0.1824.
    up = 1 / (1 + exp(-0.6))
    down = (1 - up) / (1 + exp(1.5))
    at = arming(4, 4, 4)  # goal 6, gap 2
    assert at.arms_law("A") == pytest.approx((0.0, down), abs=1e-15)


def test_arms_hold_at_the_floor_when_drawn_down():
    # Goal 0, gap 0: up 1/(1+e^0.2), no further down.
    assert arming(4, 0, 0).arms_law("A") == pytest.approx((1 / (1 + exp(0.2)), 0.0), abs=1e-15)


def test_no_room_for_arms_at_all():
    assert arming(0, 0, 0).arms_law("A") == (0.0, 0.0)


def test_effective_capability_and_tempo():
    # 2 (1 + 0.05*4) = 2.4; 0.4 (1 + 0.1*4) = 0.56, and 0.9 * 1.4 = 1.26 is cut to 1.
    at = moment(
        crisis(
            about={"A": {"capability": 2.0, "tempo": 0.4}, "B": {"tempo": 0.9}},
            arms={"effect": 0.05, "tempo": 0.1},
        ),
        arms={"A": 4, "B": 4},
    )
    assert at.effective_capability("A") == pytest.approx(2.4)
    assert at.effective_tempo("A") == pytest.approx(0.56)
    assert at.effective_tempo("B") == 1.0
    assert at.tempo_with("A", 4) == pytest.approx(0.56)


def test_turnover_law():
    # Renewed with chance 0.2: from united to divided 0.2 * 0.3, back 0.2 * 0.7.
    at = moment(crisis(about={"A": {"instability": 0.3, "turnover": 0.2}}))
    assert at.turnover_law("A", 0) == pytest.approx(0.06)
    assert at.turnover_law("A", 1) == pytest.approx(0.14)


# ------------------------------------------------------- 3. incident and deterrence


def challenge(divided: str, balance: float) -> float:
    scenario = crisis(
        about={"A": {"resolve": 0.2, "optimism": 0.1}},
        dyads={("A", "B"): {"rivalry": 0.5}},
        promises={("A", "B", "nonaggression"): {"strength": 0.6}},
        deterrence={
            "base": -1.0, "rivalry": 1.2, "balance": 2.0, "diversion": 0.3, "opportunity": 0.4,
            "pact": 1.5,
        },
    )  # fmt: skip
    return moment(scenario, divided=divided).challenge_probability(balance)


def test_challenge_probability():
    # -1 + 1.2*0.5 + 2(0.25 + 0.1) + 0.2 - 1.5*0.6 = -0.4; A divided +0.3; B divided +0.4.
    assert challenge("", 0.25) == pytest.approx(1 / (1 + exp(0.4)), abs=1e-15)
    assert challenge("A", 0.25) == pytest.approx(1 / (1 + exp(0.1)), abs=1e-15)
    assert challenge("AB", 0.25) == pytest.approx(1 / (1 + exp(-0.3)), abs=1e-15)


def test_a_challenger_sees_no_more_than_full_superiority():
    # 0.95 + 0.1 counts as 1: -1 + 0.6 + 2 + 0.2 - 0.9 = 0.9.
    assert challenge("", 0.95) == pytest.approx(1 / (1 + exp(-0.9)), abs=1e-15)


def only(table: dict[str, float], **weights: float) -> dict[str, float]:
    """`[deterrence]` with a base, and nothing but `weights` beside it."""
    return {"base": -1.0, "rivalry": 0.0, "balance": 0.0} | table | weights


def test_a_stake_drives_the_challenger():
    # What A has at stake against B counts, not what B has: -1 + 1.5*0.6 = -0.1.
    stakes = {("A", "B"): {"stake": 0.6}, ("B", "A"): {"stake": 0.9}}
    at = moment(crisis(dyads=stakes, deterrence=only({}, stake=1.5)))
    assert at.challenge_probability(0.0) == pytest.approx(1 / (1 + exp(0.1)), abs=1e-15)


def test_a_challenger_is_provoked_and_assured():
    # C, as strong as A, backs B: 1 * 1/(1 + 1) = 0.5 of encirclement; D promises A 0.4. Provoked
    # -1 + 1.2*0.5 = -0.4; assured -1 - 0.7*0.4 = -1.28; both -0.68.
    promises = {("C", "B", "defence"): {}, ("D", "A", "defence"): {"strength": 0.4}}
    for weights, logit in (
        ({"provocation": 1.2}, -0.4),
        ({"assurance": 0.7}, -1.28),
        ({"provocation": 1.2, "assurance": 0.7}, -0.68),
    ):
        at = moment(crisis("ABCD", promises=promises, deterrence=only(weights)))
        chance = at.challenge_probability(0.0)
        assert chance == pytest.approx(1 / (1 + exp(-logit)), abs=1e-15)


def test_blame_weight():
    # B, struck by A, blames others by its own rivalries; never A, who did it, nor itself.
    rivalries = {("B", "A"): {"rivalry": 9.0}, ("B", "C"): {"rivalry": 0.7}}
    at = moment(crisis("ABCD", dyads=rivalries | {("C", "B"): {"rivalry": 5.0}}))
    assert [at.blame_weight("A", "B", x) for x in "ABCD"] == [0.0, 0.0, 0.7, 0.0]


def suspecting(blame: float):
    """B is struck by A; C is its rival, D is near, E protects it, F is protected by it."""
    return moment(
        crisis(
            "ABCDEF",
            promises={("E", "B", "defence"): {"against": ["D"]}, ("B", "F", "defence"): {}},
            dyads={
                ("B", "A"): {"rivalry": 9.0},
                ("B", "C"): {"rivalry": 0.7, "reach": 0.5},
                ("B", "D"): {"reach": 0.3},
                ("B", "E"): {"rivalry": 0.2},
                ("D", "B"): {"reach": 0.9, "rivalry": 5.0},
            },
            trigger={"initiator": "A", "target": "B", "blame": blame},
        )
    )


def test_blame_of_those_in_reach_who_are_no_allies():
    # C 0.7 + 2*0.5, D 2*0.3; E and F have a defence promise to B or from B,
    # against any adversary, and are no suspects: only the rivalry with E counts.
    weights = [suspecting(2.0).blame_weight("A", "B", x) for x in "ABCDEF"]
    assert weights == pytest.approx([0.0, 0.0, 1.7, 0.6, 0.2, 0.0])
    weights = [suspecting(0.0).blame_weight("A", "B", x) for x in "ABCDEF"]
    assert weights == [0.0, 0.0, 0.7, 0.0, 0.2, 0.0]


def test_suspects_are_all_or_the_rivals():
    at = suspecting(2.0)
    assert [at.nth_suspect("B", n) for n in range(at.n_suspects("B"))] == [0, 1, 2, 3, 4, 5]
    at = suspecting(0.0)
    assert [at.nth_suspect("B", n) for n in range(at.n_suspects("B"))] == [0, 2, 4]


def test_an_incident_opens_a_crisis():
    # A at the domain's rung 2 and B at 0. C backs B, D regards A as a rival, F supports A; E only
    # owes C something, and G is regarded by B: neither is concerned yet.
    scenario = crisis(
        "ABCDEFG",
        promises={
            ("C", "B", "defence"): {},
            ("E", "C", "defence"): {},
            ("F", "A", "support"): {},
        },
        dyads={("D", "A"): {"rivalry": 1.0}, ("B", "G"): {"rivalry": 1.0}},
        trigger={
            "initiator": "A",
            "target": "B",
            "domains": [{"name": "land", "rung": 1}, {"name": "raid", "rung": 2}],
        },
    )
    at = Moment(scenario)
    at.now.domain = 1
    at.open_crisis("A", "B")
    assert at.rungs() == {"A": 2, "B": 0}
    assert at.watching == ["C", "D", "F"]
    assert at.entry("A") == ("initiator", "initiator", None, 0)
    assert at.entry("B") == ("target", "target", None, 0)
    assert (at.peak("A"), at.peak("B")) == (2, 0)
    assert (at.now.highest_initiator, at.now.highest_target) == (2, 0)
    assert (at.now.turn, at.now.news, at.now.over) == (0, 1, 0)


def test_onlookers_are_added_once():
    at = moment(crisis("ABCD", promises={("C", "B", "defence"): {}, ("D", "C", "offence"): {}}))
    assert at.watching == ["C"]
    assert at.watch_for("B") is False
    assert at.watch_for("C") is True
    assert at.watching == ["C", "D"]


def test_record_high():
    # A stands at 1, B at 0 so far.
    at = moment(crisis())
    assert at.record_high(INITIATOR, 1) is False
    assert at.record_high(INITIATOR, 2) is True
    assert at.record_high(TARGET, 1) is True
    assert (at.now.highest_initiator, at.now.highest_target) == (2, 1)
