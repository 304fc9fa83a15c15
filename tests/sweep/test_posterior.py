"""Draws from a posterior as points: what is read, what is refused, and what a run over them is."""

import json

import h5py
import numpy as np
import pytest
import xarray as xr
from made_up_posterior import VALUES, of_the_model, posterior_group, write_posterior

import mcescalate as mc
from mcescalate.errors import DataError, McEscalateError, ScenarioError, UsageError
from mcescalate.sweep.design.draws import plan_draws
from mcescalate.sweep.design.posterior import read_posterior


@pytest.fixture
def scenario(plan_file):
    return mc.load_scenario(plan_file.parent / "small.toml")


@pytest.fixture
def posterior_file(tmp_path):
    return write_posterior(tmp_path / "posterior.nc")


def test_draws_are_read_as_they_were_written(posterior_file):
    posterior, group = read_posterior(posterior_file), posterior_group()
    assert list(posterior.values) == list(VALUES)
    assert posterior.n_draws == 60
    rows = np.array(posterior.draws(60, "1946-1989"))
    assert rows[:, 0].tolist() == group["response.gap"].values.ravel().tolist()
    cold_war = group["response.war_cost"].sel(era="1946-1989").values
    assert rows[:, 1].tolist() == cold_war.ravel().tolist()


def test_fewer_draws_are_spread_evenly_over_all_chains_of_the_sampler(posterior_file):
    posterior = read_posterior(posterior_file)
    every = np.array(posterior.draws(60, "1990-"))
    for n in (2, 7, 30):
        places = [every.tolist().index(row) for row in posterior.draws(n, "1990-")]
        assert len(set(np.diff(places))) <= 2 and max(np.diff(places)) <= 60 // n + 1
        assert places[0] < 60 / n and places[-1] >= 60 - 60 / n
    assert len(posterior.draws(None, "1990-")) == 60
    many = read_posterior(posterior_group(draws=300))
    assert len(many.draws(None, "1990-")) == 200
    with pytest.raises(UsageError, match=r"has 60 draws, found 61"):
        posterior.draws(61, "1990-")


@pytest.mark.parametrize(
    "changed",
    [
        lambda group: group,
        lambda group: group.transpose("era", "draw", "chain"),
        lambda group: group.drop_vars(["chain", "draw"]),
        lambda group: group.astype("float32").astype("float64"),
        lambda group: group.assign_coords(era_name=("era", ["a", "b", "c", "d"])),
    ],
    ids=["as is", "other order of dims", "no labels of draws", "other numbers", "more labels"],
)
def test_posteriors_of_other_programs_are_read(changed, tmp_path):
    group = changed(posterior_group())
    path = write_posterior(tmp_path / "their.nc", group, attrs={"inference_library": "pymc"})
    posterior = read_posterior(path)
    expected = group["response.war_cost"].sel(era="1914-1945").transpose("chain", "draw")
    found = np.array(posterior.draws(60, "1914-1945"))[:, 1]
    assert found.tolist() == expected.values.ravel().tolist()
    assert posterior.ladder is None


def test_packed_and_compressed_variables_are_decoded(tmp_path):
    encoding = {"response.gap": {"zlib": True, "dtype": "f4"}}
    path = write_posterior(tmp_path / "packed.nc", encoding=encoding)
    found = np.array(read_posterior(path).draws(60, "1990-"))[:, 0]
    assert np.allclose(found, posterior_group()["response.gap"].values.ravel(), rtol=1e-6)


def test_texts_that_are_stored_as_bytes_are_read(scenario, tmp_path):
    path = write_posterior(tmp_path / "bytes.nc")
    with h5py.File(path, "a") as file:
        for key in ("model_version", "ladder"):
            file.attrs[key] = np.bytes_(file.attrs[key])
    posterior = read_posterior(path)
    assert posterior.ladder is not None
    posterior.check_scenario(scenario)


def test_what_is_in_memory_is_taken_too(scenario):
    group = posterior_group()
    tree = xr.DataTree.from_dict({"posterior": group})

    class InferenceData:
        posterior = group
        attrs = of_the_model(model_version="0")

    for one in (group, tree):
        assert list(read_posterior(one).values) == list(VALUES)
    with pytest.raises(DataError, match=r'posterior: fitted with version "0" of the model'):
        read_posterior(InferenceData())
    for wrong in (7, [1], {"response.gap": 1.0}):
        with pytest.raises(UsageError, match=r"coefficients: expected a posterior or its file"):
            read_posterior(wrong)


def spoilt(**variables):
    return posterior_group().assign(variables)


BY_DRAW = ("chain", "draw")


