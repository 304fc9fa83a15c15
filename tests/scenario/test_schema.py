# ruff: noqa: RUF001 - text of other scripts is among the cases
"""What a scenario may hold: every problem has its place, what was expected and what was found."""

import datetime
import json
import math
import zlib

import jsonschema
import pytest
from hypothesis import given, settings
from samples import small_scenario, small_tables
from strategies import few_or_many, scenarios

from mcescalate.errors import ScenarioError
from mcescalate.hidden import describe_character
from mcescalate.model.coefficients import COEFFICIENTS, TABLES
from mcescalate.scenario.form.table import Table
from mcescalate.scenario.form.tables import Actor, Domain, ScenarioTables, Trigger, plain
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario, scenario_schema
from mcescalate.scenario.writing import to_toml

ACTORS = """\
schema_version = 1
[[actors]]
id = "AUH"
capability = 1
[[actors]]
id = "YUG"
capability = 1
[[actors]]
id = "RUS"
capability = 1
"""
TRIGGER = '[trigger]\ninitiator = "AUH"\ntarget = "YUG"\n'
TIE = ACTORS + TRIGGER + '[[ties]]\nfrom = "RUS"\nto = "YUG"\nkind = "defence"\n'
PAIRS = '[[trigger.dyads]]\ninitiator = "AUH"\ntarget = "YUG"\n'
FORMS = "initiator and target, or rows [[trigger.dyads]], or from_rivalry = true"
ID = "an id of 1 to 32 letters, digits and underscores"
KINDS = "one of defence, offence, consultation, neutrality, nonaggression, support"
NAME = "a name of 1 to 64 characters, without hidden characters or spaces at its ends"
LINE = "a text on one line, without hidden characters, up to 500 characters"
KEYS = (
    "note, source, from, to, mutual, kind, strength, ambiguity, conditional, credibility, "
    "against, treaty, since"
)
FOUR = "missing; a ladder with its own rungs needs all of rungs, mobilised, casus, mid"

