"""Checks of what outcomes hang on: worse facts that do better, numbers left out, readings, duties nobody can meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import z3

from ..engines.solver.run import Place
from ..engines.solver.search import Answer, Witness, shown
from ..engines.solver.stages import there
from ..engines.solver.symbols import Bool, Truth, both, conjunction, either, lift, negation, no
from ..engines.solver.world import Cell
from ..model.dependencies import dependencies
from ..model.policy import Question, Rule
from ..model.texts import Texts
from .found import Example, Found
from .messages import joined, told
from .pairs import Pair
from .rules import OUTCOMES
from .setting import Claim, Setting


def other_than(cell: Cell) -> Cell:
    """A second variable for a cell, of the same domain."""
    variable = z3.Const(f"{cell.name}'", cell.variable.sort())
    return replace(cell, name=f"{cell.name}'", variable=variable)


def swapped(condition: Bool, cell: Cell, other: Cell) -> Bool:
    """A condition with a cell's variable replaced by another."""
    return condition if isinstance(condition, bool) else z3.substitute(condition, (cell.variable, other.variable))


def swapped_truth(truth: Truth, cell: Cell, other: Cell) -> Truth:
    """A truth with a cell's variable replaced by another."""
    sure = swapped(truth.sure, cell, other)
    return Truth(sure, sure if truth.possible is truth.sure else swapped(truth.possible, cell, other))


def _domain_of(setting: Setting, cell: Cell, other: Cell) -> list[Any]:
    """What the second variable may be, given what the first may."""
    return [swapped(part, cell, other) for part in setting.search.domain_of(cell.name)]


# --- worse facts that do better -----------------------------------------------------------------------


def lost_penalties(setting: Setting) -> Iterator[Found]:
    """Facts that, being worse, lift a penalty: verdicts that a column's worse direction should never lift."""
    for name, question in setting.run.questions.items():
        rules = [rule for rule in setting.rules if rule.question == name]
        if not any(question.verdicts[rule.verdict].polarity == "adverse" for rule in rules):
            continue
        for table, column in _with_a_worse_direction(setting, rules):
            found = _lost(setting, name, question, rules, table, column)
            if found:
                yield found


def _with_a_worse_direction(setting: Setting, rules: list[Rule]) -> list[tuple[str, str]]:
    read = {c for rule in rules for c in dependencies(setting.policy_of(rule), rule).columns}
    tables = setting.plan.tables
    return sorted((t, c) for t, c in read if c and t in setting.world.rows and tables[t].columns[c].about.worse)


def _lost(setting: Setting, name: str, question: Question, rules: list[Rule], table: str, column: str) -> Found | None:
    first_row = setting.world.rows[table][0]
    rows = [row for row in setting.world.rows[table] if _same_ids(row.key, first_row.key) and column in row.cells]
    undecided = False
    for place in setting.places(name):
        decided = {v: t for v, t in setting.run.decided(name, place).items() if v in question.verdicts}
        for row in rows:
            cell = row.cells[column]
            other = other_than(cell)
            worse = other.variable > cell.variable if cell.column and cell.column.about.worse == "higher" else other.variable < cell.variable
            domain = [worse, row.present, *_domain_of(setting, cell, other)]
            for verdict, here in decided.items():
                if question.verdicts[verdict].polarity != "adverse":
                    continue
                after = {v: swapped_truth(t, cell, other) for v, t in decided.items()}
                graver = [v for v in after if _as_grave(question, v, verdict)]
                lost = conjunction(here, *(negation(after[v]) for v in graver)).sure
                answer = setting.search.find(lost, *domain, also=[other])
                if answer.witness and (found := _told_lost(setting, rules, verdict, place, cell, other, answer.witness)):
                    return found
                undecided = undecided or answer.answer != "proved"
    if not undecided:
        return None
    title = setting.plan.tables[table].columns[column].title
    message = told("lost_penalty", column=title, before="?", after="?", from_="?", to="?")
    return setting.found("lost_penalty", "warning", Answer("undecided"), rules, message)


def _same_ids(key: Any, first: Any) -> bool:
    return all(value == first[name] for name, value in key.items() if isinstance(value, str))


def _as_grave(question: Question, verdict: str, than: str) -> bool:
    other, one = question.verdicts[verdict], question.verdicts[than]
    return other.polarity == "adverse" and other.severity >= one.severity


def _told_lost(
    setting: Setting, rules: list[Rule], verdict: str, place: Place, cell: Cell, other: Cell, witness: Witness
) -> Found | None:
    """The finding, where the scalar engine bears out both sides."""
    assert cell.row is not None
    assert cell.column is not None
    to = shown(witness.params[other.name])
    rows = witness.tables[cell.row.table.name]
    key = {name: shown(value) for name, value in cell.row.written.items()}
    here = next(row for row in rows if all(row[n] == v for n, v in key.items()))
    worse = [{**row, cell.column.name: to} if row is here else row for row in rows]
    after = replace(witness, tables={**witness.tables, cell.row.table.name: worse})
    holding = [rule for rule in rules if rule.verdict == verdict]
    before_all, after_all = (_holding(setting, holding, w, place) for w in (witness, after))
    if not before_all or after_all:
        return None
    change = {"cell": f"{cell.row.name}.{cell.column.name}", "from": here[cell.column.name], "to": to}
    example = replace(setting.example(witness), change=change)
    title = setting.plan.questions[rules[0].question].verdicts[verdict].title
    message = told("lost_penalty", column=cell.column.title, before=title, after=told("nothing"), from_=change["from"], to=to)
    clauses = tuple(dict.fromkeys(c for rule in before_all for c in rule.clauses))
    ids = tuple(dict.fromkeys(rule.id for rule in before_all))
    return Found("lost_penalty", "warning", "witness", ids, message, setting.world.describe(), example, clauses)


