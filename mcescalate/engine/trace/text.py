"""A chain as text to read, turn by turn."""

import functools
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mcescalate.engine.trace import parts
from mcescalate.model.codes import SIDES
from mcescalate.quantities import WORDS

TRACE_VERSION = 2
"""Version of the keys of `Trace.to_dict`; raised when one goes or changes its meaning."""

WIDTH = 80
NARROWEST = 40

LEGEND = (
    "Each line lists the options with their probabilities; a uniform draw from 0 to 1 picks one, "
    "in the order given.",
    "~ marks a reading. A run sums over readings and draws only the move, so this one was drawn "
    'afterwards, from its distribution given the move. "Saw war~ for threat~": an accurate reading '
    "would have shown a threat. A misread up is a step up that the accurate reading would not have "
    "caused.",
)


@dataclass(frozen=True)
class Trace:
    """One chain, from its background to its outcome; `print` shows it in words.

    Examples
    --------
    >>> import mcescalate as mc
    >>> chain = mc.trace(mc.load_case("july-1914"), chain=12, seed=7)
    >>> print(str(chain).splitlines()[0])
    July 1914: chain 12 of seed 7
    >>> chain.end.outcome
    'limited_war'
    """

    title: str
    seed: int
    chain: int
    rng_layout: str
    turn_days: float
    rungs: tuple[str, ...]
    arms: tuple[parts.ArmsRace, ...]
    governments: tuple[parts.Government, ...]
    incident: parts.Incident
    misattribution: parts.Misattribution | None
    turns: tuple[parts.Turn, ...]
    end: parts.End

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values for JSON; seed and chain are texts, to keep all their bits."""
        return {
            "schema_version": TRACE_VERSION,
            **asdict(self),
            "seed": str(self.seed),
            "chain": str(self.chain),
        }

    def __str__(self) -> str:
        return describe_with_heading(self)


def describe_with_heading(trace: Trace, width: int = WIDTH) -> str:
    """A chain of one crisis in words, in lines of at most `width` columns but for long names."""
    teller = _Writer(trace, max(width, NARROWEST))
    return "\n".join([*teller.heading(), *teller.story()])


def describe_crisis(trace: Trace, width: int = WIDTH) -> list[str]:
    """The lines on one crisis of a chain."""
    return list(_Writer(trace, max(width, NARROWEST)).story())


def legend_lines(width: int = WIDTH) -> list[str]:
    """The lines that say how to read all others."""
    wrap = functools.partial(textwrap.wrap, width=max(width, NARROWEST), break_long_words=False)
    return [line for remark in LEGEND for line in wrap(remark, break_on_hyphens=False)]


class _Writer:
    """Puts the parts of one trace into sentences."""

    def __init__(self, trace: Trace, width: int):
        self.trace = trace
        self.width = width

    def heading(self) -> Iterator[str]:
        title = self.trace.title or "untitled scenario"
        yield from self.wrapped(f"{title}: chain {self.trace.chain} of seed {self.trace.seed}")
        yield from legend_lines(self.width)

    def story(self) -> Iterator[str]:
        trace = self.trace
        if trace.arms:
            yield "\nLevels of arms, period by period"
            for race in trace.arms:
                yield from self.item(f"{race.actor}  {' '.join(map(str, race.levels))}")
        yield "\nIncident"
        yield from self.incident()
        quiet: list[parts.Turn] = []
        for turn in trace.turns:
            if _is_quiet(turn):
                quiet.append(turn)
                continue
            yield from self.quiet(quiet)
            quiet = []
            yield from self.turn(turn)
        yield from self.quiet(quiet)
        yield ""
        yield from self.end()

    # ---- lines

    def wrapped(self, text: str, first: str = "", rest: str = "") -> list[str]:
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def item(self, text: str) -> list[str]:
        return self.wrapped(text, "  ", "      ")

    def detail(self, text: str) -> list[str]:
        return self.wrapped(text, "      ", "      ")

    def rung(self, number: int) -> str:
        return self.trace.rungs[number]

    # ---- before the first turn

    def incident(self) -> Iterator[str]:
        incident = self.trace.incident
        yield from self.item(_of_all(incident.pair, "incident"))
        yield from self.item(_of_all(incident.domain_draw, "domain"))
        for government in self.trace.governments:
            yield from self.item(_government(government))
        yield from self.item(_tell(incident.accident, "an accident", "no accident", "of one"))
        if incident.deterrence is not None:
            who = incident.initiator
            yield from self.item(f"balance of power {incident.balance:+.3f} for {who}")
            yield from self.item(
                _tell(incident.deterrence, f"{who} goes ahead", f"{who} is deterred", "to go ahead")
            )
        if self.trace.misattribution is not None:
            yield from self.misattribution(self.trace.misattribution)
        if self.trace.turns:
            start = self.trace.turns[0].responses
            yield from self.item(
                ", ".join(f"{one.actor} begins at {self.rung(one.rung)}" for one in start)
            )

    def misattribution(self, drawn: parts.Misattribution) -> Iterator[str]:
        victim = self.trace.incident.target
        yield from self.item(
            _tell(
                drawn.draw,
                f"{victim} does not know the attacker",
                f"{victim} blames the right state",
                "of an error",
            )
        )
        if drawn.blamed is not None:
            yield from self.item(f"{victim} blames and strikes a rival: {_law(drawn.blamed)}")
        elif _came_true(drawn.draw):
            yield from self.detail(f"but {victim} has no other rival, so it blames the right state")

    # ---- turns

    def turn(self, turn: parts.Turn) -> Iterator[str]:
        news = "news" if turn.news else "no news"
        yield ""
        yield from self.wrapped(
            f"Turn {turn.number}: {news}; balance of power {turn.balance:+.3f} for the "
            "initiator's side"
        )
        if turn.mediation is not None:
            yield from self.item(_tell(turn.mediation, "a mediator comes", "no mediator", "of one"))
        for response in turn.responses:
            if response.draw is not None and response.reading is not None:
                yield from self.response(response, response.draw, response.reading)
        fighting = [response.actor for response in turn.responses if response.draw is None]
        if fighting:
            yield from self.item(f"at war: {', '.join(fighting)}")
        for onlooker in turn.onlookers:
            if not _is_aloof(onlooker):
                yield from self.entry(onlooker)
        aloof = [_aloof(onlooker) for onlooker in turn.onlookers if _is_aloof(onlooker)]
        if aloof:
            yield from self.item(f"stay out: {'; '.join(aloof)}")
        if turn.war_end is not None:
            yield from self.war_end(turn.war_end)
        for government in turn.governments:
            if _is_news(government):
                yield from self.item(_government(government))

    def war_end(self, end: parts.WarEnd) -> Iterator[str]:
        yield from self.item(_tell(end.draw, "the war ends", "the war goes on", "of its end"))
        if end.winner is not None:
            yield from self.detail(f"the side that prevails: {_law(end.winner)}")

    def quiet(self, turns: list[parts.Turn]) -> Iterator[str]:
        """A stretch of turns in which all engaged actors fight on, and no other actor joins."""
        if not turns:
            return
        first, last = turns[0].number, turns[-1].number
        when = f"Turn {first}" if first == last else f"Turns {first} to {last}"
        chances = [
            pull.chance for turn in turns for onlooker in turn.onlookers for pull in onlooker.pulls
        ]
        stays = "no other actor could join"
        if chances:
            stays = f"no other actor joins (probabilities of at most {_number(max(chances))})"
        yield ""
        yield from self.wrapped(f"{when}: all engaged actors are at war; {stays}")

    def response(
        self, response: parts.Response, draw: parts.Draw, reading: parts.Reading
    ) -> Iterator[str]:
        before, after = self.rung(response.rung), self.rung(response.rung_after)
        rungs = before if after == before else f"{before} -> {after}"
        dragged = " (drawn into war)" if response.dragged else ""
        yield from self.item(f"{response.actor}  {rungs}{dragged}; {self.sight(response, reading)}")
        yield from self.detail(_law(draw))

    def sight(self, response: parts.Response, reading: parts.Reading) -> str:
        there = ", ".join(f"{one.actor} {self.rung(one.rung)}" for one in response.facing)
        seen = f"saw {self.rung(reading.seen)}~"
        if reading.accurate != reading.seen:
            seen += f" for {self.rung(reading.accurate)}~"
        return f"{seen}; there: {there}"

    def entry(self, onlooker: parts.Onlooker) -> Iterator[str]:
        """An actor that joins, or is drawn to both sides."""
        if onlooker.joined is None:
            yield from self.item(f"{onlooker.actor}  stays out, drawn to both sides at once")
        else:
            fired = next(pull for pull in onlooker.pulls if pull.fired is not None)
            why = _word(fired.draw.chosen)
            yield from self.item(f"{onlooker.actor}  joins on the {onlooker.joined}'s side: {why}")
        for pull in onlooker.pulls:
            yield from self.detail(f"for the {pull.side}: {_law(pull.draw)}")

    # ---- the end

    def end(self) -> Iterator[str]:
        end = self.trace.end
        outcome = end.outcome.replace("_", " ")
        when = ""
        if end.outcome != "deterred":
            days = end.last_turn * self.trace.turn_days
            span = f"{days:g} day" if days == 1 else f"{days:g} days"
            peak = self.rung(end.peak_rung)
            when = f" after turn {end.last_turn} ({span}); highest rung {peak}"
        yield from self.wrapped(f"Outcome: {outcome}{when}", rest="  ")
        if end.war_turn is not None:
            misread = (
                "begun by misreading alone" if end.war_began_misread else "not only by misreading"
            )
            yield from self.item(f"war from turn {end.war_turn} on, {misread}")
            if end.winner in SIDES:
                length = f"{end.war_length} turn{'s' if end.war_length != 1 else ''}"
                yield from self.item(f"war over after {length}: the {end.winner}'s side prevails")
        if end.misread_moves:
            yield from self.item(f"misread moves: {end.misread_moves}")
        for fate in end.actors:
            yield from self.item(
                f"{fate.actor}  {_entry(fate)}, ends at {self.rung(fate.last_rung)}, "
                f"peak {self.rung(fate.peak_rung)}"
            )
        for tie in end.ties:
            yield from self.item(
                f"promise of {tie.actor} to {tie.ally}: {tie.fate.replace('_', ' ')}"
            )


def _number(chance: float) -> str:
    """A probability: four decimals, fewer where it is 0 or 1, an exponent where it is tiny."""
    if chance in (0.0, 1.0):
        return f"{chance:.0f}"
    return f"{chance:.4f}" if chance >= 0.001 else f"{chance:.1e}"


def _of_all(draw: parts.Draw, what: str) -> str:
    """A draw of one among `what`, of which there may be too many to show."""
    if len(draw.chances) == 1:
        return f"{draw.chosen}: the only {what}"
    return f"{draw.chosen}: {_number(draw.chances[draw.chosen])} of {what}s, {_landing(draw)}"


def _landing(draw: parts.Draw) -> str:
    return f"draw {draw.value:.4f}"


def _law(draw: parts.Draw) -> str:
    """All chances but those of 0, the draw, and what it meant."""
    chances = [
        f"{_word(name)} {_number(chance)}" for name, chance in draw.chances.items() if chance > 0.0
    ]
    return f"{', '.join(chances)}; {_landing(draw)}: {_word(draw.chosen)}"


def _word(label: str) -> str:
    return WORDS.get(label, label)


def _came_true(draw: parts.Draw) -> bool:
    """Whether what happened is the first thing that could."""
    return draw.chosen == next(iter(draw.chances))


def _tell(draw: parts.Draw, yes: str, no: str, what: str) -> str:
    """A draw between two; its chance, `what`, is that of `yes`."""
    chance = next(iter(draw.chances.values()))
    happened = yes if _came_true(draw) else no
    return f"{happened}: probability {what} {_number(chance)}, {_landing(draw)}"


def _government(government: parts.Government) -> str:
    name = next(iter(government.draw.chances))
    verb = "is" if government.turn == 0 else f"after turn {government.turn} is"
    happened = f"{government.actor} {verb} {government.draw.chosen} at home"
    return _tell(government.draw, happened, happened, f"to be {name}")


def _is_news(government: parts.Government) -> bool:
    """Whether a government is heard of for the first time, or has changed."""
    return government.turn == 0 or _came_true(government.draw)


def _is_aloof(onlooker: parts.Onlooker) -> bool:
    return all(pull.fired is None for pull in onlooker.pulls)


def _is_quiet(turn: parts.Turn) -> bool:
    return (
        all(response.draw is None for response in turn.responses)
        and all(map(_is_aloof, turn.onlookers))
        and (turn.war_end is None or turn.war_end.winner is None)
        and not any(map(_is_news, turn.governments))
    )


def _aloof(onlooker: parts.Onlooker) -> str:
    pulls = [
        f"for the {pull.side} {_number(pull.chance)} ({_landing(pull.draw)})"
        for pull in onlooker.pulls
    ]
    return f"{onlooker.actor} {', '.join(pulls)}"


def _entry(fate: parts.Fate) -> str:
    if fate.cause == fate.side:
        return f"the {fate.side}"
    through = f" with {fate.through}" if fate.through else ""
    return f"on the {fate.side}'s side from turn {fate.entry_turn} by {_word(fate.cause)}{through}"
