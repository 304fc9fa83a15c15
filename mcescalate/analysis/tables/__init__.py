"""Counts and estimates as tables for other programs."""
