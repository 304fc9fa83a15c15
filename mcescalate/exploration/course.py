"""One chain as a timeline: the rung of every actor engaged, turn by turn."""

from typing import Any

from mcescalate.analysis.plots.time_courses import courses_of
from mcescalate.engine.trace import Trace
from mcescalate.quantities import in_words

Facts = dict[str, Any]


def describe_course(trace: Trace) -> Facts:
    """Rungs by actor and turn, entries, misread moves, mediation, how it ended, and the story."""
    courses, misread, mediated = courses_of(trace)
    fates = {fate.actor: fate for fate in trace.end.actors}
    return {
        "chain": str(trace.chain),
        "outcome": in_words(trace.end.outcome),
        "war_turn": trace.end.war_turn,
        "turn_days": trace.turn_days,
        "mediated": mediated,
        "rows": [
            {
                "actor": actor,
                "side": fates[actor].side if actor in fates else "",
                "cause": in_words(fates[actor].cause) if actor in fates else "",
                "through": (fates[actor].through or "") if actor in fates else "",
                "rungs": {str(turn): rung for turn, rung in course.items()},
                "misread": misread.get(actor, []),
            }
            for actor, course in courses.items()
        ],
        "story": str(trace),
    }
