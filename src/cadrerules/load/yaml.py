"""YAML read as plain data, with the place of every value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import TagToken

from ..errors import Place, PolicyError, Problem
from ..errors.messages_yaml import FILE_REASONS, SYNTAX_REASONS

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 30
MAX_DIGITS: Final = 18
_BYTES_PER_NODE: Final = 10
_MAX_PROBLEMS: Final = 100

Path_ = tuple[str | int, ...]
"""The keys and list indexes (from 0) that lead to a value."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
# Control characters, line ends that editors don't show, marks that reverse the direction of reading,
# halves of characters, and what no text holds.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class _Node(NamedTuple):
    """Where a value, its key and its verbatim text begin, and the values inside it."""

    at: int
    key_at: int
    text_at: int | None
    inside: Mapping[str | int, _Node]


_NOTHING: Final[Mapping[str | int, _Node]] = {}


@dataclass(frozen=True)
class _Text:
    """The text of a document, by lines."""

    text: str
    file: str
    starts: tuple[int, ...] = field(init=False)
    lines: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = (0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", self.text)))
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "lines", tuple(re.split(r"\r\n|\r|\n", self.text)))

    def place(self, at: int) -> Place:
        line = bisect_right(self.starts, at)
        column = at - self.starts[line - 1] + 1
        return Place(file=self.file, line=line, column=column, source=self.lines[line - 1])


@dataclass(frozen=True)
class Located:
    """A document's data and the place of everything in it.

    `data` holds dicts with text keys, lists, `str`, `int`, `Decimal`, `bool` and `None`; `file` is the
    name shown in errors. A path is a tuple of keys and list indexes (from 0); the empty one is the whole.
    """

    data: Any
    file: str
    _text: _Text = field(repr=False, compare=False)
    _root: _Node = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The text that was read."""
        return self._text.text

    def place(self, path: Path_ = ()) -> Place:
        """Line and column of the value at the path, or of the nearest value above one that isn't there."""
        return self._text.place(self._find(path)[0].at)

    def key_place(self, path: Path_) -> Place:
        """Line and column of the key that ends the path; as `place` for a list's item or a missing key."""
        node, found = self._find(path)
        return self._text.place(node.key_at if found else node.at)

    def scalar_column(self, path: Path_) -> int | None:
        """The column at which the text at the path begins, after an opening quote.

        None where the characters don't stand there one by one in a single line (block scalars, texts
        over several lines or with escapes) and where there is no scalar.
        """
        node, found = self._find(path)
        return self._text.place(node.text_at).column if found and node.text_at is not None else None

    def _find(self, path: Path_) -> tuple[_Node, bool]:
        node = self._root
        for step in path:
            if step not in node.inside:
                return node, False
            node = node.inside[step]
        return node, True


