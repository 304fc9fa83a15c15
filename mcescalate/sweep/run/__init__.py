"""Simulating shards: the loop, its executors, and what a worker does."""
