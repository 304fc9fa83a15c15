"""Characters that move, hide or reorder text on a screen, and how they are shown instead.

Titles and file names may come from untrusted sources. Control characters could rewrite a
terminal's screen, direction marks reverse text, and zero-width characters hide in it. Text of
every script stays as it is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

_HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters
    "\u2028\u2029"  # separators of lines and paragraphs
    "\ud800-\udfff"  # bytes of a file name that are no text
    "\ufff9-\ufffb"  # annotations between lines
    # The rest is what Unicode calls Default_Ignorable_Code_Point.
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_JOINERS = "\u180e\u200c\u200d"
_VARIATIONS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINED_SCRIPTS = {
    *("ARABIC", "SYRIAC", "MANDAIC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI"),
    *("GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER"),
    *("MYANMAR", "TIBETAN", "BALINESE", "JAVANESE", "SUNDANESE"),
}
"""Scripts whose letters take another form where a joiner of no width stands between them."""
_VARIED_SCRIPTS = {"CJK", "MONGOLIAN"}
_VIRAMA = 9
"""Combining class of the signs after which a joiner shapes the letter before."""


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def escape_hidden(text: str, escape: Callable[[str], str] = _escape) -> str:
    r"""`text` on one line, each hidden character in it written as an escape such as \x1b.

    Joiners stay within words of scripts that need them (Persian, Hindi …), and selectors of a
    variant after an ideograph or a symbol; anywhere else they are hidden characters too.

    Parameters
    ----------
    escape : makes the escape of a character
    """
    parts: list[str] = []
    end = 0
    for place in hidden_places(text):
        parts += text[end:place], escape(text[place])
        end = place + 1
    return "".join([*parts, text[end:]])


def hidden_places(text: str) -> Iterator[int]:
    """Where hidden characters stand in `text`."""
    for match in _HIDDEN.finditer(text):
        if not _is_needed(text, match.start()):
            yield match.start()


def describe_character(character: str) -> str:
    """The number and name of a character, such as U+200B ZERO WIDTH SPACE."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _is_needed(text: str, place: int) -> bool:
    """Whether the script around a hidden character cannot do without it."""
    character, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if not before:
        return False
    if character in _JOINERS:
        script = _script(before)
        if unicodedata.combining(before) == _VIRAMA:
            return True
        return script in _JOINED_SCRIPTS and script == _script(after)
    if _VARIATIONS.fullmatch(character):
        return _script(before) in _VARIED_SCRIPTS or unicodedata.category(before) in ("So", "Sm")
    return False


def _script(character: str) -> str:
    """The first word of the name of a letter or mark, which is its script's; else nothing."""
    if not character or unicodedata.category(character)[0] not in "LM":
        return ""
    return re.split("[ -]", unicodedata.name(character, ""))[0]
