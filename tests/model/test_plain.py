"""How words decide a chain (docs/model.md 9), by hand, with words put in place of random ones.

A word w says yes to a probability p if w < p 2^32, and moves down if w >= (1 - p) 2^32, both
rounded to whole words.
"""

from math import log

import numpy as np
import pytest
from model.states import NOTHING, Moment, crisis

from mcescalate.model import words
from mcescalate.model.chain import plain
from mcescalate.model.codes import (
    BYSTANDER,
    DETERRED,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OPPORTUNISM,
    TARGET,
    TREATY,
    UNDECIDED,
)

YES, NO = 0, 2**32 - 1
SEED = CHAIN = np.uint64(0)


def at_share(p: float) -> int:
    """The first word beyond a share of `p`."""
    return round(p * 2**32)


@pytest.fixture
def given(monkeypatch):
    """Words of the next draws, by purpose: four of a slot. Whatever is not given says no."""
    by_purpose: dict[int, list[int]] = {}

    def philox(c0, c1, c2, c3, k0, k1):
        return tuple(np.uint64(word) for word in by_purpose.get(int(c2) & 255, [NO] * 4))

    monkeypatch.setattr(words, "philox", philox)
    return by_purpose


# ---------------------------------------------------------------- the incident


def incidents(**trigger):
    """A strikes B thrice as often as C strikes A; a third of all incidents at sea."""
    dyads = [
        {"initiator": "A", "target": "B", "weight": 3.0},
        {"initiator": "C", "target": "A", "weight": 1.0},
    ]
    domains = [{"name": "land", "weight": 2.0}, {"name": "sea", "weight": 1.0, "rung": 2}]
    return crisis("ABC", trigger={"dyads": dyads, "accident": 0.25, "domains": domains} | trigger)


def begin(scenario, given, *slot: int, turnout: int = YES) -> Moment:
    """The start of a chain from the words for dyad, domain, accident and challenge."""
    given[words.INCIDENT] = [*slot, *([NO] * (3 - len(slot))), turnout][:4]
    at = Moment(scenario)
    plain.begin_chain(at.world, at.state, SEED, CHAIN)
    return at


def next_turn(at: Moment, number: int = 0) -> None:
    """The next turn of chain `number`."""
    plain.take_turn(at.world, at.state, SEED, np.uint64(number))


@pytest.mark.parametrize(
    ("dyad", "originators"),
    [(YES, "AB"), (at_share(0.75) - 1, "AB"), (at_share(0.75), "CA"), (NO, "CA")],
)
def test_which_incident(given, dyad, originators):
    at = begin(incidents(), given, dyad)
    drawn = (at.now.drawn_initiator, at.now.drawn_target)
    assert tuple(at.ids[k] for k in drawn) == tuple(originators)
    assert at.engaged == sorted(originators)


def test_which_domain(given):
    # 2^32 * 2/3 = 2863311530.67, rounded up.
    assert begin(incidents(), given, YES, 2863311530).rungs() == {"A": 1, "B": 0}
    assert begin(incidents(), given, YES, 2863311531).rungs() == {"A": 2, "B": 0}


def test_accident_or_challenge(given):
    # An accident in a quarter of all cases; no test of deterrence then.
    at = begin(incidents(), given, YES, YES, at_share(0.25) - 1, turnout=NO)
    assert (at.now.accident, at.now.over) == (1, 0)
    at = begin(incidents(), given, YES, YES, at_share(0.25), turnout=NO)
    assert (at.now.accident, at.now.over, at.now.outcome) == (0, 1, DETERRED)
    assert (at.engaged, at.watching, at.now.turn) == ([], [], 0)
    at = begin(incidents(), given, YES, YES, at_share(0.25), turnout=YES)
    assert (at.now.accident, at.now.over) == (0, 0)


