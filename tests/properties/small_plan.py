"""A small world to draw from: three tables, expressions of every kind over them, and what fills their holes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from hypothesis import strategies as st

from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.language.cohorts import COHORTS
from cadrerules.language.periods import PERIODS, Quarter
from cadrerules.language.types import Type
from cadrerules.model.documents import InterpretationDoc, ParameterDoc, PolicyDoc
from cadrerules.model.facts import EVERY, NEVER, UNKNOWN, Column, Facts, FactTables, Row, Table
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.set_documents import SetDoc, SpanDoc
from cadrerules.testing.strategies import cells

AS_OF = date(2024, 3, 31)
POLICY = "small"
TEXT = {"en": "x", "zh": "某"}


class Marks(Facts, table="marks"):
    """What the expressions are about."""

    quarter: Annotated[Quarter, Column(key=True)]
    unit: Annotated[str, Column(key=True)]
    points: Annotated[int | None, Column(low=0, high=3)]
    score: Annotated[Decimal | None, Column(low=0, high=1, step="0.1")]
    grade: Literal["a", "b", "c"] | None
    done: bool | None
    day: date | None
    until: Annotated[date | None, Column(empty=NEVER)]
    helper: str | None


class Notes(Facts, table="notes"):
    """What is looked up; a row may be absent."""

    quarter: Annotated[Quarter, Column(key=True)]
    unit: Annotated[str, Column(key=True)]
    kind: Literal["b", "c", "d"] | None
    amount: Annotated[int | None, Column(low=-1, high=2)]


class Helpers(Facts, table="helpers"):
    """Found by a column that may itself be unknown."""

    helper: Annotated[str, Column(key=True)]
    level: Annotated[int | None, Column(low=0, high=2)]


class Grants(Facts, table="grants", counts=("since", "until"), absent="none"):
    """Rows that count only for a time, of a unit or of all."""

    unit: Annotated[str | None, Column(key=True, empty=EVERY)]
    number: Annotated[str, Column(key=True)]
    since: date | None
    until: Annotated[date | None, Column(empty=NEVER)]
    amount: Annotated[int | None, Column(low=0, high=2)]


MODELS: tuple[type[Facts], ...] = (Marks, Notes, Helpers, Grants)

# --- policies ------------------------------------------------------------------------------------------


def small_plan(derive: Mapping[str, str], facts: str = "marks", **parts: Any) -> PolicySet:
    """A policy set whose one policy derives these columns; `open` and `choice` are its settings."""
    params = {"open": ParameterDoc(unset="left open", domain="1..3"), "two": ParameterDoc(value=2)}
    params["since"] = ParameterDoc(value=2023, type="year")
    ties = InterpretationDoc(options=["dense", "competition", "ordinal"], default="dense", why=TEXT)  # type: ignore[arg-type]
    doc = PolicyDoc(
        format=1,
        policy=POLICY,
        title=TEXT,
        facts=facts,
        derive=derive,
        params=params,
        interpretations={"ties": ties},
        **parts,
    )  # type: ignore[arg-type]
    models = {model.spec.name: model for model in MODELS}
    calendar = SpanDoc.model_validate({"from": f"{POLICY}.since"})
    return PolicySet(SetDoc(format=1, policy_set=POLICY, title=TEXT, calendar=calendar), models, {}, {POLICY: doc})  # type: ignore[arg-type]


def derived(policies: PolicySet, facts: FactTables, names: Sequence[str]) -> dict[tuple[str, Any], Any]:
    """The values of derived columns, by column and key."""
    evaluation = Evaluation(policies, facts, AS_OF)
    evaluation.run([POLICY])
    frame = evaluation.runs[POLICY].frames[POLICY + ".facts"]
    return {(name, frame.key_of(row)): row[name] for row in frame.rows for name in names}


def type_of(policies: PolicySet, name: str) -> Type:
    """The type of a derived column."""
    relation = policies.policies[POLICY].relations[-1]
    return next(d.type for d in relation.definitions if d.name == name)


# --- filling holes -------------------------------------------------------------------------------------


@st.composite
def filled(draw: st.DrawFn, facts: FactTables) -> FactTables:
    """The tables with every unknown cell filled in."""
    rows = {
        name: tuple([draw(filled_row(facts.tables[name], row)) for row in found]) for name, found in facts.rows.items()
    }
    return FactTables(facts.tables, rows)


@st.composite
def filled_row(draw: st.DrawFn, table: Table, row: Row) -> Row:
    """A row with every unknown cell filled in."""
    holes = [n for n, column in table.columns.items() if row[n] is None and column.empty is UNKNOWN]
    return {**row, **{name: draw(cells(table.columns[name], holes=False)) for name in holes}}


# --- expressions ---------------------------------------------------------------------------------------

Texts = st.SearchStrategy[str]


def _pick(*options: str | Texts) -> Texts:
    """One of the options, each as often, however many forms it has itself."""
    parts = [st.just(o) if isinstance(o, str) else o for o in options]
    return st.sampled_from(parts).flatmap(lambda part: part)


def _form(form: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda written: form.format(*written))


def _aggregates(argument: str) -> tuple[str, ...]:
    found = {n: f for n, f in COHORTS.items() if f.kind == "aggregate" and argument in f.takes and f.arguments == 1}
    return tuple(name for name in found if name != "count")


_PER = st.sampled_from(["[quarter]", "[unit]", "[quarter, unit]", "[grade]", "[unit, helper]"])
_ORDER = st.sampled_from(["", *(f', order="{word}"' for word in COHORTS["rank"].options["order"])])
_TIES = st.sampled_from(
    ["", ", ties=interpretation.ties", *(f', ties="{word}"' for word in COHORTS["rank"].options["ties"])]
)
_GAP = st.sampled_from(["", *(f', gap="{word}"' for word in COHORTS["run"].options["gap"])])
_BACK = st.sampled_from(["", ", back=1", ", back=2"])
_COMPARES = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_KINDS = st.sampled_from(sorted(PERIODS))


@dataclass(frozen=True)
class Other:
    """What may be said of another table's rows, seen from one of `marks`."""

    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


