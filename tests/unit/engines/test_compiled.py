"""The compiled fast path agrees with the traced reference on every row, holes included."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cadrerules as cr

AS_OF = date(2025, 1, 15)
PLAN = cr.load_policies("market-supervision")
READINGS = [
    {},
    {"assessment.small_field": "separate"},
    {"assessment.upper_bound": "open"},
    {"assessment.quantifier": "all"},
    {"tolerance.effect": "all_rules"},
    {"assessment.deduction_scope": "unit_total", "tolerance.effect": "all_rules"},
]
ASSESSMENT: dict[str, st.SearchStrategy[Any]] = {
    "regional_rank": st.sampled_from([1, 3, 4, 5, 12, 14]),
    "cities": st.sampled_from([3, 5, 6, 14]),
    "deducted": st.sampled_from([Decimal(p) for p in ("0", "0.01", "1.99", "2", "2.5", "3", "3.01")]),
    "cause": st.sampled_from(["subjective", "objective"]),
    "unit_lost": st.sampled_from([Decimal(0), Decimal(2), Decimal("3.01")]),
    "unit_counted": st.sampled_from([Decimal(0), Decimal("2.99"), Decimal(3)]),
}
BOARD: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from([1, 7, 8, 10, 11]),
    "reds": st.integers(0, 3),
    "blacks": st.integers(0, 3),
    "style": st.sampled_from(["good", "ordinary", "prominent_problems"]),
}


def rows(inputs: tuple[str, ...], domains: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: st.none() | domains.get(name, st.booleans()) for name in inputs})


@pytest.mark.parametrize("readings", READINGS, ids=str)
def test_assessment_agrees_with_the_reference(readings: dict[str, str]) -> None:
    policy = PLAN.amend(interpretations=readings).policy("assessment")
    compiled, traced = policy.compile(AS_OF), policy.traced(AS_OF)

    @given(rows(traced.inputs, ASSESSMENT))
    def agrees(row: dict[str, Any]) -> None:
        assert compiled(row) == traced(row).truths

    assert set(compiled.inputs) <= set(traced.inputs)
    agrees()


@pytest.mark.parametrize("black_quarters", [None, 2])
def test_board_agrees_with_the_reference(black_quarters: int | None) -> None:
    policy = PLAN.amend(params={"board.black_quarters": black_quarters}).policy("board")
    compiled, traced = policy.compile(AS_OF), policy.traced(AS_OF)

    @given(rows(compiled.inputs, BOARD))
    def agrees(row: dict[str, Any]) -> None:
        assert compiled(row) == traced(row).truths

    agrees()


ROW = {
    "regional_rank": 2,
    "cities": 14,
    "deducted": Decimal("2.5"),
    "cause": "subjective",
    "completed": False,
    "exempt": False,
    "first_last_year": True,
    "last_last_year": False,
}


def test_inputs_are_facts_and_columns_that_need_other_rows() -> None:
    assert PLAN.policy("assessment").compile(AS_OF).inputs == tuple(sorted(ROW))


def test_a_domain_decides_what_a_hole_leaves_open() -> None:
    """With three cities, any place is among the last three."""
    compiled = PLAN.policy("assessment").compile(AS_OF)
    row = {**ROW, "regional_rank": None, "last_last_year": True}
    assert compiled({**row, "cities": 3})["assessment.bar_ranking"] is True
    assert compiled({**row, "cities": 4})["assessment.bar_ranking"] is None


def test_an_absent_input_is_an_error_and_not_unknown() -> None:
    row = {name: value for name, value in ROW.items() if name != "cause"}
    for call in (PLAN.policy("assessment").compile(AS_OF), PLAN.policy("assessment").traced(AS_OF)):
        with pytest.raises(cr.UsageError) as caught:
            call(row)
        assert caught.value.code == "CR-MISSING-INPUT"
        assert "`cause`" in str(caught.value)


def test_a_model_with_keywords_is_a_row_too() -> None:
    compiled = PLAN.policy("assessment").compile(AS_OF)
    facts = {name: ROW[name] for name in ("regional_rank", "cities", "deducted", "cause", "completed")}
    model = PLAN.models["results"](year="2024", unit="U1", indicator="I1", **facts)  # type: ignore[arg-type]
    others = {name: ROW[name] for name in ("exempt", "first_last_year", "last_last_year")}
    assert compiled(model, **others) == compiled(ROW)


def test_the_callers_decimal_context_does_not_matter() -> None:
    compiled = PLAN.policy("assessment").compile(AS_OF)
    with decimal.localcontext(decimal.Context(prec=1)):
        assert compiled({**ROW, "deducted": Decimal("3.01")})["assessment.bar_deduction"] is False
        assert compiled({**ROW, "deducted": Decimal("1.99")})["assessment.bar_deduction"] is False


def test_a_float_is_the_decimal_it_was_written_as() -> None:
    policy = PLAN.amend(params={"assessment.bar_from": "0.1"}).policy("assessment")
    assert policy.compile(AS_OF)({**ROW, "deducted": 0.1})["assessment.bar_deduction"] is True


def test_bounds_of_known_parts_do_not_make_a_sum_known() -> None:
    """An unset number in a sum leaves the sum unknown, in both paths."""
    changed = PLAN.amend(rules={"board.interview": {"when": "known(blacks + param.black_quarters)"}})
    policy = changed.policy("board")
    row = {"place": 1, "reds": 0, "blacks": 2, "style": "good"}
    compiled, traced = policy.compile(AS_OF), policy.traced(AS_OF)
    assert compiled({name: row.get(name) for name in compiled.inputs})["board.interview"] is False
    assert traced({name: row.get(name) for name in traced.inputs}).truths["board.interview"] is False


def test_a_fraction_is_an_exact_input() -> None:
    """A mean of thirds, given by the caller, is compared and added without rounding."""
    plan = PLAN.amend(
        interpretations={"assessment.deduction_scope": "unit_total"},
        rules={"assessment.bar_deduction": {"when": "unit_lost + deducted >= param.bar_from"}},
    )
    policy = plan.policy("assessment")
    row = {**ROW, "unit_lost": Fraction(1, 3), "unit_counted": 0}
    for call in (policy.compile(AS_OF), lambda r: policy.traced(AS_OF)(r).truths):
        assert call({**row, "deducted": Decimal("1.66")})["assessment.bar_deduction"] is False
        assert call({**row, "deducted": Decimal("1.67")})["assessment.bar_deduction"] is True


def test_a_policy_without_rules_has_nothing_to_compile() -> None:
    with pytest.raises(cr.UsageError) as caught:
        PLAN.policy("people").compile()
    assert caught.value.code == "CR-NOT-FOR-COMPILING"


def test_a_traced_row_shows_values_down_to_the_facts() -> None:
    trace = PLAN.policy("assessment").traced(AS_OF)(ROW).trace("assessment.bar_deduction")
    assert trace.value == "true"
    shown = {part.text: part.value for part in trace.walk()}
    assert shown["at_stake"] == "2.5"
    assert shown["deducted"] == "2.5"
    assert shown["param.assessment.bar_to"] == "3"
    assert shown['cause == "subjective"'] == "true"
