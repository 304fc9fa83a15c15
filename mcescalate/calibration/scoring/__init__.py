"""Predictions of recorded disputes, and how good they are."""
