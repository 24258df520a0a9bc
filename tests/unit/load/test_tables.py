from __future__ import annotations

import os
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cadrerules.errors import DataError, UsageError
from cadrerules.language.periods import Quarter
from cadrerules.load import files, read_tables
from cadrerules_market_supervision.facts import TABLES, Progress, Units

UNITS = "unit\nU1\nU2\n"
PROGRESS = "quarter,unit,indicator,progress\n2024Q1,U1,I1,0.5\n"
WAIVER = {
    "rule": "r",
    "subject": "P1",
    "period": "2024",
    "authority": "局党组",
    "reason": "x",
    "decided_on": "2024-01-01",
}
EXEMPTION = {"unit": "U1", "year": 2024, "authority": "局党组", "reason": "x", "decided_on": "2024-01-01"}


def found(problems: Any) -> list[tuple[Any, ...]]:
    return [(p.code, p.place.sheet or p.place.file, p.place.row, p.place.field) for p in problems]


def test_a_row_is_a_dict_of_cells_in_the_order_of_the_columns(read: Any, folder: Any) -> None:
    facts = read(folder({"units.csv": UNITS, "progress.csv": PROGRESS}))
    assert facts["units"] == ({"unit": "U1", "name": None}, {"unit": "U2", "name": None})
    (row,) = facts["progress"]
    assert list(row.items()) == [
        ("quarter", Quarter.parse("2024Q1")),
        ("unit", "U1"),
        ("indicator", "I1"),
        ("progress", Decimal("0.5")),
        ("regional_rank", None),
        ("cities", None),
    ]
    assert facts.origin == "data"
    assert facts.tables["progress"] is Progress.spec


# details, line 1


def test_empty_cells_that_mean_something_are_allowed_and_others_in_keys_are_not(
    read: Any, refused: Any
) -> None:
    staff = {"person": "P1", "unit": "", "role": "head", "joined": "", "left": None, "cadre": " "}
    assert read({"staff": [staff]})["staff"][0]["unit"] is None
    assert read({"exemptions": [EXEMPTION]})["exemptions"][0]["indicator"] is None
    assert found(refused({"staff": [{**staff, "person": "", "role": None}]})) == [
        ("CR-EMPTY-CELL", "staff", 1, "person"),
        ("CR-EMPTY-CELL", "staff", 1, "role"),
    ]
    activity = {"activity": "A1", "kind": "", "actor": "", "done_on": ""}
    assert [p.place.field for p in refused({"activities": [activity]})] == ["kind", "actor", "done_on"]


def test_a_column_left_out_is_empty_if_it_may_be_and_else_an_error(read: Any, refused: Any) -> None:
    assert read({"units": [{"unit": "U1"}]})["units"] == ({"unit": "U1", "name": None},)
    (problem,) = refused({"progress": [{"quarter": "2024Q1", "unit": "U1"}]})
    assert problem.code == "CR-MISSING-COLUMNS"
    assert problem.message("en") == "table `progress` lacks `indicator`, `progress`"
    assert problem.message("zh") == "表 `progress` 缺少列 指标（indicator）、完成进度（progress）"


# details, line 3


def test_an_absent_table_is_absent_and_one_without_rows_is_empty(
    read: Any, refused: Any, folder: Any
) -> None:
    data = folder({"units.csv": "unit,name\n"})
    assert read(data)["units"] == ()
    assert "progress" not in read(data)
    (data / "progress.csv").touch()
    assert found(refused(data)) == [("CR-EMPTY-FILE", "progress.csv", None, "")]
    (data / "progress.csv").write_text(" \n\n")
    assert found(refused(data)) == [("CR-EMPTY-FILE", "progress.csv", None, "")]


# details, line 4


