"""An actor of the Mesa baseline: it decides on what it finds, then carries it out."""

import math

import mesa

from baselines.mesa_facts import logistic
from mcescalate.model.codes import INITIATOR, OPPORTUNISM, TARGET, TREATY


class State(mesa.Agent):
    """One actor in one crisis; `side` is None while it is neutral."""

    def __init__(self, model: mesa.Model, place: int):
        super().__init__(model)
        self.place = place
        self.traits = model.facts.actors[place]
        self.views = model.facts.dyads[place]
        """How it stands to everybody, by place."""
        self.side: int | None = None
        self.rung = self.peak = 0
        self.cause: int | None = None
        self.entering: tuple[int, int] | None = None
        """Side and cause of an entry decided on this turn."""
        self.step_taken = 0
        self.arms = min(max(self.traits.arms, 0), model.facts.arms_levels)
        self.divided = model.random.random() < self.traits.instability

    # ---- background

    def race(self) -> None:
        """Decide whether to build up or disarm."""
        facts = self.model.facts
        goals = [
            self.views[j].rivalry
            * (
                self.model.actors[j].arms
                + (self.traits.bias + self.views[j].mistrust) * (1.0 - self.views[j].channel)
            )
            for j in facts.regarded[self.place]
        ]
        gap = max(goals, default=0.0) - self.arms
        if self.model.random.random() < logistic(facts.c.arms_base + facts.c.arms_pull * gap):
            self.step_taken = 1
        elif self.model.random.random() < logistic(facts.c.arms_decay - facts.c.arms_fatigue * gap):
            self.step_taken = -1

    def arm(self) -> None:
        """Carry it out."""
        self.arms = min(max(self.arms + self.step_taken, 0), self.model.facts.arms_levels)
        self.step_taken = 0

    @property
    def capability(self) -> float:
        return self.traits.capability * (1.0 + self.model.facts.c.arms_effect * self.arms)

    @property
    def tempo(self) -> float:
        return min(1.0, self.traits.tempo * (1.0 + self.model.facts.c.arms_tempo * self.arms))

    # ---- what others see in it

    def counts(self, first: int, end: int, enemy: int) -> bool:
        """Whether a promise with these adversaries counts against the side `enemy`."""
        links, actors = self.model.facts.links, self.model.actors
        return first == end or any(actors[x].side == enemy for x in links[first:end])

    def owes(self, j: int, side: int) -> tuple[float, float]:
        """What of its defence and offence promises to `j`, on `side`, counts now."""
        view = self.views[j]
        defence, offence = view.defence, view.offence
        if defence and not self.counts(view.defence_against, view.defence_against_end, 1 - side):
            defence = 0.0
        if offence and not self.counts(view.offence_against, view.offence_against_end, 1 - side):
            offence = 0.0
        return defence, offence

    def help_expected(self, side: int) -> float:
        """Share of its power that onlookers expect it to lend to `side` while it is neutral."""
        c, j = self.model.facts.c, self.model.originators[side].place
        view = self.views[j]
        defence, offence = self.owes(j, side)
        promise = defence * (1.0 - view.defence_ambiguity) * view.defence_credibility
        if side == INITIATOR:
            attack = offence * (1.0 - view.offence_ambiguity) * view.offence_credibility
            promise = min(1.0, promise * (1.0 - view.defence_conditional) + attack)
        firmness = 1.0 - c.deterrence_divided * self.divided
        firmness *= 1.0 + c.deterrence_exercise * self.traits.exercise
        aid = max(self.views[ally.place].support for ally in self.model.sides[side])
        return min(1.0, c.deterrence_latent * min(1.0, promise * firmness) + c.alliance_aid * aid)

    # ---- a turn

    def decide(self) -> None:
        """Draw what to do, from how things stand at the start of the turn."""
        if self.side is None:
            self.consider_joining()
        elif self.rung < self.model.facts.top:
            self.respond()

    def respond(self) -> None:
        """Read the threat, and go up, go down or stay."""
        facts, random = self.model.facts, self.model.random.random
        up, down = self.leanings()
        seen = self.read_threat()
        gap = facts.c.response_gap * (seen - self.rung)
        up, down = up + gap, down - gap
        if self.rung >= facts.mobilised and seen >= facts.mobilised:
            up += facts.c.response_preempt
        shift = max(0.0, up, down)
        rise, fall = math.exp(up - shift), math.exp(down - shift)
        total = math.exp(-shift) + rise + fall
        free = 1.0 if self.rung < facts.mobilised else 1.0 - self.traits.rigidity
        if self.rung == 0:
            free = 0.0
        drawn, tempo = random(), self.tempo
        if drawn < tempo * rise / total:
            self.step_taken = 1
        elif drawn >= 1.0 - tempo * free * fall / total:
            self.step_taken = -1

    def read_threat(self) -> int:
        """The highest threat that it believes it faces."""
        facts, domain = self.model.facts, self.model.domain
        views = [
            facts.sighting(self.place, other.place, domain, other.rung)
            for other in self.model.sides[1 - self.side]
        ]
        drawn = self.model.random.random()
        for s in range(facts.top):
            if drawn <= math.prod(view[s] for view in views):
                return s
        return facts.top

    def leanings(self) -> tuple[float, float]:
        """Log-odds of going up and down, but for what it reads."""
        facts, c, h = self.model.facts, self.model.facts.c, self.rung
        allies, enemies = self.model.sides[self.side], self.model.sides[1 - self.side]
        view = self.views[self.model.originators[1 - self.side].place]
        confidence = c.response_balance * self.model.balance_seen(self, self.side)
        confidence += self.traits.resolve
        consultation = min(1.0, sum(self.views[ally.place].consultation for ally in allies))
        promised = max(
            (self.views[ally.place].defence for ally in allies if ally.rung > h), default=0.0
        )
        caution = c.response_restraint + c.response_protocol * (h == facts.mobilised - 1)
        up = (
            c.response_up
            + confidence
            + c.response_rivalry * view.rivalry
            + c.response_diversion * self.divided
            + c.response_reassure * promised
            - c.response_cost * h
            - caution * consultation
        )
        if h == facts.top - 1:
            nuclear = max(
                (self.views[enemy.place].reach for enemy in enemies if enemy.traits.nuclear),
                default=0.0,
            )
            up -= c.response_war_cost + c.response_nuclear * nuclear
        down = (
            c.response_down
            - confidence
            - c.response_audience * h
            + c.response_channel * view.channel
            + c.mediation_pull * self.model.mediated
        )
        return up, down

    def consider_joining(self) -> None:
        """Draw whether it comes in, on one side; drawn to both it stays out."""
        drawn = [
            (side, cause)
            for side in (INITIATOR, TARGET)
            if (cause := self.first_call(side)) is not None
        ]
        self.entering = drawn[0] if len(drawn) == 1 else None

    def first_call(self, side: int) -> int | None:
        """Cause for which `side` draws it in this turn, if any: treaties, then opportunism."""
        facts, c, random = self.model.facts, self.model.facts.c, self.model.random.random
        height = self.model.heights[1 - side]
        if height < min(facts.casus, facts.top - 1):
            return None
        enemy = self.views[self.model.originators[1 - side].place]
        share = self.tempo * (1.0 if self.model.news else c.alliance_review)
        if height >= facts.casus:
            for ally in self.model.sides[side]:
                due = self.obligation(ally.place, side)
                if due > 0.0 and random() < share * logistic(
                    c.alliance_base
                    + c.alliance_obligation * due
                    + c.alliance_threat * (height - facts.casus)
                    + c.alliance_balance * self.model.balance_seen(self, side)
                    + c.alliance_rivalry * enemy.rivalry
                    + c.alliance_resolve * self.traits.resolve
                    + c.alliance_reach * enemy.reach
                    - c.alliance_pact * enemy.pact
                    - c.alliance_divided * self.divided
                    - c.alliance_burden * self.burden(ally)
                ):
                    return TREATY
        if height >= facts.top - 1 and enemy.rivalry > 0.0:
            logit = (
                c.contagion_base
                + c.contagion_rivalry * enemy.rivalry
                + c.contagion_balance * self.model.balance_seen(self, side)
                + c.contagion_major * self.traits.major
                + c.contagion_reach * enemy.reach
                - c.contagion_pact * enemy.pact
            )
            if random() < share * logistic(logit):
                return OPPORTUNISM
        return None

    def obligation(self, j: int, side: int) -> float:
        """How far it is bound to fight beside `j`, who stands on `side`."""
        view, slack = self.views[j], self.model.facts.c.alliance_slack
        if view.defence == 0.0 and view.offence == 0.0:
            return 0.0
        defence, offence = self.owes(j, side)
        defence *= 1.0 - slack * view.defence_ambiguity
        if side == TARGET:
            return defence
        offence *= 1.0 - slack * view.offence_ambiguity
        return min(1.0, defence * (1.0 - view.defence_conditional) + offence)

    def burden(self, ally: "State") -> float:
        """How much weightier it is than the ally that it is asked to help."""
        own, theirs = self.traits.capability, ally.traits.capability
        return max(0.0, (own - theirs) / (own + theirs))

    def advance(self) -> None:
        """Carry out what it decided."""
        if self.side is not None and self.step_taken:
            self.rung += self.step_taken
            self.model.has_moved = True
            if self.rung == self.model.facts.top and self.step_taken > 0:
                self.model.at_war[self.side] = True
            self.step_taken = 0
        if self.entering is not None:
            self.model.enlist(self, *self.entering, rung=1)
            self.entering = None

    def change_government(self) -> None:
        """Draw its government anew, now and then."""
        if self.traits.turnover > 0.0 and self.model.random.random() < self.traits.turnover:
            self.divided = self.model.random.random() < self.traits.instability
            self.model.forget_balance()
