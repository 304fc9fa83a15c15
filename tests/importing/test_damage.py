"""Two hundred damaged files: each is refused, read with the same result, or noted in the report.

What no reader can see is left out: a plain file in which one digit has become another, or rows
are gone, is another table and no worse for that. Packed files have a checksum against both.
"""

import random

import pytest
from damaged_data import PACKED, PLAIN, damaged
from made_up_data import (
    CONTIGUITY,
    COW_DYADS,
    COW_MEMBERS,
    DYADS,
    FILES,
    MAJORS,
    NMC,
    REGIMES,
    STATES,
    TD,
    TSS,
    write_files,
)

import mcescalate as mc
from mcescalate.errors import DataError, McEscalateError

N_CASES = 200
ATOP_WORLD = FILES | {"dyads.csv": DYADS, "polity.csv": REGIMES}
COW_WORLD = {
    "states.csv": STATES,
    "majors.csv": MAJORS,
    "nmc.csv": NMC,
    "contdir.csv": CONTIGUITY,
    "td.csv": TD,
    "cow.csv": COW_MEMBERS,
}
WORLDS = (ATOP_WORLD, COW_WORLD, COW_WORLD | {"cow.csv": COW_DYADS, "td.csv": TSS})
DAY = "1931-06-01"
KINDS = (*PLAIN, *PACKED)


def reported(report, folder):
    """All that a report says of files beside their names."""
    lines = [*report.unused, *report.remarks, *report.missing, *map(str, report.absences)]
    lines += [f"{what}: {n}" for what, n in report.left_out.items()]
    return {line.replace(str(folder), "") for line in lines}


def without_sources(value):
    """What a scenario holds, but for where it is from."""
    if isinstance(value, dict):
        return {key: without_sources(x) for key, x in value.items() if key != "source"}
    return [without_sources(x) for x in value] if isinstance(value, list | tuple) else value


def content(imported):
    return without_sources(imported.scenario.model_dump() | {"note": ""})


def outcome(folder, name, sound_folder, sound):
    """What an import with a damaged file comes to, against the one without."""
    try:
        imported = mc.scenario_from_data(folder, date=DAY)
    except McEscalateError as error:
        assert name in str(error).replace(str(folder), ""), error
        return "refused" if isinstance(error, DataError) else "asked about"
    if content(imported) == content(sound):
        return "the same"
    news = reported(imported.report, folder) - reported(sound.report, sound_folder)
    return "reported" if any(name in line for line in news) else f"silent {news}"


@pytest.fixture(scope="module")
def sound_worlds(tmp_path_factory):
    """The worlds as they are without damage."""
    sound = []
    for files in WORLDS:
        folder = write_files(tmp_path_factory.mktemp("sound"), files)
        sound.append((folder, mc.scenario_from_data(folder, date=DAY)))
    return sound


def case(number):
    """The parts of a case: a world, a file of it, and what happens to it."""
    rng = random.Random(number)
    place = rng.randrange(len(WORLDS))
    return rng, place, rng.choice(sorted(WORLDS[place])), KINDS[number % len(KINDS)]


@pytest.mark.parametrize("number", range(N_CASES))
def test_damage_does_not_pass_without_a_word(tmp_path, sound_worlds, number):
    rng, place, name, kind = case(number)
    files = dict(WORLDS[place])
    text = files.pop(name)
    write_files(tmp_path, files)
    stored = f"{name}.gz" if kind in PACKED else name
    (tmp_path / stored).write_bytes(damaged(kind, text, rng))
    found = outcome(tmp_path, stored, *sound_worlds[place])
    assert found in ("refused", "asked about", "the same", "reported"), (kind, name)
