"""Scenario files into checked scenarios."""

import os
from collections.abc import Iterable
from typing import Any

from mcescalate.arguments import file_name, kind_of, several
from mcescalate.errors import UsageError
from mcescalate.inputs import read_input
from mcescalate.scenario.change.addresses import assign, parse_settings
from mcescalate.scenario.change.overlay import apply_overlay, without_unknown_domains
from mcescalate.scenario.form.tables import SCHEMA_VERSION
from mcescalate.scenario.library import CASE, OVERLAY, PRESET, Kind, Source, find_entry, find_input
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.toml_text import LARGEST_FILE, read_toml, read_toml_bytes
from mcescalate.scenario.wording import Origin, Problem, found


def load_scenario(
    path: str | os.PathLike[str],
    *,
    overlays: Iterable[str | os.PathLike[str]] = (),
    settings: Iterable[str] = (),
    folder: str | os.PathLike[str] = "",
) -> Scenario:
    """Read a scenario file, apply overlays, and change single values.

    Parameters
    ----------
    path
        Scenario file (TOML), or "-" for standard input, or the name of a case that comes
        with the package, such as "july-1914"; a file of that name takes precedence, with a warning.
    overlays
        Files, or names of overlays of the package, whose rows and tables replace the
        scenario's, the later ones last.
    settings
        Texts "address=value", applied after all overlays, the later ones last.
    folder
        Where files are looked for; the current folder if left out.

    Returns
    -------
    Scenario
        The checked scenario.

    Raises
    ------
    ScenarioError
        A file or setting is invalid; lists every problem with its place.
    UsageError
        A file is missing or cannot be read, or an argument is of the wrong kind.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_scenario("docs/examples/triad.toml", settings=["actors.A.resolve=1"])
    >>> scenario.title, scenario.actors[0].resolve
    ('Two rivals and a friend', 1.0)
    """
    source = find_input(file_name(path, "load_scenario"), CASE, folder)
    return _load(source, overlays, settings, folder, "load_scenario")


def load_case(
    name: str, *, overlays: Iterable[str | os.PathLike[str]] = (), settings: Iterable[str] = ()
) -> Scenario:
    """Read a case that comes with the package, from any folder.

    Unlike `load_scenario` it never takes a file of the current folder for the case.

    Parameters
    ----------
    name
        Name of the case, such as "july-1914"; `mcescalate cases` lists all.
    overlays
        Files, or names of overlays of the package, as in `load_scenario`.
    settings
        Texts "address=value", as in `load_scenario`.

    Returns
    -------
    Scenario
        The checked scenario.

    Raises
    ------
    ScenarioError
        An overlay or setting is invalid; lists every problem with its place.
    UsageError
        There is no such case, an overlay is missing, or an argument is of the wrong kind.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", overlays=["hotline"], settings=["run.horizon=30"])
    >>> len(scenario.actors), scenario.run.horizon
    (13, 30)
    """
    if not isinstance(name, str):
        raise UsageError(
            f'load_case: expected the name of a case such as "july-1914", found {kind_of(name)}'
        )
    return _load(find_entry(name, CASE), overlays, settings, "", "load_case")


def _load(
    source: Source,
    overlays: Iterable[str | os.PathLike[str]],
    settings: Iterable[str],
    folder: str | os.PathLike[str],
    function: str,
) -> Scenario:
    scenario = check_scenario(_read_file(source), Origin(source.name))
    return change_scenario(
        scenario, overlays=overlays, settings=settings, folder=folder, function=function
    )


