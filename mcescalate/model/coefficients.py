"""Every coefficient of the model: where it stands, what it may be, what it means, and why.

One row is the only place where a coefficient is written down. The scenario's tables, their
JSON Schema, the record that the kernels read and the documentation all come from these rows.
The formulas in which they stand are in docs/model.md and `model.rules`.
"""

import sys
from dataclasses import dataclass
from typing import Any

from mcescalate.model.codes import HEIGHTS, MOST_RUNGS, TURN

MODEL_VERSION = "1"
"""Raised when a formula changes what a coefficient means: values fitted before are then void."""

LOGIT = "log-odds"
SHARE = "share, 0 to 1"
COUNT = "number"

FURTHEST = 100.0
"""Coefficients without narrower bounds lie within this distance from zero."""
NEVER = -FURTHEST
"""A base up to this one switches its decision off, whatever else is added."""
LARGEST_FACTOR = 1e6
"""Factors that may only be 0 or more end here, so that no product of them overflows."""
LARGEST_COUNT = 1_000_000_000
SHORTEST_TIME = 1e-9
"""Times in years that may not be 0 begin here."""
MOST_CRISES = 1000
"""Of a chain."""
SHARE_TOLERANCE = 1e-9
"""Slack on the share of capability that makes a war general."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient.

    Parameters
    ----------
    table, name : its place in a scenario file, `[table] name = …`
    default : value where a scenario leaves it out
    lower, upper : inclusive bounds
    neutral : value that switches its mechanism off; None where there is no such value
    unit : unit or kind of quantity
    meaning : what a larger value does
    source : literature behind the default, or "assumption" with a reason
    integer : whether it is a whole number
    boolean : whether it is yes or no, 1 or 0 among the values
    rests_on : what its term depends on beyond what its family does (see `model.dependences`)
    families : the families of rules in which it does so; all of them if none is named
    """

    table: str
    name: str
    default: float
    lower: float
    upper: float
    neutral: float | None
    unit: str
    meaning: str
    source: str
    integer: bool = False
    boolean: bool = False
    rests_on: int = 0
    families: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """Name in the flat record of all coefficients, e.g. "response_gap"."""
        return f"{self.table}_{self.name}"

    @property
    def kind(self) -> type[bool] | type[int] | type[float]:
        """The type of its values in a scenario."""
        if self.boolean:
            return bool
        return int if self.integer else float

    @property
    def address(self) -> str:
        """Name in options, overlays and sweeps, e.g. "response.gap"."""
        return f"{self.table}.{self.name}"


def _weight(
    table: str,
    name: str,
    default: float,
    meaning: str,
    source: str,
    unit: str = LOGIT,
    lower: float = -FURTHEST,
    **dependence: Any,
) -> Coefficient:
    """A weight in a sum of log-odds; 0 takes its term out."""
    return Coefficient(
        table, name, default, lower, FURTHEST, 0.0, unit, meaning, source, **dependence
    )


def _restraint(
    table: str, name: str, default: float, meaning: str, source: str, **dependence: Any
) -> Coefficient:
    """A weight that only works in one direction: 0 or more."""
    return _weight(table, name, default, meaning, source, lower=0.0, **dependence)


def _base(table: str, name: str, default: float, meaning: str, source: str) -> Coefficient:
    """The constant of a sum of log-odds, which nothing can be left out of."""
    return Coefficient(table, name, default, -FURTHEST, FURTHEST, None, LOGIT, meaning, source)


def _share(
    table: str,
    name: str,
    default: float,
    meaning: str,
    source: str,
    neutral: float | None = 0.0,
    unit: str = SHARE,
    **dependence: Any,
) -> Coefficient:
    return Coefficient(table, name, default, 0.0, 1.0, neutral, unit, meaning, source, **dependence)


