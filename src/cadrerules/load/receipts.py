"""Reads receipts: a receipt a line, as JSON, and the values of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import Place, Problem
from ..language.as_json import from_json
from ..language.operators import OPERATORS
from ..language.scope import CALENDAR, Grain
from ..model.policy_set import PolicySet
from ..model.program import Stage, bind_policy
from ..model.receipt import NAME, Receipt
from .files import decode, read_bytes

Values = dict[str, Any]
MOST_SHOWN = 120
PRESENT = "(present)"
"""The column that tells whether a row counts."""

_and, _at_most = OPERATORS["and"].meaning, OPERATORS["<="].meaning

Line = tuple[Place, Any]
"""Where a line stands, and the JSON in it; None where it is none."""


def read_lines(path: Path) -> Iterator[Line]:
    """What stands in the lines of a file; `DataError` where it can't be read."""
    place = Place(file=path.name)
    text = decode(read_bytes(path, place), place, ("utf-8",))
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        yield Place(file=path.name, line=number), _json(line)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def form_problems(receipt: Any, place: Place) -> list[Problem]:
    """What is wrong in the form of a receipt; nothing where it may be computed again."""
    try:
        Receipt.model_validate(receipt)
    except ValidationError as error:
        entries = error.errors(include_url=False, include_input=False)
        return [Problem("CR-RECEIPT-FORM", within(place, _path(entry["loc"])), {"reason": entry["msg"]}) for entry in entries]
    except RecursionError:
        return [Problem("CR-RECEIPT-FORM", place, {"reason": "too deep"})]
    return []


def within(place: Place, path: str) -> Place:
    """A place within a receipt."""
    return Place(file=place.file, line=place.line, row=place.row, path=path)


def shown(value: Any) -> str:
    """A part of a receipt for an error, cut short where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}.."


def _path(loc: tuple[Any, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def is_receipt(found: Any) -> bool:
    """Whether JSON is meant to be a receipt."""
    return isinstance(found, Mapping) and found.get("format") == NAME


class ReceiptRows:
    """The rows of a receipt as values of the language; where it names what isn't there, or no value, `LookupError` or `ValueError`.

    `programs` are the policies of its text, bound; `inputs` and `trace` its rows, `tables` and `parts` what it says of each.
    """

    def __init__(self, receipt: Mapping[str, Any], policies: PolicySet) -> None:
        self.as_of, self.policies, self.absent = date.fromisoformat(receipt["as_of"]), policies, receipt["absent"]
        self.bindings = policies.bindings(self.as_of)
        self.programs = {
            name: bind_policy(policy, self.bindings, policies.context.grains) for name, policy in policies.policies.items()
        }
        self.stages = {(name, stage.name): stage for name, program in self.programs.items() for stage in program.stages}
        self.tables, self.parts = [part["table"] for part in receipt["inputs"]], receipt["trace"]
        self.inputs = [self._input(part) for part in receipt["inputs"]]
        self.trace = [self._row(part) for part in self.parts]
        self._by_key: dict[tuple[str, str], tuple[tuple[str, ...], dict[Any, list[int]]]] = {}

    def stage(self, n: int) -> Stage:
        """The relation that a row of the trace belongs to."""
        return self.stages[self.parts[n]["policy"], self.parts[n]["relation"]]

    def of_table(self, name: str) -> list[Values]:
        """The inputs from a table."""
        return [row for table, row in zip(self.tables, self.inputs, strict=True) if table == name]

    def by_key(self, policy: str, source: str) -> tuple[tuple[str, ...], dict[Any, list[int]]]:
        """The key of a policy's relation, or of a table, and the places of its rows by their cells of it."""
        if (policy, source) not in self._by_key:
            stage = self.stages.get((policy, source))
            names = [(part["policy"], part["relation"]) for part in self.parts] if stage else self.tables
            rows, wanted = (self.trace, (policy, source)) if stage else (self.inputs, source)
            key = stage.grain.key if stage else self._grain(source).key
            found: dict[Any, list[int]] = {}
            for place, (name, row) in enumerate(zip(names, rows, strict=True)):
                if name == wanted:
                    found.setdefault(tuple(row.get(column) for column in key), []).append(place)
            self._by_key[policy, source] = (key, found)
        return self._by_key[policy, source]

    def _grain(self, table: str) -> Grain:
        return self.policies.context.grains.get(table) or CALENDAR[table]

    def _input(self, part: Mapping[str, Any]) -> Values:
        table = self.policies.tables.get(part["table"])
        grain = self._grain(part["table"])
        cells = {**dict(zip(grain.key, part["key"], strict=True)), **part["cells"]}
        row = {name: from_json(cell, grain.columns[name]) for name, cell in cells.items()}
        first, last = (table.counts if table else None) or ("", "")
        begun = _at_most(row[first], self.as_of) if first else True
        return {**row, PRESENT: _and(begun, _at_most(self.as_of, row[last]) if last else True)}

    def _row(self, part: Mapping[str, Any]) -> Values:
        types, present = self.stages[part["policy"], part["relation"]].types, part.get("present", True)
        row = {name: from_json(cell, types[name]) for name, cell in part["columns"].items()}
        return {**row, PRESENT: present if isinstance(present, bool) else None}
