"""Writes parts of a case as the YAML of a case file, as a person would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9\u4e00-\u9fff](?:[\w.-]*[\w])?")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off"}
_NUMBER = re.compile(r"-?[0-9][0-9._]*")


def flow(value: Any) -> str:
    """A value in one line: `{question: flag, subject: U01}`."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{name}: {flow(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return scalar(value)
        case _:
            return str(value)


def scalar(text: str) -> str:
    """A text as YAML: plain where nothing in it could be read otherwise."""
    odd = text.lower() in _RESERVED or _NUMBER.fullmatch(text) or not _PLAIN.fullmatch(text)
    return json.dumps(text, ensure_ascii=False) if odd else text


def table_lines(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """A table's rows as lists under a list of their columns."""
    if not rows:
        yield f"{name}: []"
        return
    yield f"{name}:"
    yield f"  columns: {flow(columns)}"
    if len(rows) == 1:
        yield f"  rows: [{flow([rows[0].get(c) for c in columns])}]"
        return
    yield "  rows:"
    yield from (f"    - {flow([row.get(c) for c in columns])}" for row in rows)
