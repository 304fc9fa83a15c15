"""Outcomes of the library's cases: anchors, and the idea that each case stands for.

Bands are wide, with their reasons in docs/scenarios. The seed is fixed, so nothing here fails by
chance; at 20,000 chains the standard error of a share p is sqrt(p (1 - p) / 20,000), at most
0.0036. When they were set, every bound and every difference lay at least 5 standard errors from
the value measured, so another seed would fail any one test less than once in a million runs.
"""

import pytest
from cases import WARS, at_war, entered, fates, misreads, peak_share, run_case, share

MANY = 60_000
"""Chains where wars are rare or differences small: four hundred wars in Able Archer."""


def war(result):
    return share(result, *WARS)


def misread_war(result):
    return int(result["misread_war_count"]) / int(result["n_chains"])


# ---------------------------------------------------------------------------------- every case


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [
        ("july-1914", 0.5, 0.8),
        ("cuba-1962", 0.01, 0.1),
        ("nato-russia-2022", 0.5, 0.85),
        ("east-asia-2020s", 0.015, 0.1),
        ("europe-1908", 0.09, 0.2),
    ],
)
def test_war_is_as_likely_as_the_case_page_says(case, low, high):
    assert low < war(run_case(case)) < high


@pytest.mark.parametrize("case", ["july-1914", "able-archer-1983", "nato-russia-2022"])
def test_a_mediator_lowers_war(case):
    assert war(run_case(case, overlays=("mediator",))) < 0.85 * war(run_case(case))


@pytest.mark.parametrize("case", ["july-1914", "cuba-1962", "nato-russia-2022"])
def test_a_joint_protocol_lowers_general_war(case):
    plain, bound = run_case(case), run_case(case, overlays=("joint-protocol",))
    assert share(bound, "general_war") < share(plain, "general_war")


@pytest.mark.parametrize("case", ["cuba-1962", "nato-russia-2022", "east-asia-2020s"])
def test_without_a_gain_from_moving_first_war_is_rarer(case):
    assert war(run_case(case, overlays=("no-first-move",))) < 0.8 * war(run_case(case))


@pytest.mark.parametrize("case", ["cuba-1962", "able-archer-1983", "east-asia-2020s"])
def test_hotlines_lower_misread_moves(case):
    plain, linked = run_case(case), run_case(case, overlays=("hotline",))
    assert misreads(linked) < 0.95 * misreads(plain)


@pytest.mark.parametrize("case", ["july-1914", "nato-russia-2022"])
def test_arms_races_feed_general_war(case):
    plain, unarmed = run_case(case), run_case(case, overlays=("no-build-up",))
    assert share(unarmed, "general_war") < share(plain, "general_war")


@pytest.mark.parametrize(
    "case", ["able-archer-1983", pytest.param("cuba-1962", marks=pytest.mark.slow)]
)
def test_the_policy_in_the_crisis_lowers_war(case):
    unruled = run_case(case, settings=("policy.from_rung=16",), n_chains=MANY)
    assert war(run_case(case, n_chains=MANY)) < 0.8 * war(unruled)


@pytest.mark.parametrize(
    ("case", "off", "pair"),
    [
        ("east-asia-2020s", ("response.display=0",), ("USA", "PRK")),
        pytest.param("nato-russia-2022", (), ("USA", "RUS"), marks=pytest.mark.slow),
    ],
)
def test_forces_near_by_provoke_a_part_of_what_they_deter(case, off, pair):
    """So that more reach of a guarantor does not only deter."""
    unafraid = ("deterrence.provocation=0", "response.encircle=0", *off)
    a, b = pair

    def gain(settings):
        near, far = (
            share(run_case(case, settings=(*settings, *reach), n_chains=MANY), "deterred")
            for reach in (
                (f"dyads.{a}-{b}.reach=1", f"dyads.{b}-{a}.reach=1"),
                (f"dyads.{a}-{b}.reach=0.5", f"dyads.{b}-{a}.reach=0.5"),
            )
        )
        return near - far

    assert 0.0 < gain(()) < 0.75 * gain(unafraid)


@pytest.mark.parametrize("case", ["nato-russia-2022", "east-asia-2020s"])
def test_attacks_are_laid_at_the_wrong_door(case):
    result = run_case(case)
    assert 0.005 < int(result["misattributed_count"]) / int(result["n_chains"]) < 0.03


