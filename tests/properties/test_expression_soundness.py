"""Whatever an expression says of tables with holes stays true when they are filled in."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.errors import PolicyError
from cadrerules.language.cohorts import COHORTS
from cadrerules.language.nodes import Across, Apply, Cohort, Lookup, walk
from cadrerules.language.operators import OPERATORS
from cadrerules.language.parse import parse
from cadrerules.language.periods import Quarter
from cadrerules.model.documents import ViewDoc
from cadrerules.model.facts import FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.testing.strategies import tables
from properties.abstract_values import contains, fits
from properties.small_plan import (
    MODELS,
    POLICY,
    Grants,
    derived,
    expressions,
    filled,
    numbers,
    small_plan,
    truths,
    type_of,
)

NAMES = ("a", "b", "c")
QUARTERS = st.sampled_from([Quarter.parse(text) for text in ("2023Q4", "2024Q1", "2024Q2")])
CLOSE = {
    **{f"{name}.quarter": QUARTERS for name in ("marks", "notes")},
    **{f"{name}.unit": st.sampled_from(["U1", "U2"]) for name in ("marks", "notes")},
}
worlds = tables(*MODELS, max_rows=5, given=CLOSE)


@st.composite
def plans(draw: st.DrawFn) -> PolicySet:
    """Plans with three derived columns; drawn again where an expression compares a word with what it can't be."""
    while True:
        try:
            return small_plan({name: draw(expressions()) for name in NAMES})
        except PolicyError as error:
            if {problem.code for problem in error.problems} != {"CR-NO-SUCH-WORD"}:
                raise


def check(data: st.DataObject, policies: PolicySet, facts: FactTables, names: tuple[str, ...]) -> None:
    """Every column contains what it turns out to be; rows may turn out not to count."""
    settled = policies.amend(params={f"{POLICY}.open": data.draw(st.integers(1, 3), label="open")})
    before = derived(policies, facts, names)
    after = derived(settled, data.draw(filled(facts), label="whole"), names)
    assert after.keys() <= before.keys()
    for at, filled_in in after.items():
        assert fits(before[at], type_of(policies, at[0]))
        assert contains(before[at], filled_in), f"{at}: {before[at]}, but {filled_in}"


@settings(max_examples=800)
@given(st.data(), plans(), worlds)
def test_what_is_decided_stays_so(data: st.DataObject, policies: PolicySet, facts: FactTables) -> None:
    check(data, policies, facts, NAMES)


AGGREGATES = st.sampled_from(["total", "mean", "lowest", "highest"])
OVER_VIEW = {
    "place": 'rank(figure, within=[quarter], ties="dense")',
    "first": "rank(figure, within=[quarter]) == 1",
    "series": "run(figure >= param.open and holds > 0)",
    "before": "previous(figure)",
    "kind": "lookup(notes.kind)",
}


@settings(max_examples=200)
@given(st.data(), AGGREGATES, numbers(1), truths(1), st.sampled_from([("quarter", "unit"), ("quarter",)]), worlds)
def test_what_is_decided_of_a_view_stays_so(
    data: st.DataObject, aggregate: str, figure: str, holds: str, by: tuple[str, ...], facts: FactTables
) -> None:
    columns = {"figure": f"{aggregate}({figure})", "holds": f"count({holds})"}
    view = ViewDoc.model_validate({"from": "marks", "by": list(by), "columns": columns})
    names = ("place", "first", "series", "before", "kind")[: 5 if len(by) == 2 else 4]
    try:
        policies = small_plan({name: OVER_VIEW[name] for name in names}, facts="v", views={"v": view})
    except PolicyError:
        return
    check(data, policies, facts, names)


OVER_GRANTS = {
    "all_in_all": "total(amount, per=[number])",
    "on_average": "mean(amount, per=[number])",
    "how_many": "count(amount > 0, per=[number])",
    "place": 'rank(amount, within=[number], ties="ordinal")',
    "least": "lowest(amount, per=[number])",
    "one": "any(amount > 1, per=[number])",
    "each": "all(amount > 1, per=[number])",
}


@settings(max_examples=150)
@given(st.data(), tables(Grants, max_rows=5, given={"grants.number": st.just("N1")}))
def test_a_row_that_may_not_count_is_reckoned_with(data: st.DataObject, facts: FactTables) -> None:
    check(data, small_plan(OVER_GRANTS, facts="grants"), facts, tuple(OVER_GRANTS))


@settings(max_examples=150)
@given(st.data(), tables(Grants, max_rows=5, given={"grants.number": st.just("N1")}))
def test_nor_does_a_view_forget_that_its_rows_may_not_count(data: st.DataObject, facts: FactTables) -> None:
    columns = {"sum": "total(amount)"}
    view = ViewDoc.model_validate({"from": "grants", "by": ["number"], "columns": columns})
    derive = {"own": "sum", "place": "rank(sum, within=[number])"}
    check(data, small_plan(derive, facts="v", views={"v": view}), facts, ("own", "place"))


def test_the_expressions_drawn_use_every_operator_and_function() -> None:
    used: set[str] = set()

    @settings(max_examples=1500, database=None, derandomize=True)
    @given(expressions())
    def gather(text: str) -> None:
        for node in walk(parse(text)):
            match node:
                case Apply(operator=name) | Cohort(function=name) | Across(function=name):
                    used.add(name)
                case Lookup(column=column):
                    used.add("lookup" if column else "exists")

    gather()
    wanted: set[Any] = {*OPERATORS, *COHORTS, "lookup", "exists"} - {"known", "rescale"}
    assert used >= wanted
