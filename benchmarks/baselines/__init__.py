"""The same model written in C, to measure the engine against; docs/performance.md.

It takes a `World` and returns `Counts` (see `counts`). Its random numbers are its own: it agrees
with the engine as two samples of one law do, not chain by chain.
"""