# ---------------------------------------------------------------------------------------- 1914


def test_stakes_make_war_in_1914():
    plain = run_case("july-1914")
    assert war(run_case("july-1914", settings=("dyads.*.stake=0",))) < 0.7 * war(plain)


def test_treaties_make_the_war_of_1914_general():
    """Without Germany's promise war is as likely as before, and Europe is left out of it."""
    plain = run_case("july-1914")
    alone = run_case("july-1914", settings=("ties.GMY-AUH.defence.strength=0",))
    assert abs(war(alone) - war(plain)) < 0.03
    assert share(alone, "general_war") < 0.2 * share(plain, "general_war")


def test_timetables_make_war_in_1914():
    plain = run_case("july-1914")
    patient = run_case("july-1914", overlays=("no-first-move",))
    loose = run_case("july-1914", overlays=("no-first-move",), settings=("actors.*.rigidity=0",))
    assert war(patient) < war(plain) - 0.08
    assert war(loose) < war(patient) - 0.05


def test_a_local_war_of_1914_is_no_less_likely_but_stays_local():
    """Russia's aid held Vienna back a little, and its quarrel made the war Europe's."""
    plain, local = run_case("july-1914"), run_case("july-1914", overlays=("july-1914-local",))
    assert share(local, "deterred") < share(plain, "deterred") - 0.03
    assert war(local) > war(plain)
    assert share(local, "general_war") < 0.25 * share(plain, "general_war")


# ---------------------------------------------------------------------------------------- 1962


def test_the_blockade_brings_forces_up_and_rarely_war():
    result = run_case("cuba-1962")
    assert peak_share(result, "mobilisation") > 0.5
    assert share(result, "general_war") < 0.04
    assert share(result, "settled", "mediated") > 0.25


def test_nuclear_weapons_restrain_both_sides_over_cuba():
    plain = run_case("cuba-1962")
    without = run_case("cuba-1962", settings=("response.nuclear=0",))
    assert war(without) > 2.5 * war(plain)
    assert share(without, "general_war") > 3.0 * share(plain, "general_war")


def test_accidents_are_not_deterred():
    chosen = run_case("cuba-1962", settings=("trigger.accident=0",), n_chains=MANY)
    unmeant = run_case("cuba-1962", settings=("trigger.accident=1",), n_chains=MANY)
    assert share(chosen, "deterred") > 0.1
    assert share(unmeant, "deterred") == 0.0
    assert war(unmeant) > war(chosen)
    assert int(run_case("cuba-1962")["accident_count"].sel(outcome="deterred")) == 0


def test_talks_ended_the_crisis_over_cuba():
    silent = run_case("cuba-1962", settings=("mediation.rate=0",))
    assert war(silent) > 4.0 * war(run_case("cuba-1962"))


def test_the_pledge_to_cuba_makes_the_quarrel_a_world_crisis():
    plain = run_case("cuba-1962")
    local = run_case("cuba-1962", overlays=("cuba-1962-no-pledge",))
    assert share(local, "general_war") < 0.4 * share(plain, "general_war")
    assert entered(plain, "RUS", "treaty") > 20.0 * entered(local, "RUS", "treaty")


# ---------------------------------------------------------------------------------------- 1983


def test_able_archer_is_dangerous_and_passes():
    result = run_case("able-archer-1983", n_chains=MANY)
    assert 0.002 < war(result) < 0.03
    assert share(result, "settled", "mediated") > 0.7
    assert share(result, "deterred") == 0.0


def test_without_the_exercise_fewer_wars_begin_by_misreading():
    plain = run_case("able-archer-1983", n_chains=MANY)
    quiet = run_case("able-archer-1983", overlays=("able-archer-1983-no-exercise",), n_chains=MANY)
    assert misread_war(quiet) < 0.65 * misread_war(plain)
    assert war(quiet) < 0.7 * war(plain)
    assert misreads(quiet) < 0.7 * misreads(plain)


def test_an_even_eye_in_moscow_takes_off_half_the_danger():
    plain = run_case("able-archer-1983", n_chains=MANY)
    even = run_case("able-archer-1983", settings=("actors.RUS.bias=0",), n_chains=MANY)
    assert war(even) < 0.75 * war(plain)


