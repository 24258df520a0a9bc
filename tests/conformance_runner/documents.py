"""The case files of the rule language: what may stand in their YAML."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, model_validator

from cadrerules.model.documents import CasesDoc, Document, InForceDoc, ParameterDoc, ViewDoc
from cadrerules.model.set_documents import SpanDoc, TableDoc
from cadrerules.testing.case_documents import Cell, Given, Word, as_text


class Entry(Document, BaseModel):
    """Base of everything in a case file; unknown keys are refused."""


class Repeated(Entry):
    """A text too long, or with a character too odd, to stand in a file."""

    before: str = ""
    repeat: str = ""
    code_point: int | None = None
    times: int = 1
    after: str = ""

    @property
    def text(self) -> str:
        """The text it stands for."""
        part = self.repeat if self.code_point is None else chr(self.code_point)
        return self.before + part * self.times + self.after


class LanguageCase(Entry):
    """An expression and its value for each row, by the row's key (cells joined by `/`), or one value for all.

    `facts`, `views` and `derive` stand for, or are added to, the file's; `rows` replaces the rows of a
    table, `absent` takes tables away, `params` and `interpretations` change the file's. With `in_force` the expression is a rule's condition in a
    policy in force between those days.
    """

    name: str
    expression: Annotated[str, BeforeValidator(lambda v: as_text(v) if isinstance(v, int | Decimal) else v)] | Repeated
    facts: str = ""
    views: dict[str, ViewDoc] = {}
    derive: dict[str, Word | CasesDoc] = {}
    rows: Given = {}
    absent: list[str] = []
    params: dict[str, Cell] = {}
    interpretations: dict[str, str] = {}
    as_of: date | None = None
    in_force: InForceDoc | None = None
    expect: Word | dict[str, Word] | None = None
    raises: str = ""
    column: int | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> LanguageCase:
        if (self.expect is None) == (not self.raises):
            raise ValueError("give one of `expect` and `raises`")
        return self

    @property
    def text(self) -> str:
        """The expression."""
        return self.expression.text if isinstance(self.expression, Repeated) else self.expression


class LanguageFile(Entry):
    """Cases of one operator or family: tables, the rows `facts` that expressions are about, and the cases."""

    about: str
    tables: dict[str, TableDoc]
    facts: str
    rows: Given
    views: dict[str, ViewDoc] = {}
    derive: dict[str, Word | CasesDoc] = {}
    params: dict[str, ParameterDoc] = {}
    interpretations: dict[str, list[str]] = {}
    calendar: SpanDoc = SpanDoc()
    as_of: date = date(2025, 1, 15)
    cases: list[LanguageCase]
