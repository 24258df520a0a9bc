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


class RuleLanguage:
    """Marks a text as one in the rule language."""


Expression = Annotated[
    str,
    BeforeValidator(lambda v: v if isinstance(v, str) else _as_text(v), json_schema_input_type=str | float | bool),
    Field(description="a condition or value in the rule language", max_length=4000),
    RuleLanguage(),
]
Clauses = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v, json_schema_input_type=str | list[str]),
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
    choose: str = Field(description="the interpretation whose reading chooses, `ties` or `board.ties`; each reading has an entry here")

    def under(self, option: str) -> Any:
        """What stands for an option of the interpretation; None where nothing does."""
        return (self.model_extra or {}).get(option)


class ParameterDoc(Document):
    """A number, date or word that the plan fixes, or leaves out (`unset`)."""

    value: Scalar | None = Field(None, description="the value, for every period")
    values: dict[date, Scalar] | None = Field(None, description="dated values: each holds from its day on")
    unset: Texts | str | None = Field(None, description="why the source leaves it open")
    type: Literal["number", "date", "year"] = Field("number", description="what kind of value it has")
    unit: str | None = Field(None, description="what it counts, such as `day`, `place` or `%`")
    step: Step = Field(Decimal(1), description="the step of a number, a power of ten")
    domain: str | None = Field(None, description="what it may be: `>= 1`, `<= 10`, `1..10`")
    clause: Clauses = ()
    title: Texts | None = Field(None, description="what it is, for people")

    @model_validator(mode="after")
    def _one_source(self) -> ParameterDoc:
        if sum(part is not None for part in (self.value, self.values, self.unset)) != 1:
            raise ValueError("give exactly one of `value`, `values` and `unset`")
        return self


class AdoptionDoc(Document):
    """Who settled an ambiguity, when and how."""

    choice: Name = Field(description="the reading that was adopted")
    by: str = Field(description="who adopted it")
    on: date = Field(description="the day on which it was adopted")


class InterpretationDoc(Document):
    """An ambiguity of the text: its readings, the default and why, and who adopted one."""

    title: Texts | None = Field(None, description="what is ambiguous, for people")
    options: dict[Name, Texts] | list[Name] = Field(description="the readings, by name, perhaps with what each means")
    default: Name = Field(description="the reading that counts unless another is chosen")
    clause: Clauses = ()
    why: Texts = Field(description="why the text leaves it open")
    adopted: AdoptionDoc | None = Field(None, description="who settled it, once somebody has")

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

    every: Literal["year", "quarter", "month", "week"] = Field(description="the length of the periods")


Rows = str | CalendarDoc


class ViewDoc(Document):
    """Rows made from other tables: those of one, or every combination of the rows of several.

    `where` keeps those for which it holds, `derive` adds columns; with `by` there is one row per value
    of these columns (`[]`: one row in all), with `columns` that aggregate the rows of each.
    """

    title: Texts | None = Field(None, description="what its rows are, for people")
    source: Rows | list[Rows] = Field(alias="from", description="the table, view or calendar, or several of them")
    where: Expression | None = Field(None, description="the condition on the rows that are kept")
    derive: dict[Name, Expression] = Field({}, description="columns added to each row, by name")
    by: list[Name] | Choose | None = Field(None, description="the columns of which there is one row per value; `[]` for one row in all")
    columns: dict[Name, Expression] = Field({}, description="columns that aggregate the rows of each `by`, by name")

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

    when: Expression | None = Field(None, description="the condition under which this case counts")
    value: Scalar | None = Field(None, description="the value it gives")
    otherwise: Scalar | None = Field(None, description="the value where no case before it counts")

    @model_validator(mode="after")
    def _complete(self) -> CaseDoc:
        if (self.otherwise is not None) == (self.when is not None and self.value is not None):
            raise ValueError("give `when` and `value`, or `otherwise` alone")
        return self


class CasesDoc(Document):
    """A derived column by cases, the last of them `otherwise`."""

    cases: Annotated[list[CaseDoc], Field(min_length=2)] = Field(description="the cases, of which the first that counts gives the value")

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
    where: Expression | None = Field(None, description="the condition on its rows; all of them where left out")


