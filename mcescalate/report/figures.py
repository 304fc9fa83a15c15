"""Figures as inline SVG: text stays text, ids are unique in the page, nothing is fetched."""

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from markupsafe import Markup

from mcescalate.errors import ExtraMissing
from mcescalate.report.rendering import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNUSED = ("metadata", "style")


class Figure(NamedTuple):
    """A figure of the page; `image` is None if a package is missing."""

    number: int
    image: Markup | None
    caption: str


class Report(NamedTuple):
    """A page, and whether figures are missing in it because a package is."""

    html: str
    lacks_figures: bool


class Figures:
    """The figures of one page, numbered in order."""

    def __init__(self) -> None:
        self.n = 0
        self.missing = False

    def draw(self, plot: Callable[[], "Axes"], alternative: str, caption: str) -> Figure:
        """Draw a figure, unless a package is missing.

        Parameters
        ----------
        plot : draws it and returns its axes
        alternative : describes it for readers who cannot see it
        caption : printed under it
        """
        image = None
        try:
            image = svg(plot(), f"figure-{self.n + 1}", alternative)
        except ExtraMissing:
            self.missing = True
        self.n += 1
        return Figure(self.n, image, caption)


def svg(axes: "Axes", prefix: str, alternative: str) -> Markup:
    """The figure of `axes` as SVG whose ids begin with `prefix`."""
    import matplotlib

    image = io.StringIO()
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": prefix}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader's font may have letters that this one lacks
        figure: Any = axes.figure
        figure.savefig(image, format="svg", metadata={"Date": None}, transparent=True)
    root = ElementTree.fromstring(printable(image.getvalue()))
    _simplify(root, prefix)
    box = root.get("viewBox")
    root.attrib.clear()
    root.attrib |= {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": box or "",
        "role": "img",
        "aria-label": printable(alternative),
    }
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _simplify(parent: ElementTree.Element, prefix: str) -> None:
    """Drop namespaces and what is not drawn; make ids and references to them unique."""
    parent.tag = parent.tag.rpartition("}")[2]
    for key, value in list(parent.attrib.items()):
        del parent.attrib[key]
        name = key.rpartition("}")[2]
        if name == "id":
            value = f"{prefix}-{value}"
        elif name == "href":
            value = value.replace("#", f"#{prefix}-", 1)
        parent.set(name, value.replace("url(#", f"url(#{prefix}-"))
    for child in list(parent):
        if child.tag.rpartition("}")[2] in _UNUSED:
            parent.remove(child)
        else:
            _simplify(child, prefix)
