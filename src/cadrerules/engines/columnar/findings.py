"""From rows to findings, in columns: the three-valued *any* over the rows of a rule, for each subject and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ...language import types
from ...language.bind import fold
from ...model.program import BoundRule, Stage
from .capabilities import Unsupported
from .days import last_day
from .expressions import (
    TRUE,
    Aggregate,
    Col,
    Const,
    Expr,
    at_most,
    both,
    call,
    case,
    day,
    equal,
    is_null,
    less,
    negation,
    surely,
    text,
    whole,
)
from .frames import Frame
from .relations import Group, Join, Keep, Pick, Relation, column
from .stages import kept
from .tables import period_text
from .values import Number, Span, Truth, Value, Word, columns, over

TOLD = ("due", "done", "short", "params")
COLUMNS = ("at", "subject", "period", "holds", *TOLD)
"""The columns of findings beside that of the organisation: `at` numbers the rules, a false `holds` is undetermined."""


@dataclass(frozen=True)
class Params:
    """The parameters that a rule rests on, as JSON: their values as of the day, and from each day on which one changes."""

    now: str
    dated: tuple[tuple[date, str], ...]


def findings(bound: BoundRule, at: int, stage: Stage, frames: Mapping[str, Frame], params: Params) -> Relation:
    """The findings of one rule: an organisation, subject and period each."""
    frame = frames[bound.rule.facts]
    rule = bound.rule
    period = frame.values[rule.period] if rule.period else None
    frame = replace(frame, values={**frame.values, "(period)": period or Span(whole(None), "year")})
    met = _truth(frame, rule.key)
    frame = replace(frame, relation=kept(frame.relation, met))
    if rule.to is not None:
        frame, met = _addressed(frame, bound, met, frames)
    subject = _subject(frame, bound)
    surely_met = TRUE if met.sure else met.expr  # the others are left out already
    wanted = {"subject": subject, "period": _period(frame), "met": surely_met, **_amounts(frame, bound, stage), "params": _params(frame, params)}
    picked: Relation = Pick(frame.relation, {**{name: column(frame.relation, name) for name in frame.group}, **wanted})
    if subject != text(rule.kind):
        picked = Keep(picked, less(text(""), Col("subject", "text")))
    met_expr = TRUE if met.sure else Col("met", "truth")
    if _one_each(frame, bound):
        return _alone(picked, frame.group, at, met_expr, rule.id)
    return _each(picked, frame.group, at, rule.id)


def _one_each(frame: Frame, bound: BoundRule) -> bool:
    """Whether no two rows can be about the same subject and period."""
    rule = bound.rule
    told = {rule.subject, rule.period}
    return rule.to is None and all(name in told and frame.values[name].sure for name in frame.key)


def _alone(rows: Relation, group: tuple[str, ...], at: int, met: Expr, note: str) -> Relation:
    kept = {name: column(rows, name) for name in COLUMNS[1:] if name != "holds"}
    return Pick(rows, {"group": _group(group), "at": whole(at), **kept, "holds": surely(met)}, note)


def _each(rows: Relation, group: tuple[str, ...], at: int, note: str) -> Relation:
    keys = (*group, "subject", "period")
    aggregates = {"holds": Aggregate("any", (surely(Col("met", "truth")),), "truth")}
    aggregates |= {name: Aggregate("first", (Col(name, "text"),), "text") for name in TOLD}
    found = Group(rows, keys, aggregates)
    return Pick(found, {"group": _group(group), "at": whole(at), **{name: column(found, name) for name in COLUMNS[1:]}}, note)


def _group(group: tuple[str, ...]) -> Expr:
    return Col(group[0], "text") if group else Const(None, "text")


def _truth(frame: Frame, name: str) -> Truth:
    truth = frame.values[name]
    assert isinstance(truth, Truth)
    return Truth(both(frame.present or TRUE, truth.expr), truth.sure and frame.present is None)


def _subject(frame: Frame, bound: BoundRule) -> Expr:
    """The subject's id; null where it isn't known."""
    if not bound.rule.subject:
        return text(bound.rule.kind)
    value = frame.values[bound.rule.subject]
    assert isinstance(value, Word)
    return only_option(value)


def only_option(word: Word) -> Expr:
    """The word, null where it may be one or another."""
    first, *others = word.options
    return case(*((negation(equal(first, other)), text(None)) for other in others), otherwise=first)


def _period(frame: Frame) -> Expr:
    """The period as text; null where there is none, or nothing is known of it."""
    period = frame.values["(period)"]
    if isinstance(period, Word):
        return only_option(period)
    assert isinstance(period, Span)
    return period_text(period.expr, period.kind) if period.expr != whole(None) else text(None)


def _params(frame: Frame, params: Params) -> Expr:
    """The parameters in force on the period's last day; without a period, as of the day."""
    period = frame.values["(period)"]
    if len(params.dated) == 1 or not isinstance(period, Span):
        return text(params.now)
    last = last_day(period.expr, period.kind)
    whens = ((at_most(day(start), last), text(told)) for start, told in reversed(params.dated))
    return case(*whens, otherwise=text(params.now))


