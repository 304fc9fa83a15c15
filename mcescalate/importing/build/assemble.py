"""Put a scenario together from the data on its day."""

import datetime
from dataclasses import dataclass
from typing import Any

from mcescalate.errors import UsageError
from mcescalate.importing.build.actors import actor_rows, system_capability
from mcescalate.importing.build.comments import Comments
from mcescalate.importing.build.dyads import Pair, dyad_rows, help_test, opposing_pairs
from mcescalate.importing.build.presets import Preset
from mcescalate.importing.build.scenario_text import Block, scenario_text
from mcescalate.importing.build.ties import KINDS, tie_rows
from mcescalate.importing.datasets.states import State
from mcescalate.importing.evidence.day import Evidence, earlier
from mcescalate.importing.evidence.judgements import open_judgements
from mcescalate.importing.evidence.mapping import ADDRESSES
from mcescalate.importing.evidence.report import Ledger, Report, report_of
from mcescalate.importing.evidence.sources import Library
from mcescalate.scenario.first_acts import domain_shares
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.reading import check_scenario, parse_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import Origin

DOMAINS = (("threat", 1), ("display", 2), ("clash", 4))
"""Domains of incidents, with the rung of the initiator's first act."""
_NAME = "imported scenario"
_BACKING = ("defence", "offence", "support")


@dataclass(frozen=True)
class Imported:
    """An imported scenario; `scenario_from_data` returns it.

    Parameters
    ----------
    scenario
        Ready to simulate.
    text
        The scenario as TOML, with comments on its sources.
    report
        What was read, mapped, missing, left out and assumed.

    Examples
    --------
    Here `data` holds made-up files on five states:

    >>> import mcescalate as mc
    >>> imported = mc.scenario_from_data("data", date="1931-07-01", actors="AAA,BBB")
    >>> imported.scenario.title
    '2 states on 1931-07-01'
    """

    scenario: Scenario
    text: str
    report: Report


