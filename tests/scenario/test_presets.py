"""The presets of the package: one for each era, with sources, for any scenario."""

import pytest

import mcescalate as mc
from mcescalate.importing.build.assemble import DOMAINS
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.eras import ERAS, era_of
from mcescalate.scenario.library import PRESET, list_names
from mcescalate.scenario.reading import lay_coefficients, parse_scenario, read_preset

BARE = """\
schema_version = 1
[[actors]]
id = "AAA"
capability = 0.3
[[actors]]
id = "BBB"
capability = 0.2
[[dyads]]
a = "AAA"
b = "BBB"
rivalry = 1.5
[trigger]
initiator = "AAA"
target = "BBB"
accident = 1.0
"""
WITH_FIRST_ACTS = BARE + "".join(
    f'[[trigger.domains]]\nname = "{name}"\nrung = {rung}\n' for name, rung in DOMAINS
)


@pytest.mark.parametrize(
    ("year", "era"),
    [
        (1816, "1816-1913"),
        (1913, "1816-1913"),
        (1914, "1914-1945"),
        (1945, "1914-1945"),
        (1946, "1946-1989"),
        (1989, "1946-1989"),
        (1990, "1990-"),
        (2050, "1990-"),
        (1815, None),
    ],
)
def test_every_year_since_1816_is_in_one_era(year, era):
    assert era_of(year) == era


def test_labels_of_other_eras_are_read_and_other_words_are_not():
    assert era_of(1950, ("cold war", "1940 \N{EN DASH} 1960", "1945-")) == "1940 \N{EN DASH} 1960"
    assert era_of(1950, ("cold war", "50-60", "")) is None


def test_there_is_one_for_each_era():
    assert tuple(list_names(PRESET)) == ERAS


@pytest.mark.parametrize("era", ERAS)
def test_each_fits_any_scenario_and_says_where_its_values_are_from(era):
    tables = read_preset(era)
    scenario = apply_overlay(parse_scenario(WITH_FIRST_ACTS), tables, era)
    for table, values in tables.items():
        rows = values["domains"] if table == "trigger" else [values]
        for row in rows:
            assert "fitted to" in row["source"] and "militarized disputes" in row["source"]
    assert [(row.name, row.rung) for row in scenario.trigger.domains] == list(DOMAINS)
    assert sum(row.weight for row in scenario.trigger.domains) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("era", ERAS)
def test_a_scenario_keeps_its_own_first_acts(era):
    scenario, left_out = lay_coefficients(parse_scenario(BARE), era)
    assert left_out == ["threat", "display", "clash"]
    assert [row.name for row in scenario.trigger.domains] == ["conventional"]
    assert scenario.response.war_cost == read_preset(era)["response"]["war_cost"]


def test_a_bare_file_has_the_defaults():
    from mcescalate.model.coefficients import COEFFICIENTS

    scenario = parse_scenario(BARE)
    for row in COEFFICIENTS:
        assert getattr(getattr(scenario, row.table), row.name) == row.default


def test_wars_are_as_rare_since_1946_as_the_record_has_them():
    """Of disputes 11 % became wars before 1945, 2 % until 1989, 1 % since.

    These two are rivals, of whom the model expects more wars than that in every era.
    """
    scenario, shares = parse_scenario(WITH_FIRST_ACTS), []
    for era in ERAS:
        fitted, _ = lay_coefficients(scenario, era)
        result = mc.simulate(fitted, n_chains=20_000, seed=1)
        wars = result["outcome_count"].sel(outcome=["limited_war", "general_war"])
        shares.append(int(wars.sum()) / 20_000)
    assert min(shares[:2]) > 2 * max(shares[2:])
    assert shares[2] > 2 * shares[3]
