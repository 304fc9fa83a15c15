"""The model against recorded disputes.

`backtest` makes a scenario of each dispute's day, `forecast` predicts how it goes on, `splits`
says which disputes may be learned from, `regressions` and `eras` are what a prediction is compared
with, `scores` and `reliability` say how good it is, and `evaluation` puts all of this together.

`calibrate` fits coefficients: `observations` are disputes in the worlds of their days, `dyads` the
chain of the two originators, `likelihood` and `joining` what is fitted, `free_values` the priors,
`fit` the climb to the mode, `held_out` the test on other disputes, `from_data` all of it together,
`presets` and `results` the files.
"""
