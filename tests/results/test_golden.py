"""Stored results: every format and scheme of random numbers stays readable, and reproducible.

A file here is never replaced: a new format, or a scheme under a new name, adds one. It is
made by `save(simulate(crisis(), n_chains=200, seed=1914), …)`.
"""

import json
from pathlib import Path

import pytest

import mcescalate as mc
from mcescalate.model.counts import COUNTS
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.results.checks.counts import stored_counts
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.scenario.schema import Scenario

FILES = sorted(Path(__file__).with_name("golden").glob("*.h5"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_old_results_are_read_and_made_again(file):
    old = mc.load(file)
    origin = json.loads(old.attrs["provenance"])
    assert int(old["outcome_count"].sum()) == 200
    if old.attrs["rng_layout"] != RNG_LAYOUT:
        return  # what drew it is no longer here
    scenario = Scenario.model_validate(origin["parameters"]["scenario"])
    new = mc.simulate(scenario, n_chains=200, seed=int(old.attrs["seed"]), backend="python")
    for count in stored_counts(COUNTS, old):
        # Labels of a later format had no name before, and nothing happened in them.
        own = new[count.name].reindex_like(old[count.name])
        assert own.equals(old[count.name]), count.name
        assert int(own.sum()) == int(new[count.name].sum())
    assert new.attrs["thresholds_sha256"] == old.attrs["thresholds_sha256"]


def test_the_present_format_and_scheme_are_among_them():
    kinds = {(mc.load(file).attrs["schema_version"], mc.load(file).attrs["rng_layout"])
             for file in FILES}  # fmt: skip
    assert (SCHEMA_VERSION, RNG_LAYOUT) in kinds
