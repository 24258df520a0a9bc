"""A bound policy's stages in columns: rows joined and kept, columns step by step, then groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...language.bind import Step, fold
from ...language.cohorts import COHORTS
from ...language.nodes import Across, Cohort, Column, Lookup, Node, conjunction, conjuncts, walk
from ...model.facts import Table
from ...model.program import WHERE, Stage
from .across import aggregate
from .aggregates import AGGREGATES, Gathering
from .capabilities import Unsupported
from .cohorts import cohort
from .expressions import NULL, TRUE, Col, Expr, both, case, perhaps
from .frames import Frame, joined
from .groups import Placed, beside, gathered, keys_of, placed
from .lookups import look_up
from .relations import Join, Keep, Pick, Relation, column
from .values import Truth, Value, columns, over, unknown


@dataclass(frozen=True)
class Surroundings:
    """What a stage may look at: the frames there are so far, the tables, and one row per organisation."""

    frames: Mapping[str, Frame]
    tables: Mapping[str, Table]
    organisations: Frame
    policy: str = ""

    def note(self, stage: Stage) -> str:
        """What readers of SQL see of a stage."""
        return f"{self.policy}_{stage.name}"


def run_stage(stage: Stage, around: Surroundings) -> Frame:
    """The frame that a stage gives."""
    frame = _product(stage, around)
    for step in stage.keeps:
        frame = _run_step(frame, step, stage, around)
    if stage.keeps:
        frame = _kept(frame)
    if stage.by is not None:
        return _groups(frame, stage, stage.by, around)
    for step in stage.steps:
        frame = _run_step(frame, step, stage, around)
    return replace(frame, key=stage.grain.key)


def _kept(frame: Frame) -> Frame:
    """The rows that `where` keeps; one that it perhaps keeps is perhaps there."""
    truth = frame.values[WHERE]
    assert isinstance(truth, Truth)
    rest = {name: value for name, value in frame.values.items() if name != WHERE}
    frame = replace(frame, relation=kept(frame.relation, truth), values=rest)
    return frame if truth.sure else _perhaps_present(frame, both(frame.present or TRUE, truth.expr))


def kept(relation: Relation, truth: Truth) -> Relation:
    """The rows for which it is true, or may be."""
    if truth.expr == TRUE:
        return relation
    return Keep(relation, truth.expr if truth.sure else perhaps(truth.expr))


def _perhaps_present(frame: Frame, present: Expr) -> Frame:
    frame, (name,) = frame.plain({"present": present})
    return replace(frame, present=Col(name, "truth"))


# --- rows ---------------------------------------------------------------------------------------


def _product(stage: Stage, around: Surroundings) -> Frame:
    """Every combination of the sources' rows."""
    if not stage.sources:
        return replace(around.organisations, key=stage.key)
    first, *others = [_worth_joining(stage, around.frames[name]) for name in stage.sources]
    for other in others:
        first = _crossed(first, other)
    return replace(first, key=stage.key)


def _crossed(first: Frame, other: Frame) -> Frame:
    renamed = {name: first.names.fresh(name) if name in first.relation.columns else name for name in other.relation.columns}
    relation = Pick(other.relation, {new: column(other.relation, name) for name, new in renamed.items()})
    on = tuple((mine, renamed[theirs]) for mine, theirs in zip(first.group, other.group, strict=True))
    values = {name: _moved(value, renamed) for name, value in other.values.items()}
    both_rows = replace(first, relation=Join(first.relation, relation, on), values={**first.values, **values})
    theirs = None if other.present is None else _moved(Truth(other.present), renamed)
    if theirs is None or not isinstance(theirs, Truth):
        return both_rows
    return _perhaps_present(both_rows, both(first.present or TRUE, theirs.expr))


def _moved(value: Value, renamed: Mapping[str, str]) -> Value:
    """The value with its plain columns renamed."""
    moved = [Col(renamed[expr.name], expr.kind) if isinstance(expr, Col) else expr for expr in columns("", value).values()]
    return over(value, moved)


def _worth_joining(stage: Stage, frame: Frame) -> Frame:
    """A source's rows but those that alone show that no combination with them is kept."""
    if len(stage.sources) < 2 or stage.where is None or any(isinstance(part, Cohort) for part in walk(stage.where)):
        return frame
    alone = conjunction([part for part in conjuncts(fold(stage.where)) if _is_of(part, frame)])
    return replace(frame, relation=kept(frame.relation, frame.truth(alone)))


def _is_of(node: Node, frame: Frame) -> bool:
    """Whether a condition reads nothing but the columns of a frame."""
    parts = walk(node)
    reads_more = (isinstance(p, Column) and p.key not in frame.values for p in parts)
    return not any(isinstance(p, Cohort | Lookup | Across) for p in parts) and not any(reads_more)


