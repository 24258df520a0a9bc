"""Explains results: why a decision is as it is, and why no other rule applies to a subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..engines.scalar.evaluation import Evaluation, PolicyRun
from ..engines.scalar.findings import Candidate
from ..errors import Lang, Problem, UsageError
from ..language.source import nearest
from ..model.organisations import Organisation
from ..model.policy import Question, Rule
from ..model.program import BoundRule
from ..model.result import Decision, Finding, Format
from .explained import Basis, Dossier, Explanation, Reading, Reason, Setting, Standing, Unmet, Wait
from .formats import FORMATS, RENDERERS
from .reasons import Reasons, notes_on_cells
from .wording import interpretation_title, kind_title, parameter_title, table_title
from .words import say

if TYPE_CHECKING:
    from ..plan import Plan
    from .counterfactual import Outlooks


@dataclass(frozen=True)
class Explainer:
    """Explains the decisions of one evaluation, and what doesn't apply."""

    plan: Plan
    evaluation: Evaluation
    decisions: Sequence[Decision] = ()
    outlooks: Outlooks | None = None
    organisation: Organisation | None = None

    def knows(self, subject: str) -> bool:
        """Whether any table or decision has the subject."""
        return bool(self._kinds_of(subject))

    def decision(
        self,
        decision: Decision,
        lang: Lang = "en",
        format: Format = "text",  # noqa: A002 - the contract\'s name
        *,
        counterfactual: bool = False,
    ) -> str:
        """Why a decision is as it is: rules with conditions and facts, numbers, readings, waivers, what is missing."""
        render = _renderer(format)
        return render(self.explanation(decision, lang, counterfactual=counterfactual), lang)

    def subject(
        self,
        subject: str,
        question: str | None = None,
        period: str | None = None,
        lang: Lang = "en",
        format: Format = "text",  # noqa: A002
        *,
        counterfactual: bool = False,
    ) -> str:
        """All about one subject: its decisions explained, then each rule that doesn't apply and what isn't met.

        `question` and `period` keep to one of each; `counterfactual` adds what would change it. Raises `UsageError` for a subject that no table
        has, and for an unknown question or format.
        """
        render = _renderer(format)
        dossier = self.dossier(subject, question, period, lang)
        return render(self._with_outlooks(dossier, period) if counterfactual else dossier, lang)

    # --- decisions ------------------------------------------------------------------------------

    def explanation(self, decision: Decision, lang: Lang, *, counterfactual: bool = False) -> Explanation:
        """What there is to say of a decision, in a language and no format."""
        question = self.plan.questions[decision.question]
        reasons = Reasons(self.plan, self.evaluation, lang)
        findings = _findings(decision, question)
        texts = {name: doc.title.text(lang) for name, doc in question.verdicts.items()}
        shown = tuple(self._reason(decision, finding, reasons) for finding in _ordered(decision, findings))
        return Explanation(
            decision=decision.model_dump(mode="json"),
            basis=self._basis(),
            question=question.title.text(lang),
            kind=self._kind(decision.subject.kind, lang),
            verdict=texts.get(decision.verdict or ""),
            possible=tuple(texts[v] if v else say("nothing", lang) for v in decision.possible),
            reasons=shown,
            settings=self._settings(findings, lang),
            readings=self._readings(findings, lang),
            waits=self._waits(decision, notes_on_cells(shown), lang),
            outlook=self.outlooks.of(decision) if counterfactual and self.outlooks else None,
        )

    def _basis(self) -> Basis:
        return Basis(self.evaluation.as_of.isoformat(), self.plan.name, self.plan.hash, self.organisation)

    def _kind(self, kind: str, lang: Lang) -> str:
        return kind_title(self.plan.policy_set.context, kind, lang)

    def _reason(self, decision: Decision, finding: Finding, reasons: Reasons) -> Reason:
        waivers = reasons.waivers(finding)
        return replace(reasons.of_finding(finding, _standing(decision, finding, waived=bool(waivers))), waivers=waivers)

    def _settings(self, findings: Sequence[Finding], lang: Lang) -> tuple[Setting, ...]:
        values = {name: value for finding in findings for name, value in finding.params.items()}
        return tuple(self._setting(name, value, lang) for name, value in sorted(values.items()))

    def _setting(self, name: str, value: object, lang: Lang) -> Setting:
        parameter = self.plan.parameters[name]
        unset = parameter.doc.unset
        why = "" if value is not None or unset is None else unset if isinstance(unset, str) else unset.text(lang)
        return Setting(name, parameter_title(parameter, lang), value, parameter.doc.clause, why)

    def _readings(self, findings: Sequence[Finding], lang: Lang) -> tuple[Reading, ...]:
        names = {name for finding in findings for name in finding.interpretations}
        return tuple(reading(self.plan, name, lang) for name in sorted(names))

    def _waits(self, decision: Decision, notes: Mapping[str, str], lang: Lang) -> tuple[Wait, ...]:
        names = (*decision.missing, *decision.parameters)
        noted = {name: say("brackets", lang, notes[name]) if notes.get(name) else "" for name in names}
        return tuple(Wait(name, self._waits_for(name, lang) + noted[name]) for name in names)

    def _waits_for(self, name: str, lang: Lang) -> str:
        """A missing cell, row, table or parameter in words."""
        if name in self.plan.parameters:
            setting = self._setting(name, None, lang)
            return f"{setting.title}{say('colon', lang)}{say('not_set_why', lang, setting.why) if setting.why else say('not_set', lang)}"
        table, _, rest = name.partition("[")
        title = say("table", lang, table_title(self.plan.tables.get(table), table, lang))
        if not rest:
            return f"{title}{say('colon', lang)}{say('no_table', lang)}"
        column = self.plan.tables[table].columns.get(rest.rpartition("].")[2]) if "]." in rest else None
        return column.title.text(lang) if column else f"{title}{say('colon', lang)}{say('no_row_there', lang)}"

    # --- subjects -------------------------------------------------------------------------------

    def dossier(self, subject: str, question: str | None, period: str | None, lang: Lang) -> Dossier:
        """What there is to say of a subject, in a language and no format."""
        if question is not None and question not in self.plan.questions:
            values = {"name": question, "nearest": nearest(question, self.plan.questions)}
            raise UsageError(Problem("CR-UNKNOWN-QUESTION", values=values))
        kinds = self._kinds(subject)
        asked = [q for name, q in self.plan.questions.items() if question in (None, name) and set(kinds) & {*q.doc.subjects}]
        mine = [
            d
            for d in self.decisions
            if d.subject.id == subject and question in (None, d.question) and period in (None, d.period)
        ]
        reasons = Reasons(self.plan, self.evaluation, lang)
        return Dossier(
            subject,
            self._kind(kinds[0], lang),
            self._basis(),
            tuple(self.explanation(decision, lang) for decision in mine),
            tuple(group for q in asked for group in self._unmet(q, subject, period, reasons)),
        )

    def _with_outlooks(self, dossier: Dossier, period: str | None) -> Dossier:
        """With what would change each decision, and what would lead to one where there is none."""
        assert self.outlooks is not None
        mine = {d.id: d for d in self.decisions if d.subject.id == dossier.subject}
        decided = {(e.decision["question"], e.decision["period"]) for e in dossier.decisions}
        unmet: list[Unmet] = []
        for group in dossier.unmet:
            topic = group.question, group.period
            told = topic in decided or not self.outlooks.still_open(group.question, group.period, asked=period)
            decided.add(topic)
            found = None if told else self.outlooks.asked(group.question, dossier.subject, group.period)
            unmet.append(replace(group, outlook=found))
        explained = tuple(replace(e, outlook=self.outlooks.of(mine[e.decision["id"]])) for e in dossier.decisions)
        return replace(dossier, decisions=explained, unmet=tuple(unmet))

    def _kinds(self, subject: str) -> list[str]:
        """The kinds of subject that an id is one of; `UsageError` where it is none."""
        kinds = self._kinds_of(subject)
        if not kinds:
            raise UsageError(Problem("CR-UNKNOWN-SUBJECT", values={"name": subject}))
        return kinds

    def _kinds_of(self, subject: str) -> list[str]:
        known = dict.fromkeys(kind for q in self.plan.questions.values() for kind in q.doc.subjects)
        decided = {d.subject.kind for d in self.decisions if d.subject.id == subject}
        return [kind for kind in known if kind in decided or self._stands_in_tables(kind, subject)]

    def _stands_in_tables(self, kind: str, subject: str) -> bool:
        facts = self.evaluation.facts
        holding = [name for name, table in self.plan.tables.items() if kind in table.columns and name in facts]
        return any(row[kind] == subject for name in holding for row in facts[name])

    def _unmet(self, question: Question, subject: str, period: str | None, reasons: Reasons) -> Iterator[Unmet]:
        """The rules that don't apply, by period; those without any row last."""
        title = question.title.text(reasons.lang)
        kind = self._kind(next(k for k in question.doc.subjects if k in self._kinds(subject)), reasons.lang)
        by_period: dict[str, list[tuple[Rule, Candidate]]] = {}
        idle: list[Reason] = []
        for rule in self._rules(question):
            found = self._candidates(rule, subject, period)
            told = any(reason.rule == rule.id for reason in idle)
            if isinstance(found, tuple) and not told:
                idle.append(reasons.not_evaluated(rule, found))
            elif not found and not told:
                idle.append(reasons.without_rows(rule, kind))
            for candidate in found if isinstance(found, list) else ():
                if candidate.truth is False:
                    by_period.setdefault(str(candidate.period or ""), []).append((rule, candidate))
        for name, failing in sorted(by_period.items()):
            afresh = replace(reasons, seen=set())
            yield Unmet(question.name, title, name or None, tuple(afresh.failing(*pair) for pair in failing))
        if idle:
            yield Unmet(question.name, title, period, tuple(idle))

    def _rules(self, question: Question) -> list[Rule]:
        rules = [rule for policy in self.plan.policies.values() for rule in policy.rules]
        return [rule for rule in rules if rule.question == question.name and self._asked(rule)]

    def _asked(self, rule: Rule) -> bool:
        """Whether the rule's policy was evaluated, or would have been had its tables been there."""
        policy = rule.id.partition(".")[0]
        return policy in self.evaluation.runs or any(n.policy == policy for n in self.evaluation.not_evaluated)

    def _candidates(self, rule: Rule, subject: str, period: str | None) -> list[Candidate] | tuple[str, ...]:
        """The rule's candidates for a subject, or the tables it lacks."""
        policy = rule.id.partition(".")[0]
        for left_out in self.evaluation.not_evaluated:
            if left_out.policy == policy and left_out.rule in (None, rule.id):
                return left_out.tables
        run = self.evaluation.runs[policy]
        found = run.candidates(_bound(run, rule), subject)
        return [c for c in found if period is None or str(c.period) == period]


