"""The model as code, beside its statement in docs/model.md.

`codes` and `coefficients` name things, `world` and `state` hold them, `rules` has every
probability and transition, `rng` the random words, `chain` draws, `scoring` counts. `memory`
finds again what was worked out before, and `batch` is what backends run.
"""
