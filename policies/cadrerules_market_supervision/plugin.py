"""Hands the plan to cadrerules."""

from __future__ import annotations

from pathlib import Path

from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.report import ReportFormat

from .facts import TABLES


@hookimpl
def cadrerules_policy_sets() -> list[PolicySource]:
    """The one policy set of this package."""
    return [PolicySource("market-supervision", Path(__file__).parent, TABLES)]


@hookimpl
def cadrerules_reports() -> list[ReportFormat]:
    """The board, a person's dossier and the rectification ledger."""
    from .reports.board_report import BOARD
    from .reports.dossier import DOSSIER
    from .reports.ledger import LEDGER

    return [BOARD, DOSSIER, LEDGER]
