"""The rows of tables that a receipt lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..engines.scalar.frames import Frame, Key, Values
from ..language.as_json import to_json
from ..language.scope import CALENDAR
from ..language.types import Type
from ..model.facts import Table

At = tuple[str, Key]
"""A row: its table and key."""


@dataclass
class Inputs:
    """Rows that were read, each once; `columns` are those of each table that a receipt tells."""

    tables: Mapping[str, Table]
    columns: Mapping[str, frozenset[str]]
    found: dict[At, tuple[Frame, Values]] = field(default_factory=dict)
    place: dict[At, int] = field(default_factory=dict)

    def add(self, frame: Frame, row: Values) -> At:
        """Take a row in; gives how it is known until all are there."""
        at = (frame.name, frame.key_of(row))
        self.found.setdefault(at, (frame, row))
        return at

    def listed(self) -> list[dict[str, Any]]:
        """All rows in order, by table and key; from now on each has its place."""
        ordered = sorted(self.found, key=lambda at: (at[0], [str(cell) for cell in at[1]]))
        self.place = {at: place for place, at in enumerate(ordered)}
        return [self._listed(*self.found[at]) for at in ordered]

    def _listed(self, frame: Frame, row: Values) -> dict[str, Any]:
        types = self._types(frame.name)
        told = [name for name in types if name in self.columns.get(frame.name, ()) and name not in frame.key]
        disputed = [name for name in types if (frame.key_of(row), name) in frame.disputed]
        return {
            "table": frame.name,
            "key": [to_json(row[name], types[name]) for name in frame.key],
            "cells": {name: to_json(row[name], types[name]) for name in told},
            **({"disputed": disputed} if disputed else {}),
        }

    def _types(self, name: str) -> Mapping[str, Type]:
        return CALENDAR[name].columns if name in CALENDAR else self.tables[name].types
