"""Evaluates a plan: facts and plugins in, a result out. Where engine, waivers, decisions and plugins meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .engines.scalar.evaluation import Evaluation, Progress
from .engines.scalar.waivers import Waivers
from .model.deciding import decide
from .model.facts import FactTables, Row
from .model.organisations import Organisation
from .model.result import Decision, Finding, Result
from .plugins import python_findings, waiver_objections

if TYPE_CHECKING:
    from .plan import Plan


def evaluate(
    plan: Plan, facts: FactTables, as_of: date, policies: list[str], progress: Progress | None = None
) -> Result:
    """The result of evaluating the named policies of a plan on facts as of a day."""
    return prepare(plan, facts, as_of).result(policies, progress)


def prepare(plan: Plan, facts: FactTables, as_of: date, organisation: Organisation | None = None) -> Prepared:
    """What is in order before rules are evaluated; raises for waivers and plugins' findings that are refused."""
    from_plugins = python_findings(plan.plugins, policies=plan.policy_set, facts=facts, as_of=as_of)
    rules = _waivable(plan) | {f.rule: f.waivable for f in from_plugins}
    waivers = Waivers(facts, plan.tables.get("waivers"), as_of, rules, lambda row: _objections(plan, row))
    return Prepared(plan, Evaluation(plan.policy_set, facts, as_of), from_plugins, waivers, organisation)


@dataclass(frozen=True)
class Prepared:
    """An evaluation of facts that belong together, ready to run; of several organisations `organisation` is its own."""

    plan: Plan
    evaluation: Evaluation
    from_plugins: list[Finding]
    waivers: Waivers
    organisation: Organisation | None = None

    def result(self, policies: list[str], progress: Progress | None = None) -> Result:
        """Evaluate the named policies and decide."""
        self.evaluation.run(policies, progress or (lambda *_: None))
        findings = [*self.evaluation.findings, *findings_asked_for(self.from_plugins, policies, self.plan)]
        return _linked(self, findings, decide(self.plan.questions, findings, self.waivers))


def _waivable(plan: Plan) -> dict[str, bool]:
    """Whether each rule, by id, has an outcome that can be waived."""
    outcomes = [rule for policy in plan.policies.values() for rule in policy.rules]
    waivable = {rule.id for rule in outcomes if rule.waivable}
    return {rule.id: rule.id in waivable for rule in outcomes}


def findings_asked_for(found: list[Finding], policies: list[str], plan: Plan) -> list[Finding]:
    """The plugins' findings: all where every policy is evaluated, else those of the policies named."""
    if set(policies) == set(plan.policies):
        return found
    return [finding for finding in found if finding.rule.rpartition(".")[0] in policies]


def _objections(plan: Plan, row: Row) -> Iterable[Mapping[str, str]]:
    """Why a waiver is refused: its authority isn't one that may, or a plugin objects."""
    allowed = plan.policy_set.doc.waivable_by
    if allowed and row["authority"] not in allowed:
        yield {
            "en": f"{row['authority']} is none of the authorities that may waive ({', '.join(allowed)})",
            "zh": f"“{row['authority']}”不在有权豁免的机关之列（{'、'.join(allowed)}）",
        }
    for objection in waiver_objections(plan.plugins, policies=plan.policy_set, waiver=row):
        yield objection.model_dump()


def _linked(prepared: Prepared, findings: list[Finding], decisions: list[Decision]) -> Result:
    from .report.counterfactual import Outlooks
    from .report.explanation import Explainer
    from .report.frames import to_frame
    from .report.reports import Reporter

    plan, evaluation, organisation = prepared.plan, prepared.evaluation, prepared.organisation

    def again(facts: FactTables, names: list[str]) -> Sequence[Decision]:
        return evaluate(plan, facts, evaluation.as_of, names).decisions

    outlooks = Outlooks(plan, evaluation, prepared.waivers, prepared.from_plugins, decisions, again)
    if organisation is not None:
        findings = [finding.within(organisation.name) for finding in findings]
        decisions = [decision.within(organisation.name) for decision in decisions]
    explainer = Explainer(plan, evaluation, decisions, outlooks, organisation)
    result = Result(
        policies={"name": plan.name, "hash": plan.hash},
        as_of=evaluation.as_of,
        findings=tuple(findings),
        decisions=tuple(decisions),
        not_evaluated=tuple(evaluation.not_evaluated),
        warnings=tuple(prepared.waivers.warnings()),
        explainer=explainer.decision,
        explain_subject=explainer.subject,
        outlooks=outlooks,
        evidence=lambda _: prepared,
        framer=to_frame,
        reporter=Reporter(plan, evaluation.facts, explainer),
        group=organisation.column if organisation else "",
        of=organisation.name if organisation else "",
        knows=explainer.knows,
    )
    for decision in decisions:
        decision._result = result  # noqa: SLF001 - the model's own slot for it
    return result
