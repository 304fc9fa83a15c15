# Printed by scripts/coefficient_stub.py from the rows of mcescalate/model/coefficients.py.
from mcescalate.scenario.form.table import Table

class Arms(Table):
    """The coefficients of [arms]."""

    periods: int = 0
    """Periods of the arms race before the incident. Unit: periods."""
    levels: int = 8
    """Highest level of arms. Unit: levels."""
    base: float = -1.0
    """Baseline log-odds of building up when no rival is ahead. Unit: log-odds."""
    pull: float = 0.8
    """Effect of each level by which the most pressing rival seems to lead. Unit: log-odds."""
    fatigue: float = 0.5
    """Effect of each level of the actor's own lead on disarming. Unit: log-odds."""
    decay: float = -2.0
    """Baseline log-odds of disarming when level with the rivals. Unit: log-odds."""
    effect: float = 0.05
    """Capability that each level of arms adds, as a share of the initial one. Unit: per level."""
    tempo: float = 0.05
    """Tempo that each level of arms adds, as a share of the initial one. Unit: per level."""

class Deterrence(Table):
    """The coefficients of [deterrence]."""

    base: float = -1.0
    """Baseline log-odds that the initiator challenges. Unit: log-odds."""
    rivalry: float = 1.0
    """Effect of rivalry with the target. Unit: log-odds."""
    balance: float = 2.0
    """Effect of the balance of power, allies included, as the initiator perceives it. Unit: log-
    odds."""
    diversion: float = 0.3
    """Effect of a divided government. Unit: log-odds."""
    pact: float = 1.0
    """Restraint by the initiator's promise of neutrality or nonaggression to the target. Unit: log-
    odds."""
    divided: float = 0.5
    """Share of its credibility that an ally with a divided government loses. Unit: share, 0 to
    1."""
    exercise: float = 0.5
    """Gain in credibility of an ally that exercises. Unit: factor."""
    opportunity: float = 0.0
    """Effect of a divided government of the target. Unit: log-odds."""
    latent: float = 1.0
    """Weight in the balance of power of allies that have not joined yet. Unit: share, 0 to 1."""
    stake: float = 0.0
    """Effect of what is at stake between challenger and target. Unit: log-odds."""
    provocation: float = 0.0
    """Effect of guarantees to the target, and of its guarantors' forces, on challenging. Unit: log-
    odds."""
    assurance: float = 0.0
    """Restraint by the strongest defence promise to the challenger. Unit: log-odds."""

class Perception(Table):
    """The coefficients of [perception]."""

    channel_noise: float = 0.6
    """Share of the noise that a full channel removes. Unit: share, 0 to 1."""
    channel_bias: float = 0.6
    """Share of the bias that a full channel removes. Unit: share, 0 to 1."""
    sharing: float = 0.3
    """Gain in accuracy from consultation with partners. Unit: factor."""

class Response(Table):
    """The coefficients of [response]."""

    up: float = -0.65
    """Baseline log-odds of moving up a rung. Unit: log-odds."""
    gap: float = 0.5
    """Effect of each rung by which the perceived threat exceeds the actor's own rung. Unit: log-
    odds per rung."""
    balance: float = 0.6
    """Effect of the perceived balance of power. Unit: log-odds."""
    rivalry: float = 0.35
    """Effect of rivalry with the other originator. Unit: log-odds."""
    diversion: float = 0.2
    """Effect of a divided government. Unit: log-odds."""
    preempt: float = 0.8
    """Effect of being mobilised when the other side seems mobilised too. Unit: log-odds."""
    reassure: float = 2.0
    """Effect of a defence promise to an ally on a higher rung. Unit: log-odds."""
    cost: float = 0.1
    """Cost of each rung that the actor has reached. Unit: log-odds per rung."""
    war_cost: float = 2.8
    """Further cost of the last step, to war. Unit: log-odds."""
    nuclear: float = 2.0
    """Further cost of the last step against nuclear weapons within reach. Unit: log-odds."""
    restraint: float = 0.5
    """Restraint by partners on the same side with whom the actor consults. Unit: log-odds."""
    protocol: float = 0.5
    """Further restraint by them at the step to mobilisation. Unit: log-odds."""
    down: float = 0.1
    """Baseline log-odds of moving down a rung. Unit: log-odds."""
    audience: float = 0.1
    """Cost of backing down for each rung that the actor has reached. Unit: log-odds per rung."""
    channel: float = 0.4
    """Effect of an open channel on backing down. Unit: log-odds."""
    stake: float = 0.0
    """Effect of the stake on moving up, and against moving down. Unit: log-odds."""
    stake_war: float = 0.0
    """Further effect of the stake at the last step, to war. Unit: log-odds."""
    encircle: float = 0.0
    """Effect of guarantees to the other side, and of its guarantors' forces, on moving up. Unit:
    log-odds."""
    assurance: float = 0.0
    """Restraint by the strongest defence promise to the actor. Unit: log-odds."""
    display: float = 0.0
    """Effect of the same on shows of force, below the casus. Unit: log-odds."""
    limited: float = 0.0
    """Restraint of joiners at the last step: help that stops short of war. Unit: log-odds."""