def _run_step(frame: Frame, step: Step, stage: Stage, around: Surroundings) -> Frame:
    match step.node:
        case Cohort() as node:
            frame, value = cohort(frame, node, stage, stage.types[step.name])
        case Lookup() as node:
            frame, value = look_up(frame, node, stage, around.frames, around.tables)
        case Across() as node:
            frame, value = aggregate(frame, node, around.frames[node.table], stage.types[step.name])
        case node:
            value = frame.value(node)
    return frame.holding({step.name: value}, around.note(stage))


# --- groups -------------------------------------------------------------------------------------


def _groups(frame: Frame, stage: Stage, by: tuple[str, ...], around: Surroundings) -> Frame:
    """One row per group."""
    of_rows, of_groups = _apart(stage.steps, by, around.tables, stage)
    for step in of_rows:
        frame = _run_step(frame, step, stage, around)
    at = placed(frame, by)
    gathering = gathered(at, by, maybe_empty=not by)
    found: dict[str, Value] = keys_of(at, by)
    aggregated = [step for step in of_groups if isinstance(step.node, Cohort)]
    for step in aggregated:
        assert isinstance(step.node, Cohort)
        arguments = [frame.value(arg) for arg in step.node.args]
        found[step.name] = AGGREGATES[step.node.function](gathering, *arguments, stage.types[step.name])
    present = None if gathering.present is None or not by else case((gathering.one(gathering.counts), TRUE), otherwise=NULL)
    groups, group = _one_each(gathering, frame, by, around)
    result = Frame(groups, {}, stage.grain.key, group, frame.names).holding(found, around.note(stage))
    if present is not None:
        result = _perhaps_present(result, present)
    if at.known != TRUE:
        result = beside(result, _strays(at, by, aggregated, stage))
    for step in of_groups:
        if step not in aggregated:
            result = _run_step(result, step, stage, around)
    return result


def _strays(at: Placed, by: tuple[str, ...], aggregated: Sequence[Step], stage: Stage) -> Frame:
    """The groups of rows whose key is open: each its own, of which nothing else is known."""
    values = {name: at.frame.values[name] for name in by} | {step.name: unknown(stage.types[step.name]) for step in aggregated}
    return replace(at.strays, values=values, present=NULL)


def _one_each(
    gathering: Gathering, frame: Frame, by: tuple[str, ...], around: Surroundings
) -> tuple[Relation, tuple[str, ...]]:
    """The groups, and the columns that keep organisations apart; of no keys one for each organisation, even of no rows."""
    every = around.organisations
    if by or not every.group:
        return gathering.grouped(), frame.group
    names = {name: name for name in gathering.wanted}
    return joined(every, gathering.grouped(), zip(every.group, frame.group, strict=True), names), every.group


def _apart(
    steps: Sequence[Step], by: tuple[str, ...], tables: Mapping[str, Table], stage: Stage
) -> tuple[list[Step], list[Step]]:
    """The steps on rows, and those of groups: aggregates by the view's own keys and all that rests on them."""
    of_rows: list[Step] = []
    of_groups: list[Step] = []
    grouped: set[str] = set()
    for step in steps:
        reads = {*_reads(step.node)}
        rests_on_groups = bool(grouped & reads)
        if rests_on_groups and isinstance(step.node, Cohort):
            raise Unsupported("grouped_cohort", step.name)
        if rests_on_groups or _is_own_aggregate(step.node, by):
            grouped.add(step.name)
            of_groups.append(step)
        else:
            of_rows.append(step)
            if _is_same_within(step.node, by, tables, stage):
                of_groups.append(step)
    _check_given(stage, by, of_groups)
    return of_rows, of_groups


def _is_same_within(node: Node, by: tuple[str, ...], tables: Mapping[str, Table], stage: Stage) -> bool:
    """Whether it reads nothing but the keys of groups, so that it may be computed of the groups as well."""
    looked_up = {name for part in walk(node) if isinstance(part, Lookup) for name in tables[part.table].key}
    return not isinstance(node, Cohort) and not {*_reads(node), *(looked_up & stage.types.keys())} - {*by}


def _check_given(stage: Stage, by: tuple[str, ...], of_groups: Sequence[Step]) -> None:
    """Refuse what groups would have to take from one of their rows."""
    there = {*by, *(step.name for step in of_groups)}
    own = {step.name for step in of_groups if _is_own_aggregate(step.node, by)}
    for name in (*stage.grain.columns, *(n for step in of_groups if step.name not in own for n in _reads(step.node))):
        if name not in there:
            raise Unsupported("one_of_a_group", name)


def _is_own_aggregate(node: Node, by: tuple[str, ...]) -> bool:
    return isinstance(node, Cohort) and COHORTS[node.function].kind == "aggregate" and {*node.per} == {*by}


def _reads(node: Node) -> Iterator[str]:
    return (part.key for part in walk(node) if isinstance(part, Column) and not part.table)