def test_references_are_checked_between_the_tables_that_are_there(read: Any, refused: Any) -> None:
    progress = [
        {"quarter": "2024Q1", "unit": unit, "indicator": "I", "progress": 1} for unit in ("U1", "U9", "01")
    ]
    assert len(read({"progress": progress})["progress"]) == 3
    problems = refused({"units": [{"unit": "U1"}, {"unit": 1}], "progress": progress})
    assert found(problems) == [
        ("CR-NO-SUCH-REFERENCE", "progress", 2, "unit"),
        ("CR-NO-SUCH-REFERENCE", "progress", 3, "unit"),
    ]
    assert problems[0].message("zh") == "“U9”不在表 `units` 的列 `unit` 中"


def test_an_empty_cell_refers_to_nothing(read: Any) -> None:
    problem = dict.fromkeys(
        ["aspect", "listed_on", "due_on", "goal", "measures", "lead_unit", "responsible_unit"], ""
    )
    rows = {
        "units": [{"unit": "U1"}],
        "staff": [{"person": "P1", "unit": "", "role": "leader"}],
        "problems": [{"problem": "R1", **problem, "effect_on": "", "closed_on": ""}],
        "exemptions": [{**EXEMPTION, "indicator": ""}],
    }
    assert read(rows)["problems"][0]["lead_unit"] is None


def test_a_name_in_the_place_of_an_id_is_not_repeated(refused: Any) -> None:
    staff = [{"person": "P1", "unit": "", "role": "head"}]
    problems = refused({"staff": staff, "contacts": [{"leader": "张三", "contact": "C", "kind": "党组织"}]})
    assert found(problems) == [("CR-NO-SUCH-REFERENCE", "contacts", 1, "leader")]
    assert "张三" not in problems[0].text("en") + problems[0].text("zh")


def test_a_table_that_could_not_be_read_refutes_no_reference(refused: Any, folder: Any) -> None:
    data = folder({"progress.csv": PROGRESS, "units.csv": "unit\nU2,x\n"})
    assert found(refused(data)) == [("CR-RAGGED-ROW", "units.csv", 2, "")]


@pytest.mark.parametrize(
    "extra", [{"notes.txt": ""}, {"units.json": "{}"}, {"board.csv": "a"}, {"old/units.csv": UNITS}]
)
def test_what_is_no_table_is_refused(refused: Any, folder: Any, extra: dict[str, str]) -> None:
    (problem,) = refused(folder({"units.csv": UNITS, **extra}))
    assert problem.code in {"CR-UNKNOWN-FILE", "CR-NO-SUCH-TABLE", "CR-SUBFOLDER"}
    assert problem.place.file == next(iter(extra)).partition("/")[0]


def test_readme_and_hidden_files_may_stand_beside_tables(read: Any, folder: Any) -> None:
    aside = {"README.md": "", "readme.csv": "x", ".DS_Store": "", ".git/config": "", "~$units.xlsx": ""}
    assert set(read(folder({"units.csv": UNITS, **aside})).rows) == {"units"}


@pytest.mark.parametrize("source", [{}, {"README.md": "x"}])
def test_no_table_at_all_is_refused(refused: Any, folder: Any, source: dict[str, str]) -> None:
    assert [p.code for p in refused(folder(source))] == ["CR-NO-TABLE"]
    assert [p.code for p in refused({})] == ["CR-NO-TABLE"]


def test_contradictions_are_refused(read: Any, refused: Any) -> None:
    staff = {"person": "P1", "unit": "", "role": "head", "joined": "2024-02-01", "left": "2024-01-31"}
    results = {"year": 2024, "unit": "U", "indicator": "I", "regional_rank": 9, "cities": 8}
    rest = {"deducted": "", "cause": "", "completed": ""}
    problems = refused({"staff": [staff, {**staff, "person": "P2"}], "results": [{**results, **rest}]})
    assert found(problems) == [
        ("CR-CONTRADICTION", "staff", 1, ""),
        ("CR-CONTRADICTION", "staff", 2, ""),
        ("CR-CONTRADICTION", "results", 1, ""),
    ]
    assert problems[0].message("zh") == "该行自相矛盾：离任日期早于到任日期"
    assert read({"results": [{**results, **rest, "cities": ""}]})["results"][0]["regional_rank"] == 9


