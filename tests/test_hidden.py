# ruff: noqa: RUF001 - text of other scripts is what is tested
"""Characters that would move, hide or reorder text, and those that scripts cannot do without."""

import pickle
import sys
import unicodedata

import pytest

from mcescalate.errors import DataError, FailedShards, McEscalateError, ScenarioError
from mcescalate.hidden import describe_character, escape_hidden, hidden_places

SHOWN = {
    "Latin": "Großbritannien, Österreich-Ungarn, Đà Nẵng, İstanbul",
    "decomposed": unicodedata.normalize("NFD", "Größe Việt Nam"),
    "Cyrillic and Greek": "Россия Қазақстан Ελλάδα",
    "Arabic": "المملكة العربية السعودية",
    "Persian, with a joiner": "می\u200cخواهم",
    "Hebrew, with points": "יִשְׂרָאֵל",
    "Hindi, with joiners": "क्\u200dष क्\u200cष",
    "Malayalam, a joiner last": "അവന്\u200d",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Mongolian": "ᠮᠣᠩᠭᠤᠯ\u180eᠠ ᠨ\u180bᠠ",
    "Chinese, Japanese, Korean": "中華民國 葛\U000e0100 日本国 대한민국",
    "Thai and Khmer": "ไทย ព្រះ",
    "signs": "50 € – “No”, 7°, ☮\ufe0f ⚔\ufe0f 🚀 ✓",
    "spaces": "1\u202f000 Guerre\u00a0! 東\u3000京",
    "backslash": r"C:\x1b\n",
    "private use": "\ue000",
}
HIDDEN = {
    "escape": ("a\x1b[31mb", r"a\x1b[31mb"),
    "one-byte escape": ("a\x9b31mb", r"a\x9b31mb"),
    "bell": ("a\x07b", r"a\x07b"),
    "breaks": ("a\r\nb\tc\x0bd\x85e\u2028f\u2029g", r"a\r\nb\tc\x0bd\x85e\u2028f\u2029g"),
    "nul and delete": ("a\0b\x7f", r"a\x00b\x7f"),
    "directions": ("a\u202eb\u2066c\u200ed\u061ce", r"a\u202eb\u2066c\u200ed\u061ce"),
    "no width": ("a\u200bb\u2060c\ufeffd\u00ade", r"a\u200bb\u2060c\ufeffd\xade"),
    "fillers": ("a\u3164b\u115fc\u034fd", r"a\u3164b\u115fc\u034fd"),
    "tags": ("a\U000e0041b", r"a\U000e0041b"),
    "joiners in Latin": ("a\u200db\u200cc", r"a\u200db\u200cc"),
    "joiner at the end": ("می\u200c", r"می" r"\u200c"),
    "joiners in a row": ("می\u200c\u200cخ", "می" r"\u200c\u200c" "خ"),
    "joiner first": ("\u200dक", r"\u200d" "क"),
    "variant of a letter": ("war\ufe0f", r"war\ufe0f"),
    "variants in a row": ("☮\ufe0f\ufe0f", "☮\ufe0f" r"\ufe0f"),
    "bytes that are no text": (b"a\xffb".decode("utf-8", "surrogateescape"), r"a\udcffb"),
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_text_of_every_script_is_kept(text):
    assert escape_hidden(text) == text


@pytest.mark.parametrize(("text", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_hidden_characters_are_written_as_escapes(text, shown):
    assert escape_hidden(text) == shown
    assert escape_hidden(shown) == shown


def test_no_character_that_a_terminal_obeys_or_hides_gets_through():
    """Every control, format and separator character of Unicode, alone in a word."""
    visible_signs = set()
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            shown = escape_hidden(f"a{character}b")
            assert shown.isascii() == (shown != f"a{character}b")
            if not shown.isascii():
                visible_signs.add(unicodedata.name(character).partition(" ")[0])
    # These are drawn: signs around numbers, and the layout of hieroglyphs.
    assert visible_signs <= {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}


def test_a_hidden_character_is_named():
    text = "war\u200b"
    assert [describe_character(text[place]) for place in hidden_places(text)] == [
        "U+200B ZERO WIDTH SPACE"
    ]
    assert describe_character("\x1b") == "U+001B"


def test_errors_show_what_is_hidden_in_them():
    error = DataError("a\x1b[2J.h5: damaged\nb.h5: valid")
    assert str(error) == r"a\x1b[2J.h5: damaged\nb.h5: valid"
    assert str(McEscalateError("two", "lines\u202e")) == "two\nlines\\u202e"
    listed = ScenarioError("x\n.toml", ["a: wrong\x07", "b: wrong"])
    assert str(listed).split("\n") == [r"x\n.toml: 2 problems", r"  a: wrong\x07", "  b: wrong"]


@pytest.mark.parametrize(
    "error",
    [
        DataError("one\x1b"),
        McEscalateError("one", "two"),
        ScenarioError("s.toml", ["a: wrong", "b: wrong"]),
        FailedShards({"s0": "it failed"}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_come_back_whole_from_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))
