"""Draw two pictures of every case of the library, and a fan of branches, before pages are read."""

from pathlib import Path

from sphinx.application import Sphinx

import mcescalate as mc
from mcescalate.analysis import plots

CASES = {
    "july-1914": 20_000,
    "cuba-1962": 20_000,
    "able-archer-1983": 20_000,
    "nato-russia-2022": 20_000,
    "east-asia-2020s": 20_000,
    "europe-1908": 5_000,
    "global-1914": 5_000,
    "global-latest": 2_000,
}
"""Number of chains of each; the global scenarios have far more actors."""
SEED = 1
BRANCHES = {"chain": 4, "seed": 7, "from_turn": 3, "settings": ["actors.RUS.tempo=0"]}
"""One chain of July 1914, and what is changed in it."""


def draw_pictures(app: Sphinx) -> None:
    """Simulate each case and draw who joins whom and how far its crises go; and one fan."""
    if not app.config.draw_pictures:
        return
    folder = Path(app.srcdir) / "pictures"
    folder.mkdir(exist_ok=True)
    for case, n_chains in CASES.items():
        result = mc.simulate(mc.load_case(case), n_chains=n_chains, seed=SEED)
        for name, draw in (("network", plots.entry_network), ("ladder", plots.ladder)):
            figure = draw(result).figure
            figure.savefig(folder / f"{case}-{name}.svg", metadata={"Date": None})
    counts = mc.branch(mc.load_case("july-1914"), n_branches=2000, **BRANCHES)
    figure = plots.branches(counts).figure
    figure.savefig(folder / "july-1914-fan.svg", metadata={"Date": None})


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    # `-D draw_pictures=0` keeps those of an earlier build, to try a change of a page quickly.
    app.add_config_value("draw_pictures", True, "", bool)
    app.connect("builder-inited", draw_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
