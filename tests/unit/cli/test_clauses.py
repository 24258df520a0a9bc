"""`cadrerules policy clauses`: the register in both languages and all formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules import cli
from small_register import write

ENGLISH = """\
Clauses: Things
===============
Policies things, version {version}.
5 entries (encoded 3, open 3, redacted 1, ambiguous 3, needs judgement 1).
An entry may have several statuses.

Clause 1
--------
  - Big (encoded, ambiguous)
    - rule: Big one (size.big)
    - parameter: size.limit (size.limit): 3
    - reading: size.both (size.both): one (default; adopted by nobody)
  - Borrowed (encoded, open, ambiguous)
    - takes effect through: Big one (size.big)
    - no such rule yet: size.gone
    - parameter: size.limit (size.limit): 3
    - reading: size.both (size.both): one (default; adopted by nobody)

Clause 2
--------
  - Small (encoded, open, redacted, ambiguous)
    - rule: Small one (size.small)
    - no such rule yet: size.tiny
    - parameter: the floor (size.floor): not set; left out
    - reading: size.stray (size.stray): left (default; adopted by nobody)
  - Beauty (needs judgement)
    - note: people look

Clause 3
--------
  - Nothing yet (open)
"""
CHINESE = """\
条款登记表：物
==============
政策集 things，版本 {version}。
共 5 项（已编码 3 项，待编码 3 项，原文留白 0 项，有歧义 3 项，须由人判断 1 项）。
同一事项可兼有几种状态。

第 1 条
-------
  - 大（已编码、有歧义）
    - 规则：大物（size.big）
    - 参数：size.limit（size.limit）：3
    - 条文理解：size.both（size.both）：乙（本次选用，尚无人采纳）
  - 借用（已编码、待编码、有歧义）
    - 体现于规则：大物（size.big）
    - 尚无规则：size.gone
    - 参数：size.limit（size.limit）：3
    - 条文理解：size.both（size.both）：乙（本次选用，尚无人采纳）

第 2 条
-------
  - 小（已编码、待编码、有歧义）
    - 规则：小物（size.small）
    - 尚无规则：size.tiny
    - 参数：下限（size.floor）：2
    - 条文理解：size.stray（size.stray）：left（默认理解，尚无人采纳）
  - 美观（须由人判断）
    - 说明：由人看

第 3 条
-------
  - 空（待编码）
"""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(("policy", "clauses", *arguments))
    code = left.value.code
    assert isinstance(code, int)
    return code


def test_the_register_in_english(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)
    assert run("--policies", str(folder), "--lang", "en") == 0
    assert capfd.readouterr() == (ENGLISH.format(version=cr.load_policies(folder).hash[:12]), "")


def test_the_register_in_chinese_as_amended(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, settings = write(tmp_path), ("--set", "size.floor=2", "--interpret", "size.both=other")
    assert run("--policies", str(folder), "--lang", "zh", *settings) == 0
    plan = cr.load_policies(folder).amend({"size.floor": 2}, {"size.both": "other"})
    assert capfd.readouterr() == (CHINESE.format(version=plan.hash[:12]), "")


def test_markdown_goes_into_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, out = write(tmp_path), tmp_path / "clauses.md"
    assert run("--policies", str(folder), "--lang", "en", "--format", "markdown", "--out", str(out)) == 0
    assert capfd.readouterr() == ("", f"Written: {out}\n")
    text = out.read_text("utf-8")
    assert text.startswith("# Clauses: Things\n\nPolicies things, version ")
    assert "\n## Clause 2\n\n- Small (encoded, open, redacted, ambiguous)\n  - rule: Small one (size.small)\n" in text


def test_json_has_every_field_in_the_language(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dated = "limit: {values: {2023-01-01: 3, 2024-01-01: 5}, title: {zh: 限, en: limit}"
    folder = write(tmp_path, size=("limit: {value: 3", dated))
    assert run("--policies", str(folder), "--lang", "zh", "--format", "json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["schema_version"] == 1
    assert found["policies"] == {"name": "things", "hash": cr.load_policies(folder).hash}
    counts = {"total": 5, "encoded": 3, "open": 3, "redacted": 1, "ambiguous": 3, "needs_judgement": 1}
    assert found["counts"] == counts
    assert [found[name] for name in ("missing", "unlisted", "uncited")] == [["size.gone", "size.tiny"], [], []]
    big, _, small, beauty, _ = found["entries"]
    assert {name: big[name] for name in ("clause", "title", "statuses", "rules", "through", "missing", "note")} == {
        "clause": "1",
        "title": "大",
        "statuses": ["encoded", "ambiguous"],
        "rules": [{"id": "size.big", "title": "大物"}],
        "through": [],
        "missing": [],
        "note": None,
    }
    values = {"2023-01-01": "3", "2024-01-01": "5"}
    assert big["parameters"] == [{"name": "size.limit", "title": "限", "value": None, "values": values, "unset": None}]
    unset = {"name": "size.floor", "title": "下限", "value": None, "values": {}, "unset": "原文未写"}
    assert small["parameters"] == [unset]
    assert [(i["name"], i["option"], i["text"]) for i in small["interpretations"]] == [("size.stray", "left", "left")]
    assert beauty["note"] == "由人看"


def test_rules_outside_the_register_are_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, size=('clause: "1"  # of the policy\n', ""), clauses=("size.small, ", ""))
    assert run("--policies", str(folder), "--lang", "en") == 0
    assert capfd.readouterr().out.endswith(
        "\nRules outside the register\n--------------------------\n"
        "  - Small one (size.small): no entry of a clause that it cites lists it\n"
        "  - Big one (size.big): cites no clause\n"
    )


def test_a_set_without_a_register_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)
    (folder / "clauses.yaml").unlink()
    assert run("--policies", str(folder), "--lang", "zh") == 2
    assert capfd.readouterr() == (
        "",
        "CR-NO-REGISTER: 政策集“things”没有条款登记表\n    请在政策文档所在文件夹的 `clauses.yaml` 中列出原文各条款\n",
    )


def test_an_unknown_format_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "html", "--lang", "en") == 2
    assert capfd.readouterr().err == "CR-NOT-AN-OPTION: `html` is no --format\n    it takes text, markdown, json\n"
