"""The model as code, beside its statement in docs/model.md.

`codes` and `coefficients` name things, `world` and `state` hold them, `rules` has every
probability and transition, `rng` the random words. A chain is settled before each turn
(`settling`) and then plays it (`chain`). Crises that stay between two have few states:
`bilateral` tabulates them, by the same rules and turns, and `abreast` plays many chains side by
side over the tables. `counts` declares what is counted and `scoring` counts it, `batch` is what
backends run; `apart` keeps what workers write apart, `bits` reads numbers by their bits.
"""