BAD = {
    # Keys.
    "misspelt key": (
        TIE + "strenght = 1",
        ['ties[0].strenght: unknown key; did you mean "strength"?'],
    ),
    "misspelt table": (
        ACTORS + TRIGGER + "[responze]\ngap = 1",
        ['responze: unknown key; did you mean "response"?'],
    ),
    "strange key": (TIE + '"a b" = 1', [f'ties[0]."a b": unknown key; there are {KEYS}']),
    "key of an attribute": (
        TIE + "from_ = 1",
        ['ties[0].from_: unknown key; did you mean "from"?'],
    ),
    "remove without overlay": (
        TIE + "remove = true",
        [f"ties[0].remove: unknown key; there are {KEYS}"],
    ),
    "empty row": (
        ACTORS + TRIGGER + "[[ties]]",
        [
            f"ties[0].from: missing; expected {ID}",
            f"ties[0].to: missing; expected {ID}",
            f"ties[0].kind: missing; expected {KINDS}",
        ],
    ),
    # Types.
    "true as number": (
        TIE + "strength = true",
        ["ties[0].strength: expected a number from 0 to 1, found true"],
    ),
    "text as number": (
        TIE + 'strength = "1"',
        ['ties[0].strength: expected a number from 0 to 1, found "1"'],
    ),
    "number as truth": (TIE + "mutual = 1", ["ties[0].mutual: expected true or false, found 1"]),
    "numbers of no size": (
        ACTORS + TRIGGER + "[response]\ngap = nan\nup = inf\ncost = 1e400\ndown = -inf",
        [
            "response.up: expected a number from -100 to 100, found inf",
            "response.gap: expected a number from -100 to 100, found nan",
            "response.cost: expected a number from -100 to 100, found inf",
            "response.down: expected a number from -100 to 100, found -inf",
        ],
    ),
    "float as whole number": (
        ACTORS + TRIGGER + "[run]\nhorizon = 5.0",
        ["run.horizon: expected a whole number from 1 to 10000, found 5.0"],
    ),
    "date as number": (
        ACTORS + TRIGGER + "[run]\nhorizon = 1914-07-28",
        ["run.horizon: expected a whole number from 1 to 10000, found 1914-07-28"],
    ),
    "very large numbers": (
        ACTORS + TRIGGER + f"[run]\nhorizon = {'9' * 400}\nturn_days = {'9' * 400}",
        [
            "run.horizon: expected a whole number from 1 to 10000, "
            "found a whole number of more than 20 digits",
            "run.turn_days: expected a number from 0 to 100, "
            "found a whole number of more than 20 digits",
        ],
    ),
    "tables of other shapes": (
        "schema_version = 1\nactors = 3\ndyads = [1]\nladder = []\n"
        "run = 'x'\ntrigger = false\n[ties]\n",
        [
            "ladder: expected a table, found an array of 0",
            "actors: expected at least 2 rows [[actors]], found 3",
            "ties: expected rows [[ties]], found a table",
            "dyads[0]: expected a table, found 1",
            f"trigger: expected a table [trigger] with {FORMS}, found false",
            'run: expected a table, found "x"',
        ],
    ),
    "version": (
        ACTORS.replace("= 1\n[", '= "1"\n[', 1) + TRIGGER,
        ['schema_version: expected 1, found "1"'],
    ),
    # Actors.
    "one actor": (
        'schema_version = 1\n[[actors]]\nid = "AUH"\ncapability = 1\n' + TRIGGER,
        [
            "actors: expected at least 2 rows [[actors]], found an array of 1",
            'trigger.target: no actor has id "YUG"; there are AUH',
        ],
    ),
    "no actors": (
        "schema_version = 1\nactors = []\n" + TRIGGER,
        ["actors: expected at least 2 rows [[actors]], found an array of 0"],
    ),
    "bad ids": (
        ACTORS + '[[actors]]\nid = "A-B"\ncapability = 1\n[[actors]]\nid = ""\ncapability = 1\n'
        f'[[actors]]\nid = "{"x" * 33}"\ncapability = 1\n' + TRIGGER,
        [
            f'actors[3].id: expected {ID}, found "A-B"',
            f'actors[4].id: expected {ID}, found ""',
            f'actors[5].id: expected {ID}, found "{"x" * 33}"',
        ],
    ),
    "one id twice": (
        ACTORS + '[[actors]]\nid = "YUG"\ncapability = 0\n' + TRIGGER,
        [
            "actors[3].capability: expected a number above 0, up to 1e+15, found 0",
            'actors[3].id: actors[1] has "YUG" already',
        ],
    ),
    "hidden characters": (
        ACTORS
        + '[[actors]]\nid = "X"\ncapability = 1\nname = "a\u202eb"\n'
        + TRIGGER
        + '[run]\nnote = "a\\u0000b"',
        [
            f'actors[3].name: expected {LINE}, found "a\\u202eb"; character 2 is '
            "U+202E RIGHT-TO-LEFT OVERRIDE, which is not shown: remove it",
            "run.note: expected a text without hidden characters, up to 20000 characters, "
            'found "a\\u0000b"; character 2 is U+0000, which is not shown: remove it',
        ],
    ),
    "lines in a title": (
        'title = "a\\nb"\n' + ACTORS + TRIGGER,
        [f'title: expected {LINE}, found "a\\nb"'],
    ),
    # References.
    "unknown actors beside wrong numbers": (
        TIE
        + 'strength = 1.4\nagainst = ["AHU"]\n[[ties]]\nfrom = "RUX"\nto = "YUG"\nkind = "defense"',
        [
            "ties[0].strength: expected a number from 0 to 1, found 1.4",
            'ties[0].against[0]: no actor has id "AHU"; did you mean "AUH"?',
            f'ties[1].kind: expected {KINDS}, found "defense"; did you mean "defence"?',
            'ties[1].from: no actor has id "RUX"; did you mean "RUS"?',
        ],
    ),
    "no such actor, and one id twice": (
        ACTORS + '[[actors]]\nid = "YUG"\ncapability = 1\n' + TRIGGER.replace("AUH", "Q"),
        [
            'actors[3].id: actors[1] has "YUG" already',
            'trigger.initiator: no actor has id "Q"; there are AUH, YUG, RUS',
        ],
    ),
    "tied to itself": (
        ACTORS + TRIGGER + '[[ties]]\nfrom = "RUS"\nto = "RUS"\nkind = "support"\n'
        '[[dyads]]\na = "YUG"\nb = "YUG"',
        [
            'ties[0].to: expected a different actor from from, found "RUS" in both',
            'dyads[0].b: expected a different actor from a, found "YUG" in both',
        ],
    ),
    "dates": (
        TIE + 'since = "1914-13-01"\n[[ties]]\nfrom = "RUS"\nto = "YUG"\nkind = "support"\n'
        "since = 1914-12-01T10:00:00",
        [
            'ties[0].since: expected a date such as 1879-10-07, found "1914-13-01"',
            "ties[1].since: expected a date such as 1879-10-07, found 1914-12-01 10:00:00",
        ],
    ),
    # Ladder.
    "ladder without the rest": (
        ACTORS + TRIGGER + '[ladder]\nrungs = ["a", "b", "c"]\ncasus = 2',
        [f"ladder.mobilised: {FOUR}", f"ladder.mid: {FOUR}"],
    ),
    "rungs off the ladder": (
        ACTORS
        + TRIGGER
        + '[ladder]\nrungs = ["a", "b", "a"]\nmobilised = 3\ncasus = 0\nmid = [1, 9]\n'
        '[[trigger.domains]]\nname = "land"\nrung = 2',
        [
            "ladder.casus: expected a whole number from 1 to 15, found 0",
            "ladder.mid[1]: expected a whole number from 1 to 5, found 9",
            'ladder.rungs[2]: ladder.rungs[0] has "a" already',
            "ladder.mobilised: expected a rung from 1 to 2 (war), found 3",
            "ladder.mid: expected a level for each of the 3 rungs, found an array of 2",
            "trigger.domains[0].rung: expected a rung from 1 to 1, below war, found 2",
        ],
    ),
    "too short a ladder": (
        ACTORS + TRIGGER + '[ladder]\nrungs = ["a", " b"]\nmobilised = 1\ncasus = 1\nmid = [1, 1]\n'
        '[[trigger.domains]]\nname = "land"\nrung = 1',
        [
            f'ladder.rungs[1]: expected {NAME}, found " b"',
            "ladder.rungs: expected 3 to 16 names of rungs, found an array of 2",
        ],
    ),
    "too long a ladder": (
        ACTORS + TRIGGER + f"[ladder]\nrungs = {[f'r{i}' for i in range(17)]}\n"
        f"mobilised = 1\ncasus = 1\nmid = {[1] * 17}",
        [
            "ladder.rungs: expected 3 to 16 names of rungs, found an array of 17",
            "ladder.mid: expected a level from 1 to 5 for each rung, found an array of 17",
        ],
    ),
    # Trigger.
    "no trigger": (ACTORS, [f"trigger: missing; expected a table [trigger] with {FORMS}"]),
    "no form": (
        ACTORS + "[trigger]\naccident = 1.5",
        [
            "trigger.accident: expected a number from 0 to 1, found 1.5",
            f"trigger: expected either {FORMS}, found none of them",
        ],
    ),
    "several forms": (
        ACTORS + TRIGGER + "from_rivalry = true\n" + PAIRS,
        [f"trigger: expected either {FORMS}, found 3 of them"],
    ),
    "half a pair": (
        ACTORS + '[trigger]\ntarget = "AUH"',
        ["trigger.initiator: missing; target needs it"],
    ),
    "a pair of one": (
        ACTORS + '[trigger]\ninitiator = "AUH"\ntarget = "AUH"',
        ['trigger.target: expected a different actor from initiator, found "AUH" in both'],
    ),
    "pair twice": (
        ACTORS + PAIRS + PAIRS,
        ['trigger.dyads[1]: trigger.dyads[0] has "AUH against YUG" already'],
    ),
    "weights": (
        ACTORS + PAIRS + "weight = 0\n" + '[[trigger.domains]]\nname = "land"\nweight = 0.0',
        [
            "trigger.dyads: expected a weight above 0 in one row, found none",
            "trigger.domains: expected a weight above 0 in one row, found none",
        ],
    ),
    "negative weight": (
        ACTORS + PAIRS + "weight = -1",
        ["trigger.dyads[0].weight: expected a number from 0 to 1e+15, found -1"],
    ),
    "domains": (
        ACTORS
        + TRIGGER
        + '[[trigger.domains]]\nname = "caf\u00e9"\n[[trigger.domains]]\nname = "cafe\u0301"\n'
        '[[trigger.domains]]\nname = ""\nrung = 0',
        [
            f'trigger.domains[2].name: expected {NAME}, found ""',
            "trigger.domains[2].rung: expected a whole number from 1 to 14, found 0",
            'trigger.domains[1].name: trigger.domains[0] has "cafe\u0301" already',
        ],
    ),
    "no domains": (
        ACTORS + TRIGGER + "domains = []",
        ["trigger.domains: expected at least 1 row [[trigger.domains]], found an array of 0"],
    ),
    "rivals without rivalry": (
        ACTORS
        + '[trigger]\nfrom_rivalry = true\n[[dyads]]\na = "AUH"\nb = "YUG"\nrivalry = 1\nreach = 0',
        [
            "trigger.from_rivalry: expected a pair of actors with rivalry and reach above 0, "
            "found none"
        ],
    ),
    # Coefficients.
    "coefficients": (
        ACTORS
        + TRIGGER
        + "[response]\ngap = 101\nbalanse = 2\n[arms]\nlevels = true\neffect = -1\n"
        "[outcome]\ngeneral_share = 1.01\nsystem_capability = inf\n[mediation]\ndelay = -1",
        [
            "arms.levels: expected a whole number from 0 to 100, found true",
            "arms.effect: expected a number from 0 to 1000000, found -1",
            "response.gap: expected a number from -100 to 100, found 101",
            'response.balanse: unknown key; did you mean "balance"?',
            "mediation.delay: expected a whole number from 0 to 1000000000, found -1",
            "outcome.general_share: expected a number from 0 to 1, found 1.01",
            "outcome.system_capability: expected a finite number, 0 or more, found inf",
        ],
    ),
}