_OTHERS = {
    "notes": Other(
        numbers=("notes.amount", "notes.amount * points"),
        dates=("first_day(notes.quarter)",),
        conditions=(
            *("notes.unit == unit", "notes.quarter == quarter", "notes.quarter < quarter", "notes.amount >= points"),
            *('notes.kind == "b"', "notes.kind == grade", "notes.amount > param.open", "notes.unit == unit and done"),
        ),
    ),
    "helpers": Other(
        numbers=("helpers.level",),
        conditions=("helpers.helper == helper", "helpers.level < points", "helper == helpers.helper or done"),
    ),
    "grants": Other(
        numbers=("grants.amount", "grants.amount + score"),
        dates=("grants.since", "grants.until", "min(day, grants.until)"),
        conditions=("grants.unit == unit", "grants.since <= day", "grants.amount == points", "day <= grants.until"),
    ),
}


def _others(form: str, of: Callable[[Other], tuple[str, ...]], functions: Sequence[str]) -> Texts:
    """An aggregate of another table's rows, with a condition on them or without."""
    return _pick(
        *(
            _form(form, st.sampled_from(functions), st.sampled_from(of(other)), _where(other))
            for other in _OTHERS.values()
            if of(other)
        )
    )


def _where(other: Other) -> Texts:
    condition = st.sampled_from(other.conditions)
    return _pick("", _form(", where={}", condition), _form(", where={} and {}", condition, condition))


def _across_numbers() -> Texts:
    return _pick(
        _others("{}({}{})", lambda o: o.numbers, _aggregates("number")),
        _others("{}({}{})", lambda o: o.conditions, ["count"]),
        _others("{}({}{})", lambda o: (*o.numbers, *o.dates), ["distinct"]),
        _others("{}(day, {}{})", lambda o: o.dates, ["days_covered"]),
    )


