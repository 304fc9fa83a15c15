"""Integer codes of sides, outcomes, causes, ties and dependences, with their names."""

NEUTRAL = -1
INITIATOR = 0
TARGET = 1
SIDES = ("initiator", "target")

DETERRED = 0
SETTLED = 1
MEDIATED = 2
STALEMATE = 3
LIMITED_WAR = 4
GENERAL_WAR = 5
NO_OUTCOME = 255
"""Of a quiet period, where outcomes are recorded."""
OUTCOMES = ("deterred", "settled", "mediated", "stalemate", "limited_war", "general_war")

# The originators' causes are the codes of their sides.
TREATY = 2
OPPORTUNISM = 3
BYSTANDER = 4
CAUSES = ("initiator", "target", "treaty", "opportunism", "bystander")
NOBODY = -1

DOWN = -1
HOLD = 0
UP = 1

FOUGHT = 0
STOOD_BY = 1
ABANDONED = 2
BETRAYED = 3
TIE_FATES = ("fought", "stood_by", "abandoned", "betrayed")

ENDED = 0
AT_HORIZON = 1
WAR_ENDS = ("ended", "horizon")
NO_WAR = -1
UNDECIDED = 2
WINNERS = (*SIDES, "undecided")

OTHER_PAIR = 0
SAME_INITIATOR = 1
ROLES_REVERSED = 2
RECURRENCES = ("other_pair", "same_initiator", "roles_reversed")
"""Who begins against whom next, beside the crisis before."""

CREDIBILITY_CLASSES = 10
"""Classes of credibility, each a tenth wide."""

MISREAD_CLASSES = 16
"""Classes of the number of misread moves; the last one means "or more"."""

MOST_RUNGS = 16
"""Rungs that a ladder may have; tables by rung read have room for all of them."""

# What the result of a rule may depend on, as bits: see `model.dependences`.
CRISIS = 1
STANDING = 2
GOVERNMENTS = 4
OWN_RUNG = 8
ALLIED_RUNGS = 16
OPPOSITE_RUNGS = 32
MEDIATION = 64
NEWS = 128
TURN = 256
HEIGHTS = 512
ANYTHING = 1023

DEPENDENCES = {
    CRISIS: "the crisis",
    STANDING: "who stands where",
    GOVERNMENTS: "governments",
    OWN_RUNG: "the own rung",
    ALLIED_RUNGS: "rungs of allies",
    OPPOSITE_RUNGS: "rungs opposite",
    MEDIATION: "mediation",
    NEWS: "news",
    TURN: "the turn",
    HEIGHTS: "the highest rung of all",
}
