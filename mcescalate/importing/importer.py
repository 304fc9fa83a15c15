"""Make a scenario from published data files."""

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mcescalate.arguments import file_name, several
from mcescalate.errors import UsageError
from mcescalate.importing.build.actors import MISSING, actor_rows, system_capability
from mcescalate.importing.build.comments import Comments
from mcescalate.importing.build.dyads import Pair, dyad_rows, help_test, opposing_pairs
from mcescalate.importing.build.evidence import Evidence, gather
from mcescalate.importing.build.mapping import ADDRESSES, Mapping, load_mapping
from mcescalate.importing.build.report import Ledger, Report, report_of
from mcescalate.importing.build.request import day_of, within_ties
from mcescalate.importing.build.scenario_text import Block, scenario_text
from mcescalate.importing.build.sources import Library, find_sources
from mcescalate.importing.build.ties import KINDS, tie_rows
from mcescalate.importing.datasets.register import listed
from mcescalate.importing.datasets.states import State
from mcescalate.limits import whole_number
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import nearest, quoted

THROUGH = ("defence", "offence")
"""Kinds of promise that link states when `around` selects actors."""
ERAS = ((1990, "since_1990"), (1946, "since_1946"))
"""First years of periods with fitted coefficients, latest first."""
DOMAINS = (("threat", 1), ("display", 2), ("clash", 4))
"""Domains of incidents, with the rung of the initiator's first act."""
_BACKING = ("defence", "offence", "support")


@dataclass(frozen=True)
class Imported:
    """An imported scenario.

    Parameters
    ----------
    scenario : ready to run
    text : the scenario as TOML, with comments on its sources
    report : what was read, mapped, missing, left out and assumed
    """

    scenario: Scenario
    text: str
    report: Report


def scenario_from_data(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    date: Any,
    actors: str | int | Iterable[str | int] = (),
    around: str | int | Iterable[str | int] = (),
    within: int = 1,
    through: str | Iterable[str] = THROUGH,
    missing: str = "nearest",
    mapping: Mapping | str | os.PathLike[str] | None = None,
    initiator: str | int | None = None,
    target: str | int | None = None,
    title: str = "",
) -> Imported:
    """Make a scenario of any day from the field's published data files.

    Parameters
    ----------
    paths : data files, or folders that contain them
    date : the day, e.g. "1914-06-28", or a date of Python, numpy or pandas
    actors : states that take part, each by COW abbreviation or number, name, or ISO code;
        added to those that `around` selects
    around : states that take part together with all states linked to them by promises
    within : the largest number of links, 1 or more
    through : kinds of promise that link states
    missing : treatment of a state without a share of capability in the year: "nearest" uses
        the share of the nearest year, "least" the least possible, "drop" leaves the state
        out, "refuse" raises an error
    mapping : numbers of the mapping that differ from the defaults, or a TOML file of them
    initiator, target : the two sides of the crisis; any pair of rivals if omitted
    title : of the scenario

    Returns
    -------
    The scenario, its text and the report. Without `actors` and `around` it holds the whole
    state system.

    Raises
    ------
    DataError
        A file is damaged.
    ScenarioError
        The file of overrides is invalid.
    UsageError
        An argument is out of range, a file cannot be opened or does not cover the day, or
        no two actors are rivals.
    """
    day = day_of(date)
    actors, around, through = listed(actors), listed(around), listed(through)
    within = whole_number("within", within, 1, 1000)
    _check_choice("missing", missing, MISSING)
    for kind in through:
        _check_choice("through", kind, KINDS)
    if (initiator is None) != (target is None):
        raise UsageError("initiator and target: expected both or neither")
    if not isinstance(mapping, Mapping):
        mapping = Mapping() if mapping is None else load_mapping(mapping)
    ledger = Ledger(mapping)
    library = find_sources(
        [file_name(path, "scenario_from_data") for path in several(paths, "scenario_from_data")]
    )
    evidence = gather(library, day, ledger)
    find, states = evidence.register.find, evidence.members
    centre, others = [find(who) for who in around], [find(who) for who in actors]
    pair = None
    if initiator is not None and target is not None:
        pair = (find(initiator), find(target))
        if pair[0] == pair[1]:
            who = quoted(states[pair[0]].id)
            raise UsageError(f"target: expected a state other than the initiator, found {who}")
    ledger.named += evidence.register.readings.values()
    if centre or others:
        links = [promise for promise in evidence.promises if promise.kind in through]
        near = within_ties(states, centre, links, within)
        chosen = {*near, *others, *(pair or ())}
        states = {code: state for code, state in states.items() if code in chosen}
    if len(states) == 1:
        (alone,) = states.values()
        raise UsageError(f"actors: expected at least two states on {day}, found only {alone.id}")
    return _assemble(library, evidence, states, day, pair, missing, title, ledger)


