"""The solver engine on the plan: put values in for its variables, and it finds what the scalar engine finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.engines.solver.run import Place
from cadrerules.engines.solver.search import Search
from cadrerules.engines.solver.symbols import Truth, lift
from cadrerules.engines.solver.world import Cell, FactRow
from cadrerules.language.periods import PERIODS
from cadrerules.language.types import Choice, Date, Number, Text
from cadrerules.language.types import Truth as TruthType
from cadrerules.model.dependencies import dependencies
from cadrerules.model.facts import ALWAYS, NEVER
from cadrerules.model.result import Decision, Result
from cadrerules.verify.setting import AS_OF, Setting, relations_of, text_of

PLAN = cr.load_policies("market-supervision")
POLICIES = ["assessment", "board", "obligation", "rectification", "training"]
DAYS = [
    *(date(2021, 12, 31), date(2022, 6, 30), date(2023, 6, 29), date(2023, 8, 31), date(2023, 12, 31), date(2024, 1, 1)),
    *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 6, 28), date(2024, 6, 29), date(2024, 6, 30), date(2024, 11, 30)),
    *(date(2024, 12, 1), date(2024, 12, 22), date(2024, 12, 23), AS_OF, date(2024, 12, 30), date(2024, 12, 31)),
    *(date(2025, 1, 31), date(2025, 6, 30), date(2026, 2, 28), date(2027, 12, 31)),
]
"""Days about the evaluation, at the ends of weeks, months and years, and so many months before and after."""
BOUNDED = {"board.commend", "board.interview", "obligation.style_filing"}
"""Rules of which the reference now and then says more, for it knows bounds of what isn't known: a run, a count."""


def readings_of(policy: str) -> dict[str, tuple[str, ...]]:
    """The readings of all interpretations that a policy's rules rest on."""
    names: set[str] = set()
    for rule in PLAN.policies[policy].rules:
        decide = PLAN.questions[rule.question].doc.decide
        names |= {*dependencies(PLAN.policies[policy], rule).interpretations}
        names |= set() if isinstance(decide, str) else {decide.choose}
    return {name: tuple(PLAN.interpretations[name].doc.words) for name in sorted(names)}


@lru_cache(maxsize=8)
def setting_of(policy: str, readings: tuple[tuple[str, str], ...]) -> Setting:
    """A policy in its world, run under some readings."""
    setting = Setting(PLAN.amend(interpretations=dict(readings)), {policy: relations_of(PLAN, policy)})
    assert not any(run.failed for run in setting.run.policies.values())
    return setting


# --- values for the variables ---------------------------------------------------------------------------


@dataclass
class Filling:
    """What each variable is; `solver` holds them, with the world's own conditions."""

    solver: z3.Solver = field(repr=False)
    equations: list[Any] = field(default_factory=list, repr=False)

    def put(self, variable: Any, value: Any) -> None:
        """Let a variable have a value."""
        self.equations.append(variable == lift(value))
        self.solver.add(self.equations[-1])


@st.composite
def filling(draw: st.DrawFn, setting: Setting) -> Filling:
    """Values for all of the world's variables, within its conditions."""
    found = Filling(z3.Solver())
    for cell in setting.world.parameters.values():
        found.put(cell.variable, draw(cells(setting, cell)))
    for row in all_rows(setting):
        values = draw(whole_row(setting, row))
        for name, cell in row.cells.items():
            found.put(cell.variable, values[name])
            if cell.known is not True:
                found.put(cell.known, draw(st.integers(0, 3).map(bool)))
    found.solver.add(*setting.world.domain)
    assert found.solver.check() == z3.sat, "the world leaves out what the tables may hold"
    for row in all_rows(setting):  # rows that are only compared with come in order of their ids
        there = draw(st.integers(0, 5).map(bool))
        found.put(row.present, there if found.solver.check(row.present == there) == z3.sat else not there)
    return found


def all_rows(setting: Setting) -> Iterator[FactRow]:
    """All rows of a world."""
    for rows in setting.world.rows.values():
        yield from rows


def whole_row(setting: Setting, row: FactRow) -> st.SearchStrategy[dict[str, Any]]:
    """Values for the cells of a row that its table doesn't refuse."""
    drawn = st.fixed_dictionaries({name: cells(setting, cell) for name, cell in row.cells.items()})
    weighed = [c for _, c in row.table.conditions if all(n in row.cells or n in row.key for _, n in c.reads)]
    return drawn.filter(lambda values: not any(condition.value({**row.key, **values}) is True for condition in weighed))


