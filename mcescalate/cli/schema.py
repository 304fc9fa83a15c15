"""`mcescalate schema`: the JSON Schema of scenario files."""


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Editors that know TOML (such as those with Taplo) complete and check a scenario whose
    first line is "#:schema FILE", where FILE holds what this command prints.
    """
    from mcescalate.cli.terminal import print_json
    from mcescalate.scenario.schema import scenario_schema

    print_json(scenario_schema())
