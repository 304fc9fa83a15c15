"""What the kernel remembers is never stale: it is what the rules say afresh, in every turn."""

import numpy as np
import pytest
from kernel.known import KnownMoment
from model.states import Moment, crisis

from mcescalate.kernel.crisis import calls, laws, schedule, turn
from mcescalate.kernel.crisis.memory import NEWS, QUIET, forget, forget_crisis, word_at
from mcescalate.kernel.lanes.words import LANES
from mcescalate.model import words
from mcescalate.model.chain import plain
from mcescalate.model.codes import ANYTHING, INITIATOR, NEUTRAL, TARGET
from mcescalate.model.coefficients import NEVER
from mcescalate.model.rules.joining import n_hazards, next_hazard, nth_impulse, quiet_share
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import response_law, threat_felt
from mcescalate.model.state import highest_rung, originator, other
from mcescalate.model.words import threshold
from mcescalate.scenario.schema import Scenario

SEED = np.uint64(1)
OF_NO_DECISION = (words.MEDIATION, words.STABILITY, words.WAR_END)
"""Purposes of words that are used between turns."""


def begin(at: KnownMoment, number: int) -> None:
    """Begin chain `number`."""
    forget_crisis(at.memory)
    turn.begin_chain(at.world, at.state, at.memory, SEED, np.uint64(number))


def bring_up_to_date(at: KnownMoment, number: int) -> None:
    schedule.bring_up_to_date(at.world, at.state, at.memory, SEED, np.uint64(number))


def take_turn(at: KnownMoment) -> None:
    turn.take_turn(at.world, at.state, at.memory)


def simulate(at: KnownMoment, number: int) -> None:
    """Chain `number` to its end, turns in which nothing is due passed."""
    begin(at, number)
    while at.now.over == 0:
        bring_up_to_date(at, number)
        take_turn(at)
        schedule.pass_quiet_turns(at.world, at.state, at.memory)


def lively(
    turnover: float = 0.6, tempo: float = 0.9, eagerness: float = -1.0, terms: float = 0.0
) -> Scenario:
    """C and D come in, governments change, and arms are built up; `terms` scales further ones."""
    return crisis(
        "ABCD",
        about={i: {"instability": 0.5, "turnover": turnover, "tempo": tempo} for i in "ABCD"},
        promises={
            ("C", "B", "defence"): {"credibility": 0.8},
            ("D", "C", "defence"): {},
            ("D", "A", "support"): {},
        },
        dyads={(a, b): {"rivalry": 0.6} for a, b in ("AB", "BA", "BC", "CA")},
        arms={"periods": 3, "levels": 4, "base": 0.0},
        alliance={
            "base": eagerness,
            "short_of_war": terms,
            "follow": terms,
            "divided_delay": 0.5 * terms,
        },
        response={"up": 1.0, "war_cost": 0.5, "encircle": terms, "display": terms}
        | {"assurance": terms, "limited": 0.5 * terms},
        bystander={"base": -2.0 if terms else NEVER, "balance": terms, "short_of_war": terms},
        policy={"from_rung": 2, "restraint": 0.2 * terms, "mediation": 0.1 * terms},
        war={"rate": 0.1 * terms, "balance": terms, "length": 0.1 * terms, "decisive": terms},
        trigger={
            "dyads": [{"initiator": a, "target": b} for a, b in ("AB", "BA", "CA")],
            "accident": 0.5,
            "domains": [{"name": "cyber", "misattribution": 0.5}],
        },
        run={"horizon": 12},
    )


KINDS = ((0.05, 0.3, -1.0), (0.05, 0.9, -4.0), (0.3, 0.9, -4.0), (0.3, 0.5, -4.0, 1.0))


