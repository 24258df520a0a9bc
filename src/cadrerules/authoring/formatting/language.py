"""Expressions in a document: as the language prints them, broken over lines where they are long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...language.parse import parse
from ...language.source import Source
from ...language.text import to_text

_WORD_OR_TEXT = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]]| (?=(?:and|or|if|else) )""")


def printed(source: Source) -> str:
    """The expression as the language prints it, or as it stands where that would read otherwise; `PolicyError` where it can't be read."""
    tree = parse(source)
    text = to_text(tree)
    return text if parse(text) == tree else source.text


def same_meaning(one: str, other: str) -> bool:
    """Whether two expressions are the same tree."""
    return one == other or parse(one) == parse(other)


def broken(text: str, width: int) -> list[str]:
    """The expression in lines of at most this width where it can be: broken before `and`, `or`, `if` and `else`, outside brackets first."""
    lines: list[str] = []
    for part in _parts(text, width):
        if lines and len(lines[-1]) + 1 + len(part) <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _parts(text: str, width: int, depth: int = 0) -> Iterator[str]:
    """The pieces between the places at which it may be broken, those that are too long in pieces of their own."""
    cuts = _cuts(text)
    at = [place for place, deep in cuts if deep == depth]
    if len(text) <= width or not cuts:
        yield text
    elif not at:
        yield from _parts(text, width, depth + 1) if depth < max(deep for _, deep in cuts) else [text]
    else:
        for start, end in zip([-1, *at], [*at, len(text)], strict=True):
            yield from _parts(text[start + 1 : end], width, depth + 1)


def _cuts(text: str) -> Sequence[tuple[int, int]]:
    """The places of the spaces before the words at which it may be broken, and how deep in brackets each is."""
    depth, found = 0, []
    for match in _WORD_OR_TEXT.finditer(text):
        if match[0] == " ":
            found.append((match.start(), depth))
        elif len(match[0]) == 1:
            depth += 1 if match[0] in "([" else -1
    return found
