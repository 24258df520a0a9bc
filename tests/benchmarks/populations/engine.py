"""The library's side of a case, through its public interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import cadrerules as cr

from .cases import Case

AS_OF = date(2025, 1, 15)
MISSING = "`cadrerules.scan_tables` isn't there: only what is written by hand can be measured"
KINDS: Mapping[str, str] = {"polars": "polars", "duckdb": "duckdb", "scalar": "polars"}


def missing() -> str:
    """Why the engines can't be measured, if so."""
    return "" if "scan_tables" in cr.__all__ else MISSING


def answer(case: Case, plan: cr.Plan, folder: Path, engine: str) -> Any:
    """The findings or decisions on a folder of tables, as a frame of the engine's own kind."""
    tables = cr.scan_tables(folder, plan, group_by="bureau")
    result = plan.evaluate(tables, as_of=AS_OF, policies=case.policies, engine=engine)
    return result.to_frame(case.answer, KINDS[engine])
