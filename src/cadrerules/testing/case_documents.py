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


Word = Annotated[str, BeforeValidator(as_text, json_schema_input_type=str | float | bool)]


class Entry(Document, BaseModel):
    """Base of everything in a case file; unknown keys are refused."""


class Compact(Entry):
    """Rows written as lists under a list of columns."""

    columns: list[str] = Field(description="the columns, in order")
    rows: list[list[Cell]] = Field(description="the rows, a cell for each column")

    @model_validator(mode="after")
    def _full_rows(self) -> Compact:
        if short := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"{short[0]} doesn't fit {self.columns}")
        return self


Rows = Compact | list[dict[str, Cell]]
Given = dict[str, Rows]


class ExpectedDecision(Entry):
    """Fields of a decision; those not named may hold anything."""

    question: str = Field(description="the question that is decided")
    id: str = Field("", description="the decision's id")
    subject: Word = Field(description="the subject's id")
    period: Word | None = Field(None, description="the period that it is decided for")
    status: str = Field("", description="`decided` or `undetermined`")
    verdict: str | None = Field(None, description="the verdict; null for none")
    possible: list[str | None] = Field([], description="the verdicts still possible where it is undetermined; null for none")
    because: list[str] = Field([], description="the rules that lead to it")
    clauses: list[str] = Field([], description="the clauses that it rests on")
    overridden: list[str] = Field([], description="the rules that a waiver set aside")
    waived_by: list[str] = Field([], description="the authorities whose waivers count")
    missing: list[str] = Field([], description="the cells that it waits for, `table[key].column`")
    parameters: list[str] = Field([], description="the unset parameters that it waits for")
    owed_by: Word | None = Field(None, description="who owes it")
    due: Word | None = Field(None, description="how much is owed")
    done: Word | None = Field(None, description="how much was done")
    short: Word | None = Field(None, description="how much is lacking")

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Question, subject and period: what decisions are told apart by."""
        return self.question, self.subject, self.period


class ExpectedFinding(Entry):
    """Fields of a finding; those not named may hold anything."""

    rule: str = Field(description="the rule, by full name")
    subject: Word = Field(description="the subject's id")
    period: Word | None = Field(None, description="the period that it is about")
    clause: list[str] = Field([], description="the clauses of its rule")
    outcome: str = Field("", description="the outcome, `question.verdict`")
    waivable: bool = Field(False, description="whether a waiver may lift it")
    status: str = Field("", description="`holds` or `undetermined`")
    missing: list[str] = Field([], description="the cells that it waits for, `table[key].column`")
    params: dict[str, int | str | None] = Field({}, description="the parameters that it rests on, by full name")
    interpretations: dict[str, str] = Field({}, description="the readings that it rests on, by full name")


class NoDecision(Entry):
    """What there must be no decision on; what isn't named may be any."""

    question: str | None = Field(None, description="the question")
    subject: Word | None = Field(None, description="the subject's id")
    period: Word | None = Field(None, description="the period")
    because: list[str] = Field([], description="the rules that must not lead to one")


class ExpectedGap(Entry):
    """A policy or rule that isn't evaluated, and the tables it lacks."""

    policy: str = Field(description="the policy")
    rule: str | None = Field(None, description="the rule, where only that isn't evaluated")
    tables: list[str] = Field(description="the tables that it lacks")


class Case(Entry):
    """Tables of facts and what the policies make of them.

    `given` adds rows to the file's and replaces those with the same key, `drop` takes out the rows
    that hold the cells named, `absent` whole tables. `expect` must name every decision on a question,
    subject and period that it names at all; with
    `nothing_else` it must name every decision. Of a question in `by_rule` (default: those that are decided for
    each rule apart) it must name every decision by the rules that it names. `raises` is the code of the error that there must be.
    """

    name: str = Field(description="what it shows; no other case of the file has the name")
    clause: Word = Field("", description="the clause of the source that says so")
    policies: list[str] | None = Field(None, description="those evaluated; else the file's, else all")
    as_of: date | None = Field(None, description="the day of the evaluation, where it isn't the file's")
    params: dict[str, Cell] = Field({}, description="parameters by full name; null unsets one")
    interpretations: dict[str, str] = Field({}, description="readings by full name")
    given: Given = Field({}, description="rows by table, added to the file's or in the place of those with the same key")
    drop: dict[str, list[dict[str, Word]]] = Field({}, description="rows taken out, by table: those that hold these cells")
    absent: list[str] = Field([], description="tables taken away")
    by_rule: list[str] | None = Field(None, description="the questions of which only decisions by the rules named are looked at")
    nothing_else: bool = Field(False, description="whether `expect` must name every decision that there is")
    expect: list[ExpectedDecision] = Field([], description="the decisions that there must be")
    expect_none: list[NoDecision] = Field([], description="what there must be no decision on")
    expect_findings: list[ExpectedFinding] = Field([], description="the findings that there must be")
    not_evaluated: list[ExpectedGap] | None = Field(None, description="what can't be evaluated, and why")
    warnings: int | None = Field(None, description="how many warnings there must be")
    raises: str = Field("", description="the code of the error that there must be, `CR-...`")

    @model_validator(mode="after")
    def _expects_something(self) -> Case:
        named = (self.expect, self.expect_none, self.expect_findings, self.raises, self.nothing_else)
        if not any(named) and self.not_evaluated is None and self.warnings is None:
            raise ValueError("the case expects nothing")
        return self


class CaseFile(Entry):
    """Cases with what they share: `fill` holds, per table, the cells of a row that it leaves out."""

    format: Literal[1] = Field(description="the version of this form")
    policy_set: str = Field("", description="an installed policy set; without it the set in the folder above `cases`")
    about: str = Field("", description="what these cases are about")
    policies: list[str] | None = Field(None, description="the policies evaluated; all where left out")
    as_of: date = Field(description="the day of the evaluation, so that a case says the same on every day")
    fill: dict[str, dict[str, Cell]] = Field({}, description="by table, the cells of a row that leaves them out")
    given: Given = Field({}, description="rows by table, which all cases share")
    cases: list[Case] = Field(description="the cases")

    @model_validator(mode="after")
    def _names_differ(self) -> CaseFile:
        names = [case.name for case in self.cases]
        if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
            raise ValueError(f"two cases are named `{twice}`")
        return self
