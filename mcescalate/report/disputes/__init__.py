"""The pages on a backtest and on a calibration, and their figures."""
