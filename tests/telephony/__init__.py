"""A real Asterisk, real SIP clients, and the whole hotline behind them."""
