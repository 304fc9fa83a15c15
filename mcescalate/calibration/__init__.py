"""The model against recorded disputes.

`backtest` makes a scenario of each dispute's day, `forecast` predicts how it goes on, `splits`
says which disputes may be learned from, `regressions` and `eras` are what a prediction is compared
with, `scores` and `reliability` say how good it is, and `evaluation` puts all of this together.
"""
