"""What `scripts/instructions` makes of callgrind's files, and the marks that it relies on."""

import json
import os
import subprocess
import sys
import threading

import marked_runs
import pytest
from benchmark_scenarios import CASES, PAIR, with_further_terms
from instructions import MOST_RISE, RECORD, RUNS, Part, judge, made_with, part, per_chain, table
from measure import ROOT

from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

HEAD = """\
# callgrind format
version: 1
pid: 7
part: 12
thread: 3

desc: Trigger: --dump-before=getsid
events: Ir
summary: 5000
totals: 5001
"""
COSTS = {"pair": 700, "july_1914": 80_000, "network_200": 45_000}
START, BATCH = 5_000_000, 30_000
"""Instructions of a worker before its batch, and in it besides its chains."""


def parts_of_all_runs():
    """As callgrind writes them: marks of the main thread, and between them two of the worker."""
    numbers = iter(range(1, 100))
    yield Part(next(numbers), 1, 9_000_000)
    for place, (case, n_chains) in enumerate(RUNS):
        yield Part(next(numbers), 2 + place % 2, START + 20_000 * place)
        yield Part(next(numbers), 2 + place % 2, BATCH + n_chains * COSTS[case])
        yield Part(next(numbers), 1, 400_000 + place)
    end = next(numbers)
    yield Part(end, 1, 70_000)
    yield Part(end, 2, 8_000)


def test_the_head_of_a_part_is_read(tmp_path):
    path = tmp_path / "counted.12-03"
    path.write_text(HEAD)
    assert part(path) == Part(number=12, thread=3, instructions=5001)


def test_only_what_the_worker_does_more_in_a_larger_batch_counts():
    parts = list(parts_of_all_runs())
    assert per_chain(parts[::-1]) == COSTS


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(list(parts_of_all_runs())[1:], id="a mark is missing"),
        pytest.param([one for one in parts_of_all_runs() if one.thread == 1], id="no worker"),
        pytest.param([], id="nothing"),
    ],
)
def test_parts_that_do_not_show_all_runs_are_refused(parts, capsys):
    with pytest.raises(SystemExit) as ended:
        per_chain(parts)
    assert ended.value.code == 2
    assert f"do not show {len(RUNS)} runs" in capsys.readouterr().err


def test_the_worker_marks_the_beginning_and_the_end_of_one_batch(monkeypatch):
    threads = []
    monkeypatch.setattr(marked_runs, "mark", lambda: threads.append(threading.get_ident()))
    world = build_world(parse_scenario(PAIR))
    marked_runs.simulate(world, 3, marked_runs.Marks(), backend="python")
    assert len(threads) == 2
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


def test_the_table_gives_ratios_here_to_there():
    found = {"processor": "x86-64-v3", "here": {"pair": 660.0}}
    assert table(found).splitlines()[1].split() == ["pair", "660"]
    found |= {"against": "abc", "there": {"pair": 600.0}, "ratios": {"pair": 1.1}}
    assert table(found).splitlines()[1].split() == ["pair", "660", "600", "1.100"]
    assert table(found).endswith("there: abc")


def test_the_table_gives_ratios_with_all_terms_to_those_without():
    found = {"processor": "x86-64-v3", "here": {"pair": 600.0}, "terms": {"pair": 660.0}}
    lines = table(found | {"ratios": {"pair": 1.1}}).splitlines()
    assert lines[0].split()[-2:] == ["terms", "terms/here"]
    assert lines[1].split() == ["pair", "600", "660", "1.100"]


def judged(ratio, **others):
    """Figures of two cases, of which one takes `ratio` times as much as was recorded."""
    recorded = {"made_with": {"numba": "1.0"}, "here": {"pair": 1000.0, "july_1914": 50_000.0}}
    here = {"pair": 1000.0 * ratio, "july_1914": 50_000.0}
    found = {"made_with": {"numba": "1.0"} | others, "here": here}
    found["ratios"] = {case: here[case] / recorded["here"][case] for case in here}
    return judge(found, recorded)


def test_a_case_that_takes_more_than_recorded_fails_with_its_figure(capsys):
    assert judged(MOST_RISE - 0.001) == judged(0.5) == 0
    assert capsys.readouterr().out == ""
    assert judged(MOST_RISE + 0.001) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("pair: 1,031 instructions a chain, 3.1% more than the 1,000 recorded;")
    assert "scripts/instructions --json benchmarks/instructions.json" in line


def test_another_compiler_is_reported_and_not_judged(capsys):
    assert judged(2.0, numba="1.1") == 0
    out = capsys.readouterr().out
    assert out.startswith("not judged")
    assert "numba 1.0 then, 1.1 now" in out


def test_the_record_has_all_cases_and_says_what_made_it():
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    assert recorded["here"].keys() == CASES.keys()
    assert recorded["made_with"].keys() == made_with().keys()


@pytest.mark.parametrize("case", CASES)
def test_no_term_is_left_neutral(case):
    scenario = Scenario.model_validate(with_further_terms(CASES[case]()))
    values = scenario.model_dump()
    unset = [
        row.address
        for row in COEFFICIENTS
        if row.neutral is not None
        and row.neutral == row.default
        and row.table != "sequence"
        and values[row.table][row.name] == row.neutral
    ]
    # The arms race comes before the crisis, sequences after it, and a capability is no term.
    assert {*unset} <= {"arms.periods", "outcome.system_capability"}


def test_without_valgrind_one_message_says_what_to_install(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "instructions"],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "install valgrind" in done.stderr
