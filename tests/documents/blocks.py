"""The blocks of a page: what each is, and whether it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sybil import Document, Region

from . import languages
from .files import FENCES, GOES_ON

NOT_RUN = re.compile(r"<!-- not run: (?P<reason>(?:(?!-->)[\s\S])+?) -->\s*\Z")
SLOW = re.compile(r"<!-- slow -->\s*\Z")
INDENTED = re.compile(r"(?:\A|(?<=\n\n))(?:    .*\n)+")
CONTAINER = re.compile(r"\s*(?:[-*+] |\d+[.)] |!!! |\?\?\?|=== |<!--)")
"""Lines whose content is indented and yet is no code."""


def parse(document: Document) -> Iterator[Region]:
    """Every block that is to run, or that has to be written otherwise."""
    slow = False
    for region in FENCES(document):
        if reason_not_to_run(document, region) is None:
            language = region.lexemes["language"]
            slow = bool(SLOW.search(document.text, 0, region.start)) or (slow and language == "text")
            region.lexemes["slow"] = slow
            region.parsed = region.lexemes["source"]
            region.evaluator = languages.BY_NAME.get(language, languages.unknown)
            yield region
    yield from indented(document)
    for found in GOES_ON.finditer(document.text):
        start, end = found.span()
        yield Region(start, end, parsed=found["page"], evaluator=languages.goes_on, lexemes={"slow": False})


def reason_not_to_run(document: Document, region: Region) -> str | None:
    """What the comment above a block says of why it can't run."""
    found = NOT_RUN.search(document.text, 0, region.start)
    return " ".join(found["reason"].split()) if found else None


def indented(document: Document) -> Iterator[Region]:
    """Code that is only indented: nothing says what it is."""
    fences = [(region.start, region.end) for region in FENCES(document)]
    for found in INDENTED.finditer(document.text):
        inside = any(start <= found.start() < end for start, end in fences)
        above = [line for line in document.text[: found.start()].splitlines() if re.match(r" {0,3}\S", line)]
        if not inside and not (above and CONTAINER.match(above[-1])):
            yield Region(
                found.start(), found.end(), parsed=found[0], evaluator=languages.indented, lexemes={"slow": False}
            )