def _bound(run: PolicyRun, rule: Rule) -> BoundRule:
    return next(bound for bound in run.program.rules if bound.rule.key == rule.key)


def _renderer(name: str) -> Callable[[Explanation | Dossier, Lang], str]:
    if name not in RENDERERS:
        values = {"option": "format", "value": name, "allowed": ", ".join(FORMATS)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    return RENDERERS[name]


def reading(plan: Plan, name: str, lang: Lang) -> Reading:
    """An interpretation with the option in force in words, and who adopted it."""
    known = plan.interpretations[name]
    options = known.doc.options
    text = options[known.option].text(lang) if isinstance(options, dict) else known.option
    adopted = known.doc.adopted if known.adopted else None
    return Reading(
        name=name,
        title=interpretation_title(plan.policy_set.context, name, lang),
        option=known.option,
        text=text,
        default=known.option == known.doc.default,
        adopted=adopted is not None,
        adopted_by=adopted.by if adopted else None,
        adopted_on=adopted.on.isoformat() if adopted else None,
        clauses=known.doc.clause,
    )


def _findings(decision: Decision, question: Question) -> list[Finding]:
    """The findings of a decision; where each verdict is decided apart, only those of its own."""
    if question.decide != "each":
        return list(decision.findings)
    verdicts = {decision.verdict, *decision.possible}
    named = {*decision.because, *decision.overridden}
    return [f for f in decision.findings if f.rule in named or f.outcome.partition(".")[2] in verdicts]


def _standing(decision: Decision, finding: Finding, *, waived: bool) -> Standing:
    if finding.rule in decision.because:
        return "behind"
    if waived:
        return "waived"
    return "overridden" if finding.rule in decision.overridden else "open"


def _ordered(decision: Decision, findings: list[Finding]) -> list[Finding]:
    """Those behind the decision first, in its order; then the others in theirs."""
    behind = {rule: i for i, rule in enumerate(decision.because)}
    return sorted(findings, key=lambda finding: behind.get(finding.rule, len(behind)))
