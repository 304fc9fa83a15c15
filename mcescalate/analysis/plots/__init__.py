"""Figures: each function draws one on axes and returns them.

    from mcescalate.analysis import plots
    plots.ladder(result).figure.savefig("ladder.svg")

Axes of one's own are given as `ax`; otherwise a figure is made that belongs to nobody, with
nothing of pyplot. Colours are told apart by those who see fewer of them (Okabe and Ito), and
axes say units and the number of chains. matplotlib comes with the extra `plot`, and is
imported by the first figure.
"""

from mcescalate.analysis.plots.changes import factors, tornado
from mcescalate.analysis.plots.network import entry_network
from mcescalate.analysis.plots.probabilities import actor_bars, ladder, war_size
from mcescalate.analysis.plots.sweeps import heat_map, sensitivity_bars, sweep_curve
from mcescalate.analysis.plots.time_courses import survival, timeline

__all__ = [
    "actor_bars",
    "entry_network",
    "factors",
    "heat_map",
    "ladder",
    "sensitivity_bars",
    "survival",
    "sweep_curve",
    "timeline",
    "tornado",
    "war_size",
]