def check_memory(at: KnownMoment) -> int:
    """What a turn rests on is what the rules say now; returns how many calls are bound exactly."""
    world, state, now, known = at.world, at.state, at.now, at.known
    balance = balance_of_power(world, state)
    assert known.balance == balance
    now.turn += 1  # rules speak of the present turn
    for i in state.engaged[: now.n_engaged]:
        place = at.memory.slot_of[i, words.RESPONSE]
        bounds = bounds_of(at, QUIET, place)
        assert bounds == bounds_of(at, NEWS, place)
        if state.actors[i].rung == world.top:
            assert bounds == (0, words.WORDS)
            continue
        anyway, misread, down = response_law(world, state, i, balance, now.mediated)
        exact = threshold(anyway + misread), words.WORDS - threshold(down)
        # Sums in another order: the last bit may differ, and with it rarely a threshold.
        if exact[0] < exact[1] - 2:
            assert bounds == pytest.approx(exact, abs=1)
        assert at.memory.actors[i].up_below == pytest.approx(exact[0], abs=1)
        sound = laws.sound_chance(world, state, at.memory, i)
        assert sound == pytest.approx(anyway, abs=1e-14)
        assert at.memory.actors[i].threat == threat_felt(world, state, i)
    n_calls = 0
    for k in range(world.n_actors):
        for side in (INITIATOR, TARGET):
            place = at.memory.slot_of[k, calls.join_purpose(side)]
            if state.actors[k].side != NEUTRAL:
                assert place < 0 or bounds_of(at, now.news, place)[0] == 0
                continue
            for news, share in ((QUIET, quiet_share(world)), (NEWS, 1.0)):
                out = 1.0
                for n in range(n_hazards(state, side)):
                    height = highest_rung(state, other(side))
                    impulse = nth_impulse(world, state, k, side, n, height, balance)
                    _, out = next_hazard(out, share, impulse)
                exact = threshold(1.0 - out)
                o = originator(state, other(side))
                if place < 0 and at.memory.standing_by[o, news] >= 0:
                    assert at.memory.standing_by[o, news] >= exact
                elif place < 0:
                    assert exact == 0
                else:
                    below, _ = bounds_of(at, news, place)
                    n_calls += 0 < exact == below
                    assert below >= exact
    now.turn -= 1
    row = now.turn - known.words_from
    due = set(due_slots(at.memory))
    for place in range(known.n_slots):
        word = word_at(at.memory, row, place)
        is_decision = at.memory.slots[place].purpose not in OF_NO_DECISION
        below, from_ = bounds_of(at, now.news, place)
        is_outside = word < below or word >= from_
        assert (place in due) == (is_decision and is_outside)
    return n_calls


def bounds_of(at: KnownMoment, news: int, place: int) -> tuple[int, int]:
    """Words below the first, or from the second on, may do something."""
    first, last = int(at.memory.held_from[news, place]), int(at.memory.held_to[news, place])
    return (first, last + 1) if first <= last else (words.WORDS, 0)