# --- addressees ---------------------------------------------------------------------------------


def _addressed(frame: Frame, bound: BoundRule, met: Truth, frames: Mapping[str, Frame]) -> tuple[Frame, Truth]:
    """The rows with each of their addressees, and whether the outcome goes to them."""
    to = bound.rule.to
    assert to is not None
    other = frames[to.table]
    frame, (name,) = frame.plain({"met": met.expr})
    frame, mine = frame.plain_keys(to.shared)
    other, theirs = other.plain_keys(to.shared)
    renamed = {old: frame.names.fresh(old) for old in other.relation.columns}
    picked = Pick(other.relation, {new: column(other.relation, old) for old, new in renamed.items()})
    on = tuple(zip((*frame.group, *mine), (renamed[n] for n in (*other.group, *theirs)), strict=True))
    period = frame.values["(period)"]
    values = {**frame.values, **{n: _moved(v, renamed, {b: a for a, b in on}) for n, v in other.values.items()}}
    both_rows = replace(frame, relation=Join(frame.relation, picked, on), values={**values, "period": period, "(period)": period})
    present = TRUE if other.present is None else _moved_expr(other.present, renamed, {})
    conditions = [both_rows.truth(fold(node)) for node in bound.conditions]
    expr = both(Col(name, "truth"), present, *(c.expr for c in conditions))
    sure = met.sure and other.present is None and all(c.sure for c in conditions)
    return replace(both_rows, relation=kept(both_rows.relation, Truth(expr, sure))), Truth(expr, sure)


def _moved(value: Value, renamed: Mapping[str, str], kept: Mapping[str, str]) -> Value:
    return over(value, [_moved_expr(expr, renamed, kept) for expr in columns("", value).values()])


def _moved_expr(expr: Expr, renamed: Mapping[str, str], kept: Mapping[str, str]) -> Expr:
    """The plain column under its new name; one that rows were matched by, under the name of its match."""
    if isinstance(expr, Const):
        return expr
    assert isinstance(expr, Col)
    new = renamed[expr.name]
    return Col(kept.get(new, new), expr.kind)


# --- in plain columns ---------------------------------------------------------------------------


def truth_on(frame: Frame, name: str) -> Expr:
    """Whether a rule holds on each row, null where that is unknown."""
    return _truth(frame, name).expr


def told(value: Value, of: types.Type) -> Expr:
    """A column's values for people, null where nothing is known: words, days, years and truths as they are, all else as text."""
    match value:
        case Span(kind="year"):
            return value.expr
        case Word():
            return only_option(value)
        case Span():
            return period_text(value.expr, value.kind)
        case Number():
            return amount_text(value, of)
        case Truth(expr=expr):
            return expr
        case _:
            return case((equal(value.low, value.high), value.low), otherwise=day(None))


# --- amounts ------------------------------------------------------------------------------------


def _amounts(frame: Frame, bound: BoundRule, stage: Stage) -> dict[str, Expr]:
    """What an obligation tells: how much is due, done and short, as exact numbers in text."""
    told: dict[str, Expr] = {name: text(None) for name in ("due", "done", "short")}
    if bound.rule.amounts is not None:
        for name, of in bound.rule.amounts.columns.items():
            told[name] = amount_text(frame.values[of], stage.types[of])
    return told


def amount_text(value: Value, of: types.Type) -> Expr:
    """A number as people write it, with its range where it isn't known; null where nothing is."""
    if not isinstance(value, Number) or not isinstance(of, types.Number) or value.of is not None:
        raise Unsupported("fractions")
    low, high = _decimal(value.low, of.scale), _decimal(value.high, of.scale)
    if value.sure:
        return low
    return case(
        (equal(value.low, value.high), low),
        (both(is_null(value.low), is_null(value.high)), text(None)),
        (is_null(value.low), call("concat", "text", text("at most "), high)),
        (is_null(value.high), call("concat", "text", text("at least "), low)),
        otherwise=call("concat", "text", low, text(".."), high),
    )


def _decimal(units: Expr, scale: int) -> Expr:
    """A count of steps as a decimal without trailing noughts."""
    if scale == 0:
        return call("text", "text", units)
    step = whole(10**scale)
    size = call("abs", "int", units)
    sign = case((less(units, whole(0)), text("-")), otherwise=text(""))
    whole_part = call("text", "text", call("floordiv", "int", size, step))
    rest = call("mod", "int", size, step)
    whens = [
        (
            equal(call("mod", "int", rest, whole(10 ** (scale - n))), whole(0)),
            call("concat", "text", sign, whole_part, *([text("."), call("pad", "text", call("floordiv", "int", rest, whole(10 ** (scale - n))), whole(n))] if n else [])),
        )
        for n in range(scale + 1)
    ]
    return case(*whens, otherwise=text(None))
