"""The numbers of the mapping: documented, and each one open to change."""

import re
from pathlib import Path

import pytest

from mcescalate.errors import ScenarioError, UsageError
from mcescalate.importing.evidence.mapping import CHOICES, Mapping, load_mapping, parse_mapping
from mcescalate.scenario.fields import plain_number

PAGE = Path(__file__).resolve().parents[2] / "docs" / "importing.md"


def test_every_number_lies_within_its_bounds_and_says_why():
    assert len({choice.address for choice in CHOICES}) == len(CHOICES)
    for choice in CHOICES:
        assert choice.lower <= choice.default <= choice.upper, choice.address
        assert re.match(r"(source( for the \w+)?|assumption): ", choice.basis), choice.address


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.address)
def test_the_page_has_each_number(choice):
    value = plain_number(choice.default)
    row = f"| `{choice.address}` | {value} | {choice.meaning} | {choice.basis} |"
    assert row in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.address)
def test_each_number_can_be_overridden_from_a_file(tmp_path, choice):
    value = choice.upper if choice.default != choice.upper else choice.lower
    table, key = choice.address.split(".")
    file = tmp_path / "own.toml"
    file.write_text(f"[{table}]\n{key} = {value!r}\n")
    mapping = load_mapping(file)
    assert mapping[choice.address] == value
    assert mapping.changes == {choice.address: value}


def test_all_problems_come_together():
    tables = {"reach": {"lnad": 1.0, "land": 2, "rival": True}, "wide": 3, "nuclear": {"USA": "x"}}
    with pytest.raises(ScenarioError) as caught:
        parse_mapping(tables, "own.toml")
    assert caught.value.problems == [
        'reach.lnad: no number of the mapping; did you mean "reach.land"?',
        "reach.land: expected a number from 0 to 1, found 2",
        "reach.rival: expected a number from 0 to 1, found true",
        "wide: expected a table, found 3",
        'nuclear.USA: expected a number from 0 to 9999, found "x"',
    ]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="there is no such file"):
        load_mapping(tmp_path / "none.toml")


def test_defaults_and_changes():
    assert Mapping()["reach.land"] == 1.0
    assert Mapping({"reach.land": 0.5})["reach.land"] == 0.5
    assert Mapping().get("nuclear.XXX") is None
