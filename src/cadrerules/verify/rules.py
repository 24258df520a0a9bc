"""Checks of single rules: which can never hold, which add nothing, which rows of a table are never reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..engines.solver.run import Place
from ..engines.solver.search import Answer
from ..engines.solver.symbols import FALSE, Bool, Truth, both, either, lift, no, tally
from ..engines.solver.world import FactRow
from ..language.nodes import Apply, Column, Node, conjuncts
from ..model.policy import Rule
from .found import Found, Severity
from .messages import told
from .setting import Claim, Setting


def dead(setting: Setting) -> Iterator[Found]:
    """The rules that no facts can bring about, and those that a small cohort can't."""
    for rule in setting.rules:
        answer, place = somewhere(setting, rule)
        if answer.answer != "witness":
            yield _found(setting, rule, "dead", answer, "warning", told("dead", first=rule.id))
        elif place is not None and setting.world.shape.spread and setting.run.questions[rule.question].decide == "exactly_one":
            yield from _of_small_cohorts(setting, rule, place, answer)
        yield from _rows_never_reached(setting, rule)


def somewhere(setting: Setting, rule: Rule) -> tuple[Answer, Place | None]:
    """Whether a rule can hold for any subject and period, and for which."""
    undecided = False
    for place in setting.places(rule.question):
        answer = setting.find(setting.holds(rule, place).sure, claims=[Claim(rule, place)])
        if answer.witness:
            return answer, place
        undecided = undecided or answer.answer == "undecided"
    return Answer("undecided" if undecided else "proved"), None


def _of_small_cohorts(setting: Setting, rule: Rule, place: Place, answer: Answer) -> Iterator[Found]:
    """The verdicts of a ranking that need more rows than one."""
    assert answer.witness is not None
    (table,) = setting.world.shape.spread
    least = len(answer.witness.tables[table])
    if least < 2:
        return
    ranked = [row for row in setting.world.rows[table] if _period(row) == place[1]]
    few = lift(tally(row.present for row in ranked)) <= least - 1
    proof = setting.find(setting.holds(rule, place).sure, few)
    if proof.answer == "witness":
        return
    verdict = setting.plan.questions[rule.question].verdicts[rule.verdict].title
    message = told("dead_small", verdict=verdict, most=least - 1, least=least)
    yield _found(setting, rule, "dead", proof, "info", message, example=answer)


def _period(row: FactRow) -> Any:
    return next((value for value in row.key.values() if hasattr(value, "ordinal")), None)


def _found(
    setting: Setting, rule: Rule, check: Any, answer: Answer, severity: Severity, message: Any, example: Answer | None = None
) -> Found:
    shown = (example or answer).witness
    if answer.answer == "undecided":
        message, severity = told("undecided", about=message.en), "info"
    witness = setting.example(shown) if shown else None
    return Found(check, severity, answer.answer, (rule.id,), message, setting.world.describe(), witness, rule.clauses)  # type: ignore[arg-type]


# --- rows of decision tables ------------------------------------------------------------------------


def table_rows(setting: Setting, rule: Rule) -> list[str]:
    """The columns that tell whether each row of the rule's table fits, in order; none for other rules."""
    policy = setting.plan.policies[rule.id.rpartition(".")[0]]
    own = rule.id.rpartition(".")[2]
    doc = next((r for r in policy.doc.rules if r.id == own), None)
    if doc is None or doc.table is None:
        return []
    return [f"{own}_row_{n}" for n in range(1, len(doc.table.rows) + 1)]


def row_verdicts(setting: Setting, rule: Rule) -> list[str]:
    """The verdict of each row of the rule's table."""
    policy = setting.plan.policies[rule.id.rpartition(".")[0]]
    doc = next(r for r in policy.doc.rules if r.id == rule.id.rpartition(".")[2])
    assert doc.table is not None
    return [str(row[-1]) for row in doc.table.rows]


def hit_policy(setting: Setting, rule: Rule) -> str:
    """How a table's rows combine."""
    policy = setting.plan.policies[rule.id.rpartition(".")[0]]
    doc = next(r for r in policy.doc.rules if r.id == rule.id.rpartition(".")[2])
    assert doc.table is not None
    return doc.table.hit


def fits(setting: Setting, rule: Rule, place: Place, column: str) -> Truth:
    """Whether a row of the rule's table fits the subject's row."""
    found = FALSE
    for row in setting.run.policies[rule.id.rpartition(".")[0]].frames[rule.facts]:
        subject = row.get(rule.subject)
        if subject is not None and getattr(subject, "value", None) == place[0]:
            value = row[column]
            assert isinstance(value, Truth)
            present = row["(present)"]
            assert isinstance(present, Truth)
            found = Truth(either(found.sure, both(present.sure, value.sure)), either(found.possible, both(present.possible, value.possible)))
    return found


def _rows_never_reached(setting: Setting, rule: Rule) -> Iterator[Found]:
    """The rows that fit something, but only where an earlier one does."""
    columns = table_rows(setting, rule)
    if not columns or hit_policy(setting, rule) != "first":
        return
    for number, (column, verdict) in enumerate(zip(columns, row_verdicts(setting, rule), strict=True)):
        if verdict != rule.verdict:
            continue
        for place in setting.places(rule.question):
            here = fits(setting, rule, place, column).sure
            before = [no(fits(setting, rule, place, earlier).possible) for earlier in columns[:number]]
            if here is False or setting.search.can_be(here) is not True:
                continue
            if setting.search.can_be(here, *before) is False:
                message = told("dead_row", row=number + 1)
                yield Found("dead", "warning", "proved", (rule.id,), message, setting.world.describe(), clauses=rule.clauses)


# --- rules that add nothing -------------------------------------------------------------------------


def subsumed(setting: Setting) -> Iterator[Found]:
    """The rules whose outcome another brings about whenever they hold."""
    rules = setting.rules
    for first in rules:
        for second in rules:
            if first.key != second.key and first.outcome == second.outcome and _implies(setting, first, second):
                if _implies(setting, second, first) and first.key > second.key:
                    continue  # the two say the same: told once
                message = told("subsumed", first=first.id, second=second.id)
                clauses = tuple(dict.fromkeys((*first.clauses, *second.clauses)))
                yield Found("subsumed", "warning", "proved", (first.id, second.id), message, setting.world.describe(), clauses=clauses)


def _implies(setting: Setting, first: Rule, second: Rule) -> bool:
    if first.id == second.id or first.question not in setting.run.questions:
        return False
    if setting.run.questions[first.question].decide == "each_rule":
        return False  # each rule has a decision of its own, so none can say it for another
    conditions: list[Bool] = [both(setting.holds(first, p).sure, no(setting.holds(second, p).sure)) for p in setting.places(first.question)]
    possible = any(setting.search.can_be(setting.holds(first, p).sure) for p in setting.places(first.question))
    return possible and all(c is False or setting.search.can_be(c) is False for c in conditions)


def branches(rule: Rule) -> list[tuple[str, Node]]:
    """The ways in which a table's verdict comes about: the row that is hit, and the condition."""
    parts = rule.when.args if isinstance(rule.when, Apply) and rule.when.operator == "or" else (rule.when,)
    found = []
    for part in parts:
        columns = [c.name for c in conjuncts(part) if isinstance(c, Column)]
        found.append((columns[0] if columns else "", part))
    return found
