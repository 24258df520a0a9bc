"""Checks findings that plugins compute in Python: each must fit the question it answers."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from ..language.periods import PERIODS, parse_period
from .policy_set import PolicySet
from .result import Finding
from .set_documents import QuestionDoc


def finding_problems(finding: Finding, policies: PolicySet) -> Iterator[Problem]:
    """Why a finding can't be used with a policy set; nothing where it can."""
    question, _, verdict = finding.outcome.partition(".")
    asked = policies.questions_doc.get(question)
    if asked is None or verdict not in asked.verdicts:
        values = {"rule": finding.rule, "outcome": finding.outcome}
        yield Problem("CR-UNKNOWN-OUTCOME-OF-PLUGIN", values=values)
        return
    if _is_rule(finding.rule, policies):
        yield _problem(finding, "a policy has a rule of this id", "政策中已有同名规则")
    for en, zh in _misfits(finding, asked, asked.verdicts[verdict].waivable):
        yield _problem(finding, en, zh)


def _misfits(finding: Finding, asked: QuestionDoc, waivable: bool) -> Iterator[tuple[str, str]]:
    kind = finding.subject.kind
    if kind not in asked.subjects:
        wanted = asked.subjects
        yield f"its subject is a {kind}, not a {' or '.join(wanted)}", f"对象类型应为 {'或 '.join(wanted)}，而不是 {kind}"
    if not _is_period(finding.period, asked.period):
        yield (
            f"`{finding.period}` is no period of the kind {asked.period}",
            f"“{finding.period}”不是 {asked.period} 类型的期间",
        )
    if finding.group is not None:
        yield "its `group` is not for a plugin to fill", "字段 `group` 不应由插件填写"
    if finding.waivable and not waivable:
        yield f"`{finding.outcome}` can't be waived", f"结论“{finding.outcome}”不可豁免"
    if finding.status == "undetermined" and not finding.missing:
        yield "it is undetermined but names nothing that is missing", "结果待定，却没有列出所缺的事实"


def _is_rule(name: str, policies: PolicySet) -> bool:
    policy, _, key = name.rpartition(".")
    if policy not in policies.documents:
        return False
    doc = policies.documents[policy]
    return key in (*(rule.id for rule in doc.rules), *(owed.id for owed in doc.obligations))


def _is_period(text: str | None, kind: str) -> bool:
    """Whether a text is a period of the kind as results write it; None is the only one of the kind `none`."""
    if text is None or kind == "none":
        return text is None and kind in ("none", "any")
    if kind not in (*PERIODS, "any"):
        return True
    try:
        period = parse_period(text)
    except ValueError:
        return False
    return kind in (period.kind, "any") and str(period) == text


def _problem(finding: Finding, en: str, zh: str) -> Problem:
    return Problem("CR-BAD-FINDING", values={"rule": finding.rule, "reason": {"en": en, "zh": zh}})
