"""References to sections of docs/model.md lead to sections that exist and are named so."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "docs" / "model.md"
FOLDERS = ("mcescalate", "tests", "scripts", "benchmarks", "configs", "docs")
TEXTS = (".py", ".md", ".toml", ".ipynb")


class Section(NamedTuple):
    """A section of the page: its title, and the titles in it."""

    title: str
    parts: tuple[str, ...]


def sections_of(page: str) -> dict[int, Section]:
    """The sections of a page by number."""
    found = {}
    for number, title, body in re.findall(r"^## (\d+)\. (.+)$([\s\S]*?)(?=^## |\Z)", page, re.M):
        found[int(number)] = Section(title, tuple(re.findall(r"^### (.+)$", body, re.M)))
    return found


def anchor(title: str) -> str:
    """The anchor that a heading has in a rendered page."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def anchors_of(page: str) -> dict[str, str]:
    """Headings by anchor."""
    return {anchor(title): title for title in re.findall(r"^##+ (.+)$", page, re.M)}


def joined(text: str) -> str:
    """The text on one line, without marks of comments."""
    return re.sub(r"\s*\n\s*(?:# ?|> ?)?", " ", text)


def faults(text: str, page: str, *, is_page: bool = False) -> Iterator[tuple[str, str]]:
    """Each reference to a section of `page` with what is wrong with it, "" if nothing is.

    They are written "docs/model.md 5, Joining", "docs/model.md 2 and 3", model.md#anchor, and
    on the page itself "section 5" and (#anchor).
    """
    sections, anchors, text = sections_of(page), anchors_of(page), joined(text)
    reference = r"docs/model\.md`? (\d+)(?:(?: and | to )(\d+))?(?:, ([A-Z]\w*(?: \w+)*))?"
    if is_page:
        reference = rf"{reference}|(?<!\[)\bsections? (\d+)(?:(?: and | to )(\d+))?"
    for match in re.finditer(reference, text):
        groups = match.groups()
        numbers = [int(number) for number in (*groups[:2], *groups[3:]) if number]
        missing = [number for number in numbers if number not in sections]
        if missing:
            yield match[0], f"there is no section {missing[0]}"
            continue
        name, section = groups[2], sections[numbers[0]]
        titles = {section.title, *section.parts}
        is_named = not name or name in titles or set(name.split(" and ")) <= titles
        yield match[0], "" if is_named else f"section {numbers[0]} has none called {name}"
    link = r"(?:\[([^][]*)\])?\((?:[\w./]*model\.md)?#([\w-]+)\)" if is_page else ""
    for match in re.finditer(link or r"(?:\[([^][]*)\])?\(?[\w./]*\bmodel\.md#([\w-]+)", text):
        label, target = match[1] or "", match[2]
        if target not in anchors:
            yield match[0], "leads to no heading"
            continue
        number = re.search(r"\d+", label)
        is_numbered = not number or target.startswith(f"{number[0]}-")
        yield match[0], "" if is_numbered else f"leads to {anchors[target]}"


def texts() -> Iterator[Path]:
    """Whatever may refer to the page, itself left out."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in TEXTS and path not in (MODEL, Path(__file__).resolve()):
                yield path
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))


def test_references_to_sections_lead_to_them():
    page, found, wrong = MODEL.read_text("utf-8"), 0, []
    for path in (*texts(), MODEL):
        for reference, fault in faults(path.read_text("utf-8"), page, is_page=path == MODEL):
            found += 1
            if fault:
                wrong.append(f"{path.relative_to(ROOT)}: {reference}: {fault}")
    assert wrong == []
    assert found > 50


def test_each_file_of_rules_names_its_section():
    rules = sorted((ROOT / "mcescalate" / "model" / "rules").glob("[a-z]*.py"))
    assert len(rules) > 5
    for path in rules:
        assert path.read_text("utf-8").startswith('"""docs/model.md '), path.name


def test_the_contents_of_the_page_are_its_sections():
    page = MODEL.read_text("utf-8")
    contents = page[page.index("Contents:") : page.index("## Notation")]
    listed = re.findall(r"\[(\d+) ([^]]+)\]\(#([\w-]+)\)", contents)
    assert listed == [
        (str(number), section.title, anchor(f"{number}. {section.title}"))
        for number, section in sections_of(page).items()
    ]


PAGE = """
## 1. Scenario
## 2. A turn
### Joining
### War comes to both
## 3. Power and balance
"""


@pytest.mark.parametrize(
    ("text", "is_page", "right"),
    [
        ("see docs/model.md 2, Joining: who comes", False, True),
        ("see docs/model.md\n# 2, Joining.", False, True),
        ("docs/model.md 2, Joining and War comes to both.", False, True),
        ("docs/model.md 3, Power and balance", False, True),
        ("docs/model.md 1 and 3, by hand", False, True),
        ("docs/model.md 4", False, False),
        ("docs/model.md 1 to 4", False, False),
        ("docs/model.md 3, Joining", False, False),
        ("docs/model.md 2, Leaving", False, False),
        ("[2](model.md#2-a-turn)", False, True),
        ("[this](../model.md#joining)", False, True),
        ("[this](model.md#leaving)", False, False),
        ("in section 3", True, True),
        ("in sections 3 to 6", True, False),
        ("[section 3](#3-power-and-balance)", True, True),
        ("[section 2](#3-power-and-balance)", True, False),
        ("[section 3](#3-power)", True, False),
    ],
)
def test_faults_of_references_are_found(text, is_page, right):
    (found,) = faults(text, PAGE, is_page=is_page)
    assert (found[1] == "") is right, found
