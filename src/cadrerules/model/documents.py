"""The policy document: what may stand in its YAML, as pydantic models (the source of its JSON Schema)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from .facts import Facts, Personal
from .texts import Texts

MOST_PLACES: Final = 9
"""The most decimal places a number may have."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
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
ClauseNumber = Annotated[str, StringConstraints(min_length=1, max_length=60)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]
Scalar = bool | int | Decimal | str


Bound = Annotated[Decimal, Field(max_digits=18, allow_inf_nan=False)]
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


class VerdictDoc(Document):
    """One possible answer to a question."""

    title: Texts
    polarity: Literal["favourable", "adverse", "neutral"]
    severity: int = Field(0, description="the higher outranks the lower where `decide` is `gravest`")
    waivable: bool = False


Decide = Literal["exactly_one", "gravest", "conflict", "each", "each_rule"]
"""How the findings on one question, subject and period combine; `each_rule`: a decision for each rule."""


class QuestionDoc(Document):
    """A question that decisions answer: about whom, per which period, with which verdicts, combined how."""

    title: Texts
    subject: Name | list[Name] = Field(description="the kind of subject, or kinds; also the column that holds its id")
    period: Name = Field(
        description="year, quarter, month or week; `none`; `any` period that a rule's rows have, or none; or the key "
        "column that tells several answers about one subject apart"
    )
    verdicts: dict[Name, VerdictDoc]
    decide: Decide | Choose

    @property
    def subjects(self) -> tuple[str, ...]:
        """The kinds of subject it may be about."""
        return (self.subject,) if isinstance(self.subject, str) else tuple(self.subject)

    @model_validator(mode="after")
    def _has_its_verdicts(self) -> QuestionDoc:
        ways = list((self.decide.model_extra or {}).values()) if isinstance(self.decide, Choose) else [self.decide]
        if not self.verdicts:
            raise ValueError("a question needs verdicts")
        if "conflict" in ways and "conflict" not in self.verdicts:
            raise ValueError("deciding by `conflict` needs a verdict of that name")
        return self


class QuestionsDoc(Document):
    """The questions of a policy set."""

    format: Literal[1]
    questions: dict[Name, QuestionDoc]


class ClauseDoc(Document):
    """One thing that a clause of the source asks for: whether rules can compute it, and which are expected to."""

    clause: ClauseNumber = Field(description='its number in the source, quoted, such as "2.2.3"')
    title: Texts = Field(description="what it asks for, in words of one's own")
    status: Literal["computable", "needs_judgement"]
    rules: list[RuleId] = Field([], description="ids of the rules that are expected to encode it, written yet or not")
    through: list[RuleId] = Field([], description="ids of rules of other clauses in which it takes effect")
    note: Texts | None = Field(None, description="what else there is to know, such as what of it stays with people")

    @model_validator(mode="after")
    def _judged_by_people(self) -> ClauseDoc:
        if self.status == "needs_judgement" and (self.rules or self.through):
            raise ValueError("what needs judgement has no `rules` and takes effect `through` none")
        return self


class ClausesDoc(Document):
    """The register of clauses: everything the source asks for, also what no rule can decide."""

    format: Literal[1]
    clauses: Annotated[list[ClauseDoc], Field(min_length=1)]


class ColumnDoc(Document):
    """A column of a table that is declared in the policy set itself."""

    type: Literal["number", "whole", "truth", "text", "choice", "date", "year", "quarter", "month", "week"]
    title: Texts | None = None
    key: bool = False
    low: Bound | None = None
    high: Bound | None = None
    step: Step = Decimal(1)
    options: list[str] | dict[str, list[str]] = Field(
        [], description="the words of a choice, perhaps with Chinese words for each"
    )
    empty: Literal["unknown", "refused", "every", "never", "always", "none", "true", "false"] | None = None
    worse: Literal["lower", "higher"] | None = None
    optional: bool = False
    references: str = ""
    aliases: list[str] = []
    personal: Personal = Field(
        "", description="whether it holds persons' ids, names, ids that may be a person's, or texts that may mention some"
    )

    @model_validator(mode="after")
    def _fits_its_type(self) -> ColumnDoc:
        if self.personal and self.type != "text":
            raise ValueError("only text can be `personal`")
        if bool(self.options) != (self.type == "choice"):
            raise ValueError("a choice, and only that, has `options`")
        if self.type != "number" and (
            self.step != 1 or (self.type != "whole" and (self.low, self.high) != (None, None))
        ):
            raise ValueError("only a number has bounds, or a step")
        if any(end is not None and end % self.step for end in (self.low, self.high)):
            raise ValueError("a bound must be a number on the column's step")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("`low` is above `high`")
        if self.type not in _EMPTY_OF.get(self.empty or "", (self.type,)):
            raise ValueError(f"an empty cell of type `{self.type}` can't be `{self.empty}`")
        if self.empty == "every" and not self.key:
            raise ValueError("only an empty key can stand for every value")
        return self


_EMPTY_OF = {"never": ("date",), "always": ("date",), "none": ("text",), "true": ("truth",), "false": ("truth",)}
"""The types whose empty cells may have a meaning of their own."""


class TableDoc(Document):
    """A table of facts that is declared in the policy set itself."""

    title: Texts | None = None
    columns: dict[Name, ColumnDoc]
    counts: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _has_a_key(self) -> TableDoc:
        if not any(column.key for column in self.columns.values()):
            raise ValueError("a table needs a key column")
        if taken := [name for name in self.columns if name == "spec" or hasattr(Facts, name)]:
            raise ValueError(f"a column can't be called `{taken[0]}`")
        for name in filter(None, self.counts or ()):
            if name not in self.columns or self.columns[name].type != "date":
                raise ValueError(f"`counts` names `{name}`, which is no column of dates")
        return self


class SpanDoc(Document):
    """From when the calendar runs: a parameter (a year), else the first year in which the tables named have a date."""

    since: str | None = Field(None, alias="from", description="the parameter that sets the first year")
    seen_in: list[str] = []


class SetDoc(Document):
    """The policy set itself: its name and title, whose tables it uses, and who may waive."""

    format: Literal[1]
    policy_set: Slug
    title: Texts
    source: Texts | None = Field(None, description="what the plan is and where its text is from")
    tables_of: Slug | None = Field(None, description="an installed policy set whose tables these policies use")
    tables: dict[Name, TableDoc] = {}
    organisation: Name | None = Field(
        None, description="the kind, and the id, of the subject that is the organisation itself"
    )
    calendar: SpanDoc = SpanDoc()
    waivable_by: list[str] = Field([], description="the only authorities whose waivers count; empty: any")
