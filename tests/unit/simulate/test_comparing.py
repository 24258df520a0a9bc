"""Comparisons with reforms: transitions, those affected and their causes, as counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.differences import shares
from cadrerules.differences.attribution import attribute, named
from cadrerules.differences.documents import changes
from cadrerules.hookspecs import hookimpl
from cadrerules.model.result import Finding, Subject
from cadrerules.simulate import held
from cadrerules.simulate.comparison import Compared, Comparison
from small_parcels import MORE, Make, written

DAY = date(2025, 1, 15)
ROOT = Path(__file__).parents[3]
HALF = Fraction(1, 2)


@pytest.fixture
def plan(tmp_path: Path) -> Make:
    numbers = count()

    def make(*replaced: tuple[str, str], more: str = "") -> cr.Plan:
        return cr.load_policies(written(tmp_path / f"set{next(numbers)}", *replaced, more=more))

    return make


def parcels(*weights: tuple[str, float | None], year: int = 2024, fragile: bool | None = False) -> list[dict[str, Any]]:
    return [{"year": year, "parcel": name, "weight": weight, "fragile": fragile} for name, weight in weights]


def only(found: Comparison) -> Compared:
    (one,) = found.reforms
    return one


def turns(of: Compared, question: str) -> dict[tuple[str, str], tuple[int, int, Fraction]]:
    return {(t.old, t.new): (t.decisions, t.subjects, t.share) for t in of.transitions if t.question == question}


ROWS = [
    *parcels(("A", 9.5), ("B", 9), ("C", 11), ("D", None)),
    *parcels(("A", 9.5), ("B", 12), year=2023),
]


def test_transitions_count_decisions_and_subjects(plan: Make) -> None:
    """Where 9 is heavy, 9.5 is high: A twice. B is low and high, C and B are high anyway, D isn't known."""
    found = only(cr.compare(plan(), {"parcels": ROWS}, {"reform": "x", "params": {"fees.heavy": 9}}, as_of=DAY))
    assert turns(found, "fee") == {
        ("low", "low"): (1, 1, Fraction(1, 6)),
        ("high", "high"): (2, 2, Fraction(1, 3)),
        ("low|high|nothing", "low|high|nothing"): (1, 1, Fraction(1, 6)),
        ("low", "high"): (2, 1, Fraction(1, 3)),
    }
    assert turns(found, "care") == {("due|nothing", "due|nothing"): (1, 1, Fraction(1))}
    assert found.subjects == {"parcel": 1}
    shown = found.affected.select("question", "kind", "subject", "period", "rule", "old", "new", "because").rows()
    because = ["parameter fees.heavy"]
    assert shown == [("fee", "parcel", "A", year, None, "low", "high", because) for year in ("2023", "2024")]
    assert [(p.question, p.change.name, p.weight, p.decisions, p.exact) for p in found.parts] == [("fee", "fees.heavy", 2, 2, True)]


def test_what_comes_and_goes_comes_from_nothing(plan: Make) -> None:
    """A weight below 1.5 is small where small ends there: then care is due."""
    new = plan(("when: counts <= 1", "when: counts <= 1.5"))
    found = only(cr.compare(plan(), {"parcels": parcels(("A", 1.2), ("B", 0.5), ("C", 3))}, new, as_of=DAY))
    assert turns(found, "care") == {("due", "due"): (1, 1, HALF), ("nothing", "due"): (1, 1, HALF)}
    back = only(cr.compare(new, {"parcels": parcels(("A", 1.2), ("B", 0.5), ("C", 3))}, plan(), as_of=DAY))
    assert turns(back, "care") == {("due", "due"): (1, 1, HALF), ("due", "nothing"): (1, 1, HALF)}


def test_several_reforms_are_each_compared_with_the_plan_as_it_is(plan: Make) -> None:
    reforms = [{"reform": str(heavy), "params": {"fees.heavy": heavy}} for heavy in (9, 10, 12)]
    found = cr.compare(plan(), {"parcels": ROWS}, reforms, as_of=DAY)
    assert [each.reform.called("en") for each in found.reforms] == ["9", "10", "12"]
    assert [len(each.affected) for each in found.reforms] == [2, 0, 2]
    assert turns(found.reforms[1], "fee") == {
        ("low", "low"): (3, 2, HALF), ("high", "high"): (2, 2, Fraction(1, 3)), ("low|high|nothing", "low|high|nothing"): (1, 1, Fraction(1, 6)),
    }  # fmt: skip
    assert sorted(found.reforms[2].affected["subject"].to_list()) == ["B", "C"]