def assemble(
    library: Library,
    evidence: Evidence,
    states: dict[int, State],
    day: datetime.date,
    pair: Pair | None,
    missing: str,
    title: str,
    ledger: Ledger,
    *,
    lag_years: int = 0,
    any_start: bool = False,
    preset: Preset | None = None,
    with_text: bool = True,
) -> Imported:
    """The scenario of `states`.

    Parameters
    ----------
    states : the actors, by COW country code
    pair : initiator and target; None for any pair of rivals
    missing : one of `actors.MISSING`
    lag_years : years before the day whose data are used
    any_start : whether the first act of a named pair is drawn, as it is for any pair
    preset : coefficients and weights of first acts; a named pair begins by these too
    with_text : whether the text is written too, which takes as long as all else

    Raises
    ------
    UsageError
        No two of the states are rivals, and no pair is named.
    """
    actors = actor_rows(
        states,
        evidence.year,
        evidence.capabilities,
        evidence.majors,
        evidence.regimes,
        day,
        missing,
        ledger,
        library,
    )
    system = system_capability(
        evidence.members, evidence.year, evidence.capabilities, actors, missing, ledger
    )
    ids = {code: row["id"] for code, row in actors.items()}
    rivalries = {key: types for key, types in evidence.rivalries.items() if ids.keys() >= {*key}}
    if not rivalries and pair is None:
        raise UsageError(
            "no two of these states are rivals; "
            "name an initiator and a target, or include more states",
            *(() if library.first_of("tss", "td") else library.passed_over),
        )
    incident_pairs = {*rivalries, *([(min(pair), max(pair))] if pair else [])}
    can_help = help_test(incident_pairs, evidence.borders, evidence.majors)
    ties = tie_rows(evidence.promises, ids, can_help, ledger)
    codes = {actor_id: code for code, actor_id in ids.items()}
    backers: dict[int, set[int]] = {}
    for row in ties:
        if row["kind"] in _BACKING:
            backers.setdefault(codes[row["to"]], set()).add(codes[row["from"]])
            if row.get("mutual", True):
                backers.setdefault(codes[row["from"]], set()).add(codes[row["to"]])
    dyads = dyad_rows(
        ids,
        rivalries,
        evidence.borders,
        evidence.majors,
        incident_pairs,
        opposing_pairs(incident_pairs, backers, evidence.majors),
        evidence.stakes,
        ledger,
        library,
    )
    trigger: dict[str, Any] = {"from_rivalry": True}
    if pair is not None:
        trigger = {"initiator": ids[pair[0]], "target": ids[pair[1]]}
    trigger["accident"] = ledger.take("trigger.accident")
    trigger["source"] = ADDRESSES["trigger.accident"].basis
    if preset:
        preset = preset.among(len(ids))
    any_start = any_start or preset is not None
    domains = _domains(preset, ledger) if pair is None or any_start else []
    ledger.mapped.update(
        actors=len(actors),
        majors=sum("major" in row for row in actors.values()),
        **{f"rows of {kind}": sum(row["kind"] == kind for row in ties) for kind in KINDS},
        rivalries=len(rivalries),
        borders=sum(ids.keys() >= {*key} for key in evidence.borders),
        dyads=len(dyads),
    )
    if n_stakes := sum("stake" in row for row in dyads):
        ledger.mapped["rows with a stake"] = n_stakes
    elsewhere = {
        "reach": ledger.take("reach.elsewhere"),
        "channel": ledger.take("channel.elsewhere"),
        "source": ADDRESSES["reach.elsewhere"].basis,
    }
    fitted = preset.tables if preset else {}
    if preset:
        ledger.preset = preset.name
    stated: dict[str, Any] = {"date": day}
    if preset:
        stated["era"] = preset.name
    summed: dict[str, dict[str, Any]] = {"outcome": {"system_capability": system}}
    tables = {
        "schema_version": 1,
        **stated,
        "actors": list(actors.values()),
        "ties": ties,
        "dyad_defaults": elsewhere,
        "dyads": dyads,
        "trigger": {**trigger, "domains": domains} if domains else trigger,
        **_together(fitted, summed),
    }
    if with_text:
        comments = Comments(library, day, earlier(day, lag_years), evidence.year, ledger)
        summed["outcome"]["source"] = comments.system(len(evidence.members))
        text = scenario_text(
            comments.opening(),
            stated
            | comments.texts(
                title, len(ids), whole=len(ids) == len(evidence.members), preset=preset
            ),
            Block(comments.actors(), list(actors.values())),
            [
                Block(comments.ties_of(kind), rows)
                for kind in KINDS
                if (rows := [row for row in ties if row["kind"] == kind])
            ],
            comments.ties(),
            elsewhere,
            Block(comments.dyads(), dyads),
            trigger,
            domains,
            comments.trigger(domains, _shares_of_pair(tables) if pair and domains else {}),
            _together(fitted, summed),
            comments.coefficients(preset),
        )
        scenario = parse_scenario(text, _NAME)
    else:
        text = ""
        scenario = check_scenario(tables, Origin(_NAME))
    ledger.mapped["promises"] = len(merge_rows(scenario).in_force)
    to_judge = open_judgements(scenario.actors)
    report = report_of(ledger, day.isoformat(), library.sources, library.unused, to_judge)
    return Imported(scenario, text, report)


def _domains(preset: Preset | None, ledger: Ledger) -> list[dict[str, Any]]:
    """The domains of incidents, weighted by the preset where the mapping was not changed."""
    rows = []
    for name, rung in DOMAINS:
        address = f"trigger.{name}"
        row = preset.first_acts.get(name) if preset else None
        if row is None or address in ledger.mapping.changes:
            basis = ADDRESSES[address].basis
            row = {"name": name, "weight": ledger.take(address), "rung": rung, "source": basis}
        rows.append(row)
    return rows


def _shares_of_pair(tables: dict[str, Any]) -> dict[str, float]:
    """The shares of the domains in which an incident of the one pair begins, by name."""
    merged = merge_rows(check_scenario(tables, Origin(_NAME)))
    names = [domain.name for domain in merged.domains]
    return dict(zip(names, domain_shares(merged).tolist(), strict=True))


def _together(*parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Tables of coefficients, merged key by key; of two sources both are kept."""
    merged: dict[str, dict[str, Any]] = {}
    for part in parts:
        for name, table in part.items():
            old = merged.get(name, {})
            sources = [t["source"] for t in (old, table) if t.get("source")]
            merged[name] = {**old, **table} | ({"source": "; ".join(sources)} if sources else {})
    return merged
