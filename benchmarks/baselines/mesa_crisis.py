"""One crisis of the Mesa baseline: a model whose agents are the actors."""

import mesa

from baselines.mesa_actor import State
from baselines.mesa_facts import Facts, logistic
from mcescalate.model.codes import (
    DETERRED,
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    MEDIATED,
    SETTLED,
    STALEMATE,
    TARGET,
)
from mcescalate.model.coefficients import SHARE_TOLERANCE


class Crisis(mesa.Model):
    """A chain from its background to its outcome."""

    def __init__(self, facts: Facts, seed: int):
        super().__init__(seed=seed)
        self.facts = facts
        self.actors = [State(self, place) for place in range(facts.n_actors)]
        for _ in range(facts.arms_periods):
            self.agents.do("race")
            self.agents.do("arm")
        self.outcome: int | None = None
        self.misattributed = False
        self._begin()

    # ---- incident

    def _begin(self) -> None:
        facts, random = self.facts, self.random
        shares = [row.cumulative for row in facts.incidents]
        incident = random.choices(facts.incidents, cum_weights=shares)[0]
        shares = [row.cumulative for row in facts.domains]
        self.domain = random.choices(range(len(facts.domains)), cum_weights=shares)[0]
        self.drawn = incident.initiator, incident.target
        self.accident = random.random() < facts.accident
        self._open(*self.drawn)
        if not self.accident and random.random() >= self._challenge():
            self.outcome = DETERRED
            self.running = False
            self.sides = ([], [])
            self.highest = [0, 0]
            return
        self._attribute()

    def _open(self, initiator: int, target: int) -> None:
        self.sides: tuple[list[State], list[State]] = ([], [])
        self.concerned = mesa.agent.AgentSet([], random=self.random)
        self.originators = self.actors[initiator], self.actors[target]
        rung = self.facts.domains[self.domain].rung
        self.highest = [rung, 0]
        self.news = True
        self.mediated = False
        self.at_war = [False, False]
        """Which sides have somebody who went to war in the turn in play."""
        self.war = False
        self.enlist(self.originators[INITIATOR], INITIATOR, INITIATOR, rung)
        self.enlist(self.originators[TARGET], TARGET, TARGET, 0)
        for originator in self.originators:
            for k in self.facts.rivals[originator.place]:
                self.concerned.add(self.actors[k])

    def _challenge(self) -> float:
        c, (one, other) = self.facts.c, self.originators
        view = one.views[other.place]
        return logistic(
            c.deterrence_base
            + c.deterrence_rivalry * view.rivalry
            + c.deterrence_balance * self.balance_seen(one, INITIATOR)
            + one.traits.resolve
            + c.deterrence_diversion * one.divided
            + c.deterrence_opportunity * other.divided
            - c.deterrence_pact * view.pact
        )

    def _attribute(self) -> None:
        """Let the target blame the wrong actor, and strike back at that one."""
        initiator, victim = self.originators
        if self.random.random() >= self.facts.domains[self.domain].misattribution:
            return
        suspects = [x for x in self.facts.regarded[victim.place] if x != initiator.place]
        if not suspects:
            return
        weights = [victim.views[x].rivalry for x in suspects]
        blamed = self.random.choices(suspects, weights)[0]
        for actor in (initiator, victim):
            actor.side = actor.cause = None
            actor.rung = actor.peak = 0
        self.misattributed = True
        self._open(victim.place, blamed)

    # ---- power

    def enlist(self, actor: State, side: int, cause: int, rung: int) -> None:
        """Bring an actor in, and let those look on who owe it something."""
        actor.side, actor.cause = side, cause
        actor.rung = actor.peak = rung
        self.sides[side].append(actor)
        self.sides[side].sort(key=lambda member: member.place)
        self.concerned.add(actor)
        for k in self.facts.backers[actor.place]:
            self.concerned.add(self.actors[k])
        self.has_joined = True
        self.forget_balance()

    def forget_balance(self) -> None:
        """Sides or governments have changed."""
        self._balance: float | None = None

    def power(self, side: int) -> float:
        """Power of a side that reaches the other originator."""
        o = self.originators[1 - side].place
        total = sum(actor.capability * actor.views[o].reach for actor in self.sides[side])
        return total + sum(
            actor.help_expected(side) * actor.capability * actor.views[o].reach
            for actor in self.concerned
            if actor.side is None
        )

    def balance_seen(self, actor: State, side: int) -> float:
        """The balance of power as `actor` sees it from `side`."""
        if self._balance is None:
            ours, theirs = self.power(INITIATOR), self.power(TARGET)
            self._balance = (ours - theirs) / (ours + theirs) if ours + theirs else 0.0
        own = self._balance if side == INITIATOR else -self._balance
        return max(-1.0, min(1.0, own + actor.traits.optimism))

    # ---- turns

    def step(self) -> None:
        """One turn: all decide on what stands at its start, then all carry it out."""
        facts = self.facts
        # The highest rung of each side as the turn begins.
        self.heights = [max(actor.rung for actor in side) for side in self.sides]
        self.mediated = not self.war and self.random.random() < self._mediation()
        self.balance_seen(self.originators[INITIATOR], INITIATOR)
        self.has_moved = self.has_joined = False
        self.concerned.do("decide")
        self.concerned.do("advance")
        for side in (INITIATOR, TARGET):
            if self.at_war[side]:
                self.war = True
                self.originators[1 - side].rung = facts.top
        self._take_stock()
        self.concerned.do("change_government")

    def _mediation(self) -> float:
        facts, c = self.facts, self.facts.c
        if self.steps <= c.mediation_delay:
            return 0.0
        strain = 0.0
        if facts.arms_levels:
            arms = max(originator.arms for originator in self.originators)
            strain = c.mediation_arms * arms / facts.arms_levels
        urgency = 1.0 + c.mediation_tension * max(self.heights) / facts.top
        return c.mediation_rate * urgency * (1.0 - strain)

    def _take_stock(self) -> None:
        """Peaks, news, and whether the crisis is over."""
        facts = self.facts
        self.news = self.has_joined
        for side, members in enumerate(self.sides):
            for actor in members:
                actor.peak = max(actor.peak, actor.rung)
            height = max(actor.rung for actor in members)
            if height > self.highest[side]:
                self.highest[side] = height
                self.news |= height >= facts.casus
        if all(actor.rung == 0 for members in self.sides for actor in members):
            self.outcome = MEDIATED if self.mediated else SETTLED
            self.running = False
        elif self.steps == facts.horizon:
            self.outcome = self._final_outcome()
            self.running = False

    def _final_outcome(self) -> int:
        fighting = sum(
            actor.traits.capability
            for members in self.sides
            for actor in members
            if actor.rung == self.facts.top
        )
        if not self.war:
            return STALEMATE
        share = fighting / self.facts.system_capability
        is_general = share >= self.facts.c.outcome_general_share - SHARE_TOLERANCE
        return GENERAL_WAR if is_general else LIMITED_WAR