def cells(setting: Setting, cell: Cell) -> st.SearchStrategy[Any]:
    """Values of a cell, as the language has them, near those that rules compare with."""
    match cell.type:
        case TruthType():
            return st.booleans()
        case Choice(options=options):
            return st.sampled_from(options)
        case Text():
            return st.sampled_from(setting.world.words(cell))
        case Date():
            ends = [cell.column.empty] * 8 if cell.column and cell.column.empty in (NEVER, ALWAYS) else []
            return st.sampled_from([*DAYS, *ends])
        case Number() as of:
            return st.sampled_from([n for n in near(setting, cell, of) if of.low <= n <= of.high])
        case of:
            return st.sampled_from([PERIODS[of.kind].of(AS_OF) + shift for shift in (-1, 0)])


def near(setting: Setting, cell: Cell, of: Number) -> list[int]:
    """Small numbers, and those that rules compare with, with their neighbours."""
    place = (cell.row.table.name, cell.column.name) if cell.row and cell.column else ("", "")
    named = [n + shift for n in setting.search.near.get(place, ()) for shift in (-1, 0, 1)]
    return [*named, *(n * 10**of.scale for n in range(7)), *(10**of.scale * n // 2 for n in (1, 5))]


# --- both engines ---------------------------------------------------------------------------------------


class Both:
    """What both engines find with the same values."""

    def __init__(self, setting: Setting, found: Filling) -> None:
        self.setting = setting
        assert found.solver.check() == z3.sat
        self.model = found.solver.model()
        witness = Search(setting.world).find(*found.equations).witness
        assert witness is not None
        self.result: Result = setting.settled(witness).evaluate(
            dict(witness.tables), as_of=AS_OF, policies=setting.names, engine="scalar"
        )

    def solved(self, truth: Truth) -> bool | None:
        """What the solver finds; None where it leaves it open."""
        sure, possible = (z3.is_true(self.model.eval(lift(part), model_completion=True)) for part in (truth.sure, truth.possible))
        assert possible or not sure
        return sure if sure is possible else None

    def compare(self) -> None:
        """Every rule and decision, for every subject and period that matters."""
        for question in self.setting.plan.questions:
            for place in self.setting.places(question):
                self.compare_rules(question, place)
                self.compare_decisions(question, place)

    def compare_rules(self, question: str, place: Place) -> None:
        found = {
            (f.rule, f.outcome): f.status == "holds" or None
            for f in self.result.findings
            if (f.subject.id, f.period) == (place[0], text_of(place[1]))
        }
        for rule in self.setting.rules:
            if rule.question == question:
                solved, known = self.solved(self.setting.holds(rule, place)), found.get((rule.id, rule.outcome), False)
                assert solved is known or (solved is None and rule.id in BOUNDED), f"{rule.key} {place}"

    def compare_decisions(self, question: str, place: Place) -> None:
        decisions = [
            d for d in self.result.decisions if (d.question, d.subject.id, d.period) == (question, place[0], text_of(place[1]))
        ]
        decided = {key for d in decisions if d.status == "decided" for key in self.keys(question, d)}
        solved = {key: self.solved(truth) for key, truth in self.setting.run.decided(question, place).items()}
        assert {key for key, truth in solved.items() if truth} == decided, f"{question} {place}"

    def keys(self, question: str, decision: Decision) -> set[str]:
        """A decision as the solver tells it: its verdict, and where each rule is decided apart, its rule."""
        if self.setting.plan.questions[question].decide != "each_rule":
            return {str(decision.verdict)}
        return {
            r.key for r in self.setting.rules if r.question == question and r.id in decision.rules and r.verdict == decision.verdict
        }


def agree(policy: str, data: st.DataObject) -> None:
    """Whether both engines agree on a policy under drawn readings and values."""
    readings = {name: data.draw(st.sampled_from(words), label=name) for name, words in readings_of(policy).items()}
    setting = setting_of(policy, tuple(readings.items()))
    Both(setting, data.draw(filling(setting))).compare()


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=8, derandomize=True)
@given(st.data())
def test_the_solver_finds_what_the_scalar_engine_finds(policy: str, data: st.DataObject) -> None:
    agree(policy, data)


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=150)
@given(st.data())
def test_the_solver_finds_what_the_scalar_engine_finds_on_more_tables(policy: str, data: st.DataObject) -> None:
    agree(policy, data)


def test_every_policy_with_rules_is_compared() -> None:
    assert [name for name, policy in sorted(PLAN.policies.items()) if policy.rules] == POLICIES
