"""Where a result comes from: digests of the scenario and of what the machine makes of chances."""

import json
import os
import subprocess
import sys

from cases import load_case
from small_crisis import crisis

from mcescalate.results.provenance import (
    canonical_json,
    scenario_digest,
    scenario_json,
    thresholds_digest,
)

THRESHOLDS = "from mcescalate.results.provenance import thresholds_digest as d; print(d())"
WITHOUT_AVX512 = "AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"


def test_canonical_json_knows_no_order():
    assert canonical_json({"b": 1, "a": [1.5, "é"]}) == '{"a":[1.5,"é"],"b":1}'
    text = scenario_json(load_case("july-1914"))
    assert canonical_json(json.loads(text)) == text


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
