"""What holds of all pages and docstrings together."""

from __future__ import annotations

import doctest
import importlib
import re
import runpy
from pathlib import Path

import pytest
from sybil import Document

from .blocks import FENCES, parse, reason_not_to_run
from .files import holds, make
from .page import ROOT, Page, close_page, open_page, pattern, tidy

PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
TUTORIAL = [page for page in sorted((ROOT / "docs" / "tutorial").glob("*.md")) if not page.stem.endswith(".zh")]
NOT_RUN = [
    pytest.param(reason, id=f"{page.relative_to(ROOT)}:{document.text.count(chr(10), 0, region.start) + 1}")
    for page in PAGES
    for document in [Document(page.read_text("utf-8"), str(page))]
    for region in FENCES(document)
    if (reason := reason_not_to_run(document, region))
]
PROMPT = re.compile(r"^ *>>> ", re.MULTILINE)
SOURCES = [
    pytest.param(file, ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"), id=file.stem)
    for root in (ROOT / "src", ROOT / "policies")
    for file in sorted(root.rglob("*.py"))
    if PROMPT.search(file.read_text("utf-8"))
]


@pytest.mark.parametrize("reason", NOT_RUN)
def test_what_is_not_run_says_why(reason: str) -> None:
    assert len(reason.split()) > 2


def test_nearly_everything_runs() -> None:
    blocks = sum(len([*FENCES(Document(page.read_text("utf-8"), str(page)))]) for page in PAGES)
    assert len(NOT_RUN) / blocks < 0.1, [case.id for case in NOT_RUN]


@pytest.mark.parametrize(("file", "module"), SOURCES)
def test_examples_in_docstrings(file: Path, module: str) -> None:
    found = doctest.DocTestFinder().find(importlib.import_module(module))
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    written = len(PROMPT.findall(file.read_text("utf-8")))
    assert sum(len(each.examples) for each in found) == written, "an example that nothing collects"
    assert [runner.run(each).failed for each in found] == [0] * len(found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n", "-3\n+2\n"),
        ("```console\n$ cadrerules --version\nnine\n```\n", "-nine\n"),
        ("```console\nnine\n```\n", "a session starts with `$ `"),
        ("```sh\ncadrerules evaluate nowhere\n```\n", "failed with status 2"),
        ("```sh\nfalse | cat\n```\n", "failed with status 1"),
        ("```text\nnine\n```\n", "no block above prints anything"),
        ("```yaml\npolicy: board\nrule: []\n```\n", "KeyError"),
        ("```yaml\nreform: {zh: 一, en: one}\nparam: {}\n```\n", "ValidationError"),
        ('```diff title="examples/01_embed.py"\n-nowhere\n+here\n```\n', "stand 0 times"),
        ("```diff\n-a\n+b\n```\n", "a change says which file"),
        ('```yaml title="examples/reforms/fewer_red_flags.yaml"\nreform: {zh: 一, en: one}\n```\n', "says otherwise"),
        ("```expression\nrank(\n```\n", "CR-"),
        ("```json\n{,}\n```\n", "JSONDecodeError"),
        ("<!-- not run: only this -->\n```sh\nno\n```\n<!-- slow -->\n```sh\nfalse\n```\n", "failed with status 1"),
        ("```ruby\nputs 1\n```\n", "a block is one of python, sh,"),
        ("Indented:\n\n    code\n", "fence this block"),
        ("```python\ndef test_it():\n    assert False\n```\n", "AssertionError"),
    ],
)
def test_what_is_broken_fails(text: str, wrong: str) -> None:
    document = Document(text, "page.md")
    for region in parse(document):
        document.add(region)
    open_page(document.namespace)
    *before, broken = document
    try:
        for example in before:
            example.evaluate()
        with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever a block raises
            broken.evaluate()
    finally:
        close_page(document.namespace)
    assert wrong in f"{raised.type.__name__}: {raised.value}"


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("a\n...\nd", "a\nd", True),
        ("a\n...\nd", "a\nb", False),
        ("took … s", "took 0.7 s  \n\n", True),
        ("took … s", "took 0.7\n s", False),
        ("a", "a\nb", False),
    ],
)
def test_what_may_be_left_out(shown: str, printed: str, same: bool) -> None:
    assert bool(pattern(shown).fullmatch(tidy(printed))) is same


@pytest.mark.slow
def test_pictures_are_of_the_program_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    pictures = runpy.run_path(str(ROOT / "docs" / "pictures.py"))
    assert pictures["main"](check=True) == 0, capsys.readouterr().out
    assert len(pictures["said"](pictures["board"]("en"))) > 20


def test_a_page_may_change_its_files() -> None:
    page = Page()
    assert page.run("cp -r examples/reforms mine && rm examples/bureau/style.csv && ls mine") is None
    assert "fewer_red_flags.yaml" in page.printed[0]
    assert (ROOT / "examples" / "bureau" / "style.csv").exists()
    page.run(f"rm -r {page.folder}")


def test_a_page_goes_on_from_another(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text('```csv title="data/a.csv"\na,b\n\n1,2\n```\n', "utf-8")
    later = '<!-- goes on from: first.md -->\n```diff title="data/a.csv"\n a,b\n\n-1,2\n+1,3\n```\n'
    (tmp_path / "second.md").write_text(later, "utf-8")
    assert make(tmp_path / "second.md", tmp_path) == {tmp_path / "data" / "a.csv"}
    assert (tmp_path / "data" / "a.csv").read_text("utf-8") == "a,b\n\n1,3\n"


def test_part_of_a_file_may_stand_further_to_the_right(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("rules:\n  - id: red\n    when: late\n", "utf-8")
    assert holds(file, "- id: red\n  when: late\n")
    assert not holds(file, "- id: red\nwhen: late\n")


@pytest.mark.parametrize("page", TUTORIAL, ids=lambda page: page.stem)
def test_the_tutorial_makes_the_same_files_in_both_languages(page: Path) -> None:
    both = [Document(each.read_text("utf-8"), str(each)) for each in (page, page.with_suffix(".zh.md"))]
    english, chinese = (
        [(r.lexemes["title"], r.lexemes["source"]) for r in FENCES(d) if r.lexemes["title"]] for d in both
    )
    assert english == chinese
