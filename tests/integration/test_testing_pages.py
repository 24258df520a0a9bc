"""The pages on testing rules: their examples run, and what they show is what comes out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def examples(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_generated_facts(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "generate-facts.md").read_text(encoding="utf-8")
    code = "\n".join([*examples("how-to/generate-facts.md"), "test_nobody_is_both_preferred_and_barred()"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert f"    {done.stdout}" in page


def test_a_timed_policy(tmp_path: Path) -> None:
    fixture = "from cadrerules.testing.pytest_plugin import policy_benchmark\n"
    (example,) = examples("how-to/benchmark-rules.md")
    (tmp_path / "test_page.py").write_text(fixture + example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--benchmark-disable", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout


def test_plugins_in_any_order(tmp_path: Path) -> None:
    (example,) = examples("how-to/plugin-order.md")
    mine = f"""
from pathlib import Path
from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.testing.pytest_plugin import plugin_orders

class my_plugin:
    @staticmethod
    @hookimpl
    def cadrerules_policy_sets():
        return [PolicySource("mine", Path({str(tmp_path / "mine")!r}), ())]
"""
    folder = tmp_path / "mine"
    folder.mkdir()
    titled = "title: {zh: 我的, en: Mine}\n"
    table = "tables: {things: {columns: {thing: {type: text, key: true}, size: {type: number}}}}\n"
    (folder / "policy_set.yaml").write_text(f"format: 1\npolicy_set: mine\n{titled}{table}", "utf-8")
    verdicts = "verdicts: {big: {title: {zh: 大, en: big}, polarity: neutral}}"
    question = f"size: {{title: {{zh: 大小, en: Size}}, subject: thing, period: none, decide: gravest, {verdicts}}}"
    (folder / "questions.yaml").write_text(f"format: 1\nquestions:\n  {question}\n", "utf-8")
    rules = "".join(
        f"  - {{id: {name}, title: {{zh: 一, en: One}}, when: size > {n}, then: size.big}}\n"
        for n, name in enumerate(["first", "second"])
    )
    (folder / "mine.yaml").write_text(f"format: 1\npolicy: mine\n{titled}facts: things\nrules:\n{rules}", "utf-8")
    (tmp_path / "test_page.py").write_text(mine + example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout
