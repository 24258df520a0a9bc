"""The library's side of a case, through its public interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import cadrerules as cr

from .cases import Case

AS_OF = date(2025, 1, 15)
KINDS: Mapping[str, str] = {"polars": "lazy", "duckdb": "duckdb", "scalar": "polars"}
SHOWN = ("bureau", "outcome", "subject", "period", "status")
"""The columns of findings that what is written by hand gives, too."""


def read(case: Case, plan: cr.Plan, folder: Path) -> Any:
    """The tables, validated; a file's cells are read again whenever they are evaluated."""
    del case
    return cr.scan_tables(folder, plan, group_by="bureau")


def answer(case: Case, plan: cr.Plan, tables: Any, engine: str) -> Any:
    """What the case asks of the tables: a frame of the engine's own kind, or a result whose decisions can be written."""
    if case.answer == "truths":
        return plan.policy(case.policies[0]).truths(tables, as_of=AS_OF, engine=engine, kind=KINDS[engine])
    result = plan.evaluate(tables, as_of=AS_OF, policies=case.policies, engine=engine)
    if case.answer == "decisions":
        return result
    frame = result.to_frame("findings", KINDS[engine])
    return frame.select(*SHOWN)
