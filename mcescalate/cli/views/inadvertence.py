"""Wars that vanish and appear without each mechanism of misperception, as a table."""

from collections.abc import Mapping
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.cli.views.changes import note_on_sequences
from mcescalate.quantities import counted, in_words, interval, percent


def print_shares(answer: Mapping[str, Any]) -> None:
    """Print the answer of `mcescalate inadvertence` on stdout."""
    level = f"{answer['interval_level']:.0%} interval".replace("%", " %")
    n_wars = answer["wars"]
    chains = counted(answer["n_chains"], "chains")
    heading = [
        str(answer["title"]),
        f"{counted(n_wars, 'wars')} in {chains}, and the same chains without each mechanism, "
        f"seed {answer['seed']}",
        *note_on_sequences(answer),
    ]
    if n_wars == 0:
        print_lines(*heading, "No war occurred, so none could vanish")
        return
    began = answer["began_misread"]
    notes = [
        "Shares are of the wars in the unchanged scenario; one war may need two mechanisms",
        f"Wars begun by misreading: {percent(began)} ({interval(began)})",
    ]
    header = ("without", "vanish", level, "appear", level, "net", level)
    rows = [(in_words(name), *_cells(row)) for name, row in answer["mechanisms"].items()]
    print_lines(*stacked([heading, table(header, rows, screen_width(), keep=4), notes]))


def _cells(row: Mapping[str, Any]) -> list[str]:
    net = row["net"]
    cells = [(percent(row[name]), interval(row[name])) for name in ("vanishing", "appearing")]
    return [
        *(cell for pair in cells for cell in pair),
        f"{100 * net['probability']:+.1f} %",
        f"{100 * net['lower']:+.1f} to {100 * net['upper']:+.1f}",
    ]
