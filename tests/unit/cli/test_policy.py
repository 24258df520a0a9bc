from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

import cadrerules_market_supervision
from cadrerules import cli, load_policies


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plan's documents that may be spoilt."""
    copy = tmp_path / "policies"
    shutil.copytree(Path(cadrerules_market_supervision.__file__).parent, copy, ignore=shutil.ignore_patterns("*.py*"))
    with (copy / "policy_set.yaml").open("a", encoding="utf-8") as file:
        file.write("tables_of: market-supervision\n")
    return copy


def spoil(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), "utf-8")


def test_the_installed_sets_are_listed(capfd: pytest.CaptureFixture[str]) -> None:
    plan = load_policies("market-supervision")
    assert run("policy", "list", "--lang", "zh") == 0
    lines = capfd.readouterr().out.splitlines()
    at = lines.index("market-supervision：市场监管局专项行动实施方案")
    assert lines[at + 1] == f"  哈希 {plan.hash[:12]}"
    assert lines[at + 2].startswith(f"  {len(plan.policies)} 项政策，{len(plan.rules)} 条规则，")
    assert lines[at + 2].endswith("（0 项已采纳）")


def test_a_policy_is_shown_in_full(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "show", "--policy", "board", "--lang", "en") == 0
    text = capfd.readouterr().out
    assert "\nboard: Red and black board (clause 2.2.3)\n  Rules\n    board.red: Red flag (clause 2.2.3)\n" in text
    assert (
        '      blacks >= param.black_quarters and style == "prominent_problems"\n'
        "      -> interview.due: to be interviewed\n"
        '      applies to each people.in_post where role == "head"\n'
    ) in text
    assert "    score = mean(progress) (mean progress)\n" in text
    assert '    flag = "red" if place <= param.board.red_to else "yellow" if ' in text
    assert "    board.red_to = 7: last place with a red flag (clause 2.2.3)\n" in text
    assert (
        "    board.black_quarters = not set (the source prints ** instead of the number): "
        "black quarters in a row (clause 2.2.3)\n"
    ) in text
    assert "      * competition: equal place, the next ones skipped (1, 2, 2, 4) (default, adopted by nobody)\n" in text
    assert "        dense: equal place, none skipped (1, 2, 2, 3)\n" in text
    assert "        why it is open: nothing is said of two units tied at a place\n" in text
    assert "assessment." not in text


def test_what_is_set_and_chosen_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    settings = ("--set", "board.black_quarters=3", "--interpret", "board.ties=dense")
    assert run("policy", "show", "--policy", "board", "--lang", "zh", *settings) == 0
    text = capfd.readouterr().out
    assert "    board.black_quarters = 3：连续黑旗季数（第 2.2.3 条）\n" in text
    assert "      * dense：并列者同名次，其后不跳（1、2、2、3）（本次选用，尚无人采纳）\n" in text


def test_an_adopted_reading_and_dated_values_are_shown(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "board.yaml", "  ties:\n", "  ties:\n    adopted: {choice: dense, by: 局党组, on: 2025-01-02}\n")
    spoil(folder, "board.yaml", "red_to: {value: 7,", "red_to: {values: {2023-01-01: 7, 2024-01-01: 5},")
    assert run("policy", "show", "--policies", str(folder), "--lang", "en") == 0
    text = capfd.readouterr().out
    assert "(1, 2, 2, 3) (adopted by 局党组 on 2025-01-02)\n" in text
    assert "board.red_to = 7 from 2023-01-01, 5 from 2024-01-01: last place" in text
    assert "(1 adopted)" in text


def test_a_set_without_problems_checks(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "check", str(folder), "--lang", "zh") == 0
    assert capfd.readouterr() == ("market-supervision：未发现问题\n", "")


def test_every_problem_of_a_set_is_told_at_once(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "board.yaml", 'when: flag == "red"', "when: flg == 1")
    spoil(folder, "assessment.yaml", "when: lost >= param.excellent_from", "when: lost >= param.excellent_frm")
    assert run("policy", "check", str(folder), "--lang", "en") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "board.yaml" in err
    assert "assessment.yaml" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("kind", "title"),
    [("policy", "PolicyDoc"), ("questions", "QuestionsDoc"), ("clauses", "ClausesDoc"), ("policy_set", "SetDoc"), ("cases", "CaseFile"), ("distributions", "DistributionsDoc"), ("population", "PopulationDoc")],
)
def test_schemas_are_json(kind: str, title: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "schema", kind) == 0
    assert json.loads(capfd.readouterr().out)["title"] == title


def test_an_unknown_schema_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "schema", "rule", "--lang", "zh") == 2
    assert capfd.readouterr() == (
        "",
        "CR-NOT-AN-OPTION: “rule”不是可用的 KIND\n    可用：policy, questions, clauses, cases, policy_set, reform, accepted, uncertain, distributions, population\n",
    )


def test_a_faulty_set_does_not_hide_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "cadrerules.cli.policy.policy_sources", lambda _: {str(folder): None, "market-supervision": None}
    )
    spoil(folder, "board.yaml", 'when: flag == "red"', "when: flg == 1")
    assert run("policy", "list", "--lang", "en") == 2
    out, err = capfd.readouterr()
    assert out.startswith("market-supervision: ")
    assert err.startswith("CR-")


def test_sql_of_a_policy(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("policy", "sql", "market-supervision", "--policy", "board", "--as-of", "2025-01-15", "--complete")
    assert run(*asked, "--lang", "en") == 0
    text = capfd.readouterr().out
    assert text.startswith("-- market-supervision: ")
    assert text.rstrip().endswith(";")
    assert run(*asked, "--dialect", "spark", "--of", "findings", "--set", "board.red_to=5", "--out", str(tmp_path / "b.sql")) == 0
    written = (tmp_path / "b.sql").read_text("utf-8")
    assert "place <= 5" in written
    assert "`quarter`" in written


@pytest.mark.parametrize("wrong", [("--dialect", "oracle"), ("--of", "traces"), ("--policy", "nothing"), ("--as-of", "soon")])
def test_sql_that_can_not_be(wrong: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "sql", "market-supervision", "--lang", "en", *wrong) == 2
    assert wrong[1] in capfd.readouterr().err


def test_sql_needs_an_extra(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("cadrerules.engines.sql", "sqlglot"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    assert run("policy", "sql", "market-supervision", "--lang", "en") == 2
    assert "CR-EXTRA-MISSING" in capfd.readouterr().err