def _factor(
    table: str, name: str, default: float, meaning: str, source: str, unit: str = "factor"
) -> Coefficient:
    """A factor of 0 or more; 0 takes its effect out."""
    return Coefficient(table, name, default, 0.0, LARGEST_FACTOR, 0.0, unit, meaning, source)


def _count(
    table: str,
    name: str,
    default: int,
    lower: int,
    upper: int,
    meaning: str,
    source: str,
    neutral: float | None = None,
    unit: str = COUNT,
    **dependence: Any,
) -> Coefficient:
    return Coefficient(
        table, name, default, lower, upper, neutral, unit, meaning, source, True, **dependence
    )


_RICHARDSON = "Richardson 1960, the reaction model of arms; size: assumption"
_DIVERSION = "assumption; direction from the literature on diversionary use of force"
_AUDIENCE = "Fearon 1994, Tomz 2007; small in real crises: Snyder and Borghard 2011"
_HOTLINE = "assumption: no usable effect size of hotlines has been published"
_STRATEGIC = "Signorino 1999, strategic choice with errors; size: assumption"
_BORDERS = "Siverson and Starr 1990: borders and alliances together spread wars"
_MAJORS = "major powers join many times as often (Correlates of War); size: assumption"
_STAKES = "assumption: off; Vasquez 1993, territorial claims are fought over most"
_SECURITY_DILEMMA = "assumption: off; Jervis 1978: one side's security is the other's threat"
_ASSURANCE = "assumption: off; Pressman 2008: promises restrain those they protect"
_ABLE = "assumption: off; states with more capability join more wars (Correlates of War)"
_RELIABILITY = "Leeds 2003, Berkemeier and Fuhrmann 2018: promises kept in about half of cases"
_POLICY = ("response", "mediation")
_REPUTATION = "assumption: off; Weisiger and Yarhi-Milo 2015, Crescenzi 2018: past actions matter"
_GENERAL = (
    "assumption: off; for: Weisiger and Yarhi-Milo 2015; against: Mercer 1996, Press 2005, and "
    "disputes since 1816, where others challenge a state that yielded no more (+0.30, s.e. 0.22)"
)
_RECURRENCE = "assumption: off; Hensel 1994: most disputes recur between the same rivals"

