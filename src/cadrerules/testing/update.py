"""Rewrites the expectations of a case file that differ from what came out; every other character stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from ..errors import Lang
from ..model.documents import Document
from ..model.result import Decision
from ..plan import Plan
from ..whole_files import whole_file
from .case_documents import Case
from .cases import CaseDocument, Outcome, decided_apart, read_cases
from .comparison import agrees, decisions_at, faults, fields_of, named, nearest, shown
from .words import word

_PLAIN = re.compile(r"[^\W\d][\w./-]*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_TOLD = ("question", "subject", "period", "id", "status", "verdict", "possible", "because")
"""The fields of an expectation that is added."""


@dataclass(frozen=True, slots=True)
class Change:
    """One expectation that was rewritten: of which case and what, what stood there and what stands there now."""

    case: str
    where: str
    old: str
    new: str

    def text(self, lang: Lang = "en") -> str:
        """The change in words."""
        return word("change", lang, case=self.case, where=self.where, old=self.old, new=self.new)


def update(path: Path, outcomes: Sequence[Outcome], apart: Sequence[str] = ()) -> list[Change]:
    """Put what came out of cases into their file, where it differs from what the file expects; what was changed.

    Fields that differ are rewritten, decisions that the case should name are added, and expectations of a decision
    that there isn't are taken out. What says that something must not be (`expect_none`, `raises`) stays for a person
    to decide, and so does a case of which nothing would be left. `apart` are the questions that each rule decides
    apart. The file is written whole or not at all; `UsageError` where it can't be.
    """
    with path.open(encoding="utf-8", newline="") as file:  # line ends stay as they are
        edits = _Edits(file.read())
    for outcome in outcomes:
        if outcome.result is not None and not outcome.passed:
            edits.case(outcome, apart)
    if edits.changes:
        with whole_file(path) as beside:
            beside.write_text(edits.applied(), encoding="utf-8", newline="")
    return edits.changes


def update_case(document: CaseDocument, outcome: Outcome, plan: Plan) -> tuple[list[Change], Outcome]:
    """Rewrite what one case expects; what was changed, and the outcome under what the file expects now."""
    if outcome.result is None:
        return [], outcome
    apart = decided_apart(plan)
    changes = update(document.path, [outcome], apart)
    case = next(c for d in read_cases(document.path) for c in d.file.cases if c.name == outcome.case.name)
    left = tuple(faults(outcome.result, case, apart)) if not case.raises else outcome.faults
    return changes, replace(outcome, faults=left)


@dataclass
class _Edits:
    """The pieces of text to replace, found by where the file's parts begin and end."""

    text: str
    changes: list[Change] = field(default_factory=list)
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        root = _entries(YAML(typ="rt", pure=True).compose(self.text))
        self.cases = {_entries(node)["name"].value: node for node in root["cases"].value}

    def applied(self) -> str:
        """The text with all pieces replaced."""
        found = self.text
        for start, end, new in sorted(self.pieces, reverse=True):
            found = found[:start] + new + found[end:]
        return found

    def case(self, outcome: Outcome, apart: Sequence[str]) -> None:
        """Bring one case's expectations in line with its result."""
        parts, case, result = _entries(self.cases[outcome.case.name]), outcome.case, outcome.result
        assert result is not None
        if "expect" in parts:
            self._decisions(case, parts["expect"], result.decisions, apart)
        for node, expected in zip(_items(parts.get("expect_findings")), case.expect_findings, strict=True):
            if not any(agrees(expected, f) for f in result.findings):
                same = [f for f in result.findings if (f.rule, f.subject.id) == (expected.rule, expected.subject)]
                self._fields(case, node, expected, nearest(expected, same))
        if case.warnings is not None and case.warnings != len(result.warnings):
            self._replace(case, "warnings", parts["warnings"], len(result.warnings))

    def _decisions(self, case: Case, listed: Node, decisions: Sequence[Decision], apart: Sequence[str]) -> None:
        by_rule = set(apart if case.by_rule is None else case.by_rule)
        pairs = list(zip(_items(listed), case.expect, strict=True))
        named_places = dict.fromkeys(expected.place for expected in case.expect)
        extra: list[Decision] = []
        gone: list[Node] = []
        for place in named_places:
            mine = [(node, expected) for node, expected in pairs if expected.place == place]
            left = decisions_at(decisions, [expected for _, expected in mine], by_rule)
            for node, expected in _first_those_that_agree(mine, left):
                near = next((d for d in left if agrees(expected, d)), None) or nearest(expected, left)
                if near is None:
                    gone.append(node)
                    continue
                left.remove(near)
                self._fields(case, node, expected, near)
            extra += left
        if case.nothing_else:
            extra += [d for d in decisions if (d.question, d.subject.id, d.period) not in named_places]
        if _is_block(listed) and (len(gone) < len(pairs) or extra):
            self._take_out(case, gone)
            self._add(case, listed, gone, extra)

    def _fields(self, case: Case, node: Node, expected: Document, found: Any) -> None:
        """Rewrite the fields that differ from what was found."""
        if found is None:
            return
        wanted, actual, parts = named(expected), fields_of(expected, found), _entries(node)
        for name in wanted:
            if wanted[name] != actual[name]:
                self._replace(case, f"{_name_of(wanted)}.{name}", parts[name], actual[name])

    def _replace(self, case: Case, where: str, node: Node, value: Any) -> None:
        start, end = node.start_mark.index, _end(self.text, node)
        new = written(value)
        self.changes.append(Change(case.name, where, " ".join(self.text[start:end].split()), new))
        self.pieces.append((start, end, new if start < end else f" {new}"))

    def _take_out(self, case: Case, gone: Sequence[Node]) -> None:
        for node in gone:
            start = self.text.rfind("\n", 0, node.start_mark.index) + 1
            end = self.text.find("\n", _end(self.text, node))
            self.changes.append(Change(case.name, "expect", " ".join(self.text[start:end].split()), "-"))
            self.pieces.append((start, len(self.text) if end < 0 else end + 1, ""))

    def _add(self, case: Case, listed: Node, gone: Sequence[Node], extra: Sequence[Decision]) -> None:
        """Add entries after the last one that stays; where none does, before the first."""
        kept = [node for node in listed.value if node not in gone]
        after = self.text.find("\n", _end(self.text, kept[-1])) + 1 if kept else 0
        at = after or (len(self.text) if kept else self.text.rfind("\n", 0, listed.start_mark.index) + 1)
        new = []
        for decision in extra:
            plain = decision.model_dump(mode="json") | {"subject": decision.subject.id}
            new.append(written({name: plain[name] for name in _TOLD if plain[name] not in (None, [])}))
            self.changes.append(Change(case.name, "expect", "-", new[-1]))
        if new:
            end, indent = "\r\n" if "\r\n" in self.text else "\n", " " * listed.start_mark.column
            before = end if at == len(self.text) and not self.text.endswith("\n") else ""
            self.pieces.append((at, at, before + "".join(f"{indent}- {entry}{end}" for entry in new)))


def _first_those_that_agree(pairs: list[Any], found: Sequence[Decision]) -> Iterator[Any]:
    """The expectations, those that are met before those that aren't, so that none takes another's decision."""
    return iter(sorted(pairs, key=lambda pair: not any(agrees(pair[1], d) for d in found)))


def _entries(node: Node) -> dict[str, Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, MappingNode) else {}


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _is_block(node: Node) -> bool:
    return isinstance(node, SequenceNode) and not node.flow_style and bool(node.value)


def _end(text: str, node: Node) -> int:
    """Where a part ends: a block with the last of its values, before the comments that follow it."""
    if isinstance(node, SequenceNode | MappingNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _name_of(wanted: Mapping[str, Any]) -> str:
    parts = [wanted.get(name) for name in ("question", "rule", "subject", "period")]
    return "/".join(str(part) for part in parts if part)


def written(value: Any) -> str:
    """A plain value as YAML in one line, quoted where it would otherwise be read as something else."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{name}: {written(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(written, value)) + "]"
        case str():
            plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
            return value if plain else json.dumps(value, ensure_ascii=False)
        case _:
            return shown(value)
