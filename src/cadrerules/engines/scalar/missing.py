"""What an undetermined finding waits for: the unknown facts and unset parameters its value hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...language.cohorts import COHORTS
from ...language.nodes import Across, Apply, Cohort, Column, Interpretation, Literal, Lookup, Node, Parameter
from ...language.text import to_text
from ...language.values import is_known
from ...model.program import Stage
from .cohorts import periods_back
from .explain import Explainer
from .findings import Candidate
from .frames import PRESENT, Values, cell_name

Names = frozenset[str]
NOTHING: Names = frozenset()


class Waiting:
    """Follows unknown values to where they come from; each column of a row, and each cohort, only once."""

    def __init__(self, explainer: Explainer) -> None:
        self.at = explainer
        self.known: dict[tuple[Any, ...], Names] = {}

    def missing(self, candidate: Candidate) -> tuple[str, ...]:
        """The cells, absent rows and unset parameters that an undetermined candidate waits for, sorted."""
        found: set[str] = set()
        bound = candidate.rule
        stage = self.at.stages[bound.rule.facts]
        for row, addressee, truth in candidate.rows:
            if truth is not None:
                continue
            found |= self.of(bound.when, stage, row) | self.presence(stage, row)
            if addressee is not None and bound.rule.to is not None:
                pair, both = (
                    self.at.pair_stage(stage, bound.rule.to.table),
                    {**row, **addressee, "period": candidate.period},
                )
                for condition in bound.conditions:
                    found |= self.of(condition, pair, both)
        return tuple(sorted(found))

    def presence(self, stage: Stage, row: Values) -> Names:
        """What it hangs on whether there is such a row at all."""
        if row.get(PRESENT, True) is not None:
            return NOTHING
        rows = self.at.members(stage, row) if stage.by is not None else [row]
        return NOTHING.union(*(self.of_member(stage, member) | self.of_key(stage.by or (), stage, member) for member in rows))

    def of_key(self, names: Sequence[str], stage: Stage, row: Values) -> Names:
        """What it hangs on which group a row belongs to."""
        return NOTHING.union(*(self.of(Column(name), stage, row) for name in names))

    def of_member(self, stage: Stage, row: Values) -> Names:
        """What it hangs on whether a row that a stage computes on is there, where that is open."""
        if row.get(PRESENT, True) is not None:
            return NOTHING
        found = NOTHING if stage.where is None else self.of(stage.where, stage, row)
        source = self.at.stages.get(stage.source)
        return found if source is None else found | self.presence(source, self.at.whole(source, row))

    def of(self, node: Node, stage: Stage, row: Values) -> Names:
        """What one expression waits for on one row."""
        if is_known(self.at.value(node, stage, row)):
            return NOTHING
        match node:
            case Literal():
                return frozenset({node.origin.removeprefix("param.")}) if node.origin.startswith("param.") else NOTHING
            case Column(table=""):
                return self.column(node.name, stage, row)
            case Column():
                return self.foreign(node, row)
            case Apply():
                return NOTHING.union(*(self.of(arg, stage, row) for arg in self.at.live(node, stage, row)))
            case Cohort():
                return self.cohort(node, stage, row)
            case Across():
                return self.across(node, stage, row)
            case Lookup():
                return frozenset({self.at.looked_up(node, row) if node.table in self.at.frames else node.table})
            case Parameter() | Interpretation():
                return NOTHING

    def column(self, name: str, stage: Stage, row: Values) -> Names:
        if stage.name not in self.at.stages:  # a pair of row and addressee, made for the moment
            return self._column(name, stage, row)
        key = (stage.name, name, id(row))
        if key not in self.known:
            self.known[key] = self._column(name, stage, row)
        return self.known[key]

    def _column(self, name: str, stage: Stage, row: Values) -> Names:
        if name in stage.written:
            return self.of(stage.written[name], stage, row)
        view = self.at.stages.get(stage.source)
        if view is not None and view is not stage and name in view.types:
            return self.column(name, view, self.at.member(view, row))  # of no known group, its presence waits for all
        cell = self.at.cell(stage, row, name)[0]
        return frozenset({cell}) if cell else NOTHING

    def foreign(self, node: Column, row: Values) -> Names:
        view, frame = self.at.stages.get(node.table), self.at.frames[node.table]
        other = {name: row[f"{node.table}.{name}"] for name in self.at.grains[node.table].columns}
        if view is not None:
            return self.column(node.name, view, self.at.member(view, other))
        return frozenset({frame.cell(other, node.name)})

    def across(self, node: Across, stage: Stage, row: Values) -> Names:
        """What the rows of another table wait for: whether they count, and what they add."""
        found: set[str] = set()
        for _, joined, met in self.at.matches(node, stage, row):
            for part in (*node.args, *((node.where,) if met is None else ())):
                found |= self.of(part, stage, joined)
        return frozenset(found)

    def cohort(self, node: Cohort, stage: Stage, row: Values) -> Names:
        """What the rows of the cohort wait for; the same for all of them, except in a sequence."""
        group = id(row) if COHORTS[node.function].kind == "sequence" else tuple(row[name] for name in node.per)
        key = (stage.name, to_text(node), group)
        if key not in self.known:
            self.known[key] = self._cohort(node, stage, row)
        return self.known[key]

    def _cohort(self, node: Cohort, stage: Stage, row: Values) -> Names:
        rows = self.at.cohort(node, stage, row)
        found: set[str] = set()
        if node.function == "previous":
            back = next((o.value for name, o in node.options if name == "back" and isinstance(o, Literal)), 1)
            rows = periods_back(rows, row, stage.along, back)
            if not rows:
                found.add(self.absent_row(stage, row, back))
        for other in rows:
            found |= self.of_member(stage, other) | self.of_key(node.per, stage, other)
            for arg in node.args:
                found |= self.of(arg, stage, other)
        return frozenset(found)

    def absent_row(self, stage: Stage, row: Values, back: int) -> str:
        """The name of the earlier row that isn't there."""
        key = tuple(row[n] + -back if n == stage.along else row[n] for n in stage.key)
        source = self.at.stages.get(stage.source)
        return cell_name(source.source if source and source.source else stage.source, key)
