"""The policy document: what may stand in its YAML, as pydantic models (the source of its JSON Schema)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from .texts import Texts

MOST_PLACES: Final = 9
"""The most decimal places a number may have."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Expression = Annotated[
    str,
    BeforeValidator(lambda v: v if isinstance(v, str) else _as_text(v)),
    Field(description="a condition or value in the rule language", max_length=4000),
]
Clauses = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v),
    Field(description='the clause or clauses of the source, quoted, such as "2.2.3"'),
]
Scalar = bool | int | Decimal | str


Step = Annotated[Decimal, AfterValidator(lambda step: _power_of_ten(step)), Field(description="a power of ten")]


def _power_of_ten(step: Decimal) -> Decimal:
    if not step.is_finite() or step.normalize().as_tuple()[:2] != (0, (1,)) or not 0 >= step.adjusted() >= -MOST_PLACES:
        raise ValueError(f"a step must be 1, 0.1, 0.01 and so on, with at most {MOST_PLACES} places")
    return step


def _as_text(value: Any) -> Any:
    """A bare `true` or `7` in YAML is an expression too."""
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value) if isinstance(value, int | Decimal) else value


class Document(BaseModel):
    """Base of everything that stands in a document; unknown entries are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choose(Document):
    """A part of a document that an interpretation chooses: `{choose: ranked, unit: ..., indicator: ...}`."""

    model_config = ConfigDict(extra="allow", frozen=True)
    choose: str

    def under(self, option: str) -> Any:
        """What stands for an option of the interpretation; None where nothing does."""
        return (self.model_extra or {}).get(option)


class ParameterDoc(Document):
    """A number, date or word that the plan fixes, or leaves out (`unset`)."""

    title: Texts | None = None
    value: Scalar | None = Field(None, description="the value, for every period")
    values: dict[date, Scalar] | None = Field(None, description="dated values: each holds from its day on")
    unset: Texts | str | None = Field(None, description="why the source leaves it open")
    type: Literal["number", "date", "year"] = "number"
    domain: str | None = Field(None, description="what it may be: `>= 1`, `<= 10`, `1..10`")
    step: Step = Field(Decimal(1), description="the step of a number, a power of ten")
    unit: str | None = None
    clause: Clauses = ()

    @model_validator(mode="after")
    def _one_source(self) -> ParameterDoc:
        if sum(part is not None for part in (self.value, self.values, self.unset)) != 1:
            raise ValueError("give exactly one of `value`, `values` and `unset`")
        return self


class AdoptionDoc(Document):
    """Who settled an ambiguity, when and how."""

    choice: Name
    by: str
    on: date


class InterpretationDoc(Document):
    """An ambiguity of the text: its readings, the default and why, and who adopted one."""

    title: Texts | None = None
    options: dict[Name, Texts] | list[Name] = Field(description="the readings, by name, perhaps with what each means")
    default: Name
    why: Texts
    clause: Clauses = ()
    adopted: AdoptionDoc | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The names of the readings."""
        return tuple(self.options)

    @model_validator(mode="after")
    def _default_is_an_option(self) -> InterpretationDoc:
        chosen = [self.default, *([self.adopted.choice] if self.adopted else [])]
        if unknown := [word for word in chosen if word not in self.words]:
            raise ValueError(f"`{unknown[0]}` is none of the options")
        return self


class CalendarDoc(Document):
    """The rows of the calendar: one for every year, quarter, month or week."""

    every: Literal["year", "quarter", "month", "week"]


Rows = str | CalendarDoc


class ViewDoc(Document):
    """Rows made from other tables: those of one, or every combination of the rows of several.

    `where` keeps those for which it holds, `derive` adds columns; with `by` there is one row per value
    of these columns (`[]`: one row in all), with `columns` that aggregate the rows of each.
    """

    title: Texts | None = None
    source: Rows | list[Rows] = Field(alias="from", description="the table, view or calendar, or several of them")
    where: Expression | None = None
    derive: dict[Name, Expression] = {}
    by: list[Name] | Choose | None = None
    columns: dict[Name, Expression] = {}

    @property
    def sources(self) -> list[Rows]:
        """What it is made from, as a list."""
        return self.source if isinstance(self.source, list) else [self.source]

    @model_validator(mode="after")
    def _columns_of_groups(self) -> ViewDoc:
        if self.by is None and self.columns:
            raise ValueError("`columns` aggregate the rows of each `by`; without one, use `derive`")
        if not self.sources:
            raise ValueError("`from` needs a table")
        return self

    @model_validator(mode="after")
    def _chooses_columns(self) -> ViewDoc:
        for option, columns in ((self.by.model_extra or {}) if isinstance(self.by, Choose) else {}).items():
            if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
                raise ValueError(f"`by` needs a list of columns for `{option}`")
        return self


class CaseDoc(Document):
    """One case of a derived column: the first whose condition holds gives the value."""

    when: Expression | None = None
    value: Scalar | None = None
    otherwise: Scalar | None = None

    @model_validator(mode="after")
    def _complete(self) -> CaseDoc:
        if (self.otherwise is not None) == (self.when is not None and self.value is not None):
            raise ValueError("give `when` and `value`, or `otherwise` alone")
        return self


class CasesDoc(Document):
    """A derived column by cases, the last of them `otherwise`."""

    cases: Annotated[list[CaseDoc], Field(min_length=2)]

    @model_validator(mode="after")
    def _ends_with_otherwise(self) -> CasesDoc:
        if [case.otherwise is not None for case in self.cases] != [False] * (len(self.cases) - 1) + [True]:
            raise ValueError("the last case, and only that, is `otherwise`")
        return self


