"""Small scenarios for tests."""

from typing import Any

from mcescalate.scenario.schema import Scenario


def small_tables(**tables: Any) -> dict[str, Any]:
    """Plain tables of a valid scenario of three actors, with `tables` in place of its own."""
    return {
        "schema_version": 1,
        "actors": [{"id": name, "capability": 1.0} for name in ("AUH", "YUG", "RUS")],
        "trigger": {"initiator": "AUH", "target": "YUG"},
        **tables,
    }


def small_scenario(**tables: Any) -> Scenario:
    """The same as a checked scenario."""
    return Scenario.model_validate(small_tables(**tables))
