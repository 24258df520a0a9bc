"""Evaluates a plan: facts and plugins in, a result out. Where engine, waivers, decisions and plugins meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from .engines.scalar.decisions import decide
from .engines.scalar.evaluation import Evaluation, Progress
from .engines.scalar.waivers import Waivers
from .model.facts import FactTables, Row
from .model.result import Decision, Finding, Result
from .plugins import python_findings, waiver_objections

if TYPE_CHECKING:
    from .plan import Plan


def evaluate(
    plan: Plan, facts: FactTables, as_of: date, policies: list[str], progress: Progress | None = None
) -> Result:
    """The result of evaluating the named policies of a plan on facts as of a day."""
    evaluation = Evaluation(plan.policy_set, facts, as_of)
    from_plugins = python_findings(plan.plugins, policies=plan.policy_set, facts=facts, as_of=as_of)
    rules = _waivable(plan) | {f.rule: f.waivable for f in from_plugins}
    waivers = Waivers(facts, plan.tables.get("waivers"), as_of, rules, lambda row: _objections(plan, row))
    evaluation.run(policies, progress or (lambda *_: None))
    findings = [*evaluation.findings, *_asked_for(from_plugins, policies, plan)]
    decisions = decide(plan.questions, findings, waivers)
    return _linked(plan, evaluation, findings, decisions, waivers, from_plugins)


def _waivable(plan: Plan) -> dict[str, bool]:
    """Whether each rule, by id, has an outcome that can be waived."""
    outcomes = [rule for policy in plan.policies.values() for rule in policy.rules]
    waivable = {rule.id for rule in outcomes if rule.waivable}
    return {rule.id: rule.id in waivable for rule in outcomes}


def _asked_for(found: list[Finding], policies: list[str], plan: Plan) -> list[Finding]:
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


def _linked(
    plan: Plan,
    evaluation: Evaluation,
    findings: list[Finding],
    decisions: list[Decision],
    waivers: Waivers,
    from_plugins: list[Finding],
) -> Result:
    from .report.counterfactual import Outlooks
    from .report.explanation import Explainer
    from .report.frames import to_frame
    from .report.reports import Reporter

    def again(facts: FactTables, names: list[str]) -> Sequence[Decision]:
        return evaluate(plan, facts, evaluation.as_of, names).decisions

    outlooks = Outlooks(plan, evaluation, waivers, from_plugins, decisions, again)
    explainer = Explainer(plan, evaluation, decisions, outlooks)
    result = Result(
        policies={"name": plan.name, "hash": plan.hash},
        as_of=evaluation.as_of,
        findings=tuple(findings),
        decisions=tuple(decisions),
        not_evaluated=tuple(evaluation.not_evaluated),
        warnings=tuple(waivers.warnings()),
        explainer=explainer.decision,
        explain_subject=explainer.subject,
        outlooks=outlooks,
        framer=to_frame,
        reporter=Reporter(plan, evaluation.facts, explainer),
    )
    for decision in decisions:
        decision._result = result  # noqa: SLF001 - the model's own slot for it
    return result
