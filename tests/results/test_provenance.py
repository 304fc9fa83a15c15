"""Where a result comes from: digests of the scenario and of what the machine makes of chances."""

import json
import os
import subprocess
import sys

import pytest
from cases import load_case
from small_crisis import crisis

from mcescalate.results.provenance.describe import (
    canonical_json,
    describe,
    provenance_json,
    scenario_digest,
    scenario_json,
    thresholds_digest,
)

THRESHOLDS = "from mcescalate.results.provenance.describe import thresholds_digest as d; print(d())"
WITHOUT_AVX512 = "AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"


def test_canonical_json_knows_no_order():
    assert canonical_json({"b": 1, "a": [1.5, "é"]}) == '{"a":[1.5,"é"],"b":1}'
    text = scenario_json(load_case("july-1914"))
    assert canonical_json(json.loads(text)) == text


@pytest.mark.parametrize("name", ["july-1914", "global-latest"])
def test_the_text_is_that_of_the_whole_content(name):
    # It is put together of texts made once for each table.
    scenario = load_case(name)
    content = scenario.model_dump(mode="json", by_alias=True)
    assert scenario_json(scenario) == canonical_json(content)
    story = describe(scenario, seed=7, ranges=[[0, 5]], rng_layout="x", elapsed=0.25)
    text = provenance_json(story, scenario)
    whole = {**story, "parameters": {**story["parameters"], "scenario": content}}
    assert text == json.dumps(whole, sort_keys=True, ensure_ascii=False)


def test_texts_of_a_scenario_may_hold_whatever_json_writes_between_values():
    note = 'a,b: c ,\n"d": {e}, é \\ \\u0000'
    scenario = crisis(title="t, u: v", description=note)
    assert json.loads(scenario_json(scenario)) == scenario.model_dump(mode="json", by_alias=True)
    story = describe(scenario, seed=7, ranges=[[0, 5]], rng_layout="x", elapsed=0.25)
    written = json.loads(provenance_json(story, scenario))
    assert written["parameters"]["scenario"]["description"] == note


def test_equal_rows_that_are_written_differently_have_their_own_texts():
    # Values of copies are not checked; 1 == 1.0, and their texts differ.
    scenario = crisis()
    actors = (scenario.actors[0].model_copy(update={"arms": 0.0}), *scenario.actors[1:])
    copy = scenario.model_copy(update={"actors": actors})
    assert copy.actors == scenario.actors
    assert scenario_json(copy) != scenario_json(scenario)
    assert json.loads(scenario_json(copy)) == json.loads(scenario_json(scenario))


def test_every_change_of_a_scenario_changes_its_digest():
    one = crisis()
    changed = [
        crisis(title="Two rivals"),
        crisis(response={"up": 0.3, "war_cost": 0.1}),
        crisis(trigger={"initiator": "YUG", "target": "AUH", "accident": 0.3}),
    ]
    digests = {scenario_digest(scenario) for scenario in [one, *changed]}
    assert len(digests) == 4
    assert scenario_digest(crisis()) == scenario_digest(one)


def test_thresholds_do_not_depend_on_what_the_processor_can_do():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", THRESHOLDS],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": WITHOUT_AVX512, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stdout.strip() == thresholds_digest(), done.stderr
