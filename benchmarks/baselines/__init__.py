"""The same model written in other ways, to measure the engine against; docs/performance.md.

Each module plays chains of a `World` and returns `Counts` (see `counts`). Their random numbers
are their own: they agree with the engine as two samples of one law do, not chain by chain.
"""
