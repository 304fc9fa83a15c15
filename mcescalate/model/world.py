"""`World`: a checked scenario as flat arrays, trusted by everything in `model`.

Actors stand in the order of their ids, whatever their order in the file, so that sums and
ties of order come out the same when the file is rearranged. Matrices are `[from, to]`.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.coefficients import FIELDS
from mcescalate.model.jit import inlined

ACTOR = np.dtype(
    [
        ("key", np.uint64),  # CRC-32 of the id: names the actor in the random numbers
        ("capability", np.float64),
        ("resolve", np.float64),
        ("bias", np.float64),
        ("noise", np.float64),
        ("tempo", np.float64),
        ("rigidity", np.float64),
        ("instability", np.float64),
        ("turnover", np.float64),
        ("optimism", np.float64),
        ("exercise", np.float64),
        ("arms", np.int64),
        ("major", np.int64),
        ("nuclear", np.int64),
        ("opacity", np.float64),
        ("weight_audience", np.float64),
        ("weight_security", np.float64),
        ("weight_stability", np.float64),
        ("weight_influence", np.float64),
        ("goals", np.int64),  # actors with the same four weights have the same number
        ("log_share", np.float64),  # log of its hundredths of the system's capability
        ("consultation", np.float64),  # sum of its consultation promises to all
        ("defence", np.float64),  # its strongest defence promise to any,
        ("support", np.float64),  # and its strongest support
        # Spans in World.links: first and past-the-last place.
        ("backers", np.int64),  # who owes it defence, offence or support
        ("backers_end", np.int64),
        ("rivals", np.int64),  # who regards it as a rival
        ("rivals_end", np.int64),
        ("regarded", np.int64),  # those it regards as rivals
        ("regarded_end", np.int64),
        ("ties_to", np.int64),  # which defence ties promise it defence
        ("ties_to_end", np.int64),
    ]
)

DYAD = np.dtype(
    [
        ("rivalry", np.float64),
        ("reach", np.float64),
        ("channel", np.float64),
        ("mistrust", np.float64),
        ("stake", np.float64),
        ("defence", np.float64),
        ("defence_ambiguity", np.float64),
        ("defence_conditional", np.float64),
        ("defence_credibility", np.float64),
        ("defence_against", np.int64),  # span in World.links of the adversaries;
        ("defence_against_end", np.int64),  # an empty one means any actor
        ("offence", np.float64),
        ("offence_ambiguity", np.float64),
        ("offence_credibility", np.float64),
        ("offence_against", np.int64),
        ("offence_against_end", np.int64),
        ("consultation", np.float64),
        ("pact", np.float64),  # the stronger of neutrality and nonaggression
        ("support", np.float64),
    ]
)

INCIDENT = np.dtype(
    [
        ("initiator", np.int64),
        ("target", np.int64),
        ("share", np.float64),  # of all incidents
        ("cumulative", np.float64),
    ]
)

DOMAIN = np.dtype(
    [
        ("share", np.float64),
        ("cumulative", np.float64),
        ("noise", np.float64),
        ("misattribution", np.float64),
        ("rung", np.int64),
    ]
)

TIE = np.dtype([("from_", np.int64), ("to", np.int64)])

COEFFICIENTS = np.dtype([(name, np.float64) for name in FIELDS])


class World(NamedTuple):
    """One scenario; N actors, R = `top`, the rung that means war.

    Few arrays of records, not many arrays: each function of the model takes the world as
    arguments, and every array among them would cost compile time in each.
    """

    n_actors: int
    top: int
    mobilised: int
    casus: int
    horizon: int
    arms_levels: int
    arms_periods: int
    crises: int
    """Periods of a chain, each with one crisis or a quiet one."""
    carries_arms: int
    """1 if levels of arms pass on from crisis to crisis, else 0."""
    quiet: float
    """Weight of a quiet period, beside that of all incidents:"""
    trigger_weight: float
    accident: float
    blame: float
    """Weight of any third party within reach as a suspect."""
    system_capability: float
    """Of the whole system, the sum of the actors' at least: what a share of capability is of."""
    coefficients: np.record
    """Scalars named as in `model.coefficients`, e.g. `response_gap`."""
    rests_on: np.record
    """What families of rules rest on at these coefficients: of `dependences.RESTS_ON`."""
    actors: np.ndarray
    """(N) of ACTOR."""
    dyads: np.ndarray
    """(kinds) of DYAD, each different: most pairs of a large world are alike."""
    dyad_of: np.ndarray
    """(N, N) what one actor is to another: its place in `dyads`."""
    view_of: np.ndarray
    """(N, N) how one actor sees another: pairs with the same number see alike."""
    n_views: int
    n_goals: int
    links: np.ndarray
    """Numbers of actors or ties, in spans that `actors` and `dyads` name."""
    incidents: np.ndarray
    """Of INCIDENT."""
    domains: np.ndarray
    """Of DOMAIN."""
    ties: np.ndarray
    """Of TIE: the defence ties in the order of the result's `tie` dim."""
    memory: np.ndarray
    """(N, N) memory of past crises between two actors: see `rules.sequence`."""
    record: np.ndarray
    """(N, N) record of one actor of standing firm against another one."""

    @property
    def all_dyads(self) -> np.ndarray:
        """(N, N) of DYAD: what each actor is to each other one."""
        return self.dyads[self.dyad_of]


@inlined
def is_sequence(world):
    """Whether chains are more than one crisis each: several periods, or one that may be quiet."""
    return world.crises > 1 or world.quiet > 0.0


@inlined
def relation(world, i, j):
    """What `i` is to `j`, of DYAD."""
    return world.dyads[world.dyad_of[i, j]]
