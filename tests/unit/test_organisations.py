"""Several organisations in one evaluation, as the Python interface shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import cadrerules as cr
from cadrerules.hookspecs import hookimpl
from cadrerules.model.facts import FactTables
from cadrerules.model.result import Finding, Subject
from cadrerules.report.csv import to_csv
from cadrerules.report.xlsx import to_xlsx

DAY = date(2025, 1, 15)
PLAN = cr.load_policies("market-supervision")


def result_row(bureau: str, **cells: Any) -> dict[str, Any]:
    bland = {"regional_rank": 7, "cities": 14, "deducted": 0, "cause": "objective", "completed": True}
    return {"bureau": bureau, "year": 2024, "unit": "U1", "indicator": "I1", **bland, **cells}


def waiver(bureau: str, rule: str = "assessment.bar_deduction", **cells: Any) -> dict[str, Any]:
    about = {"subject": "P1", "period": "2024", "authority": "局党组", "reason": "另有说明", "decided_on": "2025-01-10"}
    return {"bureau": bureau, "rule": rule, **about, **cells}


def staff(bureau: str, person: str, **cells: Any) -> dict[str, Any]:
    return {"bureau": bureau, "person": person, "unit": "U1", "role": "head", **cells}


def tables(**more: list[dict[str, Any]]) -> dict[str, Any]:
    """Two bureaux whose unit and head have the same ids; what was deducted in B1 was not in B2."""
    return {
        "staff": [staff("B2", "P1"), staff("B1", "P1"), staff("B1", "P2", role="staff")],
        "results": [result_row("B1", deducted="2.5", cause="subjective"), result_row("B2")],
        "progress": [
            {"bureau": b, "quarter": "2024Q1", "unit": u, "indicator": "I1", "progress": p}
            for b, u, p in (("B2", "U1", 1), ("B2", "U2", 3), ("B1", "U1", 2))
        ],
        **more,
    }


def evaluated(plan: cr.Plan = PLAN, rows: dict[str, Any] | None = None, **options: Any) -> cr.Result:
    found = tables() if rows is None else rows
    asked = {"policies": ["board", "assessment"], **options}
    return plan.evaluate(found, as_of=DAY, group_by="bureau", **asked)


@pytest.fixture(scope="module")
def both() -> cr.Result:
    return evaluated()


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(cr.CadreError) as caught:
        call()
    return caught.value.code


# --- findings and decisions --------------------------------------------------------------------------


def test_each_organisation_is_decided_alone_and_in_order(both: cr.Result) -> None:
    flags = [(d.id, d.verdict) for d in both.decisions if d.question == "flag"]
    assert flags == [("B1/flag/U1/2024Q1", "red"), ("B2/flag/U1/2024Q1", "red"), ("B2/flag/U2/2024Q1", "red")]
    assert [d.group for d in both.decisions] == sorted(d.group or "" for d in both.decisions)
    assert [f.group for f in both.findings] == sorted(f.group or "" for f in both.findings)
    assert both.group == "bureau"
    assert [(name, one.of, one.group) for name, one in both.organisations.items()] == [
        ("B1", "B1", "bureau"), ("B2", "B2", "bureau"),
    ]  # fmt: skip


def test_places_are_within_an_organisation(both: cr.Result) -> None:
    by_place = evaluated(PLAN.amend(params={"board.red_to": 1, "board.yellow_to": 1}))
    flags = {d.id: d.verdict for d in by_place.decisions if d.question == "flag"}
    assert flags == {"B1/flag/U1/2024Q1": "red", "B2/flag/U2/2024Q1": "red", "B2/flag/U1/2024Q1": "black"}


def test_what_is_looked_up_is_of_the_same_organisation() -> None:
    rows = tables(style=[{"bureau": "B2", "quarter": "2024Q1", "unit": "U1", "style": "good"}])
    found = evaluated(PLAN.amend(params={"board.red_quarters": 1}), rows)
    assert {d.id: (d.status, d.missing) for d in found.decisions if d.question == "commendation" and "/U1/" in d.id} == {
        "B1/commendation/U1/2024Q1": ("undetermined", ("style[2024Q1/U1].style",)),
        "B2/commendation/U1/2024Q1": ("decided", ()),
    }


def test_the_calendar_begins_with_the_first_year_of_the_organisation() -> None:
    done = {"kind": "lecture", "actor": "P1"}
    rows = [{"bureau": b, "activity": "A1", "done_on": day, **done} for b, day in (("B1", "2022-05-01"), ("B2", "2024-05-01"))]
    found = PLAN.evaluate({"activities": rows}, as_of=DAY, group_by="bureau")
    assert {b: min(d.period for d in one.decisions if d.period)[:4] for b, one in found.organisations.items()} == {"B1": "2022", "B2": "2024"}


def test_a_dispute_is_about_a_cell_of_its_own_organisation() -> None:
    cell = {"table": "progress", "key": "2024Q1/U1/I1", "column": "progress", "raised_on": "2024-05-01"}
    found = evaluated(rows={"progress": tables()["progress"], "disputes": [{"bureau": "B2", **cell}]}, plan=PLAN.amend(params={"board.red_to": 1}))
    flags = {d.id: d.status for d in found.decisions if d.question == "flag"}
    assert flags == {"B1/flag/U1/2024Q1": "decided", "B2/flag/U1/2024Q1": "undetermined", "B2/flag/U2/2024Q1": "undetermined"}


def test_the_json_names_the_organisation_last_and_only_with_grouping(both: cr.Result) -> None:
    plain = both.to_dict(trace=True)
    assert list(plain)[-1] == "group_by"
    assert plain["group_by"] == "bureau"
    assert list(plain["decisions"][0])[-2:] == ["short", "group"]
    assert list(plain["findings"][0])[-2:] == ["trace", "group"]
    assert plain["findings"][0]["group"] == "B1"
    alone = PLAN.evaluate({"progress": [{k: v for k, v in row.items() if k != "bureau"} for row in tables()["progress"][:1]]}, as_of=DAY)
    assert "group" not in alone.findings[0].model_dump() | alone.decisions[0].model_dump() | alone.to_dict()
    assert "group" not in alone.decisions[0].model_dump_json()
    assert (alone.group, alone.organisations, alone.of) == ("", {}, "")


def test_a_decision_is_found_by_its_organisation_where_that_is_needed(both: cr.Result) -> None:
    assert both.decision("promotion", "P1", "2024").id == "B1/promotion/P1/2024"
    assert both.decision("flag", "U2").group == "B2"
    assert both.decision("flag", "U1", "2024Q1", group="B2").id == "B2/flag/U1/2024Q1"
    assert both.organisations["B2"].decision("flag", "U1").id == "B2/flag/U1/2024Q1"
    assert code(lambda: both.decision("flag", "U1", "2024Q1")) == "CR-WHICH-GROUP"
    assert code(lambda: both.decision("promotion", "P1", "2024", "B2")) == "CR-NO-DECISION"
    assert code(lambda: both.decision("flag", "U1", group="B3")) == "CR-UNKNOWN-GROUP"
    assert code(lambda: both.organisations["B2"].decision("flag", "U1", group="B1")) == "CR-UNKNOWN-GROUP"


def test_findings_are_those_of_the_same_organisation(both: cr.Result) -> None:
    for group in ("B1", "B2"):
        decision = both.decision("flag", "U1", group=group)
        assert {f.group for f in (*decision.findings, *both.findings_of(decision))} == {group}
        assert decision.findings == both.findings_of(decision) != ()


def test_what_explains_and_what_would_change_it_is_of_the_organisation(both: cr.Result) -> None:
    decision = both.decision("promotion", "P1", "2024")
    assert "bureau B1. This is a proposal" in decision.explain()
    assert "bureau：B1。本结论" in decision.explain("zh", "markdown")
    assert decision.outlook() == both.outlook("promotion", "P1", "2024", group="B1")
    assert both.outlook("promotion", "P1", "2024", group="B2") != decision.outlook()
    assert code(lambda: both.outlook("promotion", "P1", "2024")) == "CR-WHICH-GROUP"
    assert both.outlook("promotion", "P2", "2024").subject == "P2"


def test_a_subject_is_explained_in_its_organisation(both: cr.Result) -> None:
    explain = both.explain_subject
    assert explain is not None
    assert "bureau B1." in explain("P2")
    assert explain("P1", group="B2").count("bureau B2.") == 1
    assert '"group": "B2"' in explain("P1", None, None, "zh", "json", group="B2")
    assert code(lambda: explain("P1")) == "CR-WHICH-GROUP"
    assert code(lambda: explain("P9")) == "CR-UNKNOWN-SUBJECT"
    assert both.knows("P2")
    assert not both.knows("P9")


def test_a_report_is_about_one_organisation(both: cr.Result) -> None:
    assert "bureau B2. " in str(both.report("board", format="text", group="B2"))
    assert code(lambda: both.report("board")) == "CR-WHICH-GROUP"
    one = evaluated(rows={"progress": tables()["progress"][:2]})
    assert "bureau B2. " in str(one.report("discretion"))
    assert '"group": "B2"' in str(one.report("discretion", format="json"))


# --- tables ------------------------------------------------------------------------------------------


def test_frames_csv_and_workbooks_begin_with_the_column(both: cr.Result) -> None:
    for kind in ("polars", "pyarrow", "pandas"):
        for name in ("decisions", "findings"):
            frame = both.to_frame(name, kind)
            names = frame.column_names if kind == "pyarrow" else list(frame.columns)
            assert names[0] == "bureau"
            assert names.count("bureau") == 1
    assert both.to_frame()["bureau"].to_list() == [d.group for d in both.decisions]
    assert "bureau" not in both.to_frame("not_evaluated").columns
    rows = list(csv.reader(io.StringIO(to_csv(both).decode("utf-8-sig"))))
    assert rows[0][:2] == ["bureau", "id"]
    assert [row[0] for row in rows[1:]] == [d.group for d in both.decisions]
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(both)))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in ("decisions", "findings", "not_evaluated")}
    assert {name: rows[0][0] for name, rows in sheets.items()} == {"decisions": "bureau", "findings": "bureau", "not_evaluated": "policy"}
    assert sheets["decisions"][1][0] == "B1"
    assert to_csv(evaluated(rows={"progress": []})).decode("utf-8-sig").startswith("bureau,id,question,")


def test_a_heading_that_a_spreadsheet_would_run_is_none() -> None:
    rows = {"progress": [{"=x": "B1", **{k: v for k, v in tables()["progress"][0].items() if k != "bureau"}}]}
    assert to_csv(PLAN.evaluate(rows, as_of=DAY, group_by="=x")).decode("utf-8-sig").startswith("'=x,id,")


# --- what is given -----------------------------------------------------------------------------------


def test_tables_remember_their_grouping_column() -> None:
    facts = cr.read_tables(tables(), PLAN, group_by="bureau")
    assert facts.group == "bureau"
    assert len(PLAN.evaluate(facts, as_of=DAY, group_by="bureau").organisations) == 2
    assert PLAN.evaluate(facts, as_of=DAY).group == "bureau"
    assert code(lambda: PLAN.evaluate(facts, as_of=DAY, group_by="region")) == "CR-GROUP-DIFFERS"
    plain = cr.read_tables({"progress": []}, PLAN)
    assert code(lambda: PLAN.evaluate(plain, as_of=DAY, group_by="bureau")) == "CR-GROUP-DIFFERS"
    assert code(lambda: PLAN.evaluate(tables(), as_of=DAY)) == "CR-UNKNOWN-HEADING"
    assert code(lambda: PLAN.evaluate(plain, as_of=DAY).decision("flag", "U1", group="B1")) == "CR-NOT-GROUPED"


def test_progress_counts_organisations() -> None:
    told: list[tuple[str, int, int]] = []
    evaluated(progress=lambda *about: told.append(about))
    assert told == [("B1", 0, 2), ("B2", 1, 2)]


def test_a_table_that_is_there_is_there_for_all_and_what_is_left_out_stands_once() -> None:
    rows = tables(style=[{"bureau": "B3", "quarter": "2024Q1", "unit": "U1", "style": "good"}])
    found = evaluated(rows={name: rows[name] for name in ("progress", "style")})
    assert list(found.organisations) == ["B1", "B2", "B3"]
    assert found.organisations["B3"].decisions == ()
    assert [(left.policy, left.rule) for left in found.not_evaluated] == [("board", "board.interview"), ("assessment", None)]


def test_without_any_organisation_there_is_nothing_to_decide() -> None:
    none = PLAN.amend(params={"calendar.from": 2020}).evaluate({"activities": []}, as_of=DAY, group_by="bureau")
    assert (none.decisions, none.findings, none.organisations, none.group) == ((), (), {}, "bureau")
    assert none.not_evaluated
    assert code(none.organisation) == "CR-WHICH-GROUP"
    assert code(lambda: none.organisation(subject="P1")) == "CR-UNKNOWN-SUBJECT"


# --- waivers and plugins -----------------------------------------------------------------------------


def test_waivers_that_are_refused_anywhere_are_one_report() -> None:
    rows = tables(waivers=[waiver("B2", "nothing.known"), waiver("B1", "nor.this")])
    with pytest.raises(cr.DataError) as caught:
        evaluated(rows=rows)
    assert [(p.code, p.place.path) for p in caught.value.problems] == [
        ("CR-UNKNOWN-RULE", "B1/waivers[nor.this/P1/2024]"),
        ("CR-UNKNOWN-RULE", "B2/waivers[nothing.known/P1/2024]"),
    ]


def test_no_name_of_any_organisation_stands_in_an_error() -> None:
    rows = tables(waivers=[waiver("B1", authority="职工一科长9")])
    rows["staff"][0]["name"] = "职工一科长9"
    with pytest.raises(cr.DataError) as caught:
        evaluated(rows=rows, plan=cr.Plan(PLAN.policy_set, cr.plugin_manager(objecting())))
    assert "职工一科长9" not in caught.value.report()
    assert "no seal" in caught.value.report()


def objecting() -> Any:
    @hookimpl
    def cadrerules_check_waiver(waiver: dict[str, Any]) -> list[Any]:
        from cadrerules.model.texts import Texts

        assert "bureau" not in waiver
        return [Texts(en=f"{waiver['authority']} has no seal", zh="未盖章")]

    return plugin(cadrerules_check_waiver=cadrerules_check_waiver)


def plugin(**hooks: Any) -> ModuleType:
    made = ModuleType("own")
    vars(made).update(hooks)
    return made


def test_a_waiver_lifts_in_its_organisation_alone_and_warnings_say_whose_they_are() -> None:
    rows = tables(waivers=[waiver("B2"), waiver("B1", "assessment.excellent_heads")])
    found = evaluated(rows=rows)
    assert found.decision("promotion", "P1", "2024").verdict == "barred_in_principle"
    assert [w["en"][:3] for w in found.warnings] == ["B1:"]
    assert [w["zh"][:3] for w in found.warnings] == ["B1："]
    lifted = evaluated(rows=tables(waivers=[waiver("B1")])).decision("promotion", "P1", "2024")
    assert (lifted.verdict, lifted.waived_by) == (None, ("局党组",))


def finding(group: str | None = None) -> Finding:
    return Finding(
        rule="own.found", clause=(), outcome="excellent.barred", waivable=False, subject=Subject(kind="person", id="P1"),
        period="2024", status="holds", group=group,
    )  # fmt: skip


def finding_plugin(found: Callable[[FactTables], list[Finding]]) -> cr.Plan:
    @hookimpl
    def cadrerules_findings(facts: FactTables) -> list[Finding]:
        return found(facts)

    return cr.Plan(PLAN.policy_set, cr.plugin_manager(plugin(cadrerules_findings=cadrerules_findings)))


def test_a_plugin_sees_one_organisation_at_a_time() -> None:
    seen: list[FactTables] = []

    def found_in(facts: FactTables) -> list[Finding]:
        seen.append(facts)
        return [finding()] if len(facts["staff"]) == 2 else []

    found = evaluated(finding_plugin(found_in), policies=None)
    assert [(len(facts["staff"]), facts.group) for facts in seen] == [(2, ""), (1, "")]
    assert all("bureau" not in row for facts in seen for rows in facts.rows.values() for row in rows)
    assert [f.group for f in found.findings if f.rule == "own.found"] == ["B1"]
    assert found.decision("excellent", "P1", "2024").because == ("own.found",)


def test_a_plugin_does_not_say_whose_its_findings_are() -> None:
    with pytest.raises(cr.PolicyError) as caught:
        evaluated(finding_plugin(lambda facts: [finding("B7")] if len(facts["staff"]) == 1 else []))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.path) == ("CR-BAD-FINDING", "B2")
    assert "its `group` is not for a plugin to fill" in str(caught.value)
