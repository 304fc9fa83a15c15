"""Whole imports of a made-up world: states that take part, the scenario, and the report."""

import datetime
import math

import pytest
from made_up_data import COW_DYADS, COW_MEMBERS, DYADS, NMC, REGIMES, STATES, TD, write_files

import mcescalate as mc
from mcescalate.errors import DataError, UsageError
from mcescalate.importing.build import presets
from mcescalate.importing.evidence.mapping import Mapping
from mcescalate.scenario.build import build_world
from mcescalate.scenario.form.tables import Alliance, Outcome, Response
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.reading import parse_scenario, read_preset
from mcescalate.scenario.review.diagnostics import find_notices
from mcescalate.scenario.review.evidence import rows_and_sources

DAY = "1931-06-01"


def promises(imported):
    """Kind and direction of each promise."""
    return set(merge_rows(imported.scenario).promises)


def test_the_whole_system(small_world):
    imported = mc.scenario_from_data(small_world, date=DAY)
    scenario = imported.scenario
    assert scenario.date.isoformat() == DAY and f"\ndate = {DAY}\n" in imported.text
    # In the order of their codes.
    ids = [actor.id for actor in scenario.actors]
    assert ids == ["AAA", "BBB", "CCC", "DDD", "OLD", "EEE"]
    assert [actor.capability for actor in scenario.actors[:4]] == [0.5, 0.2, 0.15, 0.1]
    assert [actor.id for actor in scenario.actors if actor.major] == ["AAA", "CCC"]
    assert promises(imported) == {
        ("BBB", "CCC", "defence"),
        ("CCC", "BBB", "defence"),
        ("BBB", "CCC", "consultation"),
        ("CCC", "BBB", "consultation"),
        ("BBB", "CCC", "support"),
        ("CCC", "BBB", "support"),
        ("AAA", "DDD", "defence"),
        ("AAA", "DDD", "nonaggression"),
        ("DDD", "AAA", "nonaggression"),
        ("BBB", "DDD", "neutrality"),
        ("DDD", "BBB", "neutrality"),
    }


def test_the_terms_are_those_of_the_mapping(small_world):
    found = merge_rows(mc.scenario_from_data(small_world, date=DAY).scenario).promises
    pact = found["BBB", "CCC", "defence"]
    assert (pact.strength, pact.ambiguity, pact.conditional, pact.credibility) == (1, 0.1, 0.9, 0.7)
    assert (pact.against, pact.treaty, pact.since) == (
        ("AAA",),
        "ATOP 10",
        datetime.date(1925, 3, 4),
    )
    guarantee = found["AAA", "DDD", "defence"]
    assert (guarantee.ambiguity, guarantee.conditional, guarantee.against) == (0.2, 0.3, ())
    assert found["BBB", "CCC", "support"].strength == 0.3


def test_rivalry_and_reach(small_world):
    dyads = merge_rows(mc.scenario_from_data(small_world, date=DAY).scenario)
    # Positional, spatial, principal; a border.
    assert dyads.dyad("AAA", "BBB")[:2] == (1.75, 1.0)
    assert dyads.dyad("CCC", "DDD")[:2] == (1.0, 0.4)  # a major power near by
    assert dyads.dyad("BBB", "EEE")[:2] == (1.0, 0.3)  # rivals out of reach
    assert dyads.dyad("AAA", "CCC")[:2] == (0.0, 0.7)  # 150 miles of water
    assert dyads.dyad("DDD", "EEE") == dyads.dyad_defaults == (0.0, 0.0, 0.1, 0.0, 0.0)
    # AAA, who protects DDD, may meet CCC's ally BBB and CCC itself.
    assert ("AAA", "CCC") in dyads.dyads


def test_the_text_is_the_scenario_and_names_the_files(small_world):
    imported = mc.scenario_from_data(small_world, date=DAY, title='A "title"')
    assert parse_scenario(imported.text) == imported.scenario
    assert imported.scenario.title == 'A "title"'
    for name, version in (
        ("nmc", "2025"),
        ("states", "2016"),
        ("atop", "4.01"),
        ("contdir", "3.2"),
    ):
        assert f"{name}.csv (" in imported.text
        assert f"version {version})" in imported.text
    comments = [line for line in imported.text.splitlines() if line.startswith("#")]
    assert all(len(line) <= 100 for line in comments)
    assert mc.scenario_from_data(small_world, date=DAY, title='A "title"').text == imported.text


