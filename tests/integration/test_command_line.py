"""The command line as a user meets it: output, exit codes, and errors in the chosen language."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import cadrerules as cr
from command import CODE, process, run

BUREAU = str(Path(__file__).parents[2] / "examples" / "bureau")
AS_OF = ("--as-of", "2025-01-15")


def test_the_table_counts_the_decisions() -> None:
    done = process("evaluate", BUREAU, *AS_OF)
    assert done.returncode == 0
    assert done.stderr.decode() == "As of 2025-01-15\n"
    assert done.stdout.decode().endswith("460 decisions, proposals for a person to confirm\n")
    assert "Flag                  undetermined                   6\n" in done.stdout.decode()


def test_json_has_every_field_of_the_contract() -> None:
    report = json.loads(run("evaluate", BUREAU, *AS_OF, "--format", "json", "--trace").stdout)
    assert list(report) == ["schema_version", "policies", "as_of", "findings", "decisions", "not_evaluated"]
    assert report["policies"] == {"name": "market-supervision", "hash": cr.load_policies("market-supervision").hash}
    assert list(report["decisions"][0]) == [
        "id",
        "question",
        "subject",
        "period",
        "status",
        "verdict",
        "possible",
        "because",
        "clauses",
        "overridden",
        "waived_by",
        "missing",
        "parameters",
        "owed_by",
        "due",
        "done",
        "short",
    ]
    assert list(report["findings"][0]) == [
        "rule",
        "clause",
        "outcome",
        "waivable",
        "subject",
        "period",
        "status",
        "missing",
        "params",
        "interpretations",
        "trace",
    ]
    assert report["findings"][0]["trace"]["value"] == "true"


def test_csv_has_a_mark_and_a_row_per_decision() -> None:
    done = run("evaluate", BUREAU, *AS_OF, "--format", "csv")
    assert done.stdout.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))
    assert len(rows) == 460
    assert rows[0]["subject"] == "U01"


def test_a_workbook_is_written_whole(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="xlsxwriter is not installed")
    calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
    out = tmp_path / "out.xlsx"
    assert run("evaluate", BUREAU, *AS_OF, "--format", "xlsx", "--out", str(out)).returncode == 0
    book = calamine.CalamineWorkbook.from_path(out)
    assert book.sheet_names == ["decisions", "findings", "not_evaluated"]
    assert len(book.get_sheet_by_name("decisions").to_python()) == 461
    assert list(tmp_path.iterdir()) == [out]


def test_settings_and_readings_change_the_outcome() -> None:
    done = run(
        "evaluate",
        BUREAU,
        *AS_OF,
        "--set",
        "board.black_quarters=2",
        "--interpret",
        "resolution.promotion=report_conflict",
    )
    summary = done.stdout.decode().partition("\nSummary\n")[2].splitlines()
    assert "Interview             to be interviewed              1" in summary
    assert "Promotion             in conflict                    2" in summary


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("evaluate", "nowhere"), "CR-NO-SUCH-PATH"),
        (("evaluate", BUREAU, "--set", "board.red_too=7"), "CR-UNKNOWN-SETTING"),
        (("evaluate", BUREAU, "--set", "board.red_to"), "CR-NOT-A-SETTING"),
        (("evaluate", BUREAU, "--set", "board.red_to=7.5"), "CR-BAD-PARAMETER"),
        (("evaluate", BUREAU, "--interpret", "board.ties=none"), "CR-UNKNOWN-READING"),
        (("evaluate", BUREAU, "--as-of", "2025-02-30"), "CR-NOT-A-DAY"),
        (("evaluate", BUREAU, "--format", "pdf"), "CR-NOT-AN-OPTION"),
        (("evaluate", BUREAU, "--format", "xlsx"), "CR-NEEDS-OUT"),
        (("evaluate", BUREAU, "--engine", "abacus"), "CR-ENGINE-MISSING"),
        (("evaluate", BUREAU, "--policies", "nobody"), "CR-UNKNOWN-SET"),
        (("explain", BUREAU, "nobody"), "CR-UNKNOWN-SUBJECT"),
    ],
)
def test_errors_have_a_code_status_2_and_nothing_on_the_output(arguments: tuple[str, ...], code: str) -> None:
    for lang in ("en", "zh"):
        done = run(*arguments, lang=lang)
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.decode().startswith(code)
        assert "Traceback" not in done.stderr.decode()


def test_a_process_that_fails_says_so_by_its_status() -> None:
    for lang in ("en", "zh"):
        done = process("evaluate", "nowhere", CADRERULES_LANG=lang)
        assert (done.returncode, done.stdout, done.stderr.decode()[:15]) == (2, b"", "CR-NO-SUCH-PATH")


def test_explaining_says_why_and_why_not() -> None:
    text = run("explain", BUREAU, "P182", *AS_OF, "--period", "2024").stdout.decode()
    assert "Verdict: in principle not considered" in text
    assert "points lost that count: 2.5  [results[2024/U12/I14].deducted]" in text
    assert "What does not apply, and why" in text
    assert "Regional rank: 10" in text
    chinese = run("explain", BUREAU, "P182", *AS_OF, "--period", "2024", "--lang", "zh").stdout.decode()
    assert "结论：原则上不予考虑" in chinese


def test_policies_are_listed_shown_and_checked() -> None:
    assert run("policy", "list").stdout.decode().startswith("market-supervision: ")
    assert "board.black_quarters = not set" in run("policy", "show").stdout.decode()
    assert run("policy", "check").stdout.decode() == "market-supervision: no problems\n"
    assert json.loads(run("policy", "schema").stdout)["title"] == "PolicyDoc"
    assert process("--version").stdout.decode() == f"{cr.__version__}\n"


def test_nothing_is_left_behind_by_a_command_that_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("before")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "progress.csv").write_text("quarter,unit,indicator,progress\n2024Q5,A,I,1\n")
    done = run("evaluate", str(bad), "--format", "json", "--out", str(out))
    assert done.returncode == 2
    assert done.stdout == b""
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "out.json"]


def test_a_reader_that_stops_early_is_no_error() -> None:
    arguments = [sys.executable, "-W", "error", "-c", CODE, "evaluate", BUREAU, *AS_OF, "--format", "json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_output_and_errors_do_not_depend_on_the_locale() -> None:
    variables = {"PYTHONIOENCODING": "ascii", "CADRERULES_LANG": "zh", "PYTHONUTF8": "0", "LC_ALL": "C"}
    for arguments, status in ((("evaluate", BUREAU, *AS_OF), 0), (("evaluate", "没有"), 2)):
        done = process(*arguments, **variables)
        assert done.returncode == status
        assert b"Traceback" not in done.stderr
        assert status == 2 or done.stdout.decode().endswith("共 460 项结论，均为建议，须由有权人员确认\n")


def test_the_workbook_and_the_folder_give_the_same_output() -> None:
    outputs = [run("evaluate", data, *AS_OF, "--format", "json").stdout for data in (BUREAU, f"{BUREAU}.xlsx")]
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(
    ("format_", "start"),
    [("markdown", "# person P182\n"), ("html", "<!doctype html>\n"), ("json", '{\n  "subject": "P182",\n')],
)
def test_explanations_in_every_format(tmp_path: Path, format_: str, start: str) -> None:
    out = tmp_path / "out"
    done = run("explain", BUREAU, "P182", *AS_OF, "--question", "promotion", "--format", format_, "--out", str(out))
    assert (done.returncode, done.stdout) == (0, b"")
    assert out.read_text(encoding="utf-8").startswith(start)


def test_only_the_policies_named_are_evaluated() -> None:
    decisions = json.loads(run("evaluate", BUREAU, *AS_OF, "--policy", "board", "--format", "json").stdout)["decisions"]
    assert {d["question"] for d in decisions} == {"flag", "commendation", "interview"}
    done = run("evaluate", BUREAU, *AS_OF, "--policy", "bord")
    assert done.stderr.decode().startswith("CR-UNKNOWN-POLICY")


def test_what_is_not_evaluated_is_said(tmp_path: Path) -> None:
    (tmp_path / "style.csv").write_text("quarter,unit,style\n2024Q1,A,good\n")
    done = run("evaluate", str(tmp_path), *AS_OF, lang="zh")
    assert done.stdout.decode() == "共 0 项结论，均为建议，须由有权人员确认\n"
    assert done.stderr.decode().splitlines() == [
        "截至 2025-01-15",
        "未评价：assessment，缺少表 results",
        "未评价：board，缺少表 progress",
        "未评价：obligation，缺少表 activities",
        "未评价：rectification，缺少表 problems",
        "未评价：training，缺少表 trainings",
    ]


def test_a_folder_may_use_the_tables_of_the_installed_set_of_its_name() -> None:
    folder = Path(__file__).parents[2] / "policies" / "cadrerules_market_supervision"
    assert run("policy", "check", str(folder)).stdout.decode() == "market-supervision: no problems\n"


def test_the_text_of_a_trace_is_an_expression_that_means_what_it_shows() -> None:
    """The condition and those on the addressee are joined with the brackets they need."""
    report = json.loads(run("evaluate", BUREAU, *AS_OF, "--format", "json", "--trace", "--policy", "assessment").stdout)
    traced = next(f["trace"] for f in report["findings"] if f["rule"] == "assessment.prefer" and f["status"] == "holds")
    inner = " and ".join(f"({c['text']})" if " if " in c["text"] else c["text"] for c in traced["children"])
    assert traced["text"] == inner
