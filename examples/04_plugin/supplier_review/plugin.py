"""Hands the supplier review to cadrerules: one function per hook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cadrerules import FactTables, Finding
from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.texts import Texts
from cadrerules.report import ReportFormat

from .facts import TABLES
from .report import standings
from .trend import rising_complaints

NAME = "supplier-review"
MINUTES = re.compile(r"PB-\d{4}-\d+")


@hookimpl
def cadrerules_policy_sets() -> list[PolicySource]:
    """The documents beside this file, and the tables they are about."""
    return [PolicySource(NAME, Path(__file__).parent, TABLES)]


@hookimpl
def cadrerules_findings(policies: PolicySet, facts: FactTables) -> Iterable[Finding]:
    """The trend of complaints; the day doesn't matter to it, so `as_of` is left out."""
    return rising_complaints(policies, facts) if policies.name == NAME else ()


@hookimpl
def cadrerules_reports() -> list[ReportFormat]:
    """The list of all standings."""
    return [ReportFormat("standings", "Supplier standings", "供应商评价结论一览", standings)]


@hookimpl
def cadrerules_check_waiver(policies: PolicySet, waiver: dict[str, Any]) -> list[Texts]:
    """Clause 4.6: a waiver refers to the minutes of the purchasing board, such as PB-2024-07."""
    if policies.name != NAME or MINUTES.search(waiver["reason"]):
        return []
    return [Texts(en="its reason refers to no minutes (`PB-2024-07`)", zh="理由中没有会议纪要编号（如 PB-2024-07）")]
