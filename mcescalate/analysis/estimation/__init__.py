"""Probabilities and their intervals: of one run, of events, and of differences."""
