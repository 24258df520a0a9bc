"""No output names a person where pseudonyms are asked for, and no error ever does."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from command import Done, run

BUREAU = Path(__file__).parents[2] / "examples" / "bureau"
PLAN = cr.load_policies("market-supervision")
KEY = bytes(range(32))
PERSON = re.compile(r"\bP\d{3}\b|职工\d")
"""An id or a name of the example bureau."""


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example bureau with persons also in reasons, disputes and a waiver that does nothing."""
    folder = tmp_path_factory.mktemp("data") / "bureau"
    shutil.copytree(BUREAU, folder)
    with (folder / "waivers.csv").open("a", encoding="utf-8", newline="") as file:
        add = csv.writer(file)
        add.writerow(["assessment.bar_deduction", "P182", "2024", "局党组", "经职工001核实，P182无过失", "2025-01-02", ""])
        add.writerow(["board.interview", "P182", "2024Q4", "P001", "-", "2025-01-02", ""])
    with (folder / "disputes.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["staff", "P182/U12/head", "left", "2025-01-02", ""])
    return folder


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("keys") / "person.key"
    file.write_bytes(KEY)
    return str(file)


def told(done: Done) -> str:
    """What a command that went well printed, on both streams."""
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    return done.stdout.decode() + done.stderr.decode()


def evaluated(bureau: Path, *arguments: str, lang: str = "en") -> Done:
    return run("evaluate", str(bureau), "--as-of", "2025-01-15", *arguments, lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format_", [("table",), ("json", "--trace"), ("csv",)])
def test_no_format_of_evaluate_names_anybody(bureau: Path, key: str, format_: tuple[str, ...], lang: str) -> None:
    asked = ("--format", *format_)
    assert PERSON.search(told(evaluated(bureau, *asked, lang=lang)))
    found = told(evaluated(bureau, *asked, "--pseudonymise", key, lang=lang))
    assert not PERSON.search(found)
    assert found.count(cr.pseudonym("P182", KEY)) > 1


def test_a_workbook_names_nobody(bureau: Path, key: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="xlsxwriter is not installed")
    calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
    out = tmp_path / "out.xlsx"
    told(evaluated(bureau, "--format", "xlsx", "--out", str(out), "--pseudonymise", key))
    book = calamine.CalamineWorkbook.from_path(out)
    text = repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert not PERSON.search(text)
    assert cr.pseudonym("P182", KEY) in text


def test_the_json_holds_the_same_decisions_by_another_name(bureau: Path, key: str, tmp_path: Path) -> None:
    open_, hidden = (
        json.loads(evaluated(bureau, "--format", "json", *asked).stdout) for asked in ((), ("--pseudonymise", key))
    )
    renamed = re.sub(r"\bP\d{3}\b", lambda match: cr.pseudonym(match[0], KEY), json.dumps(open_["decisions"]))
    by_id = {decision["id"]: decision for decision in json.loads(renamed)}
    assert {decision["id"]: decision for decision in hidden["decisions"]} == by_id
    again = evaluated(bureau, "--format", "json", "--pseudonymise", key)
    assert json.loads(again.stdout) == hidden
    people = [d["subject"]["id"] for d in hidden["decisions"] if d["question"] == "promotion"]
    assert people == sorted(people)
    other = tmp_path / "other.key"
    other.write_bytes(KEY[::-1])
    assert cr.pseudonym("P182", KEY) not in told(evaluated(bureau, "--format", "json", "--pseudonymise", str(other)))


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "json"])
def test_explaining_takes_the_id_or_the_code_and_shows_the_code(bureau: Path, key: str, format_: str) -> None:
    code = cr.pseudonym("P182", KEY)
    for lang in ("en", "zh"):
        asked = ("--as-of", "2025-01-15", "--format", format_, "--pseudonymise", key, "--lang", lang)
        first, second = (told(run("explain", str(bureau), subject, *asked)) for subject in ("P182", code))
        assert first == second
        assert code in first.replace("\\", "")
        assert not PERSON.search(first)
        assert not PERSON.search(told(run("explain", str(bureau), "U12", *asked)))


