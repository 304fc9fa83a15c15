"""HTML that is safe by construction: every text is escaped unless it is `Markup` already."""

import html
import re
from collections.abc import Iterable, Sequence

from mcescalate.hidden import hidden_places
from mcescalate.report.formatting import RANGE

_VOID = frozenset({"meta", "br", "hr"})
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Markup(str):
    """Text that is HTML; only this module and `figures` make it."""


def text(content: object) -> Markup:
    """`content` escaped, for use between tags and in quoted attributes."""
    if isinstance(content, Markup):
        return content
    return Markup(html.escape(printable(content)))


def printable(content: object) -> str:
    """`content` as text without hidden characters and those that no page may have.

    The dash of the page's own ranges, at which no line ends, stays.
    """
    return RANGE.join(map(_without_hidden, str(content).split(RANGE)))


def _without_hidden(content: str) -> str:
    characters = list(_NO_CHARACTER.sub(_REPLACEMENT, content))
    for place in hidden_places("".join(characters)):
        if characters[place] not in "\t\n\r":
            characters[place] = _REPLACEMENT
    return "".join(characters)


def element(tag: str, /, *children: object, **attributes: object) -> Markup:
    """`<tag attributes>children</tag>`.

    A trailing underscore of an attribute's name is dropped, other underscores are hyphens.
    """
    words = [tag]
    for key, value in attributes.items():
        words.append(f'{key.rstrip("_").replace("_", "-")}="{text(value)}"')
    opening = f"<{' '.join(words)}>"
    if tag in _VOID:
        return Markup(opening)
    return Markup(f"{opening}{join(children)}</{tag}>")


def join(children: Iterable[object], between: str = "") -> Markup:
    """Children one after the other."""
    return Markup(between.join(text(child) for child in children))


def table(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], n_texts: int = 1
) -> Markup:
    """A table with a caption; its first column names the row.

    Parameters
    ----------
    n_texts : columns of text; those after them are numbers, aligned to the right
    """

    def kind(column: int) -> dict[str, str]:
        return {} if column < n_texts else {"class_": "number"}

    head = [element("th", name, scope="col", **kind(k)) for k, name in enumerate(header)]
    body = []
    for first, *others in rows:
        cells = [element("th", first, scope="row")]
        cells += [element("td", cell, **kind(k)) for k, cell in enumerate(others, 1)]
        body.append(element("tr", *cells))
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head)),
        element("tbody", join(body, "\n")),
    )
    # What is wider than the screen is scrolled, by keys too.
    return element("section", whole, class_="table", tabindex="0", aria_label=caption)


def paragraphs(*contents: object) -> Markup:
    """Each content as a paragraph."""
    return join(element("p", content) for content in contents)


def note(content: object) -> Markup:
    """A remark in small print."""
    return element("p", content, class_="note")


def bullets(items: Iterable[object]) -> Markup:
    """An unordered list."""
    return element("ul", *(element("li", item) for item in items))


def facts(pairs: Iterable[tuple[object, object]]) -> Markup:
    """Terms with what is to be said of each."""
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in pairs),
    )


def code(content: str) -> Markup:
    """Lines as they are, in a box that scrolls."""
    return element("pre", element("code", content), tabindex="0")