def test_parts_of_a_reform_share_what_they_bring_about(plan: Make) -> None:
    """9.5 is high by either change, 8.5 only by both: with its box it weighs 9.5, which is heavy above 9."""
    facts = {"parcels": parcels(("A", 9.5), ("B", 8.5), ("C", 2))}
    reform = {"reform": "x", "params": {"fees.heavy": 9}, "interpretations": {"fees.counted": "packed"}}
    found = only(cr.compare(plan(), facts, reform, as_of=DAY))
    assert {row["subject"]: row["because"] for row in found.affected.iter_rows(named=True)} == {
        name: ["parameter fees.heavy", "interpretation fees.counted"] for name in ("A", "B")
    }
    assert [(p.change.name, p.weight, p.decisions) for p in found.parts] == [("fees.heavy", 1, 2), ("fees.counted", 1, 2)]
    plain = only(cr.compare(plan(), facts, reform, as_of=DAY, attribute=False))
    assert plain.parts == ()
    assert plain.affected["because"].to_list() == [None, None]
    assert plain.transitions == found.transitions


def test_a_policy_with_a_rule_more_is_one_cause(plan: Make) -> None:
    found = only(cr.compare(plan(), {"parcels": parcels(("A", 4))}, plan(more=MORE), as_of=DAY))
    assert found.affected["because"].to_list() == [["policy more"]]


def test_tables_that_read_cells_otherwise_are_read_again(plan: Make) -> None:
    facts = {"parcels": parcels(("A", 3), fragile=None)}
    new = plan(("fragile: {type: truth}", "fragile: {type: truth, empty: 'true'}"))
    for given in (facts, cr.read_tables(facts, plan())):
        found = only(cr.compare(plan(), given, new, as_of=DAY))
        assert found.affected.select("subject", "old", "new").rows() == [("A", "due|nothing", "due")]
        assert found.affected["because"].to_list() == [["table parcels"]]


def test_amounts_that_change_while_the_verdict_stays() -> None:
    plan = cr.load_policies("market-supervision")
    facts = {"activities": [{"activity": "A1", "kind": "regional_report", "actor": "bureau", "done_on": "2024-05-01"}]}
    reform = {"reform": "x", "params": {"obligation.regional_reports": 3}}
    found = only(cr.compare(plan, facts, reform, as_of=DAY))
    row = found.affected.row(0, named=True)
    assert len(found.affected) == 1
    assert (row["rule"], row["period"], row["old"], row["new"]) == ("obligation.regional_report", "2024", "unmet", "unmet")
    assert [row[name] for name in ("old_due", "new_due", "old_short", "new_short")] == ["2", "3", "1", "2"]
    (unmet,) = [t for t in found.transitions if t.question == "obligation" and t.old == "unmet"]
    assert unmet.stays
    assert unmet.amounts == 1
    assert unmet.decisions > 1
    assert [(part.change.name, part.weight) for part in found.parts] == [("obligation.regional_reports", 1)]


# --- by columns -------------------------------------------------------------------------------------

STAFF = [
    {"person": "P1", "unit": "U1", "role": "head"},
    {"person": "P1", "unit": "U2", "role": "staff"},
    {"person": "P2", "unit": "U2", "role": "head"},
    {"person": "P3", "unit": "U1", "role": "staff"},
]
RESULT = {"year": 2024, "indicator": "I1", "regional_rank": 5, "cities": 14, "cause": "subjective", "completed": True}
BUREAU = {
    "units": [{"unit": "U1", "name": "One"}, {"unit": "U2", "name": None}],
    "staff": STAFF,
    "results": [{**RESULT, "unit": "U1", "deducted": 3.5}, {**RESULT, "unit": "U2", "deducted": 2.5}],
}
OPEN = {"reform": "x", "interpretations": {"assessment.upper_bound": "open"}}
"""U1 lost 3.5 points: its head P1 is barred only where more than three points don't escape. P2 is barred anyway."""


