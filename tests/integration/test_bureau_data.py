from __future__ import annotations

import csv
import runpy
import sys
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

import cadrerules as cr
from cadrerules.model.facts import Facts
from cadrerules_market_supervision.facts import TABLES

EXAMPLES = Path(__file__).parents[2] / "examples"
BUREAU = EXAMPLES / "bureau"
NAMES = ["units", "staff", "progress", "style", "results", "problems", "activities", "contacts", "trainings"]
NAMES += ["assessments", "waivers", "exemptions", "disputes"]
MODELS: dict[str, type[Facts]] = {model.spec.name: model for model in TABLES if model.spec.name in NAMES}
AS_OF = "2025-01-15"


@cache
def rows(table: str) -> list[dict[str, str]]:
    with (BUREAU / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pick(table: str, **cells: str) -> list[dict[str, str]]:
    return [row for row in rows(table) if all(row[name] == cell for name, cell in cells.items())]


def means(quarter: str) -> dict[str, Fraction]:
    """Each unit's mean progress, of the units that have all their figures."""
    figures: dict[str, list[str]] = {}
    for row in pick("progress", quarter=quarter):
        figures.setdefault(row["unit"], []).append(row["progress"])
    return {unit: sum(map(Fraction, f)) / len(f) for unit, f in figures.items() if all(f)}  # type: ignore[misc]


def places(quarter: str) -> dict[str, int]:
    """Place by mean, equal means sharing the better one."""
    mean = means(quarter)
    return {unit: 1 + sum(other > own for other in mean.values()) for unit, own in mean.items()}


def head(unit: str) -> str:
    (row,) = [row for row in pick("staff", unit=unit, role="head") if not row["left"]]
    return row["person"]


# ---- The files -------------------------------------------------------------------------------------


def regenerate(folder: Path) -> Path:
    folder.mkdir()
    made_by = EXAMPLES / "00_make_bureau"
    sys.path.insert(0, str(made_by))
    try:
        runpy.run_path(str(made_by / "make_bureau.py"))["write"](folder)
    finally:
        sys.path.remove(str(made_by))
    return folder


def parts(workbook: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """A workbook's contents; their compression may differ between machines."""
    with ZipFile(workbook) as archive:
        return [(part.filename, part.date_time, archive.read(part)) for part in archive.infolist()]


def test_the_script_writes_the_committed_files_again(tmp_path: Path) -> None:
    again = regenerate(tmp_path / "again")
    assert sorted(path.name for path in BUREAU.iterdir()) == sorted(f"{name}.csv" for name in NAMES)
    assert [path.name for path in sorted((again / "bureau").iterdir())] == sorted(f"{n}.csv" for n in NAMES)
    for name in NAMES:
        file = Path("bureau") / f"{name}.csv"
        assert (again / file).read_bytes() == (EXAMPLES / file).read_bytes()
    assert parts(again / "bureau.xlsx") == parts(EXAMPLES / "bureau.xlsx")


def test_the_workbook_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = (regenerate(tmp_path / name) / "bureau.xlsx" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("table", NAMES)
def test_the_tables_fit_their_models(table: str) -> None:
    model = MODELS[table]
    assert list(rows(table)[0]) == list(model.spec.columns)
    for row in rows(table):
        model.model_validate({name: cell or None for name, cell in row.items()})
    keys = [tuple(row[name] for name in model.spec.key) for row in rows(table)]
    assert len(set(keys)) == len(keys)


def test_references_and_ranks_hold() -> None:
    units = {row["unit"] for row in rows("units")}
    assert all(row["unit"] in units for table in ("progress", "style", "results") for row in rows(table))
    ranked = [row for table in ("progress", "results") for row in rows(table) if row["regional_rank"]]
    assert all(int(row["regional_rank"]) <= int(row["cities"]) for row in ranked)
    assert all(not row["left"] or row["left"] > row["joined"] for row in rows("staff"))


def test_the_bureau_has_the_size_it_is_said_to_have() -> None:
    assert [row["unit"] for row in rows("units")] == [f"U{n:02}" for n in range(1, 21)]
    assert len({row["person"] for row in rows("staff")}) == 182
    assert all(row["name"] == f"职工{row['person'][1:]}" for row in rows("staff"))
    assert sorted({row["quarter"] for row in rows("progress")}) == sorted({r["quarter"] for r in rows("style")})
    assert [len(pick("results", year=year)) for year in ("2022", "2023", "2024")] == [30, 30, 30]
    undertaken = {row["indicator"]: row["unit"] for row in rows("results")}
    assert sorted(undertaken) == [f"I{n:02}" for n in range(1, 31)]
    assert all(undertaken[row["indicator"]] == row["unit"] for row in rows("progress"))
    counts = [list(undertaken.values()).count(unit) for unit in set(undertaken.values())]
    assert sorted(counts) == [1] * 12 + [2] * 6 + [3] * 2


def cell_of_csv(cell: Any) -> str:
    """A cell of the workbook as it stands in the CSV."""
    if isinstance(cell, date | datetime):
        return cell.strftime("%Y-%m-%d")
    return {"是": "true", "否": "false"}.get(cell, str(cell))


@pytest.mark.parametrize("table", NAMES)
def test_the_workbook_holds_the_same_in_chinese(table: str) -> None:
    spec = MODELS[table].spec
    heading, *body = CalamineWorkbook.from_path(EXAMPLES / "bureau.xlsx").get_sheet_by_name(spec.title.zh).to_python()
    assert heading == [column.title.zh for column in spec.columns.values()]
    assert len(body) == len(rows(table))
    for row, expected in zip(body, rows(table), strict=True):
        for cell, (name, text) in zip(row, expected.items(), strict=True):
            words = spec.columns[name].about.words
            if isinstance(cell, float):
                assert abs(Decimal(cell) - Decimal(text)) < Decimal("1e-9")
            else:
                assert cell_of_csv(cell) == (words[text][0] if text in words else text)


# ---- The stories of the board ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("U03", {"2023Q3": 9, "2023Q4": 3, "2024Q1": 2, "2024Q2": 4}),
        ("U04", {"2023Q1": 5, "2023Q2": 6, "2023Q3": 13}),
        ("U05", {"2024Q3": 3, "2024Q4": 2}),
        ("U06", {"2023Q3": 4, "2024Q1": 5}),
        ("U18", {"2024Q2": 9, "2024Q3": 15, "2024Q4": 16}),
        ("U19", {"2024Q3": 17, "2024Q4": 18}),
    ],
)
def test_places_on_the_board(unit: str, expected: dict[str, int]) -> None:
    assert {quarter: places(quarter)[unit] for quarter in expected} == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("U03", {"2023Q4": "good", "2024Q1": "good", "2024Q2": "good"}),
        ("U04", {"2023Q1": "ordinary", "2023Q2": "good"}),
        ("U05", {"2024Q3": "prominent_problems", "2024Q4": "prominent_problems"}),
        ("U06", {"2024Q1": "good"}),
        ("U18", {"2024Q3": "prominent_problems", "2024Q4": "prominent_problems"}),
        ("U19", {"2024Q4": ""}),
        ("U11", {"2023Q3": ""}),
    ],
)
def test_work_style(unit: str, expected: dict[str, str]) -> None:
    assert {q: pick("style", unit=unit, quarter=q)[0]["style"] for q in expected} == expected