def test_values_of_a_file_of_regimes_are_not_left_to_judge(small_world):
    def left_open(actor):
        report = mc.scenario_from_data(small_world, date=DAY).report
        (found,) = [one for one in report.to_judge if one.actor == actor]
        return found.values

    assert {"resolve": 0.0, "tempo": 0.5, "instability": 0.0}.items() <= left_open("AAA").items()
    write_files(small_world, {"polity.csv": REGIMES})
    assert "resolve" in left_open("AAA") and "instability" not in left_open("AAA")
    assert "instability" in left_open("EEE")  # which the file does not have


def test_the_report_lists_what_was_done(small_world):
    report = mc.scenario_from_data(small_world, date=DAY).report.as_dict()
    assert report["mapped"]["actors"] == 6
    assert report["mapped"]["rows of defence"] == 2
    assert any("EEE (365): no share of capability" in line for line in report["missing"])
    assert any("CCC (200)" in line and "the share of 1930" in line for line in report["missing"])
    rows = {row["address"]: row for row in report["assumptions"]}
    assert rows["reach.land"]["uses"] == 1
    assert "reach.water_400" not in rows
    assert {row["name"] for row in report["files"]} == {
        "states.csv",
        "majors.csv",
        "nmc.csv",
        "contdir.csv",
        "tss.csv",
        "atop.csv",
    }


@pytest.mark.parametrize(
    "choice, ids",
    [
        ({"actors": ["aaa", 20]}, ["AAA", "BBB"]),
        ({"around": ["BBB"]}, ["BBB", "CCC"]),
        ({"around": ["DDD"], "actors": ["BBB"]}, ["AAA", "BBB", "DDD"]),
        ({"around": ["BBB"], "through": ["neutrality"]}, ["BBB", "DDD"]),
        ({"around": ["CCC"], "through": ["defence", "neutrality"], "within": 1}, ["BBB", "CCC"]),
        (
            {"around": ["CCC"], "through": ["defence", "neutrality"], "within": 3},
            ["AAA", "BBB", "CCC", "DDD"],
        ),
    ],
)
def test_who_takes_part(small_world, choice, ids):
    pair = {"initiator": ids[0], "target": ids[1]}
    imported = mc.scenario_from_data(small_world, date=DAY, **choice, **pair)
    assert [actor.id for actor in imported.scenario.actors] == ids


def test_who_begins_takes_part(small_world):
    imported = mc.scenario_from_data(
        small_world, date=DAY, actors=["DDD"], initiator="EEE", target="AAA"
    )
    assert [actor.id for actor in imported.scenario.actors] == ["AAA", "DDD", "EEE"]


def test_a_pair_of_ones_own_begins_on_the_lowest_rung(small_world):
    """Without a preset, which has the mix of first acts of recorded disputes."""
    pair = {"initiator": "EEE", "target": "220"}
    imported = mc.scenario_from_data(small_world, date=DAY, preset="none", **pair)
    trigger = imported.scenario.trigger
    assert (trigger.initiator, trigger.target, trigger.from_rivalry) == ("EEE", "DDD", False)
    assert [domain.rung for domain in trigger.domains] == [1]
    assert merge_rows(imported.scenario).dyad("EEE", "DDD").reach == 0.3


@pytest.mark.parametrize(
    "missing, ids, shares",
    [
        ("nearest", "CCC EEE", [0.15, 1e-6]),
        ("least", "CCC EEE", [1e-6, 1e-6]),
        ("drop", "", []),
    ],
)
def test_what_to_do_about_missing_shares(small_world, missing, ids, shares):
    imported = mc.scenario_from_data(small_world, date=DAY, missing=missing)
    actors = {actor.id: actor.capability for actor in imported.scenario.actors}
    assert [actors[name] for name in ids.split()] == shares
    assert ("EEE" in actors) == (missing != "drop")


def test_missing_shares_can_be_refused(small_world):
    with pytest.raises(DataError, match=r"CCC \(200\): no share of capability for 1931"):
        mc.scenario_from_data(small_world, date=DAY, missing="refuse")


