"""Policies over whole columns: from the bound tree to a plan of relations that Polars and SQL engines run."""
