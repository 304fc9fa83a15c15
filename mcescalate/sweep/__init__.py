"""Sweeps: one study of many settings, cut into shards that survive an interruption.

`design` turns a plan into points, `schedule` cuts their chains into shards and says what is left
to simulate, `run` simulates shards, `store` keeps them on disk, `result` puts them together, and
`workflow` takes a sweep from beginning to end.
"""
