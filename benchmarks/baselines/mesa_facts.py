"""The scenario in plain Python values: Mesa agents read them one at a time."""

import math
from collections import namedtuple
from types import SimpleNamespace

from mcescalate.model.coefficients import FIELDS
from mcescalate.model.world import ACTOR, DOMAIN, DYAD, INCIDENT, World

Actor = namedtuple("Actor", ACTOR.names)
Dyad = namedtuple("Dyad", DYAD.names)
Domain = namedtuple("Domain", DOMAIN.names)
Incident = namedtuple("Incident", INCIDENT.names)


class Facts:
    """What is the same in every chain, with the sightings that were asked for before."""

    def __init__(self, world: World):
        self.n_actors, self.top = world.n_actors, world.top
        self.mobilised, self.casus, self.horizon = world.mobilised, world.casus, world.horizon
        self.arms_levels, self.arms_periods = world.arms_levels, world.arms_periods
        self.accident, self.system_capability = world.accident, world.system_capability
        self.c = SimpleNamespace(**{name: float(world.coefficients[name]) for name in FIELDS})
        self.actors = [Actor(*row) for row in world.actors.tolist()]
        self.dyads = [[Dyad(*row) for row in rows] for rows in world.all_dyads.tolist()]
        self.domains = [Domain(*row) for row in world.domains.tolist()]
        self.incidents = [Incident(*row) for row in world.incidents.tolist()]
        links = world.links.tolist()
        self.links = links
        self.backers = [links[actor.backers : actor.backers_end] for actor in self.actors]
        self.rivals = [links[actor.rivals : actor.rivals_end] for actor in self.actors]
        self.regarded = [links[actor.regarded : actor.regarded_end] for actor in self.actors]
        self._sightings: dict[tuple[int, int, int, int], list[float]] = {}

    def sighting(self, i: int, j: int, domain: int, h: int) -> list[float]:
        """By rung: chance that `i` misses `j`, on rung `h`, or takes it to stand no higher."""
        key = i, j, domain, h
        known = self._sightings.get(key)
        if known is None:
            known = self._sightings[key] = self._sight(*key)
        return known

    def _sight(self, i: int, j: int, domain: int, h: int) -> list[float]:
        dyad, seer, seen = self.dyads[i][j], self.actors[i], self.actors[j]
        if h == self.top:
            chances = [0.0] * self.top
        else:
            shown = seen.exercise * (1.0 - dyad.channel)
            bias = seer.bias + dyad.mistrust
            bias *= 1.0 - self.c.perception_channel_bias * dyad.channel
            noise = seer.noise * self.domains[domain].noise
            noise *= 1.0 - self.c.perception_channel_noise * dyad.channel
            noise /= 1.0 + self.c.perception_sharing * min(1.0, seer.consultation)
            chances = [
                (1.0 - shown) * below(s + 0.5 - h - bias, noise)
                + shown * below(s - 0.5 - h - bias, noise)
                for s in range(self.top)
            ]
        return [1.0 - dyad.reach * (1.0 - chance) for chance in chances] + [1.0]


def below(margin: float, noise: float) -> float:
    """Chance that a normal variable of this spread is at most `margin`."""
    if noise == 0.0:
        return float(margin >= 0.0)
    return 0.5 * math.erfc(-margin / noise / math.sqrt(2.0))


def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))