def test_what_looks_odd_but_may_be_is_allowed(read: Any) -> None:
    problem = dict.fromkeys(["aspect", "due_on", "goal", "measures", "lead_unit", "responsible_unit"], "")
    result = {"year": 2024, "unit": "U1", "regional_rank": 1, "deducted": 0, "cause": "", "completed": 1}
    facts = read(
        {
            "waivers": [{**WAIVER, "expires_on": "2023-01-01"}],
            "exemptions": [EXEMPTION],
            "problems": [
                {
                    "problem": "R1",
                    **problem,
                    "listed_on": "2024-01-01",
                    "effect_on": "2024-09-01",
                    "closed_on": "2024-08-01",
                }
            ],
            "results": [
                {**result, "indicator": "I1", "cities": 14},
                {**result, "indicator": "I2", "cities": 13},
            ],
        }
    )
    assert facts["waivers"][0]["expires_on"] == date(2023, 1, 1)


@pytest.mark.parametrize("column", ["authority", "reason"])
def test_a_waiver_or_exemption_needs_authority_and_reason(refused: Any, column: str) -> None:
    problems = refused({"waivers": [{**WAIVER, column: " "}], "exemptions": [{**EXEMPTION, column: None}]})
    assert found(problems) == [
        ("CR-EMPTY-CELL", "waivers", 1, column),
        ("CR-EMPTY-CELL", "exemptions", 1, column),
    ]


# details, lines 5 and 7


def test_cells_of_a_chinese_spreadsheet(read: Any, folder: Any) -> None:
    content = "季度,科室（单位）,指标,进度,全区排名,参评市数\n2024年第三季度,01,I１,85%,3.0,１４\n"
    (row,) = read(folder({"指标进度.csv": content.encode("gb18030")}))["progress"]
    assert list(row.values()) == [Quarter.parse("2024Q3"), "01", "I１", Decimal("0.85"), 3, 14]


def test_an_id_that_became_a_number_and_a_number_off_its_step(refused: Any, folder: Any) -> None:
    data = folder({"progress.csv": "quarter,unit,indicator,progress\n2024Q1,1.23457E+17,I1,0.0000001\n"})
    assert found(refused(data)) == [
        ("CR-ID-BECAME-NUMBER", "progress.csv", 2, "unit"),
        ("CR-OFF-STEP", "progress.csv", 2, "progress"),
    ]
    rows = [
        {"quarter": "2024Q1", "unit": "U", "indicator": i, "progress": p}
        for i, p in enumerate((0.1 + 0.2, 1 / 3))
    ]
    assert found(refused({"progress": rows})) == [("CR-OFF-STEP", "progress", 2, "progress")]


# headings and further columns


def test_headings_may_be_names_titles_or_aliases(read: Any, folder: Any) -> None:
    data = folder({"progress.csv": "QUARTER, 单位 ,Indicator,完成进度\n2024Q1,U1,I1,1\n"})
    assert read(data)["progress"][0]["unit"] == "U1"


@pytest.mark.parametrize("heading", ["unit,unit", "unit,科室", "unit,name,名称", "unit,bureau,bureau"])
@pytest.mark.parametrize("extra", ["error", "ignore", "keep"])
def test_two_headings_for_one_column_are_refused(refused: Any, folder: Any, heading: str, extra: str) -> None:
    data = folder({"units.csv": f"{heading}\n"})
    assert "CR-HEADING-TWICE" in {p.code for p in refused(data, extra_columns=extra)}


def test_further_columns_are_refused_ignored_or_kept(read: Any, refused: Any, folder: Any) -> None:
    data = folder({"units.csv": "unit,nmae, bureau \nU1,x,B1\nU2,,01\n"})
    problems = refused(data)
    assert [(p.code, p.values["heading"]) for p in problems] == [
        ("CR-UNKNOWN-HEADING", "nmae"),
        ("CR-UNKNOWN-HEADING", "bureau"),
    ]
    assert problems[0].hint().startswith("did you mean `name`?")
    assert read(data, extra_columns="ignore")["units"][0] == {"unit": "U1", "name": None}
    assert read(data, extra_columns="keep")["units"] == (
        {"unit": "U1", "name": None, "nmae": "x", "bureau": "B1"},
        {"unit": "U2", "name": None, "nmae": None, "bureau": "01"},
    )


