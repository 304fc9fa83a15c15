"""Which crises a scenario allows: who may open one, who may join which side, and why.

A value is judged by it: one that stands in no decision that can arise has no effect. Rungs are not
followed: what a crisis needs to get hot is taken to happen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mcescalate.model.coefficients import NEVER
from mcescalate.scenario.merged_rows import MergedRows, Pair, merge_rows
from mcescalate.scenario.schema import Scenario

INITIATOR, TARGET = 0, 1
"""The sides of an opening."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Two originators, and everyone who may come to stand on the side of each.

    Parameters
    ----------
    heads : initiator and target
    is_drawn : by the trigger, rather than made by a misattribution
    sides : by side, its originator and the neutrals that may join it
    """

    heads: Pair
    is_drawn: bool
    sides: tuple[frozenset[str], frozenset[str]]

    @property
    def members(self) -> Iterator[tuple[int, str]]:
        """Side and id of each actor that may be engaged, once for each side that it may be on."""
        return ((side, actor) for side in (INITIATOR, TARGET) for actor in self.sides[side])

    @property
    def joiners(self) -> Iterator[tuple[int, str]]:
        """Those of them that are no originators."""
        return (member for member in self.members if member[1] not in self.heads)


class Possibilities:
    """The merged rows of a scenario, and the crises that they allow."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.merged = merge_rows(scenario)
        self.in_force = self.merged.in_force
        self.actors = {actor.id: actor for actor in self.merged.actors}
        self.are_bystanders_on = scenario.bystander.base > NEVER

    @cached_property
    def suspects(self) -> dict[Pair, list[str]]:
        """By pair that may be drawn, states that its target may blame instead of the initiator."""
        return {
            (a, b): suspects_of(self.scenario, self.merged, a, b)
            for a, b, _ in self.merged.incidents
        }

    @cached_property
    def heads(self) -> dict[Pair, bool]:
        """The pairs that may open a crisis, and whether the trigger draws them."""
        found = dict.fromkeys(self.suspects, True)
        if any(
            domain.weight > 0.0 and domain.misattribution > 0.0 for domain in self.merged.domains
        ):
            for (_, struck), blamed in self.suspects.items():
                for culprit in blamed:
                    found.setdefault((struck, culprit), False)
        return found

    @cached_property
    def openings(self) -> list[Opening]:
        """All ways in which a crisis may open."""
        return [
            Opening(pair, is_drawn, self._sides_of(pair)) for pair, is_drawn in self.heads.items()
        ]

    @property
    def drawn(self) -> Iterator[Opening]:
        """Those that the trigger draws."""
        return (opening for opening in self.openings if opening.is_drawn)

    @property
    def joiners(self) -> Iterator[str]:
        """Actors that may join a crisis, each as often as it may."""
        return (actor for opening in self.openings for _, actor in opening.joiners)

    @cached_property
    def engaged(self) -> set[str]:
        """Actors that may be engaged."""
        return {actor for opening in self.openings for _, actor in opening.members}

    @cached_property
    def facing(self) -> set[Pair]:
        """Actors that may be engaged, each with the originators that it may stand against."""
        return {
            (actor, opening.heads[1 - side])
            for opening in self.openings
            for side, actor in opening.members
        }

    @property
    def obligations(self) -> Iterator[tuple[Opening, int, str, str]]:
        """Each promise that may be called: opening, side, who gave it and to whom."""
        for opening in self.openings:
            for giver, to in self._promisers:
                if giver in opening.heads or not self._can_move(giver):
                    continue
                for side in (INITIATOR, TARGET):
                    if to in opening.sides[side] and self._is_obliged(
                        giver, to, side, opening.sides[1 - side]
                    ):
                        yield opening, side, giver, to

    def onlookers(self, *, rivals: bool) -> Iterator[Pair]:
        """Third actors that may move, each with an originator, by whether it is their rival."""
        for opening in self.openings:
            for head in opening.heads:
                for actor in self.merged.actor_ids:
                    is_third = actor not in opening.heads and self._can_move(actor)
                    if is_third and (self.merged.dyad(actor, head).rivalry > 0.0) == rivals:
                        yield actor, head

    def is_encircled(self, actor: str, side: int, opening: Opening, *, at_start: bool) -> bool:
        """Whether states outside may threaten `actor`, on `side`; `at_start` none has joined."""
        other = opening.heads[1 - side]
        own = {opening.heads[side]} if at_start else opening.sides[side]
        opponents = {other} if at_start else opening.sides[1 - side]
        for backer in self.merged.actor_ids:
            dyad = self.merged.dyad(actor, backer)
            if backer in (actor, *opening.heads) or dyad.reach == 0.0 or dyad.channel == 1.0:
                continue
            if any((backer, ally, "support") in self.in_force for ally in opponents - {backer}):
                return True
            if self._is_believed(backer, other, "defence", own) and (
                side == INITIATOR or self.in_force[backer, other, "defence"].conditional < 1.0
            ):
                return True
            if side == TARGET and self._is_believed(backer, other, "offence", own):
                return True
        return False

    def is_assured(self, actor: str, side: int, opening: Opening, *, at_start: bool) -> bool:
        """Whether a neutral or an ally on its own side may have promised to defend `actor`."""
        enemies = {opening.heads[1 - side]} if at_start else opening.sides[1 - side]
        others = set(self.merged.actor_ids) - {actor, opening.heads[1 - side]}
        return any(self._is_believed(k, actor, "defence", enemies) for k in others)

    @cached_property
    def _promisers(self) -> list[Pair]:
        keys = self.in_force
        return list(dict.fromkeys((k, j) for k, j, kind in keys if kind in ("defence", "offence")))

    def _can_move(self, actor: str) -> bool:
        return self.actors[actor].tempo > 0.0

    def sides_without(self, absent: str, heads: Pair) -> tuple[frozenset[str], frozenset[str]]:
        """Those who may come to stand on each side if `absent` never joins."""
        return self._sides_of(heads, absent)

    def _sides_of(
        self, heads: Pair, absent: str | None = None
    ) -> tuple[frozenset[str], frozenset[str]]:
        sides: tuple[set[str], set[str]] = ({heads[INITIATOR]}, {heads[TARGET]})
        for side, other in ((INITIATOR, heads[TARGET]), (TARGET, heads[INITIATOR])):
            for actor in self.merged.actor_ids:
                if actor not in (*heads, absent) and self._can_move(actor):
                    is_rival = self.merged.dyad(actor, other).rivalry > 0.0
                    if is_rival or self.are_bystanders_on:
                        sides[side].add(actor)
        is_complete = False
        while not is_complete:
            is_complete = True
            for giver, to in self._promisers:
                if giver in (*heads, absent) or not self._can_move(giver):
                    continue
                for side in (INITIATOR, TARGET):
                    if (
                        to in sides[side]
                        and giver not in sides[side]
                        and self._is_obliged(giver, to, side, sides[1 - side])
                    ):
                        sides[side].add(giver)
                        is_complete = False
        return frozenset(sides[INITIATOR]), frozenset(sides[TARGET])

    def counts(self, giver: str, to: str, kind: str, enemies: set[str] | frozenset[str]) -> bool:
        """Whether a promise is in force and may count against these."""
        promise = self.in_force.get((giver, to, kind))
        return promise is not None and (
            not promise.against or not enemies.isdisjoint(promise.against)
        )

    def _is_believed(
        self, giver: str, to: str, kind: str, enemies: set[str] | frozenset[str]
    ) -> bool:
        """Whether a promise counts and others give it credit; what is lost may be regained."""
        if not self.counts(giver, to, kind, enemies):
            return False
        promise = self.in_force[giver, to, kind]
        regains = self.scenario.sequence.crises > 1 and self.scenario.sequence.gain > 0.0
        return promise.ambiguity < 1.0 and (promise.credibility > 0.0 or regains)

    def _is_obliged(
        self, giver: str, to: str, side: int, enemies: set[str] | frozenset[str]
    ) -> bool:
        """Whether `giver` may owe anything to `to` on this side of a crisis."""
        slack = self.scenario.alliance.slack
        owed = [
            kind
            for kind in ("defence", "offence")
            if self.counts(giver, to, kind, enemies)
            and slack * self.in_force[giver, to, kind].ambiguity < 1.0
        ]
        if side == TARGET:
            return "defence" in owed
        return "offence" in owed or (
            "defence" in owed and self.in_force[giver, to, "defence"].conditional < 1.0
        )


def suspects_of(scenario: Scenario, merged: MergedRows, initiator: str, target: str) -> list[str]:
    """Actors that `target` may blame for what `initiator` did."""
    weights = blame_weights(merged, initiator, target, scenario.trigger.blame)
    return [actor for actor, weight in weights.items() if weight > 0.0]


def blame_weights(
    merged: MergedRows, initiator: str, target: str, blame: float
) -> dict[str, float]:
    """Weight of each third actor as the culprit, if each in reach and no ally has `blame`."""
    allied = {frozenset((k, j)) for (k, j, kind) in merged.in_force if kind == "defence"}
    weights = {}
    for x in merged.actor_ids:
        if x not in (initiator, target):
            dyad = merged.dyad(target, x)
            is_ally = frozenset((target, x)) in allied
            weights[x] = dyad.rivalry + (0.0 if is_ally else blame * dyad.reach)
    return weights
