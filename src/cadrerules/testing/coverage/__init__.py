"""Which of a policy's rules, conditions and boundaries its cases cover, whatever way the document is laid out."""

from __future__ import annotations

from .measure import Coverage, Gap, Report

__all__ = ["Coverage", "Gap", "Report"]
