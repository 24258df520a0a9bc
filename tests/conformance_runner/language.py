"""Runs a case of the rule language: a policy with the expression as its one column, or as a rule's condition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cadrerules.language.types import Period
from cadrerules.load import read_tables
from cadrerules.load.declared_tables import declared_table
from cadrerules.model.documents import InterpretationDoc, PolicyDoc, RuleDoc
from cadrerules.model.facts import Facts, FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.set_documents import QuestionDoc, SetDoc
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager
from cadrerules.testing.cases import full_tables
from conformance_runner.documents import LanguageCase, LanguageFile
from engines import Engine

POLICY, RESULT = "case", "result"
BARE = {"en": "x", "zh": "某"}
TRUTHS = {"holds": "true", "undetermined": "unknown"}


def values(file: LanguageFile, case: LanguageCase, engine: Engine) -> Mapping[str, str]:
    """The value of the case's expression, as text, for each row."""
    plan = plan_of(file, case)
    facts = facts_of(file, case, plan)
    as_of = case.as_of or file.as_of
    if case.in_force is None:
        return engine.column(plan, facts, as_of, POLICY, RESULT)
    return _by_findings(plan, facts, as_of, engine)


def _by_findings(plan: Plan, facts: FactTables, as_of: date, engine: Engine) -> dict[str, str]:
    """The truth of the rule's condition by subject and period; a rule that fails leaves no finding."""
    found = engine.evaluate(plan, facts, as_of, [POLICY]).findings
    return {"/".join(filter(None, [f.period, f.subject.id])): TRUTHS[f.status] for f in found}


def expected(case: LanguageCase, given: Mapping[str, str]) -> Mapping[str, str]:
    """The expected value for each row of a result."""
    if isinstance(case.expect, Mapping):
        return case.expect
    return dict.fromkeys(given, case.expect or "")


# --- the policy -----------------------------------------------------------------------------------


def plan_of(file: LanguageFile, case: LanguageCase) -> Plan:
    """A plan with one policy; `PolicyError` where the expression is wrong."""
    models = {name: declared_table(name, doc) for name, doc in file.tables.items()}
    doc = _policy(file, case)
    questions = {"outcome": _question(models, doc)} if case.in_force else {}
    cases = SetDoc(format=1, policy_set="cases", title=BARE, calendar=file.calendar)  # type: ignore[arg-type]
    policies = PolicySet(cases, models, questions, {POLICY: doc})  # type: ignore[arg-type]
    plan = Plan(policies, plugin_manager(installed=False))
    readings = {f"{POLICY}.{name}": word for name, word in case.interpretations.items()}
    return plan.amend({f"{POLICY}.{name}": value for name, value in case.params.items()}, readings)


def _policy(file: LanguageFile, case: LanguageCase) -> PolicyDoc:
    interpretations = {
        name: InterpretationDoc(options=words, default=words[0], why=BARE)
        for name, words in file.interpretations.items()
    }  # type: ignore[arg-type]
    parts = {"params": file.params, "interpretations": interpretations}
    shape = {
        "views": {**file.views, **case.views},
        "facts": case.facts or file.facts,
        "derive": {**file.derive, **case.derive},
    }
    doc = PolicyDoc(format=1, policy=POLICY, title=BARE, **parts, **shape)  # type: ignore[arg-type]
    if case.in_force is None:
        return doc.model_copy(update={"derive": {**doc.derive, RESULT: case.text}})  # as it is, however long
    rule = RuleDoc(id=RESULT, title=BARE, when=case.text, then="outcome.met")  # type: ignore[arg-type]
    return doc.model_copy(update={"rules": [rule], "in_force": case.in_force})


def _question(models: Mapping[str, type[Facts]], doc: PolicyDoc) -> QuestionDoc:
    """A question about the first key column that is no period, in the period of the key."""
    table = models[doc.facts or ""].spec
    subject = next(name for name in table.key if not isinstance(table.types[name], Period))
    periods = [of.kind for name in table.key if isinstance(of := table.types[name], Period)]
    verdict = {"title": BARE, "polarity": "neutral"}
    return QuestionDoc(
        title=BARE, subject=subject, period=(periods or ["none"])[0], verdicts={"met": verdict}, decide="gravest"
    )  # type: ignore[arg-type]


def facts_of(file: LanguageFile, case: LanguageCase, plan: Plan) -> FactTables:
    """The case's tables."""
    given = {name: rows for name, rows in {**file.rows, **case.rows}.items() if name not in case.absent}
    return read_tables(full_tables(given, plan.models, {}), list(plan.models.values()))
