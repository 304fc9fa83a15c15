"""Laws of moves as the kernel keeps them, by hand."""

from math import exp, inf, log

import numpy as np
import pytest
from kernel.known import known_moment
from model.states import NOTHING, crisis

from mcescalate.kernel.crisis import laws
from mcescalate.model.codes import MOST_RUNGS


def test_odds():
    # e^ln 4 = 4; beyond e^300 they are not multiplied any more.
    assert laws.odds(log(4.0)) == pytest.approx(4.0)
    assert laws.odds(-800.0) == 0.0
    assert laws.odds(300.0) == inf


def pulls_of(at, actor: str) -> np.ndarray:
    """Its odds by [own rung, up or down, rung read]."""
    rows = at.memory.pulls.reshape(-1, 2, MOST_RUNGS)
    first = int(at.pulls_at(actor, 0)) // (2 * MOST_RUNGS)
    return rows[first : first + at.world.top + 1]


def test_pulls_are_the_odds_that_rung_and_reading_add():
    # Up 0.5 (s - h) - 0.11 h, and 0.8 once both are at 3 or above, and -2.8 on 4; down
    # -0.5 (s - h) - 0.07 h.
    response = {"gap": 0.5, "cost": 0.11, "preempt": 0.8, "war_cost": 2.8, "audience": 0.07}
    at = known_moment(crisis(response=response))
    assert pulls_of(at, "A")[3, 0, 3] == pytest.approx(exp(0.47))
    assert pulls_of(at, "A")[3, 1, 2] == pytest.approx(exp(0.29))
    assert at.known.pull_span == pytest.approx(5.24)  # up from 4, reading 0: -2 - 0.44 - 2.8


def test_actors_with_goals_of_their_own_have_pulls_of_their_own():
    # A cares twice for security: 2 * 0.5 (s - h); B for nothing but that.
    scenario = crisis(
        about={"A": {"weight_security": 2.0}}, response={"gap": 0.5, "cost": 0.0, "audience": 0.0}
    )
    at = known_moment(scenario)
    assert pulls_of(at, "A")[1, 0, 2] == pytest.approx(exp(1.0))
    assert pulls_of(at, "B")[1, 0, 2] == pytest.approx(exp(0.5))
    assert pulls_of(at, "A")[1, 1, 2] == pytest.approx(exp(-1.0))


@pytest.mark.parametrize(
    ("response", "pulls_rise"),
    [
        ({}, 1),
        ({"gap": 0.0, "preempt": 0.0}, 1),
        ({"preempt": -0.4}, 1),
        ({"preempt": -0.6}, 0),
        ({"gap": -0.1, "preempt": 0.0}, 0),
        ({"gap": -0.1, "preempt": 5.0}, 0),
    ],
)
def test_whether_going_up_is_the_likelier_the_higher_one_reads(response, pulls_rise):
    # A gap of 0.5 a rung; being mobilised where the other side seems so counts at one rung.
    at = known_moment(crisis(response=response))
    assert at.known.pulls_rise == pulls_rise


def test_odds_are_those_of_the_present_rungs_and_mediator():
    # Its ally C, above it, reassures it; a mediator makes 4 out of e^0 for down; on rung 2 it
    # would break a protocol.
    scenario = crisis(
        "ABC",
        promises={("A", "C", "defence"): {}, ("A", "C", "consultation"): {}},
        response=NOTHING | {"reassure": log(3.0), "protocol": log(5.0)},
        mediation={"pull": log(4.0)},
    )
    at = known_moment(scenario, {"A": 1, "C": 2}, joined={"C": "initiator"})
    me = at.know("A", 0.0)

    def odds(mediated):
        at.now.mediated = mediated
        me.reassured = at.reassurance_felt("A", me.pledge)
        is_new = at.set_odds("A")
        return me.up_odds, me.down_odds, is_new

    assert odds(0) == pytest.approx((3.0, 1.0, False))
    assert odds(1) == pytest.approx((3.0, 4.0, True))
    at.set_rung("C", 1)
    assert odds(0) == pytest.approx((1.0, 1.0, True))
    at.set_rung("A", 2)
    assert odds(0) == pytest.approx((1 / 5, 1.0, True))
    assert odds(0) == pytest.approx((1 / 5, 1.0, False))


