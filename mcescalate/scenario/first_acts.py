"""The mix of first acts: in which domain an incident between two begins.

A multinomial logit: the log of a domain's weight, and for each trait of the pair the domain's
effect times the trait. Effects are fields of the domain's row, named as the traits.
"""

from collections.abc import Sequence

import numpy as np

from mcescalate.scenario.form.tables import Domain
from mcescalate.scenario.merged_rows import MergedRows, Pair

TRAITS = ("major", "reach", "stake")
"""Whether one of the two is a major power; their reach; what is at stake for the initiator."""


def traits_of(merged: MergedRows, pairs: Sequence[Pair]) -> np.ndarray:
    """(pair, trait) of initiators and targets."""
    majors = {actor.id for actor in merged.actors if actor.major}
    rows = [
        (float(not majors.isdisjoint(pair)), dyad.reach, dyad.stake)
        for pair in pairs
        for dyad in (merged.dyad(*pair),)
    ]
    return np.array(rows, np.float64).reshape(-1, len(TRAITS))


def log_weights_of(domains: Sequence[Domain]) -> np.ndarray:
    """(domain)"""
    with np.errstate(divide="ignore"):  # a domain of weight 0 never occurs
        return np.log(np.array([domain.weight for domain in domains], np.float64))


def effects_of(domains: Sequence[Domain]) -> np.ndarray:
    """(trait, domain)"""
    return np.array([[getattr(row, trait) for row in domains] for trait in TRAITS], np.float64)


def shares_of(log_weights: np.ndarray, effects: np.ndarray, traits: np.ndarray) -> np.ndarray:
    """(…, domain) of log weights (…, domain), effects (…, trait, domain) and traits (…, trait)."""
    logs = log_weights + np.einsum("...td,...t->...d", effects, traits)
    odds = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def domain_shares(merged: MergedRows) -> np.ndarray:
    """(domain) the shares of a scenario's incidents; where several pairs may begin, their mean.

    The mean is by the weights of the incidents.
    """
    weights = np.array([domain.weight for domain in merged.domains], np.float64)
    effects = effects_of(merged.domains)
    if not (effects.any() and merged.incidents):
        # Not by logarithms, so that without effects counts stay the same to the last bit.
        return weights / np.sum(weights)
    traits = traits_of(merged, [(i, j) for i, j, _ in merged.incidents])
    shares = shares_of(log_weights_of(merged.domains), effects, traits)
    return np.average(shares, axis=0, weights=[weight for *_, weight in merged.incidents])
