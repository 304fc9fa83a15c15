"""How results read in a terminal: summaries as lines and tables."""