def _holding(setting: Setting, rules: list[Rule], witness: Witness, place: Place) -> list[Rule]:
    return [rule for rule in rules if setting.bears_out(witness, [Claim(rule, place)])]


# --- numbers that the source leaves out ---------------------------------------------------------------


def depends_on_unset(setting: Setting) -> Iterator[Found]:
    """The rules whose outcome an unset parameter changes, with two values that show it."""
    for name, cell in list(setting.world.parameters.items()):
        other = other_than(cell)
        domain = _domain_of(setting, cell, other)
        found: list[tuple[Rule, Witness]] = []
        for rule in setting.rules:
            if name in dependencies(setting.policy_of(rule), rule).parameters:
                witness, undecided = _moved(setting, rule, cell, other, domain)
                if witness:
                    found.append((rule, witness))
                elif undecided:
                    message = told("depends_on_unset", rules=rule.id, name=name, from_="?", to="?")
                    yield setting.found("depends_on_unset", "info", Answer("undecided"), [rule], message)
        if found:
            yield _told_unset(setting, name, other, found)


def _moved(setting: Setting, rule: Rule, cell: Cell, other: Cell, domain: list[Any]) -> tuple[Witness | None, bool]:
    """Tables on which two values of a parameter matter; and, without any, whether that stays undecided."""
    undecided = False
    for place in setting.places(rule.question):
        here = setting.holds(rule, place)
        there = swapped_truth(here, cell, other)
        answer = setting.search.find(both(here.sure, no(there.possible)), *domain, also=[other])
        if answer.witness and setting.bears_out(answer.witness, [Claim(rule, place)]):
            return answer.witness, False
        undecided = undecided or answer.answer != "proved"
    return None, undecided


def _told_unset(setting: Setting, name: str, other: Cell, found: list[tuple[Rule, Witness]]) -> Found:
    rules = [rule for rule, _ in found]
    witness = found[0][1]
    change = {"param": name, "from": shown(witness.params[name]), "to": shown(witness.params[other.name])}
    example = replace(setting.example(witness), change=change)
    ids = tuple(dict.fromkeys(rule.id for rule in rules))
    message = told("depends_on_unset", rules=", ".join(ids), name=name, from_=change["from"], to=change["to"])
    clauses = tuple(dict.fromkeys(c for rule in rules for c in rule.clauses))
    return Found("depends_on_unset", "info", "witness", ids, message, setting.world.describe(), example, clauses)


# --- readings -----------------------------------------------------------------------------------------


def depends_on_readings(setting: Setting) -> Iterator[Found]:
    """The decisions that another reading of an ambiguous clause changes, with facts that show it."""
    for name, reading in setting.plan.interpretations.items():
        if not any(name in _readings(setting, rule) for rule in setting.rules):
            continue
        for option in reading.doc.words:
            if option != reading.option:
                amended = setting.plan.amend(interpretations={name: option})
                for difference in Pair.beside(setting, amended).differences():
                    if difference.answer != "proved":
                        yield _told_reading(setting, name, option, difference)


def _readings(setting: Setting, rule: Rule) -> tuple[str, ...]:
    policy = setting.policy_of(rule)
    decide = setting.plan.questions[rule.question].doc.decide
    chosen = (decide.choose,) if not isinstance(decide, str) else ()
    return (*dependencies(policy, rule).interpretations, *chosen)


def _told_reading(setting: Setting, name: str, option: str, difference: Any) -> Found:
    reading = setting.plan.interpretations[name]
    question = setting.plan.questions[difference.question]
    before, after = (_verdict(question, decision) for decision in (difference.before, difference.after))
    example: Example | None = difference.witness and replace(difference.witness, interpretations={name: option}, change={"interpretation": name, "from": reading.option, "to": option})
    message = told("depends_on_interpretation", question=question.title, name=name, from_=reading.option, to=option, before=before, after=after)
    if difference.answer == "undecided":
        message = told("undecided", about=message)
    rules = tuple(dict.fromkeys(r for d in (difference.before, difference.after) if d for r in d["because"])) or difference.rules
    return Found("depends_on_interpretation", "info", difference.answer, rules, message, difference.domain, example, tuple(reading.doc.clause))


def _verdict(question: Question, decision: Any) -> Texts:
    if decision is None or (decision["verdict"] is None and not decision["possible"]):
        return told("nothing")
    named = [decision["verdict"]] if decision["verdict"] else [v for v in decision["possible"] if v]
    return joined([question.verdicts[v].title for v in named])


# --- duties nobody can meet ---------------------------------------------------------------------------


def unmeetable(setting: Setting) -> Iterator[Found]:
    """Obligations for which nothing that can be recorded fulfils what is due."""
    for rule in setting.rules:
        if rule.amounts is None or rule.verdict != "unmet":
            continue
        done, due = (rule.amounts.columns.get(name, name) for name in ("done", "due"))
        ways = [_met(row, done, due) for row in setting.rows_of(rule) if done in row and due in row]
        met = setting.search.can_be(either(*ways)) if ways else True
        if not met:
            yield setting.found("unmeetable", "warning", Answer(OUTCOMES[met]), [rule], told("unmeetable", first=rule.id))


def _met(row: Any, done: str, due: str) -> Bool:
    return both(there(row).sure, row[done].known, row[due].known, lift(row[due].value) >= 1, lift(row[done].value) >= lift(row[due].value))