@pytest.mark.parametrize(
    ("gap", "ups", "sound"),
    [(log(2.0), (1 / 2, 2 / 3, 4 / 5), 7 / 12), (-log(2.0), (1 / 2, 1 / 3, 1 / 5), 7 / 20)],
)
def test_chance_to_go_up_on_the_accurate_reading_too(gap, ups, sound):
    # Half of the time A sees nothing, and there is nothing in its reach; else it reads 2 where
    # there is 1. It goes up on both if it does on the less provoking one: on the lower one, or
    # on the higher one where threats calm. 1/4 + 1/2 * 2/3, and 1/4 + 1/2 * 1/5.
    scenario = crisis(
        about={"A": {"tempo": 1.0, "noise": 0.0}},
        dyads={("A", "B"): {"reach": 0.5, "mistrust": 1.0}},
        response=NOTHING | {"gap": gap, "down": -90.0},
    )
    at = known_moment(scenario, {"A": 0, "B": 1})
    at.know("A", 0.0)
    up, down = at.mean_moves("A")
    assert up == pytest.approx(ups[0] / 2 + ups[2] / 2)
    assert down == pytest.approx(0.0, abs=1e-30)
    assert at.ups("A")[:3] == pytest.approx(ups)
    assert at.known.pulls_rise == (gap > 0)
    assert at.sound_chance("A") == pytest.approx(sound)
    assert at.asked_sound_chance("A") == pytest.approx(sound)


def test_the_rule_is_asked_where_odds_might_overflow():
    # Reading war from rung 0, A gains 5 * 90, past what is multiplied; its resolve -100, its
    # rivalry -100 * 3 and its leaning of -50 take that off again: one half.
    response = NOTHING | {"up": -50.0, "rivalry": -100.0, "gap": 90.0}
    scenario = crisis(
        about={"A": {"tempo": 1.0, "resolve": -100.0, "noise": 0.0}},
        dyads={("A", "B"): {"rivalry": 3.0}},
        response=response,
    )
    at = known_moment(scenario, {"A": 0, "B": 5})
    assert not at.know("A", 0.0).is_moderate
    assert at.mean_moves("A") == pytest.approx((1 / 2, 0.0))
    assert at.sound_chance("A") == pytest.approx(1 / 2)
    calm = known_moment(crisis())
    assert calm.know("A", 0.0).is_moderate


# ---- how one sees another


def test_sightings_are_remembered_by_domain():
    # Without noise A takes B, on 1 with a bias of 0.6, for 2 on land and for 2 at sea, where twice
    # the noise is none still; with noise each domain has a table of its own.
    domains = [{"name": "land"}, {"name": "sea", "noise": 2.0}]
    trigger = {"initiator": "A", "target": "B", "domains": domains}
    at = known_moment(crisis(trigger=trigger))
    land = at.sighting_table("A", "B")
    at.now.domain = 1
    sea = at.sighting_table("A", "B")
    assert (land != sea).any()
    at.now.domain = 0
    assert (at.sighting_table("A", "B") == land).all()
    for domain, table in ((0, land), (1, sea)):
        for h in range(6):
            for s in range(6):
                assert table[h, s] == at.unnoticed("A", "B", domain, s, h)


def test_rungs_that_the_ladder_does_not_have_are_never_read():
    # Reach 0.25: of what A sees of B, beyond rung 0 always, a quarter reaches it.
    scenario = crisis(about={"A": {"noise": 0.0}}, dyads={("A", "B"): {"reach": 0.25}})
    at = known_moment(scenario, {"B": 1})
    assert at.sighting_table("A", "B")[1].tolist() == [0.75, 1.0, 1.0, 1.0, 1.0, 1.0]
    rows = at.memory.sighting.reshape(-1, MOST_RUNGS)
    assert (rows[rows[:, 5] == 1.0][:, 6:] == 1.0).all()


@pytest.mark.parametrize(
    "other",
    [
        {"about": {"C": {"bias": 0.3}}},
        {"about": {"C": {"noise": 0.9}}},
        {"about": {"D": {"exercise": 0.4}}},
        {"promises": {("C", "B", "consultation"): {}}},
        {"dyads": {("C", "D"): {"mistrust": 0.5}}},
        {"dyads": {("C", "D"): {"channel": 0.5}}},
        {"dyads": {("C", "D"): {"reach": 0.5}}},
    ],
    ids=lambda other: str(other),
)
def test_only_pairs_that_see_alike_share_a_table(other):
    # A and B, C and D are alike; then something sets how C sees D apart.
    alike = known_moment(crisis("ABCD"))
    view = alike.world.view_of
    assert view[0, 1] == view[2, 3] == view[3, 0]
    assert alike.world.n_views == 2  # and that of itself
    different = known_moment(crisis("ABCD", **other))
    view = different.world.view_of
    assert view[0, 1] != view[2, 3]
    assert (different.sighting_table("A", "B") == alike.sighting_table("A", "B")).all()
    assert (different.sighting_table("C", "D") != alike.sighting_table("C", "D")).any()
    assert (different.sighting_table("A", "B") == alike.sighting_table("A", "B")).all()
