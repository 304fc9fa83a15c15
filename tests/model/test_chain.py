"""How words decide a chain (docs/model.md 8), by hand, with words put in place of random ones.

A word w says yes to a probability p if w < p 2^32, and moves down if w >= (1 - p) 2^32, both
rounded to whole words.
"""

from math import log

import numpy as np
import pytest
from model.states import NOTHING, Moment, crisis

from mcescalate.model import chain, rng, rules, settling
from mcescalate.model.codes import (
    DETERRED,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OPPORTUNISM,
    TARGET,
    TREATY,
)
from mcescalate.model.rng import threshold
from mcescalate.model.settling import opposite_height, settle
from mcescalate.model.state import (
    DOWNS,
    FROM,
    NEWS,
    PERCEIVED,
    QUIET,
    UPS,
    law_rows,
    n_on,
    new_state,
    set_heights,
    unsettle,
    word_at,
)

YES, NO = 0, 2**32 - 1
SEED = CHAIN = np.uint64(0)


def at_share(p: float) -> int:
    """The first word beyond a share of `p`."""
    return round(p * 2**32)


@pytest.fixture
def words(monkeypatch):
    """Words of the next draws, by purpose: four of a slot. Whatever is not given says no."""
    given: dict[int, list[int]] = {}

    def philox(c0, c1, c2, c3, k0, k1):
        return tuple(np.uint64(word) for word in given.get(int(c2) & 255, [NO] * 4))

    monkeypatch.setattr(rng, "philox", philox)
    return given


# ---------------------------------------------------------------- the incident


def incidents(**trigger):
    """A strikes B thrice as often as C strikes A; a third of all incidents at sea."""
    dyads = [
        {"initiator": "A", "target": "B", "weight": 3.0},
        {"initiator": "C", "target": "A", "weight": 1.0},
    ]
    domains = [{"name": "land", "weight": 2.0}, {"name": "sea", "weight": 1.0, "rung": 2}]
    return crisis("ABC", trigger={"dyads": dyads, "accident": 0.25, "domains": domains} | trigger)


def begin(scenario, words, *slot: int, turnout: int = YES) -> Moment:
    """The start of a chain from the words for dyad, domain, accident and challenge."""
    words[rng.INCIDENT] = [*slot, *([NO] * (3 - len(slot))), turnout][:4]
    at = Moment(scenario)
    chain.begin_chain(at.world, at.state, SEED, CHAIN)
    return at


def play_turn(at: Moment, number: int = 0) -> None:
    """The next turn of chain `number`, and what the one after it rests on."""
    settle(at.world, at.state, SEED, np.uint64(number))
    chain.play_turn(at.world, at.state)
    if at.now.over == 0:
        settle(at.world, at.state, SEED, np.uint64(number))


@pytest.mark.parametrize(
    ("dyad", "originators"),
    [(YES, "AB"), (at_share(0.75) - 1, "AB"), (at_share(0.75), "CA"), (NO, "CA")],
)
def test_which_incident(words, dyad, originators):
    at = begin(incidents(), words, dyad)
    drawn = (at.now.drawn_initiator, at.now.drawn_target)
    assert tuple(at.ids[k] for k in drawn) == tuple(originators)
    assert at.engaged == sorted(originators)


def test_which_domain(words):
    # 2^32 * 2/3 = 2863311530.67, rounded up.
    assert begin(incidents(), words, YES, 2863311530).rungs() == {"A": 1, "B": 0}
    assert begin(incidents(), words, YES, 2863311531).rungs() == {"A": 2, "B": 0}


def test_accident_or_challenge(words):
    # An accident in a quarter of all cases; no test of deterrence then.
    at = begin(incidents(), words, YES, YES, at_share(0.25) - 1, turnout=NO)
    assert (at.now.accident, at.now.over) == (1, 0)
    at = begin(incidents(), words, YES, YES, at_share(0.25), turnout=NO)
    assert (at.now.accident, at.now.over, at.now.outcome) == (0, 1, DETERRED)
    assert (at.engaged, at.watching, at.now.turn) == ([], [], 0)
    at = begin(incidents(), words, YES, YES, at_share(0.25), turnout=YES)
    assert (at.now.accident, at.now.over) == (0, 0)


def blaming(words, *slot: int, **rivalries: float) -> Moment:
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
    words[rng.ATTRIBUTION] = [*slot, NO, NO, NO][:4]
    return begin(scenario, words, YES, YES, YES)


def test_blame(words):
    assert blaming(words, at_share(0.4) - 1).now.misattributed == 1
    at = blaming(words, at_share(0.4))
    assert at.now.misattributed == 0
    assert at.rungs() == {"A": 2, "B": 0}


