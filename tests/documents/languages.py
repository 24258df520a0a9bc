"""What is done with a block of each language; each gives what is wrong, or nothing."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import tomllib
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from pathlib import Path

from sybil import Example
from sybil.evaluators.python import PythonEvaluator

from cadrerules.language.parse import parse

from . import files
from .page import Page, tidy
from .yaml_kinds import check_yaml

Evaluator = Callable[[Example], str | None]


def python(example: Example) -> str | None:
    """Run a block in the page's one program, then the tests that it defines and that ask for no fixture."""
    page, printed = _page(example), io.StringIO()
    with chdir(page.at), redirect_stdout(printed):
        PythonEvaluator()(example)
        for name in re.findall(r"^def (test_\w+)", example.parsed, re.MULTILINE):
            if not inspect.signature(example.namespace[name]).parameters:
                example.namespace[name]()
    page.printed = (printed.getvalue(),)
    return None


def sh(example: Example) -> str | None:
    """Run each line, which must succeed."""
    lines = re.sub(r"\\\n\s*", "", example.parsed).splitlines()
    commands = (line for line in lines if line.strip() and not line.startswith("#"))
    return next(filter(None, map(_page(example).run, commands)), None)


def console(example: Example) -> str | None:
    """Run what follows each `$`; it must succeed, or print what is shown below it."""
    page = _page(example)
    for session in re.split(r"^\$ ", re.sub(r"\\\n\s*", "", example.parsed), flags=re.MULTILINE)[1:]:
        line, _, shown = session.partition("\n")
        failed = page.run(line)
        if wrong := page.differs(shown) if shown.strip() else failed:
            return wrong
    return (
        None
        if example.parsed.startswith("$ ")
        else "a session starts with `$ ` and a command; what a block printed is `text`"
    )


def text(example: Example) -> str | None:
    """Compare with what the block above printed."""
    return _page(example).differs(example.parsed)


def _parsed(read: Callable[[str], object]) -> Evaluator:
    def parsed(example: Example) -> None:
        read(example.parsed)

    return parsed


def sql(example: Example) -> None:
    """Parse statements as one of the dialects does."""
    import sqlglot

    assert all(sqlglot.parse(example.parsed, read="duckdb"))


def expression(example: Example) -> None:
    """Parse each line as an expression of the rule language."""
    for line in example.parsed.splitlines():
        parse(line)


def goes_on(example: Example) -> None:
    """Make the files that an earlier page leaves behind."""
    page = _page(example)
    page.made |= files.make(Path(example.path).parent / example.parsed, page.folder)


def diff(example: Example) -> str:
    """Refuse a change of no file."""
    return "a change says which file it is of: ```diff title=..."


def unknown(example: Example) -> str:
    """Refuse what nobody knows how to run."""
    return f"a block is one of {', '.join(BY_NAME)}, or stands below `<!-- not run: the reason -->`"


def indented(example: Example) -> str:
    """Refuse code that doesn't say what it is."""
    return f"fence this block (```sh, ```python, ```text ...):\n{example.parsed}"


def _page(example: Example) -> Page:
    return example.namespace["__page__"]


def _written(evaluate: Evaluator, *, check: Evaluator | None = None) -> Evaluator:
    """A block with a title is that file: it is written and `check`ed instead of being run.

    A file that is there already, shipped or made by a command, must hold the block, unless that is a change.
    """

    def written(example: Example) -> str | None:
        title, language = example.region.lexemes["title"], example.region.lexemes["language"]
        if title is None:
            return evaluate(example)
        page = _page(example)
        file = page.at / title
        if file.exists() and file not in page.made and language != "diff":
            return None if files.holds(file, tidy(example.parsed)) else f"{title} says otherwise"
        files.write(file, example.parsed, language)
        page.made.add(file)
        return (check or evaluate)(example)

    return written


def _yaml(example: Example) -> None:
    check_yaml(example.parsed)


BY_NAME: dict[str, Evaluator] = {
    "python": _written(python, check=_parsed(lambda source: compile(source, "block", "exec"))),
    "sh": sh,
    "console": console,
    "text": text,
    "yaml": _written(_yaml),
    "json": _written(_parsed(json.loads)),
    "jsonl": _written(_parsed(lambda source: [json.loads(line) for line in source.splitlines()])),
    "expression": expression,
    "toml": _written(_parsed(tomllib.loads)),
    "csv": _written(_parsed(lambda source: list(csv.reader(io.StringIO(source), strict=True)))),
    "sql": _written(sql),
    "diff": _written(diff, check=lambda example: None),
}
