"""Functions of the rows that belong together, in columns: places, runs, earlier rows, and aggregates put back on each row."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

from ...language.cohorts import COHORTS
from ...language.nodes import Cohort, Column, Literal
from ...language.types import Type
from ...model.program import Stage
from .aggregates import AGGREGATES, ONE, ZERO
from .capabilities import Unsupported
from .expressions import (
    FALSE,
    TRUE,
    Col,
    Const,
    Expr,
    Over,
    both,
    call,
    case,
    coalesce,
    equal,
    is_null,
    minus,
    negation,
    perhaps,
    plus,
    surely,
    whole,
)
from .frames import Frame, joined
from .groups import gathered, placed
from .operators import MEANINGS
from .relations import Extend, Keep, Pick, Union, column
from .values import Number, Span, Truth, Value, or_unknown, unknown

LONG_AGO = whole(-(2**60))
"""Before every ordinal; a running greatest must not meet a null."""


def cohort(frame: Frame, node: Cohort, stage: Stage, of: Type) -> tuple[Frame, Value]:
    """The frame, with what the function needs, and the function's value on each row."""
    function = COHORTS[node.function]
    if function.kind == "aggregate":
        return _in_each(frame, node, of)
    options = {name: option.value for name, option in node.options if isinstance(option, Literal)}
    frame, value = _ranking(frame, node, options) if function.kind == "ranking" else _sequence(frame, node, stage, options)
    return frame, _unless_doubtful(frame, node, value, of)


def _in_each(frame: Frame, node: Cohort, of: Type) -> tuple[Frame, Value]:
    """An aggregate of each group's rows."""
    at = placed(frame, node.per)
    gathering = gathered(at, node.per, maybe_empty=not at.keys)
    value: Value = AGGREGATES[node.function](gathering, *(frame.value(arg) for arg in node.args), of)
    chosen = {name: name for name in gathering.wanted}
    frame = replace(at.frame, relation=joined(at.frame, gathering.grouped(), zip(at.keys, at.keys, strict=True), chosen))
    return frame, value if at.known == TRUE else _blank(value, negation(at.known), unknown(of))


def _unless_doubtful(frame: Frame, node: Cohort, value: Value, of: Type) -> Value:
    """The value, unknown where it is open whether a row of the cohort counts."""
    if frame.present is None:
        return value
    open_rows = Over("max", (case((is_null(frame.present), ONE), otherwise=ZERO),), frame.keys(node.per), (), "int")
    result: Value = _blank(value, equal(open_rows, ONE), unknown(of))
    return result


def _blank(value: Any, doubtful: Expr, nothing: Any) -> Any:
    """A value that is unknown where something is doubtful."""
    if isinstance(value, Number):
        low, high = case((doubtful, nothing.low), otherwise=value.low), case((doubtful, nothing.high), otherwise=value.high)
        return Number(low, high, value.of, open_low=True, open_high=True)
    return MEANINGS["if"](Truth(doubtful, sure=True), nothing, value)


# --- ranking ------------------------------------------------------------------------------------


def _ranking(frame: Frame, node: Cohort, options: dict[str, Any]) -> tuple[Frame, Value]:
    scored: Any = frame.value(node.args[0])
    if options.get("order", "descending") == "ascending":
        scored = _negated(scored)
    frame, low, high = _scores(frame, scored)
    ties, partition = options.get("ties", "competition"), frame.keys(node.per)
    if ties == "dense":
        return _dense(frame, scored, low, partition)
    by_key = _first_by_key(frame) if ties == "ordinal" else ()
    function = "row_number" if ties == "ordinal" else "rank"
    place = Over(function, (), partition, ((low, True), *by_key), "int")
    if scored.sure:
        return frame, Number(place, place)
    return _between(frame, (low, high), partition, function, by_key)


def _negated(a: Number) -> Number:
    low, high = minus(ZERO, a.high), minus(ZERO, a.low)
    return Number(low, low if a.sure else high, a.of, a.open_high, a.open_low)


def _scores(frame: Frame, scored: Number) -> tuple[Frame, str, str]:
    """The frame with the ends as plain columns that order rows; an infinite end lies beyond all others."""
    ends = {"score_low": _order(scored.low, scored.of, -1), "score_high": _order(scored.high, scored.of, 1)}
    frame, names = frame.plain({"score": ends["score_low"]} if scored.sure else ends)
    return frame, names[0], names[-1]


FAR = 2**61


def _order(end: Expr, of: Expr | None, side: int) -> Expr:
    """An end to order by; of a fraction the double nearest to it."""
    if of is None:
        return coalesce(end, whole(side * FAR))
    quotient = call("div", "float", call("double", "float", end), call("double", "float", of))
    return coalesce(quotient, Const(side * inf, "float"))


Order = tuple[tuple[str, bool], ...]


def _first_by_key(frame: Frame) -> Order:
    """The order of keys, which settles ties."""
    return tuple((name, False) for name in frame.row if name not in frame.group)


def _dense(frame: Frame, scored: Number, low: str, partition: tuple[str, ...]) -> tuple[Frame, Value]:
    if not scored.sure:
        raise Unsupported("open_dense")
    place = Over("dense_rank", (), partition, ((low, True),), "int")
    return frame, Number(place, place)