class GroupDoc(Document):
    """Rows that a rule's outcome goes to: those of table or group `each` for which `where` holds.

    `where` may name the group's columns, the columns of the rule's row, and `period`, the finding's period.
    """

    each: str = Field(description="a table, or a group of this or another policy, `people.in_post`")
    where: Expression | None = None


class TableRuleDoc(Document):
    """A decision table: `on` are the columns (or expressions) that the cells of each row test, in order.

    A row is a list of cells, the last of them the verdict. A cell is a test: `<= 7`, `8..10`, `"a", "b"`
    (one of these), a value (equal), `-` (anything). `file` names a CSV beside the document, or `file`
    and `sheet` a sheet of a workbook, with the same columns and a heading each.
    """

    hit: Literal["unique", "first", "collect"] = "unique"
    on: Annotated[list[Expression], Field(min_length=1)]
    rows: list[list[Scalar | None]] = []
    file: str | None = Field(None, pattern=r"^[\w-]+\.(csv|xlsx)$")
    sheet: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> TableRuleDoc:
        if bool(self.rows) == bool(self.file):
            raise ValueError("give one of `rows` and `file`")
        if bool(self.sheet) != bool(self.file and self.file.endswith(".xlsx")):
            raise ValueError("a workbook, and only that, needs a `sheet`")
        if odd := [row for row in self.rows if len(row) != len(self.on) + 1]:
            raise ValueError(f"a row needs {len(self.on)} tests and a verdict, not {len(odd[0])} cells")
        return self


class RuleDoc(Document):
    """A rule: a condition on one row, or a decision table; the outcome it leads to, and whom it goes to.

    With both, the table decides for the rows for which the condition holds.
    """

    id: Name
    title: Texts
    clause: Clauses = ()
    facts: str | None = Field(None, description="the table or view it looks at, where it isn't the policy's")
    when: Expression | None = None
    table: TableRuleDoc | None = None
    then: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", description="`question.verdict`; of a table, the question"
        ),
    ]
    to: GroupDoc | None = None
    subject: Name | dict[Name, Name] | None = Field(
        None, description="the kind of subject, where the question has several; or the column of its ids, by kind"
    )
    waivable: bool | None = Field(
        None, description="only `false` is needed: a waivable verdict that this rule makes strict"
    )

    @model_validator(mode="after")
    def _one_condition(self) -> RuleDoc:
        if self.when is None and self.table is None:
            raise ValueError("give `when`, or a `table` (with `when`, for rows for which that holds)")
        if ("." in self.then) == (self.table is not None):
            raise ValueError("`then` is `question.verdict`; of a table, whose rows hold the verdicts, the question")
        return self


class BetweenDoc(Document):
    """Two days between which something is owed."""

    first: Expression = Field(alias="from")
    last: Expression = Field(alias="to")


class ObligationDoc(Document):
    """A duty: how much of what is owed in every period, by a day, or between two.

    The conditions may name `first` and `last`, the window that counts as of the date: from the period's
    first day to its last, or to the date of the evaluation where that is earlier. `each` are the rows that
    it binds, once per subject; `in_post` the columns with the first and last day on which one is bound.
    """

    id: Name
    title: Texts
    clause: Clauses = ()
    then: Name = "obligation"
    subject: Name
    each: GroupDoc | None = None
    in_post: tuple[Name, Name] | None = None
    partial: Literal["pro_rata", "full", "exempt"] | Choose = "full"
    owed_by: Name | None = Field(None, description="who owes it, where that isn't the subject")
    every: Literal["year", "quarter", "month", "week"] | None = None
    by: Expression | None = None
    between: BetweenDoc | None = None
    due: Expression = "1"
    times: Expression = Field("1", description="how many times over it is owed, each rounded by itself")
    done: Expression

    @model_validator(mode="after")
    def _one_window(self) -> ObligationDoc:
        if sum(part is not None for part in (self.every, self.by, self.between)) != 1:
            raise ValueError("give exactly one of `every`, `by` and `between`")
        if self.in_post and not self.each:
            raise ValueError("`in_post` names columns of `each`")
        return self


class InForceDoc(Document):
    """The days between which the policy applies; open where left out."""

    since: date | None = Field(None, alias="from")
    until: date | None = None


class PolicyDoc(Document):
    """A policy document."""

    format: Literal[1]
    policy: Name
    title: Texts
    about: Texts | None = None
    clause: Clauses = ()
    in_force: InForceDoc = InForceDoc()
    params: dict[Name, ParameterDoc] = {}
    interpretations: dict[Name, InterpretationDoc] = {}
    groups: dict[Name, GroupDoc] = {}
    views: dict[Name, ViewDoc] = {}
    facts: str | None = Field(None, description="the table or view whose rows the rules look at")
    derive: dict[Name, Expression | CasesDoc] = {}
    titles: dict[Name, Texts] = Field({}, description="what explanations call the columns of views and derived columns")
    rules: list[RuleDoc] = []
    obligations: list[ObligationDoc] = []

    @model_validator(mode="after")
    def _facts_for_rules(self) -> PolicyDoc:
        if self.facts is None and (self.derive or any(rule.facts is None for rule in self.rules)):
            raise ValueError("`facts` is needed where there are rules or derived columns")
        return self

    @model_validator(mode="after")
    def _titles_of_columns(self) -> PolicyDoc:
        columns = {*self.derive, *(name for v in self.views.values() for name in (*v.columns, *v.derive))}
        if unknown := sorted(self.titles.keys() - columns):
            raise ValueError(f"`titles` names `{unknown[0]}`, which is no derived column")
        return self
