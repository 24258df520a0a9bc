"""Writes single values: plain or in quotes on one line, or in lines of their own."""

from __future__ import annotations

import json
import re

from ruamel.yaml.nodes import Node, ScalarNode

from .entries import header, line_end

_PLAIN = re.compile(r"""(?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|[-?:](?=[^\s,\[\]{}]))(?:[^:#\n]|:(?=\S)|(?<=\S)#)*""")
_FLOW = re.compile(r"[,\[\]{}]|:$")
_OTHER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?|true|false|null|~|---.*|\.\.\..*|")


def inline(value: Node, *, flow: bool = False) -> str:
    """A value on one line, plain where it stood so; inside brackets with `flow`."""
    text = str(value.value)
    if isinstance(value, ScalarNode) and value.style is not None:
        return quoted(text)
    if text in ("", "~", "null"):
        return "null"
    several = value.start_mark.line != value.end_mark.line
    return unquoted(text, flow=flow) if several else text


def unquoted(text: str, *, flow: bool = False) -> str:
    """A text without quotes, unless it would then be read as something else."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and not _OTHER.fullmatch(text) and not (flow and _FLOW.search(text))
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """A text in quotes, in those that leave it as it is where there are such."""
    if any(character < " " for character in text):
        return json.dumps(text, ensure_ascii=False)
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def own_lines(value: Node, text: str, end: int) -> list[str] | None:
    """A text in lines of its own as it stands, without its indentation: the header, then the lines. None where it must go in quotes."""
    head, content = header(value, text), str(value.value)
    if not content.strip() or "+" in head or any(character.isdigit() for character in head):
        return None
    lines = text[line_end(text, int(value.start_mark.index)) + 1 : end].split("\n")
    indent = min(len(line) - len(line.lstrip(" ")) for line in lines if line.strip())
    return [head[0] + ("" if content.endswith("\n") else "-"), *(line[indent:] for line in lines)]
