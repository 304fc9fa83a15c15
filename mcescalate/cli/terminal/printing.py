"""Printing: answers go to stdout, progress and messages to stderr.

Titles, names, ids and arguments may come from untrusted sources. Only `print_lines`, `say` and
`print_json` write to a stream: each string is one line, and hidden characters and line breaks in
it are written as escapes.
"""

import json
import os
import shutil
import sys
from collections.abc import Sequence

from mcescalate.hidden import escape_hidden

COMPILING = "compiling (once per machine)"
"""Replaces the rate in progress lines while kernels are compiled."""


def prepare_streams() -> None:
    """Make printing safe: replace closed streams, and characters that a stream cannot encode."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def discard_stdout() -> None:
    """Discard the rest of the answer: its reader has closed the pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def print_lines(*lines: str) -> None:
    """Print lines of the answer on stdout."""
    print("\n".join(map(escape_hidden, lines)))


def say(*lines: str) -> None:
    """Print messages on stderr; a closed pipe is not an error."""
    try:
        print("\n".join(map(escape_hidden, lines)), file=sys.stderr, flush=True)
    except OSError:
        return


def print_json(answer: object) -> None:
    """Print `answer` as one JSON object on stdout, escaped where stdout cannot encode all text."""
    any_text = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(answer, indent=2, ensure_ascii=not any_text, allow_nan=False)
    # Hidden characters occur only within strings, where JSON has escapes of its own.
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
    width : most characters a line; columns are dropped from the right until the lines fit
    keep : number of columns on the left that are never dropped
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
