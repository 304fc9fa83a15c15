"""How much is played in a chain."""

import mcescalate as mc
from mcescalate.scenario.schema import Scenario

N_CHAINS = 2_000


def mean_actor_turns(scenario: Scenario) -> float:
    """Mean number of turns that actors live through on a side, in one chain.

    Counted from 2,000 recorded chains. Whoever stays neutral is not counted.
    """
    chains = mc.simulate(scenario, n_chains=N_CHAINS, seed=0, workers=1, keep_chains=True)
    turns = chains["chain_last_turn"] - chains["chain_entry_turn"]
    return float(turns.where(chains["chain_side"] >= 0, 0).sum()) / N_CHAINS