class Alliance(Table):
    """The coefficients of [alliance]."""

    base: float = -3.7
    """Baseline log-odds that a committed ally joins. Unit: log-odds."""
    obligation: float = 3.0
    """Effect of the promise itself. Unit: log-odds."""
    threat: float = 0.7
    """Effect of each rung of the other side above the casus. Unit: log-odds per rung."""
    balance: float = 0.5
    """Effect of the perceived balance of power. Unit: log-odds."""
    rivalry: float = 0.5
    """Effect of rivalry with the other originator. Unit: log-odds."""
    resolve: float = 1.0
    """Effect of the ally's resolve. Unit: log-odds per log-odds."""
    reach: float = 1.0
    """Effect of the other originator's reach. Unit: log-odds."""
    pact: float = 1.5
    """Restraint by a promise of neutrality or nonaggression to the other originator. Unit: log-
    odds."""
    divided: float = 1.0
    """Restraint by a divided government. Unit: log-odds."""
    burden: float = 0.0
    """Restraint by having more capability than the ally. Unit: log-odds."""
    slack: float = 0.5
    """Share of its obligation that a fully ambiguous promise loses. Unit: share, 0 to 1."""
    review: float = 0.1
    """Share of the hazard of joining that remains in a turn without news. Unit: share, 0 to 1."""
    aid: float = 0.5
    """Share of its capability that full support short of war adds to a side. Unit: share, 0 to
    1."""
    short_of_war: float = 0.0
    """Restraint while the other side is below war. Unit: log-odds."""
    capability: float = 0.0
    """Effect of the ally's own share of capability. Unit: log-odds per e-fold."""
    loss: float = 0.0
    """Share of calls that are lost between allies who do not consult. Unit: share, 0 to 1."""
    follow: float = 0.0
    """Effect of a defence promise to an ally that has joined already. Unit: log-odds."""
    divided_delay: float = 0.0
    """Share of its tempo in joining that a divided government loses. Unit: share, 0 to 1."""

class Contagion(Table):
    """The coefficients of [contagion]."""

    base: float = -7.0
    """Baseline log-odds that a rival without a promise joins. Unit: log-odds."""
    rivalry: float = 1.0
    """Effect of rivalry with the other originator. Unit: log-odds."""
    balance: float = 1.0
    """Effect of the perceived balance of power. Unit: log-odds."""
    major: float = 1.0
    """Effect of being a major power. Unit: log-odds."""
    reach: float = 2.0
    """Effect of the other originator's reach. Unit: log-odds."""
    pact: float = 1.5
    """Restraint by a promise of neutrality or nonaggression to the other originator. Unit: log-
    odds."""
    short_of_war: float = 0.0
    """Restraint while the other side is below war. Unit: log-odds."""
    capability: float = 0.0
    """Effect of the actor's own share of capability. Unit: log-odds per e-fold."""

class Bystander(Table):
    """The coefficients of [bystander]."""

    base: float = -100.0
    """Baseline log-odds that a neutral without a rivalry joins; -100 switches it off. Unit: log-
    odds."""
    capability: float = 0.0
    """Effect of the actor's own share of capability. Unit: log-odds per e-fold."""
    major: float = 0.0
    """Effect of being a major power. Unit: log-odds."""
    reach: float = 0.0
    """Effect of the other originator's reach. Unit: log-odds."""
    balance: float = 0.0
    """Effect of the perceived balance of power. Unit: log-odds."""
    pact: float = 0.0
    """Restraint by a promise of neutrality or nonaggression to the other originator. Unit: log-
    odds."""
    short_of_war: float = 0.0
    """Restraint while the other side is below war. Unit: log-odds."""