def test_two_units_share_place_seven() -> None:
    at_seven = [unit for unit, place in places("2024Q2").items() if place == 7]
    assert at_seven == ["U07", "U08"]
    assert sorted(places("2024Q2").values()) == [1, 2, 3, 4, 5, 6, 7, 7, *range(9, 21)]
    assert [len(pick("progress", quarter="2024Q2", unit=unit)) for unit in at_seven] == [1, 2]


def test_only_one_row_is_missing() -> None:
    assert len(rows("progress")) == 8 * 30 - 1
    assert pick("progress", quarter="2023Q4", unit="U06") == []


def test_two_figures_are_missing() -> None:
    missing = [(row["quarter"], row["indicator"]) for row in rows("progress") if not row["progress"]]
    assert missing == [("2023Q2", "I15"), ("2024Q3", "I11")]
    assert len(pick("progress", quarter="2024Q3", unit="U09")) == 1
    assert {7, 10} <= set(places("2024Q3").values())
    assert [(r["quarter"], r["indicator"]) for r in rows("progress") if not r["regional_rank"]] == [("2024Q2", "I02")]


# ---- The stories of the year-end assessment --------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "indicator", "ranks", "cities"),
    [
        ("U03", "I03", ["2", ""], "14"),
        ("U04", "I04", ["3", "3"], "5"),
        ("U10", "I12", ["3", "1"], "14"),
        ("U11", "I13", ["13", "14"], "14"),
        ("U15", "I19", ["2", "3"], "14"),
        ("U15", "I20", ["14", "12"], "14"),
        ("U16", "I22", ["12", "13"], "14"),
    ],
)
def test_ranks_two_years_running(unit: str, indicator: str, ranks: list[str], cities: str) -> None:
    last = [row for row in pick("results", unit=unit, indicator=indicator) if row["year"] != "2022"]
    assert [row["regional_rank"] for row in last] == ranks
    assert {row["cities"] for row in last} == {cities}


