"""The states that may come into a crisis between two: allies, rivals, neighbours, major powers."""

from mcescalate.importing.datasets.contiguity import LAND
from mcescalate.importing.evidence.day import Evidence

_HELP = ("defence", "offence")
_PACT, _WIDE_PACT, _RIVAL, _MAJOR, _LAND, _WATER, _CAPABILITY = 3.0, 1.0, 2.0, 2.0, 2.0, 0.5, 20.0
"""What puts a state before others; capability is a share of the system's."""


def likely_bystanders(evidence: Evidence, pair: tuple[int, int], n_states: int) -> list[int]:
    """The `n_states` members beside `pair` that are most likely to join, by COW code.

    They are ranked by promises of help to or from one of the pair, rivalry with it, borders,
    being a major power, and capability: by what stands in the data, never by who joined.
    """
    merit = dict.fromkeys(evidence.members.keys() - set(pair), 0.0)
    helpers: dict[int, float] = {}
    for promise in evidence.promises:
        if promise.kind not in _HELP:
            continue
        for one, other in ((promise.giver, promise.to), (promise.to, promise.giver)):
            if other in pair:
                worth = _WIDE_PACT if promise.terms.wide else _PACT
                helpers[one] = max(worth, helpers.get(one, 0.0))
    shares = evidence.capabilities.shares.get(evidence.year, {})
    for code in merit:
        links = [(min(code, one), max(code, one)) for one in pair]
        borders = [evidence.borders[link] for link in links if link in evidence.borders]
        merit[code] = (
            helpers.get(code, 0.0)
            + _RIVAL * any(link in evidence.rivalries for link in links)
            + _MAJOR * (code in evidence.majors)
            + (_LAND if LAND in borders else _WATER * bool(borders))
            + _CAPABILITY * (shares.get(code) or 0.0)
        )
    return sorted(merit, key=lambda code: (-merit[code], code))[:n_states]
