"""Who takes part: states by code or abbreviation, those near to some by ties, or all."""

import datetime
from collections.abc import Iterable, Sequence

from mcescalate.errors import UsageError
from mcescalate.scenario.importing.pledges import Pledge
from mcescalate.scenario.importing.states import State
from mcescalate.scenario.wording import quoted, suggestion


def select_states(
    members: dict[int, State], actors: Sequence[str | int], day: datetime.date
) -> dict[int, State]:
    """The members of the system that `actors` names, in the order of their codes.

    Parameters
    ----------
    actors : COW country codes or abbreviations

    Raises
    ------
    UsageError
        Somebody named was no member on that day.
    """
    codes = {find_code(members, actor, day) for actor in actors}
    return {code: state for code, state in members.items() if code in codes}


def find_code(members: dict[int, State], actor: str | int, day: datetime.date) -> int:
    """The code of a state by code or abbreviation, in whatever case.

    Raises
    ------
    UsageError
        No member of the system on that day has it.
    """
    text = str(actor).strip()
    by_id = {state.id.casefold(): code for code, state in members.items()}
    code = int(text) if text.isdecimal() and len(text) < 9 else by_id.get(text.casefold())
    if code is None or code not in members:
        near = suggestion(text, [state.id for state in members.values()])
        raise UsageError(f"no state was called {quoted(text)} on {day}{near}")
    return code


def within_ties(
    members: dict[int, State], centre: Iterable[int], pledges: Iterable[Pledge], steps: int
) -> dict[int, State]:
    """Those in `centre`, and all members that promises link to them in at most `steps` steps.

    A promise links both ways, whoever gave it.
    """
    linked: dict[int, set[int]] = {}
    for pledge in pledges:
        linked.setdefault(pledge.giver, set()).add(pledge.to)
        linked.setdefault(pledge.to, set()).add(pledge.giver)
    reached = set(centre)
    edge = set(reached)
    for _ in range(steps):
        edge = {ally for code in edge for ally in linked.get(code, ()) if ally in members} - reached
        reached |= edge
    return {code: state for code, state in members.items() if code in reached}