def test_whom_to_blame(words):
    for word, blamed in ((YES, "C"), (at_share(0.25) - 1, "C"), (at_share(0.25), "D"), (NO, "D")):
        at = blaming(words, YES, word)
        assert at.rungs() == {"B": 2, blamed: 0}
        assert at.entry("B") == ("initiator", "initiator", None, 0)
        assert at.now.accident == 1
        assert (at.now.drawn_initiator, at.now.drawn_target) == (0, 1)


def test_nobody_else_to_blame(words):
    assert blaming(words, YES, YES, C=0.0, D=0.0).now.misattributed == 0


# ------------------------------------------------------- governments and armament


def test_governments(words):
    # Divided with 0.3; changes with 0.5 * 0.3 to divided and 0.5 * 0.7 back.
    seen = []
    words[rng.STABILITY] = [
        at_share(0.3) - 1,  # the start: divided
        at_share(0.35),  # turn 1: stays divided
        at_share(0.35) - 1,  # turn 2: united
        at_share(0.15),  # turn 3: stays united
    ]
    about = {"A": {"instability": 0.3, "turnover": 0.5, "tempo": 0.0}, "B": {"tempo": 0.0}}
    at = begin(crisis(about=about), words)
    for _ in range(4):
        seen.append(at.divided("A"))
        play_turn(at)
    assert seen == [1, 1, 0, 0]


def test_who_comes_to_watch_later_has_lived_through_the_same_turns(words):
    # D owes C something, and looks on once C has come in, after three turns.
    about = {"D": {"instability": 0.3, "turnover": 0.5}}
    words[rng.STABILITY] = [YES, NO, YES, NO]
    at = begin(crisis("ABCD", about=about, promises={("D", "C", "defence"): {}}), words)
    at.now.turn = 3
    at.join("C", "target")
    settle(at.world, at.state, SEED, CHAIN)
    assert at.watching == ["D"]
    assert at.divided("D") == 0


def test_the_arms_race_is_run_by_all_at_once(words):
    # Both match the other, with next to no doubt: A, with 0, builds up to B's 1, while B goes
    # down to A's 0. Had A gone first, B would have had no gap, and would build up by one half.
    scenario = crisis(
        about={"B": {"arms": 1}},
        dyads={("A", "B"): {"rivalry": 1.0}, ("B", "A"): {"rivalry": 1.0}},
        arms={"periods": 1, "base": 0.0, "pull": 100.0, "decay": 0.0, "fatigue": 100.0},
    )
    at = Moment(scenario)
    words[rng.ARMS] = [at_share(0.25)] * 4
    chain.race(at.world, at.state, SEED, CHAIN)
    assert (at.arms("A"), at.arms("B")) == (1, 0)


def test_the_memory_of_arms_laws_changes_no_race():
    # All places of an actor but the first are forgotten before each race: races stay the same.
    plain, cramped = lively(), lively()
    for number in range(40):
        cramped.state.arms_laws["level"][:, 1:] = -1
        for at in (plain, cramped):
            chain.race(at.world, at.state, np.uint64(1), np.uint64(number))
        fresh = lively()
        chain.race(fresh.world, fresh.state, np.uint64(1), np.uint64(number))
        arms = [[at.arms(i) for i in at.ids] for at in (plain, cramped, fresh)]
        assert arms[0] == arms[1] == arms[2]
    assert (plain.state.arms_laws["level"] >= 0).sum() > 8


# -------------------------------------------------------------- responses, entries


def resettle(at: Moment) -> None:
    """Let the state know what the test has put in place by hand, and make words anew."""
    at.now.arrivals_seated = at.now.words_known = 0
    set_heights(at.state, at.highest_rung(INITIATOR), at.highest_rung(TARGET))
    unsettle(at.state)
    settle(at.world, at.state, SEED, CHAIN)


def test_response_by_word(words):
    # Without weights each way is 1/3, whatever A reads: at tempo 0.75, 1/4 up, 1/2 hold, 1/4 down.
    scenario = crisis(about={"A": {"tempo": 0.75}}, response=NOTHING)
    decided = []
    for word in (YES, at_share(0.25) - 1, at_share(0.25), at_share(0.75) - 1, at_share(0.75), NO):
        words[rng.RESPONSE] = [word] * 4
        at = begin(scenario, words)
        play_turn(at)
        decided.append(int(at.state.actors[at.place("A")].move))
    assert decided == [1, 1, 0, 0, -1, -1]