def blaming(given, *slot: int, **rivalries: float) -> Moment:
    """B, struck by A, may blame C (rivalry 1) or D (3), in 0.4 of all cases."""
    scenario = crisis(
        "ABCD",
        dyads={("B", "A"): {"rivalry": 7.0}}
        | {("B", x): {"rivalry": v} for x, v in ({"C": 1.0, "D": 3.0} | rivalries).items()},
        trigger={
            "initiator": "A",
            "target": "B",
            "accident": 1.0,
            "domains": [{"name": "cyber", "misattribution": 0.4, "rung": 2}],
        },
    )
    given[words.ATTRIBUTION] = [*slot, NO, NO, NO][:4]
    return begin(scenario, given, YES, YES, YES)


def test_blame(given):
    assert blaming(given, at_share(0.4) - 1).now.misattributed == 1
    at = blaming(given, at_share(0.4))
    assert at.now.misattributed == 0
    assert at.rungs() == {"A": 2, "B": 0}


def test_the_state_to_blame(given):
    for word, blamed in ((YES, "C"), (at_share(0.25) - 1, "C"), (at_share(0.25), "D"), (NO, "D")):
        at = blaming(given, YES, word)
        assert at.rungs() == {"B": 2, blamed: 0}
        assert at.entry("B") == ("initiator", "initiator", None, 0)
        assert at.now.accident == 1
        assert (at.now.drawn_initiator, at.now.drawn_target) == (0, 1)


def test_the_state_to_blame_beyond_rivals(given):
    # C within half of B's reach, 2*0.5 = 1; D its rival by 1 and in full reach, 1 + 2 = 3; E its
    # ally. So C in a quarter of cases, though nobody's rival.
    scenario = crisis(
        "ABCDE",
        promises={("E", "B", "defence"): {}},
        dyads={("B", "C"): {"reach": 0.5}, ("B", "D"): {"rivalry": 1.0}},
        trigger={
            "initiator": "A",
            "target": "B",
            "accident": 1.0,
            "blame": 2.0,
            "domains": [{"name": "cyber", "misattribution": 0.4}],
        },
    )
    for word, blamed in ((YES, "C"), (at_share(0.25) - 1, "C"), (at_share(0.25), "D"), (NO, "D")):
        given[words.ATTRIBUTION] = [YES, word, NO, NO]
        assert begin(scenario, given, YES, YES, YES).rungs() == {"B": 1, blamed: 0}


def test_no_other_state_to_blame(given):
    assert blaming(given, YES, YES, C=0.0, D=0.0).now.misattributed == 0


# ------------------------------------------------------- governments and armament


def test_governments(given):
    # Divided with 0.3; changes with 0.5 * 0.3 to divided and 0.5 * 0.7 back.
    seen = []
    given[words.STABILITY] = [
        at_share(0.3) - 1,  # the start: divided
        at_share(0.35),  # turn 1: stays divided
        at_share(0.35) - 1,  # turn 2: united
        at_share(0.15),  # turn 3: stays united
    ]
    about = {"A": {"instability": 0.3, "turnover": 0.5, "tempo": 0.0}, "B": {"tempo": 0.0}}
    at = begin(crisis(about=about), given)
    for _ in range(4):
        seen.append(at.divided("A"))
        next_turn(at)
    assert seen == [1, 1, 0, 0]


def test_the_arms_race_is_run_by_all_at_once(given):
    # Both match the other, with next to no doubt: A, with 0, builds up to B's 1, while B goes
    # down to A's 0. Had A gone first, B would have had no gap, and would build up by one half.
    scenario = crisis(
        about={"B": {"arms": 1}},
        dyads={("A", "B"): {"rivalry": 1.0}, ("B", "A"): {"rivalry": 1.0}},
        arms={"periods": 1, "base": 0.0, "pull": 100.0, "decay": 0.0, "fatigue": 100.0},
    )
    at = Moment(scenario)
    given[words.ARMS] = [at_share(0.25)] * 4
    plain.race(at.world, at.state, SEED, CHAIN)
    assert (at.arms("A"), at.arms("B")) == (1, 0)


