"""The small print of cells, files and tables, fact by fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pandas as pd

import cadrerules as cr
from small_bureau import AS_OF, EXEMPTION, HEAD, PLAN, WAIVER, evaluate, refused, row, standing, verdicts


def test_what_an_empty_cell_means() -> None:
    """Empty is unknown, but for ends and beginnings, an exemption's indicator, a cadre and a leader's unit."""
    staff = [{**HEAD, "joined": "", "left": "", "cadre": ""}, {"person": "L", "unit": "", "role": "leader"}]
    facts = cr.read_tables({"staff": staff, "exemptions": [{**EXEMPTION, "indicator": ""}]}, PLAN)
    columns = PLAN.tables["staff"].columns
    assert columns["joined"].value(facts["staff"][0]["joined"]) == date.min
    assert columns["left"].value(facts["staff"][0]["left"]) == date.max
    assert columns["cadre"].value(facts["staff"][0]["cadre"]) is True
    assert columns["unit"].value(facts["staff"][1]["unit"]) == ""
    bars = [row(deducted=2, cause="subjective"), row(indicator="I2", deducted=2, cause="subjective")]
    tables = {"staff": staff, "results": bars, "exemptions": [{**EXEMPTION, "indicator": ""}]}
    assert verdicts(evaluate(tables), "promotion") == {}
    assert verdicts(evaluate({"staff": staff, "results": [row(deducted="")]}), "excellent") == {
        ("H", "2024"): "?barred/None"
    }
    for table in ("waivers", "problems"):
        ends = [c for c in PLAN.tables[table].columns.values() if c.name in ("expires_on", "closed_on", "effect_on")]
        assert [column.value(None) for column in ends] == [date.max] * len(ends)


def test_what_must_not_be_empty() -> None:
    """A key, and an activity's kind, actor and day, must be filled in."""
    assert refused({"results": [row(indicator="")]}) == [("CR-EMPTY-CELL", "indicator")]
    activity = {"activity": "", "kind": "", "actor": "", "done_on": ""}
    expected = [("CR-EMPTY-CELL", name) for name in ("activity", "kind", "actor", "done_on")]
    assert refused({"activities": [activity]}) == expected


def test_a_column_that_may_be_left_out_is_a_column_of_empty_cells() -> None:
    """Leaving out `joined`, `left` and the like is the same as leaving their cells empty; others are required."""
    optional = {name for name, column in PLAN.tables["staff"].columns.items() if column.about.optional}
    assert optional == {
        "name", "joined", "left", "cadre", "party_member", "key_post", "young_cadre", "leadership_team",
    }  # fmt: skip
    short, full = ({"staff": [row]} for row in (HEAD, {**HEAD, **dict.fromkeys(optional, "")}))
    assert cr.read_tables(short, PLAN)["staff"] == cr.read_tables(full, PLAN)["staff"]
    assert refused({"staff": [{"person": "H", "unit": "U"}]})[0][0] == "CR-MISSING-COLUMNS"


def test_an_absent_table_is_not_an_empty_one(tmp_path: Path) -> None:
    """Own facts absent: not evaluated; looked up: unknown; remedies: none; a header alone is empty, no bytes an error."""
    board = standing("2024Q1", "U") + standing("2024Q2", "U")
    result = evaluate({"progress": board})
    assert verdicts(result, "commendation") == {("U", "2024Q2"): "?commended/None"}
    assert [(n.policy, n.rule, n.tables) for n in result.not_evaluated] == [
        ("assessment", None, ("results",)),
        ("board", "board.interview", ("staff",)),
    ]
    names = ("progress", "results", "staff", "style", "problems", "activities", "contacts", "trainings", "assessments")
    empty: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    assert evaluate(empty).not_evaluated == ()
    (tmp_path / "progress.csv").write_text("quarter,unit,indicator,progress\n")
    assert evaluate_folder(tmp_path).decisions == ()
    (tmp_path / "progress.csv").write_bytes(b"")
    assert refused(tmp_path) == [("CR-EMPTY-FILE", "")]


def evaluate_folder(folder: Path) -> cr.Result:
    return PLAN.evaluate(cr.read_tables(folder, PLAN), as_of=AS_OF, policies=["board"])


def test_references_and_files_that_are_no_tables(tmp_path: Path) -> None:
    """References hold between the tables that are there; a stray file is refused, README and hidden ones aside."""
    assert cr.read_tables({"staff": [HEAD]}, PLAN)["staff"]
    assert refused({"staff": [HEAD], "units": [{"unit": "V"}]}) == [("CR-NO-SUCH-REFERENCE", "unit")]
    assert refused(tmp_path)[0][0] == "CR-NO-TABLE"
    for name in ("README.md", ".hidden.csv", "units.csv"):
        (tmp_path / name).write_text("unit\nU\n")
    assert cr.read_tables(tmp_path, PLAN)["units"] == ({"unit": "U", "name": None},)
    (tmp_path / "notes.csv").write_text("unit\nU\n")
    assert refused(tmp_path)[0][0] == "CR-NO-SUCH-TABLE"


