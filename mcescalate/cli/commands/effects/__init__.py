"""Commands that say what a change of a scenario, or misperception, does to its outcomes."""
