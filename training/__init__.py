"""Training: labels, backtest, tracking, promotion. The only room that sees the future."""