@cache
def numbers(depth: int, *, whole: bool = False) -> Texts:
    """Expressions that are numbers."""
    leaf = _pick("points", "0", "1", "2", "param.open", "param.two", "lookup(notes.amount)", "lookup(helpers.level)")
    leaf = leaf if whole else _pick(leaf, "score", "0.5", "1.25")
    if depth <= 0:
        return leaf
    n, t, d = numbers(depth - 1, whole=whole), truths(depth - 1), dates(depth - 1)
    w, i = words(depth - 1), numbers(depth - 1, whole=True)
    return _pick(
        leaf,
        _form("({} {} {})", n, st.sampled_from("+-*"), n),
        _form("-{}", n),
        _form("{}({})", st.just("abs"), n),
        _form("{}({}, {}, {})", st.sampled_from(["min", "max"]), n, n, n),
        _form("({} if {} else {})", n, t, n),
        _form("{}({}, {})", st.sampled_from(["months_between", "days_between"]), d, d),
        _form("rank({}, within={}{}{})", n, _PER, _ORDER, _TIES),
        _form("run({}{})", t, _GAP),
        _form("previous({}{})", n, _BACK),
        _form("{}({}, per={})", st.sampled_from(_aggregates("number")), n, _PER),
        _form("count({}, per={})", t, _PER),
        _form("distinct({}, per={})", _pick(n, d, w, "helper"), _PER),
        _form("days_covered({}, {}, per={})", d, d, _PER),
        _form("pro_rata({}, {}, {})", i, i, i),
        _across_numbers(),
    )


@cache
def truths(depth: int) -> Texts:
    """Expressions that are truths."""
    leaf = _pick("done", "True", "exists(notes)", "exists(grants)", "exists(helpers)", 'grade == "a"', "until > as_of")
    if depth <= 0:
        return leaf
    n, t, d, w = numbers(depth - 1), truths(depth - 1), dates(depth - 1), words(depth - 1)
    return _pick(
        leaf,
        _form("({} {} {})", n, _COMPARES, n),
        _form("({} {} {} {} {})", n, _COMPARES, n, _COMPARES, n),
        _form("({} {} {})", d, _COMPARES, d),
        _form("({} {} {})", w, st.sampled_from(["==", "!="]), w),
        _form('(quarter {} "2023Q4")', _COMPARES),
        st.tuples(_KINDS, d, _COMPARES, d).map(lambda p: f"({p[0]}_of({p[1]}) {p[2]} {p[0]}_of({p[3]}))"),
        _form("(quarter {} quarter_of({}))", _COMPARES, d),
        _form("({} {} [{}, {}])", n, st.sampled_from(["in", "not in"]), n, n),
        _form('({} in ["b", {}])', w, w),
        _form("({} {} {})", t, st.sampled_from(["and", "or"]), t),
        _form("(not {})", t),
        _form("({} if {} else {})", t, t, t),
        _form("previous({}{})", t, _BACK),
        _form("{}({}, per={})", st.sampled_from(_aggregates("truth")), t, _PER),
        _others("{}({}{})", lambda o: o.conditions, _aggregates("truth")),
    )


@cache
def dates(depth: int) -> Texts:
    """Expressions that are dates."""
    leaf = _pick("day", "until", "as_of", "first_day(quarter)", "last_day(quarter)")
    if depth <= 0:
        return leaf
    n, t, d = numbers(0, whole=True), truths(depth - 1), dates(depth - 1)
    return _pick(
        leaf,
        _form("add_months({}, {})", d, n),
        _form("{}({}, {})", st.sampled_from(["min", "max"]), d, d),
        _form("({} if {} else {})", d, t, d),
        _form("previous({}{})", d, _BACK),
        _form("{}({}, per={})", st.sampled_from(_aggregates("date")), d, _PER),
        _others("{}({}{})", lambda o: o.dates, _aggregates("date")),
    )


@cache
def words(depth: int) -> Texts:
    """Expressions that are choices."""
    leaf = _pick("grade", '"a"', "lookup(notes.kind)")
    if depth <= 0:
        return leaf
    w = words(depth - 1)
    return _pick(leaf, _form("({} if {} else {})", w, truths(depth - 1), w), _form("previous({}{})", w, _BACK))


@cache
def expressions(depth: int = 2) -> Texts:
    """Well-typed expressions over `marks`, over every operator and function but `known`."""
    return _pick(numbers(depth), truths(depth), truths(depth), dates(depth), words(depth), periods(depth), across())


@cache
def across() -> Texts:
    """Aggregates of another table's rows."""
    truths, dates = _aggregates("truth"), _aggregates("date")
    return _pick(
        _across_numbers(),
        _others("{}({}{})", lambda o: o.conditions, truths),
        _others("{}({}{})", lambda o: o.dates, dates),
    )


@cache
def periods(depth: int) -> Texts:
    """Expressions that are periods."""
    return _form("{}_of({})", _KINDS, dates(depth - 1))