def moved(of: Compared, by: str) -> dict[str | None, dict[tuple[str, str], int]]:
    told = [each for each in of.breakdowns if each.by == by]
    return {each.value: {(t.old, t.new): t.decisions for t in each.transitions if t.question == "promotion"} for each in told}


def test_a_subject_counts_under_each_value_that_its_rows_have() -> None:
    found = only(cr.compare(cr.load_policies("market-supervision"), BUREAU, OPEN, as_of=DAY, by=["staff.role", "staff.unit"]))
    barred, comes = ("barred_in_principle", "barred_in_principle"), ("nothing", "barred_in_principle")
    assert moved(found, "staff.role") == {"head": {barred: 1, comes: 1}, "staff": {comes: 1}}
    assert moved(found, "staff.unit") == {"U1": {comes: 1}, "U2": {barred: 1, comes: 1}}
    (head, _) = [each for each in found.breakdowns if each.by == "staff.role"]
    assert [t.share for t in head.transitions if t.question == "promotion"] == [HALF, HALF]
    assert {t.kind for each in found.breakdowns for t in each.transitions if each.by == "staff.role"} == {"person"}


def test_a_column_with_periods_says_what_held_in_that_period(plan: Make) -> None:
    rows = [
        {"year": 2023, "parcel": "A", "weight": 9.5, "fragile": True},
        {"year": 2024, "parcel": "A", "weight": 9.5, "fragile": False},
        {"year": 2024, "parcel": "B", "weight": 9.5, "fragile": None},
    ]
    found = only(cr.compare(plan(), {"parcels": rows}, {"reform": "x", "params": {"fees.heavy": 9}}, as_of=DAY, by="parcels.fragile"))
    told = {each.value: [(t.old, t.new, t.decisions, t.subjects) for t in each.transitions if t.question == "fee"] for each in found.breakdowns}
    assert told == {value: [("low", "high", 1, 1)] for value in ("false", "true", None)}
    weights = only(cr.compare(plan(), {"parcels": rows}, {"reform": "x", "params": {"fees.heavy": 9}}, as_of=DAY, by="parcels.weight"))
    assert {each.value for each in weights.breakdowns} == {"9.5"}


def test_organisations_are_told_apart_and_may_be_broken_down_by(plan: Make) -> None:
    rows = [{**row, "office": office} for office in ("N", "S") for row in parcels(("A", 9.5), ("B", 9))]
    rows += [{**row, "office": "S"} for row in parcels(("C", 9.2))]
    reform = {"reform": "x", "params": {"fees.heavy": 9}}
    found = only(cr.compare(plan(), {"parcels": rows}, reform, as_of=DAY, group_by="office", by="office"))
    assert found.subjects == {"parcel": 3}
    assert found.affected.select("group", "subject").rows() == [("N", "A"), ("S", "A"), ("S", "C")]
    assert turns(found, "fee")["low", "high"][:2] == (3, 3)
    moves = {each.value: {(t.old, t.new): t.decisions for t in each.transitions if t.question == "fee"} for each in found.breakdowns}
    assert moves == {"N": {("low", "low"): 1, ("low", "high"): 1}, "S": {("low", "low"): 1, ("low", "high"): 2}}


@pytest.mark.parametrize(
    ("by", "code", "nearest"),
    [("staff.rolle", "CR-BY-UNKNOWN", "staff.role"), ("style.style", "CR-BY-UNKNOWN", "units.name"), ("bureau", "CR-BY-UNKNOWN", "units.name")],
)
def test_columns_that_are_not_there_are_refused(by: str, code: str, nearest: str) -> None:
    with pytest.raises(cr.UsageError) as caught:
        cr.compare(cr.load_policies("market-supervision"), BUREAU, OPEN, as_of=DAY, by=by)
    assert caught.value.code == code
    assert nearest in caught.value.problems[0].hint() or by != "staff.rolle"


def test_columns_beside_no_subject_are_refused() -> None:
    rows = [{"activity": "A1", "kind": "lecture", "actor": "bureau", "done_on": "2024-05-01"}]
    with pytest.raises(cr.UsageError) as caught:
        cr.compare(cr.load_policies("market-supervision"), {**BUREAU, "activities": rows}, OPEN, as_of=DAY, by="activities.kind")
    assert caught.value.code == "CR-BY-NO-SUBJECT"


