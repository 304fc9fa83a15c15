"""Moments of a crisis with what the kernel knows of them; kernel functions run uncompiled."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from model.states import Moment, prepare

from mcescalate.kernel.crisis import calls, laws, memory, schedule, turn
from mcescalate.kernel.crisis.calls import join_purpose
from mcescalate.kernel.crisis.laws import fixed_of, remember_fixed
from mcescalate.kernel.crisis.memory import UPS, forget, law_row, new_memory
from mcescalate.model.codes import ANYTHING, MOST_RUNGS
from mcescalate.scenario.schema import Scenario

KERNEL = (laws, calls, schedule, turn, memory)


class KnownMoment(Moment):
    """A moment of which functions of the kernel can be called as methods too."""

    def __init__(self, scenario: Scenario):
        super().__init__(scenario)
        self.memory = new_memory(self.world)
        schedule.learn_world(self.world, self.memory)

    def __getattr__(self, name: str):
        places = [module for module in KERNEL if hasattr(module, name)]
        if not places:
            return super().__getattr__(name)
        return self._bound(getattr(places[0], name))

    def given(self) -> dict[str, Any]:
        return super().given() | {"memory": self.memory}

    @property
    def known(self):
        """The scalars of the memory."""
        return self.memory.known

    def know(self, actor: str, balance: float, mediated: int = 0):
        """Find all that the law of engaged `actor` rests on; what is known of it."""
        me = self.memory.actors[self.place(actor)]
        self.known.balance = balance
        self.now.mediated = mediated
        me.rung = self.rung(actor)
        remember_fixed(me, self.fixed_terms(actor, balance))
        me.reassured = self.reassurance_felt(actor, me.pledge)
        self.fill_sightings(actor)
        self.fill_readings(actor)
        self.set_odds(actor)
        return me

    def fixed(self, actor: str):
        """The fixed terms that are known of `actor`."""
        return fixed_of(self.memory.actors[self.place(actor)])

    def ups(self, actor: str) -> list[float]:
        """Its chance to go up by rung read, once its moves have been averaged."""
        start = int(law_row(self.place(actor), UPS))
        return self.memory.law[start : start + self.world.top + 1].tolist()

    def sighting_table(self, i: str, j: str) -> np.ndarray:
        """The table [rung, rung seen] as filled: chance that `j` does not make `i` feel more."""
        rungs = self.world.top + 1
        number = laws.sighting_table(self.world, self.state, self.place(i), self.place(j))
        self.fill_sighting(i, j)
        assert self.memory.is_sighted[number] == 1
        return self.memory.sighting.reshape(-1, rungs, MOST_RUNGS)[number, :, :rungs].copy()

    def call_limits(
        self, k: str, side: int, n_ties: int, is_rival: int, is_bystander: int = 0
    ) -> list[int]:
        """Words below which neutral `k` may come in, without and with news, by these hazards."""
        place = self.take_slot(join_purpose(side), k, self.world.actors[self.place(k)].key)
        self.memory.slots[place].n_ties = n_ties
        self.memory.slots[place].is_rival = is_rival
        self.memory.slots[place].is_bystander = is_bystander
        self.limit_call(side, place)
        self.known.n_slots = 0
        return self.memory.limits[place].tolist()

    def forget_anything(self) -> None:
        """Let nothing hold that is known of laws."""
        forget(self.memory, ANYTHING)


def known_moment(
    scenario: Scenario, rungs: Mapping[str, int] | None = None, **details: Any
) -> KnownMoment:
    """As `model.states.moment`."""
    return prepare(KnownMoment(scenario), rungs, **details)
