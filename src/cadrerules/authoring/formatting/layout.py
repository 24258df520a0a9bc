"""Writes the entries of a document in its one form: two spaces a level, brackets on one line, comments where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile, pairwise

from ruamel.yaml.nodes import ScalarNode, SequenceNode

from .entries import Entry, line_end
from .language import broken
from .scalars import inline, own_lines, quoted, unquoted

WIDTH = 120
"""How wide a line may become before brackets over several lines, or an expression, are broken."""
_STEP = 2


class Layout:
    """Writes entries of a text; `expressions` are the texts in the rule language as the language prints them."""

    def __init__(self, text: str, expressions: dict[Entry, str]) -> None:
        self.text, self.expressions = text, expressions

    def document(self, root: Entry) -> str:
        """The whole document."""
        root.block = True
        for entry in root.entries:
            self._settle(entry, 0)
        return "\n".join([*self._block(root, 0)]) + "\n"

    # --- what stands on lines of its own ---

    def _settle(self, entry: Entry, indent: int) -> None:
        """Decide what stands on lines of its own, and bring comments to where they can stand."""
        if entry.flow and not entry.entries:
            entry.leading += [line for line in entry.foot if line]
            entry.foot = []
        entry.block = bool(entry.entries) and (not entry.flow or entry.has_comments_inside or self._too_wide(entry, indent))
        if not entry.block:
            return
        for inner in entry.entries:
            self._settle(inner, indent + _STEP)
        if entry.is_item:  # nothing can stand between a dash and what it begins
            first = entry.entries[0]
            entry.leading += [line for line in (entry.beside, *first.leading) if line]
            entry.beside, first.leading = "", []

    def _too_wide(self, entry: Entry, indent: int) -> bool:
        """Whether brackets that stood on several lines don't fit on one."""
        several = entry.value.start_mark.line != entry.value.end_mark.line
        return several and indent + len(self._head(entry)) + 1 + len(self._flow(entry)) > WIDTH

    # --- lines ---

    def _block(self, entry: Entry, indent: int) -> Iterator[str]:
        lines = [line for inner in entry.entries for line in self._entry(inner, indent)]
        yield from dropwhile(lambda line: not line, lines)
        yield from [*_set_in([*entry.foot, ""], indent)][:-1]

    def _entry(self, entry: Entry, indent: int) -> Iterator[str]:
        yield from _set_in(entry.leading, indent)
        pad, head = " " * indent, self._head(entry)
        beside = f"  {entry.beside}" if entry.beside else ""
        if entry.block:
            lines = [*self._block(entry, indent + _STEP)]
            if entry.is_item:
                yield f"{pad}{head} {lines[0].lstrip(' ')}"
                lines = lines[1:]
            else:
                yield f"{pad}{head}{beside}"
            yield from lines
            return
        first, *rest = self._value(entry, WIDTH - indent - len(head) - 1, WIDTH - indent - _STEP)
        yield f"{pad}{head} {first}{beside}"
        yield from (f"{pad}  {line}" if line else "" for line in rest)

    def _head(self, entry: Entry) -> str:
        return "-" if entry.key is None else f"{inline(entry.key)}:"

    # --- values ---

    def _value(self, entry: Entry, room: int, width: int) -> list[str]:
        """A value that isn't a block: what stands beside its key, and further lines; `room` is the width on the first."""
        if entry.language:
            return self._expression(entry, room, width)
        if entry.in_own_lines:
            return own_lines(entry.value, self.text, entry.end) or [quoted(entry.value.value)]
        line = self._flow(entry)
        lines = self._plain_lines(entry)
        return [">-", *lines] if len(line) > room and lines else [line]

    def _expression(self, entry: Entry, room: int, width: int) -> list[str]:
        text = self.expressions[entry]
        written = self._plain_lines(entry)
        if " ".join(written) != text:
            written = []
        if entry.in_own_lines and written:
            return [">-", *written]
        line = self._flow(entry)
        lines = written or broken(text, width)
        folded = len(line) > room and (len(lines) > 1 or len(lines[0]) <= width)
        return [">-", *lines] if folded else [line]

    def _plain_lines(self, entry: Entry) -> list[str]:
        """The lines of a text that stands on several, if they are joined by one space each."""
        start = int(entry.value.start_mark.index)
        if entry.in_own_lines:
            lines = self.text[line_end(self.text, start) + 1 : entry.end].split("\n")
        elif isinstance(entry.value, ScalarNode) and entry.value.style is None:
            lines = self.text[start : entry.end].split("\n")
        else:
            return []
        lines = [line.strip() for line in lines]
        joined = " ".join(str(entry.value.value).split("\n")).strip()
        return lines if len(lines) > 1 and all(lines) and " ".join(lines) == joined else []

    def _flow(self, entry: Entry) -> str:
        """A value on one line."""
        if entry.language:
            return unquoted(self.expressions[entry])
        if not entry.flow:
            return inline(entry.value)
        inside = ", ".join(self._inside(inner) for inner in entry.entries)
        return f"[{inside}]" if isinstance(entry.value, SequenceNode) else f"{{{inside}}}"

    def _inside(self, entry: Entry) -> str:
        """An entry inside brackets."""
        if entry.language:
            value = unquoted(self.expressions[entry], flow=True)
        else:
            value = self._flow(entry) if entry.flow else inline(entry.value, flow=True)
        return value if entry.key is None else f"{inline(entry.key, flow=True)}: {value}"


def _set_in(lines: list[str], indent: int) -> Iterator[str]:
    """Comments at an indentation, empty lines in a row as one."""
    for before, line in pairwise(["#", *lines]):
        if line or before:
            yield f"{' ' * indent}{line}" if line else ""
