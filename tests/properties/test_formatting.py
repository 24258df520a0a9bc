"""Formatting keeps what a document says and every comment, and formatting twice is formatting once: over documents in any layout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from cadrerules.authoring.formatting import formatted
from cadrerules.authoring.formatting.comments import remarks
from cadrerules.authoring.formatting.entries import entries_of
from cadrerules.authoring.formatting.language import broken, printed, same_meaning
from cadrerules.authoring.kinds import kind_of
from cadrerules.errors import PolicyError
from cadrerules.language.source import Source
from cadrerules.load.yaml import read_yaml

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    path
    for folder in ("policies", "examples", "tests/benchmarks/populations/row_rules")
    for path in (ROOT / folder).rglob("*.yaml")
)
PARTS = [ROOT / "policies" / "cadrerules_market_supervision" / f"{name}.yaml" for name in ("people", "training", "tolerance", "policy_set")]
PARTS += [ROOT / "examples" / "04_plugin" / "supplier_review" / f"{name}.yaml" for name in ("review", "questions")]
PARTS += sorted((ROOT / "examples" / "reforms").glob("*.yaml"))
SMALL = [path for path in SHIPPED if path.stat().st_size < 5_000]
DATA = [read_yaml(path).data for path in PARTS]


def comments(text: str) -> list[str]:
    text = text.replace("\r\n", "\n")
    return sorted(remark.text for remark in remarks(entries_of(text), text) if remark.text)


def model(text: str) -> Any:
    located = read_yaml(text)
    return kind_of(located).model.model_validate(located.data)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_documents_have_their_one_form(path: Path) -> None:
    document = formatted(path)
    assert document.diff() == ""


@pytest.mark.parametrize("path", PARTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_another_order_of_entries_is_put_right(path: Path) -> None:
    """With the head of every document at its end, the same document comes out."""
    text = path.read_text("utf-8")
    head = next((line for line in text.splitlines(keepends=True) if line.startswith("format: 1")), None)
    if head:
        moved = formatted(text.replace(head, "", 1) + head)
        assert moved.changed
        assert model(moved.after) == model(text)
        assert comments(moved.after) == comments(text)
        assert not formatted(moved.after).changed


@settings(max_examples=120, deadline=None)
@given(data=st.sampled_from(DATA), seed=st.integers(0, 2**32))
def test_any_layout_is_kept_in_meaning(data: Any, seed: int) -> None:
    text = "\n".join(_Writer(Random(seed)).block(data, 0)) + "\n"  # noqa: S311
    document = formatted(text)
    assert model(document.after) == model(formatted(json_text(data)).after)
    assert comments(document.after) == comments(text)
    again = formatted(document.after)
    assert again.diff() == ""


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(SMALL), data=st.data())
def test_comments_anywhere_are_kept(path: Path, data: st.DataObject) -> None:
    """A comment after, or on a line before, any line of a document that doesn't end within a text."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    beside = f"{lines[at]}  # beside" if data.draw(st.booleans()) else lines[at]
    indent = " " * data.draw(st.integers(0, 6))
    changed = "\n".join([*lines[:at], f"{indent}# above", beside, *lines[at + 1 :]]) + "\n"
    try:
        assume(read_yaml(changed).data == read_yaml(text).data)  # within a text in lines of its own it is no comment
    except PolicyError:
        reject()  # nor may one stand within a plain text over several lines
    document = formatted(changed)
    assert comments(document.after) == comments(changed)
    assert formatted(document.after).diff() == ""


CONDITIONS = st.recursive(
    st.sampled_from(["place <= 7", 'flag == "red and or"', "known(x)", "first <= day <= last", "a in ['b', \"c\"]", "2.50 > rate", "not done"]),
    lambda parts: st.one_of(
        st.builds("({}) and {}".format, parts, parts),
        st.builds("{} or ({})".format, parts, parts),
        st.builds("({}) if ({}) else ({})".format, parts, parts, parts),
        st.builds("any({}, where=({}))".format, st.just("rows.a == 1"), st.just("rows.b >= a")),
        st.builds("max(1 if ({}) else 2, 3) > 2".format, parts),
    ),
    max_leaves=12,
)


