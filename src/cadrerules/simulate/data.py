"""What a simulation was run on: a digest of the facts, and how many rows and subjects they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Data:
    """SHA-256 of the facts, their rows by table, and how many subjects they name, by kind (person, unit, ..)."""

    hash: str
    rows: Mapping[str, int]
    subjects: Mapping[str, int]
