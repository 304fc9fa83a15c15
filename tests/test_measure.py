"""What `scripts/bench --against` makes of times; the measuring itself is tried in benchmarks/."""

import pytest
from benchmark_scenarios import CASES, network
from measure import ROOT, commit_of, compare, comparison, packages_of, parser, slower

from mcescalate.scenario.reading import parse_scenario

# Two rounds: `help` took 1.2 and 1.4 times as long here as there, `pair` half as long.
# At its shortest, `help` took 0.12 here and 0.10 there.
PAIRS = [
    ({"help": 0.12, "pair": 1.0, "new": 1.0}, {"help": 0.10, "pair": 2.0}),
    ({"help": 0.14, "pair": 1.1, "new": 1.0}, {"help": 0.10, "pair": 2.2}),
]


def test_ratios_are_of_the_shortest_times_of_what_both_have():
    assert compare(PAIRS) == [
        {
            "name": "help",
            "here": 0.12,
            "there": 0.10,
            "ratio": pytest.approx(1.2),
            "lowest": pytest.approx(1.2),
            "highest": pytest.approx(1.4),
        },
        {
            "name": "pair",
            "here": 1.0,
            "there": 2.0,
            "ratio": 0.5,
            "lowest": 0.5,
            "highest": 0.5,
        },
    ]


def test_the_verdict_names_what_is_past_the_threshold():
    rows = compare(PAIRS)
    assert slower(rows, 1.1) == ["help"]
    assert slower(rows, 1.25) == []
    assert comparison(rows, "v1", "abc", 1.1).endswith("took over 1.1 times as long: help")
    assert comparison(rows, "v1", "abc", 1.25).endswith("took over 1.25 times as long: nothing")


def test_other_options_are_left_to_pytest():
    known, others = parser().parse_known_args(["--against", "HEAD", "-k", "help"])
    assert (known.against, known.rounds, known.threshold) == ("HEAD", 3, 1.25)
    assert others == ["-k", "help"]


@pytest.mark.parametrize("revision", ["nonsense", "--all", ""])
def test_what_is_no_revision_is_refused(revision, capfd):
    with pytest.raises(SystemExit) as ended:
        commit_of(revision)
    assert ended.value.code == 2
    assert capfd.readouterr().err.splitlines() == [
        f'--against: "{revision}" is no revision of this checkout; `git log` lists them'
    ]


def test_a_checkout_needs_the_packages_that_it_names():
    dependencies, extras, pinned = packages_of(ROOT)
    assert any(line.startswith("numba") for line in dependencies)
    assert "test" in extras
    assert "numba==" in pinned


@pytest.mark.parametrize("case", CASES)
def test_cases_are_valid_scenarios(case):
    parse_scenario(CASES[case]())


def test_the_network_has_the_size_asked_for():
    world = parse_scenario(network(40))
    assert len(world.actors) == 40
    assert len(world.ties) == 80
