"""Writing and reading are each other's inverse."""

import datetime
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import small_scenario
from strategies import few_or_many, scenarios

from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.writing import to_toml


@few_or_many
def test_what_is_written_reads_as_the_same_scenario(examples):
    @settings(max_examples=examples)
    @given(scenarios(max_rungs=6), st.booleans())
    def compare(scenario, complete):
        assert parse_scenario(to_toml(scenario, complete=complete)) == scenario

    compare()


def test_defaults_are_left_out_and_remarks_come_last():
    scenario = small_scenario(
        title='A "quoted" title',
        note="two\nlines, one \\ stroke",
        ties=[{"from": "RUS", "to": "YUG", "kind": "defence", "since": datetime.date(1914, 7, 1)}],
        response={"gap": 1e-7, "note": "why"},
    )
    assert to_toml(scenario) == (
        "schema_version = 1\n"
        'title = "A \\"quoted\\" title"\n'
        'note = "two\\nlines, one \\\\ stroke"\n'
        + "".join(
            f'\n[[actors]]\nid = "{name}"\ncapability = 1.0\n' for name in ("AUH", "YUG", "RUS")
        )
        + '\n[[ties]]\nfrom = "RUS"\nto = "YUG"\nkind = "defence"\nsince = 1914-07-01\n'
        '\n[trigger]\ninitiator = "AUH"\ntarget = "YUG"\n'
        '\n[response]\ngap = 1e-07\nnote = "why"\n'
    )


def test_a_complete_text_names_every_coefficient():
    tables = tomllib.loads(to_toml(small_scenario(), complete=True))
    assert tables["contagion"]["base"] == -7.0
    assert tables["trigger"]["domains"][0]["name"] == "conventional"
    assert tables["actors"][0]["turnover"] == 0.0


@pytest.mark.parametrize("value", [0.1, 1e-300, 2 / 3, 1e15, 5e-324])
def test_numbers_come_back_to_the_last_bit(value):
    actors = [{"id": "A", "capability": value}, {"id": "B", "capability": 1}]
    scenario = small_scenario(actors=actors, trigger={"initiator": "A", "target": "B"})
    assert parse_scenario(to_toml(scenario)).actors[0].capability == value
