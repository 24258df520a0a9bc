"""The documents of a policy set besides its policies: what it asks, the source's clauses, its tables, the set itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from .documents import Choose, Document, Name, Step
from .facts import Facts, Personal
from .texts import Texts

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
ClauseNumber = Annotated[str, StringConstraints(min_length=1, max_length=60)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Bound = Annotated[Decimal, Field(max_digits=18, allow_inf_nan=False)]


class VerdictDoc(Document):
    """One possible answer to a question."""

    title: Texts = Field(description="what the verdict is called, for people")
    polarity: Literal["favourable", "adverse", "neutral"] = Field(description="whether it is good or bad for its subject")
    severity: int = Field(0, description="the higher outranks the lower where `decide` is `gravest`")
    waivable: bool = Field(False, description="whether a waiver may lift it")
    gap: bool = Field(False, description="it says that the text has no answer here; verification reports it as a gap")
    colour: Colour | None = Field(None, description="the colour it has in charts, `#b01e17`; else one by its polarity")


Decide = Literal["exactly_one", "gravest", "conflict", "each", "each_rule"]
"""How the findings on one question, subject and period combine; `each_rule`: a decision for each rule."""


class QuestionDoc(Document):
    """A question that decisions answer: about whom, per which period, with which verdicts, combined how."""

    title: Texts = Field(description="what is asked, for people")
    subject: Name | list[Name] = Field(description="the kind of subject, or kinds; also the column that holds its id")
    period: Name = Field(
        description="year, quarter, month or week; `none`; `any` period that a rule's rows have, or none; or the key "
        "column that tells several answers about one subject apart"
    )
    verdicts: dict[Name, VerdictDoc] = Field(description="the possible answers, by name")
    decide: Decide | Choose = Field(description="how several findings make one decision; an interpretation may choose")

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

    format: Literal[1] = Field(description="the version of this form")
    questions: dict[Name, QuestionDoc] = Field(description="what is decided, by name")


class ClauseDoc(Document):
    """One thing that a clause of the source asks for: whether rules can compute it, and which are expected to."""

    clause: ClauseNumber = Field(description='its number in the source, quoted, such as "2.2.3"')
    title: Texts = Field(description="what it asks for, in words of one's own")
    status: Literal["computable", "needs_judgement"] = Field(description="whether rules can decide it, or only people")
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

    format: Literal[1] = Field(description="the version of this form")
    clauses: Annotated[list[ClauseDoc], Field(min_length=1)] = Field(description="what the source asks for, in its order")


class ColumnDoc(Document):
    """A column of a table that is declared in the policy set itself."""

    type: Literal["number", "whole", "truth", "text", "choice", "date", "year", "quarter", "month", "week", "period"] = Field(description="what a cell holds")
    title: Texts | None = Field(None, description="its heading, for people")
    key: bool = Field(False, description="whether it tells the rows apart, perhaps with other keys")
    low: Bound | None = Field(None, description="the least number allowed")
    high: Bound | None = Field(None, description="the greatest number allowed")
    step: Step = Field(Decimal(1), description="the step of its numbers, a power of ten")
    options: list[str] | dict[str, list[str]] = Field(
        [], description="the words of a choice, perhaps with Chinese words for each"
    )
    empty: Literal["unknown", "refused", "every", "never", "always", "none", "true", "false"] | None = Field(None, description="what an empty cell means")
    worse: Literal["lower", "higher"] | None = Field(None, description="which direction of change is worse for the subject")
    optional: bool = Field(False, description="whether the whole column may be left out")
    references: str = Field("", description="the column that must hold its values too, `table.column`")
    aliases: list[str] = Field([], description="further headings under which it may stand")
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

    title: Texts | None = Field(None, description="what it is called, for people")
    columns: dict[Name, ColumnDoc] = Field(description="its columns, by name")
    counts: tuple[str, str] | None = Field(None, description="the columns of dates from and to which a row counts")

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
    seen_in: list[str] = Field([], description="the tables whose dates begin the calendar where the parameter isn't set")


class SetDoc(Document):
    """The policy set itself: its name and title, whose tables it uses, and who may waive."""

    format: Literal[1] = Field(description="the version of this form")
    policy_set: Slug = Field(description="the name under which it is known")
    title: Texts = Field(description="what it is called, for people")
    source: Texts | None = Field(None, description="what the plan is and where its text is from")
    tables_of: Slug | None = Field(None, description="an installed policy set whose tables these policies use")
    tables: dict[Name, TableDoc] = Field({}, description="the tables of facts that it is about, by name, where no Python models declare them")
    organisation: Name | None = Field(
        None, description="the kind, and the id, of the subject that is the organisation itself"
    )
    calendar: SpanDoc = Field(SpanDoc(), description="from when periods are looked at")
    waivable_by: list[str] = Field([], description="the only authorities whose waivers count; empty: any")
