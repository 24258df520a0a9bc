"""The example plugin, installed as its users install it and run in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "plugin"

PREAMBLE = f"""
import json
from datetime import date
import cadrerules as cr
from cadrerules.plugins import report_formats

DATA, DAY = {str(PLUGIN / "data")!r}, date(2025, 1, 15)

def show(value):
    print(json.dumps(value))

def error(call):
    try:
        call()
    except cr.CadreError as caught:
        show([[caught.code, str(caught), caught.report("zh")]])
    else:
        show(None)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin installed."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling, which builds the plugin, isn't installed")
    if importlib.util.find_spec("pip") is None:
        pytest.skip("pip isn't installed")
    target = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PLUGIN)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def run(site: Path, code: str) -> Any:
    """What the last line of a program shows, run beside the installed plugin with warnings as errors."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    env = {name: value for name, value in os.environ.items() if name != "CADRERULES_POLICIES"} | {"PYTHONPATH": path}
    command = [sys.executable, "-W", "error", "-c", PREAMBLE + code]
    done = subprocess.run(command, capture_output=True, env=env, check=False, cwd=site)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return json.loads(done.stdout)


def test_the_plan_is_found_by_its_entry_point_and_decides(site: Path) -> None:
    decisions = run(
        site,
        """
result = cr.load_policies("supplier-review").evaluate(DATA, as_of=DAY)
show([[d.id, d.status, d.verdict, d.possible, d.because, d.clauses, d.overridden, d.waived_by, d.missing]
      for d in result.decisions])
""",
    )
    decided = {
        "standing/S1/2022": ("preferred", "review.prefer", "4.2"),
        "standing/S1/2023": ("preferred", "review.prefer", "4.2"),
        "standing/S1/2024": ("preferred", "review.prefer", "4.2"),
        "standing/S2/2023": ("preferred", "review.prefer", "4.2"),
        "standing/S2/2024": ("on_notice", "trend.complaints", "4.5"),
        "standing/S3/2023": ("on_notice", "review.notice", "4.3"),
        "standing/S3/2024": ("on_notice", "review.notice", "4.3"),
        "standing/S4/2023": ("on_notice", "review.notice", "4.3"),
        "standing/S4/2024": ("barred_in_principle", "review.bar_audit", "4.4"),
    }
    waived = {"standing/S3/2024": [["review.bar_late"], ["Purchasing board"]]}
    open_ones = [
        [
            "standing/S5/2024",
            "undetermined",
            None,
            ["preferred", "on_notice", None],
            ["review.prefer", "trend.complaints"],
            ["4.2", "4.5"],
            [],
            [],
            ["reviews[2024/S5].complaints"],
        ]
    ]
    assert decisions == [
        [name, "decided", verdict, [], [rule], [clause], *waived.get(name, [[], []]), []]
        for name, (verdict, rule, clause) in decided.items()
    ] + open_ones


def test_findings_made_in_python_come_last_in_order_and_are_opaque(site: Path) -> None:
    last, codes = run(
        site,
        """
findings = cr.load_policies("supplier-review").evaluate(DATA, as_of=DAY).findings
codes = []
for finding in findings:
    try:
        finding.explain()
    except cr.UsageError as caught:
        codes.append([finding.rule, finding.subject.id, caught.code])
show([[f.model_dump(mode="json") for f in findings[-2:]], codes])
""",
    )
    common = {
        "rule": "trend.complaints",
        "clause": ["4.5"],
        "outcome": "standing.on_notice",
        "waivable": False,
        "period": "2024",
        "params": {"review.rise_limit": "0.5"},
        "interpretations": {},
        "trace": None,
    }
    assert last == [
        {**common, "subject": {"kind": "supplier", "id": "S2"}, "status": "holds", "missing": []},
        {
            **common,
            "subject": {"kind": "supplier", "id": "S5"},
            "status": "undetermined",
            "missing": ["reviews[2024/S5].complaints"],
        },
    ]
    assert codes == [["trend.complaints", "S2", "CR-NO-TRACE"], ["trend.complaints", "S5", "CR-NO-TRACE"]]


def test_a_decision_on_a_python_finding_explains_itself_in_both_languages(site: Path) -> None:
    en, zh = run(
        site,
        """
