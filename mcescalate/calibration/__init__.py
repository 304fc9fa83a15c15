"""The model against recorded disputes.

`scoring` predicts disputes and scores the predictions: `backtest` makes a scenario of each one's
day, `forecast` predicts how it goes on, `splits` says which disputes may be learned from,
`regressions` and `eras` are what a prediction is compared with, `scores` and `reliability` say how
good it is, and `evaluation` puts all of this together.

`pairs` has the chain of the two originators. `fitting` fits coefficients: `observations` are
disputes in the worlds of their days, `likelihood` and `joining` what is fitted, `free_values` the
priors, `fit` the climb to the mode, `held_out` the test on other disputes, `from_data` all of it
together, `presets` and `results` the files.
"""
