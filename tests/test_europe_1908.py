"""Europe 1908-1914: the case agrees with the published data, and shows what its page says.

At 20,000 chains of six crises the standard error of a share of one period is at most 0.0036.
"""

import pytest
from cases import WARS, load_case, run_case

from mcescalate.analysis import sequences
from mcescalate.scenario.merged_rows import merge_rows

CASE = "europe-1908"
INFORMAL = {("UKG", "RUS", "consultation"), ("RUS", "UKG", "consultation")}
"""Public record, and not in the alliance data."""
KINDS = ("consultation", "neutrality", "nonaggression")


@pytest.fixture(scope="module")
def case():
    return load_case(CASE)


@pytest.fixture(scope="module")
def published(case, published_data):
    """The scenario that the importer makes of the same states and day."""
    actors = [actor.id for actor in case.actors]
    return published_data.scenario(date=case.date.isoformat(), actors=actors).scenario


def test_capabilities_and_ranks_are_the_published_ones(case, published):
    expected = {actor.id: (actor.capability, actor.major) for actor in published.actors}
    assert {actor.id: (actor.capability, actor.major) for actor in case.actors} == expected


def test_promises_are_those_in_force(case, published):
    """To fight, both ways; others one way, but for those of the public record."""
    given, known = set(merge_rows(case).promises), set(merge_rows(published).promises)
    to_fight = [
        {key for key in keys if key[2] in ("defence", "offence")} for keys in (given, known)
    ]
    assert to_fight[0] == to_fight[1]
    assert {key for key in given if key[2] in KINDS} - known == INFORMAL


def test_rivalries_are_those_of_the_year(case, published):
    ours, theirs = merge_rows(case), merge_rows(published)
    for a in ours.actors:
        for b in ours.actors:
            if a is not b:
                assert ours.dyad(a.id, b.id).rivalry == theirs.dyad(a.id, b.id).rivalry, (a, b)


def test_reach_follows_contiguity(case, published):
    theirs = {
        frozenset((row.a, row.b)): row.reach for row in published.dyads if "COW" in row.source
    }
    for row in case.dyads:
        pair = frozenset((row.a, row.b))
        if "COW contiguity" in row.source:
            assert "(reach)" in row.source or row.reach == theirs[pair], row
        else:
            assert "no contiguity" in row.source and pair not in theirs, row


def test_the_six_crises_lie_as_far_apart_as_those_of_history(case):
    assert case.sequence.crises == 6
    assert 5 * case.sequence.years == pytest.approx(5.75)  # October 1908 to July 1914


def test_recurrence_is_that_fitted_to_disputes(case):
    fitted = load_case(CASE, ["recurrence"]).sequence
    names = ("recur", "settled_memory", "war_memory", "memory_half_life", "firm", "half_life")
    assert all(getattr(case.sequence, name) == getattr(fitted, name) for name in names)


def test_war_becomes_likelier_from_crisis_to_crisis():
    result = run_case(CASE)
    war = sequences.risk(result, "war")["probability"].values
    assert 0.02 < war[5] - war[0] < 0.08
    assert war[3] > war[0] + 0.01


def test_a_stalemate_brings_the_same_two_together_again():
    again = 1 - sequences.recurrence(run_case(CASE))["probability"].sel(recurrence="other_pair")
    assert again.sel(outcome="stalemate").item() > 0.45
    assert again.sel(outcome="settled").item() < 0.35
    assert again.sel(outcome=list(WARS)).max().item() < 0.4
