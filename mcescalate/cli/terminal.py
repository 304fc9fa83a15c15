"""What reaches the streams: the answer goes to stdout, all else to stderr."""

import json
import os
import shutil
import sys
from collections.abc import Sequence


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


def say(message: str) -> None:
    """Print a line for the person who waits, on stderr; a reader that left is no error."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        return


def print_json(answer: object) -> None:
    """Print `answer` as one JSON object on stdout, escaped where stdout cannot take all text."""
    any_text = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(answer, indent=2, ensure_ascii=not any_text, allow_nan=False))


def screen_width() -> int | None:
    """Columns of the terminal on stdout; None if stdout goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None, keep: int = 2
) -> str:
    """Align `rows` under `header`: the first column to the left, the others to the right.

    Parameters
    ----------
    width : where the lines must fit, if given, last columns are left out until they do
    keep : the number of first columns that always stay
    """
    columns = list(zip(header, *rows, strict=True))
    sizes = [max(map(len, column)) for column in columns]
    while width and len(columns) > keep and sum(sizes) + 2 * (len(sizes) - 1) > width:
        columns.pop()
        sizes.pop()
    lines = []
    for cells in zip(*columns, strict=True):
        first, *others = cells
        padded = [first.ljust(sizes[0]), *map(str.rjust, others, sizes[1:])]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)