def test_the_sum_of_the_whole_system_is_written_with_its_source(small_world):
    # Shares of AAA, BBB and DDD; CCC's of 1930; EEE and OLD have none and are the least possible.
    whole = 0.5 + 0.2 + 0.1 + 0.15 + 2e-6
    for chosen in ([], ["AAA", "BBB"]):
        imported = mc.scenario_from_data(small_world, date=DAY, actors=chosen)
        outcome = imported.scenario.outcome
        assert outcome.system_capability == pytest.approx(whole, abs=1e-14)
        assert outcome.source.startswith(
            "sum of the shares CINC of 1931 over all 6 members of the system on 1931-06-01, nmc.csv"
        )
    of_others = [line for line in imported.report.missing if "other members" in line]
    assert of_others == [
        "3 other members of the system: no share of capability for 1931 in "
        f"{small_world / 'nmc.csv'}; the system's sum uses the nearest year's or the least "
        "possible instead"
    ]
    assert {a.address: a.uses for a in imported.report.assumptions}["capability.least"] == 2


@pytest.mark.parametrize("missing, whole", [("least", 0.8 + 3e-6), ("drop", 0.8), ("refuse", 0.8)])
def test_the_sum_has_what_the_others_without_a_share_are_to_have(small_world, missing, whole):
    imported = mc.scenario_from_data(small_world, date=DAY, actors=["AAA", "BBB"], missing=missing)
    assert imported.scenario.outcome.system_capability == pytest.approx(whole, abs=1e-14)
    assert imported.report.missing[-1].endswith(" instead")


def test_a_file_of_two_makes_no_war_general_that_the_whole_system_would_not(small_world):
    scenario = mc.scenario_from_data(
        small_world, date=DAY, actors=["BBB", "DDD"], initiator="BBB", target="DDD"
    ).scenario
    # 0.3 of 0.95; without the system's sum it would be all.
    assert find_notices(scenario) == [
        "outcome.system_capability: the actors together hold 31.6 % of it, less than the 50 % "
        "that makes a war general, so no war can be general",
        "response.rivalry: has no effect: no actor has a rivalry with an originator that it may "
        "face",
    ]
    alone = scenario.model_copy(update={"outcome": Outcome()})
    assert "BBB-DDD 100 %" in find_notices(alone)[0]


def test_an_adversary_who_takes_no_part_makes_a_promise_void(small_world):
    imported = mc.scenario_from_data(
        small_world, date=DAY, actors=["BBB", "CCC", "EEE"], initiator="BBB", target="EEE"
    )
    assert ("BBB", "CCC", "defence") not in promises(imported)
    assert (
        imported.report.left_out["promises against adversaries who are not among the actors"] == 2
    )


def test_dyad_years_decide_on_directions(small_world):
    write_files(small_world, {"dyads.csv.gz": DYADS})
    imported = mc.scenario_from_data(small_world, date=DAY)
    kinds = promises(imported)
    assert ("BBB", "CCC", "defence") in kinds
    assert ("CCC", "BBB", "defence") not in kinds
    what = "promises of all states of 1931 that were not in force on the day"
    # In the dyad-years of 1931, but begun in 1955 by the members' file.
    assert ("AAA", "EEE", "defence") not in kinds
    assert imported.report.left_out[what] == 2


def test_dyad_years_go_on_where_the_members_end(small_world):
    write_files(small_world, {"dyads.csv.gz": DYADS})
    imported = mc.scenario_from_data(
        small_world, date="2018-05-01", mapping=Mapping({"files.stale_years": 100})
    )
    kinds = promises(imported)
    assert ("EEE", "AAA", "defence") in kinds
    assert ("CCC", "BBB", "defence") not in kinds
    assert ("BBB", "DDD", "neutrality") in kinds  # by the dyad-years alone: over since 1945


def test_dyad_years_alone(small_world):
    (small_world / "atop.csv").unlink()
    write_files(small_world, {"dyads.csv.gz": DYADS})
    imported = mc.scenario_from_data(small_world, date="1950-07-01")
    found = merge_rows(imported.scenario).promises
    assert found["BBB", "CCC", "defence"].conditional == 0.3
    assert found["BBB", "CCC", "defence"].ambiguity == 0.2
    assert any("some may have begun after the day" in line for line in imported.report.missing)