class Mediation(Table):
    """The coefficients of [mediation]."""

    rate: float = 0.1
    """Probability per turn that a mediator is heard. Unit: probability per turn."""
    delay: int = 3
    """Turns before the first mediation. Unit: turns."""
    pull: float = 2.0
    """Effect of a mediator on moving down. Unit: log-odds."""
    tension: float = 0.0
    """Growth of the rate with the highest rung reached by any actor. Unit: factor."""
    arms: float = 0.0
    """Share of the rate that is lost at the originators' highest level of arms. Unit: share, 0 to
    1."""

class Policy(Table):
    """The coefficients of [policy]."""

    from_rung: int = 16
    """Rung that any actor must have reached for the policy to hold; above the ladder: never. Unit:
    rung."""
    restraint: float = 0.0
    """Restraint on moving up while the policy holds. Unit: log-odds."""
    calm: float = 0.0
    """Effect on moving down while the policy holds. Unit: log-odds."""
    mediation: float = 0.0
    """Added to the probability of a mediator while the policy holds. Unit: probability per turn."""

class War(Table):
    """The coefficients of [war]."""

    rate: float = 0.0
    """Probability per turn that a war ends. Unit: probability per turn."""
    balance: float = 0.0
    """Effect of a lopsided balance of power on the end of a war. Unit: log."""
    length: float = 0.0
    """Effect of each turn of war so far on its end. Unit: log per turn."""
    decisive: float = 0.0
    """Effect of the balance of power on which side prevails. Unit: log-odds."""

class Sequence(Table):
    """The coefficients of [sequence]."""

    crises: int = 1
    """Periods of a chain, each with one crisis or a quiet one. Unit: periods."""
    years: float = 1.0
    """Time from one period to the next. Unit: years."""
    carry_arms: bool = False
    """Whether levels of arms pass on from crisis to crisis, and race on. Unit: yes or no."""
    quiet: float = 0.0
    """Weight of no crisis at all in a period, beside the weights of the trigger. Unit: as the
    trigger's weights."""
    half_life: float = 2.0
    """Time in which what credibility has gained or lost, and a record, fade by half. Unit:
    years."""
    memory_half_life: float = 4.0
    """Time in which the memory of a crisis between two actors fades by half. Unit: years."""
    gain: float = 0.0
    """Share of what it lacks that the credibility of a promise gains when it is honoured. Unit:
    share, 0 to 1."""
    loss: float = 0.0
    """Share of its credibility that a promise loses when its ally is abandoned or betrayed. Unit:
    share, 0 to 1."""
    caution: float = 0.0
    """Share of its credibility that a promise loses when the promiser comes in but stays low. Unit:
    share, 0 to 1."""
    hard_times: float = 0.0
    """Share of the loss that is excused where the other promisers have failed too. Unit: share, 0
    to 1."""
    settled_memory: float = 0.6
    """Memory left by a crisis that was settled or mediated; a stalemate leaves 1. Unit: factor."""
    war_memory: float = 0.4
    """Memory left by a war; a stalemate leaves 1. Unit: factor."""
    recur: float = 0.0
    """Growth of the trigger's weight of two actors with their memory of past crises. Unit:
    factor."""
    bitter: float = 0.0
    """Effect of the memory of past crises with the other originator on moving up. Unit: log-
    odds."""
    firm_step: float = 1.0
    """Change of the record between two actors when one of them yields. Unit: record."""
    firm: float = 0.0
    """Restraint by the target's record of standing firm against the challenger. Unit: log-odds."""
    general: float = 0.0
    """Restraint by the target's mean record against its other rivals. Unit: log-odds."""

class Outcome(Table):
    """The coefficients of [outcome]."""

    general_share: float = 0.5
    """Share of all capability that makes a war general. Unit: share, 0 to 1."""
    system_capability: float = 0.0
    """Capability of the whole system, absent actors included; at least the sum over the actors.
    Unit: as the actors' capability."""

class Run(Table):
    """The coefficients of [run]."""

    horizon: int = 60
    """Turns after which a chain ends. Unit: turns."""
    turn_days: float = 3.0
    """Days that a turn stands for; a label only. Unit: days."""
