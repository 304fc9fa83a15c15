"""Counts as the page shows them: the rows of `run` and `compare`, and the same rows as text.

Nothing is estimated here. Shares and intervals come from `summarise` and `differences`, of which
`run --json` and `compare --json` print the same numbers.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.comparison.compare import actor_differences, differences, splits
from mcescalate.analysis.estimation.summary import summarise
from mcescalate.analysis.mechanisms.timing import incidence, time_to_war
from mcescalate.analysis.tables.export import plain_number, to_dict
from mcescalate.exploration.positions import STAGES, Counted
from mcescalate.model.codes import OUTCOMES
from mcescalate.quantities import (
    change,
    change_interval,
    counted,
    grouped,
    in_words,
    interval,
    one_side,
    percent,
)

if TYPE_CHECKING:
    from mcescalate.results.arrays import Arrays

Facts = dict[str, Any]

EVENTS = ("war", *OUTCOMES)
"""Events with a row of their own, in this order."""

SPLITS = ("wars_prevented", "wars_caused")


class Answers:
    """The answers on one exploration; figures of the base are made once for each stage."""

    def __init__(self) -> None:
        self._of_base: dict[int, Facts] = {}

    def answer(self, found: Counted) -> Facts:
        """One stage of one position, ready for JSON."""
        n_chains = found.stages[found.stage]
        if n_chains not in self._of_base:
            self._of_base[n_chains] = _of_run(found.base)
        now = self._of_base[n_chains] if found.now is found.base else _of_run(found.now)
        events = to_dict(differences(found.pairs))
        actors = to_dict(actor_differences(found.pairs), "actor", "event")
        return {
            "n_chains": n_chains,
            "is_last": found.stage == len(found.stages) - 1,
            "progress": _progress(found),
            "now": now,
            "base": self._of_base[n_chains],
            "events": [
                {"event": name, "label": in_words(name), **row(events[name])} for name in EVENTS
            ],
            "actors": {
                actor: {did: row(of_actor[did]) for did in of_actor}
                for actor, of_actor in actors.items()
            },
            "splits": [
                {"label": in_words(name), "text": f"{percent(one)} ({interval(one)})"}
                for name, one in to_dict(splits(found.pairs)).items()
                if name in SPLITS
            ],
            "differing": [str(chain) for chain in found.differing],
        }


def row(difference: Mapping[str, Any]) -> Facts:
    """A paired difference: its numbers, and the texts of both sides and of the change."""
    first, second = one_side(difference, "first"), one_side(difference, "second")
    return {
        **difference,
        "texts": {
            "base": percent(first),
            "base_interval": interval(first),
            "now": percent(second),
            "now_interval": interval(second),
            "change": change(difference),
            "change_interval": change_interval(difference),
        },
    }


def _progress(found: Counted) -> str:
    """How many chains there are, how many there will be, and why not more."""
    n_chains, last = found.stages[found.stage], found.stages[-1]
    text = counted(n_chains, "chains")
    if n_chains < last:
        return f"{text} so far, of {grouped(last)}"
    if last < STAGES[-1]:
        return f"{text}; more would take too long, or too much memory"
    return text


def _of_run(counts: "Arrays") -> Facts:
    """The figures of one run: those of `run --json`, and when war begins."""
    dataset = counts.to_dataset()
    by_turn = incidence(dataset).sel(end="war")
    begins = {str(name): plain_number(value.item()) for name, value in time_to_war(dataset).items()}
    return {
        "summary": summarise(counts),
        "war_by_day": {
            "day": by_turn["day"].values.tolist(),
            "probability": by_turn["probability"].values.tolist(),
        },
        "war_begins": {**begins, "text": _when(begins)},
        "sides": _sides(counts),
    }


def _when(begins: Mapping[str, Any]) -> str:
    """The median first turn of war among wars, with its interval, in words."""
    if not begins["n"]:
        return "no war"
    turns, lower, upper = (f"{begins[name]:g}" for name in ("turns", "turns_lower", "turns_upper"))
    around = f" ({lower} to {upper})" if lower != upper else ""
    return f"turn {turns}{around}, day {begins['days']:g}"


def _sides(counts: "Arrays") -> dict[str, float | None]:
    """Of the chains in which an actor takes a side, the share with the target's, by actor."""
    engaged = counts.variables["actor_engaged_count"]
    by_side = engaged.values.transpose([engaged.dims.index("actor"), engaged.dims.index("side")])
    names = [str(actor) for actor in counts.variables["actor"].values.tolist()]
    sides = [str(side) for side in counts.variables["side"].values.tolist()]
    target = sides.index("target")
    return {
        name: float(of[target]) / float(of.sum()) if of.sum() else None
        for name, of in zip(names, by_side, strict=True)
    }
