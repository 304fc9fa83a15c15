"""The work of a sweep: shards, their cost, and what is left to simulate."""