def test_kept_cells_are_text_whatever_they_were(read: Any) -> None:
    cells = [True, 5, 5.0, 2.5, Decimal("0.10"), date(2024, 1, 2), " x ", None]
    rows = read({"units": [{"unit": i, "note": c} for i, c in enumerate(cells)]}, extra_columns="keep")[
        "units"
    ]
    assert [row["note"] for row in rows] == ["true", "5", "5", "2.5", "0.10", "2024-01-02", "x", None]


def test_cells_without_a_heading_are_refused_and_blank_columns_are_not(
    read: Any, refused: Any, folder: Any
) -> None:
    assert len(read(folder({"units.csv": "unit,,\nU1,,\nU2, ,\n"}))["units"]) == 2
    problems = refused({"units": [{"unit": "U1", "": "x"}, {"unit": "U2", "": "y"}]})
    assert [(p.code, p.values) for p in problems] == [("CR-NO-HEADING", {"number": 2})]


def test_grouping_keeps_organisations_apart(read: Any, refused: Any) -> None:
    def rows(bureau: str, progress_unit: str) -> dict[str, list[dict[str, Any]]]:
        progress = {
            "bureau": bureau,
            "quarter": "2024Q1",
            "unit": progress_unit,
            "indicator": "I",
            "progress": 1,
        }
        dispute = {
            "bureau": bureau,
            "table": "units",
            "key": progress_unit,
            "column": "name",
            "raised_on": "2024-01-01",
        }
        return {
            "units": [{"unit": f"U{bureau}", "bureau": bureau}, {"unit": "U", "bureau": bureau}],
            "progress": [progress],
            "disputes": [dispute],
        }

    def both(first: str, second: str) -> dict[str, list[dict[str, Any]]]:
        return {name: rows("1", first)[name] + rows("2", second)[name] for name in rows("1", first)}

    facts = read(both("U1", "U2"), group_by="bureau")
    assert [row["bureau"] for row in facts["units"]] == ["1", "1", "2", "2"]
    assert "bureau" not in facts.tables["units"].columns
    assert found(refused(both("U1", "U1"), group_by="bureau")) == [
        ("CR-NO-SUCH-REFERENCE", "progress", 2, "unit"),
        ("CR-DISPUTED-ROW", "disputes", 2, "key"),
    ]
    assert {p.code for p in refused(both("U1", "U2"), extra_columns="ignore")} >= {"CR-DUPLICATE-ROW"}
    assert found(refused({"units": [{"bureau": "", "unit": "U"}]}, group_by="bureau")) == [
        ("CR-EMPTY-CELL", "units", 1, "bureau")
    ]
    assert facts.group == "bureau"
    assert facts["units"][0] == {"bureau": "1", "unit": "U1", "name": None}


def test_a_table_without_the_grouping_column_is_refused_by_name(refused: Any) -> None:
    (own,) = refused({"units": [{"unit": "U"}]}, group_by="bureau")
    assert own.message() == "table `units` lacks the grouping column `bureau`"
    both = refused({"units": [{"name": "N"}], "progress": []}, group_by="bureau")
    assert [(p.code, p.place.file) for p in both] == [("CR-GROUP-MISSING", "units"), ("CR-MISSING-COLUMNS", "units")]
    assert both[1].message() == "table `units` lacks `unit`"


@pytest.mark.parametrize(
    ("name", "table"), [("unit", "units"), (" Unit ", "units"), ("科室", "units"), ("verdict", "decisions"), ("id", "decisions")]
)
def test_what_has_a_meaning_already_keeps_nothing_apart(refused: Any, name: str, table: str) -> None:
    (problem,) = refused({"units": []}, group_by=name)
    assert (problem.code, problem.values["table"]) == ("CR-GROUP-IS-COLUMN", table)


# rows


