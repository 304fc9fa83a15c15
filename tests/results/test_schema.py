"""Every attribute, label, number and field of provenance, spoilt in turn with a right checksum.

Whatever is tried, a result is refused with its file and the place, or read with the same answer.
The everyday tests try every place with one of the wrong values, in turn; the slow ones with all.
"""

import copy
import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import mcescalate as mc
from mcescalate.analysis.estimation.summary import summarise, summarise_exact
from mcescalate.analysis.sweeps.points import summarise_points
from mcescalate.cli import main
from mcescalate.errors import DataError
from mcescalate.model.counts import COUNTS
from mcescalate.report.make import make_report
from mcescalate.results.checks.result import check_result
from mcescalate.results.files.canonical import canonical_form, content_digest
from mcescalate.results.provenance.describe import canonical_json
from mcescalate.results.provenance.schema import sweep_digest
from mcescalate.results.variables import LATER_RECORDS, record_name
from mcescalate.sweep.result.checks import check_points

MISSING = object()
VALUES = [
    MISSING,
    "",
    "x" * 70,
    -1,
    0,
    2.5,
    math.nan,
    math.inf,
    10**30,
    True,
    None,
    [],
    {},
    ["a", "b"],
]
IN_FILES = [MISSING, "", "x" * 70, -1, 0, 2.5, math.nan, 10**15, ["a", "b"]]
FREE = {
    *("Conventions", "history", "title", "plan.title", "plan.note"),
    *("environment.os", "environment.machine", "environment.python", "environment.cores"),
    *("environment.libraries", "resources.elapsed_seconds"),
}
"""What is recorded and decides nothing: any text or number of the right kind may stand there."""

FULLY = pytest.mark.parametrize(
    "fully", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["in turn", "all"]
)


def tried(places: Sequence, values: Sequence, fully: bool) -> list[tuple]:
    """Pairs of a place and a wrong value: all, or every place once with the next value."""
    if fully:
        return list(product(places, values))
    return [(place, values[k % len(values)]) for k, place in enumerate(places)]


SCENARIO = """\
schema_version = 1
[[actors]]
id = "BBB"
capability = 0.3
[[actors]]
id = "AAA"
capability = 0.2
[[dyads]]
a = "AAA"
b = "BBB"
rivalry = 1.0
[[ties]]
from = "AAA"
to = "BBB"
kind = "neutrality"
[trigger]
initiator = "AAA"
target = "BBB"
[run]
horizon = 3
"""
PLAN = """\
schema_version = 1
chains = 20
seed = 11
[[bases]]
scenario = "small.toml"
[[axes]]
address = "response.gap"
values = [0.2, 0.5]
[[axes]]
address = "run.horizon"
values = [2, 3]
"""


