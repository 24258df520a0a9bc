"""Writes a document in its one form, without changing what it says or losing a comment."""

from __future__ import annotations

from .document import Formatted, formatted

__all__ = ["Formatted", "formatted"]