def test_arms_above_the_highest_level_are_set_to_it(given):
    at = Moment(crisis(about={"A": {"arms": 4}, "B": {"arms": 1}}, arms={"levels": 2}))
    plain.race(at.world, at.state, SEED, CHAIN)
    assert (at.arms("A"), at.arms("B")) == (2, 1)


# -------------------------------------------------------------- responses, entries


def test_response_by_word(given):
    # Without weights each way is 1/3, whatever A reads: at tempo 0.75, 1/4 up, 1/2 hold, 1/4 down.
    scenario = crisis(about={"A": {"tempo": 0.75}}, response=NOTHING)
    decided = []
    for word in (YES, at_share(0.25) - 1, at_share(0.25), at_share(0.75) - 1, at_share(0.75), NO):
        given[words.RESPONSE] = [word] * 4
        at = begin(scenario, given)
        next_turn(at)
        decided.append(int(at.state.actors[at.place("A")].move))
    assert decided == [1, 1, 0, 0, -1, -1]


def test_the_highest_words_that_move_up_do_so_by_misreading(given):
    # B, on rung 0, takes A's rung 1 for 2. With ln 2 for each rung up weighs 2^2 as it sees A and
    # 2^1 as A is, down 2^-2 and 2^-1: up has 4 / 5.25 = 16/21, and had it seen A, 2 / 3.5 = 12/21.
    scenario = crisis(
        about={"B": {"bias": 1.0, "noise": 0.0, "tempo": 1.0}},
        response=NOTHING | {"gap": log(2.0)},
    )
    decided = []
    for word in (YES, at_share(12 / 21) - 1, at_share(12 / 21), at_share(16 / 21) - 1):
        given[words.RESPONSE] = [word] * 4
        at = begin(scenario, given)
        at.set_rung("A", 1)
        next_turn(at)
        decided.append(int(at.state.actors[at.place("B")].is_misread))
        assert at.rungs()["B"] == 1
    assert decided == [0, 0, 1, 1]


def test_mediators_come_by_the_word_of_the_turn(given):
    about = {"A": {"tempo": 0.0}, "B": {"tempo": 0.0}}
    at = begin(crisis(about=about, mediation={"rate": 0.5, "delay": 0, "tension": 0.0}), given)
    at.set_rung("A", 1)
    given[words.MEDIATION] = [YES, at_share(0.5), at_share(0.5) - 1, NO]
    heard = []
    for _ in range(4):
        next_turn(at)
        heard.append(int(at.now.mediated))
    assert heard == [1, 0, 1, 0]


def test_response_with_a_mediator_by_word(given):
    # As above, but e^ln 4 for down: at tempo 0.75, 1/8 up, 3/8 hold, 1/2 down.
    scenario = crisis(
        about={"A": {"tempo": 0.75}},
        response=NOTHING,
        mediation={"rate": 1.0, "delay": 0, "pull": log(4.0)},
    )
    given[words.MEDIATION] = [YES] * 4
    decided = []
    for word in (YES, at_share(1 / 8) - 1, at_share(1 / 8), at_share(1 / 2) - 1, at_share(1 / 2)):
        given[words.RESPONSE] = [word] * 4
        at = begin(scenario, given)
        next_turn(at)
        assert at.now.mediated == 1
        decided.append(int(at.state.actors[at.place("A")].move))
    assert decided == [1, 1, 0, 0, -1]


def entry(at: Moment, actor: str, side: int, word: int, given) -> tuple[int, int]:
    """Cause and through whom `actor` comes in on `side` by `word`, both sides being on rung 4."""
    given[(words.JOIN_INITIATOR, words.JOIN_TARGET)[side]] = [word] * 4
    at.set_rung("A", 4)
    at.set_rung("B", 4)
    at.now.turn = 1
    me = at.state.actors[at.place(actor)]
    balance = at.balance_of_power()
    plain.hear_call(at.world, at.state, SEED, CHAIN, at.place(actor), side, balance)
    given.clear()
    if me.drawn_to != side:
        return NOBODY, NOBODY
    me.drawn_to = NEUTRAL
    at.now.n_drawn = 0
    return int(me.drawn_cause), int(me.drawn_through)


