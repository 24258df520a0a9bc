"""A policy, or several, in a world with a solver: asks whether something can be, and replays what it finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ..engines.solver.expressions import Row
from ..engines.solver.run import Application, Focus, Place, PlanRun, run_plan, world_of
from ..engines.solver.search import Answer, Search, Witness
from ..engines.solver.symbols import FALSE, Thing, Truth, disjunction
from ..engines.solver.world import Cell, World
from ..errors import CadreError
from ..language.nodes import Literal, walk
from ..language.scope import CALENDAR
from ..language.types import Number
from ..language.values import is_known
from ..model.policy import Policy, Rule
from ..model.texts import Texts
from ..plan import Plan
from .found import Check, Example, Found, Severity
from .messages import told

AS_OF = date(2024, 12, 29)
"""The day of evaluation: late in a week, a month, a quarter and a year, so that what is open may be behind."""
LIMIT = 6_000_000
"""How much work one question may take, in the solver's own units."""


@dataclass(frozen=True)
class Claim:
    """What a witness must show when it is replayed: that a rule's outcome holds, or doesn't, for a subject and period."""

    rule: Rule
    place: Place
    holds: bool = True


def relations_of(plan: Plan, policy: str) -> list[str]:
    """The relations that a policy's rules look at."""
    return list(dict.fromkeys(rule.facts for rule in plan.policies[policy].rules)) if policy in plan.policies else []


class Setting:
    """Policies of a plan, or the rules of some of their relations, in a world of their own."""

    def __init__(self, plan: Plan, focus: Focus, world: World | None = None, search: Search | None = None) -> None:
        self.plan, self.focus = plan, focus
        self.names = [name for name in focus if name in plan.policies]
        self.world = world or world_of([plan.policy_set], self.focus, AS_OF)
        self.search = search or Search(self.world, limit=LIMIT)
        self.search.near = {**self.search.near, **self._near()}

    @cached_property
    def run(self) -> PlanRun:
        """The policies run in the world."""
        return run_plan(self.plan.policy_set, self.focus, self.world)

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules that could be expressed."""
        runs = self.run.policies.values()
        return [bound.rule for run in runs for bound in run.program.rules if not {bound.rule.facts, bound.rule.key} & run.failed.keys()]

    def places(self, question: str) -> list[Place]:
        """The subjects and periods that matter, the latest period first."""
        return self.run.places(question, self.world)

    def holds(self, rule: Rule, place: Place) -> Truth:
        """Whether a rule holds for a subject and period."""
        applications = self.applications(rule)
        return disjunction(*(a.on(place) for a in applications)) if applications else FALSE

    def applications(self, rule: Rule) -> list[Application]:
        """The applications of a rule."""
        return self.run.policies[self.policy_of(rule).name].of(rule.key)

    def find(self, *conditions: Any, claims: Sequence[Claim] = (), also: Sequence[Cell] = ()) -> Answer:
        """Whether all conditions can be, with a witness that the scalar engine bears out."""
        if any(condition is False for condition in conditions):
            return Answer("proved")
        answer = self.search.find(*conditions, also=also)
        if answer.witness and not self.bears_out(answer.witness, claims):
            return Answer("undecided")
        return answer

    # --- the parts of a policy ----------------------------------------------------------------------

    def policy_of(self, rule: Rule) -> Policy:
        """The policy that a rule stands in."""
        return self.plan.policies[rule.id.rpartition(".")[0]]

    def rows_of(self, rule: Rule) -> list[Row]:
        """The rows that a rule looks at."""
        return self.run.policies[self.policy_of(rule).name].frames[rule.facts]

    def rows_on(self, rule: Rule, place: Place) -> list[Row]:
        """Those of them about a subject, and of its period where the rule has one."""
        wanted = {rule.subject: place[0], **({rule.period: place[1]} if rule.period else {})}
        return [row for row in self.rows_of(rule) if all(_holds(row, name, value) for name, value in wanted.items())]

    def found(
        self, check: Check, severity: Severity, answer: Answer, rules: Sequence[Rule], message: Texts, shown: Witness | None = None
    ) -> Found:
        """A finding about some rules; `shown` is the witness where it isn't the answer's own."""
        witness = shown or answer.witness
        if answer.answer == "undecided":
            message, severity = told("undecided", about=message), "info"
        clauses = tuple(dict.fromkeys(clause for rule in rules for clause in rule.clauses))
        ids = tuple(dict.fromkeys(rule.id for rule in rules))
        example = self.example(witness) if witness else None
        return Found(check, severity, answer.answer, ids, message, self.world.describe(), example, clauses)

    # --- replay -------------------------------------------------------------------------------------

    def bears_out(self, witness: Witness, claims: Sequence[Claim], plan: Plan | None = None) -> bool:
        """Whether the scalar engine finds on the witness what is claimed."""
        try:
            result = self.settled(witness, plan).evaluate(
                dict(witness.tables), as_of=self.world.as_of, policies=self.names, engine="scalar"
            )
        except CadreError:
            return False
        found = {(f.rule, f.outcome, f.subject.id, f.period) for f in result.findings if f.status == "holds"}
        return all(((c.rule.id, c.rule.outcome, c.place[0], text_of(c.place[1])) in found) is c.holds for c in claims)

    def settled(self, witness: Witness, plan: Plan | None = None) -> Plan:
        """The plan with the parameters that a witness sets."""
        params = {name: value for name, value in witness.params.items() if name in self.world.unset}
        return (plan or self.plan).amend(params={**params, **self._calendar(params)})

    def example(self, witness: Witness) -> Example:
        """A witness for people."""
        params = {name: value for name, value in witness.params.items() if name in self.world.unset}
        return Example(witness.tables, self.world.as_of, {**params, **self._calendar(params)})

    def _calendar(self, params: Any) -> dict[str, Any]:
        """The first year of the calendar, where a policy looks at every week, month, quarter or year."""
        since = self.plan.policy_set.doc.calendar.since
        stages = [stage for run in self.run.policies.values() for stage in run.program.stages]
        uses = any(source in CALENDAR for stage in stages for source in stage.sources)
        wanted = since is not None and since in self.world.unset and since not in params
        return {since: str(self.world.as_of.year - 1)} if since and wanted and uses else {}

    # --- round values -------------------------------------------------------------------------------

    def _near(self) -> dict[tuple[str, str], list[int]]:
        """The constants that the rules name, by the columns of their step: values at which outcomes change."""
        constants: dict[int, set[int]] = {}
        for literal in self._literals():
            if isinstance(literal.type, Number) and is_known(literal.value) and isinstance(literal.value, int):
                constants.setdefault(literal.type.scale, set()).add(literal.value)
        return {
            (name, column.name): sorted(constants.get(column.type.scale, ()))
            for name, table in self.plan.tables.items()
            for column in table.columns.values()
            if isinstance(column.type, Number)
        }

    def _literals(self) -> Iterator[Literal]:
        for run in self.run.policies.values():
            for stage in run.program.stages:
                for step in (*stage.keeps, *stage.steps):
                    yield from (part for part in walk(step.node) if isinstance(part, Literal))


def _holds(row: Row, name: str, value: Any) -> bool:
    """Whether a settled cell of a row is a value."""
    symbol = row.get(name)
    return isinstance(symbol, Thing) and symbol.settled and bool(symbol.value == value)


def text_of(period: Any) -> str | None:
    """A period as findings have it."""
    return None if period is None else str(period)
