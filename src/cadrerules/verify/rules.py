"""Checks of single rules: which can never hold, which add nothing, which rows of a table are never reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from ..engines.solver.run import Place
from ..engines.solver.search import Answer
from ..engines.solver.stages import there
from ..engines.solver.symbols import FALSE, Bool, Symbol, Truth, both, conjunction, disjunction, lift, no, tally
from ..language.nodes import Apply, Column, Node, conjuncts
from ..model.documents import TableRuleDoc
from ..model.policy import Rule
from .found import Found
from .messages import told
from .setting import Claim, Setting

OUTCOMES: Mapping[bool | None, Literal["witness", "proved", "undecided"]] = {True: "witness", False: "proved", None: "undecided"}
"""What it means that something can be, can't be, or stays undecided."""


def dead(setting: Setting) -> Iterator[Found]:
    """The rules that no facts can bring about, and those that a small cohort can't."""
    for rule in setting.rules:
        answer, place = somewhere(setting, rule)
        if answer.answer != "witness":
            yield setting.found("dead", "warning", answer, [rule], told("dead", first=rule.id))
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
    tables, spread = answer.witness.tables, setting.world.shape.spread
    table, least = max(((t, len({row[who] for row in tables[t]})) for t, who in spread.items()), key=lambda found: found[1])
    if least < 2:
        return
    ranked = [row for row in setting.world.rows[table] if place[1] in row.key.values()]
    few = lift(tally(row.present for row in ranked)) <= least - 1
    proof = setting.find(setting.holds(rule, place).sure, few)
    if proof.answer == "witness":
        return
    verdict = setting.plan.questions[rule.question].verdicts[rule.verdict].title
    message = told("dead_small", verdict=verdict, most=least - 1, least=least)
    yield setting.found("dead", "info", proof, [rule], message, answer.witness)


# --- rows of decision tables ------------------------------------------------------------------------


def table_of(setting: Setting, rule: Rule) -> TableRuleDoc | None:
    """The decision table that a rule is."""
    own = rule.id.rpartition(".")[2]
    return next((doc.table for doc in setting.policy_of(rule).doc.rules if doc.id == own), None)


def rows_in_order(setting: Setting, rule: Rule) -> list[tuple[str, str]]:
    """The rows of a rule's table whose order matters, as the column that tells whether it fits and the verdict."""
    table, own = table_of(setting, rule), rule.id.rpartition(".")[2]
    if table is None or table.hit != "first":
        return []
    return [(f"{own}_row_{n}", str(row[-1])) for n, row in enumerate(table.rows, 1)]


def fits(setting: Setting, rule: Rule, place: Place, column: str) -> Truth:
    """Whether a row of the rule's table fits the subject's row."""
    fitting = [conjunction(there(row), _truth(row[column])) for row in setting.rows_on(rule, place)]
    return disjunction(*fitting) if fitting else FALSE


def _truth(symbol: Symbol) -> Truth:
    assert isinstance(symbol, Truth)
    return symbol


def _rows_never_reached(setting: Setting, rule: Rule) -> Iterator[Found]:
    """The rows that fit something, but only where an earlier one does."""
    rows = rows_in_order(setting, rule)
    for number, (column, verdict) in enumerate(rows):
        for place in setting.places(rule.question) if verdict == rule.verdict else ():
            here = fits(setting, rule, place, column).sure
            before = [no(fits(setting, rule, place, earlier).possible) for earlier, _ in rows[:number]]
            if here is False or setting.search.can_be(here) is False:
                continue  # it fits nothing under the readings in force
            answer = Answer(OUTCOMES[setting.search.can_be(here, *before)])
            if answer.answer != "witness":
                yield setting.found("dead", "warning", answer, [rule], told("dead_row", row=number + 1))


# --- rules that add nothing -------------------------------------------------------------------------


def subsumed(setting: Setting) -> Iterator[Found]:
    """The rules whose outcome another brings about whenever they hold."""
    rules = setting.rules
    for first in rules:
        for second in rules:
            implied = _implies(setting, first, second) if first.outcome == second.outcome else False
            if implied is False or (implied and first.key > second.key and _implies(setting, second, first)):
                continue  # of two that say the same, one is told
            answer = Answer("proved" if implied else "undecided")
            yield setting.found("subsumed", "warning", answer, [first, second], told("subsumed", first=first.id, second=second.id))


def _implies(setting: Setting, first: Rule, second: Rule) -> bool | None:
    """Whether the second holds wherever the first does, which can; None where that stays undecided."""
    if first.id == second.id or first.question not in setting.run.questions:
        return False
    if setting.run.questions[first.question].decide == "each_rule":
        return False  # each rule has a decision of its own, so none can say it for another
    places = setting.places(first.question)
    alone: list[Bool] = [both(setting.holds(first, p).sure, no(setting.holds(second, p).sure)) for p in places]
    if (apart := _one_can_be(setting, alone)) is not False:
        return None if apart is None else False
    return _one_can_be(setting, [setting.holds(first, p).sure for p in places])


def _one_can_be(setting: Setting, conditions: list[Bool]) -> bool | None:
    found = [False if c is False else setting.search.can_be(c) for c in conditions]
    return True if True in found else None if None in found else False


def branches(rule: Rule) -> list[tuple[str, Node]]:
    """The ways in which a table's verdict comes about: the row that is hit, and the condition."""
    parts = rule.when.args if isinstance(rule.when, Apply) and rule.when.operator == "or" else (rule.when,)
    found = []
    for part in parts:
        columns = [c.name for c in conjuncts(part) if isinstance(c, Column)]
        found.append((columns[0] if columns else "", part))
    return found