@pytest.mark.parametrize(
    ("group", "attrs", "message"),
    [
        (None, of_the_model(model_version="99"), 'fitted with version "99" of the model'),
        (None, of_the_model(ladder="calm"), "attribute ladder: expected a table as JSON"),
        (None, of_the_model(ladder="[1]"), "attribute ladder: expected a table as JSON"),
        (
            posterior_group().where(posterior_group()["draw"] != 17),
            None,
            r"response.gap: 2 of 60 draws are not numbers, first at chain 0, draw 17$",
        ),
        (
            posterior_group().where(lambda g: g["era"] != "1990-", np.inf),
            None,
            "response.gap: .* are not numbers, first at chain 0, draw 0, era 3",
        ),
        (
            spoilt(theta=(("chain", "draw", "school"), np.zeros((2, 30, 8)))),
            None,
            "theta: expected the dims chain, draw and perhaps era, found chain, draw, school",
        ),
        (
            spoilt(half=(("draw",), np.zeros(30))),
            None,
            "half: expected the dims chain, draw and perhaps era, found draw",
        ),
        (posterior_group().isel(draw=[]), None, "has no draws"),
        (posterior_group()[[]], None, "no variable is by chain and draw"),
        (posterior_group().drop_vars("era"), None, "era: expected the labels of the eras"),
    ],
    ids=[
        *("model", "ladder", "ladder of another kind", "NaN", "inf", "dims", "one dim"),
        *("no draws", "no variables", "no labels"),
    ],
)
def test_what_is_no_posterior_of_this_model_is_refused(group, attrs, message, tmp_path):
    path = write_posterior(tmp_path / "their.nc", group, attrs)
    with pytest.raises(DataError, match=message) as error:
        read_posterior(path)
    assert str(error.value).startswith(str(path))


def test_texts_are_no_draws(tmp_path):
    group = spoilt(name=(BY_DRAW, np.full((2, 30), "a")))
    with pytest.raises(DataError, match=r"posterior: name: expected numbers"):
        read_posterior(group)
    with pytest.raises(DataError, match=r"texts.nc: 'name': a table of texts"):
        read_posterior(write_posterior(tmp_path / "texts.nc", group))


