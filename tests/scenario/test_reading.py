"""Files that are no scenarios: one clear message each, and never a traceback."""

import pytest
from samples import small_scenario

from mcescalate.errors import McEscalateError, ScenarioError, UsageError
from mcescalate.scenario.reading import load_scenario, parse_scenario
from mcescalate.scenario.writing import to_toml

VALID = to_toml(small_scenario())
DEEP = 100_000

NO_TABLES = [
    "schema_version: missing; expected 1",
    "actors: missing; expected at least 2 rows [[actors]]",
    "trigger: missing; expected a table [trigger] with initiator and target, "
    "or rows [[trigger.dyads]], or from_rivalry = true",
]

NO_TOML = {
    "empty": (b"", NO_TABLES),
    "byte order mark": (
        b"\xef\xbb\xbf" + VALID.encode(),
        ["begins with a byte order mark (UTF-8); save it as UTF-8 without one"],
    ),
    "utf-16": (
        VALID.encode("utf-16"),
        ["begins with a byte order mark (UTF-16); save it as UTF-8 without one"],
    ),
    "latin-1": (
        b'schema_version = 1\ntitle = "Z\xfcrich"',
        ["line 2: byte 0xfc is not UTF-8; save it as UTF-8"],
    ),
    "carriage returns": (
        b"a = 1\r\nb = 2\rc = 3",
        ["line 2: a carriage return without line feed; save it with line ends LF"],
    ),
    "nul": (b"schema_version = 1\n\0", ["line 2, column 1: invalid statement"]),
    "no value": (b"a = 1\nb =\n", ["line 2, column 4: invalid value"]),
    "no end": (b'a = "x', ["last line: unterminated string"]),
    "no TOML": (b"<html>\n", ["line 1, column 1: invalid statement"]),
    "one key twice": (b"a = 1\na = 2\n", ["line 2, column 6: cannot overwrite a value"]),
    "one table twice": (b"[a]\n[a]\n", ["line 2, column 3: cannot declare a twice"]),
    "one deep table twice": (b"[a.b]\n[a.b]\n", ["line 2, column 5: cannot declare a.b twice"]),
    "5000 digits": (
        b"a = '''\n" + b"9" * 5000 + b"'''\nb = " + b"9" * 5000,
        ["line 3: a whole number of more than 4300 digits"],
    ),
    "no such day": (
        b"a = 1914-02-30\n",
        ["line 1, column 5: invalid date or datetime"],
    ),
    "deep arrays": (
        b"# [[[[[[[[[[\na = " + b"[" * DEEP,
        ["line 2: more than 8 brackets within each other"],
    ),
    "deep tables": (b"a = {b=" * DEEP, ["line 1: more than 8 brackets within each other"]),
    "deep headers": (b"[" * DEEP, ["line 1: more than 8 brackets within each other"]),
    "long key": (
        b"\n" + b".".join([b"a"] * 20_000) + b" = 1",
        ["line 2: a key of more than 8 parts"],
    ),
    "long header": (
        b"[" + b' . "x y"' * 20_000 + b"]",
        ["line 1: a key of more than 8 parts"],
    ),
    "5 MB of letters": (
        b"a" * 5_000_000,
        ["last line: expected '=' after a key in a key/value pair"],
    ),
    "5 MB of quotes": (b'a = "' + b'\\"' * 2_500_000, ["last line: unterminated string"]),
    "5 MB of text": (b"a = '''" + b"x\n" * 2_500_000, ["last line: expected \"'''\""]),
    "too large": (
        b" " * (16 * 2**20 + 1),
        ["larger than 16 MiB, more than any scenario needs"],
    ),
}


@pytest.mark.parametrize("content, problems", NO_TOML.values(), ids=NO_TOML)
def test_files_that_are_no_toml_are_refused(tmp_path, content, problems):
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.problems == problems
    assert caught.value.name == str(path)
    assert caught.value.exit_code == 2


def test_depth_counts_neither_strings_nor_comments_nor_brackets_closed_again():
    text = VALID + '[response]\nnote = """[[[[[[[[[ "x" a.b.c.d.e.f.g.h.i.j\n"""  # {{{{{{{{{{\n'
    text += "source = 'a.b.c.d.e.f.g.h.i.j [[[[[[[[[[ \\'\n"
    assert parse_scenario(text).response.note.startswith("[[[[")
    ties = ", ".join(['{from="RUS", to="YUG", kind="support", against=["AUH"]}'] * 50)
    assert len(parse_scenario(f"ties = [{ties}]\n" + VALID).ties) == 50


def test_ends_of_line_may_be_of_either_kind():
    assert parse_scenario(VALID.replace("\n", "\r\n")) == parse_scenario(VALID)


def test_a_newer_version_asks_for_an_upgrade_and_nothing_else():
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("schema_version = 2\nsomething = 'new'", "next.toml")
    assert str(caught.value) == (
        "next.toml: 1 problem\n"
        "  schema_version: written for version 2, this program reads 1; upgrade mcescalate"
    )


def test_thousands_of_problems_are_counted_and_not_all_listed():
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("".join(f"k{i} = 1\n" for i in range(5000)) + VALID)
    assert len(caught.value.problems) == 101
    assert caught.value.problems[-1] == "and 4900 more"


def test_what_cannot_be_opened_is_named(tmp_path):
    locked = tmp_path / "locked.toml"
    locked.write_text(VALID)
    for path, message in [
        (tmp_path / "none.toml", "there is no such file"),
        (tmp_path, "expected a file, found a folder; give a file, or - for standard input"),
        (locked / "below.toml", "cannot be read: Not a directory"),
        (tmp_path / ("x" * 5000), "cannot be read: File name too long"),
    ]:
        with pytest.raises(UsageError) as caught:
            load_scenario(path)
        assert str(caught.value) == f"{path}: {message}"
        assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="not the name of a file"):
        load_scenario("a\0b")


def test_a_file_without_read_permission(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "s.toml").write_text(VALID)
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(UsageError, match=r"s\.toml: cannot be read: Permission denied"):
        load_scenario(tmp_path / "s.toml")


def test_overlays_and_settings_come_in_their_order(tmp_path):
    files = {
        "base": VALID,
        "first": "[response]\ngap = 1\nup = 1\n",
        "second": "[response]\ngap = 2\n",
    }
    paths = {}
    for name, text in files.items():
        paths[name] = tmp_path / f"{name}.toml"
        paths[name].write_text(text)
    scenario = load_scenario(
        paths["base"],
        overlays=[paths["first"], paths["second"]],
        settings=["response.cost=3", "response.cost=4"],
    )
    response = scenario.response
    assert (response.gap, response.up, response.cost) == (2.0, 1.0, 4.0)


@pytest.mark.parametrize("content", [VALID, "[response]\ngap = 'x'", "]"])
def test_whatever_goes_wrong_is_an_error_of_ours(tmp_path, content):
    base, overlay = tmp_path / "base.toml", tmp_path / "overlay.toml"
    base.write_text(VALID)
    overlay.write_text(content)
    with pytest.raises(McEscalateError):
        load_scenario(base, overlays=[overlay], settings=["x=1"])
