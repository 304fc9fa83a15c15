"""Plan files: what is read, what is refused and in which words, what options change."""

import pytest

from mcescalate.errors import ScenarioError, UsageError
from mcescalate.scenario.toml_text import read_toml
from mcescalate.scenario.wording import Origin
from mcescalate.sweep.design.plan import Plan
from mcescalate.sweep.design.reading import load_sweep, parse_precision, read_plan, with_options

HEAD = 'schema_version = 1\nchains = 10\n[[bases]]\nscenario = "small.toml"\n'


def plan_of(text: str, **options) -> Plan:
    return read_plan(read_toml(text, Origin("plan.toml")), "plan.toml", options)


def problems_of(text: str, **options) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        plan_of(text, **options)
    return raised.value.problems


def test_smallest_plan_is_one_point_a_base(plan_file):
    plan_file.write_text(HEAD)
    sweep = load_sweep(plan_file)
    assert sweep.n_points == 1
    assert sweep.bases[0][0] == "small"
    assert list(sweep.changes(0)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + "[desing]\n", 'desing: unknown key; did you mean "design"?'),
        (HEAD + "[[axes]]\nvalues = [1]\n", "axes[0].address: missing"),
        (HEAD + '[[axes]]\naddress = "a"\n', "axes[0]: expected one of values"),
        (HEAD + '[[axes]]\naddress = "a"\nvalues = []\n', "axes[0].values: expected an array"),
        (
            HEAD + '[[axes]]\naddress = "a"\nvalues = ["1"]\n',
            'axes[0].values[0]: expected a number, true or false, found "1"',
        ),
        (
            HEAD + '[[axes]]\naddress = "a"\nvalues = [1, true]\n',
            "axes[0].values: expected all numbers, or all of them true or false",
        ),
        (
            HEAD + '[[axes]]\naddress = "a"\nlow = 1\nhigh = 0\nsteps = 3\n',
            "axes[0].high: expected more than low",
        ),
        (HEAD + '[[axes]]\naddress = "a"\nlow = 0\nhigh = 1\n', "axes[0].steps: missing"),
        (
            HEAD + '[[axes]]\naddress = "a"\nlow = 0\nhigh = 1\nsteps = 2\nspacing = "log"\n',
            "axes[0].low: expected a number above 0",
        ),
        (
            HEAD + '[[axes]]\naddress = "a"\nname = "x/y"\nvalues = [1]\n',
            "axes[0].name: expected a name",
        ),
        (
            HEAD + '[[axes]]\naddress = "a"\nvalues = [1]\n[[axes]]\naddress = "a"\nvalues = [1]\n',
            'axes[1].name: "a" is the name of another row already',
        ),
        (HEAD + '[design]\nkind = "sobol"\nsize = 8\n', "axes: expected at least 1 row"),
        (HEAD + '[design]\nkind = "latin-hypercube"\n', "design.size: missing"),
        (HEAD + "[design]\nsize = 8\n", "design.size: has no meaning"),
        (HEAD + '[design]\nkind = "table"\n', 'design.file: expected for the designs "table"'),
        *(
            (
                HEAD + f"seed = {seed}\n",
                f"seed: expected a whole number from 0 to 9223372036854775807, found {seed}",
            )
            for seed in ("-1", "1.5", "true", str(2**63))
        ),
        (
            HEAD.replace("chains = 10", ""),
            "expected either chains or a table [precision], found neither; or use --chains",
        ),
        (HEAD.replace("= 1\n", "= 2\n", 1), "schema_version: written for version 2"),
        (
            HEAD.replace("chains = 10", "chains = 10\nfirst_chain = 18446744073709551610"),
            "first_chain: expected chains up to number 18446744073709551615",
        ),
    ],
)
def test_a_problem_is_reported_with_its_place(text, problem):
    if "seed" in text:  # not one of the base above it
        text = text.removeprefix(HEAD) + HEAD
    assert any(problem in line for line in problems_of(text)), problems_of(text)


@pytest.mark.parametrize("kind", ["sobol", "saltelli"])
def test_a_size_that_is_no_power_of_two_is_refused_with_the_nearest(kind):
    text = HEAD + f'[design]\nkind = "{kind}"\nsize = 1000\n'
    text += '[[axes]]\naddress = "a"\nlow = 0\nhigh = 1\n'
    (line,) = problems_of(text)
    assert line == "design.size: expected a power of 2, found 1000; use 512 or 1024"


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('kind = "normal"\nmean = 1', "sd: missing"),
        ('kind = "normal"\nmean = 1\nsd = 0', "sd: expected a number above 0, found 0"),
        ('kind = "uniform"\nlow = 1\nhigh = 1', "expected low below high"),
        ('kind = "beta"\na = 1\nb = 1\nsd = 1', 'sd: has no meaning for the kind "beta"'),
        ('kind = "beta"\na = 1\nb = 1\nlow = 0', "expected both low and high, or neither"),
        ('kind = "whole"\nlow = 1\nhigh = 2.5', "high: expected a whole number, found 2.5"),
        ('kind = "gamma"', "kind: expected one of uniform"),
    ],
)
def test_wrong_parameters_of_a_distribution(table, problem):
    text = HEAD + '[design]\nkind = "random"\nsize = 3\n[[axes]]\naddress = "a"\n'
    lines = problems_of(f"{text}[axes.distribution]\n{table}\n")
    assert any(problem in line for line in lines), lines


def test_all_problems_are_reported_at_once():
    text = HEAD + '[[axes]]\naddress = "a"\n[[axes]]\naddress = "b"\nvalues = ["x"]\n'
    assert len(problems_of(text)) == 2


def test_options_replace_the_plan():
    assert plan_of(HEAD, chains=7, seed=3, independent=True).chains == 7
    plan = plan_of(HEAD, precision="war=2%", max_chains=5000)
    assert plan.chains is None
    assert plan.precision.half_width == pytest.approx(0.02)
    assert plan.precision.max_chains == 5000
    assert plan_of(HEAD.replace("chains = 10", ""), chains=7).precision is None


def test_a_precision_needs_an_end():
    with pytest.raises(UsageError, match="--max-chains"):
        plan_of(HEAD, precision="war=2%")
    with pytest.raises(UsageError, match="expected one of them"):
        with_options({}, {"chains": 5, "precision": "war=2%"})


def test_the_text_of_a_precision():
    assert parse_precision("peak>=use of force=5%") == {
        "of": "peak>=use of force",
        "half_width": 0.05,
    }
    for text in ("war", "=2%", "war=much", ""):
        with pytest.raises(UsageError, match="war=2%"):
            parse_precision(text)


def test_a_scenario_is_no_plan(tmp_path, plan_file):
    with pytest.raises(ScenarioError) as raised:
        load_sweep(tmp_path / "small.toml")
    assert raised.value.problems == [
        "this is a scenario; expected a plan, which names scenarios in rows [[bases]]"
    ]


def test_missing_files_are_named(plan_file, tmp_path):
    with pytest.raises(UsageError, match=r"nothing\.toml: there is no such file"):
        load_sweep(tmp_path / "nothing.toml")
    (tmp_path / "small.toml").unlink()
    with pytest.raises(UsageError, match=r"small\.toml: there is no such file"):
        load_sweep(plan_file)


def test_two_bases_of_one_name_are_refused(plan_file):
    plan_file.write_text(HEAD + '[[bases]]\nscenario = "small.toml"\n')
    with pytest.raises(ScenarioError, match="is the name of two scenarios"):
        load_sweep(plan_file)