def test_without_most_files_much_is_missing(tmp_path):
    folder = write_files(tmp_path, {"nmc.csv": NMC})
    imported = mc.scenario_from_data(folder, date="1931-01-01", initiator="AAA", target="BBB")
    assert len(imported.report.missing) >= 5
    assert [actor.id for actor in imported.scenario.actors] == ["AAA", "BBB", "CCC", "DDD", "EEE"]
    assert imported.scenario.ties == ()
    with pytest.raises(UsageError, match="no two of these states are rivals; name an init"):
        mc.scenario_from_data(folder, date="1931-01-01")


def test_the_older_list_of_rivals_serves_too(small_world):
    (small_world / "tss.csv").unlink()
    write_files(small_world, {"td.csv": TD})
    dyads = merge_rows(mc.scenario_from_data(small_world, date=DAY).scenario)
    assert dyads.dyad("AAA", "BBB").rivalry == 1.5


def test_regimes(small_world):
    write_files(small_world, {"polity.csv": REGIMES})
    imported = mc.scenario_from_data(small_world, date=DAY)
    found = {actor.id: (actor.instability, actor.turnover) for actor in imported.scenario.actors}
    assert found["AAA"] == (0.1, 0.0012)
    assert found["CCC"] == (0.3, 0.0007)
    assert found["DDD"] == (0.6, 0.0007)
    assert found["EEE"] == (0.0, 0.0)


