"""Sweeps: one study of many settings, cut into shards that survive whatever stops it.

`plan` says what may stand in a plan file, `design` lays out the points, `points` makes the
scenario of each, `shards` cuts the work, `agenda` says what is left of it, `executors` play
it, `execute` drives them, `store` keeps shards and manifest, `assemble` labels the result.
"""
