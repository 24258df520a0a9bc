"""Reads the shared cases and holds an engine against them."""
