"""Tables in JSON: an object of lists, or one row a line."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

from ..errors import DataError, Place, Problem
from ..model.cells import shortened
from ..model.facts import Table
from .files import decode, read_bytes
from .problems import fail
from .raw_tables import RawTable
from .records import from_records

_ENCODINGS: Final = ("utf-8-sig",)


def read_json(path: Path) -> object:
    """What a JSON file holds, numbers exact; a name may not stand twice in an object."""
    place = Place(file=path.name)
    return parse(decode(read_bytes(path, place), place, _ENCODINGS), place)


def read_jsonl(path: Path, table: Table) -> RawTable:
    """The table in a file with one JSON object a line; a row's number is its line's."""
    place = Place(file=path.name)
    lines = decode(read_bytes(path, place), place, _ENCODINGS).split("\n")
    rows: list[tuple[int, object]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            rows += [(number, parse(line, replace(place, row=number)))] if line.strip() else []
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return from_records(table, place, rows)


class _KeyTwiceError(ValueError):
    """An object has a name twice."""


def parse(text: str, place: Place) -> Any:
    """What a text of JSON holds, numbers exact; a name may not stand twice in an object."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_unique)
    except _KeyTwiceError as error:
        fail("CR-JSON-KEY-TWICE", place, name=error.args[0])
    except json.JSONDecodeError as error:
        line = error.lineno if place.row is None else None
        fail("CR-BAD-JSON", replace(place, line=line, column=error.colno))
    except (ValueError, ArithmeticError, RecursionError):
        fail("CR-BAD-JSON", place)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _KeyTwiceError(shortened(name))
        found[name] = value
    return found
