"""The page around the sections: head, contents, foot."""

from collections.abc import Sequence
from typing import NamedTuple

from mcescalate import __version__
from mcescalate.report.markup import Markup, bullets, element, join
from mcescalate.report.style import STYLE

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do with the page: show it, and nothing else."""

CAVEAT = (
    "All probabilities hold within the model and for this scenario. They serve to compare "
    "situations and changes with each other; they foretell nothing."
)


class Section(NamedTuple):
    """A part of the page: `key` is its address within it."""

    key: str
    title: str
    body: Markup


def whole_page(title: str, kicker: str, lead: str, sections: Sequence[Section]) -> str:
    """The page as HTML, from doctype to end."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"mcescalate {__version__}"),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    links = [element("a", section.title, href=f"#{section.key}") for section in sections]
    header = element(
        "header",
        element("p", kicker, class_="kicker"),
        element("h1", title),
        element("p", lead, class_="lead") if lead else "",
        element("nav", bullets(links), aria_label="Contents"),
    )
    main = element(
        "main",
        join(
            (
                element(
                    "section",
                    element("h2", section.title, id=section.key),
                    section.body,
                    aria_labelledby=section.key,
                )
                for section in sections
            ),
            "\n",
        ),
    )
    footer = element("footer", element("p", CAVEAT), element("p", f"mcescalate {__version__}"))
    body = element("body", header, main, footer)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"
