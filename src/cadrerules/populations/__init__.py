"""Populations: tables that stay in columns, how they are read, and a plan evaluated on them."""