def test_overridden_numbers_are_used_and_reported(small_world, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[reach]\nland = 0.5\n[rivalry]\nneighbours = 0.25\n[nuclear]\nUSA = 1900\n")
    imported = mc.scenario_from_data(small_world, date=DAY, mapping=own)
    assert merge_rows(imported.scenario).dyad("AAA", "BBB").reach == 0.5
    assert "reach.land = 0.5" in imported.scenario.note
    changed = [row.address for row in imported.report.assumptions if row.changed]
    assert changed == ["reach.land"]


@pytest.mark.parametrize("pair", [{}, {"initiator": "AAA", "target": "BBB"}], ids=["any", "pair"])
@pytest.mark.parametrize("date, era", [("1931-06-01", "1914-1945"), ("1960-06-01", "1946-1989")])
def test_coefficients_are_those_of_the_era(small_world, date, era, pair):
    imported = mc.scenario_from_data(small_world, date=date, **pair)
    scenario, preset = imported.scenario, read_preset(era)
    assert (scenario.era, scenario.date.isoformat()) == (era, date)
    assert imported.report.preset == era
    assert f"preset {era}" in scenario.note and f'era = "{era}"' in imported.text
    for table, values in preset.items():
        if table == "trigger":
            continue
        own = getattr(scenario, table)
        for name, value in values.items():
            if name == "source":
                assert own.source == f"preset {era}, fitted to militarized disputes of its era"
            elif name == "note":
                assert value in own.note
            else:
                assert getattr(own, name) == value, (table, name)
    weights = {row["name"]: row["weight"] for row in preset["trigger"]["domains"]}
    assert {domain.name: domain.weight for domain in scenario.trigger.domains} == weights
    if pair:
        assert (scenario.trigger.initiator, scenario.trigger.target) == ("AAA", "BBB")
    assert parse_scenario(imported.text).response == scenario.response


@pytest.mark.parametrize("pair", [{}, {"initiator": "AAA", "target": "BBB"}], ids=["any", "pair"])
def test_without_a_preset_the_defaults_hold(small_world, pair):
    imported = mc.scenario_from_data(small_world, date="1960-06-01", preset="none", **pair)
    scenario = imported.scenario
    assert scenario.era is None and imported.report.preset == ""
    assert "the model's defaults" in scenario.note
    assert scenario.response == Response() and scenario.alliance == Alliance()
    names = [domain.name for domain in scenario.trigger.domains]
    assert names == (["conventional"] if pair else ["threat", "display", "clash"])


def test_the_preset_of_another_era_can_be_chosen(small_world):
    scenario = mc.scenario_from_data(small_world, date=DAY, preset="1990-").scenario
    assert scenario.era == "1990-"
    with pytest.raises(UsageError, match=r'preset: expected era .* or one of 1816.*found "1945"'):
        mc.scenario_from_data(small_world, date=DAY, preset="1945")


def test_first_acts_of_a_named_pair_follow_the_pair_and_the_file_says_so(small_world, monkeypatch):
    domains = [
        {"name": "threat", "weight": 0.1, "rung": 1, "major": -1.0, "reach": 0.5},
        {"name": "display", "weight": 0.3, "rung": 2, "major": 1.0, "reach": -0.5},
        {"name": "clash", "weight": 0.6, "rung": 4},
    ]
    monkeypatch.setattr(presets, "read_preset", lambda name: {"trigger": {"domains": domains}})
    imported = mc.scenario_from_data(small_world, date=DAY, initiator="AAA", target="BBB")
    # AAA is a major power, and they have a common border.
    odds = [0.1 * math.exp(-0.5), 0.3 * math.exp(0.5), 0.6]
    shares = [value / sum(odds) for value in odds]
    assert build_world(imported.scenario).domains["share"] == pytest.approx(shares)
    names = ("threat", "display", "clash")
    listed = ", ".join(f"{name} {x:.3f}" for name, x in zip(names, shares, strict=True))
    comments = " ".join(
        line.strip("# ") for line in imported.text.splitlines() if line.startswith("#")
    )
    assert f"So these two begin with: {listed}." in comments
    whole = mc.scenario_from_data(small_world, date=DAY)
    assert "So these two begin" not in whole.text and "major and reach: what" in whole.text


def test_weights_of_the_own_mapping_go_before_those_of_a_preset(small_world):
    own = Mapping({"trigger.clash": 7.0})
    scenario = mc.scenario_from_data(small_world, date=DAY, mapping=own).scenario
    weights = {domain.name: domain.weight for domain in scenario.trigger.domains}
    preset = {row["name"]: row["weight"] for row in read_preset("1914-1945")["trigger"]["domains"]}
    assert weights == {**preset, "clash": 7.0}


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"date": "28 June 1914"}, 'date: expected a day such as 1914-06-28, found "28 June 1914"'),
        ({"actors": ["AAB"]}, 'no state is called "AAB"; expected a COW abbreviation or number'),
        (
            {"actors": [300], "date": "1951-01-01"},
            '"300": OLD (300) was a member from 1900-01-01 to 1950-12-31, not on 1951-01-01$',
        ),
        ({"actors": ["AAA", None]}, "expected a state by abbreviation, number or name, found noth"),
        (
            {"missing": "guess"},
            'missing: expected one of nearest, earlier, least, drop, refuse, found "guess"$',
        ),
        (
            {"missing": "dorp"},
            'drop, refuse, found "dorp"; did you mean "drop"?$',
        ),
        ({"around": ["AAA"], "through": ["trade"]}, "through: expected one of defence, offence"),
        ({"around": ["AAA"], "within": 0}, "within: expected a whole number from 1 to 1000"),
        ({"initiator": "AAA"}, "initiator and target: expected both or neither"),
        (
            {"initiator": "AAA", "target": 2},
            'target: expected a state other than the initiator, found "AAA"',
        ),
        (
            {"actors": ["AAA"]},
            "actors: expected at least two states on 1931-06-01, found only AAA",
        ),
        (
            {"actors": ["AAA", "DDD"]},
            "no two of these states are rivals; name an initiator and a target, or include",
        ),
        ({"date": "1899-12-31"}, "begins on 1930-01-01, after 1899-12-31"),
        ({"date": "2100-01-01"}, "ends on 1960-12-31, more than 15 years before 2100-01-01"),
        ({"mapping": "none.toml"}, "none.toml: there is no such file"),
    ],
)
def test_arguments_that_make_no_sense(small_world, arguments, text):
    with pytest.raises(UsageError) as caught:
        mc.scenario_from_data(small_world, **{"date": DAY, **arguments})
    assert text in f"{caught.value}$"


