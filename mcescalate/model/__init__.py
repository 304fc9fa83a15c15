"""The model as code, beside its statement in docs/model.md.

`codes` and `coefficients` name things, `world` and `state` hold them, `rules` has every
probability and transition, `rng` the random words, `chain` draws, `settling` prepares the next
turn, `scoring` counts. `memory` finds again what was worked out before, `apart` keeps what
workers write apart, and `batch` is what backends run.
"""