# --- the same in columns, in batches, and as policy diff has it -------------------------------------


def test_organisations_in_batches_of_columns_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = cr.load_policies("market-supervision")
    tables = {
        name: [{**row, "bureau": f"B{n}"} for n in range(5) for row in rows if n % 2 or row.get("deducted") != 2.5]
        for name, rows in BUREAU.items()
    }
    rows = cr.compare(plan, tables, OPEN, as_of=DAY, group_by="bureau", by=["staff.role", "bureau"])
    frames = {name: pl.DataFrame(each, infer_schema_length=None) for name, each in tables.items()}
    seen: list[int] = []
    monkeypatch.setattr(held, "BATCH_ROWS", 15)
    monkeypatch.setattr(held, "parts", _counting(held.parts, seen))
    monkeypatch.setattr("cadrerules.simulate.comparing.parts", held.parts)
    columns = cr.compare(plan, cr.scan_tables(frames, plan, group_by="bureau"), OPEN, as_of=DAY, engine="polars", by=["staff.role", "bureau"])
    assert len(seen) > 2
    assert columns.to_dict() == rows.to_dict()
    assert len(only(rows).affected) == 5


def _counting(parts: Callable[[Any], Any], seen: list[int]) -> Callable[[Any], Any]:
    def counted(facts: Any) -> Any:
        for part in parts(facts):
            seen.append(part.rows)
            yield part

    return counted


PLAN = cr.load_policies("market-supervision")
EXAMPLE = cr.read_tables(ROOT / "examples" / "bureau", PLAN)
AMENDMENTS: list[Mapping[str, Any]] = [
    {"params": {"board.red_to": 5}, "interpretations": {"board.missing_quarter": "skips"}},
    {"params": {"assessment.bar_to": 4, "obligation.field_days": 50, "obligation.regional_reports": 3}, "interpretations": {"assessment.upper_bound": "open"}},
    {"params": {"assessment.first": 5, "board.black_quarters": 2}, "rules": {"board.commend": None}},
]


def as_by_diff(amended: cr.Plan, found: Compared) -> None:
    """Who flips, each flip's greatest causes, and the sums of all shares are those of `policy diff`."""
    flips = attribute(PLAN, amended, changes(PLAN.policy_set, amended.policy_set), EXAMPLE, DAY)
    flips = tuple(f for f in flips if f.old or any(a.verdict or a.possible for a in f.new))
    expected = {}
    weights: dict[tuple[str, str], Fraction] = {}
    for flip in flips:
        most = max(cause.share for cause in flip.why.causes)
        expected[tuple(flip.asked)] = {named(cause.change) for cause in flip.why.causes if cause.share == most}
        for cause in flip.why.causes:
            at = flip.asked.question, cause.change.name
            weights[at] = weights.get(at, Fraction()) + cause.share
    keys = ("question", "kind", "subject", "period", "rule", "group")
    assert {tuple(row[k] for k in keys): {*row["because"]} for row in found.affected.iter_rows(named=True)} == expected
    assert {(part.question, part.change.name): part.weight for part in found.parts} == weights


@pytest.mark.parametrize("number", range(len(AMENDMENTS)))
def test_flips_and_shares_are_those_of_policy_diff(number: int) -> None:
    amended = PLAN.amend(**AMENDMENTS[number])
    as_by_diff(amended, only(cr.compare(PLAN, EXAMPLE, amended, as_of=DAY, engine="polars" if number == 0 else "scalar")))


def test_more_changes_than_can_all_be_tried_are_estimated_as_by_policy_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "EXACT", 1)
    amended = PLAN.amend(params={"board.red_to": 5, "board.yellow_to": 12})
    found = only(cr.compare(PLAN, EXAMPLE, amended, as_of=DAY))
    assert {part.question: part.exact for part in found.parts} == {"flag": False, "commendation": False, "interview": False}
    as_by_diff(amended, found)