class TableRuleDoc(Document):
    """A decision table: `on` are the columns (or expressions) that the cells of each row test, in order.

    A row is a list of cells, the last of them the verdict. A cell is a test: `<= 7`, `8..10`, `"a", "b"`
    (one of these), a value (equal), `-` (anything). `file` names a CSV beside the document, or `file`
    and `sheet` a sheet of a workbook, with the same columns and a heading each.
    """

    hit: Literal["unique", "first", "collect"] = Field("unique", description="`unique`: at most one row may hit; `first`: the first that hits counts; `collect`: all that hit")
    on: Annotated[list[Expression], Field(min_length=1)] = Field(description="the columns or expressions that the cells test, in order")
    rows: list[list[Scalar | None]] = Field([], description="the rows: a test for each of `on`, and the verdict")
    file: str | None = Field(None, pattern=r"^[\w-]+\.(csv|xlsx)$", description="a CSV file or workbook beside the document that holds the rows instead")
    sheet: str | None = Field(None, description="the workbook's sheet")

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

    id: Name = Field(description="its name within the policy; its full name is `policy.id`")
    title: Texts = Field(description="what it says, for people")
    clause: Clauses = ()
    facts: str | None = Field(None, description="the table or view it looks at, where it isn't the policy's")
    subject: Name | dict[Name, Name] | None = Field(
        None, description="the kind of subject, where the question has several; or the column of its ids, by kind"
    )
    when: Expression | None = Field(None, description="the condition under which it holds for a row")
    table: TableRuleDoc | None = Field(None, description="the decision table, of a rule that is one")
    then: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", description="`question.verdict`; of a table, the question"
        ),
    ]
    to: GroupDoc | None = Field(None, description="the rows that the outcome goes to, where these aren't the rule's own")
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

    first: Expression = Field(alias="from", description="the first day that counts")
    last: Expression = Field(alias="to", description="the last day that counts")


class ObligationDoc(Document):
    """A duty: how much of what is owed in every period, by a day, or between two.

    The conditions may name `first` and `last`, the window that counts as of the date: from the period's
    first day to its last, or to the date of the evaluation where that is earlier. `each` are the rows that
    it binds, once per subject; `in_post` the columns with the first and last day on which one is bound.
    """

    id: Name = Field(description="its name within the policy; its full name is `policy.id`")
    title: Texts = Field(description="what is owed, for people")
    clause: Clauses = ()
    then: Name = Field("obligation", description="the question that it answers")
    subject: Name = Field(description="the kind of subject that owes it")
    each: GroupDoc | None = Field(None, description="the rows it binds; without it, the organisation itself")
    in_post: tuple[Name, Name] | None = Field(None, description="the columns with the first and the last day on which one is bound")
    partial: Literal["pro_rata", "full", "exempt"] | Choose = Field("full", description="what is owed in part of a period: by days (`pro_rata`), in `full`, or nothing (`exempt`)")
    owed_by: Name | None = Field(None, description="who owes it, where that isn't the subject")
    every: Literal["year", "quarter", "month", "week"] | None = Field(None, description="the period in which it is owed each time")
    by: Expression | None = Field(None, description="the day by which it is owed")
    between: BetweenDoc | None = Field(None, description="the two days between which it is owed")
    due: Expression = Field("1", description="how much is owed")
    times: Expression = Field("1", description="how many times over it is owed, each rounded by itself")
    done: Expression = Field(description="how much of it was done")

    @model_validator(mode="after")
    def _one_window(self) -> ObligationDoc:
        if sum(part is not None for part in (self.every, self.by, self.between)) != 1:
            raise ValueError("give exactly one of `every`, `by` and `between`")
        if self.in_post and not self.each:
            raise ValueError("`in_post` names columns of `each`")
        return self


class InForceDoc(Document):
    """The days between which the policy applies; open where left out."""

    since: date | None = Field(None, alias="from", description="the first day")
    until: date | None = Field(None, description="the last day")


class PolicyDoc(Document):
    """A policy document."""

    format: Literal[1] = Field(description="the version of this form")
    policy: Name = Field(description="its name, which comes first in the names of its rules and parameters")
    title: Texts = Field(description="what it is called, for people")
    about: Texts | None = Field(None, description="what else there is to say about it")
    clause: Clauses = ()
    in_force: InForceDoc = Field(InForceDoc(), description="the days between which it applies")
    params: dict[Name, ParameterDoc] = Field({}, description="the numbers, dates and years of the text, by name")
    interpretations: dict[Name, InterpretationDoc] = Field({}, description="what the text leaves open, by name")
    groups: dict[Name, GroupDoc] = Field({}, description="addressees that rules and other groups build on, by name")
    views: dict[Name, ViewDoc] = Field({}, description="rows made from other tables, by name")
    facts: str | None = Field(None, description="the table or view whose rows the rules look at")
    derive: dict[Name, Expression | CasesDoc] = Field({}, description="columns by an expression or by cases, in any order, by name")
    titles: dict[Name, Texts] = Field({}, description="what explanations call the columns of views and derived columns")
    rules: list[RuleDoc] = Field([], description="what leads to which verdict")
    obligations: list[ObligationDoc] = Field([], description="who owes what, and how often")

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