def test_nobody_else_is_at_either_end_of_the_ranking() -> None:
    told = {"I03", "I04", "I12", "I13", "I19", "I20", "I22"}
    others = [int(row["regional_rank"]) for row in rows("results") if row["indicator"] not in told]
    assert set(others) <= set(range(4, 12))


@pytest.mark.parametrize(
    ("year", "unit", "indicator", "deducted", "cause", "completed"),
    [
        ("2023", "U01", "I01", "2.10", "subjective", "true"),
        ("2023", "U02", "I02", "3.20", "objective", "false"),
        ("2023", "U05", "I06", "2.00", "subjective", "true"),
        ("2024", "U06", "I07", "2.40", "", "true"),
        ("2024", "U08", "I09", "3.00", "subjective", "true"),
        ("2024", "U12", "I14", "2.50", "subjective", "true"),
        ("2024", "U13", "I16", "3.00", "subjective", "true"),
        ("2024", "U14", "I17", "3.50", "subjective", "true"),
        ("2024", "U17", "I23", "1.00", "subjective", "false"),
        ("2024", "U19", "I26", "1.20", "subjective", "true"),
        ("2024", "U19", "I27", "1.30", "subjective", "true"),
        ("2024", "U20", "I30", "2.20", "subjective", "false"),
    ],
)
def test_points_lost(year: str, unit: str, indicator: str, deducted: str, cause: str, completed: str) -> None:
    (row,) = pick("results", year=year, unit=unit, indicator=indicator)
    assert (row["deducted"], row["cause"], row["completed"]) == (deducted, cause, completed)


def test_nobody_else_loses_two_points_or_fails_for_subjective_reasons() -> None:
    heavy = [(row["year"], row["indicator"]) for row in rows("results") if Decimal(row["deducted"]) >= 2]
    assert sorted(heavy) == [
        *(("2023", indicator) for indicator in ("I01", "I02", "I06")),
        *(("2024", indicator) for indicator in ("I07", "I09", "I14", "I16", "I17", "I30")),
    ]
    failed = pick("results", cause="subjective", completed="false")
    assert [row["indicator"] for row in failed] == ["I23", "I30"]
    assert all(row["cause"] for row in rows("results") if row["deducted"] != "0.00" and row["indicator"] != "I07")


def test_one_waiver_is_in_force_and_one_has_run_out() -> None:
    out, in_force = rows("waivers")
    assert out["subject"] == head("U11")
    assert in_force["subject"] == head("U16")
    for row in (out, in_force):
        assert (row["rule"], row["period"]) == ("assessment.bar_ranking", "2024")
        assert row["authority"]
        assert row["reason"]
        assert row["decided_on"] <= AS_OF
    assert out["expires_on"] < AS_OF <= in_force["expires_on"]


def test_exemptions_in_force_and_later() -> None:
    shown = [(row["unit"], row["year"], row["indicator"], row["decided_on"] <= AS_OF) for row in rows("exemptions")]
    assert shown == [("U12", "2024", "I14", False), ("U20", "2024", "I30", True), ("U01", "2023", "", True)]
    assert all(row["authority"] and row["reason"] for row in rows("exemptions"))


