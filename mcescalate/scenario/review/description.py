"""A scenario in one nested dict: who is in it, who promised what to whom, rivals, incidents."""

from typing import Any

from mcescalate.scenario.first_acts import domain_shares
from mcescalate.scenario.form.table import Table
from mcescalate.scenario.form.tables import Actor
from mcescalate.scenario.merged_rows import MergedRows, Promise, merge_rows
from mcescalate.scenario.review.evidence import changed_coefficients, sources_of
from mcescalate.scenario.schema import Scenario

DESCRIPTION_VERSION = 1
"""Version of the keys of a description; raised when a key goes or changes its meaning."""

_IDENTITY = {"id", "name", "capability", *Table.model_fields}


def describe(scenario: Scenario) -> dict[str, Any]:
    """What a run of a scenario uses, after merging and expanding rows, ready for JSON.

    Returns
    -------
    `actors` (share of all capabilities; values other than the defaults), `promises` in force,
    `rivalries` (pairs with a rivalry on either side), `incidents` with their probabilities,
    `domains` likewise, coefficients `changed` from the defaults, and `sources`: how many rows
    there are, which name no source and which rest on judgement.
    """
    merged = merge_rows(scenario)
    total = sum(actor.capability for actor in merged.actors)
    sources = sources_of(scenario)
    return {
        "schema_version": DESCRIPTION_VERSION,
        "title": scenario.title,
        "description": scenario.description,
        "actors": {
            actor.id: {
                "name": actor.name,
                "capability": actor.capability,
                "capability_share": actor.capability / total,
                "values": _own_values(actor),
            }
            for actor in merged.actors
        },
        "promises": [
            {"from": giver, "to": to, "kind": kind, **_terms(promise)}
            for (giver, to, kind), promise in merged.in_force.items()
        ],
        "rivalries": _rivalries(merged),
        "incidents": _incidents(merged),
        "domains": _domains(merged),
        "changed": [
            {"address": address, "value": float(value), "default": float(default)}
            for address, value, default in changed_coefficients(scenario)
        ],
        "sources": {
            "rows": sources["n_rows"],
            "assumed": sources["n_assumed"],
            "partly_assumed": sources["n_partly"],
            "without_source": sources["unsourced"],
            "judgements": [{"row": row, "source": source} for row, source in sources["judged"]],
        },
    }


def _own_values(actor: Actor) -> dict[str, Any]:
    """Values of an actor that differ from the defaults."""
    return {
        name: getattr(actor, name)
        for name, field in type(actor).model_fields.items()
        if name not in _IDENTITY and getattr(actor, name) != field.default
    }


def _terms(promise: Promise) -> dict[str, Any]:
    return {
        "strength": promise.strength,
        "ambiguity": promise.ambiguity,
        "conditional": promise.conditional,
        "credibility": promise.credibility,
        "against": list(promise.against),
        "treaty": promise.treaty,
        "since": promise.since and promise.since.isoformat(),
    }


def _rivalries(merged: MergedRows) -> list[dict[str, Any]]:
    """Pairs with a rivalry, each once: how the first regards the second, and the reverse."""
    if merged.dyad_defaults.rivalry > 0:
        names = merged.actor_ids
        pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    else:
        pairs = list(dict.fromkeys((min(pair), max(pair)) for pair in merged.dyads))
    found = []
    for a, b in pairs:
        forth, back = merged.dyad(a, b), merged.dyad(b, a)
        if forth.rivalry > 0 or back.rivalry > 0:
            found.append({"a": a, "b": b, "rivalry": forth.rivalry, "back": back.rivalry})
    return sorted(found, key=lambda row: -max(row["rivalry"], row["back"]))


def _incidents(merged: MergedRows) -> list[dict[str, Any]]:
    total = sum(weight for _, _, weight in merged.incidents)
    rows = [
        {"initiator": initiator, "target": target, "probability": weight / total}
        for initiator, target, weight in merged.incidents
    ]
    return sorted(rows, key=lambda row: -row["probability"])


def _domains(merged: MergedRows) -> dict[str, float]:
    shares = domain_shares(merged).tolist()
    return {row.name: share for row, share in zip(merged.domains, shares, strict=True)}
