"""A document as entries: each key or list item with its value, the comments that belong to it, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(eq=False)
class Entry:
    """One key or list item of a document, or the document itself.

    `leading` are the lines above it and `foot` those below its last entry: comments, and empty texts for empty lines. `beside` is
    the comment on its line. `language` marks a text in the rule language; `block` says whether its entries stand on lines of
    their own.
    """

    key: ScalarNode | None
    value: Node
    entries: list[Entry] = field(default_factory=list)
    end: int = 0
    leading: list[str] = field(default_factory=list)
    beside: str = ""
    foot: list[str] = field(default_factory=list)
    language: bool = False
    block: bool = False

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return int((self.key or self.value).start_mark.index)

    @property
    def column(self) -> int:
        """The column, from 0, at which its entries begin."""
        return int(self.value.start_mark.column)

    @property
    def flow(self) -> bool:
        """Whether it is a list or mapping in brackets."""
        return bool(self.value.flow_style) if isinstance(self.value, MappingNode | SequenceNode) else False

    @property
    def in_own_lines(self) -> bool:
        """Whether its value is a text in lines of its own."""
        return isinstance(self.value, ScalarNode) and self.value.style in ("|", ">")

    @property
    def opened(self) -> int:
        """Where its line is open for a comment though the value hasn't ended: after the key, or what begins an item."""
        if self.key is not None:
            return int(self.key.end_mark.index)
        return self.start if self.flow or self.in_own_lines else -1

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return self.key is None

    def walk(self) -> Iterator[Entry]:
        """Itself and all entries in it, in the order of the text."""
        yield self
        for entry in self.entries:
            yield from entry.walk()

    @property
    def has_comments_inside(self) -> bool:
        """Whether a comment stands somewhere in its value."""
        return any(any(e.leading) or e.beside for inner in self.entries for e in inner.walk()) or any(
            any(e.foot) for e in self.walk()
        )


def entries_of(text: str) -> Entry:
    """The entries of a text that `read_yaml` has read without fault."""
    return _entry(None, YAML(typ="safe", pure=True).compose(text), text)


def _entry(key: Any, value: Node, text: str) -> Entry:
    found = Entry(key, value)
    match value:
        case MappingNode():
            found.entries = [_entry(name, inner, text) for name, inner in value.value]
        case SequenceNode():
            found.entries = [_entry(None, inner, text) for inner in value.value]
    found.end = _end(found, text)
    return found


def _end(entry: Entry, text: str) -> int:
    """Where a value ends: a block with its last entry, a text in lines of its own before the empty lines that follow it."""
    end = int(entry.value.end_mark.index)
    if entry.entries and not entry.flow:
        return entry.entries[-1].end
    if entry.in_own_lines and "+" not in header(entry.value, text):
        while not text[(before := text.rfind("\n", 0, end)) + 1 : end].strip():
            end = before
    return end


def header(value: Node, text: str) -> str:
    """The first line of a text in lines of its own, `>-`, without a comment."""
    start = int(value.start_mark.index)
    return text[start : line_end(text, start)].partition("#")[0].strip()


def line_end(text: str, at: int) -> int:
    """Where the line ends on which a place lies."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end