def test_response_with_a_mediator_by_word(words):
    # As above, but e^ln 4 for down: at tempo 0.75, 1/8 up, 3/8 hold, 1/2 down.
    scenario = crisis(
        about={"A": {"tempo": 0.75}},
        response=NOTHING,
        mediation={"rate": 1.0, "delay": 0, "pull": log(4.0)},
    )
    words[rng.MEDIATION] = [YES] * 4
    decided = []
    for word in (YES, at_share(1 / 8) - 1, at_share(1 / 8), at_share(1 / 2) - 1, at_share(1 / 2)):
        words[rng.RESPONSE] = [word] * 4
        at = begin(scenario, words)
        play_turn(at)
        assert at.now.mediated == 1
        decided.append(int(at.state.actors[at.place("A")].move))
    assert decided == [1, 1, 0, 0, -1]


def entry(at: Moment, actor: str, side: int, word: int, words) -> tuple[int, int]:
    """Cause and through whom `actor` comes in on `side` by `word`, both sides being on rung 4."""
    words[(rng.JOIN_INITIATOR, rng.JOIN_TARGET)[side]] = [word] * 4
    at.set_rung("A", 4)
    at.set_rung("B", 4)
    resettle(at)
    place = at.state.seat_of[at.place(actor), (rng.JOIN_INITIATOR, rng.JOIN_TARGET)[side]]
    drawn = at.state.actors[at.place(actor)]
    if place >= 0:
        chain.act(at.world, at.state, 0, int(place))
    words.clear()
    if drawn.drawn_to != side:
        return NOBODY, NOBODY
    drawn.drawn_to = NEUTRAL
    return int(drawn.drawn_cause), int(drawn.drawn_through)


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
    chain.convene(at.world, at.state, SEED, CHAIN, at.place("A"), at.place("B"))
    at.join("C", "target")
    at.now.news = int(news)
    return at


def test_causes_in_the_order_of_the_allies_ids(words):
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
        assert entry(at, "D", TARGET, word, words) == (cause, expected)
    assert entry(at, "D", INITIATOR, YES, words) == (NOBODY, NOBODY)


def test_without_news_a_tenth_of_each(words):
    # 0.05 for B, then 0.05 of 0.95: up to 0.0975.
    at = drawn(news=False)
    assert entry(at, "D", TARGET, at_share(0.05) - 1, words) == (TREATY, at.place("B"))
    assert entry(at, "D", TARGET, at_share(0.05), words) == (TREATY, at.place("C"))
    assert entry(at, "D", TARGET, at_share(0.0975) - 1, words) == (TREATY, at.place("C"))
    assert entry(at, "D", TARGET, at_share(0.0975), words) == (OPPORTUNISM, NOBODY)


def torn(words, to_initiator: int, to_target: int) -> str | None:
    """The side that C takes, drawn to each by one half, given both words."""
    scenario = crisis(
        "ABC",
        about={"C": {"tempo": 1.0}},
        promises={("C", "A", "offence"): {}, ("C", "B", "defence"): {}},
        alliance=EVEN,
    )
    words[rng.JOIN_INITIATOR] = [to_initiator] * 4
    words[rng.JOIN_TARGET] = [to_target] * 4
    at = Moment(scenario)
    chain.convene(at.world, at.state, SEED, CHAIN, at.place("A"), at.place("B"))
    at.set_rung("A", 4)
    at.set_rung("B", 4)
    resettle(at)
    play_turn(at)
    return at.side("C")


def test_drawn_to_both_sides_it_stays_out(words):
    below, beyond = at_share(0.5) - 1, at_share(0.5)
    assert torn(words, below, beyond) == "initiator"
    assert torn(words, beyond, below) == "target"
    assert torn(words, below, below) is None
    assert torn(words, beyond, beyond) is None


# ------------------------------------------------------- nothing stale, nothing left


def lively(turnover: float = 0.6, tempo: float = 0.9, eagerness: float = -1.0):
    """C and D come in, governments change, and arms are built up."""
    scenario = crisis(
        "ABCD",
        about={i: {"instability": 0.5, "turnover": turnover, "tempo": tempo} for i in "ABCD"},
        promises={
            ("C", "B", "defence"): {"credibility": 0.8},
            ("D", "C", "defence"): {},
            ("D", "A", "support"): {},
        },
        dyads={(a, b): {"rivalry": 0.6} for a, b in ("AB", "BA", "BC", "CA")},
        arms={"periods": 3, "levels": 4, "base": 0.0},
        alliance={"base": eagerness},
        response={"up": 1.0, "war_cost": 0.5},
        trigger={
            "dyads": [{"initiator": a, "target": b} for a, b in ("AB", "BA", "CA")],
            "accident": 0.5,
            "domains": [{"name": "cyber", "misattribution": 0.5}],
        },
        run={"horizon": 12},
    )
    return Moment(scenario)


