"""The report of the long tests: a table of worlds and z scores, and QQ plots."""

from pathlib import Path

import numpy as np
from scipy.stats import norm
from verification.agreement import Cells, smallest_bias, tails, z_scores

PER_PICTURE = 20


def write_report(seen: dict[str, Cells], rates: dict[str, float], folder: Path) -> None:
    """Write `sampling.md` and `sampling-*.png`: one row and one panel for each world."""
    lines = [
        "Sampled counts against exact probabilities. *Least tail* is the chance of the cell that "
        "lies furthest out; it passes above *bound*. *Catches* is the smallest bias caught in "
        "half of all runs: in any cell, and in the middle one of those that are not impossible. "
        "The scores of cells of one world depend on each other.",
        "",
        "| world | chains | cells | least tail | bound | mean z | sd z | furthest z "
        "| catches, any | catches, middle |",
        "|-|-|-|-|-|-|-|-|-|-|",
    ]
    for name, cells in seen.items():
        scores, biases = z_scores(cells), smallest_bias(cells, rates[name])
        middle = np.median(biases[cells.probability > 0])
        furthest = scores[np.argmax(np.abs(scores))]
        lines.append(
            f"| {name} | {cells.n_chains} | {len(cells.labels)} | {tails(cells).min():.2g} "
            f"| {rates[name] / len(cells.labels):.2g} | {scores.mean():.2f} | {scores.std():.2f} "
            f"| {furthest:.2f} | {biases.max():.2g} | {middle:.2g} |"
        )
    (folder / "sampling.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    scores = {name: z_scores(cells) for name, cells in seen.items()}
    panels = list((scores | {"all together": np.concatenate(list(scores.values()))}).items())
    for page, first in enumerate(range(0, len(panels), PER_PICTURE), start=1):
        _draw(dict(panels[first : first + PER_PICTURE]), folder / f"sampling-{page}.png")


def _draw(scores: dict[str, np.ndarray], path: Path) -> None:
    """QQ plots of z scores against the standard normal law, a panel for each world."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    n_columns = min(5, len(scores))
    n_rows = -(-len(scores) // n_columns)
    figure = Figure(figsize=(2.6 * n_columns, 2.6 * n_rows), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(n_rows, n_columns, squeeze=False).ravel()
    for panel, (name, values) in zip(panels, scores.items(), strict=False):
        shares = (np.arange(len(values)) + 0.5) / len(values)
        panel.axline((0.0, 0.0), slope=1.0, color="0.7", linewidth=1.0)
        panel.plot(norm.ppf(shares), np.sort(values), ".", markersize=2.5)
        panel.set_title(name, fontsize=7)
        panel.tick_params(labelsize=6)
    for panel in panels[len(scores) :]:
        panel.set_axis_off()
    figure.supxlabel("quantile of the standard normal law", fontsize=8)
    figure.supylabel("z score of a cell", fontsize=8)
    figure.savefig(path, dpi=120)