def test_a_question_nothing_bears_on_is_not_evaluated_again() -> None:
    told: list[tuple[str, int, int]] = []
    cr.compare(PLAN, BUREAU, {"reform": "words", "params": {"board.red_to": 7}}, as_of=DAY, progress=lambda *each: told.append(each))
    rows = sum(map(len, BUREAU.values()))
    assert told == [("market-supervision", 0, rows), ("", rows, rows)]
    told.clear()
    cr.compare(PLAN, BUREAU, OPEN, as_of=DAY, progress=lambda *each: told.append(each))
    assert told == [("market-supervision", 0, 2 * rows), ("x", rows, 2 * rows), ("", 2 * rows, 2 * rows)]


def test_findings_of_plugins_are_compared_too() -> None:
    """A plugin may look at anything, so every question is compared; what no change explains has no cause."""
    finding = Finding(
        rule="own.found", clause=(), outcome="commendation.commended", waivable=False, subject=Subject(kind="unit", id="U1"),
        period="2024Q3", status="holds",
    )  # fmt: skip
    module = ModuleType("own")
    module.cadrerules_findings = hookimpl(lambda: [finding])  # type: ignore[attr-defined]
    new = cr.Plan(PLAN.policy_set, cr.plugin_manager(module))
    found = only(cr.compare(PLAN, BUREAU, new, as_of=DAY))
    assert found.affected.select("question", "subject", "old", "new").rows() == [("commendation", "U1", "nothing", "commended")]
    assert found.affected["because"].to_list() == [[]]
    assert found.parts == ()


def test_engines_nobody_knows_are_refused() -> None:
    with pytest.raises(cr.UsageError) as caught:
        cr.compare(PLAN, BUREAU, OPEN, engine="abacus")
    assert caught.value.code == "CR-ENGINE-MISSING"


# --- what is made of it -----------------------------------------------------------------------------


def test_as_plain_data() -> None:
    found = cr.compare(PLAN, BUREAU, OPEN, as_of=DAY, by="staff.role")
    told = found.to_dict()
    assert {name: told[name] for name in ("schema_version", "kind", "policies", "as_of")} == {
        "schema_version": 1,
        "kind": "comparison",
        "policies": {"name": "market-supervision", "hash": PLAN.hash},
        "as_of": "2025-01-15",
    }
    assert told["data"] == {"hash": found.data.hash, "rows": {"results": 2, "staff": 4, "units": 2}, "subjects": {"person": 3, "unit": 2}}
    (reform,) = told["reforms"]
    comes = {"question": "promotion", "kind": "person", "old": "nothing", "new": "barred_in_principle"}
    assert {**comes, "decisions": 1, "subjects": 1, "share": "1/2", "amounts": 0} in reform["transitions"]
    assert reform["parts"] == [
        {"question": "promotion", "change": "interpretation assessment.upper_bound", "weight": "1", "decisions": 1, "exact": True}
    ]
    assert reform["affected"][0]["subject"] == "P1"


def test_in_words() -> None:
    found = cr.compare(PLAN, BUREAU, [OPEN, {"reform": "none", "params": {"board.red_to": 7}}], as_of=DAY, by="staff.role")
    english, chinese = found.to_text("en").splitlines(), found.to_text("zh").splitlines()
    assert "  Affected: 1 decision; person 1" in english
    assert "    no decision                  in principle not considered  1          1         50.0 %" in english
    assert "    staff  Promotion  no decision -> in principle not considered  1  1  100.0 %" in english
    assert "  Affected: no decision." in english
    assert "  受影响：1 项结论；人员 1" in chinese
    assert "    P1  2024  提拔重用和职级晋升  无结论 -> 原则上不予考虑" in chinese


def test_those_affected_as_csv_that_no_spreadsheet_runs(plan: Make) -> None:
    facts = {"parcels": parcels(("=cmd", 9.5))}
    raw = cr.compare(plan(), facts, {"reform": "-x", "params": {"fees.heavy": 9}}, as_of=DAY).to_csv()
    head, row = raw.decode("utf-8-sig").split("\r\n")[:2]
    assert raw.startswith(b"\xef\xbb\xbf")
    assert head.startswith("reform,group,question,kind,subject,period,rule,old,new,")
    assert head.endswith(",because")
    assert row == "'-x,,fee,parcel,'=cmd,2024,,low,high,,,,,,,parameter fees.heavy"
    none = cr.compare(plan(), facts, {"reform": "-x", "params": {"fees.heavy": 10}}, as_of=DAY).to_csv()
    assert none.decode("utf-8-sig") == f"{head}\r\n"
