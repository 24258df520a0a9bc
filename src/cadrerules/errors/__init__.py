"""Every error: a stable code, a place, what was wrong and what to do, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .catalogue import CATALOGUE, Message

Lang = Literal["en", "zh"]

__all__ = ["CATALOGUE", "CadreError", "DataError", "Lang", "Message", "Place", "PolicyError", "Problem", "UsageError"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong: a cell of a table, or a line and column of a document.

    `source` is the line of text with the fault; `column` counts from 1.
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    field: str = ""
    line: int | None = None
    column: int | None = None
    source: str = ""
    path: str = ""

    def text(self, lang: Lang = "en") -> str:
        """The place in words, `file, row 3, column "unit"`; empty where nothing is known."""
        words = _PLACE_WORDS[lang]
        parts = [self.file] if self.file else []
        for name in ("sheet", "row", "field", "line", "column", "path"):
            value = getattr(self, name)
            if value not in ("", None):
                parts.append(words[name].format(value))
        return (", " if lang == "en" else "，").join(parts)

    def excerpt(self) -> str:
        """The faulty line with a caret under the fault; empty without a source."""
        if not self.source or self.column is None:
            return ""
        start = max(0, self.column - 60)
        shown = self.source[start : start + 100]
        pad = "".join("　" if ord(c) > 0x2E80 else " " for c in self.source[start : self.column - 1])
        return f"    {shown}\n    {pad}^"


_PLACE_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "sheet": "sheet {}",
        "row": "row {}",
        "field": 'column "{}"',
        "line": "line {}",
        "column": "column {}",
        "path": "{}",
    },
    "zh": {
        "sheet": "工作表 {}",
        "row": "第 {} 行",
        "field": "列“{}”",
        "line": "第 {} 行",
        "column": "第 {} 个字符",
        "path": "{}",
    },
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `code` is a key of `CATALOGUE`; `values` fill its text."""

    code: str
    place: Place = Place()
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise KeyError(self.code)

    def message(self, lang: Lang = "en") -> str:
        """What was wrong, in one sentence."""
        return _fill(CATALOGUE[self.code].text(lang), self.values, lang)

    def hint(self, lang: Lang = "en") -> str:
        """What to do about it."""
        return _fill(CATALOGUE[self.code].hint(lang), self.values, lang)

    def text(self, lang: Lang = "en") -> str:
        """The whole problem, on one or more lines: code, place, message, excerpt, hint."""
        place = self.place.text(lang)
        head = f"{self.code}: {place}: {self.message(lang)}" if place else f"{self.code}: {self.message(lang)}"
        rest = [part for part in (self.place.excerpt(), self.hint(lang) and f"    {self.hint(lang)}") if part]
        return "\n".join([head, *rest])


def _fill(template: str, values: Mapping[str, object], lang: Lang) -> str:
    """Put the values into a text; a value may itself be a pair of texts, one per language."""
    shown = {k: v[lang] if isinstance(v, Mapping) else v for k, v in values.items()}
    return template.format_map(shown)


class CadreError(Exception):
    """Base of all errors of this library: one report of one or more problems.

    `problems` holds them in order; `str()` is the English report, `report("zh")` the Chinese one.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    def report(self, lang: Lang = "en", limit: int = 100) -> str:
        """All problems as text, at most `limit` in full and the rest counted."""
        texts = [problem.text(lang) for problem in self.problems[:limit]]
        if (more := len(self.problems) - limit) > 0:
            texts.append(f"... {more} more" if lang == "en" else f"……另有 {more} 处")
        return "\n".join(texts)

    def __str__(self) -> str:
        return self.report()

    def __reduce__(self) -> tuple[type[CadreError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class PolicyError(CadreError):
    """A policy document, expression or policy set can't be used."""


class DataError(CadreError):
    """Tables of facts are refused; nothing was evaluated."""


class UsageError(CadreError):
    """A call or a command asks for something that isn't there."""
