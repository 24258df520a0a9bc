"""Receipts of many decisions, each with the hash of the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..journal.canonical import canonical
from ..model.result import Decision, Result
from ..whole_files import whole_file


def receipts(result: Result, decisions: Iterable[Decision] | None = None, *, previous: str = "") -> Iterator[dict[str, Any]]:
    """The receipts of a result's decisions, or of some of them, in order; each has the hash of the one before it.

    `previous` is the hash of the receipt that the first one follows, where it goes on from others.

    >>> import cadrerules as cr
    >>> facts = {"progress": [{"quarter": "2024Q1", "unit": unit, "indicator": "I1", "progress": "0.8"} for unit in ("U1", "U2")]}
    >>> result = cr.load_policies("market-supervision").evaluate(facts, policies=["board"])
    >>> first, second = cr.receipts(result)
    >>> second["previous"] == first["hash"]
    True
    """
    for decision in result.decisions if decisions is None else decisions:
        receipt = decision.receipt(previous)
        yield receipt
        previous = receipt["hash"]


def write_receipts(result: Result, path: Path) -> int:
    """Write the receipts of all decisions, one a line; how many. `UsageError` where the file can't be written."""
    count = 0
    with whole_file(path) as beside, beside.open("wb") as file:
        for receipt in receipts(result):
            file.write(canonical(receipt) + b"\n")
            count += 1
    return count