@pytest.mark.parametrize("text, problems", BAD.values(), ids=BAD)
def test_every_problem_is_reported_with_its_place(text, problems):
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "bad.toml")
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    assert str(caught.value) == "\n  ".join([f"bad.toml: {count}", *problems])


GOOD = {
    "whole numbers where fractions may stand": "[response]\ngap = 1\n[run]\nturn_days = 3\n",
    "signed zeros": "[response]\ngap = -0.0\n[outcome]\ngeneral_share = -0.0\n",
    "remarks everywhere": "".join(
        f'[{table}]\nnote = "a\\n\\tb"\nsource = "x"\n'
        for table in ("ladder", "dyad_defaults", *TABLES)
    ),
    "another ladder": '[ladder]\nrungs = ["a", "b", "c"]\n'
    "mobilised = 2\ncasus = 2\nmid = [1, 4, 5]\n",
    "another casus": "[ladder]\ncasus = 5\n",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_valid_scenarios(text):
    parse_scenario(ACTORS + TRIGGER + text)


@pytest.mark.parametrize("name", ["NO", "NA", "nan", "null", "1e5", "TRUE", "_", "x" * 32])
def test_ids_are_texts_whatever_they_look_like(name):
    actors = [{"id": name, "capability": 1}, {"id": "B", "capability": 1}]
    scenario = small_scenario(actors=actors, trigger={"initiator": name, "target": "B"})
    assert parse_scenario(to_toml(scenario)).actors[0].id == name


@pytest.mark.parametrize("name", ["\U0001f600", " leading", "\u05d0\u05d1", "=cmd()", "<script>"])
def test_names_of_actors_are_free(name):
    actors = [{"id": "A", "capability": 1, "name": name}, {"id": "B", "capability": 1}]
    scenario = small_scenario(actors=actors, trigger={"initiator": "A", "target": "B"})
    assert scenario.actors[0].label == name
    assert scenario.actors[1].label == "B"


def test_zero_has_no_sign():
    assert str(small_scenario(response={"gap": -0.0}).response.gap) == "0.0"


def test_dates_are_dates_in_either_form():
    ties = [
        {"from": "RUS", "to": "YUG", "kind": "defence", "since": since}
        for since in ("1914-07-28", datetime.date(1914, 7, 28))
    ]
    assert {tie.since for tie in small_scenario(ties=ties).ties} == {datetime.date(1914, 7, 28)}


def test_ids_with_one_checksum_are_refused():
    first, second = "plumless", "buckeroo"
    assert zlib.crc32(first.encode()) == zlib.crc32(second.encode())
    actors = [{"id": name, "capability": 1} for name in (first, second)]
    with pytest.raises(ScenarioError) as caught:
        small_scenario(actors=actors, trigger={"initiator": first, "target": second})
    assert caught.value.problems == [
        'actors[1].id: "buckeroo" and "plumless" have the same checksum (CRC-32), '
        "which selects their random numbers; rename one of them"
    ]


def test_scenarios_made_of_rows_are_checked_as_a_whole():
    actors = (Actor(id="A", capability=1.0), Actor(id="B", capability=1.0))
    scenario = Scenario(schema_version=1, actors=actors, trigger={"initiator": "A", "target": "B"})
    assert scenario.actors == actors
    with pytest.raises(ScenarioError, match='no actor has id "C"'):
        Scenario(schema_version=1, actors=actors, trigger={"initiator": "A", "target": "C"})


def test_scenarios_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        small_scenario().title = "x"


def test_default_tables_are_valid():
    """They are made without validation."""
    for name, field in ScenarioTables.model_fields.items():
        if isinstance(field.default, Table):
            assert type(field.default).model_validate(plain(field.default)) == field.default, name
            assert field.default.model_fields_set == set(), name
    (domain,) = Trigger.model_fields["domains"].default
    assert domain == Domain(name="conventional")


def test_the_scenario_has_a_table_for_every_table_of_coefficients():
    scenario = small_scenario()
    for row in COEFFICIENTS:
        value = getattr(getattr(scenario, row.table), row.name)
        assert value == row.default
        assert type(value) is row.kind


@pytest.mark.parametrize("row", COEFFICIENTS, ids=lambda row: row.address)
def test_bounds_of_coefficients_are_inclusive(row):
    kind = row.kind
    for value in (row.lower, row.upper):
        small_scenario(**{row.table: {row.name: kind(value)}})
    if row.boolean:
        return
    above = row.upper + 1 if row.integer else math.nextafter(row.upper, math.inf)
    for value in (row.lower - 1, above):
        with pytest.raises(ScenarioError, match=row.address):
            small_scenario(**{row.table: {row.name: kind(value)}})


def as_json(scenario):
    """What an editor sees of a scenario file."""
    return json.loads(json.dumps(plain(scenario), default=str))


VALIDATOR = jsonschema.Draft202012Validator(scenario_schema())


def test_the_schema_is_a_schema_and_describes_every_coefficient():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    text = json.dumps(VALIDATOR.schema)
    assert "exclusive" not in text
    for row in COEFFICIENTS:
        assert json.dumps(row.meaning)[1:-1] in text


@few_or_many
def test_the_schema_takes_valid_scenarios(examples):
    @settings(max_examples=examples)
    @given(scenarios())
    def check(scenario):
        VALIDATOR.validate(as_json(scenario))

    check()


@pytest.mark.parametrize(
    "tables",
    [
        {"actors": []},
        {"responses": {}},
        {"response": {"gap": 101}},
        {"response": {"gap": "1"}},
        {"ties": [{"from": "RUS", "to": "YUG", "kind": "defense"}]},
        {"ties": [{"from": "R-S", "to": "YUG", "kind": "defence"}]},
    ],
)
def test_the_schema_refuses_wrong_values(tables):
    assert not VALIDATOR.is_valid(small_tables(**tables))


PLACES = {
    "title": 'title = "{}"\n' + ACTORS + TRIGGER,
    "description": 'description = """\n{}\n"""\n' + ACTORS + TRIGGER,
    "actors[2].name": ACTORS + 'name = "{}"\n' + TRIGGER,
    "actors[2].source": ACTORS + 'source = "{}"\n' + TRIGGER,
    "ties[0].treaty": TIE + 'treaty = "{}"\n',
    "ladder.rungs[1]": ACTORS
    + TRIGGER
    + '[ladder]\nrungs = ["x", "{}", "y"]\nmobilised = 1\ncasus = 1\nmid = [1, 2, 5]\n',
    "trigger.domains[0].name": ACTORS + TRIGGER + '[[trigger.domains]]\nname = "{}"\n',
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "hidden",
    [*"\u200b\u200d\u200e\u202e\u2028\u2060\u2066\u00ad\u061c\u3164\ufe0f\ufeff\x9b\U000e0041"],
    ids=ascii,
)
def test_nothing_may_be_hidden_in_a_text(place, hidden):
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(PLACES[place].format(f"war{hidden}peace"))
    (problem,) = caught.value.problems
    assert problem.startswith(f"{place}: ")
    assert f"is {describe_character(hidden)}, which is not shown" in problem


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        "Россия",
        "中華民國",
        "المملكة",
        "می\u200cخواهم",
        "क्\u200dष",
        "Viê\u0323t",
        "Guerre\u00a0!",
        "☮\ufe0f",
    ],
    ids=ascii,
)
def test_text_of_any_script_is_taken(place, text):
    assert text in to_toml(parse_scenario(PLACES[place].format(text)))
