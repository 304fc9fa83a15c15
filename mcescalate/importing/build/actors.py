"""Rows of actors from the members of the state system."""

import datetime
import math
from typing import Any

from mcescalate.errors import DataError
from mcescalate.importing.datasets.state_years import Capabilities, Regime
from mcescalate.importing.datasets.states import State
from mcescalate.importing.evidence.mapping import ADDRESSES
from mcescalate.importing.evidence.report import Ledger
from mcescalate.importing.evidence.sources import Library
from mcescalate.quantities import counted

MISSING = ("nearest", "earlier", "least", "drop", "refuse")
"""Ways to treat a state without a share of capability in the year."""

Row = dict[str, Any]


def actor_rows(
    states: dict[int, State],
    year: int,
    capabilities: Capabilities,
    majors: set[int],
    regimes: dict[int, Regime],
    day: datetime.date,
    missing: str,
    ledger: Ledger,
    library: Library,
) -> dict[int, Row]:
    """The actors by COW country code.

    Parameters
    ----------
    year : the year of the capabilities
    missing : one of `MISSING`
    library : the files, named as sources of rows

    Raises
    ------
    DataError
        A state has no share, and `missing` is "refuse".
    """
    rows = {}
    for code, state in states.items():
        share, note = _share(state, year, capabilities, missing, ledger)
        if share is None:
            ledger.left_out["states without a share of capability"] += 1
            continue
        row: Row = {"id": state.id}
        if state.name:
            row["name"] = state.name
        row["capability"] = share
        data, assumed = [f"{library.short_of('nmc')}: CINC of {year}"], []
        if note:
            data, assumed = [], [f"capability, {note}"]
        elif year != day.year:
            assumed.append(f"that it holds in {day.year}")
        if code in majors:
            row["major"] = True
            data.append(f"{library.short_of('majors')}: major")
        if _is_nuclear(state.id, day.year, ledger):
            row["nuclear"] = True
            if ADDRESSES[f"nuclear.{state.id}"].basis.startswith("assumption"):
                assumed.append("nuclear")
            else:
                data.append("general history: nuclear")
        regime = regimes.get(code)
        if regime is not None:
            row["instability"] = ledger.take(f"regime.{regime.value}_instability")
            kind = "democracy" if regime is Regime.DEMOCRACY else "other"
            row["turnover"] = ledger.take(f"regime.{kind}_turnover")
            data.append(f"{library.short_of('regimes')}: regime")
            assumed += ["instability", "turnover"]
        if note:
            row["note"] = note
        if assumed:
            data.append(f"assumption: {', '.join(assumed)}")
        row["source"] = "; ".join(data)
        rows[code] = row
    return rows


def system_capability(
    members: dict[int, State],
    year: int,
    capabilities: Capabilities,
    rows: dict[int, Row],
    missing: str,
    ledger: Ledger,
) -> float:
    """The sum of the shares of all members of the state system, actors or not.

    Parameters
    ----------
    year : the year of the capabilities
    rows : the actors; other members are treated alike, except that a missing share is no error
    missing : one of `MISSING`
    """
    own_account = Ledger(ledger.mapping)
    shares = [row["capability"] for row in rows.values()]
    for code in members.keys() - rows.keys():
        share, _ = _share(
            members[code],
            year,
            capabilities,
            "drop" if missing == "refuse" else missing,
            own_account,
        )
        if share is not None:
            shares.append(share)
    ledger.uses.update(own_account.uses)
    if own_account.missing:
        stand_in = {
            "nearest": "the nearest year's or the least possible",
            "earlier": "the latest earlier year's or the least possible",
            "least": "the least",
        }
        ledger.missing.append(
            f"{counted(len(own_account.missing), 'other members')} of the system: no share of "
            f"capability for {year} in {capabilities.name}; the system's sum uses "
            f"{stand_in.get(missing, 'nothing')} instead"
        )
    return math.fsum(shares)


def _share(
    state: State, year: int, capabilities: Capabilities, missing: str, ledger: Ledger
) -> tuple[float | None, str]:
    """A state's share of capability, and a remark if it is not of the year."""
    share = capabilities.shares.get(year, {}).get(state.code)
    if share:
        return share, ""
    what = f"{state.id} ({state.code}): no share of capability for {year} in {capabilities.name}"
    if missing == "refuse":
        raise DataError(f"{what}; choose another treatment with --missing")
    if missing == "drop":
        ledger.missing.append(f"{what}; left out")
        return None, ""
    if missing in ("nearest", "earlier"):
        near = capabilities.nearest(
            state.code,
            year,
            int(ledger.take("capability.years")),
            may_be_later=missing == "nearest",
        )
        if near is not None:
            ledger.missing.append(f"{what}; the share of {near[0]} is used")
            return near[1], f"share of {near[0]}"
    ledger.missing.append(f"{what}; the least possible is used")
    return ledger.take("capability.least"), "no share known: the least possible"


def _is_nuclear(actor_id: str, year: int, ledger: Ledger) -> bool:
    first = ledger.mapping.get(f"nuclear.{actor_id}")
    last = ledger.mapping.get(f"nuclear_until.{actor_id}")
    if first is None or year < first or (last is not None and year > last):
        return False
    ledger.take(f"nuclear.{actor_id}")
    return True
