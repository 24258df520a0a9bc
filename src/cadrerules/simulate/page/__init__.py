"""Simulations for people: one self-contained page, and its charts as pictures."""

from __future__ import annotations

from .figures import Figure, figures
from .pictures import write_figures
from .report import to_html

__all__ = ["Figure", "figures", "to_html", "write_figures"]