def change_scenario(
    scenario: Scenario,
    *,
    overlays: Iterable[str | os.PathLike[str]] = (),
    settings: Iterable[str] = (),
    folder: str | os.PathLike[str] = "",
    function: str = "change_scenario",
) -> Scenario:
    """Lay overlays over a scenario, and then change single values, as `load_scenario` does.

    Parameters
    ----------
    function : name that stands in messages

    Raises
    ------
    ScenarioError
        An overlay or setting is invalid; lists every problem with its place.
    UsageError
        An overlay is missing, or an argument is of the wrong kind.
    """
    for overlay in several(overlays, f"{function}: overlays"):
        scenario = lay_over(scenario, file_name(overlay, f"{function}: overlays"), folder)
    settings = several(settings, f"{function}: settings")
    if wrong := [setting for setting in settings if not isinstance(setting, str)]:
        raise UsageError(
            f'{function}: settings: expected texts such as "response.gap=1.2", '
            f"found {kind_of(wrong[0])}"
        )
    return assign(scenario, parse_settings(settings))


def lay_over(
    scenario: Scenario,
    path: str | os.PathLike[str],
    folder: str | os.PathLike[str] = "",
    kind: Kind = OVERLAY,
) -> Scenario:
    """A scenario with an overlay over it; see `read_overlay`."""
    name, tables = read_overlay(os.fspath(path), folder, kind)
    return apply_overlay(scenario, tables, name)


def lay_coefficients(
    scenario: Scenario, path: str | os.PathLike[str], folder: str | os.PathLike[str] = ""
) -> tuple[Scenario, list[str]]:
    """A scenario with coefficients over it: an overlay, or the name of a preset.

    A preset has weights of first acts too, which only scenarios with these domains can use.

    Returns
    -------
    The scenario, and the names of domains that it does not have, whose rows were left out.

    Raises
    ------
    ScenarioError
        The overlay is invalid; lists every problem with its place.
    UsageError
        It is missing or cannot be read.
    """
    name, tables = read_coefficients(path, folder)
    tables, unknown = without_unknown_domains(tables, scenario)
    return apply_overlay(scenario, tables, name), unknown


def read_coefficients(
    path: str | os.PathLike[str], folder: str | os.PathLike[str] = ""
) -> tuple[str, dict[str, Any]]:
    """The name and the tables of an overlay of coefficients, or of a preset of the package.

    Raises
    ------
    ScenarioError
        The file is no TOML.
    UsageError
        It is missing or cannot be read.
    """
    return read_overlay(os.fspath(path), folder, PRESET)


def read_overlay(
    path: str, folder: str | os.PathLike[str] = "", kind: Kind = OVERLAY
) -> tuple[str, dict[str, Any]]:
    """The name and the tables of an overlay: a file, or one of the package.

    Parameters
    ----------
    kind : where a bare name is looked for, among overlays or presets

    Raises
    ------
    ScenarioError
        The file is no TOML.
    UsageError
        It is missing or cannot be read.
    """
    source = find_input(path, kind, folder)
    return source.name, _read_file(source)


def read_preset(name: str) -> dict[str, Any]:
    """The tables of a preset of the package.

    Raises
    ------
    UsageError
        There is none of this name.
    """
    return _read_file(find_entry(name, PRESET))


def parse_scenario(text: str, name: str = "scenario.toml") -> Scenario:
    """Read a scenario from its text; `name` stands in messages.

    Raises
    ------
    ScenarioError
        The text is invalid; lists every problem with its place.
    """
    origin = Origin(name)
    return check_scenario(read_toml(text, origin), origin)


def check_scenario(data: dict[str, Any], origin: Origin) -> Scenario:
    """Make a scenario of plain tables as they came from `origin`.

    Raises
    ------
    ScenarioError
        Something in them is wrong; lists every problem.
    """
    version = data.get("schema_version")
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        raise origin.error(
            [
                Problem(
                    ("schema_version",),
                    f"written for version {found(version)}, this program reads {SCHEMA_VERSION}; "
                    "upgrade mcescalate",
                )
            ]
        )
    return Scenario.model_validate(data, context=origin)


def _read_file(source: Source) -> dict[str, Any]:
    """The tables of a TOML file."""
    return read_toml_bytes(read_input(source.path, LARGEST_FILE), Origin(source.name))
