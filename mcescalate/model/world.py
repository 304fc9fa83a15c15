"""`World`: a checked scenario as flat arrays, trusted by everything in `model`.

Actors stand in the order of their ids, whatever their order in the file, so that sums and
ties of order come out the same when the file is rearranged. Matrices are `[from, to]`.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.coefficients import FIELDS

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
        ("consultation", np.float64),  # sum of its consultation promises to everybody
    ]
)

DYAD = np.dtype(
    [
        ("rivalry", np.float64),
        ("reach", np.float64),
        ("channel", np.float64),
        ("mistrust", np.float64),
        ("defence", np.float64),
        ("defence_ambiguity", np.float64),
        ("defence_conditional", np.float64),
        ("defence_credibility", np.float64),
        ("defence_against", np.int64),  # first and past-the-last place in World.adversaries;
        ("defence_against_end", np.int64),  # an empty span means anybody
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

COEFFICIENTS = np.dtype([(name, np.float64) for name in FIELDS])


class World(NamedTuple):
    """One scenario; N actors, R = `top`, the rung that means war."""

    n_actors: int
    top: int
    mobilised: int
    casus: int
    horizon: int
    arms_levels: int
    arms_periods: int
    accident: float
    coefficients: np.record
    """Scalars named as in `model.coefficients`, e.g. `response_gap`."""
    actors: np.ndarray
    """(N) of ACTOR."""
    dyads: np.ndarray
    """(N, N) of DYAD."""
    adversaries: np.ndarray
    """Actors named by the `against` of promises; spans are in `dyads`."""
    backer_start: np.ndarray
    """(N + 1) spans in `backers`: who owes j defence, offence or support."""
    backers: np.ndarray
    rival_start: np.ndarray
    """(N + 1) spans in `rivals`: who regards j as a rival."""
    rivals: np.ndarray
    regard_start: np.ndarray
    """(N + 1) spans in `regarded`: whom i regards as a rival."""
    regarded: np.ndarray
    incident_initiator: np.ndarray
    incident_target: np.ndarray
    incident_share: np.ndarray
    incident_cumulative: np.ndarray
    domain_share: np.ndarray
    domain_cumulative: np.ndarray
    domain_noise: np.ndarray
    domain_misattribution: np.ndarray
    domain_rung: np.ndarray
    tie_from: np.ndarray
    """Defence ties in the order of the result's `tie` dim."""
    tie_to: np.ndarray
    tie_start: np.ndarray
    """(N + 1) spans in `ties_to`: the ties that promise defence to j."""
    ties_to: np.ndarray
    capability_total: float
