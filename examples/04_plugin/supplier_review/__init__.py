"""A company's yearly supplier review, as a plugin."""
