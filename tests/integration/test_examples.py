"""The numbered examples, each run as its header says; those that take more have a test file of their own."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cadrerules as cr
import command

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
NUMBERED = sorted(EXAMPLES.glob("[0-9][0-9]_*"))
ELSEWHERE = {
    "00_make_bureau": "test_bureau_data.py",
    "04_plugin": "test_example_plugin.py",
    "11_service": "test_example_service.py",
}
AS_OF = ["--as-of", "2025-01-15"]


def run(name: str, *arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """An example run as a program, with warnings as errors."""
    return program("-W", "error", EXAMPLES / f"{name}.py", *arguments, status=status)


def program(*arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """What Python says to these arguments."""
    command = [sys.executable, *map(str, arguments)]
    env = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.name)
def test_every_example_has_a_header_a_line_in_the_readme_and_a_test(path: Path) -> None:
    if path.is_dir():
        header = next(iter(path.glob("README.md")), path / f"{path.name[3:]}.py").read_text(encoding="utf-8")
        assert header.startswith(("# ", '"""'))
    elif path.suffix == ".ipynb":
        header = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        assert header.startswith("# ")
        assert f"\n    jupyter lab examples/{path.name}" in header
    else:
        assert f"\n    python examples/{path.name}" in path.read_text(encoding="utf-8").split('"""')[1]
    shown = f"`{path.name}/`" if path.is_dir() else f"`{path.name}`"
    assert shown in (EXAMPLES / "README.md").read_text(encoding="utf-8")
    if path.name in ELSEWHERE:
        assert path.name in Path(__file__).with_name(ELSEWHERE[path.name]).read_text(encoding="utf-8")
    else:
        assert f"test_{path.stem}" in globals()


def test_01_embed() -> None:
    said = run("01_embed").stdout
    assert "CR-NOT-A-PERIOD: progress, row 1" in said
    assert "CR-TOO-LOW: progress, row 1" in said
    assert "460 decisions, 216 of them undetermined" in said
    assert "person P182: barred_in_principle (assessment.bar_deduction; clause 2.3.5)" in said
    assert "结论：原则上不予考虑" in said
    assert said.endswith("red flags: 55 with seven places a quarter, 38 with five\n")


def test_02_batch(tmp_path: Path) -> None:
    """Three bureaus: one is refused, the others are done; mended and run again, only it is."""
    pa = pytest.importorskip("pyarrow", reason="pyarrow isn't installed")
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow isn't installed")
    pytest.importorskip("jinja2", reason="jinja2 isn't installed")
    data, out = tmp_path / "data", tmp_path / "out"
    for name in ("north", "south"):
        shutil.copytree(EXAMPLES / "bureau", data / name)
    (data / "west").mkdir()
    plan = cr.load_policies("market-supervision")
    progress = [{"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.25"}]
    pq.write_table(pa.Table.from_pylist(progress), data / "west" / "progress.parquet")
    good = (data / "south" / "style.csv").read_text(encoding="utf-8-sig")
    (data / "south" / "style.csv").write_text(good + "2024Q9,U01,good\n", encoding="utf-8")

    first = run("02_batch", data, out, *AS_OF, status=1)
    assert first.stdout == "north: 460 decisions, 216 of them undetermined\nwest: 1 decisions, 0 of them undetermined\n"
    assert "south: refused\nCR-NOT-A-PERIOD: style.csv" in first.stderr
    assert sorted(path.name for path in out.iterdir()) == ["north", "west"]
    found = pq.read_table(out / "north" / "decisions.parquet")
    result = plan.evaluate(EXAMPLES / "bureau", as_of=date(2025, 1, 15))
    assert found.equals(result.to_frame("decisions", "pyarrow"))
    assert pq.read_table(out / "north" / "findings.parquet").num_rows == len(result.findings)
    assert "<html" in (out / "north" / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "north" / "done.json").read_text())["policies"] == plan.hash

    (data / "south" / "style.csv").write_text(good, encoding="utf-8")
    again = run("02_batch", data, out, *AS_OF)
    assert again.stdout == "north: nothing new\nsouth: 460 decisions, 216 of them undetermined\nwest: nothing new\n"
    (data / "south" / "style.csv").write_text(good + "2024Q9,U01,good\n", encoding="utf-8")
    run("02_batch", data, out, *AS_OF, status=1)
    assert not (out / "south").exists()
    assert "west: nothing new" not in run("02_batch", data, out, "--as-of", "2025-02-01", status=1).stdout
    assert "error" in run("02_batch", tmp_path / "nothing", out, status=2).stderr


