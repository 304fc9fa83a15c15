"""Scenario files into checked scenarios."""

import os
from collections.abc import Iterable
from typing import Any

from mcescalate.arguments import file_name, kind_of, several
from mcescalate.errors import UsageError
from mcescalate.inputs import read_input
from mcescalate.scenario.addresses import assign, parse_settings
from mcescalate.scenario.overlay import apply_overlay
from mcescalate.scenario.schema import SCHEMA_VERSION, Scenario
from mcescalate.scenario.toml_text import LARGEST_FILE, read_toml, read_toml_bytes
from mcescalate.scenario.wording import Origin, Problem, found


def load_scenario(
    path: str | os.PathLike[str],
    *,
    overlays: Iterable[str | os.PathLike[str]] = (),
    settings: Iterable[str] = (),
) -> Scenario:
    """Read a scenario file, lay other files over it, and change single values.

    Parameters
    ----------
    path : scenario file (TOML), or "-" for standard input
    overlays : files whose rows and tables replace the scenario's, the later ones last
    settings : texts "address=value", applied after all overlays, the later ones last

    Raises
    ------
    ScenarioError
        A file or setting is invalid; lists every problem with its place.
    UsageError
        A file is missing or cannot be read, or an argument is of the wrong kind.
    """
    name = file_name(path, "load_scenario")
    scenario = check_scenario(_read_file(name), Origin(name))
    for overlay in several(overlays, "load_scenario: overlays"):
        overlay = file_name(overlay, "load_scenario: overlays")
        scenario = apply_overlay(scenario, _read_file(overlay), overlay)
    settings = several(settings, "load_scenario: settings")
    if wrong := [setting for setting in settings if not isinstance(setting, str)]:
        raise UsageError(
            'load_scenario: settings: expected texts such as "response.gap=1.2", '
            f"found {kind_of(wrong[0])}"
        )
    return assign(scenario, parse_settings(settings))


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


def _read_file(name: str) -> dict[str, Any]:
    """The tables of a TOML file."""
    return read_toml_bytes(read_input(name, LARGEST_FILE), Origin(name))
