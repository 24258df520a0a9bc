"""The city market-supervision bureau's implementation plan, as a plugin."""