def test_03_explain() -> None:
    said = run("03_explain").stdout
    assert "points lost that count: 2.5  [results[2024/U12/I14].deducted]" in said
    assert "所计扣分：2.5  [results[2024/U12/I14].deducted]" in said
    assert "no verdict: needs points deducted (Unit U12, Indicator I14) at most 1.99 (now 2.5) (clause 2.3.5)\n要使结论为“不适用”" in said
    assert "With the first of them: no decision any more\n" in said
    assert "commended in a circular: needs style good (now prominent problems)" in said
    assert "unit U06: yellow or black; waits for progress[2024Q3/U09/I11].progress\n" in said
    assert "（" not in said.split("== Clauses")[1]
    assert said.endswith("(主观原因扣二至三分，原则上不予考虑): encoded, ambiguous\n  may be read otherwise: " + ", ".join(READINGS) + "\n")


READINGS = ("assessment.deduction_scope", "assessment.upper_bound", "people.in_post", "resolution.promotion")


def test_05_school() -> None:
    pytest.importorskip("z3", reason="z3-solver isn't installed")
    said = run("05_school/run").stdout
    for line in (
        "promotion S3 2024 after_resit",
        "promotion S5 2024 promoted or after_resit marks[2024/S5/history].points",
        "support S4 2024Q2 due or None attendance.share",
        "with five in a hundred: S4 due",
        "  3 encoded/redacted/ambiguous",
        "cases: 32 of 32 passed on two engines; 98 % covered",
    ):
        assert f"{line}\n" in said
    proofs = said.split("proofs:\n")[1].splitlines()
    assert [line.split(":")[0].strip() for line in proofs] == ["depends_on_unset", "depends_on_interpretation", "depends_on_interpretation"]
    assert not list((EXAMPLES / "05_school" / "policy").rglob("*.py"))


def commands(example: str) -> list[str]:
    """What the commands say that an example's README names, run from the root of a checkout."""
    readme = (EXAMPLES / example / "README.md").read_text(encoding="utf-8")
    done = [command.run(*shlex.split(words)) for words in re.findall(r"^cadrerules (.+)$", readme, re.MULTILINE)]
    assert [one.stderr.decode() for one in done if one.returncode] == []
    return [one.stdout.decode() for one in done]


def test_05_the_commands_that_its_readme_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    pytest.importorskip("z3", reason="z3-solver isn't installed")
    pytest.importorskip("sqlglot", reason="SQLGlot isn't installed")
    said = commands("05_school")
    assert "school-year: no problems" in said[0]
    assert "undetermined: promoted or promoted after a resit" in said[1]
    assert "[marks[2024/S5/history].points]" in said[2]
    assert re.search(r"S4 +2024Q2 +due", said[3])
    assert "16 of 16 cases passed" in said[4]
    assert "3 findings: 0 warnings, 3 infos" in said[5]
    assert "-- Gives the decisions of year_end as of 2025-01-15." in said[6]
    assert len(said) == 7


