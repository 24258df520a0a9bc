"""What an evaluation gives: findings, decisions, and what could not be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, NoReturn, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ..errors import Lang, Problem, UsageError
from .counterfactual import Counterfactual, Outlook
from .organisations import several, unknown
from .trace import Trace

Status = Literal["holds", "undetermined"]
Format = Literal["text", "markdown", "html", "json"]

_NOTEBOOK = "..report.notebook"
"""What is shown by notebooks alone, named so that results don't rest on it."""

_RECEIPTS = "..evidence.making"
"""What makes receipts, likewise."""


class Record(BaseModel):
    """Base of the result's parts; their JSON has every field, in this order."""

    model_config = ConfigDict(frozen=True)


class Grouped(Record):
    """Base of what belongs to one organisation where a grouping column keeps several apart; its JSON then says which."""

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = write(self)
        if fields.get("group", "") is None:
            del fields["group"]
        return fields

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """That of its fields, of which the serializer only leaves one out."""
        return handler(cast("CoreSchema", {key: value for key, value in schema.items() if key != "serialization"}))


class Subject(Record):
    """Whom a finding or decision is about."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Finding(Grouped):
    """A rule that holds, or is undetermined, for a subject in a period.

    `missing` names the facts and unset parameters an undetermined one waits for; `params` and
    `interpretations` all that the rule's text rests on. Numbers that aren't whole are text. `group`
    is the organisation, None where no column keeps several apart.
    """

    rule: str
    clause: tuple[str, ...]
    outcome: str
    waivable: bool
    subject: Subject
    period: str | None
    status: Status
    missing: tuple[str, ...] = ()
    params: Mapping[str, Any] = {}
    interpretations: Mapping[str, str] = {}
    trace: Mapping[str, Any] | None = None
    group: str | None = None
    _explain: Callable[[], Trace] | None = PrivateAttr(None)
    _amounts: Callable[[], Mapping[str, str | None]] | None = PrivateAttr(None)

    @property
    def amounts(self) -> Mapping[str, str | None]:
        """Of an obligation who owes, and how much is `due`, `done` and `short`; empty for others."""
        return self._amounts() if self._amounts else {}

    @property
    def traced(self) -> bool:
        """Whether it has a trace; findings computed in Python have none."""
        return self._explain is not None

    def within(self, group: str) -> Self:
        """The same finding as one of an organisation."""
        return self.model_copy(update={"group": group})

    def explain(self) -> Trace:
        """The condition tree with its values; `UsageError` for a finding computed in Python."""
        if self._explain is None:
            raise UsageError(Problem("CR-NO-TRACE", values={"rule": self.rule}))
        return self._explain()


class Decision(Grouped):
    """The answer to a question about a subject in a period: a proposal for a person to confirm.

    A decided one has its `verdict` (None: what held was waived); an undetermined one the verdicts
    still `possible` (None among them: perhaps nothing applies), the facts that are `missing` and
    the unset `parameters`. `because` are the rules behind the verdict, `overridden` those that hold
    without deciding it, `waived_by` the authorities that set one aside. `owed_by`, `due`, `done` and
    `short` are for obligations. `group` is the organisation, None where no column keeps several
    apart; the `id` then begins with it.
    """

    id: str
    question: str
    subject: Subject
    period: str | None
    status: Literal["decided", "undetermined"]
    verdict: str | None = None
    possible: tuple[str | None, ...] = ()
    because: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    waived_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    owed_by: str | None = None
    due: str | None = None
    done: str | None = None
    short: str | None = None
    group: str | None = None
    _result: Any = PrivateAttr(None)
    _rule: str | None = PrivateAttr(None)

    @property
    def rules(self) -> tuple[str, ...]:
        """The only rule it is about, where each rule is decided apart."""
        return (self._rule,) if self._rule else ()

    def within(self, group: str) -> Self:
        """The same decision as one of an organisation."""
        return self.model_copy(update={"id": f"{group}/{self.id}", "group": group})

    def explain(self, lang: Lang = "en", format: Format = "text", *, counterfactual: bool = False) -> str:  # noqa: A002 - the contract's name
        """Why: each rule with its condition, facts, parameters, readings and clause.

        With `counterfactual`, also what would change it, as of the day of the evaluation.
        """
        return str(self._result.explainer(self, lang, format, counterfactual=counterfactual))

    def counterfactuals(self) -> tuple[Counterfactual, ...]:
        """The smallest changes of facts that lead to another verdict, better ones first.

        Only facts that can still change as of the day of the evaluation: those not known yet or in
        dispute, and those of a period that isn't over. Each has a `text(lang)`. None at all: see
        `outlook`, whose notes say why.
        """
        return self.outlook().counterfactuals

    def outlook(self) -> Outlook:
        """What would change it, and notes on what else bears on that, such as a waiver or why nothing can."""
        found: Outlook = self._result.outlooks.of(self)
        return found

    def _repr_html_(self) -> str:
        return str(import_module(_NOTEBOOK, __package__).of_decision(self, self._result))

    def receipt(self, previous: str = "") -> dict[str, Any]:
        """All that somebody else needs to compute it again: facts, policy text, parameters, readings, each step, and a hash.

        Plain data, ready for JSON; `previous` is the hash of the receipt before it. See `cadrerules.receipts` for many.

        >>> import cadrerules as cr
        >>> facts = {"progress": [{"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "0.8"}]}
        >>> result = cr.load_policies("market-supervision").evaluate(facts, policies=["board"])
        >>> receipt = result.decision("flag", "U1").receipt()
        >>> receipt["inputs"]
        [{'table': 'progress', 'key': ['2024Q1', 'U1', 'I1'], 'cells': {'progress': '0.8', 'regional_rank': {'known': False, 'from': 1}}}]
        """
        made: dict[str, Any] = import_module(_RECEIPTS, __package__).receipt_of(self, previous)
        return made

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on this question, subject and period."""
        found: tuple[Finding, ...] = self._result.findings_of(self)
        return found


class NotEvaluated(Record):
    """A policy, or one rule of it, that the tables given leave open; `tables` are those it lacks."""

    policy: str
    rule: str | None = None
    tables: tuple[str, ...]
    reason: str


FIELDS: Final = {"subject_kind", *Finding.model_fields, *Decision.model_fields, *NotEvaluated.model_fields} - {"group"}
"""What the columns of results are called, so that a grouping column must be called otherwise."""


@dataclass(frozen=True)
class Result:
    """The outcome of an evaluation, in one stable order. `warnings` are sentences for people, per language.

    `known_as` gives what a subject goes by here: its own id, or with pseudonyms the code for it.
    `group` names the column that keeps organisations apart, empty where none does. `organisations`
    then holds the result of each, by its name in order; each of these has its name in `of`. `parts` are
    those of them that were evaluated one by one. `evidence` gives what a decision's receipt is made from. `kind` is the kind of frames that `to_frame` gives.
    """

    policies: Mapping[str, str]
    as_of: date
    findings: Sequence[Finding]
    decisions: Sequence[Decision]
    not_evaluated: Sequence[NotEvaluated]
    warnings: Sequence[Mapping[str, str]] = ()
    explainer: Callable[..., str] | None = None
    explain_subject: Callable[..., Any] | None = None
    framer: Callable[[Result, str, str], Any] | None = None
    writer: Callable[[str, Path, Callable[[str, int, int], None]], int] | None = None
    known_as: Callable[[str], str] = str
    outlooks: Any = None
    evidence: Callable[[Decision], Any] | None = None
    reporter: Callable[..., str | bytes] | None = None
    group: str = ""
    of: str = ""
    organisations: Mapping[str, Result] = field(default_factory=dict)
    parts: Sequence[Result] = ()
    knows: Callable[[str], bool] = bool
    kind: str = "polars"

    def _repr_html_(self) -> str:
        return str(import_module(_NOTEBOOK, __package__).of_result(self))

    def organisation(self, group: str | None = None, subject: str | None = None) -> Result:
        """The result of one organisation: that named, or the only one there is, or that has the subject.

        A result without grouping is its own. `UsageError` for an unknown organisation, and where
        several would do.
        """
        if self.of or not self.group:
            return self if group in (None, self.of or None) else self._elsewhere(group)
        if group is not None:
            return self.organisations.get(group) or self._elsewhere(group)
        parts = self.organisations
        having = [name for name, part in parts.items() if subject is None or part.knows(part.known_as(subject))]
        if not having and subject is not None:
            raise UsageError(Problem("CR-UNKNOWN-SUBJECT", values={"name": subject}))
        if len(having) != 1:
            raise several(having)
        return parts[having[0]]

    def _elsewhere(self, group: str) -> NoReturn:
        """Refuse an organisation that this isn't the result of."""
        if not self.group:
            raise UsageError(Problem("CR-NOT-GROUPED", values={"name": group}))
        raise unknown(group, self.organisations or (self.of,))

    def report(
        self,
        name: str,
        *,
        period: str | None = None,
        subject: str | None = None,
        lang: Lang = "en",
        format: str | None = None,  # noqa: A002 - the contract's name
        group: str | None = None,
    ) -> str | bytes:
        """A report as text or bytes: `board`, `dossier`, `discretion` or another that a plugin offers.

        `period`, `subject` and `format` are as the report takes them, its own default where left
        out. A report is about one organisation: of several, `group` chooses one. `UsageError` for an
        unknown report (it lists all) and for what the report can't do.
        """
        one = self.organisation(group)
        assert one.reporter is not None
        return one.reporter(one, name, period, subject, lang, format)

    def to_frame(self, name: str = "decisions", kind: str | None = None) -> Any:
        """The `decisions`, `findings` or `not_evaluated` as a frame.

        `kind` is `polars`, `lazy` (of polars), `pandas`, `pyarrow`, `duckdb` or `spark`; where left out, that of
        the frames that were evaluated, and `polars` for rows and files. The columns are the same whatever the
        data: lists are lists of text, mappings JSON text, amounts exact numbers as text. With grouping,
        findings and decisions have the grouping column first.

        Of an engine other than `scalar` rows come in no particular order, and what undetermined findings and
        decisions wait for (`missing`, `parameters`) is null: only the scalar engine traces it, as
        `result.decisions` has it. `UsageError` for another name or kind, and where the library isn't installed.
        """
        assert self.framer is not None
        return self.framer(self, name, kind or self.kind)

    def write_parquet(
        self, path: str | Path, name: str = "decisions", progress: Callable[[str, int, int], None] | None = None
    ) -> int:
        """Write the `decisions` or `findings` to a Parquet file, in the columns of `to_frame`; how many rows.

        Spark writes a folder of Parquet files, which must not be there yet.

        Of tables that stay in columns and are kept apart by a grouping column only some organisations are
        in memory at a time; `progress` is told how many rows a second, and how many are done of all.
        """
        tell = progress or (lambda *_: None)
        if self.writer is not None:
            return self.writer(name, Path(path), tell)
        import pyarrow.parquet as pq

        frame = self.to_frame(name, "pyarrow")
        pq.write_table(frame, path)
        return int(frame.num_rows)

    def decision(
        self, question: str, subject: str, period: str | None = None, group: str | None = None
    ) -> Decision:
        """The decision on a question about a subject; `UsageError` where there is none, or several.

        `group` names the organisation, where more than one has such a decision.
        """
        period = None if period is None else str(period)
        among = [self.organisation(group)] if group is not None else self.parts or [self]
        matches = [d for one in among for d in one.decisions_on(question, subject, period)]
        if len(matches) == 1:
            return matches[0]
        if len(groups := dict.fromkeys(d.group for d in matches if d.group is not None)) > 1:
            raise several(groups)
        values = {"question": question, "subject": self.known_as(subject), "period": period or "-", "count": len(matches)}
        raise UsageError(Problem("CR-NO-DECISION" if not matches else "CR-SEVERAL-DECISIONS", values=values))

    def decisions_on(self, question: str, subject: str, period: str | None) -> list[Decision]:
        """The decisions of one organisation on a question about a subject, in one period or all."""
        known = self.known_as(subject)
        return [
            d
            for d in self.decisions
            if d.question == question and d.subject.id == known and (period is None or d.period == period)
        ]

    def outlook(
        self, question: str, subject: str, period: str | None = None, group: str | None = None
    ) -> Outlook:
        """What would lead to a verdict on a question about a subject, also where no rule applies yet.

        Where there is one decision, it is that decision's outlook. `UsageError` for an unknown
        question, a period that the question doesn't have, several decisions, and where several
        organisations have the subject and `group` names none of them.
        """
        one = self.organisation(group, subject)
        found: Outlook = one.outlooks.asked(question, subject, None if period is None else str(period))
        return found

    def findings_of(self, decision: Decision) -> tuple[Finding, ...]:
        """The findings that a decision rests on."""
        if one := self.organisations.get(decision.group or ""):
            return one.findings_of(decision)
        return tuple(
            f
            for f in self.findings
            if f.group == decision.group
            and f.outcome.split(".")[0] == decision.question
            and f.subject == decision.subject
            and f.period == decision.period
            and (f.rule in decision.rules or not decision.rules)
        )

    def to_dict(self, *, trace: bool = False) -> dict[str, Any]:
        """The result as the JSON that `evaluate` prints; with `trace`, every finding's condition tree."""
        findings = [
            f.model_dump(mode="json") | ({"trace": f.explain().to_dict()} if trace and f.traced else {})
            for f in self.findings
        ]
        return {
            "schema_version": 1,
            "policies": dict(self.policies),
            "as_of": self.as_of.isoformat(),
            "findings": findings,
            "decisions": [d.model_dump(mode="json") for d in self.decisions],
            "not_evaluated": [n.model_dump(mode="json") for n in self.not_evaluated],
            **({"group_by": self.group} if self.group else {}),
        }
