"""Checks of a result before anything is read out of it."""