EVEN = dict.fromkeys(("base", "obligation", "threat", "balance", "rivalry", "reach"), 0.0)
"""`[alliance]` in which every tie hazard is half the tempo."""


def drawn(news: bool = True) -> Moment:
    """D is drawn to B and C, on one side, by 1/2 each, and as an opportunist by 1/2 more."""
    scenario = crisis(
        "ABCD",
        about={"D": {"tempo": 1.0}},
        promises={("D", "B", "defence"): {}, ("D", "C", "defence"): {}},
        dyads={("D", "A"): {"rivalry": 1.0}},
        alliance=EVEN,
        contagion=dict.fromkeys(("base", "rivalry", "balance", "major", "reach"), 0.0),
    )
    at = Moment(scenario)
    at.open("A", "B")
    at.join("C", "target")
    at.now.news = int(news)
    return at


def test_causes_in_the_order_of_the_allies_ids(given):
    # First B: 1/2; then C: 1/2 of the rest, up to 3/4; then opportunism up to 7/8.
    at = drawn()
    for word, cause, through in (
        (YES, TREATY, "B"),
        (at_share(1 / 2) - 1, TREATY, "B"),
        (at_share(1 / 2), TREATY, "C"),
        (at_share(3 / 4) - 1, TREATY, "C"),
        (at_share(3 / 4), OPPORTUNISM, None),
        (at_share(7 / 8) - 1, OPPORTUNISM, None),
        (at_share(7 / 8), NOBODY, None),
        (NO, NOBODY, None),
    ):
        expected = NOBODY if through is None else at.place(through)
        assert entry(at, "D", TARGET, word, given) == (cause, expected)
    assert entry(at, "D", INITIATOR, YES, given) == (NOBODY, NOBODY)


def test_without_news_a_tenth_of_each(given):
    # 0.05 for B, then 0.05 of 0.95: up to 0.0975.
    at = drawn(news=False)
    assert entry(at, "D", TARGET, at_share(0.05) - 1, given) == (TREATY, at.place("B"))
    assert entry(at, "D", TARGET, at_share(0.05), given) == (TREATY, at.place("C"))
    assert entry(at, "D", TARGET, at_share(0.0975) - 1, given) == (TREATY, at.place("C"))
    assert entry(at, "D", TARGET, at_share(0.0975), given) == (OPPORTUNISM, NOBODY)


def torn(given, to_initiator: int, to_target: int) -> str | None:
    """The side that C takes, drawn to each by one half, given both words."""
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 1.0}},
        promises={("C", "A", "offence"): {}, ("C", "B", "defence"): {}},
        alliance=EVEN,
    )
    given[words.JOIN_INITIATOR] = [to_initiator] * 4
    given[words.JOIN_TARGET] = [to_target] * 4
    at = Moment(scenario)
    at.open("A", "B")
    at.set_rung("A", 4)
    at.set_rung("B", 4)
    next_turn(at)
    return at.side("C")


def test_drawn_to_both_sides_it_stays_out(given):
    below, beyond = at_share(0.5) - 1, at_share(0.5)
    assert torn(given, below, beyond) == "initiator"
    assert torn(given, beyond, below) == "target"
    assert torn(given, below, below) is None
    assert torn(given, beyond, beyond) is None


def test_a_bystander_comes_last(given):
    # D is bound to B by one half; then, a rival of nobody, it stands by with one half of the rest.
    scenario = crisis(
        "ABCD",
        about={"D": {"tempo": 1.0}},
        promises={("D", "B", "defence"): {}},
        alliance=EVEN,
        bystander={"base": 0.0},
    )
    at = Moment(scenario)
    at.open("A", "B")
    for word, cause, through in (
        (at_share(1 / 2) - 1, TREATY, "B"),
        (at_share(1 / 2), BYSTANDER, None),
        (at_share(3 / 4) - 1, BYSTANDER, None),
        (at_share(3 / 4), NOBODY, None),
    ):
        expected = NOBODY if through is None else at.place(through)
        assert entry(at, "D", TARGET, word, given) == (cause, expected)
    # Bound to neither, it may come in on either side.
    assert entry(at, "D", INITIATOR, at_share(1 / 2) - 1, given) == (BYSTANDER, NOBODY)
    assert entry(at, "D", INITIATOR, at_share(1 / 2), given) == (NOBODY, NOBODY)


