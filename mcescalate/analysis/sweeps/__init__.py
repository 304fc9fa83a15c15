"""Statistics over the points of a sweep, with Monte Carlo noise removed."""