def test_other_files_are_refused(scenario, tmp_path):
    result = tmp_path / "result.h5"
    mc.save(mc.simulate(scenario, n_chains=10, seed=1, backend="python"), result)
    (tmp_path / "text.nc").write_text("chain,draw\n")
    (tmp_path / "empty.nc").touch()
    (tmp_path / "classic.nc").write_bytes(b"CDF\x01" + bytes(40))
    write_posterior(tmp_path / "cut.nc")
    image = (tmp_path / "cut.nc").read_bytes()
    (tmp_path / "cut.nc").write_bytes(image[: len(image) // 2])
    for name, message in (
        ("result.h5", "expected a group `posterior`, as ArviZ writes it, found a result"),
        ("text.nc", "not a posterior .netCDF4., but a text"),
        ("empty.nc", "but an empty file"),
        ("classic.nc", "but a netCDF 3 file"),
        ("cut.nc", "cannot be read"),
        ("none.nc", "there is no such file"),
        (".", "found a folder"),
    ):
        with pytest.raises(DataError, match=message):
            read_posterior(tmp_path / name)


def test_nothing_outside_the_group_is_opened(tmp_path):
    path = write_posterior(tmp_path / "linked.nc")
    with h5py.File(path, "a") as file:
        file["elsewhere"] = h5py.ExternalLink("secret.nc", "/")
    assert read_posterior(path).n_draws == 60
    with h5py.File(path, "a") as file:
        file["posterior/response.up"] = h5py.ExternalLink("secret.nc", "/x")
    with pytest.raises(DataError, match=r"a link to another object"):
        read_posterior(path)
    with h5py.File(path, "a") as file:
        del file["posterior"]
        file["posterior"] = h5py.ExternalLink("secret.nc", "/posterior")
    with pytest.raises(DataError, match=r"expected a group `posterior`"):
        read_posterior(path)


@pytest.mark.parametrize(
    ("stated", "era", "expected"),
    [
        ({}, "1914-1945", "1914-1945"),
        ({"era": "1990-", "date": "1962-10-16"}, None, "1990-"),
        ({"era": "of old", "date": "1962-10-16"}, None, "1946-1989"),
        ({"date": "1913-12-31"}, None, "1816-1913"),
        ({"date": "2025-01-01"}, None, "1990-"),
        ({"era": "1990-"}, "1816-1913", "1816-1913"),
    ],
)
def test_the_era_is_the_one_asked_for_or_that_of_the_scenario(
    stated, era, expected, scenario, posterior_file
):
    import datetime

    if "date" in stated:
        stated = {**stated, "date": datetime.date.fromisoformat(stated["date"])}
    scenario = scenario.model_copy(update=stated)
    posterior = read_posterior(posterior_file)
    assert posterior.era_for(scenario, era) == expected
    planned = plan_draws(scenario, posterior, n_chains=30_000, seed=1, era=era)
    values = posterior_group()["response.war_cost"].sel(era=expected).values.ravel()
    found = [planned.sweep.scenario(point).response.war_cost for point in range(60)]
    assert found == values.tolist()


def test_without_an_era_all_are_named(scenario, posterior_file):
    posterior = read_posterior(posterior_file)
    eras = "1816-1913, 1914-1945, 1946-1989, 1990-"
    with pytest.raises(UsageError, match=rf"the scenario states none; choose one of .*{eras}"):
        posterior.era_for(scenario)
    with pytest.raises(UsageError, match=rf'expected one of its eras {eras}, found "1945"'):
        posterior.era_for(scenario, "1945")
    other = scenario.model_copy(update={"era": "antiquity"})
    with pytest.raises(UsageError, match=r"is of antiquity, which is none of these"):
        posterior.era_for(other)
    common = read_posterior(posterior_group({"response.gap": (0.4, 0.1, 0.0)}))
    assert common.era_for(other) is None
    with pytest.raises(UsageError, match=r"no value differs by era"):
        common.era_for(other, "1990-")


def test_another_ladder_and_unknown_addresses_are_refused(scenario, tmp_path):
    rungs = ["peace", "tension", "war"]
    ladder = {"rungs": rungs, "mobilised": 1, "casus": 1, "mid": [1, 3, 5]}
    path = write_posterior(tmp_path / "short.nc", None, of_the_model(ladder=json.dumps(ladder)))
    with pytest.raises(UsageError, match=r"fitted on another ladder: rungs = .*tension"):
        plan_draws(scenario, read_posterior(path), n_chains=10**6, seed=1, era="1990-")
    values = {"response.gpa": (0, 1, 0), "trigger.domains.clash.weight": (1, 0.1, 0)}
    with pytest.raises(ScenarioError) as error:
        plan_draws(scenario, read_posterior(posterior_group(values)), n_chains=10**6, seed=1)
    assert error.value.problems[0].endswith('did you mean "response.gap"?')
    assert "trigger.domains.clash.weight" in error.value.problems[1]


def test_values_that_are_fixed_are_left_to_the_scenario(scenario):
    posterior = read_posterior(posterior_group())
    fixed = posterior.without(["response.war*"])
    assert list(fixed.values) == ["response.gap"]
    planned = plan_draws(scenario, fixed, n_chains=30_000, seed=1)
    assert {planned.sweep.scenario(point).response.war_cost for point in range(60)} == {2.8}
    with pytest.raises(UsageError, match=r"no value is left"):
        posterior.without(["*"])
    with pytest.raises(UsageError, match=r'has no value "response.up"; it has response.gap'):
        posterior.without(["response.up"])


def test_a_draw_that_is_not_allowed_is_named(scenario, tmp_path):
    group = posterior_group({"perception.channel_bias": (0.6, 0.4, 0.0)})
    with pytest.raises(ScenarioError, match=r"channel_bias: expected a number from 0 to 1, found"):
        mc.simulate(scenario, n_chains=30_000, seed=1, coefficients=group)


def test_too_few_chains_say_how_many_would_do(scenario, posterior_file):
    posterior = read_posterior(posterior_file)
    with pytest.raises(
        UsageError, match=r"over 60 draws are 99 each.*use 30000 chains, or 11 draw"
    ):
        plan_draws(scenario, posterior, n_chains=5999, seed=1, era="1990-")
    with pytest.raises(UsageError, match=r"use 30000 chains$"):
        plan_draws(scenario, posterior, n_chains=600, seed=1, era="1990-")
    planned = plan_draws(scenario, posterior, n_chains=5999, seed=1, era="1990-", draws=11)
    assert planned.sweep.n_points == 11 and planned.sweep.n_chains == 545


def test_overlays_and_settings_lie_over_the_draws(scenario):
    from mcescalate.scenario.change.addresses import assign

    values = {
        "response.gap": (0.4, 0.1, 0.0),
        "actors.*.resolve": (0.0, 0.3, 0.0),
        "response.cost": (0.1, 0.1, 0.0),
    }

    def change(drawn):
        return assign(drawn, [("response.gap", 0.5), ("actors.AAA.resolve", 1.0)])

    posterior = read_posterior(posterior_group(values))
    planned = plan_draws(scenario, posterior, n_chains=30_000, seed=1, change=change)
    assert planned.kept == ("response.gap", "actors.*.resolve")
    drawn = np.array(posterior.draws(60, None))
    for point in (0, 31, 59):
        found = planned.sweep.scenario(point)
        assert found.response.gap == 0.5 and found.response.cost == drawn[point, 2]
        resolve = {actor.id: actor.resolve for actor in found.actors}
        assert resolve == {"AAA": 1.0, "BBB": drawn[point, 1], "CCC": drawn[point, 1]}
    with pytest.raises(UsageError, match=r"overlays or settings replace all of its values"):
        plan_draws(
            scenario,
            read_posterior(posterior_group({"response.gap": (0.4, 0.1, 0.0)})),
            n_chains=30_000,
            seed=1,
            change=change,
        )


def test_each_draw_is_a_run_on_the_same_chains(scenario, posterior_file, tmp_path):
    posterior = read_posterior(posterior_file)
    how = {"seed": 5, "first_chain": 3, "workers": 1}
    result = mc.simulate(
        scenario, n_chains=2_100, coefficients=posterior_file, draws=4, era="1990-", **how
    )
    assert result.sizes["point"] == 4 and set(result["n_chains"].values) == {525}
    assert result.attrs["design"] == "posterior"
    for point, (gap, war_cost) in enumerate(posterior.draws(4, "1990-")):
        assert result["response.gap"].values[point] == gap
        one = mc.load_scenario(tmp_path / "small.toml")
        response = one.response.model_copy(update={"gap": gap, "war_cost": war_cost})
        alone = mc.simulate(one.model_copy(update={"response": response}), n_chains=525, **how)
        assert alone["outcome_count"].values.tolist() == (
            result["outcome_count"].values[point].tolist()
        )
    mc.save(result, tmp_path / "draws.h5")
    assert mc.load(tmp_path / "draws.h5")["response.gap"].equals(result["response.gap"])
    design = json.loads(result.attrs["provenance"])["plan"]["design"]
    assert (design["file"], design["era"], design["size"]) == ("posterior.nc", "1990-", 4)


def test_arguments_that_need_a_posterior_say_so(scenario, posterior_file):
    with pytest.raises(UsageError, match=r"draws and era: need coefficients"):
        mc.simulate(scenario, n_chains=10, seed=1, draws=4)
    with pytest.raises(UsageError, match=r"keep_chains"):
        mc.simulate(scenario, n_chains=10, seed=1, coefficients=posterior_file, keep_chains=True)
    with pytest.raises(McEscalateError, match=r"draws: expected a whole number from 2"):
        mc.simulate(scenario, n_chains=10, seed=1, coefficients=posterior_file, draws=1)


PLAN = """\
schema_version = 1
chains = 200
seed = 11
[[bases]]
scenario = "small.toml"
[design]
kind = "posterior"
file = "{file}"
{more}
"""


def test_a_plan_may_have_a_posterior(plan_file, posterior_file):
    from mcescalate.sweep.design.reading import load_sweep

    plan_file.write_text(PLAN.format(file="posterior.nc", more='size = 5\nera = "1990-"'))
    sweep = load_sweep(plan_file)
    assert sweep.n_points == 5 and sweep.plan.design.era == "1990-"
    assert sweep.rows == read_posterior(posterior_file).draws(5, "1990-")
    made = mc.Sweep(
        plan_file.parent / "small.toml",
        design={"kind": "posterior", "file": str(posterior_file), "size": 5, "era": "1990-"},
        chains=200,
        seed=11,
    )
    assert made.rows == sweep.rows
    plan_file.write_text(PLAN.format(file="draws.csv", more=""))
    (plan_file.parent / "draws.csv").write_text("response.gap,response.cost\n0.4,0.1\n0.5,0.2\n")
    assert load_sweep(plan_file).n_points == 2
    for more, message in (
        ("", "the scenario states none"),
        ('era = "1900-"', "expected one of its eras"),
        ('size = 61\nera = "1990-"', "has 60 draws, found 61"),
    ):
        plan_file.write_text(PLAN.format(file="posterior.nc", more=more))
        with pytest.raises(UsageError, match=message):
            load_sweep(plan_file)


def test_scenarios_of_several_eras_need_a_sweep_each(plan_file, posterior_file, scenario):
    old, new = (scenario.model_copy(update={"era": era}) for era in ("1816-1913", "1990-"))
    design = {"kind": "posterior", "file": str(posterior_file)}
    with pytest.raises(UsageError, match=r"scenarios are of the eras 1816-1913, 1990-"):
        mc.Sweep({"old": old, "new": new}, design=design, chains=500)
    both = mc.Sweep({"old": old, "new": new}, design={**design, "era": "1990-"}, chains=500)
    assert both.n_points == 120