def due_slots(memory) -> list[int]:
    """Slots whose words may do something in the next turn."""
    groups = range(-(-memory.known.n_slots // LANES))
    return [
        group * LANES + k
        for group in groups
        for k in range(LANES)
        if (memory.due[group] & ~memory.apart[group]) >> k & 1
    ]


some_chains = pytest.mark.parametrize("n", [12, pytest.param(40, marks=pytest.mark.slow)])


@some_chains
def test_what_is_known_before_a_turn_is_never_stale(n):
    exact = mediators = 0
    for at in (KnownMoment(lively(*kind)) for kind in KINDS):
        for number in range(n):
            begin(at, number)
            while at.now.over == 0:
                bring_up_to_date(at, number)
                exact += check_memory(at)
                mediators += at.now.mediated
                take_turn(at)
    assert exact > n // 4
    assert mediators > n // 4


@some_chains
def test_what_is_known_is_what_is_found_with_everything_forgotten(n):
    # Twice the same chain: once all is forgotten before each turn. Bounds that follow from laws
    # are the same bit for bit; those of calls may be looser once forgotten.
    for kind in KINDS:
        kept, forgetful = KnownMoment(lively(*kind)), KnownMoment(lively(*kind))
        for number in range(n // 2):
            for at in (kept, forgetful):
                begin(at, number)
            while kept.now.over == 0:
                forget(forgetful.memory, ANYTHING)
                forgetful.memory.actors["rung"] = -1
                for at in (kept, forgetful):
                    bring_up_to_date(at, number)
                for i in kept.state.engaged[: kept.now.n_engaged]:
                    place = kept.memory.slot_of[i, words.RESPONSE]
                    assert place == forgetful.memory.slot_of[i, words.RESPONSE]
                    assert bounds_of(kept, QUIET, place) == bounds_of(forgetful, QUIET, place)
                    assert bounds_of(kept, NEWS, place) == bounds_of(forgetful, NEWS, place)
                for at in (kept, forgetful):
                    take_turn(at)
            assert left_by(kept) == left_by(forgetful)


def left_by(at: Moment) -> dict:
    """All that a finished chain leaves to be counted."""
    names = ("outcome", "turn", "war_turn", "misreads", "war_began_misread", "initiator", "target")
    names += ("war_over", "winner")
    scalars = {name: int(at.now[name]) for name in names}
    actors = {i: (at.entry(i), at.rung(i), at.peak(i)) for i in at.engaged}
    return scalars | {"actors": actors}


@some_chains
def test_the_kernel_simulates_what_the_plain_model_does(n):
    for kind in KINDS:
        at, afresh = KnownMoment(lively(*kind)), Moment(lively(*kind))
        for number in range(n):
            simulate(at, number)
            plain.simulate_chain(afresh.world, afresh.state, SEED, np.uint64(number))
            assert left_by(at) == left_by(afresh)


def test_quiet_turns_are_passed(monkeypatch):
    # Else the comparison above would not show that passing them changes nothing.
    passed = 0
    close_turn = schedule.close_turn

    def count(*arguments):
        nonlocal passed
        passed += 1
        close_turn(*arguments)

    monkeypatch.setattr(schedule, "close_turn", count)
    for kind in KINDS:
        at = KnownMoment(lively(*kind))
        for number in range(12):
            simulate(at, number)
    assert passed > 15


def test_a_chain_leaves_nothing_to_the_next():
    used = KnownMoment(lively())
    for number in range(20):
        fresh = KnownMoment(lively())
        for at in (used, fresh):
            simulate(at, number)
        assert left_by(used) == left_by(fresh)


def test_an_actor_that_comes_to_watch_later_has_lived_through_the_same_turns():
    # D owes C something, and looks on once C has come in, after some turns; its government is
    # that of the plain model, which has redrawn it in each turn.
    about = {"D": {"instability": 0.4, "turnover": 0.5}}
    promises = {("D", "C", "defence"): {}, ("C", "B", "defence"): {}}
    scenario = crisis(
        "ABCD",
        about=about,
        promises=promises,
        ladder={"rungs": ["calm", "crisis", "war"], "mobilised": 1, "casus": 1, "mid": [1, 3, 5]},
        alliance={"base": -3.0, "review": 1.0},
        trigger={"initiator": "A", "target": "B", "accident": 1.0},
        run={"horizon": 10},
    )
    seen = set()
    for number in range(30):
        at, afresh = KnownMoment(scenario), Moment(scenario)
        begin(at, number)
        plain.begin_chain(afresh.world, afresh.state, SEED, np.uint64(number))
        while at.now.over == 0:
            bring_up_to_date(at, number)
            if "D" in at.watching:
                assert at.divided("D") == afresh.divided("D")
                seen.add((at.divided("D"), at.now.turn > 2))
            take_turn(at)
            plain.take_turn(afresh.world, afresh.state, SEED, np.uint64(number))
    assert seen >= {(0, True), (1, True)}


def test_the_memory_of_arms_laws_changes_no_race():
    # All places of an actor but the first are forgotten before each race: races stay the same.
    kept, cramped = KnownMoment(lively()), KnownMoment(lively())
    for number in map(np.uint64, range(40)):
        cramped.memory.arms_laws["level"][:, 1:] = -1
        afresh = Moment(lively())
        for at in (kept, cramped):
            turn.race(at.world, at.state, at.memory, SEED, number)
        plain.race(afresh.world, afresh.state, SEED, number)
        arms = [[at.arms(i) for i in at.ids] for at in (kept, cramped, afresh)]
        assert arms[0] == arms[1] == arms[2]
    assert (kept.memory.arms_laws["level"] >= 0).sum() > 8
