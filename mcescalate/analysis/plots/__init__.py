"""Figures: each function draws one on axes and returns them.

    from mcescalate.analysis import plots
    plots.ladder(result).figure.savefig("ladder.svg")

Pass axes as `ax`, or let the function make a figure, which is not registered with pyplot.
Colours suit all kinds of colour vision (Okabe and Ito), and axes give units and the number of
chains. matplotlib comes with the extra `plot`, and is
imported by the first figure.
"""

from mcescalate.analysis.plots.changes import factors, tornado
from mcescalate.analysis.plots.entries import entry_times
from mcescalate.analysis.plots.fans import branches
from mcescalate.analysis.plots.network import entry_network
from mcescalate.analysis.plots.probabilities import actor_bars, ladder, war_size
from mcescalate.analysis.plots.scenario_network import scenario_network
from mcescalate.analysis.plots.sweeps import heat_map, sensitivity_bars, sweep_curve
from mcescalate.analysis.plots.time_courses import survival, timeline, war_length

__all__ = [
    "actor_bars",
    "branches",
    "entry_network",
    "entry_times",
    "factors",
    "heat_map",
    "ladder",
    "scenario_network",
    "sensitivity_bars",
    "survival",
    "sweep_curve",
    "timeline",
    "tornado",
    "war_length",
    "war_size",
]