@pytest.mark.parametrize("files", [{"cow.csv": COW_MEMBERS}, {"cow.csv.gz": COW_DYADS}])
def test_the_other_alliance_files(small_world, files):
    write_files(small_world, files)
    assert "treaty (ATOP" not in mc.scenario_from_data(small_world, date="1935-01-01").text
    (small_world / "atop.csv").unlink()
    found = merge_rows(mc.scenario_from_data(small_world, date="1935-01-01").scenario).promises
    assert set(found) == {
        (giver, to, kind)
        for giver in ("AAA", "BBB", "CCC")
        for to in ("AAA", "BBB", "CCC")
        for kind in ("defence", "nonaggression")
        if giver != to
    }
    assert found["AAA", "BBB", "defence"].treaty == "COW 1"
    assert found["AAA", "BBB", "defence"].conditional == 0.3


def test_further_ties(small_world, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        "ccode1,ccode2,directed,types,treaty_id,treaty_name,start_date,end_date\n"
        "365,20,1,aid;informal,,Arms,1930-01-01,\n"
        "365,,,,20,Accession,1930-01-01,\n"
        "20,200,0,ended,10,End,1930-01-01,\n"
    )
    found = merge_rows(mc.scenario_from_data([small_world, own], date=DAY).scenario).promises
    assert found["EEE", "BBB", "support"].strength == 0.5
    assert found["EEE", "BBB", "consultation"].strength == 0.5
    assert found["AAA", "EEE", "defence"].treaty == "ATOP 20"
    assert not any(key[:2] == ("BBB", "CCC") for key in found)
    own.write_text(own.read_text().replace("365,20,", "365,21,"))
    with pytest.raises(DataError, match=r"own\.csv: line 2, column ccode2: no state has code 21"):
        mc.scenario_from_data([small_world, own], date=DAY)


def test_stakes(small_world, tmp_path):
    """Both ways in the pair's own row, one way in a row of its own, and for a pair without any."""
    own = tmp_path / "own.csv"
    own.write_text(
        "ccode1,ccode2,directed,types,treaty_name,start_date,end_date,stake,source\n"
        "2,20,0,,Border,,,0.5,own list\n"
        "20,200,1,,Island,1930-01-01,,1,\n"
        "365,2,0,,Straits,,,0.25,own list\n"
    )
    imported = mc.scenario_from_data([small_world, own], date=DAY)
    found = merge_rows(imported.scenario)
    pairs = (("AAA", "BBB"), ("BBB", "AAA"), ("BBB", "CCC"), ("CCC", "BBB"), ("EEE", "AAA"))
    assert [found.dyad(*pair).stake for pair in pairs] == [0.5, 0.5, 1.0, 0.0, 0.25]
    without = merge_rows(mc.scenario_from_data(small_world, date=DAY).scenario)
    for pair in pairs:
        assert found.dyad(*pair)._replace(stake=0.0) == without.dyad(*pair)
    sources = {(row.a, row.b, row.directed): row.source for row in imported.scenario.dyads}
    assert sources["AAA", "BBB", False].endswith("own list: stake; numbers: assumption")
    assert sources["BBB", "CCC", True] == "further ties: stake"
    assert imported.report.mapped["rows with a stake"] == 3
    assert "# stake: " in imported.text and "response.stake" in imported.text
    assert "stake = " not in mc.scenario_from_data(small_world, date=DAY).text


def test_shares_that_do_not_add_up_are_reported(small_world):
    path = small_world / "nmc.csv"
    path.write_text(path.read_text().replace("AAA,2,1931", "AAA,2,1932"))
    missing = mc.scenario_from_data(small_world, date=DAY).report.missing
    assert "nmc.csv: the shares of 1931 add up to 0.30, not to 1" in missing


def test_editions_that_differ_a_little_go_together(small_world):
    """A list of states that begins two years after the capabilities, or ends two before."""
    path = small_world / "states.csv"
    path.write_text(path.read_text().replace("AAA,2,Aland,1900", "AAA,2,Aland,1932"))
    scenario = mc.scenario_from_data(small_world, date="1932-06-01").scenario
    assert "AAA" in [actor.id for actor in scenario.actors]


def test_without_capabilities_there_is_nothing(tmp_path):
    write_files(tmp_path, {"states.csv": STATES, "nmc.csv": "a,b\n1,2\n"})
    with pytest.raises(UsageError, match="without it no actor has a capability") as caught:
        mc.scenario_from_data(tmp_path, date=DAY)
    assert str(caught.value).endswith("not read: nmc.csv: not a data set that can be read")


