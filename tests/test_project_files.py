"""Files about the project agree with each other: citation, metadata, recipe, paper."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import yaml

import mcescalate

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
AUTHOR = PROJECT["authors"][0]["name"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
RECIPE = (ROOT / "conda" / "meta.yaml").read_text(encoding="utf-8")
PAPER = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")


TEXT = {"type": "string", "minLength": 1}
LINK = {"type": "string", "pattern": "^https?://."}
CITATION_FORMAT = {
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "additionalProperties": False,
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "type": {"enum": ["software", "dataset"]},
        "title": TEXT,
        "message": TEXT,
        "abstract": TEXT,
        "license": TEXT,
        "version": {"type": ["string", "number"], "minLength": 1},
        "date-released": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "commit": TEXT,
        "doi": {"type": "string", "pattern": r"^10\.\d{4,9}/."},
        "url": LINK,
        "license-url": LINK,
        "repository": LINK,
        "repository-code": LINK,
        "repository-artifact": LINK,
        "keywords": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
        "authors": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {"name": TEXT, "website": LINK, "alias": TEXT},
            },
        },
    },
}
"""The Citation File Format 1.2.0, as far as this project may use it: authors are groups."""


def test_the_citation_has_the_keys_and_types_of_its_format():
    jsonschema.Draft202012Validator(CITATION_FORMAT).validate(CITATION)
    for wrong in ({"title": ""}, {"authors": []}, {"keywords": ["a", "a"]}, {"licence": "MIT"}):
        assert not jsonschema.Draft202012Validator(CITATION_FORMAT).is_valid(CITATION | wrong)


def test_the_citation_is_that_of_this_version():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] == "software" and CITATION["message"]
    assert CITATION["version"] == CODEMETA["version"] == mcescalate.__version__
    assert f'version = "{mcescalate.__version__}"' in RECIPE


def test_no_person_is_invented():
    assert CITATION["authors"] == [{"name": AUTHOR}]
    assert [author["name"] for author in CODEMETA["author"]] == [AUTHOR]
    header = yaml.safe_load(PAPER.split("---")[1])
    assert [author["name"] for author in header["authors"]] == [AUTHOR]
    for text in (str(CITATION), str(CODEMETA), PAPER.split("---")[1]):
        assert not re.search(r"orcid|@[\w-]+\.|10\.5281", text, re.IGNORECASE)


def test_the_licence_is_the_same():
    assert PROJECT["license"] == CITATION["license"] == "MIT"
    assert CODEMETA["license"].endswith("/MIT") and "license: MIT" in RECIPE


def test_requirements_are_those_of_the_package():
    recipe = re.findall(r"^    - (\S+) (\S+)$", RECIPE.split("run:")[1].split("test:")[0], re.M)
    names = {f"{name}{bounds}" for name, bounds in recipe if name != "python"}
    assert names == set(PROJECT["dependencies"])
    assert set(CODEMETA["softwareRequirements"]) == {
        re.match(r"[\w-]+", requirement)[0] for requirement in PROJECT["dependencies"]
    }


def test_every_citation_of_the_paper_is_in_its_bibliography():
    bibliography = (ROOT / "paper" / "paper.bib").read_text(encoding="utf-8")
    entries = re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE)
    body = PAPER.split("---", 2)[2]
    assert set(re.findall(r"@(\w+)", body)) == set(entries)
