"""Finds the cells that a rule reads of the rows that bear on a subject, whether they are known or not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ...language.bind import fold
from ...language.cohorts import COHORTS
from ...language.nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter, walk
from ...language.types import Number, unknown
from ...language.values import is_known
from ...model.program import BoundRule, Stage
from .cohorts import periods_back
from .evaluation import PolicyRun
from .explain import Explainer
from .findings import Candidate
from .frames import Key, Values
from .probe import At


@dataclass(frozen=True, slots=True)
class How:
    """How a cell is read: `others` of a row that isn't the subject's own, `sampled` where it counts that it is known."""

    others: bool = False
    sampled: bool = False


@dataclass
class Reached:
    """What was reached.

    `cells` as they are read, `absent` rows that are read but aren't there, `asked` those whose
    presence counts, `rows` all that take part; `split` says that no change moves a row from one
    cohort to another, `filtered` that rows which don't take part now might. `marks` and `words` are what something is compared with, `sums` the sums
    (known parts) that a cell is a part of, with the number that a mean divides them by.
    """

    cells: dict[At, How] = field(default_factory=dict)
    absent: dict[tuple[str, Key], None] = field(default_factory=dict)
    asked: dict[tuple[str, Key], None] = field(default_factory=dict)
    rows: set[tuple[str, Key]] = field(default_factory=set)
    split: bool = True
    filtered: bool = False
    marks: set[Fraction] = field(default_factory=set)
    sums: set[tuple[int, Fraction]] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    ranked: bool = False

    def add(self, at: At, how: How) -> None:
        """One more cell; where it is read in two ways, the one that allows more holds."""
        known = self.cells.get(at, how)
        self.cells[at] = How(known.others and how.others, known.sampled or how.sampled)


@dataclass
class Reach:
    """Follows expressions to the cells they read; every part of a row only once."""

    at: Explainer
    found: Reached
    seen: set[tuple[Any, ...]] = field(default_factory=set)

    def candidate(self, bound: BoundRule, candidate: Candidate) -> None:
        """Follow a rule on all the rows that bear on a subject; whom it addresses is taken as it is where known."""
        stage = self.at.stages[bound.rule.facts]
        for row, addressee, _ in candidate.rows:
            self._row(stage, row)
            self._node(fold(bound.when), stage, row, How())
            if addressee is None or bound.rule.to is None:
                continue
            pair = self.at.pair_stage(stage, bound.rule.to.table)
            both = {**row, **addressee, "period": candidate.period}
            for condition in bound.conditions:
                self._node(fold(condition), pair, both, How(others=True))

    def _node(self, node: Node, stage: Stage, row: Values, how: How, joined: Values | None = None) -> None:
        """Follow an expression on a row, and on the row of another table that it is `joined` with."""
        match node:
            case Literal():
                self._mark(node.value, node.type)
            case Column(table="", name=name):
                self._column(name, stage, row, how)
            case Column():
                self._foreign(node, joined or row)
            case Apply(operator=operator, args=args):
                inner = replace(how, sampled=how.sampled or operator == "known")
                for arg in args:
                    self._node(arg, stage, row, inner, joined)
            case Cohort():
                self._cohort(node, stage, row, how)
            case Across():
                self._across(node, stage, row, how)
            case Lookup():
                self._lookup(node, stage, row, how)
            case Parameter() | Interpretation():
                raise TypeError(f"not bound: {node}")

    def _mark(self, value: Any, of: Any) -> None:
        """Remember a value that something may be compared with: the search looks there first."""
        if isinstance(of, Number) and is_known(value):
            self.found.marks.add(Fraction(value) / 10**of.scale)
        elif isinstance(value, str):
            self.found.words.add(value)

    def _column(self, name: str, stage: Stage, row: Values, how: How) -> None:
        place = (stage.name, name, id(row), how)
        if place in self.seen:
            return
        if stage.name in self.at.stages:  # a pair of row and addressee is made for the moment
            self.seen.add(place)
        view = self.at.stages.get(stage.source)
        if name in stage.written:
            self._node(fold(stage.written[name]), stage, row, how)
        elif view is not None and view is not stage and name in view.types:
            self._column(name, view, self.at.member(view, row), how)
        elif self.at.cell(stage, row, name)[0]:
            table = next(s for s in stage.sources if s in self.at.tables and name in self.at.tables[s].columns)
            self._cell(table, row, name, how)

    def _cell(self, table: str, row: Values, name: str, how: How) -> None:
        frame = self.at.frames[table]
        if name not in frame.key:
            self.found.add(At(table, frame.key_of(row), name), how)

    def _row(self, stage: Stage, row: Values) -> None:
        """Note the rows of tables that a row is, or is made from."""
        if (stage.name, id(row)) in self.seen:
            return
        self.seen.add((stage.name, id(row)))
        if stage.where is not None:
            self.found.filtered = True
            self.found.split &= not any(isinstance(part, Across | Lookup) for part in walk(stage.where))
            self._node(fold(stage.where), stage, row, How())
        for source in stage.sources:
            view = self.at.stages.get(source)
            if view is None or view is stage:
                frame = self.at.frames[source]
                self.found.rows.add((source, frame.key_of(row)))
                continue
            for member in self.at.members(view, row):
                self._row(view, member)

    # --- cohorts --------------------------------------------------------------------------------

    def _cohort(self, node: Cohort, stage: Stage, row: Values, how: How) -> None:
        ranking = COHORTS[node.function].kind == "ranking"
        self.found.ranked |= ranking
        self.found.split &= set(node.per) <= set(stage.key)
        for name in node.per:
            self._column(name, stage, row, how)
        members = self._members(node, stage, row)
        for other in members:
            mine = other is row or not ranking
            self._row(stage, other)
            for arg in node.args:
                self._node(fold(arg), stage, other, how if mine else replace(how, others=True))
            if not mine:
                self._mark(self.at.value(node.args[0], stage, other), self.at.type(node.args[0], stage))
        if node.function in ("mean", "total"):
            self._sum(node, stage, members)

    def _sum(self, node: Cohort, stage: Stage, members: list[Values]) -> None:
        of = self.at.type(node.args[0], stage)
        assert isinstance(of, Number)
        known = [value for row in members if is_known(value := self.at.value(node.args[0], stage, row))]
        shares = len(members) if node.function == "mean" else 1
        self.found.sums.add((shares, sum(map(Fraction, known), Fraction(0)) / 10**of.scale))

    def _members(self, node: Cohort, stage: Stage, row: Values) -> list[Values]:
        """The rows of the cohort that bear on the row's value; for *previous* the earlier one, noted where it is absent."""
        if not all(is_known(row[name]) for name in node.per):
            return [row]
        rows = self.at.cohort(node, stage, row)
        if node.function != "previous":
            return rows
        back = next((o.value for name, o in node.options if name == "back" and isinstance(o, Literal)), 1)
        found = periods_back(rows, row, stage.along, back)
        source = self.at.stages.get(stage.source)
        if not found and source is None:
            key = tuple(row[n] + -back if n == stage.along else row[n] for n in stage.key)
            self.found.absent[stage.source, key] = None
        return found

    # --- other tables -------------------------------------------------------------------------------

    def _across(self, node: Across, stage: Stage, row: Values, how: How) -> None:
        """The rows of another table that count, or may: theirs is only what isn't known yet."""
        self.found.filtered = True
        bound = self.at.bound_across(node)
        for _, joined, _ in self.at.matches(node, stage, row):
            for part in (*bound.args, bound.where):
                self._node(part, stage, row, replace(how, others=True), joined)

    def _foreign(self, node: Column, joined: Values) -> None:
        view = self.at.stages.get(node.table)
        other = {name: joined[f"{node.table}.{name}"] for name in self.at.grains[node.table].columns}
        if view is not None:
            self._column(node.name, view, self.at.member(view, other), How(others=True))
        else:
            self._cell(node.table, other, node.name, How(others=True))

    def _lookup(self, node: Lookup, stage: Stage, row: Values, how: How) -> None:
        frame = self.at.frames.get(node.table)
        if frame is None:
            return
        key = tuple(row.get(name, unknown(self.at.tables[node.table].types[name])) for name in frame.key)
        for name in frame.key:
            if name in row and not is_known(row[name]):
                self._column(name, stage, row, how)
        if not node.column:
            self.found.asked[node.table, key] = None
        elif not all(map(is_known, key)):
            return
        elif any(frame.key_of(other) == key for other in frame.rows):
            self.found.add(At(node.table, key, node.column), how)
        else:
            self.found.absent[node.table, key] = None


def follow(run: PolicyRun, bound: BoundRule, found: list[Candidate], reached: Reached) -> None:
    """Note all that a rule reads for the candidates of a subject."""
    reach = Reach(run.explainer, reached)
    for candidate in found:
        reach.candidate(bound, candidate)