def _between(frame: Frame, ends: tuple[str, str], partition: tuple[str, ...], function: str, ties: Order) -> tuple[Frame, Value]:
    """The least and greatest place of each row: how many lie surely above it, and how many perhaps do.

    Of a row whose score is known, that is its place among the lower ends, and among the upper ones. For the
    few others the ends of all rows are counted through once.
    """
    places = {f"place_{end}": Over(function, (), partition, ((end, True), *ties), "int") for end in ends}
    frame, (among_low, among_high) = frame.plain(places)
    low, high = ends
    frame, surely_above = _above(frame, low, high, partition, ties)
    frame, perhaps_above = _above(frame, high, low, partition, ties)
    least = coalesce(plus(surely_above, ONE), Col(among_low, "int"))
    most = coalesce(perhaps_above, Col(among_high, "int"))  # its own upper end is above its lower: the one more
    return frame, Number(least, most)


def _above(frame: Frame, counted: str, asking: str, partition: tuple[str, ...], ties: Order) -> tuple[Frame, Expr]:
    """For each row whose two ends differ in how many rows the end `counted` lies above its own end `asking`."""
    relation, rows = frame.relation, frame.row
    kept = {name: column(relation, name) for name in dict.fromkeys((*partition, *rows))}
    at, adds, above = (frame.names.fresh(stem) for stem in ("at", "adds", "above"))
    open_rows = Keep(relation, negation(equal(column(relation, counted), column(relation, asking))))
    events = Pick(relation, {**kept, at: column(relation, counted), adds: ONE})
    asks = Pick(open_rows, {**kept, at: column(relation, asking), adds: ZERO})
    order = ((at, True), *ties, (adds, False))  # who asks comes before its equals
    running = Extend(Union((events, asks)), {above: Over("sum", (Col(adds, "int"),), partition, order, "int")})
    answers = Keep(running, equal(Col(adds, "int"), ZERO))
    return replace(frame, relation=joined(frame, answers, zip(rows, rows, strict=True), {above: above})), Col(above, "int")


# --- sequences ----------------------------------------------------------------------------------


def _sequence(frame: Frame, node: Cohort, stage: Stage, options: dict[str, Any]) -> tuple[Frame, Value]:
    when = frame.values[stage.along]
    assert isinstance(when, Span)
    at = when.expr  # null only in rows that perhaps count, and then the whole sequence is unknown
    assert isinstance(at, Col)
    partition = frame.keys(node.per)
    if node.function == "previous":
        return _previous(frame, node, stage, (partition, at), options.get("back", 1))
    return _run(frame, node, (partition, at), skips=options.get("gap", "breaks") == "skips")


Sequence = tuple[tuple[str, ...], Col]
"""The plain columns that rows of one sequence share, and their ordinal."""


def _run(frame: Frame, node: Cohort, along: Sequence, *, skips: bool) -> tuple[Frame, Value]:
    held = frame.truth(node.args[0])
    partition, at = along
    if skips:
        frame, (name,) = frame.plain({"row": Over("row_number", (), partition, ((at.name, False),), "int")})
        at = Col(name, "int")
    if held.sure:
        frame, length = _streak(frame, held.expr, (partition, at))
        return frame, Number(length, length)
    frame, least = _streak(frame, surely(held.expr), (partition, at))
    frame, most = _streak(frame, perhaps(held.expr), (partition, at))
    return frame, Number(least, most)


def _streak(frame: Frame, held: Expr, along: Sequence) -> tuple[Frame, Expr]:
    """How many consecutive rows, this one the last, hold: from the ordinal at which the present streak began."""
    partition, at = along
    frame, (holds,) = frame.plain({"holds": held})
    order = ((at.name, False),)
    was = Over("lag", (Col(holds, "truth"),), partition, order, "truth")
    before = Over("lag", (at,), partition, order, "int")
    goes_on = both(coalesce(was, FALSE), equal(before, plus(at, whole(-1))))
    frame, (since,) = frame.plain({"since": case((goes_on, LONG_AGO), otherwise=at)})
    began = Over("max", (Col(since, "int"),), partition, order, "int")
    return frame, case((Col(holds, "truth"), plus(minus(at, began), ONE)), otherwise=ZERO)


def _previous(frame: Frame, node: Cohort, stage: Stage, along: Sequence, back: int) -> tuple[Frame, Value]:
    partition, at = along
    argument = node.args[0]
    assert isinstance(argument, Column)
    value, nothing = frame.values[argument.name], unknown(stage.types[argument.name])
    order, ordinal = ((at.name, False),), plus(at, whole(-back))
    lags = {k: equal(Over("lag", (at,), partition, order, "int", k), ordinal) for k in range(1, back + 1)}
    frame, there = frame.plain({f"there_{k}": coalesce(expr, FALSE) for k, expr in lags.items()})

    def earlier(mine: Expr, none: Expr) -> Expr:
        whens = ((Col(name, "truth"), Over("lag", (mine,), partition, order, mine.kind, k)) for k, name in zip(lags, there, strict=True))
        return case(*whens, otherwise=none)

    return frame, or_unknown(value, nothing, earlier)
