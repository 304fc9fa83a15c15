"""Of whose capability a general war is a share, from the file and its changes to the counts."""

import pytest
from small_crisis import crisis
from verification.small_worlds import SMALL_WORLDS

import mcescalate as mc
from mcescalate.scenario.reading import load_scenario
from mcescalate.scenario.writing import to_toml

ADDRESS = "outcome.system_capability"
SHARE = {"general_share": 0.5}
# AUH 2, YUG 1, RUS 3. AUH and YUG alone hold half of the file, with RUS all of it; of a system
# of 8 three eighths and three quarters, of one of 13 less than half even together.


def outcomes(scenario):
    """Exact chances of limited and general war."""
    chances = mc.solve(scenario)["outcome_probability"]
    return tuple(float(chances.sel(outcome=f"{kind}_war")) for kind in ("limited", "general"))


def in_a_system_of(capability):
    return crisis(outcome={**SHARE, "system_capability": capability})


@pytest.fixture(scope="module")
def counts():
    return mc.simulate(crisis(outcome=SHARE), n_chains=3_000, seed=5)


@pytest.mark.parametrize("capability", [0.0, 1e-3, 5.9, 6.0])
def test_a_system_no_larger_than_its_actors_changes_nothing(counts, capability):
    same = mc.simulate(in_a_system_of(capability), n_chains=3_000, seed=5)
    assert counts.drop_attrs().identical(same.drop_attrs())


def test_a_larger_system_changes_the_kind_of_war_and_nothing_else(counts):
    larger = mc.simulate(in_a_system_of(8.0), n_chains=3_000, seed=5)
    kinds = [name for name in counts.variables if "outcome" in counts[name].dims]
    assert counts.drop_vars(kinds).drop_attrs().identical(larger.drop_vars(kinds).drop_attrs())
    before, after = counts["outcome_count"], larger["outcome_count"]
    wars = ["limited_war", "general_war"]
    assert before.sel(outcome=wars).sum() == after.sel(outcome=wars).sum()
    assert before.sel(outcome="limited_war") == 0
    assert 0 < after.sel(outcome="general_war") < before.sel(outcome="general_war")


def test_exact_chances_in_systems_of_several_sizes():
    war = sum(outcomes(crisis(outcome=SHARE)))
    assert outcomes(crisis(outcome=SHARE)) == (0.0, war)
    limited, general = outcomes(in_a_system_of(8.0))
    assert limited + general == pytest.approx(war, abs=1e-15)
    # Three eighths do not suffice: what is general is a war that RUS has joined on its rung.
    fought = mc.solve(in_a_system_of(8.0))["actor_war_probability"].sel(actor="RUS")
    assert general == pytest.approx(float(fought.sum()), abs=1e-15)
    assert outcomes(in_a_system_of(13.0)) == (pytest.approx(war, abs=1e-15), 0.0)
    # The share decides, not the unit: all capabilities and the system's ten times as large.
    tenfold = crisis(
        actors=[{**plain(actor), "capability": 10 * actor.capability} for actor in crisis().actors],
        outcome={**SHARE, "system_capability": 80.0},
    )
    assert outcomes(tenfold) == pytest.approx((limited, general), abs=1e-12)


def plain(actor):
    return actor.model_dump(exclude_none=True)


def test_it_has_an_address_everywhere(tmp_path):
    """Setting, overlay and axis of a sweep give what the file gives."""
    file, overlay, plan = (tmp_path / f"{name}.toml" for name in ("case", "overlay", "plan"))
    file.write_text(to_toml(crisis(outcome=SHARE)))
    overlay.write_text("[outcome]\nsystem_capability = 8\n")
    wanted = in_a_system_of(8.0)
    assert load_scenario(file, settings=[f"{ADDRESS}=8"]) == wanted
    assert load_scenario(file, overlays=[overlay]) == wanted
    plan.write_text(
        'schema_version = 1\nchains = 2000\nseed = 5\n[[bases]]\nscenario = "case.toml"\n'
        f'[[axes]]\naddress = "{ADDRESS}"\nname = "system"\nvalues = [0, 8, 13]\n'
    )
    swept = mc.run_sweep(plan, tmp_path / "out", workers=1)["outcome_count"]
    general = swept.sel(outcome="general_war").values.ravel()
    assert general[0] > general[1] > general[2] == 0


def test_the_small_world_of_a_part_of_a_system_has_both_kinds_of_war():
    # A thousand chains of each kind in the samples that are held against these chances.
    assert min(outcomes(SMALL_WORLDS["part of a system"])) > 0.01
