"""The model against recorded disputes.

`scoring` predicts disputes and scores the predictions: `backtest` makes a scenario of each one's
day, `forecast` predicts how it goes on, `splits` says which disputes may be learned from,
`regressions` and `eras` are what a prediction is compared with, `scores` and `reliability` say how
good it is, and `evaluation` puts all of this together.

`pairs` has the chain of the two originators. `likelihoods` says what is fitted to what:
`observations` are disputes in the worlds of their days, `free_values` the values and their priors,
`likelihood`, `joining` and `mix` the likelihoods. `fitting` fits: `fit` climbs to the mode,
`sampling` draws from the posterior, `feedback` corrects for what joiners set off, `held_out` tests
on other disputes, `from_data` puts all of it together, `presets` and `results` write the files.
"""