# ---------------------------------------------------------------- ends of wars


def warring(turn: int = 2, war_turn: int = 1, **war: float) -> Moment:
    """A, of 3, at war with B, of 1, since `war_turn`; C has joined B; `turn` turns are over."""
    scenario = crisis(
        "ABCD",
        about={"A": {"capability": 3.0, "optimism": -1.0}, "C": {"tempo": 1.0}}
        | {"D": {"tempo": 1.0}},
        promises={("D", "B", "defence"): {"credibility": 0.0}},
        dyad_defaults={"reach": 1.0},
        dyads={("C", "A"): {"reach": 0.0}},
        response=NOTHING,
        alliance=EVEN,
        war=war,
    )
    at = Moment(scenario)
    at.open("A", "B")
    at.join("C", "target")
    at.set_rung("A", 5)
    at.set_rung("B", 5)
    at.now.turn, at.now.war_turn = turn, war_turn
    return at


def test_a_war_ends_by_word(given):
    # The balance is (3 - 1)/(3 + 1) = 0.5, whatever A thinks of it: 0.125 e^(2 ln 2 * 0.5) = 1/4
    # in every turn of war but the first. The word is that of the present turn, the third.
    for word, over in ((at_share(1 / 4) - 1, 1), (at_share(1 / 4), 0)):
        at = warring(rate=0.125, balance=2 * log(2.0))
        given[words.WAR_END] = [NO, NO, word, NO]
        next_turn(at)
        assert (at.now.over, at.now.war_over, at.now.turn) == (over, over, 3)
        assert (at.now.winner == UNDECIDED) == (over == 0)


def test_a_war_lasts_longer_the_older_it_is(given):
    # In the third turn of war, two after its first: 1 e^(-2 ln 2) = 1/4.
    for word, over in ((at_share(1 / 4) - 1, 1), (at_share(1 / 4), 0)):
        at = warring(rate=1.0, length=-log(2.0))
        given[words.WAR_END] = [NO, NO, word, NO]
        next_turn(at)
        assert at.now.over == over


def test_who_prevails_by_word(given):
    # With the balance of 0.5: 1 / (1 + e^-(2 ln 3 * 0.5)) = 3/4 for the initiator's side.
    for word, winner in ((at_share(3 / 4) - 1, INITIATOR), (at_share(3 / 4), TARGET)):
        at = warring(rate=1.0, decisive=2 * log(3.0))
        given[words.WAR_END] = [NO, NO, YES, NO]
        given[words.WINNER] = [NO, NO, word, NO]
        next_turn(at)
        assert (at.now.over, at.now.winner) == (1, winner)


def test_the_last_turn_of_a_war_is_simulated_to_its_end(given):
    given[words.WAR_END] = [YES] * 4
    given[words.RESPONSE] = [YES] * 4
    given[words.JOIN_TARGET] = [YES] * 4
    at = warring(rate=1.0)
    next_turn(at)
    assert (at.now.over, at.rungs()) == (1, {"A": 5, "B": 5, "C": 2, "D": 1})


def test_no_war_ends_in_its_first_turn(given):
    given[words.WAR_END] = [YES] * 4
    given[words.RESPONSE] = [YES] * 4
    at = warring(turn=0, war_turn=0, rate=1.0)
    at.set_rung("A", 4)
    at.set_rung("B", 4)
    next_turn(at)
    assert (at.now.war_turn, at.now.over) == (1, 0)
    next_turn(at)
    assert (at.now.turn, at.now.over) == (2, 1)