def test_errors_after_the_tables_are_read_name_nobody(bureau: Path, key: str, tmp_path: Path) -> None:
    folder = tmp_path / "bureau"
    shutil.copytree(bureau, folder)
    with (folder / "waivers.csv").open("a", encoding="utf-8") as file:
        file.write("board.nothing,P001,2024,局党组,-,2025-01-02,\n")
    for lang in ("en", "zh"):
        done = evaluated(folder, "--pseudonymise", key, lang=lang)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().startswith(f"CR-UNKNOWN-RULE: waivers[board.nothing/{cr.pseudonym('P001', KEY)}/2024]")
        done = run("explain", str(bureau), "职工001", "--pseudonymise", key, lang=lang)
        assert done.stderr.decode().startswith("CR-UNKNOWN-SUBJECT")
        assert not PERSON.search(done.stderr.decode())


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "CR-NO-SUCH-PATH"), (b"", "CR-KEY-LENGTH"), (b"x" * 15, "CR-KEY-LENGTH"), (b"x" * 70_000, "CR-KEY-LENGTH")],
)
def test_what_is_no_key_file_is_refused(bureau: Path, tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "person.key"
    if content is not None:
        file.write_bytes(content)
    for lang, command in (("en", ("evaluate", str(bureau))), ("zh", ("explain", str(bureau), "P182"))):
        done = run(*command, "--pseudonymise", str(file), lang=lang)
        assert (done.returncode, done.stdout) == (2, b"")
        assert re.match(f"{code}: person.key[:：] ?", done.stderr.decode())
        assert "Traceback" not in done.stderr.decode()


def test_a_folder_is_no_key_file(bureau: Path, tmp_path: Path) -> None:
    assert evaluated(bureau, "--pseudonymise", str(tmp_path)).stderr.decode().startswith("CR-UNREADABLE")


# --- errors while the tables are read --------------------------------------------------------------

NAMES = ("欧阳某某", "Wang Ming", "甲某")
SHARED = {"authority": "局党组", "reason": "-", "decided_on": "2024-12-01"}


def faulty(name: str) -> dict[str, list[dict[str, Any]]]:
    """Every table with faulty rows, a name in the name column and wherever a person or another row is named."""
    staff = {"person": "P1", "unit": "U1", "role": "head", "name": name, "joined": None, "left": None}
    training = {"course": "X", "attitude": name, "knowledge": "", "style": "", "problem_solving": ""}
    return {
        "units": [{"unit": "U1", "name": name}, {"unit": "U1", "name": name}],
        "staff": [staff, staff, {**staff, "role": name}, {**staff, "person": name, "unit": name, "joined": name}],
        "progress": [{"quarter": name, "unit": name, "indicator": name, "progress": name}],
        "style": [{"quarter": "2024Q1", "unit": name, "style": name}],
        "results": [{"year": name, "unit": name, "indicator": "I", "regional_rank": name, "cities": 1, "deducted": name, "cause": name, "completed": name}],
        "problems": [{"problem": name, "aspect": name, "listed_on": name, "due_on": "", "goal": name, "measures": name, "lead_unit": name, "responsible_unit": name, "effect_on": "", "closed_on": ""}],
        "activities": [{"activity": name, "kind": name, "actor": name, "done_on": name, "days": name, "target": name}],
        "contacts": [{"leader": name, "contact": name, "kind": name}],
        "trainings": [{"person": name, "stage": "early", **training}, {"person": "P1", "stage": name, **training}],
        "assessments": [{"person": name, "kind": "annual", "period": name, "grade": name}],
        "waivers": [{"rule": name, "subject": name, "period": name, **SHARED, "reason": name}],
        "exemptions": [{"unit": name, "year": 2024, "indicator": name, **SHARED, "reason": ""}],
        "disputes": [
            {"table": name, "key": name, "column": name, "raised_on": name},
            {"table": "staff", "key": f"{name}/U1/head", "column": name, "raised_on": "2024-01-01"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_error_of_reading_names_anybody(name: str) -> None:
    tables = faulty(name)
    with pytest.raises(cr.DataError) as caught:
        cr.read_tables(tables, PLAN)
    assert {problem.place.file for problem in caught.value.problems} == set(tables)
    for lang in ("en", "zh"):
        assert name not in caught.value.report(lang)


@pytest.mark.parametrize("name", NAMES)
def test_references_to_names_that_no_column_holds_are_not_quoted(name: str) -> None:
    tables = {
        "staff": [{"person": "P1", "unit": None, "role": "head"}],
        "contacts": [{"leader": name, "contact": "C", "kind": "self_employed"}],
        "assessments": [{"person": name, "kind": "annual", "period": "2024"}],
        "disputes": [{"table": "staff", "key": f"{name}//head", "column": "left", "raised_on": "2024-01-01"}],
    }
    with pytest.raises(cr.DataError) as caught:
        cr.read_tables(tables, PLAN)
    assert len(caught.value.problems) == 3
    assert not any(name in caught.value.report(lang) for lang in ("en", "zh"))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_without_headings_is_not_quoted(name: str, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(f"P1,U1,head,{name},{name}\n", encoding="utf-8")
    for lang in ("en", "zh"):
        done = run("evaluate", str(tmp_path), lang=lang)
        assert done.returncode == 2
        assert done.stderr.decode().startswith("CR-MISSING-COLUMNS: staff.csv")
        assert name not in done.stderr.decode()


@pytest.mark.parametrize("name", NAMES)
def test_waivers_for_a_name_do_not_repeat_it(name: str) -> None:
    staff = {"person": "P1", "unit": None, "role": "head", "name": name}
    waiver = {"subject": name, "period": "2024", **SHARED}
    with pytest.raises(cr.DataError) as caught:
        PLAN.evaluate({"waivers": [{"rule": "board.nothing", **waiver}]})
    assert [problem.place.path for problem in caught.value.problems] == ["waivers[board.nothing/…/2024]"]
    with pytest.raises(cr.DataError) as caught:
        PLAN.evaluate({"staff": [staff], "waivers": [{"rule": name, **waiver}]})
    assert not any(name in caught.value.report(lang) for lang in ("en", "zh"))
    idle = PLAN.evaluate({"staff": [staff], "waivers": [{"rule": "board.interview", **waiver}]})
    assert [warning["en"] for warning in idle.warnings] == [
        "the waiver of board.interview for … does nothing: the rule can't be waived"
    ]
    assert name not in str(idle.warnings)
