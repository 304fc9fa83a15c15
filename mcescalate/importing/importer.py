"""Published data files, read once, into scenarios of any number of days."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mcescalate.arguments import file_name, several
from mcescalate.errors import UsageError
from mcescalate.importing.build.actors import MISSING
from mcescalate.importing.build.assemble import Imported, assemble
from mcescalate.importing.build.presets import OF_THE_DAY, find_preset
from mcescalate.importing.build.request import day_of, within_ties
from mcescalate.importing.build.ties import KINDS
from mcescalate.importing.datasets.disputes import Dispute
from mcescalate.importing.datasets.layouts import DISPUTE_LAYOUTS
from mcescalate.importing.datasets.register import listed
from mcescalate.importing.evidence.bystanders import likely_bystanders
from mcescalate.importing.evidence.day import Evidence, gather
from mcescalate.importing.evidence.disputes import disputes_in
from mcescalate.importing.evidence.mapping import Mapping, load_mapping
from mcescalate.importing.evidence.readings import Readings
from mcescalate.importing.evidence.report import Ledger
from mcescalate.importing.evidence.sources import Library, find_sources
from mcescalate.limits import whole_number
from mcescalate.scenario.schema import Scenario
from mcescalate.scenario.wording import nearest, quoted

THROUGH = ("defence", "offence")
"""Kinds of promise that link states when `around` selects actors."""
MOST_LAG = 50
"""Most years by which data may be lagged."""

States = str | int | Iterable[str | int]


class Data:
    """Published data files, read once; `mcescalate.read_data` returns it.

    Parameters
    ----------
    paths
        Files, or folders that contain them.
    mapping
        The numbers that turn the data into scenarios.

    Examples
    --------
    Here `data` holds made-up files on five states:

    >>> import mcescalate as mc
    >>> type(mc.read_data("data")).__name__
    'Data'
    """

    def __init__(self, paths: Sequence[str | os.PathLike[str]], mapping: Mapping):
        self.mapping = mapping
        self.readings = Readings(find_sources(paths))
        self._paths = paths

    def crisis(
        self,
        *,
        date: Any,
        sides: tuple[Sequence[int], Sequence[int]],
        n_actors: int = 16,
        lag_years: int = 0,
    ) -> "Crisis":
        """Make the scenario of a dispute's day: its two originators and likely bystanders.

        Of several originators on a side the one with the largest capability begins or is the
        target. No share of capability is taken from a later year.

        Parameters
        ----------
        sides : COW country codes of the originators, the initiator's side first
        n_actors : states in the scenario, the two included

        Raises
        ------
        UsageError
            A side has no originator that was a member of the system on the day, the same state
            is on both sides, or a file begins or ends too far from the day.
        """
        day = day_of(date)
        ledger = Ledger(self.mapping)
        evidence = gather(self.readings, day, ledger, lag_years=lag_years)
        shares = evidence.capabilities.shares.get(evidence.year, {})
        pair = []
        for codes, side in zip(sides, ("A", "B"), strict=True):
            members = [code for code in codes if code in evidence.members]
            if not members:
                why = "no originator was a member of the system" if codes else "no originator"
                raise UsageError(f"side {side}: {why}")
            pair.append(max(members, key=lambda code: (shares.get(code) or 0.0, -code)))
        initiator, target = pair
        if initiator == target:
            raise UsageError("the same state on both sides")
        chosen = {*pair, *likely_bystanders(evidence, (initiator, target), n_actors - 2)}
        states = {code: state for code, state in evidence.members.items() if code in chosen}
        imported = assemble(
            self.readings.library,
            evidence,
            states,
            day,
            (initiator, target),
            "earlier",
            "",
            ledger,
            lag_years=lag_years,
            any_start=True,
            with_text=False,
        )
        codes_of = {state.id: code for code, state in states.items()}
        return Crisis(imported.scenario, initiator, target, codes_of, evidence)

    @cached_property
    def dispute_files(self) -> Library:
        """The files of disputes and events; looked for when disputes are first needed."""
        return find_sources(self._paths, DISPUTE_LAYOUTS)

    def disputes(self) -> tuple[Dispute, ...]:
        """List the militarized interstate disputes in the files, by day and number.

        They are from MID 5 or 4, or else from the revision of Gibler, Miller and Little; with the
        first event of each if there is a file of Militarized Interstate Events.

        Returns
        -------
        tuple of Dispute
            Each with its `day`, sides, `war` and other outcomes.

        Raises
        ------
        DataError
            A file is damaged.
        UsageError
            There are no files of disputes and their participants.

        Examples
        --------
        Here `data` holds made-up files on five states and their disputes:

        >>> import mcescalate as mc
        >>> len(mc.read_data("data").disputes())
        4
        """
        return self._disputes

    @cached_property
    def _disputes(self) -> tuple[Dispute, ...]:
        return disputes_in(self.dispute_files)

    def scenario(
        self,
        *,
        date: Any,
        actors: States = (),
        around: States = (),
        within: int = 1,
        through: str | Iterable[str] = THROUGH,
        missing: str = "nearest",
        initiator: str | int | None = None,
        target: str | int | None = None,
        title: str = "",
        lag_years: int = 0,
        any_start: bool = False,
        preset: str = OF_THE_DAY,
    ) -> Imported:
        """Make the scenario of a day; `scenario_from_data` says what the other parameters mean.

        Parameters
        ----------
        date
            The day, e.g. "1914-06-28", or a date of Python, numpy or pandas.
        actors, around, within, through, missing, initiator, target, title
            As for `scenario_from_data`.
        lag_years
            Take capabilities, promises, rivalries, borders and regimes of so many years
            before the day; the members of the system remain those of the day.
        any_start
            Whether to draw the initiator's first act (threat, display, clash) for a named pair
            too, by the weights that the mapping has for any pair; with a preset it always is.
        preset
            As for `scenario_from_data`.

        Returns
        -------
        Imported
            The scenario, its text and the report.

        Raises
        ------
        UsageError
            An argument is out of range, a file does not cover the day, or no two actors are rivals.

        Examples
        --------
        Here `data` holds made-up files on five states:

        >>> import mcescalate as mc
        >>> imported = mc.read_data("data").scenario(date="1931-07-01", actors="AAA,BBB")
        >>> [actor.id for actor in imported.scenario.actors]
        ['AAA', 'BBB']
        """
        day = day_of(date)
        actors, around, through = listed(actors), listed(around), listed(through)
        within, lag_years = _check_request(within, through, missing, initiator, target, lag_years)
        chosen_preset = find_preset(preset, day)
        ledger = Ledger(self.mapping)
        evidence = gather(self.readings, day, ledger, lag_years=lag_years)
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
            raise UsageError(
                f"actors: expected at least two states on {day}, found only {alone.id}"
            )
        return assemble(
            self.readings.library,
            evidence,
            states,
            day,
            pair,
            missing,
            title,
            ledger,
            lag_years=lag_years,
            any_start=any_start,
            preset=chosen_preset,
        )


@dataclass(frozen=True)
class Crisis:
    """A crisis between two states among those that may join.

    Parameters
    ----------
    scenario : with the two as initiator and target, and any first act
    initiator, target : COW country codes
    codes : COW country codes of the actors, by id
    evidence : the data that it was made from
    """

    scenario: Scenario
    initiator: int
    target: int
    codes: dict[str, int]
    evidence: Evidence


def read_data(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    mapping: Mapping | str | os.PathLike[str] | None = None,
) -> Data:
    """Read published data files once, for scenarios of many days.

    Parameters
    ----------
    paths
        Data files, or folders that contain them.
    mapping
        Numbers of the mapping that differ from the defaults, or a TOML file of them.

    Returns
    -------
    Data
        `scenario(date=...)` makes the scenario of a day, `disputes()` lists recorded disputes.

    Raises
    ------
    DataError
        A file is damaged.
    ScenarioError
        The file of overrides is invalid.
    UsageError
        A file cannot be opened, or there is none of capabilities.

    Examples
    --------
    Here `data` holds made-up files on five states:

    >>> import mcescalate as mc
    >>> data = mc.read_data("data")
    >>> days = ("1931-07-01", "1950-07-01")
    >>> [len(data.scenario(date=day).scenario.ties) for day in days]
    [6, 5]
    """
    return _read(paths, mapping, "read_data")


def _read(paths: Any, mapping: Any, function: str) -> Data:
    if not isinstance(mapping, Mapping):
        mapping = Mapping() if mapping is None else load_mapping(mapping)
    return Data([file_name(path, function) for path in several(paths, function)], mapping)


def scenario_from_data(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    date: Any,
    actors: States = (),
    around: States = (),
    within: int = 1,
    through: str | Iterable[str] = THROUGH,
    missing: str = "nearest",
    mapping: Mapping | str | os.PathLike[str] | None = None,
    initiator: str | int | None = None,
    target: str | int | None = None,
    title: str = "",
    lag_years: int = 0,
    preset: str = OF_THE_DAY,
) -> Imported:
    """Make a scenario of any day from published data files.

    Parameters
    ----------
    paths
        Data files, or folders that contain them.
    date
        The day, e.g. "1914-06-28", or a date of Python, numpy or pandas.
    actors
        States that take part, each by COW abbreviation or number, name, or ISO code;
        added to those that `around` selects.
    around
        States that take part together with all states linked to them by promises.
    within
        The largest number of links, 1 or more.
    through
        Kinds of promise that link states.
    missing
        Treatment of a state without a share of capability in the year: "nearest" uses
        the share of the nearest year, "earlier" that of the latest earlier one, "least" the
        least possible, "drop" leaves the state out, "refuse" raises an error.
    mapping
        Numbers of the mapping that differ from the defaults, or a TOML file of them.
    initiator
        State that begins the crisis, on side A; any pair of rivals if omitted.
    target
        State that it challenges, on side B; given with `initiator`.
    title
        Title of the scenario.
    lag_years
        Years before the day whose data are used, with the members of the day.
    preset
        "era" for the fitted coefficients of the day's era, the name of an era for those of another
        one, "none" for the model's defaults.

    Returns
    -------
    Imported
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

    Examples
    --------
    Here `data` holds made-up files on five states:

    >>> import mcescalate as mc
    >>> imported = mc.scenario_from_data("data", date="1931-07-01", actors="AAA,BBB,CCC")
    >>> [actor.id for actor in imported.scenario.actors]
    ['AAA', 'BBB', 'CCC']
    >>> print(imported.text.splitlines()[0])
    # Made by `mcescalate import` from published data files. What is data and what is assumption:
    """
    day = day_of(date)
    _check_request(within, listed(through), missing, initiator, target, lag_years)
    return _read(paths, mapping, "scenario_from_data").scenario(
        date=day,
        actors=actors,
        around=around,
        within=within,
        through=through,
        missing=missing,
        initiator=initiator,
        target=target,
        title=title,
        lag_years=lag_years,
        preset=preset,
    )


def _check_request(
    within: Any, through: list[Any], missing: str, initiator: Any, target: Any, lag_years: Any
) -> tuple[int, int]:
    """Check arguments that need no data; `within` and `lag_years` as whole numbers."""
    _check_choice("missing", missing, MISSING)
    for kind in through:
        _check_choice("through", kind, KINDS)
    if (initiator is None) != (target is None):
        raise UsageError("initiator and target: expected both or neither")
    return (
        whole_number("within", within, 1, 1000),
        whole_number("lag_years", lag_years, 0, MOST_LAG),
    )


def _check_choice(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = nearest(value, known)
        raise UsageError(
            f"{name}: expected one of {', '.join(known)}, found {quoted(value)}"
            + (f"; did you mean {quoted(near)}?" if near else "")
        )
