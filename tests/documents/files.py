"""The files that a page's blocks with a title make, and those that the pages before it made."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

from sybil import Document
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

FENCES = RawFencedCodeBlockLexer(re.compile(r'(?P<language>\w*)(?: title="(?P<title>[^"\n]+)")?[^\n]*\n'))
GOES_ON = re.compile(r"<!-- goes on from: (?P<page>\S+) -->")
MOST_DEPTH = 10


def write(file: Path, text: str, language: str) -> None:
    """Write a file as a block gives it: whole, or what a `diff` changes in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(changed(file.read_text("utf-8"), text) if language == "diff" else text, encoding="utf-8")


def changed(text: str, diff: str) -> str:
    """The text after a change, whose lines begin with `-`, `+` or a space; those before it must stand there once."""
    lines = diff.splitlines(keepends=True)
    old, new = ("".join(line[1:] or "\n" for line in lines if line[0] in signs) for signs in ("- \n", "+ \n"))
    if text.count(old) != 1:
        raise ValueError(f"these lines stand {text.count(old)} times in the file:\n{old}")
    return text.replace(old, new)


def holds(file: Path, part: str) -> bool:
    """Whether these lines stand in a file, perhaps further to the right."""
    text = file.read_text("utf-8")
    return any(indent(part, " " * depth) in text for depth in range(MOST_DEPTH))


def make(page: Path, folder: Path) -> set[Path]:
    """Make the files that a page, and those it goes on from, leave behind; which they are."""
    made: set[Path] = set()
    document = Document(page.read_text("utf-8"), str(page))
    for earlier in GOES_ON.findall(document.text):
        made |= make(page.parent / earlier, folder)
    for region in FENCES(document):
        if title := region.lexemes["title"]:
            write(folder / title, region.lexemes["source"], region.lexemes["language"])
            made.add(folder / title)
    return made
