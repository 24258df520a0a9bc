"""Synthetic populations: plausible tables of any size from a policy set's description of them, or from its tables alone."""

from .write import Synthetic, draw_tables, synthesise

__all__ = ["Synthetic", "draw_tables", "synthesise"]
