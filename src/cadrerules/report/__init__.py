"""Results for people: explanations, tables and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A report that `cadrerules report NAME` offers: its name, titles, and what makes it.

    `make(result, **options)` gives text or bytes.
    """

    name: str
    en: str
    zh: str
    make: Callable[..., str | bytes]
