"""Where the text of an expression comes from, so that an error can point into it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from ..errors import Place, PolicyError, Problem
from .nodes import Span


@dataclass(frozen=True, slots=True)
class Source:
    """An expression's text and where it begins: file, line and column (from 1), and its path in the document."""

    text: str
    file: str = ""
    line: int | None = None
    column: int = 1
    path: str = ""

    def place(self, span: Span) -> Place:
        """The place of a part of the text."""
        column = span.start + 1 if "\n" in self.text or self.line is None else span.start + self.column
        shown = _sayable(self.text.replace("\n", " "))
        if column != span.start + 1:  # show the expression where it stands in its line
            shown = " " * (self.column - 1) + shown
        return Place(file=self.file, line=self.line, column=column, source=shown, path=self.path)

    def fail(self, code: str, span: Span = Span(), **values: object) -> NoReturn:
        """Raise a `PolicyError` that points at the span."""
        told = {name: _sayable(value) if isinstance(value, str) else value for name, value in values.items()}
        raise PolicyError(Problem(code, self.place(span), told))


def _sayable(text: str) -> str:
    """A text that can be written anywhere: half a character, which no file can hold, is a question mark."""
    return text.encode(errors="replace").decode()


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like the given one, or the first few where none is alike."""
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return close[0] if close else "`, `".join(known[:6]) or "-"