COEFFICIENTS: tuple[Coefficient, ...] = (
    # Arms before the crisis.
    _count(
        "arms",
        "periods",
        0,
        0,
        1000,
        "Periods of the arms race before the incident.",
        "assumption: none unless a scenario asks for it",
        neutral=0.0,
        unit="periods",
    ),
    _count(
        "arms", "levels", 8, 0, 100, "Highest level of arms.", "assumption: scale", unit="levels"
    ),
    _base(
        "arms",
        "base",
        -1.0,
        "Baseline log-odds of building up when no rival is ahead.",
        _RICHARDSON,
    ),
    _weight(
        "arms",
        "pull",
        0.8,
        "Effect of each level by which the most pressing rival seems to lead.",
        _RICHARDSON,
    ),
    _weight(
        "arms",
        "fatigue",
        0.5,
        "Effect of each level of the actor's own lead on disarming.",
        _RICHARDSON,
    ),
    _base(
        "arms",
        "decay",
        -2.0,
        "Baseline log-odds of disarming when level with the rivals.",
        _RICHARDSON,
    ),
    _factor(
        "arms",
        "effect",
        0.05,
        "Capability that each level of arms adds, as a share of the initial one.",
        "assumption",
        "per level",
    ),
    _factor(
        "arms",
        "tempo",
        0.05,
        "Tempo that each level of arms adds, as a share of the initial one.",
        "assumption; forces in being move faster",
        "per level",
    ),
    # Whether the initiator dares.
    _base(
        "deterrence", "base", -1.0, "Baseline log-odds that the initiator challenges.", "assumption"
    ),
    _weight(
        "deterrence",
        "rivalry",
        1.0,
        "Effect of rivalry with the target.",
        "Thompson 2001, strategic rivals fight most; size: assumption",
    ),
    _weight(
        "deterrence",
        "balance",
        2.0,
        "Effect of the balance of power, allies included, as the initiator perceives it.",
        "Huth and Russett 1984: the local balance decides; size: assumption",
    ),
    _weight("deterrence", "diversion", 0.3, "Effect of a divided government.", _DIVERSION),
    _weight(
        "deterrence",
        "pact",
        1.0,
        "Restraint by the initiator's promise of neutrality or nonaggression to the target.",
        "Berkemeier and Fuhrmann 2018: nonaggression kept in 37 %, neutrality in 78 %",
    ),
    _share(
        "deterrence",
        "divided",
        0.5,
        "Share of its credibility that an ally with a divided government loses.",
        "assumption; Leeds, Mattes and Vogel 2009: new coalitions break promises",
    ),
    _factor(
        "deterrence",
        "exercise",
        0.5,
        "Gain in credibility of an ally that exercises.",
        "Kuo and Blankenship 2022: joint exercises do not escalate on average; size: assumption",
    ),
    _weight(
        "deterrence",
        "opportunity",
        0.0,
        "Effect of a divided government of the target.",
        "assumption: off; contested in the literature",
    ),
    _share(
        "deterrence",
        "latent",
        1.0,
        "Weight in the balance of power of allies that have not joined yet.",
        "assumption: promises count as far as they are believed",
    ),
    _weight(
        "deterrence",
        "stake",
        0.0,
        "Effect of what is at stake between challenger and target.",
        _STAKES,
    ),
    _weight(
        "deterrence",
        "provocation",
        0.0,
        "Effect of guarantees to the target, and of its guarantors' forces, on challenging.",
        _SECURITY_DILEMMA,
    ),
    _weight(
        "deterrence",
        "assurance",
        0.0,
        "Restraint by the strongest defence promise to the challenger.",
        _ASSURANCE,
    ),
    # What actors see.
    _share(
        "perception",
        "channel_noise",
        0.6,
        "Share of the noise that a full channel removes.",
        _HOTLINE,
    ),
    _share(
        "perception",
        "channel_bias",
        0.6,
        "Share of the bias that a full channel removes.",
        _HOTLINE,
    ),
    _factor(
        "perception",
        "sharing",
        0.3,
        "Gain in accuracy from consultation with partners.",
        "assumption; pooled intelligence is less noisy",
    ),
    # What actors do on a side.
    _base(
        "response",
        "up",
        -0.65,
        "Baseline log-odds of moving up a rung.",
        "calibrated with the anchors",
    ),
    _weight(
        "response",
        "gap",
        0.5,
        "Effect of each rung by which the perceived threat exceeds the actor's own rung.",
        "reciprocity in crises; size calibrated: about half of all disputes are reciprocated",
        "log-odds per rung",
    ),
    _weight("response", "balance", 0.6, "Effect of the perceived balance of power.", _STRATEGIC),
    _weight(
        "response",
        "rivalry",
        0.35,
        "Effect of rivalry with the other originator.",
        "crises between rivals go further; size: assumption",
    ),
    _weight("response", "diversion", 0.2, "Effect of a divided government.", _DIVERSION),
    _weight(
        "response",
        "preempt",
        0.8,
        "Effect of being mobilised when the other side seems mobilised too.",
        "Van Evera 1984, Levy 1990: the pull of the first strike; size: assumption",
    ),
    _weight(
        "response",
        "reassure",
        2.0,
        "Effect of a defence promise to an ally on a higher rung.",
        "Snyder 1984, Christensen and Snyder 1990: chain gangs; size: assumption",
    ),
    _weight(
        "response",
        "cost",
        0.1,
        "Cost of each rung that the actor has reached.",
        "assumption",
        "log-odds per rung",
    ),
    _weight(
        "response",
        "war_cost",
        2.8,
        "Further cost of the last step, to war.",
        "calibrated: 4.4 % of disputes from 1816 to 2014 reached war (Correlates of War)",
    ),
    _weight(
        "response",
        "nuclear",
        2.0,
        "Further cost of the last step against nuclear weapons within reach.",
        "direction: nuclear deterrence; disputes since 1945 reach war far less; size: assumption",
    ),
    _weight(
        "response",
        "restraint",
        0.5,
        "Restraint by partners on the same side with whom the actor consults.",
        "Pressman 2008, allies restrain; size: assumption",
    ),
    _weight(
        "response",
        "protocol",
        0.5,
        "Further restraint by them at the step to mobilisation.",
        "assumption; agreed crisis procedures",
    ),
    _base(
        "response",
        "down",
        0.1,
        "Baseline log-odds of moving down a rung.",
        "calibrated with the anchors",
    ),
    _weight(
        "response",
        "audience",
        0.1,
        "Cost of backing down for each rung that the actor has reached.",
        _AUDIENCE,
        "log-odds per rung",
    ),
    _weight("response", "channel", 0.4, "Effect of an open channel on backing down.", _HOTLINE),
    _weight(
        "response",
        "stake",
        0.0,
        "Effect of the stake on moving up, and against moving down.",
        _STAKES,
    ),
    _weight(
        "response",
        "stake_war",
        0.0,
        "Further effect of the stake at the last step, to war.",
        _STAKES,
    ),
    _weight(
        "response",
        "encircle",
        0.0,
        "Effect of guarantees to the other side, and of its guarantors' forces, on moving up.",
        _SECURITY_DILEMMA,
    ),
    _weight(
        "response",
        "assurance",
        0.0,
        "Restraint by the strongest defence promise to the actor.",
        _ASSURANCE,
    ),
    _restraint(
        "response",
        "display",
        0.0,
        "Effect of the same on shows of force, below the casus.",
        "assumption: off; displays answer perceived encirclement",
    ),
    _restraint(
        "response",
        "limited",
        0.0,
        "Restraint of joiners at the last step: help that stops short of war.",
        "assumption: off; much help stops short of troops",
    ),
    # Whether allies come in.
    _base(
        "alliance",
        "base",
        -3.7,
        "Baseline log-odds that a committed ally joins.",
        "calibrated with the anchors",
    ),
    _weight("alliance", "obligation", 3.0, "Effect of the promise itself.", _RELIABILITY),
    _weight(
        "alliance",
        "threat",
        0.7,
        "Effect of each rung of the other side above the casus.",
        "assumption; promises bind most in war",
        "log-odds per rung",
    ),
    _weight("alliance", "balance", 0.5, "Effect of the perceived balance of power.", _STRATEGIC),
    _weight(
        "alliance",
        "rivalry",
        0.5,
        "Effect of rivalry with the other originator.",
        "joiners have scores of their own to settle; size: assumption",
    ),
    _weight(
        "alliance",
        "resolve",
        1.0,
        "Effect of the ally's resolve.",
        "assumption",
        "log-odds per log-odds",
    ),
    _weight("alliance", "reach", 1.0, "Effect of the other originator's reach.", _BORDERS),
    _weight(
        "alliance",
        "pact",
        1.5,
        "Restraint by a promise of neutrality or nonaggression to the other originator.",
        "Berkemeier and Fuhrmann 2018: nonaggression kept in 37 %, neutrality in 78 %",
    ),
    _weight(
        "alliance",
        "divided",
        1.0,
        "Restraint by a divided government.",
        "Leeds, Mattes and Vogel 2009: holds in non-democracies; size: assumption",
    ),
    _weight(
        "alliance",
        "burden",
        0.0,
        "Restraint by having more capability than the ally.",
        "assumption: off; disputes over burden sharing",
    ),
    _share(
        "alliance",
        "slack",
        0.5,
        "Share of its obligation that a fully ambiguous promise loses.",
        "Benson 2012: ambiguity leaves a way out; size: assumption",
    ),
    _share(
        "alliance",
        "review",
        0.1,
        "Share of the hazard of joining that remains in a turn without news.",
        "assumption: governments decide on news",
        neutral=1.0,
    ),
    _share(
        "alliance",
        "aid",
        0.5,
        "Share of its capability that full support short of war adds to a side.",
        "assumption",
    ),
    _restraint(
        "alliance",
        "short_of_war",
        0.0,
        "Restraint while the other side is below war.",
        "assumption: off; most defence promises speak of attack, not of any clash",
    ),
    _weight(
        "alliance",
        "capability",
        0.0,
        "Effect of the ally's own share of capability.",
        _ABLE,
        "log-odds per e-fold",
    ),
    _share(
        "alliance",
        "loss",
        0.0,
        "Share of calls that are lost between allies who do not consult.",
        "assumption: off",
    ),
    _weight(
        "alliance",
        "follow",
        0.0,
        "Effect of a defence promise to an ally that has joined already.",
        "assumption: off; joiners draw in their own allies: Christensen and Snyder 1990",
    ),
    _share(
        "alliance",
        "divided_delay",
        0.0,
        "Share of its tempo in joining that a divided government loses.",
        "assumption: off",
    ),
    # Whether onlookers seize the moment.
    _base(
        "contagion",
        "base",
        -7.0,
        "Baseline log-odds that a rival without a promise joins.",
        "calibrated: 0.7 % of states without tie or border join a war (Correlates of War)",
    ),
    _weight(
        "contagion",
        "rivalry",
        1.0,
        "Effect of rivalry with the other originator.",
        "Joyce, Ghosn and Bayer 2014 on wars that expand; size: assumption",
    ),
    _weight("contagion", "balance", 1.0, "Effect of the perceived balance of power.", _STRATEGIC),
    _weight(
        "contagion",
        "major",
        1.0,
        "Effect of being a major power.",
        _MAJORS,
    ),
    _weight("contagion", "reach", 2.0, "Effect of the other originator's reach.", _BORDERS),
    _weight(
        "contagion",
        "pact",
        1.5,
        "Restraint by a promise of neutrality or nonaggression to the other originator.",
        "Berkemeier and Fuhrmann 2018: nonaggression kept in 37 %, neutrality in 78 %",
    ),
    _restraint(
        "contagion",
        "short_of_war",
        0.0,
        "Restraint while the other side is below war.",
        "assumption: off",
    ),
    _weight(
        "contagion",
        "capability",
        0.0,
        "Effect of the actor's own share of capability.",
        _ABLE,
        "log-odds per e-fold",
    ),
    # Whether neutrals without a rivalry come in.
    Coefficient(
        "bystander",
        "base",
        NEVER,
        -FURTHEST,
        FURTHEST,
        NEVER,
        LOGIT,
        "Baseline log-odds that a neutral without a rivalry joins; -100 switches it off.",
        "assumption: off",
    ),
    _weight(
        "bystander",
        "capability",
        0.0,
        "Effect of the actor's own share of capability.",
        _ABLE,
        "log-odds per e-fold",
    ),
    _weight("bystander", "major", 0.0, "Effect of being a major power.", _MAJORS),
    _weight("bystander", "reach", 0.0, "Effect of the other originator's reach.", _BORDERS),
    _weight("bystander", "balance", 0.0, "Effect of the perceived balance of power.", _STRATEGIC),
    _weight(
        "bystander",
        "pact",
        0.0,
        "Restraint by a promise of neutrality or nonaggression to the other originator.",
        "Berkemeier and Fuhrmann 2018: nonaggression kept in 37 %, neutrality in 78 %",
    ),
    _restraint(
        "bystander",
        "short_of_war",
        0.0,
        "Restraint while the other side is below war.",
        "assumption: off",
    ),
    # Third parties who calm.
    _share(
        "mediation",
        "rate",
        0.1,
        "Probability per turn that a mediator is heard.",
        "International Crisis Behavior: two crises in five saw mediation; size: assumption",
        unit="probability per turn",
    ),
    _count(
        "mediation",
        "delay",
        3,
        0,
        LARGEST_COUNT,
        "Turns before the first mediation.",
        "assumption",
        neutral=0.0,
        unit="turns",
    ),
    _weight(
        "mediation",
        "pull",
        2.0,
        "Effect of a mediator on moving down.",
        "Wilkenfeld et al. 2003: mediated crises end in agreement more often; size: assumption",
    ),
    _factor(
        "mediation",
        "tension",
        0.0,
        "Growth of the rate with the highest rung reached by any actor.",
        "assumption: off; harder crises draw mediators",
    ),
    _share(
        "mediation",
        "arms",
        0.0,
        "Share of the rate that is lost at the originators' highest level of arms.",
        "assumption: off",
    ),
    # What governments do to calm a crisis once it is hot.
    _count(
        "policy",
        "from_rung",
        MOST_RUNGS,
        0,
        MOST_RUNGS,
        "Rung that any actor must have reached for the policy to hold; above the ladder: never.",
        "assumption: never",
        neutral=float(MOST_RUNGS),
        unit="rung",
        rests_on=HEIGHTS,
        families=_POLICY,
    ),
    _restraint(
        "policy",
        "restraint",
        0.0,
        "Restraint on moving up while the policy holds.",
        "assumption: off",
        rests_on=HEIGHTS,
        families=_POLICY,
    ),
    _restraint(
        "policy",
        "calm",
        0.0,
        "Effect on moving down while the policy holds.",
        "assumption: off",
        rests_on=HEIGHTS,
        families=_POLICY,
    ),
    _share(
        "policy",
        "mediation",
        0.0,
        "Added to the probability of a mediator while the policy holds.",
        "assumption: off",
        unit="probability per turn",
        rests_on=HEIGHTS,
        families=_POLICY,
    ),
    # How wars end.
    _share(
        "war",
        "rate",
        0.0,
        "Probability per turn that a war ends.",
        "assumption: off; wars last to the horizon",
        unit="probability per turn",
    ),
    _weight(
        "war",
        "balance",
        0.0,
        "Effect of a lopsided balance of power on the end of a war.",
        "Bennett and Stam 1996: lopsided wars are short; size: assumption",
        "log",
    ),
    _weight(
        "war",
        "length",
        0.0,
        "Effect of each turn of war so far on its end.",
        "Bennett and Stam 1996: the hazard hardly changes with time",
        "log per turn",
        rests_on=TURN,
        families=("war_end",),
    ),
    _weight(
        "war",
        "decisive",
        0.0,
        "Effect of the balance of power on which side prevails.",
        "assumption: stronger coalitions prevail more often",
    ),
    # What one crisis of a chain leaves behind for the next.
    _count(
        "sequence",
        "crises",
        1,
        1,
        MOST_CRISES,
        "Periods of a chain, each with one crisis or a quiet one.",
        "assumption: one crisis",
        neutral=1.0,
        unit="periods",
    ),
    Coefficient(
        "sequence",
        "years",
        1.0,
        SHORTEST_TIME,
        LARGEST_FACTOR,
        None,
        "years",
        "Time from one period to the next.",
        "assumption",
    ),
    Coefficient(
        "sequence",
        "carry_arms",
        0.0,
        0.0,
        1.0,
        0.0,
        "yes or no",
        "Whether levels of arms pass on from crisis to crisis, and race on.",
        "assumption: off",
        boolean=True,
    ),
    _factor(
        "sequence",
        "quiet",
        0.0,
        "Weight of no crisis at all in a period, beside the weights of the trigger.",
        "assumption: every period has a crisis",
        unit="as the trigger's weights",
    ),
    Coefficient(
        "sequence",
        "half_life",
        2.0,
        SHORTEST_TIME,
        LARGEST_FACTOR,
        None,
        "years",
        "Time in which what credibility has gained or lost, and a record, fade by half.",
        "assumption",
    ),
    Coefficient(
        "sequence",
        "memory_half_life",
        4.0,
        SHORTEST_TIME,
        LARGEST_FACTOR,
        None,
        "years",
        "Time in which the memory of a crisis between two actors fades by half.",
        "assumption",
    ),
    _share(
        "sequence",
        "gain",
        0.0,
        "Share of what it lacks that the credibility of a promise gains when it is honoured.",
        _REPUTATION,
    ),
    _share(
        "sequence",
        "loss",
        0.0,
        "Share of its credibility that a promise loses when its ally is abandoned or betrayed.",
        _REPUTATION,
    ),
    _share(
        "sequence",
        "caution",
        0.0,
        "Share of its credibility that a promise loses when the promiser comes in but stays low.",
        _REPUTATION,
    ),
    _share(
        "sequence",
        "hard_times",
        0.0,
        "Share of the loss that is excused where the other promisers have failed too.",
        "assumption: off; what all fail in is blamed on circumstances",
    ),
    _factor(
        "sequence",
        "settled_memory",
        0.6,
        "Memory left by a crisis that was settled or mediated; a stalemate leaves 1.",
        "disputes since 1816: after a settlement they recur less than after a stalemate",
    ),
    _factor(
        "sequence",
        "war_memory",
        0.4,
        "Memory left by a war; a stalemate leaves 1.",
        "disputes since 1816: after a war they recur less than after a stalemate",
    ),
    _factor(
        "sequence",
        "recur",
        0.0,
        "Growth of the trigger's weight of two actors with their memory of past crises.",
        _RECURRENCE,
    ),
    _restraint(
        "sequence",
        "bitter",
        0.0,
        "Effect of the memory of past crises with the other originator on moving up.",
        "assumption: off; Colaresi and Thompson 2002: crises between rivals grow worse",
    ),
    _restraint(
        "sequence",
        "firm_step",
        1.0,
        "Change of the record between two actors when one of them yields.",
        "assumption: scale; records lie within -1 and 1",
        unit="record",
    ),
    _restraint(
        "sequence",
        "firm",
        0.0,
        "Restraint by the target's record of standing firm against the challenger.",
        "assumption: off; Huth 1988: who yielded is challenged again by the same rival",
    ),
    _restraint(
        "sequence",
        "general",
        0.0,
        "Restraint by the target's mean record against its other rivals.",
        _GENERAL,
    ),
    # Names for results, and the length of a chain.
    _share(
        "outcome",
        "general_share",
        0.5,
        "Share of all capability that makes a war general.",
        "assumption: definition",
        neutral=None,
    ),
    Coefficient(
        "outcome",
        "system_capability",
        0.0,
        0.0,
        sys.float_info.max,
        0.0,
        "as the actors' capability",
        "Capability of the whole system, absent actors included; at least the sum over the actors.",
        "assumption: the actors in the file are the whole system",
    ),
    _count(
        "run",
        "horizon",
        60,
        1,
        10_000,
        "Turns after which a chain ends.",
        "assumption: half a year",
        unit="turns",
    ),
    Coefficient(
        "run",
        "turn_days",
        3.0,
        0.0,
        FURTHEST,
        None,
        "days",
        "Days that a turn stands for; a label only.",
        "assumption: the pace of July 1914",
    ),
)
"""All coefficients, tables together, in the order of a scenario file."""

FIELDS: tuple[str, ...] = tuple(row.field for row in COEFFICIENTS)
"""Their names in the flat record, in the same order."""

TABLES: tuple[str, ...] = tuple(dict.fromkeys(row.table for row in COEFFICIENTS))
"""Names of the tables, in order."""


def rows_of(table: str) -> tuple[Coefficient, ...]:
    """The coefficients that stand in `table`."""
    return tuple(row for row in COEFFICIENTS if row.table == table)
