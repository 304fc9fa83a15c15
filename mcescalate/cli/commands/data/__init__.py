"""Commands that read published data: import, backtest, calibrate."""
