"""Templates to HTML in which every value is escaped and no character is hidden."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mcescalate import __version__
from mcescalate.hidden import hidden_places
from mcescalate.quantities import in_words
from mcescalate.report import formatting
from mcescalate.report.formatting import RANGE

_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def render(template: str, values: Mapping[str, Any]) -> str:
    """The page of a template; a value that the template needs and lacks is an error."""
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """The templates, with the filters that format numbers."""
    environment = Environment(
        loader=PackageLoader("mcescalate.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"version": __version__}
    environment.filters |= {
        "about": formatting.about,
        "amount": formatting.amount,
        "in_words": in_words,
        "interval": formatting.interval_of,
        "listed": formatting.listed,
        "number": formatting.number,
        "share": formatting.share,
        "share_and_interval": formatting.share_and_interval,
    }
    return environment


def printable(content: object) -> str:
    """`content` as text with a sign in place of hidden and forbidden characters.

    Markup stays as it is. So does the dash of the page's own ranges, at which no line breaks.
    """
    if isinstance(content, Markup):
        return content
    return RANGE.join(map(_replace_hidden, str(content).split(RANGE)))


def _replace_hidden(content: str) -> str:
    characters = list(_NO_CHARACTER.sub(_REPLACEMENT, content))
    for place in hidden_places("".join(characters)):
        if characters[place] not in "\t\n\r":
            characters[place] = _REPLACEMENT
    return "".join(characters)