def _assemble(
    library: Library,
    evidence: Evidence,
    states: dict[int, State],
    day: datetime.date,
    pair: Pair | None,
    missing: str,
    title: str,
    ledger: Ledger,
) -> Imported:
    """The scenario of `states`."""
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
        ledger,
        library,
    )
    trigger: dict[str, Any] = {"from_rivalry": True}
    if pair is not None:
        trigger = {"initiator": ids[pair[0]], "target": ids[pair[1]]}
    trigger["accident"] = ledger.take("trigger.accident")
    trigger["source"] = ADDRESSES["trigger.accident"].basis
    domains = []
    if pair is None:
        domains = [
            {
                "name": name,
                "weight": ledger.take(f"trigger.{name}"),
                "rung": rung,
                "source": ADDRESSES[f"trigger.{name}"].basis,
            }
            for name, rung in DOMAINS
        ]
    ledger.mapped.update(
        actors=len(actors),
        majors=sum("major" in row for row in actors.values()),
        **{f"rows of {kind}": sum(row["kind"] == kind for row in ties) for kind in KINDS},
        rivalries=len(rivalries),
        borders=sum(ids.keys() >= {*key} for key in evidence.borders),
        dyads=len(dyads),
    )
    elsewhere = {
        "reach": ledger.take("reach.elsewhere"),
        "channel": ledger.take("channel.elsewhere"),
        "source": ADDRESSES["reach.elsewhere"].basis,
    }
    fitted = _coefficients(day.year, ledger) if pair is None else {}
    comments = Comments(library, day, evidence.year, ledger)
    whole = len(ids) == len(evidence.members)
    text = scenario_text(
        comments.opening(),
        comments.texts(title, len(ids), whole=whole),
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
        comments.trigger(one_pair=pair is not None),
        {
            **fitted,
            "outcome": {
                "system_capability": system,
                "source": comments.system(len(evidence.members)),
            },
        },
        comments.coefficients(fitted=bool(fitted)),
    )
    scenario = parse_scenario(text, "imported scenario")
    ledger.mapped["promises"] = len(merge_rows(scenario).in_force)
    report = report_of(ledger, day.isoformat(), library.sources, library.unused)
    return Imported(scenario, text, report)


def _coefficients(year: int, ledger: Ledger) -> dict[str, dict[str, Any]]:
    """The coefficients of ordinary disputes in `year` that differ from the model's defaults."""
    for first, era in ERAS:
        if year >= first:
            return {
                table: {
                    name: ledger.take(address := f"{era}.{key}"),
                    "source": ADDRESSES[address].basis,
                }
                for table, name, key in (
                    ("response", "war_cost", "war_cost"),
                    ("alliance", "base", "alliance_base"),
                    ("contagion", "base", "contagion_base"),
                )
            }
    return {}


def _check_choice(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = nearest(value, known)
        raise UsageError(
            f"{name}: expected one of {', '.join(known)}, found {quoted(value)}"
            + (f"; did you mean {quoted(near)}?" if near else "")
        )