def check_memory(at: Moment) -> int:
    """What a turn rests on is what the rules say now; returns how many calls are bound exactly."""
    world, state, now = at.world, at.state, at.now
    balance = rules.balance_of_power(world, state)
    assert now.balance == balance
    assert now.height_initiator == rules.highest_rung(state, INITIATOR)
    assert now.height_target == rules.highest_rung(state, TARGET)
    fresh = new_state(world)._replace(
        **{
            name: getattr(state, name).copy()
            for name in ("now", "actors", "engaged", "sides", "watching")
        }
    )
    fresh.now.pulls_known = 0
    bounds = state.seat_bounds
    below, from_ = bounds[now.news], bounds[FROM]
    for i in state.engaged[: now.n_engaged]:
        me, place = state.actors[i], state.seat_of[i, rng.RESPONSE]
        exact = (0, rng.WORDS)
        if me.rung < world.top:
            anyway, misread, down = rules.response_law(world, fresh, i, balance, now.mediated)
            exact = threshold(anyway + misread), rng.WORDS - threshold(down)
            rows = law_rows(state, i)[:, : world.top + 1]
            np.testing.assert_array_equal(
                rows[[PERCEIVED, UPS, DOWNS]],
                law_rows(fresh, i)[[PERCEIVED, UPS, DOWNS], : world.top + 1],
            )
        assert (bounds[QUIET, place], bounds[NEWS, place], from_[place]) == (exact[0], *exact)
    n_calls = 0
    for k in range(world.n_actors):
        for side, purpose in ((INITIATOR, rng.JOIN_INITIATOR), (TARGET, rng.JOIN_TARGET)):
            place = state.seat_of[k, purpose]
            if state.actors[k].side != NEUTRAL:
                assert place < 0 or below[place] == 0
                continue
            height = opposite_height(state, side)
            rules.fill_entry_shares(world, fresh, k, side, height, balance)
            for news in (QUIET, NEWS):
                exact = threshold(fresh.shares[news, n_on(state, side)])
                if place < 0:
                    assert exact == 0
                else:
                    n_calls += 0 < exact == bounds[news, place]
                    assert bounds[news, place] >= exact
    row = now.turn - now.words_from
    due = set(due_seats(state))
    for place in range(now.n_seats):
        word = word_at(state, row, place)
        is_decision = state.seats[place].purpose not in (rng.MEDIATION, rng.STABILITY)
        is_outside = word < below[place] or word >= from_[place]
        assert (place in due) == (is_decision and is_outside)
    return n_calls


def due_seats(state) -> list[int]:
    """Seats whose words may do something in the next turn."""
    groups = range(-(-state.now.n_seats // rng.LANES))
    return [
        group * rng.LANES + k
        for group in groups
        for k in range(rng.LANES)
        if state.due[group] >> k & 1
    ]


def test_what_is_known_before_a_turn_is_never_stale():
    calls = mediators = 0
    kinds = ((0.05, 0.3, -1.0), (0.05, 0.9, -4.0), (0.3, 0.9, -4.0))
    for at in (lively(*kind) for kind in kinds):
        for number in range(40):
            chain.begin_chain(at.world, at.state, np.uint64(1), np.uint64(number))
            while at.now.over == 0:
                settle(at.world, at.state, np.uint64(1), np.uint64(number))
                calls += check_memory(at)
                mediators += at.now.mediated
                chain.play_turn(at.world, at.state)
    assert calls > 10
    assert mediators > 10


def told(at: Moment) -> dict:
    """All that a finished chain leaves to be counted."""
    names = ("outcome", "turn", "war_turn", "misreads", "war_began_misread", "initiator", "target")
    scalars = {name: int(at.now[name]) for name in names}
    actors = {i: (at.entry(i), at.rung(i), at.peak(i)) for i in at.engaged}
    return scalars | {"actors": actors}


def test_passing_quiet_turns_is_playing_them(monkeypatch):
    passed = 0
    close_turn = settling.close_turn

    def count(*arguments):
        nonlocal passed
        passed += 1
        close_turn(*arguments)

    monkeypatch.setattr(settling, "close_turn", count)
    for kind in ((0.05, 0.3, -1.0), (0.05, 0.9, -4.0), (0.3, 0.9, -4.0)):
        at, turn_by_turn = lively(*kind), lively(*kind)
        for number in map(np.uint64, range(40)):
            chain.run_chain(at.world, at.state, np.uint64(1), number)
            chain.begin_chain(turn_by_turn.world, turn_by_turn.state, np.uint64(1), number)
            while turn_by_turn.now.over == 0:
                settle(turn_by_turn.world, turn_by_turn.state, np.uint64(1), number)
                chain.play_turn(turn_by_turn.world, turn_by_turn.state)
            assert told(at) == told(turn_by_turn)
    assert passed > 100


def test_a_chain_leaves_nothing_to_the_next():
    used = lively()
    for number in range(20):
        fresh = lively()
        for at in (used, fresh):
            chain.run_chain(at.world, at.state, np.uint64(1), np.uint64(number))
        assert told(used) == told(fresh)
