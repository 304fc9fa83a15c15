"""Figures as inline SVG: text stays text, ids are the page's own, nothing is fetched."""

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from mcescalate.errors import ExtraMissing
from mcescalate.report.markup import Markup, element, printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNUSED = ("metadata", "style")
MISSING = "This figure needs the extra “plot”: pip install “mcescalate[plot]”, then report again."


class Figures:
    """The figures of one page, numbered as they come."""

    def __init__(self) -> None:
        self.n = 0
        self.missing = False

    def draw(self, plot: Callable[[], "Axes"], alternative: str, caption: str) -> Markup:
        """What `plot` draws as a figure, or a sentence in its place if a package is missing.

        Parameters
        ----------
        plot : draws it and returns its axes
        alternative : what it shows, for those who do not see it
        caption : printed under it
        """
        number = self.n + 1
        try:
            image = svg(plot(), f"figure-{number}", alternative)
        except ExtraMissing:
            self.missing = True
            image = element("p", MISSING, class_="missing")
        self.n = number
        label = element("figcaption", element("b", f"Figure {number}. "), caption)
        return element("figure", image, label)


def svg(axes: "Axes", prefix: str, alternative: str) -> Markup:
    """The figure of `axes` as SVG for a page in which ids that begin with `prefix` are free."""
    import matplotlib

    image = io.StringIO()
    settings = {"svg.fonttype": "none", "svg.hashsalt": prefix}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that its own font lacks, the reader's may have
        axes.figure.savefig(image, format="svg", metadata={"Date": None}, transparent=True)
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
    """Drop namespaces and what is not drawn, and make ids and references to them unique."""
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