# ---------------------------------------------------------------------------------------- 2022


def test_ukraine_fights_and_the_alliance_stays_out():
    result = run_case("nato-russia-2022")
    assert at_war(result, "UKR") > 0.5
    for member in ("USA", "UKG", "FRN", "GMY", "POL"):
        assert at_war(result, member) < 0.1
    assert share(result, "general_war") < 0.05


def test_belarus_lends_its_ground_and_keeps_its_army():
    result = run_case("nato-russia-2022")
    fate = fates(result, "BLR-RUS")
    assert fate["stood_by"] > 2 * fate["fought"]
    assert 0.15 < entered(result, "BLR", "treaty") < 0.6


def test_the_guarantee_deters_and_widens():
    """A member is attacked less often than the partner; if it is, the war is everybody's."""
    partner = run_case("nato-russia-2022")
    member = run_case("nato-russia-2022", overlays=("nato-russia-2022-estonia",))
    unpledged = run_case(
        "nato-russia-2022",
        overlays=("nato-russia-2022-estonia",),
        settings=("ties.*.defence.strength=0",),
    )
    assert share(member, "deterred") > 1.8 * share(partner, "deterred")
    assert share(member, "deterred") > 3.0 * share(unpledged, "deterred")
    assert war(member) < 0.6 * war(unpledged)
    assert share(member, "general_war") > 3.0 * share(partner, "general_war")
    assert share(unpledged, "general_war") < 0.005


def test_a_pledge_to_ukraine_prevents_wars_and_enlarges_the_others():
    plain = run_case("nato-russia-2022")
    pledged = run_case("nato-russia-2022", overlays=("nato-russia-2022-pledge",))
    assert share(pledged, "deterred") > share(plain, "deterred") + 0.05
    assert war(pledged) < war(plain) - 0.05
    assert share(pledged, "general_war") > 5.0 * share(plain, "general_war")


# ----------------------------------------------------------------------------------- East Asia


def test_spokes_come_in_through_the_hub_alone():
    result = run_case("east-asia-2020s")
    for spoke in ("ROK", "PHI", "AUL"):
        through = result["drawn_in_count"].sel(actor=spoke)
        assert int(through.sel(partner="USA")) == int(through.sum()) > 500


def test_japan_owes_no_state_a_war():
    """America's promise to it is one-sided: it is defended, and comes in for itself only."""
    result = run_case("east-asia-2020s")
    assert entered(result, "JPN", "treaty") == 0.0
    assert 0.0 < entered(result, "JPN", "opportunism") < 0.05
    assert int(result["drawn_in_count"].sel(partner="JPN", actor="USA")) > 100


def test_without_the_hub_no_spoke_comes():
    alone = run_case("east-asia-2020s", settings=("ties.USA-*.defence.strength=0",))
    for spoke in ("ROK", "PHI", "AUL"):
        assert entered(alone, spoke, "treaty") < 0.01
    assert war(alone) > 1.2 * war(run_case("east-asia-2020s"))


def test_a_ring_draws_in_more_spokes():
    hub = run_case("east-asia-2020s")
    ring = run_case("east-asia-2020s", overlays=("east-asia-2020s-ring",))
    for spoke in ("JPN", "PHI", "AUL"):
        assert entered(ring, spoke, "treaty") > 1.5 * entered(hub, spoke, "treaty")


def test_a_pledge_to_taiwan_trades_fewer_wars_for_larger_ones():
    strait = "east-asia-2020s-taiwan"
    none, vague, clear = (
        run_case("east-asia-2020s", overlays=(strait, *more), n_chains=MANY)
        for more in (("east-asia-2020s-no-pledge",), (), ("east-asia-2020s-clear-pledge",))
    )
    assert share(none, "deterred") < share(vague, "deterred") < share(clear, "deterred")
    assert war(none) > war(vague) > war(clear)
    assert share(none, "general_war") < 0.002
    assert share(vague, "general_war") > 0.005


def test_the_unsaid_pledge_is_kept_less_often_than_not():
    strait = run_case("east-asia-2020s", overlays=("east-asia-2020s-taiwan",), n_chains=MANY)
    fate = fates(strait, "USA-TAW")
    assert 0.05 < fate["fought"] / sum(fate.values()) < 0.5
    assert fate["stood_by"] > fate["abandoned"]