def test_a_key_may_stand_once(refused: Any, folder: Any) -> None:
    data = folder({"units.csv": "unit\nU1\nU2\n\nU1\n U1 \n"})
    problems = refused(data)
    assert found(problems) == [
        ("CR-DUPLICATE-ROW", "units.csv", 5, ""),
        ("CR-DUPLICATE-ROW", "units.csv", 6, ""),
    ]
    assert problems[0].message() == "the row has the same key (unit) as row 2"


def test_an_exemption_of_all_indicators_and_one_of_a_single_one_are_two_rows(read: Any, refused: Any) -> None:
    rows = [EXEMPTION, {**EXEMPTION, "indicator": "I1"}]
    assert len(read({"exemptions": rows})["exemptions"]) == 2
    assert [p.code for p in refused({"exemptions": [*rows, EXEMPTION]})] == ["CR-DUPLICATE-ROW"]


def test_all_problems_of_all_files_stand_in_one_report_in_order(refused: Any, folder: Any) -> None:
    data = folder(
        {
            "a.txt": "",
            "progress.csv": "quarter,unit,indicator,progress\n2024Q1,U9,I,-1\n2024Q9,U1,I,x\n2024Q1,U9,I,1\n",
            "style.csv": "quarter,unit,style\n2024Q1,U1,goood\n",
            "units.csv": UNITS,
        }
    )
    assert found(refused(data)) == [
        ("CR-UNKNOWN-FILE", "a.txt", None, ""),
        ("CR-TOO-LOW", "progress.csv", 2, "progress"),
        ("CR-NO-SUCH-REFERENCE", "progress.csv", 2, "unit"),
        ("CR-NOT-A-PERIOD", "progress.csv", 3, "quarter"),
        ("CR-NOT-A-NUMBER", "progress.csv", 3, "progress"),
        ("CR-DUPLICATE-ROW", "progress.csv", 4, ""),
        ("CR-NO-SUCH-REFERENCE", "progress.csv", 4, "unit"),
        ("CR-NOT-A-CHOICE", "style.csv", 2, "style"),
    ]


def test_a_thousand_problems_are_kept_and_the_others_counted(refused: Any) -> None:
    problems = refused({"units": [{"unit": ""} for _ in range(1234)]})
    assert len(problems) == 1001
    assert problems[-1].message() == "234 more problems are not listed"
    assert "另有 234 处" in problems[-1].message("zh")


def test_a_hundred_thousand_rows_take_seconds(read: Any) -> None:
    rows = [
        {
            "quarter": f"{2000 + i // 4000}Q{i // 1000 % 4 + 1}",
            "unit": f"U{i % 100}",
            "indicator": f"I{i // 100 % 10}",
            "progress": f"0.{i:06}",
        }
        for i in range(100_000)
    ]
    started = time.perf_counter()
    assert len(read({"progress": rows})["progress"]) == 100_000
    assert time.perf_counter() - started < 20  # about one second on a quiet machine


# sources


def test_a_table_given_twice_is_refused(refused: Any, folder: Any) -> None:
    data = folder({"units.csv": UNITS, "units.jsonl": '{"unit": "U1"}', "科室表.csv": UNITS})
    problems = refused(data)
    assert [p.code for p in problems] == ["CR-TABLE-TWICE", "CR-TABLE-TWICE"]
    assert problems[0].values == {"table": "units", "first": "units.csv", "second": "units.jsonl"}
    assert [p.code for p in refused({"units": [], "Units": []})] == ["CR-TABLE-TWICE"]


def test_an_unknown_table_gets_the_nearest(refused: Any) -> None:
    (problem,) = refused({"unit": []})
    assert (problem.code, problem.hint()) == ("CR-NO-SUCH-TABLE", "did you mean `units`?")


