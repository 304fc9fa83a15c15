"""Shards into one labelled result, and checks of it."""
