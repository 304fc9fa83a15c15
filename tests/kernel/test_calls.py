"""Bounds on the chance that a neutral comes in, and its exact chance, by hand."""

from math import log

import pytest
from kernel.known import known_moment
from model.states import crisis

from mcescalate.model.codes import INITIATOR, TARGET, TURN
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.model.words import WORDS

NO_ALLIANCE = {row.name: 0.0 for row in COEFFICIENTS if row.table == "alliance"}
NO_CONTAGION = {row.name: 0.0 for row in COEFFICIENTS if row.table == "contagion"}


def shares(limits: list[int]) -> list[float]:
    return [limit / WORDS for limit in limits]


def ready():
    """C, at most, is drawn to B by 1/2 a promise, and by 1/2 against A; its tempo is 0.4."""
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 0.4}},
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance=NO_ALLIANCE
        | {"base": -2.0, "obligation": 1.0, "threat": 0.25, "balance": 0.5, "review": 0.1},
        contagion=NO_CONTAGION | {"base": -0.75, "balance": 0.75},
    )
    return known_moment(scenario)


def test_call_limits():
    # As worked out for the highest logits; without news a tenth. A little is added for rounding.
    at = ready()
    close = {"abs": 2e-9}
    assert shares(at.call_limits("C", TARGET, 1, 0)) == pytest.approx([0.02, 0.2], **close)
    assert shares(at.call_limits("C", TARGET, 2, 1)) == pytest.approx([0.06, 0.6], **close)
    assert shares(at.call_limits("C", TARGET, 7, 1)) == pytest.approx([0.16, 1.0], **close)
    assert shares(at.call_limits("C", TARGET, 0, 0)) == pytest.approx([0.0, 0.0], **close)


def test_call_limits_by_the_enemy():
    # C is A's rival, not B's, which counts for its promises: log 3 for 3/4.
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 1.0}},
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance=NO_ALLIANCE | {"rivalry": log(3.0)},
        contagion=NO_CONTAGION,
    )
    at = known_moment(scenario)
    at.fill_eagerness("C", "A")
    assert at.memory.eagerness[0, 2, :2].tolist() == pytest.approx([0.75, 0.5])
    for _ in range(2):
        assert shares(at.call_limits("C", TARGET, 1, 0))[1] == pytest.approx(0.75, abs=2e-9)
        assert shares(at.call_limits("C", INITIATOR, 1, 0))[1] == pytest.approx(0.5, abs=2e-9)


def test_no_limit_is_known_where_entries_rest_on_more():
    at = ready()
    resting = at.world.rests_on.copy()
    resting.entry |= TURN
    at.world = at.world._replace(rests_on=resting)
    assert shares(at.call_limits("C", TARGET, 1, 0)) == [1.0, 1.0]


def test_entry_shares():
    # Hazards of 1/2 each, B's, D's, then opportunism: 1/2, 3/4, 7/8. With a tenth of each, without
    # news: 1 - 0.95, 1 - 0.95^2, 1 - 0.95^3. To A's side there are A and opportunism.
    promises = {("C", "B", "defence"): {}, ("C", "D", "defence"): {}}
    scenario = crisis(
        "ABCD",
        about={"C": {"tempo": 1.0}},
        promises=promises,
        dyads={("C", "A"): {"rivalry": 1.0}},
        alliance=NO_ALLIANCE | {"review": 0.1},
        contagion=NO_CONTAGION,
    )
    at = known_moment(scenario, {"A": 4}, joined={"D": "target"})
    at.fill_entry_shares("C", TARGET)
    quiet, news = at.memory.shares
    assert news[:3] == pytest.approx([1 / 2, 3 / 4, 7 / 8])
    assert quiet[:3] == pytest.approx([0.05, 0.0975, 0.142625])
    at.fill_entry_shares("C", INITIATOR)
    assert (at.memory.shares[:, :2] == 0.0).all()
