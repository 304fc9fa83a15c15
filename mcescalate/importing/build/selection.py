"""Who takes part: the states that are named, those near to some by ties, or all."""

from collections.abc import Iterable

from mcescalate.importing.datasets.commitments import Pledge
from mcescalate.importing.datasets.states import State


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
