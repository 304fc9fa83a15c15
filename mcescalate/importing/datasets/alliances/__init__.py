"""Data sets of alliances, and what their treaties promise."""