def test_one_dispute_is_open_and_one_resolved() -> None:
    assert [(row["table"], row["key"], row["column"], bool(row["resolved_on"])) for row in rows("disputes")] == [
        ("progress", "2024Q1/U07/I08", "progress", True),
        ("results", "2024/U08/I09", "deducted", False),
    ]
    for row in rows("disputes"):
        names = MODELS[row["table"]].spec.key
        assert len(pick(row["table"], **dict(zip(names, row["key"].split("/"), strict=True)))) == 1


def test_people_come_and_go() -> None:
    old, new = pick("staff", unit="U12", role="head")
    assert (old["left"], new["joined"], new["left"]) == ("2024-06-30", "2024-07-01", "")
    key_staff = {row["joined"]: row["left"] for row in pick("staff", unit="U10", role="key_staff")}
    assert len(key_staff) == 4
    assert key_staff["2024-11-04"] == ""
    assert sorted(key_staff.values()) == ["", "", "", "2024-09-30"]
    (second_post,) = pick("staff", unit="U10", joined="2023-03-01")
    (first_post,) = pick("staff", unit="U02", role="deputy_head")
    assert second_post["person"] == first_post["person"]
    before, after = pick("staff", person=pick("staff", unit="U14", joined="2024-04-01")[0]["person"])
    assert (before["unit"], before["left"], after["unit"]) == ("U05", "2024-03-31", "U14")


def test_leaders_have_no_unit() -> None:
    leaders = pick("staff", role="leader")
    assert [row["unit"] for row in leaders] == [""] * 5
    assert [(row["joined"][:4], row["left"]) for row in leaders[3:]] == [("2010", "2023-06-30"), ("2023", "")]


# ---- Every verdict ---------------------------------------------------------------------------------

SETTINGS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({"board.black_quarters": 2, "rectification.total_max": 10}, {"resolution.promotion": "report_conflict"}),
]


def test_every_verdict_of_the_plan_occurs() -> None:
    """Most as the plan stands; three wait for a number or a reading that the source leaves open."""
    plan = cr.load_policies("market-supervision")
    facts = cr.read_tables(BUREAU, plan)
    found = {
        (decision.question, decision.verdict)
        for params, readings in SETTINGS
        for decision in plan.amend(params, readings).evaluate(facts, as_of=date.fromisoformat(AS_OF)).decisions
    }
    everything = {(name, verdict) for name, question in plan.questions.items() for verdict in question.verdicts}
    assert everything - found == set()


DUTIES = {
    "obligation/P001/2024/field_days": ("unmet", "60", "55", "5"),
    "obligation/P002/2025/field_days": ("behind", "60", "0", "60"),
    "obligation/P002/2024/contacts": ("unmet", "3", "2", "1"),
    "obligation/P003/2024/contacts": ("unmet", "3", "2", "1"),
    "obligation/P006/2024-10/lecture_rotation": ("unmet", "1", "2", "0"),
    "obligation/P023/2024/training": ("unmet", "1", "0", "1"),
    "obligation/P041/2024/university": ("unmet", "1", "0", "1"),
    "obligation/bureau/2024/regional_report": ("unmet", "2", "1", "1"),
    "obligation/bureau/2024-08/monthly_report": ("unmet", "1", "0", "1"),
    "obligation/bureau/2024-W40/meeting": ("unmet", "1", "0", "1"),
    "obligation/bureau/2024Q4/supervision_list": ("unmet", "1", "0", "1"),
}


def test_only_the_duties_of_the_stories_are_neglected() -> None:
    result = cr.load_policies("market-supervision").evaluate(BUREAU, as_of=date.fromisoformat(AS_OF))
    found = {
        d.id: (d.verdict, d.due, d.done, d.short)
        for d in result.decisions
        if d.question == "obligation" and d.status == "decided"
    }
    assert found == DUTIES
    assert {
        d.id for d in result.decisions if d.verdict == "incomplete" and d.question in ("training", "assessment")
    } == {"training/P049/T2024", "training/P058/T2024", "assessment/P005/2024"}
