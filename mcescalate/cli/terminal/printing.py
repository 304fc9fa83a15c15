"""What reaches the streams: the answer goes to stdout, all else to stderr.

Titles, names, ids and arguments come from anywhere. `print_lines` and `say` write them,
`print_json` writes them in JSON, and nothing else in the package writes to a stream: each
string is one line, and a hidden character or line break in it is written as an escape.
"""

import json
import os
import shutil
import sys
from collections.abc import Sequence

from mcescalate.hidden import escape_hidden

COMPILING = "compiling (once per machine)"
"""Stands in progress lines in place of a rate while kernels are compiled."""


def prepare_streams() -> None:
    """Let printing never fail: a closed stream swallows, an odd character is replaced."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def discard_stdout() -> None:
    """Send what is left of the answer nowhere: its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def print_lines(*lines: str) -> None:
    """Print lines of the answer on stdout."""
    print("\n".join(map(escape_hidden, lines)))


def say(*lines: str) -> None:
    """Print lines for the person who waits, on stderr; a reader that left is no error."""
    try:
        print("\n".join(map(escape_hidden, lines)), file=sys.stderr, flush=True)
    except OSError:
        return


def print_json(answer: object) -> None:
    """Print `answer` as one JSON object on stdout, escaped where stdout cannot take all text."""
    any_text = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(answer, indent=2, ensure_ascii=not any_text, allow_nan=False)
    # Hidden characters stand within strings only, where JSON has escapes of its own.
    print("\n".join(escape_hidden(line, _escape_in_json) for line in text.split("\n")))


def _escape_in_json(character: str) -> str:
    return json.dumps(character)[1:-1]


def screen_width() -> int | None:
    """Columns of the terminal on stdout; None if stdout goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None, keep: int = 2
) -> list[str]:
    """Lines that align `rows` under `header`: the first column to the left, the others right.

    Parameters
    ----------
    width : where the lines must fit, if given, last columns are left out until they do
    keep : the number of first columns that always stay
    """
    columns = [
        [escape_hidden(cell) for cell in column] for column in zip(header, *rows, strict=True)
    ]
    sizes = [max(map(len, column)) for column in columns]
    while width and len(columns) > keep and sum(sizes) + 2 * (len(sizes) - 1) > width:
        columns.pop()
        sizes.pop()
    lines = []
    for cells in zip(*columns, strict=True):
        first, *others = cells
        padded = [first.ljust(sizes[0]), *map(str.rjust, others, sizes[1:])]
        lines.append("  ".join(padded).rstrip())
    return lines


def stacked(blocks: Sequence[Sequence[str]]) -> list[str]:
    """The lines of several blocks, with an empty line between two."""
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block] if lines else block
    return lines
