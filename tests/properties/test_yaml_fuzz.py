from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.errors import CadreError
from cadrerules.load.yaml import Located, read_yaml

PIECES = [
    *"abc012 \n\t:-?[]{},#&*!|>'\"%@`~<.\\\r\0\x85\ufeff红",
    *("\n  ", "\n- ", ": ", "- ", "? ", "---\n", "...\n", "%YAML 1.2\n", "!!str ", "!<x>", "&a ", "*a"),
    *("|2\n", ">-\n", "\\x", "\\U00110000", "\\uD800", "true", "null", "2.50", "9" * 19, "'a': ", '"b": '),
]
documents = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]))
scalars = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts
keys = st.text("abc <:~0", max_size=4)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(p for step, value in inner for p in paths(value, (*path, step)))]


def check_places(located: Located, text: str) -> None:
    """Every place lies in the text, and text with a column stands there."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for path in paths(located.data):
        for place in (located.place(path), located.key_place(path)):
            assert place.source == lines[(place.line or 0) - 1]
            assert 1 <= (place.column or 0) <= len(place.source) + 1
        value = located.data
        for step in path:
            value = value[step]
        column = located.scalar_column(path)
        if column is not None and isinstance(value, str | Decimal):
            assert located.place(path).source[column - 1 :].startswith(str(value))


def check(text: str) -> None:
    located = read(text)
    if located is not None:
        check_places(located, text)
        json.dumps(located.data, default=str, ensure_ascii=False).encode()


def read(source: str | Path) -> Located | None:
    """What is read; None if it is refused, with a report in both languages."""
    try:
        return read_yaml(source)
    except CadreError as error:
        reports = error.report("en"), error.report("zh")
    assert all(reports)
    return None


@settings(deadline=None, max_examples=300)
@given(documents)
def test_near_yaml_is_read_or_refused(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200) | documents.map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.yaml"
        path.write_bytes(raw)
        read(path)


@settings(deadline=None, max_examples=100)
@given(plain)
def test_json_is_read_as_it_is(data: Any) -> None:
    assert read_yaml(json.dumps(data, ensure_ascii=False)).data == data
