"""A small world to draw from: three tables, expressions of every kind over them, and what fills their holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from hypothesis import strategies as st

from cadrerules.engines.scalar.evaluation import Evaluation
from cadrerules.language.cohorts import COHORTS
from cadrerules.language.periods import Quarter
from cadrerules.language.types import Type
from cadrerules.model.documents import InterpretationDoc, ParameterDoc, PolicyDoc, SetDoc
from cadrerules.model.facts import EVERY, NEVER, UNKNOWN, Column, Facts, FactTables, Row, Table
from cadrerules.model.policy_set import PolicySet
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
    return PolicySet(SetDoc(format=1, policy_set=POLICY, title=TEXT), models, {}, {POLICY: doc})  # type: ignore[arg-type]


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
    return st.one_of(*(st.just(o) if isinstance(o, str) else o for o in options))


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


_NOTES = st.sampled_from(
    [
        "notes.unit == unit",
        "notes.quarter == quarter and notes.amount >= points",
        "notes.unit == helper and notes.amount > 0",
        "notes.kind == grade and day <= until",
        "notes.amount > 0",
    ]
)
_PERIOD_OF = st.sampled_from(["year_of", "quarter_of", "month_of", "week_of"])


@cache
def numbers(depth: int, *, whole: bool = False) -> Texts:
    """Expressions that are numbers."""
    leaf = _pick("points", "0", "1", "2", "param.open", "param.two", "lookup(notes.amount)", "lookup(helpers.level)")
    leaf = leaf if whole else _pick(leaf, "score", "0.5", "1.25")
    if depth <= 0:
        return leaf
    n, t, d = numbers(depth - 1, whole=whole), truths(depth - 1), dates(depth - 1)
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
        _form("distinct({}, per={})", _pick("grade", "helper", "points", "day"), _PER),
        _form("days_covered({}, {}, per={})", d, d, _PER),
        _form("pro_rata({}, {}, {})", *[numbers(0, whole=True)] * 3),
        _form("{}(notes.amount, where={})", st.sampled_from(["total", "mean", "lowest", "highest"]), _NOTES),
        _form("count({})", _NOTES),
        _form("distinct(notes.kind, where={})", _NOTES),
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
        _PERIOD_OF.flatmap(lambda name: _form(f"({name}({{}}) {{}} {name}({{}}))", d, _COMPARES, d)),
        _form("{}({})", st.sampled_from(["any", "all"]), _NOTES),
        _form("({} {} [{}, {}])", n, st.sampled_from(["in", "not in"]), n, n),
        _form('({} in ["b", {}])', w, w),
        _form("({} {} {})", t, st.sampled_from(["and", "or"]), t),
        _form("(not {})", t),
        _form("({} if {} else {})", t, t, t),
        _form("previous({}{})", t, _BACK),
        _form("{}({}, per={})", st.sampled_from(_aggregates("truth")), t, _PER),
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
    return _pick(numbers(depth), truths(depth), truths(depth), dates(depth), words(depth))