def read_yaml(source: Path | str, name: str = "", max_bytes: int = MAX_BYTES) -> Located:
    """The one document of a file (a `Path`) or of a text (a `str`), as YAML 1.2 without its dangerous parts.

    Unquoted numbers are `int` or `Decimal` as written, `true` and `false` truths, `null`, `~` and nothing
    None; all else is text, also dates, `yes` and `01`. `name` is shown in errors instead of the path.
    Raises `PolicyError` with every problem found: tags, anchors, aliases, merge keys, duplicate or
    non-text keys, faulty syntax, and more than `max_bytes` or a value per ten of them.
    """
    file = name or (str(source) if isinstance(source, Path) else "")
    text = _Text(_string(source, file, max_bytes).removeprefix("\ufeff"), file)
    if invisible := list(_INVISIBLE.finditer(text.text)):
        raise PolicyError(_invisible(text, m.start(), m.group()) for m in invisible[:_MAX_PROBLEMS])
    data, root = _Builder(text, max_bytes // _BYTES_PER_NODE).document()
    return Located(data, file, text, root)


def _string(source: Path | str, file: str, max_bytes: int) -> str:
    """The whole text, if it isn't too large."""
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else _read(source, file, max_bytes)
    if len(raw) > max_bytes:
        raise PolicyError(Problem("CR-YAML-TOO-LARGE", Place(file=file), {"limit": max_bytes}))
    return source if isinstance(source, str) else _decode(raw, file)


def _read(path: Path, file: str, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = next(texts for kind, texts in FILE_REASONS.items() if isinstance(error, kind))
        raise PolicyError(Problem("CR-YAML-UNREADABLE", Place(file=file), {"reason": reason})) from None


def _decode(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")) + 1
        place = Place(file=file, line=before.count(b"\n") + 1, column=column)
        raise PolicyError(Problem("CR-YAML-NOT-UTF8", place)) from None


def _invisible(text: _Text, at: int, character: str) -> Problem:
    return Problem("CR-YAML-CONTROL", text.place(at), {"character": f"U+{ord(character):04X}"})


class _PlainScanner(Scanner):
    """A scanner that notes tags, anchors and aliases."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.noted: list[tuple[str, int]] = []

    def fetch_directive(self) -> NoReturn:
        raise _Directive

    def fetch_anchor(self) -> None:
        self.noted.append(("CR-YAML-ANCHOR", self.reader.index))
        super().fetch_anchor()

    def fetch_alias(self) -> None:
        self.noted.append(("CR-YAML-ALIAS", self.reader.index))
        super().fetch_alias()

    def fetch_tag(self) -> None:
        """Pass over it: reading a long one as a tag takes time by the square of its length."""
        self.noted.append(("CR-YAML-TAG", self.reader.index))
        self.save_possible_simple_key()
        self.allow_simple_key = False
        start, ends = self.reader.get_mark(), "\0 \t\r\n" + (",[]{}" if self.flow_level else "")
        while self.reader.peek() not in ends:
            self.reader.forward()
        self.tokens.append(TagToken((None, "!"), start, self.reader.get_mark()))


class _Directive(Exception):  # noqa: N818 - never leaves this module
    """A directive was met."""


class _Builder:
    """Builds plain data and places from the parser's events."""

    def __init__(self, text: _Text, max_nodes: int) -> None:
        self._text = text
        self._max_nodes = max_nodes
        self._nodes = 0
        self._problems: list[tuple[int, Problem]] = []
        self._yaml = YAML(typ="safe", pure=True)
        self._yaml.Scanner = _PlainScanner
        self._events: Iterator[Event] = self._yaml.parse(text.text)

    def document(self) -> tuple[Any, _Node]:
        """The data of the only document, and where it stands; raises all that is wrong with it."""
        data, root = None, _Node(0, 0, None, _NOTHING)
        self._next(StreamStartEvent)
        if isinstance(self._next(), DocumentStartEvent):
            data, root = self._value(self._next(), None, 1)
            self._next(DocumentEndEvent)
            if not isinstance(event := self._next(), StreamEndEvent):
                self._fail("CR-YAML-SEVERAL", event.start_mark.index)
        if problems := self._gathered():
            raise PolicyError(problems)
        return data, root

    def _value(self, event: Event, key_at: int | None, depth: int) -> tuple[Any, _Node]:
        at = event.start_mark.index
        key_at = at if key_at is None else key_at
        self._count(at)
        if isinstance(event, ScalarEvent):
            return self._scalar(event), _Node(at, key_at, self._verbatim(event), _NOTHING)
        if isinstance(event, AliasEvent):  # the scanner has noted it
            return None, _Node(at, key_at, None, _NOTHING)
        if depth > MAX_DEPTH:
            self._fail("CR-YAML-TOO-DEEP", at, limit=MAX_DEPTH)
        build = self._mapping if isinstance(event, MappingStartEvent) else self._sequence
        data, inside = build(depth)
        return data, _Node(at, key_at, None, inside)

    def _sequence(self, depth: int) -> tuple[Any, dict[str | int, _Node]]:
        items: list[Any] = []
        inside: dict[str | int, _Node] = {}
        while not isinstance(event := self._next(), CollectionEndEvent):
            item, inside[len(items)] = self._value(event, None, depth + 1)
            items.append(item)
        return items, inside

    def _mapping(self, depth: int) -> tuple[Any, dict[str | int, _Node]]:
        entries: dict[str, Any] = {}
        inside: dict[str | int, _Node] = {}
        while not isinstance(event := self._next(), CollectionEndEvent):
            key_at = event.start_mark.index
            key = self._key(event, depth)
            value, node = self._value(self._next(), key_at, depth + 1)
            if key is not None and self._is_new(key, key_at, inside):
                entries[key], inside[key] = value, node
        return entries, inside

    def _key(self, event: Event, depth: int) -> str | None:
        """The text of a key; None, noted, where it has none."""
        if not isinstance(event, ScalarEvent):
            if not isinstance(event, AliasEvent):
                self._note("CR-YAML-KEY", event.start_mark.index)
            self._value(event, None, depth + 1)
            return None
        self._count(event.start_mark.index)
        self._check_characters(event)
        if event.style is None and (event.value == "<<" or event.value in _WORDS):
            self._note("CR-YAML-MERGE" if event.value == "<<" else "CR-YAML-KEY", event.start_mark.index)
            return None
        return str(event.value)

    def _is_new(self, key: str, at: int, inside: Mapping[str | int, _Node]) -> bool:
        if key in inside:
            first = self._text.place(inside[key].key_at).line
            self._note("CR-YAML-DUPLICATE-KEY", at, key=key[:40], line=first)
        return key not in inside

    def _scalar(self, event: ScalarEvent) -> str | int | Decimal | bool | None:
        self._check_characters(event)
        text = str(event.value)
        if event.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        number = _NUMBER.fullmatch(text)
        return self._number(text, event) if number else text

    def _number(self, text: str, event: ScalarEvent) -> int | Decimal:
        if sum(c.isdigit() for c in text) > MAX_DIGITS:
            self._note("CR-YAML-NUMBER", event.start_mark.index, limit=MAX_DIGITS)
            return 0
        return Decimal(text) if "." in text else int(text)

    def _verbatim(self, event: ScalarEvent) -> int | None:
        """Where the text begins, if it stands in the document character by character."""
        quote = 1 if event.style in ("'", '"') else 0
        start = event.start_mark.index + quote
        return start if self._text.text[start : event.end_mark.index - quote] == event.value else None

    def _check_characters(self, event: ScalarEvent) -> None:
        """An escape may have put in what the text itself must not have."""
        if found := _INVISIBLE.search(event.value):
            at = event.start_mark.index
            self._add(at, _invisible(self._text, at, found.group()))

    def _count(self, at: int) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            self._fail("CR-YAML-TOO-MANY", at, limit=self._max_nodes)

    def _next(self, expected: type[Event] = Event) -> Event:
        """The next event; whatever the parser raises becomes a problem with a place."""
        try:
            event = next(self._events)
        except _Directive:
            self._fail("CR-YAML-DIRECTIVE", self._yaml.reader.index)
        except MarkedYAMLError as error:
            self._fail_syntax(error)
        except Exception:  # the parser lets other errors out for some faulty input, such as "\U00110000"
            self._fail("CR-YAML-SYNTAX", self._yaml.reader.index, reason=SYNTAX_REASONS["escape"])
        if not isinstance(event, expected):
            self._fail("CR-YAML-SYNTAX", event.start_mark.index, reason=SYNTAX_REASONS[""])
        return event

    def _fail_syntax(self, error: MarkedYAMLError) -> NoReturn:
        """A fault of syntax, unless what was noted before may be the cause of it."""
        if self._yaml.scanner.noted:
            raise PolicyError(self._gathered()) from None
        words = str(error.problem)
        part = next(part for part in SYNTAX_REASONS if part in words)
        unclosed = error.context_mark is not None and SYNTAX_REASONS[part] == SYNTAX_REASONS["end of stream"]
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        at = mark.index if mark else self._yaml.reader.index
        self._fail("CR-YAML-SYNTAX", at, reason=SYNTAX_REASONS[part])

    def _fail(self, code: str, at: int, **values: object) -> NoReturn:
        self._problems.append((at, Problem(code, self._text.place(at), values)))
        raise PolicyError(self._gathered()) from None

    def _note(self, code: str, at: int, **values: object) -> None:
        self._add(at, Problem(code, self._text.place(at), values))

    def _add(self, at: int, problem: Problem) -> None:
        self._problems.append((at, problem))
        if len(self._problems) >= _MAX_PROBLEMS:
            raise PolicyError(self._gathered())

    def _gathered(self) -> list[Problem]:
        """All problems in the order of the text, at most a hundred."""
        noted = self._yaml.scanner.noted[:_MAX_PROBLEMS]
        found = [(at, Problem(code, self._text.place(at))) for code, at in noted]
        ordered = sorted(self._problems + found, key=lambda pair: pair[0])
        return [problem for _, problem in ordered[:_MAX_PROBLEMS]]
