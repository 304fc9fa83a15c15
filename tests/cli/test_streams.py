# ruff: noqa: RUF001 - text of other scripts is among the cases
"""All that is printed goes through `terminal`, where text of others is made harmless."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import mcescalate
from mcescalate.cli.terminal.printing import print_json, print_lines, say, table

PACKAGE = Path(mcescalate.__file__).parent
WRITERS = {"print", "pprint", "print_exc", "print_exception", "print_stack", "print_last", "echo"}
"""Functions that write to a stream, whatever module they are of."""
SYSTEM_WRITERS = {"os.write", "os.writev", "os.system"}
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
MAY_WRITE = {
    "cli/terminal/printing.py": {"print", "sys.stderr"},
    "cli/terminal/signals.py": {"os.write"},
}
MAY_TOUCH = {"isatty", "encoding", "fileno", "flush"}
"""What others may ask of a stream."""


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of each call, and of each use of a stream, that prints or might."""
    harmless = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in WRITERS:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            if node.attr in MAY_TOUCH:
                harmless.add(id(node.value))  # `walk` comes to it later
            is_stream = node.attr in STREAMS and id(node) not in harmless
            name = ast.unparse(node) if isinstance(node.value, ast.Name) else node.attr
            if node.attr in WRITERS or is_stream or name in SYSTEM_WRITERS:
                yield node.lineno, name
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            for name in names & (WRITERS | STREAMS | {"write"}):
                yield node.lineno, f"{node.module}.{name}"


def test_nothing_prints_beside_the_terminal():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not any(word in text for word in WRITERS | STREAMS | SYSTEM_WRITERS):
            continue
        name = path.relative_to(PACKAGE).as_posix()
        writers = {writer for _, writer in writes(ast.parse(text))}
        if writers:
            found[name] = writers
    assert found == MAY_WRITE


@pytest.mark.parametrize(
    "source",
    [
        "print(title)",
        "tell = print",
        "sys.stdout.write(title)",
        "traceback.print_exc()",
        "Console().print(title)",
        "from sys import stderr",
        "from os import write",
        "os.write(1, title)",
        "stream = sys.stderr",
    ],
)
def test_a_print_that_goes_round_is_found(source):
    assert list(writes(ast.parse(source)))


def test_a_string_is_one_line_without_hidden_characters(capsys):
    print_lines("a\nb\x1b[31m", "", "\u202e")
    say("x\rb", "y")
    reported = capsys.readouterr()
    assert reported.out == "a\\nb\\x1b[31m\n\n\\u202e\n"
    assert reported.err == "x\\rb\ny\n"


def test_json_keeps_what_it_shows_as_escapes(capsys):
    answer = {"a\x9b": ["\x1b\n\u202e\U000e0041", "می\u200cخواهم", "\udcff", 1.5]}
    print_json(answer)
    reported = capsys.readouterr().out
    assert reported.isprintable() or set(reported) & set("\n\u200c")
    assert all(escape in reported for escape in (r"\u009b", r"\u001b\n\u202e", r"\udb40\udc41"))
    assert json.loads(reported) == answer


def test_a_table_has_one_line_for_each_row():
    lines = table(("a\n", "b"), [("x\x1b[0m", "1\r2"), ("y", "3")])
    assert lines == ["a\\n          b", "x\\x1b[0m  1\\r2", "y            3"]
