"""The case files: what may stand in their YAML."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from cadrerules.model.documents import CasesDoc, InForceDoc, ParameterDoc, ViewDoc
from cadrerules.model.set_documents import SpanDoc, TableDoc

Cell = str | int | Decimal | bool | None


def as_text(value: Any) -> Any:
    """A value as the language writes it, `true` or `2.5`; what is no scalar stays as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else value


Word = Annotated[str, BeforeValidator(as_text)]


class Entry(BaseModel):
    """Base of everything in a case file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Compact(Entry):
    """Rows written as lists under a list of columns."""

    columns: list[str]
    rows: list[list[Cell]]

    @model_validator(mode="after")
    def _full_rows(self) -> Compact:
        if short := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"{short[0]} doesn't fit {self.columns}")
        return self


Rows = Compact | list[dict[str, Cell]]
Given = dict[str, Rows]


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


class ExpectedDecision(Entry):
    """Fields of a decision; those not named may hold anything."""

    question: str
    subject: Word
    period: Word | None = None
    id: str = ""
    status: str = ""
    verdict: str | None = None
    possible: list[str | None] = []
    because: list[str] = []
    clauses: list[str] = []
    overridden: list[str] = []
    waived_by: list[str] = []
    missing: list[str] = []
    parameters: list[str] = []
    owed_by: Word | None = None
    due: Word | None = None
    done: Word | None = None
    short: Word | None = None


class ExpectedFinding(Entry):
    """Fields of a finding; those not named may hold anything."""

    rule: str
    subject: Word
    period: Word | None = None
    clause: list[str] = []
    outcome: str = ""
    waivable: bool = False
    status: str = ""
    missing: list[str] = []
    params: dict[str, int | str | None] = {}
    interpretations: dict[str, str] = {}


class NoDecision(Entry):
    """What there must be no decision on; what isn't named may be any."""

    question: str | None = None
    subject: Word | None = None
    period: Word | None = None
    because: list[str] = []


class ExpectedGap(Entry):
    """A policy or rule that isn't evaluated, and the tables it lacks."""

    policy: str
    rule: str | None = None
    tables: list[str]


class PlanCase(Entry):
    """Tables of facts and what the plan makes of them.

    `given` adds rows to the file's and replaces those with the same key, `drop` takes out the rows
    that hold the cells named, `absent` whole tables. `expect` must name every decision on a question,
    subject and period that it names at all (of a question in `by_rule`, by the rules that it names); with `nothing_else` it must name every decision.
    """

    name: str
    clause: Word = ""
    policies: list[str] | None = None
    as_of: date | None = None
    params: dict[str, Cell] = {}
    interpretations: dict[str, str] = {}
    given: Given = {}
    drop: dict[str, list[dict[str, Word]]] = {}
    absent: list[str] = []
    expect: list[ExpectedDecision] = []
    by_rule: list[str] = ["obligation"]
    nothing_else: bool = False
    expect_none: list[NoDecision] = []
    expect_findings: list[ExpectedFinding] = []
    not_evaluated: list[ExpectedGap] | None = None
    warnings: int | None = None
    raises: str = ""

    @model_validator(mode="after")
    def _expects_something(self) -> PlanCase:
        named = (self.expect, self.expect_none, self.expect_findings, self.raises, self.nothing_else)
        if not any(named) and self.not_evaluated is None and self.warnings is None:
            raise ValueError("the case expects nothing")
        return self


class PlanFile(Entry):
    """Cases of the plan, with what they share: `fill` holds, per table, the cells of a row that it leaves out."""

    about: str
    policies: list[str] | None = None
    as_of: date = date(2025, 1, 15)
    fill: dict[str, dict[str, Cell]] = {}
    given: Given = {}
    cases: list[PlanCase]
