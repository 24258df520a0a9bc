"""Looks through an evaluation for what it shows: every condition on every row, as the scalar engine has computed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...engines.scalar.cohorts import grouped
from ...engines.scalar.evaluation import Evaluation, PolicyRun
from ...language.nodes import Literal, walk
from ...language.values import is_known
from ...model.documents import RuleDoc
from .atoms import UNSEEN, Atom
from .conditions import Condition, conditions
from .obligations import Obligation, row_name

Row = Mapping[str, Any]
MOST_PAIRS = 200_000
"""The most pairs of different rows that are looked at for one condition between two tables."""

_WANT = {True: "true", False: "false", None: "unknown"}


class Observer:
    """Takes evaluations and keeps what they show, each combination of values once."""

    def __init__(self) -> None:
        self.shown: set[Obligation] = set()
        self.truths: dict[tuple[str, str, str], dict[tuple[bool | None, ...], dict[str, bool | None]]] = {}
        self.conditions: dict[tuple[str, str, str], Condition] = {}
        self._looked_at: dict[Any, set[Any]] = {}

    def add(self, evaluation: Evaluation) -> None:
        """Take one evaluation into account."""
        for run in evaluation.runs.values():
            self._outcomes(run)
            for doc in run.program.policy.doc.rules:
                self._table_rows(run, doc)
            for condition in conditions(run.program):
                self._condition(condition, run)

    # --- rules ------------------------------------------------------------------------------------

    def _outcomes(self, run: PolicyRun) -> None:
        """Which rules held, failed and were undetermined."""
        policy = run.program.policy.name
        for bound in run.program.rules:
            key = bound.rule.key
            if key in run.skipped or bound.rule.facts not in run.frames:
                continue
            found = {"undetermined" if c.truth is None else "held" for c in run.candidates(bound)}
            found |= {"failed" for row in run.frames[bound.rule.facts].rows if row[key] is False}
            self.shown |= {Obligation(policy, "rule", key, key, want) for want in found}

    def _table_rows(self, run: PolicyRun, doc: RuleDoc) -> None:
        """Which rows of a decision table were hit: where the first one counts, by no row above it."""
        policy = run.program.policy.name
        frame = run.frames.get(next((b.rule.facts for b in run.program.rules if b.rule.id == f"{policy}.{doc.id}"), ""))
        if doc.table is None or frame is None:
            return
        names = [row_name(doc, n) for n in range(len(doc.table.rows))]
        for row in frame.rows:
            above = False
            for name in names:
                hit = row[name]
                if hit is True and not above:
                    self.shown.add(Obligation(policy, "row", f"{policy}.{doc.id}", name, "hit"))
                elif hit is False:
                    self.shown.add(Obligation(policy, "row", f"{policy}.{doc.id}", name, "not_hit"))
                above = above or (doc.table.hit == "first" and hit is not False)

    # --- conditions -------------------------------------------------------------------------------

    def _condition(self, condition: Condition, run: PolicyRun) -> None:
        atoms = {text: Atom.of(node) for text, node in condition.atoms.items()}
        constants = tuple(repr(part.value) for part in walk(condition.tree) if isinstance(part, Literal))
        looked_at = self._looked_at.setdefault((condition.key, constants), set())
        vectors = self.truths.setdefault(condition.key, {})
        self.conditions.setdefault(condition.key, condition)
        reads = tuple(dict.fromkeys(name for atom in atoms.values() for name in atom.reads))
        for row in _rows(condition, run, reads):
            values = tuple([row.get(name, UNSEEN) for name in reads])
            if values not in looked_at:
                looked_at.add(values)
                truths = self._look(condition, atoms, row)
                vectors.setdefault(tuple(truths.values()), truths)

    def _look(self, condition: Condition, atoms: Mapping[str, Atom], row: Row) -> dict[str, bool | None]:
        truths: dict[str, bool | None] = {}
        for text, atom in atoms.items():
            truth, near = atom.look(row)
            truths[text] = None if truth is UNSEEN else truth
            if truth is not UNSEEN:
                self.shown.add(Obligation(condition.policy, "atom", condition.rows, text, _WANT[truth]))
            if near:
                self.shown.add(Obligation(condition.policy, "boundary", condition.rows, text, near))
        return truths


def _rows(condition: Condition, run: PolicyRun, reads: tuple[str, ...]) -> Iterable[Row]:
    """The rows that a condition is looked at on."""
    stage, frames = condition.stage, run.frames
    if condition.kind == "addressee":
        return _addressed(condition, run)
    if condition.kind == "kept":
        tables = [frames[name].rows for name in stage.sources if name in frames]
        return _products([_different(rows, reads) for rows in tables])
    own = run.explainer.computed.get(stage.name, [])
    if not condition.other:
        return own
    there = frames[condition.other].rows if condition.other in frames else []
    named = [{f"{condition.other}.{name}": value for name, value in row.items()} for row in there]
    return _products([_different(own, reads), _different(named, reads)])


def _addressed(condition: Condition, run: PolicyRun) -> Iterator[Row]:
    """Pairs of a row and an addressee with the same keys, as the rule is applied to them."""
    frames, stage = run.frames, condition.stage
    if condition.other not in frames or stage.name not in frames:
        return
    by_key = grouped(frames[condition.other].rows, condition.shared)
    for row in frames[stage.name].rows:
        period = row[stage.along] if stage.along and is_known(row[stage.along]) else None
        for other in by_key.get(tuple(row[name] for name in condition.shared), ()):
            yield {**row, **other, "period": period}


def _different(rows: Iterable[Row], reads: tuple[str, ...]) -> list[Row]:
    """One row of those that are alike in the columns that are read."""
    found: dict[Any, Row] = {}
    for row in rows:
        found.setdefault(tuple([row.get(name, UNSEEN) for name in reads]), row)
    return list(found.values())


def _products(tables: list[list[Row]]) -> Iterator[Row]:
    """Every combination of rows; none of too many."""
    combinations: list[Row] = [{}]
    for rows in tables:
        if len(combinations) * len(rows) > MOST_PAIRS:
            return
        combinations = [{**row, **other} for row in combinations for other in rows]
    yield from combinations
