"""Hands the plan to cadrerules."""

from __future__ import annotations

from pathlib import Path

from cadrerules.hookspecs import PolicySource, hookimpl

from .facts import TABLES


@hookimpl
def cadrerules_policy_sets() -> list[PolicySource]:
    """The one policy set of this package."""
    return [PolicySource("market-supervision", Path(__file__).parent, TABLES)]