@given(CONDITIONS, st.integers(20, 120))
def test_expressions_keep_their_meaning_and_can_be_broken(text: str, width: int) -> None:
    once = printed(Source(text))
    assert same_meaning(text, once)
    assert printed(Source(once)) == once
    lines = broken(once, width)
    assert " ".join(lines) == once
    assert all(line == line.strip() and line for line in lines)


def json_text(data: Any) -> str:
    """The document as JSON, which is YAML too: no comments, all in brackets."""
    return json.dumps(data, ensure_ascii=False, default=lambda number: float(number) if isinstance(number, Decimal) else str(number))


class _Writer:
    """Writes plain data as YAML in a layout that nobody would choose."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def comment(self) -> str:
        self.count += 1
        return f"# {self.count} it's a: {{remark}} [of \"mine\"" + " " * self.random.randrange(3)

    def beside(self) -> str:
        return f" {self.comment()}" if self.maybe(0.15) else ""

    def between(self, indent: int) -> Iterator[str]:
        while self.maybe(0.2):
            yield " " * self.random.choice([indent, indent, 0, indent + 3]) + self.comment() if self.maybe(0.7) else ""

    def block(self, value: Any, indent: int) -> Iterator[str]:
        pad, step = " " * indent, self.random.choice([1, 2, 4])
        entries = [*value.items()] if isinstance(value, dict) else [(None, inner) for inner in value]
        if isinstance(value, dict):
            self.random.shuffle(entries)
        for name, inner in entries:
            yield from self.between(indent)
            head = f"{pad}- " if name is None else f"{pad}{self.key(name)}: "
            if isinstance(inner, dict | list) and inner and self.maybe(0.5):
                yield head.rstrip() + self.beside()
                yield from self.block(inner, indent + step)
            else:
                first, *rest = self.value(inner, indent + 6)
                yield f"{head}{first}" + ("" if rest else self.beside())
                yield from rest

    def key(self, name: str) -> str:
        return json.dumps(name, ensure_ascii=False) if self.maybe(0.1) else name

    def value(self, value: Any, indent: int) -> list[str]:
        """A value that begins on its key's line, and further lines."""
        if isinstance(value, dict | list):
            return self.flow(value, indent)
        if isinstance(value, str):
            return self.text(value, indent)
        return [json_text(value)]

    def text(self, text: str, indent: int) -> list[str]:
        words = text.split(" ")
        if self.maybe(0.3) and all(words) and len(words) > 1 and "\n" not in text:
            cut = self.random.randrange(1, len(words))
            return [">-" + self.beside(), *(" " * indent + " ".join(part) for part in (words[:cut], words[cut:]))]
        return [self.quoted(text)]

    def quoted(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'" if self.maybe(0.5) else json.dumps(text, ensure_ascii=False)

    def flow(self, value: Any, indent: int) -> list[str]:
        """A list or mapping in brackets, perhaps over several lines with comments."""
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        entries = [*value.items()] if isinstance(value, dict) else [(None, inner) for inner in value]
        several = bool(entries) and self.maybe(0.3)
        parts: list[str] = []
        for at, (name, inner) in enumerate(entries):
            text = self.inside(inner)
            comma = "," if at < len(entries) - 1 else ""
            parts.append(("" if name is None else f"{self.key(name)}: ") + text + comma)
        if not several:
            return [opening + " ".join(parts) + closing]
        lines = [opening + self.beside()]
        for part in parts:
            lines += [*self.between(indent), " " * indent + part + self.beside()]
        return [*lines, *self.between(indent), " " * indent + closing]

    def inside(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(name)}: {self.inside(inner)}" for name, inner in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",  ".join(map(self.inside, value)) + "]"
        return self.quoted(value) if isinstance(value, str) else json_text(value)
