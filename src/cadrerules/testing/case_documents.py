"""The case files that stand beside a policy: what may stand in their YAML, as pydantic models (the source of its JSON Schema)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from ..model.documents import Document

Cell = str | int | Decimal | bool | None
"""What a row may hold in a column; None is unknown."""


def as_text(value: Any) -> Any:
    """A value as the language writes it, `true` or `2.5`; what is no scalar stays as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else value


Word = Annotated[str, BeforeValidator(as_text)]


class Entry(Document, BaseModel):
    """Base of everything in a case file; unknown keys are refused."""


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


class ExpectedDecision(Entry):
    """Fields of a decision; those not named may hold anything."""

    question: str
    subject: Word = Field(description="the subject's id")
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

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Question, subject and period: what decisions are told apart by."""
        return self.question, self.subject, self.period


class ExpectedFinding(Entry):
    """Fields of a finding; those not named may hold anything."""

    rule: str
    subject: Word = Field(description="the subject's id")
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


class Case(Entry):
    """Tables of facts and what the policies make of them.

    `given` adds rows to the file's and replaces those with the same key, `drop` takes out the rows
    that hold the cells named, `absent` whole tables. `expect` must name every decision on a question,
    subject and period that it names at all; with
    `nothing_else` it must name every decision. Of a question in `by_rule` (default: those that are decided for
    each rule apart) it must name every decision by the rules that it names. `raises` is the code of the error that there must be.
    """

    name: str
    clause: Word = ""
    policies: list[str] | None = Field(None, description="those evaluated; else the file's, else all")
    as_of: date | None = None
    params: dict[str, Cell] = Field({}, description="parameters by full name; null unsets one")
    interpretations: dict[str, str] = {}
    given: Given = {}
    drop: dict[str, list[dict[str, Word]]] = {}
    absent: list[str] = []
    expect: list[ExpectedDecision] = []
    by_rule: list[str] | None = None
    nothing_else: bool = False
    expect_none: list[NoDecision] = []
    expect_findings: list[ExpectedFinding] = []
    not_evaluated: list[ExpectedGap] | None = None
    warnings: int | None = None
    raises: str = ""

    @model_validator(mode="after")
    def _expects_something(self) -> Case:
        named = (self.expect, self.expect_none, self.expect_findings, self.raises, self.nothing_else)
        if not any(named) and self.not_evaluated is None and self.warnings is None:
            raise ValueError("the case expects nothing")
        return self


class CaseFile(Entry):
    """Cases with what they share: `fill` holds, per table, the cells of a row that it leaves out."""

    format: Literal[1]
    policy_set: str = Field("", description="an installed policy set; without it the set in the folder above `cases`")
    about: str = ""
    policies: list[str] | None = None
    as_of: date = Field(description="the day of the evaluation, so that a case says the same on every day")
    fill: dict[str, dict[str, Cell]] = {}
    given: Given = {}
    cases: list[Case]

    @model_validator(mode="after")
    def _names_differ(self) -> CaseFile:
        names = [case.name for case in self.cases]
        if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
            raise ValueError(f"two cases are named `{twice}`")
        return self