def test_06_notebook(tmp_path: Path) -> None:
    """Every cell runs, on warnings too, and what it shows is what is meant; the file itself holds no outputs."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat isn't installed")
    client = pytest.importorskip("nbclient", reason="nbclient isn't installed").NotebookClient
    for module in ("ipykernel", "pandas", "polars", "vl_convert"):
        pytest.importorskip(module, reason=f"{module} isn't installed")
    path = EXAMPLES / "06_notebook.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in cells] == [([], None)] * len(cells)

    folders = dict.fromkeys(("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"), str(tmp_path))
    kernel = client(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}})
    kernel.execute(env=os.environ | folders)
    assert [one.name for cell in cells for one in cell.outputs if one.output_type == "stream"] == []
    shown = [shows(cell) for cell in cells]
    assert re.search(r"2023Q2 +9 +6 +3 +2\n", shown[2]["text/plain"])
    assert "shape: (6, 3)" in shown[3]["text/plain"]
    assert "Verdict: red flag" in shown[4]["text/html"]
    assert ">62<" in shown[5]["text/html"]
    assert "<svg" in shown[6]["image/svg+xml"]
    assert "shape: (10, 5)" in shown[7]["text/plain"]
    assert "market-supervision" in shown[8]["text/html"]
    assert "board.commend" in shown[9]["text/html"]


def shows(cell: Any) -> dict[str, str]:
    """What a cell shows, by its type."""
    return dict(cell.outputs[-1].data) if cell.outputs else {}


def test_07_duckdb() -> None:
    pytest.importorskip("duckdb", reason="DuckDB isn't installed")
    said = run("07_duckdb").stdout
    assert re.search(r"red +│ +55 │", said)
    assert re.search(r"2024Q4 +│ 餐饮服务科", said)
    assert "-- Gives the decisions of board as of 2025-01-15.\n" in said
    assert said.endswith("U10's flag: red -> black\n")


@pytest.mark.spark
def test_08_spark(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the session of the other tests, which the example finds: a second one would take as long to start again."""
    monkeypatch.setattr(sys, "argv", ["08_spark.py", str(tmp_path / "decisions")])
    runpy.run_path(str(EXAMPLES / "08_spark.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert "not evaluated: board.interview, for want of staff\n" in said
    for bureau in ("north", "south"):
        assert re.search(rf"{bureau}\| +flag\| +decided\| +153\|", said)
    assert "bureau south." in said
    assert "place: 5 to 6" in said
    assert spark.read.parquet(str(tmp_path / "decisions")).count() == 2 * 170


def test_09_simulation(tmp_path: Path) -> None:
    for module in ("polars", "altair"):
        pytest.importorskip(module, reason=f"{module} isn't installed")
    said = run("09_simulation", tmp_path / "reform.html").stdout
    assert "flag: red -> yellow: 7\n" in said
    assert "red up to place 8: 62 red flags\n" in said
    assert "at most 30 % are red up to place 5, and up to 6 if what isn't known turns out so\n" in said
    assert "board.ranked (clause 2.2.3): 177 decisions turn on it\n" in said
    page = (tmp_path / "reform.html").read_text(encoding="utf-8")
    assert '<html lang="zh' in page
    assert "红旗止于第六名" in page


def test_10_monitor(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    said = run("10_monitor", tmp_path / "bureau.db").stdout
    assert "   decision commendation U1 2024Q2 changes: undetermined -> commended\n" in said
    assert "   decision commendation U1 2024Q2 ends: commended -> -\n" in said
    assert said.endswith("   CR-TOO-LOW\nAfter a restart: as before\nThe journal: whole\n")


def test_12_rule_tests() -> None:
    pytest.importorskip("hypothesis", reason="hypothesis isn't installed")
    parts = [EXAMPLES / "12_rule_tests" / name for name in ("policy", "test_lending.py")]
    assert "15 passed" in program(*PYTEST, ROOT, *parts).stdout


OURS = ("-p", "no:cadrerules", "-p", "cadrerules.testing.pytest_plugin", "-p", "no:cacheprovider")
"""With the plugin, whether it is installed or not."""
PYTEST = ("-m", "pytest", "-q", *OURS, "--rootdir")


def test_12_the_commands_that_its_readme_names(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3", reason="z3-solver isn't installed")
    monkeypatch.chdir(ROOT)
    cases, mutants, proofs = commands("12_rule_tests")
    assert "100 % covered" in cases
    assert "9 of 9 cases passed" in cases
    assert "20 mutants, 20 killed" in mutants
    assert "0 findings" in proofs


def test_12_a_mistake_fails(tmp_path: Path) -> None:
    """The mistake that the README invites to is noticed by cases, properties and mutants alike."""
    shutil.copytree(EXAMPLES / "12_rule_tests", tmp_path / "tests")
    rules = tmp_path / "tests" / "policy" / "lending.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "days_late > param.grace" in text
    rules.write_text(text.replace("days_late > param.grace", "days_late >= param.grace"), encoding="utf-8")
    said = program(*PYTEST, tmp_path, tmp_path / "tests", status=1).stdout
    assert "seven days late are in time" in said
    assert "test_who_brings_everything_in_time_is_left_alone" in said
