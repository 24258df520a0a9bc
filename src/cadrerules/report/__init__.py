"""Results for people: explanations, tables and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..language.periods import PeriodKind


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A report that `cadrerules report NAME` offers: its name, titles, and what makes it.

    `make(result, *, plan, facts, explainer, period, subject, lang, format, **_)` gives text or bytes; it names
    the keywords it uses and takes the rest with `**_`. `formats` are those it offers, the first one
    the default. `period` is the kind of period it can be asked for, `subject` whether it is about
    one subject, `tables` are the tables of facts it can't do without; what doesn't fit is refused
    before `make` is called.
    """

    name: str
    en: str
    zh: str
    make: Callable[..., str | bytes]
    formats: tuple[str, ...] = ("text",)
    period: PeriodKind | Literal["none"] = "any"
    subject: Literal["optional", "required", "none"] = "optional"
    tables: tuple[str, ...] = ()
