"""Where a result comes from: its attributes and provenance, written and read."""
