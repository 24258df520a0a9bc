"""Checks of outcomes together: questions without an answer, or with two; verdicts that contradict or pile up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..engines.solver.expressions import evaluate
from ..engines.solver.run import Application, Place
from ..engines.solver.search import Answer
from ..engines.solver.stages import there
from ..engines.solver.symbols import Bool, Truth, both, conjunction, either, no
from ..language.nodes import Node
from ..model.policy import Rule
from ..model.texts import Texts
from .found import Found
from .messages import joined, told
from .rules import branches, fits, rows_in_order, table_of
from .setting import Claim, Setting


def gaps(setting: Setting) -> Iterator[Found]:
    """Questions that need one answer and have none, and verdicts that say that the text has none."""
    for name, question in setting.run.questions.items():
        rules = [rule for rule in setting.rules if rule.question == name]
        if rules and question.decide == "exactly_one":
            yield from _unanswered(setting, name, rules)
        yield from (found for rule in rules if question.verdicts[rule.verdict].gap for found in _named(setting, rule))


def _unanswered(setting: Setting, question: str, rules: list[Rule]) -> Iterator[Found]:
    title = setting.plan.questions[question].title
    for place in setting.places(question):
        none = [no(setting.holds(rule, place).possible) for rule in rules]
        looked_at = either(*(there(row).sure for row in setting.rows_on(rules[0], place)))
        answer = setting.find(looked_at, *none, claims=[Claim(r, place, holds=False) for r in rules])
        if answer.answer != "proved":
            yield setting.found("gap", "warning", answer, rules, told("gap", question=title, subject=place[0]))
            return


def _named(setting: Setting, rule: Rule) -> Iterator[Found]:
    """Each way to a verdict that names a hole of the text."""
    question = setting.plan.questions[rule.question]
    message = told("gap_verdict", question=question.title, verdict=question.verdicts[rule.verdict].title)
    for _, condition in branches(rule):
        for place in setting.places(rule.question):
            way = _on(setting, rule, place, condition)
            answer = setting.find(way, claims=[Claim(rule, place)])
            if answer.answer != "proved":
                yield setting.found("gap", "warning", answer, [rule], message)
                break


def _on(setting: Setting, rule: Rule, place: Place, condition: Node) -> Bool:
    """That a condition holds on a row about the subject."""
    found: list[Bool] = []
    for row in setting.rows_on(rule, place):
        value = evaluate(condition, row, setting.world)
        assert isinstance(value, Truth)
        found.append(both(there(row).sure, value.sure))
    return either(*found)


# --- two answers --------------------------------------------------------------------------------------


def overlaps(setting: Setting) -> Iterator[Found]:
    """Two answers where there must be one, rows of a table whose order alone decides, and penalties that pile up."""
    for first, second in itertools.combinations(setting.rules, 2):
        if first.question == second.question and first.verdict != second.verdict and _must_differ(setting, first, second):
            yield from _both_answer(setting, first, second)
        elif _pile_up(setting, first, second):
            answer = _on_one_row(setting, first, second)
            if answer:
                message = told("overlap_adverse", first=first.id, second=second.id, verdicts=_verdicts(setting, first, second))
                yield setting.found("overlap", "info", answer, [first, second], message)
    for rule in {rule.id: rule for rule in setting.rules}.values():
        yield from _overlapping_rows(setting, rule)


def _must_differ(setting: Setting, first: Rule, second: Rule) -> bool:
    """Whether only one of two verdicts may come about: the question asks for one, or the table hits one row."""
    table = table_of(setting, first) if first.id == second.id else None
    return setting.run.questions[first.question].decide == "exactly_one" or (table is not None and table.hit == "unique")


def _both_answer(setting: Setting, first: Rule, second: Rule) -> Iterator[Found]:
    title = setting.plan.questions[first.question].title
    for place in setting.places(first.question):
        conditions = [setting.holds(rule, place).sure for rule in (first, second)]
        answer = setting.find(*conditions, claims=[Claim(first, place), Claim(second, place)])
        if answer.answer != "proved":
            message = told("overlap_exact", first=first.key, second=second.key, question=title)
            yield setting.found("overlap", "warning", answer, [first, second], message)
            return


def _pile_up(setting: Setting, first: Rule, second: Rule) -> bool:
    """Whether both are adverse outcomes of one clause, for the same kind of subject and on rows of one relation, to different questions."""
    polarity = [setting.run.questions[r.question].verdicts[r.verdict].polarity for r in (first, second)]
    same = first.facts == second.facts and first.kind == second.kind and first.question != second.question
    return same and polarity == ["adverse", "adverse"] and not {*first.clauses}.isdisjoint(second.clauses)


def _on_one_row(setting: Setting, first: Rule, second: Rule, *, apart: bool = False) -> Any:
    """Whether both hold for one subject on the same row; with `apart`, on different rows."""
    for place in setting.places(first.question):
        pairs = [
            conjunction(a.on(place), b.on(place)).sure
            for a in setting.applications(first)
            for b in setting.applications(second)
            if (a.row is b.row) is not apart
        ]
        alone = [no(conjunction(*pair).sure) for pair in _same_rows(setting, first, second, place)] if apart else []
        answer = setting.find(either(*pairs), *alone, claims=[Claim(first, place), Claim(second, place)])
        if answer.answer != "proved":
            return answer
    return None


def _same_rows(setting: Setting, first: Rule, second: Rule, place: Place) -> list[tuple[Truth, Truth]]:
    pairs: list[tuple[Application, Application]] = [
        (a, b) for a in setting.applications(first) for b in setting.applications(second) if a.row is b.row
    ]
    return [(a.on(place), b.on(place)) for a, b in pairs]


def _overlapping_rows(setting: Setting, rule: Rule) -> Iterator[Found]:
    """Pairs of rows of a `first` table that overlap in part, so that which verdict comes out hangs on their order.

    A row that lies wholly within a later one, or the other way round, is the usual way to write an exception.
    """
    rows = rows_in_order(setting, rule)
    titles = setting.plan.questions[rule.question].verdicts
    for (i, (one, first)), (j, (other, second)) in itertools.combinations(enumerate(rows), 2):
        for place in setting.places(rule.question) if first != second else ():
            fit = [fits(setting, rule, place, column) for column in (one, other)]
            free = [no(fits(setting, rule, place, earlier).possible) for earlier, _ in rows[:i]]
            own = [_can_be(setting, a.sure, no(b.possible), *free) for a, b in (fit, fit[::-1])]
            if False in own:
                continue
            winner = next(r for r in setting.rules if r.id == rule.id and r.verdict == first)
            answer = setting.find(fit[0].sure, fit[1].sure, *free, claims=[Claim(winner, place)])
            if None in own and answer.answer == "witness":
                answer = Answer("undecided")
            if answer.answer != "proved":
                shown = joined([titles[first].title, titles[second].title])
                message = told("overlap_rows", first=i + 1, second=j + 1, verdicts=shown)
                yield setting.found("overlap", "warning", answer, [rule], message)


def _can_be(setting: Setting, *conditions: Bool) -> bool | None:
    return False if any(c is False for c in conditions) else setting.search.can_be(*conditions)


# --- contradictions -----------------------------------------------------------------------------------


def conflicts(setting: Setting) -> Iterator[Found]:
    """Favourable and adverse verdicts on one question for the same subject and period."""
    for first, second in itertools.permutations(setting.rules, 2):
        if first.question != second.question:
            continue
        verdicts = setting.run.questions[first.question].verdicts
        if (verdicts[first.verdict].polarity, verdicts[second.verdict].polarity) != ("favourable", "adverse"):
            continue
        if setting.run.questions[first.question].decide == "exactly_one":
            continue  # two answers where there must be one are an overlap
        shown = _verdicts(setting, first, second)
        for key, apart in (("conflict_row", False), ("conflict_rows", True)):
            answer = _on_one_row(setting, first, second, apart=apart)
            if answer is not None:
                message = told(key, first=first.id, second=second.id, verdicts=shown)
                yield setting.found("conflict", "warning", answer, [first, second], message)


def _verdicts(setting: Setting, *rules: Rule) -> Texts:
    return joined([setting.plan.questions[r.question].verdicts[r.verdict].title for r in rules])