decision = cr.load_policies("supplier-review").evaluate(DATA, as_of=DAY).decision("standing", "S2", "2024")
show([decision.explain(), decision.explain("zh")])
""",
    )
    assert "trend.complaints" in en
    assert "review.rise_limit" in en
    assert "限期改进" in zh


@pytest.mark.parametrize(
    ("change", "verdicts"),
    [
        ("{'review.rise_limit': '0.9'}", {"S2": None, "S5": None}),
        ("{'review.rise_limit': '0.8'}", {"S2": "on_notice", "S5": None}),
        ("{'review.rise_limit': None}", {"S1": None, "S2": None, "S3": "on_notice", "S5": None}),
    ],
)
def test_the_trend_follows_its_parameter(site: Path, change: str, verdicts: dict[str, str | None]) -> None:
    found = run(
        site,
        f"""
result = cr.load_policies("supplier-review").amend(params={change}).evaluate(DATA, as_of=DAY)
show({{s: next((d.verdict for d in result.decisions if (d.subject.id, d.period) == (s, "2024")), None)
      for s in {list(verdicts)!r}}})
""",
    )
    assert found == verdicts


def test_a_waiver_without_the_board_s_minutes_is_refused(site: Path) -> None:
    [[code, en, zh]] = run(
        site,
        """
plan = cr.load_policies("supplier-review")
tables = {name: list(rows) for name, rows in cr.read_tables(DATA, plan).rows.items()}
tables["waivers"] = [{**row, "reason": "we know them well"} for row in tables["waivers"]]
error(lambda: plan.evaluate(tables, as_of=DAY))
""",
    )
    assert code == "CR-WAIVER-REFUSED"
    assert "waivers[review.bar_late/S3/2024]: the waiver is refused: its reason refers to no minutes" in en
    assert "豁免不予接受：理由中没有会议纪要编号" in zh


def test_its_report_is_offered_and_made(site: Path) -> None:
    names, en, zh = run(
        site,
        """
plan = cr.load_policies("supplier-review")
result = plan.evaluate(DATA, as_of=DAY)
formats = report_formats(plan.plugins)
show([[(f.name, f.zh) for f in formats.values() if f.name == "standings"],
      formats["standings"].make(result, period="2024"), formats["standings"].make(result, period="2023", lang="zh")])
""",
    )
    assert names == [["standings", "供应商评价结论一览"]]
    assert en == (
        "2024  S1  preferred  (4.2)\n"
        "2024  S2  put on notice  (4.5)\n"
        "2024  S3  put on notice  (4.3)\n"
        "2024  S4  barred in principle  (4.4)\n"
        "2024  S5  preferred / put on notice / nothing  (4.2, 4.5)\n"
    )
    assert zh == "2023  S1  优先合作  (4.2)\n2023  S2  优先合作  (4.2)\n2023  S3  限期改进  (4.3)\n2023  S4  限期改进  (4.3)\n"


def test_with_two_sets_installed_one_must_be_named(site: Path) -> None:
    [[code, en, _]] = run(site, "error(cr.load_policies)")
    assert code == "CR-WHICH-SET"
    assert "market-supervision, supplier-review" in en


def test_the_shipped_plan_is_left_alone(site: Path) -> None:
    same = run(
        site,
        f"""
from cadrerules.plugins import plugin_manager
import cadrerules_market_supervision.plugin as own
alone = cr.load_policies("market-supervision", plugins=plugin_manager(own, installed=False))
both = cr.load_policies("market-supervision")
folder = {str(ROOT / "examples" / "bureau")!r}
show(alone.evaluate(folder, as_of=DAY).to_dict() == both.evaluate(folder, as_of=DAY).to_dict())
""",
    )
    assert same is True


def test_the_readme_s_program_runs(site: Path) -> None:
    text = (PLUGIN / "README.md").read_text(encoding="utf-8")
    program = text.partition("```python\n")[2].partition("```")[0]
    captured = program.replace("print(", "show(").replace("examples/plugin/data", str(PLUGIN / "data"))
    assert "set aside by Purchasing board" in run(site, captured)
