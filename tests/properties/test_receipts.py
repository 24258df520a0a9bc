"""Receipts of generated facts compute again, and whatever is changed in one is found, with its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.checker import check_receipt, check_receipts
from cadrerules.errors import Place, Problem
from cadrerules.evidence.making import sealed
from cadrerules.load.receipts import form_problems
from cadrerules.model.facts import FactTables
from cadrerules.testing.strategies import tables

PLAN = cr.load_policies("market-supervision").amend(params={"board.red_to": 1, "board.yellow_to": 2})
AS_OF = date(2025, 1, 15)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
READINGS = st.fixed_dictionaries(
    {
        "board.ranked": st.sampled_from(["unit", "indicator", "region"]),
        "board.ties": st.sampled_from(["competition", "dense", "ordinal"]),
        "board.missing_quarter": st.sampled_from(["breaks", "skips"]),
        "board.style_quarters": st.sampled_from(["last", "all"]),
        "assessment.deduction_scope": st.sampled_from(["indicator", "unit_total"]),
        "resolution.promotion": st.sampled_from(["report_conflict", PLAN.interpretations["resolution.promotion"].option]),
    }
)
Path = tuple[str | int, ...]


def written(receipts: Any) -> list[tuple[Place, Any]]:
    """Receipts as they are once they have been written and read."""
    return [(Place(row=n), json.loads(json.dumps(r, sort_keys=True))) for n, r in enumerate(receipts)]


@settings(max_examples=10, suppress_health_check=SLOW)
@given(tables(*PLAN.models.values(), min_rows=0, max_rows=4, near=PLAN), READINGS)
def test_receipts_of_any_facts_compute_again(facts: FactTables, readings: dict[str, str]) -> None:
    plan = PLAN.amend(interpretations=readings)
    try:
        result = plan.evaluate(facts, as_of=AS_OF)
    except cr.DataError:  # a waiver of a rule that nobody knows
        return
    assert list(check_receipts(written(cr.receipts(result)))) == []


def _world() -> list[Any]:
    """Receipts of each kind: places and runs, addressees, waivers, obligations, and what is undetermined."""
    quarters = [f"2024Q{n}" for n in (1, 2, 3)]
    progress = [
        {"quarter": q, "unit": u, "indicator": "I1", "progress": p}
        for q in quarters
        for u, p in (("U1", "0.9"), ("U2", "0.8"), ("U3", None if q == "2024Q3" else "0.7"))
    ]
    results = [
        {"year": y, "unit": "U1", "indicator": "I1", "regional_rank": 13, "cities": 14, "deducted": 3, "cause": "subjective", "completed": False}
        for y in (2023, 2024)
    ]
    waiver = {"rule": "assessment.bar_deduction", "subject": "P1", "period": "2024", "authority": "A", "reason": "B", "decided_on": "2025-01-10"}
    facts = {
        "progress": progress,
        "style": [{"quarter": q, "unit": u, "style": "good"} for q in quarters for u in ("U1", "U2")],
        "results": results,
        "staff": [{"person": "P1", "unit": "U1", "role": "head"}, {"person": "P2", "unit": "U2", "role": "head"}, {"person": "P3", "unit": None, "role": "leader"}],
        "waivers": [waiver],
        "activities": [{"activity": "A1", "kind": "field_research", "actor": "P3", "done_on": "2024-05-01", "days": 12}],
    }
    result = PLAN.evaluate(facts, as_of=AS_OF)
    kinds: dict[Any, Any] = {}
    for decision in result.decisions:
        kinds.setdefault((decision.question, decision.status, decision.verdict, bool(decision.waived_by), decision.rules), decision)
    return [receipt for _, receipt in written(cr.receipts(result, kinds.values()))]


RECEIPTS = _world()


def leaves(part: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every leaf."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, one in inner:
        yield from leaves(one, (*path, name))
    if not isinstance(part, dict | list):
        yield path


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if value and value[-1].isdigit():
            return value[:-1] + ("2" if value[-1] == "1" else "1")
        case None:
            return "x"
        case _:
            return f"{value}x"


def changed(receipt: Any, path: Path) -> Any:
    """The receipt with one leaf changed."""
    made = copy.deepcopy(receipt)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = other(inner[path[-1]])
    return made


def found(receipt: Any) -> list[Problem]:
    return form_problems(receipt, Place()) or list(check_receipt(receipt))


def test_the_world_has_every_kind_of_receipt() -> None:
    kinds = {(r["decision"]["question"], r["decision"]["status"]) for r in RECEIPTS}
    assert {("flag", "decided"), ("flag", "undetermined"), ("promotion", "decided"), ("obligation", "decided"), ("commendation", "decided")} <= kinds
    assert any(r["decision"]["waived_by"] for r in RECEIPTS)
    assert any(r["decision"]["done"] == "12" for r in RECEIPTS)
    assert [found(receipt) for receipt in RECEIPTS] == [[]] * len(RECEIPTS)


@settings(max_examples=150)
@given(st.data())
def test_any_leaf_that_is_changed_is_found(data: st.DataObject) -> None:
    receipt = RECEIPTS[data.draw(st.integers(0, len(RECEIPTS) - 1))]
    made = changed(receipt, data.draw(st.sampled_from(list(leaves(receipt)))))
    problems = found(made)
    assert problems
    assert all(problem.code.startswith("CR-RECEIPT-") and problem.place.path for problem in problems)


DECISIVE = ("parameters", "interpretations", "trace", "rules", "decision")


@settings(max_examples=150)
@given(st.data())
def test_what_decides_is_found_even_where_all_digests_are_made_anew(data: st.DataObject) -> None:
    receipt = RECEIPTS[data.draw(st.integers(0, len(RECEIPTS) - 1))]
    told = ("missing", "parameters")  # what an open decision waits for is told, not computed
    paths = [p for p in leaves(receipt) if p[0] in DECISIVE and not (p[0] == "decision" and p[1] in told)]
    path = data.draw(st.sampled_from(paths))
    problems = found(sealed(changed(receipt, path)))
    assert problems
    assert any(problem.code != "CR-RECEIPT-HASH" for problem in problems)