def test_models_dicts_and_generators_are_rows(read: Any) -> None:
    model = Progress(quarter="2024Q1", unit="U1", indicator="I1", progress="0.5")
    facts = read(
        {"units": (Units(unit=u) for u in ("U1", "U2")), "progress": [model, {**dict(model), "unit": "U2"}]}
    )
    assert facts["units"] == ({"unit": "U1", "name": None}, {"unit": "U2", "name": None})
    assert [row["progress"] for row in facts["progress"]] == [Decimal("0.5")] * 2


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("x", "CR-NOT-ROWS"),
        ({"unit": 1}, "CR-NOT-ROWS"),
        (None, "CR-NOT-ROWS"),
        (5, "CR-NOT-ROWS"),
        ([1], "CR-NOT-A-ROW"),
        ([["U1"]], "CR-NOT-A-ROW"),
        ([None], "CR-NOT-A-ROW"),
    ],
)
def test_what_are_no_rows_is_refused(refused: Any, rows: Any, code: str) -> None:
    assert [p.code for p in refused({"units": rows})] == [code]


def test_a_cell_that_holds_a_list_or_an_object_is_refused(refused: Any) -> None:
    problems = refused({"units": [{"unit": ["U1"], "name": {"zh": "x"}}]})
    assert found(problems) == [("CR-NOT-TEXT", "units", 1, "unit"), ("CR-NOT-TEXT", "units", 1, "name")]


def test_a_source_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "units.xls").write_text(UNITS)
    for source, code in (
        (tmp_path / "nowhere", "CR-NO-SUCH-PATH"),
        (str(tmp_path / "a\0b"), "CR-NO-SUCH-PATH"),
        ("x" * 5000, "CR-UNREADABLE"),
        (tmp_path / "units.csv", "CR-NEEDS-FOLDER"),
        (tmp_path / "units.xls", "CR-UNKNOWN-FORMAT"),
        (5, "CR-NOT-TABLES"),
        (None, "CR-NOT-TABLES"),
    ):
        with pytest.raises(UsageError) as caught:
            read_tables(source, TABLES)  # type: ignore[arg-type]
        assert caught.value.code == code
        assert str(tmp_path.parent) not in caught.value.report("zh")


def test_a_folder_named_as_a_file_is_a_folder(read: Any, tmp_path: Path) -> None:
    (tmp_path / "data.xlsx").mkdir()
    (tmp_path / "data.xlsx" / "units.csv").write_text(UNITS)
    assert len(read(tmp_path / "data.xlsx")["units"]) == 2


def test_a_pipe_is_not_waited_for(refused: Any, folder: Any) -> None:
    data = folder({"progress.csv": PROGRESS})
    os.mkfifo(data / "units.csv")
    assert found(refused(data)) == [("CR-UNREADABLE", "units.csv", None, "")]


def test_a_file_without_permission(refused: Any, folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError

    data = folder({"units.csv": UNITS, "progress.csv": PROGRESS})
    monkeypatch.setattr(Path, "open", denied)
    assert [p.code for p in refused(data)] == ["CR-UNREADABLE", "CR-UNREADABLE"]
    monkeypatch.setattr(Path, "iterdir", denied)
    assert [p.code for p in refused(data)] == ["CR-UNREADABLE"]


def test_a_file_too_large(refused: Any, folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)
    assert [p.code for p in refused(folder({"units.csv": UNITS}))] == ["CR-FILE-TOO-LARGE"]


def test_nothing_is_half_read(folder: Any) -> None:
    with pytest.raises(DataError):
        read_tables(folder({"units.csv": UNITS, "progress.csv": "x"}), TABLES)


def test_one_fault_is_told_once(refused: Any) -> None:
    progress = {
        "quarter": "2024Q1",
        "unit": "U1",
        "indicator": "I",
        "progress": 1,
        "regional_rank": "x",
        "cities": 3,
    }
    problems = refused({"units": [{"unit": "x" * 10_001}], "progress": [progress]})
    assert found(problems) == [
        ("CR-CELL-TOO-LONG", "units", 1, "unit"),
        ("CR-NOT-A-NUMBER", "progress", 1, "regional_rank"),
    ]
    rows = [{"unit": "U1", "indicator": "I", "progress": 1}] * 2
    assert [p.code for p in refused({"progress": rows})] == ["CR-MISSING-COLUMNS"]