@pytest.fixture(scope="module")
def results(scenario, whole, tmp_path_factory) -> dict[str, xr.Dataset]:
    """One result of each kind."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "small.toml").write_text(SCENARIO)
    (folder / "plan.toml").write_text(PLAN)
    return {
        "run": whole,
        "exact": mc.solve(scenario),
        "bounds": mc.solve(scenario, prune=1e-3),
        "sweep": mc.run_sweep(folder / "plan.toml", folder / "out", backend="python", workers=1),
    }


def write(dataset: xr.Dataset, file: Path) -> bool:
    """Write a file whose checksum is right, whatever it holds; False if no file can hold it."""
    encoding = {
        name: {"_FillValue": None}
        for name, variable in dataset.variables.items()
        if variable.dtype.kind in "fiub"
    }
    try:
        marked = dataset.assign_attrs(content_sha256=content_digest(dataset))
        marked.to_netcdf(file, engine="h5netcdf", encoding=encoding)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def answer(result: xr.Dataset) -> str:
    """All that the commands say of a result, but for what is recorded and decides nothing."""
    if "point" in result.dims:
        summary = summarise_points(result)
    else:
        summary = summarise_exact(result) if result.attrs.get("kind") else summarise(result)
    return json.dumps({**summary, "title": ""}, sort_keys=True)


def refused_or_same(dataset: xr.Dataset, expected: str | None) -> bool:
    """Whether a spoilt result is refused; if it is not, it must have the answer expected."""
    plain = canonical_form(dataset).arrays.to_dataset()
    try:
        check_result(plain, "a.h5")
        if "point" in plain.dims:
            check_points(plain, "a.h5")
    except DataError as error:
        assert str(error).startswith("a.h5: ")
        return True
    assert expected is None or answer(plain) == expected
    return False


@FULLY
@pytest.mark.parametrize("kind", ["run", "exact", "bounds", "sweep"])
def test_every_attribute(results, kind, fully):
    whole = results[kind]
    expected = answer(whole)
    assert not refused_or_same(whole, expected)
    accepted = set()
    for key, value in tried(list(whole.attrs), IN_FILES, fully):
        attrs = {k: v for k, v in whole.attrs.items() if k != key}
        spoilt = whole.drop_attrs(deep=False).assign_attrs(attrs)
        if value is not MISSING:
            spoilt.attrs[key] = value
        if not refused_or_same(spoilt, expected):
            accepted.add((key, repr(value)))
    left = {(key, value) for key, value in accepted if key not in FREE}
    assert not left, left


def places(tables: Any, way: tuple = ()) -> Iterator[tuple]:
    """The way to every field of a provenance, down to the tables of scenarios and plans."""
    items = tables.items() if isinstance(tables, dict) else enumerate(tables)
    for key, value in items:
        yield (*way, key)
        if isinstance(value, dict | list) and key not in ("scenario", "axes", "libraries"):
            yield from places(value, (*way, key))


def spoil(tables: Any, way: tuple, value: Any) -> Any:
    """The tables with another value at the end of the way, and their digests made right."""
    spoilt = copy.deepcopy(tables)
    part = spoilt
    for key in way[:-1]:
        part = part[key]
    if value is MISSING:
        del part[way[-1]]
    else:
        part[way[-1]] = value
    return spoilt


@FULLY
@pytest.mark.parametrize("kind", ["run", "exact", "sweep"])
def test_every_field_of_provenance(results, kind, fully):
    whole = results[kind]
    expected = answer(whole)
    tables = json.loads(whole.attrs["provenance"])
    accepted = set()
    for way, value in tried(list(places(tables)), VALUES, fully):
        spoilt = spoil(tables, way, value)
        attrs = {"provenance": json.dumps(spoilt)}
        if kind == "sweep":
            attrs["sweep_sha256"] = sweep_digest(spoilt)
        if not refused_or_same(whole.assign_attrs(attrs), expected):
            accepted.add((".".join(map(str, way)), repr(value)))
    left = {place for place, _ in accepted if not any(place.startswith(free) for free in FREE)}
    # What a sweep was cut by decides nothing once it is put together; nor do earlier stretches,
    # the seed of a design without samples, and remarks.
    decides_nothing = ("costs.", "plan.design", "plan.axes", "plan.source", "plan.schema_version")
    assert not {place for place in left if not place.startswith(decides_nothing)}, left


@pytest.mark.parametrize("kind", ["run", "exact", "sweep"])
def test_every_field_of_its_scenario(results, kind):
    whole = results[kind]
    expected = answer(whole)
    tables = json.loads(whole.attrs["provenance"])
    way = ("bases", 0, "scenario") if kind == "sweep" else ("parameters", "scenario")
    holder = tables["bases"][0] if kind == "sweep" else tables["parameters"]
    scenario = holder["scenario"]
    changes = [
        spoil(scenario, ("actors", 0, "id"), "ZZZ"),
        spoil(scenario, ("ladder", "rungs", 0), "quiet"),
        spoil(scenario, ("run", "horizon"), 9),
        spoil(scenario, ("run", "turn_days"), 9.0),
        spoil(scenario, ("ties",), []),
        spoil(scenario, ("trigger", "domains"), []),
        {**scenario, "actors": scenario["actors"][::-1]},
        {**scenario, "actors": "none"},
        {},
        {"actors": 10**400},
    ]
    for change in changes:
        spoilt = spoil(tables, way, change)
        digest = hashlib.sha256(canonical_json(change).encode()).hexdigest()
        attrs = {"provenance": json.dumps(spoilt)}
        if kind == "sweep":
            attrs |= {"sweep_sha256": sweep_digest(spoilt)}
        else:
            spoilt["parameters"]["sha256"] = digest
            attrs |= {"provenance": json.dumps(spoilt), "scenario_sha256": digest}
        if not refused_or_same(whole.assign_attrs(attrs), expected):
            # Of no effect on a label: ties that this scenario has not, a domain by default, and a
            # horizon that an axis sets.
            assert change in [*changes[4:6], *(changes[2:3] if kind == "sweep" else [])], change


def spoilt_variables(variable: xr.Variable) -> Iterator[xr.Variable]:
    """A variable with a wrong value first, last or everywhere, or of a wrong kind."""
    values = variable.values
    if not values.size:
        return
    numbers = [-7, 10**12, 2.5, math.nan, math.inf]
    yield variable.copy(data=np.full(values.shape, "GMY"))
    yield variable.copy(data=np.zeros(values.shape, np.int64))
    yield variable.copy(data=np.arange(values.size, dtype=np.float64).reshape(values.shape) + 40)
    if values.dtype.kind not in "OU":
        for number in numbers:
            changed = values.astype(np.float64 if isinstance(number, float) else np.int64)
            changed.flat[-1] = number
            yield variable.copy(data=changed)
        return
    changed = values.astype(object)
    changed.flat[0] = "GMY\x1b[2J"
    yield variable.copy(data=changed)
    yield variable.copy(
        data=np.array([f"{text} " for text in values.ravel()]).reshape(values.shape)
    )


@FULLY
@pytest.mark.parametrize("kind", ["run", "exact", "bounds", "sweep"])
def test_every_variable(results, kind, fully):
    whole = results[kind]
    expected = answer(whole)
    # Of counts that add up to nothing only the bounds are known.
    loose = {count.name.removesuffix("_count") for count in COUNTS if count.total is None}
    later = {record_name(field) for field in LATER_RECORDS}  # older files lack them
    for k, (name, variable) in enumerate(whole.variables.items()):
        if not fully and k % 3:
            continue
        assert refused_or_same(whole.drop_vars(name), expected) or name in later, name
        spoilings = list(spoilt_variables(variable))
        if not fully and spoilings:
            spoilings = [spoilings[k // 3 % len(spoilings)]]
        for spoilt in spoilings:
            if np.array_equal(spoilt.values, variable.values):
                continue
            changed = whole.drop_vars(name).assign({name: spoilt})
            if name.partition("_count")[0].partition("_probability")[0] in loose - {"n_chains"}:
                refused_or_same(changed, None)
            else:
                assert refused_or_same(changed, expected), (name, spoilt.values)
        for key in variable.attrs if fully else list(variable.attrs)[:1]:
            changed = whole.copy()
            changed[name].attrs = {k: v for k, v in variable.attrs.items() if k != key}
            is_label = kind == "sweep" and name in whole.dims  # these may say nothing
            assert refused_or_same(changed, expected) or is_label, (name, key)
    for dim in whole.dims:
        for part in (slice(0, 0), slice(1, None)):
            shorter = whole.isel({dim: part})
            if shorter.sizes != whole.sizes:
                assert refused_or_same(shorter, expected), dim


def test_every_command_and_function_refuses_with_the_place(whole, pieces, tmp_path, capsys):
    file, other = tmp_path / "a.h5", tmp_path / "b.h5"
    mc.save(pieces[1], other)
    spoilt = pieces[0].assign_coords(actor=[1, 2, 3], partner=[1, 2, 3])
    write(spoilt, file)
    for words in (
        ["show", file],
        ["report", file, "-o", tmp_path / "a.html"],
        ["merge", other, file, "-o", tmp_path / "c.h5"],
    ):
        assert main([str(word) for word in words]) == 3
        assert f"{file}: actor: expected texts" in capsys.readouterr().err
    for function in (make_report, lambda result: mc.merge([result, pieces[1]])):
        with pytest.raises(DataError, match="actor: expected texts, found int64"):
            function(spoilt)
    with pytest.raises(DataError, match="actor: expected texts"):
        mc.save(spoilt, tmp_path / "d.h5")
    assert not (tmp_path / "d.h5").exists()