def test_contradictions_are_refused_and_oddities_allowed() -> None:
    """Left before joined and a place beyond the cities are refused; odd but possible rows are not."""
    assert refused({"staff": [{**HEAD, "joined": "2024-02-02", "left": "2024-02-01"}]}) == [("CR-CONTRADICTION", "")]
    assert refused({"results": [row(regional_rank=15)]}) == [("CR-CONTRADICTION", "")]
    problem = dict.fromkeys(PLAN.tables["problems"].columns, "") | {"problem": "P1"}
    allowed = {
        "waivers": [{**WAIVER, "expires_on": "2025-01-09"}],
        "results": [row(), row(indicator="I2", cities=13)],
        "problems": [{**problem, "closed_on": "2024-01-01", "effect_on": "2024-02-01"}],
        "exemptions": [{**EXEMPTION, "indicator": "I9"}],
    }
    assert set(cr.read_tables(allowed, PLAN).rows) == set(allowed)
    for table, remedy in (("waivers", WAIVER), ("exemptions", EXEMPTION)):
        for cell in ("authority", "reason"):
            assert refused({table: [{**remedy, cell: ""}]}) == [("CR-EMPTY-CELL", cell)]


def test_how_cells_may_be_written() -> None:
    """Truths, ids, dates, quarters and percentages in their several forms."""
    truths = {"true": True, "是": True, "yes": True, "1": True, "false": False, "否": False, "no": False, "0": False}
    for text, value in truths.items():
        assert cr.read_tables({"results": [row(completed=text)]}, PLAN)["results"][0]["completed"] is value
    ids = [{"unit": "01"}, {"unit": "1"}]
    assert [r["unit"] for r in cr.read_tables({"units": ids}, PLAN)["units"]] == ["01", "1"]
    assert refused({"units": [{"unit": 110101199001011234.0}]}) == [("CR-ID-BECAME-NUMBER", "unit")]
    for day in ("2024-09-01", "2024年9月1日", "2024/9/1"):
        assert cr.read_tables({"staff": [{**HEAD, "joined": day}]}, PLAN)["staff"][0]["joined"] == date(2024, 9, 1)
    for quarter in ("2024Q3", "2024年第三季度"):
        progress = {"quarter": quarter, "unit": "U", "indicator": "I1", "progress": "85%"}
        (read,) = cr.read_tables({"progress": [progress]}, PLAN)["progress"]
        assert (str(read["quarter"]), read["progress"]) == ("2024Q3", Decimal("0.85"))


def test_what_is_no_number() -> None:
    """NaN and infinity are refused, but NaN in a pandas column is an empty cell."""
    for value in (nan, inf, -inf, "NaN", "inf"):
        assert refused({"results": [row(deducted=value)]}) == [("CR-NOT-A-NUMBER", "deducted")]
    frame = pd.DataFrame([row(deducted=nan), row(indicator="I2", deducted=1.5)])
    read = cr.read_tables({"results": frame}, PLAN)["results"]
    assert [r["deducted"] for r in read] == [None, Decimal("1.5")]


def test_a_period_without_a_row_is_unknown() -> None:
    """The year before is unknown where it has no row, also in the first year of the data."""
    tables = {"staff": [HEAD], "results": [row(2022, regional_rank=1), row(2024, regional_rank=1)]}
    assert verdicts(evaluate(tables), "promotion") == {
        ("H", "2022"): "?preferred/None",
        ("H", "2024"): "?preferred/None",
    }


def test_steps_of_numbers() -> None:
    """Progress has the step 0.000001, points 0.01; only a float may be off, by 1e-9 at most."""
    cells = standing("2024Q1", "U")[0]
    for value, read in (("0.000001", "0.000001"), (0.1 + 0.2, "0.3"), (0.3 + 9e-10, "0.3")):
        (found,) = cr.read_tables({"progress": [{**cells, "progress": value}]}, PLAN)["progress"]
        assert found["progress"] == Decimal(read)
    for value in ("0.0000001", Decimal("0.30000000001"), 0.3 + 2e-9):
        assert refused({"progress": [{**cells, "progress": value}]}) == [("CR-OFF-STEP", "progress")]
    assert refused({"results": [row(deducted="0.001")]}) == [("CR-OFF-STEP", "deducted")]