@pytest.mark.parametrize(
    "file, old, new, place",
    [
        ("nmc.csv", "DDD,220,1950", "DDX,221,1950", "column ccode: no state has code 221"),
        ("contdir.csv", ',220,"DDD"', ',999,"DDD"', "line 4, column statehno: no state has code"),
        ("tss.csv", ",200,220,", ",200,221,", "line 3, column ccode2: no state has code 221"),
        ("atop.csv", "\n20,220,", "\n20,221,", "column member: no state has code 221"),
        ("majors.csv", "CCC,200", "CCC,201", "line 3, column ccode: no state has code 201"),
        ("majors.csv", "CCC,200", "CCC,220", 'line 3, column ccode: 220 is DDD, not "CCC"'),
        ("contdir.csv", '2,"AAA",20,', '2,"AAA",220,', "column statehno: 220 is DDD, not"),
    ],
)
def test_codes_that_no_state_has(small_world, file, old, new, place):
    path = small_world / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        mc.scenario_from_data(small_world, date=DAY)
    assert str(caught.value).startswith(f"{path}: line ")
    assert place in str(caught.value)


@pytest.mark.parametrize("files", [{}, {"dyads.csv": DYADS}])
@pytest.mark.parametrize("date", ["1931-06-01", "1960-06-01"])
@pytest.mark.parametrize("pair", [{}, {"initiator": "AAA", "target": "BBB"}])
def test_every_row_names_its_source_and_what_is_assumed(small_world, files, date, pair):
    write_files(small_world, files)
    scenario = mc.scenario_from_data(small_world, date=date, **pair).scenario
    rows = dict(rows_and_sources(scenario))
    assert [row for row, source in rows.items() if not source] == []
    # No file has the numbers of ties and pairs, nor of incidents; weights of first acts are fitted.
    judged = [row for row, source in rows.items() if "assumption" in source]
    wanted = [row for row in rows if "-" in row or row.startswith(("dyad", "trigger"))]
    fitted = {f"trigger.domains.{name}" for name in ("threat", "display", "clash")}
    assert set(wanted) - fitted <= set(judged)


def test_what_a_row_names_as_its_source(small_world, tmp_path):
    write_files(small_world, {"polity.csv": REGIMES})
    own = write_files(
        tmp_path,
        {
            "own.csv": "ccode1,ccode2,directed,types,treaty_name,start_date,end_date,source\n"
            "365,20,1,aid,Arms,1930-01-01,,public record\n365,2,1,aid,Arms,,,\n"
        },
    )
    scenario = mc.scenario_from_data([small_world, own / "own.csv"], date=DAY).scenario
    actors = {actor.id: actor.source for actor in scenario.actors}
    regime = "Polity: regime; assumption: instability, turnover"
    assert actors["AAA"] == (
        f"COW capabilities 2025: CINC of 1931; COW major powers 2016: major; {regime}"
    )
    assert actors["CCC"] == (
        "COW major powers 2016: major; Polity: regime; "
        "assumption: capability, share of 1930, instability, turnover"
    )
    assert actors["EEE"] == "assumption: capability, no share known: the least possible"
    ties = {(tie.from_, tie.to, tie.kind): tie.source for tie in scenario.ties}
    assert ties["AAA", "DDD", "defence"] == "ATOP 4.01; numbers: assumption"
    assert ties["EEE", "BBB", "support"] == "public record; numbers: assumption"
    assert ties["EEE", "AAA", "support"] == "further ties; numbers: assumption"
    dyads = {(row.a, row.b): row.source for row in scenario.dyads}
    assert dyads["AAA", "BBB"] == (
        "Thompson, Sakuwa and Suhas: positional, spatial, principal; COW contiguity 3.2: land; "
        "numbers: assumption"
    )
    assert dyads["AAA", "CCC"] == "COW contiguity 3.2: water to 150; numbers: assumption"
    assert dyads["AAA", "EEE"] == "assumption: reach"


def test_a_share_that_is_not_of_the_year_is_assumed_to_hold(small_world):
    scenario = mc.scenario_from_data(small_world, date="1965-06-01").scenario
    (source,) = {actor.source for actor in scenario.actors if actor.id == "BBB"}
    assert source == "COW capabilities 2025: CINC of 1960; assumption: that it holds in 1965"
