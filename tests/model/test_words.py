"""Random words: published answers, their layout, thresholds, and a look at uniformity.

The known answers are those of the Random123 distribution (D. E. Shaw Research, BSD licence),
file `kat_vectors`, lines "philox4x32 10": counter, key, answer.
"""

import zlib

import numba
import numpy as np
import pytest
from samples import small_scenario
from scipy.stats import chi2

from mcescalate.model import jit, words
from mcescalate.model.codes import DOWN, HOLD, UP
from mcescalate.model.coefficients import COEFFICIENTS
from mcescalate.model.words import decide
from mcescalate.scenario.build import build_world

KNOWN_ANSWERS = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def uint64s(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


jit.register()


@numba.njit
def compiled_philox(c0, c1, c2, c3, k0, k1):
    return words.philox(c0, c1, c2, c3, k0, k1)


@numba.njit
def compiled_word(seed, chain, index, purpose, key):
    return words.draw_word(seed, chain, index, purpose, key)


@pytest.mark.parametrize("philox", [words.philox, compiled_philox], ids=["plain", "compiled"])
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(philox, counter, key, answer):
    assert list(philox(*uint64s(counter), *uint64s(key))) == uint64s(answer)


# ---------------------------------------------------------------- layout


def slot(seed: int, chain: int, block: int, purpose: int, key: int) -> list[int]:
    """The slot by the layout as it is documented: chain, block and purpose, actor; key: seed."""
    low = 0xFFFFFFFF
    counter = [chain & low, chain >> 32, block << 8 | purpose, key]
    answer = words.philox(*(np.uint64(word) for word in [*counter, seed & low, seed >> 32]))
    return [int(word) for word in answer]


SEED, CHAIN, KEY = 0x0123456789ABCDEF, 0xFEDCBA9876543210, 0xDEADBEEF


def test_a_slot_is_a_block_of_four_turns_and_a_purpose():
    for purpose in (words.RESPONSE, words.READING):
        for index in range(12):
            word = words.draw_word(
                np.uint64(SEED), np.uint64(CHAIN), index, purpose, np.uint64(KEY)
            )
            assert word == slot(SEED, CHAIN, index // 4, purpose, KEY)[index % 4]


def test_a_slot_leaves_room_for_the_number_of_the_crisis():
    # Bits 20 to 31 are 0 in the last block of the last purpose; the longest crisis fits below.
    counters = []

    def philox(c0, c1, c2, c3, k0, k1):
        counters.append(int(c2))
        return c0, c1, c2, c3

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "philox", philox)
        for block in (0, words.MOST_BLOCKS - 1):
            words.draw_slot(np.uint64(SEED), np.uint64(CHAIN), block, 255, np.uint64(KEY))
    assert counters == [0xFF, 0xFFFFF]
    assert words.PURPOSES <= 256
    horizon = next(row for row in COEFFICIENTS if row.address == "run.horizon")
    assert horizon.upper < words.MOST_BLOCKS * words.BLOCK


PURPOSES = {
    "stability": words.STABILITY,
    "arms": words.ARMS,
    "mediation": words.MEDIATION,
    "response": words.RESPONSE,
    "join_initiator": words.JOIN_INITIATOR,
    "join_target": words.JOIN_TARGET,
    "reading": words.READING,
    "war_end": words.WAR_END,
    "winner": words.WINNER,
}
GOLDEN = {
    "incident": "b6023157 eff2e25d 2ebf34fd 743efbb4",
    "attribution": "dc2c71f8 647a3841 9035d1b1 7eed568a",
    "stability": "e6417f04 bbaf4da9 fa6277f3 4f581b5a",
    "arms": "e67a87ad 619b3ba5 71d0fff5 1fe5d0f3",
    "mediation": "0efd048b b5e57341 68b6e3c8 6183850d",
    "response": "b8dac5d7 6fccdb26 a5f6f103 3447f31e",
    "join_initiator": "642efaf5 579ccfe2 2fddd8c9 a79c116b",
    "join_target": "25fd83bd bbe9bc52 b125e68b 0765965a",
    "reading": "a5ffee39 b9747dc2 1dd14f40 a98e678f",
    "war_end": "de5f8149 1d1bb5de 11e87e41 703cc457",
    "winner": "47998608 f10cb940 a8fbeae9 b78e712d",
}
"""Seed 1914, chain 7: the slots drawn once, then words 0, 3, 4 and 60 of one actor."""


def test_words_never_change():
    """These words are part of the format: if one moves, RNG_LAYOUT needs a new name."""
    assert words.RNG_LAYOUT == "philox4x32-10/1"
    seed, chain, nobody, key = (np.uint64(n) for n in (1914, 7, words.NO_ACTOR, KEY))
    for name, purpose in (("incident", words.INCIDENT), ("attribution", words.ATTRIBUTION)):
        assert list(words.draw_slot(seed, chain, 0, purpose, nobody)) == uint64s(GOLDEN[name])
    for name, purpose in PURPOSES.items():
        drawn = [words.draw_word(seed, chain, index, purpose, key) for index in (0, 3, 4, 60)]
        assert drawn == uint64s(GOLDEN[name])


def test_seeds_of_branches_never_change_and_differ_by_all_that_they_depend_on():
    seed, chain = np.uint64(1914), np.uint64(7)
    assert words.fork_seed(seed, chain, 3, 5) == np.uint64(0x499843403580514E)
    seeds = {
        int(words.fork_seed(np.uint64(s), np.uint64(c), stage, index))
        for s in (1914, 2**40)
        for c in (7, 2**33)
        for stage in (0, 3, 2**20)
        for index in (0, 5, 2**31)
    }
    assert len(seeds) == 36
    drawn = words.draw_slot(seed, chain, 3, words.FORK, np.uint64(5))
    assert words.fork_seed(seed, chain, 3, 5) == drawn[0] | drawn[1] << np.uint64(32)


def test_purposes_are_never_renumbered():
    assert [words.INCIDENT, words.ATTRIBUTION, *PURPOSES.values()] == list(range(11))
    assert (words.FORK, words.CROSSING, words.RETENTION) == (11, 12, 13)
    assert (words.WORD_DYAD, words.WORD_DOMAIN, words.WORD_ACCIDENT, words.WORD_CHALLENGE) == (
        0,
        1,
        2,
        3,
    )
    assert (words.WORD_BLAME, words.WORD_SCAPEGOAT) == (0, 1)


def test_actors_are_known_by_the_crc_of_their_ids():
    # CRC-32 of "123456789" is 0xcbf43926 in every catalogue of checksums.
    actors = [{"id": i, "capability": 1.0} for i in ("YUG", "123456789")]
    trigger = {"initiator": "YUG", "target": "123456789"}
    world = build_world(small_scenario(actors=actors, trigger=trigger))
    assert world.actors["key"].tolist() == [0xCBF43926, zlib.crc32(b"YUG")]


def test_compiled_words_are_the_same():
    for index, purpose in ((0, words.ARMS), (5, words.RESPONSE), (1001, words.JOIN_TARGET)):
        arguments = (np.uint64(SEED), np.uint64(CHAIN), index, purpose, np.uint64(KEY))
        assert compiled_word(*arguments) == words.draw_word(*arguments)


def test_every_part_of_the_address_matters():
    base = (SEED, CHAIN, 3, words.RESPONSE, KEY)
    others = [
        (SEED ^ 1, CHAIN, 3, words.RESPONSE, KEY),
        (SEED ^ 1 << 63, CHAIN, 3, words.RESPONSE, KEY),
        (SEED, CHAIN ^ 1, 3, words.RESPONSE, KEY),
        (SEED, CHAIN ^ 1 << 63, 3, words.RESPONSE, KEY),
        (SEED, CHAIN, 2, words.RESPONSE, KEY),
        (SEED, CHAIN, 7, words.RESPONSE, KEY),
        (SEED, CHAIN, 3, words.JOIN_TARGET, KEY),
        (SEED, CHAIN, 3, words.RESPONSE, KEY ^ 1),
    ]
    drawn = [
        int(words.draw_word(np.uint64(s), np.uint64(c), index, purpose, np.uint64(key)))
        for s, c, index, purpose, key in [base, *others]
    ]
    assert len(set(drawn)) == len(drawn)


# ---------------------------------------------------------------- words into decisions

LAST = np.uint64(2**32 - 1)


def test_threshold_counts_the_words_that_say_yes():
    # Rounded to the nearest of 2^32, halves up: 2^-33 is one half of a word.
    assert words.threshold(0.0) == 0
    assert words.threshold(1.0) == 2**32
    assert words.threshold(0.5) == 2**31
    assert words.threshold(2.0**-32) == 1
    assert words.threshold(2.0**-33) == 1
    assert words.threshold(0.999 * 2.0**-33) == 0
    assert words.threshold(1.0 - 2.0**-33) == 2**32
    assert words.threshold(1.0 - 2.0**-32) == 2**32 - 1


def test_happens():
    assert not words.happens(np.uint64(0), 0.0)
    assert words.happens(LAST, 1.0)
    assert words.happens(np.uint64(0), 2.0**-33)
    assert not words.happens(np.uint64(0), 2.0**-34)
    assert words.happens(np.uint64(2**31 - 1), 0.5)
    assert not words.happens(np.uint64(2**31), 0.5)
    assert not words.happens(LAST, 1.0 - 2.0**-32)


def test_choose():
    # Quarter, half, quarter.
    cumulative = np.array([0.25, 0.75, 1.0])
    for word, chosen in (
        (0, 0),
        (2**30 - 1, 0),
        (2**30, 1),
        (3 * 2**30 - 1, 1),
        (3 * 2**30, 2),
        (2**32 - 1, 2),
    ):
        assert words.choose(np.uint64(word), cumulative) == chosen


def test_choose_passes_over_classes_without_a_share():
    cumulative = np.array([0.0, 0.5, 0.5, 1.0])
    chosen = [words.choose(np.uint64(w), cumulative) for w in (0, 2**31 - 1, 2**31, 2**32 - 1)]
    assert chosen == [1, 1, 3, 3]


def test_choose_always_ends_at_the_last_class():
    # A sum of shares that falls short of 1 by rounding leaves no gap.
    assert words.choose(LAST, np.array([0.5, 1.0 - 1e-9])) == 1
    assert words.choose(LAST, np.array([1.0])) == 0


def test_decide():
    # Up below a quarter, down in the last eighth.
    up, down = words.threshold(0.25), words.threshold(0.125)
    for word, move in (
        (0, UP),
        (2**30 - 1, UP),
        (2**30, HOLD),
        (7 * 2**29 - 1, HOLD),
        (7 * 2**29, DOWN),
        (2**32 - 1, DOWN),
    ):
        assert decide(np.uint64(word), up, down) == move


def test_decide_between_certainties():
    assert decide(LAST, words.threshold(1.0), 0.0) == UP
    assert decide(np.uint64(0), 0.0, words.threshold(1.0)) == DOWN
    assert decide(np.uint64(0), 0.0, 0.0) == decide(LAST, 0.0, 0.0) == HOLD


# ---------------------------------------------------------------- uniformity

FALSE_ALARM = 1e-6
"""Chance that a perfect source fails one of the following tests; the words are fixed."""


@pytest.fixture(scope="module")
def drawn():
    """64 chains by 64 turns by 8 actors by 2 purposes, of one seed."""
    return np.array(
        [
            [
                [words.draw_slot(np.uint64(5), np.uint64(c), b, p, np.uint64(a)) for b in range(16)]
                for p, a in [(p, a) for p in (words.RESPONSE, words.JOIN_TARGET) for a in range(8)]
            ]
            for c in range(64)
        ],
        dtype=np.uint64,
    ).reshape(64, 16, 64)


def chi_square_p(counts: np.ndarray) -> float:
    expected = counts.sum() / counts.size
    return float(chi2.sf(np.sum((counts - expected) ** 2) / expected, counts.size - 1))


@pytest.mark.parametrize("shift", [0, 8, 16, 24])
def test_bytes_are_uniform(drawn, shift):
    counts = np.bincount((drawn.ravel() >> np.uint64(shift)).astype(np.int64) & 255, minlength=256)
    assert chi_square_p(counts) > FALSE_ALARM


@pytest.mark.parametrize("axis", [0, 1, 2], ids=["chain", "actor and purpose", "turn"])
def test_neighbours_are_independent(drawn, axis):
    # Pairs of the leading four bits along one axis fill 256 cells evenly. Overlapping pairs are
    # avoided, so that the cells are independent draws.
    high = (drawn >> np.uint64(28)).astype(np.int64)
    high = np.moveaxis(high, axis, 0)
    pairs = high[0::2] * 16 + high[1::2]
    assert chi_square_p(np.bincount(pairs.ravel(), minlength=256)) > FALSE_ALARM
